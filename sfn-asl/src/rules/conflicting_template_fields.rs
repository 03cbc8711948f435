//! `conflicting-template-fields`: a Payload Template sets one field twice, once as it stands and once from a Path.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, Pointer, QueryLanguage, Severity, State, Value};

const CODE: Code = Code::new("conflicting-template-fields");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A Payload Template (JSONPath) with both `x` and `x.$`.",
    why: "The service refuses the definition: both set the field `x`.",
    instead: "Keep one of them.",
    invalid: &[Example::new(
        "/States/A/Parameters/x/0/y.$",
        r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
            "Parameters": {"x": [{"y": 1, "y.$": "$.y"}]}}}}"#,
    )],
    valid: &[r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
        "Parameters": {"x": 1, "y.$": "$.y"}, "Result": {"x": 1, "x.$": 2}}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in survey.sites.iter().filter(|site| site.language == QueryLanguage::JsonPath) {
        for (field, template) in templates(site.state) {
            check_template(template, &|| site.pointer().join(field), found);
        }
    }
}

fn templates(state: &State) -> impl Iterator<Item = (&'static str, &Value)> {
    let (parameters, selector, items) = match state {
        State::Task(task) => (&task.parameters, &task.result_selector, &None),
        State::Parallel(parallel) => (&parallel.parameters, &parallel.result_selector, &None),
        State::Map(map) => (&map.parameters, &map.result_selector, &map.item_selector),
        State::Pass(pass) => (&pass.parameters, &None, &None),
        State::Choice(_) | State::Wait(_) | State::Succeed(_) | State::Fail(_) => (&None, &None, &None),
    };
    let fields = [("Parameters", parameters), ("ResultSelector", selector), ("ItemSelector", items)];
    fields.into_iter().filter_map(|(field, template)| Some((field, template.as_ref()?)))
}

fn check_template(template: &Value, pointer: &dyn Fn() -> Pointer, found: &mut Vec<Diagnostic>) {
    if let Some(fields) = template.as_object() {
        for (name, value) in fields.iter() {
            if let Some(plain) = name.strip_suffix(".$")
                && fields.contains_key(plain)
            {
                let message = format!("found both `{plain}` and `{name}`, which set the same field");
                let report = Diagnostic::error(CODE, pointer().join(name), message);
                found.push(report.with_help("keep one of them"));
            }
            check_template(value, &|| pointer().join(name), found);
        }
    }
    for (index, item) in template.as_array().unwrap_or_default().iter().enumerate() {
        check_template(item, &|| pointer().join(index), found);
    }
}
