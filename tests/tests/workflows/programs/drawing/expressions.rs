//! Expressions of a wanted type.
//!
//! Separate from statements because they go by types, and nothing that stands in them takes a step.

use super::{Drawing, FLATTEST, Scope};
use crate::programs::language::{
    Arm, Calculated, Calculation, Expr, INPUTS, Match, Operator, Pattern, Variable,
};
use crate::programs::methods::{CLOSURES, METHODS};
use crate::programs::payloads::{NUMBERS, Parts, Type};

const TEXTS: [&str; 6] = ["", "a", "12", "it's \"é\"", " ab ", "{% 1 %}"];

impl Drawing<'_> {
    /// A value that is kept: numbers stay small enough to be exact in 32 bits.
    pub(super) fn stored(&mut self, scope: &Scope, ty: Type, depth: usize) -> Expr {
        let value = self.expr(scope, ty, depth);
        match value {
            Expr::Binary(..) | Expr::Method(..) | Expr::Closure { .. } | Expr::If(..) | Expr::Match(_)
                if ty == Type::Number =>
            {
                binary(Operator::Remainder, value, Expr::Number(1000))
            }
            value => value,
        }
    }

    pub(super) fn expr(&mut self, scope: &Scope, ty: Type, depth: usize) -> Expr {
        if depth >= FLATTEST {
            return self.leaf(scope, ty);
        }
        match self.one_of(14) {
            0..=3 => self.leaf(scope, ty),
            4..=6 => self.direct(scope, ty, depth),
            7..=8 => self.method(scope, ty, depth).unwrap_or_else(|| self.direct(scope, ty, depth)),
            9..=10 => self.closure(scope, ty, depth).unwrap_or_else(|| self.direct(scope, ty, depth)),
            11 => Expr::If(
                Box::new(self.expr(scope, Type::Flag, depth + 1)),
                Box::new(self.stored(scope, ty, depth + 1)),
                Box::new(self.stored(scope, ty, depth + 1)),
            ),
            12 => self.matched(scope, ty, depth),
            _ if ty == Type::Number => {
                let (all, item) = (self.variable(Type::Number), self.variable(Type::Number));
                let inside = scope.with([all, item]);
                Expr::Fold {
                    list: Box::new(self.expr(scope, NUMBERS, depth + 1)),
                    from: Box::new(Expr::Number(self.number())),
                    all,
                    item,
                    body: Box::new(self.stored(&inside, Type::Number, depth)),
                }
            }
            _ => self.direct(scope, ty, depth),
        }
    }

    /// A question about the input.
    fn asked(&mut self) -> Expr {
        let input = Expr::Variable(INPUTS[self.one_of(2)]);
        binary(Operator::Less, input, Expr::Number(self.number()))
    }

    /// The same where an annotation says the type.
    pub(super) fn annotated(&mut self, scope: &Scope, ty: Type, depth: usize) -> Expr {
        match ty {
            Type::Maybe(_) if self.chance(3) => Expr::None,
            Type::Many(_) if self.chance(3) => Expr::List(Vec::new()),
            Type::Flag if self.chance(3) => Expr::Flag(self.chance(2)),
            _ => self.stored(scope, ty, depth),
        }
    }

    /// A number of names and operators alone, as compensations are given.
    pub(super) fn plain(&mut self, scope: &Scope) -> Expr {
        let one = self.leaf(scope, Type::Number);
        if self.chance(2) {
            return one;
        }
        let both = binary(Operator::Add, one, self.leaf(scope, Type::Number));
        binary(Operator::Remainder, both, Expr::Number(1000))
    }

    /// A variable, a field, or what is simplest of the type.
    fn leaf(&mut self, scope: &Scope, ty: Type) -> Expr {
        let places = places(scope, ty);
        if !places.is_empty() && (ty == Type::Key || !self.chance(4)) {
            return places[places.len() - 1 - self.one_of(places.len())].clone();
        }
        match ty {
            Type::Number => Expr::Number(self.number()),
            // A constant would make dead code of what asks it.
            Type::Flag => self.asked(),
            Type::Text => Expr::Text(TEXTS[self.one_of(TEXTS.len())]),
            Type::Key => Expr::Uuid,
            Type::Maybe(held) => Expr::Some(Box::new(self.leaf(scope, *held))),
            Type::Many(item) => Expr::List(vec![self.leaf(scope, *item)]),
            Type::Event | Type::Mark | Type::Signal => {
                Expr::Made { ty, variant: "Opened", parts: Vec::new(), base: None }
            }
            Type::Pair(one, other) => {
                Expr::Pair(Box::new(self.leaf(scope, *one)), Box::new(self.leaf(scope, *other)))
            }
            Type::Place | Type::Parcel => {
                let parts = ty.fields().iter().map(|(name, ty)| (*name, self.leaf(scope, *ty)));
                Expr::Made { ty, variant: "", parts: parts.collect(), base: None }
            }
        }
    }

    /// What the type alone says how to make.
    fn direct(&mut self, scope: &Scope, ty: Type, depth: usize) -> Expr {
        let part = |drawing: &mut Self, ty: Type| Box::new(drawing.expr(scope, ty, depth + 1));
        match ty {
            Type::Number => match self.one_of(5) {
                0 | 1 => Expr::Binary(Operator::Add, part(self, ty), part(self, ty)),
                2 => Expr::Binary(Operator::Subtract, part(self, ty), part(self, ty)),
                3 => binary(Operator::Times, *part(self, ty), Expr::Number(self.number())),
                _ => {
                    let by = self.number();
                    binary(Operator::Divide, *part(self, ty), Expr::Number(if by == 0 { 3 } else { by }))
                }
            },
            Type::Flag => match self.one_of(6) {
                0 => Expr::Binary(Operator::Less, part(self, Type::Number), part(self, Type::Number)),
                1 => Expr::Binary(Operator::Equal, part(self, Type::Number), part(self, Type::Number)),
                2 => {
                    let ty = [Type::Text, Type::Flag, Type::Maybe(&Type::Number), Type::Maybe(&Type::Text)]
                        [self.one_of(4)];
                    Expr::Binary(Operator::Equal, part(self, ty), part(self, ty))
                }
                3 => Expr::Not(part(self, ty)),
                4 => Expr::Binary(Operator::And, part(self, ty), part(self, ty)),
                _ => Expr::Binary(Operator::Or, part(self, ty), part(self, ty)),
            },
            // One text at most, so that no loop makes a text of many of its own.
            Type::Text => {
                let text = *part(self, Type::Text);
                let ty = [Type::Number, Type::Flag][self.one_of(2)];
                Expr::Format(vec![Expr::Text(TEXTS[self.one_of(TEXTS.len())]), text, *part(self, ty)])
            }
            // Another arm tells what `None` is none of.
            Type::Maybe(held) => {
                let condition = self.chance(2).then(|| Box::new(self.asked()));
                let some = Expr::Some(Box::new(self.stored(scope, *held, depth + 1)));
                match condition {
                    Some(condition) if self.chance(2) => {
                        Expr::If(condition, Box::new(some), Box::new(Expr::None))
                    }
                    Some(condition) => Expr::If(condition, Box::new(Expr::None), Box::new(some)),
                    None => some,
                }
            }
            Type::Many(item) => {
                Expr::List((0..=self.one_of(3)).map(|_| self.stored(scope, *item, depth + 1)).collect())
            }
            Type::Pair(one, other) => Expr::Pair(part(self, *one), part(self, *other)),
            Type::Place | Type::Parcel | Type::Event | Type::Mark | Type::Signal => {
                let variants = ty.variants();
                let (variant, fields) = variants[self.one_of(variants.len())];
                let base = (ty.is_struct() && self.chance(2)).then(|| Box::new(self.leaf(scope, ty)));
                let parts = self.parts(scope, fields, base.is_some(), depth);
                Expr::Made { ty, variant, parts, base }
            }
            Type::Key => Expr::Uuid,
        }
    }

    fn parts(&mut self, scope: &Scope, fields: Parts, some: bool, depth: usize) -> Vec<(&'static str, Expr)> {
        let mut parts = Vec::new();
        for (name, ty) in fields {
            if !(some && self.chance(2)) {
                parts.push((*name, self.annotated(scope, *ty, depth + 1)));
            }
        }
        if parts.len() == fields.len() && some {
            parts.pop();
        }
        parts
    }

    fn method(&mut self, scope: &Scope, ty: Type, depth: usize) -> Option<Expr> {
        let free = self.held();
        let fit = METHODS.iter().filter(|method| !(method.multiplies && scope.repeats));
        let fit: Vec<_> = fit.filter_map(|method| Some((method, (method.takes)(ty, free)?))).collect();
        let at = self.one_of(fit.len().max(1));
        let (method, takes) = fit.into_iter().nth(at)?;
        let arguments = takes.into_iter().map(|ty| self.stored(scope, ty, depth + 1)).collect();
        Some(Expr::Method(method, arguments))
    }

    fn closure(&mut self, scope: &Scope, ty: Type, depth: usize) -> Option<Expr> {
        let free = self.held();
        let fit = CLOSURES.iter().filter(|closure| !(closure.multiplies && scope.repeats));
        let fit: Vec<_> = fit.filter_map(|closure| Some((closure, (closure.takes)(ty, free)?))).collect();
        let at = self.one_of(fit.len().max(1));
        let (method, (of, item, gives)) = fit.into_iter().nth(at)?;
        let of = Box::new(self.expr(scope, of, depth + 1));
        let item = self.variable(item);
        let body = Box::new(self.calculation(&scope.with([item]), gives, depth + 1));
        Some(Expr::Closure { method, of, item, body })
    }

    fn calculation(&mut self, scope: &Scope, gives: Type, depth: usize) -> Calculation {
        let (mut scope, mut steps) = (scope.clone(), Vec::new());
        for _ in 0..self.one_of(6).saturating_sub(3) {
            steps.push(match self.one_of(3) {
                0 => {
                    let ty = [Type::Number, Type::Text, Type::Place][self.one_of(3)];
                    let value = self.stored(&scope, ty, depth);
                    let variable = self.variable(ty);
                    scope.readable.push(variable);
                    Calculated::Let(variable, value)
                }
                1 if matches!(gives, Type::Maybe(_)) => {
                    let held = self.held();
                    let option = self.expr(&scope, Type::Maybe(held), depth);
                    let variable = self.variable(*held);
                    scope.readable.push(variable);
                    Calculated::Held(variable, option)
                }
                _ => Calculated::ReturnIf(
                    self.expr(&scope, Type::Flag, depth),
                    self.stored(&scope, gives, depth),
                ),
            });
        }
        Calculation { steps, value: self.stored(&scope, gives, depth) }
    }

    /// A match that only calculates.
    fn matched(&mut self, scope: &Scope, gives: Type, depth: usize) -> Expr {
        let subject = self.subject_type();
        let subject = Match {
            subject: self.expr(scope, subject, depth + 1),
            arms: self.arms(scope, subject, &mut |drawing, scope| drawing.stored(scope, gives, depth + 1)),
        };
        Expr::Match(Box::new(subject))
    }

    /// A type that a match may take apart.
    pub(super) fn subject_type(&mut self) -> Type {
        match self.one_of(7) {
            0 | 1 => [Type::Event, Type::Mark, Type::Signal][self.one_of(3)],
            2 | 3 => Type::Maybe(self.held()),
            4 => Type::Pair(&Type::Number, &Type::Event),
            5 => Type::Pair(&Type::Maybe(&Type::Number), &Type::Flag),
            _ => Type::Parcel,
        }
    }

    pub(super) fn arms<B>(
        &mut self,
        scope: &Scope,
        subject: Type,
        body: &mut dyn FnMut(&mut Self, &Scope) -> B,
    ) -> Vec<Arm<B>> {
        let patterns = self.patterns(subject);
        let last = patterns.len() - 1;
        let mut arms = Vec::new();
        for (at, (pattern, is_needed)) in patterns.into_iter().enumerate() {
            let inside = scope.with(bound(&pattern));
            let guarded = at < last && !is_needed && self.chance(2);
            let guard = guarded.then(|| self.expr(&inside, Type::Flag, 1));
            let body = body(self, &inside);
            arms.push(Arm { pattern, guard, body });
        }
        arms
    }
}

/// All variables of a type, and the fields of variables that have it.
fn places(scope: &Scope, ty: Type) -> Vec<Expr> {
    let mut found = Vec::new();
    for variable in &scope.readable {
        reached(Expr::Variable(*variable), variable.ty, ty, &mut found);
    }
    found
}

fn reached(place: Expr, ty: Type, wanted: Type, found: &mut Vec<Expr>) {
    if ty == wanted {
        return found.push(place);
    }
    for (name, ty) in ty.fields() {
        reached(Expr::Field(Box::new(place.clone()), name), *ty, wanted, found);
    }
}

fn binary(operator: Operator, one: Expr, other: Expr) -> Expr {
    Expr::Binary(operator, Box::new(one), Box::new(other))
}

/// The names of a pattern, in their order.
pub(in crate::programs) fn bound(pattern: &Pattern) -> Vec<Variable> {
    match pattern {
        Pattern::Bind(variable) => vec![*variable],
        Pattern::Some(inner) => bound(inner),
        Pattern::Made(_, _, parts) => parts.iter().flat_map(|(_, part)| bound(part)).collect(),
        _ => Vec::new(),
    }
}
