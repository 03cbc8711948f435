//! How much memory an execution takes that waits for its Task Token.
//! Separate from the other measurements because it counts bytes, not time.
//!
//! `cargo bench -p sfn-engine --bench parked` prints the bytes per execution, its history of five events included.

#![expect(clippy::print_stdout, reason = "the figures are what this program is for")]

use std::sync::Arc;

use sfn_asl::Value;
use sfn_engine::core::Machine;
use sfn_engine::driver::{Engine, Start, TaskFailure, TaskRequest, VirtualClock};

const EXECUTIONS: usize = 100_000;

const DEFINITION: &str = r#"{ "QueryLanguage": "JSONata", "StartAt": "Approve", "States": { "Approve": {
    "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken", "End": true,
    "Arguments": { "FunctionName": "ask", "Payload": { "order": "{% $states.input.id %}", "token": "{% $states.context.Task.Token %}" } } } } }"#;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let machine: Arc<Machine> = Arc::new(DEFINITION.parse().expect("the definition is good"));
    let asked = async |_: TaskRequest| Ok::<_, TaskFailure>(Value::Null);
    let engine = Engine::builder(asked).clock(VirtualClock::at_epoch()).seed(1).spawn();
    let before = resident_bytes();
    let mut parked = Vec::with_capacity(EXECUTIONS);
    for number in 0..EXECUTIONS {
        let input = [("id", Value::from(format!("order-{number}")))].into_iter().collect();
        parked.push(engine.start(&machine, Start::with_input(input)).expect("it starts"));
        if number % 1_000 == 0 {
            tokio::task::yield_now().await;
        }
    }
    // Every request is answered once the engine has had its turns; the executions wait on.
    for _ in 0..1_000 {
        tokio::task::yield_now().await;
    }
    assert!(parked.iter().all(|execution| execution.outcome().is_none()), "nobody has brought a token");
    match before.zip(resident_bytes()) {
        Some((before, after)) => {
            println!("parked executions: {EXECUTIONS}, {} bytes each", (after - before) / EXECUTIONS);
        }
        None => println!("this system does not say how much memory a process has"),
    }
}

/// The memory this process has in use, where Linux says so.
fn resident_bytes() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.split_whitespace().next()?.parse::<usize>().ok()? * 1_024)
}
