//! Any text as a Path, on a small document: it is refused or answered, and what is refused has its place in the text.
//! Separate because each target is a program.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use sfn_asl::path::{Path, ReferencePath};
use sfn_engine::{Value, jayway};

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(r#"{"a": [1, {"x": "5", "y": [null, true]}, [[], [2.5]]], "b c": {"a": "é"}}"#)
        .expect("the document is JSON")
});

fuzz_target!(|text: &str| {
    if let Err(error) = text.parse::<Path>() {
        assert!(text.get(error.span).is_some());
    }
    if let Err(error) = text.parse::<ReferencePath>() {
        assert!(text.get(error.span).is_some());
    }
    jayway(text, &DOCUMENT).ok();
});
