//! The methods of lists that put items in order, and of maps, whose keys are in order in Rust.
//! Separate from other methods of lists because an order is a question of its own: JSONata's is not always Rust's.

use super::Flow;
use crate::ir::{Expr, ExprKind, Operator, Sequence, VariableId};
use crate::{AnyVal, Shape};

impl AnyVal {
    /// `sort()` of a list: what it is then.
    ///
    /// ```
    /// use sfn_core::{Definition, Flow};
    ///
    /// let definition = Definition::from_flow("sorted", "", |flow: &mut Flow| {
    ///     let numbers = flow.input::<Vec<u32>>("numbers").into_erased();
    ///     let sorted = numbers.sort(flow);
    ///     flow.succeed(sorted);
    /// });
    /// let text = definition.lower().unwrap().machine.to_json_pretty();
    /// assert!(text.contains("{% $sort($states.input) %}"), "{text}");
    /// ```
    pub fn sort(&self, flow: &mut Flow) -> Self {
        let Some(item) = self.item() else { return self.refuse_method("sort") };
        if matches!(item.shape, Shape::Integer(_)) {
            return Self { expr: Expr::function("sort", [self.expr.clone()]), ..self.clone() };
        }
        self.sort_by_key(flow, "item", |_, item| item)
    }

    /// `sort_unstable()` of a list: what it is then.
    pub fn sort_unstable(&self, flow: &mut Flow) -> Self {
        self.sort(flow)
    }

    /// `sort_by_key(|item| ..)` of a list: what it is then.
    pub fn sort_by_key(
        &self,
        flow: &mut Flow,
        name: &str,
        closure: impl FnOnce(&mut Flow, Self) -> Self,
    ) -> Self {
        let Some(keys) = flow.keys(self, name, closure) else { return self.refuse_method("sort_by_key") };
        match keys.greater() {
            Some(behind) => {
                let lambda = keys.lambda(behind);
                let sorted = Expr::function("sort", [self.expr.clone(), lambda]);
                Self { expr: sorted, ..self.clone() }.with_faults_of([&keys.left])
            }
            None => keys.refuse(self, "sort_by_key"),
        }
    }

    /// `max_by_key(|item| ..)` of an iterator: the last of the largest.
    pub fn max_by_key(
        &self,
        flow: &mut Flow,
        name: &str,
        closure: impl FnOnce(&mut Flow, Self) -> Self,
    ) -> Self {
        // The item so far stays only where it is larger.
        self.by_key("max_by_key", flow, name, closure, |larger| larger)
    }

    /// `min_by_key(|item| ..)` of an iterator: the first of the smallest.
    pub fn min_by_key(
        &self,
        flow: &mut Flow,
        name: &str,
        closure: impl FnOnce(&mut Flow, Self) -> Self,
    ) -> Self {
        // The item so far goes only where it is larger.
        self.by_key("min_by_key", flow, name, closure, |larger| larger.not())
    }

    fn by_key(
        &self,
        method: &str,
        flow: &mut Flow,
        name: &str,
        closure: impl FnOnce(&mut Flow, Self) -> Self,
        stays: fn(Expr) -> Expr,
    ) -> Self {
        let item = self.item().filter(|item| item.is_array() == Some(false) && !item.is_option());
        let Some(item) = item else { return self.refuse_method(method) };
        let Some(keys) = flow.keys(self, name, closure) else { return self.refuse_method(method) };
        let Some(larger) = keys.greater() else { return keys.refuse(self, method) };
        let [best, next] = keys.items.map(Expr::variable);
        let chosen = Expr::new(ExprKind::If { condition: stays(larger), then: best, otherwise: next });
        let expr = Expr::function("reduce", [self.expr.clone(), keys.lambda(chosen)]);
        let sequence = Sequence { expr, nested: false };
        Self::first_of(sequence, &item).with_faults_of([self, &keys.left])
    }

    /// `dedup()` of a list: what it is then.
    pub fn dedup(&self, flow: &mut Flow) -> Self {
        let Some(item) = self.item() else { return self.refuse_method("dedup") };
        let parameters = ["item", "place", "all"].map(|name| flow.local("_", name));
        let [this, place, all] = parameters.map(Expr::variable);
        let before = Expr::binary(Operator::Subtract, &place, &Expr::literal(1));
        let before = Expr::new(ExprKind::Element { of: all, at: before });
        let differs = item.standing_for(this).ne(&item.standing_for(before));
        let first = Expr::binary(Operator::Equal, &place, &Expr::literal(0));
        let body = Expr::binary(Operator::Or, &first, &differs.expr);
        let lambda = Expr::new(ExprKind::Lambda { parameters: parameters.to_vec(), body });
        let kept = Expr::function("filter", [self.expr.clone(), lambda]);
        let nested = item.is_array() != Some(false);
        let expr = Expr::new(ExprKind::Collected(Sequence { expr: kept, nested }));
        Self { expr, ..self.clone() }.with_faults_of([&differs])
    }

    /// `keys()` of a map, in their order.
    pub fn keys(&self, flow: &mut Flow) -> Self {
        if !matches!(self.shape, Shape::Map(_)) {
            return self.refuse_method("keys");
        }
        let keys = Expr::function("keys", [self.expr.clone()]);
        let text = || Self::new(Expr::null(), Shape::String);
        let sorted = Self::list(keys, text()).sort(flow);
        let expr = Expr::new(ExprKind::Collected(Sequence { expr: sorted.expr, nested: false }));
        Self::list(expr, text()).with_faults_of([self])
    }

    /// `values()` of a map, in the order of their keys.
    pub fn values(&self, flow: &mut Flow) -> Self {
        self.under_keys("values", flow, |_, value| value)
    }

    /// `iter()` of a map: keys and values, in the order of the keys.
    pub(super) fn entries(&self, flow: &mut Flow) -> Self {
        self.under_keys("iter", flow, |key, value| crate::tuple(vec![key, value]))
    }

    fn under_keys(&self, method: &str, flow: &mut Flow, made: impl FnOnce(Self, Self) -> Self) -> Self {
        let Some(value) = self.map_value() else { return self.refuse_method(method) };
        let named = (!self.expr.is_trivial()).then(|| flow.local("_", "map"));
        let map = named.map_or_else(|| self.clone(), |id| self.standing_for(Expr::variable(id)));
        let keys = map.keys(flow);
        let made = keys.map(flow, "key", |_, key| {
            let found = Expr::function("lookup", [map.expr.clone(), key.expr.clone()]);
            made(key, value.standing_for(found))
        });
        let expr = named.map_or_else(|| made.expr.clone(), |id| Expr::local(id, &self.expr, &made.expr));
        Self { expr, ..made }.with_faults_of([self])
    }

    /// `remove(key)` of a map: what it is then.
    pub fn remove(&self, key: &Self, flow: &mut Flow) -> Self {
        if !matches!(self.shape, Shape::Map(_)) {
            return self.refuse_method("remove");
        }
        let parameters = ["value", "key"].map(|name| flow.local("_", name));
        let body = Expr::binary(Operator::NotEqual, &Expr::variable(parameters[1]), &key.expr);
        let lambda = Expr::new(ExprKind::Lambda { parameters: parameters.to_vec(), body });
        let left = Expr::function("sift", [self.expr.clone(), lambda]);
        Self { expr: Expr::new(ExprKind::Merge(vec![left])), ..self.clone() }.with_faults_of([key])
    }
}

/// The keys of two items, the one in front and the one behind it.
struct Keys {
    items: [VariableId; 2],
    left: AnyVal,
    right: AnyVal,
}

impl Keys {
    fn lambda(&self, body: Expr) -> Expr {
        Expr::new(ExprKind::Lambda { parameters: self.items.to_vec(), body })
    }

    /// Whether the first is the greater one.
    fn greater(&self) -> Option<Expr> {
        greater(&self.left, &self.right)
    }

    fn refuse(&self, list: &AnyVal, method: &str) -> AnyVal {
        if self.left.faults.is_empty() {
            self.left.refuse_method(&format!("the order of `{method}`"))
        } else {
            list.clone().with_faults_of([&self.left])
        }
    }
}

fn greater(left: &AnyVal, right: &AnyVal) -> Option<Expr> {
    if let (crate::val::Inside::Places(ones), crate::val::Inside::Places(others)) =
        (&left.inside, &right.inside)
    {
        let mut places = ones.iter().zip(others).rev();
        let (one, other) = places.next()?;
        return places.try_fold(greater(one, other)?, |behind, (one, other)| {
            let same = Expr::binary(Operator::And, &one.eq(other).expr, &behind);
            Some(Expr::binary(Operator::Or, &greater(one, other)?, &same))
        });
    }
    match &left.shape {
        Shape::Integer(_) => Some(Expr::binary(Operator::Greater, &left.expr, &right.expr)),
        Shape::String => Some(Expr::binary(Operator::Greater, &left.ordinal(), &right.ordinal())),
        Shape::Bool => Some(Expr::binary(Operator::And, &left.expr, &right.expr.not())),
        _ => None,
    }
}

impl Flow {
    /// What a closure makes of two items of a list.
    fn keys(
        &mut self,
        list: &AnyVal,
        name: &str,
        closure: impl FnOnce(&mut Self, AnyVal) -> AnyVal,
    ) -> Option<Keys> {
        let item = list.item()?;
        let left = self.local(name, "left");
        let right = self.local(name, "right");
        let key = self.calculate(|flow| closure(flow, item.standing_for(Expr::variable(left))));
        let other = |expr: &Expr| expr.replace(&|id| (id == left).then(|| Expr::variable(right)));
        let right_key = match &key.inside {
            crate::val::Inside::Places(places) => {
                let places = places.iter().map(|place| place.standing_for(other(&place.expr)));
                crate::tuple(places.collect())
            }
            _ => key.standing_for(other(&key.expr)),
        };
        Some(Keys { items: [left, right], left: key, right: right_key })
    }
}
