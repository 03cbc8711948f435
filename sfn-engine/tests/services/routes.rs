//! Routes: what they match, and what the three kinds of handlers make of good and bad answers.
//! Separate because none of this depends on the service a Task calls.

use std::time::Duration;

use serde_json::{Value as Json, json};
use sfn_engine::Value;
use sfn_engine::driver::TaskFailure;
use sfn_engine::lambda::Closures;
use sfn_engine::services::{Handler, Services};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::stage::{result, run};

fn says(text: &'static str) -> Handler {
    Handler::new(move |_| async move { Ok(Value::from(text)) })
}

#[tokio::test]
async fn the_most_particular_route_answers() {
    let routes = [
        "arn:aws:states:::*",
        "arn:aws:states:::glue:*",
        "arn:aws:states:::glue:startJobRun",
        "arn:aws:states:::glue:startJobRun.waitForTaskToken",
        "charge",
        "charge:7",
        "${ShipArn}",
    ];
    let services =
        routes.into_iter().fold(Services::new(), |services, route| services.route(route, says(route)));
    let lambda = "arn:aws:states:::lambda:invoke";
    for (resource, arguments, route) in [
        ("arn:aws:states:::glue:startJobRun", json!({}), "arn:aws:states:::glue:startJobRun"),
        ("arn:aws:states:::glue:startJobRun.sync", json!({}), "arn:aws:states:::glue:startJobRun"),
        ("arn:aws:states:::glue:stopJobRun", json!({}), "arn:aws:states:::glue:*"),
        ("arn:aws:states:::sns:publish", json!({}), "arn:aws:states:::*"),
        ("arn:aws:lambda:us-east-1:123456789012:function:charge", json!({}), "charge"),
        ("arn:aws-cn:lambda:cn-north-1:123456789012:function:charge:7", json!({}), "charge:7"),
        ("${ShipArn}", json!({}), "${ShipArn}"),
        (lambda, json!({ "FunctionName": "charge" }), "charge"),
        (lambda, json!({ "FunctionName": "charge:live" }), "charge"),
        (lambda, json!({ "FunctionName": "charge", "Qualifier": "7" }), "charge:7"),
        (lambda, json!({ "FunctionName": "${ShipArn}" }), "${ShipArn}"),
        (lambda, json!({ "FunctionName": "other" }), "arn:aws:states:::*"),
    ] {
        let outcome = run(services.clone(), resource, arguments.clone()).await;
        let output = result(&outcome).expect("a route answers");
        let answered = output.get("Payload").unwrap_or(&output);
        assert_eq!(answered, &json!(route), "{resource} {arguments}");
    }
}

#[tokio::test]
async fn what_nobody_answers_says_how_to_have_it_answered() {
    let (error, cause) =
        result(&run(Services::new(), "arn:aws:states:::glue:startJobRun.sync", json!({})).await).unwrap_err();
    assert_eq!(error, "States.Runtime");
    assert_eq!(
        cause,
        "nothing on this machine answers `arn:aws:states:::glue:startJobRun.sync`: route it \
         (`arn:aws:states:::glue:startJobRun` to a closure, an HTTP endpoint or a command), or mock state `Work` in a \
         test case of a MockConfigFile.json"
    );
}

#[tokio::test]
async fn an_unknown_function_is_the_services_error_with_the_known_ones() {
    let services = Services::new().functions(Closures::new().with("ship", async |payload| Ok(payload)));
    let outcome =
        run(services, "arn:aws:states:::lambda:invoke", json!({ "FunctionName": "chip", "Payload": 1 }))
            .await;
    let (error, cause) = result(&outcome).unwrap_err();
    assert_eq!(error, "Lambda.ResourceNotFoundException");
    let (before, rest) = cause.split_once("Request ID: ").expect("a request id");
    let id = rest.split(';').next().expect("an id");
    assert_eq!(
        before,
        "Function not found: arn:aws:lambda:us-east-1:123456789012:function:chip:$LATEST (Service: AWSLambda; Status \
         Code: 404; Error Code: ResourceNotFoundException; "
    );
    assert_eq!(&rest[id.len()..], "; Proxy: null) [functions on this machine: ship]");
}

/// One answer for whoever calls next; gives the URL, and what came.
async fn endpoint(answer: &'static str) -> (String, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/charge?fast=1", listener.local_addr().expect("an address"));
    let came = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a caller");
        let mut request = vec![0; 4096];
        let read = stream.read(&mut request).await.expect("a request");
        stream.write_all(answer.as_bytes()).await.expect("it listens");
        String::from_utf8_lossy(&request[..read]).into_owned()
    });
    (url, came)
}

async fn asked(handler: Handler) -> Result<Json, (String, String)> {
    let resource = "arn:aws:lambda:us-east-1:123456789012:function:charge";
    result(&run(Services::new().route("charge", handler), resource, json!({ "cents": 5 })).await)
}

#[tokio::test]
async fn an_endpoint_answers_in_json_or_fails_by_its_own_name() {
    let named = r#"{"errorType":"Declined","errorMessage":"no"}"#;
    for (answer, expected) in [
        ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{\"ok\": 1}", Ok(json!({ "ok": 1 }))),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[1\r\n1\r\n]\r\n0\r\n\r\n",
            Ok(json!([1])),
        ),
        ("HTTP/1.1 204 No Content\r\n\r\n", Ok(json!(null))),
        ("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n\"until the end\"", Ok(json!("until the end"))),
        (
            "HTTP/1.1 500 Oops\r\nContent-Length: 44\r\n\r\n{\"errorType\":\"Declined\",\"errorMessage\":\"no\"}",
            Err(("Declined", named)),
        ),
        (
            "HTTP/1.1 200 OK\r\nX-Amz-Function-Error: Unhandled\r\nContent-Length: 44\r\n\r\n{\"errorType\":\"Declined\",\"errorMessage\":\"no\"}",
            Err(("Declined", named)),
        ),
        (
            "HTTP/1.1 503 Busy\r\nContent-Length: 5\r\n\r\nlater",
            Err(("States.TaskFailed", "`URL` answered with status 503: later")),
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnope",
            Err((
                "States.TaskFailed",
                "`URL` answered `nope`, expected JSON: expected ident at line 1 column 2",
            )),
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 7000000\r\n\r\n[]",
            Err((
                "States.DataLimitExceeded",
                "The state/task 'URL' returned a result with a size exceeding the maximum number of bytes service limit.",
            )),
        ),
    ] {
        let (url, came) = endpoint(answer).await;
        let found = asked(Handler::http(&url).expect("a URL")).await;
        let expected =
            expected.map_err(|(error, cause): (&str, &str)| (error.to_owned(), cause.replace("URL", &url)));
        assert_eq!(found, expected, "{answer}");
        let request = came.await.expect("the endpoint ends");
        assert!(request.starts_with("POST /charge?fast=1 HTTP/1.1\r\n"), "{request}");
        assert!(request.ends_with("\r\n\r\n{\"cents\":5}"), "{request}");
    }
}

#[tokio::test]
async fn an_endpoint_that_is_not_there_or_too_slow_fails_its_task() {
    let (error, cause) = asked(Handler::http("http://127.0.0.1:1/").expect("a URL")).await.unwrap_err();
    assert_eq!(error, "States.TaskFailed");
    assert!(cause.starts_with("cannot call `http://127.0.0.1:1/`: "), "{cause}");

    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let handler = Handler::http(&url).expect("a URL").within(Duration::from_millis(30));
    let late = ("States.Timeout".to_owned(), "no answer within 0.03 seconds".to_owned());
    assert_eq!(asked(handler).await, Err(late));
}

#[tokio::test]
async fn a_command_answers_on_its_output_and_fails_by_its_status() {
    for (script, expected) in [
        ("cat", Ok(json!({ "cents": 5 }))),
        ("true", Ok(json!(null))),
        ("echo charging >&2; echo 7", Ok(json!(7))),
        (
            r#"echo log >&2; echo '{"errorType":"Declined","errorMessage":"no"}' >&2; exit 1"#,
            Err(("Declined", r#"{"errorType":"Declined","errorMessage":"no"}"#)),
        ),
        ("echo broken >&2; exit 3", Err(("States.TaskFailed", "`sh` ended with exit status: 3: broken"))),
        (
            "head -c 7000000 /dev/zero",
            Err((
                "States.DataLimitExceeded",
                "The state/task 'sh' returned a result with a size exceeding the maximum number of bytes service limit.",
            )),
        ),
    ] {
        let found = asked(Handler::command("sh", ["-c", script])).await;
        let expected = expected.map_err(|(error, cause)| (error.to_owned(), cause.to_owned()));
        assert_eq!(found, expected, "{script}");
    }
    let (_, cause) = asked(Handler::command("./no-such-command", [""; 0])).await.unwrap_err();
    assert!(cause.starts_with("cannot run `./no-such-command`: "), "{cause}");
    let slow = Handler::command("sleep", ["60"]).within(Duration::from_millis(30));
    assert_eq!(asked(slow).await.unwrap_err().0, "States.Timeout");
}

#[tokio::test]
async fn a_closure_fails_by_the_name_it_gives() {
    let refuse = Handler::new(async |_| Err(TaskFailure::new("Declined", "no")));
    assert_eq!(asked(refuse).await, Err(("Declined".to_owned(), "no".to_owned())));
}
