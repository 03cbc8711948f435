//! `unknown-field`: a field that the language does not have at its place.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::survey::{Site, Survey};
use crate::{Code, DataTest, Diagnostic, Fields, Map, NestedTest, Pointer, RuleTest, Severity, State};

const CODE: Code = Code::new("unknown-field");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A field that the language does not have at its place: a slip of the pen, or a field of another State type.",
    why: "The service refuses the definition.",
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
    for scope in &survey.scopes {
        check_fields(&scope.machine.unknown, &scope.pointer, found);
    }
    for site in &survey.sites {
        check_fields(&site.state.shared().unknown, &site.pointer, found);
        check_parts(site, found);
        for name in misplaced(site.state) {
            report(name, &format!("a {} State", site.state.type_name()), &site.pointer, found);
        }
    }
}

fn check_parts(site: &Site<'_>, found: &mut Vec<Diagnostic>) {
    for (index, retrier) in site.state.retry().iter().enumerate() {
        check_fields(&retrier.unknown, &site.pointer.join("Retry").join(index), found);
    }
    for (index, catcher) in site.state.catch().iter().enumerate() {
        check_fields(&catcher.unknown, &site.pointer.join("Catch").join(index), found);
    }
    match site.state {
        State::Choice(choice) => {
            for (index, rule) in choice.choices.iter().enumerate() {
                let pointer = site.pointer.join("Choices").join(index);
                check_fields(&rule.unknown, &pointer, found);
                if let RuleTest::Data(test) = &rule.test {
                    check_test(test, &pointer, found);
                }
            }
        }
        State::Map(map) => check_map(map, &site.pointer, found),
        _ => {}
    }
}

fn check_test(test: &DataTest, pointer: &Pointer, found: &mut Vec<Diagnostic>) {
    let mut check_nested = |nested: &NestedTest, pointer: Pointer| {
        check_fields(&nested.unknown, &pointer, found);
        check_test(&nested.test, &pointer, found);
    };
    match test {
        DataTest::And(tests) | DataTest::Or(tests) => {
            let field = pointer.join(if matches!(test, DataTest::And(_)) { "And" } else { "Or" });
            tests.iter().enumerate().for_each(|(index, nested)| check_nested(nested, field.join(index)));
        }
        DataTest::Not(nested) => check_nested(nested, pointer.join("Not")),
        DataTest::Comparison(_) => {}
    }
}

fn check_map(map: &Map, pointer: &Pointer, found: &mut Vec<Diagnostic>) {
    let processor = &map.item_processor;
    if let Some(config) = &processor.config {
        check_fields(&config.unknown, &pointer.join(processor.field).join("ProcessorConfig"), found);
    }
    if let Some(reader) = &map.item_reader {
        check_fields(&reader.unknown, &pointer.join("ItemReader"), found);
        if let Some(config) = &reader.reader_config {
            check_fields(&config.unknown, &pointer.join("ItemReader").join("ReaderConfig"), found);
        }
    }
    if let Some(batcher) = &map.item_batcher {
        check_fields(&batcher.unknown, &pointer.join("ItemBatcher"), found);
    }
    if let Some(writer) = &map.result_writer {
        check_fields(&writer.unknown, &pointer.join("ResultWriter"), found);
        if let Some(config) = &writer.writer_config {
            check_fields(&config.unknown, &pointer.join("ResultWriter").join("WriterConfig"), found);
        }
    }
}

fn check_fields(unknown: &Fields, pointer: &Pointer, found: &mut Vec<Diagnostic>) {
    for name in unknown.keys() {
        report(name, "this object", pointer, found);
    }
}

fn report(name: &str, owner: &str, pointer: &Pointer, found: &mut Vec<Diagnostic>) {
    let message = format!("{owner} has no field `{name}`");
    found.push(
        Diagnostic::error(CODE, pointer.join(name), message).with_help("correct the name, or remove it"),
    );
}

/// The shared fields that a State has although its type does not.
fn misplaced(state: &State) -> Vec<&'static str> {
    let shared = state.shared();
    let (is_fail, is_end) =
        (matches!(state, State::Fail(_)), matches!(state, State::Fail(_) | State::Succeed(_)));
    let fields = [
        ("InputPath", is_fail && shared.input_path.is_present()),
        ("OutputPath", is_fail && shared.output_path.is_present()),
        ("Assign", is_end && !shared.assign.is_empty()),
        ("Output", is_fail && shared.output.is_some()),
    ];
    fields.into_iter().filter(|(_, misplaced)| *misplaced).map(|(name, _)| name).collect()
}
