//! Fills arguments into the patterns of the tables. Separate because it is the one place where the patterns' holes mean
//! something.

use super::given::{Arguments, Given};
use super::rule::Pattern;
use crate::placeholders::{Part, Text, parts};
use std::collections::BTreeMap;

/// What patterns are filled from.
#[derive(Debug)]
pub(super) struct Filler<'m, 'p> {
    pub(super) arguments: Arguments<'m>,
    /// The name of the state machine itself.
    pub(super) own: &'p str,
    /// The State's name as a part of a parameter's.
    pub(super) state: &'p str,
    /// Who calls, for people: `Store`.
    pub(super) shown: &'p str,
    /// The definition's placeholders, whose names no parameter may have.
    pub(super) taken: &'p [String],
    /// The parameters that a stage has to give, with what they are.
    pub(super) parameters: &'p mut BTreeMap<String, String>,
}

/// A piece of a pattern.
#[derive(Debug, PartialEq)]
enum Token<'p> {
    Text(&'p str),
    Mark(&'p str),
    Hole { path: &'p str, how: How<'p> },
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum How<'p> {
    Plain,
    /// Anything, where only an execution knows.
    Any,
    Or(&'p str),
    Piece(char, usize),
    Revision,
    /// What the name of a secret is followed by in its ARN.
    Suffix(&'p str),
    /// Without the slash that it may begin with.
    Trimmed,
    /// Anything, without the slash that it may begin with.
    AnyTrimmed,
    /// No name that begins so, which names something else.
    Not(&'p str),
    /// A text that is no resource.
    Value,
    /// A function, behind its account and `function`, which the argument may name itself.
    Function,
}

impl Filler<'_, '_> {
    /// What a pattern stands for: several texts where its argument is a list.
    pub(super) fn fill(&mut self, pattern: &Pattern) -> Vec<Text> {
        let tokens = tokens(pattern.text);
        let is_main = |token: &Token<'_>| matches!(token, Token::Hole { how, .. } if ![How::Any, How::AnyTrimmed].contains(how));
        let Some(main) = tokens.iter().rposition(is_main) else { return vec![self.rest(&tokens)] };
        let Token::Hole { path, how } = tokens[main] else { return Vec::new() };
        let mut texts: Vec<Text> = Vec::new();
        let mut all = self.arguments.at(path);
        // Of a list, only some elements may have it.
        if !matches!(how, How::Or(_)) && all.iter().any(|given| *given != Given::Missing) {
            all.retain(|given| *given != Given::Missing);
        }
        for given in all {
            let begun = self.begun(pattern, &tokens[..=main], (path, how), given);
            let text = join(begun, self.rest(&tokens[main + 1..]));
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        texts
    }

    /// A pattern up to its main hole, which is the last of `tokens`.
    fn begun(
        &mut self,
        pattern: &Pattern,
        tokens: &[Token<'_>],
        (path, how): (&str, How<'_>),
        given: Given,
    ) -> Text {
        let before = &tokens[..tokens.len() - 1];
        let argument = path.rsplit('.').next().unwrap_or(path).trim_end_matches("<>");
        match (given, how) {
            (Given::Constant(parts), How::Piece(..)) => {
                self.pieces(tokens, &parts).unwrap_or_else(|| self.pieces_of_parameter(tokens, argument))
            }
            (_, How::Piece(..)) => self.pieces_of_parameter(tokens, argument),
            (Given::Constant(parts), How::Value) => join(self.rest(before), parts),
            (Given::Computed(beginning), How::Value) if !beginning.is_empty() => {
                join(self.rest(before), anything_like(&beginning))
            }
            (_, How::Value) => {
                let description = format!("`{argument}` of {}.", self.shown);
                let parameter = self.parameter(argument, description);
                join(self.rest(before), vec![Part::Placeholder(parameter)])
            }
            (Given::Constant(parts), How::Revision) => {
                revisions(if is_arn(&parts) { parts } else { join(self.rest(before), parts) })
            }
            (Given::Constant(parts), How::Not(prefix)) if begins(&parts, prefix) => self.arn(pattern),
            (Given::Constant(parts), _) if is_arn(&parts) => parts,
            (Given::Constant(parts), How::Suffix(suffix)) => {
                join(join(self.rest(before), parts), vec![Part::Literal(suffix.to_owned())])
            }
            (Given::Constant(parts), How::Function) => {
                let has_account =
                    |part: &Part| matches!(part, Part::Literal(text) if text.contains(":function:"));
                let account = vec![Part::Account, Part::Literal(":function:".to_owned())];
                let account = if parts.iter().any(has_account) { Vec::new() } else { account };
                join(join(self.rest(before), account), parts)
            }
            (Given::Constant(parts), How::Trimmed) => join(self.rest(before), trimmed(parts)),
            (Given::Constant(parts), _) => join(self.rest(before), parts),
            (Given::Missing, How::Or(default)) => {
                join(self.rest(before), vec![Part::Literal(default.to_owned())])
            }
            (Given::Computed(_) | Given::Unknown | Given::Missing, _) => self.arn(pattern),
        }
    }

    /// A parameter for the ARN of what a pattern stands for.
    fn arn(&mut self, pattern: &Pattern) -> Text {
        let what = spaced(pattern.kind).to_lowercase();
        let description = format!("The ARN of the {what} that {} uses.", self.shown);
        vec![Part::Placeholder(self.parameter(&format!("{}Arn", pattern.kind), description))]
    }

    fn pieces_of_parameter(&mut self, tokens: &[Token<'_>], argument: &str) -> Text {
        let description = format!("`{argument}` of {}.", self.shown);
        let parameter = vec![Part::Placeholder(self.parameter(argument, description))];
        self.pieces(tokens, &parameter).unwrap_or_default()
    }

    /// Tokens in which nothing has to be known.
    fn rest(&mut self, tokens: &[Token<'_>]) -> Text {
        let mut text = Vec::new();
        for token in tokens {
            text = join(
                text,
                match token {
                    Token::Hole { path, how: How::AnyTrimmed } => trimmed(self.anything(path)),
                    Token::Hole { path, .. } => self.anything(path),
                    other => self.plain(other),
                },
            );
        }
        text
    }

    /// A constant as it is; what is computed is anything that begins like it.
    fn anything(&self, path: &str) -> Text {
        match self.arguments.at(path).into_iter().next() {
            // The name at the end of an ARN, where there is one.
            Some(Given::Constant(parts)) => match parts.as_slice() {
                [Part::Literal(arn)] if arn.starts_with("arn:") => {
                    vec![Part::Literal(arn.rsplit(['/', ':']).next().unwrap_or_default().to_owned())]
                }
                _ => parts,
            },
            Some(Given::Computed(beginning)) => anything_like(&beginning),
            _ => vec![Part::Literal("*".to_owned())],
        }
    }

    /// Tokens whose holes are pieces of one argument, if it has them.
    fn pieces(&mut self, tokens: &[Token<'_>], argument: &[Part]) -> Option<Text> {
        let mut text = Vec::new();
        for token in tokens {
            let more = match token {
                Token::Hole { how: How::Piece(separator, at), .. } => piece(argument, *separator, *at)?,
                Token::Hole { path, .. } => self.anything(path),
                other => self.plain(other),
            };
            text = join(text, more);
        }
        Some(text)
    }

    fn plain(&self, token: &Token<'_>) -> Text {
        let literal = |text: &str| Part::Literal(text.to_owned());
        match *token {
            Token::Text(text) => vec![literal(text)],
            Token::Mark("arn") => vec![literal("arn:"), Part::Partition, literal(":")],
            Token::Mark("here") => vec![Part::Region, literal(":"), Part::Account],
            Token::Mark("region") => vec![Part::Region],
            Token::Mark("account") => vec![Part::Account],
            Token::Mark(_) => vec![Part::Machine(self.own.to_owned())],
            Token::Hole { .. } => Vec::new(),
        }
    }

    /// A parameter for what only the stage knows.
    fn parameter(&mut self, what: &str, description: String) -> String {
        let first = format!("{}{what}", self.state);
        let mut name = first.clone();
        let mut number = 1;
        // The names of two States may have the same letters.
        while self.taken.contains(&name)
            || self.parameters.get(&name).is_some_and(|known| *known != description)
        {
            number += 1;
            name = format!("{first}{number}");
        }
        self.parameters.insert(name.clone(), description);
        name
    }
}

/// A pattern, taken apart. One that begins with the name of a service is an ARN.
fn tokens(pattern: &str) -> Vec<Token<'_>> {
    let is_short = pattern.contains(':') && !pattern.starts_with('{');
    let mut tokens = Vec::from_iter(is_short.then_some(Token::Mark("arn")));
    let mut rest = pattern;
    while !rest.is_empty() {
        // A pair of braces within a hole goes through the keys of an object.
        let hole = rest
            .strip_prefix('{')
            .map(|inner| (inner, inner.find("{}}").map_or_else(|| inner.find('}'), |at| Some(at + 2))));
        if let Some((inner, Some(end))) = hole {
            tokens.push(hole_of(&inner[..end]));
            rest = &inner[end + 1..];
        } else if let Some((mark, behind)) = rest.strip_prefix('<').and_then(|inner| inner.split_once('>')) {
            tokens.push(Token::Mark(mark));
            rest = behind;
        } else {
            let end = rest[1..].find(['{', '<']).map_or(rest.len(), |at| at + 1);
            tokens.push(Token::Text(&rest[..end]));
            rest = &rest[end..];
        }
    }
    tokens
}

fn hole_of(text: &str) -> Token<'_> {
    let (path, how) = text.split_once('|').unwrap_or((text, ""));
    let how = match how.split(' ').collect::<Vec<_>>()[..] {
        ["any"] => How::Any,
        ["or", default] => How::Or(default),
        ["part", separator, at] => {
            How::Piece(separator.chars().next().unwrap_or('/'), at.parse().unwrap_or_default())
        }
        ["revision"] => How::Revision,
        ["suffix", suffix] => How::Suffix(suffix),
        ["trimmed"] => How::Trimmed,
        ["any", "trimmed"] => How::AnyTrimmed,
        ["not", prefix] => How::Not(prefix),
        ["value"] => How::Value,
        ["function"] => How::Function,
        _ => How::Plain,
    };
    Token::Hole { path, how }
}

/// Whatever begins so; the beginning may have placeholders.
fn anything_like(beginning: &str) -> Text {
    join(parts(beginning), vec![Part::Literal("*".to_owned())])
}

/// Two texts as one, in which no two literals are neighbours.
fn join(mut text: Text, more: Text) -> Text {
    for part in more {
        match (text.last_mut(), part) {
            (Some(Part::Literal(last)), Part::Literal(more)) => *last += &more,
            (_, Part::Literal(nothing)) if nothing.is_empty() => {}
            (_, part) => text.push(part),
        }
    }
    text
}

/// Whether a text is an ARN: one that is written out, or what is called one.
fn is_arn(parts: &[Part]) -> bool {
    match parts {
        [Part::Placeholder(only)] => only.ends_with("Arn"),
        [Part::Literal(first), ..] => first.starts_with("arn:"),
        _ => false,
    }
}

/// Whether a text is only what something begins with.
pub(super) fn is_beginning(text: &[Part]) -> bool {
    matches!(text.last(), Some(Part::Literal(last)) if last.ends_with('*'))
}

/// Whether a text, or the resource that an ARN names, begins with one of some beginnings, between commas.
pub(super) fn begins(parts: &[Part], beginnings: &str) -> bool {
    let resource = if is_arn(parts) { piece(parts, ':', 5) } else { None };
    let Some(Part::Literal(first)) = resource.as_deref().unwrap_or(parts).first() else { return false };
    beginnings.split(',').any(|beginning| first.starts_with(beginning))
}

fn trimmed(mut parts: Text) -> Text {
    if let Some(Part::Literal(first)) = parts.first_mut() {
        *first = first.trim_start_matches('/').to_owned();
    }
    parts
}

/// An ARN or all of its revisions, where it names none.
fn revisions(text: Text) -> Text {
    let has_revision = match text.as_slice() {
        // A placeholder that stands for all of it names one.
        [Part::Placeholder(_)] => true,
        [.., Part::Literal(last)] => last
            .rsplit_once(':')
            .is_some_and(|(_, end)| !end.is_empty() && end.bytes().all(|byte| byte.is_ascii_digit())),
        _ => false,
    };
    if has_revision { text } else { join(text, vec![Part::Literal(":*".to_owned())]) }
}

/// A piece of a text between separators, if it has so many.
fn piece(text: &[Part], separator: char, at: usize) -> Option<Text> {
    if let [Part::Placeholder(only)] = text {
        return Some(vec![Part::Piece(only.clone(), separator, at)]);
    }
    let mut pieces: Vec<Text> = vec![Vec::new()];
    for part in text {
        let Part::Literal(literal) = part else {
            pieces.last_mut().into_iter().for_each(|last| last.push(part.clone()));
            continue;
        };
        for (index, piece) in literal.split(separator).enumerate() {
            if index > 0 {
                pieces.push(Vec::new());
            }
            if let Some(last) = pieces.last_mut().filter(|_| !piece.is_empty()) {
                last.push(Part::Literal(piece.to_owned()));
            }
        }
    }
    pieces.into_iter().nth(at).filter(|piece| !piece.is_empty())
}

/// `JobQueue` as people say it: `Job queue`.
fn spaced(kind: &str) -> String {
    let mut words = String::new();
    for character in kind.chars() {
        if character.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(character);
    }
    words
}
