//! Workflows to plan for. Separate from the tests because other tools are shown the same stack (`examples/everything.rs`).

use serde_json::json;
use sfn_core::WorkflowManifest;

/// A task's entry.
pub(crate) fn task(name: &str, placeholder: &str, pattern: &str, line: u32) -> serde_json::Value {
    json!({
        "name": name, "placeholder": placeholder, "pattern": pattern, "timeoutSeconds": 30, "memoryMb": 512,
        "input": {}, "output": {}, "errors": [], "origin": { "file": "src/lib.rs", "line": line, "column": 1 },
    })
}

/// The same, of a task whose results are kept.
pub(crate) fn idempotent(mut task: serde_json::Value) -> serde_json::Value {
    task["idempotent"] = json!(true);
    task
}

/// What takes or gives a value that may be too large to travel.
pub(crate) fn stored() -> serde_json::Value {
    json!({ "properties": { "sfn:stored": {} } })
}

/// A workflow's entry.
pub(crate) fn workflow(name: &str, kind: &str, tasks: &[serde_json::Value]) -> WorkflowManifest {
    let value = json!({
        "name": name, "package": "shop", "packageDir": "..", "file": format!("{name}.asl.json"), "type": kind,
        "tasks": tasks, "states": {},
    });
    serde_json::from_value(value).expect("a workflow's entry")
}

/// A definition of calls, one after the other.
pub(crate) fn calling(calls: &[(&str, &str, serde_json::Value)]) -> String {
    let states = calls.iter().enumerate().map(|(at, (name, resource, arguments))| {
        let mut state = json!({ "Type": "Task", "Resource": resource, "Arguments": arguments });
        match calls.get(at + 1) {
            Some((next, ..)) => state["Next"] = json!(next),
            None => state["End"] = json!(true),
        }
        ((*name).to_owned(), state)
    });
    let states: serde_json::Map<String, serde_json::Value> = states.collect();
    json!({ "QueryLanguage": "JSONata", "StartAt": calls[0].0, "States": states }).to_string()
}

/// Workflows with everything that a template can have to say.
pub(crate) fn rich() -> Vec<(WorkflowManifest, String)> {
    let tasks = [
        task("ask", "AskFunctionArn", "WAIT_FOR_CALLBACK", 1),
        idempotent(task("charge", "ChargeFunctionArn", "REQUEST_RESPONSE", 2)),
        idempotent(task("pick", "PickActivityArn", "ACTIVITY", 3)),
    ];
    let mut tasks = tasks;
    tasks[0]["output"] = stored();
    tasks[2]["input"] = stored();
    let mut order = workflow("order-saga", "STANDARD", &tasks);
    order.input =
        Some(json!({ "type": "object", "properties": { "email": { "type": "string", "x-pii": true } } }));
    let quick = workflow("quick", "EXPRESS", &tasks[1..2]);
    let function = |name: &str| json!({ "FunctionName": format!("${{{name}FunctionArn}}") });
    let definition = calling(&[
        ("Ask", "arn:aws:states:::lambda:invoke.waitForTaskToken", function("Ask")),
        ("Charge", "arn:aws:states:::lambda:invoke", function("Charge")),
        ("Tell", "arn:aws:states:::sns:publish", json!({ "TopicArn": "${NewsTopicArn}" })),
        ("Pick", "${PickActivityArn}", json!({})),
        (
            "Read",
            "arn:aws:states:::aws-sdk:s3:getObject",
            json!({ "Bucket": "${ReportsBucket}", "Key": "{% $key %}" }),
        ),
        ("Post", "arn:aws:states:::sqs:sendMessage", json!({ "QueueUrl": "${OrdersQueueUrl}" })),
        ("Find", "arn:aws:states:::dynamodb:getItem", json!({ "TableName": "{% $table %}" })),
        (
            "Call",
            "arn:aws:states:::http:invoke",
            json!({
                "ApiEndpoint": "https://example.com/orders", "Method": "GET",
                "Authentication": { "ConnectionArn": "${ShopConnectionArn}" },
            }),
        ),
        (
            "Submit",
            "arn:aws:states:::batch:submitJob.sync",
            json!({ "JobQueue": "q", "JobDefinition": "d:1" }),
        ),
        ("Crawl", "arn:aws:states:::aws-sdk:glue:startCrawler", json!({ "Name": "c" })),
    ]);
    let quick_definition = calling(&[("Charge", "arn:aws:states:::lambda:invoke", function("Charge"))]);
    let processor = json!({
        "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" }, "StartAt": "One",
        "States": { "One": { "Type": "Pass", "End": true } },
    });
    let bulk_definition = json!({ "QueryLanguage": "JSONata", "StartAt": "Each", "States": {
        "Each": {
            "Type": "Map", "ItemProcessor": processor, "Next": "Quickly",
            "ItemReader": {
                "Resource": "arn:aws:states:::s3:listObjectsV2", "Arguments": { "Bucket": "${ReportsBucket}", "Prefix": "in/" },
            },
            "ResultWriter": {
                "Resource": "arn:aws:states:::s3:putObject", "Arguments": { "Bucket": "{% $bucket %}", "Prefix": "out" },
            },
        },
        "Quickly": {
            "Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2",
            "Arguments": { "StateMachineArn": "${OrderSagaStateMachineArn}" }, "Next": "Elsewhere",
        },
        "Elsewhere": {
            "Type": "Task", "Resource": "arn:aws:states:::states:startExecution",
            "Arguments": { "StateMachineArn": "${OtherStateMachineArn}" }, "End": true,
        },
    } });
    let bulk = workflow("bulk", "STANDARD", &[]);
    vec![(bulk, bulk_definition.to_string()), (order, definition), (quick, quick_definition)]
}
