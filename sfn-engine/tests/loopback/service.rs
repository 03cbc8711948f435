//! The service's operations over HTTP: what each does, what it says, and what it refuses in which words.
//! Separate from the protocol's tests because these are stories about State Machines and executions.

use std::time::Duration;

use serde_json::{Value, json};
use sfn_engine::api::{Endpoint, Server};
use sfn_engine::core::ResourceKind;
use sfn_engine::driver::{Answer, Engine, TaskFailure, TaskFuture, TaskRequest, TaskRunner};

use crate::http::{call, send};

crate::tests![
    a_state_machine_lives_from_creation_to_deletion,
    versions_and_aliases_route_executions,
    an_execution_is_started_once_per_name,
    histories_come_in_pages,
    executions_are_listed_and_filtered,
    a_failed_execution_is_redriven,
    express_executions_answer_at_once,
    workers_poll_activities,
    map_runs_show_their_children,
    tags_are_set_and_removed,
    definitions_are_validated,
    regions_do_not_see_each_other,
    lists_are_cut_into_pages,
    a_deleted_machine_takes_its_executions_along
];

const ROLE: &str = "arn:aws:iam::123456789012:role/test";

fn pass() -> String {
    json!({ "StartAt": "A", "QueryLanguage": "JSONata", "States": { "A": { "Type": "Pass", "End": true } } })
        .to_string()
}

fn task(resource: &str) -> String {
    json!({ "StartAt": "A", "QueryLanguage": "JSONata", "States": {
        "A": { "Type": "Task", "Resource": resource, "End": true } } })
    .to_string()
}

/// A runner that gives back what it is given, fails when told to, and leaves Activities to their workers.
struct Obedient;

impl TaskRunner for Obedient {
    fn run(&self, request: TaskRequest) -> TaskFuture {
        let answer = match request.arguments.get("fail").and_then(sfn_asl::Value::as_str) {
            _ if *request.resource.kind() == ResourceKind::Activity => Ok(Answer::Worker),
            Some(error) => Err(TaskFailure::new(error, "told to")),
            None => Ok(Answer::Response(request.arguments)),
        };
        Box::pin(std::future::ready(answer))
    }
}

/// A server and a client.
struct Service {
    server: Server,
}

impl Service {
    async fn start() -> Self {
        let engine = Engine::builder(Obedient).spawn();
        Self { server: Endpoint::bind(0).await.expect("a free port").serve(engine) }
    }

    fn address(&self) -> String {
        self.server.url().trim_start_matches("http://").to_owned()
    }

    async fn call(&self, operation: &str, input: Value) -> Result<Value, (String, String)> {
        let (address, operation) = (self.address(), operation.to_owned());
        let response = tokio::task::spawn_blocking(move || call(&address, &operation, &input))
            .await
            .expect("the client does not panic");
        let body: Value = serde_json::from_slice(&response.body).expect("a JSON body");
        let text = |field: &str| body[field].as_str().unwrap_or_default().to_owned();
        if response.status == 200 { Ok(body) } else { Err((text("__type"), text("message"))) }
    }

    async fn ok(&self, operation: &str, input: Value) -> Value {
        let shown = format!("{operation} {input}");
        self.call(operation, input)
            .await
            .unwrap_or_else(|(code, message)| panic!("{shown}: {code}: {message}"))
    }

    async fn refused(&self, operation: &str, input: Value, code: &str, message: &str) {
        let found = self.call(operation, input).await.expect_err(operation);
        assert_eq!((found.0.as_str(), found.1.as_str()), (code, message), "{operation}");
    }

    async fn machine(&self, name: &str, definition: &str) -> String {
        let input = json!({ "name": name, "definition": definition, "roleArn": ROLE });
        text(&self.ok("CreateStateMachine", input).await, "stateMachineArn")
    }

    /// Starts an execution and waits for its end; gives its description.
    async fn run(&self, machine: &str, input: Value) -> Value {
        let start = json!({ "stateMachineArn": machine, "input": input.to_string() });
        let arn = text(&self.ok("StartExecution", start).await, "executionArn");
        self.ended(&arn).await
    }

    async fn ended(&self, arn: &str) -> Value {
        loop {
            let described = self.ok("DescribeExecution", json!({ "executionArn": arn })).await;
            if described["status"] != "RUNNING" {
                return described;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
}

fn text(json: &Value, field: &str) -> String {
    json[field].as_str().unwrap_or_else(|| panic!("no text `{field}` in {json}")).to_owned()
}

async fn a_state_machine_lives_from_creation_to_deletion() {
    let service = Service::start().await;
    let create = json!({ "name": "Order", "definition": pass(), "roleArn": ROLE });
    let created = service.ok("CreateStateMachine", create.clone()).await;
    let arn = "arn:aws:states:us-east-1:123456789012:stateMachine:Order";
    assert_eq!(created["stateMachineArn"], arn);
    assert_eq!(service.ok("CreateStateMachine", create).await, created, "creating it again changes nothing");
    let other =
        json!({ "name": "Order", "definition": task("arn:aws:states:::lambda:invoke"), "roleArn": ROLE });
    let message = format!("State Machine Already Exists: '{arn}'");
    service.refused("CreateStateMachine", other, "StateMachineAlreadyExists", &message).await;
    for (name, definition, role, code, message) in [
        ("a b", pass(), ROLE, "InvalidName", "Invalid Name: 'a b'"),
        ("X", pass(), "me", "InvalidArn", "Invalid Role Arn: 'me'"),
        (
            "X",
            "{}".to_owned(),
            ROLE,
            "InvalidDefinition",
            "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [States, StartAt] at /'",
        ),
    ] {
        let create = json!({ "name": name, "definition": definition, "roleArn": role });
        service.refused("CreateStateMachine", create, code, message).await;
    }
    let logging = json!({ "name": "L", "definition": pass(), "roleArn": ROLE, "loggingConfiguration": { "level": "ALL" } });
    let message = "Invalid Logging Configuration: Must specify exactly one Log Destination.";
    service.refused("CreateStateMachine", logging, "InvalidLoggingConfiguration", message).await;

    let described = service.ok("DescribeStateMachine", json!({ "stateMachineArn": arn })).await;
    assert_eq!(described["status"], "ACTIVE");
    assert_eq!(described["type"], "STANDARD");
    assert_eq!(described["loggingConfiguration"], json!({ "level": "OFF", "includeExecutionData": false }));
    assert_eq!(described.get("revisionId"), None, "there is none before the first update");
    let message = "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified";
    let nothing = json!({ "stateMachineArn": arn });
    service.refused("UpdateStateMachine", nothing, "MissingRequiredParameter", message).await;
    let update = json!({ "stateMachineArn": arn, "definition": task("arn:aws:states:::lambda:invoke") });
    let updated = service.ok("UpdateStateMachine", update.clone()).await;
    let described = service.ok("DescribeStateMachine", json!({ "stateMachineArn": arn })).await;
    assert_eq!(described["revisionId"], updated["revisionId"]);
    assert_eq!(service.ok("UpdateStateMachine", update).await.get("revisionId"), None, "nothing was new");

    service.ok("DeleteStateMachine", json!({ "stateMachineArn": arn })).await;
    service.ok("DeleteStateMachine", json!({ "stateMachineArn": arn })).await;
    let gone = format!("State Machine Does Not Exist: '{arn}'");
    for operation in ["DescribeStateMachine", "StartExecution"] {
        service
            .refused(operation, json!({ "stateMachineArn": arn }), "StateMachineDoesNotExist", &gone)
            .await;
    }
    let kind = "Invalid Arn: 'Resource type not valid in this context: activity'";
    let activity = json!({ "stateMachineArn": "arn:aws:states:us-east-1:123456789012:activity:A" });
    service.refused("DescribeStateMachine", activity, "InvalidArn", kind).await;
}

async fn versions_and_aliases_route_executions() {
    let service = Service::start().await;
    let arn = service.machine("Order", &pass()).await;
    let machine = || json!({ "stateMachineArn": arn });
    let publish = json!({ "stateMachineArn": arn, "revisionId": "INITIAL", "description": "the first" });
    let first = service.ok("PublishStateMachineVersion", publish.clone()).await;
    assert_eq!(first["stateMachineVersionArn"], format!("{arn}:1"));
    assert_eq!(service.ok("PublishStateMachineVersion", publish.clone()).await, first);
    let update = json!({ "stateMachineArn": arn, "publish": true, "versionDescription": "the second",
        "definition": json!({ "StartAt": "B", "QueryLanguage": "JSONata", "States": {
            "B": { "Type": "Pass", "Output": "second", "End": true } } }).to_string() });
    let updated = service.ok("UpdateStateMachine", update).await;
    assert_eq!(updated["stateMachineVersionArn"], format!("{arn}:2"));
    let message = format!(
        "Failed to publish the State Machine version for revision INITIAL. The current State Machine revision is {}.",
        text(&updated, "revisionId")
    );
    service.refused("PublishStateMachineVersion", publish, "ConflictException", &message).await;
    let second = service.ok("DescribeStateMachine", json!({ "stateMachineArn": format!("{arn}:2") })).await;
    assert_eq!(second["description"], "the second");
    let described = service.run(&format!("{arn}:1"), json!({ "x": 1 })).await;
    assert_eq!(described["output"], "{\"x\":1}");
    assert_eq!(described["stateMachineVersionArn"], format!("{arn}:1"));
    assert_eq!(described["stateMachineArn"], arn.as_str());

    let route = |version: u8, weight: u8| json!({ "stateMachineVersionArn": format!("{arn}:{version}"), "weight": weight });
    let alias = |routes: Value| json!({ "name": "PROD", "routingConfiguration": routes });
    for (routes, message) in [
        (
            json!([route(1, 50)]),
            "Sum of routing configuration weights must equal 100. Received: [50]".to_owned(),
        ),
        (
            json!([route(1, 50), route(1, 50)]),
            format!(
                "Routing configuration must contain distinct state machine version ARNs. Received: [{arn}:1, {arn}:1]"
            ),
        ),
        (
            json!([{ "stateMachineVersionArn": arn, "weight": 100 }]),
            format!("Routing configuration must contain state machine version ARNs. Received: [{arn}]"),
        ),
    ] {
        service.refused("CreateStateMachineAlias", alias(routes), "ValidationException", &message).await;
    }
    let created = service.ok("CreateStateMachineAlias", alias(json!([route(1, 100)]))).await;
    let prod = text(&created, "stateMachineAliasArn");
    assert_eq!(prod, format!("{arn}:PROD"));
    let message = "Failed to create alias because an alias with the same name and a different routing configuration already exists.";
    service
        .refused("CreateStateMachineAlias", alias(json!([route(2, 100)])), "ConflictException", message)
        .await;
    let described = service.run(&prod, json!(0)).await;
    assert_eq!((&described["output"], &described["stateMachineAliasArn"]), (&json!("0"), &json!(prod)));

    let update =
        json!({ "stateMachineAliasArn": prod, "routingConfiguration": [route(1, 50), route(2, 50)] });
    service.ok("UpdateStateMachineAlias", update).await;
    let mut versions = std::collections::BTreeSet::new();
    for _ in 0..64 {
        versions.insert(text(&service.run(&prod, json!({})).await, "stateMachineVersionArn"));
    }
    assert_eq!(versions.len(), 2, "both versions get executions");
    let listed = service.ok("ListExecutions", json!({ "stateMachineArn": prod })).await;
    assert_eq!(listed["executions"].as_array().map(Vec::len), Some(65));

    let message = "Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [PROD]";
    let version = json!({ "stateMachineVersionArn": format!("{arn}:2") });
    service.refused("DeleteStateMachineVersion", version.clone(), "ConflictException", message).await;
    let aliases = service.ok("ListStateMachineAliases", machine()).await;
    assert_eq!(aliases["stateMachineAliases"][0]["stateMachineAliasArn"], prod.as_str());
    service.ok("DeleteStateMachineAlias", json!({ "stateMachineAliasArn": prod })).await;
    let message = "Request references a resource that does not exist.";
    let gone = json!({ "stateMachineAliasArn": prod });
    service.refused("DescribeStateMachineAlias", gone, "ResourceNotFound", message).await;
    service.ok("DeleteStateMachineVersion", version).await;
    let versions = service.ok("ListStateMachineVersions", machine()).await;
    assert_eq!(versions["stateMachineVersions"].as_array().map(Vec::len), Some(1));
    let third = json!({ "stateMachineArn": arn, "roleArn": format!("{ROLE}2"), "publish": true });
    let third = service.ok("UpdateStateMachine", third).await;
    assert_eq!(third["stateMachineVersionArn"], format!("{arn}:3"), "numbers are not reused");
}

async fn an_execution_is_started_once_per_name() {
    let service = Service::start().await;
    let waiting =
        json!({ "StartAt": "A", "States": { "A": { "Type": "Wait", "Seconds": 600, "End": true } } });
    let arn = service.machine("Slow", &waiting.to_string()).await;
    let start = |input: &str| json!({ "stateMachineArn": arn, "name": "one", "input": input });
    let started = service.ok("StartExecution", start("{\"a\":1}")).await;
    assert_eq!(started["executionArn"], "arn:aws:states:us-east-1:123456789012:execution:Slow:one");
    assert_eq!(service.ok("StartExecution", start("{\"a\":1}")).await, started);
    let message = "Execution Already Exists: 'arn:aws:states:us-east-1:123456789012:execution:Slow:one'";
    service.refused("StartExecution", start("{\"a\":2}"), "ExecutionAlreadyExists", message).await;
    let execution = json!({ "executionArn": started["executionArn"], "error": "Enough", "cause": "of this" });
    service.ok("StopExecution", execution).await;
    service.refused("StartExecution", start("{\"a\":1}"), "ExecutionAlreadyExists", message).await;
    let described = service.ended(&text(&started, "executionArn")).await;
    assert_eq!((&described["status"], &described["error"]), (&json!("ABORTED"), &json!("Enough")));
    assert_eq!(described["redriveStatus"], "REDRIVABLE");

    let refused = service.call("StartExecution", json!({ "stateMachineArn": arn, "input": "{" })).await;
    assert_eq!(refused.expect_err("no JSON").0, "InvalidExecutionInput");
    let label = json!({ "stateMachineArn": format!("{arn}/Each") });
    assert_eq!(service.call("StartExecution", label).await.expect_err("a label").0, "ValidationException");
    let nobody = "arn:aws:states:us-east-1:123456789012:execution:Slow:two";
    let message = format!("Execution Does Not Exist: '{nobody}'");
    let nobody = json!({ "executionArn": nobody });
    service.refused("DescribeExecution", nobody, "ExecutionDoesNotExist", &message).await;
}

async fn histories_come_in_pages() {
    let service = Service::start().await;
    let arn = service.machine("Pass", &pass()).await;
    let execution = text(&service.run(&arn, json!({})).await, "executionArn");
    let all = service.ok("GetExecutionHistory", json!({ "executionArn": execution })).await;
    let types = |history: &Value| -> Vec<String> {
        history["events"].as_array().expect("events").iter().map(|event| text(event, "type")).collect()
    };
    let expected = ["ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"];
    assert_eq!(types(&all), expected);
    let reversed = json!({ "executionArn": execution, "reverseOrder": true, "maxResults": 3 });
    let page = service.ok("GetExecutionHistory", reversed).await;
    assert_eq!(types(&page), [expected[3], expected[2], expected[1]]);
    let next = json!({ "executionArn": execution, "reverseOrder": true, "nextToken": page["nextToken"] });
    let page = service.ok("GetExecutionHistory", next).await;
    assert_eq!((types(&page), page.get("nextToken")), (vec![expected[0].to_owned()], None));
    let bare = json!({ "executionArn": execution, "includeExecutionData": false });
    let bare = service.ok("GetExecutionHistory", bare).await;
    assert_eq!(bare["events"][0]["executionStartedEventDetails"], json!({ "roleArn": ROLE }));
    let forged = json!({ "executionArn": execution, "nextToken": "00" });
    service.refused("GetExecutionHistory", forged, "InvalidToken", "Invalid Token: 'Invalid token'").await;
}

async fn executions_are_listed_and_filtered() {
    let service = Service::start().await;
    let arn = service.machine("Task", &task("arn:aws:states:::lambda:invoke")).await;
    service.run(&arn, json!({})).await;
    service.run(&arn, json!({ "fail": "Broken" })).await;
    let count = async |filter: Value| {
        let mut input = json!({ "stateMachineArn": arn });
        input.as_object_mut().expect("an object").extend(filter.as_object().expect("an object").clone());
        let listed = service.ok("ListExecutions", input).await;
        listed["executions"].as_array().expect("a list").len()
    };
    assert_eq!(count(json!({})).await, 2);
    assert_eq!(count(json!({ "statusFilter": "FAILED" })).await, 1);
    assert_eq!(count(json!({ "statusFilter": "RUNNING" })).await, 0);
    assert_eq!(count(json!({ "redriveFilter": "REDRIVEN" })).await, 0);
    assert_eq!(count(json!({ "redriveFilter": "NOT_REDRIVEN" })).await, 2);
}

async fn a_failed_execution_is_redriven() {
    let service = Service::start().await;
    let definition = json!({ "StartAt": "A", "QueryLanguage": "JSONata", "States": { "A": {
        "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": "{% $states.context.Execution.RedriveCount = 0 ? {'fail': 'Broken'} : {'ok': true} %}",
        "End": true } } });
    let arn = service.machine("Task", &definition.to_string()).await;
    let failed = service.run(&arn, json!({})).await;
    assert_eq!((&failed["status"], &failed["error"]), (&json!("FAILED"), &json!("Broken")));
    let execution = json!({ "executionArn": failed["executionArn"] });
    service.ok("RedriveExecution", execution.clone()).await;
    let done = service.ended(&text(&failed, "executionArn")).await;
    assert_eq!((&done["status"], &done["redriveCount"]), (&json!("SUCCEEDED"), &json!(1)));
    assert_eq!(done["redriveStatusReason"], "Execution is SUCCEEDED and cannot be redriven");
    let message = "Execution is SUCCEEDED and cannot be redriven.";
    service.refused("RedriveExecution", execution.clone(), "ExecutionNotRedrivable", message).await;
    let history = service.ok("GetExecutionHistory", execution).await;
    let redriven =
        history["events"].as_array().expect("events").iter().find(|it| it["type"] == "ExecutionRedriven");
    assert_eq!(
        redriven.expect("it is on record")["executionRedrivenEventDetails"],
        json!({ "redriveCount": 1 })
    );
}

async fn express_executions_answer_at_once() {
    let service = Service::start().await;
    let create = json!({ "name": "Fast", "type": "EXPRESS", "roleArn": ROLE,
        "definition": task("arn:aws:states:::lambda:invoke") });
    let arn = text(&service.ok("CreateStateMachine", create).await, "stateMachineArn");
    let start = |input: &str| json!({ "stateMachineArn": arn, "input": input });
    let done = service.ok("StartSyncExecution", start("{\"n\":1}")).await;
    assert_eq!((&done["status"], &done["output"]), (&json!("SUCCEEDED"), &json!("{\"n\":1}")));
    assert_eq!(done["billingDetails"]["billedMemoryUsedInMB"], 64);
    let failed = service.ok("StartSyncExecution", start("{\"fail\":\"Broken\"}")).await;
    assert_eq!((&failed["status"], &failed["error"]), (&json!("FAILED"), &json!("Broken")));
    let started = service.ok("StartExecution", start("{}")).await;
    let message = "Invalid Arn: 'Resource type not valid in this context: express'";
    let execution = json!({ "executionArn": started["executionArn"] });
    for operation in ["DescribeExecution", "GetExecutionHistory", "StopExecution", "RedriveExecution"] {
        service.refused(operation, execution.clone(), "InvalidArn", message).await;
    }
    let message = "This operation is not supported by this type of state machine";
    let list = json!({ "stateMachineArn": arn });
    service.refused("ListExecutions", list, "StateMachineTypeNotSupported", message).await;
    let standard = json!({ "stateMachineArn": service.machine("Standard", &pass()).await });
    service.refused("StartSyncExecution", standard, "StateMachineTypeNotSupported", message).await;
}

async fn workers_poll_activities() {
    let service = Service::start().await;
    let created = service.ok("CreateActivity", json!({ "name": "Pack" })).await;
    assert_eq!(service.ok("CreateActivity", json!({ "name": "Pack" })).await, created);
    let activity = text(&created, "activityArn");
    let arn = service.machine("Packing", &task(&activity)).await;
    let started =
        service.ok("StartExecution", json!({ "stateMachineArn": arn, "input": "{\"box\":1}" })).await;
    let poll = json!({ "activityArn": activity, "workerName": "me" });
    let task = service.ok("GetActivityTask", poll).await;
    assert_eq!(task["input"], "{\"box\":1}");
    service.ok("SendTaskHeartbeat", json!({ "taskToken": task["taskToken"] })).await;
    let success = json!({ "taskToken": task["taskToken"], "output": "\"packed\"" });
    service.ok("SendTaskSuccess", success.clone()).await;
    assert_eq!(service.call("SendTaskSuccess", success).await.expect_err("spent").0, "TaskTimedOut");
    let described = service.ended(&text(&started, "executionArn")).await;
    assert_eq!(described["output"], "\"packed\"");
    assert_eq!(service.ok("ListActivities", json!({})).await["activities"][0]["name"], "Pack");
    service.ok("DeleteActivity", json!({ "activityArn": activity })).await;
    let message = format!("Activity Does Not Exist: '{activity}'");
    for operation in ["DescribeActivity", "GetActivityTask"] {
        let input = json!({ "activityArn": activity });
        service.refused(operation, input, "ActivityDoesNotExist", &message).await;
    }
}

async fn map_runs_show_their_children() {
    let service = Service::start().await;
    let map = json!({ "StartAt": "Each", "QueryLanguage": "JSONata", "States": { "Each": {
        "Type": "Map", "Items": ["a", "b", "c"], "Label": "Letters", "End": true,
        "ItemProcessor": { "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
            "StartAt": "Take", "States": { "Take": { "Type": "Pass", "End": true } } } } } });
    let arn = service.machine("Spell", &map.to_string()).await;
    let done = service.run(&arn, json!({})).await;
    assert_eq!(done["output"], r#"["a","b","c"]"#, "{done}");
    let runs = service.ok("ListMapRuns", json!({ "executionArn": done["executionArn"] })).await;
    let run = text(&runs["mapRuns"][0], "mapRunArn");
    let described = service.ok("DescribeMapRun", json!({ "mapRunArn": run })).await;
    assert_eq!(
        (&described["status"], &described["itemCounts"]["succeeded"]),
        (&json!("SUCCEEDED"), &json!(3))
    );
    let children = service.ok("ListExecutions", json!({ "mapRunArn": run })).await;
    let children = children["executions"].as_array().expect("a list");
    assert_eq!((children.len(), &children[0]["itemCount"]), (3, &json!(1)));
    assert_eq!(children[0]["stateMachineArn"], format!("{arn}/Letters"));
    let child = json!({ "executionArn": children[0]["executionArn"] });
    let described = service.ok("DescribeExecution", child.clone()).await;
    assert_eq!((&described["status"], &described["input"]), (&json!("SUCCEEDED"), &described["output"]));
    assert_eq!((&described["mapRunArn"], done.get("mapRunArn")), (&json!(run), None));
    let history = service.ok("GetExecutionHistory", child).await;
    assert_eq!(history["events"][0]["type"], "ExecutionStarted");
    let late = json!({ "mapRunArn": run, "maxConcurrency": 1 });
    assert_eq!(service.call("UpdateMapRun", late).await.expect_err("it is over").0, "ValidationException");
    let nobody = json!({ "mapRunArn": format!("{run}0") });
    assert_eq!(service.call("DescribeMapRun", nobody).await.expect_err("another").0, "ResourceNotFound");
}

async fn tags_are_set_and_removed() {
    let service = Service::start().await;
    let create = json!({ "name": "Order", "definition": pass(), "roleArn": ROLE, "tags": [{ "key": "team", "value": "a" }] });
    let arn = text(&service.ok("CreateStateMachine", create).await, "stateMachineArn");
    let tags = json!([{ "key": "team", "value": "b" }, { "key": "stage", "value": "test" }]);
    service.ok("TagResource", json!({ "resourceArn": arn, "tags": tags })).await;
    assert_eq!(service.ok("ListTagsForResource", json!({ "resourceArn": arn })).await["tags"], tags);
    service.ok("UntagResource", json!({ "resourceArn": arn, "tagKeys": ["team", "nothing"] })).await;
    let left = service.ok("ListTagsForResource", json!({ "resourceArn": arn })).await;
    assert_eq!(left["tags"], json!([{ "key": "stage", "value": "test" }]));
    let many: Vec<_> = (0..50).map(|number| json!({ "key": format!("k{number}"), "value": "" })).collect();
    let refused = service.call("TagResource", json!({ "resourceArn": arn, "tags": many })).await;
    assert_eq!(refused.expect_err("51 tags").0, "TooManyTags");
    let nobody = json!({ "resourceArn": format!("{arn}2") });
    let message = format!("Resource not found: '{arn}2'");
    service.refused("ListTagsForResource", nobody, "ResourceNotFound", &message).await;
}

async fn definitions_are_validated() {
    let service = Service::start().await;
    let ok = service.ok("ValidateStateMachineDefinition", json!({ "definition": pass() })).await;
    assert_eq!(ok, json!({ "result": "OK", "diagnostics": [], "truncated": false }));
    let definition =
        json!({ "StartAt": "A", "States": { "A": { "Type": "Pass", "Next": "B" } } }).to_string();
    let found = service.ok("ValidateStateMachineDefinition", json!({ "definition": definition })).await;
    assert_eq!(found["result"], "FAIL");
    assert_eq!(
        found["diagnostics"][0],
        json!({ "severity": "ERROR", "code": "MISSING_TRANSITION_TARGET", "message": "Missing 'Next' target: B", "location": "/States/A/Next" })
    );
    let one = json!({ "definition": definition, "maxResults": 1 });
    let found = service.ok("ValidateStateMachineDefinition", one).await;
    assert_eq!((found["diagnostics"].as_array().map(Vec::len), &found["truncated"]), (Some(1), &json!(true)));
}

async fn regions_do_not_see_each_other() {
    let service = Service::start().await;
    service.machine("Here", &pass()).await;
    let address = service.address();
    let response = tokio::task::spawn_blocking(move || {
        let signed = "AWS4-HMAC-SHA256 Credential=210987654321/20260101/eu-west-1/states/aws4_request, SignedHeaders=host, Signature=0";
        let headers = [("X-Amz-Target", "AWSStepFunctions.CreateStateMachine"), ("Authorization", signed)];
        let create = json!({ "name": "There", "definition": pass(), "roleArn": ROLE });
        send(&address, "POST", "/", &headers, create.to_string().as_bytes())
    })
    .await
    .expect("the client does not panic");
    assert!(response.header("x-amzn-requestid").is_some());
    assert!(
        response.text().contains("arn:aws:states:eu-west-1:210987654321:stateMachine:There"),
        "{}",
        response.text()
    );
    let listed = service.ok("ListStateMachines", json!({})).await;
    assert_eq!(listed["stateMachines"].as_array().map(Vec::len), Some(1));
}

async fn lists_are_cut_into_pages() {
    let service = Service::start().await;
    for name in ["C", "A", "B"] {
        service.machine(name, &pass()).await;
    }
    let first = service.ok("ListStateMachines", json!({ "maxResults": 2 })).await;
    let names = |page: &Value| -> Vec<String> {
        page["stateMachines"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|machine| text(machine, "name"))
            .collect()
    };
    assert_eq!(names(&first), ["A", "B"]);
    let second = service.ok("ListStateMachines", json!({ "nextToken": first["nextToken"] })).await;
    assert_eq!((names(&second), second.get("nextToken")), (vec!["C".to_owned()], None));
    let elsewhere = json!({ "nextToken": first["nextToken"] });
    service.refused("ListActivities", elsewhere, "InvalidToken", "Invalid Token: 'Invalid token'").await;
}

async fn a_deleted_machine_takes_its_executions_along() {
    let service = Service::start().await;
    let waiting =
        json!({ "StartAt": "A", "States": { "A": { "Type": "Wait", "Seconds": 600, "End": true } } });
    let arn = service.machine("Slow", &waiting.to_string()).await;
    let machine = json!({ "stateMachineArn": arn });
    service.ok("StartExecution", machine.clone()).await;
    service.ok("DeleteStateMachine", machine.clone()).await;
    for _ in 0..500 {
        if service.call("DescribeStateMachine", machine.clone()).await.is_err() {
            service.machine("Slow", &pass()).await;
            let listed = service.ok("ListExecutions", machine).await;
            assert_eq!(listed["executions"], json!([]));
            return;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    panic!("it is still there");
}
