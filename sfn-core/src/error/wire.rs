//! Errors on the wire: the one way out and the one way back.
//! Separate because Lambda handlers, task tokens, native runs and the expressions in a definition all rely on this text.

use std::fmt;

use serde::Deserialize;
use serde_json::Value;

use super::{ErrorSpec, Failed, Failure, TaskError, name};

/// What a failed Lambda function answers: `{"errorType":NAME,"errorMessage":MESSAGE}`, as its Display writes it.
///
/// The service takes `errorType` as the Error and the whole text as the Cause.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorBody {
    /// The error name.
    pub error_type: String,
    /// The error's own text; for an error with fields a JSON text, `{"message":TEXT,"fields":{..}}`.
    pub error_message: String,
}

impl ErrorBody {
    /// The body behind a failure, for whoever has to answer with it.
    ///
    /// ```
    /// use sfn_core::{ErrorBody, Failed};
    ///
    /// let body = ErrorBody::of(&Failed::of_task("OutOfStock", "3 left"));
    /// assert_eq!((body.error_type.as_str(), body.error_message.as_str()), ("OutOfStock", "3 left"));
    /// ```
    pub fn of(failed: &Failed) -> Self {
        let cause: Value = serde_json::from_str(failed.cause()).unwrap_or_default();
        let text = |key| cause.get(key).and_then(Value::as_str);
        let message = text("errorMessage").filter(|_| text("errorType") == Some(failed.error()));
        let error_message = message.unwrap_or(failed.cause()).to_owned();
        Self { error_type: failed.error().to_owned(), error_message }
    }

    /// The message as it may be logged: of a declared error, without the fields that hold personal data.
    pub fn without_personal_data(&self, declared: &[ErrorSpec]) -> String {
        let of_name = declared.iter().filter(|error| error.name == self.error_type);
        let fields = of_name.flat_map(|error| error.fields);
        let personal: Vec<_> = fields.filter(|field| (field.shape)().is_personal()).collect();
        if personal.is_empty() {
            return self.error_message.clone();
        }
        let mut message: Value = serde_json::from_str(&self.error_message).unwrap_or_default();
        for field in personal {
            // Those without names stand in an array.
            let value = match message.get_mut("fields") {
                Some(Value::Array(places)) => {
                    field.wire.parse().ok().and_then(|at: usize| places.get_mut(at))
                }
                Some(fields) => fields.get_mut(field.wire),
                None => None,
            };
            if let Some(value) = value {
                *value = "[pii]".into();
            }
        }
        written(&message)
    }
}

impl fmt::Display for ErrorBody {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [error_type, message] =
            [&self.error_type, &self.error_message].map(|text| written(&Value::from(text.as_str())));
        write!(formatter, r#"{{"errorType":{error_type},"errorMessage":{message}}}"#)
    }
}

/// The failure that a declared error becomes.
///
/// ```
/// # use sfn_core::{ErrorField, ErrorSpec, Failed, Failure, Payload, TaskError, read_failure, write_error};
/// # use serde_json::{Value, json};
/// # #[derive(Debug, PartialEq)]
/// # struct Declined { reason: String }
/// # impl std::fmt::Display for Declined {
/// #     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { write!(f, "card declined") }
/// # }
/// # impl std::error::Error for Declined {}
/// # impl TaskError for Declined {
/// #     const ERRORS: &'static [ErrorSpec] = &[ErrorSpec {
/// #         variant: "Declined", name: "Declined", retry: false,
/// #         fields: &[ErrorField { name: "reason", wire: "reason", shape: String::shape }],
/// #     }];
/// #     fn error_name(&self) -> &'static str { "Declined" }
/// #     fn fields(&self) -> Value { json!({ "reason": self.reason }) }
/// #     fn from_fields(_: &str, fields: Value) -> Option<Self> {
/// #         Some(Self { reason: fields["reason"].as_str()?.to_owned() })
/// #     }
/// # }
/// let failed = write_error(&Declined { reason: "no funds".to_owned() });
/// assert_eq!(failed.error(), "Declined");
/// assert_eq!(
///     failed.cause(),
///     r#"{"errorType":"Declined","errorMessage":"{\"message\":\"card declined\",\"fields\":{\"reason\":\"no funds\"}}"}"#
/// );
/// assert_eq!(read_failure(failed), Failure::Task(Declined { reason: "no funds".to_owned() }));
/// ```
pub fn write_error<E: TaskError>(error: &E) -> Failed {
    if E::CAUSE_IS_TEXT {
        let cause = error.fields();
        return super::fail(error.error_name(), cause[0].as_str().unwrap_or_default());
    }
    declared(error.error_name(), error.to_string(), &error.fields())
}

fn declared(name: &str, text: String, fields: &Value) -> Failed {
    let message = match fields {
        Value::Null => text,
        fields => format!(r#"{{"message":{},"fields":{}}}"#, written(&Value::from(text)), written(fields)),
    };
    Failed::of_task(name, &message)
}

/// A JSON as text. Its `Display` says the same, and is a second and a third copy of what writes it, in every program.
fn written(json: &Value) -> String {
    serde_json::to_string(json).unwrap_or_default()
}

/// The typed failure behind an error name and a cause: [`write_error`] the other way round.
pub fn read_failure<E: TaskError>(failed: Failed) -> Failure<E> {
    match failed.error() {
        name::TIMEOUT => Failure::Timeout,
        name::HEARTBEAT_TIMEOUT => Failure::HeartbeatTimeout,
        _ => {
            let fields = if E::CAUSE_IS_TEXT {
                Some(Value::from(vec![failed.cause()]))
            } else {
                read_fields(E::ERRORS, &failed)
            };
            match fields.and_then(|fields| E::from_fields(failed.error(), fields)) {
                Some(error) => Failure::Task(error),
                None => Failure::Other(failed),
            }
        }
    }
}

fn read_fields(declared: &[ErrorSpec], failed: &Failed) -> Option<Value> {
    let spec = declared.iter().find(|spec| spec.name == failed.error())?;
    if spec.fields.is_empty() {
        return Some(Value::Null);
    }
    let mut message: Value = serde_json::from_str(&ErrorBody::of(failed).error_message).ok()?;
    message.get_mut("fields").map(Value::take)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{ErrorField, Payload, Pii, ShapeOf};

    #[track_caller]
    fn check(fields: &'static [ErrorField], travels: &Value, logged: &Value) {
        let errors = [ErrorSpec { variant: "Bounced", name: "Bounced", retry: false, fields }];
        let message = json!({ "message": "it bounced", "fields": travels }).to_string();
        let body = |name: &str| ErrorBody { error_type: name.to_owned(), error_message: message.clone() };
        let told: Value =
            serde_json::from_str(&body("Bounced").without_personal_data(&errors)).expect("JSON");
        assert_eq!(told, json!({ "message": "it bounced", "fields": logged }));
        assert_eq!(body("Other").without_personal_data(&errors), message);
    }

    const fn field(name: &'static str, shape: ShapeOf) -> ErrorField {
        ErrorField { name, wire: name, shape }
    }

    #[test]
    fn personal_fields_of_declared_errors_are_not_logged() {
        const NAMED: &[ErrorField] = &[
            field("email", <Option<Pii<String>> as Payload>::shape),
            field("code", <u16 as Payload>::shape),
        ];
        const PLACES: &[ErrorField] =
            &[field("0", <u16 as Payload>::shape), field("1", <Pii<String> as Payload>::shape)];
        check(NAMED, &json!({ "email": "a@b.c", "code": 550 }), &json!({ "email": "[pii]", "code": 550 }));
        check(PLACES, &json!([550, "a@b.c"]), &json!([550, "[pii]"]));
    }
}
