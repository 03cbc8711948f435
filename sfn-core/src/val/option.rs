//! What an option is asked: whether it holds something, what it holds, what to take instead.
//! Separate from other methods because an option that was calculated knows its parts, and none of them is written twice.

use super::{AnyVal, Fault, Inside, Optional, describe};
use crate::Shape;
use crate::ir::{Element, Expr, ExprKind, Operator, Sequence};

impl AnyVal {
    /// `Some(held)`, which is on the wire what it holds.
    ///
    /// ```
    /// use sfn_core::{AnyVal, literal};
    ///
    /// let limit = AnyVal::some(literal(3));
    /// assert_eq!(limit.is_some().as_literal().unwrap(), true);
    /// assert_eq!(limit.as_literal().unwrap(), 3);
    /// ```
    pub fn some(held: Self) -> Self {
        let faults = held.faults.clone();
        let parts = Optional { bindings: Vec::new(), present: Expr::literal(true), held };
        Self::opened_as(parts.held.expr.clone(), parts).with_faults(faults)
    }

    /// `None`
    pub fn none() -> Self {
        let parts = Optional { bindings: Vec::new(), present: Expr::literal(false), held: Self::never() };
        Self::opened_as(Expr::null(), parts)
    }

    /// `is_some()`
    pub fn is_some(&self) -> Self {
        match self.opened() {
            Some(option) => self.derived(option.wrap(option.present.clone()), Shape::Bool),
            None => self.refuse_method("is_some"),
        }
    }

    /// `is_none()`
    pub fn is_none(&self) -> Self {
        match self.opened() {
            Some(option) => self.derived(option.wrap(option.present.not()), Shape::Bool),
            None => self.refuse_method("is_none"),
        }
    }

    /// `unwrap_or(other)` of an option.
    pub fn unwrap_or(&self, other: &Self) -> Self {
        let Some(option) = self.opened() else { return self.refuse_method("unwrap_or") };
        let held = Self::telling([&option.held, other]).unwrap_or_else(Self::never);
        let expr = if let ExprKind::FirstOr(sequence, _) = self.expr.kind() {
            Expr::new(ExprKind::FirstOr(sequence.clone(), super::construct::element(other)))
        } else {
            let (condition, then) = (option.present.clone(), option.held.expr.clone());
            option.wrap(Expr::choice(condition, then, other.expr.clone()))
        };
        held.standing_for(expr).with_faults_of([self, other])
    }

    /// `unwrap_or_default()` of an option of a scalar, a string or a list.
    pub fn unwrap_or_default(&self) -> Self {
        let Some(option) = self.opened() else { return self.refuse_method("unwrap_or_default") };
        let shape = option.held.shape;
        let default = match &shape {
            Shape::Bool => false.into(),
            Shape::Integer(_) | Shape::Float | Shape::Float32 => 0.into(),
            Shape::String => "".into(),
            Shape::Array(_) => serde_json::Value::Array(Vec::new()),
            Shape::Map(_) => serde_json::json!({}),
            Shape::Option(_) => serde_json::Value::Null,
            other => {
                let what = describe::shape(other);
                return self.refuse(Fault::new(
                    "unsupported-method",
                    format!("a workflow does not know the default of {what}"),
                    "write it out: `unwrap_or(..)`",
                ));
            }
        };
        self.unwrap_or(&Self::constant(default, shape))
    }

    /// `or(other)` of an option.
    pub fn or_option(&self, other: &Self) -> Self {
        let Some(option) = self.opened() else { return self.refuse_method("or") };
        let (condition, then) = (option.present.clone(), option.held.expr.clone());
        let expr = option.wrap(Expr::choice(condition, then, other.expr.clone()));
        let others = other.opened().map(|other| other.held);
        let held = Self::telling([&option.held].into_iter().chain(&others)).unwrap_or(option.held.clone());
        let parts = Optional { bindings: Vec::new(), present: Expr::null(), held };
        Self::optional(parts).standing_for(expr).with_faults_of([self, other])
    }

    /// `then_some(value)` of a boolean.
    pub fn then_some(&self, value: &Self) -> Self {
        if !matches!(self.shape, Shape::Bool) || value.is_option() {
            return self.refuse_method("then_some");
        }
        let parts = Optional { bindings: Vec::new(), present: self.expr.clone(), held: value.clone() };
        Self::optional(parts).with_faults_of([self, value])
    }

    /// What an option holds, where it is known to hold something.
    pub fn inner(&self) -> Self {
        match self.opened() {
            Some(option) => {
                let expr = option.wrap(option.held.expr.clone());
                option.held.standing_for(expr).with_faults_of([self])
            }
            None => self.refuse_method("Some(..)"),
        }
    }

    /// Whether it is a name or a path from one. An option's own default is no reason against it: taken apart, it needs none.
    pub(crate) fn is_path(&self) -> bool {
        match self.expr.kind() {
            ExprKind::Field { of, absent: Some(serde_json::Value::Null), .. } => {
                matches!(self.shape, Shape::Option(_)) && of.is_trivial()
            }
            _ => self.expr.is_trivial(),
        }
    }

    /// An option of these parts.
    pub(crate) fn optional(option: Optional) -> Self {
        let faults = option.held.faults.clone();
        let (condition, then) = (option.present.clone(), option.held.expr.clone());
        let whole = option.wrap(Expr::choice(condition, then, Expr::null()));
        Self::opened_as(whole, option).with_faults(faults)
    }

    /// The first of some items, if there is one.
    pub(crate) fn first_of(sequence: Sequence, item: &Self) -> Self {
        let present = Expr::new(ExprKind::Exists(sequence.expr.clone()));
        let whole = Expr::new(ExprKind::FirstOr(sequence, Element::Plain(Expr::null())));
        let held = item.standing_for(whole.clone());
        Self::opened_as(whole, Optional { bindings: Vec::new(), present, held })
    }

    /// Whether it is an option of an option.
    pub(super) fn is_nested(&self) -> bool {
        let Shape::Option(inner) = &self.shape else { return false };
        matches!(self.inside, Inside::Shape) && matches!(inner(), Shape::Option(_))
    }

    fn opened_as(expr: Expr, mut option: Optional) -> Self {
        if option.held.is_option() {
            return option.held.refuse(nested());
        }
        option.held.faults.clear();
        let inside = Inside::Option(Box::new(option));
        Self { inside, ..Self::new(expr, Shape::Option(|| Shape::Any)) }
    }

    /// The parts of an option: in JSONata an absent value differs from `null` in no way.
    pub(crate) fn opened(&self) -> Option<Optional> {
        if let Inside::Option(option) = &self.inside {
            return Some(Optional::clone(option));
        }
        let Shape::Option(inner) = &self.shape else { return None };
        if self.is_nested() {
            return None;
        }
        // What stands in for an absent field is `null` too.
        let expr = match self.expr.kind() {
            ExprKind::Field { of, wire, absent: Some(_) } => {
                Expr::new(ExprKind::Field { of: of.clone(), wire: wire.clone(), absent: None })
            }
            _ => self.expr.clone(),
        };
        let (present, held) = (is_not_null(&expr), Self::new(expr, inner()));
        Some(Optional { bindings: Vec::new(), present, held })
    }
}

/// What is wrong with an option of an option.
pub(super) fn nested() -> Fault {
    Fault::new(
        "nested-option",
        "an `Option` of an `Option` does not travel: `Some(None)` is `null` on the wire, as `None` is",
        "give one `Option`, or tell the cases apart by an enum",
    )
}

impl Optional {
    /// An expression that mentions the parts.
    pub(crate) fn wrap(&self, expr: Expr) -> Expr {
        self.bindings.iter().rev().fold(expr, |expr, (id, bound)| Expr::local(*id, bound, &expr))
    }
}

pub(crate) fn is_not_null(expr: &Expr) -> Expr {
    Expr::binary(Operator::NotEqual, expr, &Expr::null())
}
