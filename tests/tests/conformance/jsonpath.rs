//! Paths with the answers of the Jayway library.
//! Separate because Paths are compared by value, without a machine around them.

use std::path::Path;

use serde::Deserialize;
use sfn_engine::{Value, jayway};

use crate::lines;
use crate::suite::{Differences, Suite};

/// A recorded answer: a value or, when there is none, an error.
#[derive(Deserialize)]
struct Case {
    path: String,
    err: Option<String>,
    #[serde(default)]
    value: Value,
}

/// Every case on the document that the first one answers with.
pub(crate) fn run(folder: &Path, differences: &Differences) -> Option<Suite> {
    let mut suite = Suite::new("jsonpath", &["JSONPATH"], differences);
    let cases: Vec<Case> = lines(folder, "jsonpath-jayway.jsonl")?;
    let document = cases.first().map(|case| case.value.clone()).unwrap_or_default();
    for case in cases {
        suite.count(&case.path, [verdict(&case, &document)]);
    }
    Some(suite)
}

fn verdict(case: &Case, document: &Value) -> Result<(), String> {
    // The library takes `a` for `$.a` and `@` for `$`; a definition has to write the `$`.
    let path = match case.path.strip_prefix('@') {
        Some(rest) => format!("${rest}"),
        None if case.path.starts_with('$') => case.path.clone(),
        None => format!("$.{}", case.path),
    };
    match (&case.err, jayway(&path, document)) {
        (Some(_), Err(_)) => Ok(()),
        (None, Ok(found)) if found == case.value => Ok(()),
        (Some(expected), Ok(found)) => Err(format!("expected {expected}, found {found:.400}")),
        (None, found) => Err(format!("expected {:.400}, found {found:.400?}", case.value.to_string())),
    }
}
