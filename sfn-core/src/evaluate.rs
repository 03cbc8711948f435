//! Evaluates expressions in a native run, with the evaluator that the service's engine uses.
//! Separate because what a state machine calculates and what Rust calculates meet only where a service is called, or
//! where somebody wrote JSONata.

use serde_json::{Value, json};
use sfn_jsonata::{Bindings, Environment, Expression};

use crate::ir::{Expr, VariableId};
use crate::{Failed, fail, lower, native};

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
    let environment = Environment {
        now_millis: native::now().as_millis(),
        random_seed: native::execution::seed(),
        ..Environment::default()
    };
    let value = expression.evaluate(None, bindings, &environment).map_err(|error| failed(&error))?;
    Ok(value.map(Value::from))
}
