//! A process that is killed in the middle of an invocation, and the one that comes after it. Separate because these start
//! two processes, as Lambda does then.

use super::http::{self, Request};
use super::{PATIENCE, end, finish, lambda, lambda_with_tokens, runtime_api, signal};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::process::ExitStatusExt as _;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;

/// Sends a process a signal while its task runs; gives its exit (a code, or the signal that ended it) and what it said
/// after that. The next process has to answer the next event, and nothing must have been answered for the first.
#[track_caller]
fn check(name: &str, prices: &str) -> (Option<i32>, Option<i32>, String) {
    let (api, posted) = runtime_api(&["60000", "0"]);
    let environment = [("PRICES", prices)];
    let mut first = lambda("wait", &api, &environment);
    let mut log = BufReader::new(first.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("waiting") {
        line.clear();
        assert_ne!(log.read_line(&mut line).unwrap(), 0, "the process ended before its task ran");
    }
    signal(&first, name);
    let status = finish(first).status;
    let mut rest = String::new();
    log.read_to_string(&mut rest).unwrap();

    let next = lambda("wait", &api, &environment);
    let answers = std::iter::from_fn(|| posted.recv_timeout(PATIENCE).ok());
    let (line, body) = answers.into_iter().find(|(line, _)| !line.contains("/extension/")).unwrap();
    assert_eq!((line.as_str(), body), ("POST /2018-06-01/runtime/invocation/one/response", Value::Null));
    end(next);
    (status.code(), status.signal(), rest)
}

#[test]
fn after_a_process_that_was_killed_in_the_middle_the_next_one_serves() {
    let (code, signal, _) = check("KILL", "");
    assert_eq!((code, signal), (None, Some(9)));
}

#[test]
fn a_process_that_is_told_to_end_does_so_without_an_answer() {
    let (code, signal, _) = check("TERM", "");
    assert_eq!((code, signal), (None, Some(15)));
}

#[test]
fn a_process_that_is_told_to_end_closes_its_state_also_in_the_middle() {
    let (code, signal, said) = check("TERM", "CLOSED");
    assert_eq!((code, signal), (Some(0), None), "{said}");
    assert!(said.contains("closed the prices of 7 cents"), "{said}");
}

#[test]
fn a_token_outlives_the_process_that_was_killed_with_it() {
    let (called, calls) = mpsc::channel();
    let first = AtomicU32::new(0);
    let endpoint = http::listen(move |request: Request| {
        let body: Value = serde_json::from_str(&request.body).unwrap();
        let action = request.header("x-amz-target").trim_start_matches("AWSStepFunctions.").to_owned();
        called.send((action, body["taskToken"].clone())).unwrap();
        // The first process is killed while it waits for this answer.
        if first.fetch_add(1, Ordering::Relaxed) == 0 {
            std::thread::sleep(PATIENCE);
        }
        (200, vec![("content-type", "application/x-amz-json-1.0".to_owned())], "{}".to_owned())
    });
    let event = r#"{"token":"T"}"#;
    let (api, posted) = runtime_api(&[event, event]);
    let killed = lambda_with_tokens("pick", &api, endpoint);
    let mut seen = vec![calls.recv_timeout(PATIENCE).unwrap()];
    end(killed);
    assert!(posted.try_recv().is_err(), "nothing was answered for the first invocation");

    let next = lambda_with_tokens("pick", &api, endpoint);
    let (line, body) = posted.recv_timeout(PATIENCE).unwrap();
    assert_eq!((line.as_str(), body), ("POST /2018-06-01/runtime/invocation/one/response", Value::Null));
    end(next);
    seen.extend(calls.try_iter());
    let expected = ["SendTaskHeartbeat", "SendTaskHeartbeat", "SendTaskFailure", "SendTaskSuccess"];
    assert_eq!(seen, expected.map(|action| (action.to_owned(), json!("T"))));
}
