//! `unbounded-concurrency`: a Map State that starts as many iterations at once as it can.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, Operand, ProcessorMode, Severity, State};

const CODE: Code = Code::new("unbounded-concurrency");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Advice,
    what: "A Map State that does work per item and has no `MaxConcurrency`, or one of 0.",
    why: "It starts up to 40 iterations at once, a distributed one up to 10,000 child Executions: more than the services \
          behind them may stand.",
    instead: "Give it a `MaxConcurrency` that the slowest service in it can serve.",
    invalid: &[Example::new(
        "/States/Each",
        r#"{"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true, "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "Send",
            "States": {"Send": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": true}}}}}}"#,
    )],
    valid: &[
        r#"{"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true, "MaxConcurrency": 10, "ItemProcessor": {
            "StartAt": "Send",
            "States": {"Send": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": true}}}}}}"#,
        r#"{"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true, "ItemProcessor": {
            "StartAt": "Item", "States": {"Item": {"Type": "Pass", "End": true}}}}}}"#,
    ],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in &survey.sites {
        let State::Map(map) = site.state else { continue };
        let is_bounded = !matches!(map.max_concurrency, None | Some(Operand::Literal(0)));
        let works = map.item_processor.machine.states.values().any(|state| matches!(state, State::Task(_)));
        if !is_bounded && works {
            let most = match map.item_processor.mode() {
                ProcessorMode::Inline => "40 iterations",
                ProcessorMode::Distributed => "10,000 child Executions",
            };
            let message = format!("the Map State `{}` runs up to {most} at once", site.name);
            found.push(Diagnostic::advice(CODE, site.place(), message).with_help("add `MaxConcurrency`"));
        }
    }
}
