//! A real served process against a fake Lambda Runtime API and a fake Step Functions endpoint. A process of its own,
//! because a Lambda function reads its environment and ends its process.

#![expect(clippy::unwrap_used, reason = "a test ends where it fails, also in the functions it calls")]

mod endurance;
mod http;
mod idempotent;
mod killed;
mod links;
mod store;
mod tables;
mod tasks;

use http::Request;
use serde_json::{Value, json};
use sfn_lambda::Reported;
use sfn_lambda::lambda_runtime::Runtime;
use sfn_lambda::lambda_runtime::layers::TracingLayer;
use sfn_lambda::lambda_runtime::tower::ServiceBuilder;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::process::{Child, Command, ExitCode, Output, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, SystemTime};

/// Longer than any of this takes.
const PATIENCE: Duration = Duration::from_secs(10);
/// X-Ray's header of every event.
const TRACE: &str = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";

/// The process that the other tests start: this very test binary, told to run nothing but this.
#[test]
#[ignore = "started by the other tests"]
fn served() {
    sfn_client::install_tokens();
    if std::env::var_os("LAYERED").is_some() {
        return layered();
    }
    let code = sfn_lambda::serve(tasks::all(), tasks::setup());
    std::process::exit(i32::from(code == ExitCode::FAILURE));
}

/// The same with layers around every invocation: one that knows the task, one that knows the request.
fn layered() {
    let told = |result: Result<Value, Reported>| {
        match &result {
            Ok(output) => tracing::info!("layer saw {output}"),
            Err(reported) => tracing::info!("layer saw {}", reported.body().error_type),
        }
        result
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let task = sfn_lambda::service(tasks::all(), tasks::setup()).await.unwrap();
        let task = ServiceBuilder::new().map_result(told).service(task);
        Runtime::new(task).layer(TracingLayer::new()).run().await.unwrap();
    });
}

fn start(environment: &[(&str, &str)]) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "served", "--ignored", "--nocapture"])
        .env_clear()
        .envs(environment.iter().copied())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn end(mut process: Child) {
    process.kill().unwrap();
    process.wait().unwrap();
}

fn finish(mut process: Child) -> Output {
    for _ in 0..1_000 {
        if process.try_wait().unwrap().is_some() {
            return process.wait_with_output().unwrap();
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    process.kill().unwrap();
    panic!("the process still runs");
}

/// What Lambda sets for every function.
fn lambda(handler: &str, runtime_api: &str, more: &[(&'static str, &str)]) -> Child {
    let mut environment = vec![
        ("AWS_LAMBDA_RUNTIME_API", runtime_api),
        ("AWS_LAMBDA_FUNCTION_NAME", "function"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
        ("_HANDLER", handler),
    ];
    environment.extend(more);
    start(&environment)
}

/// As [`lambda`], with the rights that tokens need and an endpoint that takes them.
fn lambda_with_tokens(handler: &str, runtime_api: &str, endpoint: SocketAddr) -> Child {
    let more = [
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ACCESS_KEY_ID", "key"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_ENDPOINT_URL_SFN", &format!("http://{endpoint}")),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"),
    ];
    lambda(handler, runtime_api, &more)
}

/// What the process posts: the request, and the JSON in it.
type Posts = mpsc::Receiver<(String, Value)>;

/// Hands out one event after the other, then keeps the process waiting for the next; tells what is posted.
fn runtime_api(events: &[&str]) -> (String, Posts) {
    runtime_api_within(99_999_999_999, events)
}

/// As [`runtime_api`], each event to be answered within these milliseconds.
fn runtime_api_within(milliseconds: u64, events: &[&str]) -> (String, Posts) {
    let events: Mutex<VecDeque<String>> = Mutex::new(events.iter().map(|&event| event.to_owned()).collect());
    let (posted, received) = mpsc::channel();
    let address = http::listen(move |request: Request| {
        if request.line.starts_with("POST") {
            let body = serde_json::from_str(&request.body).unwrap();
            posted.send((request.line, body)).unwrap();
            return (202, vec![("lambda-extension-identifier", "extension".to_owned())], String::new());
        }
        if request.line == "GET /2020-01-01/extension/event/next" {
            assert_eq!(request.header("lambda-extension-identifier"), "extension");
            std::thread::sleep(PATIENCE);
        }
        let Some(event) = events.lock().unwrap().pop_front() else {
            std::thread::sleep(PATIENCE);
            return (500, vec![], String::new());
        };
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
        let deadline = now + Duration::from_millis(milliseconds);
        let headers = vec![
            ("lambda-runtime-aws-request-id", "one".to_owned()),
            ("lambda-runtime-deadline-ms", deadline.as_millis().to_string()),
            ("lambda-runtime-invoked-function-arn", "arn".to_owned()),
            ("lambda-runtime-trace-id", TRACE.to_owned()),
        ];
        (200, headers, event)
    });
    (address.to_string(), received)
}

/// An output, or an error's type and message.
type Answer<'a> = Result<Value, (&'a str, &'a str)>;

/// Serves the events with one task and expects these answers.
#[track_caller]
fn check(handler: &str, exchange: &[(&str, Answer<'_>)]) {
    check_within(99_999_999_999, handler, exchange);
}

/// As [`check`], each event to be answered within these milliseconds.
#[track_caller]
fn check_within(milliseconds: u64, handler: &str, exchange: &[(&str, Answer<'_>)]) {
    let events: Vec<&str> = exchange.iter().map(|(event, _)| *event).collect();
    let (api, posted) = runtime_api_within(milliseconds, &events);
    let process = lambda(handler, &api, &[]);
    for (event, expected) in exchange {
        let (line, body) = posted.recv_timeout(PATIENCE).unwrap();
        let expected = match expected {
            Ok(output) => ("POST /2018-06-01/runtime/invocation/one/response", output.clone()),
            Err((name, message)) => (
                "POST /2018-06-01/runtime/invocation/one/error",
                json!({ "errorType": name, "errorMessage": message }),
            ),
        };
        assert_eq!((line.as_str(), body), expected, "for {event}");
    }
    end(process);
}

#[test]
fn a_payload_becomes_an_output() {
    check("divide", &[(r#"{"dividend":7,"divisor":2}"#, Ok(json!(3)))]);
}

#[test]
fn a_declared_error_keeps_its_name_and_its_fields() {
    let message = r#"{"message":"7 / 0","fields":{"dividend":7}}"#;
    check("divide", &[(r#"{"dividend":7,"divisor":0}"#, Err(("Math.DivisionByZero", message)))]);
}

#[test]
fn a_payload_that_does_not_fit_is_refused_with_the_place_of_the_fault() {
    let deep = "[".repeat(200) + &"]".repeat(200);
    check(
        "total",
        &[
            (r#"[1,"two"]"#, Err(("Payload.Invalid", r#"[1]: invalid type: string "two", expected i64"#))),
            ("[1,", Err(("Payload.Invalid", ".: EOF while parsing a value at line 1 column 3"))),
            (&deep, Err(("Payload.Invalid", ".: recursion limit exceeded at line 1 column 128"))),
        ],
    );
    check("divide", &[(r#"{"dividend":7}"#, Err(("Payload.Invalid", "divisor: missing argument")))]);
}

#[test]
fn an_output_that_the_service_would_refuse_says_what_to_do() {
    let message = "task `swell` gave 262145 bytes of JSON, and Step Functions takes 262144: give less, or a `Stored` value, of \
                   which a reference travels";
    check(
        "swell",
        &[("262142", Ok(json!("x".repeat(262_142)))), ("262143", Err(("Payload.TooLarge", message)))],
    );
}

#[test]
fn a_large_value_is_kept_where_the_environment_says() {
    let folder = std::env::temp_dir().join(format!("sfn-served-values-{}", std::process::id()));
    let value = |text: &str| json!({ "summary": null, "sfn:value": text });
    let large = "large".repeat(10_000);
    let (api, posted) = runtime_api(&[&value("small").to_string(), &value(&large).to_string()]);
    let process = lambda("keep", &api, &[("SFN_STORED_FOLDER", folder.to_str().unwrap())]);
    let outputs: Vec<Value> = (0..2).map(|_| posted.recv_timeout(PATIENCE).unwrap().1).collect();
    end(process);
    assert_eq!(outputs[0], value("smallsmall"));
    assert_eq!(outputs[1]["sfn:stored"]["size"], 100_002);
    let (api, posted) = runtime_api(&[&outputs[1].to_string()]);
    let process = lambda("keep", &api, &[("SFN_STORED_FOLDER", folder.to_str().unwrap())]);
    assert_eq!(posted.recv_timeout(PATIENCE).unwrap().1["sfn:stored"]["size"], 200_002);
    end(process);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_function_that_keeps_values_is_told_when_it_does_not_know_where() {
    let (api, posted) = runtime_api(&[]);
    let output = finish(lambda("keep", &api, &[]));
    let (line, body) = posted.recv().unwrap();
    assert_eq!(
        (line.as_str(), &body["errorType"]),
        ("POST /2018-06-01/runtime/init/error", &json!("Runtime.InitFailed"))
    );
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("task `keep` takes or gives a `Stored` value") && said.contains("SFN_STORED_BUCKET"),
        "{said}"
    );
}

#[test]
fn a_panic_is_reported_with_its_place_and_the_process_goes_on() {
    let line = include_str!("tasks.rs").lines().position(|line| line.contains("nothing to add")).unwrap() + 1;
    let message = format!("nothing to add, at sfn-lambda/tests/served/tasks.rs:{line}:9");
    check(
        "total",
        &[
            ("[]", Err(("Task.Panicked", &message))),
            ("[1,2]", Ok(json!(3))),
            ("[]", Err(("Task.Panicked", &message))),
        ],
    );
}

#[test]
fn a_handler_that_no_task_bears_is_reported_to_lambda_and_ends_the_process() {
    let (api, posted) = runtime_api(&[]);
    let output = finish(lambda("divde", &api, &[("SFN_TASK", "dvide")]));
    let (line, body) = posted.recv().unwrap();
    assert_eq!(line, "POST /2018-06-01/runtime/init/error");
    assert_eq!(body["errorType"], "Runtime.HandlerNotFound");
    let said = body["errorMessage"].as_str().unwrap();
    assert!(
        said.starts_with("no task is named `divde` (_HANDLER), nor `dvide` (SFN_TASK), nor `served-"),
        "{said}"
    );
    assert!(
        said.ends_with(
            "; this program serves `divide`, `total`, `pick`, `price`, `wait`, `tell`, `count`, `count-by-key`, `swell`, `keep`, `answer-link`"
        ),
        "{said}"
    );
    assert!(String::from_utf8(output.stderr).unwrap().contains(&format!("error: {said}")));
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_handler_without_meaning_gives_way_to_the_next_name() {
    let (api, posted) = runtime_api(&["[1,2]"]);
    let process = lambda("bootstrap", &api, &[("SFN_TASK", "total")]);
    assert_eq!(posted.recv_timeout(PATIENCE).unwrap().1, json!(3));
    end(process);
}

#[test]
fn outside_lambda_the_process_says_what_it_is_for() {
    let output = finish(start(&[]));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains(
            "error: this program serves tasks to AWS Lambda, which would set `AWS_LAMBDA_RUNTIME_API`"
        ),
        "{said}"
    );
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_state_is_built_once_and_the_request_is_known() {
    check("price", &[("2", Ok(json!(["one", 14, 1]))), ("3", Ok(json!(["one", 21, 1])))]);
}

#[test]
fn a_state_that_cannot_be_built_is_reported_to_lambda_and_ends_the_process() {
    for (fault, said) in [
        ("FAILING", "the state `served::tasks::Prices` of task `price` cannot be built: no database"),
        ("ABSENT", "task `price` needs the state `served::tasks::Prices`, which nothing builds: write"),
    ] {
        let (api, posted) = runtime_api(&[]);
        let output = finish(lambda("price", &api, &[("PRICES", fault)]));
        let (line, body) = posted.recv().unwrap();
        assert_eq!(line, "POST /2018-06-01/runtime/init/error");
        assert_eq!(body["errorType"], "Runtime.InitFailed");
        assert!(body["errorMessage"].as_str().unwrap().starts_with(said), "{body}");
        assert!(String::from_utf8(output.stderr).unwrap().contains(said));
        assert_eq!(output.status.code(), Some(1));
    }
}

#[test]
fn a_task_that_would_outlive_its_function_says_so() {
    let message = "task `wait` was about to outlive its Lambda function's time";
    check_within(400, "wait", &[("60000", Err(("Task.TimedOut", message)))]);
}

#[test]
fn events_and_failures_are_logged_with_the_place_that_the_task_runs_for() {
    let event = r#"{"context":{"execution":"arn:e","state":"Tell","retryCount":2}}"#;
    let (api, posted) = runtime_api(&[event]);
    let process = lambda("tell", &api, &[("AWS_LAMBDA_LOG_FORMAT", "JSON")]);
    let (_, answer) = posted.recv_timeout(PATIENCE).unwrap();
    assert_eq!(answer["errorType"], "NotDelivered");
    terminate(&process);
    let output = finish(process);
    let log = String::from_utf8(output.stderr).unwrap();
    let lines = log.lines().filter(|line| line.starts_with('{'));
    let lines: Vec<Value> = lines.map(|line| serde_json::from_str(line).unwrap()).collect();
    let span = json!({
        "name": "invocation", "task": "tell", "requestId": "one", "xrayTraceId": TRACE,
        "execution": "arn:e", "state": "Tell", "retryCount": 2,
    });
    let [told, failed] = lines.as_slice() else { panic!("{log}") };
    for line in [told, failed] {
        assert_eq!(line["spans"], json!([span]), "{log}");
        assert!(line["timestamp"].is_string(), "{log}");
    }
    assert_eq!((&told["level"], &told["message"]), (&json!("INFO"), &json!("told in Tell")));
    assert_eq!(told["news"], 7);
    assert_eq!((&failed["level"], &failed["error"]), (&json!("ERROR"), &json!("NotDelivered")));
    assert!(failed["cause"].as_str().unwrap().contains("Root=1-"), "{log}");
}

#[test]
fn layers_stand_around_every_invocation() {
    let (api, posted) = runtime_api(&["[1,2]", "[]", "[1,"]);
    let process = lambda("total", &api, &[("AWS_LAMBDA_LOG_FORMAT", "JSON"), ("LAYERED", "")]);
    let answers: Vec<_> = (0..3).map(|_| posted.recv_timeout(PATIENCE).unwrap().1).collect();
    terminate(&process);
    assert_eq!(answers[0], 3);
    assert_eq!([&answers[1]["errorType"], &answers[2]["errorType"]], ["Task.Panicked", "Payload.Invalid"]);
    let log = String::from_utf8(finish(process).stderr).unwrap();
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let seen = lines.filter_map(|line| {
        let what = line["message"].as_str()?.strip_prefix("layer saw ")?.to_owned();
        Some((what, line["spans"][0]["name"].clone()))
    });
    let around = ["3", "Task.Panicked", "Payload.Invalid"]
        .map(|what| (what.to_owned(), json!("Lambda runtime invoke")));
    assert_eq!(seen.collect::<Vec<_>>(), around, "{log}");
}

#[test]
fn a_level_that_the_environment_sets_leaves_out_what_is_below() {
    let (api, posted) = runtime_api(&[r#"{"context":{"execution":"arn:e","state":"Tell"}}"#]);
    let process = lambda("tell", &api, &[("AWS_LAMBDA_LOG_LEVEL", "FATAL"), ("RUST_LOG", "info")]);
    posted.recv_timeout(PATIENCE).unwrap();
    terminate(&process);
    let log = String::from_utf8(finish(process).stderr).unwrap();
    assert!(!log.contains("told in Tell") && log.contains("task failed error=\"NotDelivered\""), "{log}");
}

#[test]
fn a_state_is_closed_before_the_process_ends() {
    let (api, posted) = runtime_api(&["2"]);
    let process = lambda("price", &api, &[("PRICES", "CLOSED")]);
    let (registered, body) = posted.recv_timeout(PATIENCE).unwrap();
    assert_eq!((registered.as_str(), body), ("POST /2020-01-01/extension/register", json!({ "events": [] })));
    let (_, answer) = posted.recv_timeout(PATIENCE).unwrap();
    assert_eq!(answer, json!(["one", 14, 1]));
    terminate(&process);
    let output = finish(process);
    assert!(String::from_utf8(output.stderr).unwrap().contains("closed the prices of 7 cents"));
    assert_eq!(output.status.code(), Some(0));
}

/// Ends a process as Lambda does.
fn terminate(process: &Child) {
    signal(process, "TERM");
}

fn signal(process: &Child, name: &str) {
    let sent = Command::new("kill").args([&format!("-{name}"), &process.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

/// Lets the `pick` task use its token once per answer; gives the calls that arrived and what the task answered.
fn pick(answers: &[(u16, &str)]) -> (Vec<(String, Value)>, Value) {
    let answers: Mutex<VecDeque<(u16, String)>> =
        Mutex::new(answers.iter().map(|(status, body)| (*status, (*body).to_owned())).collect());
    let calls = Arc::new(Mutex::new(Vec::new()));
    let recorded = calls.clone();
    let endpoint = http::listen(move |request: Request| {
        assert_eq!(request.header("x-amzn-trace-id"), TRACE);
        let call = (request.header("x-amz-target").to_owned(), serde_json::from_str(&request.body).unwrap());
        recorded.lock().unwrap().push(call);
        let (status, body) = answers.lock().unwrap().pop_front().unwrap();
        (status, vec![("content-type", "application/x-amz-json-1.0".to_owned())], body)
    });
    let (api, posted) = runtime_api(&[r#"{"token":"T"}"#]);
    let process = lambda_with_tokens("pick", &api, endpoint);
    let (_, answer) = posted.recv_timeout(PATIENCE).unwrap();
    end(process);
    let calls = std::mem::take(&mut *calls.lock().unwrap());
    (calls, answer)
}

#[test]
fn a_token_reaches_the_endpoint_of_the_environment() {
    let (calls, answer) = pick(&[(200, "{}"), (200, "{}"), (200, "{}")]);
    let cause = r#"{"errorType":"Math.DivisionByZero","errorMessage":"{\"message\":\"7 / 0\",\"fields\":{\"dividend\":7}}"}"#;
    let expected = [
        ("AWSStepFunctions.SendTaskHeartbeat", json!({ "taskToken": "T" })),
        (
            "AWSStepFunctions.SendTaskFailure",
            json!({ "taskToken": "T", "error": "Math.DivisionByZero", "cause": cause }),
        ),
        ("AWSStepFunctions.SendTaskSuccess", json!({ "taskToken": "T", "output": "\"picked\"" })),
    ];
    assert_eq!(calls, expected.map(|(target, body)| (target.to_owned(), body)));
    assert_eq!(answer, Value::Null);
}

#[test]
fn what_the_service_answers_is_a_typed_error() {
    let answered = |body: &str| pick(&[(400, body)]).1["errorMessage"].as_str().unwrap().to_owned();
    assert_eq!(
        answered(r#"{"__type":"com.amazonaws.swf.service.v2.model#TaskTimedOut","message":"late"}"#),
        "the task does not wait for this token any more"
    );
    assert_eq!(
        answered(r#"{"__type":"InvalidToken","message":"no such token"}"#),
        "the text is no task token: no such token"
    );
    assert_eq!(
        answered(r#"{"__type":"TaskDoesNotExist","message":"no such task"}"#),
        "the service knows no task of this token: no such task"
    );
    let denied = answered(r#"{"__type":"AccessDeniedException","message":"not you"}"#);
    assert!(denied.starts_with("the call of the service failed"), "{denied}");
}
