//! The methods of lists, maps, strings, options and numbers that a workflow may call, where JSONata gives what Rust gives.
//! Separate from operators because each of these asks for shapes of its own.

use super::operator::{has_equality, refused_number};
use super::{AnyVal, Fault, Optional, describe};
use crate::Shape;
use crate::ir::{Expr, ExprKind, Operator, Sequence};
use crate::shape::Integer;

/// The shape of a count: no list holds more elements than a payload has bytes.
pub(crate) const COUNT: Shape = Shape::Integer(Integer { signed: false, bits: 32 });

impl AnyVal {
    /// `len()` of a list or a map.
    ///
    /// ```
    /// use sfn_core::{Definition, Flow};
    ///
    /// let definition = Definition::from_flow("count", "", |flow: &mut Flow| {
    ///     let items = flow.input::<Vec<String>>("items").into_erased();
    ///     flow.succeed(items.len());
    /// });
    /// let text = definition.lower().unwrap().machine.to_json_pretty();
    /// assert!(text.contains("{% $count($states.input) %}"), "{text}");
    /// ```
    pub fn len(&self) -> Self {
        match &self.shape {
            Shape::Array(_) => self.derived(Expr::function("count", [self.expr.clone()]), COUNT),
            Shape::Map(_) => {
                let keys = Expr::function("keys", [self.expr.clone()]);
                self.derived(Expr::function("count", [keys]), COUNT)
            }
            Shape::String => self.refuse(Fault::new(
                "unsupported-method",
                "`len()` of a string counts bytes, which a workflow cannot",
                "ask `is_empty()`, or measure it inside a task",
            )),
            _ => self.refuse_method("len"),
        }
    }

    /// `is_empty()` of a list, a map or a string.
    pub fn is_empty(&self) -> Self {
        if matches!(self.shape, Shape::String) {
            return self.eq(&super::literal(""));
        }
        let len = self.len();
        if len.faults.is_empty() { len.eq(&super::literal(0)) } else { len }
    }

    /// `count()` of an iterator.
    pub fn count(&self) -> Self {
        match self.expr.kind() {
            ExprKind::Collected(Sequence { expr, nested: false }) => {
                self.derived(Expr::function("count", [expr.clone()]), COUNT)
            }
            _ => self.len(),
        }
    }

    /// `contains(..)` of a list of comparable values, or of a string.
    pub fn contains(&self, other: &Self) -> Self {
        let expr = match (&self.shape, self.item().map(|item| item.shape)) {
            (Shape::String, _) => Expr::function("contains", [self.expr.clone(), other.expr.clone()]),
            (_, Some(item)) if has_equality(&item) => Expr::binary(Operator::In, &other.expr, &self.expr),
            _ => return self.refuse_method("contains"),
        };
        self.derived(expr, Shape::Bool).with_faults_of([other])
    }

    /// `contains_key(..)` of a map.
    pub fn contains_key(&self, key: &Self) -> Self {
        match &self.shape {
            Shape::Map(_) => {
                let found = Expr::function("lookup", [self.expr.clone(), key.expr.clone()]);
                self.derived(Expr::new(ExprKind::Exists(found)), Shape::Bool).with_faults_of([key])
            }
            _ => self.refuse_method("contains_key"),
        }
    }

    /// `starts_with(..)` of a string, for a constant.
    pub fn starts_with(&self, start: &Self) -> Self {
        self.has_at("starts_with", start, |units| vec![Expr::literal(0), Expr::literal(units)])
    }

    /// `ends_with(..)` of a string, for a constant.
    pub fn ends_with(&self, end: &Self) -> Self {
        self.has_at("ends_with", end, |units| vec![Expr::literal(-units)])
    }

    /// Whether the part of a string that a constant would take up is that constant. Rust counts bytes and JSONata other
    /// units, so the constant is measured here.
    fn has_at(&self, method: &str, part: &Self, place: impl Fn(i64) -> Vec<Expr>) -> Self {
        let (Shape::String, Some(text)) = (&self.shape, part.as_literal().and_then(|text| text.as_str()))
        else {
            return self.refuse(Fault::new(
                "unsupported-method",
                format!("`{method}` asks a string for a constant here"),
                "write the text out, or decide inside a task",
            ));
        };
        if text.is_empty() {
            return Self::constant(true.into(), Shape::Bool).with_faults_of([self]);
        }
        let units = i64::try_from(text.encode_utf16().count()).unwrap_or(i64::MAX);
        let arguments = [vec![self.expr.clone()], place(units)].concat();
        let there = Expr::function("substring", arguments);
        self.derived(Expr::binary(Operator::Equal, &there, &part.expr), Shape::Bool)
    }

    /// `to_uppercase()` of a string.
    pub fn to_uppercase(&self) -> Self {
        self.of_string("to_uppercase", "uppercase")
    }

    /// `to_lowercase()` of a string.
    pub fn to_lowercase(&self) -> Self {
        self.of_string("to_lowercase", "lowercase")
    }

    fn of_string(&self, method: &str, function: &'static str) -> Self {
        match &self.shape {
            Shape::String => self.derived(Expr::function(function, [self.expr.clone()]), Shape::String),
            _ => self.refuse_method(method),
        }
    }

    /// `join(separator)` of a list of strings.
    pub fn join(&self, separator: &Self) -> Self {
        match self.item().map(|item| item.shape) {
            Some(Shape::String) => {
                let joined = Expr::function("join", [self.expr.clone(), separator.expr.clone()]);
                self.derived(joined, Shape::String).with_faults_of([separator])
            }
            _ => self.refuse_method("join"),
        }
    }

    /// `list[place]`
    pub fn at_place(&self, place: &Self) -> Self {
        match self.item() {
            Some(item) => item.standing_for(self.element(&place.expr)).with_faults_of([self, place]),
            None => self.refuse(Fault::new(
                "not-an-array",
                format!("a place of {} is read, which has none", describe::shape(&self.shape)),
                "index lists only",
            )),
        }
    }

    /// `first()` of a list.
    pub fn first(&self) -> Self {
        self.element_or_null("first", &Expr::literal(0))
    }

    /// `last()` of a list.
    pub fn last(&self) -> Self {
        self.element_or_null("last", &Expr::literal(-1))
    }

    fn element_or_null(&self, method: &str, at: &Expr) -> Self {
        let Some(item) = self.item() else { return self.refuse_method(method) };
        let element = self.element(at);
        if !self.expr.is_trivial() && item.is_array() == Some(false) {
            let element = Sequence { expr: element, nested: false };
            return Self::first_of(element, &item).with_faults_of([self]);
        }
        let count = Expr::function("count", [self.expr.clone()]);
        let present = Expr::binary(Operator::Greater, &count, &Expr::literal(0));
        let held = item.standing_for(element);
        Self::optional(Optional { bindings: Vec::new(), present, held }).with_faults_of([self])
    }

    fn element(&self, at: &Expr) -> Expr {
        Expr::new(ExprKind::Element { of: self.expr.clone(), at: at.clone() })
    }

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
            crate::ir::Element::Plain(self.expr.clone()),
            crate::ir::Element::Plain(other.expr.clone()),
        ]));
        Self::new(Expr::function(function, [both]), typed.shape.clone()).with_faults_of([self, other])
    }

    /// `abs()` of a number.
    pub fn abs(&self) -> Self {
        if let Some(fault) = refused_number(self, "abs") {
            return self.refuse(fault);
        }
        self.derived(Expr::function("abs", [self.expr.clone()]), self.shape.clone())
    }

    /// Why a list does not hold numbers that are calculated with in JSONata as in Rust.
    pub(crate) fn unless_numbers(&self, method: &'static str) -> Option<Self> {
        let Some(item) = self.item() else { return Some(self.refuse_method(method)) };
        refused_number(&item, method).map(|fault| self.refuse(fault))
    }

    pub(crate) fn derived(&self, expr: Expr, shape: Shape) -> Self {
        Self::new(expr, shape).with_faults_of([self])
    }

    pub(crate) fn refuse_method(&self, method: &str) -> Self {
        let what = describe::shape(&self.shape);
        self.refuse(Fault::new(
            "unsupported-method",
            format!("`{method}` of {what} cannot be said in a workflow"),
            "do it inside a task and return the result",
        ))
    }
}
