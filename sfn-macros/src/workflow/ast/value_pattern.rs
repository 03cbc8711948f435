//! Patterns that test a value: of `match`, `if let` and `let .. else`, on options, enums, tuples and structs.
//! Separate from patterns that only take apart because these may not fit.

use proc_macro2::Ident;
use syn::{Lit, Member, Pat, Path, RangeLimits};

use super::pattern::{is_variant, starts_upper};
use super::reader::Reader;
use super::{Extent, ValuePattern};

impl Reader {
    pub(super) fn value_pattern(&mut self, pattern: &Pat) -> ValuePattern {
        let foreign = |advice| ValuePattern::Foreign(Extent::of(pattern), advice);
        match pattern {
            Pat::Paren(inner) => self.value_pattern(&inner.pat),
            Pat::Reference(inner) => self.value_pattern(&inner.pat),
            Pat::Type(typed) => self.value_pattern(&typed.pat),
            Pat::Wild(_) | Pat::Rest(_) => ValuePattern::Any,
            Pat::Ident(name)
                if name.mutability.is_some() || name.by_ref.is_some() || name.subpat.is_some() =>
            {
                foreign("`mut`, `ref` or `@` inside a pattern: bind the value with a plain name")
            }
            Pat::Ident(name) if name.ident == "None" => ValuePattern::None,
            Pat::Ident(name) if starts_upper(&name.ident) => {
                ValuePattern::Constant(name.ident.clone().into())
            }
            Pat::Ident(name) => ValuePattern::Name(name.ident.clone()),
            Pat::Lit(literal) if matches!(literal.lit, Lit::Float(_) | Lit::ByteStr(_) | Lit::CStr(_)) => {
                foreign("this literal as a pattern: match on strings, integers or booleans")
            }
            Pat::Lit(literal) => ValuePattern::Literal(literal.lit.clone()),
            Pat::Range(range) => ValuePattern::Range {
                from: range.start.as_ref().map(|from| Box::new(self.expr(from))),
                end: range.end.as_ref().map(|end| Box::new(self.expr(end))),
                inclusive: matches!(range.limits, RangeLimits::Closed(_)),
            },
            Pat::Or(or) => ValuePattern::Or(or.cases.iter().map(|case| self.value_pattern(case)).collect()),
            Pat::Path(path) => match variant_name(&path.path) {
                Some(name) => ValuePattern::Variant(name, Vec::new()),
                None => ValuePattern::Constant(path.path.clone()),
            },
            Pat::Tuple(tuple) => self.numbered(pattern, tuple.elems.iter(), ValuePattern::Fields),
            Pat::TupleStruct(some) if some.path.is_ident("Some") && some.elems.len() == 1 => {
                ValuePattern::Some(Box::new(self.value_pattern(&some.elems[0])))
            }
            Pat::TupleStruct(tuple) => match variant_name(&tuple.path) {
                Some(name) => {
                    self.numbered(pattern, tuple.elems.iter(), |fields| ValuePattern::Variant(name, fields))
                }
                None => self.numbered(pattern, tuple.elems.iter(), ValuePattern::Fields),
            },
            Pat::Struct(record) => {
                let fields = record
                    .fields
                    .iter()
                    .map(|field| (field.member.clone(), self.value_pattern(&field.pat)))
                    .collect();
                match variant_name(&record.path) {
                    Some(name) => ValuePattern::Variant(name, fields),
                    None => ValuePattern::Fields(fields),
                }
            }
            Pat::Slice(_) => foreign("a list as a pattern: ask for its `len()` and read its places"),
            _ => foreign("this pattern: write literals, names, `Some(..)`, variants, tuples or structs"),
        }
    }

    fn numbered<'a>(
        &mut self,
        whole: &Pat,
        elements: impl ExactSizeIterator<Item = &'a Pat>,
        made: impl FnOnce(Vec<(Member, ValuePattern)>) -> ValuePattern,
    ) -> ValuePattern {
        let elements: Vec<_> = elements.collect();
        let rest = elements.iter().position(|element| matches!(element, Pat::Rest(_)));
        if rest.is_some_and(|place| place + 1 != elements.len()) {
            let advice = "`..` before other elements: write `_` for each element you skip";
            return ValuePattern::Foreign(Extent::of(whole), advice);
        }
        let fields = elements.into_iter().filter(|element| !matches!(element, Pat::Rest(_))).enumerate();
        made(fields.map(|(at, element)| (Member::from(at), self.value_pattern(element))).collect())
    }
}

fn variant_name(path: &Path) -> Option<Ident> {
    is_variant(path).then(|| path.segments.last().map(|last| last.ident.clone())).flatten()
}

impl ValuePattern {
    /// The names it binds, in the order of its text.
    pub(in crate::workflow) fn names(&self) -> Vec<&Ident> {
        match self {
            Self::Name(name) => vec![name],
            Self::Some(inner) => inner.names(),
            Self::Variant(_, fields) | Self::Fields(fields) => {
                fields.iter().flat_map(|(_, field)| field.names()).collect()
            }
            Self::Or(alternatives) => alternatives.iter().flat_map(Self::names).collect(),
            _ => Vec::new(),
        }
    }
}
