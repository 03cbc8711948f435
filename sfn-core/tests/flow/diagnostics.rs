//! What cannot be lowered: every fault has a code, a Rust place and a way out.
//! Separate because these flows have no document to show.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::support::*;
use sfn_core::{
    AnyVal, Definition, Flow, Origin, RetryPolicy, aws_sdk, concat, dynamodb, events, literal, raw_state, s3,
    secs,
};

const LONG: &str =
    "A name that goes on and on and on, far beyond the eighty characters that the service takes";

/// Checks the codes of a flow's faults, each of which must name a Rust place.
fn check(expected: &[&str], define: impl FnOnce(&mut Flow)) -> Vec<String> {
    let found = Definition::from_flow("faulty", "", define).lower().expect_err("the flow is faulty");
    let codes: Vec<&str> = found.iter().map(|diagnostic| diagnostic.code.as_str()).collect();
    assert_eq!(codes, expected, "{found:#?}");
    for diagnostic in &found {
        assert!(matches!(diagnostic.place, sfn_asl::Place::Rust(_)), "{diagnostic:?}");
        assert!(diagnostic.help.is_some(), "{diagnostic:?}");
    }
    found.iter().map(ToString::to_string).collect()
}

#[test]
fn arithmetic_that_doubles_cannot_do_is_refused() {
    check(&["unsupported-arithmetic"], |flow| {
        let total = flow.input::<u64>("total").into_erased();
        let total = flow.let_("total", total.add(&literal(1)));
        flow.task(notify(total.to_text())).run();
    });
}

#[test]
fn single_precision_is_passed_on_and_not_calculated_with() {
    check(
        &["unsupported-arithmetic", "unsupported-comparison", "unsupported-comparison", "unsupported-text"],
        |flow| {
            let rate = flow.input::<f32>("rate").into_erased();
            let one = literal(1.5_f32);
            flow.let_("sum", rate.add(&one));
            flow.choose(rate.lt(&one), "rate < 1.5", |flow| flow.sleep(secs(1)), |_| ());
            flow.choose(rate.eq(&one), "rate == 1.5", |flow| flow.sleep(secs(1)), |_| ());
            flow.task(notify(rate.to_text())).run();
        },
    );
    check(&["unsupported-conversion", "unsupported-conversion", "unsupported-conversion"], |flow| {
        let rate = flow.input::<f32>("rate").into_erased();
        flow.let_("wide", rate.cast::<f64>());
        flow.let_("whole", rate.cast::<u8>());
        flow.let_("single", literal(1_u8).cast::<f32>());
    });
    let passed_on = Definition::from_flow("passed-on", "", |flow| {
        let rate = flow.input::<f32>("rate");
        flow.succeed(rate);
    });
    assert!(passed_on.lower().is_ok());
}

#[test]
fn text_of_floats_and_order_of_booleans_are_refused() {
    check(&["unsupported-text", "unsupported-comparison"], |flow| {
        let rate = flow.input::<f64>("rate").into_erased();
        flow.task(notify(concat(vec![literal("at "), rate]))).run();
        let flag = flow.task(ping()).run().to_text().into_erased().eq(&literal("x"));
        flow.choose(flag.lt(&literal(true)), "flag < true", |flow| flow.sleep(secs(1)), |_| ());
    });
}

#[test]
fn a_fault_is_reported_once_and_at_its_own_place() {
    let found = check(&["unsupported-arithmetic"], |flow| {
        let total = flow.input::<i64>("total").into_erased();
        let twice = total.mul(&total).at(Origin::new("src/saga.rs", 7, 21));
        flow.task(notify(&twice)).run();
        flow.succeed(twice);
    });
    assert!(found[0].contains("src/saga.rs:7:21"), "{found:?}");
}

#[test]
fn durations_are_whole_seconds() {
    check(&["duration-not-in-seconds", "timeout-range", "timeout-range"], |flow| {
        flow.sleep(Duration::from_secs(1));
        flow.task(ping()).timeout(Duration::from_millis(1500)).run();
        flow.task(ping()).heartbeat(Duration::ZERO).run();
        flow.task(ping()).timeout(secs(5)).heartbeat(secs(5)).run();
    });
    check(&["duration-not-in-seconds"], |flow| flow.sleep(Duration::from_millis(10)));
}

#[test]
fn names_by_hand_are_unique_and_fit() {
    check(&["duplicate-state-name", "state-name-too-long"], |flow| {
        flow.task(ping()).named("Twice").run();
        let second = flow.task(ping()).named("Twice").bind("second").run();
        flow.task(ping()).named(LONG).run();
        flow.succeed(second);
    });
}

#[test]
fn unknown_fields_and_variants_list_the_known_ones() {
    let found = check(&["unknown-field", "unknown-error"], |flow| {
        let order = flow.input::<Order>("order");
        flow.task(notify(order.erased().field("orderid"))).run();
        flow.task(charge_payment(&order.order_id, 5_u32)).matching().error(&["Declined"], |_, _| ()).end();
    });
    assert!(found[0].contains("no field `orderid`"), "{found:?}");
}

#[test]
fn a_map_needs_an_array() {
    check(&["not-an-array"], |flow| {
        let order = flow.input::<Order>("order");
        flow.map_any(order.erased().clone(), "line", |_, line| line).run_any();
    });
}

#[test]
fn rows_of_a_file_hold_texts_only() {
    let found = check(&["row-not-of-texts"], |flow| {
        let rows = s3::csv::<Line>("shop", "lines.csv");
        flow.map_distributed(rows, "row", |_, row| row).run();
    });
    assert!(found[0].contains("field `quantity` of `Line`"), "{found:?}");
}

#[test]
fn children_of_a_distributed_map_undo_nothing_and_set_nothing_outside() {
    check(&["compensation-in-child"], |flow| {
        let order = flow.input::<Order>("order");
        let packed = flow.map_distributed(&order.lines, "line", |flow, line| {
            flow.task(pack(&line)).compensate(|text| notify(&text)).run()
        });
        packed.run();
    });
    check(&["assignment-in-branch"], |flow| {
        let order = flow.input::<Order>("order");
        let count = flow.let_mut("count", literal(0));
        let packed = flow.map_distributed(&order.lines, "line", |flow, line| {
            flow.set(&count, literal(1));
            line
        });
        packed.run();
        flow.succeed(count);
    });
}

#[test]
fn labels_are_those_of_the_service() {
    check(&["invalid-label"], |flow| {
        let order = flow.input::<Order>("order");
        flow.map_distributed(&order.lines, "line", |flow, line| flow.task(pack(&line)).run())
            .label("a b")
            .run();
    });
}

#[test]
fn an_express_execution_waits_five_minutes_at_most() {
    check(&["wait-beyond-express"], |flow| {
        flow.express();
        flow.sleep(secs(301));
    });
}

#[test]
fn services_and_actions_are_held_against_the_catalogue() {
    let arguments = BTreeMap::from([("Bucket".to_owned(), "reports".to_owned())]);
    let found = check(&["unknown-integration"], |flow| {
        flow.task(aws_sdk::<()>("s3", "headObjekt", &arguments)).run();
    });
    assert!(found[0].contains("the service `s3` has no action `headObjekt`"), "{found:?}");
    let found = check(&["missing-argument"], |flow| {
        flow.task(aws_sdk::<()>("s3", "headObject", &arguments)).run();
    });
    assert!(found[0].contains("`Key`"), "{found:?}");
    let misspelt = BTreeMap::from([("Buckt".to_owned(), "reports".to_owned())]);
    let found = check(&["unknown-argument"], |flow| {
        flow.task(aws_sdk::<()>("s3", "headBucket", &misspelt)).run();
    });
    assert!(found[0].contains("`Buckt`"), "{found:?}");
}

#[test]
fn names_of_actions_and_attributes_are_constants() {
    check(&["not-a-constant"], |flow| {
        let service = flow.input::<String>("service");
        flow.task(aws_sdk::<()>(service, "listBuckets", &BTreeMap::<String, String>::new())).run();
    });
}

#[test]
fn values_of_one_change_have_names_of_their_own() {
    let key = BTreeMap::from([("id".to_owned(), "a".to_owned())]);
    check(&["duplicate-value"], |flow| {
        let call = dynamodb::update::<BTreeMap<String, u32>>("counters", &key).set("count", 1);
        flow.task(call.condition("#count < :count").value("count", 9)).run();
    });
}

#[test]
fn the_detail_of_an_event_is_an_object() {
    check(&["event-detail"], |flow| {
        flow.task(events::put("bus", "shop", "Told", "everything")).run();
    });
}

#[test]
fn a_state_by_hand_does_work_and_leaves_the_way_to_the_workflow() {
    let said = |state: &'static str| {
        let found = check(&["raw-state"], |flow| {
            flow.task(raw_state::<()>(state)).run();
        });
        found[0].clone()
    };
    assert!(said("{").contains("no JSON"));
    assert!(said("[]").contains("a JSON object"));
    assert!(said(r#"{ "Type": "Choice" }"#).contains("expected one of `Task`"));
    assert!(said(r#"{ "Type": "Task", "Resource": "r", "Next": "B" }"#).contains("`Next`"));
    assert!(said(r#"{ "Type": "Pass" }"#).contains("gives nothing"));
    assert!(said(r#"{ "Type": "Task", "Resorce": "r" }"#).contains("Resource"));
}

#[test]
fn a_state_by_hand_is_told_only_what_its_type_can_do() {
    const PASS: &str = r#"{ "Type": "Pass", "Output": 1 }"#;
    const MAP: &str = r#"{
      "Type": "Map",
      "Items": [],
      "ItemProcessor": { "StartAt": "P", "States": { "P": { "Type": "Pass", "End": true } } }
    }"#;
    let found = check(&["raw-state", "raw-state"], |flow| {
        let map = raw_state::<Vec<u32>>(MAP).retry(RetryPolicy::new());
        flow.task(map.timeout(secs(5)).heartbeat(secs(2))).run();
    });
    assert!(found[0].contains("`.timeout(..)` is said of a Map State"), "{found:?}");
    let found = check(&["raw-state", "raw-state"], |flow| {
        flow.task(raw_state::<u32>(PASS).retry(RetryPolicy::new())).ignore();
    });
    assert!(found[1].contains("no Catchers"), "{found:?}");
    let undo = |timeout| {
        move |flow: &mut Flow| {
            flow.task(ping()).compensate(|_| raw_state::<Vec<u32>>(MAP).timeout(timeout)).run();
            flow.task(ping()).run();
        }
    };
    check(&["raw-state"], undo(secs(5)));
}

#[test]
fn names_in_a_state_by_hand_are_given_and_used() {
    const ECHO: &str = r#"{ "Type": "Pass", "Output": "{% $text & $states.context.State.Name %}" }"#;
    check(&["unknown-jsonata-name"], |flow| {
        flow.task(raw_state::<String>(ECHO)).run();
    });
    check(&["raw-state"], |flow| {
        flow.task(raw_state::<String>(ECHO).input("text", "a").input("more", "b")).run();
    });
    check(&["jsonata-syntax"], |flow| {
        flow.task(raw_state::<String>(r#"{ "Type": "Pass", "Output": "{% 1 + %}" }"#)).run();
    });
}

#[test]
fn a_compensation_draws_nothing_itself() {
    check(&["drawn-in-compensation"], |flow| {
        let drawn = || AnyVal::jsonata::<String>("$uuid()", "\"$uuid()\"", Origin::caller(), []);
        flow.task(ping()).compensate(|_| notify(drawn())).run();
        flow.task(ping()).run();
    });
}
