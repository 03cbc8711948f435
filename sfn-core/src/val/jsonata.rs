//! JSONata written by hand inside a workflow: read and judged when the workflow is built, evaluated as it stands natively.
//! Separate because here a text of the user's becomes an expression, where everywhere else expressions become text.

use std::borrow::Cow;

use serde_json::Value;
use sfn_asl::nearest::nearest;
use sfn_jsonata::{Bindings, Expression, Reference, ReferenceKind, ValueKind};

use super::{AnyVal, Fault, describe};
use crate::evaluate::evaluate_text;
use crate::ir::{Expr, ExprKind};
use crate::payload::decode;
use crate::{Failed, Origin, Payload, Shape, fail};

/// JSONata by hand, for what the subset of Rust does not say: `$name` in it is what the macro is given under that name.
///
/// It gives a `Result` of whatever type the `let` around it has. In a workflow it is read when the workflow is built, so
/// that a fault points into the literal, and becomes a part of the definition; natively it is evaluated by the same
/// evaluator as the engine's. Where the type is a list, a single result is one of one item, and no result an empty one.
///
/// ```
/// use sfn_core::{Failed, jsonata};
///
/// let prices = vec![3, 4];
/// let total: u32 = jsonata!("$sum($prices) * $factor", prices = &prices, factor = 10)?;
/// assert_eq!(total, 70);
///
/// let large: Vec<u32> = jsonata!("$prices[$ > 3]", prices = &prices)?;
/// assert_eq!(large, [4]);
/// # Ok::<(), Failed>(())
/// ```
#[macro_export]
macro_rules! jsonata {
    ($text:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::jsonata($text, [$((::std::stringify!($name), $crate::encode(&$value))),*])
    };
}

/// Evaluates JSONata: the function behind [`jsonata!`](crate::jsonata!).
///
/// # Errors
///
/// `States.QueryEvaluationError` where the evaluation fails or gives nothing, `Payload.Invalid` where what it gives or
/// is given does not fit.
pub fn jsonata<T: Payload, const N: usize>(
    text: &str,
    names: [(&'static str, Result<Value, Failed>); N],
) -> Result<T, Failed> {
    let mut bindings = Bindings::new();
    for (name, value) in names {
        bindings.insert(name, (&value?).into());
    }
    let read = text.parse::<Expression>();
    let whole =
        read.map_or(Cow::Borrowed(text), |expression| whole(&expression, &T::shape()).into_owned().into());
    match evaluate_text(&whole, &bindings)? {
        Some(value) => decode(value),
        None => Err(fail("States.QueryEvaluationError", format!("`{text}` gives nothing"))),
    }
}

/// The text of an expression as a shape wants it: JSONata gives an only item bare, a list holds it.
fn whole<'e>(expression: &'e Expression, shape: &Shape) -> Cow<'e, str> {
    let text = expression.source();
    match shape {
        Shape::Array(_) if expression.unwrapped().is_some() => format!("[{text}]").into(),
        _ => text.into(),
    }
}

impl AnyVal {
    /// JSONata as a value of a type: [`jsonata!`](crate::jsonata!) in a workflow under construction.
    ///
    /// `literal` is the text as it stands in the source, quotes included, at `origin`: a fault is found within it.
    ///
    /// ```
    /// use sfn_core::{AnyVal, Origin, literal};
    ///
    /// let place = Origin::new("src/orders.rs", 7, 30);
    /// let total = AnyVal::jsonata::<u32>("$sum($xs)", "\"$sum($xs)\"", place, [("xs", literal(vec![1, 2]))]);
    /// # let _ = total;
    /// ```
    pub fn jsonata<T: Payload>(
        text: &str,
        literal: &str,
        origin: Origin,
        names: impl IntoIterator<Item = (&'static str, Self)>,
    ) -> Self {
        let names: Vec<_> = names.into_iter().collect();
        let shape = T::shape();
        let place = |offset: usize| within(literal, text, offset, origin);
        let poison = |faults: Vec<Fault>| Self { faults, ..Self::new(Expr::null(), T::shape()) };
        let expression: Expression = match text.parse() {
            Ok(expression) => expression,
            Err(error) => {
                let sfn_jsonata::ParseError { message, span, .. } = error;
                let fault = Fault::new(
                    "jsonata-syntax",
                    format!("this JSONata cannot be read: {message}"),
                    "correct it",
                );
                return poison(vec![fault.at(place(span.start))]);
            }
        };
        let mut faults: Vec<Fault> = Vec::new();
        let references = expression.references();
        for reference in &references {
            faults.extend(judged(reference, &names).map(|fault| fault.at(place(reference.span.start))));
        }
        for (name, _) in &names {
            if !references.iter().any(|reference| *reference.name == **name) {
                let message = format!("`{name}` is given and never used");
                let help = format!("write `${name}` where the JSONata means it, or do not give it");
                faults.push(Fault::new("unused-jsonata-name", message, help).at(origin));
            }
        }
        faults.extend(misfit(&expression, &shape).map(|fault| fault.at(origin)));
        if !faults.is_empty() {
            return poison(faults).with_faults_of(names.iter().map(|(_, value)| value));
        }
        let raw = ExprKind::Raw {
            text: whole(&expression, &shape).as_ref().into(),
            names: names.iter().map(|(name, value)| ((*name).to_owned(), value.expr.clone())).collect(),
        };
        Self::new(Expr::new(raw), shape).with_faults_of(names.iter().map(|(_, value)| value))
    }
}

/// What is wrong with a name that the expression does not bind.
fn judged(reference: &Reference, names: &[(&'static str, AnyVal)]) -> Option<Fault> {
    let name = &*reference.name;
    if names.iter().any(|(given, _)| *given == name) {
        return None;
    }
    match reference.kind {
        ReferenceKind::Function if Expression::is_builtin(name) => None,
        ReferenceKind::Function => {
            let help = match nearest(name, Expression::builtins()) {
                Some(near) => format!("write `${near}`"),
                None => "use a function of JSONata, or bind it in the expression".to_owned(),
            };
            Some(Fault::new("unknown-jsonata-name", format!("JSONata has no function `${name}`"), help))
        }
        ReferenceKind::Variable => {
            let message = format!("nothing is given for `${name}`");
            let help = match nearest(name, names.iter().map(|(given, _)| *given)) {
                Some(near) => format!("write `${near}`, or give it: `jsonata!(.., {name} = ..)`"),
                None => format!("give it: `jsonata!(.., {name} = ..)`"),
            };
            Some(Fault::new("unknown-jsonata-name", message, help))
        }
    }
}

/// Whether nothing that may come out is of the shape.
fn misfit(expression: &Expression, shape: &Shape) -> Option<Fault> {
    let fits = |kind: &ValueKind| match (shape, kind) {
        (Shape::Bool, ValueKind::Boolean)
        | (Shape::String | Shape::Timestamp, ValueKind::String)
        | (Shape::Integer(_) | Shape::Float | Shape::Float32, ValueKind::Number)
        | (Shape::Array(_) | Shape::Tuple(_), ValueKind::Array)
        | (Shape::Map(_) | Shape::Record(_), ValueKind::Object)
        | (Shape::Null, ValueKind::Null)
        | (Shape::Any | Shape::Option(_) | Shape::Newtype(_) | Shape::Enum(_), _) => true,
        (Shape::Array(_), _) => expression.unwrapped().is_some(),
        _ => false,
    };
    let kinds: Vec<_> = expression.results().collect();
    if kinds.is_empty() || kinds.iter().any(fits) {
        return None;
    }
    let found: Vec<_> = kinds.iter().map(|kind| format!("{kind:?}").to_lowercase()).collect();
    let message = format!("this JSONata gives {}, expected {}", found.join(" or "), describe::shape(shape));
    Some(Fault::new("jsonata-type", message, "correct the type of the `let`, or the expression"))
}

/// The place of a byte of a literal's text; the literal's own where escapes stand in it.
fn within(literal: &str, text: &str, offset: usize, origin: Origin) -> Origin {
    let quotes = literal.find('"').map_or(0, |quote| quote + 1);
    if literal.get(quotes..quotes + text.len()) != Some(text) {
        return origin;
    }
    let before = &text[..offset.min(text.len())];
    let lines = before.matches('\n').count();
    let letters = before.rsplit('\n').next().unwrap_or_default().chars().count();
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let column = if lines == 0 { origin.column + count(quotes + letters) } else { count(letters + 1) };
    Origin { line: origin.line + count(lines), column, ..origin }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::literal;

    #[track_caller]
    fn check(text: &str, names: &[&'static str], code: &str, column: u32, message: &str) {
        let names = names.iter().map(|name| (*name, literal(vec![1_u32, 2])));
        let origin = Origin::new("a.rs", 1, 10);
        let value = AnyVal::jsonata::<u32>(text, &format!("\"{text}\""), origin, names);
        let [fault] = value.faults.as_slice() else { panic!("one fault: {:?}", value.faults) };
        let found = fault.diagnostic(origin);
        assert_eq!((found.code.to_string().as_str(), found.message.as_str()), (code, message));
        assert_eq!(found.place, sfn_asl::Place::Rust(Origin { column, ..origin }.into()));
    }

    #[test]
    fn a_name_that_is_not_given_is_found_in_the_literal() {
        check("$sum($ys)", &[], "unknown-jsonata-name", 16, "nothing is given for `$ys`");
        check("$summ($xs)", &["xs"], "unknown-jsonata-name", 11, "JSONata has no function `$summ`");
    }

    #[test]
    fn a_name_that_is_not_used_is_told() {
        check("1 + xs", &["xs"], "unused-jsonata-name", 10, "`xs` is given and never used");
    }

    #[test]
    fn what_can_only_be_of_another_type_is_told() {
        check("$string($xs)", &["xs"], "jsonata-type", 10, "this JSONata gives string, expected a `u32`");
    }
}
