//! An error and its cause as a person reads them. Apart, because the cause of a failed task is JSON inside JSON, made for
//! Catchers, and both the table of states and the last word of a run show it.

use serde_json::Value;
use sfn_core::ErrorBody;
use sfn_engine::history::Fault;

/// `Gateway.Unavailable: gateway unavailable`.
pub(crate) fn brief(fault: &Fault) -> String {
    match (error(fault), cause(fault)) {
        (error, None) => error.to_owned(),
        (error, Some(cause)) => format!("{error}: {cause}"),
    }
}

/// The error's name.
pub(crate) fn error(fault: &Fault) -> &str {
    fault.error.as_deref().filter(|name| !name.is_empty()).unwrap_or("an error without a name")
}

/// What went wrong, without the wrapping: the error's own text.
pub(crate) fn cause(fault: &Fault) -> Option<String> {
    let cause = fault.cause.as_deref().filter(|cause| !cause.is_empty())?;
    let Ok(body) = serde_json::from_str::<ErrorBody>(cause) else { return Some(cause.to_owned()) };
    match serde_json::from_str::<Value>(&body.error_message) {
        Ok(Value::Object(fields)) if fields.contains_key("fields") => {
            Some(fields.get("message").and_then(Value::as_str).unwrap_or(&body.error_message).to_owned())
        }
        _ => Some(body.error_message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cause: &str, expected: &str) {
        let fault = Fault { error: Some("E".into()), cause: Some(cause.into()) };
        assert_eq!(brief(&fault), expected);
    }

    #[test]
    fn the_text_is_found_however_deep_it_lies() {
        check("", "E");
        check("plain", "E: plain");
        check(r#"{"errorType":"E","errorMessage":"plain"}"#, "E: plain");
        check(
            r#"{"errorType":"E","errorMessage":"{\"message\":\"7 / 0\",\"fields\":{\"dividend\":7}}"}"#,
            "E: 7 / 0",
        );
        assert_eq!(brief(&Fault::default()), "an error without a name");
    }
}
