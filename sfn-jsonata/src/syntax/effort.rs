//! Whether an expression may take long, as far as its text shows.
//! Separate because it is a question about loops only, and errs on the side of yes.

use super::Program;
use super::ast::{BinaryOperator, Kind, Node, Path, Stage};

/// Functions of the library that make much of little.
const LAVISH: [&str; 2] = ["pad", "range"];

pub(crate) fn may_take_long(program: &Program) -> bool {
    takes_long(&program.root, false)
}

/// `is_inside` a step that is taken once for each element of something.
fn takes_long(node: &Node, is_inside: bool) -> bool {
    let is_lavish = match &node.kind {
        Kind::Lambda(_)
        | Kind::Partial(..)
        | Kind::Apply(..)
        | Kind::Transform(_)
        | Kind::Sort(_)
        | Kind::Regex(_)
        | Kind::Descendant
        | Kind::Binary(BinaryOperator::Range, ..) => true,
        Kind::Call(call) => is_lavish_call(&call.procedure) || call.arguments.iter().any(is_function),
        Kind::Path(path) => is_inside && path.repeats(),
        _ => false,
    };
    let has_filter = node.predicates.iter().chain(&node.stages).any(|it| matches!(it, Stage::Filter(_)));
    let goes_inside =
        has_filter || node.group.is_some() || matches!(&node.kind, Kind::Path(path) if path.repeats());
    if is_lavish || is_inside && (has_filter || node.group.is_some()) {
        return true;
    }
    let mut found = false;
    node.for_each_child(&mut |child| found = found || takes_long(child, is_inside || goes_inside));
    found
}

impl Path {
    /// Whether a step that is more than a name is taken for each element of what comes before.
    fn repeats(&self) -> bool {
        self.steps.iter().skip(1).any(|step| {
            !matches!(step.kind, Kind::Name(_) | Kind::Wildcard | Kind::Literal(_))
                || !step.predicates.is_empty()
                || !step.stages.is_empty()
        })
    }
}

fn is_lavish_call(procedure: &Node) -> bool {
    match &procedure.kind {
        Kind::Variable(variable) => variable.builtin.is_none_or(|builtin| LAVISH.contains(&builtin.name)),
        _ => true,
    }
}

/// Whether it names a function of the library without calling it.
fn is_function(node: &Node) -> bool {
    matches!(&node.kind, Kind::Variable(variable) if variable.builtin.is_some())
}
