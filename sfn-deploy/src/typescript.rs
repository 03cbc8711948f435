//! A TypeScript value and its text, laid out as formatters do. Separate because it knows nothing of templates.

/// An expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ts {
    /// A quoted text.
    Text(String),
    /// Anything else that stands on one line.
    Bare(String),
    List(Vec<Ts>),
    Object(Vec<(String, Ts)>),
    /// A call, or a construction; its last argument may take several lines.
    Call(String, Vec<Ts>),
}

pub(crate) fn text(text: impl Into<String>) -> Ts {
    Ts::Text(text.into())
}

pub(crate) fn bare(text: impl Into<String>) -> Ts {
    Ts::Bare(text.into())
}

/// The text of an expression that begins somewhere on a line which is indented that deep.
pub(crate) fn written(value: &Ts, depth: usize) -> String {
    match value {
        Ts::Text(text) => quoted(text),
        Ts::Bare(text) => text.clone(),
        Ts::List(items) => block(items.iter().map(|item| written(item, depth + 1)), ['[', ']'], depth),
        Ts::Object(members) => {
            let members =
                members.iter().map(|(name, value)| format!("{name}: {}", written(value, depth + 1)));
            block(members, ['{', '}'], depth)
        }
        Ts::Call(head, arguments) => {
            let arguments: Vec<String> = arguments.iter().map(|argument| written(argument, depth)).collect();
            format!("{head}({})", arguments.join(", "))
        }
    }
}

/// Members on lines of their own; without any, just the brackets.
fn block(members: impl Iterator<Item = String>, [open, close]: [char; 2], depth: usize) -> String {
    let lines: Vec<String> = members.map(|member| format!("{}{member},\n", indent(depth + 1))).collect();
    if lines.is_empty() {
        return format!("{open}{close}");
    }
    format!("{open}\n{}{}{close}", lines.concat(), indent(depth))
}

fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n");
    format!("'{escaped}'")
}

pub(crate) fn indent(depth: usize) -> String {
    "  ".repeat(depth)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_stand_on_lines_of_their_own() {
        let members = vec![("a".to_owned(), text("it's")), ("b".to_owned(), Ts::List(vec![bare("x")]))];
        let call =
            Ts::Call("new C".to_owned(), vec![bare("this"), Ts::Object(members), Ts::List(Vec::new())]);
        assert_eq!(
            written(&call, 1),
            "new C(this, {\n    a: 'it\\'s',\n    b: [\n      x,\n    ],\n  }, [])"
        );
    }
}
