//! Places in a text: lines and columns.
//! Separate because the model knows values and pointers only.

/// A place in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
}

impl Location {
    /// The place of a byte offset.
    ///
    /// ```
    /// use sfn_asl::Location;
    ///
    /// assert_eq!(Location::of("{\n  \"é\": 1\n}", 9), Location { line: 2, column: 7 });
    /// ```
    pub fn of(text: &str, offset: usize) -> Self {
        Lines::new(text).location(offset)
    }
}

/// The places of many bytes of one text.
#[derive(Debug)]
pub(crate) struct Lines {
    length: usize,
    /// Where each line begins.
    starts: Vec<usize>,
    /// The bytes that begin no character.
    continued: Vec<usize>,
}

impl Lines {
    pub(crate) fn new(text: &str) -> Self {
        let (mut starts, mut continued) = (vec![0], Vec::new());
        for (at, byte) in text.bytes().enumerate() {
            match byte {
                b'\n' => starts.push(at + 1),
                0x80..0xC0 => continued.push(at),
                _ => {}
            }
        }
        Self { length: text.len(), starts, continued }
    }

    pub(crate) fn location(&self, offset: usize) -> Location {
        let offset = offset.min(self.length);
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts[line - 1];
        // A byte within a character has the column of that character.
        let continued_before = |end: usize| self.continued.partition_point(|at| *at < end);
        let within = usize::from(self.continued.binary_search(&offset).is_ok());
        let continued = continued_before(offset) - continued_before(start) + within;
        Location { line, column: offset - start + 1 - continued }
    }
}

#[cfg(test)]
mod tests {
    use super::Location;

    #[test]
    fn columns_count_characters() {
        let text = "é€x\ny";
        let columns: Vec<_> =
            (0..9).map(|at| Location::of(text, at)).map(|place| (place.line, place.column)).collect();
        let expected = [(1, 1), (1, 1), (1, 2), (1, 2), (1, 2), (1, 3), (1, 4), (2, 1), (2, 2)];
        assert_eq!(columns, expected);
    }
}
