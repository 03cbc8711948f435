//! Patterns of a type, and sets of them that leave nothing out.
//!
//! Separate from expressions because what rustc asks of a `match` as a whole is decided here.

use super::Drawing;
use crate::programs::language::Pattern;
use crate::programs::payloads::{Parts, Type};

impl Drawing<'_> {
    /// The patterns of a match, of which the last takes what is left; and whether one is needed, so that no guard may
    /// stand behind it.
    pub(super) fn patterns(&mut self, ty: Type) -> Vec<(Pattern, bool)> {
        let mut patterns: Vec<_> = (0..self.one_of(3)).map(|_| (self.pattern(ty, 0), false)).collect();
        let complete: Vec<Pattern> = match ty {
            Type::Maybe(held) if self.chance(2) => {
                let some = Pattern::Some(Box::new(self.name(*held)));
                if self.chance(2) { vec![Pattern::None, some] } else { vec![some, Pattern::None] }
            }
            Type::Event | Type::Mark | Type::Signal if self.chance(2) => {
                let variants = ty.variants().iter();
                variants.map(|(variant, fields)| self.made(ty, variant, fields, &mut Self::name)).collect()
            }
            _ => vec![if self.chance(2) { self.name(ty) } else { Pattern::Any }],
        };
        patterns.extend(complete.into_iter().map(|pattern| (pattern, true)));
        patterns
    }

    /// A pattern that some values fit.
    pub(super) fn pattern(&mut self, ty: Type, depth: usize) -> Pattern {
        match self.one_of(6) {
            2 if depth > 0 => Pattern::Any,
            3 => {
                let alternatives = (0..2).map(|_| unnamed(self.asking(ty, depth + 1))).collect();
                Pattern::Or(alternatives)
            }
            4 if depth > 0 => self.name(ty),
            _ => self.asking(ty, depth),
        }
    }

    /// A pattern that asks something, where the type has something to ask.
    fn asking(&mut self, ty: Type, depth: usize) -> Pattern {
        let mut inner = |drawing: &mut Self, ty| {
            if depth < 2 { drawing.pattern(ty, depth + 1) } else { Pattern::Any }
        };
        match ty {
            Type::Number => match self.one_of(3) {
                0 | 1 => Pattern::Number(self.number()),
                _ => {
                    let from = self.number();
                    Pattern::Range(from, from + i32::try_from(self.one_of(50)).unwrap_or_default())
                }
            },
            Type::Flag => Pattern::Flag(self.chance(2)),
            Type::Maybe(held) => match self.one_of(3) {
                0 => Pattern::None,
                _ => Pattern::Some(Box::new(inner(self, *held))),
            },
            Type::Place | Type::Parcel | Type::Event | Type::Mark | Type::Signal => {
                let variants = ty.variants();
                let (variant, fields) = variants[self.one_of(variants.len())];
                self.made(ty, variant, fields, &mut inner)
            }
            Type::Pair(one, other) => {
                let parts = vec![("0", inner(self, *one)), ("1", inner(self, *other))];
                Pattern::Made(ty, "", parts)
            }
            Type::Text | Type::Key | Type::Many(_) => self.name(ty),
        }
    }

    /// A struct or a variant; of a struct some fields.
    fn made(
        &mut self,
        ty: Type,
        variant: &'static str,
        fields: Parts,
        inner: &mut dyn FnMut(&mut Self, Type) -> Pattern,
    ) -> Pattern {
        let mut parts = Vec::new();
        for (name, of) in fields {
            if name.parse::<usize>().is_ok() || self.chance(2) {
                parts.push((*name, inner(self, *of)));
            }
        }
        Pattern::Made(ty, variant, parts)
    }

    fn name(&mut self, ty: Type) -> Pattern {
        Pattern::Bind(self.variable(ty))
    }
}

/// The same without names, which alternatives have none of.
fn unnamed(pattern: Pattern) -> Pattern {
    match pattern {
        Pattern::Bind(_) => Pattern::Any,
        Pattern::Some(inner) => Pattern::Some(Box::new(unnamed(*inner))),
        Pattern::Made(ty, variant, parts) => {
            Pattern::Made(ty, variant, parts.into_iter().map(|(name, part)| (name, unnamed(part))).collect())
        }
        Pattern::Or(alternatives) => Pattern::Or(alternatives.into_iter().map(unnamed).collect()),
        other => other,
    }
}
