//! What a call of a service is given: its arguments, and the parts its options add.
//! Separate because natively they are constants and in a workflow under construction expressions, and an integration
//! treats both alike.

use serde_json::Value;

use crate::ir::{Expr, ExprKind};
use crate::val::Fault;
use crate::{AnyVal, ArgValue, Payload, Shape, Val};

/// An argument of any type that can travel: a reference to a payload, a text, number, list or JSON by itself, or a
/// symbolic value.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent to a service [argument-type]",
    label = "expected a reference to a payload",
    note = "give a reference: `&message`; its type must be a `Payload`"
)]
pub trait AnyArg {
    /// The argument, on its way into a call.
    fn into_any_arg(self) -> AnyVal;
}

impl<T: Payload> AnyArg for &T {
    fn into_any_arg(self) -> AnyVal {
        match crate::encode(self) {
            Ok(json) => AnyVal::constant(json, T::shape()),
            Err(failed) => AnyVal::unserializable(failed.cause()),
        }
    }
}

macro_rules! by_value {
    ($($rust:ty),+) => {$(
        impl AnyArg for $rust {
            fn into_any_arg(self) -> AnyVal {
                (&self).into_any_arg()
            }
        }
    )+};
}

by_value!(bool, i8, i16, i32, i64, u8, u16, u32, u64, f32, f64, String, Value);

impl<T: Payload> AnyArg for Vec<T> {
    fn into_any_arg(self) -> AnyVal {
        (&self).into_any_arg()
    }
}

impl AnyArg for &str {
    fn into_any_arg(self) -> AnyVal {
        AnyVal::constant(Value::from(self), Shape::String)
    }
}

impl<T: Payload> AnyArg for Val<T> {
    fn into_any_arg(self) -> AnyVal {
        self.into_erased()
    }
}

impl<T: Payload> AnyArg for &Val<T> {
    fn into_any_arg(self) -> AnyVal {
        self.erased().clone()
    }
}

impl AnyArg for AnyVal {
    fn into_any_arg(self) -> AnyVal {
        self
    }
}

impl AnyArg for &AnyVal {
    fn into_any_arg(self) -> AnyVal {
        self.clone()
    }
}

/// The parts of a call of a service by name, in the order they were given.
#[derive(Debug, Clone)]
pub struct Given(Vec<(&'static str, AnyVal)>);

impl Given {
    pub(crate) fn new(arguments: Vec<(&'static str, ArgValue)>) -> Self {
        let any = |(name, argument)| (name, AnyVal::of_argument(argument, Shape::Any));
        Self(arguments.into_iter().map(any).collect())
    }

    /// The part of a name: the last, if it was given several times.
    pub fn get(&self, name: &str) -> Option<AnyVal> {
        self.all(name).last()
    }

    /// All parts of a name.
    pub fn all(&self, name: &str) -> impl Iterator<Item = AnyVal> {
        self.0.iter().filter(move |(given, _)| *given == name).map(|(_, value)| value.clone())
    }

    /// The part that names a resource: `${Name}` in a constant is filled in at deployment.
    pub fn resource(&self, name: &str) -> Option<AnyVal> {
        self.get(name).map(placed)
    }
}

/// The text of a value that must be a constant, or the fault of not being one.
pub(crate) fn text(value: &AnyVal, what: &str) -> Result<String, Fault> {
    match (value.as_literal().and_then(Value::as_str), value.faults.first()) {
        (_, Some(fault)) => Err(fault.clone()),
        (Some(text), None) => Ok(text.to_owned()),
        (None, None) => Err(Fault::new(
            "not-a-constant",
            format!("{what} must be known when the workflow is built"),
            "write it as a literal or a constant",
        )),
    }
}

/// A constant whose `${Name}` is filled in at deployment.
fn placed(value: AnyVal) -> AnyVal {
    let placeholder = match value.as_literal().and_then(Value::as_str) {
        Some(text) if text.contains("${") => Expr::new(ExprKind::Placeholder(text.to_owned())),
        _ => return value,
    };
    value.standing_for(placeholder)
}

/// An object of named parts, without those that were not given.
pub(crate) fn object<'a>(entries: impl IntoIterator<Item = (&'a str, Option<AnyVal>)>) -> AnyVal {
    let given: Vec<(&str, AnyVal)> =
        entries.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    let entries = given.iter().map(|(name, value)| ((*name).to_owned(), value.expr.clone())).collect();
    AnyVal::new(Expr::new(ExprKind::Object(entries)), Shape::Any)
        .with_faults_of(given.iter().map(|(_, value)| value))
}

/// The parts of a name, each of `(key, value)`, as an object with the keys; what becomes of a value is up to `of`.
pub(crate) fn pairs(given: &Given, name: &str, what: &str, of: impl Fn(&AnyVal) -> AnyVal) -> Option<AnyVal> {
    let mut entries = Vec::new();
    let mut faults = Vec::new();
    for pair in given.all(name) {
        match text(&pair.index(0), what) {
            Ok(key) => entries.push((key, of(&pair.index(1)))),
            Err(fault) => faults.push(fault),
        }
    }
    if entries.is_empty() && faults.is_empty() {
        return None;
    }
    let object = object(entries.iter().map(|(key, value)| (key.as_str(), Some(value.clone()))));
    Some(object.with_faults(faults))
}
