//! The methods of numbers that mention each value once.
//! Separate from operators because Rust has a method for each way to treat what does not fit, and JSONata has none.

use serde_json::Value;

use super::conversion::clamped;
use super::operator::refused_number;
use super::{AnyVal, Fault};
use crate::Shape;
use crate::ir::{Element, Expr, ExprKind, Operator};
use crate::shape::Integer;

impl AnyVal {
    /// `min(other)` of two numbers.
    pub fn min(&self, other: &Self) -> Self {
        self.of_numbers("min", other)
    }

    /// `max(other)` of two numbers.
    pub fn max(&self, other: &Self) -> Self {
        self.of_numbers("max", other)
    }

    fn of_numbers(&self, function: &'static str, other: &Self) -> Self {
        let refused = [self, other].into_iter().filter(|operand| operand.as_literal().is_none());
        if let Some(fault) = refused.into_iter().find_map(|operand| refused_number(operand, function)) {
            return self.refuse(fault);
        }
        let typed = if self.as_literal().is_some() { other } else { self };
        let both = Expr::new(ExprKind::Array(vec![
            Element::Plain(self.expr.clone()),
            Element::Plain(other.expr.clone()),
        ]));
        Self::new(Expr::function(function, [both]), typed.shape.clone()).with_faults_of([self, other])
    }

    /// `clamp(least, most)` of a number.
    pub fn clamp(&self, least: &Self, most: &Self) -> Self {
        self.min(most).max(least)
    }

    /// `abs()` of a number.
    pub fn abs(&self) -> Self {
        self.of_number("abs", "abs", self.shape.clone())
    }

    /// `unsigned_abs()` of an integer.
    pub fn unsigned_abs(&self) -> Self {
        match &self.shape {
            Shape::Integer(integer) => {
                let shape = Shape::Integer(Integer { signed: false, ..*integer });
                self.of_number("unsigned_abs", "abs", shape)
            }
            _ => self.refuse_method("unsigned_abs"),
        }
    }

    /// `abs_diff(other)` of two integers.
    pub fn abs_diff(&self, other: &Self) -> Self {
        self.sub(other).unsigned_abs()
    }

    /// `floor()` of a float.
    pub fn floor(&self) -> Self {
        self.of_float("floor")
    }

    /// `ceil()` of a float.
    pub fn ceil(&self) -> Self {
        self.of_float("ceil")
    }

    /// `sqrt()` of a float.
    pub fn sqrt(&self) -> Self {
        self.of_float("sqrt")
    }

    /// `trunc()` of a float.
    pub fn trunc(&self) -> Self {
        match &self.shape {
            Shape::Float => {
                let (left, right) = (self.expr.clone(), Expr::literal(1));
                let whole = Expr::new(ExprKind::Quotient { left, right, signed: true });
                self.derived(whole, Shape::Float)
            }
            _ => self.refuse_method("trunc"),
        }
    }

    fn of_float(&self, function: &'static str) -> Self {
        match &self.shape {
            Shape::Float => self.of_number(function, function, Shape::Float),
            _ => self.refuse_method(function),
        }
    }

    fn of_number(&self, method: &str, function: &'static str, shape: Shape) -> Self {
        match refused_number(self, method) {
            Some(fault) => self.refuse(fault),
            None => self.derived(Expr::function(function, [self.expr.clone()]), shape),
        }
    }

    /// `is_positive()` of an integer.
    pub fn is_positive(&self) -> Self {
        self.gt(&super::literal(0))
    }

    /// `is_negative()` of an integer.
    pub fn is_negative(&self) -> Self {
        self.lt(&super::literal(0))
    }

    /// `saturating_add(other)` of integers.
    pub fn saturating_add(&self, other: &Self) -> Self {
        self.saturated("saturating_add", &self.add(other), other)
    }

    /// `saturating_sub(other)` of integers.
    pub fn saturating_sub(&self, other: &Self) -> Self {
        self.saturated("saturating_sub", &self.sub(other), other)
    }

    /// `saturating_mul(other)` of integers.
    pub fn saturating_mul(&self, other: &Self) -> Self {
        self.saturated("saturating_mul", &self.mul(other), other)
    }

    /// A result, or the end of the type's range that it is beyond.
    fn saturated(&self, method: &str, result: &Self, other: &Self) -> Self {
        let typed = if self.as_literal().is_some() { other } else { self };
        match &typed.shape {
            Shape::Integer(integer) if integer.bits <= 32 => {
                Self { expr: clamped(&result.expr, *integer), ..result.clone() }
            }
            _ => self.refuse_method(method),
        }
    }

    /// `rem_euclid(divisor)` of an integer, for a positive constant.
    pub fn rem_euclid(&self, divisor: &Self) -> Self {
        if let Some(refused) = self.unless_divided("rem_euclid", divisor) {
            return refused;
        }
        let rest = Expr::binary(Operator::Remainder, &self.expr, &divisor.expr);
        let raised = Expr::binary(Operator::Add, &rest, &divisor.expr);
        self.derived(Expr::binary(Operator::Remainder, &raised, &divisor.expr), self.shape.clone())
    }

    /// `div_euclid(divisor)` of an integer, for a positive constant.
    pub fn div_euclid(&self, divisor: &Self) -> Self {
        if let Some(refused) = self.unless_divided("div_euclid", divisor) {
            return refused;
        }
        let (left, right) = (self.expr.clone(), divisor.expr.clone());
        let floor = Expr::new(ExprKind::Quotient { left, right, signed: false });
        self.derived(floor, self.shape.clone())
    }

    fn unless_divided(&self, method: &str, divisor: &Self) -> Option<Self> {
        let whole = matches!(&self.shape, Shape::Integer(integer) if integer.bits <= 32);
        let positive = divisor.as_literal().and_then(Value::as_i64).is_some_and(|divisor| divisor > 0);
        if !whole {
            return Some(self.refuse_method(method));
        }
        (!positive).then(|| {
            self.refuse(Fault::new(
                "unsupported-method",
                format!("`{method}` takes a positive constant here"),
                "write the number out, or calculate inside a task",
            ))
        })
    }

    /// The range of an integer of at most 32 bits.
    pub(crate) fn bounds(&self) -> Option<(i64, i64)> {
        match &self.shape {
            Shape::Integer(integer) if integer.bits <= 32 => Some((integer.least(), integer.most())),
            _ => None,
        }
    }
}
