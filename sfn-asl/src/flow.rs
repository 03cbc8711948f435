//! What is known on arrival at a State: whether any way leads there, and which Variables are set by then.
//! Separate from the graph because these answers take a walk over all ways, not a look at one State.

use indexmap::IndexSet;

use crate::graph::{Scope, ScopeKind};
use crate::{Fields, ProcessorMode, StateMachine};

/// For each State of a State Machine, whether any way leads there from its `StartAt`.
pub(crate) fn reachable(machine: &StateMachine) -> Vec<bool> {
    let mut reached = vec![false; machine.states.len()];
    let mut open: Vec<usize> = machine.states.get_index_of(&machine.start_at).into_iter().collect();
    while let Some(index) = open.pop() {
        if std::mem::replace(&mut reached[index], true) {
            continue;
        }
        let targets = machine.states[index].edges();
        open.extend(targets.filter_map(|edge| machine.states.get_index_of(edge.target)));
    }
    reached
}

/// For each State of a State Machine, whether some way leads from there to an end.
pub(crate) fn can_end(machine: &StateMachine) -> Vec<bool> {
    let mut sources: Vec<Vec<usize>> = vec![Vec::new(); machine.states.len()];
    for (index, state) in machine.states.values().enumerate() {
        for target in state.edges().filter_map(|edge| machine.states.get_index_of(edge.target)) {
            sources[target].push(index);
        }
    }
    let mut ends = vec![false; machine.states.len()];
    let terminal = machine.states.values().enumerate().filter(|(_, state)| state.is_terminal());
    let mut open: Vec<usize> = terminal.map(|(index, _)| index).collect();
    while let Some(index) = open.pop() {
        if !std::mem::replace(&mut ends[index], true) {
            open.extend(&sources[index]);
        }
    }
    ends
}

/// Which Variables are set on arrival at each State.
pub(crate) struct Variables<'m> {
    /// Every Variable of the definition; its index is its number.
    names: IndexSet<&'m str>,
    /// Per scope and State, what is set on arrival.
    before: Vec<Vec<Known>>,
}

/// How certain it is that a Variable is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Certainty {
    /// On every way.
    Always,
    /// On some ways.
    Sometimes,
    /// On no way.
    Never,
}

#[derive(Clone, PartialEq)]
struct Known {
    always: Bits,
    sometimes: Bits,
}

impl<'m> Variables<'m> {
    pub(crate) fn new(scopes: &[Scope<'m>]) -> Self {
        let all = scopes.iter().flat_map(|scope| assigns(scope.machine)).flat_map(names);
        let mut variables = Self { names: all.collect(), before: Vec::new() };
        for scope in scopes {
            let entry = variables.entry(scopes, scope);
            variables.before.push(variables.walk(scope.machine, entry));
        }
        variables
    }

    /// How certain it is that a Variable is set on arrival at a State.
    pub(crate) fn certainty(&self, scope: usize, state: usize, name: &str) -> Certainty {
        let known = &self.before[scope][state];
        match self.names.get_index_of(name) {
            Some(number) if known.always.has(number) => Certainty::Always,
            Some(number) if known.sometimes.has(number) => Certainty::Sometimes,
            _ => Certainty::Never,
        }
    }

    /// Every Variable of the definition.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'m str> {
        self.names.iter().copied()
    }

    /// What a State Machine knows when it starts: what its State knew, unless it runs in child executions.
    fn entry(&self, scopes: &[Scope<'m>], scope: &Scope<'m>) -> Known {
        let is_separate = scope.kind == ScopeKind::ItemProcessor(ProcessorMode::Distributed);
        let outer = scope.parent.filter(|_| !is_separate).and_then(|parent| {
            let state = scopes[parent.scope].machine.states.get_index_of(parent.state)?;
            Some(self.before[parent.scope][state].clone())
        });
        outer.unwrap_or_else(|| Known { always: self.none(), sometimes: self.none() })
    }

    /// What is set on arrival at each State, by following the ways until nothing changes. Before the first arrival
    /// everything counts as always set and nothing as sometimes set; each arrival takes and adds its share.
    fn walk(&self, machine: &StateMachine, entry: Known) -> Vec<Known> {
        let unknown = Known { always: self.all(), sometimes: self.none() };
        let mut before = vec![unknown; machine.states.len()];
        let Some(start) = machine.states.get_index_of(&machine.start_at) else {
            return before;
        };
        before[start] = entry;
        let mut open = vec![start];
        let mut visited = vec![false; machine.states.len()];
        while let Some(index) = open.pop() {
            visited[index] = true;
            for edge in machine.states[index].edges() {
                let Some(target) = machine.states.get_index_of(edge.target) else { continue };
                let set = self.bits(edge.assign);
                let arriving = Known {
                    always: before[index].always.or(&set).and(&before[target].always),
                    sometimes: before[index].sometimes.or(&set).or(&before[target].sometimes),
                };
                if arriving != before[target] || !visited[target] {
                    before[target] = arriving;
                    open.push(target);
                }
            }
        }
        before
    }

    fn bits(&self, assign: &Fields) -> Bits {
        let mut bits = self.none();
        for number in names(assign).filter_map(|name| self.names.get_index_of(name)) {
            bits.set(number);
        }
        bits
    }

    fn none(&self) -> Bits {
        Bits(vec![0; self.names.len().div_ceil(64)])
    }

    fn all(&self) -> Bits {
        Bits(vec![u64::MAX; self.names.len().div_ceil(64)])
    }
}

/// Every `Assign` of a State Machine's own States.
fn assigns(machine: &StateMachine) -> impl Iterator<Item = &Fields> {
    machine.states.values().flat_map(|state| {
        let own = std::iter::once(&state.shared().assign);
        own.chain(state.edges().map(|edge| edge.assign))
    })
}

/// The names an `Assign` sets; in JSONPath a name that is computed ends in `.$`.
pub(crate) fn names(assign: &Fields) -> impl Iterator<Item = &str> {
    assign.keys().map(|name| name.strip_suffix(".$").unwrap_or(name))
}

/// A set of small numbers. All sets of one definition have the same length.
#[derive(Clone, PartialEq)]
struct Bits(Vec<u64>);

impl Bits {
    fn set(&mut self, number: usize) {
        self.0[number / 64] |= 1 << (number % 64);
    }

    fn has(&self, number: usize) -> bool {
        self.0[number / 64] & (1 << (number % 64)) != 0
    }

    fn or(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(one, two)| one | two).collect())
    }

    fn and(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(one, two)| one & two).collect())
    }
}
