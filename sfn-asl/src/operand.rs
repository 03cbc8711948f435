//! Fields that come in several spellings: a literal, a JSONata string, a `...Path` twin, or an explicit null.
//! Separate because a dozen fields of the language share these two patterns.

use crate::Value;
use crate::rules::conflicting_fields;
use crate::wire::{Field, ObjectReader, ObjectWriter, Wire};

/// A field that is written as a literal, as a JSONata string, or under its `...Path` name as a Path.
///
/// `"TimeoutSeconds": 30` is a literal, `"TimeoutSeconds": "{% $limit %}"` an expression and
/// `"TimeoutSecondsPath": "$.limit"` a Path. Which of them the State's Query Language admits is for
/// [`validate`](crate::validate) to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operand<T> {
    /// The value itself.
    Literal(T),
    /// A JSONata string, with its `{%` and `%}`.
    Expression(String),
    /// A Reference Path (or, where the language allows it, an Intrinsic Function), from the field's `...Path` twin.
    Path(String),
}

impl<T> Operand<T> {
    /// The literal value, if it is one.
    ///
    /// ```
    /// use sfn_asl::Operand;
    ///
    /// assert_eq!(Operand::Literal(30).literal(), Some(&30));
    /// assert_eq!(Operand::<i64>::Path("$.limit".to_owned()).literal(), None);
    /// ```
    pub fn literal(&self) -> Option<&T> {
        match self {
            Self::Literal(value) => Some(value),
            Self::Expression(_) | Self::Path(_) => None,
        }
    }
}

/// A field in which `null` means something else than the field's absence.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Nullable<T> {
    /// The field is not there: its default applies.
    #[default]
    Absent,
    /// The field is `null`: for a Path, "nothing" (`ResultPath: null` discards the result).
    Null,
    /// The field has a value.
    Value(T),
}

impl<T> Nullable<T> {
    /// The value, if there is one.
    ///
    /// ```
    /// use sfn_asl::Nullable;
    ///
    /// assert_eq!(Nullable::Value("$.result").value(), Some(&"$.result"));
    /// assert_eq!(Nullable::<String>::Null.value(), None);
    /// ```
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// Whether the field is there, be it `null` or a value.
    ///
    /// ```
    /// use sfn_asl::Nullable;
    ///
    /// assert!(Nullable::<String>::Null.is_present());
    /// assert!(!Nullable::<String>::Absent.is_present());
    /// ```
    pub fn is_present(&self) -> bool {
        !matches!(self, Self::Absent)
    }
}

/// Whether a string is a JSONata string: it begins with `{%` and ends with `%}`.
///
/// Blanks inside the delimiters do not matter, blanks outside make it an ordinary string.
///
/// ```
/// assert!(sfn_asl::is_jsonata_string("{% $states.input %}"));
/// assert!(!sfn_asl::is_jsonata_string("hello {% $name %}"));
/// ```
pub fn is_jsonata_string(text: &str) -> bool {
    text.len() >= 4 && text.starts_with("{%") && text.ends_with("%}")
}

impl<T: Wire> Field for Option<Operand<T>> {
    fn take(reader: &mut ObjectReader<'_, '_>, name: &'static str) -> Self {
        let twin = reader.twin(name);
        let path = twin.and_then(|twin| reader.optional::<String>(twin)).map(Operand::Path);
        let direct = reader.find(name).and_then(|found| match found.value.as_str() {
            Some(text) if is_jsonata_string(text) => reader.take(found).map(Operand::Expression),
            _ => reader.take(found).map(Operand::Literal),
        });
        if let (Some(twin), true, true) = (twin, path.is_some(), direct.is_some()) {
            let message = format!("found both `{name}` and `{twin}`");
            reader.fault_at(twin, conflicting_fields::CODE, message, "keep one of them");
        }
        direct.or(path)
    }

    fn put(&self, writer: &mut ObjectWriter, name: &'static str) {
        match self {
            None => {}
            Some(Operand::Literal(value)) => writer.put(name, value),
            Some(Operand::Expression(text)) => writer.put(name, text),
            Some(Operand::Path(path)) => writer.put(&format!("{name}Path"), path),
        }
    }
}

impl<T: Wire> Field for Nullable<T> {
    fn take(reader: &mut ObjectReader<'_, '_>, name: &'static str) -> Self {
        let Some(found) = reader.find(name) else { return Self::Absent };
        if found.value.is_null() {
            reader.leave_out(found);
            return Self::Null;
        }
        reader.take(found).map_or(Self::Absent, Self::Value)
    }

    fn put(&self, writer: &mut ObjectWriter, name: &'static str) {
        match self {
            Self::Absent => {}
            Self::Null => writer.put(name, &Value::Null),
            Self::Value(value) => writer.put(name, value),
        }
    }
}
