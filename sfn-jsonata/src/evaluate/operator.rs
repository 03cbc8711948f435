//! Operators between two values, and what counts as true.
//! Separate because here JavaScript's idea of types shows through most.

use std::cmp::Ordering;
use std::rc::Rc;

use super::frame::Frame;
use super::{Evaluator, Outcome};
use crate::builtin::text_of;
use crate::error::{Fault, at, fault};
use crate::syntax::ast::{BinaryOperator, Node};
use crate::value::{Array, Extent, Value};

/// The most elements that `..` makes.
const MAX_RANGE: f64 = 1e7;

impl<'a> Evaluator<'a> {
    pub(super) fn binary(
        &self,
        operator: BinaryOperator,
        left: &'a Node,
        right: &'a Node,
        input: Option<&Value>,
        frame: &Rc<Frame>,
    ) -> Outcome {
        let left = self.eval(left, input, frame)?;
        match operator {
            BinaryOperator::And | BinaryOperator::Or => {
                let decided = self.truthy(left.as_ref())?;
                if decided == (operator == BinaryOperator::Or) {
                    return Ok(Some(Value::Bool(decided)));
                }
                let right = self.eval(right, input, frame)?;
                return Ok(Some(Value::Bool(self.truthy(right.as_ref())?)));
            }
            _ => {}
        }
        let right = self.eval(right, input, frame)?;
        let (left, right) = (left.as_ref(), right.as_ref());
        match operator {
            BinaryOperator::Add
            | BinaryOperator::Subtract
            | BinaryOperator::Multiply
            | BinaryOperator::Divide
            | BinaryOperator::Remainder => arithmetic(operator, left, right),
            BinaryOperator::Equal => {
                self.spend_on_comparing(left, right)?;
                Ok(Some(Value::Bool(both(left, right, |left, right| left == right))))
            }
            BinaryOperator::NotEqual => {
                self.spend_on_comparing(left, right)?;
                Ok(Some(Value::Bool(both(left, right, |left, right| left != right))))
            }
            BinaryOperator::Concatenate => self.concatenate(left, right),
            BinaryOperator::In => {
                self.spend_on_comparing(right, right)?;
                Ok(Some(Value::Bool(both(left, right, is_in))))
            }
            BinaryOperator::Range => self.range(left, right),
            _ => comparison(operator, left, right),
        }
    }

    /// Counts what a comparison walks through: the smaller of two values at most.
    fn spend_on_comparing(&self, left: Option<&Value>, right: Option<&Value>) -> Result<(), Fault> {
        let weight = |value: Option<&Value>| value.map_or(0, |value| Extent::of(value).weight);
        self.spend(weight(left).min(weight(right)) / 16)
    }

    pub(super) fn negate(
        &self,
        node: &'a Node,
        inner: &'a Node,
        input: Option<&Value>,
        frame: &Rc<Frame>,
    ) -> Outcome {
        let Some(value) = self.eval(inner, input, frame)? else { return Ok(None) };
        if let Some(number) = numeric(Some(&value)).map_err(|fault| at(fault, node.span))? {
            return Ok(Some(Value::from(-number)));
        }
        let message = format!("Cannot negate a non-numeric value: {value}");
        Err(at(fault("D1002", message), node.span))
    }

    fn concatenate(&self, left: Option<&Value>, right: Option<&Value>) -> Outcome {
        let left = left.map(text_of).transpose()?;
        let right = right.map(text_of).transpose()?;
        let (left, right) = (left.as_deref().unwrap_or(""), right.as_deref().unwrap_or(""));
        self.check_string(left.len() + right.len())?;
        Ok(Some(Value::from([left, right].concat())))
    }

    fn range(&self, first: Option<&Value>, last: Option<&Value>) -> Outcome {
        let end = |value: Option<&Value>, code, side: &str| match value {
            None => Ok(None),
            Some(Value::Number(number)) if number.as_f64().fract() == 0.0 => Ok(Some(number.as_f64())),
            Some(_) => Err(fault(
                code,
                format!("The {side} side of the range operator (..) must evaluate to an integer"),
            )),
        };
        let first = end(first, "T2003", "left")?;
        let last = end(last, "T2004", "right")?;
        let (Some(first), Some(last)) = (first, last) else { return Ok(None) };
        if first > last {
            return Ok(None);
        }
        let size = last - first + 1.0;
        if size > MAX_RANGE {
            return Err(fault(
                "D2014",
                format!(
                    "The size of the sequence allocated by the range operator (..) must not exceed 1e6.  Attempted to allocate {}.",
                    crate::value::shortest(size)
                ),
            ));
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 1e7")]
        let size = size as u32;
        self.check_sequence(size as usize)?;
        let values = (0..size).map(|offset| Value::from(first + f64::from(offset)));
        Ok(Some(Value::Array(Array::sequence(values.collect()))))
    }

    /// What a condition makes of a value; functions of the language are objects and so true.
    pub(crate) fn truthy(&self, value: Option<&Value>) -> Result<bool, Fault> {
        match value {
            Some(value @ Value::Object(fields)) if fields.function().is_some() => {
                Ok(self.function_of(value).is_some_and(|function| function.is_object()))
            }
            Some(value) => truthy(value),
            None => Ok(false),
        }
    }
}

/// What `$boolean` makes of a value.
pub(crate) fn truthy(value: &Value) -> Result<bool, Fault> {
    Ok(match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(_) => numeric(Some(value))?.is_some_and(|number| number != 0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => match &items[..] {
            [single] => truthy(single)?,
            items => {
                let mut any = false;
                for item in items {
                    any |= truthy(item)?;
                }
                any
            }
        },
        Value::Object(fields) => !fields.is_empty(),
    })
}

/// The number, when the value is one that can be computed with; infinity is refused.
pub(super) fn numeric(value: Option<&Value>) -> Result<Option<f64>, Fault> {
    let Some(Value::Number(number)) = value else { return Ok(None) };
    let double = number.as_f64();
    if double.is_infinite() {
        return Err(fault("D1001", "Number out of range: null"));
    }
    Ok((!double.is_nan()).then_some(double))
}

/// Orders text as JavaScript does: by UTF-16 code units.
pub(crate) fn compare_text(left: &str, right: &str) -> Ordering {
    if left.is_ascii() || right.is_ascii() {
        return left.cmp(right);
    }
    left.encode_utf16().cmp(right.encode_utf16())
}

fn both(left: Option<&Value>, right: Option<&Value>, test: impl Fn(&Value, &Value) -> bool) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => test(left, right),
        _ => false,
    }
}

/// Membership is identity: equal arrays and objects are not the same one.
fn is_in(left: &Value, right: &Value) -> bool {
    match right {
        Value::Array(items) => items.iter().any(|item| is_same(left, item)),
        single => is_same(left, single),
    }
}

fn is_same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Array(left), Value::Array(right)) => left.same(right),
        (Value::Object(left), Value::Object(right)) => std::sync::Arc::ptr_eq(left, right),
        (left, right) => left == right,
    }
}

fn arithmetic(operator: BinaryOperator, left: Option<&Value>, right: Option<&Value>) -> Outcome {
    let side = |value: Option<&Value>, code, side: &str| match numeric(value)? {
        None if value.is_some() => {
            let operator = operator.text();
            Err(fault(
                code,
                format!("The {side} side of the \"{operator}\" operator must evaluate to a number"),
            ))
        }
        number => Ok(number),
    };
    let left = side(left, "T2001", "left")?;
    let right = side(right, "T2002", "right")?;
    let (Some(left), Some(right)) = (left, right) else { return Ok(None) };
    let result = match operator {
        BinaryOperator::Add => left + right,
        BinaryOperator::Subtract => left - right,
        BinaryOperator::Multiply => left * right,
        BinaryOperator::Divide => left / right,
        _ => left % right,
    };
    Ok(Some(Value::from(result)))
}

fn comparison(operator: BinaryOperator, left: Option<&Value>, right: Option<&Value>) -> Outcome {
    let comparable =
        |value: Option<&Value>| matches!(value, None | Some(Value::String(_) | Value::Number(_)));
    if !comparable(left) || !comparable(right) {
        let operator = operator.text();
        return Err(fault(
            "T2010",
            format!(
                "The expressions either side of operator \"{operator}\" must evaluate to numeric or string values"
            ),
        ));
    }
    let ordering = match (left, right) {
        (None, _) | (_, None) => return Ok(None),
        (Some(Value::String(left)), Some(Value::String(right))) => Some(compare_text(left, right)),
        (Some(Value::Number(left)), Some(Value::Number(right))) => left.as_f64().partial_cmp(&right.as_f64()),
        (Some(left), Some(right)) => {
            let operator = operator.text();
            return Err(fault(
                "T2009",
                format!(
                    "The values {left} and {right} either side of operator \"{operator}\" must be of the same data type"
                ),
            ));
        }
    };
    let holds = ordering.is_some_and(|ordering| match operator {
        BinaryOperator::Less => ordering.is_lt(),
        BinaryOperator::LessOrEqual => ordering.is_le(),
        BinaryOperator::Greater => ordering.is_gt(),
        _ => ordering.is_ge(),
    });
    Ok(Some(Value::Bool(holds)))
}

/// What JavaScript's `if` makes of a value: empty arrays and objects are true.
pub(crate) fn truthy_in_javascript(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64() != 0.0 && !number.as_f64().is_nan(),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}
