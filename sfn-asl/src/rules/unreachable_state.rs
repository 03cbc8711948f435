//! `unreachable-state`: a State that no way leads to.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::survey::{Site, Survey};
use crate::{Code, Diagnostic, Severity};

const CODE: Code = Code::new("unreachable-state");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A State that cannot be reached from the `StartAt` of its State Machine.",
    why: "The service refuses the definition; most often a `Next` names another State than was meant.",
    instead: "Lead a `Next`, `Default`, Choice Rule or Catcher to it, or remove it.",
    invalid: &[
        Example::new(
            "/States/Lost",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}, "Lost": {"Type": "Succeed"}}}"#,
        ),
        Example::new(
            "/States/Lost",
            r#"{"StartAt": "A", "States": {
                "A": {"Type": "Succeed"},
                "Lost": {"Type": "Pass", "Next": "A"}}}"#,
        ),
    ],
    valid: &[r#"{"StartAt": "A", "States": {
        "A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
              "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "B"}]},
        "B": {"Type": "Succeed"}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for (index, (_, sites)) in survey.sites_by_scope().enumerate() {
        if sites.iter().all(|site| site.reachable) {
            continue;
        }
        let Some(meant) = meant_targets(survey, index, sites) else { continue };
        let reachable = survey.ways[index].reachable_with(meant);
        for (site, _) in sites.iter().zip(reachable).filter(|(_, is_reachable)| !is_reachable) {
            let message = format!("no way leads to the State `{}`", site.name);
            found.push(
                Diagnostic::error(CODE, site.place(), message).with_help("lead a way to it, or remove it"),
            );
        }
    }
}

/// The States that names of missing States were probably meant for; nothing if one may have been meant for any State.
///
/// A way to a State that does not exist is one fault, not one for each State behind it.
fn meant_targets<'m>(survey: &Survey<'m>, scope: usize, sites: &[Site<'m>]) -> Option<Vec<usize>> {
    let machine = survey.scopes[scope].machine;
    let states = &machine.states;
    let start = Some(machine.start_at.as_str()).filter(|start| !states.contains_key(*start));
    let ways = sites.iter().filter(|site| site.reachable).flat_map(|site| survey.ways_from(site));
    let missing = ways.filter(|(_, target)| target.is_none()).map(|(edge, _)| edge.target);
    let meant = |name: &str| states.get_index_of(survey.meant_state(scope, name)?);
    start.into_iter().chain(missing).map(meant).collect()
}
