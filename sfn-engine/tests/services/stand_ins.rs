//! Stand-ins: the answers and refusals of the services they stand for, field by field.
//! Separate because these forms are recorded facts, and each service adds to one table.

use serde_json::{Value as Json, json};
use sfn_engine::driver::Observed;
use sfn_engine::driver::{Engine, Observation, VirtualClock};
use sfn_engine::services::Services;
use std::sync::{Arc, Mutex};

use crate::stage::{result, run, start, task, value};

/// Ids are made up: any UUID stands for any other.
fn masked(json: &Json) -> Json {
    match json {
        Json::String(text) => Json::String(mask_ids(text)),
        Json::Array(items) => items.iter().map(masked).collect(),
        Json::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), masked(value))).collect(),
        _ => json.clone(),
    }
}

fn mask_ids(text: &str) -> String {
    let is_id = |part: &str| part.len() == 36 && part.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    let mut masked = String::new();
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        if rest.get(..36).is_some_and(is_id) {
            masked.push_str("<id>");
            rest = &rest[36..];
        } else {
            masked.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    masked
}

async fn check(services: Services, resource: &str, arguments: Json, expected: Result<Json, (&str, &str)>) {
    let found = result(&run(services, &format!("arn:aws:states:::{resource}"), arguments.clone()).await);
    let found = found.map(|output| masked(&output)).map_err(|(error, cause)| (error, mask_ids(&cause)));
    let expected = expected.map_err(|(error, cause)| (error.to_owned(), cause.to_owned()));
    assert_eq!(found, expected, "{resource} {arguments}");
}

fn metadata(headers: &Json) -> Json {
    let lists: Json = headers
        .as_object()
        .expect("headers")
        .iter()
        .map(|(name, text)| (name.clone(), json!([text])))
        .collect();
    json!({ "AllHttpHeaders": lists, "HttpHeaders": headers, "HttpStatusCode": 200 })
}

#[tokio::test]
async fn sns_answers_with_a_message_id() {
    let topic = json!({ "TopicArn": "arn:aws:sns:us-east-1:123456789012:sold", "Message": { "sold": 1 } });
    let headers = json!({ "connection": "keep-alive", "Content-Length": "294", "Content-Type": "text/xml",
        "Date": "Thu, 01 Jan 1970 00:00:00 GMT", "x-amzn-RequestId": "<id>" });
    let answer = json!({ "MessageId": "<id>", "SdkHttpMetadata": metadata(&headers),
        "SdkResponseMetadata": { "RequestId": "<id>" } });
    check(Services::new(), "sns:publish", topic.clone(), Ok(answer)).await;
    check(Services::new(), "aws-sdk:sns:publish", topic, Ok(json!({ "MessageId": "<id>" }))).await;
    let refusal = "Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter (Service: AmazonSNS; Status Code: 400; Error Code: InvalidParameterException; Request ID: <id>; Proxy: null)";
    check(
        Services::new(),
        "sns:publish",
        json!({ "Message": "m" }),
        Err(("SNS.InvalidParameterException", refusal)),
    )
    .await;
}

#[tokio::test]
async fn sqs_answers_with_checksums() {
    let message = json!({ "QueueUrl": "https://sqs/q", "MessageBody": "test_message_body" });
    let headers = json!({ "connection": "keep-alive", "Content-Length": "106",
        "Content-Type": "application/x-amz-json-1.0", "Date": "Thu, 01 Jan 1970 00:00:00 GMT",
        "x-amzn-RequestId": "<id>" });
    let answer = json!({ "MD5OfMessageBody": "3caa9a099bc4e58ae7923f68c5d7d081", "MessageId": "<id>",
        "SdkHttpMetadata": metadata(&headers), "SdkResponseMetadata": { "RequestId": "<id>" } });
    check(Services::new(), "sqs:sendMessage", message, Ok(answer)).await;
    let typed = json!({ "QueueUrl": "https://sqs/q", "MessageBody": { "a": 1 },
        "MessageAttributes": { "City": { "DataType": "String", "StringValue": "Any City" } } });
    let answer = json!({ "MD5OfMessageAttributes": "0c32cb5c844c01fbd5b6b434b52cf670",
        "MD5OfMessageBody": "bb6cb5c68df4652941caf652a366f2d8", "MessageId": "<id>" });
    check(Services::new(), "aws-sdk:sqs:sendMessage", typed, Ok(answer)).await;
    let refusal = "1 validation error detected: Value null at 'queueUrl' failed to satisfy constraint: Member must not be null (Service: Sqs, Status Code: 400, Request ID: <id>) (SDK Attempt Count: 1)";
    check(
        Services::new(),
        "aws-sdk:sqs:sendMessage",
        json!({ "MessageBody": "m" }),
        Err(("Sqs.SqsException", refusal)),
    )
    .await;
}

#[tokio::test]
async fn event_bridge_refuses_what_is_no_event() {
    let events =
        |detail: &str| json!({ "Entries": [{ "Detail": detail, "DetailType": "t", "Source": "s" }] });
    let taken = json!({ "Entries": [{ "EventId": "<id>" }], "FailedEntryCount": 0 });
    check(Services::new(), "events:putEvents", events("{\"a\": 1}"), Ok(taken)).await;
    let refusal = json!({ "Entries": [{ "ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed." }],
        "FailedEntryCount": 1 });
    let cause = refusal.to_string();
    check(
        Services::new(),
        "events:putEvents",
        events("\"jsonstring\""),
        Err(("EventBridge.FailedEntry", &cause)),
    )
    .await;
    check(Services::new(), "aws-sdk:eventbridge:putEvents", events("[]"), Ok(refusal)).await;
}

#[tokio::test]
async fn a_callback_delivers_its_token_in_the_recorded_message() {
    let services = Services::new();
    let token = Arc::new(Mutex::new(None));
    let seen = Arc::clone(&token);
    let observer = move |observation: Observation| {
        if let Observed::WaitingForToken { token, .. } = observation.what {
            *seen.lock().expect("no panic") = Some(token);
        }
    };
    let engine = Engine::builder(services.clone()).clock(VirtualClock::at_epoch()).observer(observer).spawn();
    for resource in ["sqs:sendMessage", "sns:publish", "events:putEvents"] {
        let body = json!({ "TaskToken": "{% $states.context.Task.Token %}" });
        let arguments = json!({ "QueueUrl": "q", "MessageBody": body, "TopicArn": "t", "Message": body,
            "Entries": [{ "Detail": body, "DetailType": "t", "Source": "s" }] });
        let resource = format!("arn:aws:states:::{resource}.waitForTaskToken");
        let machine = task(&json!({ "Resource": resource, "Arguments": arguments }));
        let named = sfn_engine::driver::Start::default().named(resource.clone());
        let execution = engine.start(&machine, named).expect("it starts");
        while services.sent().last().is_none_or(|sent| *sent.resource != *resource) {
            tokio::task::yield_now().await;
        }
        let sent = services.sent().pop().expect("it was sent");
        let sent: Json = sent.arguments.into();
        let expected = token.lock().expect("no panic").take().expect("a token");
        for place in ["/MessageBody/TaskToken", "/Message/TaskToken", "/Entries/0/Detail/TaskToken"] {
            assert_eq!(sent.pointer(place), Some(&json!(*expected)), "{resource} {place}");
        }
        engine.send_task_success(&expected, value(json!("answered"))).await.expect("the token is good");
        assert_eq!(result(&execution.finished().await), Ok(json!("answered")), "{resource}");
    }
}

#[tokio::test]
async fn equal_runs_get_equal_answers() {
    let message = json!({ "QueueUrl": "q", "MessageBody": "m" });
    let once = run(Services::new(), "arn:aws:states:::sqs:sendMessage", message.clone()).await;
    let again = run(Services::new(), "arn:aws:states:::sqs:sendMessage", message.clone()).await;
    assert_eq!(once.history, again.history);
    let engine = crate::stage::engine(Services::new());
    let machine = task(&json!({ "Resource": "arn:aws:states:::sqs:sendMessage", "Arguments": message }));
    assert_eq!(start(&engine, &machine).finished().await.status, once.status);
}
