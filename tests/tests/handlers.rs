//! What handlers receive besides their payload, under the emitted definition: shared state, context.
//! Separate because the native run fills both by itself, and only the engine shows what the State writes.

use std::sync::{Arc, Mutex};

use serde_json::json;
use sfn::local::Local;
use sfn::prelude::*;

#[derive(Debug, thiserror::Error, TaskError)]
enum StockError {
    #[error("busy")]
    #[task_error(retry)]
    Busy,
    #[error("none left")]
    SoldOut,
}

#[derive(Default)]
struct Shelf {
    first: u32,
    released: Arc<Mutex<Vec<String>>>,
}

#[task]
async fn reserve(number: u32, state: &Shelf, context: TaskContext) -> Result<String, StockError> {
    match (number, context.retry_count()) {
        (0, _) => Err(StockError::SoldOut),
        (_, 0) => Err(StockError::Busy),
        (_, retry) => {
            Ok(format!("{}/{}/{retry}/{}", context.execution_arn(), context.state(), number + state.first))
        }
    }
}

#[task(retry = none)]
async fn release(reservation: String, state: &Shelf, context: TaskContext) -> Result<(), StockError> {
    let (name, number) = (context.execution_name(), reservation.rsplit('/').next().unwrap_or_default());
    let mut released = state.released.lock().expect("no panic before");
    released.push(format!("{number} in {} of {name}, retry {}", context.state(), context.retry_count()));
    Ok(())
}

#[workflow]
async fn one(number: u32) -> Result<String, Failed> {
    let reservation = reserve(number).await?;
    Ok(reservation)
}

/// Undone from a log, which holds what the tasks were given and not what the States know.
#[workflow]
async fn many(numbers: Vec<u32>) -> Result<(), Failed> {
    for number in numbers {
        reserve(number).compensate(|reservation| release(reservation)).await?;
    }
    Ok(())
}

/// Undone with what a variable held, which the State that undoes it is told besides the context.
#[workflow]
async fn changed(number: u32) -> Result<(), Failed> {
    let mut text = "first/7".to_owned();
    reserve(number).compensate(|_| release(&text)).await?;
    text = format!("second/{number}");
    if text != "first/7" {
        return Err(fail("Changed", text));
    }
    Ok(())
}

#[tokio::test]
async fn the_state_writes_the_context_and_the_run_provides_what_is_shared() {
    let run = Local::new(one::definition()).virtual_time().run(json!(3));
    let finished =
        sfn::with_state(Shelf { first: 40, ..Shelf::default() }, run).await.expect("it is a state machine");
    let output = finished.result.expect("it succeeds");
    let output = output.as_str().expect("a text");
    assert!(output.starts_with("arn:aws:states:"), "{output}");
    assert!(output.contains(":execution:one:"), "{output}");
    assert!(output.ends_with("/Reserve/1/43"), "{output}");
}

#[tokio::test]
async fn a_state_that_the_run_does_not_provide_fails_the_task() {
    let finished = Local::new(one::definition()).virtual_time().run(json!(3)).await;
    let failed = finished.expect("it is a state machine").result.expect_err("nothing is shared");
    assert_eq!(failed.error(), "Task.StateMissing");
}

#[tokio::test]
async fn a_compensation_is_told_its_own_state() {
    let cases = [
        (many::definition(), json!([1, 2, 0]), vec!["42 in Release", "41 in Release"]),
        (changed::definition(), json!(1), vec!["7 in Release"]),
    ];
    for (definition, input, expected) in cases {
        let shelf = Shelf { first: 40, ..Shelf::default() };
        let released = Arc::clone(&shelf.released);
        let run = Local::new(definition).virtual_time().run(input);
        let finished = sfn::with_state(shelf, run).await;
        finished.expect("it is a state machine").result.expect_err("it fails");
        let expected: Vec<_> =
            expected.into_iter().map(|undone| format!("{undone} of execution-1, retry 0")).collect();
        assert_eq!(*released.lock().expect("no panic before"), expected);
    }
}
