//! Every workflow of the corpus, run natively and on the engine in the same scripted world: same result, same error, same calls.
//!
//! Separate from the golden files: those show what was emitted, this proves that it means what the Rust function means.

use std::future::Future;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;
use sfn::local::{Local, with_objects, with_services};
use sfn::{Definition, Failed, NativeRun, fail};

use crate::corpus::data::sheets;
use crate::corpus::integrations::items;
use crate::corpus::iterators::baskets;
use crate::corpus::matching::events;
use crate::corpus::tasks::{Line, Measured, numbers, orders, persons};
use crate::corpus::{
    called, children, compensating, composition, concurrency, conditions, constants, context, control, data,
    distributed, every_workflow, expressions, failures, gathering, idempotent, idioms, inside, integrations,
    iterators, loops, matching, methods, options, patterns, recovery, sagas, turns, undoing, values, written,
};
use crate::objects::{outputs_in, store_of};
use crate::script::{self, Call, Script, scripts, without_keys};
use crate::services::services;

macro_rules! differential {
    ($($module:ident::$name:ident($($inputs:expr)?), $order:ident;)+) => {
        $(differential!(@one $module::$name($($inputs)?), $order);)+
    };
    (@one $module:ident::$name:ident(), $order:ident) => {
        #[test]
        fn $name() {
            agree(&Just(()), |()| $module::$name(), $module::$name::definition, $order);
        }
    };
    (@one $module:ident::$name:ident($inputs:expr), $order:ident) => {
        #[test]
        fn $name() {
            agree(&$inputs, $module::$name, $module::$name::definition, $order);
        }
    };
}

every_workflow!(differential);

#[test]
fn defined_for_constants() {
    use composition::{Berlin, Lima, packed_in, told};
    agree(&orders(), told::<0, false>, told::<0, false>::definition, kept);
    agree(&orders(), told::<3, true>, told::<3, true>::definition, kept);
    let lines = || orders().prop_map(|order| order.lines);
    agree(&lines(), packed_in::<Berlin, Line>, packed_in::<Berlin, Line>::definition, kept);
    agree(&lines(), packed_in::<Lima, Line>, packed_in::<Lima, Line>::definition, kept);
}

/// What a run came to, every attempt of a task on the way, and what it wrote.
pub(crate) type Run = (Result<Value, Failed>, Vec<Call>, Vec<String>);

/// What is left of a run for the comparison.
type Order = fn(&mut Run);

/// The calls come one after the other, so their order counts.
pub(crate) fn kept(_: &mut Run) {}

/// Concurrent calls come in any order; when one of them fails, it is chance how often others were tried by then.
fn free((result, calls, _): &mut Run) {
    calls.sort_by_cached_key(|(task, asked)| (*task, asked.to_string()));
    if result.is_err() {
        calls.dedup();
    }
}

/// When one of several items fails, it is chance as well which others had begun.
pub(crate) fn racing(run: &mut Run) {
    free(run);
    if run.0.is_err() {
        run.1.clear();
        run.2.clear();
    }
}

/// When several steps fail at the same time, it is chance whose failure ends the others.
pub(crate) fn tied(run: &mut Run) {
    racing(run);
    run.0 = std::mem::replace(&mut run.0, Ok(Value::Null)).map_err(|_| fail("one of several", ""));
}

/// Runs as many generated worlds as `SFN_CASES` says, and the calm one first.
fn agree<I, O, R>(
    inputs: &impl Strategy<Value = I>,
    native: impl Fn(I) -> R,
    definition: fn() -> Definition,
    order: Order,
) where
    I: Clone + std::fmt::Debug + serde::Serialize,
    O: serde::Serialize,
    R: Future<Output = Result<O, Failed>>,
{
    let cases = std::env::var("SFN_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(40);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let machine = definition()
        .lower()
        .unwrap_or_else(|faults| panic!("a workflow: {faults:#?}"))
        .machine
        .to_json_pretty();
    let worlds = (inputs, prop_oneof![1 => Just(Script::calm()), 4 => scripts()]);
    let outcome = runner.run(&worlds, |(input, script)| {
        let mut natively = natively(native(input.clone()), &input, script.clone());
        let mut on_engine = on_engine(definition(), &input, script);
        for run in [&mut natively, &mut on_engine] {
            renamed(run);
            order(run);
        }
        prop_assert_eq!(natively, on_engine);
        Ok(())
    });
    if let Err(fault) = outcome {
        panic!("left: natively, right: on the engine\n{fault}\n{machine}");
    }
}

/// The Rust function itself, awaited.
fn natively<O: serde::Serialize>(
    run: impl Future<Output = Result<O, Failed>>,
    input: &impl serde::Serialize,
    script: Script,
) -> Run {
    script::begin(script);
    let store = store_of(&serde_json::to_value(input).expect("an input is JSON"));
    let services = services();
    let run = with_objects(store.clone(), with_services(&services, run));
    let run = NativeRun::new().named(NAME).within(run);
    let result = in_paused_time(run).map(|output| serde_json::to_value(output).expect("an output is JSON"));
    (result.map(plain), script::end(), outputs_in(&store))
}

/// The machine it became, on the engine, its tasks in this process.
fn on_engine(definition: Definition, input: &impl serde::Serialize, script: Script) -> Run {
    script::begin(script);
    let input = serde_json::to_value(input).expect("an input is JSON");
    let store = store_of(&input);
    let local = Local::new(definition).named(NAME).services(&services()).objects(store.clone());
    let finished = in_paused_time(local.run(input)).expect("a workflow runs");
    (finished.result.map(plain), script::end(), outputs_in(&store))
}

/// What both runs are called.
const NAME: &str = "the-run";

/// Puts names in the places of what no two runs have in common: random keys by their first appearance, and moments.
pub(crate) fn renamed((result, calls, _): &mut Run) {
    let mut known = Vec::new();
    for (_, asked) in calls {
        rename(asked, &mut known);
    }
    match result {
        Ok(output) => rename(output, &mut known),
        Err(failed) => *failed = fail(failed.error(), without_keys(failed.cause(), &mut known)),
    }
}

fn rename(value: &mut Value, known: &mut Vec<String>) {
    match value {
        Value::String(text) => *text = without_keys(text, known),
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, known)),
        Value::Object(fields) => fields.values_mut().for_each(|field| rename(field, known)),
        _ => {}
    }
}

/// Numbers as the wire has them: `3.0` is `3` there, and so is `-0.0` nothing but `0`.
pub(crate) fn plain(value: Value) -> Value {
    match value {
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 9e15 => {
                #[expect(clippy::cast_possible_truncation, reason = "a whole number far below 2^63")]
                let whole = float as i64;
                whole.into()
            }
            _ => Value::Number(number),
        },
        Value::Array(items) => items.into_iter().map(plain).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, plain(value))).collect(),
        other => other,
    }
}

/// Time passes at once when everybody waits, so that a task that hangs meets its timeout.
pub(crate) fn in_paused_time<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("a runtime").block_on(future)
}
