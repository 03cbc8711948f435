//! Runs executions that were recorded on the service and compares what comes out, tier by tier.
//! Separate from the other tests because its cases are data outside the project, found through `SFN_CONFORMANCE`.
//!
//! T1: status, and output or error name. T2: also the cause. T3: also the event types in order. T4: also every detail
//! of every event. A case that falls short of a tier must be listed in `differences.json` with the reason, and a case
//! that is listed must fall short.

mod case;
mod compare;
mod mocks;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use serde::Deserialize;
use sfn_engine::Timestamp;
use sfn_engine::core::Machine;
use sfn_engine::driver::{Engine, Outcome, Start, VirtualClock};

use case::Case;
use mocks::Mocks;

/// One class of known differences.
#[derive(Deserialize)]
struct Difference {
    reason: String,
    /// The best tier these cases reach.
    reaches: usize,
    /// Parts of the cases' ids.
    cases: Vec<String>,
}

fn folder() -> PathBuf {
    std::env::var_os("SFN_CONFORMANCE").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/conformance")),
        PathBuf::from,
    )
}

async fn run(case: &Case, machine: Machine) -> Arc<Outcome> {
    let engine = Engine::builder(Mocks::of(case))
        .clock(VirtualClock::scripted(Timestamp::from_millis(1_700_000_000_000)))
        .seed(1)
        .spawn();
    let start = Start { role_arn: case.role_arn(), ..Start::with_input(case.input.clone()) };
    engine.start(&Arc::new(machine), start).expect("a fresh engine starts anything").finished().await
}

#[tokio::test]
async fn recorded_executions_come_out_as_they_did_on_the_service() {
    let path = folder().join("executions.jsonl");
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("no recorded executions at {}: nothing compared", path.display());
        return;
    };
    let known: BTreeMap<String, Difference> =
        serde_json::from_str(include_str!("differences.json")).expect("the list of differences is JSON");
    assert!(known.values().all(|class| !class.reason.is_empty()), "every class of differences has a reason");

    let (mut reached, mut ran, mut left_out, mut unexpected) = ([0_usize; 4], 0, 0, Vec::new());
    for line in text.lines() {
        let case: Case = serde_json::from_str(line).expect("a line is a case");
        let Some(machine) = case.machine() else {
            left_out += 1;
            continue;
        };
        ran += 1;
        let outcome = run(&case, machine).await;
        let faults = compare::tiers(&case, &outcome);
        let tier = faults.iter().position(Option::is_some).unwrap_or(4);
        for count in reached.iter_mut().take(tier) {
            *count += 1;
        }
        let listed = known
            .values()
            .find(|class| class.cases.iter().any(|part| case.id.contains(part.as_str())))
            .map_or(4, |class| class.reaches);
        if tier != listed {
            let fault = faults.into_iter().flatten().next().unwrap_or_default();
            unexpected.push(format!("{}: reaches T{tier}, expected T{listed}: {fault}", case.id));
        }
    }
    for (tier, count) in reached.iter().enumerate() {
        println!("T{} {count}/{ran}", tier + 1);
    }
    println!("left out {left_out}: JSONPath, distributed Maps, tokens");
    assert!(unexpected.is_empty(), "{}", unexpected.join("\n"));
}
