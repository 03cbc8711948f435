//! Lowers a tree from its end: each node becomes the states in front of what is already there.
//! Separate because it is the heart: everything else answers one question it asks.

use super::ends::ScopeEnds;
use super::fan_out::Settling;
use super::graph::{ChoiceRule, Graph, NameHint, State, StateId, StateKind};
use super::live::VariableSet;
use super::pending::{PendingLists, Stack, Way};
use super::repeat::OpenLoop;
use super::target::Target;
use super::{log, naming};
use crate::ir::{Block, Choice, Expr, Node, NodeKind, Variable, VariableId};
use crate::{CompensationOrder, Origin};

/// More bindings than this on one edge are cut in two by a Pass State: each may repeat what it depends on.
const BINDINGS_PER_EDGE: usize = 24;

/// The lowering of one workflow.
#[derive(Debug)]
pub(super) struct Lowering<'w> {
    pub(super) workflow: &'w str,
    pub(super) variables: Vec<Variable>,
    pub(super) lists: PendingLists<'w>,
    pub(super) order: CompensationOrder,
    pub(super) graph: Graph,
    /// The variable of the failure that compensations run for.
    pub(super) failure: VariableId,
    /// The name of how an execution ended, inside expressions.
    pub(super) ended: VariableId,
    /// The names of a log's entries and of their places, inside expressions.
    pub(super) entry_and_place: [VariableId; 2],
    /// The chain entry of each list, by its number.
    pub(super) entries: Vec<Option<StateId>>,
    pub(super) chain_end: Option<StateId>,
    /// The states that end the open scopes, the innermost last.
    pub(super) ends: Vec<ScopeEnds>,
    /// The loops around the nodes being lowered, the innermost last.
    pub(super) loops: Vec<OpenLoop>,
}

impl<'w> Lowering<'w> {
    /// The nodes in front of a continuation.
    pub(super) fn sequence(&mut self, nodes: &'w [Node], front: Stack, behind: Target) -> Target {
        let stacks = self.lists.in_front(nodes, front);
        let mut target = behind;
        for (node, stack) in nodes.iter().zip(stacks).rev() {
            target = self.node(node, stack, target);
        }
        target
    }

    /// A block in front of a continuation that reads its value.
    pub(super) fn block(
        &mut self,
        block: &'w Block,
        front: Stack,
        mut behind: Target,
        value: Option<VariableId>,
    ) -> Target {
        if let (Some(variable), Some(expr)) = (value, &block.value) {
            behind = self.bound(None, behind, variable, expr);
        }
        self.sequence(&block.nodes, front, behind)
    }

    fn node(&mut self, node: &'w Node, front: Stack, behind: Target) -> Target {
        let (stack, log) = self.lists.inside(node, front);
        let mut target = self.inside_of(node, stack, behind);
        if let Some(log) = log {
            target.bind_first(log, log::empty());
        }
        if let Some(flag) = self.lists.uncommitted(node) {
            target.bind_first(flag, Expr::literal(true));
        }
        target
    }

    fn inside_of(&mut self, node: &'w Node, stack: Stack, mut behind: Target) -> Target {
        let origin = Some(node.origin);
        match &node.kind {
            NodeKind::Let { variable, value } | NodeKind::Set { variable, value } => {
                if behind.bindings() == BINDINGS_PER_EDGE || behind.repeats_itself(*variable) {
                    behind = Target::state(self.pass(origin, &behind));
                }
                self.bound(origin, behind, *variable, value)
            }
            NodeKind::Commit => {
                if let Some((log, flag)) = self.lists.reset_by(node) {
                    behind.bind_first(log, log::empty());
                    if let Some(flag) = flag {
                        behind.bind_first(flag, Expr::literal(false));
                    }
                }
                behind
            }
            NodeKind::Return(value) => self.ended(Some(value.clone())),
            NodeKind::Fail { error, cause } => self.fail(origin, stack, error, cause),
            NodeKind::Rethrow { failure } => self.rethrow(origin, stack, failure),
            NodeKind::Wait { seconds } => {
                let (edge, live) = behind.edge(&self.graph, None);
                let name = NameHint::Wanted(naming::wait(seconds), None);
                let kind = StateKind::Wait { seconds: seconds.clone(), edge };
                Target::state(self.state(kind, origin, None, name, live))
            }
            NodeKind::Task(call) => {
                let ways = self.lists.ways(node);
                Target::state(self.task(origin, call, stack, &ways, &behind))
            }
            NodeKind::Loop(repeated) => self.repeat(origin, repeated, stack, behind),
            NodeKind::Break { of, value } => self.leave(*of, value.as_ref()),
            NodeKind::Continue { of } => self.again(*of),
            NodeKind::Choice(choice) => {
                let ways = self.lists.ways(node);
                Target::state(self.choice(origin, choice, stack, &ways, &behind))
            }
            NodeKind::Parallel { branches, name, failure } => {
                // Nothing stands behind what always fails.
                let behind = if node.diverges() { self.ended(Some(Expr::null())) } else { behind };
                let settling = Settling { stack, fan_out: self.lists.fan_out(node), failure: *failure };
                Target::state(self.parallel(origin, branches, name.as_deref(), settling, behind))
            }
            NodeKind::Map(iteration) => {
                let fan_out = self.lists.fan_out(node);
                let settling = Settling { stack, fan_out, failure: iteration.failure };
                Target::state(self.map(origin, iteration, settling, behind))
            }
        }
    }

    /// A continuation with a variable bound in front of it. What is another value each time it is evaluated is assigned
    /// by itself where more than one value on the way would be made of it.
    pub(super) fn bound(
        &mut self,
        origin: Option<Origin>,
        mut behind: Target,
        variable: VariableId,
        value: &Expr,
    ) -> Target {
        if value.is_volatile() && behind.writes_out(variable, &self.graph) > 1 {
            behind = Target::state(self.pass(origin, &behind));
        }
        behind.bind_first(variable, value.clone());
        behind
    }

    fn choice(
        &mut self,
        origin: Option<Origin>,
        choice: &'w Choice,
        stack: Stack,
        ways: &[Way],
        behind: &Target,
    ) -> StateId {
        let mut live = VariableSet::default();
        let mut rules = Vec::new();
        for (at, rule) in choice.rules.iter().enumerate() {
            let target = self.block(&rule.body, stack, way_behind(behind, ways, at), choice.result);
            let (edge, behind) = self.edge(&target);
            live.extend(&behind);
            rules.push(ChoiceRule { condition: rule.condition.clone(), comment: rule.text.clone(), edge });
        }
        let default = way_behind(behind, ways, choice.rules.len());
        let default = self.block(&choice.otherwise, stack, default, choice.result);
        let (default, behind) = self.edge(&default);
        live.extend(&behind);
        let comment = rules.iter().all(|rule| rule.comment.is_none()).then(|| naming::choice_comment(choice));
        let name = NameHint::Wanted(naming::choice(choice), None);
        self.state(StateKind::Choice { rules, default }, origin, comment, name, live)
    }

    pub(super) fn pass(&mut self, origin: Option<Origin>, target: &Target) -> StateId {
        let (edge, live) = target.edge(&self.graph, None);
        let first = edge.assigns.first().map(|(variable, _)| *variable);
        let name = NameHint::Wanted(naming::pass(first, &self.variables), None);
        self.state(StateKind::Pass { edge }, origin, None, name, live)
    }

    pub(super) fn state(
        &mut self,
        mut kind: StateKind,
        origin: Option<Origin>,
        comment: Option<String>,
        name: NameHint,
        mut live: VariableSet,
    ) -> StateId {
        for expr in kind.own_mut() {
            live.read(expr);
        }
        self.graph.add(State { kind, origin, comment, name, live, is_repeated: false })
    }
}

/// What follows one block of a choice: flags say which way was taken, and what only another way sets is null.
pub(super) fn way_behind(behind: &Target, ways: &[Way], block: usize) -> Target {
    let mut target = behind.clone();
    for way in ways.iter().rev() {
        let taken = way.block == block;
        if !taken {
            for variable in &way.own {
                target.bind_first(*variable, Expr::null());
            }
        }
        target.bind_first(way.flag, Expr::literal(taken));
    }
    target
}

/// The first paragraph of a documentation, on one line.
pub(crate) fn first_paragraph(doc: &str) -> Option<String> {
    let lines =
        doc.lines().map(str::trim).skip_while(|line| line.is_empty()).take_while(|line| !line.is_empty());
    let text = lines.collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}
