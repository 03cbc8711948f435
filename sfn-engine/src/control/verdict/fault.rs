//! A diagnostic beside the document it is about: what is there, where the service would say it is, and in which order.
//! Separate from the rulings, which only choose codes and words.

use sfn_asl::{Diagnostic, Severity, Value};

use super::{At, Finding, Phase, Rank, in_our_words, ruling};

/// A diagnostic with the document it is about.
pub(super) struct Fault<'d> {
    pub(super) diagnostic: &'d Diagnostic,
    pub(super) document: Option<&'d Value>,
    pub(super) text: &'d str,
}

impl<'d> Fault<'d> {
    /// The finding, together with the other required fields that are missing in the same place.
    pub(super) fn finding<'o>(&self, beside: impl Iterator<Item = &'o Diagnostic>) -> (Rank, Finding) {
        let ruling = ruling(self).filter(|_| self.diagnostic.severity == Severity::Error);
        let Some(ruling) = ruling else {
            let code = self.diagnostic.code.as_str().to_ascii_uppercase().replace('-', "_");
            let location = Some(self.location(At::Itself)).flatten();
            let message = in_our_words(self);
            let rank = Rank { phase: Phase::Advice, position: self.position() };
            return (rank, Finding { code, is_refused: false, location, message });
        };
        let fields: Vec<String> = beside.flat_map(|it| quoted(&it.message)).collect();
        let message = if fields.is_empty() {
            (ruling.words)(self)
        } else {
            format!("These fields are required: [{}]", in_the_services_order(fields).join(", "))
        };
        let rank = Rank { phase: ruling.phase, position: self.position() };
        let location = self.location(ruling.at);
        (rank, Finding { code: ruling.code.to_owned(), is_refused: true, location, message })
    }

    /// Whether the other diagnostic says of the same object that a required field is missing, as this one does.
    pub(super) fn is_missing_field_beside(&self, other: &Diagnostic) -> bool {
        let is_missing =
            |it: &Diagnostic| it.code.as_str() == "missing-field" && quoted(&it.message).len() == 1;
        is_missing(self.diagnostic) && is_missing(other) && self.diagnostic.place == other.place
    }

    pub(super) fn pointer(&self) -> &str {
        self.diagnostic.pointer().map_or("", |pointer| pointer.as_str())
    }

    pub(super) fn tokens(&self) -> Vec<String> {
        self.diagnostic.pointer().map(|pointer| pointer.tokens().collect()).unwrap_or_default()
    }

    /// The last key on the way to it.
    pub(super) fn last(&self) -> String {
        self.tokens().pop().unwrap_or_default()
    }

    pub(super) fn value(&self) -> Option<&'d Value> {
        self.tokens().iter().try_fold(self.document?, |value, token| match value {
            Value::Array(items) => items.get(token.parse::<usize>().ok()?),
            Value::Object(fields) => fields.get(token),
            _ => None,
        })
    }

    /// The value as a text, strings without their quotes.
    pub(super) fn value_text(&self) -> String {
        match self.value() {
            Some(Value::String(text)) => text.to_string(),
            Some(value) => value.to_string(),
            None => String::new(),
        }
    }

    /// Elements of arrays are numbered in brackets.
    pub(super) fn location(&self, at: At) -> Option<String> {
        let mut tokens = self.tokens();
        match at {
            At::Itself => {}
            At::Owner => drop(tokens.pop()),
            At::Nowhere => return None,
        }
        if tokens.is_empty() {
            return Some("/".to_owned());
        }
        let mut value = self.document;
        let step = |token: &String| match value {
            Some(Value::Array(items)) => {
                value = token.parse::<usize>().ok().and_then(|index| items.get(index));
                format!("[{token}]")
            }
            other => {
                value = other.and_then(|fields| fields.get(token));
                format!("/{token}")
            }
        };
        Some(tokens.iter().map(step).collect())
    }

    pub(super) fn position(&self) -> Vec<usize> {
        let mut value = self.document;
        let step = |token: &String| {
            let (position, inner) = match value? {
                Value::Array(items) => {
                    let index = token.parse::<usize>().ok()?;
                    (index, items.get(index))
                }
                Value::Object(fields) => (fields.keys().position(|key| key == token)?, fields.get(token)),
                _ => return None,
            };
            value = inner;
            Some(position)
        };
        self.tokens().iter().map_while(step).collect()
    }

    pub(super) fn quoted(&self) -> Vec<String> {
        quoted(&self.diagnostic.message)
    }
}

/// What stands between backticks.
fn quoted(message: &str) -> Vec<String> {
    message.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

pub(super) fn capitalised(message: &str) -> String {
    let mut letters = message.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Names in the order in which the service lists them: that of a Java hash set of at most sixteen places.
pub(super) fn in_the_services_order(mut names: Vec<String>) -> Vec<String> {
    let place = |name: &String| {
        let hash =
            name.encode_utf16().fold(0_u32, |hash, unit| hash.wrapping_mul(31).wrapping_add(unit.into()));
        (hash ^ (hash >> 16)) & 15
    };
    names.sort_by_key(place);
    names
}
