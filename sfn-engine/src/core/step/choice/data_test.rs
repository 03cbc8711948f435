//! Data tests: how JSONPath's Choice Rules compare values, with the service's rules about types.
//! Separate from the Choice State because a test is compiled at load and is a small language of its own.

use std::cmp::Ordering;

use sfn_asl::{Comparator, OperandKind, Value};

use crate::query::jsonpath::Path;
use crate::query::{QueryFault, Scope};
use crate::timestamp;

/// A data test, compiled.
#[derive(Debug)]
pub(in crate::core) enum DataTest {
    And(Vec<DataTest>),
    Or(Vec<DataTest>),
    Not(Box<DataTest>),
    Comparison { variable: Path, check: Check },
}

/// What a `Variable` is held against.
#[derive(Debug)]
pub(in crate::core) enum Check {
    /// `IsPresent`.
    Present(bool),
    /// `IsNull`, `IsString` and so on.
    Is(Class, bool),
    /// `StringMatches`: the texts between its `*`.
    Matches(Vec<String>),
    Compare(Class, Relation, Comparand),
}

/// The kinds of values that tests tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::core) enum Class {
    Null,
    Boolean,
    Number,
    String,
    Timestamp,
}

/// How two values of one class must stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::core) enum Relation {
    Equals,
    LessThan,
    GreaterThan,
    LessThanEquals,
    GreaterThanEquals,
}

/// What is compared with.
#[derive(Debug)]
pub(in crate::core) enum Comparand {
    Literal(Value),
    Path(Path),
}

impl DataTest {
    pub(in crate::core) fn holds(&self, scope: &Scope) -> Result<bool, QueryFault> {
        match self {
            Self::And(tests) => {
                for test in tests {
                    if !test.holds(scope)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Self::Or(tests) => {
                for test in tests {
                    if test.holds(scope)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Self::Not(test) => Ok(!test.holds(scope)?),
            Self::Comparison { variable, check: Check::Present(expected) } => {
                Ok(variable.is_present(scope) == *expected)
            }
            Self::Comparison { variable, check } => check.holds(&find(variable, scope)?, scope),
        }
    }

    pub(in crate::core) fn reads_context(&self) -> bool {
        match self {
            Self::And(tests) | Self::Or(tests) => tests.iter().any(Self::reads_context),
            Self::Not(test) => test.reads_context(),
            Self::Comparison { variable, check } => {
                let comparand = match check {
                    Check::Compare(_, _, Comparand::Path(path)) => path.reads_context(),
                    _ => false,
                };
                comparand || variable.reads_context()
            }
        }
    }
}

/// A test cannot look at what is not there.
fn find(path: &Path, scope: &Scope) -> Result<Value, QueryFault> {
    path.evaluate(scope).map_err(|_| {
        let message = format!(
            "Invalid path '{}': The choice state's condition path references an invalid value.",
            path.source()
        );
        QueryFault::runtime(message)
    })
}

impl Check {
    /// The check that a comparator and its operand stand for; the operand of a `...Path` comparator is compiled by
    /// `path`.
    pub(in crate::core) fn new<E>(
        comparator: Comparator,
        operand: &Value,
        path: impl FnOnce(&str) -> Result<Path, E>,
    ) -> Result<Self, E> {
        use Comparator as C;
        let flag = operand.as_bool().unwrap_or_default();
        let (class, relation) = match comparator {
            C::IsPresent => return Ok(Self::Present(flag)),
            C::IsNull => return Ok(Self::Is(Class::Null, flag)),
            C::IsNumeric => return Ok(Self::Is(Class::Number, flag)),
            C::IsString => return Ok(Self::Is(Class::String, flag)),
            C::IsBoolean => return Ok(Self::Is(Class::Boolean, flag)),
            C::IsTimestamp => return Ok(Self::Is(Class::Timestamp, flag)),
            C::StringMatches => return Ok(Self::Matches(pieces(operand.as_str().unwrap_or_default()))),
            C::BooleanEquals | C::BooleanEqualsPath => (Class::Boolean, Relation::Equals),
            C::StringEquals | C::StringEqualsPath => (Class::String, Relation::Equals),
            C::StringLessThan | C::StringLessThanPath => (Class::String, Relation::LessThan),
            C::StringGreaterThan | C::StringGreaterThanPath => (Class::String, Relation::GreaterThan),
            C::StringLessThanEquals | C::StringLessThanEqualsPath => {
                (Class::String, Relation::LessThanEquals)
            }
            C::StringGreaterThanEquals | C::StringGreaterThanEqualsPath => {
                (Class::String, Relation::GreaterThanEquals)
            }
            C::NumericEquals | C::NumericEqualsPath => (Class::Number, Relation::Equals),
            C::NumericLessThan | C::NumericLessThanPath => (Class::Number, Relation::LessThan),
            C::NumericGreaterThan | C::NumericGreaterThanPath => (Class::Number, Relation::GreaterThan),
            C::NumericLessThanEquals | C::NumericLessThanEqualsPath => {
                (Class::Number, Relation::LessThanEquals)
            }
            C::NumericGreaterThanEquals | C::NumericGreaterThanEqualsPath => {
                (Class::Number, Relation::GreaterThanEquals)
            }
            C::TimestampEquals | C::TimestampEqualsPath => (Class::Timestamp, Relation::Equals),
            C::TimestampLessThan | C::TimestampLessThanPath => (Class::Timestamp, Relation::LessThan),
            C::TimestampGreaterThan | C::TimestampGreaterThanPath => {
                (Class::Timestamp, Relation::GreaterThan)
            }
            C::TimestampLessThanEquals | C::TimestampLessThanEqualsPath => {
                (Class::Timestamp, Relation::LessThanEquals)
            }
            C::TimestampGreaterThanEquals | C::TimestampGreaterThanEqualsPath => {
                (Class::Timestamp, Relation::GreaterThanEquals)
            }
        };
        let comparand = match (comparator.operand_kind(), operand.as_str()) {
            (OperandKind::Path, Some(text)) => Comparand::Path(path(text)?),
            _ => Comparand::Literal(operand.clone()),
        };
        Ok(Self::Compare(class, relation, comparand))
    }

    fn holds(&self, value: &Value, scope: &Scope) -> Result<bool, QueryFault> {
        Ok(match self {
            Self::Present(expected) => *expected,
            Self::Is(class, expected) => class.includes(value) == *expected,
            Self::Matches(pieces) => value.as_str().is_some_and(|text| matches(pieces, text)),
            Self::Compare(class, relation, Comparand::Literal(operand)) => {
                class.compare(value, operand).is_some_and(|order| relation.holds(order))
            }
            Self::Compare(class, relation, Comparand::Path(path)) => {
                class.compare(value, &find(path, scope)?).is_some_and(|order| relation.holds(order))
            }
        })
    }
}

impl Class {
    fn includes(self, value: &Value) -> bool {
        match self {
            Self::Null => value.is_null(),
            Self::Boolean => value.as_bool().is_some(),
            Self::Number => value.as_f64().is_some(),
            Self::String => value.as_str().is_some(),
            Self::Timestamp => value.as_str().is_some_and(|text| timestamp::instant(text).is_some()),
        }
    }

    /// How two values of this class stand to each other; values of other classes do not compare at all.
    fn compare(self, left: &Value, right: &Value) -> Option<Ordering> {
        match self {
            Self::Null => None,
            Self::Boolean => Some(left.as_bool()?.cmp(&right.as_bool()?)),
            Self::Number => left.as_f64()?.partial_cmp(&right.as_f64()?),
            // The service compares as Java does, by UTF-16 code units.
            Self::String => Some(left.as_str()?.encode_utf16().cmp(right.as_str()?.encode_utf16())),
            Self::Timestamp => {
                Some(timestamp::instant(left.as_str()?)?.cmp(&timestamp::instant(right.as_str()?)?))
            }
        }
    }
}

impl Relation {
    fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equals => order.is_eq(),
            Self::LessThan => order.is_lt(),
            Self::GreaterThan => order.is_gt(),
            Self::LessThanEquals => order.is_le(),
            Self::GreaterThanEquals => order.is_ge(),
        }
    }
}

/// The texts between the `*` of a pattern; a backslash takes its meaning from the character behind it.
fn pieces(pattern: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        match character {
            '*' => pieces.push(String::new()),
            '\\' => {
                let meant = characters.next().unwrap_or('\\');
                pieces.last_mut().expect("there is always a last piece").push(meant);
            }
            other => pieces.last_mut().expect("there is always a last piece").push(other),
        }
    }
    pieces
}

/// Whether a text is made of the pieces, in order, with anything in between.
fn matches(pieces: &[String], text: &str) -> bool {
    let Some((first, rest)) = pieces.split_first() else { return false };
    let Some((last, middle)) = rest.split_last() else { return text == first };
    let Some(mut text) = text.strip_prefix(first.as_str()) else { return false };
    for piece in middle {
        let Some(at) = text.find(piece.as_str()) else { return false };
        text = &text[at + piece.len()..];
    }
    text.ends_with(last.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_texts() {
        for (pattern, text, expected) in [
            ("log-*.txt", "log-1.txt", true),
            ("log-*.txt", "log-.txt", true),
            ("log-*.txt", "log-1.txt.gz", false),
            ("*.txt", ".txt", true),
            ("a*b*c", "aXbYbZc", true),
            ("a*b*c", "acb", false),
            ("ab*bc", "abc", false),
            ("*", "", true),
            ("", "", true),
            ("", "a", false),
            (r"a\*b", "a*b", true),
            (r"a\*b", "axb", false),
            (r"a\\*", r"a\x", true),
        ] {
            assert_eq!(matches(&pieces(pattern), text), expected, "`{pattern}` against `{text}`");
        }
    }

    #[test]
    fn values_of_another_class_satisfy_no_comparison() {
        let text = Value::from("2012-10-09T19:00:55+01:00");
        assert!(Class::Timestamp.includes(&text));
        assert!(!Class::Timestamp.includes(&Value::from("2012-10-09T19:00:55")));
        assert_eq!(Class::Number.compare(&Value::from("1"), &Value::from(1)), None);
        assert_eq!(Class::Boolean.compare(&Value::Null, &Value::from(false)), None);
        let zulu = Value::from("2012-10-09T18:00:55.000Z");
        assert_eq!(Class::Timestamp.compare(&text, &zulu), Some(Ordering::Equal));
    }
}
