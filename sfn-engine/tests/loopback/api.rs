//! The service's API over HTTP: wrong calls, and how errors are written.
//! Separate from the functions' tests because these start no process.

use serde_json::{Value, json};
use sfn_engine::api::{Endpoint, Server};
use sfn_engine::driver::{Engine, TaskRequest};

use crate::http::{Response, call};

crate::tests![wrong_calls_get_the_services_errors, long_outputs_are_refused];

async fn serve() -> Server {
    let engine = Engine::builder(|request: TaskRequest| async move { Ok(request.arguments) }).spawn();
    Endpoint::bind(0).await.expect("a free port").serve(engine)
}

/// Sends from a thread of its own: the client blocks.
async fn ask(server: &Server, request: impl FnOnce(&str) -> Response + Send + 'static) -> Response {
    let address = server.url().trim_start_matches("http://").to_owned();
    tokio::task::spawn_blocking(move || request(&address)).await.expect("the client does not panic")
}

async fn wrong_calls_get_the_services_errors() {
    let server = serve().await;
    let cases = [
        ("SendTaskSuccess", json!({ "taskToken": "x", "output": "{}" }), "InvalidToken"),
        ("SendTaskSuccess", json!({ "taskToken": "0".repeat(64), "output": "{}" }), "TaskDoesNotExist"),
        ("SendTaskSuccess", json!({ "taskToken": "x", "output": "{" }), "InvalidOutput"),
        ("SendTaskSuccess", json!({ "taskToken": "x" }), "ValidationException"),
        ("SendTaskFailure", json!({ "taskToken": "x", "error": "e".repeat(257) }), "ValidationException"),
        ("SendTaskHeartbeat", json!({ "taskToken": "x" }), "InvalidToken"),
        ("Dance", json!({}), "UnknownOperationException"),
    ];
    for (operation, input, expected) in cases {
        let response = ask(&server, move |address| call(address, operation, &input)).await;
        let body: Value = serde_json::from_slice(&response.body).expect("a JSON body");
        assert_eq!(
            (response.status, &body["__type"]),
            (400, &json!(expected)),
            "{operation}: {}",
            response.text()
        );
        assert_eq!(response.header("x-amzn-errortype"), Some(expected));
        assert_eq!(response.header("content-type"), Some("application/x-amz-json-1.0"));
    }
}

async fn long_outputs_are_refused() {
    let server = serve().await;
    let input = json!({ "taskToken": "x", "output": format!("\"{}\"", "a".repeat(300_000)) });
    let response = ask(&server, move |address| call(address, "SendTaskSuccess", &input)).await;
    assert!(response.text().contains("ValidationException"), "{}", response.text());
}
