//! `conflicting-template-fields`: a Payload Template sets one field twice, once as it stands and once from a Path.
//! Separate because every rule has a file of its own.

use super::payload_templates::each_object;
use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, Place, QueryLanguage, Severity};

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
        each_object(site, &mut |fields, pointer| {
            fields.each(|name, _| {
                let Some(plain) = name.strip_suffix(".$").filter(|plain| fields.has(plain)) else { return };
                let message = format!("found both `{plain}` and `{name}`, which set the same field");
                let report = Diagnostic::error(CODE, Place::Name(pointer().join(name)), message);
                found.push(report.with_help("keep one of them"));
            });
        });
    }
}
