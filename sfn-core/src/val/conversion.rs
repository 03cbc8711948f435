//! `as`: the value in another type, wrapped or cut off as Rust does.
//! Separate from other methods because it is all arithmetic of ranges.

use super::{AnyVal, Fault, describe};
use crate::ir::{Element, Expr, ExprKind, Operator};
use crate::shape::Integer;
use crate::{Payload, Shape};

impl AnyVal {
    /// `value as T`: integers of at most 32 bits wrap, floats are cut off and held in the range.
    ///
    /// ```
    /// use sfn_core::{Definition, Flow};
    ///
    /// let definition = Definition::from_flow("low", "", |flow: &mut Flow| {
    ///     let n = flow.input::<u32>("n").into_erased();
    ///     flow.succeed(n.cast::<u8>());
    /// });
    /// let text = definition.lower().unwrap().machine.to_json_pretty();
    /// assert!(text.contains("{% $states.input % 256 %}"), "{text}");
    /// ```
    pub fn cast<T: Payload>(&self) -> Self {
        let to = T::shape();
        let expr = match (&self.shape, &to) {
            (Shape::Integer(from), Shape::Integer(to)) if from.holds(*to) || self.is_small_constant(*to) => {
                self.expr.clone()
            }
            (Shape::Integer(from), Shape::Integer(to)) if from.bits <= 32 && to.bits <= 32 => {
                wrapped(&self.expr, *from, *to)
            }
            (Shape::Integer(from), Shape::Float) if from.bits <= 32 => self.expr.clone(),
            (Shape::Float, Shape::Float) => self.expr.clone(),
            (Shape::Float, Shape::Integer(to)) if to.bits <= 32 => cut_off(&self.expr, *to),
            (Shape::Bool, Shape::Integer(_)) => Expr::new(ExprKind::If {
                condition: self.expr.clone(),
                then: Expr::literal(1),
                otherwise: Expr::literal(0),
            }),
            _ => {
                let (from, to) = (describe::shape(&self.shape), describe::shape(&to));
                return self.refuse(Fault::new(
                    "unsupported-conversion",
                    format!(
                        "`as` from {from} to {to} is not exact in a workflow: JSONata's numbers are doubles"
                    ),
                    "convert `f64`s and integers of at most 32 bits, or convert inside a task",
                ));
            }
        };
        Self { expr, shape: to, ..self.clone() }
    }

    fn is_small_constant(&self, to: Integer) -> bool {
        let constant = self.as_literal().and_then(serde_json::Value::as_i64);
        constant.is_some_and(|constant| to.bits == 64 || (to.least()..=to.most()).contains(&constant))
    }
}

impl Integer {
    /// Whether every value of it is one of another.
    fn holds(self, other: Self) -> bool {
        self.signed == other.signed && self.bits <= other.bits
            || !self.signed && other.signed && self.bits < other.bits
    }

    /// The least value of at most 32 bits.
    pub(super) fn least(self) -> i64 {
        if self.signed { -(1 << (self.bits.min(32) - 1)) } else { 0 }
    }

    /// The largest value of at most 32 bits.
    pub(super) fn most(self) -> i64 {
        (1 << (self.bits.min(32) - u8::from(self.signed))) - 1
    }
}

/// An integer modulo the size of another type, in that type's range.
fn wrapped(expr: &Expr, from: Integer, to: Integer) -> Expr {
    let size = Expr::literal(1_i64 << to.bits);
    let half = Expr::literal(1_i64 << (to.bits - 1));
    let raised = if to.signed { Expr::binary(Operator::Add, expr, &half) } else { expr.clone() };
    let rest = Expr::binary(Operator::Remainder, &raised, &size);
    let rest = if from.signed {
        Expr::binary(Operator::Remainder, &Expr::binary(Operator::Add, &rest, &size), &size)
    } else {
        rest
    };
    if to.signed { Expr::binary(Operator::Subtract, &rest, &half) } else { rest }
}

/// A float without its fraction, or the end of the range that it is beyond.
fn cut_off(expr: &Expr, to: Integer) -> Expr {
    let whole = if to.signed {
        let (left, right) = (expr.clone(), Expr::literal(1));
        Expr::new(ExprKind::Quotient { left, right, signed: true })
    } else {
        Expr::function("floor", [expr.clone()])
    };
    clamped(&whole, to)
}

/// A number, or the end of the range that it is beyond.
pub(super) fn clamped(expr: &Expr, to: Integer) -> Expr {
    let of = |function, limit: i64, expr: Expr| {
        let both = vec![Element::Plain(Expr::literal(limit)), Element::Plain(expr)];
        Expr::function(function, [Expr::new(ExprKind::Array(both))])
    };
    of("max", to.least(), of("min", to.most(), expr.clone()))
}
