//! The statements that take a value apart: `match`, `if let` and `let .. else` on options, enums, tuples and structs.
//! Separate from choosing by a condition because here a block receives what its pattern binds.

use super::Flow;
use super::recording::Recorded;
use crate::ir::{ChoiceKind, Expr, Operator};
use crate::{AnyVal, Symbolic, ValuePattern};

type Guard<'a> = Box<dyn FnOnce(&mut Flow, &[AnyVal]) -> AnyVal + 'a>;
type Body<'a, V> = Box<dyn FnOnce(&mut Flow, Vec<AnyVal>) -> V + 'a>;

/// One arm of [`Flow::match_value`].
pub struct MatchArm<'a, V> {
    pattern: ValuePattern,
    guard: Option<Guard<'a>>,
    body: Body<'a, V>,
}

impl<V> std::fmt::Debug for MatchArm<'_, V> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("MatchArm").field("pattern", &self.pattern).finish_non_exhaustive()
    }
}

impl<'a, V> MatchArm<'a, V> {
    /// `pattern => body`; the body receives the values of the pattern's names, in their order.
    pub fn new(pattern: ValuePattern, body: impl FnOnce(&mut Flow, Vec<AnyVal>) -> V + 'a) -> Self {
        Self { pattern, guard: None, body: Box::new(body) }
    }

    /// `pattern if guard => body`
    pub fn when(self, guard: impl FnOnce(&mut Flow, &[AnyVal]) -> AnyVal + 'a) -> Self {
        Self { guard: Some(Box::new(guard)), ..self }
    }
}

impl Flow {
    /// `match subject { arms }`; `text` is the subject as Rust writes it.
    ///
    /// As in Rust, the arms leave no value out: the last one, where it has no guard, asks nothing.
    #[track_caller]
    pub fn match_value<V: Symbolic>(
        &mut self,
        subject: AnyVal,
        text: &str,
        mut arms: Vec<MatchArm<'_, V>>,
    ) -> V {
        let origin = self.here();
        self.report_faults(origin, &subject);
        let subject = if subject.expr.is_trivial() || arms.len() < 2 && subject.expr.root().is_some() {
            subject
        } else {
            self.bind(origin, "subject", subject)
        };
        let last = arms.pop();
        let mut rules = Vec::new();
        for MatchArm { pattern, guard, body } in arms {
            let (condition, bound) = self.tested(&pattern, guard, &subject);
            let body = self.block(|flow| body(flow, bound));
            rules.push((condition.unwrap_or_else(|| Expr::literal(true)), body));
        }
        let otherwise = match last {
            Some(MatchArm { pattern, guard: None, body }) => {
                let (_, bound) = self.tested(&pattern, None, &subject);
                self.block(|flow| body(flow, bound))
            }
            // rustc refuses a match whose last arm may not be taken.
            Some(_) | None => Recorded::nothing(),
        };
        V::from_any(self.choice(origin, ChoiceKind::Match, text, rules, otherwise))
    }

    /// `let pattern = subject else { otherwise };`: the values of the pattern's names, in their order.
    #[track_caller]
    pub fn let_else(
        &mut self,
        pattern: &ValuePattern,
        subject: AnyVal,
        text: &str,
        otherwise: impl FnOnce(&mut Self),
    ) -> Vec<AnyVal> {
        let origin = self.here();
        self.report_faults(origin, &subject);
        let subject = if subject.expr.is_trivial() { subject } else { self.bind(origin, "subject", subject) };
        let (condition, bound) = self.tested(pattern, None, &subject);
        let Some(condition) = condition else { return bound };
        let otherwise = self.block(otherwise);
        let failed = condition.not();
        self.choice(origin, ChoiceKind::If, text, vec![(failed, otherwise)], Recorded::nothing());
        bound
    }

    fn tested(
        &mut self,
        pattern: &ValuePattern,
        guard: Option<Guard<'_>>,
        subject: &AnyVal,
    ) -> (Option<Expr>, Vec<AnyVal>) {
        let tested = pattern.test(subject);
        let origin = self.here();
        let mut condition = tested.condition();
        let faulty = AnyVal { faults: tested.faults, ..AnyVal::unit() };
        self.report_faults(origin, &faulty);
        if let Some(guard) = guard {
            let guard = self.calculate(|flow| guard(flow, &tested.bound));
            self.report_faults(origin, &guard);
            condition = Some(match condition {
                Some(condition) => Expr::binary(Operator::And, &condition, &guard.expr),
                None => guard.expr,
            });
        }
        (condition, tested.bound)
    }
}
