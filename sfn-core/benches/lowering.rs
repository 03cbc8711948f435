//! How long it takes to lower a workflow of 500, 1,000 and 2,000 statements: a user waits for it in every build.
//! Separate from the tests because only a person who watches the figures can say whether they are good.

#![expect(unreachable_pub, reason = "the task is written as a user's crate would")]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use sfn_core::{AnyVal, Definition, Flow, concat, literal};

mod support {
    include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/greeting.in"));
}
use support::greet;

/// Statements of all sorts: names, choices that call and choices that assign, loops, calls.
fn workflow(flow: &mut Flow, statements: usize) {
    let input = flow.input::<Vec<String>>("names").into_erased();
    let total = flow.let_mut("total", input.len());
    for _ in 0..statements / 10 {
        let twice = flow.let_("twice", total.add(&total));
        let rest = flow.let_("rest", twice.rem(&literal(1_000)));
        flow.choose(
            rest.gt(&literal(500)),
            "rest > 500",
            |flow| flow.set(&total, rest.clone()),
            |flow| flow.set(&total, rest.add(&literal(1))),
        );
        flow.choose(total.gt(&literal(7)), "total > 7", |flow| call(flow, &total), |_| ());
        flow.for_each_any(input.clone(), "name", |flow, turn, _, name| {
            flow.choose(name.is_empty(), "name.is_empty()", |flow| flow.again(turn), |_| ());
            flow.task(sfn_core::call(greet, [name])).run_any();
        });
        call(flow, &total);
    }
    flow.succeed(total);
}

fn call(flow: &mut Flow, total: &AnyVal) {
    let text = concat(vec![literal("n = "), total.clone()]);
    flow.task(sfn_core::call(greet, [text])).run_any();
}

fn lower(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("lower");
    for statements in [500_usize, 1_000, 2_000] {
        let definition = Definition::from_flow("long", "", |flow| workflow(flow, statements));
        group.throughput(Throughput::Elements(statements as u64));
        group.bench_with_input(
            BenchmarkId::from_parameter(statements),
            &definition,
            |bencher, definition| {
                bencher.iter(|| black_box(definition.lower()).is_ok());
            },
        );
    }
    group.finish();
}

criterion_group!(benches, lower);
criterion_main!(benches);
