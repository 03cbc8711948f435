//! `unwrapped-items`: the items of a Map State are no array when there is only one.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, Edit, Severity};

const CODE: Code = Code::new("unwrapped-items");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    what: "An `Items` expression that filters or maps and does not make an array of the outcome.",
    why: "JSONata unwraps: `$filter`, `$map`, `$keys` and filters in `[...]` give the element itself when there is one, \
          and nothing when there is none. `Items` needs an array, so the State works with two items and fails with \
          one.",
    instead: "Put the whole into `[...]`: `{% [$filter(...)] %}`. An array within `[...]` is not nested.",
    invalid: &[
        Example::new(
            "/States/Each/Items",
            r#"{"QueryLanguage": "JSONata", "StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true,
                "MaxConcurrency": 5, "Items": "{% $states.input.lines[price > 9] %}", "ItemProcessor": {
                "StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}}}}"#,
        ),
        Example::new(
            "/States/Each/Items",
            r#"{"QueryLanguage": "JSONata", "StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true,
                "MaxConcurrency": 5, "Items": "{% $states.input.lines ~> $map(function($x) { $x.id }) %}",
                "ItemProcessor": {"StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}}}}"#,
        ),
    ],
    valid: &[
        r#"{"QueryLanguage": "JSONata", "StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true,
        "MaxConcurrency": 5, "Items": "{% [$states.input.lines[price > 9]] %}", "ItemProcessor": {
        "StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}}}}"#,
    ],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    let items = survey.expressions().filter(|(_, expression)| expression.string.is_whole("Items"));
    for (site, expression) in items {
        let Ok(parsed) = &expression.meaning.expression else { continue };
        let Some(span) = parsed.unwrapped() else { continue };
        let text = expression.string.text.trim_start_matches("{%").trim_end_matches("%}").trim();
        let edit = Edit::Replace {
            pointer: site.pointer_of(&expression.string),
            value: format!("{{% [{text}] %}}").into(),
        };
        let message = "this is no array when there is one item, and nothing when there is none";
        let report = Diagnostic::warning(CODE, site.place_in(expression, &span), message);
        found.push(report.with_help("put the whole expression into `[...]`").with_fix(edit));
    }
}
