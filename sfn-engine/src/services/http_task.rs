//! The HTTP Task: calls an endpoint on this machine as the service calls one on the internet.
//! Separate from the client it uses because the arguments, the result and the Error Names are the service's.

use std::net::IpAddr;
use std::time::Duration;

use serde_json::{Value as Json, json};
use sfn_asl::Value;

use super::envelope::object;
use super::http::{self, Exchange, Reply, Trouble, Url};
use crate::core::PAYLOAD_BYTES;
use crate::driver::{TaskFailure, TaskRequest};

/// How long the service gives an endpoint.
const PATIENCE: Duration = Duration::from_mins(1);

pub(super) async fn invoke(request: &TaskRequest) -> Result<Value, TaskFailure> {
    let exchange = exchange(&request.arguments)?;
    let called = tokio::time::timeout(PATIENCE, http::exchange(exchange, PAYLOAD_BYTES)).await;
    let reply = match called {
        Ok(Ok(reply)) => reply,
        Ok(Err(Trouble::TooLarge)) => {
            let cause = "The state/task 'http' returned a result with a size exceeding the maximum number of bytes \
                         service limit.";
            return Err(TaskFailure::new("States.DataLimitExceeded", cause));
        }
        Ok(Err(Trouble::Unreachable(error))) => return Err(TaskFailure::new("States.Http.Socket", error)),
        Err(_) => return Err(TaskFailure::new("States.Http.Socket", "no answer within 60 seconds")),
    };
    let body = read(&reply);
    if !(200..300).contains(&reply.status) {
        let cause = body.as_str().map_or_else(|| body.to_string(), str::to_owned);
        return Err(TaskFailure::new(format!("States.Http.StatusCode.{}", reply.status), cause));
    }
    let mut headers: Vec<(&str, Vec<Value>)> = Vec::new();
    for (name, value) in &reply.headers {
        match headers.iter_mut().find(|(known, _)| known == name) {
            Some((_, values)) => values.push(Value::from(value.as_str())),
            None => headers.push((name, vec![Value::from(value.as_str())])),
        }
    }
    let headers: Value = headers.into_iter().map(|(name, values)| (name, Value::from(values))).collect();
    Ok(object([
        ("Headers", headers),
        ("ResponseBody", body),
        ("StatusCode", Value::from(i32::from(reply.status))),
        ("StatusText", Value::from(reply.reason.as_str())),
    ]))
}

/// The request that an HTTP Task with these arguments makes, in texts as `TestState` shows it.
pub(crate) fn http_request(arguments: &Value) -> Option<Json> {
    let Exchange { method, url, headers, body } = exchange(arguments).ok()?;
    let headers: Vec<String> = headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let mut request = json!({
        "protocol": "http",
        "method": method,
        "url": url.to_string(),
        "headers": format!("[{}]", headers.join(", ")),
    });
    if !body.is_empty() {
        request["body"] = String::from_utf8_lossy(&body).into();
    }
    Some(request)
}

/// JSON where it says so, else text.
fn read(reply: &Reply) -> Value {
    let is_json = reply.header("content-type").is_some_and(|kind| kind.contains("json"));
    let parsed = Some(&reply.body).filter(|_| is_json).and_then(|body| serde_json::from_slice(body).ok());
    parsed.unwrap_or_else(|| Value::from(String::from_utf8_lossy(&reply.body).as_ref()))
}

fn exchange(arguments: &Value) -> Result<Exchange, TaskFailure> {
    let invalid = |cause: String| TaskFailure::new("States.Runtime", cause);
    let required = |name: &str| {
        let text = arguments.get(name).and_then(Value::as_str);
        text.ok_or_else(|| invalid(format!("The field '{name}' is required but was missing")))
    };
    // Which connection it is does not matter here, but the service wants one.
    let connection = ["InvocationConfig", "Authentication"].map(|name| arguments.get(name));
    if connection.iter().all(Option::is_none) {
        return Err(invalid("The field 'Authentication' is required but was missing".to_owned()));
    }
    let (endpoint, method) = (required("ApiEndpoint")?, required("Method")?);
    let query = arguments.get("QueryParameters").and_then(Value::as_object);
    let pairs = query.into_iter().flat_map(sfn_jsonata::Object::iter).flat_map(|(name, value)| {
        let values = value.as_array().map_or_else(|| vec![value.clone()], <[Value]>::to_vec);
        values
            .into_iter()
            .map(|value| format!("{}={}", encoded(name), encoded(&plain(&value))))
            .collect::<Vec<_>>()
    });
    let pairs: Vec<String> = pairs.collect();
    let mark = if endpoint.contains('?') { '&' } else { '?' };
    let url =
        if pairs.is_empty() { endpoint.to_owned() } else { format!("{endpoint}{mark}{}", pairs.join("&")) };
    let url: Url = url.parse().ok().filter(is_here).ok_or_else(|| {
        invalid(format!(
            "`{endpoint}` is not called from this machine: an HTTP Task reaches only `http://` endpoints on it, such as \
             `http://localhost:9000`; route `arn:aws:states:::http:invoke` to a handler, or mock the state"
        ))
    })?;
    let given = arguments.get("Headers").and_then(Value::as_object);
    let mut headers: Vec<(String, String)> = given
        .into_iter()
        .flat_map(sfn_jsonata::Object::iter)
        .map(|(name, value)| (name.to_string(), plain(value)))
        .collect();
    let has = |headers: &[(String, String)], wanted: &str| {
        headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(wanted))
    };
    let body = match arguments.get("RequestBody") {
        None | Some(Value::Null) => Vec::new(),
        Some(body) => {
            let is_form = headers.iter().any(|(name, value)| {
                name.eq_ignore_ascii_case("content-type") && value.contains("x-www-form-urlencoded")
            });
            if !has(&headers, "content-type") {
                headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
            }
            match body.as_object().filter(|_| is_form) {
                Some(fields) => {
                    let pairs = fields
                        .iter()
                        .map(|(name, value)| format!("{}={}", encoded(name), encoded(&plain(value))));
                    pairs.collect::<Vec<_>>().join("&").into_bytes()
                }
                None => plain(body).into_bytes(),
            }
        }
    };
    if !has(&headers, "user-agent") {
        headers.push(("User-Agent".to_owned(), "Amazon|StepFunctions|HttpInvoke|local".to_owned()));
    }
    Ok(Exchange { method: method.to_owned(), url, headers, body })
}

/// Whether the URL stays on this machine.
fn is_here(url: &Url) -> bool {
    let host = url.host();
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Text as it is, anything else as JSON text.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// As URLs and forms carry text.
fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = std::fmt::Write::write_fmt(&mut encoded, format_args!("%{byte:02X}"));
        }
    }
    encoded
}
