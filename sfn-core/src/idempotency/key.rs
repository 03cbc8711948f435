//! What tells one call of an idempotent task from another, as a text of a fixed length.
//! Separate because the same call must have the same key whoever makes it, in whatever order JSON has its fields.

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::Idempotency;
use crate::Failed;
use crate::payload::invalid;
use crate::task::{ArgumentSpec, TaskSpec};

/// Where the key of a call comes from.
#[derive(Debug, Clone, Copy)]
pub enum KeySource {
    /// The State that makes the call, and the time at which the execution came to it: the attempts of one visit are one call.
    /// With them counts what it is called with.
    Visit,
    /// The call's arguments, out of which a function makes the key.
    Arguments(fn(&Value) -> Result<Value, Failed>),
}

/// A key that a task makes of its arguments.
///
/// # Errors
///
/// `Payload.Invalid` where JSON cannot carry it, or where it is nothing: all calls without a key would be one.
pub fn idempotency_key<K: Serialize + ?Sized>(key: &K) -> Result<Value, Failed> {
    let key = serde_json::to_value(key).map_err(|error| invalid("idempotent", &error))?;
    match &key {
        Value::Null => Err(invalid("idempotent", &"the key is `null`, so that all such calls would be one")),
        Value::String(text) if text.is_empty() => {
            Err(invalid("idempotent", &"the key is an empty text, so that all such calls would be one"))
        }
        _ => Ok(key),
    }
}

/// The key of a call: the task's name, and a digest of what tells it from the task's other calls.
pub(super) fn of(spec: &TaskSpec, idempotency: &Idempotency, payload: &Value) -> Result<String, Failed> {
    let mut digest = Digest::default();
    match idempotency.key {
        KeySource::Arguments(key) => digest.feed(&key(payload)?),
        KeySource::Visit => {
            let name = ArgumentSpec::VISIT;
            let visit = payload.get(name).ok_or_else(|| invalid(name, &"missing argument"))?;
            digest.feed(visit);
            digest.feed_arguments(spec, payload);
        }
    }
    Ok(format!("{}#{}", spec.name, digest.text()))
}

/// A digest of what a task is called with.
pub(super) fn of_payload(spec: &TaskSpec, payload: &Value) -> String {
    let mut digest = Digest::default();
    digest.feed_arguments(spec, payload);
    digest.text()
}

#[derive(Default)]
struct Digest(Sha256);

impl Digest {
    /// What callers give; what the State adds is another thing for each attempt.
    fn feed_arguments(&mut self, spec: &TaskSpec, payload: &Value) {
        if spec.sole_argument().is_some() {
            return self.feed(payload);
        }
        for argument in spec.given() {
            self.feed(payload.get(argument.name).unwrap_or(&Value::Null));
            self.0.update(b";");
        }
    }

    /// A value, whatever the order of its fields.
    fn feed(&mut self, value: &Value) {
        match value {
            Value::Array(items) => {
                self.0.update(b"[");
                for item in items {
                    self.feed(item);
                    self.0.update(b",");
                }
                self.0.update(b"]");
            }
            Value::Object(fields) => {
                let mut sorted: Vec<_> = fields.iter().collect();
                sorted.sort_unstable_by_key(|(name, _)| *name);
                self.0.update(b"{");
                for (name, value) in sorted {
                    self.0.update(Value::from(name.as_str()).to_string());
                    self.0.update(b":");
                    self.feed(value);
                    self.0.update(b",");
                }
                self.0.update(b"}");
            }
            scalar => self.0.update(scalar.to_string()),
        }
    }

    fn text(self) -> String {
        let mut text = String::with_capacity(64);
        for byte in self.0.finalize() {
            for half in [byte >> 4, byte & 15] {
                text.extend(char::from_digit(half.into(), 16));
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(one: &Value, other: &Value, is_same: bool) {
        let [one, other] = [one, other].map(|value| {
            let mut digest = Digest::default();
            digest.feed(value);
            digest.text()
        });
        assert_eq!(one == other, is_same);
    }

    #[test]
    fn a_digest_tells_values_apart_and_not_the_order_of_fields() {
        let text = |text: &str| serde_json::from_str(text).unwrap();
        check(&text(r#"{"a": 1, "b": {"d": 2, "c": 3}}"#), &text(r#"{"b": {"c": 3, "d": 2}, "a": 1}"#), true);
        check(&json!([1, 2]), &json!([2, 1]), false);
        check(&json!(["1,2"]), &json!(["1", "2"]), false);
        check(&json!([[1], 2]), &json!([[1, 2]]), false);
        check(&json!("1"), &json!(1), false);
        check(&json!({ "a": null }), &json!({}), false);
    }

    #[test]
    fn a_key_that_is_nothing_is_refused() {
        for nothing in [json!(null), json!("")] {
            assert_eq!(idempotency_key(&nothing).unwrap_err().error(), "Payload.Invalid");
        }
        assert_eq!(idempotency_key(&("o-1", 7)), Ok(json!(["o-1", 7])));
    }
}
