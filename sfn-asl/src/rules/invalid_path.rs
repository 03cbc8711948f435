//! `invalid-path`: what stands where a Path must stand is none.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::survey::{Site, Survey};
use crate::{Code, Diagnostic, Nullable, Pointer, QueryLanguage, Severity, State};

const CODE: Code = Code::new("invalid-path");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A Path that does not begin with `$`, or a template's `.$` field that is neither a Path nor an Intrinsic \
           Function.",
    why: "The service refuses the definition.",
    instead: "Begin a Path with `$` (the input), `$$` (the Context Object) or `$name` (a Variable). For a literal \
              value drop the `.$` of the field's name.",
    invalid: &[
        Example::new(
            "/States/A/InputPath",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "InputPath": "order", "End": true}}}"#,
        ),
        Example::new(
            "/States/A/Parameters/x/y.$",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
                "Parameters": {"x": {"y.$": "literal"}}}}}"#,
        ),
    ],
    valid: &[
        r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "InputPath": null, "OutputPath": "$$.Execution",
        "Parameters": {"a.$": "States.UUID()", "b.$": "$", "c.$": "${Path}", "d": "literal"}, "End": true}}}"#,
    ],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in survey.sites.iter().filter(|site| site.language == QueryLanguage::JsonPath) {
        for (field, path) in paths(site) {
            if let Nullable::Value(path) = path
                && !path.starts_with('$')
            {
                report(path, site.pointer().join(field), found);
            }
        }
        for string in site.strings.all.iter().filter(|string| string.is_computed()) {
            if !string.text.starts_with('$') && !string.text.starts_with("States.") {
                report(string.text, site.pointer_of(string), found);
            }
        }
    }
}

fn paths<'m>(site: &Site<'m>) -> Vec<(&'static str, &'m Nullable<String>)> {
    let shared = site.state.shared();
    let mut paths = vec![("InputPath", &shared.input_path), ("OutputPath", &shared.output_path)];
    match site.state {
        State::Task(task) => paths.push(("ResultPath", &task.result_path)),
        State::Parallel(parallel) => paths.push(("ResultPath", &parallel.result_path)),
        State::Pass(pass) => paths.push(("ResultPath", &pass.result_path)),
        State::Map(map) => paths.extend([("ItemsPath", &map.items_path), ("ResultPath", &map.result_path)]),
        State::Choice(_) | State::Wait(_) | State::Succeed(_) | State::Fail(_) => {}
    }
    paths
}

fn report(found_text: &str, pointer: Pointer, found: &mut Vec<Diagnostic>) {
    let message = format!("found `{found_text}`, expected a Path that begins with `$`");
    found.push(
        Diagnostic::error(CODE, pointer, message)
            .with_help("begin it with `$`, or drop the `.$` of the name"),
    );
}
