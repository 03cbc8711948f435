//! `duplicate-state-name`: two States of one name in different State Machines of one definition.
//! Separate because every rule has a file of its own.

use std::collections::HashMap;

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, Severity};

const CODE: Code = Code::new("duplicate-state-name");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A State whose name another State of the definition has, be it in a Branch or an Item Processor.",
    why: "The service refuses the definition: names are unique over the whole of it, so that history and redrive can \
          name a State by its name alone.",
    instead: "Rename one of them.",
    invalid: &[Example::new(
        "/States/Each/ItemProcessor/States/Done",
        r#"{"StartAt": "Each", "States": {
            "Each": {"Type": "Map", "Next": "Done", "ItemProcessor": {
                "StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}},
            "Done": {"Type": "Succeed"}}}"#,
    )],
    valid: &[r#"{"StartAt": "Each", "States": {
        "Each": {"Type": "Map", "Next": "Done", "ItemProcessor": {
            "StartAt": "ItemDone", "States": {"ItemDone": {"Type": "Succeed"}}}},
        "Done": {"Type": "Succeed"}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    // Within one State Machine no name can stand twice.
    if survey.scopes.len() == 1 {
        return;
    }
    let mut first = HashMap::<_, _, foldhash::fast::RandomState>::default();
    first.reserve(survey.sites.len());
    for site in &survey.sites {
        let Some(earlier) = first.insert(site.name, site) else { continue };
        let message = format!("the State name `{}` stands in this definition twice", site.name);
        found.push(
            Diagnostic::error(CODE, site.place(), message)
                .with_help("rename one of them")
                .with_note(Some(earlier.place()), "the other State of that name"),
        );
    }
}
