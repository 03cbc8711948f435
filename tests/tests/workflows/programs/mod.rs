//! Random programs of the language, run natively and on the engine: what no corpus thinks of.
//!
//! Separate from the corpus because nobody writes these: a tape of bytes is read as a program, so that proptest makes a
//! failing one small by making its tape small.

mod drawing;
mod language;
mod methods;
mod native;
mod payloads;
mod printing;
mod twin;

use std::env;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use sfn::local::Local;
use sfn::prelude::*;
use sfn::{Definition, NativeRun};

use crate::differential::{Run, in_paused_time, plain, renamed, tied};
use crate::script::{self, Script, Trouble, attempt, scripts};
use language::Program;
use payloads::{Event, Mark, Parcel, Place, Signal};

/// Does something once.
#[task(timeout = "10s", retry = none)]
async fn step(n: i32) -> Result<i32, Trouble> {
    attempt("step", n).await?;
    Ok((n + 1) % 1000)
}

/// Does something, if need be again.
#[task(timeout = "10s", retry(attempts = 2, interval = "1s"))]
async fn retried(n: i32) -> Result<i32, Trouble> {
    attempt("retried", n).await?;
    Ok((n * 2) % 1000)
}

/// Is told how often it was tried.
#[task(timeout = "10s", retry(attempts = 2, interval = "1s"))]
async fn counted(n: i32, tries: u32) -> Result<i32, Trouble> {
    attempt("counted", json!([n, tries])).await?;
    Ok(n)
}

/// Gives a struct.
#[task(timeout = "10s", retry = none)]
async fn pack(name: String, n: i32) -> Result<Parcel, Trouble> {
    attempt("pack", json!([name, n])).await?;
    let note = (n % 3 == 0).then(|| name.clone());
    let event = if n < 3 { Event::Opened } else { Event::Sent { to: name.clone(), after: Some(n) } };
    let (place, limit, marks) =
        (Place { x: n, y: -n }, (n % 2 == 0).then_some(n), vec![n; (n % 3).unsigned_abs() as usize]);
    Ok(Parcel { name, full_weight: n, urgent: n > 5, place, limit, note, marks, event })
}

/// Takes a struct and gives an enum.
#[task(timeout = "10s", retry(attempts = 1, interval = "1s"))]
async fn route(parcel: Parcel) -> Result<Signal, Trouble> {
    attempt("route", json!(parcel)).await?;
    Ok(match parcel.event {
        Event::Opened => Signal::Placed(parcel.place),
        Event::Placed(place) => Signal::Sent { to: parcel.name, after: Some(place.x) },
        Event::Sent { .. } => Signal::Opened,
    })
}

/// Finds something or nothing.
#[task(timeout = "10s", retry = none)]
async fn find(n: i32) -> Result<Option<Place>, Trouble> {
    attempt("find", n).await?;
    Ok((n % 2 == 0).then_some(Place { x: 1, y: n }))
}

/// Gives a list.
#[task(timeout = "10s", retry = none)]
async fn sort(marks: Vec<i32>, mark: Mark) -> Result<Vec<Parcel>, Trouble> {
    attempt("sort", json!([marks, mark])).await?;
    let (place, event) = match mark {
        Mark::Placed(place) => (place.clone(), Event::Placed(place)),
        Mark::Opened | Mark::Sent { .. } => (Place { x: 0, y: 1 }, Event::Opened),
    };
    let parcel = |n: &i32| Parcel {
        name: n.to_string(),
        full_weight: *n,
        urgent: false,
        place: place.clone(),
        limit: None,
        note: None,
        marks: Vec::new(),
        event: event.clone(),
    };
    Ok(marks.iter().take(2).map(parcel).collect())
}

/// Undoes something.
#[task(timeout = "10s", retry(attempts = 1, interval = "1s"))]
async fn undo(n: i32) -> Result<(), Trouble> {
    attempt("undo", n).await
}

/// Takes a key.
#[task(timeout = "10s", retry(attempts = 2, interval = "1s"))]
async fn take(key: String, n: i32) -> Result<(), Trouble> {
    attempt("take", json!([key, n])).await
}

/// As many programs as `SFN_PROGRAMS` says, 500 unless it says otherwise.
#[test]
fn programs_mean_natively_what_they_mean_on_the_engine() {
    let cases = env::var("SFN_PROGRAMS").ok().and_then(|cases| cases.parse().ok()).unwrap_or(500);
    let config = Config { cases, failure_persistence: None, max_shrink_time: 30_000, ..Config::default() };
    let seed = env::var("SFN_PROGRAMS_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(0);
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]));
    let tapes = prop::collection::vec(prop::collection::vec(any::<u8>(), 0..64), 0..12);
    let worlds = (tapes, -20..20_i32, -20..20_i32, prop_oneof![1 => Just(Script::calm()), 2 => scripts()]);
    let outcome = runner.run(&worlds, |(tape, a, b, script)| {
        let program = drawing::program(&tape);
        let definition = Definition::from_flow("program", "", |flow| twin::define(&program, flow));
        let lowered = definition.lower();
        let machine = match lowered {
            Ok(lowered) => lowered.machine.to_json_pretty(),
            Err(faults) => {
                return Err(TestCaseError::fail(format!("{program}\nis no workflow: {faults:#?}")));
            }
        };
        let mut natively = natively(&program, (a, b), script.clone());
        let mut on_engine = on_engine(&definition, (a, b), script);
        for run in [&mut natively, &mut on_engine] {
            renamed(run);
            if program.fans_out() {
                tied(run);
            }
        }
        prop_assert_eq!(
            natively,
            on_engine,
            "left: natively, right: on the engine\n{}\n{}\n{}",
            program,
            definition,
            machine
        );
        Ok(())
    });
    if let Err(fault) = outcome {
        panic!("{fault}");
    }
}

/// What is told of a value: nothing of what is `null`, for a struct literal writes it also where serde would leave it out.
fn told(value: Value) -> Value {
    match plain(value) {
        Value::Array(items) => items.into_iter().map(told).collect(),
        Value::Object(fields) => fields
            .into_iter()
            .filter(|(_, field)| !field.is_null())
            .map(|(name, field)| (name, told(field)))
            .collect(),
        other => other,
    }
}

fn input((a, b): (i32, i32)) -> Value {
    json!([a, b])
}

fn natively(program: &Program, inputs: (i32, i32), script: Script) -> Run {
    script::begin(script);
    let run = sfn::saga(native::run(program, inputs));
    let result = in_paused_time(NativeRun::new().run("program", input(inputs), run));
    (result.map(told), script::end(), Vec::new())
}

fn on_engine(definition: &Definition, inputs: (i32, i32), script: Script) -> Run {
    script::begin(script);
    let local = Local::new(definition.clone());
    let finished = in_paused_time(local.run(input(inputs))).expect("a workflow runs");
    (finished.result.map(told), script::end(), Vec::new())
}
