//! `jsonata-delimiters`: a string that opens as JSONata and does not close, or the other way round.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, Edit, QueryLanguage, Severity, Value, is_jsonata_string};

const CODE: Code = Code::new("jsonata-delimiters");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A string in a JSONata State that begins with `{%` and does not end with `%}` or the other way round (an \
           error), or that has blanks outside of both (a warning).",
    why: "The service refuses half an expression. With blanks outside, it takes the string as it stands and evaluates \
          nothing.",
    instead: "Write `{% ... %}` around the whole string; join text within it: `{% 'hello ' & $name %}`.",
    invalid: &[
        Example::new(
            "/States/A/Output",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                "A": {"Type": "Pass", "Output": "{% $states.input", "End": true}}}"#,
        ),
        Example::new(
            "/States/A/Output/x/0",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                "A": {"Type": "Pass", "Output": {"x": [" {% 1 %}"]}, "End": true}}}"#,
        ),
    ],
    valid: &[r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Comment": "{% not read", "Output": ["{% 1 %}", "{%2%}", "50 {% off %} now"],
              "End": true}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in survey.sites.iter().filter(|site| site.language == QueryLanguage::Jsonata) {
        for string in site.strings.iter().filter(|string| !is_jsonata_string(string.text)) {
            let trimmed = string.text.trim();
            if is_jsonata_string(trimmed) {
                let message = "this is no expression: there are blanks outside of `{%` and `%}`";
                let pointer = site.pointer_of(string);
                let edit = Edit::Replace { pointer: pointer.clone(), value: Value::from(trimmed) };
                found.push(
                    Diagnostic::warning(CODE, pointer, message).with_help("remove the blanks").with_fix(edit),
                );
            } else if string.text.starts_with("{%") || string.text.ends_with("%}") {
                let message = "found half an expression, expected `{%` at the start and `%}` at the end";
                let help = "write `{% ... %}` around the whole string";
                found.push(Diagnostic::error(CODE, site.pointer_of(string), message).with_help(help));
            }
        }
    }
}
