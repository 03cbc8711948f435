//! The functions a Path may call: `length()`, `sum()` and so on.
//! Separate because this is the list; the engine computes them.

use crate::Value;

use super::Path;

/// A function of Paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Function {
    /// The mean of the numbers.
    Avg,
    /// Their standard deviation.
    Stddev,
    /// Their sum.
    Sum,
    /// The smallest.
    Min,
    /// The largest.
    Max,
    /// The strings, joined.
    Concat,
    /// How many elements or fields there are.
    Length,
    /// The array with the arguments behind its elements.
    Append,
    /// The names of the fields.
    Keys,
    /// The first element.
    First,
    /// The last element.
    Last,
    /// The element of that index.
    Index,
}

/// An argument of a Path's function.
#[derive(Debug, Clone, PartialEq)]
pub enum FunctionArgument {
    /// A literal.
    Json(Value),
    /// A Path, applied to the value the whole Path is applied to.
    Path(Path),
}

impl Function {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("append", Self::Append),
        ("avg", Self::Avg),
        ("concat", Self::Concat),
        ("first", Self::First),
        ("index", Self::Index),
        ("keys", Self::Keys),
        ("last", Self::Last),
        ("length", Self::Length),
        ("max", Self::Max),
        ("min", Self::Min),
        ("size", Self::Length),
        ("stddev", Self::Stddev),
        ("sum", Self::Sum),
    ];

    /// The function of that name.
    ///
    /// ```
    /// use sfn_asl::path::Function;
    ///
    /// assert_eq!(Function::named("length"), Some(Function::Length));
    /// assert_eq!(Function::named("count"), None);
    /// ```
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, function)| *function)
    }

    /// The names there are, in alphabetical order.
    ///
    /// ```
    /// assert!(sfn_asl::path::Function::names().any(|name| name == "stddev"));
    /// ```
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::NAMES.iter().map(|(name, _)| *name)
    }

    /// The name.
    ///
    /// ```
    /// assert_eq!(sfn_asl::path::Function::Keys.name(), "keys");
    /// ```
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, function)| *function == self).map_or("", |(name, _)| name)
    }
}
