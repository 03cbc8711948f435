//! Arithmetic, comparison, logic and text on symbolic values, where JSONata and Rust agree.
//! Separate because each operation is the same question: which shapes give the same answer in both languages.

use serde_json::Value;

use super::describe;
use super::{AnyVal, Fault, Inside};
use crate::Shape;
use crate::ir::{Expr, ExprKind, Operator};
use crate::shape::{Content, Enumeration, Integer, Tagging};

macro_rules! operators {
    ($($(#[$doc:meta])* $name:ident = $operator:ident by $rule:ident;)+) => {$(
        $(#[$doc])*
        pub fn $name(&self, other: &Self) -> Self {
            self.$rule(Operator::$operator, other)
        }
    )+};
}

impl AnyVal {
    operators! {
        /// `+` on numbers; on strings, one after the other.
        add = Add by arithmetic;
        /// `-`
        sub = Subtract by arithmetic;
        /// `*`
        mul = Multiply by arithmetic;
        /// `/`, which truncates toward zero on integers.
        div = Divide by arithmetic;
        /// `%`, with the sign of the dividend.
        rem = Remainder by arithmetic;
        /// `==`
        eq = Equal by equality;
        /// `!=`
        ne = NotEqual by equality;
        /// `<`
        lt = Less by order;
        /// `<=`
        le = LessOrEqual by order;
        /// `>`
        gt = Greater by order;
        /// `>=`
        ge = GreaterOrEqual by order;
        /// `&&`
        and = And by logic;
        /// `||`
        or = Or by logic;
    }

    /// `!`
    pub fn not(&self) -> Self {
        if let Some(fault) = self.unless_bool("!") {
            return self.refuse(fault);
        }
        if let Some(holds) = self.as_literal().and_then(Value::as_bool) {
            return Self::constant((!holds).into(), Shape::Bool);
        }
        Self::new(self.expr.not(), Shape::Bool).with_faults_of([self])
    }

    /// Unary `-`.
    pub fn neg(&self) -> Self {
        if let Some(value) = self.as_literal().and_then(Value::as_i64).and_then(i64::checked_neg) {
            return Self::constant(value.into(), self.shape.clone());
        }
        if let Some(fault) = refused_number(self, "-") {
            return self.refuse(fault);
        }
        Self::new(Expr::new(ExprKind::Negate(self.expr.clone())), self.shape.clone()).with_faults_of([self])
    }

    /// `to_string()` of a string, a boolean, or an integer of at most 32 bits.
    ///
    /// ```
    /// use sfn_core::literal;
    ///
    /// assert_eq!(literal(7_u8).to_text().as_literal().unwrap(), "7");
    /// ```
    pub fn to_text(&self) -> Self {
        if matches!(self.shape, Shape::String) {
            return self.clone();
        }
        if matches!(self.shape, Shape::Timestamp) {
            return self.derived(self.expr.clone(), Shape::String);
        }
        match self.as_literal() {
            Some(literal @ (Value::Bool(_) | Value::Number(_))) if !matches!(self.shape, Shape::Float) => {
                return Self::constant(literal.to_string().into(), Shape::String);
            }
            _ => {}
        }
        if let Some(fault) = self.unless_text() {
            return self.refuse(fault);
        }
        Self::new(Expr::new(ExprKind::Text(self.expr.clone())), Shape::String).with_faults_of([self])
    }

    /// Why this value has no text that is the same in Rust and in JSONata.
    pub(super) fn unless_text(&self) -> Option<Fault> {
        let (reason, help) = match &self.shape {
            Shape::String | Shape::Bool | Shape::Timestamp => return None,
            Shape::Integer(integer) if integer.bits <= 32 || self.as_literal().is_some() => return None,
            Shape::Integer(_) => (
                "JSONata rounds numbers of more than 15 digits when it writes them",
                "use an integer of at most 32 bits, or write the text inside a task",
            ),
            Shape::Float | Shape::Float32 => {
                ("Rust and JSONata write floats differently", "write the text inside a task and return it")
            }
            _ => ("a workflow does not know its `Display`", "write the text inside a task and return it"),
        };
        let what = describe::shape(&self.shape);
        Some(Fault::new(
            "unsupported-text",
            format!("{what} cannot be turned into text here: {reason}"),
            help,
        ))
    }

    fn unless_bool(&self, operator: &str) -> Option<Fault> {
        let bool = matches!(self.shape, Shape::Bool);
        (!bool).then(|| {
            let what = describe::shape(&self.shape);
            Fault::new(
                "not-a-condition",
                format!("`{operator}` needs a `bool` and found {what}"),
                "compare the value with something",
            )
        })
    }

    fn arithmetic(&self, operator: Operator, other: &Self) -> Self {
        let both = [self, other];
        if let Some(never) = both.into_iter().find(|operand| operand.is_never()) {
            return never.clone();
        }
        if operator == Operator::Add && matches!(self.shape, Shape::String) {
            return super::concat(vec![self.clone(), other.clone()]);
        }
        if let Some(folded) = fold(operator, self, other) {
            return folded;
        }
        let typed = if self.as_literal().is_some() { other } else { self };
        let shape = typed.shape.clone();
        if let Some(fault) = both.iter().find_map(|operand| refused_operand(operand, operator)) {
            return self.refuse_pair(other, fault);
        }
        let expr = match (&shape, operator) {
            (Shape::Integer(Integer { signed, .. }), Operator::Divide) => Expr::new(ExprKind::Quotient {
                left: self.expr.clone(),
                right: other.expr.clone(),
                signed: *signed,
            }),
            _ => Expr::binary(operator, &self.expr, &other.expr),
        };
        Self::new(expr, shape).with_faults_of(both)
    }

    fn equality(&self, operator: Operator, other: &Self) -> Self {
        if let Some(compared) = self.moments(operator, other) {
            return compared;
        }
        let refused = [self, other].into_iter().find(|operand| !operand.has_equality());
        if let Some(operand) = refused {
            let what = describe::shape(&operand.shape);
            let fault = single_precision(&operand.shape, operator).unwrap_or_else(|| Fault::new(
                "unsupported-comparison",
                format!("{what} cannot be compared in a workflow"),
                "compare scalars, strings, enums without data, or options of these; or compare inside a task",
            ));
            return self.refuse_pair(other, fault);
        }
        if let (Some(one), Some(two)) = (self.as_literal(), other.as_literal())
            && one.is_number() == two.is_number()
            && !one.is_f64()
            && !two.is_f64()
        {
            let same = (one == two) == (operator == Operator::Equal);
            return Self::constant(same.into(), Shape::Bool).with_faults_of([self, other]);
        }
        let (left, right) = if operator == Operator::Equal {
            (unguarded(&self.expr, &other.expr), unguarded(&other.expr, &self.expr))
        } else {
            (self.expr.clone(), other.expr.clone())
        };
        Self::new(Expr::binary(operator, &left, &right), Shape::Bool).with_faults_of([self, other])
    }

    fn has_equality(&self) -> bool {
        match &self.inside {
            _ if self.expr.is_null() => true,
            Inside::Option(option) => option.held.has_equality(),
            Inside::Never => true,
            _ => has_equality(&self.shape),
        }
    }

    fn order(&self, operator: Operator, other: &Self) -> Self {
        if let Some(compared) = self.moments(operator, other) {
            return compared;
        }
        if let (Shape::String, Shape::String) = (&self.shape, &other.shape) {
            return Self::new(self.text_order(operator, other), Shape::Bool).with_faults_of([self, other]);
        }
        let refused = [self, other]
            .into_iter()
            .find(|operand| !matches!(operand.shape, Shape::Integer(_) | Shape::Float));
        if let Some(operand) = refused {
            let symbol = operator.rust();
            let what = describe::shape(&operand.shape);
            let fault = single_precision(&operand.shape, operator).unwrap_or_else(|| {
                Fault::new(
                    "unsupported-comparison",
                    format!("`{symbol}` on {what} would not order as Rust does"),
                    "compare numbers or strings, or compare inside a task",
                )
            });
            return self.refuse_pair(other, fault);
        }
        Self::new(Expr::binary(operator, &self.expr, &other.expr), Shape::Bool).with_faults_of([self, other])
    }

    fn logic(&self, operator: Operator, other: &Self) -> Self {
        let symbol = operator.rust();
        if let Some(fault) = self.unless_bool(symbol).or_else(|| other.unless_bool(symbol)) {
            return self.refuse_pair(other, fault);
        }
        // One that decides, or leaves it to the other.
        for (known, rest) in [(self, other), (other, self)] {
            if let Some(holds) = known.as_literal().and_then(Value::as_bool) {
                let decides = holds == (operator == Operator::Or);
                return if decides { known.clone() } else { rest.clone() }.with_faults_of([self, other]);
            }
        }
        Self::new(Expr::binary(operator, &self.expr, &other.expr), Shape::Bool).with_faults_of([self, other])
    }

    fn refuse_pair(&self, other: &Self, fault: Fault) -> Self {
        if self.is_never() || other.is_never() {
            return Self::never();
        }
        if self.faults.is_empty() && other.faults.is_empty() {
            return Self::poison(Shape::Any, fault);
        }
        Self::new(Expr::null(), Shape::Any).with_faults_of([self, other])
    }
}

impl Operator {
    /// The operator as Rust writes it.
    pub(crate) fn rust(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::In => "in",
            Self::And => "&&",
            Self::Or => "||",
        }
    }
}

/// Two whole constants calculated now, where Rust would not overflow.
fn fold(operator: Operator, left: &AnyVal, right: &AnyVal) -> Option<AnyVal> {
    let (a, b) = (left.as_literal()?.as_i64()?, right.as_literal()?.as_i64()?);
    let value = match operator {
        Operator::Divide => a.checked_div(b),
        _ => operator.of_whole_numbers(a, b),
    }?;
    Some(AnyVal::constant(value.into(), left.shape.clone()))
}

fn refused_operand(operand: &AnyVal, operator: Operator) -> Option<Fault> {
    let whole_literal = matches!(operand.shape, Shape::Integer(_)) && operand.as_literal().is_some();
    if whole_literal { None } else { refused_number(operand, operator.rust()) }
}

pub(super) fn refused_number(operand: &AnyVal, symbol: &str) -> Option<Fault> {
    let what = describe::shape(&operand.shape);
    match &operand.shape {
        Shape::Float => None,
        Shape::Integer(integer) if integer.bits <= 32 => None,
        Shape::Integer(_) | Shape::Float32 => Some(Fault::new(
            "unsupported-arithmetic",
            format!("`{symbol}` on {what} is not exact in a workflow: JSONata's numbers are doubles"),
            match &operand.shape {
                Shape::Float32 => "use an `f64`, or calculate inside a task",
                _ => "use an integer of at most 32 bits, or calculate inside a task",
            },
        )),
        _ => Some(Fault::new(
            "unsupported-arithmetic",
            format!("`{symbol}` on {what} cannot be said in a workflow"),
            "calculate inside a task and return the result",
        )),
    }
}

/// Why a number of single precision is not compared: what is rounded in Rust is not in JSONata.
fn single_precision(shape: &Shape, operator: Operator) -> Option<Fault> {
    matches!(shape, Shape::Float32).then(|| {
        let symbol = operator.rust();
        Fault::new(
            "unsupported-comparison",
            format!("`{symbol}` on an `f32` is not exact in a workflow: JSONata's numbers are doubles"),
            "use an `f64`, or compare inside a task",
        )
    })
}

/// Whether `=` says the same in JSONata as `==` in Rust.
pub(super) fn has_equality(shape: &Shape) -> bool {
    match shape {
        Shape::Null | Shape::Bool | Shape::Float | Shape::String | Shape::Integer(_) => true,
        Shape::Enum(enumeration) => is_unit_only(enumeration),
        Shape::Option(inner) => has_equality(&inner()),
        Shape::Newtype(newtype) => has_equality(&(newtype.inner)()),
        // The same moment has many texts.
        Shape::Timestamp
        | Shape::Any
        | Shape::Float32
        | Shape::Array(_)
        | Shape::Map(_)
        | Shape::Tuple(_)
        | Shape::Record(_) => false,
    }
}

fn is_unit_only(enumeration: &Enumeration) -> bool {
    enumeration.tagging == Tagging::External
        && enumeration.variants.iter().all(|variant| matches!(variant.content, Content::Unit))
}

/// Nothing equals a constant but itself, so a field compared with one other than its default needs no guard.
fn unguarded(expr: &Expr, other: &Expr) -> Expr {
    match (expr.kind(), other.as_literal()) {
        (ExprKind::Field { of, wire, absent: Some(absent) }, Some(literal)) if absent != literal => {
            Expr::new(ExprKind::Field { of: of.clone(), wire: wire.clone(), absent: None })
        }
        _ => expr.clone(),
    }
}
