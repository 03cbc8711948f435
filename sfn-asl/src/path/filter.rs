//! Filters: `[?(@.price < 10 && @.tags contains 'a')]`.
//! Separate because they are a language within the language.

use crate::Value;
use crate::nearest::nearest;

use super::cursor::{Cursor, MAX_DEPTH};
use super::{Path, PathError, Pattern, literal, parse};

/// What decides whether an element is picked.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// `a || b`.
    Any(Vec<Filter>),
    /// `a && b`.
    All(Vec<Filter>),
    /// `!(a)`.
    Not(Box<Filter>),
    /// `@.a`: the Path finds something.
    Exists(Path),
    /// `!@.a`: it finds nothing.
    Missing(Path),
    /// `@.a < 10`.
    Compare {
        /// What stands left of the operator.
        left: FilterOperand,
        /// The operator.
        operator: Operator,
        /// What stands right of it.
        right: FilterOperand,
    },
}

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub enum FilterOperand {
    /// What a Path finds.
    Path(Path),
    /// A literal.
    Literal(Value),
    /// A regular expression.
    Pattern(Pattern),
}

/// The operators of filters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is named after its text")]
pub enum Operator {
    Equal,
    NotEqual,
    StrictlyEqual,
    StrictlyNotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Like,
    In,
    NotIn,
    Contains,
    All,
    Size,
    Exists,
    Type,
    Matches,
    Empty,
    SubsetOf,
    AnyOf,
    NoneOf,
}

impl Operator {
    const TEXTS: &'static [(&'static str, Self)] = &[
        ("==", Self::Equal),
        ("!=", Self::NotEqual),
        ("===", Self::StrictlyEqual),
        ("!==", Self::StrictlyNotEqual),
        ("<", Self::Less),
        ("<=", Self::LessOrEqual),
        (">", Self::Greater),
        (">=", Self::GreaterOrEqual),
        ("=~", Self::Like),
        ("IN", Self::In),
        ("NIN", Self::NotIn),
        ("CONTAINS", Self::Contains),
        ("ALL", Self::All),
        ("SIZE", Self::Size),
        ("EXISTS", Self::Exists),
        ("TYPE", Self::Type),
        ("MATCHES", Self::Matches),
        ("EMPTY", Self::Empty),
        ("SUBSETOF", Self::SubsetOf),
        ("ANYOF", Self::AnyOf),
        ("NONEOF", Self::NoneOf),
    ];

    /// Whether the right side has to be a list.
    ///
    /// ```
    /// use sfn_asl::path::Operator;
    ///
    /// assert!(Operator::In.wants_list() && !Operator::Contains.wants_list());
    /// ```
    pub fn wants_list(self) -> bool {
        matches!(self, Self::In | Self::NotIn | Self::All | Self::SubsetOf | Self::AnyOf | Self::NoneOf)
    }

    fn named(text: &str) -> Option<Self> {
        let found = Self::TEXTS.iter().find(|(known, _)| known.eq_ignore_ascii_case(text));
        found.map(|(_, operator)| *operator)
    }
}

impl Filter {
    /// Reads what stands between `[?` and `]`.
    pub(super) fn parse(mut cursor: Cursor<'_>) -> Result<Self, PathError> {
        let filter = Reader { start: cursor.at }.any(&mut cursor)?;
        cursor.skip_blanks();
        if cursor.at < cursor.end {
            let (found, span) = cursor.shown();
            return Err(PathError::new(format!("found {found}, expected the end of the filter"), span));
        }
        Ok(filter)
    }

    pub(super) fn each_path<'p>(&'p self, visit: &mut impl FnMut(&'p Path)) {
        match self {
            Self::Any(filters) | Self::All(filters) => {
                for filter in filters {
                    filter.each_path(visit);
                }
            }
            Self::Not(filter) => filter.each_path(visit),
            Self::Exists(path) | Self::Missing(path) => path.each(visit),
            Self::Compare { left, right, .. } => {
                for operand in [left, right] {
                    if let FilterOperand::Path(path) = operand {
                        path.each(visit);
                    }
                }
            }
        }
    }
}

struct Reader {
    /// Where the filter begins, so that looking back stays within it.
    start: usize,
}

/// One side of a comparison, which may turn out to be a test for existence.
struct Side {
    operand: FilterOperand,
    negated: bool,
}

impl Reader {
    fn any(&self, cursor: &mut Cursor<'_>) -> Result<Filter, PathError> {
        let mut filters = vec![self.all(cursor)?];
        while take(cursor, "||") {
            filters.push(self.all(cursor)?);
        }
        Ok(only(filters).unwrap_or_else(Filter::Any))
    }

    fn all(&self, cursor: &mut Cursor<'_>) -> Result<Filter, PathError> {
        let mut filters = vec![self.one(cursor)?];
        while take(cursor, "&&") {
            filters.push(self.one(cursor)?);
        }
        Ok(only(filters).unwrap_or_else(Filter::All))
    }

    fn one(&self, cursor: &mut Cursor<'_>) -> Result<Filter, PathError> {
        cursor.skip_blanks();
        let is_negated_path = matches!(cursor.significant_after(cursor.at), Some((_, b'$' | b'@')))
            && cursor.peek() == Some(b'!');
        match cursor.peek() {
            Some(b'!') if !is_negated_path => {
                cursor.at += 1;
                Ok(Filter::Not(Box::new(self.nested(cursor, Self::one)?)))
            }
            Some(b'(') => {
                cursor.at += 1;
                let filter = self.nested(cursor, Self::any)?;
                cursor.skip_blanks();
                if cursor.peek() != Some(b')') {
                    let (found, span) = cursor.shown();
                    return Err(PathError::new(expected_behind_comparison(cursor, &found), span));
                }
                cursor.at += 1;
                Ok(filter)
            }
            _ => self.comparison(cursor),
        }
    }

    fn nested(
        &self,
        cursor: &mut Cursor<'_>,
        read: impl FnOnce(&Self, &mut Cursor<'_>) -> Result<Filter, PathError>,
    ) -> Result<Filter, PathError> {
        cursor.depth += 1;
        if cursor.depth > MAX_DEPTH {
            let message = format!("found a filter nested more than {MAX_DEPTH} deep");
            return Err(PathError::new(message, cursor.at..cursor.end));
        }
        let filter = read(self, cursor)?;
        cursor.depth -= 1;
        Ok(filter)
    }

    fn comparison(&self, cursor: &mut Cursor<'_>) -> Result<Filter, PathError> {
        let left = self.side(cursor)?;
        let behind = cursor.at;
        // What is no operator is not part of the comparison: the Path before it stands alone.
        if let Some(operator) = operator(cursor) {
            let right = self.side(cursor)?.operand;
            return Ok(Filter::Compare { left: left.operand, operator, right });
        }
        cursor.at = behind;
        match left.operand {
            FilterOperand::Path(path) if left.negated => Ok(Filter::Missing(path)),
            FilterOperand::Path(path) => Ok(Filter::Exists(path)),
            FilterOperand::Literal(_) | FilterOperand::Pattern(_) => {
                let (found, span) = cursor.shown();
                Err(PathError::new(format!("found {found}, expected an operator behind the literal"), span))
            }
        }
    }

    fn side(&self, cursor: &mut Cursor<'_>) -> Result<Side, PathError> {
        cursor.skip_blanks();
        let negated = cursor.peek() == Some(b'!');
        if negated {
            cursor.at += 1;
            cursor.skip_blanks();
        }
        let operand = match cursor.peek() {
            Some(b'$' | b'@') => FilterOperand::Path(self.path(cursor)?),
            _ if negated => {
                let (found, span) = cursor.shown();
                return Err(PathError::new(format!("found {found}, expected a Path behind `!`"), span));
            }
            _ => literal(cursor)?,
        };
        Ok(Side { operand, negated })
    }

    fn path(&self, cursor: &mut Cursor<'_>) -> Result<Path, PathError> {
        let start = cursor.at;
        cursor.at += 1;
        loop {
            // Only the first of several brackets in a row may hold blanks or signs, as in the library.
            if cursor.peek() == Some(b'[') {
                let Some(close) = cursor.closing_bracket(cursor.at, b']', false) else {
                    let message = "found no `]` for this `[`";
                    return Err(PathError::new(message, cursor.at..cursor.at + 1));
                };
                cursor.at = close + 1;
            }
            match cursor.peek() {
                None | Some(b' ') => break,
                Some(byte) if is_operator(byte) => break,
                Some(b')') if !self.ends_call(cursor, start) => break,
                Some(_) => cursor.at += 1,
            }
        }
        let path = parse::inner(cursor.inner(start..cursor.at))?;
        Ok(path)
    }

    /// Whether the `)` at the place ends a call without arguments within the Path begun at `start`.
    fn ends_call(&self, cursor: &Cursor<'_>, start: usize) -> bool {
        let Some((open, b'(')) = cursor.significant_before(self.start) else { return false };
        open > start && cursor.text[start + 1..open].contains('.')
    }
}

fn only(mut filters: Vec<Filter>) -> Result<Filter, Vec<Filter>> {
    match filters.pop() {
        Some(filter) if filters.is_empty() => Ok(filter),
        last => Err(filters.into_iter().chain(last).collect()),
    }
}

fn take(cursor: &mut Cursor<'_>, wanted: &str) -> bool {
    let mut ahead = cursor.clone();
    ahead.skip_blanks();
    let found = cursor.text[ahead.at.min(ahead.end)..ahead.end].starts_with(wanted);
    if found {
        cursor.at = ahead.at + wanted.len();
    }
    found
}

fn is_operator(byte: u8) -> bool {
    matches!(byte, b'<' | b'>' | b'=' | b'~' | b'!')
}

/// The word or the signs at the place.
fn operator_text<'t>(cursor: &mut Cursor<'t>) -> &'t str {
    cursor.skip_blanks();
    let start = cursor.at.min(cursor.end);
    let signs = cursor.peek().is_some_and(is_operator);
    while cursor.peek().is_some_and(|byte| if signs { is_operator(byte) } else { byte != b' ' }) {
        cursor.at += 1;
    }
    &cursor.text[start..cursor.at.max(start)]
}

fn operator(cursor: &mut Cursor<'_>) -> Option<Operator> {
    Operator::named(operator_text(cursor))
}

fn expected_behind_comparison(cursor: &Cursor<'_>, found: &str) -> String {
    let text = operator_text(&mut cursor.clone()).trim_end_matches(')');
    let known = Operator::TEXTS.iter().map(|(known, _)| *known);
    match nearest(text, known).filter(|_| !text.is_empty()) {
        Some(known) => {
            format!(
                "found `{text}`, which is no operator of filters, did you mean `{}`?",
                known.to_lowercase()
            )
        }
        None => format!("found {found}, expected `)`, `&&`, `||` or an operator with a value behind it"),
    }
}

fn literal(cursor: &mut Cursor<'_>) -> Result<FilterOperand, PathError> {
    let start = cursor.at;
    let value = match cursor.peek() {
        Some(quote @ (b'\'' | b'"')) => {
            let Some(close) = cursor.closing_quote(start, quote) else {
                let message = format!("found no closing `{}` for the text", char::from(quote));
                return Err(PathError::new(message, start..cursor.end));
            };
            cursor.at = close + 1;
            Value::from(literal::unescape(&cursor.text[start + 1..close]))
        }
        Some(open @ (b'[' | b'{')) => {
            let close = cursor.closing_bracket(start, if open == b'[' { b']' } else { b'}' }, false);
            let value = close.and_then(|close| literal::json(&cursor.text[start..=close]));
            let (Some(close), Some(value)) = (close, value) else {
                let message = format!("found no JSON value behind `{}`", char::from(open));
                return Err(PathError::new(message, start..start + 1));
            };
            cursor.at = close + 1;
            value
        }
        Some(b'/') => return pattern(cursor).map(FilterOperand::Pattern),
        _ => word(cursor)?,
    };
    Ok(FilterOperand::Literal(value))
}

/// `true`, `false`, `null` or a number.
fn word(cursor: &mut Cursor<'_>) -> Result<Value, PathError> {
    let rest = &cursor.text[cursor.at.min(cursor.end)..cursor.end];
    let words = [("true", Value::from(true)), ("false", Value::from(false)), ("null", Value::Null)];
    for (word, value) in words {
        if rest.starts_with(word) {
            cursor.at += word.len();
            return Ok(value);
        }
    }
    let is_number = |character: char| character.is_ascii_digit() || "-.Ee".contains(character);
    let length = rest.find(|character| !is_number(character)).unwrap_or(rest.len());
    let Some(value) = literal::number(&rest[..length]) else {
        let (found, span) = cursor.shown();
        return Err(PathError::new(format!("found {found}, expected a Path or a literal"), span));
    };
    cursor.at += length;
    Ok(value)
}

fn pattern(cursor: &mut Cursor<'_>) -> Result<Pattern, PathError> {
    let start = cursor.at;
    let Some(close) = cursor.closing_quote(start, b'/') else {
        return Err(PathError::new("found no closing `/` for the pattern", start..cursor.end));
    };
    let rest = &cursor.text[close + 1..cursor.end];
    let flags = rest.find(|flag| !"dixmsuU".contains(flag)).unwrap_or(rest.len());
    cursor.at = close + 1 + flags;
    Pattern::new(&cursor.text[start + 1..close], &rest[..flags]).map_err(|message| {
        PathError::new(format!("found a pattern that cannot be used: {message}"), start..close + 1)
    })
}
