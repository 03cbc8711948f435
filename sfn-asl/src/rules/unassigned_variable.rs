//! `unassigned-variable`: a Variable is read that nobody has set by then.
//! Separate because every rule has a file of its own.

use sfn_jsonata::{Expression, Reference, ReferenceKind};

use super::{Check, Example, Rule};
use crate::flow::Certainty;
use crate::graph::ScopeKind;
use crate::nearest::nearest;
use crate::survey::{Parsed, Site, Survey};
use crate::{Code, Diagnostic, ProcessorMode, Severity};

const CODE: Code = Code::new("unassigned-variable");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A Variable that is read where no way has assigned it (an error), or where some way has not (a warning).",
    why: "An undefined value fails the State that uses it. A Variable set by a State is readable in later States only, \
          not in the State's own `Output`; one set in a Branch or an Item Processor is gone behind it; child \
          Executions of a distributed Map see none from outside. When a State fails, its Catcher's `Assign` counts \
          and its own does not.",
    instead: "Assign the Variable on every way that leads here, if only to `null`.",
    invalid: &[
        Example::new(
            "/States/A/Output",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                "A": {"Type": "Pass", "Assign": {"total": 1}, "Output": "{% $total %}", "End": true}}}"#,
        ),
        Example::new(
            "/States/Undo/Output",
            r#"{"QueryLanguage": "JSONata", "StartAt": "Pay", "States": {
                "Pay": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
                        "Assign": {"charge": "{% $states.result.Payload %}"},
                        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Undo"}]},
                "Undo": {"Type": "Pass", "Output": "{% $charge.id %}", "End": true}}}"#,
        ),
        Example::new(
            "/States/Use/Output",
            r#"{"QueryLanguage": "JSONata", "StartAt": "Which", "States": {
                "Which": {"Type": "Choice", "Default": "Use", "Choices": [
                    {"Condition": "{% $states.input.x %}", "Assign": {"x": 1}, "Next": "Use"}]},
                "Use": {"Type": "Pass", "Output": "{% $x %}", "End": true}}}"#,
        ),
        Example::new(
            "/States/Each/ItemProcessor/States/Item/Output",
            r#"{"QueryLanguage": "JSONata", "StartAt": "Set", "States": {
                "Set": {"Type": "Pass", "Assign": {"x": 1}, "Next": "Each"},
                "Each": {"Type": "Map", "End": true, "ItemProcessor": {
                    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                    "StartAt": "Item", "States": {
                        "Item": {"Type": "Pass", "Output": "{% $x %}", "End": true}}}}}}"#,
        ),
    ],
    valid: &[
        r#"{"QueryLanguage": "JSONata", "StartAt": "Set", "States": {
            "Set": {"Type": "Pass", "Assign": {"x": 1}, "Next": "Each"},
            "Each": {"Type": "Map", "Next": "Loop", "ItemProcessor": {
                "StartAt": "Item", "States": {"Item": {"Type": "Pass", "Output": "{% $x %}", "End": true}}}},
            "Loop": {"Type": "Choice", "Default": "Done", "Choices": [
                {"Condition": "{% $x < 3 %}", "Assign": {"x": "{% $x + 1 %}"}, "Next": "Loop"}]},
            "Done": {"Type": "Pass", "Output": "{% ($y := $x; $map([1], function($z) { $z + $y })) %}", "End": true}}}"#,
        r#"{"QueryLanguage": "JSONata", "StartAt": "Which", "States": {
            "Which": {"Type": "Choice", "Default": "Use", "Choices": [
                {"Condition": "{% $states.input.x %}", "Assign": {"x": 1}, "Next": "Use"}]},
            "Use": {"Type": "Pass", "Output": "{% $exists($x) ? $x : 0 %}", "End": true}}}"#,
    ],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in survey.sites.iter().filter(|site| site.reachable) {
        for (expression, reference) in site.references().filter(|(_, reference)| is_variable(reference)) {
            let name = &*reference.name;
            match survey.variables.certainty(site.scope, site.index, name) {
                Certainty::Always => {}
                Certainty::Sometimes if is_guarded(expression, name) => {}
                Certainty::Sometimes => {
                    let message =
                        format!("`${name}` is not assigned on every way to the State `{}`", site.name);
                    let help = "assign it on every way, or guard it with `$exists`";
                    let place = site.place_in(expression, &reference.span);
                    found.push(Diagnostic::warning(CODE, place, message).with_help(help));
                }
                Certainty::Never => found.push(never_assigned(survey, site, expression, reference)),
            }
        }
    }
}

fn is_variable(reference: &Reference) -> bool {
    let is_known = matches!(&*reference.name, "states" | "$") || Expression::is_builtin(&reference.name);
    reference.kind == ReferenceKind::Variable && !is_known
}

/// Whether the expression asks for itself if the Variable exists.
fn is_guarded(expression: &Parsed<'_>, name: &str) -> bool {
    expression.source.contains(&format!("$exists(${name})"))
}

fn never_assigned(
    survey: &Survey<'_>,
    site: &Site<'_>,
    expression: &Parsed<'_>,
    reference: &Reference,
) -> Diagnostic {
    let name = &*reference.name;
    let is_separate = survey.scope_of(site).kind == ScopeKind::ItemProcessor(ProcessorMode::Distributed);
    let help = if is_separate {
        "hand it in through `ItemSelector` or `BatchInput`: child executions see no Variables from outside"
            .to_owned()
    } else if survey.variables.names().any(|known| known == name) {
        "assign it in an earlier State; an `Assign` counts behind its State, and not behind its Catchers"
            .to_owned()
    } else if let Some(near) = nearest(name, survey.variables.names()) {
        format!("did you mean `${near}`?")
    } else {
        "assign it in an earlier State".to_owned()
    };
    let message = format!("no way to the State `{}` assigns `${name}`", site.name);
    Diagnostic::error(CODE, site.place_in(expression, &reference.span), message).with_help(help)
}
