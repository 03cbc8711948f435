//! A handler's arguments, taken out of the payload one by one.
//! Separate because it is the reading half of the payload rule; the writing half stands in [`call`](super::call).

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::TaskSpec;
use crate::Failed;
use crate::payload::{decode_at, invalid};

/// The arguments in a payload.
///
/// The only argument of a task (unless it is the token) *is* the payload; several are an object of their names.
#[derive(Debug)]
pub struct Arguments(Source);

#[derive(Debug)]
enum Source {
    Whole(Value),
    Named(Map<String, Value>),
}

impl Arguments {
    /// The arguments of a task.
    ///
    /// # Errors
    ///
    /// `Payload.Invalid` where the task has several arguments and the payload is no object.
    pub fn new(spec: &TaskSpec, payload: Value) -> Result<Self, Failed> {
        if spec.sole_argument().is_some() {
            return Ok(Self(Source::Whole(payload)));
        }
        match payload {
            Value::Object(named) => Ok(Self(Source::Named(named))),
            _ if spec.arguments.is_empty() => Ok(Self(Source::Named(Map::new()))),
            other => Err(invalid(".", &wrong_payload(spec, &other))),
        }
    }

    /// Takes the argument of a name.
    ///
    /// # Errors
    ///
    /// `Payload.Invalid` where it is missing or does not fit.
    pub fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, Failed> {
        match &mut self.0 {
            Source::Whole(payload) => decode_at("", payload.take()),
            Source::Named(named) => match named.get_mut(name) {
                Some(json) => decode_at(name, json.take()),
                None => decode_at(name, Value::Null).map_err(|_| invalid(name, &"missing argument")),
            },
        }
    }
}

fn wrong_payload(spec: &TaskSpec, found: &Value) -> String {
    let names: Vec<_> = spec.arguments.iter().map(|argument| format!("`{}`", argument.name)).collect();
    let kind = match found {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    };
    format!("found {kind}, expected an object with the arguments {}", names.join(", "))
}
