//! Closures of values: what a closure calculates becomes the body of a lambda, or a part of the expression around it.
//! Separate from the methods that take them because this is where a block turns into one expression.

use super::Flow;
use crate::AnyVal;
use crate::ir::{Expr, ExprKind, Sequence, VariableId, VariableRole};
use crate::val::COUNT;

/// A lambda over the items of a list.
pub(super) struct Each {
    list: Expr,
    parameters: Vec<VariableId>,
    /// What the closure gives.
    pub(super) body: AnyVal,
}

impl Each {
    /// What a function of lists gives for the lambda, with another body.
    pub(super) fn call(&self, function: &'static str, body: Expr) -> Expr {
        let lambda = Expr::new(ExprKind::Lambda { parameters: self.parameters.clone(), body });
        Expr::function(function, [self.list.clone(), lambda])
    }
}

impl Flow {
    /// A name that only one expression knows.
    pub(super) fn local(&mut self, name: &str, hint: &str) -> VariableId {
        self.variable(Some(name), hint, VariableRole::Bound)
    }

    /// What a block gives, as one expression in which its names are bound: `1 + { let twice = n * 2; twice * twice }`.
    ///
    /// ```
    /// use sfn_core::{Definition, Flow, literal};
    ///
    /// let definition = Definition::from_flow("square", "", |flow: &mut Flow| {
    ///     let n = flow.input::<u32>("n").into_erased();
    ///     let square = flow.calculation(|flow| {
    ///         let more = flow.let_("more", n.add(&literal(1)));
    ///         more.mul(&more)
    ///     });
    ///     flow.succeed(square);
    /// });
    /// let text = definition.lower().unwrap().machine.to_json_pretty();
    /// assert!(text.contains("{% ($more := $states.input + 1; $more * $more) %}"), "{text}");
    /// ```
    #[track_caller]
    pub fn calculation(&mut self, block: impl FnOnce(&mut Self) -> AnyVal) -> AnyVal {
        self.calculate(block)
    }

    /// What a closure gives, as one expression.
    pub(super) fn calculate(&mut self, closure: impl FnOnce(&mut Self) -> AnyVal) -> AnyVal {
        let origin = self.here();
        let position = self.position;
        self.closures += 1;
        self.outcomes.push(None);
        let recorded = self.block(closure);
        let early = self.outcomes.pop().flatten();
        self.closures -= 1;
        self.position = position;
        if recorded.block.nodes.is_empty() {
            // The value as it is, with all that is known of how it came to be.
            return recorded.value;
        }
        let expr = recorded.block.as_calculation();
        if expr.is_none() {
            self.report(
                "step-in-closure",
                origin,
                "a closure of a value takes a step, which no expression can",
                "take the step before it, or use `map(items, async |item| ..)`",
            );
        }
        let diverges = recorded.block.diverges();
        let at_end = (!diverges).then_some(recorded.value);
        let typed = AnyVal::telling(at_end.iter().chain(&early)).unwrap_or_else(AnyVal::never);
        typed.standing_for(expr.unwrap_or_else(Expr::null))
    }

    /// The lambda of a closure over the items of a list.
    pub(super) fn each(
        &mut self,
        list: &AnyVal,
        name: &str,
        closure: impl FnOnce(&mut Self, AnyVal) -> AnyVal,
    ) -> Option<Each> {
        let list = list.clone().listed(self);
        let item = list.item()?;
        let parameter = self.local(name, "item");
        let body = self.calculate(|flow| closure(flow, item.standing_for(Expr::variable(parameter))));
        Some(Each { list: list.expr.clone(), parameters: vec![parameter], body })
    }

    /// The same, where each item comes with its place.
    pub(super) fn each_placed(
        &mut self,
        list: &AnyVal,
        closure: impl FnOnce(&mut Self, AnyVal, AnyVal) -> AnyVal,
    ) -> Option<Each> {
        let item = list.item()?;
        let (parameter, place) = (self.local("_", "item"), self.local("_", "place"));
        let body = self.calculate(|flow| {
            let place = AnyVal::new(Expr::variable(place), COUNT);
            closure(flow, place, item.standing_for(Expr::variable(parameter)))
        });
        Some(Each { list: list.expr.clone(), parameters: vec![parameter, place], body })
    }

    /// The lambda where the list may be an enumeration, whose pairs it need not make.
    pub(super) fn each_or_pair(
        &mut self,
        list: &AnyVal,
        name: &str,
        closure: impl FnOnce(&mut Self, AnyVal) -> AnyVal,
    ) -> Option<Each> {
        match enumerated(list) {
            Some(list) => {
                self.each_placed(&list, |flow, place, item| closure(flow, crate::tuple(vec![place, item])))
            }
            None => self.each(list, name, closure),
        }
    }
}

/// The list that an enumeration enumerates.
pub(super) fn enumerated(list: &AnyVal) -> Option<AnyVal> {
    let ExprKind::Collected(Sequence { expr, .. }) = list.expr.kind() else { return None };
    let ExprKind::Function { name: "map", arguments } = expr.kind() else { return None };
    let [of, lambda] = arguments.as_slice() else { return None };
    let ExprKind::Lambda { parameters, body } = lambda.kind() else { return None };
    let ([item, place], ExprKind::Array(pair)) = (parameters.as_slice(), body.kind()) else { return None };
    let [first, second] = pair.as_slice() else { return None };
    let swapped = [first, second].map(|part| part.expr().as_variable()) == [Some(*place), Some(*item)];
    swapped.then(|| AnyVal::list(of.clone(), list.item().unwrap_or_else(AnyVal::unit).index(1)))
}
