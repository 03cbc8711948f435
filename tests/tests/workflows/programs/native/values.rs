//! What expressions, patterns and conditions mean natively.
//!
//! Separate from statements because nothing here waits.

use sfn::uuid;

use crate::programs::language::{Calculated, Calculation, Expr, Match, Operator, Pattern, Test, Variable};
use crate::programs::methods::{flag, items, maybe, number, text};
use crate::programs::payloads::{Type, Value};

/// What variables hold; a branch has a copy, for it changes nothing outside.
#[derive(Clone, Default)]
pub(super) struct Frame(Vec<Option<Value>>);

impl Frame {
    pub(super) fn set(&mut self, variable: Variable, value: Value) {
        if self.0.len() <= variable.number {
            self.0.resize(variable.number + 1, None);
        }
        self.0[variable.number] = Some(value);
    }

    pub(super) fn get(&self, variable: Variable) -> Value {
        self.0[variable.number].clone().expect("it is bound before it is read")
    }

    pub(super) fn number(&mut self, expr: &Expr) -> i64 {
        number(&self.value(expr))
    }

    pub(super) fn holds(&mut self, expr: &Expr) -> bool {
        flag(&self.value(expr))
    }

    pub(super) fn items(&mut self, expr: &Expr) -> Vec<Value> {
        items(self.value(expr))
    }

    pub(super) fn value(&mut self, expr: &Expr) -> Value {
        match expr {
            Expr::Number(number) => Value::Number((*number).into()),
            Expr::Flag(flag) => Value::Flag(*flag),
            Expr::Text(text) => Value::Text((*text).to_owned()),
            Expr::None => Value::Maybe(None),
            Expr::Variable(variable) => self.get(*variable),
            Expr::Uuid => Value::Text(uuid()),
            Expr::Binary(operator, one, other) => self.calculated(*operator, one, other),
            Expr::Not(inner) => Value::Flag(!self.holds(inner)),
            Expr::Field(of, name) => part(&self.value(of), name),
            Expr::Made { ty, variant, parts, base } => {
                let base = base.as_ref().map(|base| self.value(base));
                let (_, fields) =
                    ty.variants().iter().find(|(known, _)| known == variant).expect("a variant");
                let parts =
                    fields.iter().map(|(name, _)| match parts.iter().find(|(given, _)| given == name) {
                        Some((_, given)) => self.value(given),
                        None => part(base.as_ref().expect("what is not given comes from the base"), name),
                    });
                Value::Made(*ty, variant, parts.collect())
            }
            Expr::Pair(one, other) => {
                let parts = vec![self.value(one), self.value(other)];
                Value::Made(Type::Pair(&Type::Number, &Type::Number), "", parts)
            }
            Expr::Some(held) => Value::some(self.value(held)),
            Expr::List(items) => Value::Many(items.iter().map(|item| self.value(item)).collect()),
            Expr::Format(pieces) => {
                let pieces = pieces.iter().map(|piece| match self.value(piece) {
                    Value::Text(text) => text,
                    Value::Flag(flag) => flag.to_string(),
                    other => number(&other).to_string(),
                });
                Value::Text(pieces.collect())
            }
            Expr::Method(method, arguments) => {
                let arguments: Vec<_> = arguments.iter().map(|argument| self.value(argument)).collect();
                (method.native)(&arguments)
            }
            Expr::Closure { method, of, item, body } => {
                let of = self.value(of);
                (method.native)(of, &mut |value| {
                    self.set(*item, value);
                    self.calculation(body)
                })
            }
            Expr::Fold { list, from, all, item, body } => {
                let (items, from) = (self.items(list), self.value(from));
                items.into_iter().fold(from, |before, value| {
                    self.set(*all, before);
                    self.set(*item, value);
                    self.value(body)
                })
            }
            Expr::If(condition, then, otherwise) => {
                if self.holds(condition) {
                    self.value(then)
                } else {
                    self.value(otherwise)
                }
            }
            Expr::Match(matched) => {
                let taken = self.arm(matched);
                self.value(taken)
            }
        }
    }

    fn calculated(&mut self, operator: Operator, one: &Expr, other: &Expr) -> Value {
        match operator {
            Operator::And => Value::Flag(self.holds(one) && self.holds(other)),
            Operator::Or => Value::Flag(self.holds(one) || self.holds(other)),
            Operator::Equal => Value::Flag(self.value(one) == self.value(other)),
            Operator::Less => Value::Flag(self.number(one) < self.number(other)),
            Operator::Add => Value::Number(self.number(one) + self.number(other)),
            Operator::Subtract => Value::Number(self.number(one) - self.number(other)),
            Operator::Times => Value::Number(self.number(one) * self.number(other)),
            Operator::Divide => Value::Number(self.number(one) / self.number(other)),
            Operator::Remainder => Value::Number(self.number(one) % self.number(other)),
        }
    }

    fn calculation(&mut self, body: &Calculation) -> Value {
        for step in &body.steps {
            match step {
                Calculated::Let(variable, value) => {
                    let value = self.value(value);
                    self.set(*variable, value);
                }
                Calculated::Held(variable, option) => match maybe(self.value(option)) {
                    Some(held) => self.set(*variable, held),
                    None => return Value::Maybe(None),
                },
                Calculated::ReturnIf(condition, value) => {
                    if self.holds(condition) {
                        return self.value(value);
                    }
                }
            }
        }
        self.value(&body.value)
    }

    /// The body of the first arm that takes the subject.
    pub(super) fn arm<'m, B>(&mut self, matched: &'m Match<B>) -> &'m B {
        let subject = self.value(&matched.subject);
        let taken = matched.arms.iter().find(|arm| {
            self.fits(&arm.pattern, &subject) && arm.guard.as_ref().is_none_or(|guard| self.holds(guard))
        });
        &taken.expect("the last arm takes what is left").body
    }

    /// Whether a value fits, and then what the pattern binds.
    pub(super) fn fits(&mut self, pattern: &Pattern, value: &Value) -> bool {
        match (pattern, value) {
            (Pattern::Any, _) => true,
            (Pattern::Bind(variable), _) => {
                self.set(*variable, value.clone());
                true
            }
            (Pattern::Number(wanted), _) => number(value) == i64::from(*wanted),
            (Pattern::Flag(wanted), _) => flag(value) == *wanted,
            (Pattern::Range(from, to), _) => (i64::from(*from)..=i64::from(*to)).contains(&number(value)),
            (Pattern::None, Value::Maybe(held)) => held.is_none(),
            (Pattern::Some(inner), Value::Maybe(Some(held))) => self.fits(inner, held),
            (Pattern::Made(_, wanted, parts), Value::Made(_, variant, _)) if wanted == variant => {
                parts.iter().all(|(name, pattern)| self.fits(pattern, &part(value, name)))
            }
            (Pattern::Or(alternatives), _) => alternatives.iter().any(|one| self.fits(one, value)),
            _ => false,
        }
    }

    pub(super) fn all_fit(&mut self, tests: &[Test]) -> bool {
        tests.iter().all(|test| match test {
            Test::Let(pattern, subject) => {
                let subject = self.value(subject);
                self.fits(pattern, &subject)
            }
            Test::Holds(condition) => self.holds(condition),
        })
    }

    /// Changes a field within a field.
    pub(super) fn set_field(&mut self, variable: Variable, path: &[&str], value: Value) {
        let mut whole = self.get(variable);
        *part_mut(&mut whole, path) = value;
        self.set(variable, whole);
    }
}

fn place_of(ty: Type, variant: &str, name: &str) -> usize {
    let declared = ty.variants().iter().find(|(known, _)| *known == variant);
    let place = declared.and_then(|(_, fields)| fields.iter().position(|(field, _)| *field == name));
    place.or_else(|| name.parse().ok()).expect("a field")
}

fn part(value: &Value, name: &str) -> Value {
    match value {
        Value::Made(ty, variant, parts) => parts[place_of(*ty, variant, name)].clone(),
        other => panic!("{other:?} has no parts"),
    }
}

fn part_mut<'v>(value: &'v mut Value, path: &[&str]) -> &'v mut Value {
    match (path, value) {
        ([], value) => value,
        ([name, rest @ ..], Value::Made(ty, variant, parts)) => {
            part_mut(&mut parts[place_of(*ty, variant, name)], rest)
        }
        (_, other) => panic!("{other:?} has no parts"),
    }
}

/// A number as tasks take it.
pub(super) fn argument(value: &Value) -> i32 {
    i32::try_from(number(value)).expect("numbers stay small")
}

pub(super) fn owned_text(value: &Value) -> String {
    text(value).to_owned()
}
