//! Reference Paths: Paths that name one place, so that a value can be put there.
//! Separate because they are read like Paths and written to unlike them.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use super::{Path, PathError, Root, Selector};

/// A Path that can only name a single place: fields and indices, nothing that chooses or computes.
///
/// ```
/// use sfn_asl::path::{ReferencePath, ReferenceSegment};
///
/// let path: ReferencePath = "$.order['total'][0]".parse()?;
/// assert_eq!(path.segments()[2], ReferenceSegment::Index(0));
/// let error = "$.lines[*].price".parse::<ReferencePath>().unwrap_err();
/// assert_eq!(error.span, 7..10);
/// # Ok::<(), sfn_asl::path::PathError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ReferencePath {
    path: Path,
    segments: Vec<ReferenceSegment>,
}

/// One step of a Reference Path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReferenceSegment {
    /// The field of that name.
    Field(Arc<str>),
    /// The element of that index; counted from the end when negative.
    Index(i32),
}

impl ReferencePath {
    /// The steps from the root.
    ///
    /// ```
    /// assert!("$".parse::<sfn_asl::path::ReferencePath>()?.segments().is_empty());
    /// # Ok::<(), sfn_asl::path::PathError>(())
    /// ```
    pub fn segments(&self) -> &[ReferenceSegment] {
        &self.segments
    }

    /// What the steps start from.
    ///
    /// ```
    /// use sfn_asl::path::{ReferencePath, Root};
    ///
    /// assert_eq!(*"$$.Task.Token".parse::<ReferencePath>()?.root(), Root::Context);
    /// # Ok::<(), sfn_asl::path::PathError>(())
    /// ```
    pub fn root(&self) -> &Root {
        &self.path.root
    }

    /// The same place as a Path to read from.
    ///
    /// ```
    /// assert!("$.a".parse::<sfn_asl::path::ReferencePath>()?.path().is_definite());
    /// # Ok::<(), sfn_asl::path::PathError>(())
    /// ```
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl FromStr for ReferencePath {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        let path: Path = text.parse()?;
        if let Some(error) = misfit(&path) {
            return Err(error);
        }
        let segments = path.segments.iter().filter_map(|segment| match &segment.selector {
            Selector::Child(name) => Some(ReferenceSegment::Field(Arc::clone(name))),
            Selector::Index(index) => Some(ReferenceSegment::Index(*index)),
            _ => None,
        });
        Ok(Self { segments: segments.collect(), path })
    }
}

/// What keeps a Path from naming one place.
pub(crate) fn misfit(path: &Path) -> Option<PathError> {
    path.segments.iter().find_map(|segment| {
        let what = match &segment.selector {
            Selector::Child(_) | Selector::Index(_) => return None,
            Selector::Children(_) | Selector::Indices(_) => "`,`, which names several places",
            Selector::Wildcard => "`*`, which names several places",
            Selector::Descent => "`..`, which names several places",
            Selector::Slice(..) => "`:`, which names several places",
            Selector::Filter(_) => "`?`, which names several places",
            Selector::Call(..) => "a function, whose result has no place",
        };
        let message = format!("found {what}, expected fields and indices only");
        Some(PathError::new(message, segment.span.clone()))
    })
}

impl fmt::Display for ReferencePath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.fmt(formatter)
    }
}
