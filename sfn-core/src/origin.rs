//! A place in the user's Rust source, as a macro or a builder call knows it.
//! Separate because tasks, workflows and every node of the tree carry one and nothing else about source text.

use std::fmt;

/// A place in Rust source: file, line and column, both from 1.
///
/// ```
/// use sfn_core::Origin;
///
/// let origin = Origin::new("src/orders.rs", 12, 5);
/// assert_eq!(origin.to_string(), "src/orders.rs:12:5");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The file's path, as rustc names it: relative to the workspace root or absolute.
    pub file: &'static str,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
}

impl Origin {
    /// A place.
    pub const fn new(file: &'static str, line: u32, column: u32) -> Self {
        Self { file, line, column }
    }

    /// The place of the caller, for builder calls written by hand.
    ///
    /// ```
    /// let origin = sfn_core::Origin::caller();
    /// assert!(origin.line > 0);
    /// ```
    #[track_caller]
    pub fn caller() -> Self {
        let location = std::panic::Location::caller();
        Self { file: location.file(), line: location.line(), column: location.column() }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}:{}", self.file, self.line, self.column)
    }
}

impl From<Origin> for sfn_asl::Origin {
    fn from(origin: Origin) -> Self {
        Self { file: origin.file.into(), line: origin.line, column: origin.column, length: None }
    }
}
