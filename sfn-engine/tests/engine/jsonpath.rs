//! States that speak JSONPath: what their fields make of the data, and the words their failures are reported in.
//! Separate because both query languages run on one core, and each has its own way of shaping data.

use serde_json::{Value as Json, json};
use sfn_engine::core::Status;
use sfn_engine::history::Fault;

use crate::stage::{Answer, Play, fails, succeeds, value};

/// A machine of one State, with a State `Caught` for its Catchers.
fn machine(state: &Json) -> Json {
    let mut state = state.clone();
    if !["Choice", "Fail", "Succeed"].contains(&state["Type"].as_str().unwrap_or_default()) {
        state["End"] = json!(true);
    }
    json!({ "StartAt": "It", "States": { "It": state, "Caught": { "Type": "Pass", "End": true } } })
}

fn play(state: &Json, input: Json, answers: &[Answer]) -> Status {
    Play::of(&machine(state), input, answers).outcome.status.clone()
}

fn gives(state: &Json, input: Json, answers: &[Answer], output: Json) {
    assert_eq!(play(state, input, answers), Status::Succeeded(value(output)), "{state}");
}

/// Fails with that error; the cause names the State and then says this.
fn says(state: &Json, input: Json, error: &str, what: &str) {
    let cause =
        format!("An error occurred while executing the state 'It' (entered at the event id #2). {what}");
    let fault = Fault { error: Some(error.into()), cause: Some(cause.into()) };
    assert_eq!(play(state, input, &[]), Status::Failed(fault), "{state}");
}

const TASK: &str = "arn:aws:states:::lambda:invoke";

#[test]
fn data_flows_through_the_fields_in_the_services_order() {
    let input = json!({ "order": { "id": 7 }, "kept": true });
    let task = json!({
        "Type": "Task", "Resource": TASK, "InputPath": "$.order", "Parameters": { "Payload.$": "$.id" },
        "ResultSelector": { "charged.$": "$.Payload.total", "by": "card" },
        "ResultPath": "$.charge", "OutputPath": "$.charge.charged",
    });
    let answers = [succeeds(json!({ "Payload": { "total": 30 } }))];
    gives(&task, input.clone(), &answers, json!(30));

    let mut whole = task;
    whole.as_object_mut().expect("an object").remove("OutputPath");
    let placed = json!({ "order": { "id": 7 }, "kept": true, "charge": { "charged": 30, "by": "card" } });
    gives(&whole, input.clone(), &answers, placed);
    whole["ResultPath"] = Json::Null;
    gives(&whole, input.clone(), &answers, input);
}

#[test]
fn null_paths_select_nothing_and_place_nothing() {
    gives(&json!({ "Type": "Pass", "InputPath": null }), json!({ "a": 1 }), &[], json!({}));
    gives(&json!({ "Type": "Pass", "OutputPath": null }), json!({ "a": 1 }), &[], json!({}));
    gives(
        &json!({ "Type": "Pass", "Result": 2, "ResultPath": null }),
        json!({ "a": 1 }),
        &[],
        json!({ "a": 1 }),
    );
}

#[test]
fn a_catcher_places_the_error_and_knows_no_output_path() {
    let task = json!({
        "Type": "Task", "Resource": TASK, "OutputPath": "$.missing",
        "Catch": [{ "ErrorEquals": ["States.ALL"], "ResultPath": "$.failure", "Next": "Caught" }],
    });
    let output = json!({ "a": 1, "failure": { "Error": "Declined", "Cause": "no funds" } });
    gives(&task, json!({ "a": 1 }), &[fails("Declined", "no funds")], output);
}

#[test]
fn variables_take_the_raw_result_and_are_seen_by_later_paths() {
    let definition = json!({ "StartAt": "Ask", "States": {
        "Ask": {
            "Type": "Task", "Resource": TASK, "ResultSelector": { "only": 1 }, "ResultPath": null,
            "Assign": { "total.$": "$.Payload", "unit": "EUR" }, "Next": "Tell",
        },
        "Tell": { "Type": "Pass", "Parameters": { "total.$": "$total", "unit.$": "$unit" }, "End": true },
    } });
    let answers = [succeeds(json!({ "Payload": 30 }))];
    let status = Play::of(&definition, json!({}), &answers).outcome.status.clone();
    assert_eq!(status, Status::Succeeded(value(json!({ "total": 30, "unit": "EUR" }))));
}

#[test]
fn what_is_not_there_fails_the_execution_and_nobody_may_handle_it() {
    let task = json!({
        "Type": "Task", "Resource": TASK, "Parameters": { "id.$": "$.id" },
        "Retry": [{ "ErrorEquals": ["States.ALL"] }],
        "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "Caught" }],
    });
    let what = "The JSONPath '$.id' specified for the field 'id.$' could not be found in the input '{}'";
    says(&task, json!({}), "States.Runtime", what);
    let pass = json!({ "Type": "Pass", "InputPath": "$.a" });
    says(&pass, json!({}), "States.Runtime", "Invalid path '$.a' : No results for path: $['a']");
}

#[test]
fn choice_rules_look_only_at_what_is_there() {
    let choice = |test: Json| {
        let mut rule = test;
        rule["Next"] = json!("Caught");
        json!({ "Type": "Choice", "Choices": [rule] })
    };
    let guarded = json!({ "And": [
        { "Variable": "$.n", "IsPresent": true }, { "Variable": "$.n", "NumericGreaterThan": 1 }
    ] });
    gives(&choice(guarded.clone()), json!({ "n": 2 }), &[], json!({ "n": 2 }));
    let nowhere = "Failed to transition out of the state. The state does not point to a next state.";
    says(&choice(guarded), json!({}), "States.NoChoiceMatched", nowhere);
    let bare = json!({ "Variable": "$.n", "NumericGreaterThan": 1 });
    says(&choice(bare.clone()), json!({ "n": "2" }), "States.NoChoiceMatched", nowhere);
    let missing = "Invalid path '$.n': The choice state's condition path references an invalid value.";
    says(&choice(bare), json!({}), "States.Runtime", missing);
}

#[test]
fn waits_say_what_is_wrong_with_their_time() {
    let seconds = json!({ "Type": "Wait", "SecondsPath": "$.s" });
    gives(&seconds, json!({ "s": 3 }), &[], json!({ "s": 3 }));
    for (input, what) in [
        (json!({}), "The SecondsPath parameter does not reference an input value: $.s"),
        (json!({ "s": -1 }), "The SecondsPath parameter references a negative value: $.s == -1"),
        (json!({ "s": 1.5 }), "The SecondsPath parameter cannot be parsed as a long value: $.s == 1.5"),
    ] {
        says(&seconds, input, "States.Runtime", what);
    }
    let until = json!({ "Type": "Wait", "TimestampPath": "$.t" });
    let what = "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: $.t == noon";
    says(&until, json!({ "t": "noon" }), "States.Runtime", what);
}

#[test]
fn maps_want_an_array_and_give_items_to_their_selector() {
    let each = json!({
        "Type": "Map", "ItemsPath": "$.items", "MaxConcurrencyPath": "$.limit",
        "ItemSelector": { "index.$": "$$.Map.Item.Index", "item.$": "$$.Map.Item.Value", "of.$": "$.limit" },
        "ItemProcessor": { "StartAt": "Each", "States": { "Each": { "Type": "Pass", "End": true } } },
    });
    let input = json!({ "items": ["a", "b"], "limit": 1 });
    let selected = json!([{ "index": 0, "item": "a", "of": 1 }, { "index": 1, "item": "b", "of": 1 }]);
    gives(&each, input, &[], selected);
    let what = "Reference path \"$.items\" must point to array.";
    says(&each, json!({ "items": 1, "limit": 1 }), "States.Runtime", what);
    let what = "The MaxConcurrencyPath field refers to value \"few\" which is not a valid integer: $.limit";
    says(&each, json!({ "items": [], "limit": "few" }), "States.Runtime", what);
}
