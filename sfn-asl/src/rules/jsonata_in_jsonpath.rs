//! `jsonata-in-jsonpath`: an expression in a State that does not speak JSONata.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, QueryLanguage, Severity, is_jsonata_string};

const CODE: Code = Code::new("jsonata-in-jsonpath");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    what: "A `{% ... %}` string in a template of a JSONPath State.",
    why: "JSONPath is the default. The string is passed on as it stands, and nothing is evaluated.",
    instead: "Set `\"QueryLanguage\": \"JSONata\"` on the State or on the whole, or use a `.$` field with a Path.",
    invalid: &[Example::new(
        "/States/A/Parameters/id",
        r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
            "Parameters": {"id": "{% $states.input.id %}"}}}}"#,
    )],
    valid: &[r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true, "QueryLanguage": "JSONata",
        "Output": {"id": "{% $states.input.id %}"}}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in survey.sites.iter().filter(|site| site.language == QueryLanguage::JsonPath) {
        // A field of the other language is one fault, which another rule names.
        let foreign = ["Arguments", "Output", "Items", "Choices", "Seconds", "Timestamp"];
        let strings = site.strings.iter().filter(|string| is_jsonata_string(string.text));
        for string in strings.filter(|string| !foreign.contains(&string.field)) {
            let message = "this State speaks JSONPath, so the expression is passed on as text";
            let help = "set the State's `QueryLanguage` to `JSONata`, or use a field that ends in `.$`";
            found.push(Diagnostic::warning(CODE, site.pointer_of(string), message).with_help(help));
        }
    }
}
