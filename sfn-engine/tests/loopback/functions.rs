//! Functions as processes: what they are told, what becomes of their answers, and how they end.
//! Separate from the API's tests because these start processes.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use sfn_asl::Value;
use sfn_engine::api::Endpoint;
use sfn_engine::core::{Machine, Status};
use sfn_engine::driver::{Engine, Start, TaskFailure};
use sfn_engine::lambda::{FunctionSpec, Functions, Invocation, PoolBuilder, ProcessPool};

crate::tests![
    a_function_is_told_who_it_is_and_reused_when_idle,
    concurrent_invocations_get_processes_of_their_own,
    an_error_keeps_its_name_and_its_body,
    a_process_that_exits_is_an_exit_error,
    a_process_that_cannot_start_says_why,
    a_function_that_takes_too_long_is_ended,
    what_functions_write_is_passed_on_line_by_line,
    a_function_completes_its_own_token_through_the_service,
];

fn spec(handler: &str) -> FunctionSpec {
    FunctionSpec::new(std::env::current_exe().expect("this binary has a path"), handler)
}

fn pool(handlers: &[&str]) -> PoolBuilder {
    handlers.iter().fold(ProcessPool::builder(), |pool, handler| pool.function(*handler, spec(handler)))
}

async fn invoke(
    pool: &ProcessPool,
    function: &str,
    payload: serde_json::Value,
) -> Result<serde_json::Value, TaskFailure> {
    let invocation = Invocation { function: function.to_owned(), payload: payload.into() };
    pool.invoke(invocation).await.map(Into::into)
}

async fn a_function_is_told_who_it_is_and_reused_when_idle() {
    let pool = pool(&["environment"]).build();
    for invocation in [1, 2] {
        let expected = json!({
            "name": "environment",
            "memory": "128",
            "region": "us-east-1",
            "arn": "arn:aws:lambda:us-east-1:123456789012:function:environment",
            "hasDeadline": true,
            "invocation": invocation
        });
        assert_eq!(invoke(&pool, "environment", json!({})).await, Ok(expected));
    }
}

async fn concurrent_invocations_get_processes_of_their_own() {
    let folder = std::env::temp_dir().join(format!("sfn-meet-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder can be made");
    let pool = pool(&["meet"]).build();
    // Neither answers before the other has begun.
    let call = || invoke(&pool, "meet", json!({ "folder": folder }));
    let (one, other) = tokio::join!(call(), call());
    std::fs::remove_dir_all(&folder).expect("the folder is ours");
    assert_eq!([one, other], [Ok(json!(2)), Ok(json!(2))]);
}

async fn an_error_keeps_its_name_and_its_body() {
    let failure = invoke(&pool(&["refuse"]).build(), "refuse", json!({})).await.expect_err("it refuses");
    let cause = r#"{"errorMessage":"none left","errorType":"OutOfStock"}"#;
    assert_eq!(failure, TaskFailure::new("OutOfStock", cause));
}

async fn a_process_that_exits_is_an_exit_error() {
    let failure = invoke(&pool(&["exit"]).build(), "exit", json!({})).await.expect_err("it exits");
    assert_eq!(failure.error, "Runtime.ExitError");
    let cause: serde_json::Value = serde_json::from_str(&failure.cause).expect("the cause is JSON");
    let message = cause["errorMessage"].as_str().expect("a message");
    assert!(message.ends_with(" Error: Runtime exited with error: exit status: 3"), "{message}");
}

async fn a_process_that_cannot_start_says_why() {
    let failure =
        invoke(&pool(&["cannot_start"]).build(), "cannot_start", json!({})).await.expect_err("it fails");
    assert_eq!(failure.error, "Init.Failed");
    let missing = ProcessPool::builder().function("x", FunctionSpec::new("/no/such/binary", "x")).build();
    assert_eq!(
        invoke(&missing, "x", json!({})).await.expect_err("it fails").error,
        "Runtime.InvalidEntrypoint"
    );
}

async fn a_function_that_takes_too_long_is_ended() {
    let slow = FunctionSpec { timeout: Duration::from_millis(200), ..spec("sleep") };
    let pool = ProcessPool::builder().function("slow", slow).build();
    let failure = invoke(&pool, "slow", json!({})).await.expect_err("it takes too long");
    assert_eq!(failure.error, "Sandbox.Timedout");
    assert!(failure.cause.contains("Task timed out after 0.20 seconds"), "{}", failure.cause);
}

async fn what_functions_write_is_passed_on_line_by_line() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&lines);
    let pool = pool(&["write"]).logs(move |line| seen.lock().expect("no poison").push(line.text)).build();
    invoke(&pool, "write", json!({})).await.expect("it answers");
    let both = async {
        while lines.lock().expect("no poison").len() < 2 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), both).await.expect("both lines arrive");
    let mut lines = lines.lock().expect("no poison").clone();
    lines.sort();
    assert_eq!(lines, ["to stderr", "to stdout"]);
}

async fn a_function_completes_its_own_token_through_the_service() {
    let endpoint = Endpoint::bind(0).await.expect("a free port");
    let pool = pool(&["call_back"]).service_url(endpoint.url()).build();
    let engine = Engine::builder(sfn_engine::services::Services::new().functions(pool)).spawn();
    let server = endpoint.serve(engine.clone());
    let definition = json!({ "QueryLanguage": "JSONata", "StartAt": "Ask", "States": { "Ask": {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Arguments": { "FunctionName": "call_back", "Payload": { "token": "{% $states.context.Task.Token %}" } },
        "TimeoutSeconds": 60,
        "End": true
    } } });
    let machine: Machine = definition.to_string().parse().expect("it runs");
    let execution = engine.start(&Arc::new(machine), Start::default()).expect("it starts");
    let expected: Value = json!({ "approved": true }).into();
    assert_eq!(execution.finished().await.status, Status::Succeeded(expected));
    drop(server);
}
