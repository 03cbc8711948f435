//! A YAML document as a value with comments, and its text. Separate because it knows nothing of templates.

use std::fmt::Write as _;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    Text(String),
    /// A number or a truth value, as it is written.
    Bare(String),
    /// A function of CloudFormation in its short form: `!Ref Name`.
    Call(&'static str, Box<Node>),
    List(Vec<Node>),
    /// A short list on one line.
    Row(Vec<Node>),
    Map(Vec<Entry>),
}

/// A member of a map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    comment: Option<String>,
    key: String,
    value: Node,
}

pub(crate) fn entry(key: impl Into<String>, value: impl Into<Node>) -> Entry {
    Entry { comment: None, key: key.into(), value: value.into() }
}

impl Entry {
    /// The same with a comment above it.
    pub(crate) fn about(self, comment: impl Into<String>) -> Self {
        Self { comment: Some(comment.into()), ..self }
    }
}

impl From<&str> for Node {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&String> for Node {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<String> for Node {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Node {
    fn from(truth: bool) -> Self {
        Self::Bare(truth.to_string())
    }
}

impl From<u64> for Node {
    fn from(number: u64) -> Self {
        Self::Bare(number.to_string())
    }
}

impl From<Vec<Entry>> for Node {
    fn from(entries: Vec<Entry>) -> Self {
        Self::Map(entries)
    }
}

impl From<Vec<Node>> for Node {
    fn from(items: Vec<Node>) -> Self {
        Self::List(items)
    }
}

impl<const N: usize> From<[Entry; N]> for Node {
    fn from(entries: [Entry; N]) -> Self {
        Self::Map(entries.into())
    }
}

/// The text of a document that is a map; a blank line stands between the members of its members.
pub(crate) fn document(heading: &str, sections: &[Entry]) -> String {
    let mut text = String::new();
    for line in heading.lines() {
        let _ = writeln!(text, "{}", format!("# {line}").trim_end());
    }
    for section in sections {
        match &section.value {
            Node::Map(members) if section.key != "Globals" => {
                let _ = writeln!(text, "\n{}:", section.key);
                for (at, member) in members.iter().enumerate() {
                    let spacious = section.key == "Resources" && (at > 0);
                    text += if spacious { "\n" } else { "" };
                    write_entry(&mut text, member, 1);
                }
            }
            _ => {
                text += if matches!(section.value, Node::Map(_)) { "\n" } else { "" };
                write_entry(&mut text, section, 0);
            }
        }
    }
    text
}

fn write_entry(text: &mut String, entry: &Entry, depth: usize) {
    write_comment(text, entry.comment.as_deref(), depth);
    indent(text, depth);
    *text += &entry.key;
    *text += ":";
    write_value(text, &entry.value, depth);
}

fn write_comment(text: &mut String, comment: Option<&str>, depth: usize) {
    for line in comment.into_iter().flat_map(str::lines) {
        indent(text, depth);
        let _ = writeln!(text, "# {line}");
    }
}

/// What stands behind `key:` or `!Tag`, up to the end of the line or of the block.
fn write_value(text: &mut String, value: &Node, depth: usize) {
    match value {
        Node::Map(entries) => {
            *text += "\n";
            for entry in entries {
                write_entry(text, entry, depth + 1);
            }
        }
        Node::List(items) => {
            *text += "\n";
            for item in items {
                write_item(text, item, depth + 1);
            }
        }
        Node::Call(function, argument) if !is_short(argument) => {
            let _ = write!(text, " !{function}");
            write_value(text, argument, depth);
        }
        short => {
            let _ = writeln!(text, " {}", one_line(short));
        }
    }
}

fn write_item(text: &mut String, item: &Node, depth: usize) {
    if let Node::Map(entries) = item
        && let [first, rest @ ..] = entries.as_slice()
    {
        write_comment(text, first.comment.as_deref(), depth);
        indent(text, depth);
        let _ = write!(text, "- {}:", first.key);
        write_value(text, &first.value, depth + 1);
        for entry in rest {
            write_entry(text, entry, depth + 1);
        }
        return;
    }
    indent(text, depth);
    *text += "-";
    write_value(text, item, depth);
}

fn is_short(node: &Node) -> bool {
    match node {
        Node::Map(entries) => entries.is_empty(),
        Node::List(items) => items.is_empty(),
        Node::Call(_, argument) => is_short(argument),
        Node::Text(_) | Node::Bare(_) | Node::Row(_) => true,
    }
}

fn one_line(node: &Node) -> String {
    match node {
        Node::Text(value) => quoted(value),
        Node::Bare(value) => value.clone(),
        Node::Call(function, argument) => format!("!{function} {}", one_line(argument)),
        Node::List(items) | Node::Row(items) => {
            format!("[{}]", items.iter().map(one_line).collect::<Vec<_>>().join(", "))
        }
        Node::Map(entries) => {
            let members = entries.iter().map(|entry| format!("{}: {}", entry.key, one_line(&entry.value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
    }
}

/// A text as it is where YAML takes it for a text, or else in quotes.
fn quoted(text: &str) -> String {
    const WORDS: [&str; 10] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n", "~"];
    let plain = |character: char| character.is_ascii_alphanumeric() || "-_./ ()$".contains(character);
    let is_plain = text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|character| plain(character) || character == ':')
        && !text.contains(": ")
        && !text.ends_with([' ', ':'])
        && !WORDS.contains(&text.to_ascii_lowercase().as_str());
    if is_plain { text.to_owned() } else { format!("'{}'", text.replace('\'', "''")) }
}

fn indent(text: &mut String, depth: usize) {
    text.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_yaml_would_take_for_something_else_are_quoted() {
        let cases = [
            ("arn:aws:states", "arn:aws:states"),
            ("No", "'No'"),
            ("12", "'12'"),
            ("it's: so", "'it''s: so'"),
            ("", "''"),
            ("2012-10-17", "'2012-10-17'"),
            ("a #b", "'a #b'"),
            ("Straße", "'Straße'"),
        ];
        for (text, expected) in cases {
            assert_eq!(quoted(text), expected);
        }
    }

    #[test]
    fn blocks_nest_under_keys_items_and_functions() {
        let argument = Node::List(vec!["HasKey".into(), [entry("A", 1)].into()]);
        let list = Node::List(vec![[entry("B", "b").about("why"), entry("C", true)].into(), "d".into()]);
        let call = Node::Call("If", Box::new(argument));
        let text = document("Title", &[entry("Resources", [entry("X", call), entry("Y", list)])]);
        let expected = "# Title\n\nResources:\n  X: !If\n    - HasKey\n    - A: 1\n\n  Y:\n    # why\n    - B: b\n      C: true\n    - d\n";
        assert_eq!(text, expected);
    }
}
