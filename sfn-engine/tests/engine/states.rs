//! What each State type does, case by case: a definition, what its tasks come to, and how it must end.
//! Separate from the recorded executions because these cases need nothing from outside the project.

use std::time::Duration;

use serde_json::json;
use sfn_asl::Value;
use sfn_engine::core::{Notice, Status};
use sfn_engine::driver::Observed;
use sfn_engine::history::Details;

use crate::stage::{Answer, Play, fails, fault, succeeds, value};

/// Runs a definition whose tasks answer in turn as told, and compares how it ends.
fn check(definition: &serde_json::Value, input: serde_json::Value, tasks: &[Answer], expected: &Status) {
    let play = Play::of(definition, input, tasks);
    assert_eq!(&play.outcome.status, expected, "{:?}", play.events());
}

fn machine(states: &serde_json::Value) -> serde_json::Value {
    json!({ "QueryLanguage": "JSONata", "StartAt": "A", "States": states })
}

fn task(more: &serde_json::Value) -> serde_json::Value {
    let mut state = json!({ "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true });
    let fields = state.as_object_mut().expect("an object");
    fields.extend(more.as_object().expect("an object").clone());
    if fields.contains_key("Next") {
        fields.remove("End");
    }
    state
}

#[test]
fn assign_and_output_see_the_values_before_the_state() {
    let states = json!({
        "A": { "Type": "Pass", "Assign": { "x": 1, "y": 2 }, "Next": "B" },
        "B": { "Type": "Pass", "Assign": { "x": "{% $y %}", "y": "{% $x %}" }, "Output": "{% $x %}", "Next": "C" },
        "C": { "Type": "Pass", "Output": "{% [$x, $y, $states.input] %}", "End": true }
    });
    check(&machine(&states), json!({}), &[], &Status::Succeeded(value(json!([2, 1, 1]))));
}

#[test]
fn a_tasks_result_is_its_output_unless_said_otherwise() {
    let answers = [succeeds(json!({ "id": 7 }))];
    check(
        &machine(&json!({ "A": task(&json!({})) })),
        json!({}),
        &answers,
        &Status::Succeeded(value(json!({ "id": 7 }))),
    );
    let shaped = task(&json!({ "Output": "{% $states.result.id + $states.input.more %}" }));
    check(
        &machine(&json!({ "A": shaped })),
        json!({ "more": 1 }),
        &answers,
        &Status::Succeeded(Value::from(8)),
    );
}

#[test]
fn inner_scopes_read_outer_variables_and_keep_their_own() {
    let branch = json!({
        "StartAt": "B",
        "States": {
            "B": { "Type": "Pass", "Assign": { "inner": "{% $outer + 1 %}" }, "Next": "C" },
            "C": { "Type": "Pass", "Output": "{% $inner %}", "End": true }
        }
    });
    let states = json!({
        "A": { "Type": "Pass", "Assign": { "outer": 1 }, "Next": "P" },
        "P": { "Type": "Parallel", "Branches": [branch], "Next": "D" },
        "D": { "Type": "Pass", "Output": "{% [$states.input, $exists($inner)] %}", "End": true }
    });
    check(&machine(&states), json!({}), &[], &Status::Succeeded(value(json!([2, false]))));
}

#[test]
fn a_choice_takes_the_first_rule_that_holds() {
    let states = json!({
        "A": {
            "Type": "Choice",
            "Choices": [
                { "Condition": "{% $states.input.n > 10 %}", "Output": "big", "Next": "Z" },
                { "Condition": "{% $states.input.n > 5 %}", "Assign": { "size": "medium" }, "Next": "M" }
            ],
            "Output": "small",
            "Default": "Z"
        },
        "M": { "Type": "Pass", "Output": "{% $size %}", "Next": "Z" },
        "Z": { "Type": "Succeed" }
    });
    for (n, expected) in [(11, "big"), (6, "medium"), (1, "small")] {
        check(&machine(&states), json!({ "n": n }), &[], &Status::Succeeded(Value::from(expected)));
    }
}

#[test]
fn a_choice_without_a_way_out_fails() {
    let rule = json!({ "Condition": "{% false %}", "Next": "Z" });
    let states = json!({ "A": { "Type": "Choice", "Choices": [rule] }, "Z": { "Type": "Succeed" } });
    let cause = "An error occurred while executing the state 'A' (entered at the event id #2). \
                 Failed to transition out of the state. The state does not point to a next state.";
    check(&machine(&states), json!({}), &[], &Status::Failed(fault("States.NoChoiceMatched", cause)));
}

#[test]
fn a_condition_must_be_a_boolean() {
    let rule = json!({ "Condition": "{% 'yes' %}", "Next": "Z" });
    let states =
        json!({ "A": { "Type": "Choice", "Choices": [rule], "Default": "Z" }, "Z": { "Type": "Succeed" } });
    let cause = "An error occurred while executing the state 'A' (entered at the event id #2). \
                 The JSONata expression ''yes'' specified for the field 'Condition' returned an unexpected result type. \
                 Expected 'boolean', but was 'string' for value: \"yes\"";
    check(&machine(&states), json!({}), &[], &Status::Failed(fault("States.QueryEvaluationError", cause)));
}

#[test]
fn a_fail_state_says_what_its_expressions_say() {
    let states = json!({ "A": { "Type": "Fail", "Error": "{% $states.input.e %}", "Cause": "because" } });
    check(&machine(&states), json!({ "e": "Declined" }), &[], &Status::Failed(fault("Declined", "because")));
}

#[test]
fn each_retrier_counts_for_itself() {
    let retry = json!([
        { "ErrorEquals": ["A"], "MaxAttempts": 1, "IntervalSeconds": 1 },
        { "ErrorEquals": ["B"], "MaxAttempts": 2, "IntervalSeconds": 10, "BackoffRate": 3.0 }
    ]);
    let answers = [fails("A", ""), fails("B", ""), fails("B", ""), succeeds(json!("done"))];
    let play = Play::of(&machine(&json!({ "A": task(&json!({ "Retry": retry })) })), json!({}), &answers);
    assert_eq!(play.outcome.status, Status::Succeeded(Value::from("done")));
    let delays: Vec<_> = play
        .observed
        .iter()
        .filter_map(|what| match what {
            Observed::Noticed(Notice::Retrying { delay, attempt, .. }) => Some((delay.as_secs(), *attempt)),
            _ => None,
        })
        .collect();
    assert_eq!(delays, [(1, 1), (10, 2), (30, 3)]);
    assert_eq!(play.elapsed(), Duration::from_secs(41));
}

#[test]
fn only_the_first_matching_retrier_is_asked() {
    let retry = json!([
        { "ErrorEquals": ["A"], "MaxAttempts": 0 },
        { "ErrorEquals": ["States.ALL"], "MaxAttempts": 5 }
    ]);
    let states = json!({ "A": task(&json!({ "Retry": retry })) });
    check(&machine(&states), json!({}), &[fails("A", "no")], &Status::Failed(fault("A", "no")));
}

#[test]
fn a_catcher_replaces_assign_and_output_of_its_state() {
    let states = json!({
        "A": task(&json!({
            "Assign": { "from": "the state" },
            "Catch": [{
                "ErrorEquals": ["Declined"],
                "Assign": { "from": "{% $states.errorOutput.Error %}" },
                "Output": "{% $states.errorOutput.Cause %}",
                "Next": "B"
            }]
        })),
        "B": { "Type": "Pass", "Output": "{% [$from, $states.input] %}", "End": true }
    });
    let expected = Status::Succeeded(value(json!(["Declined", "too poor"])));
    check(&machine(&states), json!({}), &[fails("Declined", "too poor")], &expected);
}

#[test]
fn a_failed_evaluation_in_a_task_can_be_caught() {
    let states = json!({
        "A": task(&json!({
            "Arguments": "{% $nothing %}",
            "Catch": [{ "ErrorEquals": ["States.QueryEvaluationError"], "Output": "caught", "Next": "B" }]
        })),
        "B": { "Type": "Succeed" }
    });
    check(&machine(&states), json!({}), &[], &Status::Succeeded(Value::from("caught")));
}

#[test]
fn a_map_keeps_the_order_of_its_items_and_the_limit_of_its_concurrency() {
    let body = json!({ "StartAt": "W", "States": {
        "W": { "Type": "Wait", "Seconds": "{% $states.input.wait %}", "Next": "O" },
        "O": { "Type": "Pass", "Output": "{% $states.context.Map.Item.Index & $states.input.name %}", "End": true }
    } });
    let states = json!({ "A": {
        "Type": "Map",
        "Items": "{% $states.input %}",
        "ItemSelector": { "wait": "{% $states.context.Map.Item.Value %}", "name": "x" },
        "MaxConcurrency": 2,
        "ItemProcessor": body,
        "End": true
    } });
    let play = Play::of(&machine(&states), json!([30, 10, 10, 10]), &[]);
    assert_eq!(play.outcome.status, Status::Succeeded(value(json!(["0x", "1x", "2x", "3x"]))));
    assert_eq!(play.elapsed(), Duration::from_secs(30));
}

#[test]
fn a_failed_branch_stops_the_others() {
    let slow = json!({ "StartAt": "S", "States": { "S": { "Type": "Wait", "Seconds": 60, "End": true } } });
    let bad =
        json!({ "StartAt": "F", "States": { "F": { "Type": "Fail", "Error": "Bad", "Cause": "luck" } } });
    let states = json!({ "A": { "Type": "Parallel", "Branches": [slow, bad], "End": true } });
    let play = Play::of(&machine(&states), json!({}), &[]);
    assert_eq!(play.outcome.status, Status::Failed(fault("Bad", "luck")));
    let expected = [
        "ExecutionStarted",
        "ParallelStateEntered",
        "ParallelStateStarted",
        "WaitStateEntered",
        "FailStateEntered",
        "WaitStateAborted",
        "ParallelStateFailed",
        "ExecutionFailed",
    ];
    assert_eq!(play.events(), expected);
    assert_eq!(play.elapsed(), Duration::ZERO);
}

#[test]
fn an_execution_that_takes_too_long_times_out() {
    let mut definition = machine(&json!({ "A": { "Type": "Wait", "Seconds": 60, "End": true } }));
    definition["TimeoutSeconds"] = json!(5);
    let play = Play::of(&definition, json!({}), &[]);
    assert!(matches!(play.outcome.status, Status::TimedOut(_)));
    assert_eq!(play.elapsed(), Duration::from_secs(5));
}

#[test]
fn a_month_passes_at_once() {
    let states = json!({
        "A": { "Type": "Wait", "Seconds": 2_592_000, "Next": "B" },
        "B": { "Type": "Wait", "Timestamp": "1970-02-10T00:00:00Z", "End": true }
    });
    let play = Play::of(&machine(&states), json!("in"), &[]);
    assert_eq!(play.outcome.status, Status::Succeeded(Value::from("in")));
    assert_eq!(play.elapsed(), Duration::from_hours(40 * 24));
}

#[test]
fn an_endless_loop_ends_at_the_quota_of_events() {
    let states = json!({ "A": { "Type": "Pass", "Next": "B" }, "B": { "Type": "Pass", "Next": "A" } });
    let play = Play::of(&machine(&states), json!({}), &[]);
    let cause = "The execution reached the maximum number of history events (25000).";
    assert_eq!(play.outcome.status, Status::Failed(fault("States.Runtime", cause)));
    assert_eq!(play.outcome.history.last().map(|event| event.id), Some(25_000));
}

#[test]
fn a_result_over_the_quota_fails_its_task() {
    let answers = [succeeds(json!("a".repeat(262_143)))];
    let caught = json!([{ "ErrorEquals": ["States.DataLimitExceeded"], "Output": "{% $states.errorOutput.Cause %}", "Next": "B" }]);
    let states = json!({ "A": task(&json!({ "Catch": caught })), "B": { "Type": "Succeed" } });
    let cause = "The state/task 'lambda' returned a result with a size exceeding the maximum number of bytes service limit.";
    check(&machine(&states), json!({}), &answers, &Status::Succeeded(Value::from(cause)));
}

#[test]
fn the_context_object_has_the_services_fields() {
    let states = json!({ "A": { "Type": "Pass", "Output": "{% $states.context %}", "End": true } });
    let arn = |kind: &str| format!("arn:aws:states:us-east-1:123456789012:{kind}");
    let expected = json!({
        "Execution": {
            "Id": arn("execution:machine:play"),
            "Input": { "a": 1 },
            "StartTime": "1970-01-01T00:00:00.000Z",
            "Name": "play",
            "RoleArn": "arn:aws:iam::123456789012:role/machine",
            "RedriveCount": 0
        },
        "StateMachine": { "Id": arn("stateMachine:machine"), "Name": "machine" },
        "State": { "Name": "A", "EnteredTime": "1970-01-01T00:00:00.000Z" }
    });
    check(&machine(&states), json!({ "a": 1 }), &[], &Status::Succeeded(value(expected)));
}

#[test]
fn a_retried_state_knows_how_often() {
    let states = json!({ "A": task(&json!({
        "Arguments": "{% $states.context.State.RetryCount %}",
        "Retry": [{ "ErrorEquals": ["States.ALL"] }]
    })) });
    let play = Play::of(&machine(&states), json!({}), &[fails("X", ""), fails("X", ""), succeeds(json!(0))]);
    let counts: Vec<_> = play
        .outcome
        .history
        .iter()
        .filter_map(|event| match &event.details {
            Details::TaskScheduled(scheduled) => scheduled.parameters.as_i64(),
            _ => None,
        })
        .collect();
    assert_eq!(counts, [0, 1, 2]);
}
