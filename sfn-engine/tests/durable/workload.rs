//! Work whose outcome is known beforehand, whatever dies in between.
//! Separate because a process that is killed and one that only seems to be do the same work.

use serde_json::{Value as Json, json};
use sfn_asl::Value;
use sfn_engine::core::ResourceKind;
use sfn_engine::driver::{Answer, TaskFailure, TaskFuture, TaskRequest, TaskRunner};

pub(crate) const ROLE: &str = "arn:aws:iam::123456789012:role/test";

/// A State Machine, and what becomes of input `n` if every Task Token is answered with the payload it came with.
pub(crate) struct Work {
    pub(crate) name: &'static str,
    pub(crate) definition: fn() -> Json,
    pub(crate) result: fn(i64) -> Json,
}

/// All kinds of work.
pub(crate) const WORK: &[Work] = &[
    Work { name: "Callback", definition: callback, result: |n| json!({ "n": n, "said": n + 1 }) },
    Work { name: "Waits", definition: waits, result: |n| json!(n + 1000) },
    Work { name: "Branches", definition: branches, result: |n| json!([n * 2, n * 3]) },
    Work { name: "Items", definition: items, result: |n| json!([n, n + 10, n + 20]) },
    Work { name: "Retries", definition: retries, result: |n| json!({ "gaveUp": n }) },
    Work { name: "Each", definition: each, result: |n| json!([n, n + 1, n + 2, n + 3]) },
];

fn machine(start: &str, states: &Json) -> Json {
    json!({ "QueryLanguage": "JSONata", "StartAt": start, "States": states })
}

fn double(of: &str) -> Json {
    json!({ "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": { "echo": of }, "End": true })
}

fn callback() -> Json {
    machine(
        "Ask",
        &json!({ "Ask": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Arguments": { "token": "{% $states.context.Task.Token %}", "payload": "{% $states.input.n + 1 %}" },
            "Output": "{% { 'n': $states.input.n, 'said': $states.result } %}",
            "End": true
        } }),
    )
}

fn waits() -> Json {
    machine(
        "Wait",
        &json!({
            "Wait": { "Type": "Wait", "Seconds": 1, "Next": "Work" },
            "Work": double("{% $states.input.n + 1000 %}")
        }),
    )
}

fn branches() -> Json {
    let branch = |times: i64| {
        json!({ "StartAt": format!("Times{times}"), "States": {
            format!("Times{times}"): double(&format!("{{% $states.input.n * {times} %}}")) } })
    };
    machine(
        "Both",
        &json!({ "Both": { "Type": "Parallel", "Branches": [branch(2), branch(3)], "End": true } }),
    )
}

fn items() -> Json {
    let body = json!({ "StartAt": "One", "States": { "One": double("{% $states.input %}") } });
    machine(
        "All",
        &json!({ "All": {
            "Type": "Map", "Items": "{% $map([0, 10, 20], function($i) { $states.input.n + $i }) %}",
            "MaxConcurrency": 2, "ItemProcessor": body, "End": true
        } }),
    )
}

fn retries() -> Json {
    machine(
        "Fail",
        &json!({
            "Fail": {
                "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": { "fail": "Bad" },
                "Retry": [{ "ErrorEquals": ["Bad"], "IntervalSeconds": 1, "MaxAttempts": 2, "BackoffRate": 1,
                    "JitterStrategy": "FULL" }],
                "Catch": [{ "ErrorEquals": ["Bad"], "Next": "Caught" }],
                "Next": "Caught"
            },
            "Caught": { "Type": "Pass", "Output": "{% { 'gaveUp': $states.context.Execution.Input.n } %}", "End": true }
        }),
    )
}

fn each() -> Json {
    let body = json!({
        "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
        "StartAt": "One", "States": { "One": double("{% $states.input %}") }
    });
    machine(
        "All",
        &json!({ "All": {
            "Type": "Map", "Items": "{% [$states.input.n..$states.input.n + 3] %}", "Label": "each",
            "MaxConcurrency": 2, "ItemProcessor": body, "End": true
        } }),
    )
}

/// Answers tasks as they ask to be answered, tells of Task Tokens, and leaves Activities to their workers.
pub(crate) struct Obedient<T>(pub(crate) T);

impl<T: Fn(&str, &Value) + Send + Sync + 'static> TaskRunner for Obedient<T> {
    fn run(&self, request: TaskRequest) -> TaskFuture {
        let text = |name: &str| request.arguments.get(name).and_then(Value::as_str);
        let answer = match (text("fail"), text("token")) {
            _ if *request.resource.kind() == ResourceKind::Activity => Ok(Answer::Worker),
            (Some(error), _) => Err(TaskFailure::new(error, "told to")),
            (None, Some(token)) => {
                (self.0)(token, &request.arguments.get("payload").cloned().unwrap_or_default());
                Ok(Answer::Response(Value::Null))
            }
            (None, None) => Ok(Answer::Response(request.arguments.get("echo").cloned().unwrap_or_default())),
        };
        Box::pin(std::future::ready(answer))
    }
}
