//! The services of the scripted world: each call is an attempt that the script decides, then a stand-in answers.
//!
//! Separate from the script because tasks know nothing of services.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use serde_json::json;
use sfn::TaskToken;
use sfn::local::objects::MemoryStore;
use sfn::local::{Handler, Services};
use sfn_asl::Value;
use sfn_engine::driver::TaskFailure;

use crate::corpus::tasks::Answer;
use crate::script::{Trouble, attempt};

/// What each action is called, and what it fails with where the script says so: an error that is retried, and others.
const ACTIONS: [(&str, [&str; 2]); 13] = [
    ("sns:publish", ["SNS.InternalErrorException", "SNS.NotFoundException"]),
    ("sqs:sendMessage", ["SQS.RequestThrottledException", "SQS.QueueDoesNotExistException"]),
    ("sqs:sendMessage.waitForTaskToken", ["SQS.RequestThrottledException", "SQS.AmazonSQSException"]),
    ("events:putEvents", ["EventBridge.InternalException", "EventBridge.FailedEntry"]),
    ("dynamodb:getItem", ["DynamoDB.ThrottlingException", "DynamoDB.ResourceNotFoundException"]),
    ("dynamodb:putItem", ["DynamoDB.ThrottlingException", "DynamoDB.ConditionalCheckFailedException"]),
    ("dynamodb:updateItem", ["DynamoDB.ThrottlingException", "DynamoDB.ConditionalCheckFailedException"]),
    ("dynamodb:deleteItem", ["DynamoDB.ThrottlingException", "DynamoDB.ResourceNotFoundException"]),
    ("aws-sdk:s3:getObject", ["S3.S3Exception", "S3.NoSuchKeyException"]),
    ("aws-sdk:s3:putObject", ["S3.S3Exception", "S3.InvalidRequestException"]),
    ("http:invoke", ["States.Http.StatusCode.503", "States.Http.StatusCode.404"]),
    ("aws-sdk:sesv2:sendEmail", ["SesV2.TooManyRequestsException", "SesV2.MessageRejectedException"]),
    ("aws-sdk:s3:headObject", ["S3.S3Exception", "S3.NoSuchKeyException"]),
];

/// New services, with an empty table and an empty bucket.
pub(crate) fn services() -> Services {
    let stand_ins = Services::new().table("orders", ["orderId"]).objects(Arc::new(MemoryStore::new()));
    let routed = ACTIONS.iter().fold(Services::new(), |services, (action, errors)| {
        let stand_ins = stand_ins.clone();
        let handler =
            Handler::new(move |arguments: Value| answer(stand_ins.clone(), action, *errors, arguments));
        services.route(format!("arn:aws:states:::{action}"), handler)
    });
    let job = Handler::new(async |arguments: Value| match tried("glue", arguments.clone()).await {
        Ok(Ok(())) => Ok(arguments),
        _ => Err(TaskFailure::new("States.TaskFailed", "no job")),
    });
    routed.route("arn:aws:states:::glue:startJobRun.sync", job)
}

async fn answer(
    stand_ins: Services,
    action: &'static str,
    [busy, other]: [&'static str; 2],
    arguments: Value,
) -> Result<Value, TaskFailure> {
    let failure = |name: &str| TaskFailure::new(name, format!("the script says \"{name}\""));
    let Ok(outcome) = tried(action, without_token(arguments.clone())).await else {
        return Err(failure(other));
    };
    match outcome {
        Ok(()) => {}
        // Nobody answers.
        Err(Trouble::Gone) if action.ends_with(".waitForTaskToken") => return Ok(Value::empty_object()),
        Err(Trouble::Busy) => return Err(failure(busy)),
        Err(Trouble::Gone) => return Err(failure("States.TaskFailed")),
        Err(_) => return Err(failure(other)),
    }
    match action {
        "sqs:sendMessage.waitForTaskToken" => {
            let body =
                arguments.get("MessageBody").and_then(|body| body.get("token")).and_then(Value::as_str);
            let token = TaskToken::<Answer>::new(body.expect("a token in the body"));
            token.succeed(Answer { granted: true, by: "Bob".to_owned() }).await.expect("the token is alive");
            Ok(Value::empty_object())
        }
        // The ids that stand-ins make up depend on the order of the fields that were sent.
        "sns:publish" | "sqs:sendMessage" => Ok(Value::from(json!({ "MessageId": "message-1" }))),
        "events:putEvents" => {
            let entries = arguments.get("Entries").and_then(Value::as_array).map_or(0, <[Value]>::len);
            let ids: Vec<_> = (0..entries).map(|at| json!({ "EventId": format!("event-{at}") })).collect();
            Ok(Value::from(json!({ "Entries": ids, "FailedEntryCount": 0 })))
        }
        "http:invoke" => Ok(Value::from(json!({
            "StatusCode": 200,
            "ResponseBody": { "currency": "EUR", "rate": 1.25 },
        }))),
        "aws-sdk:sesv2:sendEmail" => Ok(Value::from(json!({ "MessageId": "mail-1" }))),
        "aws-sdk:s3:headObject" => Ok(Value::from(json!({ "ContentLength": 12, "ETag": "e" }))),
        _ => stand_ins.call(&format!("arn:aws:states:::{action}"), arguments, None).await,
    }
}

/// An attempt, unless the script lets it panic or hang, which no service does for ever.
async fn tried(action: &'static str, asked: Value) -> Result<Result<(), Trouble>, ()> {
    let attempt = AssertUnwindSafe(attempt(action, serde_json::Value::from(asked))).catch_unwind();
    tokio::time::timeout(Duration::from_mins(1), attempt).await.map_err(drop)?.map_err(drop)
}

/// Tokens differ from run to run.
fn without_token(arguments: Value) -> Value {
    let mut arguments = serde_json::Value::from(arguments);
    if let Some(token) = arguments.pointer_mut("/MessageBody/token") {
        *token = "a token".into();
    }
    Value::from(arguments)
}
