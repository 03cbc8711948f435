//! How a service's refusal reaches an execution: two families of words, one for optimised integrations and one for
//! `aws-sdk` ones. Separate because both are built from the same few names, recorded service by service.

use crate::core::ResourceKind;
use crate::driver::{TaskFailure, TaskRequest};

use super::envelope::{made_up_id, request_id};

/// What a service is called in Error Names and causes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names {
    /// In the Error Names of optimised integrations.
    pub(super) optimised: &'static str,
    /// In the causes of those.
    pub(super) client: &'static str,
    /// In both of `aws-sdk` integrations.
    pub(super) sdk: &'static str,
}

pub(super) const DYNAMODB: Names =
    Names { optimised: "DynamoDB", client: "AmazonDynamoDBv2", sdk: "DynamoDb" };
pub(super) const EVENT_BRIDGE: Names =
    Names { optimised: "EventBridge", client: "AmazonCloudWatchEvents", sdk: "EventBridge" };
pub(super) const LAMBDA: Names = Names { optimised: "Lambda", client: "AWSLambda", sdk: "Lambda" };
pub(super) const S3: Names = Names { optimised: "S3", client: "AmazonS3", sdk: "S3" };
pub(super) const SNS: Names = Names { optimised: "SNS", client: "AmazonSNS", sdk: "Sns" };
pub(super) const SQS: Names = Names { optimised: "SQS", client: "AmazonSQS", sdk: "Sqs" };

pub(super) const STATES: Names = Names { optimised: "StepFunctions", client: "AWSStepFunctions", sdk: "Sfn" };

/// Whether the Task calls the service through `aws-sdk`.
pub(super) fn is_sdk(request: &TaskRequest) -> bool {
    matches!(request.resource.kind(), ResourceKind::Integration { service, .. } if service.starts_with("aws-sdk:"))
}

/// A refusal with an HTTP status and the code the service gives it, `ResourceNotFoundException` for example.
pub(super) fn refused(
    names: Names,
    request: &TaskRequest,
    status: u16,
    code: &str,
    message: &str,
) -> TaskFailure {
    let id = request_id(request);
    // What the service checks before it looks at the request has no exception of its own.
    let is_modelled = code != "ValidationException";
    let exception = if code.ends_with("Exception") { code.to_owned() } else { format!("{code}Exception") };
    if is_sdk(request) {
        let Names { sdk, .. } = names;
        let exception = if is_modelled { exception } else { format!("{sdk}Exception") };
        let more = if sdk == "S3" {
            format!(", Extended Request ID: {}", made_up_id(request, "extended"))
        } else {
            String::new()
        };
        let cause = format!(
            "{message} (Service: {sdk}, Status Code: {status}, Request ID: {id}{more}) (SDK Attempt Count: 1)"
        );
        return TaskFailure::new(format!("{sdk}.{exception}"), cause);
    }
    let Names { optimised, client, .. } = names;
    let base = client.trim_end_matches("v2");
    let exception = if is_modelled { exception } else { format!("{base}Exception") };
    let cause = format!(
        "{message} (Service: {client}; Status Code: {status}; Error Code: {code}; Request ID: {id}; Proxy: null)"
    );
    TaskFailure::new(format!("{optimised}.{exception}"), cause)
}

/// A member that the service requires and did not get.
pub(super) fn missing(names: Names, request: &TaskRequest, member: &str) -> TaskFailure {
    refused(names, request, 400, "ValidationException", &null_member(member))
}

/// What the service says of a member that it requires and did not get.
pub(super) fn null_member(member: &str) -> String {
    let mut letters = member.chars();
    let small: String = letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect();
    format!(
        "1 validation error detected: Value null at '{small}' failed to satisfy constraint: Member must not be null"
    )
}
