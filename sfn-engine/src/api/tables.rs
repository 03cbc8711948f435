//! The operations of DynamoDB that the tables of this machine know, for programs that call them themselves.
//! Separate because it is another service's protocol, at the same address.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value as Json, json};
use sfn_asl::Value;

use super::protocol;
use crate::services::{Services, TableRefusal};

const SERVICE: &str = "DynamoDB_20120810.";

/// The operation that a request is for, if it is for one of DynamoDB's.
pub(super) fn operation(request: &Request) -> Option<String> {
    let target = request.headers().get("x-amz-target")?.to_str().ok()?;
    target.strip_prefix(SERVICE).map(str::to_owned)
}

pub(super) async fn call(services: &Services, operation: &str, request: Request) -> Response {
    let arguments = match protocol::body(request).await {
        Ok(arguments) => Value::from(Json::Object(arguments)),
        Err(refusal) => return refusal.into_response(),
    };
    match services.call_table(operation, &arguments).await {
        Some(Ok(answer)) => protocol::answer(&Json::from(&answer)),
        Some(Err(refusal)) => refused(refusal),
        None => protocol::unknown_operation(&format!("{SERVICE}{operation}")).into_response(),
    }
}

fn refused(TableRefusal { code, message, item }: TableRefusal) -> Response {
    let status = if code == "InternalServerError" {
        StatusCode::INTERNAL_SERVER_ERROR
    } else {
        StatusCode::BAD_REQUEST
    };
    let mut body =
        json!({ "__type": format!("com.amazonaws.dynamodb.v20120810#{code}"), "message": message });
    if let Some(item) = item {
        body["Item"] = Json::from(&Value::from(item));
    }
    protocol::write(status, &body)
}
