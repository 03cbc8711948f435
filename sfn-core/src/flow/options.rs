//! The methods of options that take closures.
//! Separate from those that take values because what an option holds is named here where it is not a name already.

use super::Flow;
use crate::ir::{Expr, ExprKind, Operator};
use crate::val::Optional;
use crate::{AnyVal, Shape};

impl AnyVal {
    /// `map(|held| ..)` of an option.
    pub(super) fn map_held(
        &self,
        flow: &mut Flow,
        name: &str,
        closure: impl FnOnce(&mut Flow, Self) -> Self,
    ) -> Self {
        let Some((option, body)) = self.with_held(flow, name, closure) else {
            return self.refuse_method("map");
        };
        if body.is_option() {
            return self.refuse_method("map(..) to another option, in place of and_then(..),");
        }
        Self::optional(Optional { held: body, ..option }).with_faults_of([self])
    }

    /// `filter(|held| ..)` of an option.
    pub(super) fn filter_held(
        &self,
        flow: &mut Flow,
        name: &str,
        closure: impl FnOnce(&mut Flow, Self) -> Self,
    ) -> Self {
        let Some((option, body)) = self.with_held(flow, name, closure) else {
            return self.refuse_method("filter");
        };
        let present = Expr::binary(Operator::And, &option.present, &body.expr);
        Self::optional(Optional { present, ..option }).with_faults_of([self, &body])
    }

    /// `and_then(|held| ..)` of an option.
    pub fn and_then(
        &self,
        flow: &mut Flow,
        name: &str,
        closure: impl FnOnce(&mut Flow, Self) -> Self,
    ) -> Self {
        let Some((option, body)) = self.with_held(flow, name, closure) else {
            return self.refuse_method("and_then");
        };
        let (condition, then) = (option.present.clone(), body.expr.clone());
        let expr = option.wrap(Expr::choice(condition, then, Expr::null()));
        let held = Self { faults: Vec::new(), ..body.held() };
        let parts = Optional { bindings: Vec::new(), present: Expr::null(), held };
        Self::optional(parts).standing_for(expr).with_faults_of([self, &body])
    }

    /// `is_some_and(|held| ..)` of an option.
    pub fn is_some_and(
        &self,
        flow: &mut Flow,
        name: &str,
        closure: impl FnOnce(&mut Flow, Self) -> Self,
    ) -> Self {
        match self.with_held(flow, name, closure) {
            Some((option, body)) => {
                let both = Expr::binary(Operator::And, &option.present, &body.expr);
                self.derived(option.wrap(both), Shape::Bool).with_faults_of([&body])
            }
            None => self.refuse_method("is_some_and"),
        }
    }

    /// `is_none_or(|held| ..)` of an option.
    pub fn is_none_or(
        &self,
        flow: &mut Flow,
        name: &str,
        closure: impl FnOnce(&mut Flow, Self) -> Self,
    ) -> Self {
        match self.with_held(flow, name, closure) {
            Some((option, body)) => {
                let either = Expr::binary(Operator::Or, &option.present.not(), &body.expr);
                self.derived(option.wrap(either), Shape::Bool).with_faults_of([&body])
            }
            None => self.refuse_method("is_none_or"),
        }
    }

    /// `map_or(other, |held| ..)` of an option.
    pub fn map_or(
        &self,
        other: &Self,
        flow: &mut Flow,
        name: &str,
        closure: impl FnOnce(&mut Flow, Self) -> Self,
    ) -> Self {
        match self.with_held(flow, name, closure) {
            Some((option, body)) => {
                let (condition, then) = (option.present.clone(), body.expr.clone());
                let expr = Expr::choice(condition, then, other.expr.clone());
                let typed = Self::telling([&body, other]).unwrap_or_else(Self::never);
                typed.standing_for(option.wrap(expr)).with_faults_of([self, other, &body])
            }
            None => self.refuse_method("map_or"),
        }
    }

    /// `unwrap_or_else(|| ..)` of an option.
    pub fn unwrap_or_else(&self, flow: &mut Flow, closure: impl FnOnce(&mut Flow) -> Self) -> Self {
        let other = flow.calculate(closure);
        self.unwrap_or(&other)
    }

    pub(crate) fn is_option(&self) -> bool {
        matches!(self.shape, Shape::Option(_))
    }

    /// What a closure's option holds where it holds something: `Some(..)` is on the wire what is in it.
    pub(super) fn held(&self) -> Self {
        match self.opened() {
            Some(option) => option.held,
            None => self.clone(),
        }
    }

    /// An option's parts, and what a closure makes of what it holds.
    fn with_held(
        &self,
        flow: &mut Flow,
        name: &str,
        closure: impl FnOnce(&mut Flow, Self) -> Self,
    ) -> Option<(Optional, Self)> {
        let mut option = self.opened()?;
        let is_first = matches!(self.expr.kind(), ExprKind::FirstOr(..));
        if option.held.expr.is_trivial() {
            let body = flow.calculate(|flow| closure(flow, option.held.clone()));
            return Some((option, body));
        }
        let id = flow.local(name, "held");
        let named = option.held.standing_for(Expr::variable(id));
        let body = flow.calculate(|flow| closure(flow, named.clone()));
        let calculated = matches!(self.inside, crate::val::Inside::Option(_)) && !is_first;
        if calculated {
            // What it holds can be calculated only where there is something.
            let expr = Expr::local(id, &option.held.expr, &body.expr);
            return Some((option, body.standing_for(expr)));
        }
        let named_option = Self { faults: Vec::new(), ..self.standing_for(Expr::variable(id)) }.opened()?;
        option.bindings.push((id, self.expr.clone()));
        Some((Optional { bindings: option.bindings, ..named_option }, body))
    }
}
