//! A JSON Pointer (RFC 6901) that grows and shrinks while a document is walked.
//! Separate because reading, navigation and every rule name places in the same way.

use std::fmt::{self, Write as _};

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
        let mut deeper = self.with_room(0);
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

    /// The place of a State of the State Machine that is here.
    pub(crate) fn state(&self, name: &str) -> Self {
        let mut deeper = self.with_room("/States/".len() + name.len());
        deeper.0.push_str("/States/");
        let start = deeper.0.len();
        deeper.0.push_str(name);
        deeper.escape(start);
        deeper
    }

    pub(crate) fn push(&mut self, token: impl fmt::Display) {
        self.0.push('/');
        let start = self.0.len();
        // A String takes any text.
        let _ = write!(self.0, "{token}");
        self.escape(start);
    }

    /// Escapes the token that begins at a byte.
    fn escape(&mut self, start: usize) {
        let token = &self.0[start..];
        if token.bytes().any(|byte| matches!(byte, b'~' | b'/')) {
            let escaped = token.replace('~', "~0").replace('/', "~1");
            self.0.truncate(start);
            self.0.push_str(&escaped);
        }
    }

    /// The same, with room for so many bytes and for what places most often go on with.
    fn with_room(&self, bytes: usize) -> Self {
        const USUAL: usize = 32;
        let mut text = String::with_capacity(self.0.len() + bytes + USUAL);
        text.push_str(&self.0);
        Self(text)
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
