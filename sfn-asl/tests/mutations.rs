//! Mutations: every valid definition of the fixtures, broken in one place at a time, and each break must be reported there.
//! Separate from the fixtures of the rules because these breaks are made, not written: a field that no rule looks at
//! shows here.

use sfn_asl::{Document, Edit, Format, Options, Pointer, Severity, Value, rules};

/// One break of a definition: what is done, and where an error is expected.
struct Mutation {
    edit: Edit,
    /// The error is here, or below.
    expected: Pointer,
}

impl Mutation {
    /// Whether it writes an expression, which is a text like any other in JSONPath.
    fn is_jsonata(&self) -> bool {
        let Edit::Replace { value, .. } = &self.edit else { return false };
        value.as_str().is_some_and(|text| text.starts_with("{%"))
    }
}

/// One mutation in so many is tried, unless `SFN_MUTATIONS` asks for all.
const SHORT: usize = 4;

/// Fields that hold a number wherever the language has them.
const NUMBERS: [&str; 13] = [
    "BackoffRate",
    "HeartbeatSeconds",
    "IntervalSeconds",
    "MaxAttempts",
    "MaxConcurrency",
    "MaxDelaySeconds",
    "MaxInputBytesPerBatch",
    "MaxItems",
    "MaxItemsPerBatch",
    "Seconds",
    "TimeoutSeconds",
    "ToleratedFailureCount",
    "ToleratedFailurePercentage",
];

/// Fields that hold words or names.
const WORDS: [&str; 13] = [
    "CSVDelimiter",
    "CSVHeaderLocation",
    "Default",
    "ExecutionType",
    "InputType",
    "JitterStrategy",
    "ManifestType",
    "Mode",
    "Next",
    "OutputType",
    "QueryLanguage",
    "StartAt",
    "Type",
];

/// Fields that hold a Path.
const PATHS: [&str; 8] = [
    "HeartbeatSecondsPath",
    "InputPath",
    "ItemsPath",
    "MaxConcurrencyPath",
    "OutputPath",
    "ResultPath",
    "SecondsPath",
    "TimeoutSecondsPath",
];

/// Fields that may not be missing where they stand, and that no other field can stand for.
const REQUIRED: [&str; 9] = [
    "Branches",
    "Choices",
    "Condition",
    "ErrorEquals",
    "ItemProcessor",
    "Resource",
    "StartAt",
    "States",
    "Type",
];

/// Lists and objects that may not be empty.
const FULL: [&str; 4] = ["Branches", "Choices", "ErrorEquals", "States"];

/// Below these fields stands data of the author's own.
const DATA: [&str; 9] = [
    "Arguments",
    "Assign",
    "BatchInput",
    "Credentials",
    "ItemSelector",
    "Output",
    "Parameters",
    "Result",
    "ResultSelector",
];

/// Breaks an object of the language in every way that is known to be one, and what is below it.
fn break_object(object: &Value, at: &Pointer, all: &mut Vec<Mutation>) {
    let fields: Vec<_> = object.as_object().into_iter().flat_map(sfn_jsonata::Object::iter).collect();
    let has = |name: &str| fields.iter().any(|(field, _)| &***field == name);
    let mut push = |edit: Edit, expected: &Pointer| all.push(Mutation { edit, expected: expected.clone() });
    for (name, value) in &fields {
        let pointer = at.join(name);
        let replace = |value: Value| Edit::Replace { pointer: pointer.clone(), value };
        let name = &***name;
        if NUMBERS.contains(&name) {
            for broken in [Value::from(-1), Value::from("soon"), Value::from(true)] {
                push(replace(broken), &pointer);
            }
        }
        if WORDS.contains(&name) {
            push(replace("No such word".into()), &pointer);
            push(replace(7.into()), &pointer);
        }
        if PATHS.contains(&name) {
            push(replace("no path".into()), &pointer);
            push(replace(7.into()), &pointer);
        }
        if REQUIRED.contains(&name) {
            push(Edit::Remove { pointer: pointer.clone() }, at);
        }
        if FULL.contains(&name) {
            let empty = if value.as_array().is_some() { "[]" } else { "{}" };
            push(replace(serde_json::from_str(empty).expect("it is JSON")), &pointer);
            push(replace("none".into()), &pointer);
        }
        match name {
            "End" if !has("Next") => {
                push(Edit::Remove { pointer: pointer.clone() }, at);
                push(replace("true".into()), &pointer);
            }
            "Next" => {
                push(Edit::Remove { pointer: pointer.clone() }, at);
            }
            "Comment" | "Resource" => push(replace(7.into()), &pointer),
            _ => {}
        }
    }
    if has("Type") || has("ErrorEquals") || has("StartAt") {
        let bogus = at.join("Bogus");
        push(Edit::Insert { pointer: bogus.clone(), value: 1.into() }, &bogus);
    }
    if has("Type") && has("Next") && !has("End") {
        push(Edit::Insert { pointer: at.join("End"), value: true.into() }, &at.join("End"));
    }
    for (name, value) in fields {
        if DATA.contains(&&**name) {
            break_data(value, &at.join(name), all);
        } else {
            break_below(name, value, &at.join(name), all);
        }
    }
}

fn break_below(name: &str, value: &Value, at: &Pointer, all: &mut Vec<Mutation>) {
    match (name, value) {
        // The names of States are the author's own.
        ("States", Value::Object(states)) => {
            for (state, value) in states.iter() {
                break_object(value, &at.join(state), all);
            }
        }
        (_, Value::Object(_)) => break_object(value, at, all),
        (_, Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                break_below("", item, &at.join(index), all);
            }
        }
        (_, Value::String(text)) => break_text("", text, at, all),
        _ => {}
    }
}

fn break_data(value: &Value, at: &Pointer, all: &mut Vec<Mutation>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields.iter() {
                match value {
                    Value::String(text) => break_text(name, text, &at.join(name), all),
                    _ => break_data(value, &at.join(name), all),
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                break_data(item, &at.join(index), all);
            }
        }
        Value::String(text) => break_text("", text, at, all),
        _ => {}
    }
}

/// Breaks what is computed.
fn break_text(name: &str, text: &str, at: &Pointer, all: &mut Vec<Mutation>) {
    let broken = if text.starts_with("{%") && text.ends_with("%}") {
        vec![
            Value::from("{% ( %}"),
            Value::from("{% $noSuchFunction(1) %}"),
            Value::from("{% $noSuchVariable %}"),
        ]
    } else if name.ends_with(".$") {
        vec![Value::from("no path"), Value::from("$.["), Value::from("States.NoSuch(1)"), Value::from(7)]
    } else {
        Vec::new()
    };
    for value in broken {
        let edit = Edit::Replace { pointer: at.clone(), value };
        all.push(Mutation { edit, expected: at.clone() });
    }
}

/// The valid definitions of the fixtures, as documents.
fn definitions() -> Vec<Document> {
    let canonical = [include_str!("canonical/jsonpath.json"), include_str!("canonical/jsonata.json")];
    let valid = rules().iter().flat_map(|rule| rule.valid.iter().copied()).chain(canonical);
    let json = valid.filter(|text| Format::of_text(text) == Format::Json);
    let parse = |text| Document::parse(text, Format::Json).unwrap_or_else(|error| panic!("{error}: {text}"));
    json.map(parse).filter(|document| document.definitions().is_empty()).collect()
}

#[test]
fn a_definition_that_is_broken_in_one_place_has_an_error_there() {
    let stride = if std::env::var_os("SFN_MUTATIONS").is_some() { 1 } else { SHORT };
    let (mut count, mut missed) = (0, Vec::new());
    for document in definitions() {
        let mut all = Vec::new();
        break_object(&document.to_value(), &Pointer::root(), &mut all);
        let is_jsonata = document.text().contains("\"JSONata\"");
        all.retain(|mutation| is_jsonata || !mutation.is_jsonata());
        for Mutation { edit, expected } in all.into_iter().step_by(stride) {
            let broken = document
                .edit(std::slice::from_ref(&edit))
                .unwrap_or_else(|error| panic!("{edit:?}: {error}"));
            let found = broken.lint(&Options::STANDARD);
            count += 1;
            let is_there = |pointer: &Pointer| {
                pointer == &expected || pointer.as_str().starts_with(&format!("{}/", expected.as_str()))
            };
            let mut errors = found.iter().filter(|fault| fault.severity == Severity::Error);
            if !errors.any(|fault| fault.pointer().is_some_and(is_there)) {
                let shown: Vec<_> = found.iter().map(ToString::to_string).collect();
                missed.push(format!(
                    "{edit:?}\n  expected at `{expected}`, found {shown:?}\n  {}",
                    broken.text()
                ));
            }
        }
    }
    assert!(count > 3_000 / stride, "only {count} mutations were made");
    assert!(missed.is_empty(), "{} of {count} are missed:\n{}", missed.len(), missed.join("\n"));
}
