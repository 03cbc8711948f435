//! The grammar of Intrinsic Functions, and the check of each call against the table.
//! Separate because what is accepted is one question and what it means another.

use std::ops::Range;
use std::sync::Arc;

use crate::nearest::{listed, nearest};
use crate::path::{Path, PathError};

use super::{Argument, ArgumentKind, Call, CallError, CallFault, Function, Spanned, Text};

/// How deeply calls may stand in each other: the service's limit.
const MAX_DEPTH: usize = 10;

type Parsed<T> = Result<T, CallError>;

pub(super) fn call(text: &str) -> Parsed<Call> {
    let mut reader = Reader { text, source: text.into(), at: 0 };
    reader.skip_blanks();
    let call = reader.call(1)?;
    reader.skip_blanks();
    if reader.at < text.len() {
        return Err(reader.unexpected("the end behind the call"));
    }
    Ok(call)
}

struct Reader<'t> {
    text: &'t str,
    source: Arc<str>,
    at: usize,
}

impl Reader<'_> {
    fn call(&mut self, depth: usize) -> Parsed<Call> {
        let start = self.at;
        let function = self.function()?;
        if depth > MAX_DEPTH {
            let message = format!("found calls nested more than {MAX_DEPTH} deep, which the service refuses");
            return Err(fault(CallFault::Syntax, message, start..self.at));
        }
        self.skip_blanks();
        if self.peek() != Some(b'(') {
            return Err(self.unexpected(&format!("`(` behind `{}`", function.name())));
        }
        self.at += 1;
        let arguments = self.arguments(depth)?;
        let span = start..self.at;
        Ok(Call { function, arguments, span, source: Arc::clone(&self.source) })
    }

    fn function(&mut self) -> Parsed<Function> {
        let start = self.at;
        let rest = &self.text[start..];
        let is_name = |character: char| character.is_alphanumeric() || matches!(character, '.' | '_');
        let length = rest.find(|character| !is_name(character)).unwrap_or(rest.len());
        if length == 0 {
            return Err(self.unexpected("an Intrinsic Function such as `States.Format(..)`"));
        }
        let name = &rest[..length];
        self.at += length;
        Function::named(name).ok_or_else(|| {
            let expected = nearest(name, Function::names()).map_or_else(
                || format!("expected one of {}", listed(&Function::names().collect::<Vec<_>>())),
                |known| format!("did you mean `{known}`?"),
            );
            let message = format!("found `{name}`, which is no Intrinsic Function, {expected}");
            fault(CallFault::UnknownFunction, message, start..start + length)
        })
    }

    fn arguments(&mut self, depth: usize) -> Parsed<Vec<Spanned>> {
        let mut arguments = Vec::new();
        self.skip_blanks();
        if self.peek() == Some(b')') {
            self.at += 1;
            return Ok(arguments);
        }
        loop {
            self.skip_blanks();
            let start = self.at;
            let value = self.argument(depth)?;
            arguments.push(Spanned { value, span: start..self.at });
            self.skip_blanks();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b')') => {
                    self.at += 1;
                    return Ok(arguments);
                }
                _ => return Err(self.unexpected("`,` or `)` behind the argument")),
            }
        }
    }

    fn argument(&mut self, depth: usize) -> Parsed<Argument> {
        match self.peek() {
            Some(b'\'') => self.string().map(Argument::Text),
            Some(b'$') => self.path().map(Argument::Path),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(byte) if byte.is_ascii_alphabetic() => {
                for (word, value) in
                    [("true", true.into()), ("false", false.into()), ("null", crate::Value::Null)]
                {
                    let behind = self.text[self.at..].strip_prefix(word);
                    if behind.is_some_and(|rest| rest.starts_with([',', ')', ' '])) {
                        self.at += word.len();
                        return Ok(Argument::Literal(value));
                    }
                }
                self.call(depth + 1).map(Argument::Call)
            }
            Some(b'"') => Err(self.unexpected("a text in single quotes")),
            _ => Err(self
                .unexpected("a Path, a text in single quotes, a number, `true`, `false`, `null` or a call")),
        }
    }

    fn string(&mut self) -> Parsed<Text> {
        let start = self.at + 1;
        let mut value = String::new();
        let mut rest = self.text[start..].char_indices();
        while let Some((at, character)) = rest.next() {
            match character {
                '\'' => {
                    self.at = start + at + 1;
                    return Ok(Text { value: value.into(), raw: self.text[start..start + at].into() });
                }
                '\\' => {
                    let Some((_, escaped @ ('\'' | '{' | '}' | '\\'))) = rest.next() else {
                        let end = rest.next().map_or(self.text.len(), |(next, _)| start + next);
                        let message = r"found a `\` that escapes nothing, expected `\'`, `\{`, `\}` or `\\`";
                        return Err(fault(CallFault::Syntax, message.to_owned(), start + at..end));
                    };
                    value.push(escaped);
                }
                other => value.push(other),
            }
        }
        let message = "found no closing `'` for the text".to_owned();
        Err(fault(CallFault::Syntax, message, self.at..self.text.len()))
    }

    /// A Path ends where an argument ends: before a comma, a closing parenthesis or a blank that stands outside
    /// of brackets and strings.
    fn path(&mut self) -> Parsed<Path> {
        let start = self.at;
        let mut open = 0_usize;
        let mut quote = None;
        let mut escaped = false;
        let end = self.text[start..].char_indices().find_map(|(at, character)| {
            if let Some(closing) = quote {
                if !escaped && character == closing {
                    quote = None;
                }
                escaped = character == '\\' && !escaped;
                return None;
            }
            match character {
                '\'' | '"' if open > 0 => quote = Some(character),
                '[' | '(' => open += 1,
                ',' | ')' | ' ' if open == 0 => return Some(at),
                ']' | ')' => open = open.saturating_sub(1),
                _ => {}
            }
            None
        });
        self.at = end.map_or(self.text.len(), |end| start + end);
        self.text[start..self.at].parse().map_err(|error: PathError| {
            let span = start + error.span.start..start + error.span.end;
            fault(CallFault::Syntax, error.message, span)
        })
    }

    fn number(&mut self) -> Parsed<Argument> {
        let start = self.at;
        let rest = &self.text[start..];
        let is_number = |character: char| character.is_ascii_digit() || "-+.eE".contains(character);
        let length = rest.find(|character| !is_number(character)).unwrap_or(rest.len());
        self.at += length;
        crate::path::number(&rest[..length]).map(Argument::Literal).ok_or_else(|| {
            let message = format!("found `{}`, expected a number", &rest[..length]);
            fault(CallFault::Syntax, message, start..start + length)
        })
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn unexpected(&self, expected: &str) -> CallError {
        let (found, span) = match self.text[self.at..].chars().next() {
            Some(character) => (format!("`{character}`"), self.at..self.at + character.len_utf8()),
            None => ("the end".to_owned(), self.at..self.at),
        };
        fault(CallFault::Syntax, format!("found {found}, expected {expected}"), span)
    }
}

fn fault(fault: CallFault, message: String, span: Range<usize>) -> CallError {
    CallError { fault, message, span }
}

/// How many `{}` a template of `States.Format` has; nothing if its braces do not match.
fn gaps(template: &str) -> Option<usize> {
    let mut characters = template.chars();
    let mut count = 0;
    while let Some(character) = characters.next() {
        match character {
            '\\' => drop(characters.next()),
            '{' if characters.next() == Some('}') => count += 1,
            '{' | '}' => return None,
            _ => {}
        }
    }
    Some(count)
}

fn values(count: usize) -> String {
    if count == 1 { "1 value".to_owned() } else { format!("{count} values") }
}

/// Judges the number of the arguments and the kinds of those whose kind is known, also of calls within.
pub(super) fn misfits(call: &Call, found: &mut Vec<CallError>) {
    let (function, count) = (call.function, call.arguments.len());
    if !function.takes(count) {
        let arguments = if count == 1 { "argument" } else { "arguments" };
        let message = format!("found {count} {arguments}, `{}` takes {}", function.name(), function.arity());
        let name = call.span.start..call.span.start + function.name().len();
        found.push(fault(CallFault::Arity, message, name));
    }
    if let (Function::Format, Some(Spanned { value: Argument::Text(template), span })) =
        (function, call.arguments.first())
        && let Some(gaps) = gaps(&template.raw)
        && gaps != count - 1
    {
        let message = format!("found {gaps} `{{}}` in the template and {} behind it", values(count - 1));
        found.push(fault(CallFault::Arity, message, span.clone()));
    }
    for (index, argument) in call.arguments.iter().enumerate() {
        let Some(parameter) = call.function.parameter(index) else { continue };
        let fits = match &argument.value {
            Argument::Literal(value) => parameter.kind.accepts(value),
            Argument::Text(_) => matches!(parameter.kind, ArgumentKind::String | ArgumentKind::Any),
            Argument::Path(_) => true,
            Argument::Call(inner) => {
                misfits(inner, found);
                inner
                    .function
                    .result()
                    .is_none_or(|kind| kind == parameter.kind || parameter.kind == ArgumentKind::Any)
            }
        };
        if !fits {
            let message = format!(
                "found `{}`, expected {} as the {} of `{}`",
                &call.source[argument.span.clone()],
                parameter.kind.described(),
                parameter.name,
                call.function.name()
            );
            found.push(fault(CallFault::ArgumentKind, message, argument.span.clone()));
        }
    }
}
