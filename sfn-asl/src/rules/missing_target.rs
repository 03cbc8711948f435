//! `missing-target`: a State that is named and does not exist.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, Edit, Pointer, Scope, Severity, Value};

const CODE: Code = Code::new("missing-target");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A `StartAt`, `Next` or `Default` that names no State of its own State Machine.",
    why: "The service refuses the definition. A Branch or an Item Processor is a State Machine of its own: nothing \
          leads into it or out of it.",
    instead: "Name a State of the same `States` object; case counts.",
    invalid: &[
        Example::new("/StartAt", r#"{"StartAt": "Pay", "States": {"Done": {"Type": "Succeed"}}}"#),
        Example::new(
            "/States/Pay/Next",
            r#"{"StartAt": "Pay", "States": {"Pay": {"Type": "Pass", "Next": "Done"}}}"#,
        ),
        Example::new(
            "/States/Pay/Catch/0/Next",
            r#"{"StartAt": "Pay", "States": {
                "Pay": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
                        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Undo"}]}}}"#,
        ),
        Example::new(
            "/States/Which/Default",
            r#"{"StartAt": "Which", "States": {
                "Which": {"Type": "Choice", "Default": "other", "Choices": [
                    {"Variable": "$.x", "IsPresent": true, "Next": "Other"}]},
                "Other": {"Type": "Succeed"}}}"#,
        ),
        Example::new(
            "/States/Each/ItemProcessor/States/Pay/Next",
            r#"{"StartAt": "Each", "States": {
                "Each": {"Type": "Map", "Next": "Done", "ItemProcessor": {
                    "StartAt": "Pay", "States": {"Pay": {"Type": "Pass", "Next": "Done"}}}},
                "Done": {"Type": "Succeed"}}}"#,
        ),
    ],
    valid: &[r#"{"StartAt": "Pay", "States": {
        "Pay": {"Type": "Pass", "Next": "Done"},
        "Done": {"Type": "Succeed"}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for (number, scope) in survey.scopes.iter().enumerate() {
        let Scope { machine, pointer, .. } = scope;
        // An empty State Machine is one fault, which another rule names.
        if !machine.states.is_empty() && !machine.states.contains_key(&machine.start_at) {
            found.push(missing(survey, number, &machine.start_at, pointer.join("StartAt")));
        }
    }
    for site in &survey.sites {
        for (edge, _) in survey.ways_from(site).filter(|(_, target)| target.is_none()) {
            let pointer = edge.kind.pointer(&site.pointer());
            found.push(missing(survey, site.scope, edge.target, pointer));
        }
    }
}

fn missing(survey: &Survey<'_>, scope: usize, target: &str, pointer: Pointer) -> Diagnostic {
    let message = format!("there is no State `{target}` in this State Machine");
    let report = Diagnostic::error(CODE, pointer.clone(), message);
    match survey.meant_state(scope, target) {
        Some(near) if near.eq_ignore_ascii_case(target) => report
            .with_help(format!("did you mean `{near}`? Case counts"))
            .with_fix(Edit::Replace { pointer, value: Value::from(near) }),
        Some(near) => report.with_help(format!("did you mean `{near}`?")),
        None => report.with_help("name a State of the same State Machine"),
    }
}
