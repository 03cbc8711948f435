//! Splits the source into tokens, one at a time.
//! Separate from the grammar because only the grammar knows whether a `/` divides or opens a regular expression.

use std::sync::Arc;

use super::Span;
use super::pattern::Pattern;
use crate::error::ParseError;
use crate::value::Value;

/// A token and its place.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Span,
}

#[derive(Clone, Debug)]
pub(super) enum TokenKind {
    End,
    Operator(Operator),
    Name(Arc<str>),
    Variable(Arc<str>),
    String(Arc<str>),
    Number(f64),
    /// `true`, `false` or `null`.
    Literal(Value),
    Regex(Arc<Pattern>),
}

/// Whether the next token stands where an operand may begin or where an operator may follow.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Expect {
    Operand,
    Operator,
}

macro_rules! operators {
    ($($variant:ident $text:literal $power:literal,)*) => {
        /// An operator or a piece of punctuation.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Operator { $($variant,)* }

        impl Operator {
            /// As it is written.
            pub(super) fn text(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// How strongly it binds the operand to its left; 0 when it never follows an operand.
            pub(super) fn power(self) -> u8 {
                match self { $(Self::$variant => $power,)* }
            }
        }
    };
}

operators! {
    Dot "." 75,
    OpenBracket "[" 80,
    CloseBracket "]" 0,
    OpenBrace "{" 70,
    CloseBrace "}" 0,
    OpenParen "(" 80,
    CloseParen ")" 0,
    Comma "," 0,
    Focus "@" 80,
    Index "#" 80,
    Semicolon ";" 0,
    Colon ":" 0,
    Question "?" 20,
    Plus "+" 50,
    Minus "-" 50,
    Star "*" 60,
    Slash "/" 60,
    Percent "%" 60,
    Pipe "|" 0,
    Equal "=" 40,
    Less "<" 40,
    Greater ">" 40,
    Caret "^" 40,
    StarStar "**" 0,
    Range ".." 0,
    Assign ":=" 10,
    NotEqual "!=" 40,
    LessOrEqual "<=" 40,
    GreaterOrEqual ">=" 40,
    Apply "~>" 40,
    And "and" 30,
    Or "or" 25,
    In "in" 40,
    Ampersand "&" 50,
    Bang "!" 0,
    Tilde "~" 0,
}

impl Operator {
    fn double(bytes: [u8; 2]) -> Option<Self> {
        Some(match &bytes {
            b".." => Self::Range,
            b":=" => Self::Assign,
            b"!=" => Self::NotEqual,
            b">=" => Self::GreaterOrEqual,
            b"<=" => Self::LessOrEqual,
            b"**" => Self::StarStar,
            b"~>" => Self::Apply,
            _ => return None,
        })
    }

    const fn single(byte: u8) -> Option<Self> {
        Some(match byte {
            b'.' => Self::Dot,
            b'[' => Self::OpenBracket,
            b']' => Self::CloseBracket,
            b'{' => Self::OpenBrace,
            b'}' => Self::CloseBrace,
            b'(' => Self::OpenParen,
            b')' => Self::CloseParen,
            b',' => Self::Comma,
            b'@' => Self::Focus,
            b'#' => Self::Index,
            b';' => Self::Semicolon,
            b':' => Self::Colon,
            b'?' => Self::Question,
            b'+' => Self::Plus,
            b'-' => Self::Minus,
            b'*' => Self::Star,
            b'/' => Self::Slash,
            b'%' => Self::Percent,
            b'|' => Self::Pipe,
            b'=' => Self::Equal,
            b'<' => Self::Less,
            b'>' => Self::Greater,
            b'^' => Self::Caret,
            b'&' => Self::Ampersand,
            b'!' => Self::Bang,
            b'~' => Self::Tilde,
            _ => return None,
        })
    }
}

/// Reads tokens from the source.
pub(super) struct Lexer<'s> {
    source: &'s str,
    at: usize,
}

impl<'s> Lexer<'s> {
    pub(super) fn new(source: &'s str) -> Self {
        Self { source, at: 0 }
    }

    /// The next token; [`TokenKind::End`] again and again at the end.
    pub(super) fn next(&mut self, expect: Expect) -> Result<Token, ParseError> {
        self.skip_blanks()?;
        let start = self.at;
        let kind = match self.byte(0) {
            None => TokenKind::End,
            Some(b'/') if expect == Expect::Operand => self.regex()?,
            Some(quote @ (b'"' | b'\'')) => self.string(quote)?,
            Some(b'0'..=b'9') => self.number()?,
            Some(b'`') => self.quoted_name()?,
            Some(byte) => self.operator_or_name(byte),
        };
        Ok(Token { kind, span: self.span_from(start) })
    }

    fn byte(&self, ahead: usize) -> Option<u8> {
        self.source.as_bytes().get(self.at + ahead).copied()
    }

    fn span_from(&self, start: usize) -> Span {
        span(start, self.at)
    }

    fn skip_blanks(&mut self) -> Result<(), ParseError> {
        loop {
            while self.byte(0).is_some_and(is_blank) {
                self.at += 1;
            }
            if !(self.byte(0) == Some(b'/') && self.byte(1) == Some(b'*')) {
                return Ok(());
            }
            let Some(length) = self.source[self.at + 2..].find("*/") else {
                let message = "comment has no closing `*/`";
                return Err(ParseError::new("S0106", span(self.at, self.source.len()), message));
            };
            self.at += length + 4;
        }
    }

    fn operator_or_name(&mut self, byte: u8) -> TokenKind {
        if let Some(operator) = self.byte(1).and_then(|next| Operator::double([byte, next])) {
            self.at += 2;
            return TokenKind::Operator(operator);
        }
        if let Some(operator) = Operator::single(byte) {
            self.at += 1;
            return TokenKind::Operator(operator);
        }
        let rest = &self.source[self.at..];
        let length = rest.bytes().position(|byte| ENDS_NAME[usize::from(byte)]).unwrap_or(rest.len());
        self.at += length;
        match &rest[..length] {
            "and" => TokenKind::Operator(Operator::And),
            "or" => TokenKind::Operator(Operator::Or),
            "in" => TokenKind::Operator(Operator::In),
            "true" => TokenKind::Literal(Value::Bool(true)),
            "false" => TokenKind::Literal(Value::Bool(false)),
            "null" => TokenKind::Literal(Value::Null),
            word => match word.strip_prefix('$') {
                Some(name) => TokenKind::Variable(name.into()),
                None => TokenKind::Name(word.into()),
            },
        }
    }

    fn quoted_name(&mut self) -> Result<TokenKind, ParseError> {
        let start = self.at;
        let rest = &self.source[start + 1..];
        let Some(length) = rest.find('`') else {
            let message = "quoted name has no closing backquote";
            return Err(ParseError::new("S0105", span(start, self.source.len()), message));
        };
        self.at = start + length + 2;
        Ok(TokenKind::Name(rest[..length].into()))
    }

    fn number(&mut self) -> Result<TokenKind, ParseError> {
        let start = self.at;
        self.at += 1;
        if self.source.as_bytes()[start] != b'0' {
            self.digits();
        }
        if self.byte(0) == Some(b'.') && self.byte(1).is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
            self.digits();
        }
        if matches!(self.byte(0), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(self.byte(1), Some(b'+' | b'-')));
            if self.byte(1 + sign).is_some_and(|byte| byte.is_ascii_digit()) {
                self.at += 1 + sign;
                self.digits();
            }
        }
        let text = &self.source[start..self.at];
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(TokenKind::Number(number)),
            _ => Err(ParseError::new(
                "S0102",
                self.span_from(start),
                format!("number out of range: `{text}`, expected at most about 1.8e308"),
            )),
        }
    }

    fn digits(&mut self) {
        while self.byte(0).is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
    }

    fn string(&mut self, quote: u8) -> Result<TokenKind, ParseError> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = &self.source[self.at..];
            let Some(length) = rest.bytes().position(|byte| byte == quote || byte == b'\\') else {
                let message = "string has no closing quote";
                return Err(ParseError::new("S0101", span(start, self.source.len()), message));
            };
            text.push_str(&rest[..length]);
            self.at += length;
            if self.byte(0) == Some(quote) {
                self.at += 1;
                return Ok(TokenKind::String(text.into()));
            }
            self.escape(&mut text)?;
        }
    }

    /// Reads one escape sequence. A lone surrogate, which no Rust string holds, becomes U+FFFD.
    fn escape(&mut self, text: &mut String) -> Result<(), ParseError> {
        let start = self.at;
        let escaped = self.source[start + 1..].chars().next();
        self.at += 1 + escaped.map_or(0, char::len_utf8);
        let plain = match escaped {
            Some(same @ ('"' | '\\' | '/')) => same,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => {
                let unit = self.code_unit(start)?;
                self.surrogate_pair(unit).or_else(|| char::from_u32(u32::from(unit))).unwrap_or('\u{fffd}')
            }
            Some(other) => {
                let message = format!(
                    "unsupported escape `\\{other}`, expected one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u"
                );
                return Err(ParseError::new("S0103", self.span_from(start), message));
            }
            None => {
                let message = "string has no closing quote";
                return Err(ParseError::new("S0101", self.span_from(start), message));
            }
        };
        text.push(plain);
        Ok(())
    }

    fn code_unit(&mut self, start: usize) -> Result<u16, ParseError> {
        let digits = self.source.get(self.at..self.at + 4);
        let unit = digits
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .and_then(|digits| u16::from_str_radix(digits, 16).ok());
        let Some(unit) = unit else {
            let message = "`\\u` must be followed by 4 hexadecimal digits";
            return Err(ParseError::new("S0104", self.span_from(start), message));
        };
        self.at += 4;
        Ok(unit)
    }

    /// The character of a surrogate pair whose first half was just read, when the second half follows.
    fn surrogate_pair(&mut self, high: u16) -> Option<char> {
        if !(0xd800..0xdc00).contains(&high) {
            return None;
        }
        let digits = self.source.get(self.at..self.at + 6)?.strip_prefix("\\u")?;
        let low = u16::from_str_radix(digits, 16).ok()?;
        let character = char::decode_utf16([high, low]).next()?.ok()?;
        self.at += 6;
        Some(character)
    }

    fn regex(&mut self) -> Result<TokenKind, ParseError> {
        let start = self.at;
        let bytes = self.source.as_bytes();
        let mut depth = 0_i32;
        let mut at = start + 1;
        let end = loop {
            let Some(byte) = bytes.get(at) else {
                let message = "regular expression has no closing `/`";
                return Err(ParseError::new("S0302", span(start, self.source.len()), message));
            };
            match byte {
                b'/' if depth == 0 && !is_escaped(bytes, at) => break at,
                b'(' | b'[' | b'{' if bytes[at - 1] != b'\\' => depth += 1,
                b')' | b']' | b'}' if bytes[at - 1] != b'\\' => depth -= 1,
                _ => {}
            }
            at += 1;
        };
        self.at = end + 1;
        let source = &self.source[start + 1..end];
        if source.is_empty() {
            let message = "regular expression is empty";
            return Err(ParseError::new("S0301", self.span_from(start), message));
        }
        while matches!(self.byte(0), Some(b'i' | b'm')) {
            self.at += 1;
        }
        let flags = &self.source[end + 1..self.at];
        let pattern = Pattern::new(source, flags).map_err(|reason| {
            let message = format!("regular expression `/{source}/{flags}` is not valid: {reason}");
            ParseError::new("S0303", self.span_from(start), message)
        })?;
        Ok(TokenKind::Regex(Arc::new(pattern)))
    }
}

/// By byte, whether a name that is not quoted ends before it.
const ENDS_NAME: [bool; 256] = {
    let mut ends = [false; 256];
    let mut byte = u8::MAX;
    while byte > 0 {
        ends[byte as usize] = is_blank(byte) || Operator::single(byte).is_some();
        byte -= 1;
    }
    ends
};

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b)
}

/// Whether an odd number of backslashes stands before this byte.
fn is_escaped(bytes: &[u8], at: usize) -> bool {
    bytes[..at].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
}

fn span(start: usize, end: usize) -> Span {
    let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span { start: narrow(start), end: narrow(end) }
}
