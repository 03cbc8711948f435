//! Takes Choice States out of the way: one that only another leads to becomes rules of that one, and a transition on which
//! it is known what a Choice would say leads where it would lead.
//! Separate because it works on the graph, where two choices meet that stand far apart in the tree: at a loop's ends.

use std::collections::BTreeMap;

use super::graph::{ChoiceRule, Edge, Graph, StateId, StateKind};
use super::names::reading_order;
use super::target::can_be_read_again;
use crate::ir::{Expr, Operator};

/// Above this many parts a condition is better off in a state of its own: it should fit on a line.
const LARGE: usize = 60;

/// More rules than this nobody reads in one state.
const MANY: usize = 20;

pub(super) fn shorten(graph: &mut Graph, start: StateId) {
    let order = reading_order(graph, start);
    for id in &order {
        for at in 0..graph.state(*id).kind.edges().len() {
            lead_on(graph, *id, at);
        }
    }
    let mut entered = BTreeMap::from([(start, 1)]);
    for id in reading_order(graph, start) {
        let kind = &graph.state(id).kind;
        let targets = kind.edges().into_iter().filter_map(|edge| edge.to);
        targets.chain(kind.scopes()).for_each(|to| *entered.entry(to).or_insert(0) += 1);
    }
    for id in order {
        while let Some(kind) = merged(graph, id, &entered) {
            let state = &mut graph.states[id.0];
            state.kind = kind;
            // Each rule has its own.
            state.comment = None;
        }
    }
}

/// Leads an edge past a choice whose answer is known on it.
fn lead_on(graph: &mut Graph, id: StateId, at: usize) {
    let kind = &graph.state(id).kind;
    let past = kind.edges().get(at).and_then(|edge| past_choice(graph, edge));
    // Where a Choice cannot end a scope by itself, what leads past it can.
    let can_end = at == 0 && !matches!(kind, StateKind::Choice { .. });
    let past = past.map(|past| if can_end { ended(graph, past) } else { past });
    let place = graph.states[id.0].kind.edges_mut().into_iter().nth(at);
    if let (Some(past), Some(place)) = (past, place) {
        *place = past;
    }
}

fn past_choice(graph: &Graph, edge: &Edge) -> Option<Edge> {
    let StateKind::Choice { rules, default } = &graph.state(edge.to?).kind else { return None };
    if !can_pass(edge) {
        return None;
    }
    for rule in rules {
        match closed(&rule.condition, edge).decided() {
            Some(true) => return Some(through(graph, edge, &rule.edge)),
            Some(false) => {}
            None => return None,
        }
    }
    Some(through(graph, edge, default))
}

/// An edge that ends the scope where it would lead to a state that does nothing else.
fn ended(graph: &Graph, edge: Edge) -> Edge {
    let to = edge.to.filter(|to| !matches!(graph.state(*to).kind, StateKind::Succeed { output: None }));
    Edge { to, ..edge }
}

/// A choice with the rules of one that only it leads to.
fn merged(graph: &Graph, id: StateId, entered: &BTreeMap<StateId, usize>) -> Option<StateKind> {
    let StateKind::Choice { rules, default } = &graph.state(id).kind else { return None };
    let comment =
        |at: StateId, rule: &ChoiceRule| rule.comment.clone().or_else(|| graph.state(at).comment.clone());
    let own = |rule: &ChoiceRule| ChoiceRule {
        condition: rule.condition.clone(),
        comment: comment(id, rule),
        edge: rule.edge.clone(),
    };
    let inner = |edge: &Edge| -> Option<(StateId, &[ChoiceRule], &Edge)> {
        let to = edge.to.filter(|to| *to != id && entered.get(to) == Some(&1) && can_pass(edge))?;
        match &graph.state(to).kind {
            StateKind::Choice { rules: inner, default } if rules.len() + inner.len() <= MANY => {
                Some((to, inner, default))
            }
            _ => None,
        }
    };
    let taken_in = |(to, inner): (StateId, &[ChoiceRule]), edge: &Edge, when: Option<&Expr>| {
        let rules = inner.iter().map(|rule| {
            let condition = closed(&rule.condition, edge);
            let condition = match when {
                Some(when) => Expr::binary(Operator::And, when, &condition),
                None => condition,
            };
            let edge = through(graph, edge, &rule.edge);
            (!condition.is_larger_than(LARGE)).then(|| ChoiceRule {
                condition,
                comment: comment(to, rule),
                edge,
            })
        });
        rules.collect::<Option<Vec<_>>>()
    };
    if let Some((to, inner, otherwise)) = inner(default)
        && let Some(more) = taken_in((to, inner), default, None)
    {
        let rules = rules.iter().map(own).chain(more).collect();
        return Some(StateKind::Choice { rules, default: through(graph, default, otherwise) });
    }
    rules.iter().enumerate().find_map(|(at, rule)| {
        let (to, inner, otherwise) = inner(&rule.edge).filter(|_| !rule.condition.is_volatile())?;
        let more = taken_in((to, inner), &rule.edge, Some(&rule.condition))?;
        let last = ChoiceRule { edge: through(graph, &rule.edge, otherwise), ..own(rule) };
        let before = rules[..at].iter().map(own);
        let rules = before.chain(more).chain([last]).chain(rules[at + 1..].iter().map(own)).collect();
        Some(StateKind::Choice { rules, default: default.clone() })
    })
}

/// Whether what an edge carries may be carried on by another.
fn can_pass(edge: &Edge) -> bool {
    edge.output.is_none() && can_be_read_again(&edge.assigns)
}

/// An expression behind an edge in terms of what is known before it.
fn closed(expr: &Expr, edge: &Edge) -> Expr {
    let value = |id| edge.assigns.iter().find(|(known, _)| *known == id).map(|(_, value)| value.clone());
    expr.replace(&value)
}

/// Two edges as one.
fn through(graph: &Graph, first: &Edge, second: &Edge) -> Edge {
    let is_read = |id| second.to.is_some_and(|to| graph.state(to).live.contains(id));
    let is_kept = |id| is_read(id) && !second.assigns.iter().any(|(again, _)| *again == id);
    let kept = first.assigns.iter().filter(|(id, _)| is_kept(*id)).cloned();
    let then = second.assigns.iter().map(|(id, value)| (*id, closed(value, first)));
    Edge {
        assigns: kept.chain(then).collect(),
        output: second.output.as_ref().map(|output| closed(output, first)),
        to: second.to,
    }
}
