//! The grammar: an operator-precedence parser from tokens to the tree as written.
//! Separate from resolving paths because here only precedence and punctuation matter.

use std::sync::Arc;

use super::Span;
use super::ast::BinaryOperator;
use super::signature::Signature;
use super::token::{Expect, Lexer, Operator, Token, TokenKind};
use super::tree::{Raw, RawKind, RawTerm};
use crate::error::ParseError;

/// The highest tree that is accepted; every walk over a tree recurses at most this deep.
const MAX_HEIGHT: u32 = 300;

/// The deepest nesting of brackets and prefixes that is accepted.
const MAX_NESTING: u32 = 120;

/// Reads a whole expression.
pub(super) fn parse(source: &str) -> Result<Raw, ParseError> {
    let mut lexer = Lexer::new(source);
    let token = lexer.next(Expect::Operand)?;
    let mut parser = Parser { lexer, token, nesting: 0 };
    let root = parser.expression(0)?;
    if !matches!(parser.token.kind, TokenKind::End) {
        let found = parser.token.describe();
        let message =
            format!("syntax error: found {found}, expected an operator or the end of the expression");
        return Err(ParseError::new("S0201", parser.token.span, message));
    }
    Ok(root)
}

struct Parser<'s> {
    lexer: Lexer<'s>,
    /// The token that comes next.
    token: Token,
    nesting: u32,
}

impl Parser<'_> {
    /// Reads an operand and every operator behind it that binds more strongly than `power`.
    fn expression(&mut self, power: u8) -> Result<Raw, ParseError> {
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            return Err(too_deep(self.token.span));
        }
        let token = self.advance(Expect::Operator)?;
        let mut left = self.operand(token)?;
        while let TokenKind::Operator(operator) = self.token.kind
            && power < operator.power()
        {
            let token = self.advance(Expect::Operand)?;
            left = self.continuation(left, operator, token.span)?;
            if left.height > MAX_HEIGHT {
                return Err(too_deep(left.span));
            }
        }
        self.nesting -= 1;
        Ok(left)
    }

    /// Takes the coming token and reads the one behind it.
    fn advance(&mut self, expect: Expect) -> Result<Token, ParseError> {
        let next = self.lexer.next(expect)?;
        if let TokenKind::Operator(operator @ (Operator::Bang | Operator::Tilde)) = next.kind {
            let text = operator.text();
            let message = format!("unknown operator `{text}`; did you mean `{}`?", suggestion(operator));
            return Err(ParseError::new("S0204", next.span, message));
        }
        Ok(std::mem::replace(&mut self.token, next))
    }

    fn is_at(&self, operator: Operator) -> bool {
        matches!(self.token.kind, TokenKind::Operator(found) if found == operator)
    }

    /// Takes the operator that must come next and returns its place.
    fn require(&mut self, operator: Operator, then: Expect) -> Result<Span, ParseError> {
        if self.is_at(operator) {
            return Ok(self.advance(then)?.span);
        }
        let expected = operator.text();
        if matches!(self.token.kind, TokenKind::End) {
            let message = format!("expected `{expected}` before the end of the expression");
            return Err(ParseError::new("S0203", self.token.span, message));
        }
        let message = format!("expected `{expected}`, found {}", self.token.describe());
        Err(ParseError::new("S0202", self.token.span, message))
    }

    fn operand(&mut self, token: Token) -> Result<Raw, ParseError> {
        let span = token.span;
        let kind = match token.kind {
            TokenKind::End => RawKind::End,
            TokenKind::Name(name) => RawKind::Name(name),
            TokenKind::Variable(name) => RawKind::Variable(name),
            TokenKind::String(text) => RawKind::String(text),
            TokenKind::Number(number) => RawKind::Number(number),
            TokenKind::Literal(value) => RawKind::Literal(value),
            TokenKind::Regex(pattern) => RawKind::Regex(pattern),
            TokenKind::Operator(operator) => return self.prefix(operator, span),
        };
        Ok(Raw::new(kind, span))
    }

    fn prefix(&mut self, operator: Operator, span: Span) -> Result<Raw, ParseError> {
        let kind = match operator {
            Operator::And | Operator::Or | Operator::In => RawKind::Name(operator.text().into()),
            Operator::Star => RawKind::Wildcard,
            Operator::StarStar => RawKind::Descendant,
            Operator::Percent => RawKind::Parent,
            Operator::Minus => {
                let inner = self.expression(70)?;
                let span = span.to(inner.span);
                return Ok(Raw::new(RawKind::Negate(Box::new(inner)), span));
            }
            Operator::OpenParen => return self.block(span),
            Operator::OpenBracket => return self.array(span),
            Operator::OpenBrace => {
                let (fields, end) = self.fields()?;
                return Ok(Raw::new(RawKind::Object(fields), span.to(end)));
            }
            Operator::Pipe => return self.transform(span),
            _ => {
                let message = format!("`{}` cannot stand where an operand is expected", operator.text());
                return Err(ParseError::new("S0211", span, message));
            }
        };
        Ok(Raw::new(kind, span))
    }

    fn continuation(&mut self, left: Raw, operator: Operator, span: Span) -> Result<Raw, ParseError> {
        if let Some(binary) = binary_operator(operator) {
            return self.infix(left, operator, |left, right| RawKind::Binary(binary, left, right));
        }
        match operator {
            Operator::Dot => self.infix(left, operator, RawKind::Step),
            Operator::Apply => self.infix(left, operator, RawKind::Apply),
            Operator::OpenParen => self.call(left),
            Operator::OpenBracket => self.filter(left),
            Operator::Caret => self.order(left),
            Operator::OpenBrace => {
                let start = left.span;
                let (fields, end) = self.fields()?;
                Ok(Raw::new(RawKind::Group(Box::new(left), fields), start.to(end)))
            }
            Operator::Assign => {
                if !matches!(left.kind, RawKind::Variable(_)) {
                    let message = "the left side of `:=` must be a variable (starting with `$`)";
                    return Err(ParseError::new("S0212", left.span, message));
                }
                // One less than its own power: the operator associates to the right.
                let right = self.expression(operator.power() - 1)?;
                let span = left.span.to(right.span);
                Ok(Raw::new(RawKind::Bind(Box::new(left), Box::new(right)), span))
            }
            Operator::Focus | Operator::Index => self.tuple_variable(left, operator),
            _ => self.condition(left, span),
        }
    }

    fn infix(
        &mut self,
        left: Raw,
        operator: Operator,
        kind: impl FnOnce(Box<Raw>, Box<Raw>) -> RawKind,
    ) -> Result<Raw, ParseError> {
        let right = self.expression(operator.power())?;
        let span = left.span.to(right.span);
        Ok(Raw::new(kind(Box::new(left), Box::new(right)), span))
    }

    fn tuple_variable(&mut self, left: Raw, operator: Operator) -> Result<Raw, ParseError> {
        let right = self.expression(operator.power())?;
        let span = left.span.to(right.span);
        let RawKind::Variable(name) = right.kind else {
            let text = operator.text();
            let message = format!("the right side of `{text}` must be a variable (starting with `$`)");
            return Err(ParseError::new("S0214", right.span, message));
        };
        let left = Box::new(left);
        let kind = match operator {
            Operator::Focus => RawKind::Focus(left, name),
            _ => RawKind::Index(left, name),
        };
        Ok(Raw::new(kind, span))
    }

    fn block(&mut self, start: Span) -> Result<Raw, ParseError> {
        let mut expressions = Vec::new();
        while !self.is_at(Operator::CloseParen) {
            expressions.push(self.expression(0)?);
            if !self.is_at(Operator::Semicolon) {
                break;
            }
            self.advance(Expect::Operand)?;
        }
        let end = self.require(Operator::CloseParen, Expect::Operator)?;
        Ok(Raw::new(RawKind::Block(expressions), start.to(end)))
    }

    fn array(&mut self, start: Span) -> Result<Raw, ParseError> {
        let mut items = Vec::new();
        if !self.is_at(Operator::CloseBracket) {
            loop {
                let mut item = self.expression(0)?;
                if self.is_at(Operator::Range) {
                    self.advance(Expect::Operand)?;
                    let last = self.expression(0)?;
                    let span = item.span.to(last.span);
                    let kind = RawKind::Binary(BinaryOperator::Range, Box::new(item), Box::new(last));
                    item = Raw::new(kind, span);
                }
                items.push(item);
                if !self.is_at(Operator::Comma) {
                    break;
                }
                self.advance(Expect::Operand)?;
            }
        }
        let end = self.require(Operator::CloseBracket, Expect::Operator)?;
        Ok(Raw::new(RawKind::Array(items), start.to(end)))
    }

    fn fields(&mut self) -> Result<(Vec<(Raw, Raw)>, Span), ParseError> {
        let mut fields = Vec::new();
        if !self.is_at(Operator::CloseBrace) {
            loop {
                let name = self.expression(0)?;
                self.require(Operator::Colon, Expect::Operand)?;
                let value = self.expression(0)?;
                fields.push((name, value));
                if !self.is_at(Operator::Comma) {
                    break;
                }
                self.advance(Expect::Operand)?;
            }
        }
        let end = self.require(Operator::CloseBrace, Expect::Operator)?;
        Ok((fields, end))
    }

    fn transform(&mut self, start: Span) -> Result<Raw, ParseError> {
        let pattern = Box::new(self.expression(0)?);
        self.require(Operator::Pipe, Expect::Operand)?;
        let update = Box::new(self.expression(0)?);
        let mut delete = None;
        if self.is_at(Operator::Comma) {
            self.advance(Expect::Operand)?;
            delete = Some(Box::new(self.expression(0)?));
        }
        let end = self.require(Operator::Pipe, Expect::Operand)?;
        Ok(Raw::new(RawKind::Transform { pattern, update, delete }, start.to(end)))
    }

    fn filter(&mut self, mut left: Raw) -> Result<Raw, ParseError> {
        let start = left.span;
        if self.is_at(Operator::CloseBracket) {
            let end = self.advance(Expect::Operand)?.span;
            let mut kept = &mut left;
            while let Raw { kind: RawKind::Filter(inner, _), .. } = kept {
                kept = inner;
            }
            kept.keep_array = true;
            left.span = start.to(end);
            return Ok(left);
        }
        let predicate = self.expression(Operator::CloseBracket.power())?;
        let end = self.require(Operator::CloseBracket, Expect::Operator)?;
        Ok(Raw::new(RawKind::Filter(Box::new(left), Box::new(predicate)), start.to(end)))
    }

    fn order(&mut self, left: Raw) -> Result<Raw, ParseError> {
        let start = left.span;
        self.require(Operator::OpenParen, Expect::Operand)?;
        let mut terms = Vec::new();
        loop {
            let descending = self.is_at(Operator::Greater);
            if descending || self.is_at(Operator::Less) {
                self.advance(Expect::Operand)?;
            }
            terms.push(RawTerm { descending, expression: self.expression(0)? });
            if !self.is_at(Operator::Comma) {
                break;
            }
            self.advance(Expect::Operand)?;
        }
        let end = self.require(Operator::CloseParen, Expect::Operand)?;
        Ok(Raw::new(RawKind::Order(Box::new(left), terms), start.to(end)))
    }

    fn condition(&mut self, left: Raw, question: Span) -> Result<Raw, ParseError> {
        self.refuse_later_operator(question)?;
        let start = left.span;
        let then = self.expression(0)?;
        let mut end = then.span;
        let mut otherwise = None;
        if self.is_at(Operator::Colon) {
            self.advance(Expect::Operand)?;
            let node = self.expression(0)?;
            end = node.span;
            otherwise = Some(Box::new(node));
        }
        Ok(Raw::new(RawKind::Condition(Box::new(left), Box::new(then), otherwise), start.to(end)))
    }

    /// `??` and `?:` came with later versions of the language than the service speaks.
    fn refuse_later_operator(&self, question: Span) -> Result<(), ParseError> {
        if self.token.span.start != question.end {
            return Ok(());
        }
        let (operator, instead) = match self.token.kind {
            TokenKind::Operator(Operator::Question) => ("??", "$exists(x) ? x : y"),
            TokenKind::Operator(Operator::Colon) => ("?:", "x ? x : y"),
            _ => return Ok(()),
        };
        let message = format!(
            "the operator `{operator}` is not part of JSONata 2.0.6, the version of Step Functions; write `{instead}`"
        );
        Err(ParseError::new("S0211", question.to(self.token.span), message))
    }

    fn call(&mut self, procedure: Raw) -> Result<Raw, ParseError> {
        let start = procedure.span;
        let mut arguments = Vec::new();
        if !self.is_at(Operator::CloseParen) {
            loop {
                if self.is_at(Operator::Question) {
                    self.advance(Expect::Operand)?;
                    arguments.push(None);
                } else {
                    arguments.push(Some(self.expression(0)?));
                }
                if !self.is_at(Operator::Comma) {
                    break;
                }
                self.advance(Expect::Operand)?;
            }
        }
        let end = self.require(Operator::CloseParen, Expect::Operator)?;
        let is_lambda = matches!(&procedure.kind, RawKind::Name(name) if matches!(&**name, "function" | "λ"));
        if is_lambda {
            return self.lambda(start, arguments);
        }
        Ok(Raw::new(RawKind::Call(Box::new(procedure), arguments), start.to(end)))
    }

    fn lambda(&mut self, start: Span, arguments: Vec<Option<Raw>>) -> Result<Raw, ParseError> {
        let parameters = arguments.into_iter().enumerate().map(|(at, argument)| match argument {
            Some(Raw { kind: RawKind::Variable(name), .. }) => Ok(name),
            other => {
                let span = other.map_or(start, |raw| raw.span);
                let message = format!("parameter {} must be a variable (starting with `$`)", at + 1);
                Err(ParseError::new("S0208", span, message))
            }
        });
        let parameters = parameters.collect::<Result<Vec<_>, _>>()?;
        let signature = if self.is_at(Operator::Less) { Some(self.signature()?) } else { None };
        self.require(Operator::OpenBrace, Expect::Operand)?;
        let body = Box::new(self.expression(0)?);
        let end = self.require(Operator::CloseBrace, Expect::Operand)?;
        Ok(Raw::new(RawKind::Lambda { parameters, signature, body }, start.to(end)))
    }

    /// Gathers the tokens of `<..>` back into text, which has a grammar of its own.
    fn signature(&mut self) -> Result<Signature, ParseError> {
        let start = self.token.span;
        let mut depth = 1_u32;
        let mut text = String::from("<");
        while depth > 0 && !self.is_at(Operator::OpenBrace) && !matches!(self.token.kind, TokenKind::End) {
            self.advance(Expect::Operand)?;
            match self.token.kind {
                TokenKind::Operator(Operator::Greater) => depth -= 1,
                TokenKind::Operator(Operator::Less) => depth += 1,
                _ => {}
            }
            text.push_str(&self.token.text());
        }
        let end = self.require(Operator::Greater, Expect::Operand)?;
        Signature::parse(&text).map_err(|error| {
            ParseError::new(error.code, start.to(end), format!("signature `{text}`: {}", error.message))
        })
    }
}

impl Token {
    fn text(&self) -> Arc<str> {
        match &self.kind {
            TokenKind::End => "".into(),
            TokenKind::Operator(operator) => operator.text().into(),
            TokenKind::Name(text) | TokenKind::Variable(text) | TokenKind::String(text) => Arc::clone(text),
            TokenKind::Number(number) => crate::value::shortest(*number).into(),
            TokenKind::Literal(value) => value.to_string().into(),
            TokenKind::Regex(pattern) => pattern.source().into(),
        }
    }

    fn describe(&self) -> String {
        match &self.kind {
            TokenKind::End => "the end of the expression".to_owned(),
            TokenKind::Variable(name) => format!("`${name}`"),
            TokenKind::String(text) => format!("the string `{text}`"),
            _ => format!("`{}`", self.text()),
        }
    }
}

fn binary_operator(operator: Operator) -> Option<BinaryOperator> {
    Some(match operator {
        Operator::Plus => BinaryOperator::Add,
        Operator::Minus => BinaryOperator::Subtract,
        Operator::Star => BinaryOperator::Multiply,
        Operator::Slash => BinaryOperator::Divide,
        Operator::Percent => BinaryOperator::Remainder,
        Operator::Equal => BinaryOperator::Equal,
        Operator::NotEqual => BinaryOperator::NotEqual,
        Operator::Less => BinaryOperator::Less,
        Operator::LessOrEqual => BinaryOperator::LessOrEqual,
        Operator::Greater => BinaryOperator::Greater,
        Operator::GreaterOrEqual => BinaryOperator::GreaterOrEqual,
        Operator::Ampersand => BinaryOperator::Concatenate,
        Operator::And => BinaryOperator::And,
        Operator::Or => BinaryOperator::Or,
        Operator::In => BinaryOperator::In,
        _ => return None,
    })
}

fn suggestion(operator: Operator) -> &'static str {
    if operator == Operator::Bang { "!=` or `$not(..)" } else { "~>" }
}

fn too_deep(span: Span) -> ParseError {
    ParseError::new(
        "S0900",
        span,
        "expression is nested too deeply; assign parts of it to variables in a block `( .. )`",
    )
}
