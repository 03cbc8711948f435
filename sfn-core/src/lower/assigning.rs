//! Turns choices that only give variables their values into assignments.
//! Separate from folding because no choice is left: the transition in front carries what there was to say.

use crate::Origin;
use crate::ir::{Block, Choice, Expr, ExprKind, Node, NodeKind, Variable, VariableId};

use super::new_variable;

/// Above this many parts a value is better off behind a choice: an expression should fit on a line.
const LARGE: usize = 60;

/// Does so for every choice of a block, the innermost first.
pub(super) fn assign(block: &mut Block, variables: &mut Vec<Variable>) {
    for node in &mut block.nodes {
        for inner in node.blocks_mut() {
            assign(inner, variables);
        }
    }
    for Node { origin, kind } in std::mem::take(&mut block.nodes) {
        if let NodeKind::Choice(choice) = &kind
            && let Some(assigned) = assignments(choice, origin, variables)
        {
            block.nodes.extend(assigned);
            continue;
        }
        block.nodes.push(Node { origin, kind });
    }
}

/// The assignments of a choice that does nothing else.
fn assignments(choice: &Choice, origin: Origin, variables: &mut Vec<Variable>) -> Option<Vec<Node>> {
    let bodies = || choice.rules.iter().map(|rule| &rule.body).chain([&choice.otherwise]);
    let mut changed: Vec<VariableId> = Vec::new();
    for node in bodies().flat_map(|body| &body.nodes) {
        match &node.kind {
            NodeKind::Let { .. } => {}
            NodeKind::Set { variable, .. } if changed.contains(variable) => {}
            NodeKind::Set { variable, .. } => changed.push(*variable),
            _ => return None,
        }
    }
    if evaluates_again(choice, &changed) {
        return None;
    }
    let mut values = Vec::new();
    for variable in &changed {
        let value = chosen(choice, |body| closed(&body.nodes, Expr::variable(*variable)))?;
        values.push((*variable, value));
    }
    let result = match choice.result {
        Some(result) => Some((
            result,
            chosen(choice, |body| closed(&body.nodes, body.value.clone().unwrap_or_else(Expr::null)))?,
        )),
        None => None,
    };
    Some(side_by_side(origin, &values, result, variables))
}

/// Whether a value that is another each time would be written out more than once, the conditions once for each value.
fn evaluates_again(choice: &Choice, changed: &[VariableId]) -> bool {
    let mut bodies = choice.rules.iter().map(|rule| &rule.body).chain([&choice.otherwise]);
    let values = changed.len() + usize::from(choice.result.is_some());
    let is_repeated = |body: &Block, at: usize, drawn: VariableId| {
        let changed = changed.iter().map(|variable| Expr::variable(*variable));
        let values = changed.chain(body.value.clone());
        let closed = values.map(|value| closed(&body.nodes[at + 1..], value));
        // What becomes too large is not written out at all.
        closed.map(|value| value.map_or(2, |value| value.uses(drawn))).sum::<usize>() > 1
    };
    (values > 1 && choice.rules.iter().any(|rule| rule.condition.is_volatile()))
        || bodies.any(|body| {
            body.nodes.iter().enumerate().any(|(at, node)| match &node.kind {
                NodeKind::Let { variable, value } | NodeKind::Set { variable, value } => {
                    value.is_volatile() && is_repeated(body, at, *variable)
                }
                _ => false,
            })
        })
}

/// One value of those of the ways.
fn chosen(choice: &Choice, of: impl Fn(&Block) -> Option<Expr>) -> Option<Expr> {
    let value = choice.rules.iter().rev().try_fold(of(&choice.otherwise)?, |otherwise, rule| {
        let then = of(&rule.body)?;
        if then == otherwise {
            return Some(otherwise);
        }
        Some(Expr::new(ExprKind::If { condition: rule.condition.clone(), then, otherwise }))
    })?;
    (!value.is_larger_than(LARGE)).then_some(value)
}

/// A value behind some assignments, in terms of what was known in front of them.
fn closed(nodes: &[Node], value: Expr) -> Option<Expr> {
    nodes.iter().rev().try_fold(value, |value, node| match &node.kind {
        NodeKind::Let { variable, value: bound } | NodeKind::Set { variable, value: bound } => {
            let closed = value.replace(&|id| (id == *variable).then(|| bound.clone()));
            (!closed.is_larger_than(LARGE)).then_some(closed)
        }
        _ => None,
    })
}

/// Assignments that all read what there was before any of them.
fn side_by_side(
    origin: Origin,
    values: &[(VariableId, Expr)],
    result: Option<(VariableId, Expr)>,
    variables: &mut Vec<Variable>,
) -> Vec<Node> {
    let mut nodes = Vec::new();
    // Nothing reads the result yet.
    if let Some((variable, value)) = result {
        nodes.push(Node { origin, kind: NodeKind::Let { variable, value } });
    }
    let reads_before = |at: usize| {
        let (changed, _) = &values[at];
        values[at + 1..].iter().any(|(_, later)| later.uses(*changed) > 0)
    };
    let mut sets = Vec::new();
    for (at, (variable, value)) in values.iter().enumerate() {
        let set = |value| Node { origin, kind: NodeKind::Set { variable: *variable, value } };
        if reads_before(at) {
            let hint = variables[variable.0 as usize].hint.clone();
            let new = new_variable(variables, &hint);
            nodes.push(Node { origin, kind: NodeKind::Let { variable: new, value: value.clone() } });
            sets.push(set(Expr::variable(new)));
        } else {
            nodes.push(set(value.clone()));
        }
    }
    nodes.extend(sets);
    nodes
}
