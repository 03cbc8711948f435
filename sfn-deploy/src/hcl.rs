//! A Terraform file as a value with comments, and its text, laid out as `terraform fmt` does. Separate because it knows
//! nothing of templates.

use std::fmt::Write as _;

/// An expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Expr {
    /// A quoted text; `${..}` in it is filled in.
    Text(String),
    /// Anything else that stands on one line.
    Bare(String),
    List(Vec<Expr>),
    Object(Vec<(String, Expr)>),
    /// `templatefile`: a path and what is filled in.
    Filled(String, Vec<(String, Expr)>),
    /// `jsonencode` of an object.
    Encoded(Vec<(String, Expr)>),
}

/// What stands in a block or a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Item {
    Attribute(String, Expr),
    Block(Block),
    Comment(String),
}

/// A block: `kind "label" "label" { .. }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    head: String,
    body: Vec<Item>,
}

pub(crate) fn block(kind: &str, labels: &[&str], body: impl Into<Vec<Item>>) -> Item {
    let labels = labels.iter().map(|label| format!(" \"{label}\""));
    let head = [kind.to_owned()].into_iter().chain(labels).collect();
    Item::Block(Block { head, body: body.into() })
}

pub(crate) fn set(name: impl Into<String>, value: Expr) -> Item {
    Item::Attribute(name.into(), value)
}

pub(crate) fn comment(text: impl Into<String>) -> Item {
    Item::Comment(text.into())
}

/// A quoted text in which `${..}` is filled in.
pub(crate) fn text(text: impl Into<String>) -> Expr {
    Expr::Text(text.into())
}

/// A quoted text that stands for itself.
pub(crate) fn literal(text: &str) -> Expr {
    Expr::Text(text.replace("${", "$${").replace("%{", "%%{"))
}

pub(crate) fn bare(text: impl Into<String>) -> Expr {
    Expr::Bare(text.into())
}

/// A list of texts on one line.
pub(crate) fn row(texts: &[&str]) -> Expr {
    let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    Expr::Bare(format!("[{}]", texts.join(", ")))
}

/// The text of a file.
pub(crate) fn file(heading: &str, items: &[Item]) -> String {
    let mut text = String::new();
    for line in heading.lines() {
        let _ = writeln!(text, "{}", format!("# {line}").trim_end());
    }
    let mut after_comment = false;
    for item in items {
        text += if after_comment { "" } else { "\n" };
        write_items(&mut text, std::slice::from_ref(item), 0);
        after_comment = matches!(item, Item::Comment(_));
    }
    text
}

fn write_items(text: &mut String, items: &[Item], depth: usize) {
    let mut rest = items;
    let mut begun = false;
    while let Some(first) = rest.first() {
        match first {
            Item::Attribute(..) => {
                let aligned = rest.iter().take_while(|item| is_line(item)).count().max(1);
                write_attributes(text, &rest[..aligned], depth);
                rest = &rest[aligned..];
            }
            Item::Block(block) => {
                // A blank line before a block, unless it is the first thing or has a comment of its own above it.
                if depth > 0 && begun && !matches!(items[items.len() - rest.len() - 1], Item::Comment(_)) {
                    *text += "\n";
                }
                indent(text, depth);
                let _ = writeln!(text, "{} {{", block.head);
                write_items(text, &block.body, depth + 1);
                indent(text, depth);
                *text += "}\n";
                rest = &rest[1..];
            }
            Item::Comment(comment) => {
                if depth > 0 && begun {
                    *text += "\n";
                }
                for line in comment.lines() {
                    indent(text, depth);
                    let _ = writeln!(text, "# {line}");
                }
                rest = &rest[1..];
            }
        }
        begun = true;
    }
}

/// Whether an item is an attribute on one line, whose `=` stands below its neighbour's.
fn is_line(item: &Item) -> bool {
    matches!(item, Item::Attribute(_, value) if is_short(value))
}

fn is_short(value: &Expr) -> bool {
    match value {
        Expr::Text(_) | Expr::Bare(_) => true,
        Expr::List(items) => items.is_empty(),
        Expr::Object(members) => members.is_empty(),
        Expr::Filled(..) | Expr::Encoded(_) => false,
    }
}

fn write_attributes(text: &mut String, items: &[Item], depth: usize) {
    let attributes = items.iter().filter_map(|item| match item {
        Item::Attribute(name, value) => Some((name, value)),
        Item::Block(_) | Item::Comment(_) => None,
    });
    let width = attributes.clone().map(|(name, _)| name.len()).max().unwrap_or_default();
    for (name, value) in attributes {
        indent(text, depth);
        let _ = write!(text, "{name:width$} = ");
        write_expr(text, value, depth);
        *text += "\n";
    }
}

fn write_expr(text: &mut String, value: &Expr, depth: usize) {
    match value {
        Expr::Text(value) => *text += &quoted(value),
        Expr::Bare(value) => *text += value,
        Expr::List(items) if items.is_empty() => *text += "[]",
        Expr::List(items) => {
            *text += "[\n";
            for item in items {
                indent(text, depth + 1);
                write_expr(text, item, depth + 1);
                *text += ",\n";
            }
            indent(text, depth);
            *text += "]";
        }
        Expr::Object(members) if members.is_empty() => *text += "{}",
        Expr::Object(members) => write_object(text, members, depth),
        Expr::Filled(path, members) => {
            let _ = write!(text, "templatefile({}, ", quoted(path));
            write_object(text, members, depth);
            *text += ")";
        }
        Expr::Encoded(members) => {
            *text += "jsonencode(";
            write_object(text, members, depth);
            *text += ")";
        }
    }
}

fn write_object(text: &mut String, members: &[(String, Expr)], depth: usize) {
    *text += "{\n";
    let items: Vec<Item> = members.iter().map(|(name, value)| set(key(name), value.clone())).collect();
    write_items(text, &items, depth + 1);
    indent(text, depth);
    *text += "}";
}

/// A key as it is where it is an identifier, or else in quotes.
fn key(name: &str) -> String {
    let is_identifier = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|character| character.is_ascii_alphanumeric() || "_-".contains(character));
    if is_identifier { name.to_owned() } else { quoted(name) }
}

/// A text in quotes. What stands in `${..}` is an expression, whose own quotes stay as they are.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_escaped = quoted.ends_with('$');
        if !is_escaped
            && rest.starts_with("${")
            && let Some(end) = rest.find('}')
        {
            quoted += &rest[..=end];
            rest = &rest[end + 1..];
            continue;
        }
        match first {
            '"' => quoted += "\\\"",
            '\\' => quoted += "\\\\",
            '\n' => quoted += "\\n",
            other => quoted.push(other),
        }
        rest = &rest[first.len_utf8()..];
    }
    quoted + "\""
}

fn indent(text: &mut String, depth: usize) {
    text.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_aligned_and_blocks_stand_apart() {
        let body = [
            set("a", bare("1")),
            set("long", text("say \"${x[\"y\"]}\"")),
            set("list", Expr::List(vec![bare("2")])),
            set("n", literal("${no}")),
            block("inner", &[], [set("b", row(&["c"]))]),
        ];
        let expected = "# Title\n\nresource \"x\" \"y\" {\n  a    = 1\n  long = \"say \\\"${x[\"y\"]}\\\"\"\n  list = [\n    2,\n  ]\n  \
                        n = \"$${no}\"\n\n  inner {\n    b = [\"c\"]\n  }\n}\n";
        assert_eq!(file("Title", &[block("resource", &["x", "y"], body)]), expected);
    }
}
