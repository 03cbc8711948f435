//! What becomes of a step whose failure leaves unknown whether it happened: `compensate_unknown`.
//! Separate because such a step has two kinds of failures, and each Catcher must tell which it takes.
//!
//! An error that the task declares says that it did not happen; a timeout, a panic, a lost connection say nothing.

use crate::ir::{Arm, CATCH_ALL, Call};

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
