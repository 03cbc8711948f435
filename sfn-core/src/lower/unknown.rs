//! What becomes of a step whose failure leaves unknown whether it happened: `compensate_unknown`.
//! Separate because such a step has two kinds of failures, and each Catcher must tell which it takes.
//!
//! An error that the task declares says that it did not happen; a timeout, a panic, a lost connection say nothing. An
//! execution that failed has undone what it did itself, unless it was stopped or says that it could not.

use crate::error::name;
use crate::ir::{Arm, CATCH_ALL, Call, Expr, ExprKind, Operator, Source, VariableId};

/// The errors of an arm, apart.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Errors {
    /// Those by which the task says that it did nothing.
    pub(super) declared: Vec<String>,
    /// Those that say nothing.
    pub(super) unknown: Vec<String>,
}

/// The errors of each arm of a call, and at the end of what no arm takes.
pub(super) fn errors_of_arms(call: &Call) -> Vec<Errors> {
    let mut left: Vec<&str> = call.spec.errors.iter().map(|error| error.name).collect();
    let mut all_taken = false;
    let mut arms: Vec<_> = call.arms.iter().map(|arm| take(arm, &mut left, &mut all_taken)).collect();
    let rest = if all_taken { Errors::default() } else { everything(&mut left) };
    arms.push(rest);
    arms
}

fn take(arm: &Arm, left: &mut Vec<&str>, all_taken: &mut bool) -> Errors {
    if arm.errors.iter().any(|name| name == CATCH_ALL) {
        *all_taken = true;
        return everything(left);
    }
    let (declared, unknown): (Vec<_>, Vec<_>) =
        arm.errors.iter().cloned().partition(|name| left.contains(&name.as_str()));
    left.retain(|name| !declared.iter().any(|taken| taken == name));
    Errors { declared, unknown }
}

fn everything(left: &mut Vec<&str>) -> Errors {
    let declared = left.drain(..).map(str::to_owned).collect();
    Errors { declared, unknown: vec![CATCH_ALL.to_owned()] }
}

/// Whether nobody undid what an execution did before it failed; `ended` is a name for the length of the expression. Only
/// the run knows: to the service all that failed are one error.
pub(super) fn is_left_behind(ended: VariableId) -> Expr {
    let caught = Expr::source(Source::ErrorOutput);
    let description = Expr::function("parse", [Expr::field(&caught, "Cause", None)]);
    let part = |name| Expr::field(&Expr::variable(ended), name, None);
    let was_stopped = Expr::binary(Operator::NotEqual, &part("Status"), &Expr::literal("FAILED"));
    let could_not = Expr::binary(Operator::In, &part("Error"), &Expr::literal(name::LEFT_BEHIND.to_vec()));
    let told = Expr::binary(Operator::Or, &was_stopped, &could_not);
    Expr::new(ExprKind::If {
        condition: Expr::binary(
            Operator::Equal,
            &Expr::field(&caught, "Error", None),
            &Expr::literal(name::TASK_FAILED),
        ),
        then: Expr::local(ended, &description, &told),
        otherwise: Expr::literal(true),
    })
}
