//! The Lambda function that this binary is when it is started as one.
//! Separate because it runs in the other process.

use serde_json::{Value, json};

use crate::http::{call, send};

/// Asks the Runtime API for work until it is ended.
#[expect(clippy::print_stdout, clippy::print_stderr, reason = "what it prints is what is tested")]
pub(crate) fn serve() {
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let (address, handler) = (variable("AWS_LAMBDA_RUNTIME_API"), variable("_HANDLER"));
    let post = |path: &str, body: &Value| send(&address, "POST", path, &[], body.to_string().as_bytes());
    if handler == "cannot_start" {
        post(
            "/2018-06-01/runtime/init/error",
            &json!({ "errorType": "Init.Failed", "errorMessage": "no disk" }),
        );
        std::process::exit(1);
    }
    for invocation in 1.. {
        let next = send(&address, "GET", "/2018-06-01/runtime/invocation/next", &[], b"");
        let id = next.header("Lambda-Runtime-Aws-Request-Id").expect("an id").to_owned();
        let payload: Value = serde_json::from_slice(&next.body).expect("a payload");
        let answered = |how: &str, body: &Value| {
            post(&format!("/2018-06-01/runtime/invocation/{id}/{how}"), body);
        };
        match handler.as_str() {
            "echo" => answered("response", &payload),
            "environment" => answered(
                "response",
                &json!({
                    "name": variable("AWS_LAMBDA_FUNCTION_NAME"),
                    "memory": variable("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"),
                    "region": variable("AWS_REGION"),
                    "arn": next.header("Lambda-Runtime-Invoked-Function-Arn"),
                    "hasDeadline": next.header("Lambda-Runtime-Deadline-Ms").is_some(),
                    "invocation": invocation,
                }),
            ),
            "meet" => answered("response", &json!(met(&payload))),
            "refuse" => answered("error", &json!({ "errorType": "OutOfStock", "errorMessage": "none left" })),
            "write" => {
                println!("to stdout");
                eprintln!("to stderr");
                answered("response", &Value::Null);
            }
            "call_back" => {
                let url = variable("AWS_ENDPOINT_URL_SFN");
                let input = json!({ "taskToken": payload["token"], "output": "{\"approved\":true}" });
                let response = call(url.trim_start_matches("http://"), "SendTaskSuccess", &input);
                answered("response", &json!({ "status": response.status }));
            }
            "sleep" => std::thread::sleep(std::time::Duration::from_mins(1)),
            _ => std::process::exit(3),
        }
    }
}

/// Leaves a file of this process in a folder and waits for one of another; how many there are then.
fn met(payload: &Value) -> usize {
    let folder = std::path::Path::new(payload["folder"].as_str().expect("a folder"));
    std::fs::write(folder.join(std::process::id().to_string()), "").expect("the folder is there");
    let files = || std::fs::read_dir(folder).expect("the folder is there").count();
    for _ in 0..2_000 {
        if files() > 1 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    files()
}
