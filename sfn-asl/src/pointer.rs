//! A JSON Pointer (RFC 6901) that grows and shrinks while a document is walked.
//! Separate because reading, navigation and every rule name places in the same way.

use std::fmt;

/// The place of a value in a JSON document: `/States/Pay/Retry/0`. The empty pointer is the whole document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Pointer(String);

impl Pointer {
    /// The pointer to the whole document.
    pub const fn root() -> Self {
        Self(String::new())
    }

    /// This pointer, one key or array index deeper.
    ///
    /// ```
    /// use sfn_asl::Pointer;
    ///
    /// let pointer = Pointer::root().join("States").join("a/b").join(0);
    /// assert_eq!(pointer.as_str(), "/States/a~1b/0");
    /// assert_eq!(pointer.tokens().collect::<Vec<_>>(), ["States", "a/b", "0"]);
    /// ```
    pub fn join(&self, token: impl fmt::Display) -> Self {
        let mut deeper = self.clone();
        deeper.push(token);
        deeper
    }

    /// The pointer's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The keys and indices on the way, unescaped.
    pub fn tokens(&self) -> impl Iterator<Item = String> + '_ {
        self.0.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~"))
    }

    pub(crate) fn push(&mut self, token: impl fmt::Display) {
        let token = token.to_string();
        self.0.push('/');
        if token.contains(['~', '/']) {
            self.0.push_str(&token.replace('~', "~0").replace('/', "~1"));
        } else {
            self.0.push_str(&token);
        }
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<&str> for Pointer {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}
