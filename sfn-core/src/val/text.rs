//! The methods of strings that mention each value once.
//! Separate from other methods because Rust counts bytes and JSONata characters, and each form here is exact in spite of it.

use serde_json::Value;

use super::{AnyVal, COUNT, Fault};
use crate::Shape;
use crate::ir::{Expr, ExprKind, Operator};

/// What Rust calls white space, as a class of a regular expression.
macro_rules! white {
    () => {
        r"[\t-\r \u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+"
    };
}

const START: &str = concat!("^", white!());
const END: &str = concat!(white!(), "$");
const BOTH: &str = concat!("^", white!(), "|", white!(), "$");

impl AnyVal {
    /// The bytes of a string: each that its percent-encoding writes with three characters counts for one.
    pub(super) fn bytes(&self) -> Self {
        let encoded = Expr::function("encodeUrlComponent", [self.expr.clone()]);
        let one_each = Expr::function("replace", [encoded, Expr::pattern("%.."), Expr::literal(".")]);
        self.derived(Expr::function("length", [one_each]), COUNT)
    }

    /// `chars().count()` of a string.
    ///
    /// ```
    /// use sfn_core::{Definition, Flow};
    ///
    /// let definition = Definition::from_flow("letters", "", |flow: &mut Flow| {
    ///     let name = flow.input::<String>("name").into_erased();
    ///     flow.succeed(name.char_count());
    /// });
    /// let text = definition.lower().unwrap().machine.to_json_pretty();
    /// assert!(text.contains("{% $length($states.input) %}"), "{text}");
    /// ```
    pub fn char_count(&self) -> Self {
        match &self.shape {
            Shape::String => self.derived(Expr::function("length", [self.expr.clone()]), COUNT),
            _ => self.refuse_method("chars"),
        }
    }

    /// `trim()` of a string.
    pub fn trim(&self) -> Self {
        self.without("trim", BOTH)
    }

    /// `trim_start()` of a string.
    pub fn trim_start(&self) -> Self {
        self.without("trim_start", START)
    }

    /// `trim_end()` of a string.
    pub fn trim_end(&self) -> Self {
        self.without("trim_end", END)
    }

    fn without(&self, method: &str, pattern: &'static str) -> Self {
        if !matches!(self.shape, Shape::String) {
            return self.refuse_method(method);
        }
        let arguments = [self.expr.clone(), Expr::pattern(pattern), Expr::literal("")];
        self.derived(Expr::function("replace", arguments), Shape::String)
    }

    /// `replace(from, to)` of a string, where `from` is a constant that is not empty.
    pub fn replace(&self, from: &Self, to: &Self) -> Self {
        if let Some(refused) = self.unless_parted("replace", from) {
            return refused;
        }
        let arguments = [self.expr.clone(), from.expr.clone(), to.expr.clone()];
        self.derived(Expr::function("replace", arguments), Shape::String).with_faults_of([to])
    }

    /// `split(separator)` of a string, where the separator is a constant that is not empty.
    pub fn split(&self, separator: &Self) -> Self {
        if let Some(refused) = self.unless_parted("split", separator) {
            return refused;
        }
        let parts = Expr::function("split", [self.expr.clone(), separator.expr.clone()]);
        Self::list(parts, Self::new(Expr::null(), Shape::String)).with_faults_of([self])
    }

    /// Why a string cannot be parted at a mark.
    pub(crate) fn unless_parted(&self, method: &str, mark: &Self) -> Option<Self> {
        if !matches!(self.shape, Shape::String) {
            return Some(self.refuse_method(method));
        }
        let constant = mark.as_literal().and_then(Value::as_str).is_some_and(|mark| !mark.is_empty());
        (!constant).then(|| {
            self.refuse(Fault::new(
                "unsupported-method",
                format!("`{method}` takes a constant string here, and no empty one"),
                "write the text out, or do it inside a task",
            ))
        })
    }

    /// `push_str(..)` and `push(..)`: the string with more text at its end.
    pub fn push_str(&self, more: &Self) -> Self {
        match &self.shape {
            Shape::String => super::concat(vec![self.clone(), more.clone()]),
            _ => self.refuse_method("push_str"),
        }
    }

    /// `{:>8}`: text of at least so many characters, the rest filled on the left or on the right.
    pub fn padded(&self, width: u32, fill: &str, align: Align) -> Self {
        let is_number = matches!(self.shape, Shape::Integer(_));
        if fill == "0" && matches!(self.shape, Shape::Integer(integer) if integer.signed) {
            return self.refuse(Fault::new(
                "unsupported-text",
                "a number that may be negative is filled up with zeros",
                "format an unsigned number, or format inside a task",
            ));
        }
        let text = self.to_text();
        if !text.faults.is_empty() {
            return text;
        }
        let left = matches!((align, is_number), (Align::Right, _) | (Align::Usual, true));
        let width = i64::from(width) * if left { -1 } else { 1 };
        let arguments = [text.expr.clone(), Expr::literal(width), Expr::literal(fill)];
        let arguments = arguments.into_iter().take(if fill == " " { 2 } else { 3 }).collect::<Vec<_>>();
        text.derived(Expr::function("pad", arguments), Shape::String)
    }

    /// A key by which JSONata, which compares UTF-16 units, orders strings as Rust does.
    pub(crate) fn ordinal(&self) -> Expr {
        match self.as_literal().and_then(Value::as_str) {
            Some(text) if text.is_ascii() => self.expr.clone(),
            _ => Expr::new(ExprKind::Ordinal(self.expr.clone())),
        }
    }

    /// `<` and its like on strings. Against a constant without the letters that UTF-16 orders otherwise, nothing is to be done.
    pub(super) fn text_order(&self, operator: Operator, other: &Self) -> Expr {
        let is_plain = |value: &Self| {
            let text = value.as_literal().and_then(Value::as_str);
            text.is_some_and(|text| text.chars().all(|letter| letter < '\u{D7FF}'))
        };
        if is_plain(self) || is_plain(other) {
            Expr::binary(operator, &self.expr, &other.expr)
        } else {
            Expr::binary(operator, &self.ordinal(), &other.ordinal())
        }
    }
}

/// On which side the text stands in a field that is wider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Numbers on the right, everything else on the left.
    Usual,
    /// `<`
    Left,
    /// `>`
    Right,
}
