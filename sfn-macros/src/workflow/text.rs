//! An expression of the user on one line, spaced as rustfmt would.
//! Separate because `Comment`s and state names come from it, and token streams print with a space between all tokens.

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree, token_stream};

/// Rust text that depends on the tokens alone, not on how the user broke the lines. Of a call that is awaited in it the name
/// stands for the whole: what it is given is in the Task State.
pub(super) fn one_line(tokens: &TokenStream) -> String {
    let mut line = Line::default();
    line.write(tokens);
    line.text
}

#[derive(Default)]
struct Line {
    text: String,
    last: Last,
}

/// What the line ends with: that decides whether a space follows, and whether `-` is a sign.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Last {
    /// The start of the line or of a group, or a prefix like `&`, `!`, `.`.
    #[default]
    Prefix,
    /// A name, a literal, or a closed group.
    Operand,
    /// A word after which a group is no call: `if`.
    Keyword,
    /// A binary operator or a comma.
    Operator,
}

impl Line {
    fn write(&mut self, tokens: &TokenStream) {
        let mut tokens = tokens.clone().into_iter();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Group(group) => match behind_await(&tokens) {
                    Some(behind) => {
                        self.text.push_str("(..)");
                        self.last = Last::Operand;
                        tokens = behind;
                    }
                    None => self.group(&group),
                },
                TokenTree::Ident(name) => {
                    let name = name.to_string();
                    let keyword = matches!(name.as_str(), "if" | "else" | "match" | "return" | "in" | "let");
                    self.operand(&name, if keyword { Last::Keyword } else { Last::Operand });
                }
                TokenTree::Literal(literal) => self.operand(&literal.to_string(), Last::Operand),
                TokenTree::Punct(punct) => {
                    let mut operator = punct.as_char().to_string();
                    let mut spacing = punct.spacing();
                    while spacing == Spacing::Joint && !operator.ends_with(['?', '\'']) {
                        let mut ahead = tokens.clone();
                        let Some(TokenTree::Punct(next)) = ahead.next() else { break };
                        if !is_operator(&format!("{operator}{}", next.as_char())) {
                            break;
                        }
                        operator.push(next.as_char());
                        spacing = next.spacing();
                        tokens = ahead;
                    }
                    self.punctuation(&operator);
                }
            }
        }
    }

    fn operand(&mut self, text: &str, last: Last) {
        if self.last != Last::Prefix {
            self.text.push(' ');
        }
        self.text.push_str(text);
        self.last = last;
    }

    fn punctuation(&mut self, operator: &str) {
        let after_operand = self.last == Last::Operand;
        let spaced = !after_operand && self.last != Last::Prefix;
        match operator {
            "." | "::" | "?" | "!" if after_operand => {
                self.text.push_str(operator);
                self.last = if operator == "?" { Last::Operand } else { Last::Prefix };
            }
            "," | ";" => {
                self.text.push_str(operator);
                self.last = Last::Operator;
            }
            _ if after_operand => {
                self.text.push(' ');
                self.text.push_str(operator);
                self.last = Last::Operator;
            }
            _ => {
                if spaced {
                    self.text.push(' ');
                }
                self.text.push_str(operator);
                self.last = Last::Prefix;
            }
        }
    }

    fn group(&mut self, group: &Group) {
        let (open, close) = match group.delimiter() {
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::Bracket => ("[", "]"),
            Delimiter::Brace => ("{", "}"),
            Delimiter::None => ("", ""),
        };
        let braces = group.delimiter() == Delimiter::Brace;
        if matches!(self.last, Last::Operator | Last::Keyword) || braces && self.last == Last::Operand {
            self.text.push(' ');
        }
        self.text.push_str(open);
        self.last = if braces && !group.stream().is_empty() { Last::Operator } else { Last::Prefix };
        self.write(&group.stream());
        if braces && !group.stream().is_empty() {
            self.text.push(' ');
        }
        self.text.push_str(close);
        self.last = Last::Operand;
    }
}

/// What follows `.await?`, if that comes first.
fn behind_await(tokens: &token_stream::IntoIter) -> Option<token_stream::IntoIter> {
    let mut tokens = tokens.clone();
    let expected = [".", "await", "?"];
    let is_awaited =
        expected.iter().all(|text| tokens.next().is_some_and(|token| token.to_string() == *text));
    is_awaited.then_some(tokens)
}

fn is_operator(text: &str) -> bool {
    matches!(text, "&&" | "||" | "==" | "!=" | "<=" | ">=" | "::" | "=>" | "->" | ".." | "..=")
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[track_caller]
    fn check(rust: &str) {
        let tokens = rust.parse().unwrap();
        assert_eq!(one_line(&tokens), rust);
    }

    #[test]
    fn an_awaited_call_is_its_name() {
        let tokens = "status_of(&job, 3).await? == Status::Done && f(g(1).await?, x).id > 2".parse().unwrap();
        assert_eq!(one_line(&tokens), "status_of(..) == Status::Done && f(g(..), x).id > 2");
    }

    #[test]
    fn expressions_print_as_rustfmt_writes_them() {
        check("order.total_cents > 50_000");
        check("!approval.granted && order.lines.len() == 0");
        check("-x + -1 < a * (b - c)");
        check("limits::MAX >= &order.total || vec![1, 2] == x");
        check("order.pair.0 == \"a b\"");
        check("f(a, &b)? != if c { 1 } else { 2 }");
        check("order.kind.as_str()");
    }
}
