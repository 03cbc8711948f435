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
    /// `len()` of a list, a map or a string, which has bytes.
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
            Shape::Array(_) | Shape::Tuple(_) => {
                self.derived(Expr::function("count", [self.expr.clone()]), COUNT)
            }
            Shape::Map(_) => {
                let keys = Expr::function("keys", [self.expr.clone()]);
                self.derived(Expr::function("count", [keys]), COUNT)
            }
            Shape::String => self.bytes(),
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

    /// `list[place]`, `map[key]`, `json["key"]`
    pub fn at_place(&self, place: &Self) -> Self {
        if let Some(value) = self.map_value() {
            return value.standing_for(self.under(place)).with_faults_of([self, place]);
        }
        if let (Shape::Any, Some(key)) = (&self.shape, place.as_literal().and_then(serde_json::Value::as_str))
        {
            let found = Expr::field(&self.expr, key, Some(serde_json::Value::Null));
            return self.derived(found, Shape::Any);
        }
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

    /// Why a list does not hold numbers that are calculated with in JSONata as in Rust.
    pub(crate) fn unless_numbers(&self, method: &'static str) -> Option<Self> {
        let Some(item) = self.item() else { return Some(self.refuse_method(method)) };
        refused_number(&item, method).map(|fault| self.refuse(fault))
    }

    pub(crate) fn derived(&self, expr: Expr, shape: Shape) -> Self {
        Self::new(expr, shape).with_faults_of([self])
    }

    pub(crate) fn refuse_method(&self, method: &str) -> Self {
        if self.is_nested() {
            return self.refuse(super::option::nested());
        }
        let what = describe::shape(&self.shape);
        self.refuse(Fault::new(
            "unsupported-method",
            format!("`{method}` of {what} cannot be said in a workflow"),
            "do it inside a task and return the result",
        ))
    }
}
