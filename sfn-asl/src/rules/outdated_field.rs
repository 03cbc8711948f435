//! `outdated-field`: the older name of a field.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, Edit, Place, ProcessorField, Severity, State};

const CODE: Code = Code::new("outdated-field");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Advice,
    what: "`Iterator` or `Parameters` in a Map State.",
    why: "Both work as ever, but the service's documentation and newer fields speak of `ItemProcessor` and \
          `ItemSelector` only.",
    instead: "Rename `Iterator` to `ItemProcessor` and `Parameters` to `ItemSelector`.",
    invalid: &[Example::new(
        "/States/Each/Iterator",
        r#"{"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true,
            "Iterator": {"StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}}}}"#,
    )],
    valid: &[
        r#"{"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true, "ItemSelector": {"x.$": "$"},
        "ItemProcessor": {"StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}}}}"#,
    ],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in &survey.sites {
        let State::Map(map) = site.state else { continue };
        let fields = [
            ("Iterator", "ItemProcessor", map.item_processor.field == ProcessorField::Iterator),
            ("Parameters", "ItemSelector", map.parameters.is_some() && map.item_selector.is_none()),
        ];
        for (old, new, _) in fields.into_iter().filter(|(_, _, is_present)| *is_present) {
            let pointer = site.pointer().join(old);
            let message = format!("`{old}` is the older name of `{new}`");
            let edit = Edit::Rename { pointer: pointer.clone(), name: new.to_owned() };
            let report = Diagnostic::advice(CODE, Place::Name(pointer), message);
            found.push(report.with_help(format!("rename it to `{new}`")).with_fix(edit));
        }
    }
}
