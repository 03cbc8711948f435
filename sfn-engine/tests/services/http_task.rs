//! The HTTP Task against an endpoint of this machine: what is sent, what comes back, and which endpoints are refused.
//! Separate because it needs somebody who listens.

use serde_json::{Value as Json, json};
use sfn_engine::control::Place;
use sfn_engine::driver::Engine;
use sfn_engine::services::Services;
use sfn_engine::test_state::{TestState, test_state};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::stage::{result, run};

const CONNECTION: &str = "arn:aws:events:us-east-1:123456789012:connection/c/1";

/// An endpoint that answers so, once, and what it will be sent.
async fn endpoint(answer: &'static str) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/orders", listener.local_addr().expect("an address"));
    let came = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a caller");
        let mut request = vec![0; 4096];
        let read = stream.read(&mut request).await.expect("a request");
        stream.write_all(answer.as_bytes()).await.expect("it listens");
        String::from_utf8_lossy(&request[..read]).into_owned()
    });
    (url, came)
}

/// Calls an endpoint that answers so; gives what it was sent, and what the Task came to.
async fn called(answer: &'static str, more: Json) -> (String, Result<Json, (String, String)>) {
    let (url, came) = endpoint(answer).await;
    let mut arguments =
        json!({ "ApiEndpoint": url, "Method": "POST", "Authentication": { "ConnectionArn": CONNECTION } });
    arguments.as_object_mut().expect("an object").extend(more.as_object().expect("fields").clone());
    let outcome = run(Services::new(), "arn:aws:states:::http:invoke", arguments).await;
    (came.await.expect("no panic"), result(&outcome))
}

#[tokio::test]
async fn headers_query_and_body_are_sent_and_come_back() {
    let more = json!({ "Headers": { "X-Own": "a" }, "QueryParameters": { "q": "a b&c", "list": [1, 2] },
        "RequestBody": { "cents": 5 } });
    let answer = "HTTP/1.1 201 Made It\r\nContent-Type: application/json\r\nX-Two: 1\r\nX-Two: 2\r\nContent-Length: 11\r\n\r\n{\"id\": \"7\"}";
    let (sent, result) = called(answer, more).await;
    let expected = json!({
        "Headers": { "content-type": ["application/json"], "x-two": ["1", "2"], "content-length": ["11"] },
        "ResponseBody": { "id": "7" }, "StatusCode": 201, "StatusText": "Made It",
    });
    assert_eq!(result, Ok(expected));
    let (head, body) = sent.split_once("\r\n\r\n").expect("a head");
    assert!(head.starts_with("POST /orders?list=1&list=2&q=a%20b%26c HTTP/1.1\r\n"), "{head}");
    for header in
        ["x-own: a", "content-type: application/json", "user-agent: Amazon|StepFunctions|HttpInvoke|local"]
    {
        assert!(head.to_ascii_lowercase().contains(&header.to_ascii_lowercase()), "{header} in {head}");
    }
    assert_eq!(body, "{\"cents\":5}");
}

#[tokio::test]
async fn a_form_is_sent_as_a_form() {
    let more = json!({ "Headers": { "content-type": "application/x-www-form-urlencoded" },
        "RequestBody": { "a b": "c&d", "n": 1 } });
    let (sent, _) = called("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", more).await;
    assert!(sent.ends_with("\r\n\r\na%20b=c%26d&n=1"), "{sent}");
}

#[tokio::test]
async fn a_status_that_is_no_success_names_the_error() {
    let answer = "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{\"no\":\"such\"}";
    let (_, result) = called(answer, json!({})).await;
    assert_eq!(result, Err(("States.Http.StatusCode.404".to_owned(), "{\"no\":\"such\"}".to_owned())));
    let huge = "HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n";
    assert_eq!(called(huge, json!({})).await.1.unwrap_err().0, "States.DataLimitExceeded");
}

#[tokio::test]
async fn only_this_machine_is_called() {
    for (endpoint, error) in [
        ("https://api.example.com/orders", "States.Runtime"),
        ("http://example.com/orders", "States.Runtime"),
        ("http://127.0.0.1.example.com/orders", "States.Runtime"),
        ("http://127.0.0.1:1/orders", "States.Http.Socket"),
    ] {
        let arguments = json!({ "ApiEndpoint": endpoint, "Method": "GET", "Authentication": { "ConnectionArn": CONNECTION } });
        let (found, cause) =
            result(&run(Services::new(), "arn:aws:states:::http:invoke", arguments).await).unwrap_err();
        assert_eq!(found, error, "{endpoint}: {cause}");
    }
    let arguments = json!({ "ApiEndpoint": "http://localhost:1", "Method": "GET" });
    let (_, cause) =
        result(&run(Services::new(), "arn:aws:states:::http:invoke", arguments).await).unwrap_err();
    assert_eq!(cause, "The field 'Authentication' is required but was missing");
}

#[tokio::test]
async fn a_test_shows_what_is_sent_and_what_comes_back() {
    for (answer, status, message) in [
        ("HTTP/1.1 200 OK\r\nX-Own: 1\r\nContent-Length: 2\r\n\r\nhi", "200", json!("OK")),
        ("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nhi", "404", Json::Null),
    ] {
        let (url, came) = endpoint(answer).await;
        let state = json!({ "Type": "Task", "Resource": "arn:aws:states:::http:invoke", "End": true, "Parameters": {
            "ApiEndpoint": url, "Method": "PUT", "Authentication": { "ConnectionArn": CONNECTION }, "RequestBody": { "n": 1 } } });
        let test = TestState {
            definition: state.to_string(),
            role_arn: Some("arn:aws:iam::123456789012:role/tester".to_owned()),
            ..TestState::default()
        };
        let engine = Engine::builder(Services::new()).spawn();
        let tested = test_state(&engine, &Place::default(), test).await.expect("it is valid");
        let request = json!({
            "protocol": "http", "method": "PUT", "url": url, "body": r#"{"n":1}"#,
            "headers": "[Content-Type: application/json, User-Agent: Amazon|StepFunctions|HttpInvoke|local]",
        });
        assert_eq!(tested.inspection["request"], request);
        let response = &tested.inspection["response"];
        let found = (&response["statusCode"], &response["statusMessage"], &response["body"]);
        assert_eq!(found, (&json!(status), &message, &json!("hi")));
        assert!(came.await.expect("no panic").ends_with(r#"{"n":1}"#));
    }
}
