//! Distributed Maps: what a child execution costs, and whether that grows with their number.
//! Separate because a Map Run is the one thing here that has as many executions as a user has items.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use sfn_engine::Value;
use sfn_engine::core::{Machine, Status};
use sfn_engine::driver::{Engine, Start, TaskFailure, TaskRequest, VirtualClock};

const DEFINITION: &str = r#"{
  "QueryLanguage": "JSONata",
  "StartAt": "Map",
  "States": { "Map": {
    "Type": "Map",
    "Items": "{% [1..$states.input] %}",
    "MaxConcurrency": 1000,
    "ItemProcessor": {
      "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
      "StartAt": "Pass",
      "States": { "Pass": { "Type": "Pass", "End": true } }
    },
    "Output": "{% $count($states.result) %}",
    "End": true
  } }
}"#;

async fn run(machine: &Arc<Machine>, items: i64) -> Status {
    let runner = |_: TaskRequest| std::future::pending::<Result<Value, TaskFailure>>();
    let engine = Engine::builder(runner).clock(VirtualClock::at_epoch()).seed(1).spawn();
    let execution = engine.start(machine, Start::with_input(Value::from(items))).expect("it starts");
    execution.finished().await.status.clone()
}

fn map_runs(criterion: &mut Criterion) {
    let machine: Arc<Machine> = Arc::new(DEFINITION.parse().expect("the definition runs"));
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    let mut group = criterion.benchmark_group("distributed_map");
    group.sample_size(10);
    for items in [1_000_i64, 10_000] {
        assert_eq!(runtime.block_on(run(&machine, items)), Status::Succeeded(Value::from(items)));
        group.throughput(Throughput::Elements(items.unsigned_abs()));
        group.bench_with_input(BenchmarkId::from_parameter(items), &items, |bencher, items| {
            bencher.iter(|| black_box(runtime.block_on(run(&machine, *items))));
        });
    }
    group.finish();
}

criterion_group!(benches, map_runs);
criterion_main!(benches);
