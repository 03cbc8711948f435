//! A tree as text again, in JSON or YAML, in the order it has and with the numbers as they are spelled.
//! Separate from the model because canonical order is the model's decision; the layout of a text is made here.

use std::fmt::Write as _;

use super::Comments;
use super::tree::{Children, Kind, NodeRef};
use super::yaml::is_plain_string;
use crate::{Pointer, Value};

/// JSON: two spaces, every element on its own line, no newline at the end.
pub(crate) fn json(node: NodeRef<'_>) -> String {
    let mut out = String::new();
    write_json(&mut out, node, 0);
    out
}

/// YAML: blocks with two spaces, strings without quotes where they cannot be taken for something else, a newline at
/// the end.
pub(crate) fn yaml(node: NodeRef<'_>) -> String {
    yaml_with(node, &Comments::default())
}

/// YAML, with comments where the values stand that they belong to.
pub(crate) fn yaml_with(node: NodeRef<'_>, comments: &Comments) -> String {
    let mut writer = YamlWriter { out: String::new(), comments };
    for comment in &comments.header {
        writer.line(comment, 0);
    }
    if !comments.header.is_empty() {
        writer.out.push('\n');
    }
    let root = Pointer::root();
    writer.leading(node, &root, 0);
    writer.value(node, &root, 0, Above::Nothing);
    if !writer.out.ends_with('\n') {
        writer.out.push('\n');
    }
    writer.out
}

/// A string as JSON has it.
pub(crate) fn json_string(text: &str) -> String {
    Value::from(text).to_string()
}

fn write_json(out: &mut String, node: NodeRef<'_>, depth: usize) {
    let (open, close, children) = match node.kind() {
        Kind::Array(children) => ('[', ']', children),
        Kind::Object(children) => ('{', '}', children),
        Kind::Opaque(_, children) if children.len() > 0 => ('{', '}', children),
        Kind::String(text) => return out.push_str(&json_string(node.text(text))),
        Kind::Number(text) | Kind::Opaque(text, _) => return out.push_str(node.text(text)),
        Kind::Null => return out.push_str("null"),
        Kind::Bool(flag) => return out.push_str(if flag { "true" } else { "false" }),
    };
    out.push(open);
    for (index, child) in node.children(children).enumerate() {
        out.push_str(if index == 0 { "\n" } else { ",\n" });
        indent(out, depth + 1);
        if open == '{' {
            out.push_str(&json_string(child.name()));
            out.push_str(": ");
        }
        write_json(out, child, depth + 1);
    }
    if children.len() > 0 {
        out.push('\n');
        indent(out, depth);
    }
    out.push(close);
}

fn indent(out: &mut String, depth: usize) {
    for _ in 0..depth {
        out.push_str("  ");
    }
}

/// What stands on the line before a value.
#[derive(Clone, Copy, PartialEq)]
enum Above {
    Nothing,
    Name,
    Dash,
}

struct YamlWriter<'c> {
    out: String,
    comments: &'c Comments,
}

impl YamlWriter<'_> {
    fn value(&mut self, node: NodeRef<'_>, place: &Pointer, depth: usize, above: Above) {
        let Some(children) = children(node) else {
            if above == Above::Name {
                self.out.push(' ');
            }
            write_yaml_scalar(&mut self.out, node, node.kind(), depth);
            return self.beside(node, place);
        };
        if above == Above::Name {
            self.beside(node, place);
        }
        let is_array = matches!(node.kind(), Kind::Array(_));
        for (index, child) in node.children(children).enumerate() {
            let below = match (self.comments.is_empty(), is_array) {
                (true, _) => Pointer::root(),
                (false, true) => place.join(index),
                (false, false) => place.join(child.name()),
            };
            // The first line of what a dash introduces stands behind the dash.
            if index > 0 || above == Above::Name {
                self.end_line();
                if is_array {
                    self.leading(child, &below, depth);
                } else {
                    self.before(child, &below, depth);
                }
                indent(&mut self.out, depth);
            }
            if is_array {
                self.out.push_str("- ");
                self.value(child, &below, depth + 1, Above::Dash);
            } else {
                self.out.push_str(&yaml_name(child.name()));
                self.out.push(':');
                self.value(child, &below, depth + 1, Above::Name);
            }
            let after = self.comments.around(&below).map(|around| &around.after);
            for comment in after.into_iter().flatten() {
                self.end_line();
                self.line(comment, depth);
            }
        }
    }

    /// The comments before a value whose first line begins here, and before what its first line begins with.
    fn leading(&mut self, node: NodeRef<'_>, place: &Pointer, depth: usize) {
        if self.comments.is_empty() {
            return;
        }
        let (mut node, mut place) = (node, place.clone());
        loop {
            let first = children(node).and_then(|children| node.children(children).next());
            self.before(node, &place, depth);
            let Some(first) = first else { return };
            // It stands behind a dash, and its line begins with what is in it.
            if let Some(beside) = self.comments.around(&place).and_then(|around| around.beside.as_ref()) {
                self.line(beside, depth);
            }
            let is_array = matches!(node.kind(), Kind::Array(_));
            place = if is_array { place.join(0) } else { place.join(first.name()) };
            if !is_array {
                return self.before(first, &place, depth);
            }
            node = first;
        }
    }

    /// The comments before a value, and the one beside it if there is no room for that.
    fn before(&mut self, node: NodeRef<'_>, place: &Pointer, depth: usize) {
        let Some(around) = self.comments.around(place) else { return };
        for comment in around.before.iter().chain(around.beside.iter().filter(|_| is_long(node))) {
            self.line(comment, depth);
        }
    }

    fn beside(&mut self, node: NodeRef<'_>, place: &Pointer) {
        let comment = self.comments.around(place).and_then(|around| around.beside.as_ref());
        if let Some(comment) = comment.filter(|_| !is_long(node)) {
            self.out.push(' ');
            self.out.push_str(comment);
        }
    }

    /// A comment on a line of its own.
    fn line(&mut self, comment: &str, depth: usize) {
        indent(&mut self.out, depth);
        self.out.push_str(comment);
        self.out.push('\n');
    }

    fn end_line(&mut self) {
        if !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }
}

/// The children of an array or object that has any.
fn children(node: NodeRef<'_>) -> Option<Children> {
    match node.kind() {
        Kind::Array(children) | Kind::Object(children) | Kind::Opaque(_, children) => {
            (children.len() > 0).then_some(children)
        }
        _ => None,
    }
}

/// Whether a value is a text that takes several lines.
fn is_long(node: NodeRef<'_>) -> bool {
    children(node).is_none() && node.as_str().is_some_and(|text| text.contains('\n'))
}

fn write_yaml_scalar(out: &mut String, node: NodeRef<'_>, scalar: Kind, depth: usize) {
    match scalar {
        Kind::Null => out.push_str("null"),
        Kind::Bool(flag) => out.push_str(if flag { "true" } else { "false" }),
        Kind::Array(_) => out.push_str("[]"),
        Kind::Object(_) => out.push_str("{}"),
        Kind::Number(text) => out.push_str(node.text(text)),
        Kind::String(text) | Kind::Opaque(text, _) => write_yaml_string(out, node.text(text), depth),
    }
}

fn write_yaml_string(out: &mut String, text: &str, depth: usize) {
    if !text.contains('\n') {
        return out.push_str(&yaml_name(text));
    }
    let is_printable = |letter: char| letter == '\n' || letter == '\t' || is_printable(letter);
    let content = text.trim_end_matches('\n');
    let begins = content.starts_with(|first: char| !first.is_whitespace());
    if !begins
        || !text.chars().all(is_printable)
        || content.lines().any(|line| line.trim().is_empty() && !line.is_empty())
    {
        return out.push_str(&yaml_quoted(text));
    }
    out.push_str(match text.len() - content.len() {
        0 => "|-",
        1 => "|",
        _ => "|+",
    });
    for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
        out.push('\n');
        if !line.is_empty() {
            indent(out, depth.max(1));
            out.push_str(line);
        }
    }
    out.push('\n');
}

/// A string on one line.
pub(crate) fn yaml_name(text: &str) -> String {
    if is_plain_string(text) {
        text.to_owned()
    } else if text.chars().all(is_printable) {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        yaml_quoted(text)
    }
}

/// A string in double quotes: as in JSON, and what only JSON lets stand for itself is escaped too.
fn yaml_quoted(text: &str) -> String {
    let mut quoted = String::new();
    for letter in json_string(text).chars() {
        if is_printable(letter) {
            quoted.push(letter);
        } else {
            // All of these are among the first 65,536.
            let _ = write!(quoted, "\\u{:04x}", u32::from(letter));
        }
    }
    quoted
}

fn is_printable(letter: char) -> bool {
    !letter.is_control() && !matches!(letter, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use crate::{Document, Format};

    /// Both texts mean the same, and each is what the other becomes.
    fn check(json: &str, yaml: &str) {
        let from_json = Document::parse(json, Format::Json).expect(json);
        let from_yaml = Document::parse(yaml, Format::Yaml).unwrap_or_else(|error| panic!("{error}\n{yaml}"));
        assert_eq!(from_json.to_value(), from_yaml.to_value());
        assert_eq!(from_json.to_yaml(), yaml);
        assert_eq!(from_yaml.to_json(), json);
        assert_eq!(from_json.to_json(), json);
        assert_eq!(from_yaml.to_yaml(), yaml);
    }

    #[test]
    fn order_and_spelling_survive() {
        check(
            "{\n  \"Retry\": [],\n  \"Assign\": {},\n  \"b\": [\n    1.0,\n    1e2,\n    null\n  ],\n  \"a\": [\n    [\n      {\n        \"x\": true,\n        \"z\": []\n      }\n    ]\n  ]\n}",
            "Retry: []\nAssign: {}\nb:\n  - 1.0\n  - 1e2\n  - null\na:\n  - - x: true\n      z: []\n",
        );
    }

    #[test]
    fn strings_stay_strings() {
        check(
            r#"[
  "$.a",
  "{% $x %}",
  "true",
  "1",
  "yes",
  "",
  "it's: so",
  "a #b",
  "- a",
  "a:",
  "arn:aws:states:::lambda:invoke",
  "line\nline\n",
  "line\n\n  line",
  " a\nb",
  "\u0000\t",
  "${Name}",
  "~",
  "2024-01-01",
  "é"
]"#,
            "- $.a\n- '{% $x %}'\n- 'true'\n- '1'\n- 'yes'\n- ''\n- 'it''s: so'\n- 'a #b'\n- '- a'\n- 'a:'\n- arn:aws:states:::lambda:invoke\n- |\n  line\n  line\n- |-\n  line\n\n    line\n- \" a\\nb\"\n- \"\\u0000\\t\"\n- ${Name}\n- '~'\n- '2024-01-01'\n- é\n",
        );
    }

    #[test]
    fn texts_of_any_characters_and_lines_stay_what_they_are() {
        for text in [
            "a\n",
            "a",
            "a\n\n",
            "a\nb\n\n\n",
            "a\n \nb",
            "a\n\tb",
            "a\r\nb",
            "\u{7f}",
            "a\u{85}\n\u{9f}\u{a0}",
            "\u{2028}\u{feff}\u{fffe}\u{ffff}\u{10ffff}",
        ] {
            for place in ["{\"x\": T, \"y\": {\"z\": T}}", "[T, [T], {\"x\": T}]", "T"] {
                let json = place.replace('T', &crate::Value::from(text).to_string());
                let document = Document::parse(&*json, Format::Json).expect(&json);
                let yaml = document.to_yaml();
                let again =
                    Document::parse(&*yaml, Format::Yaml).unwrap_or_else(|error| panic!("{error}\n{yaml}"));
                assert_eq!(again.to_value(), document.to_value(), "{yaml:?}");
            }
        }
    }
}
