//! `ignored-field`: a field that another one leaves without effect.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::survey::{Site, Survey};
use crate::{Code, Diagnostic, Severity, State};

const CODE: Code = Code::new("ignored-field");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    what: "`Parameters` beside `Result` in a Pass State, `Assign` or `Output` of a Choice State without `Default`, or \
           `CSVHeaders` without `\"CSVHeaderLocation\": \"GIVEN\"`.",
    why: "The field has no effect: a Pass State passes its `Result`; a Choice State's own `Assign` and `Output` belong to \
          its `Default`; headers count where the configuration says that they are given.",
    instead: "Keep the field that counts, or add the one that makes this one count.",
    invalid: &[
        Example::new(
            "/States/A/Parameters",
            r#"{"StartAt": "A", "States": {
                "A": {"Type": "Pass", "Parameters": {"x.$": "$.x"}, "Result": 1, "End": true}}}"#,
        ),
        Example::new(
            "/States/A/Output",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                "A": {"Type": "Choice", "Output": 1, "Choices": [{"Condition": "{% $states.input.x %}", "Next": "B"}]},
                "B": {"Type": "Succeed"}}}"#,
        ),
    ],
    valid: &[r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Choice", "Output": 1, "Default": "B", "Choices": [
            {"Condition": "{% $states.input.x %}", "Output": 2, "Next": "B"}]},
        "B": {"Type": "Succeed"}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in &survey.sites {
        for (fields, why) in ignored(site) {
            let pointer = fields.iter().fold(site.pointer(), |pointer, field| pointer.join(field));
            let message = format!("`{}` has no effect: {why}", fields.last().copied().unwrap_or_default());
            let help = "remove it, or make it count";
            found.push(Diagnostic::warning(CODE, pointer, message).with_help(help));
        }
    }
}

fn ignored(site: &Site<'_>) -> Vec<(&'static [&'static str], &'static str)> {
    let shared = site.state.shared();
    let mut found: Vec<(&'static [&'static str], _)> = Vec::new();
    match site.state {
        State::Pass(pass) if pass.parameters.is_some() && pass.result.is_some() => {
            found.push((&["Parameters"], "the State passes its `Result`"));
        }
        State::Choice(choice) if choice.default.is_none() => {
            if !shared.assign.is_empty() {
                found.push((&["Assign"], "it belongs to the `Default`, which is not there"));
            }
            if shared.output.is_some() {
                found.push((&["Output"], "it belongs to the `Default`, which is not there"));
            }
        }
        State::Map(map) => {
            let config = map.item_reader.as_ref().and_then(|reader| reader.reader_config.as_ref());
            let ignores = config.is_some_and(|config| {
                !config.csv_headers.is_empty() && config.csv_header_location.as_deref() == Some("FIRST_ROW")
            });
            if ignores {
                found.push((
                    &["ItemReader", "ReaderConfig", "CSVHeaders"],
                    "the headers are read from the first row",
                ));
            }
        }
        _ => {}
    }
    found
}
