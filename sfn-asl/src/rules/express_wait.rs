//! `express-wait`: an Express Execution waits longer than it may live.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, ExecutionType, Operand, Severity, State, WaitUntil};

const CODE: Code = Code::new("express-wait");

/// How long an Express Execution may take.
const MAX_SECONDS: i64 = 300;

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A Wait State of five minutes or more in a State Machine that runs as Express.",
    why: "An Express Execution ends after five minutes, so the States behind the Wait State never run.",
    instead: "Run it as Standard, or shorten the wait.",
    invalid: &[Example::express(
        "/States/Night/Seconds",
        r#"{"StartAt": "Night", "States": {"Night": {"Type": "Wait", "Seconds": 28800, "End": true}}}"#,
    )],
    valid: &[r#"{"StartAt": "Night", "States": {"Night": {"Type": "Wait", "Seconds": 28800, "End": true}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in &survey.sites {
        let State::Wait(wait) = site.state else { continue };
        let WaitUntil::Seconds(Operand::Literal(seconds)) = &wait.until else { continue };
        if survey.scope_of(site).execution == ExecutionType::Express && *seconds >= MAX_SECONDS {
            let message =
                format!("found a wait of {seconds} s, and an Express Execution ends after {MAX_SECONDS} s");
            let help = "run it as Standard, or shorten the wait";
            found.push(Diagnostic::error(CODE, site.field("Seconds"), message).with_help(help));
        }
    }
}
