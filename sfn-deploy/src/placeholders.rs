//! Texts with `${Name}`s, and what else is known only when a stage is made. Separate because definitions have them, and so
//! have the resources of permissions.

/// A piece of a text with placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// Text that stands for itself.
    Literal(String),
    /// The name between `${` and `}`.
    Placeholder(String),
    /// A piece of what takes the place of a placeholder: its separator, and its number from none.
    Piece(String, char, usize),
    /// The name of a state machine that the stack makes.
    Machine(String),
    /// AWS's partition, region and account of the stage.
    Partition,
    Region,
    Account,
}

/// A text of which the stage fills in some.
pub(crate) type Text = Vec<Part>;

/// The pieces of a text. A `${` that no name and `}` follow stands for itself.
pub(crate) fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        literal += before;
        match after.split_once('}') {
            Some((name, behind)) if is_name(name) => {
                if !literal.is_empty() {
                    parts.push(Part::Literal(std::mem::take(&mut literal)));
                }
                parts.push(Part::Placeholder(name.to_owned()));
                rest = behind;
            }
            _ => {
                literal += "${";
                rest = after;
            }
        }
    }
    literal += rest;
    if !literal.is_empty() {
        parts.push(Part::Literal(literal));
    }
    parts
}

/// The names in a text, each once, in the order of the alphabet.
pub(crate) fn names(text: &str) -> Vec<String> {
    let mut names: Vec<String> = parts(text)
        .into_iter()
        .filter_map(|part| match part {
            Part::Placeholder(name) => Some(name),
            _ => None,
        })
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The first `${` of a text that begins no placeholder, with what follows up to its `}`.
pub(crate) fn malformed(text: &str) -> Option<String> {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("${") {
        match after.split_once('}') {
            Some((name, behind)) if is_name(name) => rest = behind,
            Some((found, _)) if found.len() < 80 => return Some(format!("${{{found}}}")),
            _ => return Some(format!("${{{}..", after.chars().take(20).collect::<String>())),
        }
    }
    None
}

/// Whether every kind of template can have a parameter of that name.
pub(crate) fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|character| character.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_placeholder_is_found() {
        assert_eq!(malformed("${A} $ {B} $C ${D1}"), None);
        let cases = [
            ("${A}${ x }", "${ x }"),
            ("${}", "${}"),
            ("${a_b}", "${a_b}"),
            ("${AWS::Region}", "${AWS::Region}"),
            ("a ${b", "${b.."),
        ];
        for (text, expected) in cases {
            assert_eq!(malformed(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn names_are_found_and_other_braces_stand_for_themselves() {
        assert_eq!(names("${B}, ${A} and ${B}; ${ x }, ${} and ${"), ["A", "B"]);
        let expected = [Part::Literal("a ${ x } ".to_owned()), Part::Placeholder("B".to_owned())];
        assert_eq!(parts("a ${ x } ${B}"), expected);
    }
}
