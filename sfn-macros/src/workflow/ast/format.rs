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
    /// `{:>8}`
    Filled(Expr, Filled),
}

/// How wide a text is at least, and with what it is filled.
#[derive(Debug)]
pub(in crate::workflow) struct Filled {
    pub(in crate::workflow) width: u32,
    pub(in crate::workflow) fill: char,
    /// `<` or `>`, where either is written.
    pub(in crate::workflow) align: Option<char>,
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

/// The values behind the text of a `format!`.
pub(super) struct Values {
    /// Those that holes take one after the other.
    pub(super) places: std::vec::IntoIter<Expr>,
    /// `id = order.id`: those that one hole takes each.
    pub(super) named: Vec<(Ident, Expr)>,
}

pub(super) fn pieces(
    text: &str,
    span: Span,
    mut values: Values,
    scope: &Scope,
) -> Result<Vec<Piece>, FormatFault> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
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
                let (name, filled) = match hole.split_once(':') {
                    Some((name, specification)) => (name, Some(self::filled(specification)?)),
                    None => (hole.as_str(), None),
                };
                let value = value(name.trim(), span, &mut values, scope)?;
                pieces.push(match filled {
                    Some(filled) => Piece::Filled(value, filled),
                    None => Piece::Value(value),
                });
            }
            _ => literal.push(character),
        }
    }
    if !literal.is_empty() {
        pieces.push(Piece::Text(literal));
    }
    match values.named.first() {
        // One that is asked for twice has been refused, one that nobody asks for is told by rustc.
        Some((name, _)) => Err(FormatFault::Explicit(name.to_string())),
        None if values.places.next().is_some() => Err(FormatFault::Malformed),
        None => Ok(pieces),
    }
}

/// A specification that says nothing but a width.
fn filled(specification: &str) -> Result<Filled, FormatFault> {
    let refused = || FormatFault::Specification(specification.to_owned());
    let letters: Vec<char> = specification.trim_end().chars().collect();
    let (fill, align, width) = match letters.as_slice() {
        [fill, align @ ('<' | '>'), width @ ..] => (*fill, Some(*align), width),
        [align @ ('<' | '>'), width @ ..] => (' ', Some(*align), width),
        ['0', width @ ..] => ('0', Some('>'), width),
        width => (' ', None, width),
    };
    let width: String = width.iter().collect();
    if width.starts_with(['0', '+']) {
        return Err(refused());
    }
    let width = width.parse().map_err(|_| refused())?;
    Ok(Filled { width, fill, align })
}

fn value(hole: &str, span: Span, values: &mut Values, scope: &Scope) -> Result<Expr, FormatFault> {
    if hole.is_empty() {
        return values.places.next().ok_or(FormatFault::Malformed);
    }
    if let Some(at) = values.named.iter().position(|(name, _)| name == hole) {
        return Ok(values.named.remove(at).1);
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
