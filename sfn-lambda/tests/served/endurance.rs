//! What a served process bears: thousands of invocations, events that are none, a Runtime API that takes its time.
//! Separate because these look at the process from outside, not at what one invocation answers.

use super::{PATIENCE, end, http, lambda, runtime_api};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::time::Duration;

/// The pages of memory that a process holds.
#[cfg(target_os = "linux")]
fn resident(process: u32) -> u64 {
    let statm = std::fs::read_to_string(format!("/proc/{process}/statm")).unwrap();
    statm.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn ten_thousand_invocations_leave_nothing_behind() {
    const WARM: u32 = 2_000;
    const ALL: u32 = 10_000;
    let handed = AtomicU32::new(0);
    let (posted, received) = mpsc::channel();
    let api = http::listen(move |request| {
        if request.line.starts_with("POST") {
            posted.send(request.line.ends_with("/response")).unwrap();
            return (202, vec![], String::new());
        }
        let number = handed.fetch_add(1, Ordering::Relaxed);
        if number == ALL {
            std::thread::sleep(PATIENCE);
        }
        let headers = vec![
            ("lambda-runtime-aws-request-id", format!("request-{number}")),
            ("lambda-runtime-deadline-ms", "99999999999999".to_owned()),
            ("lambda-runtime-invoked-function-arn", "arn".to_owned()),
        ];
        // Every third fails, and every third finds its payload unfit.
        let event = [r#"{"dividend":7,"divisor":2}"#, r#"{"dividend":7,"divisor":0}"#, r#"{"dividend":"x"}"#];
        (200, headers, event[number as usize % 3].to_owned())
    });
    let process = lambda("divide", &api.to_string(), &[("AWS_LAMBDA_LOG_LEVEL", "OFF")]);
    let count = |until: u32, from: u32| {
        let answers = (from..until).map(|_| received.recv_timeout(PATIENCE).unwrap());
        answers.filter(|succeeded| *succeeded).count()
    };
    let mut succeeded = count(WARM, 0);
    let before = resident(process.id());
    succeeded += count(ALL, WARM);
    let after = resident(process.id());
    end(process);
    assert_eq!(succeeded, ALL.div_ceil(3) as usize);
    // Some pages come and go with the allocator's arenas; eight thousand leaks of a hundred bytes would be two hundred.
    assert!(after < before + 64, "{before} pages after {WARM} invocations, {after} after {ALL}");
}

#[test]
fn events_that_are_none_are_refused_and_the_process_goes_on() {
    let deep = "[".repeat(200_000);
    let none = ["", "{", "\u{0}", "nul", "{}}", "\"\\ud800\"", "1e999", deep.as_str()];
    let events: Vec<_> = none.into_iter().chain([r#"{"dividend":8,"divisor":2}"#]).collect();
    let (api, posted) = runtime_api(&events);
    let process = lambda("divide", &api, &[]);
    for event in none {
        let (line, body) = posted.recv_timeout(PATIENCE).unwrap();
        assert!(line.ends_with("/invocation/one/error"), "{event}: {line}");
        assert_eq!(body["errorType"], "Payload.Invalid", "{event}: {body}");
    }
    assert_eq!(posted.recv_timeout(PATIENCE).unwrap().1, json!(4));
    end(process);
}

#[test]
fn a_runtime_api_that_takes_its_time_is_waited_for() {
    let (posted, received) = mpsc::channel();
    let handed = AtomicU32::new(0);
    let api = http::listen(move |request| {
        std::thread::sleep(Duration::from_millis(300));
        if request.line.starts_with("POST") {
            posted.send(serde_json::from_str::<Value>(&request.body).unwrap()).unwrap();
            return (202, vec![], String::new());
        }
        if handed.fetch_add(1, Ordering::Relaxed) == 2 {
            std::thread::sleep(PATIENCE);
        }
        let headers = vec![
            ("lambda-runtime-aws-request-id", "one".to_owned()),
            ("lambda-runtime-deadline-ms", "99999999999999".to_owned()),
            ("lambda-runtime-invoked-function-arn", "arn".to_owned()),
        ];
        (200, headers, r#"{"dividend":8,"divisor":4}"#.to_owned())
    });
    let process = lambda("divide", &api.to_string(), &[]);
    for _ in 0..2 {
        assert_eq!(received.recv_timeout(PATIENCE).unwrap(), json!(2));
    }
    end(process);
}
