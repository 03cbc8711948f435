//! Runs the recorded answers of the reference implementation, found outside the project.
//! Separate from the tests of the crate's own because the recordings are not part of the project and may be absent.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use serde::Deserialize;
use sfn_jsonata::{Bindings, Environment, Expression, Limits, Value};

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

/// Answers that differ from the recording on purpose.
#[derive(Deserialize)]
struct KnownDifference {
    class: String,
    reason: String,
    cases: BTreeSet<String>,
}

#[test]
fn official_suite_answers_as_the_reference() {
    check("jsonata-suite.jsonl");
}

#[test]
fn generated_expressions_answer_as_the_reference() {
    check("jsonata-generated.jsonl");
}

#[test]
fn suite_expressions_on_foreign_datasets_answer_as_the_reference() {
    check("jsonata-crossed.jsonl");
}

/// Every case passes or is a known difference, and every known difference still differs.
fn check(file: &str) {
    let Some(folder) = folder() else { return };
    let datasets: BTreeMap<String, Value> = read(&folder.join("jsonata-datasets.json"));
    let known: Vec<KnownDifference> = serde_json::from_str(include_str!("known_differences.json"))
        .expect("the list of known differences is valid");
    let mut excused = BTreeMap::new();
    for difference in &known {
        assert!(!difference.reason.is_empty(), "the class `{}` needs a reason", difference.class);
        for case in &difference.cases {
            excused.insert(case.as_str(), difference.class.as_str());
        }
    }
    let text = fs::read_to_string(folder.join(file)).expect("the recording can be read");
    let mut document = Value::Null;
    let mut count = 0;
    let mut surprises = Vec::new();
    for line in text.lines() {
        let case = match serde_json::from_str(line).expect("a line is a case") {
            Line::Document { document: found } => {
                document = found;
                continue;
            }
            Line::Case(case) => case,
        };
        count += 1;
        let named = case.dataset.as_ref().map(|name| datasets[name].clone());
        let input = case.data.clone().or(named).unwrap_or_else(|| document.clone());
        let verdict = run(&case, (!case.noinput).then_some(&input));
        match (verdict, excused.get(case.id.as_str())) {
            (Err(difference), None) => {
                surprises.push(format!("{}: {difference}\n    {}", case.id, case.expr));
            }
            (Ok(()), Some(class)) => {
                surprises.push(format!("{}: passes now, take it out of the class `{class}`", case.id));
            }
            _ => {}
        }
    }
    assert!(count > 0, "`{file}` holds no case");
    let shown = surprises.iter().take(200).map(String::as_str).collect::<Vec<_>>().join("\n");
    assert!(surprises.is_empty(), "{} of {count} cases of `{file}`:\n{shown}", surprises.len());
}

#[expect(clippy::print_stderr, reason = "a run that compares nothing must say so")]
fn folder() -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/conformance");
    let folder = PathBuf::from(std::env::var("SFN_CONFORMANCE").unwrap_or_else(|_| default.to_owned()));
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("no recorded cases at `{}`: nothing compared (set SFN_CONFORMANCE)", folder.display());
    None
}

fn read<T: for<'de> Deserialize<'de>>(path: &PathBuf) -> T {
    serde_json::from_str(&fs::read_to_string(path).expect("the file can be read")).expect("the file is valid")
}

fn run(case: &Case, input: Option<&Value>) -> Result<(), String> {
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
