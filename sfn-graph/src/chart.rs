//! What a picture of a State Machine shows: nodes, and the ways between them.
//! Separate from both pictures, so that they show the same.

use std::collections::{HashMap, HashSet};

use sfn_asl::{Edge, EdgeKind, State, StateMachine};

use crate::{caption, condition};

/// A State Machine as nodes and ways. The first node is its start.
#[derive(Debug)]
pub(crate) struct Chart<'m> {
    pub(crate) nodes: Vec<Node<'m>>,
    pub(crate) ways: Vec<Way>,
}

#[derive(Debug)]
pub(crate) struct Node<'m> {
    pub(crate) kind: NodeKind<'m>,
    /// Whether it belongs to the way of failure.
    pub(crate) is_failing: bool,
    /// What runs inside it.
    pub(crate) inner: Vec<Chart<'m>>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum NodeKind<'m> {
    Start,
    State {
        name: &'m str,
        state: &'m State,
    },
    /// The target of a transition that is no State.
    Missing {
        name: &'m str,
    },
    /// Where one of many ways joins the others.
    Junction,
    End,
}

/// One or more transitions from one node to another.
#[derive(Debug)]
pub(crate) struct Way {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) kind: WayKind,
    /// When it is taken, each way in the words of the definition; nothing where there is no choice.
    pub(crate) when: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WayKind {
    /// All is well.
    Next,
    /// An error was caught.
    Catch,
}

impl Node<'_> {
    /// What it is, in a second line: nothing for the start and the end.
    pub(crate) fn caption(&self) -> String {
        match self.kind {
            NodeKind::State { state, .. } => caption::of(state),
            NodeKind::Missing { .. } => "there is no such State".to_owned(),
            NodeKind::Start | NodeKind::Junction | NodeKind::End => String::new(),
        }
    }
}

impl<'m> Chart<'m> {
    pub(crate) fn of(machine: &'m StateMachine) -> Self {
        let names = in_reading_order(machine);
        let failing = Failing::of(machine);
        let state_node = |name: &'m str| match machine.states.get(name) {
            Some(state) => Node {
                kind: NodeKind::State { name, state },
                is_failing: failing.contains(name),
                inner: inner(state),
            },
            None => Node { kind: NodeKind::Missing { name }, is_failing: true, inner: Vec::new() },
        };
        let plain = |kind| Node { kind, is_failing: false, inner: Vec::new() };
        let mut nodes = vec![plain(NodeKind::Start)];
        nodes.extend(names.iter().copied().map(state_node));
        let number: HashMap<&str, usize> =
            names.iter().enumerate().map(|(index, name)| (*name, index + 1)).collect();

        let mut ways = Ways::default();
        ways.add(0, number[machine.start_at.as_str()], WayKind::Next, None);
        let end = nodes.len();
        for (name, state) in &machine.states {
            let from = number[name.as_str()];
            for edge in state.edges() {
                let kind = match edge.kind {
                    EdgeKind::Catch(_) => WayKind::Catch,
                    EdgeKind::Next | EdgeKind::Choice(_) | EdgeKind::Default => WayKind::Next,
                };
                ways.add(from, number[edge.target], kind, when(state, edge));
            }
            if state.is_terminal() && !matches!(state, State::Succeed(_) | State::Fail(_)) {
                ways.add(from, end, WayKind::Next, None);
            }
        }
        if ways.lead_to(end) {
            nodes.push(plain(NodeKind::End));
        }
        Self { nodes, ways: ways.all }
    }
}

/// When a way is taken, where that is not always.
fn when(state: &State, edge: Edge<'_>) -> Option<String> {
    match (state, edge.kind) {
        (State::Choice(choice), EdgeKind::Choice(index)) => Some(condition::of(&choice.choices[index])),
        (_, EdgeKind::Default) => Some("otherwise".to_owned()),
        (_, EdgeKind::Catch(index)) => Some(state.catch()[index].error_equals.join(" or ")),
        _ => None,
    }
}

fn inner(state: &State) -> Vec<Chart<'_>> {
    match state {
        State::Parallel(parallel) => parallel.branches.iter().map(Chart::of).collect(),
        State::Map(map) => vec![Chart::of(&map.item_processor.machine)],
        _ => Vec::new(),
    }
}

/// The names of the States and of missing targets: as a walk along the ways from the start meets them, those of the good way
/// first, and at last those that it does not meet. In this order a way that leads back is one that closes a loop.
fn in_reading_order(machine: &StateMachine) -> Vec<&str> {
    let mut order = Vec::new();
    let mut met = HashSet::new();
    let starts = std::iter::once(machine.start_at.as_str()).chain(machine.states.keys().map(String::as_str));
    for start in starts {
        let mut open = vec![start];
        while let Some(name) = open.pop() {
            if !met.insert(name) {
                continue;
            }
            order.push(name);
            if let Some(state) = machine.states.get(name) {
                let edges: Vec<_> = state.edges().collect();
                let (caught, good): (Vec<_>, Vec<_>) =
                    edges.into_iter().partition(|edge| matches!(edge.kind, EdgeKind::Catch(_)));
                open.extend(caught.iter().rev().chain(good.iter().rev()).map(|edge| edge.target));
            }
        }
    }
    order
}

/// The ways so far; those between the same two nodes are one.
#[derive(Default)]
struct Ways {
    all: Vec<Way>,
}

impl Ways {
    fn add(&mut self, from: usize, to: usize, kind: WayKind, when: Option<String>) {
        let same = self.all.iter_mut().find(|way| (way.from, way.to, way.kind) == (from, to, kind));
        match same {
            Some(way) => way.when.extend(when),
            None => self.all.push(Way { from, to, kind, when: when.into_iter().collect() }),
        }
    }

    fn lead_to(&self, node: usize) -> bool {
        self.all.iter().any(|way| way.to == node)
    }
}

/// The States of the way of failure.
struct Failing<'m> {
    /// Those to which a way leads that no Catcher begins.
    reached: HashSet<&'m str>,
    /// Those from which the State Machine can still succeed.
    hopeful: HashSet<&'m str>,
}

impl<'m> Failing<'m> {
    fn of(machine: &'m StateMachine) -> Self {
        let mut reached = HashSet::new();
        let mut open = vec![machine.start_at.as_str()];
        while let Some(name) = open.pop() {
            if let Some(state) = machine.states.get(name)
                && reached.insert(name)
            {
                let good = state.edges().filter(|edge| !matches!(edge.kind, EdgeKind::Catch(_)));
                open.extend(good.map(|edge| edge.target));
            }
        }

        let mut before: HashMap<&str, Vec<&str>> = HashMap::new();
        let mut hopeful = HashSet::new();
        let mut open = Vec::new();
        for (name, state) in &machine.states {
            for edge in state.edges() {
                before.entry(edge.target).or_default().push(name);
            }
            if state.is_terminal() && !matches!(state, State::Fail(_)) {
                open.push(name.as_str());
            }
        }
        while let Some(name) = open.pop() {
            if hopeful.insert(name) {
                open.extend(before.get(name).into_iter().flatten());
            }
        }
        Self { reached, hopeful }
    }

    fn contains(&self, name: &str) -> bool {
        !self.reached.contains(name) || !self.hopeful.contains(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node_names<'m>(chart: &Chart<'m>, filter: impl Fn(&Node<'m>) -> bool) -> Vec<&'m str> {
        chart
            .nodes
            .iter()
            .filter(|node| filter(node))
            .map(|node| match node.kind {
                NodeKind::Start => "(start)",
                NodeKind::Junction => "(junction)",
                NodeKind::End => "(end)",
                NodeKind::State { name, .. } | NodeKind::Missing { name } => name,
            })
            .collect()
    }

    #[test]
    fn states_that_only_a_catcher_leads_to_or_that_can_only_fail_are_failing() {
        let machine = r#"{"StartAt": "Pay", "States": {
            "Pay": {"Type": "Task", "Resource": "r", "Next": "Decide", "Catch": [
                {"ErrorEquals": ["Declined"], "Next": "Undo"}, {"ErrorEquals": ["States.ALL"], "Next": "Mend"}]},
            "Decide": {"Type": "Choice", "Default": "Undo", "Choices": [
                {"Variable": "$.ok", "BooleanEquals": true, "Next": "Ship"},
                {"Variable": "$.free", "BooleanEquals": true, "Next": "Ship"}]},
            "Ship": {"Type": "Pass", "End": true},
            "Mend": {"Type": "Pass", "Next": "Ship"},
            "Undo": {"Type": "Pass", "Next": "Failed"},
            "Failed": {"Type": "Fail"},
            "Forgotten": {"Type": "Pass", "Next": "Nowhere"}}}"#
            .parse::<StateMachine>()
            .unwrap();
        let chart = Chart::of(&machine);
        assert_eq!(
            node_names(&chart, |_| true),
            ["(start)", "Pay", "Decide", "Ship", "Undo", "Failed", "Mend", "Forgotten", "Nowhere", "(end)"]
        );
        assert_eq!(
            node_names(&chart, |node| node.is_failing),
            ["Undo", "Failed", "Mend", "Forgotten", "Nowhere"]
        );
        let merged = chart.ways.iter().find(|way| way.when.len() == 2).unwrap();
        assert_eq!(merged.when, ["$.ok = true", "$.free = true"]);
    }
}
