//! What expressions and patterns are to the builder.
//!
//! Separate from statements because here values are made, and the flow only gives names to what closures bind.

use sfn::{
    AnyVal, Flow, MatchArm, Tests, ValuePattern, VariantFields, array, concat, literal, record, record_with,
    tuple, variant,
};

use super::{Known, name};
use crate::programs::drawing::bound;
use crate::programs::language::{Arm, Calculated, Calculation, Expr, Match, Operator, Pattern, Test};

impl Known {
    /// A value of names and operators alone, which needs no flow.
    pub(super) fn plain(&self, expr: &Expr) -> AnyVal {
        match expr {
            Expr::Number(number) => literal(*number),
            Expr::Variable(variable) => self.values[&variable.number].clone(),
            Expr::Field(of, name) => self.plain(of).field(name),
            Expr::Binary(operator, one, other) => calculated(*operator, &self.plain(one), &self.plain(other)),
            other => panic!("{other:?} is more than names and operators"),
        }
    }

    pub(super) fn value(&self, expr: &Expr, flow: &mut Flow) -> AnyVal {
        match expr {
            Expr::Number(_) | Expr::Variable(_) => self.plain(expr),
            Expr::Flag(flag) => literal(*flag),
            Expr::Text(text) => literal(*text),
            Expr::None => AnyVal::none(),
            Expr::Uuid => flow.uuid().into_erased(),
            Expr::Binary(operator @ (Operator::And | Operator::Or), one, other) => {
                let one = self.value(one, flow);
                calculated(*operator, &one, &flow.calculation(|flow| self.value(other, flow)))
            }
            Expr::Binary(operator, one, other) => {
                calculated(*operator, &self.value(one, flow), &self.value(other, flow))
            }
            Expr::Not(inner) => self.value(inner, flow).not(),
            Expr::Field(of, name) => self.value(of, flow).field(name),
            Expr::Made { ty, variant: name, parts, base } => {
                let fields: Vec<_> =
                    parts.iter().map(|(name, part)| (*name, self.value(part, flow))).collect();
                match base {
                    Some(base) => record_with(ty.shape(), fields, &self.value(base, flow)),
                    None if ty.is_struct() => record(ty.shape(), fields),
                    None => variant(ty.shape(), name, fields_of(fields)),
                }
            }
            Expr::Pair(one, other) => tuple(vec![self.value(one, flow), self.value(other, flow)]),
            Expr::Some(held) => AnyVal::some(self.value(held, flow)),
            Expr::List(items) => array(items.iter().map(|item| self.value(item, flow)).collect()),
            Expr::Format(pieces) => concat(pieces.iter().map(|piece| self.value(piece, flow)).collect()),
            Expr::Method(method, arguments) => {
                let arguments: Vec<_> = arguments.iter().map(|argument| self.value(argument, flow)).collect();
                (method.twin)(flow, &arguments)
            }
            Expr::Closure { method, of, item, body } => {
                let of = self.value(of, flow);
                (method.twin)(&of, flow, name(*item), &mut |flow, value| {
                    self.with([*item], [value]).calculation(body, flow)
                })
            }
            Expr::Fold { list, from, all, item, body } => {
                let (list, from) = (self.value(list, flow), self.value(from, flow));
                list.fold(&from, flow, name(*all), name(*item), |flow, before, value| {
                    self.with([*all, *item], [before, value]).value(body, flow)
                })
            }
            Expr::If(condition, then, otherwise) => {
                let condition = self.value(condition, flow);
                flow.choose(
                    condition,
                    "condition",
                    |flow| self.value(then, flow),
                    |flow| self.value(otherwise, flow),
                )
            }
            Expr::Match(matched) => self.matched(matched, flow, Self::value),
        }
    }

    /// The body of a closure.
    fn calculation(mut self, body: &Calculation, flow: &mut Flow) -> AnyVal {
        for step in &body.steps {
            match step {
                Calculated::Let(variable, value) => {
                    let value = self.value(value, flow);
                    self.bind(*variable, flow.let_(name(*variable), value));
                }
                Calculated::Held(variable, option) => {
                    let option = self.value(option, flow);
                    let some = ValuePattern::some(ValuePattern::Bind);
                    let held =
                        flow.let_else(&some, option, "?", |flow| flow.succeed(AnyVal::none())).remove(0);
                    self.bind(*variable, flow.let_(name(*variable), held));
                }
                Calculated::ReturnIf(condition, value) => {
                    let condition = self.value(condition, flow);
                    flow.choose(
                        condition,
                        "condition",
                        |flow| {
                            let value = self.value(value, flow);
                            flow.succeed(value);
                        },
                        |_| (),
                    );
                }
            }
        }
        self.value(&body.value, flow)
    }

    pub(super) fn matched<B>(
        &self,
        matched: &Match<B>,
        flow: &mut Flow,
        body: impl Fn(&Self, &B, &mut Flow) -> AnyVal + Copy,
    ) -> AnyVal {
        let subject = self.value(&matched.subject, flow);
        let mut arms = Vec::new();
        for Arm { pattern, guard, body: of } in &matched.arms {
            let (asked, names) = (self::pattern(pattern), bound(pattern));
            let inside = names.clone();
            let arm = MatchArm::new(asked, move |flow: &mut Flow, values: Vec<AnyVal>| {
                let mut known = self.clone();
                for (variable, value) in inside.into_iter().zip(values) {
                    known.bind(variable, flow.let_(name(variable), value));
                }
                body(&known, of, flow)
            });
            arms.push(match guard {
                Some(guard) => arm.when(move |flow, values: &[AnyVal]| {
                    self.with(names.iter().copied(), values.iter().cloned()).value(guard, flow)
                }),
                None => arm,
            });
        }
        flow.match_value(subject, "subject", arms)
    }

    /// A condition that binds, and then what it bound.
    pub(super) fn tests(&self, first: Option<&AnyVal>, tests: &[Test], flow: &mut Flow) -> (Tests, Self) {
        let (mut asked, mut known) = (Tests::default(), self.clone());
        if let Some(first) = first {
            flow.hold(&mut asked, first);
        }
        for (at, test) in tests.iter().enumerate() {
            // Only the first part is always asked for.
            let part = |known: &Self, value: &Expr, flow: &mut Flow| {
                if first.is_none() && at == 0 {
                    known.value(value, flow)
                } else {
                    flow.calculation(|flow| known.value(value, flow))
                }
            };
            match test {
                Test::Let(pattern, subject) => {
                    let subject = part(&known, subject, flow);
                    flow.test(&mut asked, &self::pattern(pattern), subject);
                    for (at, variable) in bound(pattern).into_iter().enumerate() {
                        known.bind(variable, asked.bound(at));
                    }
                }
                Test::Holds(condition) => {
                    let condition = part(&known, condition, flow);
                    flow.hold(&mut asked, &condition);
                }
            }
        }
        (asked, known)
    }

    /// The names that a condition bound, as statements of the block it leads to.
    pub(super) fn rebound(&self, tests: &[Test], flow: &mut Flow) -> Self {
        let mut known = self.clone();
        for test in tests {
            if let Test::Let(pattern, _) = test {
                for variable in bound(pattern) {
                    let value = known.values[&variable.number].clone();
                    known.bind(variable, flow.let_(name(variable), value));
                }
            }
        }
        known
    }
}

fn calculated(operator: Operator, one: &AnyVal, other: &AnyVal) -> AnyVal {
    match operator {
        Operator::Add => one.add(other),
        Operator::Subtract => one.sub(other),
        Operator::Times => one.mul(other),
        Operator::Divide => one.div(other),
        Operator::Remainder => one.rem(other),
        Operator::Less => one.lt(other),
        Operator::Equal => one.eq(other),
        Operator::And => one.and(other),
        Operator::Or => one.or(other),
    }
}

fn fields_of(fields: Vec<(&'static str, AnyVal)>) -> VariantFields {
    match fields.first() {
        None => VariantFields::Unit,
        Some((name, _)) if name.parse::<usize>().is_ok() => {
            VariantFields::Tuple(fields.into_iter().map(|(_, value)| value).collect())
        }
        Some(_) => VariantFields::Struct(fields),
    }
}

pub(super) fn pattern(pattern: &Pattern) -> ValuePattern {
    match pattern {
        Pattern::Any => ValuePattern::Any,
        Pattern::Bind(_) => ValuePattern::Bind,
        Pattern::Number(number) => ValuePattern::Equals(literal(*number)),
        Pattern::Flag(flag) => ValuePattern::Equals(literal(*flag)),
        Pattern::Range(from, to) => {
            ValuePattern::Range { from: Some(literal(*from)), end: Some(literal(*to)), inclusive: true }
        }
        Pattern::None => ValuePattern::None,
        Pattern::Some(inner) => ValuePattern::some(self::pattern(inner)),
        Pattern::Made(ty, variant, parts) => {
            let parts = parts.iter().map(|(name, part)| (*name, self::pattern(part))).collect();
            if ty.is_struct() || ty.variants().is_empty() {
                ValuePattern::Fields(parts)
            } else {
                ValuePattern::Variant(variant, parts)
            }
        }
        Pattern::Or(alternatives) => ValuePattern::Or(alternatives.iter().map(self::pattern).collect()),
    }
}
