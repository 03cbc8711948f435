//! What is known on arrival at a State: whether any way leads there, and which Variables are set by then.
//! Separate from the graph because these answers take a walk over all ways, not a look at one State.

use std::rc::Rc;

use indexmap::IndexSet;

use crate::graph::{Edge, Scope, ScopeKind};
use crate::{Fields, ProcessorMode, StateMachine};

/// The ways between the States of one State Machine, every name looked up once.
pub(crate) struct Ways<'m> {
    start: Option<usize>,
    /// By State, where its ways begin in `all`; one more than there are States.
    first: Vec<usize>,
    all: Vec<(Edge<'m>, Option<usize>)>,
    terminal: Vec<usize>,
    /// The States that can be reached, each, as far as there are no loops, behind all that lead to it.
    pub(crate) order: Vec<usize>,
}

impl<'m> Ways<'m> {
    pub(crate) fn new(machine: &'m StateMachine) -> Self {
        let states = machine.states.len();
        let (mut first, mut all, mut terminal) = (vec![0], Vec::with_capacity(2 * states), Vec::new());
        first.reserve(states);
        for (index, state) in machine.states.values().enumerate() {
            // Most States lead to the one behind them.
            let behind = machine.states.get_index(index + 1).map(|(name, _)| name.as_str());
            let index_of = |target| match behind {
                Some(behind) if behind == target => Some(index + 1),
                _ => machine.states.get_index_of(target),
            };
            state.edges().for_each(|edge| all.push((edge, index_of(edge.target))));
            first.push(all.len());
            if state.is_terminal() {
                terminal.push(index);
            }
        }
        let start = machine.states.get_index_of(&machine.start_at);
        let mut ways = Self { start, first, all, terminal, order: Vec::with_capacity(states) };
        ways.find_order();
        ways
    }

    /// How many States there are.
    fn len(&self) -> usize {
        self.first.len() - 1
    }

    /// The ways from a State, each with the State it leads to, if that exists.
    pub(crate) fn from(&self, state: usize) -> impl Iterator<Item = (&Edge<'m>, Option<usize>)> {
        self.all[self.first[state]..self.first[state + 1]].iter().map(|(edge, target)| (edge, *target))
    }

    fn targets(&self, state: usize) -> impl Iterator<Item = usize> {
        self.from(state).filter_map(|(_, target)| target)
    }

    /// For each State, whether any way leads there from the first one.
    pub(crate) fn reachable(&self) -> Vec<bool> {
        let mut reached = vec![false; self.len()];
        for state in &self.order {
            reached[*state] = true;
        }
        reached
    }

    /// The same, were there ways to some more States.
    pub(crate) fn reachable_with(&self, more: Vec<usize>) -> Vec<bool> {
        let mut reached = vec![false; self.len()];
        let mut open = more;
        open.extend(self.start);
        while let Some(state) = open.pop() {
            if !std::mem::replace(&mut reached[state], true) {
                open.extend(self.targets(state));
            }
        }
        reached
    }

    /// For each State, whether some way leads from there to an end.
    pub(crate) fn can_end(&self) -> Vec<bool> {
        // By State, where those that lead to it begin among the sources of all.
        let mut first = vec![0; self.len() + 1];
        for target in (0..self.len()).flat_map(|state| self.targets(state)) {
            first[target] += 1;
        }
        let mut count = 0;
        for place in &mut first {
            count += *place;
            *place = count;
        }
        let mut sources = vec![0; count];
        for state in 0..self.len() {
            for target in self.targets(state) {
                first[target] -= 1;
                sources[first[target]] = state;
            }
        }
        let mut ends = vec![false; self.len()];
        let mut open = self.terminal.clone();
        while let Some(state) = open.pop() {
            if !std::mem::replace(&mut ends[state], true) {
                open.extend_from_slice(&sources[first[state]..first[state + 1]]);
            }
        }
        ends
    }

    fn find_order(&mut self) {
        let mut entered = vec![false; self.len()];
        let mut open: Vec<(usize, usize)> = Vec::new();
        if let Some(start) = self.start {
            entered[start] = true;
            open.push((start, self.first[start]));
        }
        while let Some((state, way)) = open.last_mut() {
            if *way == self.first[*state + 1] {
                self.order.push(*state);
                open.pop();
                continue;
            }
            let target = self.all[*way].1;
            *way += 1;
            if let Some(target) = target.filter(|target| !std::mem::replace(&mut entered[*target], true)) {
                open.push((target, self.first[target]));
            }
        }
        self.order.reverse();
    }
}

/// Which Variables are set on arrival at each State.
pub(crate) struct Variables<'m> {
    /// Every Variable of the definition; its index is its number.
    names: IndexSet<&'m str, foldhash::fast::RandomState>,
    /// Per scope, what is set on arrival at each of its States; nothing where no way leads, which is as good as all.
    before: Vec<Vec<Option<Rc<Assigned>>>>,
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

impl<'m> Variables<'m> {
    pub(crate) fn new(scopes: &'m [Scope<'m>], ways: &[Ways<'m>]) -> Self {
        let all = scopes.iter().zip(ways).flat_map(|(scope, ways)| assigns(scope.machine, ways));
        let mut variables = Self { names: all.flat_map(names).collect(), before: Vec::new() };
        if variables.names.is_empty() {
            return variables;
        }
        for (scope, ways) in scopes.iter().zip(ways) {
            let mut before = vec![None; ways.len()];
            if let Some(start) = ways.start {
                before[start] = variables.at_start(scopes, scope);
                variables.walk(ways, &mut before);
            }
            variables.before.push(before);
        }
        variables
    }

    /// How certain it is that a Variable is set on arrival at a State.
    pub(crate) fn certainty(&self, scope: usize, state: usize, name: &str) -> Certainty {
        let Some(number) = self.names.get_index_of(name) else { return Certainty::Never };
        self.before[scope][state].as_ref().map_or(Certainty::Always, |assigned| assigned.certainty(number))
    }

    /// Whether any State of the definition sets a Variable of that name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Every Variable of the definition.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'m str> {
        self.names.iter().copied()
    }

    /// What a State Machine knows when it starts: what its State knew, unless it runs in child executions.
    fn at_start(&self, scopes: &[Scope<'m>], scope: &Scope<'m>) -> Option<Rc<Assigned>> {
        let is_separate = scope.kind == ScopeKind::ItemProcessor(ProcessorMode::Distributed);
        let outer = scope.parent.filter(|_| !is_separate).and_then(|parent| {
            let state = scopes[parent.scope].machine.states.get_index_of(parent.state)?;
            Some(self.before[parent.scope][state].clone())
        });
        outer.unwrap_or_else(|| Some(Rc::new(Assigned::none(self.names.len()))))
    }

    /// Follows the ways, in reverse postorder, until nothing changes: once for each level of loops.
    fn walk(&self, ways: &Ways<'m>, before: &mut [Option<Rc<Assigned>>]) {
        let mut is_due = vec![false; ways.len()];
        for state in &ways.order {
            is_due[*state] = true;
        }
        let mut changes = true;
        while changes {
            changes = false;
            for state in &ways.order {
                if !std::mem::replace(&mut is_due[*state], false) {
                    continue;
                }
                let Some(arriving) = before[*state].clone() else { continue };
                for (edge, target) in ways.from(*state) {
                    let Some(target) = target else { continue };
                    let leaving = self.with(&arriving, edge.assign);
                    let joined = match &before[target] {
                        None => Some(leaving),
                        Some(known) => known.joined(&leaving),
                    };
                    if let Some(joined) = joined {
                        before[target] = Some(joined);
                        is_due[target] = true;
                        changes = true;
                    }
                }
            }
        }
    }

    /// What is set behind an `Assign`. Most States have none, and share what is set before them.
    fn with(&self, before: &Rc<Assigned>, assign: &Fields) -> Rc<Assigned> {
        if assign.is_empty() {
            return Rc::clone(before);
        }
        let mut assigned = Assigned::clone(before);
        for number in names(assign).filter_map(|name| self.names.get_index_of(name)) {
            assigned.set(number);
        }
        Rc::new(assigned)
    }
}

/// The Variables that are set at some place, by number, 64 to a word.
#[derive(Clone)]
struct Assigned(Vec<Word>);

#[derive(Clone, Copy, Default, PartialEq)]
struct Word {
    /// A bit for each Variable that is set on every way.
    always: u64,
    /// The same, for those that are set on some way.
    sometimes: u64,
}

impl Assigned {
    fn none(variables: usize) -> Self {
        Self(vec![Word::default(); variables.div_ceil(64)])
    }

    fn set(&mut self, number: usize) {
        let word = &mut self.0[number / 64];
        word.always |= 1 << (number % 64);
        word.sometimes |= 1 << (number % 64);
    }

    fn certainty(&self, number: usize) -> Certainty {
        let word = self.0[number / 64];
        let has = |bits: u64| bits & (1 << (number % 64)) != 0;
        match (has(word.always), has(word.sometimes)) {
            (true, _) => Certainty::Always,
            (false, true) => Certainty::Sometimes,
            (false, false) => Certainty::Never,
        }
    }

    /// What is set where one more way arrives; nothing, if that changes nothing.
    fn joined(self: &Rc<Self>, arriving: &Rc<Self>) -> Option<Rc<Self>> {
        if Rc::ptr_eq(self, arriving) {
            return None;
        }
        let join = |(one, two): (&Word, &Word)| Word {
            always: one.always & two.always,
            sometimes: one.sometimes | two.sometimes,
        };
        let words = || self.0.iter().zip(&arriving.0).map(join);
        let is_new = !words().eq(self.0.iter().copied());
        is_new.then(|| Rc::new(Self(words().collect())))
    }
}

/// Every `Assign` of a State Machine's own States.
fn assigns<'m>(machine: &'m StateMachine, ways: &Ways<'m>) -> impl Iterator<Item = &'m Fields> {
    let own = machine.states.values().map(|state| &state.shared().assign);
    own.chain(ways.all.iter().map(|(edge, _)| edge.assign)).filter(|assign| !assign.is_empty())
}

/// The names an `Assign` sets; in JSONPath a name that is computed ends in `.$`.
pub(crate) fn names(assign: &Fields) -> impl Iterator<Item = &str> {
    assign.keys().map(|name| name.strip_suffix(".$").unwrap_or(name))
}
