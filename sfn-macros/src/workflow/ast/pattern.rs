//! Patterns: of `let`, of closure parameters, and of the two kinds of `match`.
//! Separate because each place allows its own few patterns of Rust's many.

use proc_macro2::Ident;
use syn::{Lit, Member, Pat, Path, Type};

use super::{Case, Extent, LiteralPattern, Pattern, TaskPattern};

/// `mut name` of a `let`, with its type where that is written.
pub(super) fn mutable(pattern: &Pat) -> Option<(Ident, Option<Type>)> {
    match pattern {
        Pat::Ident(name) if name.mutability.is_some() && name.by_ref.is_none() && name.subpat.is_none() => {
            Some((name.ident.clone(), None))
        }
        Pat::Type(typed) => mutable(&typed.pat).map(|(name, _)| (name, Some((*typed.ty).clone()))),
        _ => None,
    }
}

/// A pattern that takes a value apart.
pub(super) fn binding(pattern: &Pat) -> Pattern {
    match pattern {
        Pat::Wild(_) => Pattern::Ignored,
        Pat::Paren(inner) => binding(&inner.pat),
        Pat::Type(typed) => binding(&typed.pat),
        Pat::Ident(_) => match name(pattern) {
            Ok(name) => Pattern::Name(name),
            Err(advice) => Pattern::Foreign(Extent::of(pattern), advice),
        },
        Pat::Tuple(tuple) => numbered(tuple.elems.iter()),
        Pat::TupleStruct(tuple) if is_variant(&tuple.path) => Pattern::Foreign(Extent::of(pattern), VARIANT),
        Pat::TupleStruct(tuple) => numbered(tuple.elems.iter()),
        Pat::Struct(record) if is_variant(&record.path) => Pattern::Foreign(Extent::of(pattern), VARIANT),
        Pat::Struct(record) => Pattern::Parts(
            record.fields.iter().map(|field| (field.member.clone(), binding(&field.pat))).collect(),
        ),
        Pat::Reference(inner) if inner.mutability.is_none() => binding(&inner.pat),
        _ => Pattern::Foreign(
            Extent::of(pattern),
            "this pattern: write a name, `_`, a tuple or a struct pattern",
        ),
    }
}

const VARIANT: &str =
    "an enum variant as a pattern here: match on an error of a task, or decide inside a task";
const MUTABLE: &str = "`mut` inside a pattern: bind the value with a plain name, then `let mut name = name`";

fn name(pattern: &Pat) -> Result<Ident, &'static str> {
    match pattern {
        Pat::Ident(name) if name.mutability.is_some() => Err(MUTABLE),
        Pat::Ident(name) if name.by_ref.is_some() => Err("`ref`: bind the value with a plain name"),
        Pat::Ident(name) if name.subpat.is_some() => Err("`@`: bind the value with a plain name"),
        Pat::Ident(name) if starts_upper(&name.ident) => {
            Err("a constant as a pattern: compare with `==` in an `if`, or write the literal")
        }
        Pat::Ident(name) => Ok(name.ident.clone()),
        _ => Err("this pattern: write a name or `_`"),
    }
}

fn numbered<'a>(elements: impl Iterator<Item = &'a Pat> + Clone) -> Pattern {
    let rest = elements.clone().position(|element| matches!(element, Pat::Rest(_)));
    let elements: Vec<_> = elements.collect();
    match rest {
        Some(place) if place + 1 != elements.len() => Pattern::Foreign(
            Extent::of(elements[place]),
            "`..` before other elements: write `_` for each element you skip",
        ),
        _ => Pattern::Parts(
            elements
                .into_iter()
                .filter(|element| !matches!(element, Pat::Rest(_)))
                .enumerate()
                .map(|(index, element)| (Member::from(index), binding(element)))
                .collect(),
        ),
    }
}

/// An arm's pattern of `match call.await`.
pub(super) fn task(pattern: &Pat) -> TaskPattern {
    let foreign = |advice| TaskPattern::Foreign(Extent::of(pattern), advice);
    match pattern {
        Pat::Paren(inner) => task(&inner.pat),
        Pat::TupleStruct(result) if result.elems.len() == 1 && result.path.is_ident("Ok") => {
            TaskPattern::Ok(binding(&result.elems[0]))
        }
        Pat::TupleStruct(result) if result.elems.len() == 1 && result.path.is_ident("Err") => {
            failure(&result.elems[0])
        }
        Pat::Or(or) => {
            let mut cases = Vec::new();
            for alternative in &or.cases {
                match task(alternative) {
                    TaskPattern::Cases(more) => cases.extend(more),
                    _ => {
                        return foreign("this alternative: give `Ok(..)` and `Err(other)` arms of their own");
                    }
                }
            }
            TaskPattern::Cases(cases)
        }
        Pat::Guard(_) => foreign("a guard: write an `if` inside the arm"),
        Pat::Wild(_) | Pat::Ident(_) => {
            foreign("an arm for every result: write `Ok(value)` and `Err(other)` as two arms")
        }
        _ => {
            foreign("this pattern on a task's result: write `Ok(value)`, `Err(Failure::..)` or `Err(other)`")
        }
    }
}

fn failure(pattern: &Pat) -> TaskPattern {
    match pattern {
        Pat::Paren(inner) => failure(&inner.pat),
        Pat::Wild(_) => TaskPattern::Err(None),
        Pat::Ident(_) => match name(pattern) {
            Ok(name) => TaskPattern::Err(Some(name)),
            Err(advice) => TaskPattern::Foreign(Extent::of(pattern), advice),
        },
        _ => {
            let mut cases = Vec::new();
            alternatives(pattern, &mut cases);
            TaskPattern::Cases(cases)
        }
    }
}

fn alternatives(pattern: &Pat, cases: &mut Vec<Case>) {
    match pattern {
        Pat::Paren(inner) => alternatives(&inner.pat, cases),
        Pat::Or(or) => or.cases.iter().for_each(|case| alternatives(case, cases)),
        Pat::Path(path) => cases.push(unit_failure(pattern, &path.path)),
        Pat::TupleStruct(task) if is_failure(&task.path, "Task") && task.elems.len() == 1 => {
            declared(&task.elems[0], cases);
        }
        Pat::TupleStruct(other) if is_failure(&other.path, "Other") => {
            cases.push(Case::Foreign(
                Extent::of(pattern),
                "`Failure::Other`: write `Err(other)` as the last arm",
            ));
        }
        _ => cases.push(Case::Foreign(
            Extent::of(pattern),
            "this failure: write `Failure::Task(..)`, `Failure::Timeout` or `Failure::HeartbeatTimeout`",
        )),
    }
}

fn unit_failure(pattern: &Pat, path: &Path) -> Case {
    if is_failure(path, "Timeout") {
        Case::Timeout
    } else if is_failure(path, "HeartbeatTimeout") {
        Case::HeartbeatTimeout
    } else {
        Case::Foreign(
            Extent::of(pattern),
            "this failure: write `Failure::Task(..)`, `Failure::Timeout` or `Failure::HeartbeatTimeout`",
        )
    }
}

/// The pattern inside `Failure::Task(..)`: variants of the task's own error.
fn declared(pattern: &Pat, cases: &mut Vec<Case>) {
    let variant = |path: &Path, parts: Pattern| {
        let name = path.segments.last().map(|segment| segment.ident.clone());
        match (name, parts) {
            (Some(name), Pattern::Parts(fields)) => Case::Variant { name, fields },
            (_, Pattern::Foreign(extent, advice)) => Case::Foreign(extent, advice),
            _ => Case::Foreign(Extent::of(path), "this error pattern: name a variant of the task's error"),
        }
    };
    match pattern {
        Pat::Paren(inner) => declared(&inner.pat, cases),
        Pat::Or(or) => or.cases.iter().for_each(|case| declared(case, cases)),
        Pat::Wild(_) => cases.push(Case::AnyTask),
        Pat::Path(path) => cases.push(variant(&path.path, Pattern::Parts(Vec::new()))),
        Pat::Ident(name) if starts_upper(&name.ident) && name.subpat.is_none() => {
            cases.push(Case::Variant { name: name.ident.clone(), fields: Vec::new() });
        }
        Pat::TupleStruct(tuple) => cases.push(variant(&tuple.path, numbered(tuple.elems.iter()))),
        Pat::Struct(record) => {
            let fields = record.fields.iter().map(|field| (field.member.clone(), binding(&field.pat)));
            cases.push(variant(&record.path, Pattern::Parts(fields.collect())));
        }
        _ => cases.push(Case::Foreign(
            Extent::of(pattern),
            "a name for the whole error: match its variants and their fields, or write `Failure::Task(_)`",
        )),
    }
}

/// An arm's pattern of a `match` on a value.
pub(super) fn literal(pattern: &Pat) -> LiteralPattern {
    let foreign = |advice| LiteralPattern::Foreign(Extent::of(pattern), advice);
    match pattern {
        Pat::Paren(inner) => literal(&inner.pat),
        Pat::Wild(_) => LiteralPattern::Any(None),
        Pat::Ident(_) => match name(pattern) {
            Ok(name) => LiteralPattern::Any(Some(name)),
            Err(advice) => foreign(advice),
        },
        Pat::Lit(literal) if matches!(literal.lit, Lit::Str(_) | Lit::Int(_) | Lit::Bool(_)) => {
            LiteralPattern::Literals(vec![literal.lit.clone()])
        }
        Pat::Lit(_) => foreign("this literal as a pattern: match on strings, integers or booleans"),
        Pat::Or(or) => {
            let mut literals = Vec::new();
            for alternative in &or.cases {
                match literal(alternative) {
                    LiteralPattern::Literals(more) => literals.extend(more),
                    LiteralPattern::Any(_) => {
                        return foreign("a name or `_` beside literals: give it an arm of its own");
                    }
                    refused @ LiteralPattern::Foreign(..) => return refused,
                }
            }
            LiteralPattern::Literals(literals)
        }
        Pat::Guard(_) => foreign("a guard: write an `if` inside the arm"),
        Pat::Range(_) => foreign("a range as a pattern: compare with `<` and `>=` in an `if`"),
        Pat::Path(_) => foreign("a constant or a variant as a pattern: compare with `==` in an `if`"),
        _ => foreign("this pattern: write literals, a name or `_`"),
    }
}

fn is_failure(path: &Path, variant: &str) -> bool {
    let mut segments = path.segments.iter().rev();
    segments.next().is_some_and(|segment| segment.ident == variant)
        && segments.next().is_some_and(|segment| segment.ident == "Failure")
}

/// Whether a path names a variant: the segment before the last is a type.
pub(in crate::workflow) fn is_variant(path: &Path) -> bool {
    path.segments.iter().rev().nth(1).is_some_and(|segment| starts_upper(&segment.ident))
}

pub(super) fn starts_upper(name: &Ident) -> bool {
    name.to_string().starts_with(char::is_uppercase)
}
