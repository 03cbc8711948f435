//! The grammar of Paths, step by step as Jayway reads them.
//! Separate because what is accepted is one question and what it means another.

use std::ops::Range;
use std::sync::Arc;

use crate::nearest::{listed, nearest};

use super::cursor::{Cursor, MAX_DEPTH};
use super::{Filter, Function, FunctionArgument, Path, PathError, Root, Segment, Selector, literal};

/// How many steps a Path may have: each may be a call on the stack of whoever walks it.
const MAX_SEGMENTS: usize = 256;

type Parsed<T> = Result<T, PathError>;

/// A Path of a definition: with `$`, `$$` or `$name` in front.
pub(super) fn path(text: &str) -> Parsed<Path> {
    let shared: Arc<str> = text.into();
    let end = text.trim_end_matches(' ').len();
    let Some(rest) = text.strip_prefix('$') else {
        let first = Cursor::new(&shared, 0..end, 0).shown();
        return Err(PathError::new(format!("found {}, expected `$`", first.0), first.1));
    };
    let (root, start) = if rest.starts_with('$') {
        (Root::Context, 2)
    } else {
        let name = rest.find(|character: char| !is_name(character)).unwrap_or(rest.len());
        match &rest[..name] {
            "" => (Root::Input, 1),
            name => (Root::Variable(name.into()), 1 + name.len()),
        }
    };
    let segments = segments(Cursor::new(&shared, start..end, 0))?;
    Ok(Path { root, segments, source: Arc::clone(&shared), span: 0..end })
}

fn is_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// A Path within a filter or among the arguments of a function: with `$` or `@` in front.
pub(super) fn inner(mut cursor: Cursor<'_>) -> Parsed<Path> {
    let span = cursor.at..cursor.end;
    let root = if cursor.peek() == Some(b'@') { Root::Element } else { Root::Input };
    cursor.at += 1;
    Ok(Path { root, source: Arc::clone(cursor.text), segments: segments(cursor)?, span })
}

/// What follows the root, to the end of the stretch.
fn segments(mut cursor: Cursor<'_>) -> Parsed<Vec<Segment>> {
    let mut segments = Vec::new();
    if cursor.at >= cursor.end {
        return Ok(segments);
    }
    if cursor.depth > MAX_DEPTH {
        let message = format!("found Paths nested more than {MAX_DEPTH} deep");
        return Err(PathError::new(message, cursor.at..cursor.end));
    }
    if !matches!(cursor.peek(), Some(b'.' | b'[')) {
        let (found, span) = cursor.shown();
        return Err(PathError::new(format!("found {found}, expected `.` or `[`"), span));
    }
    // Jayway stops at the last character, whatever it is: `$.a[` reads as `$.a`, `$.a[0]]` as `$.a[0]`.
    let last = cursor.text[..cursor.end].char_indices().next_back().map_or(0, |(at, _)| at);
    if cursor.byte(last) == Some(b'.') {
        return Err(PathError::new("found `.` at the end, expected a field behind it", last..cursor.end));
    }
    loop {
        let start = cursor.at;
        let selector = match cursor.peek() {
            Some(b'[') => bracket(&mut cursor)?,
            Some(b'.') => match dots(&mut cursor)? {
                Some(descent) => descent,
                None => continue,
            },
            Some(b'*') => {
                cursor.at += 1;
                Selector::Wildcard
            }
            _ => field_or_call(&mut cursor)?,
        };
        let is_descent = selector == Selector::Descent;
        if segments.len() == MAX_SEGMENTS {
            let message = format!("found a Path of more than {MAX_SEGMENTS} steps");
            return Err(PathError::new(message, start..cursor.end));
        }
        segments.push(Segment { selector, span: start..cursor.at });
        if cursor.at >= last && !is_descent {
            break;
        }
    }
    if let [.., Segment { selector: Selector::Descent, span }, Segment { selector: Selector::Call(..), .. }] =
        &segments[..]
    {
        return Err(PathError::new("found a function behind `..`, expected a field", span.clone()));
    }
    Ok(segments)
}

/// `.` gives nothing of its own, `..` a deep scan.
fn dots(cursor: &mut Cursor<'_>) -> Parsed<Option<Selector>> {
    let descent = cursor.byte(cursor.at + 1) == Some(b'.');
    cursor.at += if descent { 2 } else { 1 };
    if cursor.peek() == Some(b'.') {
        return Err(PathError::new("found one `.` too many", cursor.at..cursor.at + 1));
    }
    Ok(descent.then_some(Selector::Descent))
}

fn field_or_call(cursor: &mut Cursor<'_>) -> Parsed<Selector> {
    let start = cursor.at;
    let rest = &cursor.text[start..cursor.end];
    let length = rest.find([' ', '.', '[', '(']).unwrap_or(rest.len());
    let (name, end) = (&rest[..length], start + length);
    match cursor.byte(end) {
        Some(b' ') => {
            let message = "found a blank, expected brackets around a name with blanks: `['my field']`";
            Err(PathError::new(message, end..end + 1))
        }
        Some(b'(') => call(cursor, name, end),
        _ => {
            cursor.at = end;
            Ok(Selector::Child(name.into()))
        }
    }
}

fn call(cursor: &mut Cursor<'_>, name: &str, open: usize) -> Parsed<Selector> {
    let Some(function) = Function::named(name) else {
        let meant = nearest(name, Function::names()).map_or_else(
            || format!("expected one of {}", listed(&Function::names().collect::<Vec<_>>())),
            |known| format!("did you mean `{known}`?"),
        );
        return Err(PathError::new(format!("found the function `{name}`, {meant}"), cursor.at..open));
    };
    let Some(close) = cursor.closing_bracket(open, b')', false) else {
        return Err(PathError::new(format!("found no `)` for the `(` of `{name}`"), open..open + 1));
    };
    let mut arguments = Vec::new();
    for span in split_arguments(cursor, open + 1..close) {
        arguments.push(argument(cursor, span)?);
    }
    // Without arguments Jayway stays on the `)`, so that a step behind `()` is read as a field named `)`.
    cursor.at = if open + 1 == close && close + 1 < cursor.end { close } else { close + 1 };
    Ok(Selector::Call(function, arguments))
}

/// The stretches between the commas that stand outside of strings and brackets.
fn split_arguments(cursor: &Cursor<'_>, span: Range<usize>) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    let (mut start, mut at, mut open) = (span.start, span.start, 0_usize);
    while at < span.end {
        match cursor.text.as_bytes()[at] {
            quote @ (b'"' | b'\'') => at = cursor.closing_quote(at, quote).unwrap_or(span.end),
            b'(' | b'[' | b'{' => open += 1,
            b')' | b']' | b'}' => open = open.saturating_sub(1),
            b',' if open == 0 => {
                spans.push(start..at);
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    spans.push(start..span.end);
    if let [only] = &spans[..]
        && cursor.text[only.clone()].trim().is_empty()
    {
        spans.clear();
    }
    spans
}

fn argument(cursor: &Cursor<'_>, span: Range<usize>) -> Parsed<FunctionArgument> {
    let text = &cursor.text[span.clone()];
    let trimmed = text.trim();
    let start = span.start + (text.len() - text.trim_start().len());
    let span = start..start + trimmed.len();
    match trimmed.bytes().next() {
        Some(b'$' | b'@') => Ok(FunctionArgument::Path(inner(cursor.inner(span))?)),
        Some(b'{' | b'[' | b'"' | b'-' | b'0'..=b'9') if literal::json(trimmed).is_some() => {
            Ok(FunctionArgument::Json(literal::json(trimmed).unwrap_or_default()))
        }
        _ => {
            let message = format!("found `{trimmed}`, expected a Path or a JSON value as argument");
            Err(PathError::new(message, span))
        }
    }
}

fn bracket(cursor: &mut Cursor<'_>) -> Parsed<Selector> {
    let open = cursor.at;
    match cursor.significant_after(open) {
        Some((at, quote @ (b'\'' | b'"'))) => names(cursor, at, quote),
        Some((_, b'0'..=b'9' | b'-' | b':')) => numbers(cursor),
        Some((at, b'*')) => {
            let Some((close, b']')) = cursor.significant_after(at) else {
                return Err(PathError::new("found no `]` behind `[*`", open..at + 1));
            };
            cursor.at = close + 1;
            Ok(Selector::Wildcard)
        }
        Some((at, b'?')) => filter(cursor, at),
        _ => {
            cursor.at += 1;
            let (found, span) = cursor.shown();
            let message = format!("found {found}, expected `?`, a quoted name, a number or `*` behind `[`");
            Err(PathError::new(message, span))
        }
    }
}

/// `['a']` and `['a', 'b']`.
fn names(cursor: &mut Cursor<'_>, mut at: usize, quote: u8) -> Parsed<Selector> {
    let mut names: Vec<Arc<str>> = Vec::new();
    loop {
        let Some(close) = cursor.closing_quote(at, quote) else {
            let message = format!("found no closing `{}` for the name", char::from(quote));
            return Err(PathError::new(message, at..cursor.end));
        };
        names.push(literal::unescape_name(&cursor.text[at + 1..close], quote).into());
        match cursor.significant_after(close) {
            Some((end, b']')) => {
                cursor.at = end + 1;
                break;
            }
            Some((comma, b',')) => match cursor.significant_after(comma) {
                Some((next, byte)) if byte == quote => at = next,
                _ => {
                    let message = "found no name behind `,`, expected one in the same quotes as the first";
                    return Err(PathError::new(message, comma..comma + 1));
                }
            },
            _ => {
                let message = "found no `,` or `]` behind the name";
                return Err(PathError::new(message, at..close + 1));
            }
        }
    }
    Ok(match names.pop() {
        Some(name) if names.is_empty() => Selector::Child(name),
        last => Selector::Children(names.into_iter().chain(last).collect()),
    })
}

/// `[0]`, `[0, 2]` and `[1:3]`.
fn numbers(cursor: &mut Cursor<'_>) -> Parsed<Selector> {
    let start = cursor.at + 1;
    let Some(length) = cursor.text[start..cursor.end].find(']') else {
        return Err(PathError::new("found no `]` for this `[`", cursor.at..start));
    };
    let span = start..start + length;
    let text = cursor.text[span.clone()].trim();
    cursor.at = span.end + 1;
    let fault =
        |expected: &str| PathError::new(format!("found `[{text}]`, expected {expected}"), span.clone());
    if text.contains(':') {
        let number = |text: Option<&str>| match text {
            None | Some("") => Ok(None),
            Some(digits) => digits.parse().map(Some).map_err(|_| fault("a slice such as `[1:3]`")),
        };
        let mut bounds = text.split(':');
        return match (number(bounds.next())?, number(bounds.next())?) {
            (None, None) => Err(fault("a slice with a bound, such as `[1:]`, or `[*]` for all elements")),
            (from, to) => Ok(Selector::Slice(from, to)),
        };
    }
    let indices = text.split(',').map(|index| index.trim_matches(' ').parse());
    let indices: Vec<i32> = indices
        .collect::<Result<_, _>>()
        .map_err(|_| fault("an index such as `[0]`, several as in `[0,2]`, or a quoted name"))?;
    Ok(match indices[..] {
        [index] => Selector::Index(index),
        _ => Selector::Indices(indices),
    })
}

fn filter(cursor: &mut Cursor<'_>, question: usize) -> Parsed<Selector> {
    let open = cursor.at;
    let Some((paren, b'(')) = cursor.significant_after(question) else {
        return Err(PathError::new("found no `(` behind `[?`, expected `[?(..)]`", open..question + 1));
    };
    let closing = cursor.closing_bracket(paren, b')', true);
    let end = closing.and_then(|close| cursor.significant_after(close));
    let (Some(close), Some((end, b']'))) = (closing, end) else {
        return Err(PathError::new("found no `)]` for this `[?(`", open..paren + 1));
    };
    let filter = Filter::parse(cursor.inner(paren..close + 1))?;
    cursor.at = end + 1;
    Ok(Selector::Filter(Box::new(filter)))
}
