//! The statements that choose: `choose` is `if`, `switch` is `match` on literals.
//! Separate because both fold into an expression when their blocks do nothing.

use super::Flow;
use super::recording::Recorded;
use crate::ir::{Choice, ChoiceKind, Expr, NodeKind, Operator, Rule};
use crate::{AnyVal, Origin, Symbolic};

/// One arm of a [`switch`](Flow::switch): the literals it matches and its block.
pub type SwitchArm<'a, V> = (Vec<AnyVal>, Box<dyn FnOnce(&mut Flow) -> V + 'a>);

impl Flow {
    /// `if condition { then } else { otherwise }`; `text` is the condition as Rust writes it.
    ///
    /// Blocks that only calculate become a conditional expression; others a Choice State.
    ///
    /// ```
    /// use sfn_core::{Definition, literal, secs};
    ///
    /// let definition = Definition::from_flow("nap", "", |flow| {
    ///     let tired = flow.input::<bool>("tired");
    ///     flow.choose(tired, "tired", |flow| flow.sleep(secs(60)), |_| ());
    ///     flow.succeed(literal("rested"));
    /// });
    /// let text = definition.lower().unwrap().machine.to_json_pretty();
    /// assert!(text.contains(r#""Condition": "{% $states.input %}""#));
    /// ```
    #[track_caller]
    pub fn choose<V: Symbolic>(
        &mut self,
        condition: impl Symbolic,
        text: &str,
        then: impl FnOnce(&mut Self) -> V,
        otherwise: impl FnOnce(&mut Self) -> V,
    ) -> V {
        let origin = self.here();
        let condition = condition.into_any();
        self.report_faults(origin, &condition);
        let then = self.block(then);
        let otherwise = self.block(otherwise);
        let value = self.choice(origin, ChoiceKind::If, text, vec![(condition.expr, then)], otherwise);
        V::from_any(value)
    }

    /// `match subject { literals => arm, .. _ => default }`; `text` is the subject as Rust writes it.
    #[track_caller]
    pub fn switch<V: Symbolic>(
        &mut self,
        subject: impl Symbolic,
        text: &str,
        arms: Vec<SwitchArm<'_, V>>,
        default: impl FnOnce(&mut Self) -> V,
    ) -> V {
        let origin = self.here();
        let subject = subject.into_any();
        let first = arms.first().and_then(|(literals, _)| literals.first()).cloned();
        let probe = first.map_or_else(AnyVal::unit, |literal| subject.eq(&literal));
        self.report_faults(origin, &probe);
        let subject = if subject.expr.is_trivial() { subject } else { self.bind(origin, "subject", subject) };
        let mut rules = Vec::new();
        for (literals, body) in arms {
            let condition = one_of(&subject, &literals);
            let body = self.block(body);
            rules.push((condition, body));
        }
        let default = self.block(default);
        V::from_any(self.choice(origin, ChoiceKind::Match, text, rules, default))
    }

    pub(super) fn choice(
        &mut self,
        origin: Origin,
        kind: ChoiceKind,
        text: &str,
        mut rules: Vec<(Expr, Recorded)>,
        mut otherwise: Recorded,
    ) -> AnyVal {
        if let Some(value) = self.calculated(origin, &rules, &otherwise) {
            return value;
        }
        let mut blocks: Vec<&mut Recorded> = rules.iter_mut().map(|(_, body)| body).collect();
        blocks.push(&mut otherwise);
        let (result, value) = self.merge(origin, "value", &mut blocks);
        let rules = rules
            .into_iter()
            .map(|(condition, body)| Rule { condition, text: None, body: body.block })
            .collect();
        let choice = Choice { text: text.to_owned(), kind, result, rules, otherwise: otherwise.block };
        self.push(origin, NodeKind::Choice(choice));
        value
    }

    /// The conditional expression of blocks that only calculate.
    fn calculated(
        &mut self,
        origin: Origin,
        rules: &[(Expr, Recorded)],
        otherwise: &Recorded,
    ) -> Option<AnyVal> {
        let mut expr = otherwise.block.as_expression(self.closures > 0)?;
        for (condition, body) in rules.iter().rev() {
            let then = body.block.as_expression(self.closures > 0)?;
            expr = Expr::choice(condition.clone(), then, expr);
        }
        let bodies = || rules.iter().map(|(_, body)| body).chain([otherwise]);
        for body in bodies() {
            self.report_faults(origin, &body.value);
        }
        let unit = bodies().all(|body| matches!(body.value.shape, crate::Shape::Null));
        let typed = AnyVal::telling(bodies().map(|body| &body.value))?;
        Some(if unit { AnyVal::unit() } else { typed.standing_for(expr) })
    }
}

/// Whether a subject is one of some literals.
fn one_of(subject: &AnyVal, literals: &[AnyVal]) -> Expr {
    if let [only] = literals {
        return subject.eq(only).expr;
    }
    let list = crate::array(literals.to_vec());
    Expr::binary(Operator::In, &subject.expr, &list.expr)
}
