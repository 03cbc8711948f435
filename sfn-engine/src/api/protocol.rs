//! The AWS JSON 1.0 protocol: which operation is called with what, and how answers and errors are written.
//! Separate because it is the same for every operation.

use std::time::Duration;

use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_body_util::LengthLimitError;
use serde_json::{Map, Value as Json, json};

use super::model;
use crate::Timestamp;
use crate::control::{Page, Place, Refusal};

/// Larger than any legal request: a definition of 1 MiB, escaped twice over.
const REQUEST_BYTES: usize = 4 << 20;

/// How long a client may take to send its request.
const PATIENCE: Duration = Duration::from_secs(30);

const SERVICE: &str = "AWSStepFunctions.";

/// A call of an operation, its input already held against the published model.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) operation: String,
    /// Where the caller thinks it is.
    pub(super) place: Place,
    input: Map<String, Json>,
}

impl Call {
    pub(super) async fn read(request: Request) -> Result<Self, Refusal> {
        let target = request.headers().get("x-amz-target").and_then(|target| target.to_str().ok());
        let operation = target.and_then(|target| target.strip_prefix(SERVICE)).map(str::to_owned);
        let operation = operation.ok_or_else(|| unknown_operation(target.unwrap_or_default()))?;
        let place = place(request.headers());
        let input = body(request).await?;
        model::check(&operation, &input)?;
        Ok(Self { operation, place, input })
    }

    /// A field of the input; `null` is none.
    pub(super) fn json(&self, field: &str) -> Option<&Json> {
        self.input.get(field).filter(|value| !value.is_null())
    }

    pub(super) fn text(&self, field: &str) -> Option<String> {
        self.json(field).and_then(Json::as_str).map(str::to_owned)
    }

    /// A field that the model requires.
    pub(super) fn required(&self, field: &str) -> &str {
        self.json(field).and_then(Json::as_str).unwrap_or_default()
    }

    pub(super) fn flag(&self, field: &str) -> Option<bool> {
        self.json(field).and_then(Json::as_bool)
    }

    pub(super) fn list(&self, field: &str) -> &[Json] {
        self.json(field).and_then(Json::as_array).map_or(&[], Vec::as_slice)
    }

    pub(super) fn page(&self) -> Page {
        let max_results = self.json("maxResults").and_then(Json::as_u64).unwrap_or(0);
        Page {
            max_results: usize::try_from(max_results).unwrap_or(usize::MAX),
            next_token: self.text("nextToken"),
        }
    }

    /// `tags` as keys with values.
    pub(super) fn tags(&self) -> Vec<(String, String)> {
        let text = |tag: &Json, field| tag[field].as_str().unwrap_or_default().to_owned();
        self.list("tags").iter().map(|tag| (text(tag, "key"), text(tag, "value"))).collect()
    }
}

/// The body of a request: an object.
pub(super) async fn body(request: Request) -> Result<Map<String, Json>, Refusal> {
    let body = tokio::time::timeout(PATIENCE, to_bytes(request.into_body(), REQUEST_BYTES)).await;
    let body = body
        .map_err(|_| {
            let message = format!("the request did not arrive within {} s", PATIENCE.as_secs());
            Refusal::new("RequestTimeoutException", message)
        })?
        .map_err(|error| match error.into_inner() {
            error if error.is::<LengthLimitError>() => {
                let message = format!("the request is larger than {REQUEST_BYTES} bytes");
                Refusal::new("RequestEntityTooLargeException", message)
            }
            error => malformed(format!("the request cannot be read to its end: {error}")),
        })?;
    let body: Json = if body.is_empty() {
        json!({})
    } else {
        serde_json::from_slice(&body).map_err(|error| malformed(error.to_string()))?
    };
    let Json::Object(input) = body else {
        return Err(malformed("found another JSON value, expected an object"));
    };
    Ok(input)
}

/// Where a caller thinks it is: the region it has signed for, and an account if its access key is one.
fn place(headers: &HeaderMap) -> Place {
    let mut place = Place::default();
    let credential = headers
        .get(header::AUTHORIZATION)
        .and_then(|it| it.to_str().ok())
        .and_then(|it| it.split_once("Credential="))
        .map(|(_, it)| it.split(',').next().unwrap_or(it));
    let mut scope = credential.into_iter().flat_map(|it| it.split('/'));
    let (key, region) = (scope.next().unwrap_or_default(), scope.nth(1).unwrap_or_default());
    if key.len() == 12 && key.bytes().all(|byte| byte.is_ascii_digit()) {
        key.clone_into(&mut place.account);
    }
    if !region.is_empty() && region.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-') {
        place.region = region.to_ascii_lowercase();
    }
    place
}

pub(super) fn unknown_operation(target: &str) -> Refusal {
    Refusal::new("UnknownOperationException", format!("there is no operation `{target}` here"))
}

pub(super) fn malformed(message: impl Into<String>) -> Refusal {
    Refusal::new("SerializationException", message)
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = match self.code {
            "ServiceUnavailable" => StatusCode::SERVICE_UNAVAILABLE,
            "RequestEntityTooLargeException" => StatusCode::PAYLOAD_TOO_LARGE,
            "RequestTimeoutException" => StatusCode::REQUEST_TIMEOUT,
            _ => StatusCode::BAD_REQUEST,
        };
        let mut body = json!({ "__type": self.code, "message": self.message });
        if let Some((field, value)) = self.detail {
            body[field] = value.into();
        }
        let mut response = write(status, &body);
        response.headers_mut().insert("x-amzn-errortype", HeaderValue::from_static(self.code));
        response
    }
}

pub(super) fn answer(output: &Json) -> Response {
    write(StatusCode::OK, output)
}

pub(super) fn write(status: StatusCode, body: &Json) -> Response {
    (status, [(header::CONTENT_TYPE, "application/x-amz-json-1.0")], body.to_string()).into_response()
}

/// An output without the fields that are not there.
pub(super) fn output<const N: usize>(fields: [(&'static str, Option<Json>); N]) -> Json {
    fields
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect::<Map<_, _>>()
        .into()
}

/// A field that is always there.
#[expect(clippy::unnecessary_wraps, reason = "it stands beside fields that may be missing")]
pub(super) fn some(value: impl Into<Json>) -> Option<Json> {
    Some(value.into())
}

pub(super) fn time(time: Timestamp) -> Json {
    time.as_seconds().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(authorization: Option<&str>, region: &str, account: &str) {
        let mut headers = HeaderMap::new();
        if let Some(authorization) = authorization {
            headers.insert(header::AUTHORIZATION, authorization.parse().expect("a header"));
        }
        let expected = Place { region: region.to_owned(), account: account.to_owned() };
        assert_eq!(place(&headers), expected, "{authorization:?}");
    }

    #[test]
    fn the_credential_scope_says_where_the_caller_is() {
        check(None, "us-east-1", "123456789012");
        check(Some("Bearer x"), "us-east-1", "123456789012");
        let signed = |key: &str| {
            format!(
                "AWS4-HMAC-SHA256 Credential={key}/20260101/eu-west-1/states/aws4_request, SignedHeaders=host, Signature=0"
            )
        };
        check(Some(&signed("AKIDEXAMPLE")), "eu-west-1", "123456789012");
        check(Some(&signed("210987654321")), "eu-west-1", "210987654321");
    }
}
