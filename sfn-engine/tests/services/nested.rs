//! Nested executions: the three patterns, their output shapes, failures, and what stops what.
//! Separate because two machines and a control plane are on the stage.

use std::sync::Arc;

use serde_json::{Value as Json, json};
use sfn_engine::control::{Control, CreateStateMachine, ExecutionDescription, Page, Place, StartExecution};
use sfn_engine::driver::{Engine, VirtualClock};
use sfn_engine::history::Fault;
use sfn_engine::services::Services;

use crate::stage::settle;

const ROLE: &str = "arn:aws:iam::123456789012:role/any";

struct House {
    control: Arc<Control>,
}

impl House {
    fn new() -> Self {
        let services = Services::new();
        let engine = Engine::builder(services.clone()).clock(VirtualClock::at_epoch()).seed(1).spawn();
        let control = Arc::new(Control::new(engine));
        services.connect(&control);
        Self { control }
    }

    fn machine(&self, name: &str, state: &Json) -> String {
        let definition =
            json!({ "QueryLanguage": "JSONata", "StartAt": "Work", "States": { "Work": state } });
        let create = CreateStateMachine::new(name, definition.to_string(), ROLE);
        self.control.create_state_machine(&Place::default(), create).expect("it is created").arn.to_string()
    }

    fn start(&self, machine: String) -> String {
        let start = StartExecution { machine, name: Some("outer".to_owned()), ..StartExecution::default() };
        self.control.start_execution(start).expect("it starts").arn.to_string()
    }

    /// A parent whose only Task calls so.
    fn parent(&self, resource: &str, arguments: &Json) -> String {
        let resource = format!("arn:aws:states:::{resource}");
        let task = json!({ "Type": "Task", "Resource": resource, "Arguments": arguments, "End": true });
        self.start(self.machine("Parent", &task))
    }

    async fn ended(&self, arn: &str) -> ExecutionDescription {
        self.control.finished(arn).await.expect("it is there")
    }

    async fn types(&self, arn: &str) -> Vec<&'static str> {
        let (history, _) = self.control.history(arn, false, &Page::default()).await.expect("it is there");
        history.iter().map(sfn_engine::history::HistoryEvent::event_type).collect()
    }
}

fn output(description: &ExecutionDescription) -> Json {
    serde_json::from_str(description.output.as_deref().expect("an output")).expect("JSON")
}

fn slow(days: u64) -> Json {
    json!({ "Type": "Wait", "Seconds": days * 86_400, "Output": { "Arg1": "{% $states.input %}" }, "End": true })
}

#[tokio::test]
async fn a_synchronous_child_is_its_parents_result() {
    for (resource, input, told, given) in [
        ("states:startExecution.sync", json!({ "a": 1 }), json!("{\"a\":1}"), json!("{\"Arg1\":{\"a\":1}}")),
        ("states:startExecution.sync:2", json!({ "a": 1 }), json!({ "a": 1 }), json!({ "Arg1": { "a": 1 } })),
        ("states:startExecution.sync:2", json!(null), json!({}), json!({ "Arg1": {} })),
        ("states:startExecution.sync", json!("\"text\""), json!("\"text\""), json!("{\"Arg1\":\"text\"}")),
    ] {
        let house = House::new();
        let child = house.machine("Child", &slow(30));
        let arguments = json!({ "StateMachineArn": child, "Input": input, "Name": "inner" });
        let parent = house.parent(resource, &arguments);
        let ended = house.ended(&parent).await;
        let expected = json!({
            "ExecutionArn": "arn:aws:states:us-east-1:123456789012:execution:Child:inner",
            "Input": told, "InputDetails": { "Included": true }, "Name": "inner",
            "Output": given, "OutputDetails": { "Included": true },
            "RedriveCount": 0, "RedriveStatus": "NOT_REDRIVABLE",
            "RedriveStatusReason": "Execution is SUCCEEDED and cannot be redriven",
            "StartDate": 0, "StateMachineArn": child, "Status": "SUCCEEDED", "StopDate": 30 * 86_400_000_i64,
        });
        assert_eq!(output(&ended), expected, "{resource}");
        let types = house.types(&parent).await;
        assert_eq!(types[2..6], ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"]);
    }
}

#[tokio::test]
async fn a_failed_child_fails_its_parent_with_its_description() {
    let house = House::new();
    let child = house.machine("Child", &json!({ "Type": "Fail", "Error": "Broke", "Cause": "why" }));
    let parent =
        house.parent("states:startExecution.sync:2", &json!({ "StateMachineArn": child, "Name": "inner" }));
    let ended = house.ended(&parent).await;
    assert_eq!(ended.fault.error.as_deref(), Some("States.TaskFailed"));
    assert_eq!(
        ended.fault.cause.as_deref(),
        Some(
            "{\"Cause\":\"why\",\"Error\":\"Broke\",\
             \"ExecutionArn\":\"arn:aws:states:us-east-1:123456789012:execution:Child:inner\",\"Input\":\"{}\",\
             \"InputDetails\":{\"Included\":true},\"Name\":\"inner\",\"RedriveCount\":0,\"RedriveStatus\":\"REDRIVABLE\",\
             \"StartDate\":0,\"StateMachineArn\":\"arn:aws:states:us-east-1:123456789012:stateMachine:Child\",\
             \"Status\":\"FAILED\",\"StopDate\":0}"
        )
    );
}

#[tokio::test]
async fn stopping_the_parent_stops_the_child_it_waits_for() {
    for (resource, expected) in
        [("states:startExecution.sync", "ABORTED"), ("states:startExecution", "RUNNING")]
    {
        let house = House::new();
        let waits = json!({ "Type": "Task", "End": true, "TimeoutSeconds": 60,
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Arguments": { "QueueUrl": "q", "MessageBody": "{% $states.context.Task.Token %}" } });
        let child = house.machine("Child", &waits);
        let parallel = json!({ "Type": "Parallel", "End": true, "Branches": [
            { "StartAt": "Nest", "States": { "Nest": { "Type": "Task", "End": true,
                "Resource": format!("arn:aws:states:::{resource}"),
                "Arguments": { "StateMachineArn": child, "Name": "inner" } } } },
            { "StartAt": "Hold", "States": { "Hold": waits } },
        ] });
        let parent = house.start(house.machine("Parent", &parallel));
        settle().await;
        house.control.stop_execution(&parent, Fault::default()).await.expect("it is there");
        settle().await;
        let inner = "arn:aws:states:us-east-1:123456789012:execution:Child:inner";
        let child = house.control.describe_execution(inner).await.expect("it was started");
        assert_eq!(child.status.as_str(), expected, "{resource}");
    }
}

#[tokio::test]
async fn a_child_that_is_only_started_is_its_arn_and_a_date() {
    for (resource, date) in [
        ("states:startExecution", json!(0)),
        ("aws-sdk:sfn:startExecution", json!("1970-01-01T00:00:00.000Z")),
    ] {
        let house = House::new();
        let child = house.machine("Child", &slow(1));
        let parent = house.parent(resource, &json!({ "StateMachineArn": child, "Name": "inner" }));
        let answer = output(&house.ended(&parent).await);
        assert_eq!(answer["ExecutionArn"], "arn:aws:states:us-east-1:123456789012:execution:Child:inner");
        assert_eq!(answer["StartDate"], date);
        assert_eq!(answer.get("SdkHttpMetadata").is_some(), !resource.starts_with("aws-sdk"));
    }
}

#[tokio::test]
async fn a_child_may_complete_its_parents_token() {
    let house = House::new();
    let send = |operation: &str, arguments: Json| {
        json!({ "Type": "Task", "Resource": format!("arn:aws:states:::aws-sdk:sfn:{operation}"),
            "Arguments": arguments, "End": true })
    };
    let token = "{% $states.context.Execution.Input.TaskToken %}";
    for (pattern, operation, more, expected) in [
        (
            "waitForTaskToken",
            "sendTaskSuccess",
            json!({ "Output": { "yes": true } }),
            Ok(json!({ "yes": true })),
        ),
        ("sync:2", "sendTaskSuccess", json!({ "Output": "\"early\"" }), Ok(json!("early"))),
        ("waitForTaskToken", "sendTaskFailure", json!({ "Error": "No", "Cause": "c" }), Err("No")),
    ] {
        let mut arguments = json!({ "TaskToken": token });
        arguments.as_object_mut().expect("an object").extend(more.as_object().expect("fields").clone());
        let name = format!("Child-{}-{operation}", pattern.replace(':', ""));
        let child = house.machine(&name, &send(operation, arguments));
        let input = json!({ "TaskToken": "{% $states.context.Task.Token %}" });
        let task = json!({ "Type": "Task", "Resource": format!("arn:aws:states:::states:startExecution.{pattern}"),
            "Arguments": { "StateMachineArn": child, "Input": input }, "End": true });
        let parent = house.start(house.machine(&format!("Parent-{name}"), &task));
        let ended = house.ended(&parent).await;
        let found = match &ended.fault.error {
            Some(error) => Err(&**error),
            None => Ok(output(&ended)),
        };
        assert_eq!(found, expected, "{pattern} {operation}");
    }
}

#[tokio::test]
async fn an_express_child_is_waited_for_through_the_sdk() {
    let house = House::new();
    let definition = json!({ "QueryLanguage": "JSONata", "StartAt": "No",
        "States": { "No": { "Type": "Fail", "Error": "Broke" } } });
    let create = CreateStateMachine {
        kind: sfn_asl::ExecutionType::Express,
        ..CreateStateMachine::new("Quick", definition.to_string(), ROLE)
    };
    let child = house.control.create_state_machine(&Place::default(), create).expect("it is created").arn;
    let parent = house.parent("aws-sdk:sfn:startSyncExecution", &json!({ "StateMachineArn": *child }));
    let answer = output(&house.ended(&parent).await);
    assert_eq!((&answer["Status"], &answer["Error"]), (&json!("FAILED"), &json!("Broke")));
}

#[tokio::test]
async fn what_the_service_refuses_fails_the_task_by_its_name() {
    let gone = "arn:aws:states:us-east-1:123456789012:stateMachine:Gone";
    for (resource, arguments, error, cause) in [
        (
            "states:startExecution.sync",
            json!({ "StateMachineArn": gone }),
            "StepFunctions.StateMachineDoesNotExistException",
            "State Machine Does Not Exist: 'arn:aws:states:us-east-1:123456789012:stateMachine:Gone' (Service: AWSStepFunctions; Status Code: 400; Error Code: StateMachineDoesNotExist; Request ID: ",
        ),
        (
            "aws-sdk:sfn:sendTaskSuccess",
            json!({ "TaskToken": "NoSuchTaskToken", "Output": "ParameterOutput" }),
            "Sfn.InvalidTokenException",
            "Invalid Token: 'Invalid token' (Service: Sfn, Status Code: 400, Request ID: ",
        ),
        (
            "states:startExecution",
            json!({}),
            "StepFunctions.AWSStepFunctionsException",
            "1 validation error detected: Value null at 'stateMachineArn' failed to satisfy constraint: Member must not be null",
        ),
    ] {
        let house = House::new();
        let parent = house.parent(resource, &arguments);
        let Fault { error: found, cause: why } = house.ended(&parent).await.fault;
        assert_eq!(found.as_deref(), Some(error), "{resource}");
        assert!(why.as_deref().is_some_and(|why| why.starts_with(cause)), "{why:?}");
    }
}
