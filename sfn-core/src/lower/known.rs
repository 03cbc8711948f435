//! What is known of the variables at one place of an execution: constants, and structs of which parts are constants.
//! Separate from what is decided by it because this is about values and not about ways.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::ir::{Element, Expr, ExprKind, VariableId};

/// Above this many parts a value is taken for unknown: each is gone through wherever two ways meet.
const LARGE: usize = 200;

/// The variables of which something is known, each as an expression whose unknown parts are paths from the variable.
#[derive(Clone, Debug, Default)]
pub(super) struct Known(BTreeMap<VariableId, Expr>);

impl Known {
    /// An expression in which what is known stands in the places of variables.
    pub(super) fn of(&self, expr: &Expr) -> Expr {
        expr.replace(&|id| self.0.get(&id).cloned())
    }

    /// A variable has a value from now on.
    pub(super) fn learn(&mut self, variable: VariableId, value: &Expr) {
        let path = Expr::variable(variable);
        let value = if value.is_larger_than(LARGE) { None } else { self::known(&self.of(value), &path) };
        match value {
            Some(value) => self.0.insert(variable, value),
            None => self.0.remove(&variable),
        };
    }

    /// Nothing is known any more of a variable.
    pub(super) fn forget(&mut self, variable: VariableId) {
        self.0.remove(&variable);
    }

    /// What is known whichever of two ways was taken.
    pub(super) fn joined(&self, other: &Self) -> Self {
        let both = self.0.iter().filter_map(|(id, one)| {
            let joined = self::joined(one, other.0.get(id)?, &Expr::variable(*id));
            Some((*id, joined)).filter(|(_, joined)| joined.as_variable() != Some(*id))
        });
        Self(both.collect())
    }
}

/// What is known of a value that a path leads to.
fn known(value: &Expr, path: &Expr) -> Option<Expr> {
    let part = |value: &Expr, path: Expr| known(value, &path).unwrap_or(path);
    match value.kind() {
        ExprKind::Literal(Value::Object(entries)) => {
            let entries = entries.iter().map(|(name, entry)| {
                (name.clone(), part(&Expr::literal(entry.clone()), Expr::field(path, name, None)))
            });
            Some(Expr::new(ExprKind::Object(entries.collect())))
        }
        ExprKind::Literal(_) => Some(value.clone()),
        ExprKind::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(name, entry)| (name.clone(), part(entry, Expr::field(path, name, None))));
            Some(Expr::new(ExprKind::Object(entries.collect())))
        }
        ExprKind::Array(elements) if elements.iter().all(is_one) => {
            let elements = elements
                .iter()
                .enumerate()
                .map(|(at, element)| element.with(part(element.expr(), Expr::index(path, at))));
            Some(Expr::new(ExprKind::Array(elements.collect())))
        }
        ExprKind::If { then, otherwise, .. } => {
            let both = joined(&known(then, path)?, &known(otherwise, path)?, path);
            Some(both).filter(|both| both != path)
        }
        _ => None,
    }
}

/// Whether an element is one of the array: what may be absent is not.
fn is_one(element: &Element) -> bool {
    !matches!(element.expr().kind(), ExprKind::Field { absent: None, .. } | ExprKind::Element { .. })
}

/// What two values that a path may lead to have in common.
fn joined(one: &Expr, other: &Expr, path: &Expr) -> Expr {
    if one == other {
        return one.clone();
    }
    match (one.kind(), other.kind()) {
        (ExprKind::Object(ones), ExprKind::Object(others)) => {
            let of = |entries: &[(String, Expr)], name: &String| {
                entries.iter().find(|(known, _)| known == name).map(|(_, entry)| entry.clone())
            };
            let more = others.iter().filter(|(name, _)| of(ones, name).is_none());
            let entries = ones.iter().chain(more).map(|(name, _)| {
                let path = Expr::field(path, name, None);
                let entry = match (of(ones, name), of(others, name)) {
                    (Some(one), Some(other)) => joined(&one, &other, &path),
                    _ => path,
                };
                (name.clone(), entry)
            });
            Expr::new(ExprKind::Object(entries.collect()))
        }
        (ExprKind::Array(ones), ExprKind::Array(others)) if ones.len() == others.len() => {
            let elements =
                ones.iter().zip(others).enumerate().map(|(at, (one, other))| {
                    one.with(joined(one.expr(), other.expr(), &Expr::index(path, at)))
                });
            Expr::new(ExprKind::Array(elements.collect()))
        }
        _ => path.clone(),
    }
}
