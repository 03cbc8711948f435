//! Mock files: which response a Task gets, and what is said about a file that is wrong.
//! Separate because the format is Step Functions Local's.

use std::sync::Arc;

use serde_json::{Value as Json, json};
use sfn_engine::driver::{Outcome, Start};
use sfn_engine::mocks::Mocks;
use sfn_engine::services::{Handler, Services};

use crate::stage::{engine, event_types, result, task};

fn file() -> Json {
    json!({
        "StateMachines": { "Orders": { "TestCases": {
            "Happy": { "Work": "Done" },
            "Twice": { "Work": "BusyTwice" },
            "Elsewhere": { "Other": "Done" },
        } } },
        "MockedResponses": {
            "Done": { "0": { "Return": { "done": true } } },
            "BusyTwice": {
                "0-1": { "Throw": { "Error": "Busy", "Cause": "later" } },
                "2": { "Return": "at last" },
            },
        },
    })
}

async fn played(test_case: Option<&str>, machine: &str, task_fields: &Json) -> Arc<Outcome> {
    let mocks: Mocks = file().to_string().parse().expect("a mock file");
    let real = Handler::new(async |_| Ok("the real one".into()));
    let services = Services::new().mocks(mocks).route("arn:aws:states:::glue:*", real);
    let start = Start { test_case: test_case.map(str::to_owned), ..Start::default().of(machine) };
    engine(services).start(&task(task_fields), start).expect("it starts").finished().await
}

#[tokio::test]
async fn the_test_case_chooses_and_the_attempt_counts() {
    let request = json!({ "Resource": "arn:aws:states:::glue:getJobs",
        "Retry": [{ "ErrorEquals": ["Busy"], "MaxAttempts": 2 }] });
    for (test_case, expected) in [
        (Some("Happy"), json!({ "done": true })),
        (Some("Twice"), json!("at last")),
        (Some("Elsewhere"), json!("the real one")),
        (None, json!("the real one")),
    ] {
        assert_eq!(result(&played(test_case, "Orders", &request).await), Ok(expected), "{test_case:?}");
    }
}

#[tokio::test]
async fn a_mock_is_the_result_in_every_pattern() {
    for (resource, types) in [
        ("arn:aws:states:::glue:getJobs", ["TaskScheduled", "TaskStarted", "TaskSucceeded"].as_slice()),
        (
            "arn:aws:states:::glue:startJobRun.sync",
            &["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"],
        ),
        (
            "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            &["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"],
        ),
        (
            "arn:aws:states:us-east-1:123456789012:activity:ship",
            &["ActivityScheduled", "ActivityStarted", "ActivitySucceeded"],
        ),
        (
            "arn:aws:lambda:us-east-1:123456789012:function:ship",
            &["LambdaFunctionScheduled", "LambdaFunctionStarted", "LambdaFunctionSucceeded"],
        ),
    ] {
        let outcome = played(Some("Happy"), "Orders", &json!({ "Resource": resource })).await;
        assert_eq!(result(&outcome), Ok(json!({ "done": true })), "{resource}");
        let found = event_types(&outcome);
        assert_eq!(&found[2..found.len() - 2], types, "{resource}");
    }
}

#[tokio::test]
async fn what_is_not_mocked_but_asked_for_is_explained() {
    let request = json!({ "Resource": "arn:aws:states:::glue:getJobs",
        "Retry": [{ "ErrorEquals": ["States.ALL"], "MaxAttempts": 3 }] });
    let once = json!({ "Resource": "arn:aws:states:::glue:getJobs" });
    for (test_case, machine, fields, cause) in [
        (
            "Sad",
            "Orders",
            &once,
            "the mocks of state machine `Orders` have no test case `Sad`, expected one of `Elsewhere`, `Happy`, `Twice`",
        ),
        (
            "Happy",
            "Other",
            &once,
            "test case `Happy`: there are no mocks for state machine `Other`, but for `Orders`",
        ),
    ] {
        let (error, found) = result(&played(Some(test_case), machine, fields).await).unwrap_err();
        assert_eq!((error.as_str(), found.as_str()), ("States.Runtime", cause));
    }
    let mocks =
        file().to_string().replace("Return", "Throw").replace("{\"done\":true}", "{\"Error\":\"No\"}");
    let mocks: Mocks = mocks.replace("\"at last\"", "{}").parse().expect("a mock file");
    let start = Start { test_case: Some("Happy".to_owned()), ..Start::default().of("Orders") };
    let engine = engine(Services::new().mocks(mocks));
    let outcome = engine.start(&task(&request), start).expect("it starts").finished().await;
    let (error, cause) = result(&outcome).unwrap_err();
    assert_eq!(error, "States.Runtime");
    assert_eq!(
        cause,
        "state `Work` was tried a time too many for its mock: response `Done` has no attempt \"3\" (its last is 0); add \
         \"3\" to it, or fewer retries to the state"
    );
}

#[test]
fn a_wrong_file_is_refused_at_its_fault() {
    let with = |pointer: &str, value: Json| {
        let mut file = file();
        *file.pointer_mut(pointer).expect("a place in the file") = value;
        file.to_string()
    };
    let done = "/MockedResponses/Done";
    for (text, pointer, message) in [
        ("{".to_owned(), "", "is not JSON: EOF while parsing an object at line 1 column 1"),
        ("{}".to_owned(), "", "the field `MockedResponses` is missing"),
        (with("/StateMachines", json!(1)), "/StateMachines", "expected an object"),
        (
            with("/StateMachines/Orders", json!({ "Cases": {} })),
            "/StateMachines/Orders/Cases",
            "unknown field `Cases`, expected `TestCases`",
        ),
        (
            with("/StateMachines/Orders/TestCases/Happy/Work", json!("Don")),
            "/StateMachines/Orders/TestCases/Happy/Work",
            "there is no mocked response `Don`, expected one of `BusyTwice`, `Done`",
        ),
        (
            with(done, json!({ "first": { "Return": 1 } })),
            "/MockedResponses/Done/first",
            "found `first`, expected an attempt such as \"0\" or attempts such as \"1-2\", below 100000",
        ),
        (
            with(done, json!({ "2-1": { "Return": 1 } })),
            "/MockedResponses/Done/2-1",
            "found `2-1`, expected an attempt such as \"0\" or attempts such as \"1-2\", below 100000",
        ),
        (
            with(done, json!({ "0-4000000000": { "Return": 1 } })),
            "/MockedResponses/Done/0-4000000000",
            "found `0-4000000000`, expected an attempt such as \"0\" or attempts such as \"1-2\", below 100000",
        ),
        (with(done, json!({ "1": { "Return": 1 } })), done, "attempt 0 is missing, expected all from 0 on"),
        (
            with(done, json!({ "0-1": { "Return": 1 }, "1": { "Return": 1 } })),
            "/MockedResponses/Done/1",
            "attempt 1 is mocked twice",
        ),
        (with(done, json!({ "0": {} })), "/MockedResponses/Done/0", "expected `Return` or `Throw`"),
        (
            with(done, json!({ "0": { "Return": 1, "Throw": {} } })),
            "/MockedResponses/Done/0",
            "found both `Return` and `Throw`, expected one of them",
        ),
        (
            with(done, json!({ "0": { "Throw": { "error": "x" } } })),
            "/MockedResponses/Done/0/Throw/error",
            "unknown field `error`, expected `Error` or `Cause`",
        ),
        (
            with(done, json!({ "0": { "Throw": { "Error": 4 } } })),
            "/MockedResponses/Done/0/Throw/Error",
            "found `4`, expected a text",
        ),
    ] {
        let error = text.parse::<Mocks>().expect_err(&text);
        assert_eq!((error.pointer.as_str(), error.message.as_str()), (pointer, message), "{text}");
    }
}
