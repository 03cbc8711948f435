//! `reassigned-outer-variable`: an inner State Machine assigns a Variable of an outer one.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::flow::Certainty;
use crate::graph::ScopeKind;
use crate::survey::Survey;
use crate::{Code, Diagnostic, Place, ProcessorMode, Severity};

const CODE: Code = Code::new("reassigned-outer-variable");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A Branch or an Item Processor that assigns a Variable which is already set outside when it starts.",
    why: "The service refuses the definition: inner States read outer Variables and may not set them. A Variable that \
          is set only behind the Parallel or Map State, or by its Catchers, is not in the way.",
    instead: "Give the inner Variable another name, and hand its value out through `Output`.",
    invalid: &[Example::new(
        "/States/Both/Branches/0/States/Inner/Assign/total",
        r#"{"QueryLanguage": "JSONata", "StartAt": "Set", "States": {
            "Set": {"Type": "Pass", "Assign": {"total": 0}, "Next": "Both"},
            "Both": {"Type": "Parallel", "End": true, "Branches": [
                {"StartAt": "Inner", "States": {"Inner": {"Type": "Pass", "Assign": {"total": 1}, "End": true}}}]}}}"#,
    )],
    valid: &[
        r#"{"QueryLanguage": "JSONata", "StartAt": "Both", "States": {
            "Both": {"Type": "Parallel", "End": true, "Branches": [
                {"StartAt": "Inner", "States": {"Inner": {"Type": "Pass", "Assign": {"last": 1}, "End": true}}}],
                "Catch": [{"ErrorEquals": ["States.ALL"], "Assign": {"last": 2}, "Next": "Undo"}]},
            "Undo": {"Type": "Pass", "Output": "{% $last %}", "End": true}}}"#,
        r#"{"QueryLanguage": "JSONata", "StartAt": "Both", "States": {
            "Both": {"Type": "Parallel", "End": true, "Branches": [
                {"StartAt": "B1", "States": {"B1": {"Type": "Pass", "Assign": {"total": 1}, "End": true}}},
                {"StartAt": "B2", "States": {"B2": {"Type": "Pass", "Assign": {"total": 2}, "End": true}}}]}}}"#,
        r#"{"QueryLanguage": "JSONata", "StartAt": "Set", "States": {
            "Set": {"Type": "Pass", "Assign": {"total": 0}, "Next": "Each"},
            "Each": {"Type": "Map", "End": true, "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
                "StartAt": "Inner", "States": {"Inner": {"Type": "Pass", "Assign": {"total": 1}, "End": true}}}}}}"#,
    ],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for (site, assignment) in survey.assignments() {
        let name = assignment.name;
        let scope = survey.scope_of(site);
        let is_separate = scope.kind == ScopeKind::ItemProcessor(ProcessorMode::Distributed);
        let Some(parent) = scope.parent.filter(|_| !is_separate) else { continue };
        let Some(state) = survey.scopes[parent.scope].machine.states.get_index_of(parent.state) else {
            continue;
        };
        // What is set on arrival includes the Variables of all State Machines further out.
        if survey.variables.certainty(parent.scope, state, name) != Certainty::Never {
            let message = format!("`${name}` is already a Variable outside of the State `{}`", parent.state);
            let help = "give this Variable another name; hand its value out through `Output`";
            found.push(
                Diagnostic::error(CODE, Place::Name(assignment.pointer(site)), message).with_help(help),
            );
        }
    }
}
