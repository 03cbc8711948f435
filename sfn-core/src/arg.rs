//! What a call of a task accepts as an argument: a value, a reference to one, or a symbolic value.
//! Separate because it is what lets the very same call run natively and build a workflow.

use serde::Serialize;
use serde_json::Value;

use crate::payload::{encode, invalid};
use crate::{AnyVal, Failed, Payload, Val};

/// An argument of a task that expects a `T`.
///
/// A native call gives a `T` or a `&T` (for a `String` also a `&str`, for a `Vec` also a slice), a workflow under
/// construction gives a [`Val<T>`].
#[diagnostic::on_unimplemented(
    message = "this argument must be a `{T}` [argument-type]",
    label = "found `{Self}`, expected `{T}` or `&{T}`"
)]
pub trait Arg<T> {
    /// The argument, on its way into a [`TaskCall`](crate::TaskCall).
    fn into_arg(self) -> ArgValue;
}

/// An argument of a call: JSON natively, an expression in a workflow under construction.
#[derive(Debug, Clone)]
pub enum ArgValue {
    /// A value, as it travels.
    Json(Value),
    /// A value that JSON cannot carry, and why.
    Unfit(Failed),
    /// A value that exists when the workflow runs.
    Symbolic(AnyVal),
}

impl ArgValue {
    fn of<T: Serialize + ?Sized>(value: &T) -> Self {
        encode(value).map_or_else(Self::Unfit, Self::Json)
    }

    /// The value as it travels, natively.
    pub(crate) fn into_json(self, name: &str) -> Result<Value, Failed> {
        match self {
            Self::Json(json) => Ok(json),
            Self::Unfit(failed) => Err(failed),
            Self::Symbolic(_) => {
                Err(invalid(name, &"a symbolic value exists only while a workflow is built"))
            }
        }
    }
}

impl<T: Payload> Arg<T> for T {
    fn into_arg(self) -> ArgValue {
        ArgValue::of(&self)
    }
}

impl<T: Payload> Arg<T> for &T {
    fn into_arg(self) -> ArgValue {
        ArgValue::of(self)
    }
}

impl Arg<String> for &str {
    fn into_arg(self) -> ArgValue {
        ArgValue::of(self)
    }
}

impl<T: Payload> Arg<Vec<T>> for &[T] {
    fn into_arg(self) -> ArgValue {
        ArgValue::of(self)
    }
}

impl<T: Payload> Arg<T> for Val<T> {
    fn into_arg(self) -> ArgValue {
        ArgValue::Symbolic(self.erased().clone())
    }
}

impl<T: Payload> Arg<T> for &Val<T> {
    fn into_arg(self) -> ArgValue {
        ArgValue::Symbolic(self.erased().clone())
    }
}

impl<T> Arg<T> for AnyVal {
    fn into_arg(self) -> ArgValue {
        ArgValue::Symbolic(self)
    }
}

impl<T> Arg<T> for &AnyVal {
    fn into_arg(self) -> ArgValue {
        ArgValue::Symbolic(self.clone())
    }
}
