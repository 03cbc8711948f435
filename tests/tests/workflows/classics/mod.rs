//! Ten classic workflows beside careful ASL by hand: the same outcomes, and never more states or transitions.
//!
//! Separate from the corpus because here two definitions meet, of which one was written by a person.

mod figures;
#[expect(clippy::cast_possible_truncation, reason = "a workflow counts in 32 bits")]
mod workflows;

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use sfn::local::Services;
use sfn::local::objects::MemoryStore;
use sfn::{Definition, TaskFuture, fail};
use sfn_asl::{Severity, StateMachine};
use sfn_engine::core::{Machine, Status};
use sfn_engine::driver::{Engine, Start, TaskFailure};
use sfn_engine::history::HistoryEvent;
use sfn_engine::lambda::Closures;
use sfn_tests::workspace_root;

use crate::corpus::tasks::{Order, orders};
use crate::differential::{Run, in_paused_time, kept, plain, racing, tied};
use crate::objects::store_of;
use crate::script::{self, Script, scripts};

/// A use, its workflow, and what of two runs must be the same.
struct Classic {
    title: &'static str,
    name: &'static str,
    definition: fn() -> Definition,
    order: fn(&mut Run),
    /// Why the workflow needs fewer states or transitions, where it does.
    fewer: &'static str,
}

macro_rules! classics {
    ($($title:literal $name:ident $order:ident $fewer:literal;)+) => {
        const CLASSICS: [Classic; 10] = [$(Classic {
            title: $title,
            name: stringify!($name),
            definition: workflows::$name::definition,
            order: $order,
            fewer: $fewer,
        }),+];

        $(#[test]
        fn $name() {
            let classic = CLASSICS.iter().find(|classic| classic.name == stringify!($name)).expect("it is listed");
            agree(classic);
        })+
    };
}

classics! {
    "Order saga" order_saga kept "";
    "Human approval" human_approval kept "";
    "Polling a job" polled_job kept "";
    "Fan-out and fan-in" fan_out tied "";
    "Pagination" pagination kept "";
    "Batch over S3" batch racing "";
    "Retry ladder" retry_ladder kept "";
    "Circuit breaker" circuit_breaker kept "";
    "Dynamic parallel with quorum" quorum racing "";
    "Nested report" nested_report tied "";
}

/// The definition that a person wrote.
fn by_hand(classic: &Classic) -> String {
    let folder: PathBuf = workspace_root().join("tests/tests/workflows/classics/by_hand");
    fs::read_to_string(folder.join(classic.name).with_extension("asl.json")).expect("it is committed")
}

/// The definition that the workflow became.
fn by_us(classic: &Classic) -> String {
    let lowered = (classic.definition)().lower();
    lowered.unwrap_or_else(|faults| panic!("a workflow: {faults:#?}")).machine.to_json_pretty()
}

#[track_caller]
fn agree(classic: &Classic) {
    let (ours, theirs) = (by_us(classic), by_hand(classic));
    let machine: StateMachine = theirs.parse().expect("it is ASL");
    let faults = sfn_asl::validate(&machine, &sfn_asl::Options::default());
    let warnings: Vec<_> = faults.iter().filter(|fault| fault.severity > Severity::Advice).collect();
    assert!(warnings.is_empty(), "what is written by hand draws no warning: {warnings:#?}");
    let config = Config { cases: 30, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let worlds = (orders(), prop_oneof![1 => Just(Script::calm()), 4 => scripts()]);
    let outcome = runner.run(&worlds, |(order, script)| {
        let run = |text: &str| {
            let (mut run, _) = run(classic, text, &order, script.clone());
            (classic.order)(&mut run);
            run
        };
        prop_assert_eq!(run(&ours), run(&theirs));
        Ok(())
    });
    if let Err(fault) = outcome {
        panic!("left: ours, right: by hand\n{fault}\n{ours}");
    }
}

/// Runs a definition with the workflow's tasks.
fn run(classic: &Classic, text: &str, order: &Order, script: Script) -> (Run, Vec<HistoryEvent>) {
    script::begin(script);
    let input = serde_json::to_value(order).expect("an input is JSON");
    let store = store_of(&input);
    let machine: Arc<Machine> = Arc::new(text.parse().expect("the engine runs it"));
    let outcome = in_paused_time(async {
        let engine = Engine::builder(Services::new().functions(functions(classic)))
            .objects(MemoryStore::clone(&store))
            .spawn();
        let start = Start::with_input((&input).into()).named("the-run");
        let execution = engine.start(&machine, start).expect("it starts");
        tokio::select! {
            outcome = execution.finished() => outcome,
            () = answers(&engine) => unreachable!("people answer for ever"),
        }
    });
    let result = match &outcome.status {
        Status::Succeeded(output) => Ok(plain(output.into())),
        Status::Failed(fault) | Status::TimedOut(fault) | Status::Aborted(fault) => {
            Err(fail(fault.error.as_deref().unwrap_or_default(), fault.cause.as_deref().unwrap_or_default()))
        }
    };
    ((result, script::end(), Vec::new()), outcome.history.clone())
}

/// People who answer what they were asked, a second later.
async fn answers(engine: &Engine) {
    loop {
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        for (token, granted) in workflows::asked() {
            let answer = json!({ "granted": granted, "by": "Ada" });
            // Whoever asked may have given up.
            let _late = engine.send_task_success(&token, (&answer).into()).await;
        }
    }
}

/// The tasks under the names by which both definitions call them.
fn functions(classic: &Classic) -> Closures {
    (classic.definition)().tasks().iter().fold(Closures::new(), |functions, &task| {
        let words = task.spec.name.split('_').map(|word| word[..1].to_uppercase() + &word[1..]);
        let name = format!("${{{}FunctionArn}}", words.collect::<String>());
        functions.with(name, move |payload| invoked((task.run)(Value::from(payload))))
    })
}

async fn invoked(work: TaskFuture) -> Result<sfn_engine::Value, TaskFailure> {
    work.await.map(Into::into).map_err(|failed| TaskFailure::new(failed.error(), failed.cause()))
}
