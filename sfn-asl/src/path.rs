//! Paths: how a State that speaks JSONPath picks values out of its input, its Context Object and its Variables.
//! Separate from the fields that hold them because the rules read Paths, the engine walks them, and both need them
//! parsed, with the place of every part.
//!
//! The dialect is that of the Jayway library, which the service uses: `['a','b']` picks an object, a missing field
//! fails a definite Path, and what an indefinite one does not find is left out.

mod cursor;
mod filter;
mod function;
mod literal;
mod parse;
mod pattern;
mod reference;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::str::FromStr;
use std::sync::Arc;

pub(crate) use literal::number;

pub use filter::{Filter, FilterOperand, Operator};
pub use function::{Function, FunctionArgument};
pub use pattern::Pattern;
pub(crate) use reference::misfit;
pub use reference::{ReferencePath, ReferenceSegment};

/// A Path, parsed.
///
/// ```
/// use sfn_asl::path::{Path, Root, Selector};
///
/// let path: Path = "$.order.lines[?(@.price > 10)].sku".parse()?;
/// assert_eq!(path.root, Root::Input);
/// assert!(!path.is_definite());
/// assert!(matches!(&path.segments[0].selector, Selector::Child(name) if &**name == "order"));
/// assert_eq!(&path.to_string()[path.segments[2].span.clone()], "[?(@.price > 10)]");
/// # Ok::<(), sfn_asl::path::PathError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// What the Path is applied to.
    pub root: Root,
    /// The steps from there.
    pub segments: Vec<Segment>,
    source: Arc<str>,
    span: Range<usize>,
}

/// What a Path is applied to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Root {
    /// `$`: the input; within a filter or a function's arguments the value the whole Path is applied to.
    Input,
    /// `$$`: the Context Object.
    Context,
    /// `$name`: a Variable.
    Variable(Arc<str>),
    /// `@`, within a filter: the element that is judged.
    Element,
}

/// One step of a Path.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    /// What the step picks.
    pub selector: Selector,
    /// The bytes of the Path that say so.
    pub span: Range<usize>,
}

/// What one step of a Path picks.
#[derive(Debug, Clone, PartialEq)]
pub enum Selector {
    /// `.name` or `['name']`: one field.
    Child(Arc<str>),
    /// `['a','b']`: several fields; at the end of a Path they become one object.
    Children(Vec<Arc<str>>),
    /// `*` or `[*]`: every field or element.
    Wildcard,
    /// `..`: the value and everything inside it.
    Descent,
    /// `[0]` or `[-1]`: one element, counted from the end when negative.
    Index(i32),
    /// `[0,2]`: several elements.
    Indices(Vec<i32>),
    /// `[1:3]`, `[1:]`, `[:3]`: the elements from the first number up to but not including the second.
    Slice(Option<i32>, Option<i32>),
    /// `[?(..)]`: the elements the filter accepts.
    Filter(Box<Filter>),
    /// `length()`, `sum($.a, 1)` and so on.
    Call(Function, Vec<FunctionArgument>),
}

/// Why a text is no Path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathError {
    /// What was found and what was expected.
    pub message: String,
    /// The bytes of the text that are wrong.
    pub span: Range<usize>,
}

impl PathError {
    pub(crate) fn new(message: impl Into<String>, span: Range<usize>) -> Self {
        Self { message: message.into(), span }
    }
}

impl fmt::Display for PathError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} at position {}", self.message, self.span.start)
    }
}

impl std::error::Error for PathError {}

impl Path {
    /// Whether the Path picks exactly one value or fails; an indefinite one gives an array of what it finds.
    ///
    /// ```
    /// use sfn_asl::path::Path;
    ///
    /// assert!("$.lines[-1].sku".parse::<Path>()?.is_definite());
    /// assert!(!"$.lines[0:1]".parse::<Path>()?.is_definite());
    /// # Ok::<(), sfn_asl::path::PathError>(())
    /// ```
    pub fn is_definite(&self) -> bool {
        // A function at the end that is applied to a deep scan from the root takes the scan as its argument.
        let scanned = self.segments.first().is_some_and(|first| first.selector == Selector::Descent);
        if scanned && self.ends_in_call() {
            return true;
        }
        let last = self.segments.len().saturating_sub(1);
        self.segments.iter().enumerate().all(|(at, segment)| segment.selector.is_definite(at == last))
    }

    /// Whether the last step is a function.
    ///
    /// ```
    /// assert!("$.lines.length()".parse::<sfn_asl::path::Path>()?.ends_in_call());
    /// # Ok::<(), sfn_asl::path::PathError>(())
    /// ```
    pub fn ends_in_call(&self) -> bool {
        matches!(self.segments.last(), Some(Segment { selector: Selector::Call(..), .. }))
    }

    /// The Path as its author wrote it.
    ///
    /// ```
    /// let path: sfn_asl::path::Path = "$['a'].b".parse()?;
    /// assert_eq!(path.source(), "$['a'].b");
    /// # Ok::<(), sfn_asl::path::PathError>(())
    /// ```
    pub fn source(&self) -> &str {
        &self.source[self.span.clone()]
    }

    /// The bytes of the text it was parsed from.
    ///
    /// ```
    /// use sfn_asl::path::{Filter, Path, Selector};
    ///
    /// let path: Path = "$.a[?(@.b)]".parse()?;
    /// assert_eq!(path.span(), 0..11);
    /// # Ok::<(), sfn_asl::path::PathError>(())
    /// ```
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Visits this Path and every Path inside its filters and functions.
    ///
    /// ```
    /// let path: sfn_asl::path::Path = "$.a[?(@.b == $.c)].sum($.d)".parse()?;
    /// let mut seen = Vec::new();
    /// path.each(&mut |inner| seen.push(inner.source().to_owned()));
    /// assert_eq!(seen, ["$.a[?(@.b == $.c)].sum($.d)", "@.b", "$.c", "$.d"]);
    /// # Ok::<(), sfn_asl::path::PathError>(())
    /// ```
    pub fn each<'p>(&'p self, visit: &mut impl FnMut(&'p Path)) {
        visit(self);
        for segment in &self.segments {
            match &segment.selector {
                Selector::Filter(filter) => filter.each_path(visit),
                Selector::Call(_, arguments) => {
                    for argument in arguments {
                        if let FunctionArgument::Path(path) = argument {
                            path.each(visit);
                        }
                    }
                }
                _ => {}
            }
        }
    }
}

impl Segment {
    /// The name of the field that the step picks, as a part of the text of the Path where it is written plainly there.
    pub(crate) fn name_in<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let written = &text[self.span.clone()];
        match &self.selector {
            Selector::Child(name) if **name != *written => Cow::Owned(name.as_ref().to_owned()),
            _ => Cow::Borrowed(written),
        }
    }
}

impl Selector {
    /// Whether the step picks one value; several fields do when they are the last step and become one object.
    fn is_definite(&self, is_last: bool) -> bool {
        match self {
            Self::Child(_) | Self::Index(_) | Self::Call(..) => true,
            Self::Children(_) => is_last,
            Self::Wildcard | Self::Descent | Self::Indices(_) | Self::Slice(..) | Self::Filter(_) => false,
        }
    }
}

impl FromStr for Path {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        parse::path(text)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.source())
    }
}
