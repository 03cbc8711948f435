//! Makes one choice of two where one can take the other in: each costs a transition of every execution.
//! Separate from the simpler rewriting of names because it is about control, and each of its three rules is a law.

use crate::ir::{Block, Choice, ChoiceKind, Expr, ExprKind, Node, NodeKind, Operator, Rule};

/// Folds every choice of a block that another can take in.
pub(super) fn fold(block: &mut Block) {
    for node in &mut block.nodes {
        node.blocks_mut().into_iter().for_each(fold);
        if let NodeKind::Choice(choice) = &mut node.kind {
            fold_else_if(choice);
            fold_and(choice);
        }
    }
    fold_guards(&mut block.nodes);
}

/// `if a { return .. } if b {..}` is one choice of two rules: behind the first, its condition does not hold.
fn fold_guards(nodes: &mut Vec<Node>) {
    let mut folded: Vec<Node> = Vec::with_capacity(nodes.len());
    for node in nodes.drain(..) {
        match (folded.last_mut().map(|before| &mut before.kind), node.kind) {
            (Some(NodeKind::Choice(guard)), NodeKind::Choice(next))
                if is_guard(guard) && next.kind == ChoiceKind::If =>
            {
                take_in(guard, next);
            }
            (_, kind) => folded.push(Node { kind, ..node }),
        }
    }
    *nodes = folded;
}

/// Whether it does nothing but leave, or nothing.
fn is_guard(choice: &Choice) -> bool {
    let leaves = choice.rules.iter().all(|rule| rule.body.diverges());
    choice.kind == ChoiceKind::If && choice.result.is_none() && is_nothing(&choice.otherwise) && leaves
}

fn is_nothing(block: &Block) -> bool {
    block.nodes.is_empty() && block.value.is_none()
}

/// One choice of the rules of both, the first ones first; each rule keeps its text.
fn take_in(choice: &mut Choice, inner: Choice) {
    for rule in &mut choice.rules {
        rule.text.get_or_insert_with(|| choice.text.clone());
    }
    let Choice { text, rules, otherwise, result, .. } = inner;
    let named = |rule: Rule| Rule { text: rule.text.or_else(|| Some(text.clone())), ..rule };
    choice.rules.extend(rules.into_iter().map(named));
    choice.otherwise = otherwise;
    choice.result = choice.result.or(result);
}

/// `if a {..} else { if b {..} else {..} }` is one choice of two rules.
fn fold_else_if(choice: &mut Choice) {
    let foldable = match choice.otherwise.nodes.as_slice() {
        [Node { kind: NodeKind::Choice(inner), .. }] => {
            let same_value = match (choice.result, &choice.otherwise.value) {
                (Some(_), Some(value)) => inner.result.is_some() && value.as_variable() == inner.result,
                (Some(_), None) => false,
                (None, _) => true,
            };
            choice.kind == ChoiceKind::If && inner.kind == ChoiceKind::If && same_value
        }
        _ => false,
    };
    if !foldable {
        return;
    }
    if let Some(Node { kind: NodeKind::Choice(inner), .. }) = choice.otherwise.nodes.pop() {
        take_in(choice, inner);
    }
}

/// `if a { if b {..} }` is `if a && b {..}`.
fn fold_and(choice: &mut Choice) {
    let only_if = |choice: &Choice| {
        choice.kind == ChoiceKind::If
            && choice.rules.len() == 1
            && is_nothing(&choice.otherwise)
            && choice.result.is_none()
    };
    let foldable = only_if(choice)
        && matches!(
            choice.rules[0].body.nodes.as_slice(),
            [Node { kind: NodeKind::Choice(inner), .. }] if only_if(inner)
        );
    if !foldable {
        return;
    }
    if let Some(Node { kind: NodeKind::Choice(mut inner), .. }) = choice.rules[0].body.nodes.pop()
        && let Some(rule) = inner.rules.pop()
    {
        choice.text = format!("{} && {}", operand(&choice.text), operand(&inner.text));
        choice.rules[0].condition = Expr::new(ExprKind::Binary {
            operator: Operator::And,
            left: choice.rules[0].condition.clone(),
            right: rule.condition,
        });
        choice.rules[0].body = rule.body;
    }
}

/// A Rust condition as an operand of `&&`.
fn operand(text: &str) -> String {
    if text.contains("||") { format!("({text})") } else { text.to_owned() }
}
