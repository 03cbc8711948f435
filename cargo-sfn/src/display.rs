//! Lines of a timeline on stderr: what has ended stays, what goes on is redrawn below it. Apart from the timeline, so that
//! all that is known of terminals stands here.

use crate::duration::readable;
use crate::style::Style;
use crate::timeline::{Line, Mark};
use std::io::{self, Write};

/// A table that grows.
#[derive(Debug)]
pub(crate) struct Display<W> {
    out: W,
    style: Style,
    /// The column where durations begin.
    names: usize,
    /// How many lines stand below what stays.
    redrawn: usize,
}

impl<W: Write> Display<W> {
    /// A table whose longest name has that many characters.
    pub(crate) fn new(out: W, style: Style, longest_name: usize) -> Self {
        Self { out, style, names: longest_name.clamp(16, 48), redrawn: 0 }
    }

    /// Adds a line that stays.
    pub(crate) fn add(&mut self, line: &Line) -> io::Result<()> {
        let text = self.text(line);
        self.keep(&text)
    }

    /// Adds a line that a task has logged.
    pub(crate) fn log(&mut self, function: &str, text: &str) -> io::Result<()> {
        let text = self.style.dim(&format!("    {function}: {text}"));
        self.keep(&text)
    }

    /// Shows what goes on, in place of what was shown before.
    pub(crate) fn show(&mut self, running: &[Line]) -> io::Result<()> {
        self.erase()?;
        for line in running {
            // Without automatic wrapping, so that a line too long for the terminal still is one line to erase.
            let text = self.text(line);
            writeln!(self.out, "\x1b[?7l{text}\x1b[?7h")?;
        }
        self.redrawn = running.len();
        self.out.flush()
    }

    fn keep(&mut self, text: &str) -> io::Result<()> {
        self.erase()?;
        writeln!(self.out, "{text}")
    }

    fn erase(&mut self) -> io::Result<()> {
        match std::mem::take(&mut self.redrawn) {
            0 => Ok(()),
            lines => write!(self.out, "\x1b[{lines}A\x1b[J"),
        }
    }

    fn text(&self, line: &Line) -> String {
        let Line { mark, depth, name, took, note } = line;
        let style = self.style;
        let mark = match mark {
            Mark::Done => style.good("✓"),
            Mark::Passed => style.dim("·"),
            Mark::Failed => style.bad("✗"),
            Mark::GivenUp => style.dim("–"),
            Mark::Running => style.waiting("▸"),
            Mark::Opened => style.dim("┌"),
            Mark::Closed => style.dim("└"),
        };
        let rails = style.dim(&"│ ".repeat(*depth));
        let names = self.names.saturating_sub(2 * depth);
        let took = style.dim(&format!("{:>11}", took.map(readable).unwrap_or_default()));
        let note = match line.mark {
            Mark::Failed => style.bad(note),
            Mark::Running => style.waiting(note),
            _ => style.dim(note),
        };
        let text = format!("  {rails}{mark} {name:names$} {took}");
        match line.note.as_str() {
            "" => text.trim_end().to_owned(),
            _ => format!("{text}  {note}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn line(mark: Mark, depth: usize, name: &str, took: u64, note: &str) -> Line {
        Line {
            mark,
            depth,
            name: name.into(),
            took: Some(Duration::from_millis(took)),
            note: note.to_owned(),
        }
    }

    #[test]
    fn columns_are_aligned_however_deep_a_state_lies() {
        let mut out = Vec::new();
        let mut display = Display::new(&mut out, Style::Plain, 18);
        for line in [
            line(Mark::Done, 0, "ReserveInventory", 1_240, ""),
            Line { took: None, ..line(Mark::Opened, 0, "Notify", 0, "") },
            line(Mark::Failed, 1, "EmailCustomer", 3, "EmailBounced: no such mailbox"),
            line(Mark::GivenUp, 1, "PublishFulfilled", 2, ""),
            line(Mark::Closed, 0, "Notify", 12, ""),
        ] {
            display.add(&line).unwrap();
        }
        display.log("email_customer", "knock knock").unwrap();
        let expected = "  ✓ ReserveInventory        1.24 s
  ┌ Notify
  │ ✗ EmailCustomer           3 ms  EmailBounced: no such mailbox
  │ – PublishFulfilled        2 ms
  └ Notify                   12 ms
    email_customer: knock knock
";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn what_goes_on_gives_way_to_what_has_ended() {
        let mut out = Vec::new();
        let mut display = Display::new(&mut out, Style::Plain, 0);
        display.show(&[line(Mark::Running, 0, "A", 1, ""), line(Mark::Running, 0, "B", 1, "")]).unwrap();
        display.add(&line(Mark::Done, 0, "A", 2, "")).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.ends_with("\x1b[2A\x1b[J  ✓ A                       2 ms\n"), "{text:?}");
    }
}
