//! Regular expressions within filters: `=~ /REES.*/i`.
//! Separate because this is where the service's Java expressions meet a Rust engine.

use std::fmt;

use regex_lite::{Regex, RegexBuilder};

/// How much memory a compiled expression may take.
const MAX_SIZE: usize = 1 << 20;

/// A regular expression of a filter, compiled.
///
/// The service's are Java's. `regex-lite` agrees with Java where Java's defaults matter (`\d`, `\w`, `\s` and case
/// are ASCII's) and matches in linear time whatever the expression and the text; what linear time rules out
/// (lookaround, back references, possessive quantifiers) is refused when the Path is read.
#[derive(Clone)]
pub struct Pattern {
    source: String,
    flags: String,
    regex: Regex,
}

impl Pattern {
    /// Compiles the expression between two slashes with the flags behind them.
    pub(super) fn new(source: &str, flags: &str) -> Result<Self, String> {
        let has = |flag| flags.contains(flag);
        // Java reads `\/` as `/`; nothing else needs the backslash taken away.
        let regex = RegexBuilder::new(&format!("^(?:{})$", source.replace(r"\/", "/")))
            .case_insensitive(has('i'))
            .multi_line(false)
            .dot_matches_new_line(has('s'))
            .ignore_whitespace(has('x'))
            .size_limit(MAX_SIZE)
            .build()
            .map_err(|error| error.to_string())?;
        Ok(Self { source: source.to_owned(), flags: flags.to_owned(), regex })
    }

    /// Whether the expression matches the whole text.
    ///
    /// ```
    /// use sfn_asl::path::{Filter, FilterOperand, Path, Selector};
    ///
    /// let path: Path = "$[?(@.name =~ /jo.*/i)]".parse()?;
    /// let Selector::Filter(filter) = &path.segments[0].selector else { panic!("a filter") };
    /// let Filter::Compare { right: FilterOperand::Pattern(pattern), .. } = &**filter else { panic!("a pattern") };
    /// assert!(pattern.matches("John"));
    /// assert!(!pattern.matches("A John"));
    /// # Ok::<(), sfn_asl::path::PathError>(())
    /// ```
    pub fn matches(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source && self.flags == other.flags
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "/{}/{}", self.source, self.flags)
    }
}
