//! The methods of single values that mention a value more than once, and so name it where it is no name already.
//! Separate from those that need no flow: only a flow knows a name that nothing else has.

use serde_json::Value;

use super::Flow;
use crate::ir::{Expr, ExprKind, Operator, VariableId};
use crate::val::Optional;
use crate::{AnyVal, Payload, Shape, literal};

/// Names for the length of one expression.
#[derive(Debug, Default)]
struct Names(Vec<(VariableId, Expr)>);

impl Names {
    /// The value under a name, unless it is short enough to be written again.
    fn name(&mut self, flow: &mut Flow, value: &AnyVal, name: &str) -> AnyVal {
        if value.expr.is_trivial() {
            return value.clone();
        }
        let id = flow.local(name, name);
        self.0.push((id, value.expr.clone()));
        value.standing_for(Expr::variable(id))
    }

    /// An expression in which the names stand.
    fn around(self, expr: Expr) -> Expr {
        self.0.into_iter().rev().fold(expr, |expr, (id, bound)| Expr::local(id, &bound, &expr))
    }

    /// An option whose parts mention the names.
    fn optional(self, present: Expr, held: AnyVal) -> AnyVal {
        AnyVal::optional(Optional { bindings: self.0, present, held })
    }
}

impl AnyVal {
    /// `starts_with(..)` of a string.
    pub fn starts_with(&self, start: &Self, flow: &mut Flow) -> Self {
        self.has_at("starts_with", start, flow, |_, units| vec![Expr::literal(0), units])
    }

    /// `ends_with(..)` of a string.
    pub fn ends_with(&self, end: &Self, flow: &mut Flow) -> Self {
        self.has_at("ends_with", end, flow, |text, units| match units.as_literal().and_then(Value::as_i64) {
            Some(units) => vec![Expr::literal(-units)],
            None => vec![Expr::binary(Operator::Subtract, &length(text), &units)],
        })
    }

    /// Whether the part of a string that another would take up is that other.
    fn has_at(
        &self,
        method: &str,
        part: &Self,
        flow: &mut Flow,
        place: impl Fn(&Self, Expr) -> Vec<Expr>,
    ) -> Self {
        if !matches!((&self.shape, &part.shape), (Shape::String, Shape::String)) {
            return self.refuse_method(method);
        }
        let constant = part.as_literal().and_then(Value::as_str).map(|text| text.chars().count());
        if constant == Some(0) {
            return Self::constant(true.into(), Shape::Bool).with_faults_of([self]);
        }
        let mut names = Names::default();
        let (text, part) = match constant {
            Some(_) => (self.clone(), part.clone()),
            None => (names.name(flow, self, "text"), names.name(flow, part, "part")),
        };
        let units = constant.map_or_else(|| length(&part), Expr::literal);
        let arguments = [vec![text.expr.clone()], place(&text, units)].concat();
        let there = Expr::function("substring", arguments);
        let same = Expr::binary(Operator::Equal, &there, &part.expr);
        self.derived(names.around(same), Shape::Bool).with_faults_of([&part])
    }

    /// `strip_prefix(..)` of a string, for a constant.
    pub fn strip_prefix(&self, start: &Self, flow: &mut Flow) -> Self {
        self.stripped("strip_prefix", start, flow, |text, units| {
            Expr::function("substring", [text.expr.clone(), Expr::literal(units)])
        })
    }

    /// `strip_suffix(..)` of a string, for a constant.
    pub fn strip_suffix(&self, end: &Self, flow: &mut Flow) -> Self {
        self.stripped("strip_suffix", end, flow, |text, units| {
            let left = Expr::binary(Operator::Subtract, &length(text), &Expr::literal(units));
            Expr::function("substring", [text.expr.clone(), Expr::literal(0), left])
        })
    }

    fn stripped(
        &self,
        method: &str,
        part: &Self,
        flow: &mut Flow,
        rest: impl Fn(&Self, usize) -> Expr,
    ) -> Self {
        if let Some(refused) = self.unless_parted(method, part) {
            return refused;
        }
        let units = part.as_literal().and_then(Value::as_str).map_or(0, |part| part.chars().count());
        let mut names = Names::default();
        let text = names.name(flow, self, "text");
        let present = match method {
            "strip_prefix" => text.starts_with(part, flow),
            _ => text.ends_with(part, flow),
        };
        let held = Self::new(rest(&text, units), Shape::String);
        names.optional(present.expr, held).with_faults_of([self])
    }

    /// `split_once(..)` of a string, at a constant.
    pub fn split_once(&self, mark: &Self, flow: &mut Flow) -> Self {
        if let Some(refused) = self.unless_parted("split_once", mark) {
            return refused;
        }
        let mut names = Names::default();
        let text = names.name(flow, self, "text");
        let part = |function| {
            Self::new(Expr::function(function, [text.expr.clone(), mark.expr.clone()]), Shape::String)
        };
        let held = crate::tuple(vec![part("substringBefore"), part("substringAfter")]);
        names.optional(text.contains(mark).expr, held).with_faults_of([self])
    }

    /// `repeat(count)` of a string.
    pub fn repeat(&self, count: &Self, flow: &mut Flow) -> Self {
        if !matches!(self.shape, Shape::String) {
            return self.refuse_method("repeat");
        }
        let mut names = Names::default();
        let text = names.name(flow, self, "text");
        let units = match text.as_literal().and_then(Value::as_str) {
            Some(text) => Expr::literal(text.chars().count()),
            None => length(&text),
        };
        let width = Expr::binary(Operator::Multiply, &count.expr, &units);
        let padded = Expr::function("pad", [Expr::literal(""), width, text.expr.clone()]);
        self.derived(names.around(padded), Shape::String).with_faults_of([count])
    }

    /// `parse::<T>().ok()` of a string, for integers of at most 32 bits.
    pub fn parsed<T: Payload>(&self, flow: &mut Flow) -> Self {
        let number = Self::new(Expr::null(), T::shape());
        let (Shape::String, Some((least, most))) = (&self.shape, number.bounds()) else {
            return self.refuse_method("parse");
        };
        let (pattern, beyond) =
            if least < 0 { (r"^[+\-]?0*[0-9]{1,10}$", most + 1) } else { (r"^[+]?0*[0-9]{1,10}$", -1) };
        let mut names = Names::default();
        let text = names.name(flow, self, "text");
        let is_number = Expr::function("contains", [text.expr.clone(), Expr::pattern(pattern)]);
        let digits = Expr::function("replace", [text.expr.clone(), Expr::pattern("^[+]"), Expr::literal("")]);
        let read = Expr::new(ExprKind::If {
            condition: is_number,
            // A negative zero is zero.
            then: Expr::binary(Operator::Add, &Expr::function("number", [digits]), &Expr::literal(0)),
            otherwise: Expr::literal(beyond),
        });
        let held = names.name(flow, &number.standing_for(read), "number");
        let present = within(&held, least, most);
        names.optional(present, held).with_faults_of([self])
    }

    /// `pow(exponent)` of an integer, for a small constant.
    pub fn pow(&self, exponent: &Self, flow: &mut Flow) -> Self {
        let exponent = exponent.as_literal().and_then(Value::as_u64).filter(|exponent| *exponent <= 8);
        let (Some(exponent), Some(_)) = (exponent, self.bounds()) else {
            return self.refuse_method("pow(..) with an exponent that is no constant up to 8,");
        };
        let mut names = Names::default();
        let base = if exponent > 1 { names.name(flow, self, "base") } else { self.clone() };
        let factors = std::iter::repeat_n(&base.expr, usize::try_from(exponent).unwrap_or(0));
        let product =
            factors.cloned().reduce(|product, base| Expr::binary(Operator::Multiply, &product, &base));
        let product = product.unwrap_or_else(|| Expr::literal(1));
        self.derived(names.around(product), self.shape.clone())
    }

    /// `checked_add(other)` of integers.
    pub fn checked_add(&self, other: &Self, flow: &mut Flow) -> Self {
        self.checked("checked_add", &self.add(other), other, flow)
    }

    /// `checked_sub(other)` of integers.
    pub fn checked_sub(&self, other: &Self, flow: &mut Flow) -> Self {
        self.checked("checked_sub", &self.sub(other), other, flow)
    }

    /// `checked_mul(other)` of integers.
    pub fn checked_mul(&self, other: &Self, flow: &mut Flow) -> Self {
        self.checked("checked_mul", &self.mul(other), other, flow)
    }

    /// A result, where the type's range holds it.
    fn checked(&self, method: &str, result: &Self, other: &Self, flow: &mut Flow) -> Self {
        let typed = if self.as_literal().is_some() { other } else { self };
        let Some((least, most)) = typed.bounds() else { return self.refuse_method(method) };
        let mut names = Names::default();
        let held = names.name(flow, &Self { shape: typed.shape.clone(), ..result.clone() }, "result");
        names.optional(within(&held, least, most), held).with_faults_of([self, other])
    }

    /// `checked_div(divisor)` of unsigned integers.
    pub fn checked_div(&self, divisor: &Self, flow: &mut Flow) -> Self {
        self.divided("checked_div", divisor, flow, Self::div)
    }

    /// `checked_rem(divisor)` of unsigned integers.
    pub fn checked_rem(&self, divisor: &Self, flow: &mut Flow) -> Self {
        self.divided("checked_rem", divisor, flow, Self::rem)
    }

    fn divided(
        &self,
        method: &str,
        divisor: &Self,
        flow: &mut Flow,
        divide: fn(&Self, &Self) -> Self,
    ) -> Self {
        let typed = if self.as_literal().is_some() { divisor } else { self };
        if typed.bounds().is_none_or(|(least, _)| least != 0) {
            return self.refuse_method(method);
        }
        let mut names = Names::default();
        let divisor = names.name(flow, divisor, "divisor");
        let held = divide(self, &divisor);
        names.optional(divisor.ne(&literal(0)).expr, held).with_faults_of([self])
    }

    /// `signum()` of an integer.
    pub fn signum(&self, flow: &mut Flow) -> Self {
        if self.bounds().is_none() {
            return self.refuse_method("signum");
        }
        let mut names = Names::default();
        let number = names.name(flow, self, "number");
        let negative = choose(number.lt(&literal(0)).expr, Expr::literal(-1), Expr::literal(0));
        let sign = choose(number.gt(&literal(0)).expr, Expr::literal(1), negative);
        self.derived(names.around(sign), self.shape.clone())
    }

    /// `round()` of a float: halves go away from zero, where JSONata's go to even numbers.
    pub fn round(&self, flow: &mut Flow) -> Self {
        if !matches!(self.shape, Shape::Float) {
            return self.refuse_method("round");
        }
        let mut names = Names::default();
        let number = names.name(flow, self, "number");
        let size = names.name(flow, &number.abs(), "size");
        let whole = names.name(flow, &size.floor(), "whole");
        let half = Self::constant(serde_json::json!(0.5), Shape::Float);
        let up = whole.add(&Self::constant(1.into(), Shape::Float));
        let rounded = Self::new(choose(size.sub(&whole).ge(&half).expr, up.expr, whole.expr), Shape::Float);
        let rounded = names.name(flow, &rounded, "rounded");
        let signed = choose(number.lt(&literal(0)).expr, rounded.neg().expr, rounded.expr);
        self.derived(names.around(signed), Shape::Float)
    }
}

fn length(text: &AnyVal) -> Expr {
    Expr::function("length", [text.expr.clone()])
}

fn choose(condition: Expr, then: Expr, otherwise: Expr) -> Expr {
    Expr::new(ExprKind::If { condition, then, otherwise })
}

fn within(number: &AnyVal, least: i64, most: i64) -> Expr {
    let limit = |operator, limit| Expr::binary(operator, &number.expr, &Expr::literal(limit));
    let above = limit(Operator::GreaterOrEqual, least);
    Expr::binary(Operator::And, &above, &limit(Operator::LessOrEqual, most))
}
