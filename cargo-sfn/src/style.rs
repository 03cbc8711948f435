//! Colours, where they are wanted: on a terminal, unless `NO_COLOR` says otherwise. Apart from the display, because
//! errors are coloured too.

use std::io::IsTerminal as _;

/// Whether text is decorated.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Style {
    /// ANSI colours.
    Coloured,
    /// Text alone.
    Plain,
}

impl Style {
    /// What stderr wants.
    pub(crate) fn of_stderr() -> Self {
        Self::new(std::io::stderr().is_terminal(), std::env::var("NO_COLOR").ok().as_deref())
    }

    /// What stdout wants.
    pub(crate) fn of_stdout() -> Self {
        Self::new(std::io::stdout().is_terminal(), std::env::var("NO_COLOR").ok().as_deref())
    }

    fn new(terminal: bool, no_color: Option<&str>) -> Self {
        let refused = no_color.is_some_and(|value| !value.is_empty());
        if terminal && !refused { Self::Coloured } else { Self::Plain }
    }

    pub(crate) fn error(self, text: &str) -> String {
        self.decorated("1;31", text)
    }

    pub(crate) fn good(self, text: &str) -> String {
        self.decorated("32", text)
    }

    pub(crate) fn bad(self, text: &str) -> String {
        self.decorated("31", text)
    }

    pub(crate) fn waiting(self, text: &str) -> String {
        self.decorated("33", text)
    }

    pub(crate) fn dim(self, text: &str) -> String {
        self.decorated("2", text)
    }

    pub(crate) fn strong(self, text: &str) -> String {
        self.decorated("1", text)
    }

    fn decorated(self, code: &str, text: &str) -> String {
        match self {
            Self::Coloured => format!("\x1b[{code}m{text}\x1b[0m"),
            Self::Plain => text.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_need_a_terminal_that_does_not_refuse_them() {
        let error = |terminal, no_color| Style::new(terminal, no_color).error("x");
        assert_eq!(error(true, None), "\x1b[1;31mx\x1b[0m");
        assert_eq!(error(true, Some("")), "\x1b[1;31mx\x1b[0m");
        assert_eq!(error(true, Some("1")), "x");
        assert_eq!(error(false, None), "x");
    }
}
