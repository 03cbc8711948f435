//! A Choice Rule: a test, and where to go when it holds.
//! Separate from the Choice State because tests nest and come in two languages.

use super::Comparator;
use crate::nearest::nearest;
use crate::rules::{conflicting_fields, missing_field};
use crate::wire::{Flat, ObjectReader, ObjectWriter, object};
use crate::{Fields, Value};

/// A Choice Rule: one element of `Choices`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ChoiceRule {
    /// `Comment`: what a person should know.
    pub comment: Option<String>,
    /// What must hold.
    pub test: RuleTest,
    /// `Assign`: the Variables set when the Rule is taken.
    pub assign: Fields,
    /// `Output` (JSONata): the input of the next State, as a template.
    pub output: Option<Value>,
    /// `Next`: the name of the State that follows.
    pub next: String,
    /// Fields the language does not know, and known ones that were written empty.
    pub unknown: Fields,
}

object!(ChoiceRule, "a Choice Rule (an object)", {
    optional "Comment" comment;
    flat test;
    optional "Assign" assign;
    optional "Output" output;
    required "Next" next;
    rest unknown;
});

/// What a Choice Rule tests.
#[derive(Debug, Clone, PartialEq)]
pub enum RuleTest {
    /// `Condition` (JSONata): a JSONata string, or a boolean.
    Condition(Value),
    /// A data test (JSONPath).
    Data(DataTest),
}

impl Default for RuleTest {
    fn default() -> Self {
        Self::Condition(Value::Bool(true))
    }
}

/// A data test (JSONPath).
#[derive(Debug, Clone, PartialEq)]
pub enum DataTest {
    /// `And`: all of them hold.
    And(Vec<NestedTest>),
    /// `Or`: at least one of them holds.
    Or(Vec<NestedTest>),
    /// `Not`: it does not hold.
    Not(Box<NestedTest>),
    /// `Variable` compared with an operand.
    Comparison(Comparison),
}

/// A data test within `And`, `Or` or `Not`: an object of its own.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NestedTest {
    /// `Comment`: what a person should know.
    pub comment: Option<String>,
    /// The test.
    pub test: DataTest,
    /// Fields the language does not know, and known ones that were written empty.
    pub unknown: Fields,
}

object!(NestedTest, "a data test (an object)", {
    optional "Comment" comment;
    flat test;
    rest unknown;
});

/// A comparison: `{"Variable": "$.total", "NumericGreaterThan": 100}`.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// `Variable`: the Path to what is tested.
    pub variable: String,
    /// How it is tested.
    pub comparator: Comparator,
    /// What it is tested against: a literal, or (for the `...Path` comparators) a Path.
    pub operand: Value,
}

impl Default for DataTest {
    fn default() -> Self {
        Self::And(Vec::new())
    }
}

impl Flat for RuleTest {
    fn take(reader: &mut ObjectReader<'_, '_>) -> Self {
        let Some(condition) = reader.optional("Condition") else {
            return Self::Data(Flat::take(reader));
        };
        let other = data_fields(reader).next();
        if let Some(other) = other {
            let message = format!("found both `Condition` and `{other}`");
            let help = "keep `Condition` in JSONata, the data test in JSONPath";
            reader.fault_at(other, conflicting_fields::CODE, message, help);
            reader.skip(other);
        }
        Self::Condition(condition)
    }

    fn put(&self, writer: &mut ObjectWriter) {
        match self {
            Self::Condition(condition) => writer.put("Condition", condition),
            Self::Data(test) => test.put(writer),
        }
    }
}

impl Flat for DataTest {
    fn take(reader: &mut ObjectReader<'_, '_>) -> Self {
        let (first, second) = {
            let mut fields = data_fields(reader);
            (fields.next(), fields.next())
        };
        let Some(first) = first else {
            let message = "there is no test here";
            let help = match misspelt(reader) {
                Some((name, near)) => format!("rename `{name}` to `{near}`"),
                None => "add `Condition` (JSONata), or `And`, `Or`, `Not`, or `Variable` with a comparison"
                    .to_owned(),
            };
            reader.fault(missing_field::CODE, message, help);
            return Self::default();
        };
        if let Some(second) = second {
            let message = format!("found both `{first}` and `{second}`");
            let help = "keep one, or combine them with `And`";
            reader.fault_at(second, conflicting_fields::CODE, message, help);
        }
        let test = match first {
            "And" => Self::And(reader.required("And")),
            "Or" => Self::Or(reader.required("Or")),
            "Not" => Self::Not(Box::new(reader.required("Not"))),
            name => Self::comparison(reader, name),
        };
        if second.is_some() {
            let others: Vec<_> = data_fields(reader).collect();
            for other in others {
                reader.skip(other);
            }
        }
        test
    }

    fn put(&self, writer: &mut ObjectWriter) {
        match self {
            Self::And(tests) => writer.put("And", tests),
            Self::Or(tests) => writer.put("Or", tests),
            Self::Not(test) => writer.put("Not", test.as_ref()),
            Self::Comparison(Comparison { variable, comparator, operand }) => {
                writer.put("Variable", variable);
                writer.put(comparator.as_str(), operand);
            }
        }
    }
}

impl DataTest {
    fn comparison(reader: &mut ObjectReader<'_, '_>, name: &str) -> Self {
        let variable = reader.required("Variable");
        let (Some(comparator), Some(found)) = (Comparator::from_name(name), reader.find(name)) else {
            return Self::default();
        };
        let operand: Value = reader.take(found).unwrap_or_default();
        if !comparator.operand_kind().admits(&operand) && !found.value.is_opaque() {
            reader.wrong_type_at(found.value, comparator.operand_kind().expected());
        }
        Self::Comparison(Comparison { variable, comparator, operand })
    }
}

/// The fields of the object that are tests.
fn data_fields<'v>(reader: &ObjectReader<'v, '_>) -> impl Iterator<Item = &'v str> {
    let is_test =
        |name: &&str| matches!(*name, "And" | "Or" | "Not") || Comparator::from_name(name).is_some();
    reader.names().filter(is_test)
}

/// A field that is nearly a test, and that test.
fn misspelt<'v>(reader: &ObjectReader<'v, '_>) -> Option<(&'v str, &'static str)> {
    let tests = || Comparator::ALL.iter().map(|comparator| comparator.as_str());
    reader
        .names()
        .find_map(|name| Some((name, nearest(name, tests().chain(["And", "Or", "Not", "Condition"]))?)))
}
