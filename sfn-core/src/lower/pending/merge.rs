//! Where ways meet that left different compensations behind: flags tell at run time which way it was.
//! Separate because a list grows along one way, and this is about several.

use super::{End, Pending, PendingLists, Stack, StackId, Way};
use crate::ir::{Block, Call, Node, NodeKind, Variable, VariableId};
use crate::lower::log;

impl<'w> PendingLists<'w> {
    /// What is pending behind a node: what is behind all of its ways alike or, told by flags, behind one of them.
    pub(super) fn merge(
        &mut self,
        node: &Node,
        front: Stack,
        ends: &[End<'w>],
        variables: &mut Vec<Variable>,
    ) -> Stack {
        let mut going_on = ends.iter().filter(|end| !end.diverges).map(|end| end.stack);
        let Some(first) = going_on.next() else { return front };
        if going_on.all(|stack| stack == first) {
            return first;
        }
        let mut ways = Vec::new();
        // A way that commits leaves nothing in common with the others.
        let commits =
            front.is_some() && ends.iter().any(|end| !end.diverges && end.body.is_some_and(commits));
        let rest = front.filter(|_| !commits);
        for (block, end) in ends.iter().enumerate() {
            let Some(stack) = end.stack.filter(|_| !end.diverges && end.stack != rest) else { continue };
            let mut own = end.flags.clone();
            if let NodeKind::Task(call) = &node.kind
                && let Some(arm) = block.checked_sub(1).and_then(|at| call.arms.get(at))
            {
                own.extend(self.in_arm(arm, front).flag);
            }
            if let NodeKind::Task(call) = &node.kind
                && block == 0
            {
                own.push(call.result);
                own.extend(kept_in(call));
            }
            if let Some(body) = end.body {
                set_in(body, &mut own);
            }
            let hint = format!("{}_pending", self.latest(stack));
            let flag = log::flag(variables, &hint);
            ways.push(Way { block, flag, stack, own });
        }
        let merged = self.push(Pending::Ways { ways, rest });
        self.merged.insert(std::ptr::from_ref(node), merged);
        Some(merged)
    }

    /// The name of the task that would run first.
    fn latest(&self, stack: StackId) -> &'static str {
        match self.get(stack) {
            Pending::Undo { compensation, .. } => compensation.call.spec.name,
            Pending::Ways { ways, .. } => ways.first().map_or("undo", |way| self.latest(way.stack)),
            Pending::Log { kinds, .. } | Pending::HandOver { kinds, .. } => {
                kinds.first().map_or("undo", |kind| self.kind(*kind).task())
            }
        }
    }
}

fn commits(block: &Block) -> bool {
    block.nodes.iter().any(log::commits)
}

/// The variable that keeps what a call's compensation will be given.
fn kept_in(call: &Call) -> Option<VariableId> {
    call.compensation.as_deref()?.kept_in
}

/// The variables that a block sets.
fn set_in(block: &Block, set: &mut Vec<VariableId>) {
    for node in &block.nodes {
        match &node.kind {
            NodeKind::Let { variable, .. } => set.push(*variable),
            NodeKind::Loop(repeated) => {
                set.extend(repeated.result);
                set_in(&repeated.body, set);
            }
            NodeKind::Task(call) => {
                set.push(call.result);
                set.extend(kept_in(call));
                set.extend(call.value);
                for arm in &call.arms {
                    set.extend(arm.fields.into_iter().chain(arm.failure));
                    set_in(&arm.body, set);
                }
                if let Some(ok) = &call.ok {
                    set_in(ok, set);
                }
            }
            NodeKind::Choice(choice) => {
                set.extend(choice.result);
                for rule in &choice.rules {
                    set_in(&rule.body, set);
                }
                set_in(&choice.otherwise, set);
            }
            NodeKind::Parallel { branches, failure, .. } => {
                set.extend(branches.iter().map(|(_, result)| *result).chain(*failure));
            }
            NodeKind::Map(iteration) => set.extend([iteration.result].into_iter().chain(iteration.failure)),
            NodeKind::Wait { .. }
            | NodeKind::Commit
            | NodeKind::Return(_)
            | NodeKind::Fail { .. }
            | NodeKind::Rethrow { .. }
            | NodeKind::Set { .. }
            | NodeKind::Break { .. }
            | NodeKind::Continue { .. } => {}
        }
    }
}
