//! The official JSONata suite, and generated expressions with the answers of the reference implementation.
//! Separate because expressions are compared by value, without a machine around them.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use sfn_jsonata::{Bindings, Environment, Expression, Limits, Value};

use crate::lines;
use crate::suite::{Differences, Suite};

/// A recorded answer.
#[derive(Deserialize)]
struct Case {
    id: String,
    expr: String,
    #[serde(default)]
    bindings: BTreeMap<String, Value>,
    data: Option<Value>,
    dataset: Option<String>,
    /// The input is undefined.
    #[serde(default)]
    noinput: bool,
    /// The order of the elements of the result is open.
    #[serde(default)]
    unordered: bool,
    expect: Expect,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Expect {
    Value { value: Value },
    Undef,
    Code { code: String },
}

/// The first line of the generated cases holds the input of all others.
#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Case(Box<Case>),
    Document { document: Value },
}

/// The official suite.
pub(crate) fn official(folder: &Path, differences: &Differences) -> Option<Suite> {
    let mut suite = Suite::new("jsonata", &["JSONATA"], differences);
    compare(folder, "jsonata-suite.jsonl", &mut suite)?;
    Some(suite)
}

/// Expressions from a grammar, and those of the official suite on each other's datasets.
pub(crate) fn generated(folder: &Path, differences: &Differences) -> Option<Suite> {
    let mut suite = Suite::new("generated", &["GENERATED"], differences);
    compare(folder, "jsonata-generated.jsonl", &mut suite)?;
    compare(folder, "jsonata-crossed.jsonl", &mut suite)?;
    Some(suite)
}

fn compare(folder: &Path, file: &str, suite: &mut Suite) -> Option<()> {
    let datasets = std::fs::read_to_string(folder.join("jsonata-datasets.json")).ok()?;
    let datasets: BTreeMap<String, Value> = serde_json::from_str(&datasets).expect("the datasets are JSON");
    let mut document = Value::Null;
    for line in lines(folder, file)? {
        match line {
            Line::Document { document: found } => document = found,
            Line::Case(case) => {
                let named = case.dataset.as_ref().map(|name| datasets[name].clone());
                let input = case.data.clone().or(named).unwrap_or_else(|| document.clone());
                suite.count(&case.id, [verdict(&case, (!case.noinput).then_some(&input))]);
            }
        }
    }
    Some(())
}

fn verdict(case: &Case, input: Option<&Value>) -> Result<(), String> {
    let bindings: Bindings =
        case.bindings.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    let limits = Limits { steps: 3_000_000, ..Limits::default() };
    let environment = Environment { now_millis: 1_700_000_000_000, limits, ..Environment::default() };
    let actual = match case.expr.parse::<Expression>() {
        Ok(expression) => {
            expression.evaluate(input, &bindings, &environment).map_err(|error| (error.code, error.message))
        }
        Err(error) => Err((error.code, error.message)),
    };
    // The service does not have `$eval`: it is refused as any unknown function.
    if case.expr.contains("$eval(") {
        return match actual {
            Err(("T1006", _)) => Ok(()),
            other => Err(format!("expected `$eval` to be refused, found {other:?}")),
        };
    }
    match (&case.expect, actual) {
        (Expect::Undef, Ok(None)) => Ok(()),
        (Expect::Value { value }, Ok(Some(actual))) if equal(value, &actual, case.unordered) => Ok(()),
        (Expect::Code { code }, Err((actual, _))) if code == actual => Ok(()),
        (expected, actual) => {
            let expected = match expected {
                Expect::Undef => "undefined".to_owned(),
                Expect::Value { value } => value.to_string(),
                Expect::Code { code } => code.clone(),
            };
            let actual = match actual {
                Ok(None) => "undefined".to_owned(),
                Ok(Some(value)) => value.to_string(),
                Err((code, message)) => format!("{code} ({message})"),
            };
            Err(format!("expected {expected:.400}, found {actual:.400}"))
        }
    }
}

/// Equality of JSON. What JSON cannot say was recorded as `null`, and some sums were recorded without their last
/// digit.
fn equal(expected: &Value, actual: &Value, unordered: bool) -> bool {
    match (expected, actual) {
        (Value::Number(expected), Value::Number(actual)) => {
            let (expected, actual) = (expected.as_f64(), actual.as_f64());
            (expected - actual).abs() <= expected.abs() * 4.0 * f64::EPSILON
        }
        (Value::Null, Value::Number(number)) => !number.as_f64().is_finite(),
        (Value::Array(expected), Value::Array(actual)) if unordered => {
            let sorted = |items: &[Value]| {
                let mut texts: Vec<String> = items.iter().map(Value::to_string).collect();
                texts.sort();
                texts
            };
            sorted(expected) == sorted(actual)
        }
        (Value::Array(expected), Value::Array(actual)) => {
            expected.len() == actual.len()
                && expected.iter().zip(actual.iter()).all(|(expected, actual)| equal(expected, actual, false))
        }
        (Value::Object(expected), Value::Object(actual)) => {
            expected.len() == actual.len()
                && expected
                    .iter()
                    .all(|(name, value)| actual.get(name).is_some_and(|actual| equal(value, actual, false)))
        }
        (expected, actual) => expected == actual,
    }
}
