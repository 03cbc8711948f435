//! Which compensations are pending where: a persistent list per place of the tree, shared by its tails.
//! Separate because it is known from the front, while the lowering comes from the back.

mod merge;

use std::collections::{BTreeSet, HashMap};

use super::live::VariableSet;
use super::log::{self, Kind, KindId};
use super::unknown::errors_of_arms;
use crate::CompensationOrder;
use crate::ir::{Arm, Block, Call, Compensation, Expr, Node, NodeKind, Variable, VariableId};

/// A list of pending compensations, the latest first; none is the empty list.
pub(super) type Stack = Option<StackId>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct StackId(pub(super) usize);

#[derive(Debug)]
pub(super) enum Pending<'w> {
    /// Undo this, then the rest.
    Undo { compensation: &'w Compensation, rest: Stack },
    /// Undo what the way that was taken left behind, then the rest, which all ways have in common.
    Ways { ways: Vec<Way>, rest: Stack },
    /// Undo what a log holds, the latest first, then the rest.
    Log { log: VariableId, kinds: BTreeSet<KindId>, rest: Stack },
    /// Hand a log over to whoever runs the branch or the iteration that this is.
    HandOver { log: VariableId, kinds: BTreeSet<KindId> },
}

/// Branches or iterations that hand over what they did.
#[derive(Clone, Copy, Debug)]
pub(super) struct FanOut {
    /// The list behind them.
    pub(super) behind: StackId,
    /// Where what they did is gathered.
    pub(super) log: VariableId,
    /// Whether something is in it already.
    pub(super) appends: bool,
    /// How the first of them failed that did.
    pub(super) failed: VariableId,
}

/// What is pending behind a failure that may leave unknown whether its step happened.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unknown {
    pub(super) stack: Stack,
    /// The variable that says whether it is unknown, where that is not known from the text.
    pub(super) flag: Option<VariableId>,
}

/// A way through a choice that left compensations behind.
#[derive(Clone, Debug)]
pub(super) struct Way {
    /// Which of the choice's blocks.
    pub(super) block: usize,
    /// The variable that says whether it was taken.
    pub(super) flag: VariableId,
    pub(super) stack: StackId,
    /// The variables that its compensations read and that only this way sets.
    pub(super) own: Vec<VariableId>,
}

/// How one of a node's blocks ends.
struct End<'w> {
    body: Option<&'w Block>,
    stack: Stack,
    diverges: bool,
    /// The flags of the choices inside it.
    flags: Vec<VariableId>,
}

/// The lists of a workflow.
#[derive(Debug)]
pub(super) struct PendingLists<'w> {
    lists: Vec<Pending<'w>>,
    /// The list behind each node, by the node's address; looked up, never walked.
    behind: HashMap<*const Node, Stack>,
    /// The list that each node with differing ways made of them, by the node's address; looked up, never walked.
    merged: HashMap<*const Node, StackId>,
    /// The list right behind each call that is compensated, by the compensation's address; looked up, never walked.
    success: HashMap<*const Compensation, Stack>,
    /// The ways to undo something that logs speak of.
    kinds: Vec<Kind<'w>>,
    /// The log that a node begins, by the node's address; looked up, never walked.
    begun: HashMap<*const Node, StackId>,
    /// The list at the beginning of a scope that hands over, by its body's address; looked up, never walked.
    scopes: HashMap<*const Block, StackId>,
    /// By the node's address; looked up, never walked.
    fan_outs: HashMap<*const Node, FanOut>,
    /// By the arm's address; looked up, never walked.
    arms: HashMap<*const Arm, Unknown>,
    /// What no arm takes, by the address of what undoes it; looked up, never walked.
    unknown: HashMap<*const Compensation, Unknown>,
    /// By the node's address; looked up, never walked.
    commits: HashMap<*const Node, (VariableId, Option<VariableId>)>,
    /// By the address of the node that begins a log; looked up, never walked.
    uncommitted: HashMap<*const Node, VariableId>,
    /// What a compensation is logged as, by its address; looked up, never walked.
    logged: HashMap<*const Compensation, (VariableId, KindId)>,
    /// The log that whatever is done now is written to.
    open: Option<StackId>,
    /// The flag that goes with it.
    open_flag: Option<VariableId>,
    order: CompensationOrder,
}

impl<'w> PendingLists<'w> {
    /// Finds the lists of a body; flags become new variables.
    pub(super) fn new(body: &'w Block, order: CompensationOrder, variables: &mut Vec<Variable>) -> Self {
        let mut lists = Self {
            lists: Vec::new(),
            behind: HashMap::new(),
            merged: HashMap::new(),
            success: HashMap::new(),
            kinds: Vec::new(),
            begun: HashMap::new(),
            scopes: HashMap::new(),
            fan_outs: HashMap::new(),
            logged: HashMap::new(),
            arms: HashMap::new(),
            unknown: HashMap::new(),
            commits: HashMap::new(),
            uncommitted: HashMap::new(),
            open_flag: None,
            open: None,
            order,
        };
        lists.block(body, None, variables);
        lists
    }

    pub(super) fn get(&self, id: StackId) -> &Pending<'w> {
        &self.lists[id.0]
    }

    /// The list in front of each node of a block, given the one in front of the block.
    pub(super) fn in_front(&self, nodes: &[Node], front: Stack) -> Vec<Stack> {
        let behind = nodes.iter().map(|node| self.behind(node).unwrap_or(front));
        std::iter::once(front).chain(behind).take(nodes.len()).collect()
    }

    /// The ways that a node's own blocks leave behind, where they differ.
    pub(super) fn ways(&self, node: &Node) -> Vec<Way> {
        let merged = self.merged.get(&std::ptr::from_ref(node)).map(|id| self.get(*id));
        match merged {
            Some(Pending::Ways { ways, .. }) => ways.clone(),
            Some(Pending::Undo { .. } | Pending::Log { .. } | Pending::HandOver { .. }) | None => Vec::new(),
        }
    }

    /// The list while the node's success block runs.
    pub(super) fn after_success(&self, call: &Call, front: Stack) -> Stack {
        let compensation = call.compensation.as_deref().map(std::ptr::from_ref);
        compensation.and_then(|address| self.success.get(&address).copied()).unwrap_or(front)
    }

    /// The list inside a node, and the log that begins with it.
    pub(super) fn inside(&self, node: &Node, front: Stack) -> (Stack, Option<VariableId>) {
        let begun = self.begun.get(&std::ptr::from_ref(node)).copied();
        match begun.map(|id| (id, self.get(id))) {
            Some((id, Pending::Log { log, .. })) => (Some(id), Some(*log)),
            _ => (front, None),
        }
    }

    /// The list at the beginning of a branch or an iteration, and the log that it hands over.
    pub(super) fn in_scope(&self, body: &Block) -> Option<(StackId, VariableId)> {
        let id = *self.scopes.get(&std::ptr::from_ref(body))?;
        let Pending::HandOver { log, .. } = self.get(id) else { return None };
        Some((id, *log))
    }

    pub(super) fn fan_out(&self, node: &Node) -> Option<FanOut> {
        self.fan_outs.get(&std::ptr::from_ref(node)).copied()
    }

    /// The list while an arm of a call whose outcome may be unknown runs.
    pub(super) fn in_arm(&self, arm: &Arm, front: Stack) -> Unknown {
        self.arms.get(&std::ptr::from_ref(arm)).copied().unwrap_or(Unknown { stack: front, flag: None })
    }

    /// The list behind a failure of a call that no arm takes and that may leave unknown whether it happened.
    pub(super) fn after_unknown(&self, unknown: &Compensation, front: Stack) -> Unknown {
        let known = self.unknown.get(&std::ptr::from_ref(unknown));
        known.copied().unwrap_or(Unknown { stack: front, flag: None })
    }

    /// The logs and flags that a point of no return resets.
    pub(super) fn reset_by(&self, node: &Node) -> Option<(VariableId, Option<VariableId>)> {
        self.commits.get(&std::ptr::from_ref(node)).copied()
    }

    /// The flag that says whether what was done in front of a node can still be undone.
    pub(super) fn uncommitted(&self, node: &Node) -> Option<VariableId> {
        self.uncommitted.get(&std::ptr::from_ref(node)).copied()
    }

    /// What a compensation that is due from now on adds to a log.
    pub(super) fn note(&self, compensation: &Compensation) -> Option<(VariableId, Expr)> {
        let (log, kind) = self.logged.get(&std::ptr::from_ref(compensation))?;
        Some((*log, self.kinds[kind.0].noted(*log, compensation)))
    }

    pub(super) fn kind(&self, id: KindId) -> &Kind<'w> {
        &self.kinds[id.0]
    }

    /// Adds every variable that some compensation reads, and the flags that choose among them.
    pub(super) fn read_by_compensations(&self, read: &mut VariableSet) {
        for list in &self.lists {
            match list {
                Pending::Undo { compensation, .. } => match compensation.kept_in {
                    Some(variable) => read.insert(variable),
                    None => compensation.call.payload.iter().for_each(|payload| read.read(payload)),
                },
                Pending::Ways { ways, .. } => ways.iter().for_each(|way| read.insert(way.flag)),
                Pending::Log { log, .. } | Pending::HandOver { log, .. } => read.insert(*log),
            }
        }
    }

    fn behind(&self, node: &Node) -> Option<Stack> {
        self.behind.get(&std::ptr::from_ref(node)).copied()
    }

    fn push(&mut self, pending: Pending<'w>) -> StackId {
        self.lists.push(pending);
        StackId(self.lists.len() - 1)
    }

    fn block(&mut self, block: &'w Block, mut stack: Stack, variables: &mut Vec<Variable>) -> Stack {
        for node in &block.nodes {
            stack = self.node(node, stack, variables);
            self.behind.insert(std::ptr::from_ref(node), stack);
        }
        stack
    }

    fn node(&mut self, node: &'w Node, front: Stack, variables: &mut Vec<Variable>) -> Stack {
        if self.open.is_some() || !self.needs_log(node) {
            return self.inside_of(node, front, variables);
        }
        let log = log::variable(variables);
        let rest = self.rest_of(node, front, variables);
        let begun = self.push(Pending::Log { log, kinds: BTreeSet::new(), rest });
        self.begun.insert(std::ptr::from_ref(node), begun);
        self.open = Some(begun);
        self.inside_of(node, Some(begun), variables);
        // What is undone all at once is in one log to the end.
        if self.order == CompensationOrder::Reverse {
            self.open = None;
        }
        Some(begun)
    }

    /// Whether only the run of a node knows what is to be undone.
    fn needs_log(&self, node: &Node) -> bool {
        let is_repeated = matches!(node.kind, NodeKind::Loop(_));
        is_repeated && log::commits(node)
            || (is_repeated || self.order == CompensationOrder::Parallel) && log::compensates(node)
    }

    /// What is undone after a log: what was done in front of the node that begins it, unless the node commits that.
    fn rest_of(&mut self, node: &'w Node, front: Stack, variables: &mut Vec<Variable>) -> Stack {
        self.open_flag = None;
        let (Some(stack), true) = (front, log::commits(node)) else { return front };
        let flag = log::flag(variables, "uncommitted");
        self.open_flag = Some(flag);
        self.uncommitted.insert(std::ptr::from_ref(node), flag);
        let way = Way { block: usize::MAX, flag, stack, own: Vec::new() };
        Some(self.push(Pending::Ways { ways: vec![way], rest: None }))
    }

    fn inside_of(&mut self, node: &'w Node, front: Stack, variables: &mut Vec<Variable>) -> Stack {
        let mut ends = Vec::new();
        let mut end =
            |lists: &mut Self, body: Option<&'w Block>, front: Stack, variables: &mut Vec<Variable>| {
                let first_flag = variables.len();
                let stack = body.map_or(front, |body| lists.block(body, front, variables));
                let flags =
                    (first_flag..variables.len()).filter_map(|at| u32::try_from(at).ok()).map(VariableId);
                let diverges = body.is_some_and(Block::diverges);
                ends.push(End { body, stack, diverges, flags: flags.collect() });
            };
        match &node.kind {
            NodeKind::Task(call) => {
                let success = match call.compensation.as_deref() {
                    Some(compensation) => {
                        let stack = match self.open {
                            Some(log) => {
                                self.log(log, compensation);
                                Some(log)
                            }
                            None => Some(self.push(Pending::Undo { compensation, rest: front })),
                        };
                        self.success.insert(std::ptr::from_ref(compensation), stack);
                        stack
                    }
                    None => front,
                };
                let unknown = self.unknown(call, front, variables);
                end(self, call.ok.as_ref(), success, variables);
                for (arm, stack) in call.arms.iter().zip(unknown) {
                    end(self, Some(&arm.body), stack, variables);
                }
            }
            NodeKind::Choice(choice) => {
                let bodies = choice.rules.iter().map(|rule| &rule.body).chain([&choice.otherwise]);
                bodies.for_each(|body| end(self, Some(body), front, variables));
            }
            // Nothing inside is compensated, or all of it is logged: the list is the same throughout.
            NodeKind::Loop(repeated) => {
                self.block(&repeated.body, front, variables);
                return front;
            }
            NodeKind::Parallel { branches, .. } if log::compensates(node) => {
                let bodies = branches.iter().map(|(body, _)| body).collect();
                return Some(self.scopes_of(node, bodies, front, variables));
            }
            NodeKind::Map(iteration) if log::compensates(node) => {
                return Some(self.scopes_of(node, vec![&iteration.body], front, variables));
            }
            NodeKind::Commit => {
                return match self.open.map(|id| self.get(id)) {
                    Some(Pending::Log { log, .. } | Pending::HandOver { log, .. }) => {
                        self.commits.insert(std::ptr::from_ref(node), (*log, self.open_flag));
                        front
                    }
                    _ => None,
                };
            }
            _ => return front,
        }
        self.merge(node, front, &ends, variables)
    }

    /// The list behind branches or iterations, each of which hands over what it did.
    fn scopes_of(
        &mut self,
        node: &'w Node,
        bodies: Vec<&'w Block>,
        front: Stack,
        variables: &mut Vec<Variable>,
    ) -> StackId {
        let around = self.open;
        let mut handed_over = BTreeSet::<KindId>::new();
        for body in bodies {
            let log = log::variable(variables);
            let scope = self.push(Pending::HandOver { log, kinds: BTreeSet::new() });
            self.scopes.insert(std::ptr::from_ref(body), scope);
            self.open = Some(scope);
            self.block(body, Some(scope), variables);
            if let Pending::HandOver { kinds, .. } = self.get(scope) {
                handed_over.extend(kinds);
            }
        }
        self.open = around;
        let behind = around.unwrap_or_else(|| {
            let log = log::variable(variables);
            self.push(Pending::Log { log, kinds: BTreeSet::new(), rest: front })
        });
        let failed = log::failure(variables);
        if let Pending::Log { log, kinds, .. } | Pending::HandOver { log, kinds } = &mut self.lists[behind.0]
        {
            kinds.extend(handed_over);
            let fan_out = FanOut { behind, log: *log, appends: around.is_some(), failed };
            self.fan_outs.insert(std::ptr::from_ref(node), fan_out);
        }
        behind
    }

    /// Has a compensation written to a log, which undoes it from there.
    fn log(&mut self, id: StackId, compensation: &'w Compensation) {
        let kind = Kind::of(compensation, &mut self.kinds);
        if let Pending::Log { log, kinds, .. } | Pending::HandOver { log, kinds } = &mut self.lists[id.0] {
            kinds.insert(kind);
            self.logged.insert(std::ptr::from_ref(compensation), (*log, kind));
        }
    }

    /// The list in each arm of a call, whose failure may leave unknown whether it happened.
    fn unknown(&mut self, call: &'w Call, front: Stack, variables: &mut Vec<Variable>) -> Vec<Stack> {
        let Some(compensation) = call.unknown.as_deref() else { return vec![front; call.arms.len()] };
        if let Some(open) = self.open {
            self.log(open, compensation);
            return vec![front; call.arms.len()];
        }
        let undo = self.push(Pending::Undo { compensation, rest: front });
        let mut told_by_flag = |lists: &mut Self| {
            let flag = log::flag(variables, &format!("{}_maybe_done", call.spec.name));
            let ways = vec![Way { block: usize::MAX, flag, stack: undo, own: Vec::new() }];
            Unknown { stack: Some(lists.push(Pending::Ways { ways, rest: front })), flag: Some(flag) }
        };
        let mut errors = errors_of_arms(call);
        let rest = errors.pop().unwrap_or_default();
        let mut stacks = Vec::new();
        for (arm, errors) in call.arms.iter().zip(errors) {
            let in_arm = match (errors.declared.is_empty(), errors.unknown.is_empty()) {
                (_, true) => Unknown { stack: front, flag: None },
                (true, false) if !call.spec.executes() => Unknown { stack: Some(undo), flag: None },
                // Which failure of an execution it is, only the run knows.
                (_, false) => told_by_flag(self),
            };
            self.arms.insert(std::ptr::from_ref(arm), in_arm);
            stacks.push(in_arm.stack);
        }
        if !rest.unknown.is_empty() {
            let unknown = if call.spec.executes() {
                told_by_flag(self)
            } else {
                Unknown { stack: Some(undo), flag: None }
            };
            self.unknown.insert(std::ptr::from_ref(compensation), unknown);
        }
        stacks
    }
}
