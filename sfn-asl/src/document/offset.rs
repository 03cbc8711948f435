//! Where in a string as YAML writes it a part of what it means stands.
//! Separate from the reading because it is asked of few strings, and of each in its own style: plain, in single or in
//! double quotes, or as a block.

/// In a string as it is written, the offset of what is at `wanted` in the string it means.
pub(super) fn in_yaml(written: &str, meant: &str, wanted: usize) -> usize {
    match written.as_bytes().first() {
        Some(b'"') => offset_in_double_quotes(written, wanted),
        Some(b'|' | b'>') => {
            let header = written.find('\n').map_or(written.len(), |at| at + 1);
            header + offset_by_words(&written[header..], meant, wanted)
        }
        Some(b'\'') => 1 + offset_by_words(&written[1..], meant, wanted),
        _ => offset_by_words(written, meant, wanted),
    }
}

/// Where nothing but blanks and doubled quotes is written differently from what is meant: blanks match blanks, however
/// many, and every other character itself.
fn offset_by_words(written: &str, meant: &str, wanted: usize) -> usize {
    let blanks = |text: &str| text.len() - text.trim_start_matches([' ', '\n', '\r', '\t']).len();
    let (mut at, mut known) = (blanks(written), blanks(meant));
    while known < wanted {
        let (Some(left), Some(right)) = (written[at..].chars().next(), meant[known..].chars().next()) else {
            return written.len();
        };
        if left != right {
            // A line break within a word that is longer than a line: only double quotes have it.
            return at;
        }
        at += left.len_utf8();
        known += right.len_utf8();
        if left == '\'' && written[at..].starts_with('\'') && !meant[known..].starts_with('\'') {
            at += 1;
        }
        let (skipped, passed) = (blanks(&written[at..]), blanks(&meant[known..]));
        if known + passed <= wanted || passed == 0 {
            (at, known) = (at + skipped, known + passed);
        } else {
            return at + (wanted - known).min(skipped);
        }
    }
    at
}

/// Where escapes are, they are read as the language has them; a line break stands for a blank.
fn offset_in_double_quotes(written: &str, wanted: usize) -> usize {
    let mut rest = written[1..].char_indices().map(|(at, character)| (at + 1, character)).peekable();
    let mut meant = 0;
    while let Some((at, character)) = rest.next() {
        let means_nothing =
            character == '\\' && rest.peek().is_some_and(|(_, next)| matches!(next, '\n' | '\r'));
        if (meant >= wanted && !means_nothing) || character == '"' {
            return at;
        }
        if character == '\\' {
            let Some((_, escaped)) = rest.next() else { return at };
            let digits = match escaped {
                'x' => 2,
                'u' => 4,
                'U' => 8,
                _ => 0,
            };
            let code: String = (0..digits).filter_map(|_| rest.next().map(|(_, digit)| digit)).collect();
            meant += match escaped {
                '\n' | '\r' => {
                    while rest.next_if(|(_, next)| next.is_ascii_whitespace()).is_some() {}
                    0
                }
                'N' | '_' => 2,
                'L' | 'P' => 3,
                _ if digits > 0 => {
                    u32::from_str_radix(&code, 16).ok().and_then(char::from_u32).map_or(1, char::len_utf8)
                }
                _ => 1,
            };
        } else if character.is_ascii_whitespace() {
            let (mut blanks, mut breaks) = (1, usize::from(character == '\n'));
            while let Some((_, next)) = rest.next_if(|(_, next)| next.is_ascii_whitespace()) {
                blanks += 1;
                breaks += usize::from(next == '\n');
            }
            meant += match breaks {
                0 => blanks,
                breaks => (breaks - 1).max(1),
            };
        } else {
            meant += character.len_utf8();
        }
    }
    written.len()
}
