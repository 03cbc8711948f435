//! Broken Paths on all sorts of documents: whatever stands in a Path, it is refused or answered, in time.
//! Separate because here no particular answer is meant.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use sfn_engine::{Value, jayway};

const DOCUMENT: &str =
    r#"{"a": [1, {"x": "5", "y": [null, true, {"a": {"b": "str"}}]}, [[], [2.5]]], "b c": {"a": "é"}}"#;

/// What Paths are made of, so that mutations stay close to Paths.
const PARTS: &[&str] = &[
    "$",
    "@",
    ".",
    "..",
    "*",
    "[*]",
    "[",
    "]",
    "(",
    ")",
    "'",
    "\"",
    "\\",
    ",",
    ":",
    "?",
    "?(",
    ")]",
    "[?(",
    "@.x",
    "&&",
    "||",
    "!",
    "==",
    " in ",
    " =~ /a.*b/i",
    " size ",
    "/",
    "{",
    "}",
    "a",
    "x",
    "y",
    "'b c'",
    "0",
    "-1",
    "1:",
    "length()",
    ".sum(",
    "$.a",
    "é",
    " ",
    "null",
    "['a','x']",
    " contains ",
    "99999999999",
];

fn document() -> Value {
    serde_json::from_str(DOCUMENT).expect("the document is JSON")
}

#[test]
fn paths_put_together_at_random_are_refused_or_answered() {
    let config = Config { cases: 4_000, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let document = document();
    let paths = prop::collection::vec(prop::sample::select(PARTS), 0..24);
    runner
        .run(&paths, |parts| {
            jayway(&format!("${}", parts.concat()), &document).ok();
            Ok(())
        })
        .expect("no Path stops the evaluator");
}

#[test]
fn what_could_take_forever_takes_no_time() {
    let started = Instant::now();
    let deep = (0..50).fold(Value::from(1), |inner, _| {
        [("a", Value::from(vec![inner, Value::Null]))].into_iter().collect()
    });
    let long = Value::from("a".repeat(50_000));
    let hostile = [
        format!("$[?(@ =~ /{}/)]", "(a*)*".repeat(20) + "b"),
        format!("${}", "..*".repeat(100)),
        format!("${}", "[?(@)]".repeat(100_000)),
        format!("${}", "[?(@".repeat(100_000)),
        format!("$[?({}@)]", "!(".repeat(100_000)),
        format!("$[?({}@)]", "(".repeat(100_000)),
        format!("$.sum({})", "$.sum(".repeat(10_000)),
        format!("$[?(@ == {})]", "[".repeat(100_000)),
        format!("${}", ".a".repeat(100_000)),
    ];
    let documents = [document(), deep, [long].into_iter().collect()];
    for path in &hostile {
        for document in &documents {
            jayway(path, document).ok();
        }
    }
    assert!(started.elapsed() < Duration::from_secs(20), "took {:?}", started.elapsed());
}
