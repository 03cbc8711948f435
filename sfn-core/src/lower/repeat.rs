//! Loops: the one place where control goes back to a state that is already there.
//! Separate because lowering goes from the end to the front, and a loop's end leads to its front.

use super::graph::{Edge, NameHint, State, StateId, StateKind};
use super::live::VariableSet;
use super::pending::Stack;
use super::sequence::Lowering;
use super::target::{Goto, Target};
use crate::Origin;
use crate::ir::{Block, Expr, Loop, LoopId, Node, NodeKind, VariableId};

/// A loop around the nodes being lowered.
#[derive(Debug)]
pub(super) struct OpenLoop {
    id: LoopId,
    /// Where a break goes.
    behind: Target,
    result: Option<VariableId>,
    /// Where a continue goes.
    again: Target,
}

impl<'w> Lowering<'w> {
    /// A loop in front of a continuation.
    ///
    /// What a turn begins with and only binds stands on the edges that lead to the first state of the loop, from in
    /// front of it and from its end: it costs no state of its own.
    pub(super) fn repeat(
        &mut self,
        origin: Option<Origin>,
        repeated: &'w Loop,
        stack: Stack,
        behind: Target,
    ) -> Target {
        if !goes_round(repeated) {
            let again = Target::discard();
            self.loops.push(OpenLoop {
                id: repeated.id,
                behind,
                result: repeated.result,
                again: again.clone(),
            });
            let target = self.sequence(&repeated.body.nodes, stack, again);
            self.loops.pop();
            return target;
        }
        let pure = |node: &&Node| matches!(node.kind, NodeKind::Let { .. } | NodeKind::Set { .. });
        let first = repeated.body.nodes.iter().take_while(pure).count();
        let (opening, rest) = repeated.body.nodes.split_at(first);
        let head = self.loop_head(repeated, rest, &behind);
        let mark = self.graph.states.len();
        let enter = self.sequence(opening, stack, Target::state(head));
        let again = self.sequence(&repeated.step, stack, enter);
        self.loops.push(OpenLoop { id: repeated.id, behind, result: repeated.result, again: again.clone() });
        let body = self.sequence(rest, stack, again);
        self.loops.pop();
        let start = match body.goto() {
            Goto::State(start) if body.bindings() == 0 => *start,
            Goto::State(_) => self.pass(origin, &body),
            // No turn reaches its end: nothing is repeated.
            Goto::End(_) | Goto::Discard => return self.sequence(opening, stack, body),
        };
        for state in &mut self.graph.states[mark..] {
            for edge in state.kind.edges_mut() {
                if edge.to == Some(head) {
                    edge.to = Some(start);
                }
            }
        }
        self.graph.states[start.0].is_repeated = true;
        self.sequence(opening, stack, Target::state(start))
    }

    /// Where a break of a loop goes, with the loop's value.
    pub(super) fn leave(&mut self, of: LoopId, value: Option<&Expr>) -> Target {
        let Some(open) = self.loops.iter().find(|open| open.id == of) else { return Target::discard() };
        let (target, result) = (open.behind.clone(), open.result);
        match (result, value) {
            (Some(result), Some(value)) => self.bound(None, target, result, value),
            _ => target,
        }
    }

    /// Where a continue of a loop goes.
    pub(super) fn again(&mut self, of: LoopId) -> Target {
        let open = self.loops.iter().find(|open| open.id == of);
        open.map_or_else(Target::discard, |open| open.again.clone())
    }

    /// A state that stands for the loop's first one until that is known; what it reads is known before. It comes in front
    /// of the rest of the body, behind what a turn begins with.
    fn loop_head(&mut self, repeated: &Loop, rest: &[Node], behind: &Target) -> StateId {
        let mut always = VariableSet::default();
        self.lists.read_by_compensations(&mut always);
        let mut liveness = Liveness { loops: Vec::new(), always };
        for open in &self.loops {
            let (leave, again) = (open.behind.live(&self.graph), open.again.live(&self.graph));
            liveness.loops.push((open.id, leave, again));
        }
        let live = liveness.turn(repeated, rest, &behind.live(&self.graph));
        let edge = Edge { assigns: Vec::new(), output: None, to: None };
        let name = NameHint::Wanted(String::new(), None);
        let kind = StateKind::Pass { edge };
        self.graph.add(State { kind, origin: None, comment: None, name, live, is_repeated: false })
    }
}

/// Whether any turn leads to another.
fn goes_round(repeated: &Loop) -> bool {
    !repeated.body.diverges()
        || repeated.body.has(&|kind| matches!(kind, NodeKind::Continue { of } if *of == repeated.id))
}

/// Which variables are read later, on the tree: what a loop's first state reads must be known before it is made.
struct Liveness {
    /// Per open loop, what is read behind a break and behind a continue.
    loops: Vec<(LoopId, VariableSet, VariableSet)>,
    /// What any compensation reads, at any time.
    always: VariableSet,
}

impl Liveness {
    /// What is read from the first state of a loop on: the smallest set that a turn reproduces.
    fn head(&mut self, repeated: &Loop, behind: &VariableSet) -> VariableSet {
        let mut head = self.always.clone();
        loop {
            let mut turn = self.before(repeated, &repeated.body.nodes, &head, behind);
            turn.extend(&head);
            if turn == head {
                return head;
            }
            head = turn;
        }
    }

    /// What is read from a place in the body on.
    fn turn(&mut self, repeated: &Loop, rest: &[Node], behind: &VariableSet) -> VariableSet {
        let head = self.head(repeated, behind);
        let mut live = self.before(repeated, rest, &head, behind);
        live.extend(&self.always);
        live
    }

    /// What is read from the last nodes of the body on, where that is known of the next turn.
    fn before(
        &mut self,
        repeated: &Loop,
        rest: &[Node],
        head: &VariableSet,
        behind: &VariableSet,
    ) -> VariableSet {
        let again = self.nodes(&repeated.step, head.clone());
        self.loops.push((repeated.id, behind.clone(), again.clone()));
        let live = self.nodes(rest, again);
        self.loops.pop();
        live
    }

    fn nodes(&mut self, nodes: &[Node], mut live: VariableSet) -> VariableSet {
        for node in nodes.iter().rev() {
            live = self.node(node, live);
        }
        live
    }

    fn block(&mut self, block: &Block, behind: &VariableSet, value: Option<VariableId>) -> VariableSet {
        let mut live = behind.clone();
        if let (Some(value), Some(expr)) = (value, &block.value) {
            live.remove(value);
            live.read(expr);
        }
        self.nodes(&block.nodes, live)
    }

    /// A scope inside: it ends with its value and leads nowhere.
    fn scope(&mut self, block: &Block) -> VariableSet {
        let mut live = VariableSet::default();
        block.value.iter().for_each(|value| live.read(value));
        self.nodes(&block.nodes, live)
    }

    fn node(&mut self, node: &Node, mut behind: VariableSet) -> VariableSet {
        match &node.kind {
            NodeKind::Let { variable, value } | NodeKind::Set { variable, value } => {
                if behind.contains(*variable) {
                    behind.remove(*variable);
                    behind.read(value);
                }
                behind
            }
            NodeKind::Task(call) => {
                let mut live = self.always.clone();
                match &call.ok {
                    Some(ok) => live.extend(&self.block(ok, &behind, call.value)),
                    None => live.extend(&behind),
                }
                for undo in call.compensation.iter().chain(&call.unknown) {
                    undo.call.payload.iter().for_each(|given| live.read(given));
                }
                if let Some(service) = call.service.as_ref().filter(|_| live.contains(call.result)) {
                    live.read(&service.output);
                }
                live.remove(call.result);
                for arm in &call.arms {
                    let mut caught = self.block(&arm.body, &behind, call.value);
                    arm.fields.into_iter().chain(arm.failure).for_each(|bound| caught.remove(bound));
                    live.extend(&caught);
                }
                call.payload.iter().for_each(|payload| live.read(payload));
                live
            }
            NodeKind::Choice(choice) => {
                let mut live = self.block(&choice.otherwise, &behind, choice.result);
                for rule in &choice.rules {
                    live.extend(&self.block(&rule.body, &behind, choice.result));
                    live.read(&rule.condition);
                }
                live
            }
            NodeKind::Loop(repeated) => {
                repeated.result.into_iter().for_each(|result| behind.remove(result));
                self.head(repeated, &behind)
            }
            NodeKind::Break { of, value } => {
                let mut live = self.target(*of, |(_, leave, _)| leave);
                if let Some(value) = value {
                    live.read(value);
                }
                live
            }
            NodeKind::Continue { of } => self.target(*of, |(_, _, again)| again),
            NodeKind::Parallel { branches, failure, .. } => {
                let given = branches.iter().map(|(_, result)| *result).chain(*failure);
                given.for_each(|given| behind.remove(given));
                for (body, _) in branches {
                    behind.extend(&self.scope(body));
                }
                behind
            }
            NodeKind::Map(iteration) => {
                let given = [iteration.result].into_iter().chain(iteration.failure);
                given.for_each(|given| behind.remove(given));
                let mut body = self.scope(&iteration.body);
                iteration.inputs().iter().for_each(|(variable, _)| body.remove(*variable));
                behind.extend(&body);
                node.exprs().into_iter().for_each(|expr| behind.read(expr));
                behind
            }
            NodeKind::Wait { seconds } => {
                behind.read(seconds);
                behind
            }
            NodeKind::Commit => behind,
            NodeKind::Return(value) | NodeKind::Rethrow { failure: value } => {
                let mut live = self.always.clone();
                live.read(value);
                live
            }
            NodeKind::Fail { error, cause } => {
                let mut live = self.always.clone();
                live.read(error);
                live.read(cause);
                live
            }
        }
    }

    fn target(
        &self,
        of: LoopId,
        which: impl Fn(&(LoopId, VariableSet, VariableSet)) -> &VariableSet,
    ) -> VariableSet {
        self.loops.iter().find(|(id, ..)| *id == of).map(|open| which(open).clone()).unwrap_or_default()
    }
}
