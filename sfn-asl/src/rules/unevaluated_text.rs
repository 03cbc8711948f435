//! `unevaluated-text`: a text that was meant to be evaluated and is not.
//! Separate because every rule has a file of its own.

use sfn_jsonata::Expression;

use super::{Check, Example, Rule};
use crate::survey::{Site, Survey};
use crate::template::TemplateString;
use crate::{Code, Diagnostic, Edit, QueryLanguage, Severity};

const CODE: Code = Code::new("unevaluated-text");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    what: "A template's text that reads like a Path, an Intrinsic Function or `$states...` and is passed on as it stands: \
           in JSONPath because its field does not end in `.$`, in JSONata because it has no `{% %}`; or a field ending \
           in `.$` in a JSONata State.",
    why: "Whoever receives it gets the words `$.order.id`, not the order's id.",
    instead: "In JSONPath write `\"id.$\": \"$.order.id\"`, in JSONata `\"id\": \"{% $states.input.order.id %}\"`.",
    invalid: &[
        Example::new(
            "/States/A/Parameters/id",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
                "Parameters": {"id": "$.order.id"}}}}"#,
        ),
        Example::new(
            "/States/A/Output/id",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                "A": {"Type": "Pass", "Output": {"id": "$states.input.order.id"}, "End": true}}}"#,
        ),
        Example::new(
            "/States/A/Output/id.$",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                "A": {"Type": "Pass", "Output": {"id.$": "$.order.id"}, "End": true}}}"#,
        ),
        Example::new(
            "/States/A/Parameters/id",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
                "Parameters": {"id": "States.UUID()"}}}}"#,
        ),
    ],
    valid: &[
        r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true, "Parameters": {
            "id.$": "$.order.id", "price": "$5", "template": "${Name}", "error": "States.ALL", "pattern": "$.*["}}}}"#,
        r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
            "A": {"Type": "Pass", "Output": ["{% $states.input %}", "$5", "$states is a variable"], "End": true}}}"#,
    ],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in &survey.sites {
        for string in site.strings {
            match site.language {
                QueryLanguage::JsonPath => check_jsonpath(site, string, found),
                QueryLanguage::Jsonata => check_jsonata(site, string, found),
            }
        }
    }
}

fn check_jsonpath<'m>(site: &Site<'m>, string: &TemplateString<'m>, found: &mut Vec<Diagnostic>) {
    let is_template =
        matches!(string.field, "Parameters" | "ResultSelector" | "ItemSelector" | "Assign" | "ItemBatcher");
    if !is_template || string.is_computed() || !is_path_or_call(string.text) {
        return;
    }
    let pointer = site.pointer_of(string);
    let message = format!("`{}` is passed on as text", string.text);
    let report = Diagnostic::warning(CODE, pointer.clone(), message);
    let name = format!("{}.$", string.key);
    found.push(if string.is_element {
        report.with_help("a Path cannot be an element; build the array with `States.Array`")
    } else {
        report.with_help(format!("name the field `{name}`")).with_fix(Edit::Rename { pointer, name })
    });
}

fn check_jsonata<'m>(site: &Site<'m>, string: &TemplateString<'m>, found: &mut Vec<Diagnostic>) {
    let report = |message: String| Diagnostic::warning(CODE, site.pointer_of(string), message);
    if string.is_computed() && is_path_or_call(string.text) {
        let message =
            format!("`{}` is a field of that very name here, with the text as it stands", string.key);
        found.push(report(message).with_help("drop the `.$` and write a JSONata string, `{% ... %}`"));
    } else if is_states_expression(string.text) {
        let edit = Edit::Replace {
            pointer: site.pointer_of(string),
            value: format!("{{% {} %}}", string.text).into(),
        };
        let report = report(format!("`{}` is passed on as text", string.text));
        found.push(report.with_help("put it between `{%` and `%}`").with_fix(edit));
    } else if is_path_or_call(string.text) {
        let report = report(format!("`{}` is passed on as text", string.text));
        found.push(report.with_help("write it in JSONata, `{% $states.input... %}`"));
    }
}

/// Whether a text is a plain Path into the input or the Context Object, or a call of an Intrinsic Function.
fn is_path_or_call(text: &str) -> bool {
    if let Some(call) = text.strip_prefix("States.") {
        return call.ends_with(')') && call.split('(').next().is_some_and(is_name);
    }
    let Some(steps) = text.strip_prefix("$$.").or_else(|| text.strip_prefix("$.")) else { return false };
    steps.split('.').all(|step| is_name(step.split('[').next().unwrap_or_default()))
}

fn is_name(word: &str) -> bool {
    !word.is_empty()
        && word.chars().all(|character| character.is_alphanumeric() || matches!(character, '_' | '-'))
}

fn is_states_expression(text: &str) -> bool {
    text.strip_prefix("$states.").is_some_and(|rest| {
        ["input", "context", "result", "errorOutput"].iter().any(|field| rest.starts_with(field))
    }) && text.parse::<Expression>().is_ok()
}
