//! A tree as text again, in JSON or YAML, in the order it has and with the numbers as they are spelled.
//! Separate from the model because canonical order is the model's decision; the layout of a text is made here.

use super::tree::{Kind, NodeRef};
use super::yaml::is_plain_string;
use crate::Value;

/// JSON: two spaces, every element on its own line, no newline at the end.
pub(crate) fn json(node: NodeRef<'_>) -> String {
    let mut out = String::new();
    write_json(&mut out, node, 0);
    out
}

/// YAML: blocks with two spaces, strings without quotes where they cannot be taken for something else, a newline at
/// the end.
pub(crate) fn yaml(node: NodeRef<'_>) -> String {
    let mut out = String::new();
    write_yaml(&mut out, node, 0, Above::Nothing);
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out
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

fn write_yaml(out: &mut String, node: NodeRef<'_>, depth: usize, above: Above) {
    let children = match node.kind() {
        Kind::Array(children) | Kind::Object(children) | Kind::Opaque(_, children) if children.len() > 0 => {
            children
        }
        scalar => {
            if above == Above::Name {
                out.push(' ');
            }
            return write_yaml_scalar(out, node, scalar, depth);
        }
    };
    let is_array = matches!(node.kind(), Kind::Array(_));
    for (index, child) in node.children(children).enumerate() {
        // The first line of what a dash introduces stands behind the dash.
        if index > 0 || above == Above::Name {
            if !out.ends_with('\n') {
                out.push('\n');
            }
            indent(out, depth);
        }
        if is_array {
            out.push_str("- ");
            write_yaml(out, child, depth + 1, Above::Dash);
        } else {
            out.push_str(&yaml_name(child.name()));
            out.push(':');
            write_yaml(out, child, depth + 1, Above::Name);
        }
    }
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
        return out.push_str(&json_string(text));
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
        json_string(text)
    }
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
    fn a_text_of_several_lines_ends_as_it_did() {
        for text in ["a\n", "a", "a\n\n", "a\nb\n\n\n", "a\n \nb", "a\n\tb", "a\r\nb"] {
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
