//! Lints of compensations: those that never run, and steps that stay done beside them.
//! Separate because both depend on what may happen before and after a step, and not on the step alone.

use super::{Report, UNCOMPENSATED_STEP, UNREACHABLE_COMPENSATION};
use crate::ir::{Block, CATCH_ALL, Call, Node, NodeKind};

pub(super) fn check(body: &Block, report: &mut Report<'_>) {
    Walk { report, pending: false, settled: false }.block(body, false);
}

/// Goes through a workflow in the order of its text.
struct Walk<'w, 'r> {
    report: &'w mut Report<'r>,
    /// Whether a step before this place is undone when something fails.
    pending: bool,
    /// Whether a failure here is caught by what waits for several things at once, so that nothing is undone for it.
    settled: bool,
}

impl Walk<'_, '_> {
    /// Judges the steps of a block behind which something may fail, or not.
    fn block(&mut self, block: &Block, fails_behind: bool) {
        for (at, node) in block.nodes.iter().enumerate() {
            let fails = if self.settled {
                fails_behind
            } else {
                fails_in_order(&block.nodes[at + 1..], fails_behind)
            };
            self.node(node, fails);
        }
    }

    fn node(&mut self, node: &Node, fails: bool) {
        match &node.kind {
            NodeKind::Commit => self.pending = false,
            NodeKind::Task(call) => {
                let before = self.pending;
                self.call(node, call, fails);
                let success = self.pending;
                let mut after = call.ok.is_none() && success;
                for (at, inner) in node.blocks().into_iter().enumerate() {
                    self.pending = if at == 0 && call.ok.is_some() { success } else { before };
                    self.block(inner, fails);
                    after |= self.pending;
                }
                self.pending = after;
            }
            kind => {
                // What stands beside a branch or an iteration, and in the next turn of a loop, may fail as well.
                let settled = self.settled || settles(kind);
                let beside = match kind {
                    _ if settled => false,
                    NodeKind::Parallel { .. } | NodeKind::Map(_) => true,
                    NodeKind::Loop(repeated) => repeated.body.nodes.iter().any(fails_itself),
                    _ => false,
                };
                let outside = std::mem::replace(&mut self.settled, settled);
                let before = self.pending;
                let mut after = before;
                for inner in node.blocks() {
                    self.pending = before;
                    self.block(inner, fails || beside);
                    after |= self.pending;
                }
                self.pending = after;
                self.settled = outside;
            }
        }
    }

    fn call(&mut self, node: &Node, call: &Call, fails: bool) {
        let task = call.spec.name;
        match &call.compensation {
            Some(undo) => {
                let fails = fails
                    || !self.settled && call.ok.as_ref().is_some_and(|ok| ok.nodes.iter().any(fails_itself));
                if !fails {
                    let message =
                        format!("`{}` never runs: nothing behind `{task}` can fail", undo.call.spec.name);
                    let help = "remove the `.compensate`, or take the step earlier";
                    self.report.of(&call.spec).push(UNREACHABLE_COMPENSATION, node.origin, message, help);
                }
                self.pending = true;
            }
            None if self.pending && fails => {
                let message = format!(
                    "`{task}` stays done when another step fails, though what was done before it is undone"
                );
                let help = "give it a `.compensate`, take it last, or call `saga::commit()` before it";
                self.report.of(&call.spec).push(UNCOMPENSATED_STEP, node.origin, message, help);
            }
            None => {}
        }
    }
}

/// Whether any of these nodes, or what follows them, may end the workflow with a failure that undoes what is pending.
fn fails_in_order(nodes: &[Node], behind: bool) -> bool {
    for node in nodes {
        match &node.kind {
            NodeKind::Commit | NodeKind::Return(_) => return false,
            _ if fails_itself(node) => return true,
            _ => {}
        }
    }
    behind
}

fn fails_itself(node: &Node) -> bool {
    let inside = || node.blocks().into_iter().any(|block| block.nodes.iter().any(fails_itself));
    match &node.kind {
        NodeKind::Fail { .. } | NodeKind::Rethrow { .. } => true,
        NodeKind::Task(call) => {
            let takes_all = call.arms.iter().any(|arm| arm.errors.iter().any(|name| name == CATCH_ALL));
            !takes_all || inside()
        }
        // Whatever fails in them is caught.
        kind if settles(kind) => false,
        NodeKind::Map(iteration) => iteration.distributed.is_some() || inside(),
        _ => inside(),
    }
}

/// Whether it catches whatever fails inside it.
fn settles(kind: &NodeKind) -> bool {
    match kind {
        NodeKind::Parallel { failure, .. } => failure.is_some(),
        NodeKind::Map(iteration) => iteration.failure.is_some(),
        _ => false,
    }
}
