//! How fast executions run: states per second with the whole history kept, from start to outcome.
//! Separate from tests because it measures; what is right is tested elsewhere.
//!
//! `cargo bench -p sfn-engine --bench executions` prints elements per second, an element being a State entered.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use sfn_asl::Value;
use sfn_engine::core::{Identity, Machine, Status};
use sfn_engine::driver::{Engine, TaskFailure, TaskRequest, VirtualClock};
use tokio::runtime::Runtime;

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime starts")
}

fn machine(definition: &str) -> Arc<Machine> {
    Arc::new(definition.parse().expect("the definition is good"))
}

/// Every task answers at once, with what it was given.
async fn answer(request: TaskRequest) -> Result<Value, TaskFailure> {
    Ok([("Payload", request.arguments)].into_iter().collect())
}

/// Express, since a Standard execution ends at its 25,000th event.
fn identity(names: &Identity, number: usize) -> Identity {
    let arn = format!("arn:aws:states:us-east-1:123456789012:express:machine:bench:{number}");
    Identity { execution_arn: arn.into(), ..names.clone() }
}

/// Runs so many executions side by side to their ends.
async fn run(machine: &Arc<Machine>, input: &Value, executions: usize) {
    let engine = Engine::builder(answer).clock(VirtualClock::at_epoch()).seed(1).spawn();
    let names = Identity::named("bench");
    let start = |number| engine.launch(machine, identity(&names, number), input.clone(), None);
    let started: Vec<_> = (0..executions).map(|number| start(number).expect("it starts")).collect();
    for execution in started {
        let outcome = execution.finished().await;
        assert!(matches!(outcome.status, Status::Succeeded(_)), "{:?}", outcome.status);
        black_box(&outcome.history);
    }
}

/// Turns of a loop: a Choice State and a Pass State each.
const TURNS: u64 = 1_000;

fn loops(criterion: &mut Criterion) {
    let jsonata = r#"{ "QueryLanguage": "JSONata", "StartAt": "Start", "States": {
        "Start": { "Type": "Pass", "Assign": { "turn": 0 }, "Next": "More" },
        "More": { "Type": "Choice", "Choices": [{ "Condition": "{% $turn < 1000 %}", "Next": "Count" }], "Default": "End" },
        "Count": { "Type": "Pass", "Assign": { "turn": "{% $turn + 1 %}" }, "Next": "More" },
        "End": { "Type": "Succeed" } } }"#;
    let jsonpath = r#"{ "StartAt": "Start", "States": {
        "Start": { "Type": "Pass", "Result": { "turn": 0 }, "Next": "More" },
        "More": { "Type": "Choice", "Choices": [{ "Variable": "$.turn", "NumericLessThan": 1000, "Next": "Count" }], "Default": "End" },
        "Count": { "Type": "Pass", "Parameters": { "turn.$": "States.MathAdd($.turn, 1)" }, "Next": "More" },
        "End": { "Type": "Succeed" } } }"#;
    let mut group = criterion.benchmark_group("loop");
    group.throughput(Throughput::Elements(2 * TURNS + 3));
    let runtime = runtime();
    for (name, definition) in [("jsonata_counter", jsonata), ("jsonpath_math_add", jsonpath)] {
        let machine = machine(definition);
        group.bench_function(name, |bencher| {
            bencher.iter(|| runtime.block_on(run(&machine, &Value::empty_object(), 1)));
        });
    }
    group.finish();
}

/// Pass States one after another, each of which changes nothing.
fn chain(criterion: &mut Criterion) {
    let states: Vec<String> = (0..2_000)
        .map(|at| {
            let way =
                if at < 1_999 { format!(r#""Next": "P{}""#, at + 1) } else { r#""End": true"#.to_owned() };
            format!(r#""P{at}": {{ "Type": "Pass", {way} }}"#)
        })
        .collect();
    let machine = machine(&format!(r#"{{ "StartAt": "P0", "States": {{ {} }} }}"#, states.join(",")));
    let runtime = runtime();
    let mut group = criterion.benchmark_group("chain");
    group.throughput(Throughput::Elements(2_000));
    group.bench_function("2000_states", |bencher| {
        bencher.iter(|| runtime.block_on(run(&machine, &Value::empty_object(), 1)));
    });
    group.finish();
}

fn maps(criterion: &mut Criterion) {
    let jsonata = r#"{ "QueryLanguage": "JSONata", "StartAt": "Each", "States": {
        "Each": { "Type": "Map", "Items": "{% $states.input.items %}", "End": true, "ItemProcessor": {
            "StartAt": "Take", "States": { "Take": { "Type": "Pass", "Output": "{% $states.input %}", "End": true } } } } } }"#;
    let jsonpath = r#"{ "StartAt": "Each", "States": {
        "Each": { "Type": "Map", "ItemsPath": "$.items", "End": true, "ItemProcessor": {
            "StartAt": "Take", "States": { "Take": { "Type": "Pass", "End": true } } } } } }"#;
    let mut group = criterion.benchmark_group("map");
    let runtime = runtime();
    for (name, definition) in [("jsonata", jsonata), ("jsonpath", jsonpath)] {
        let machine = machine(definition);
        for items in [1_000_u32, 10_000] {
            let list: Value = (0..items).map(|item| Value::from(f64::from(item))).collect();
            let input: Value = [("items", list)].into_iter().collect();
            group.throughput(Throughput::Elements(u64::from(items) + 1));
            group.bench_with_input(BenchmarkId::new(name, items), &input, |bencher, input| {
                bencher.iter(|| runtime.block_on(run(&machine, input, 1)));
            });
        }
    }
    group.finish();
}

fn parallel(criterion: &mut Criterion) {
    let branches: Vec<String> = (0..100)
        .map(|branch| {
            format!(r#"{{ "StartAt": "B{branch}", "States": {{ "B{branch}": {{ "Type": "Pass", "End": true }} }} }}"#)
        })
        .collect();
    let machine = machine(&format!(
        r#"{{ "StartAt": "All", "States": {{ "All": {{ "Type": "Parallel", "End": true, "Branches": [{}] }} }} }}"#,
        branches.join(",")
    ));
    let runtime = runtime();
    let mut group = criterion.benchmark_group("parallel");
    group.throughput(Throughput::Elements(101));
    group.bench_function("100_branches", |bencher| {
        bencher.iter(|| runtime.block_on(run(&machine, &Value::empty_object(), 1)));
    });
    group.finish();
}

/// Reserve, charge and ship an order; each Task may be retried and is undone by a Catcher.
fn sagas(criterion: &mut Criterion) {
    let step = |name: &str, next: &str, undo: &str| {
        format!(
            r#""{name}": {{ "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
                "Arguments": {{ "FunctionName": "{name}", "Payload": {{ "order": "{{% $order %}}", "total": "{{% $sum($order.lines.(price * quantity)) %}}" }} }},
                "Retry": [{{ "ErrorEquals": ["Lambda.TooManyRequestsException"], "MaxAttempts": 2 }}],
                "Catch": [{{ "ErrorEquals": ["States.ALL"], "Assign": {{ "failure": "{{% $states.errorOutput %}}" }}, "Next": "{undo}" }}],
                "Assign": {{ "{name}": "{{% $states.result.Payload %}}" }}, "Next": "{next}" }}"#
        )
    };
    let machine = machine(&format!(
        r#"{{ "QueryLanguage": "JSONata", "StartAt": "Accept", "States": {{
            "Accept": {{ "Type": "Pass", "Assign": {{ "order": "{{% $states.input %}}" }}, "Next": "reserve" }},
            {}, {}, {},
            "release": {{ "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
                "Arguments": {{ "FunctionName": "release", "Payload": "{{% $order %}}" }}, "Next": "Failed" }},
            "Failed": {{ "Type": "Fail", "Error": "{{% $failure.Error %}}" }},
            "Done": {{ "Type": "Succeed", "Output": "{{% $ship %}}" }} }} }}"#,
        step("reserve", "charge", "Failed"),
        step("charge", "ship", "release"),
        step("ship", "Done", "release"),
    ));
    let line = |price: i32| -> Value {
        [("price", Value::from(price)), ("quantity", Value::from(2))].into_iter().collect()
    };
    let lines: Value = [line(10), line(25)].into_iter().collect();
    let order: Value = [("id", Value::from("order-1")), ("lines", lines)].into_iter().collect();
    let runtime = runtime();
    let mut group = criterion.benchmark_group("sagas");
    group.throughput(Throughput::Elements(1_000 * 5));
    group.sample_size(20);
    group.bench_function("1000_at_once", |bencher| {
        bencher.iter(|| runtime.block_on(run(&machine, &order, 1_000)));
    });
    group.finish();
}

criterion_group!(benches, loops, chain, maps, parallel, sagas);
criterion_main!(benches);
