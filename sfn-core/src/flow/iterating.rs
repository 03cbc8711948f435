//! The methods of iterators, on lists: an iterator is the list it would give.
//! Separate from the methods of single values because JSONata's functions of lists unwrap what they give, and each form
//! here is the one that does not.

use super::Flow;
use super::closures::Each;
use crate::ir::{Expr, ExprKind, Operator, Sequence};
use crate::val::{COUNT, is_not_null};
use crate::{AnyVal, Shape};

impl AnyVal {
    /// `map(|item| ..)` of an iterator or an option; the closure receives the flow to write its `let`s to.
    ///
    /// ```
    /// use sfn_core::{Definition, Flow, literal};
    ///
    /// let definition = Definition::from_flow("double", "", |flow: &mut Flow| {
    ///     let numbers = flow.input::<Vec<u32>>("numbers").into_erased();
    ///     let doubled = numbers.map(flow, "n", |_, n| n.mul(&literal(2)));
    ///     flow.succeed(doubled);
    /// });
    /// let text = definition.lower().unwrap().machine.to_json_pretty();
    /// assert!(text.contains("{% [$map($states.input, function($n) {$n * 2})] %}"), "{text}");
    /// ```
    pub fn map(&self, flow: &mut Flow, name: &str, closure: impl FnOnce(&mut Flow, Self) -> Self) -> Self {
        if matches!(self.shape, Shape::Option(_)) {
            return self.map_held(flow, name, closure);
        }
        match flow.each_or_pair(self, name, closure) {
            Some(each) => self.mapped(&each),
            None => self.refuse_method("map"),
        }
    }

    fn mapped(&self, each: &Each) -> Self {
        let expr = each.call("map", each.body.expr.clone());
        self.collected(expr, each.body.clone())
    }

    /// `filter(|item| ..)` of an iterator or an option.
    pub fn filter(&self, flow: &mut Flow, name: &str, closure: impl FnOnce(&mut Flow, Self) -> Self) -> Self {
        if matches!(self.shape, Shape::Option(_)) {
            return self.filter_held(flow, name, closure);
        }
        let listed = self.clone().listed(flow);
        match flow.each(&listed, name, closure) {
            Some(each) => listed.filtered(&each),
            None => self.refuse_method("filter"),
        }
    }

    /// The items for which a lambda holds.
    pub(super) fn filtered(&self, each: &Each) -> Self {
        let expr = each.call("filter", each.body.expr.clone());
        let item = self.item().unwrap_or_else(Self::unit);
        self.collected(expr, item).with_faults_of([&each.body])
    }

    /// What a function of lists gives, as a list of items such as this one.
    pub(super) fn collected(&self, expr: Expr, item: Self) -> Self {
        let nested = item.is_array() != Some(false);
        let expr = Expr::new(ExprKind::Collected(Sequence { expr, nested }));
        Self::list(expr, item).with_faults_of([self])
    }

    /// `filter_map(|item| ..)` of an iterator.
    pub fn filter_map(
        &self,
        flow: &mut Flow,
        name: &str,
        closure: impl FnOnce(&mut Flow, Self) -> Self,
    ) -> Self {
        let Some(each) = flow.each_or_pair(self, name, closure) else {
            return self.refuse_method("filter_map");
        };
        let held = each.body.held();
        let some =
            self.mapped(&each).filter(flow, "_", |_, item| Self::new(is_not_null(&item.expr), Shape::Bool));
        Self::list(some.expr.clone(), held).with_faults_of([&some])
    }

    /// `flat_map(|item| ..)` of an iterator, where the closure gives lists.
    pub fn flat_map(
        &self,
        flow: &mut Flow,
        name: &str,
        closure: impl FnOnce(&mut Flow, Self) -> Self,
    ) -> Self {
        let empty = Self::new(Expr::literal(serde_json::json!([])), Shape::Array(|| Shape::Any));
        let mut item = None;
        let all = self.fold(&empty, flow, "all", name, |flow, all, of| {
            // A closure that returns early gives its own part, not all of them.
            let more = flow.calculate(|flow| closure(flow, of));
            item = more.item();
            let expr = Expr::function("append", [all.expr, more.expr.clone()]);
            if item.is_some() { more.derived(expr, Shape::Any) } else { more.refuse_method("flat_map") }
        });
        Self::list(all.expr.clone(), item.unwrap_or_else(Self::unit)).with_faults_of([&all])
    }

    /// `any(|item| ..)` of an iterator.
    pub fn any(&self, flow: &mut Flow, name: &str, closure: impl FnOnce(&mut Flow, Self) -> Self) -> Self {
        let Some(each) = flow.each_or_pair(self, name, closure) else { return self.refuse_method("any") };
        let found = Expr::new(ExprKind::Exists(each.call("filter", each.body.expr.clone())));
        self.derived(found, Shape::Bool).with_faults_of([&each.body])
    }

    /// `all(|item| ..)` of an iterator.
    pub fn all(&self, flow: &mut Flow, name: &str, closure: impl FnOnce(&mut Flow, Self) -> Self) -> Self {
        let Some(each) = flow.each_or_pair(self, name, closure) else { return self.refuse_method("all") };
        let found = Expr::new(ExprKind::Exists(each.call("filter", each.body.expr.not())));
        self.derived(found.not(), Shape::Bool).with_faults_of([&each.body])
    }

    /// `find(|item| ..)` of an iterator.
    pub fn find(&self, flow: &mut Flow, name: &str, closure: impl FnOnce(&mut Flow, Self) -> Self) -> Self {
        let listed = self.clone().listed(flow);
        let each = flow.each(&listed, name, closure);
        let (Some(each), Some(item)) = (each, listed.item().filter(|item| !item.is_option())) else {
            return self.refuse_method("find");
        };
        let nested = item.is_array() != Some(false);
        let expr = each.call("filter", each.body.expr.clone());
        Self::first_of(Sequence { expr, nested }, &item).with_faults_of([self, &each.body])
    }

    /// `fold(init, |accumulated, item| ..)` of an iterator.
    pub fn fold(
        &self,
        init: &Self,
        flow: &mut Flow,
        accumulated: &str,
        name: &str,
        closure: impl FnOnce(&mut Flow, Self, Self) -> Self,
    ) -> Self {
        let listed = self.clone().listed(flow);
        let Some(item) = listed.item() else { return self.refuse_method("fold") };
        let init = init.clone().at_first();
        let parameters = vec![flow.local(accumulated, "accumulated"), flow.local(name, "item")];
        let [so_far, of] = [parameters[0], parameters[1]].map(Expr::variable);
        let body = flow.calculate(|flow| closure(flow, init.standing_for(so_far), item.standing_for(of)));
        let lambda = Expr::new(ExprKind::Lambda { parameters, body: body.expr.clone() });
        let folded = Expr::function("reduce", [listed.expr.clone(), lambda, init.expr.clone()]);
        init.standing_for(folded).with_faults_of([self, &body])
    }

    /// `take(count)` of an iterator.
    pub fn take(&self, count: &Self, flow: &mut Flow) -> Self {
        self.by_place("take", Operator::Less, count, flow)
    }

    /// `skip(count)` of an iterator.
    pub fn skip(&self, count: &Self, flow: &mut Flow) -> Self {
        self.by_place("skip", Operator::GreaterOrEqual, count, flow)
    }

    fn by_place(&self, method: &str, operator: Operator, count: &Self, flow: &mut Flow) -> Self {
        let each = flow.each_placed(self, |_, place, _| {
            Self::new(Expr::binary(operator, &place.expr, &count.expr), Shape::Bool).with_faults_of([count])
        });
        match each {
            Some(each) => self.filtered(&each),
            None => self.refuse_method(method),
        }
    }

    /// `enumerate()` of an iterator.
    pub fn enumerate(&self, flow: &mut Flow) -> Self {
        match flow.each_placed(self, |_, place, item| crate::tuple(vec![place, item])) {
            Some(each) => self.mapped(&each),
            None => self.refuse_method("enumerate"),
        }
    }

    /// `rev()` of an iterator.
    pub fn rev(&self) -> Self {
        match self.item() {
            Some(item) => {
                Self::list(Expr::function("reverse", [self.expr.clone()]), item).with_faults_of([self])
            }
            None => self.refuse_method("rev"),
        }
    }

    /// `zip(other)` of an iterator.
    pub fn zip(&self, other: &Self) -> Self {
        let (Some(one), Some(two)) = (self.item(), other.item()) else { return self.refuse_method("zip") };
        let zipped = Expr::function("zip", [self.expr.clone(), other.expr.clone()]);
        Self::list(zipped, crate::tuple(vec![one, two])).with_faults_of([self, other])
    }

    /// `sum()` of an iterator of numbers.
    pub fn sum(&self) -> Self {
        if self.is_empty_ever() {
            return Self::constant(0.into(), COUNT).with_faults_of([self]);
        }
        if let Some(refused) = self.unless_numbers("sum") {
            return refused;
        }
        let item = self.item().unwrap_or_else(Self::unit);
        item.standing_for(Expr::function("sum", [self.expr.clone()])).with_faults_of([self])
    }

    /// `min()` of an iterator of integers.
    pub fn least(&self) -> Self {
        self.outermost("min")
    }

    /// `max()` of an iterator of integers.
    pub fn greatest(&self) -> Self {
        self.outermost("max")
    }

    fn outermost(&self, function: &'static str) -> Self {
        if self.is_empty_ever() {
            return Self::none().with_faults_of([self]);
        }
        if let Some(refused) = self.unless_numbers(function) {
            return refused;
        }
        let item = self.item().unwrap_or_else(Self::unit);
        let expr = Expr::function(function, [self.expr.clone()]);
        Self::first_of(Sequence { expr, nested: false }, &item).with_faults_of([self])
    }
}
