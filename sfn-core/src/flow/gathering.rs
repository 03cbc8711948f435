//! More methods of iterators and lists: what they are put together from, and what they are put together to.
//! Separate from the first ones because each of these is said with those.

use super::Flow;
use crate::ir::{Expr, ExprKind, Operator, Sequence};
use crate::val::entry;
use crate::{AnyVal, Shape, literal, tuple};

impl AnyVal {
    /// `position(|item| ..)` of an iterator.
    pub fn position(
        &self,
        flow: &mut Flow,
        name: &str,
        closure: impl FnOnce(&mut Flow, Self) -> Self,
    ) -> Self {
        let mut at = Self::unit();
        let each = flow.each_placed(self, |flow, place, item| {
            at = place;
            let item = flow.let_(name, item);
            closure(flow, item)
        });
        let Some(each) = each else { return self.refuse_method("position") };
        let (condition, then) = (each.body.expr.clone(), at.expr.clone());
        let expr = each.call("map", Expr::new(ExprKind::When { condition, then }));
        Self::first_of(Sequence { expr, nested: false }, &at).with_faults_of([self, &each.body])
    }

    /// `find_map(|item| ..)` of an iterator.
    pub fn find_map(
        &self,
        flow: &mut Flow,
        name: &str,
        closure: impl FnOnce(&mut Flow, Self) -> Self,
    ) -> Self {
        let some = self.filter_map(flow, name, closure);
        match (some.expr.kind(), some.item()) {
            (ExprKind::Collected(sequence), Some(item)) => {
                Self::first_of(sequence.clone(), &item).with_faults_of([&some])
            }
            _ => some,
        }
    }

    /// `flatten()` of an iterator over lists or options.
    pub fn flatten(&self, flow: &mut Flow) -> Self {
        match self.item() {
            Some(item) if item.is_option() => self.filter_map(flow, "_", |_, item| item),
            _ => self.flat_map(flow, "_", |_, item| item),
        }
    }

    /// `concat()` of a list of strings or of lists; `collect::<String>()` of an iterator of strings.
    pub fn concat(&self, flow: &mut Flow) -> Self {
        match self.item().map(|item| item.shape) {
            Some(Shape::String) => self.derived(Expr::function("join", [self.expr.clone()]), Shape::String),
            _ => self.flatten(flow),
        }
    }

    /// `product()` of an iterator of numbers.
    pub fn product(&self, flow: &mut Flow) -> Self {
        if self.is_empty_ever() {
            return Self::constant(1.into(), crate::val::COUNT).with_faults_of([self]);
        }
        if let Some(refused) = self.unless_numbers("product") {
            return refused;
        }
        let shape = self.item().map_or(Shape::Any, |item| item.shape);
        let one = Self::constant(1.into(), shape);
        self.fold(&one, flow, "product", "item", |_, product, item| product.mul(&item))
    }

    /// `partition(|item| ..)` of an iterator: the items for which it holds, and the others.
    pub fn partition(
        &self,
        flow: &mut Flow,
        name: &str,
        closure: impl FnOnce(&mut Flow, Self) -> Self,
    ) -> Self {
        let Some(each) = flow.each(self, name, closure) else { return self.refuse_method("partition") };
        let item = self.item().unwrap_or_else(Self::unit);
        let part = |body: Expr| self.collected(each.call("filter", body), item.clone());
        let (held, others) = (part(each.body.expr.clone()), part(each.body.expr.not()));
        tuple(vec![held, others]).with_faults_of([&each.body])
    }

    /// `unzip()` of an iterator of pairs.
    pub fn unzip(&self, flow: &mut Flow) -> Self {
        let part = |flow: &mut Flow, at| self.map(flow, "pair", |_, pair| pair.index(at));
        tuple(vec![part(flow, 0), part(flow, 1)])
    }

    /// `step_by(count)` of an iterator.
    pub fn step_by(&self, count: &Self, flow: &mut Flow) -> Self {
        let each = flow.each_placed(self, |_, place, _| place.rem(count).eq(&literal(0)));
        match each {
            Some(each) => self.filtered(&each),
            None => self.refuse_method("step_by"),
        }
    }

    /// `pop()` of a list: what it is then.
    pub fn pop(&self, flow: &mut Flow) -> Self {
        let count = Expr::function("count", [self.expr.clone()]);
        let last = Expr::binary(Operator::Subtract, &count, &Expr::literal(1));
        self.take(&Self::new(last, crate::val::COUNT), flow)
    }

    /// `collect::<BTreeMap<_, _>>()` of an iterator of pairs.
    pub fn collect_map(&self, flow: &mut Flow) -> Self {
        let mut value = None;
        let entries = flow.each_or_pair(self, "pair", |_, pair| {
            let (key, held) = (pair.index(0), pair.index(1));
            let faults = [key.clone(), held.clone()];
            let made = Self::new(entry(&key, &held), Shape::Any).with_faults_of(&faults);
            value = Some(held);
            made
        });
        let (Some(entries), Some(value)) = (entries, value) else { return self.refuse_method("collect") };
        let each = entries.call("map", entries.body.expr.clone());
        let all = Expr::new(ExprKind::Collected(Sequence { expr: each, nested: false }));
        let inside = crate::val::Inside::Items(Box::new(Self { faults: Vec::new(), ..value }));
        let map = Self::new(Expr::function("merge", [all]), Shape::Map(|| Shape::Any));
        Self { inside, ..map }.with_faults_of([self, &entries.body])
    }

    /// `then(|| ..)` of a boolean.
    pub fn then(&self, flow: &mut Flow, closure: impl FnOnce(&mut Flow) -> Self) -> Self {
        let held = flow.calculate(closure);
        self.then_some(&held)
    }

    /// `or_else(|| ..)` of an option.
    pub fn or_else(&self, flow: &mut Flow, closure: impl FnOnce(&mut Flow) -> Self) -> Self {
        let other = flow.calculate(closure);
        self.or_option(&other)
    }

    /// The list that an iterator goes through: of a map, its keys and values.
    pub(super) fn listed(self, flow: &mut Flow) -> Self {
        if matches!(self.shape, Shape::Map(_)) { self.entries(flow) } else { self }
    }
}
