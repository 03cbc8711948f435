//! Clients that are broken, slow or mean harm: each gets an error or nothing, and the server goes on for the others.
//! Separate from the stories because here the bytes of a request are the subject.

use std::io::Write;
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use serde_json::{Value as Json, json};
use sfn_engine::api::{Endpoint, Server};
use sfn_engine::driver::{Engine, TaskRequest};

use crate::http::{call, read_response, send};

crate::tests![
    requests_that_make_no_sense_are_refused,
    a_body_of_100_mib_is_refused_before_it_is_there,
    broken_connections_do_not_stop_the_server,
    no_request_makes_the_server_fail,
];

const ROLE: &str = "arn:aws:iam::123456789012:role/test";

async fn serve() -> Server {
    let engine = Engine::builder(|request: TaskRequest| async move { Ok(request.arguments) }).spawn();
    Endpoint::bind(0).await.expect("a free port").serve(engine)
}

/// Lets a client that blocks have a thread of its own.
async fn with<T: Send + 'static>(server: &Server, client: impl FnOnce(&str) -> T + Send + 'static) -> T {
    let address = server.url().trim_start_matches("http://").to_owned();
    tokio::task::spawn_blocking(move || client(&address)).await.expect("the client does not panic")
}

/// What is wrong, the head without its first line's end, the body, and the status and the words of the answer.
type Request = (&'static str, &'static str, fn() -> Vec<u8>, u16, &'static str);

const GOOD: &str = "POST / HTTP/1.1\nHost: localhost\nX-Amz-Target: AWSStepFunctions.ListActivities";
const START: &str = "POST / HTTP/1.1\nHost: localhost\nX-Amz-Target: AWSStepFunctions.StartExecution";
const CREATE: &str = "POST / HTTP/1.1\nHost: localhost\nX-Amz-Target: AWSStepFunctions.CreateStateMachine";

fn nothing() -> Vec<u8> {
    b"{}".to_vec()
}

/// Deeper than any stack.
fn deep() -> String {
    format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000))
}

fn create(definition: &str) -> Vec<u8> {
    json!({ "name": "X", "roleArn": ROLE, "definition": definition }).to_string().into_bytes()
}

fn start(input: &str) -> Vec<u8> {
    let machine = "arn:aws:states:us-east-1:123456789012:stateMachine:Gone";
    json!({ "stateMachineArn": machine, "input": input }).to_string().into_bytes()
}

const REQUESTS: &[Request] = &[
    ("nothing", GOOD, nothing, 200, "activities"),
    ("no body at all", GOOD, Vec::new, 200, "activities"),
    (
        "another content type",
        "POST / HTTP/1.1\nHost: localhost\nContent-Type: text/plain\nX-Amz-Target: AWSStepFunctions.ListActivities",
        nothing,
        200,
        "activities",
    ),
    ("no operation", "POST / HTTP/1.1\nHost: localhost", nothing, 400, "UnknownOperationException"),
    (
        "an unknown operation",
        "POST / HTTP/1.1\nHost: localhost\nX-Amz-Target: AWSStepFunctions.Dance",
        nothing,
        400,
        "UnknownOperationException",
    ),
    (
        "another service",
        "POST / HTTP/1.1\nHost: localhost\nX-Amz-Target: DynamoDB_20120810.PutItem",
        nothing,
        400,
        "UnknownOperationException",
    ),
    (
        "an operation in no letters",
        "POST / HTTP/1.1\nHost: localhost\nX-Amz-Target: \u{1F4A9}",
        nothing,
        400,
        "UnknownOperationException",
    ),
    ("a person who looks", "GET / HTTP/1.1\nHost: localhost", Vec::new, 200, "AWS_ENDPOINT_URL_SFN"),
    ("another method", "PUT / HTTP/1.1\nHost: localhost", nothing, 405, ""),
    ("another path", "POST /elsewhere HTTP/1.1\nHost: localhost", nothing, 404, ""),
    ("another host", "POST / HTTP/1.1\nHost: evil.example", nothing, 403, "loopback"),
    (
        "a host that only begins well",
        "POST / HTTP/1.1\nHost: localhost.evil.example",
        nothing,
        403,
        "loopback",
    ),
    ("no host", "POST / HTTP/1.0", nothing, 403, "loopback"),
    ("a web page", "POST / HTTP/1.1\nHost: localhost\nOrigin: http://evil.example", nothing, 403, "loopback"),
    ("a web page without a name", "POST / HTTP/1.1\nHost: localhost\nOrigin: null", nothing, 403, "loopback"),
    ("no JSON", GOOD, || b"{".to_vec(), 400, "SerializationException"),
    ("no object", GOOD, || b"[]".to_vec(), 400, "SerializationException"),
    ("no text", GOOD, || vec![0xFF; 64], 400, "SerializationException"),
    ("too deep a body", GOOD, || deep().into_bytes(), 400, "SerializationException"),
    ("too deep an input", START, || start(&deep()), 400, "InvalidExecutionInput"),
    ("too deep a definition", CREATE, || create(&deep()), 400, "InvalidDefinition"),
    ("a definition of null bytes", CREATE, || create(&"\0".repeat(1000)), 400, "InvalidDefinition"),
    (
        "a number that no machine holds",
        GOOD,
        || br#"{"maxResults": 1e999}"#.to_vec(),
        400,
        "SerializationException",
    ),
    (
        "a number that is too large",
        GOOD,
        || br#"{"maxResults": 99999999999999999999}"#.to_vec(),
        400,
        "ption",
    ),
    ("a number below zero", GOOD, || br#"{"maxResults": -1}"#.to_vec(), 400, "ValidationException"),
    ("a number as a text", GOOD, || br#"{"maxResults": "7"}"#.to_vec(), 400, "SerializationException"),
    ("4 MiB and a byte", GOOD, || vec![b' '; (4 << 20) + 1], 413, "RequestEntityTooLargeException"),
    ("a length below zero", "POST / HTTP/1.1\nHost: localhost\nContent-Length: -1", Vec::new, 400, ""),
    (
        "two lengths",
        "POST / HTTP/1.1\nHost: localhost\nContent-Length: 1\nContent-Length: 2",
        Vec::new,
        400,
        "",
    ),
    (
        "chunks of no size",
        "POST / HTTP/1.1\nHost: localhost\nX-Amz-Target: AWSStepFunctions.ListActivities\nTransfer-Encoding: chunked",
        || b"hello\r\n".to_vec(),
        400,
        "",
    ),
];

async fn requests_that_make_no_sense_are_refused() {
    let server = serve().await;
    for (what, head, body, status, words) in REQUESTS {
        let response = with(&server, move |address| {
            let body = body();
            let is_framed = head.contains("Content-Length") || head.contains("Transfer-Encoding");
            let length = if is_framed { String::new() } else { format!("Content-Length: {}\n", body.len()) };
            let head = format!("{head}\n{length}Connection: close\n\n").replace('\n', "\r\n");
            let mut stream = TcpStream::connect(address).expect("the server listens");
            // A server that has seen enough does not read on.
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
            read_response(&mut stream)
        });
        let response = response.await.unwrap_or_else(|| panic!("{what}: no answer"));
        let text = response.text();
        assert!(response.status == *status && text.contains(words), "{what}: {} {text}", response.status);
    }
}

async fn a_body_of_100_mib_is_refused_before_it_is_there() {
    let server = serve().await;
    let sent = with(&server, |address| {
        let mut stream = TcpStream::connect(address).expect("the server listens");
        stream.set_nonblocking(false).expect("a socket");
        let length = 100 << 20;
        let head = format!("{GOOD}\nContent-Length: {length}\n\n").replace('\n', "\r\n");
        stream.write_all(head.as_bytes()).expect("the server reads");
        let piece = vec![b' '; 1 << 20];
        (0..length >> 20).take_while(|_| stream.write_all(&piece).is_ok()).count()
    });
    // What is on the way when the server has seen enough is lost in the buffers of the sockets.
    let sent = sent.await;
    assert!(sent < 50, "it took {sent} MiB");
    assert_eq!(with(&server, |address| call(address, "ListActivities", &json!({}))).await.status, 200);
}

async fn broken_connections_do_not_stop_the_server() {
    let server = serve().await;
    let _open: Vec<TcpStream> = with(&server, |address| {
        let whole = format!("{GOOD}\nContent-Length: 2\n\n{{}}").replace('\n', "\r\n");
        let mut open = Vec::new();
        for _ in 0..50 {
            // Half open, half said, one byte at a time, gone, said and never heard, and nonsense.
            for (said, then) in [
                ("", None),
                (&whole[..7], None),
                (&whole[..whole.len() - 1], None),
                (&whole[..20], Some(Shutdown::Both)),
                (&whole[..], Some(Shutdown::Read)),
                (&whole[..9], Some(Shutdown::Write)),
                ("\0\u{1}\u{2}\r\n\r\n", None),
            ] {
                let mut stream = TcpStream::connect(address).expect("the server listens");
                stream.write_all(said.as_bytes()).expect("the server reads");
                if let Some(side) = then {
                    stream.shutdown(side).expect("a socket");
                }
                open.push(stream);
            }
        }
        open
    })
    .await;
    for _ in 0..20 {
        let answered = with(&server, |address| call(address, "ListActivities", &json!({})));
        let answered = tokio::time::timeout(Duration::from_secs(5), answered).await;
        assert_eq!(answered.expect("others do not wait").status, 200);
    }
}

/// Decides what happens next: a seed decides everything.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).expect("below a usize")
    }

    fn one_of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }
}

const ARN: &str = "arn:aws:states:us-east-1:123456789012";

/// A call of every operation that makes sense, more or less.
fn calls() -> Vec<(&'static str, Json)> {
    let pass = json!({ "StartAt": "A", "States": { "A": { "Type": "Pass", "End": true } } }).to_string();
    let wait = json!({ "StartAt": "A", "States": { "A": { "Type": "Wait", "Seconds": 9, "End": true } } })
        .to_string();
    let state = json!({ "Type": "Pass", "Parameters": { "a.$": "$.a" }, "End": true }).to_string();
    let (machine, quick) = (format!("{ARN}:stateMachine:Slow"), format!("{ARN}:stateMachine:Quick"));
    let execution = format!("{ARN}:execution:Slow:one");
    let (version, alias) = (format!("{machine}:1"), format!("{machine}:live"));
    let (activity, map_run) = (format!("{ARN}:activity:made"), format!("{ARN}:mapRun:Slow/each:one"));
    let routes = json!([{ "stateMachineVersionArn": version, "weight": 100 }]);
    let tags = json!([{ "key": "team", "value": "a" }]);
    vec![
        (
            "CreateStateMachine",
            json!({ "name": "Slow", "definition": wait, "roleArn": ROLE, "publish": true, "tags": tags }),
        ),
        (
            "CreateStateMachine",
            json!({ "name": "Quick", "definition": pass, "roleArn": ROLE, "type": "EXPRESS",
            "loggingConfiguration": { "level": "OFF" }, "tracingConfiguration": { "enabled": true } }),
        ),
        ("UpdateStateMachine", json!({ "stateMachineArn": machine, "definition": wait, "publish": true })),
        ("DescribeStateMachine", json!({ "stateMachineArn": machine })),
        ("ListStateMachines", json!({ "maxResults": 2 })),
        (
            "ValidateStateMachineDefinition",
            json!({ "definition": pass, "type": "STANDARD", "maxResults": 5 }),
        ),
        (
            "TestState",
            json!({ "definition": state, "roleArn": ROLE, "input": "{\"a\":1}", "inspectionLevel": "TRACE" }),
        ),
        ("PublishStateMachineVersion", json!({ "stateMachineArn": machine, "description": "d" })),
        ("ListStateMachineVersions", json!({ "stateMachineArn": machine })),
        ("CreateStateMachineAlias", json!({ "name": "live", "routingConfiguration": routes })),
        ("UpdateStateMachineAlias", json!({ "stateMachineAliasArn": alias, "routingConfiguration": routes })),
        ("DescribeStateMachineAlias", json!({ "stateMachineAliasArn": alias })),
        ("ListStateMachineAliases", json!({ "stateMachineArn": machine })),
        ("StartExecution", json!({ "stateMachineArn": machine, "name": "one", "input": "{}" })),
        ("StartExecution", json!({ "stateMachineArn": alias, "traceHeader": "Root=1" })),
        ("StartSyncExecution", json!({ "stateMachineArn": quick, "input": "{\"a\": [1]}" })),
        ("DescribeExecution", json!({ "executionArn": execution })),
        ("DescribeStateMachineForExecution", json!({ "executionArn": execution })),
        ("ListExecutions", json!({ "stateMachineArn": machine, "statusFilter": "RUNNING", "maxResults": 3 })),
        (
            "GetExecutionHistory",
            json!({ "executionArn": execution, "reverseOrder": true, "includeExecutionData": false }),
        ),
        ("StopExecution", json!({ "executionArn": execution, "error": "E", "cause": "c" })),
        ("RedriveExecution", json!({ "executionArn": execution })),
        ("ListMapRuns", json!({ "executionArn": execution })),
        ("DescribeMapRun", json!({ "mapRunArn": map_run })),
        (
            "UpdateMapRun",
            json!({ "mapRunArn": map_run, "maxConcurrency": 2, "toleratedFailurePercentage": 1.5 }),
        ),
        ("CreateActivity", json!({ "name": "made", "tags": tags })),
        ("DescribeActivity", json!({ "activityArn": activity })),
        ("ListActivities", json!({ "maxResults": 1 })),
        // Nobody creates that one: a poll would take a minute.
        ("GetActivityTask", json!({ "activityArn": format!("{ARN}:activity:never"), "workerName": "w" })),
        ("SendTaskSuccess", json!({ "taskToken": "0".repeat(64), "output": "{}" })),
        ("SendTaskFailure", json!({ "taskToken": "0".repeat(64), "error": "E" })),
        ("SendTaskHeartbeat", json!({ "taskToken": "x" })),
        ("TagResource", json!({ "resourceArn": machine, "tags": tags })),
        ("UntagResource", json!({ "resourceArn": machine, "tagKeys": ["team"] })),
        ("ListTagsForResource", json!({ "resourceArn": machine })),
        ("DeleteStateMachineAlias", json!({ "stateMachineAliasArn": alias })),
        ("DeleteStateMachineVersion", json!({ "stateMachineVersionArn": version })),
        ("DeleteActivity", json!({ "activityArn": activity })),
        ("DeleteStateMachine", json!({ "stateMachineArn": quick })),
    ]
}

/// Values that nobody expects.
fn surprises() -> Vec<Json> {
    let deep = "[".repeat(2_000) + &"]".repeat(2_000);
    let text = |text: &str| json!(text);
    let machine = json!({ "StartAt": "A", "States": { "A": { "Type": "Pass", "Next": "A" } } }).to_string();
    let huge = format!(
        "{{\"StartAt\": \"A\", \"States\": {{\"A\": {{\"Type\": \"Pass\", \"Result\": {deep}, \"End\": true}}}}}}"
    );
    vec![
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1e300),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(0.5),
        json!([]),
        json!({}),
        json!([[[]]]),
        json!([null]),
        json!({ "": null }),
        text(""),
        text(" "),
        text("\0"),
        text("\u{202e}"),
        text("{"),
        text("\"\\ud800\""),
        text("$"),
        text("{% $ %}"),
        text("arn"),
        text("arn:aws:states:::"),
        text(&format!("{ARN}:stateMachine:")),
        text(&format!("{ARN}:stateMachine:Slow:live:1")),
        text(&format!("{ARN}:stateMachine:Slow/each")),
        text(&format!("{ARN}:stateMachine:Slow#case")),
        text(&format!("{ARN}:express:Quick:a:b")),
        text(&format!("{ARN}:execution:Slow/each:one")),
        text(&format!("{ARN}:mapRun:Slow")),
        json!("x".repeat(1_000)),
        json!("\u{1F600}".repeat(300)),
        json!("9".repeat(400)),
        json!(deep),
        json!(machine),
        json!(huge),
        text("{\"Type\": \"Task\"}"),
        text("{\"Type\": \"Map\", \"ItemProcessor\": {}}"),
    ]
}

/// Changes one value somewhere, or takes it away.
fn mutate(value: &mut Json, dice: &mut Dice, surprises: &[Json]) {
    let inner = match value {
        Json::Object(fields) if !fields.is_empty() => {
            let place = dice.below(fields.len());
            let name = fields.keys().nth(place).expect("it is there").clone();
            match dice.below(8) {
                0 => return drop(fields.remove(&name)),
                1 => return drop(fields.insert(format!("{name}X"), json!(1))),
                _ => fields.get_mut(&name),
            }
        }
        Json::Array(items) if !items.is_empty() => {
            let place = dice.below(items.len());
            items.get_mut(place)
        }
        _ => None,
    };
    match inner {
        Some(inner) if dice.below(3) > 0 => mutate(inner, dice, surprises),
        Some(inner) => *inner = dice.one_of(surprises).clone(),
        None => *value = dice.one_of(surprises).clone(),
    }
}

async fn no_request_makes_the_server_fail() {
    let server = serve().await;
    let (calls, surprises, mut dice) = (calls(), surprises(), Dice(0x5EED));
    for round in 0..40 {
        for (operation, input) in &calls {
            let mut input = input.clone();
            // At first all is well, so that there is something to be wrong about.
            for _ in 0..if round % 8 == 0 { 0 } else { 1 + dice.below(3) } {
                mutate(&mut input, &mut dice, &surprises);
            }
            let mut body = input.to_string().into_bytes();
            if round % 8 == 7 {
                let place = dice.below(body.len());
                body[place] ^= 1 << dice.below(8);
            }
            let shown = format!("{operation} {}", String::from_utf8_lossy(&body));
            let target = format!("AWSStepFunctions.{operation}");
            let response =
                with(&server, move |address| send(address, "POST", "/", &[("X-Amz-Target", &target)], &body))
                    .await;
            assert!(
                [200, 400].contains(&response.status),
                "{shown}: {} {}",
                response.status,
                response.text()
            );
            let answer: Json =
                serde_json::from_slice(&response.body).unwrap_or_else(|_| panic!("{shown}: no JSON"));
            let is_refused = answer["__type"].as_str().is_some_and(|code| !code.is_empty());
            assert_eq!(response.status == 400, is_refused, "{shown}: {answer}");
        }
    }
    assert_eq!(with(&server, |address| call(address, "ListActivities", &json!({}))).await.status, 200);
}
