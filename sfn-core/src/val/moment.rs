//! What a workflow does with moments of time: it compares them, adds seconds, counts the seconds between two.
//! Separate because their texts are compared by the moments that they name, in milliseconds.

use super::{AnyVal, Fault, describe};
use crate::ir::{Element, Expr, ExprKind, Operator};
use crate::shape::Integer;
use crate::{Arg, Shape, Timestamp, Val};

/// The shape of a number of seconds.
const SECONDS: Shape = Shape::Integer(Integer { signed: false, bits: 32 });

impl AnyVal {
    /// `plus_secs(seconds)` of a timestamp.
    pub fn plus_secs(&self, seconds: &Self) -> Self {
        if !matches!(self.shape, Shape::Timestamp) {
            return self.refuse_method("plus_secs");
        }
        let millis = match seconds.as_literal().and_then(serde_json::Value::as_u64) {
            Some(known) => Expr::literal(known.saturating_mul(1000)),
            None => Expr::binary(Operator::Multiply, &seconds.expr, &Expr::literal(1000)),
        };
        let later = Expr::binary(Operator::Add, &self.millis(), &millis);
        self.derived(Expr::function("fromMillis", [later]), Shape::Timestamp).with_faults_of([seconds])
    }

    /// `secs_since(&earlier)` of a timestamp.
    pub fn secs_since(&self, earlier: &Self) -> Self {
        if !matches!((&self.shape, &earlier.shape), (Shape::Timestamp, Shape::Timestamp)) {
            return self.refuse_method("secs_since").with_faults_of([earlier]);
        }
        let between = Expr::binary(Operator::Subtract, &self.millis(), &earlier.millis());
        let between =
            Expr::new(ExprKind::Array(vec![Element::Plain(Expr::literal(0)), Element::Plain(between)]));
        let between = Expr::function("max", [between]);
        let seconds = Expr::binary(Operator::Divide, &between, &Expr::literal(1000));
        self.derived(Expr::function("floor", [seconds]), SECONDS).with_faults_of([earlier])
    }

    /// A comparison, where one of the two is a timestamp.
    pub(super) fn moments(&self, operator: Operator, other: &Self) -> Option<Self> {
        match (&self.shape, &other.shape) {
            (Shape::Timestamp, Shape::Timestamp) => {
                let compared = Expr::binary(operator, &self.millis(), &other.millis());
                Some(self.derived(compared, Shape::Bool).with_faults_of([other]))
            }
            (Shape::Timestamp, found) | (found, Shape::Timestamp) => {
                let what = describe::shape(found);
                Some(self.refuse(Fault::new(
                    "unsupported-comparison",
                    format!("a timestamp is compared with {what}"),
                    "compare it with another timestamp",
                )))
            }
            _ => None,
        }
    }

    fn millis(&self) -> Expr {
        match self.expr.kind() {
            ExprKind::Function { name: "fromMillis", arguments } if arguments.len() == 1 => {
                arguments[0].clone()
            }
            _ => Expr::function("toMillis", [self.expr.clone()]),
        }
    }
}

impl Val<Timestamp> {
    /// `plus_secs(seconds)`
    pub fn plus_secs(&self, seconds: impl Arg<u32>) -> Self {
        Self::from_erased(self.erased().plus_secs(&AnyVal::of_argument(seconds.into_arg(), SECONDS)))
    }

    /// `secs_since(&earlier)`
    pub fn secs_since(&self, earlier: impl Arg<Timestamp>) -> Val<u32> {
        let earlier = AnyVal::of_argument(earlier.into_arg(), Shape::Timestamp);
        Val::from_erased(self.erased().secs_since(&earlier))
    }
}
