//! `timeout-range`: a timeout, heartbeat or wait that the service does not take.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, Operand, Pointer, Severity, State, WaitUntil};

const CODE: Code = Code::new("timeout-range");

/// The longest timeout or wait the service takes, in seconds.
pub(super) const MAX_SECONDS: i64 = 99_999_999;

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A `TimeoutSeconds` or `HeartbeatSeconds` outside 1 to 99,999,999, a heartbeat that is not below the \
           timeout, or the `Seconds` of a Wait outside 0 to 99,999,999.",
    why: "The service refuses the definition: a heartbeat as long as the timeout could never be missed, and no \
          execution lives longer than a year.",
    instead: "Use a heartbeat that fits several times into the timeout, and waits that fit into a year.",
    invalid: &[
        Example::new(
            "/States/A/HeartbeatSeconds",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
                "Resource": "arn:aws:states:::lambda:invoke", "TimeoutSeconds": 30, "HeartbeatSeconds": 30}}}"#,
        ),
        Example::new(
            "/States/A/TimeoutSeconds",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
                "Resource": "arn:aws:states:::lambda:invoke", "TimeoutSeconds": 0}}}"#,
        ),
        Example::new(
            "/TimeoutSeconds",
            r#"{"TimeoutSeconds": 0, "StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#,
        ),
        Example::new(
            "/States/A/Seconds",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 345600000, "End": true}}}"#,
        ),
    ],
    valid: &[r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
        "Resource": "arn:aws:states:::lambda:invoke", "TimeoutSeconds": 31, "HeartbeatSeconds": 30}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    if let Some(seconds) =
        survey.machine.timeout_seconds.filter(|seconds| !(1..=MAX_SECONDS).contains(seconds))
    {
        let message = format!("`TimeoutSeconds` is {seconds}, expected 1 to {MAX_SECONDS}");
        let pointer = Pointer::root().join("TimeoutSeconds");
        found.push(Diagnostic::error(CODE, pointer, message).with_help("use a number of that range"));
    }
    for site in &survey.sites {
        if let State::Wait(wait) = site.state
            && let WaitUntil::Seconds(Operand::Literal(seconds)) = wait.until
            && !(0..=MAX_SECONDS).contains(&seconds)
        {
            let message = format!("`Seconds` is {seconds}, expected 0 to {MAX_SECONDS}");
            let help = "wait for less, or until a `Timestamp`";
            found.push(Diagnostic::error(CODE, site.field("Seconds"), message).with_help(help));
        }
        let State::Task(task) = site.state else { continue };
        let literal = |operand: &Option<Operand<i64>>| operand.as_ref().and_then(Operand::literal).copied();
        let (timeout, heartbeat) = (literal(&task.timeout_seconds), literal(&task.heartbeat_seconds));
        let before = found.len();
        for (field, seconds) in [("TimeoutSeconds", timeout), ("HeartbeatSeconds", heartbeat)] {
            if let Some(seconds) = seconds.filter(|seconds| !(1..=MAX_SECONDS).contains(seconds)) {
                let message = format!("`{field}` is {seconds}, expected 1 to {MAX_SECONDS}");
                found.push(
                    Diagnostic::error(CODE, site.field(field), message)
                        .with_help("use a number of that range"),
                );
            }
        }
        if let (Some(timeout), Some(heartbeat)) = (timeout, heartbeat)
            && heartbeat >= timeout
            && found.len() == before
        {
            let message = format!("the heartbeat of {heartbeat} s is not below the timeout of {timeout} s");
            let help = "lower the heartbeat, or raise the timeout";
            found.push(Diagnostic::error(CODE, site.field("HeartbeatSeconds"), message).with_help(help));
        }
    }
}
