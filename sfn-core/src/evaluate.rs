//! Evaluates expressions in a native run, with the evaluator that the service's engine uses.
//! Separate because what a state machine calculates and what Rust calculates meet only where a service is called, or
//! where somebody wrote JSONata.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use serde_json::{Value, json};
use sfn_jsonata::{Bindings, Environment, Expression};

use crate::ir::{Expr, VariableId};
use crate::{Failed, fail, lower};

/// The value of an expression whose only source is a result.
pub(crate) fn evaluate(expr: &Expr, result: &Value) -> Result<Value, Failed> {
    let names = |id: VariableId| format!("v{}", id.0);
    let text = lower::print(expr, &names);
    let bindings = Bindings::from_iter([("states", (&json!({ "result": result })).into())]);
    Ok(evaluate_text(&text, &bindings)?.unwrap_or(Value::Null))
}

/// The value of a text, if it gives one.
pub(crate) fn evaluate_text(text: &str, bindings: &Bindings) -> Result<Option<Value>, Failed> {
    let failed =
        |error: &dyn std::fmt::Display| fail("States.QueryEvaluationError", format!("`{text}`: {error}"));
    let expression: Expression = text.parse().map_err(|error| failed(&error))?;
    let environment = Environment { now_millis: now(), random_seed: seed(), ..Environment::default() };
    let value = expression.evaluate(None, bindings, &environment).map_err(|error| failed(&error))?;
    Ok(value.map(Value::from))
}

/// The time that `$now()` and `$millis()` tell.
#[expect(clippy::disallowed_methods, reason = "a native run goes by the clock of its machine")]
fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Where randomness starts from: somewhere else each time.
fn seed() -> u64 {
    static EVALUATIONS: AtomicU64 = AtomicU64::new(0);
    EVALUATIONS.fetch_add(1, Ordering::Relaxed)
}
