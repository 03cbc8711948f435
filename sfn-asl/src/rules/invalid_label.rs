//! `invalid-label`: a Map State's `Label` that the service does not take.
//! Separate because every rule has a file of its own.

use std::collections::HashMap;

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, Severity, State};

const CODE: Code = Code::new("invalid-label");

/// How many characters a label may have.
const MAX_CHARACTERS: usize = 40;

/// Besides blanks and control characters.
const REFUSED: &str = "?*<>{}[]:;,\\|^~$#%&`\"/";

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A `Label` that is empty, has more than 40 characters, holds a blank, a control character or one of \
           `?*<>{}[]:;,\\|^~$#%&\"/` and the backquote, or is another Map State's.",
    why: "The service refuses the definition: the label becomes part of the Map Run's ARN.",
    instead: "Use letters, digits, `-` and `_`, and a label of its own for each Map State.",
    invalid: &[
        Example::new(
            "/States/Each/Label",
            r#"{"StartAt": "Each", "States": {"Each": {"Type": "Map", "Label": "a b", "End": true,
                "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                    "StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}}}}"#,
        ),
        Example::new(
            "/States/Each/Label",
            r#"{"StartAt": "Each", "States": {"Each": {"Type": "Map", "Label": "", "End": true,
                "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                    "StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}}}}"#,
        ),
    ],
    valid: &[r#"{"StartAt": "Each", "States": {"Each": {"Type": "Map", "Label": "orders-2_x", "End": true,
        "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    let mut first = HashMap::new();
    for site in &survey.sites {
        let State::Map(map) = site.state else { continue };
        let Some(label) = map.label.as_deref() else { continue };
        let place = site.field("Label");
        if let Some(earlier) = first.insert(label, place.clone()) {
            let message = format!("the label `{label}` stands in this definition twice");
            let diagnostic = Diagnostic::error(CODE, place, message).with_help("rename one of them");
            found.push(diagnostic.with_note(Some(earlier), "the other label of that name"));
        } else if let Some(fault) = fault(label) {
            found.push(Diagnostic::error(CODE, place, fault).with_help("use letters, digits, `-` and `_`"));
        }
    }
}

fn fault(label: &str) -> Option<String> {
    let is_refused = |character: &char| {
        character.is_whitespace() || character.is_control() || REFUSED.contains(*character)
    };
    let length = label.chars().count();
    if length == 0 {
        Some("the label is empty".to_owned())
    } else if length > MAX_CHARACTERS {
        Some(format!("the label has {length} characters, at most {MAX_CHARACTERS} are allowed"))
    } else {
        let refused = label.chars().find(is_refused)?;
        Some(format!("the label holds `{}`, which is not allowed", refused.escape_debug()))
    }
}
