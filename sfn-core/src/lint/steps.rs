//! Lints of single steps: how long they may take, and what becomes of their failures.
//! Separate because each looks at one call and the arms of its match.

use super::{
    CALLBACK_WITHOUT_HEARTBEAT, EXPRESS_SIDE_EFFECT, HIDDEN_ERROR, IGNORED_FAILURE, RETRIED_SIDE_EFFECT,
    Report, TASK_WITHOUT_TIMEOUT, UNREACHABLE_STEP,
};
use crate::ir::{Arm, Block, CATCH_ALL, Call, Expr, Node, NodeKind, VariableId, Workflow};
use crate::{ExecutionType, Idempotency, KeySource, Pattern, Repetition};

pub(super) fn check(node: &Node, workflow: &Workflow, report: &mut Report<'_>) {
    let call = match &node.kind {
        NodeKind::Task(call) => call,
        NodeKind::Parallel { failure, .. } => {
            return check_settled(*failure, "branches", node, workflow, report);
        }
        NodeKind::Map(iteration) => {
            return check_settled(iteration.failure, "iterations", node, workflow, report);
        }
        _ => return,
    };
    let undone = call.compensation.iter().chain(&call.unknown).map(|undo| &undo.call);
    for call in std::iter::once(&**call).chain(undone) {
        let mut report = report.of(&call.spec);
        check_times(call, node, &mut report);
        if has_side_effect(call) {
            check_repetition(call, workflow.kind, node, &mut report);
        }
    }
    if let Some(arm) = call.arms.iter().find(|arm| takes_all(arm)) {
        check_catch_all(call, arm, &mut report.of(&call.spec));
    }
}

fn check_times(call: &Call, node: &Node, report: &mut Report<'_>) {
    let task = call.spec.name;
    if call.service.is_none() && call.timeout.is_none() {
        let message =
            format!("`{task}` has no timeout: an attempt takes as long as its Lambda function lets it");
        let help = "write `#[task(timeout = \"30s\")]`, or `.timeout(secs(30))` at the call";
        report.push(TASK_WITHOUT_TIMEOUT, node.origin, message, help);
    }
    if call.spec.pattern == Pattern::WaitForCallback && call.heartbeat.is_none() {
        let message = format!(
            "`{task}` waits for its token without a heartbeat: that its worker is gone shows only at the timeout"
        );
        let help = "write `heartbeat = \"1h\"` or `.heartbeat(hours(1))`, and have the worker call `token.heartbeat()`";
        report.push(CALLBACK_WITHOUT_HEARTBEAT, node.origin, message, help);
    }
    if call.spec.pattern == Pattern::Activity && call.heartbeat.is_none() {
        let message = format!(
            "`{task}` waits for a worker without a heartbeat: that it is gone shows only at the timeout"
        );
        let help = "write `heartbeat = \"1m\"` or `.heartbeat(mins(1))`; workers send them by themselves";
        report.push(CALLBACK_WITHOUT_HEARTBEAT, node.origin, message, help);
    }
}

/// What happens more than once, though nobody says that it may.
fn check_repetition(call: &Call, kind: ExecutionType, node: &Node, report: &mut Report<'_>) {
    let task = call.spec.name;
    let is_once_a_visit =
        matches!(call.spec.repetition, Repetition::Replays(Idempotency { key: KeySource::Visit, .. }));
    if call.retry.is_some() && !is_once_a_visit {
        let help = match call.service {
            Some(_) => "let a task do it that is idempotent: `#[task(idempotent)]`",
            None => {
                "write `#[task(idempotent)]`, or `repeatable` where a second time changes nothing; or `retry = none`"
            }
        };
        let message =
            format!("`{task}` is retried: an attempt may have done its work when only its answer is lost");
        report.push(RETRIED_SIDE_EFFECT, node.origin, message, help);
    }
    if kind == ExecutionType::Express {
        let help = match call.service {
            Some(_) => "let a task do it with a key from its arguments: `#[task(idempotent = order.id)]`",
            None => {
                "write `#[task(idempotent = order.id)]`, with a key from its arguments, or `repeatable` where a second time \
                 changes nothing"
            }
        };
        let again = if is_once_a_visit { ", and a second run is another visit of the State" } else { "" };
        let message = format!(
            "`{task}` may be done twice: an Express execution that is started runs at least once{again}"
        );
        report.push(EXPRESS_SIDE_EFFECT, node.origin, message, help);
    }
}

/// Whether doing it twice may come to something else than doing it once.
fn has_side_effect(call: &Call) -> bool {
    /// What actions that only read begin with.
    const READING: [&str; 8] = ["batchGet", "describe", "get", "head", "list", "query", "scan", "search"];
    /// Actions that set something to what they are given.
    const SETTING: [&str; 4] = ["deleteItem", "deleteObject", "putItem", "putObject"];
    let Some(service) = &call.service else {
        return match call.spec.repetition {
            Repetition::Counts => true,
            Repetition::Harmless => false,
            Repetition::Replays(Idempotency { key, .. }) => matches!(key, KeySource::Visit),
        };
    };
    let Some(resource) = &service.resource else { return false };
    let action = resource.rsplit(':').next().unwrap_or_default();
    let action = action.split('.').next().unwrap_or_default();
    !READING.iter().any(|verb| action.starts_with(verb)) && !SETTING.contains(&action)
}

/// An arm for whatever happens: does it do anything, and does it know what it takes?
fn check_catch_all(call: &Call, arm: &Arm, report: &mut Report<'_>) {
    let task = call.spec.name;
    if call.value.is_none() && arm.body.nodes.is_empty() {
        let message = format!("whatever goes wrong in `{task}` is swallowed here");
        let help = "pass it on with `?`, or match on the failures that do not matter";
        return report.push(IGNORED_FAILURE, arm.origin, message, help);
    }
    if matches!(arm.body.nodes.as_slice(), [Node { kind: NodeKind::Rethrow { .. }, .. }]) {
        return;
    }
    let is_named = |name: &str| call.arms.iter().any(|arm| arm.errors.iter().any(|known| known == name));
    let hidden = call.spec.errors.iter().filter(|error| !is_named(error.name));
    let hidden: Vec<_> = hidden.map(|error| format!("`{}`", error.variant)).collect();
    if !hidden.is_empty() {
        let message = format!("this arm takes {} too, which `{task}` declares", hidden.join(", "));
        let help = "give each an arm, or all of them one: `Err(Failure::Task(_)) => ..`";
        report.push(HIDDEN_ERROR, arm.origin, message, help);
    }
}

/// The failure of several things at once that is caught: does anything depend on it?
fn check_settled(
    failure: Option<VariableId>,
    what: &str,
    node: &Node,
    workflow: &Workflow,
    report: &mut Report<'_>,
) {
    if report.wants(IGNORED_FAILURE) && failure.is_some_and(|failure| !heeds(&workflow.body, failure)) {
        let message = format!("whatever goes wrong in these {what} is swallowed here");
        report.push(IGNORED_FAILURE, node.origin, message, "pass it on with `?`, or do something about it");
    }
}

/// Whether anything is done that depends on a failure.
fn heeds(block: &Block, failure: VariableId) -> bool {
    let reads = |expr: &Expr| expr.uses(failure) > 0;
    let does = |node: &Node| match &node.kind {
        NodeKind::Choice(choice) if choice.result.is_none() => {
            choice.rules.iter().any(|rule| reads(&rule.condition) && !rule.body.nodes.is_empty())
        }
        _ => node.exprs().into_iter().any(reads),
    };
    block.value.as_ref().is_some_and(reads)
        || block
            .nodes
            .iter()
            .any(|node| does(node) || node.blocks().into_iter().any(|inner| heeds(inner, failure)))
}

fn takes_all(arm: &Arm) -> bool {
    arm.errors.iter().any(|name| name == CATCH_ALL)
}

/// What stands behind the end of a block. Of the user's own Rust rustc says so itself.
pub(super) fn check_reachable(block: &Block, report: &mut Report<'_>) {
    let mut nodes = block.nodes.iter();
    if nodes.any(Node::diverges)
        && let Some(first) = nodes.next()
    {
        let message =
            "nothing leads to this statement: what stands before it ends the workflow, or never ends"
                .to_owned();
        report.push(
            UNREACHABLE_STEP,
            first.origin,
            message,
            "remove it, or let the other one end on a condition",
        );
    }
    for node in &block.nodes {
        node.blocks().into_iter().for_each(|inner| check_reachable(inner, report));
    }
}
