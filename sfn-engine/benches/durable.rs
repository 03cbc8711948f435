//! How many started executions are acknowledged: in memory, and kept on disk, one after the other and many at once.
//! Separate from the engine's benchmarks because here the disk is what takes the time.
//!
//! `cargo bench -p sfn-engine --bench durable` prints acknowledged starts per second.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use futures_util::future::join_all;
use sfn_engine::control::{Control, CreateStateMachine, Place, StartExecution};
use sfn_engine::driver::{Engine, EngineBuilder, TaskRequest};
use sfn_engine::journal::Disk;

const DEFINITION: &str = r#"{ "StartAt": "A", "States": { "A": { "Type": "Pass", "End": true } } }"#;

fn engine() -> EngineBuilder {
    Engine::builder(async |request: TaskRequest| Ok(request.arguments))
}

/// Starts one execution and waits until that may be acknowledged.
async fn start(control: &Control, machine: &str) {
    let start = StartExecution { machine: machine.to_owned(), ..StartExecution::default() };
    control.start_execution(start).expect("it starts");
    control.persisted().await.expect("the disk keeps it");
}

fn acknowledged_starts(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let folder = std::env::temp_dir().join(format!("sfn-bench-durable-{}", std::process::id()));
    let in_memory = runtime.block_on(async { Control::new(engine().spawn()) });
    let on_disk = runtime.block_on(async {
        Control::open(engine(), Disk::open(&folder).expect("a fresh folder")).expect("an empty store")
    });
    let mut group = criterion.benchmark_group("acknowledged_starts");
    group.sample_size(10);
    for (place, control) in [("in_memory", &in_memory), ("on_disk", &on_disk)] {
        let create = CreateStateMachine::new("Bench", DEFINITION, "arn:aws:iam::123456789012:role/bench");
        let machine = control.create_state_machine(&Place::default(), create).expect("it is created").arn;
        for at_once in [1_usize, 64] {
            group.throughput(Throughput::Elements(at_once as u64));
            group.bench_function(format!("{place}/{at_once}_at_once"), |bencher| {
                bencher.iter(|| {
                    runtime.block_on(join_all((0..at_once).map(|_| start(control, &machine))));
                });
            });
        }
    }
    group.finish();
    // Nothing else needs the folder; what cannot be removed is the system's to clean.
    let _ = std::fs::remove_dir_all(&folder);
}

criterion_group!(benches, acknowledged_starts);
criterion_main!(benches);
