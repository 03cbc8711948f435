//! The 39 comparators of data tests, and what each compares with.
//! Separate because it is a table.

use crate::Value;

/// What the operand of a [`Comparator`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperandKind {
    /// A string.
    String,
    /// A number.
    Number,
    /// A boolean.
    Boolean,
    /// An RFC 3339 timestamp, as a string.
    Timestamp,
    /// A Path to the operand, as a string.
    Path,
}

impl OperandKind {
    pub(crate) fn admits(self, operand: &Value) -> bool {
        match self {
            Self::String | Self::Timestamp | Self::Path => operand.as_str().is_some(),
            Self::Number => operand.as_f64().is_some(),
            Self::Boolean => operand.as_bool().is_some(),
        }
    }

    pub(crate) const fn expected(self) -> &'static str {
        match self {
            Self::String => "a string",
            Self::Number => "a number",
            Self::Boolean => "`true` or `false`",
            Self::Timestamp => "a timestamp (a string)",
            Self::Path => "a Path (a string)",
        }
    }
}

macro_rules! comparators {
    ($($(#[$doc:meta])+ $name:ident: $kind:ident,)+) => {
        /// How a data test compares.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Comparator {
            $($(#[$doc])+ $name,)+
        }

        impl Comparator {
            /// All of them, in the specification's order.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The name of the field: `NumericGreaterThanEqualsPath`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),+ }
            }

            /// The comparator of that name.
            ///
            /// ```
            /// use sfn_asl::Comparator;
            ///
            /// assert_eq!(Comparator::from_name("IsNull"), Some(Comparator::IsNull));
            /// assert_eq!(Comparator::from_name("isNull"), None);
            /// assert_eq!(Comparator::ALL.len(), 39);
            /// ```
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $(stringify!($name) => Some(Self::$name),)+
                    _ => None,
                }
            }

            /// What it compares with.
            pub const fn operand_kind(self) -> OperandKind {
                match self { $(Self::$name => OperandKind::$kind),+ }
            }
        }
    };
}

comparators! {
    /// A string equal to the operand.
    StringEquals: String,
    /// A string equal to the operand found at a Path.
    StringEqualsPath: Path,
    /// A string less than the operand.
    StringLessThan: String,
    /// A string less than the operand found at a Path.
    StringLessThanPath: Path,
    /// A string greater than the operand.
    StringGreaterThan: String,
    /// A string greater than the operand found at a Path.
    StringGreaterThanPath: Path,
    /// A string less than or equal to the operand.
    StringLessThanEquals: String,
    /// A string less than or equal to the operand found at a Path.
    StringLessThanEqualsPath: Path,
    /// A string greater than or equal to the operand.
    StringGreaterThanEquals: String,
    /// A string greater than or equal to the operand found at a Path.
    StringGreaterThanEqualsPath: Path,
    /// A string that fits a pattern with `*` wildcards.
    StringMatches: String,
    /// A number equal to the operand.
    NumericEquals: Number,
    /// A number equal to the operand found at a Path.
    NumericEqualsPath: Path,
    /// A number less than the operand.
    NumericLessThan: Number,
    /// A number less than the operand found at a Path.
    NumericLessThanPath: Path,
    /// A number greater than the operand.
    NumericGreaterThan: Number,
    /// A number greater than the operand found at a Path.
    NumericGreaterThanPath: Path,
    /// A number less than or equal to the operand.
    NumericLessThanEquals: Number,
    /// A number less than or equal to the operand found at a Path.
    NumericLessThanEqualsPath: Path,
    /// A number greater than or equal to the operand.
    NumericGreaterThanEquals: Number,
    /// A number greater than or equal to the operand found at a Path.
    NumericGreaterThanEqualsPath: Path,
    /// A timestamp equal to the operand.
    TimestampEquals: Timestamp,
    /// A timestamp equal to the operand found at a Path.
    TimestampEqualsPath: Path,
    /// A timestamp less than the operand.
    TimestampLessThan: Timestamp,
    /// A timestamp less than the operand found at a Path.
    TimestampLessThanPath: Path,
    /// A timestamp greater than the operand.
    TimestampGreaterThan: Timestamp,
    /// A timestamp greater than the operand found at a Path.
    TimestampGreaterThanPath: Path,
    /// A timestamp less than or equal to the operand.
    TimestampLessThanEquals: Timestamp,
    /// A timestamp less than or equal to the operand found at a Path.
    TimestampLessThanEqualsPath: Path,
    /// A timestamp greater than or equal to the operand.
    TimestampGreaterThanEquals: Timestamp,
    /// A timestamp greater than or equal to the operand found at a Path.
    TimestampGreaterThanEqualsPath: Path,
    /// A boolean equal to the operand.
    BooleanEquals: Boolean,
    /// A boolean equal to the operand found at a Path.
    BooleanEqualsPath: Path,
    /// Null, or not.
    IsNull: Boolean,
    /// There, or not.
    IsPresent: Boolean,
    /// A number, or not.
    IsNumeric: Boolean,
    /// A string, or not.
    IsString: Boolean,
    /// A boolean, or not.
    IsBoolean: Boolean,
    /// A timestamp, or not.
    IsTimestamp: Boolean,
}
