//! The graph a tree is flattened into: states, and the edges that carry assignments from one to the next.
//! Separate from the document because here states are numbers and values are still expressions.

use std::collections::BTreeSet;
use std::time::Duration;

use super::live::VariableSet;
use crate::ir::{Distributed, Expr, VariableId};
use crate::task::RetryPolicy;
use crate::{Origin, TaskSpec};

/// A state, numbered in the order of creation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct StateId(pub(super) usize);

#[derive(Debug)]
pub(super) struct State {
    pub(super) kind: StateKind,
    /// None for a state that several statements share.
    pub(super) origin: Option<Origin>,
    pub(super) comment: Option<String>,
    pub(super) name: NameHint,
    /// The variables it, or what follows it, reads.
    pub(super) live: VariableSet,
    /// Whether a loop leads back to it.
    pub(super) is_repeated: bool,
}

/// What a state would like to be called.
#[derive(Clone, Debug)]
pub(super) enum NameHint {
    /// Exactly this.
    Pinned(String),
    /// This, or with the second part if it is taken.
    Wanted(String, Option<String>),
}

#[derive(Debug)]
pub(super) enum StateKind {
    Task(Box<TaskState>),
    Choice { rules: Vec<ChoiceRule>, default: Edge },
    Parallel { branches: Vec<StateId>, edge: Edge, catch: Vec<Catcher> },
    Map(Box<MapState>),
    Wait { seconds: Expr, edge: Edge },
    Pass { edge: Edge },
    Succeed { output: Option<Expr> },
    Fail { error: Expr, cause: Expr },
}

#[derive(Debug)]
pub(super) struct TaskState {
    pub(super) spec: TaskSpec,
    /// The `Resource` of a service, where no handler is called.
    pub(super) resource: Option<String>,
    /// Whether the payload is the whole State.
    pub(super) is_raw: bool,
    pub(super) payload: Option<Expr>,
    pub(super) timeout: Option<Duration>,
    pub(super) heartbeat: Option<Duration>,
    pub(super) retry: Option<RetryPolicy>,
    pub(super) edge: Edge,
    pub(super) catch: Vec<Catcher>,
}

#[derive(Debug)]
pub(super) struct MapState {
    pub(super) items: Expr,
    pub(super) max_concurrency: Option<u32>,
    pub(super) distributed: Option<Box<Distributed>>,
    pub(super) body: StateId,
    pub(super) edge: Edge,
    pub(super) catch: Vec<Catcher>,
}

#[derive(Debug)]
pub(super) struct ChoiceRule {
    pub(super) condition: Expr,
    pub(super) comment: Option<String>,
    pub(super) edge: Edge,
}

#[derive(Debug)]
pub(super) struct Catcher {
    pub(super) errors: Vec<String>,
    pub(super) edge: Edge,
}

/// A transition and what it carries; all values are evaluated side by side, before any is assigned.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Edge {
    pub(super) assigns: Vec<(VariableId, Expr)>,
    pub(super) output: Option<Expr>,
    /// The end of the scope where there is none.
    pub(super) to: Option<StateId>,
}

/// All states of a definition, those of nested scopes included.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) states: Vec<State>,
}

impl Graph {
    pub(super) fn state(&self, id: StateId) -> &State {
        &self.states[id.0]
    }

    /// Whether a scope that starts with this state may end with nothing but its input.
    pub(super) fn passes_input_on(&self, start: StateId) -> bool {
        let (mut open, mut met) = (vec![start], vec![start]);
        while let Some(id) = open.pop() {
            let edges = match &self.state(id).kind {
                StateKind::Succeed { output } => match output {
                    None => return true,
                    Some(_) => continue,
                },
                kind @ (StateKind::Choice { .. } | StateKind::Wait { .. } | StateKind::Pass { .. }) => {
                    kind.edges()
                }
                _ => continue,
            };
            for edge in edges.into_iter().filter(|edge| edge.output.is_none()) {
                let Some(next) = edge.to else { return true };
                if !met.contains(&next) {
                    met.push(next);
                    open.push(next);
                }
            }
        }
        false
    }

    pub(super) fn add(&mut self, state: State) -> StateId {
        self.states.push(state);
        StateId(self.states.len() - 1)
    }

    /// The states of a scope in reading order: a state before those it leads to, the way of success before failures.
    pub(super) fn scope(&self, start: StateId) -> Vec<StateId> {
        let mut finished = Vec::new();
        let mut seen = BTreeSet::from([start]);
        let mut path = vec![(start, self.state(start).targets())];
        while let Some((id, targets)) = path.last_mut() {
            match targets.pop() {
                Some(next) if seen.insert(next) => path.push((next, self.state(next).targets())),
                Some(_) => {}
                None => {
                    finished.push(*id);
                    path.pop();
                }
            }
        }
        finished.reverse();
        finished
    }
}

impl State {
    /// Where it leads within its scope, in reading order.
    fn targets(&self) -> Vec<StateId> {
        self.kind.edges().into_iter().filter_map(|edge| edge.to).collect()
    }
}

impl StateKind {
    /// Every edge, in reading order: rules before the default, success before failures.
    pub(super) fn edges(&self) -> Vec<&Edge> {
        fn with_catch<'e>(edge: &'e Edge, catch: &'e [Catcher]) -> Vec<&'e Edge> {
            std::iter::once(edge).chain(catch.iter().map(|catcher| &catcher.edge)).collect()
        }
        match self {
            Self::Task(task) => with_catch(&task.edge, &task.catch),
            Self::Map(map) => with_catch(&map.edge, &map.catch),
            Self::Parallel { edge, catch, .. } => with_catch(edge, catch),
            Self::Choice { rules, default } => rules.iter().map(|rule| &rule.edge).chain([default]).collect(),
            Self::Wait { edge, .. } | Self::Pass { edge } => vec![edge],
            Self::Succeed { .. } | Self::Fail { .. } => Vec::new(),
        }
    }

    /// Every edge, to be changed.
    pub(super) fn edges_mut(&mut self) -> Vec<&mut Edge> {
        fn with_catch<'e>(edge: &'e mut Edge, catch: &'e mut [Catcher]) -> Vec<&'e mut Edge> {
            std::iter::once(edge).chain(catch.iter_mut().map(|catcher| &mut catcher.edge)).collect()
        }
        match self {
            Self::Task(task) => with_catch(&mut task.edge, &mut task.catch),
            Self::Map(map) => with_catch(&mut map.edge, &mut map.catch),
            Self::Parallel { edge, catch, .. } => with_catch(edge, catch),
            Self::Choice { rules, default } => {
                rules.iter_mut().map(|rule| &mut rule.edge).chain([default]).collect()
            }
            Self::Wait { edge, .. } | Self::Pass { edge } => vec![edge],
            Self::Succeed { .. } | Self::Fail { .. } => Vec::new(),
        }
    }

    /// The expressions of the state's own fields, to be changed.
    pub(super) fn own_mut(&mut self) -> Vec<&mut Expr> {
        match self {
            Self::Task(task) => task.payload.iter_mut().collect(),
            Self::Map(map) => {
                let distributed = map.distributed.iter_mut().flat_map(|distributed| distributed.exprs_mut());
                [&mut map.items].into_iter().chain(distributed).collect()
            }
            Self::Choice { rules, .. } => rules.iter_mut().map(|rule| &mut rule.condition).collect(),
            Self::Wait { seconds, .. } => vec![seconds],
            Self::Succeed { output } => output.iter_mut().collect(),
            Self::Fail { error, cause } => vec![error, cause],
            Self::Parallel { .. } | Self::Pass { .. } => Vec::new(),
        }
    }

    /// Whether any of it was written by hand, as JSONata or as a whole State.
    pub(super) fn is_by_hand(&mut self) -> bool {
        let is_raw = matches!(self, Self::Task(task) if task.is_raw);
        let is_own = self.own_mut().into_iter().any(|expr| expr.is_by_hand());
        let carried = |edge: &Edge| {
            edge.assigns.iter().map(|(_, value)| value).chain(&edge.output).any(Expr::is_by_hand)
        };
        is_raw || is_own || self.edges().into_iter().any(carried)
    }

    /// The first states of the scopes inside it.
    pub(super) fn scopes(&self) -> Vec<StateId> {
        match self {
            Self::Parallel { branches, .. } => branches.clone(),
            Self::Map(map) => vec![map.body],
            _ => Vec::new(),
        }
    }
}
