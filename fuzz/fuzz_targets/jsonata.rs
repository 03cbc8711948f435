//! Any text as a JSONata expression, on a small document: it is refused or evaluated within its limits, and what is wrong
//! has its place in the text.
//! Separate because each target is a program.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use sfn_jsonata::{Bindings, Environment, Expression, Limits, Value};

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(r#"{"a": [1, {"x": "5", "y": [null, true]}, [[], [2.5]]], "b c": {"a": "é"}}"#)
        .expect("the document is JSON")
});

fuzz_target!(|text: &str| {
    let expression = match text.parse::<Expression>() {
        Ok(expression) => expression,
        Err(error) => return assert!(text.get(error.span).is_some()),
    };
    for finding in expression.findings() {
        assert!(text.get(finding.span).is_some());
    }
    for reference in expression.references() {
        assert!(text.get(reference.span).is_some());
    }
    expression.unwrapped();
    expression.results();
    // Enough for whatever is no loop.
    let limits = Limits { steps: 100_000, sequence: 100_000, string: 1 << 16, ..Limits::default() };
    let environment = Environment { limits, ..Environment::default() };
    expression.evaluate(&*DOCUMENT, &Bindings::new(), &environment).ok();
});
