//! What the manifest says of a workflow: its tasks with their payloads, their errors, and what its role may do.
//! Separate because it is a contract with the tools that deploy.

use std::collections::BTreeMap;

use sfn_core::emit::{Package, Settings, prepare};
use sfn_core::{Definition, events, run_job, secs, sns};

use crate::support::*;

#[test]
fn a_task_is_described_by_its_payload_its_errors_and_its_limits() {
    let definition = Definition::from_flow("approve", "Asks.\n\nAt length.", |flow| {
        let order = flow.input::<Order>("order");
        flow.task(request_approval(&order)).run();
        flow.task(charge_payment(&order.order_id, &order.total_cents)).run();
        flow.task(charge_payment("again", 1_u32)).run();
    });
    let package = Package { name: "app".to_owned(), dir: "../../app".to_owned() };
    let artifacts = prepare(&package, &[definition], &Settings::default()).expect("the workflow is sound");
    let [artifact] = artifacts.workflows.as_slice() else { panic!("one workflow, one artifact") };
    let mut entry = serde_json::to_value(&artifact.entry).expect("a manifest is JSON");
    // Lines of the test itself, and of the tasks in its support, are no part of the contract.
    entry["states"] =
        entry["states"].as_object().map(|states| states.keys().cloned().collect()).unwrap_or_default();
    for task in entry["tasks"].as_array_mut().into_iter().flatten() {
        task["origin"].take();
    }
    let text = serde_json::to_string_pretty(&entry).expect("a value is JSON");
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("manifest", text);
    });
}

#[test]
fn services_are_described_by_their_actions_and_what_these_are_done_to() {
    let definition = Definition::from_flow("tell", "", |flow| {
        let topic = flow.input::<String>("topic");
        flow.task(sns::publish("${NewsTopicArn}", "hello")).run();
        flow.task(sns::publish(&topic, "hello again")).run();
        flow.task(events::put("${BusName}", "shop", "Told", &BTreeMap::from([("a".to_owned(), 1)]))).run();
        let job = BTreeMap::from([("JobName".to_owned(), "${NightlyJob}".to_owned())]);
        flow.task(run_job::<serde_json::Value>("glue", "startJobRun", &job).timeout(secs(60))).run();
    });
    let package = Package { name: "app".to_owned(), dir: String::new() };
    let artifacts = prepare(&package, &[definition], &Settings::default()).expect("the workflow is sound");
    let entry = &artifacts.workflows[0].entry;
    let text = serde_json::to_string_pretty(&entry.integrations).expect("a manifest is JSON");
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("integrations", text);
    });
    assert!(entry.tasks.is_empty(), "nobody serves what a service does");
}
