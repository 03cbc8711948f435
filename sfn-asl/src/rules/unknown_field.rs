//! `unknown-field`: a field that the language does not have at its place.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::nearest::nearest;
use crate::survey::{Site, Survey};
use crate::{
    Code, DataTest, Diagnostic, Edit, Fields, Map, NestedTest, Place, Pointer, RuleTest, Scope, ScopeKind,
    Severity, State,
};

const CODE: Code = Code::new("unknown-field");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A field that the language does not have at its place: a slip of the pen, or a field of another State type \
           (an error); `Version` or `TimeoutSeconds` in a Branch or an Item Processor (a warning).",
    why: "The service refuses the definition. What counts only in a whole definition has no effect in a part of it.",
    instead: "Correct the name, or remove the field; case counts.",
    invalid: &[
        Example::new(
            "/States/A/TimeOutSeconds",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
                "Resource": "arn:aws:states:::lambda:invoke", "TimeOutSeconds": 3}}}"#,
        ),
        Example::new(
            "/States/A/Next",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed", "Next": "A"}}}"#,
        ),
        Example::new(
            "/States/A/Branches/0/Version",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Parallel", "End": true, "Branches": [
                {"Version": "1.0", "StartAt": "B", "States": {"B": {"Type": "Succeed"}}}]}}}"#,
        ),
        Example::new(
            "/States/A/Output",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Fail", "Output": 1}}}"#,
        ),
        Example::new(
            "/States/A/Choices/0/Not/Next",
            r#"{"StartAt": "A", "States": {
                "A": {"Type": "Choice", "Choices": [
                    {"Not": {"Variable": "$.x", "IsNull": true, "Next": "B"}, "Next": "B"}]},
                "B": {"Type": "Succeed"}}}"#,
        ),
        Example::new(
            "/States/A/ItemProcessor/ProcessorConfig/Modes",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Map", "End": true, "ItemProcessor": {
                "ProcessorConfig": {"Modes": "INLINE"},
                "StartAt": "B", "States": {"B": {"Type": "Succeed"}}}}}}"#,
        ),
        Example::new(
            "/States/A/Retry/0/MaxAttempt",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
                "Resource": "arn:aws:states:::lambda:invoke",
                "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempt": 1}]}}}"#,
        ),
    ],
    valid: &[r#"{"Comment": "c", "Version": "1.0", "TimeoutSeconds": 5, "StartAt": "A", "States": {
        "A": {"Type": "Succeed", "Comment": "c", "OutputPath": "$.x"}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for scope in survey.scopes {
        check_fields(&MACHINE, &scope.machine.unknown, || scope.pointer.clone(), found);
        if scope.kind != ScopeKind::Definition {
            check_nested_machine(scope, found);
        }
    }
    for site in &survey.sites {
        let object = object_of(site.state);
        check_fields(object, &site.state.shared().unknown, || site.pointer(), found);
        for name in misplaced(site.state) {
            found.push(unknown(object, name, &site.pointer()));
        }
        check_parts(site, found);
    }
}

/// What only a whole definition can have, in a Branch or an Item Processor.
fn check_nested_machine(scope: &Scope<'_>, found: &mut Vec<Diagnostic>) {
    let fields = [
        ("Version", scope.machine.version.is_some()),
        ("TimeoutSeconds", scope.machine.timeout_seconds.is_some()),
    ];
    for (name, _) in fields.iter().filter(|(_, is_present)| *is_present) {
        let message = format!("`{name}` has no meaning in a State Machine that is part of another");
        let help = "remove it, or move it to the whole definition";
        found.push(Diagnostic::warning(CODE, Place::Name(scope.pointer.join(name)), message).with_help(help));
    }
}

fn check_parts(site: &Site<'_>, found: &mut Vec<Diagnostic>) {
    for (index, retrier) in site.state.retry().iter().enumerate() {
        let pointer = || site.pointer().join("Retry").join(index);
        check_fields(&RETRIER, &retrier.unknown, pointer, found);
    }
    for (index, catcher) in site.state.catch().iter().enumerate() {
        let pointer = || site.pointer().join("Catch").join(index);
        check_fields(&CATCHER, &catcher.unknown, pointer, found);
    }
    match site.state {
        State::Choice(choice) => {
            for (index, rule) in choice.choices.iter().enumerate() {
                let pointer = &|| site.pointer().join("Choices").join(index);
                check_fields(&CHOICE_RULE, &rule.unknown, pointer, found);
                if let RuleTest::Data(test) = &rule.test {
                    check_test(test, pointer, found);
                }
            }
        }
        State::Map(map) => check_map(map, &|| site.pointer(), found),
        _ => {}
    }
}

fn check_test(test: &DataTest, pointer: &dyn Fn() -> Pointer, found: &mut Vec<Diagnostic>) {
    let mut check_nested = |nested: &NestedTest, pointer: &dyn Fn() -> Pointer| {
        check_fields(&DATA_TEST, &nested.unknown, pointer, found);
        check_test(&nested.test, pointer, found);
    };
    match test {
        DataTest::And(tests) | DataTest::Or(tests) => {
            let field = if matches!(test, DataTest::And(_)) { "And" } else { "Or" };
            for (index, nested) in tests.iter().enumerate() {
                check_nested(nested, &|| pointer().join(field).join(index));
            }
        }
        DataTest::Not(nested) => check_nested(nested, &|| pointer().join("Not")),
        DataTest::Comparison(_) => {}
    }
}

fn check_map(map: &Map, pointer: &dyn Fn() -> Pointer, found: &mut Vec<Diagnostic>) {
    let processor = &map.item_processor;
    if let Some(config) = &processor.config {
        let pointer = || pointer().join(processor.field).join("ProcessorConfig");
        check_fields(&PROCESSOR_CONFIG, &config.unknown, pointer, found);
    }
    if let Some(reader) = &map.item_reader {
        let pointer = || pointer().join("ItemReader");
        check_fields(&ITEM_READER, &reader.unknown, pointer, found);
        if let Some(config) = &reader.reader_config {
            check_fields(&READER_CONFIG, &config.unknown, || pointer().join("ReaderConfig"), found);
        }
    }
    if let Some(batcher) = &map.item_batcher {
        check_fields(&ITEM_BATCHER, &batcher.unknown, || pointer().join("ItemBatcher"), found);
    }
    if let Some(writer) = &map.result_writer {
        let pointer = || pointer().join("ResultWriter");
        check_fields(&RESULT_WRITER, &writer.unknown, pointer, found);
        if let Some(config) = &writer.writer_config {
            check_fields(&WRITER_CONFIG, &config.unknown, || pointer().join("WriterConfig"), found);
        }
    }
}

fn check_fields(
    object: &Object,
    fields: &Fields,
    pointer: impl Fn() -> Pointer,
    found: &mut Vec<Diagnostic>,
) {
    // What has no effect here because it is empty is no slip of the pen.
    let is_known = |name: &str| object.shared.contains(&name) || object.fields.contains(&name);
    let unknown_names = fields.keys().filter(|name| !is_known(name));
    found.extend(unknown_names.map(|name| unknown(object, name, &pointer())));
}

fn unknown(object: &Object, name: &str, pointer: &Pointer) -> Diagnostic {
    let message = format!("{} has no field `{name}`", object.what);
    let pointer = pointer.join(name);
    let report = Diagnostic::error(CODE, Place::Name(pointer.clone()), message);
    match nearest(name, object.shared.iter().chain(object.fields).copied()) {
        Some(near) if near.eq_ignore_ascii_case(name) => report
            .with_help(format!("write `{near}`: case counts"))
            .with_fix(Edit::Rename { pointer, name: near.to_owned() }),
        // A field that the type of State does not have is no slip of the pen.
        Some(near) if near != name => report.with_help(format!("did you mean `{near}`?")),
        _ => report.with_help("correct the name, or remove the field"),
    }
}

/// The shared fields that a State has although its type does not.
fn misplaced(state: &State) -> Vec<&'static str> {
    let shared = state.shared();
    let assign = ("Assign", !shared.assign.is_empty());
    let fields = match state {
        State::Succeed(_) => &[assign][..],
        State::Fail(_) => &[
            ("InputPath", shared.input_path.is_present()),
            ("OutputPath", shared.output_path.is_present()),
            assign,
            ("Output", shared.output.is_some()),
        ],
        _ => &[],
    };
    fields.iter().filter(|(_, is_there)| *is_there).map(|(name, _)| *name).collect()
}

/// An object of the language, with the fields it may have.
struct Object {
    what: &'static str,
    shared: &'static [&'static str],
    fields: &'static [&'static str],
}

impl Object {
    const fn new(what: &'static str, fields: &'static [&'static str]) -> Self {
        Self { what, shared: &[], fields }
    }

    const fn state(what: &'static str, fields: &'static [&'static str]) -> Self {
        const SHARED: &[&str] =
            &["Type", "Comment", "QueryLanguage", "InputPath", "OutputPath", "Assign", "Output"];
        Self { what, shared: SHARED, fields }
    }
}

#[rustfmt::skip]
fn object_of(state: &State) -> &'static Object {
    match state {
        State::Task(_) => const { &Object::state("a Task State", &[
            "Resource", "Credentials", "Parameters", "Arguments", "TimeoutSeconds", "TimeoutSecondsPath",
            "HeartbeatSeconds", "HeartbeatSecondsPath", "ResultSelector", "ResultPath", "Retry", "Catch", "Next", "End",
        ]) },
        State::Map(_) => const { &Object::state("a Map State", &[
            "ItemReader", "Items", "ItemsPath", "ItemSelector", "Parameters", "ItemBatcher", "MaxConcurrency",
            "MaxConcurrencyPath", "ToleratedFailureCount", "ToleratedFailureCountPath", "ToleratedFailurePercentage",
            "ToleratedFailurePercentagePath", "Label", "ItemProcessor", "Iterator", "ResultWriter", "ResultSelector",
            "ResultPath", "Retry", "Catch", "Next", "End",
        ]) },
        State::Parallel(_) => const { &Object::state("a Parallel State", &[
            "Branches", "Parameters", "Arguments", "ResultSelector", "ResultPath", "Retry", "Catch", "Next", "End",
        ]) },
        State::Pass(_) => const {
            &Object::state("a Pass State", &["Parameters", "Result", "ResultPath", "Next", "End"])
        },
        State::Wait(_) => const { &Object::state("a Wait State", &[
            "Seconds", "SecondsPath", "Timestamp", "TimestampPath", "Next", "End",
        ]) },
        State::Choice(_) => const { &Object::state("a Choice State", &["Choices", "Default"]) },
        State::Succeed(_) => const { &Object::new("a Succeed State", &[
            "Type", "Comment", "QueryLanguage", "InputPath", "OutputPath", "Output",
        ]) },
        State::Fail(_) => const { &Object::new("a Fail State", &[
            "Type", "Comment", "QueryLanguage", "Error", "ErrorPath", "Cause", "CausePath",
        ]) },
    }
}

const MACHINE: Object = Object::new(
    "a State Machine",
    &["Comment", "QueryLanguage", "Version", "TimeoutSeconds", "StartAt", "States"],
);
const RETRIER: Object = Object::new(
    "a Retrier",
    &[
        "Comment",
        "ErrorEquals",
        "IntervalSeconds",
        "MaxAttempts",
        "BackoffRate",
        "MaxDelaySeconds",
        "JitterStrategy",
    ],
);
const CATCHER: Object =
    Object::new("a Catcher", &["Comment", "ErrorEquals", "ResultPath", "Assign", "Output", "Next"]);
const CHOICE_RULE: Object = Object::new(
    "a Choice Rule",
    &["Comment", "Condition", "And", "Or", "Not", "Variable", "Assign", "Output", "Next"],
);
const DATA_TEST: Object = Object::new("a data test", &["Comment", "And", "Or", "Not", "Variable"]);
const PROCESSOR_CONFIG: Object = Object::new("a ProcessorConfig", &["Mode", "ExecutionType"]);
const ITEM_READER: Object =
    Object::new("an ItemReader", &["Resource", "ReaderConfig", "Parameters", "Arguments"]);
const READER_CONFIG: Object = Object::new(
    "a ReaderConfig",
    &[
        "InputType",
        "ManifestType",
        "Transformation",
        "CSVHeaderLocation",
        "CSVHeaders",
        "CSVDelimiter",
        "ItemsPointer",
        "MaxItems",
        "MaxItemsPath",
    ],
);
const ITEM_BATCHER: Object = Object::new(
    "an ItemBatcher",
    &[
        "BatchInput",
        "MaxItemsPerBatch",
        "MaxItemsPerBatchPath",
        "MaxInputBytesPerBatch",
        "MaxInputBytesPerBatchPath",
    ],
);
const RESULT_WRITER: Object =
    Object::new("a ResultWriter", &["Resource", "Parameters", "Arguments", "WriterConfig"]);
const WRITER_CONFIG: Object = Object::new("a WriterConfig", &["Transformation", "OutputType"]);
