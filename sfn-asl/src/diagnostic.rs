//! What is wrong with a definition, as data.
//! Separate because everybody who judges (reading, the rules, the compiler's lowering) says it in this form and
//! nobody here prints it.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use crate::{Pointer, Value};

/// The kebab-case name of a fault, such as `unreachable-state`.
///
/// The codes of this crate are listed, each with its explanation, by [`rules`](crate::rules); other crates name
/// faults of their own with [`Code::new`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(&'static str);

impl Code {
    /// A code of the given name.
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// The name.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

/// How bad a fault is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// It works, and there is a better way.
    Advice,
    /// It is accepted and may fail or surprise.
    Warning,
    /// The service refuses the definition, or an execution fails for sure.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Advice => "advice",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// A place in Rust source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The file's path, as rustc names it.
    pub file: Cow<'static, str>,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
    /// How many characters of that line are meant, where that is known.
    pub length: Option<u32>,
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// Where a fault is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Place {
    /// In the definition.
    Definition {
        /// The value.
        pointer: Pointer,
        /// The bytes meant within the string at that pointer (after its JSON escapes are resolved), where they are
        /// fewer than the whole: a token of a JSONata expression.
        span: Option<Range<usize>>,
    },
    /// The name of a field of the definition, whatever its value.
    Name(Pointer),
    /// In the Rust source the definition comes from.
    Rust(Origin),
}

impl From<Pointer> for Place {
    fn from(pointer: Pointer) -> Self {
        Self::Definition { pointer, span: None }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Definition { pointer, .. } if pointer.as_str().is_empty() => formatter.write_str("/"),
            Self::Definition { pointer, .. } | Self::Name(pointer) => pointer.fmt(formatter),
            Self::Rust(origin) => origin.fmt(formatter),
        }
    }
}

/// One fault: what it is, where, and what to do.
///
/// Its Display is one line, for logs and tests: `error[missing-target] /StartAt: there is no State ...`.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// The name of the fault.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// Where it is.
    pub place: Place,
    /// What was found and what was expected: lower case, no full stop, the user's words in backticks.
    pub message: String,
    /// What to do, as an imperative.
    pub help: Option<String>,
    /// Further places that belong to the fault, each with what it has to do with it.
    pub notes: Vec<Note>,
    /// Changes of the document that mend the fault and change nothing else, made one after the other; empty where
    /// only the author can say what was meant.
    pub fix: Vec<Edit>,
}

/// One change of a document.
///
/// ```
/// use sfn_asl::{Edit, Pointer, Value};
///
/// let state = Pointer::root().join("States").join("Pay");
/// let edit = Edit::Insert { pointer: state.join("End"), value: Value::from(true) };
/// assert_eq!(edit.pointer().as_str(), "/States/Pay/End");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// Adds a field, behind the others of its object, or an element, before the one at its index.
    Insert {
        /// The place of the new value.
        pointer: Pointer,
        /// The new value.
        value: Value,
    },
    /// Puts a value in the place of another one.
    Replace {
        /// The place of the old value.
        pointer: Pointer,
        /// The new value.
        value: Value,
    },
    /// Takes out a field or an element.
    Remove {
        /// Its place.
        pointer: Pointer,
    },
    /// Gives a field another name; its value and its place among the others stay.
    Rename {
        /// The place of the field.
        pointer: Pointer,
        /// The new name.
        name: String,
    },
    /// Makes an element the last of its array.
    MoveToEnd {
        /// The place of the element.
        pointer: Pointer,
    },
}

impl Edit {
    /// The place it is about.
    pub fn pointer(&self) -> &Pointer {
        match self {
            Self::Insert { pointer, .. }
            | Self::Replace { pointer, .. }
            | Self::Remove { pointer }
            | Self::Rename { pointer, .. }
            | Self::MoveToEnd { pointer } => pointer,
        }
    }
}

/// A further place that belongs to a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Where it is, unless the note is about the whole.
    pub place: Option<Place>,
    /// What it has to do with the fault.
    pub message: String,
}

impl Diagnostic {
    /// An error.
    ///
    /// ```
    /// use sfn_asl::{Code, Diagnostic, Pointer};
    ///
    /// let place = Pointer::root().join("StartAt");
    /// let diagnostic = Diagnostic::error(Code::new("missing-target"), place, "there is no State `Pay`")
    ///     .with_help("name a State of this State Machine");
    /// assert_eq!(diagnostic.to_string(), "error[missing-target] /StartAt: there is no State `Pay`");
    /// ```
    pub fn error(code: Code, place: impl Into<Place>, message: impl Into<String>) -> Self {
        let (place, message) = (place.into(), message.into());
        Self {
            code,
            severity: Severity::Error,
            place,
            message,
            help: None,
            notes: Vec::new(),
            fix: Vec::new(),
        }
    }

    /// A warning.
    pub fn warning(code: Code, place: impl Into<Place>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, place, message) }
    }

    /// An advice.
    pub fn advice(code: Code, place: impl Into<Place>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Advice, ..Self::error(code, place, message) }
    }

    /// The same, with what to do about it.
    pub fn with_help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// The same, with a further place.
    pub fn with_note(mut self, place: Option<Place>, message: impl Into<String>) -> Self {
        self.notes.push(Note { place, message: message.into() });
        self
    }

    /// The same, with a change that mends it.
    pub fn with_fix(mut self, edit: Edit) -> Self {
        self.fix.push(edit);
        self
    }

    /// The JSON pointer, where the fault is in a definition.
    ///
    /// ```
    /// use sfn_asl::{Code, Diagnostic, Origin, Place};
    ///
    /// let origin = Origin { file: "src/orders.rs".into(), line: 12, column: 5, length: Some(8) };
    /// let diagnostic = Diagnostic::warning(Code::new("slow"), Place::Rust(origin), "this takes a while");
    /// assert_eq!(diagnostic.pointer(), None);
    /// assert_eq!(diagnostic.to_string(), "warning[slow] src/orders.rs:12:5: this takes a while");
    /// ```
    pub fn pointer(&self) -> Option<&Pointer> {
        match &self.place {
            Place::Definition { pointer, .. } | Place::Name(pointer) => Some(pointer),
            Place::Rust(_) => None,
        }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, severity, place, message, .. } = self;
        write!(formatter, "{severity}[{code}] {place}: {message}")
    }
}
