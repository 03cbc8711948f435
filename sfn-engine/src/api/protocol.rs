//! The AWS JSON 1.0 protocol: which operation is called with what, and how answers and errors are written.
//! Separate because it is the same for every operation.

use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

/// Larger than any legal request: a definition of 1 MiB, escaped twice over.
const REQUEST_BYTES: usize = 4 << 20;

const SERVICE: &str = "AWSStepFunctions.";

/// A call of an operation.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) operation: String,
    body: Json,
}

impl Call {
    pub(super) async fn read(request: Request) -> Result<Self, ApiError> {
        let target = request.headers().get("x-amz-target").and_then(|target| target.to_str().ok());
        let operation = target.and_then(|target| target.strip_prefix(SERVICE)).map(str::to_owned);
        let operation = operation.ok_or_else(|| ApiError::unknown_operation(target.unwrap_or_default()))?;
        let body = to_bytes(request.into_body(), REQUEST_BYTES).await.map_err(|_| {
            ApiError::new("RequestEntityTooLargeException", format!("the limit is {REQUEST_BYTES} bytes"))
        })?;
        let body = serde_json::from_slice(&body)
            .map_err(|error| ApiError::new("SerializationException", error.to_string()))?;
        Ok(Self { operation, body })
    }

    /// The operation's input.
    pub(super) fn input<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        T::deserialize(&self.body).map_err(|error| ApiError::new("ValidationException", error.to_string()))
    }
}

/// An error in the service's shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ApiError {
    code: &'static str,
    message: String,
}

impl ApiError {
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    pub(super) fn unknown_operation(target: &str) -> Self {
        Self::new("UnknownOperationException", format!("there is no operation `{target}` here"))
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response =
            write(StatusCode::BAD_REQUEST, &json!({ "__type": self.code, "message": self.message }));
        response.headers_mut().insert("x-amzn-errortype", HeaderValue::from_static(self.code));
        response
    }
}

pub(super) fn answer(output: &Json) -> Response {
    write(StatusCode::OK, output)
}

fn write(status: StatusCode, body: &Json) -> Response {
    (status, [(header::CONTENT_TYPE, "application/x-amz-json-1.0")], body.to_string()).into_response()
}
