//! `wait-outlives-execution`: a Wait State that is not over when its Execution must end.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, ExecutionType, Operand, Severity, State, WaitUntil};

const CODE: Code = Code::new("wait-outlives-execution");

/// How long a Standard Execution may take.
const YEAR: i64 = 365 * 24 * 60 * 60;

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    what: "A Wait State whose `Seconds` are not below the definition's `TimeoutSeconds`, or not below a year.",
    why: "The Execution ends, timed out, before the wait is over: the States behind it never run.",
    instead: "Shorten the wait, or raise the `TimeoutSeconds`; wait for longer than a year with an EventBridge schedule.",
    invalid: &[
        Example::new(
            "/States/Night/Seconds",
            r#"{"TimeoutSeconds": 3600, "StartAt": "Night", "States": {
                "Night": {"Type": "Wait", "Seconds": 28800, "End": true}}}"#,
        ),
        Example::new(
            "/States/Years/Seconds",
            r#"{"StartAt": "Years", "States": {"Years": {"Type": "Wait", "Seconds": 63072000, "End": true}}}"#,
        ),
    ],
    valid: &[r#"{"TimeoutSeconds": 86400, "StartAt": "Night", "States": {
        "Night": {"Type": "Wait", "Seconds": 28800, "End": true}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    let limit = survey.machine.timeout_seconds.filter(|limit| (1..YEAR).contains(limit));
    for site in &survey.sites {
        let State::Wait(wait) = site.state else { continue };
        let WaitUntil::Seconds(Operand::Literal(seconds)) = wait.until else { continue };
        let is_standard = survey.scope_of(site).execution == ExecutionType::Standard;
        if is_standard && seconds >= limit.unwrap_or(YEAR) && seconds <= super::timeout_range::MAX_SECONDS {
            let limit = limit.unwrap_or(YEAR);
            let message = format!("found a wait of {seconds} s, and the Execution ends after {limit} s");
            let help = "shorten the wait, or give the Execution more time";
            found.push(Diagnostic::warning(CODE, site.field("Seconds"), message).with_help(help));
        }
    }
}
