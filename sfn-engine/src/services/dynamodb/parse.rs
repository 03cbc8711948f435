//! Reads condition and update expressions, names and values put in their places.
//! Separate because the syntax is one thing and what it means for an item is another.

use sfn_asl::Value;

use super::Refusal;
use super::expression::{Action, Comparison, Condition, Operand, Update};
use super::item::{Path, Step};

/// The longest expression the service takes, in bytes.
const EXPRESSION_BYTES: usize = 4_096;

/// How deep parentheses and functions may nest; nobody writes a tenth of it.
const DEPTH: usize = 64;

/// A parser at some place of an expression.
pub(super) struct Parser<'a> {
    /// The argument it came in.
    argument: &'static str,
    text: &'a str,
    /// What is still to be read: each token with where it begins.
    tokens: std::iter::Peekable<std::vec::IntoIter<(usize, &'a str)>>,
    arguments: &'a Value,
    depth: usize,
}

impl<'a> Parser<'a> {
    pub(super) fn new(argument: &'static str, text: &'a str, arguments: &'a Value) -> Result<Self, Refusal> {
        if text.len() > EXPRESSION_BYTES {
            return Err(Refusal::invalid(format!(
                "Invalid {argument}: Expression size has exceeded the maximum allowed size; expression size: {}",
                text.len()
            )));
        }
        Ok(Self { argument, text, tokens: tokens(text).into_iter().peekable(), arguments, depth: 0 })
    }

    pub(super) fn condition(mut self) -> Result<Condition, Refusal> {
        let condition = self.any_of()?;
        self.end().map(|()| condition)
    }

    pub(super) fn update(mut self) -> Result<Update, Refusal> {
        let mut update = Update::default();
        while self.peek().is_some() {
            let clause = self.next().to_ascii_uppercase();
            loop {
                let path = self.path()?;
                let action = match clause.as_str() {
                    "SET" => {
                        self.expect("=")?;
                        Action::Set(self.sum()?)
                    }
                    "REMOVE" => Action::Remove,
                    "ADD" => Action::Add(self.operand()?),
                    "DELETE" => Action::Delete(self.operand()?),
                    _ => return Err(self.syntax(&clause)),
                };
                update.actions.push((path, action));
                if !self.take(",") {
                    break;
                }
            }
        }
        Ok(update)
    }

    fn any_of(&mut self) -> Result<Condition, Refusal> {
        let mut condition = self.all_of()?;
        while self.take("OR") {
            condition = Condition::Or(Box::new(condition), Box::new(self.all_of()?));
        }
        Ok(condition)
    }

    fn all_of(&mut self) -> Result<Condition, Refusal> {
        let mut condition = self.negation()?;
        while self.take("AND") {
            condition = Condition::And(Box::new(condition), Box::new(self.negation()?));
        }
        Ok(condition)
    }

    fn negation(&mut self) -> Result<Condition, Refusal> {
        self.deeper(|parser| {
            if parser.take("NOT") {
                return Ok(Condition::Not(Box::new(parser.negation()?)));
            }
            if parser.take("(") {
                let condition = parser.any_of()?;
                return parser.expect(")").map(|()| condition);
            }
            parser.test()
        })
    }

    fn test(&mut self) -> Result<Condition, Refusal> {
        for name in ["attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains"]
        {
            if self.take(name) {
                return self.function(name);
            }
        }
        let one = self.operand()?;
        if self.take("BETWEEN") {
            let low = self.operand()?;
            self.expect("AND")?;
            return Ok(Condition::Between(one, low, self.operand()?));
        }
        if self.take("IN") {
            self.expect("(")?;
            let mut list = vec![self.operand()?];
            while self.take(",") {
                list.push(self.operand()?);
            }
            return self.expect(")").map(|()| Condition::In(one, list));
        }
        let comparison = match self.next() {
            "=" => Comparison::Equal,
            "<>" => Comparison::NotEqual,
            "<" => Comparison::Less,
            "<=" => Comparison::LessOrEqual,
            ">" => Comparison::Greater,
            ">=" => Comparison::GreaterOrEqual,
            other => return Err(self.syntax(other)),
        };
        Ok(Condition::Compare(one, comparison, self.operand()?))
    }

    fn function(&mut self, name: &str) -> Result<Condition, Refusal> {
        self.expect("(")?;
        let condition = match name {
            "attribute_exists" => Condition::Exists(self.path()?),
            "attribute_not_exists" => Condition::Not(Box::new(Condition::Exists(self.path()?))),
            "attribute_type" => {
                let path = self.path()?;
                self.expect(",")?;
                Condition::Type(path, self.operand()?)
            }
            _ => {
                let one = self.operand()?;
                self.expect(",")?;
                let other = self.operand()?;
                if name == "contains" {
                    Condition::Contains(one, other)
                } else {
                    Condition::BeginsWith(one, other)
                }
            }
        };
        self.expect(")").map(|()| condition)
    }

    fn sum(&mut self) -> Result<Operand, Refusal> {
        let one = self.operand()?;
        let is_minus = match self.peek() {
            Some("+") => false,
            Some("-") => true,
            _ => return Ok(one),
        };
        self.next();
        Ok(Operand::Sum { one: Box::new(one), other: Box::new(self.operand()?), is_minus })
    }

    fn operand(&mut self) -> Result<Operand, Refusal> {
        self.deeper(|parser| {
            if parser.take("if_not_exists") {
                parser.expect("(")?;
                let path = parser.path()?;
                parser.expect(",")?;
                let otherwise = parser.operand()?;
                return parser.expect(")").map(|()| Operand::IfNotExists(path, Box::new(otherwise)));
            }
            if parser.take("list_append") {
                parser.expect("(")?;
                let one = parser.operand()?;
                parser.expect(",")?;
                let other = parser.operand()?;
                return parser.expect(")").map(|()| Operand::ListAppend(Box::new(one), Box::new(other)));
            }
            if parser.take("size") {
                parser.expect("(")?;
                let path = parser.path()?;
                return parser.expect(")").map(|()| Operand::Size(path));
            }
            match parser.peek() {
                Some(token) if token.starts_with(':') => {
                    parser.next();
                    let value =
                        parser.arguments.get("ExpressionAttributeValues").and_then(|it| it.get(token));
                    let what = "value used in expression is not defined; attribute value";
                    value.cloned().map(Operand::Value).ok_or_else(|| parser.undefined(what, token))
                }
                _ => parser.path().map(Operand::Path),
            }
        })
    }

    fn path(&mut self) -> Result<Path, Refusal> {
        let name = self.name()?;
        let mut steps = Vec::new();
        loop {
            if self.take(".") {
                steps.push(Step::Name(self.name()?));
            } else if self.take("[") {
                let index = self.next();
                steps.push(Step::Index(index.parse().map_err(|_| self.syntax(index))?));
                self.expect("]")?;
            } else {
                return Ok(Path { name, steps });
            }
        }
    }

    fn name(&mut self) -> Result<String, Refusal> {
        let token = self.next();
        if token.starts_with('#') {
            let name =
                self.arguments.get("ExpressionAttributeNames").and_then(|names| names.get(token)?.as_str());
            let what = "name used in the document path is not defined; attribute name";
            return name.map(str::to_owned).ok_or_else(|| self.undefined(what, token));
        }
        let is_name = token.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
        if is_name { Ok(token.to_owned()) } else { Err(self.syntax(token)) }
    }

    fn deeper<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result<T, Refusal>) -> Result<T, Refusal> {
        if self.depth == DEPTH {
            let message = "The expression has redundant parentheses or is nested too deep";
            return Err(Refusal::invalid(format!("Invalid {}: {message}", self.argument)));
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    fn peek(&mut self) -> Option<&'a str> {
        self.tokens.peek().map(|(_, token)| *token)
    }

    fn next(&mut self) -> &'a str {
        self.tokens.next().map_or("", |(_, token)| token)
    }

    /// Takes the token if it comes next; words in any case.
    fn take(&mut self, token: &str) -> bool {
        self.tokens.next_if(|(_, next)| next.eq_ignore_ascii_case(token)).is_some()
    }

    fn expect(&mut self, token: &str) -> Result<(), Refusal> {
        if self.take(token) {
            return Ok(());
        }
        let found = self.next();
        Err(self.syntax(found))
    }

    fn end(&mut self) -> Result<(), Refusal> {
        match self.peek() {
            None => Ok(()),
            Some(token) => {
                self.next();
                Err(self.syntax(token))
            }
        }
    }

    /// The token that was just read does not belong there.
    fn syntax(&mut self, token: &str) -> Refusal {
        let end = self.tokens.peek().map_or(self.text.len(), |(place, _)| *place);
        let near = self.text[..end].trim_end();
        let start = near.char_indices().rev().nth(20).map_or(0, |(place, _)| place);
        let token = if token.is_empty() { "<EOF>" } else { token };
        let (argument, near) = (self.argument, &near[start..]);
        Refusal::invalid(format!("Invalid {argument}: Syntax error; token: \"{token}\", near: \"{near}\""))
    }

    fn undefined(&self, what: &str, token: &str) -> Refusal {
        Refusal::invalid(format!("Invalid {}: An expression attribute {what}: {token}", self.argument))
    }
}

fn tokens(text: &str) -> Vec<(usize, &str)> {
    let is_word = |letter: char| letter.is_alphanumeric() || "_:#".contains(letter);
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            first if is_word(first) => rest.find(|letter| !is_word(letter)).unwrap_or(rest.len()),
            '<' | '>' if rest[1..].starts_with(['=', '>']) => 2,
            first => first.len_utf8(),
        };
        tokens.push((text.len() - rest.len(), &rest[..length]));
        rest = rest[length..].trim_start();
    }
    tokens
}
