//! The function behind links as Lambda runs it: its secret, the events of function URLs. Separate because its callers are
//! browsers; what becomes of the answers is tested with an engine, in the workspace's tests.

use super::http::{self, Request};
use super::{PATIENCE, end, finish, lambda, runtime_api};
use serde_json::{Value, json};
use sfn_core::{LinkKey, TaskToken, install_links};
use std::time::Duration;

const ARN: &str = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:links-a1b2c3";
const SECRET: &str = "0123456789abcdefghijklmnopqrstuv";

/// Serves `answer-link` with a secret that such a Secrets Manager knows; gives the posts.
fn answer(events: &[&str], secret: (u16, Value)) -> (std::process::Child, super::Posts) {
    let manager = http::listen(move |request: Request| {
        assert_eq!(request.header("x-amz-target"), "secretsmanager.GetSecretValue");
        assert_eq!(serde_json::from_str::<Value>(&request.body).unwrap(), json!({ "SecretId": ARN }));
        let (status, body) = &secret;
        (*status, vec![("content-type", "application/x-amz-json-1.1".to_owned())], body.to_string())
    });
    let (api, posted) = runtime_api(events);
    let more = [
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ACCESS_KEY_ID", "key"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_ENDPOINT_URL_SECRETS_MANAGER", &format!("http://{manager}")),
        ("SFN_LINK_KEY_ARN", ARN),
    ];
    (lambda("answer-link", &api, &more), posted)
}

fn event(method: &str, path: &str) -> String {
    json!({
        "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": "", "headers": {},
        "requestContext": { "http": { "method": method, "path": path }, "stage": "$default" },
        "isBase64Encoded": false,
    })
    .to_string()
}

#[test]
fn links_are_opened_with_the_secret_of_secrets_manager() {
    install_links(LinkKey::from_secret(SECRET).unwrap(), "https://links.example");
    let token: TaskToken<bool> = TaskToken::new("T");
    let link = token.links(Duration::from_mins(1)).succeed("Approve <this>?", true).unwrap();
    let path = link.as_str().strip_prefix("https://links.example").unwrap();
    let events = [
        event("GET", path),
        event("HEAD", &format!("/stage{path}")),
        event("GET", &path[..path.len() - 1]),
        event("GET", "/"),
        event("DELETE", path),
        r#"{"httpMethod":"GET","path":"/"}"#.to_owned(),
    ];
    let events: Vec<&str> = events.iter().map(String::as_str).collect();
    let (process, posted) = answer(&events, (200, json!({ "ARN": ARN, "SecretString": SECRET })));
    for (status, shown) in [
        (200, "Approve &lt;this&gt;?"),
        (200, r#"<form method="post">"#),
        (404, "No such link"),
        (404, "No such link"),
        (405, "Open the link in a browser"),
    ] {
        let (_, response) = posted.recv_timeout(PATIENCE).unwrap();
        assert_eq!(response["statusCode"], status, "{response}");
        assert!(response["body"].as_str().unwrap().contains(shown), "{response}");
        assert_eq!(response["headers"]["referrer-policy"], "no-referrer");
        assert!(!response.to_string().contains(path), "a page does not repeat its link");
    }
    let (_, refused) = posted.recv_timeout(PATIENCE).unwrap();
    assert_eq!(refused["errorType"], "Payload.Invalid", "{refused}");
    end(process);
}

#[test]
fn without_its_secret_the_function_does_not_start() {
    let denied = json!({ "__type": "AccessDeniedException", "Message": "not you" });
    for (secret, said) in [
        ((400, denied), "cannot be read"),
        ((200, json!({ "ARN": ARN, "SecretString": "short" })), "fewer than 32 characters"),
        ((200, json!({ "ARN": ARN, "SecretBinary": "AAAA" })), "it is no text"),
    ] {
        let (process, posted) = answer(&[], secret);
        let (line, body) = posted.recv_timeout(PATIENCE).unwrap();
        assert_eq!(line, "POST /2018-06-01/runtime/init/error");
        assert_eq!(body["errorType"], "Runtime.InitFailed");
        assert!(body["errorMessage"].as_str().unwrap().contains(said), "{body}");
        assert_eq!(finish(process).status.code(), Some(1));
    }
}
