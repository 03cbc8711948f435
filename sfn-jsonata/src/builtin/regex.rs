//! Functions that match: `$match`, `$contains`, `$replace`, `$split`, with regular expressions, plain strings or
//! functions that behave like matchers. Separate because a matcher is a protocol: a match knows its `next`.

use std::sync::Arc;

use super::Arguments;
use crate::error::{Fault, fault};
use crate::evaluate::{Evaluator, Function, Outcome};
use crate::syntax::{Found, Pattern};
use crate::value::{Array, Object, Value};

/// One match of a matcher.
struct Match {
    /// Byte positions in the text.
    start: usize,
    end: usize,
    /// The matched text, which need not be what stands between the positions.
    matched: Arc<str>,
    groups: Vec<Option<Arc<str>>>,
    /// The object that a replacement function is called with.
    object: Value,
}

/// The matches of a matcher in a text, each found when it is asked for.
struct Matches<'e, 'a> {
    evaluator: &'e Evaluator<'a>,
    text: Arc<str>,
    next: Next<'a>,
    name: &'static str,
}

enum Next<'a> {
    Pattern { pattern: &'a Pattern, from: usize, is_first: bool },
    Function { function: Value, argument: Option<Value> },
    Nothing,
}

impl<'e, 'a> Matches<'e, 'a> {
    fn new(evaluator: &'e Evaluator<'a>, matcher: &Value, text: &Arc<str>, name: &'static str) -> Self {
        let function = evaluator.function_of(matcher);
        let next = match function.as_deref() {
            Some(Function::Regex(pattern)) => Next::Pattern { pattern, from: 0, is_first: true },
            _ => {
                Next::Function { function: matcher.clone(), argument: Some(Value::String(Arc::clone(text))) }
            }
        };
        Self { evaluator, text: Arc::clone(text), next, name }
    }

    fn next(&mut self) -> Result<Option<Match>, Fault> {
        match std::mem::replace(&mut self.next, Next::Nothing) {
            Next::Nothing => Ok(None),
            Next::Pattern { pattern, from, is_first } => {
                self.evaluator.spend(1)?;
                let found = if is_first {
                    self.evaluator.find(pattern, &self.text, 0)?
                } else {
                    continued(self.evaluator, pattern, &self.text, from)?
                };
                let Some(found) = found else { return Ok(None) };
                self.next = Next::Pattern { pattern, from: found.end, is_first: false };
                Ok(Some(self.of_pattern(&found)))
            }
            Next::Function { function, argument } => {
                let arguments = argument.into_iter().map(Some).collect();
                match self.evaluator.invoke(&function, arguments)? {
                    None => Ok(None),
                    Some(object) => self.of_function(&object).map(Some),
                }
            }
        }
    }

    fn of_pattern(&self, found: &Found) -> Match {
        let part = |(start, end): (usize, usize)| Arc::from(&self.text[start..end]);
        Match {
            start: found.start,
            end: found.end,
            matched: part((found.start, found.end)),
            groups: found.groups.iter().map(|group| group.map(part)).collect(),
            object: match_object(&self.text, found, Value::Null),
        }
    }

    fn of_function(&mut self, object: &Value) -> Result<Match, Fault> {
        let field = |name: &str| object.get(name);
        let start = field("start").and_then(Value::as_f64);
        let groups = field("groups").and_then(Value::as_array);
        let next = field("next").filter(|next| next.function().is_some());
        if start.is_none() && groups.is_none() && next.is_none() {
            let name = self.name;
            let message = format!(
                "The matcher function argument passed to function \"{name}\" does not return the correct object structure"
            );
            return Err(fault("T1010", message));
        }
        if let Some(next) = next {
            self.next = Next::Function { function: next.clone(), argument: None };
        }
        let start = byte_index(&self.text, start.unwrap_or(0.0));
        let end = byte_index(&self.text, field("end").and_then(Value::as_f64).unwrap_or(0.0));
        let matched = match field("match") {
            Some(Value::String(text)) => Arc::clone(text),
            _ => self.text.get(start..end).unwrap_or_default().into(),
        };
        let group = |value: &Value| value.as_str().map(Arc::from);
        Ok(Match {
            start,
            end,
            matched,
            groups: groups.unwrap_or_default().iter().map(group).collect(),
            object: object.clone(),
        })
    }

    /// Where a match that says so itself ends, never before `from` and always at a character.
    fn cut(&self, from: usize, to: usize) -> &str {
        self.text.get(from..to).unwrap_or_default()
    }
}

/// The match behind another one; an empty one would never end.
pub(crate) fn continued(
    evaluator: &Evaluator<'_>,
    pattern: &Pattern,
    text: &str,
    from: usize,
) -> Result<Option<Found>, Fault> {
    if from >= text.len() {
        return Ok(None);
    }
    let found = evaluator.find(pattern, text, from)?;
    if found.as_ref().is_some_and(|found| found.start == found.end) {
        return Err(fault("D1004", "Regular expression matches zero length string"));
    }
    Ok(found)
}

/// What a matcher returns: positions count UTF-16 code units.
pub(crate) fn match_object(text: &str, found: &Found, next: Value) -> Value {
    let position = |at: usize| Value::from(i64::try_from(utf16_length(&text[..at])).unwrap_or(i64::MAX));
    let part = |(start, end): (usize, usize)| Value::from(&text[start..end]);
    let groups = found.groups.iter().map(|group| group.map_or(Value::Null, part)).collect();
    let mut object: Object = [
        ("match", part((found.start, found.end))),
        ("start", position(found.start)),
        ("end", position(found.end)),
        ("groups", groups),
    ]
    .into_iter()
    .collect();
    if next.function().is_some() {
        object.insert("next", next);
    }
    Value::from(object)
}

fn utf16_length(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.encode_utf16().count() }
}

/// The byte at which a UTF-16 position stands, moved to the start of its character.
fn byte_index(text: &str, position: f64) -> usize {
    let mut units = 0.0;
    for (at, character) in text.char_indices() {
        units += if character.len_utf16() == 1 { 1.0 } else { 2.0 };
        if units > position {
            return at;
        }
    }
    text.len()
}

/// The limit argument; negative ones are refused.
fn limit(arguments: &Arguments, at: usize, code: &'static str, message: &str) -> Result<f64, Fault> {
    match arguments.number(at)? {
        Some(limit) if limit < 0.0 => Err(fault(code, message)),
        limit => Ok(limit.unwrap_or(f64::INFINITY)),
    }
}

pub(super) fn matches(evaluator: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let Some(text) = arguments.text(0)? else { return Ok(None) };
    let limit =
        limit(arguments, 2, "D3040", "Third argument of match function must evaluate to a positive number")?;
    let needle = arguments.required(1, arguments.function(1)?)?;
    let mut matches = Matches::new(evaluator, needle, &text, "match");
    let mut results = Vec::new();
    while below(results.len(), limit)
        && let Some(found) = matches.next()?
    {
        let index = found.object.get("start").cloned().unwrap_or(Value::Null);
        let groups = found.object.get("groups").cloned().unwrap_or_else(Value::empty_array);
        let fields = [("match", Value::String(found.matched)), ("index", index), ("groups", groups)];
        results.push(Value::from_iter(fields));
    }
    Ok(Some(Value::Array(Array::sequence(results))))
}

fn below(count: usize, limit: f64) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let count = count as f64;
    count < limit
}

pub(super) fn contains(evaluator: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let Some(text) = arguments.text(0)? else { return Ok(None) };
    if let Some(Value::String(part)) = arguments.get(1) {
        return Ok(Some(Value::Bool(text.contains(&**part))));
    }
    let needle = arguments.required(1, arguments.function(1)?)?;
    let found = Matches::new(evaluator, needle, &text, "contains").next()?;
    Ok(Some(Value::Bool(found.is_some())))
}

pub(super) fn split(evaluator: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let Some(text) = arguments.text(0)? else { return Ok(None) };
    let limit =
        limit(arguments, 2, "D3020", "Third argument of split function must evaluate to a positive number")?;
    let parts = if let Some(Value::String(separator)) = arguments.get(1) {
        split_at_text(&text, separator, limit)
    } else {
        let needle = arguments.required(1, arguments.function(1)?)?;
        split_at_matches(Matches::new(evaluator, needle, &text, "split"), limit)?
    };
    evaluator.check_sequence(parts.len())?;
    Ok(Some(Value::from(parts)))
}

fn split_at_text(text: &str, separator: &str, limit: f64) -> Vec<Value> {
    let limit = limit.trunc();
    if separator.is_empty() {
        let characters = text.chars().enumerate().take_while(|(at, _)| below(*at, limit));
        return characters.map(|(_, character)| Value::from(character.to_string())).collect();
    }
    let pieces = text.split(separator).enumerate().take_while(|(at, _)| below(*at, limit));
    pieces.map(|(_, piece)| Value::from(piece)).collect()
}

fn split_at_matches(mut matches: Matches<'_, '_>, limit: f64) -> Result<Vec<Value>, Fault> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut found = if below(0, limit) { matches.next()? } else { None };
    while let Some(one) = found
        && below(parts.len(), limit)
    {
        parts.push(Value::from(matches.cut(start, one.start)));
        start = one.end;
        found = matches.next()?;
    }
    if below(parts.len(), limit) {
        parts.push(Value::from(matches.cut(start, matches.text.len())));
    }
    Ok(parts)
}

pub(super) fn replace(evaluator: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let Some(text) = arguments.text(0)? else { return Ok(None) };
    if arguments.get(1).and_then(Value::as_str) == Some("") {
        return Err(fault("D3010", "Second argument of replace function cannot be an empty string"));
    }
    let limit = limit(
        arguments,
        3,
        "D3011",
        "Fourth argument of replace function must evaluate to a positive number",
    )?;
    let replacement = arguments.required(2, arguments.get(2))?;
    let mut result = String::new();
    let mut position = 0;
    let mut count = 0;
    if let Some(Value::String(pattern)) = arguments.get(1) {
        let Value::String(replacement) = replacement else { return Err(not_a_string()) };
        for (at, _) in text.match_indices(&**pattern).take_while(|_| {
            count += 1;
            below(count - 1, limit)
        }) {
            result.push_str(&text[position..at]);
            result.push_str(replacement);
            evaluator.check_string(result.len())?;
            position = at + pattern.len();
        }
        result.push_str(&text[position..]);
        return Ok(Some(Value::from(result)));
    }
    let needle = arguments.required(1, arguments.function(1)?)?;
    let mut matches = Matches::new(evaluator, needle, &text, "replace");
    while below(count, limit)
        && let Some(found) = matches.next()?
    {
        result.push_str(matches.cut(position, found.start));
        match replacement {
            Value::String(template) => expand(template, &found, &mut result),
            function => match evaluator.invoke(function, vec![Some(found.object)])? {
                Some(Value::String(text)) => result.push_str(&text),
                _ => return Err(not_a_string()),
            },
        }
        evaluator.check_string(result.len())?;
        position = byte_after(&text, found.start, &found.matched);
        count += 1;
    }
    result.push_str(matches.cut(position, text.len()));
    Ok(Some(Value::from(result)))
}

/// The byte behind a match, kept inside the text and at a character.
fn byte_after(text: &str, start: usize, matched: &str) -> usize {
    let end = start.saturating_add(matched.len()).min(text.len());
    (end..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

fn not_a_string() -> Fault {
    fault("D3012", "Attempted to replace a matched string with a non-string value")
}

/// Writes a replacement in which `$0` is the match, `$1` a group and `$$` a dollar sign.
fn expand(template: &str, found: &Match, out: &mut String) {
    let mut rest = template;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(behind) = rest.strip_prefix('$') {
            out.push('$');
            rest = behind;
        } else if let Some(behind) = rest.strip_prefix('0') {
            out.push_str(&found.matched);
            rest = behind;
        } else if let Some((group, digits)) = group_number(rest, found.groups.len()) {
            let text = group.checked_sub(1).and_then(|at| found.groups.get(at)?.as_deref());
            out.push_str(text.unwrap_or_default());
            rest = &rest[digits..];
        } else {
            out.push('$');
        }
    }
    out.push_str(rest);
}

/// The group a template refers to and how many digits say so: as many as the number of groups has, or one less
/// when that would name a group that does not exist.
fn group_number(text: &str, groups: usize) -> Option<(usize, usize)> {
    let most = groups.checked_ilog10().map_or(1, |log| log as usize + 1);
    let available = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let number = |digits: usize| text[..digits].parse::<usize>().ok();
    let mut parsed = number(available)?;
    if most > 1 && parsed > groups {
        parsed = number(available.min(most - 1))?;
    }
    Some((parsed, parsed.to_string().len()))
}
