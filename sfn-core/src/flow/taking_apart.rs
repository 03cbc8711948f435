//! The statements that take a value apart: `match`, `if let` and `let .. else` on options, enums, tuples and structs.
//! Separate from choosing by a condition because here a block receives what its pattern binds.

use super::recording::Recorded;
use super::{Flow, Turn};
use crate::ir::{ChoiceKind, Expr, Operator};
use crate::{AnyVal, Origin, Symbolic, ValuePattern};

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

/// What the condition of an `if let` asks, one part after the other.
#[derive(Debug, Default)]
pub struct Tests {
    condition: Option<Expr>,
    /// What the last pattern bound.
    bound: Vec<AnyVal>,
}

impl Tests {
    /// What the last pattern bound under its names, by their order.
    ///
    /// # Panics
    ///
    /// Where it has fewer names.
    pub fn bound(&self, at: usize) -> AnyVal {
        self.bound[at].clone()
    }

    fn and(&mut self, condition: Option<Expr>) {
        self.condition = match (self.condition.take(), condition) {
            (Some(before), Some(more)) => Some(Expr::binary(Operator::And, &before, &more)),
            (before, more) => before.or(more),
        };
    }

    fn whole(self) -> Expr {
        self.condition.unwrap_or_else(|| Expr::literal(true))
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
        let only = arms.len() < 2 && subject.expr.root().is_some();
        let subject = if only { subject } else { self.subject(origin, subject) };
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
        let subject = self.subject(origin, subject);
        let (condition, bound) = self.tested(pattern, None, &subject);
        let Some(condition) = condition else { return bound };
        let otherwise = self.block(otherwise);
        let failed = condition.not();
        self.choice(origin, ChoiceKind::If, text, vec![(failed, otherwise)], Recorded::nothing());
        bound
    }

    /// Asks whether a value fits a pattern: a part of the condition of an [`if_let`](Self::if_let). Behind another part, what
    /// takes names or choices is a [`calculation`](Self::calculation), or it would happen whether that one holds or not.
    ///
    /// ```
    /// use sfn_core::{Definition, Flow, Tests, ValuePattern, literal};
    ///
    /// let definition = Definition::from_flow("large", "", |flow: &mut Flow| {
    ///     let limit = flow.input::<Option<u32>>("limit").into_erased();
    ///     let mut tests = Tests::default();
    ///     flow.test(&mut tests, &ValuePattern::some(ValuePattern::Bind), limit);
    ///     let limit = tests.bound(0);
    ///     flow.hold(&mut tests, &limit.gt(&literal(3)));
    ///     let large = flow.if_let(tests, "let Some(limit) = limit && limit > 3", |_| limit, |_| literal(0));
    ///     flow.succeed(large);
    /// });
    /// let text = definition.lower().unwrap().machine.to_json_pretty();
    /// assert!(text.contains("$states.input != null and $states.input > 3 ? $states.input : 0"), "{text}");
    /// ```
    #[track_caller]
    pub fn test(&mut self, tests: &mut Tests, pattern: &ValuePattern, subject: AnyVal) {
        let origin = self.here();
        self.report_faults(origin, &subject);
        // Behind another part, the subject can be calculated only where that one holds.
        let is_first = tests.condition.is_none();
        let subject = if is_first { self.subject(origin, subject) } else { subject };
        let (condition, bound) = self.tested(pattern, None, &subject);
        tests.and(condition);
        tests.bound = bound;
    }

    /// Asks whether a condition holds: another part of it.
    #[track_caller]
    pub fn hold(&mut self, tests: &mut Tests, condition: &AnyVal) {
        let origin = self.here();
        self.report_faults(origin, condition);
        tests.and(Some(condition.expr.clone()));
    }

    /// `if let pattern = subject && condition { then } else { otherwise }`; `text` is the condition as Rust writes it.
    #[track_caller]
    pub fn if_let<V: Symbolic>(
        &mut self,
        tests: Tests,
        text: &str,
        then: impl FnOnce(&mut Self) -> V,
        otherwise: impl FnOnce(&mut Self) -> V,
    ) -> V {
        let origin = self.here();
        let then = self.block(then);
        let otherwise = self.block(otherwise);
        V::from_any(self.choice(origin, ChoiceKind::If, text, vec![(tests.whole(), then)], otherwise))
    }

    /// The turn of a `while let`, as all that a [`repeat`](Self::repeat) repeats.
    #[track_caller]
    pub fn while_let(&mut self, turn: Turn, tests: Tests, text: &str, body: impl FnOnce(&mut Self)) {
        let origin = self.here();
        let body = self.block(body);
        let guarded = self.guarded(origin, turn, ChoiceKind::While, text, tests.whole(), body);
        guarded.nodes.into_iter().for_each(|node| self.push(node.origin, node.kind));
    }

    /// A subject that may be mentioned again and again.
    fn subject(&mut self, origin: Origin, subject: AnyVal) -> AnyVal {
        if subject.is_path() { subject } else { self.bind(origin, "subject", subject) }
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
