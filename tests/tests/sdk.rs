//! AWS's own client for Rust against the API on loopback: create, start, tokens, history, redrive.
//! Separate because only a real client shows that what is served is what clients expect.

use std::error::Error;
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_sfn::Client;
use aws_sdk_sfn::config::interceptors::BeforeTransmitInterceptorContextMut;
use aws_sdk_sfn::config::{BehaviorVersion, Config, ConfigBag, Intercept, Region, RuntimeComponents};
use aws_sdk_sfn::error::ProvideErrorMetadata;
use aws_sdk_sfn::types::{
    ExecutionRedriveStatus, ExecutionStatus, HistoryEventType, InspectionErrorDetails, InspectionLevel,
    MockErrorOutput, MockInput, TestExecutionStatus, TestStateConfiguration,
};
use sfn_asl::Value;
use sfn_engine::api::{Endpoint, Server};
use sfn_engine::driver::{Engine, TaskFailure, TaskRequest};
use tokio::sync::mpsc;

/// A served engine whose tasks hand their tokens to the test, and fail once they have none.
async fn serve() -> (Server, Client, mpsc::UnboundedReceiver<String>) {
    let (tokens, handed_out) = mpsc::unbounded_channel();
    let runner = move |request: TaskRequest| {
        let sent = request.token.as_deref().map(|token| tokens.send(token.to_owned()).is_ok());
        async move {
            match sent {
                Some(true) => Ok(Value::Null),
                _ => Err(TaskFailure::new("Closed", "nobody is there")),
            }
        }
    };
    let server = Endpoint::bind(0).await.expect("a free port").serve(Engine::builder(runner).spawn());
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .endpoint_url(server.url())
        .interceptor(PlainHost)
        .build();
    (server, Client::from_conf(config), handed_out)
}

/// Takes off what some operations put before the host's name, and which only AWS's names have.
#[derive(Debug)]
struct PlainHost;

impl Intercept for PlainHost {
    fn name(&self) -> &'static str {
        "PlainHost"
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), Box<dyn Error + Send + Sync>> {
        let request = context.request_mut();
        let plain = request.uri().replacen("//sync-", "//", 1);
        Ok(request.set_uri(plain)?)
    }
}

const CALLBACK: &str = r#"{ "StartAt": "Ask", "States": {
    "Ask": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken", "End": true,
        "Parameters": { "FunctionName": "ask", "Payload": { "token.$": "$$.Task.Token" } } } } }"#;

async fn ended(
    client: &Client,
    execution: &str,
) -> aws_sdk_sfn::operation::describe_execution::DescribeExecutionOutput {
    for _ in 0..1000 {
        let described = client.describe_execution().execution_arn(execution).send().await.expect("it exists");
        if *described.status() != ExecutionStatus::Running {
            return described;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("{execution} does not end");
}

#[tokio::test]
async fn a_saga_is_created_started_answered_read_and_redriven() {
    let (_server, client, mut tokens) = serve().await;
    let created = client.create_state_machine().name("Ask").definition(CALLBACK);
    let created = created.role_arn("arn:aws:iam::123456789012:role/test").send().await.expect("it is valid");
    let machine = created.state_machine_arn();
    assert_eq!(machine, "arn:aws:states:eu-west-1:123456789012:stateMachine:Ask");

    let start = client.start_execution().state_machine_arn(machine).name("one").input("{}");
    let execution = start.send().await.expect("it starts").execution_arn;
    let token = tokens.recv().await.expect("a token is handed out");
    client.send_task_heartbeat().task_token(&token).send().await.expect("it waits");
    let failure = client.send_task_failure().task_token(&token).error("Declined").cause("no");
    failure.send().await.expect("it waits");
    let failed = ended(&client, &execution).await;
    assert_eq!((failed.status(), failed.error()), (&ExecutionStatus::Failed, Some("Declined")));
    assert_eq!(failed.redrive_status(), Some(&ExecutionRedriveStatus::Redrivable));

    client.redrive_execution().execution_arn(&execution).send().await.expect("it failed");
    let fresh = tokens.recv().await.expect("another token is handed out");
    assert_ne!(fresh, token);
    client.send_task_success().task_token(&fresh).output("\"yes\"").send().await.expect("it waits");
    let done = ended(&client, &execution).await;
    assert_eq!((done.status(), done.output()), (&ExecutionStatus::Succeeded, Some("\"yes\"")));
    assert_eq!(done.redrive_count(), Some(1));

    let mut pages = client
        .get_execution_history()
        .execution_arn(&execution)
        .max_results(3)
        .into_paginator()
        .items()
        .send();
    let mut types = Vec::new();
    while let Some(event) = pages.next().await {
        types.push(event.expect("a page").r#type);
    }
    assert_eq!(types.first(), Some(&HistoryEventType::ExecutionStarted));
    assert_eq!(types.last(), Some(&HistoryEventType::ExecutionSucceeded));
    assert!(types.contains(&HistoryEventType::ExecutionRedriven), "{types:?}");
}

#[tokio::test]
async fn a_state_is_tested_by_itself() {
    let (_server, client, _tokens) = serve().await;
    let state = r#"{ "Type": "Map", "ItemsPath": "$.all", "End": true, "ToleratedFailureCount": 1,
        "ItemProcessor": { "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
            "StartAt": "Each", "States": { "Each": { "Type": "Pass", "End": true } } },
        "Catch": [{ "ErrorEquals": ["States.ExceedToleratedFailureThreshold"], "ResultPath": "$.error", "Next": "Mend" }] }"#;
    let test = || {
        let test = client.test_state().definition(state).input(r#"{"all": [1, 2, 3]}"#);
        test.inspection_level(InspectionLevel::Debug)
    };
    let failed = |count| TestStateConfiguration::builder().map_iteration_failure_count(count).build();
    let result = |text: &str| MockInput::builder().result(text).build();

    let done =
        test().mock(result("[1, 3]")).state_configuration(failed(1)).send().await.expect("it is valid");
    assert_eq!((done.status(), done.output()), (Some(&TestExecutionStatus::Succeeded), Some("[1,3]")));
    let inspected = done.inspection_data().expect("it was asked for");
    assert_eq!(inspected.after_items_path(), Some("[1,2,3]"));
    assert_eq!((inspected.max_concurrency(), inspected.tolerated_failure_count()), (Some(0), Some(1)));

    let caught = test().mock(result("[]")).state_configuration(failed(2)).send().await.expect("it is valid");
    assert_eq!(caught.status(), Some(&TestExecutionStatus::CaughtError));
    assert_eq!(caught.next_state(), Some("Mend"));
    let details = caught.inspection_data().and_then(|inspected| inspected.error_details());
    assert_eq!(details.and_then(InspectionErrorDetails::catch_index), Some(0));

    let error = MockErrorOutput::builder().error("Broken").build();
    let both = MockInput::builder().result("[]").error_output(error).build();
    let refused = test().mock(both).send().await.expect_err("one of them is too many").into_service_error();
    assert!(refused.is_validation_exception(), "{refused:?}");
}

#[tokio::test]
async fn refusals_are_errors_of_their_own_type() {
    let (_server, client, _tokens) = serve().await;
    let nobody = "arn:aws:states:eu-west-1:123456789012:stateMachine:Nobody";
    let refused =
        client.start_execution().state_machine_arn(nobody).send().await.expect_err("it is not there");
    let refused = refused.into_service_error();
    assert!(refused.is_state_machine_does_not_exist(), "{refused:?}");
    assert_eq!(refused.message(), Some(format!("State Machine Does Not Exist: '{nobody}'").as_str()));
    let refused =
        client.send_task_success().task_token("nonsense").output("1").send().await.expect_err("no token");
    assert!(refused.into_service_error().is_invalid_token());
}
