//! The text of a `format!`, cut into literal pieces and holes.
//! Separate because a format string is a language of its own.

use proc_macro2::{Ident, Span};

use super::scope::Scope;
use super::{Expr, ExprKind, Extent};

/// A piece of a formatted text.
#[derive(Debug)]
pub(in crate::workflow) enum Piece {
    Text(String),
    Value(Expr),
}

/// Why a `format!` is outside the subset.
#[derive(Debug)]
pub(in crate::workflow) enum FormatFault {
    /// The first argument is not a string literal.
    NotLiteral,
    /// `{:?}`, `{:>5}`: the specification.
    Specification(String),
    /// `{name}` where no variable of the workflow has this name.
    UnknownName(String),
    /// `{0}` or `name = value`.
    Explicit(String),
    /// What rustc reports itself: braces that do not match, or holes without arguments.
    Malformed,
}

pub(super) fn pieces(
    text: &str,
    span: Span,
    arguments: Vec<Expr>,
    scope: &Scope,
) -> Result<Vec<Piece>, FormatFault> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut arguments = arguments.into_iter();
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '{' | '}' if rest.peek() == Some(&character) => {
                rest.next();
                literal.push(character);
            }
            '}' => return Err(FormatFault::Malformed),
            '{' => {
                let hole: String = rest.by_ref().take_while(|&next| next != '}').collect();
                if !literal.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut literal)));
                }
                pieces.push(Piece::Value(value(hole.trim(), span, &mut arguments, scope)?));
            }
            _ => literal.push(character),
        }
    }
    if !literal.is_empty() {
        pieces.push(Piece::Text(literal));
    }
    if arguments.next().is_some() { Err(FormatFault::Malformed) } else { Ok(pieces) }
}

fn value(
    hole: &str,
    span: Span,
    arguments: &mut impl Iterator<Item = Expr>,
    scope: &Scope,
) -> Result<Expr, FormatFault> {
    if let Some((_, specification)) = hole.split_once(':') {
        return Err(FormatFault::Specification(specification.to_owned()));
    }
    if hole.is_empty() {
        return arguments.next().ok_or(FormatFault::Malformed);
    }
    if hole.chars().all(|character| character.is_ascii_digit()) {
        return Err(FormatFault::Explicit(hole.to_owned()));
    }
    let Ok(mut name) = syn::parse_str::<Ident>(hole) else {
        return Err(FormatFault::Malformed);
    };
    name.set_span(span);
    if !scope.contains(&name) {
        return Err(FormatFault::UnknownName(hole.to_owned()));
    }
    let extent = Extent { start: span, end: span };
    Ok(Expr { extent, place: None, kind: ExprKind::Local(name) })
}
