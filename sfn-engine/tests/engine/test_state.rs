//! States tested by themselves: what is shown of their data, how they are left, and what is refused.

use serde_json::{Map, Value as Json, json};
use sfn_engine::control::{Place, Refusal};
use sfn_engine::driver::{Engine, TaskFailure, TaskRequest, VirtualClock};
use sfn_engine::test_state::{Configuration, Mock, Status, TestState, Tested, test_state};

/// Tests a State with an engine whose work comes to its own arguments, or fails if they say so.
fn tested(test: TestState) -> Result<Tested, Refusal> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    runtime.block_on(async {
        let engine = Engine::builder(async |request: TaskRequest| match request.arguments.get("fail") {
            Some(cause) => Err(TaskFailure::new("Broken", cause.to_string())),
            None => Ok(request.arguments),
        });
        let engine = engine.clock(VirtualClock::at_epoch()).seed(1).spawn();
        test_state(&engine, &Place::default(), test).await
    })
}

fn of(definition: &Json, input: &Json) -> TestState {
    TestState {
        definition: definition.to_string(),
        input: Some(input.to_string()),
        role_arn: Some("arn:aws:iam::123456789012:role/tester".to_owned()),
        ..TestState::default()
    }
}

/// Stages are texts of JSON; here they are compared as JSON.
fn stages(inspection: &Map<String, Json>) -> Json {
    let parsed = |(name, stage): (&String, &Json)| {
        let stage =
            stage.as_str().map_or_else(|| stage.clone(), |text| serde_json::from_str(text).expect("JSON"));
        (name.clone(), stage)
    };
    inspection.iter().map(parsed).collect::<Map<_, _>>().into()
}

fn shows(test: TestState, status: Status, expected: &Json) {
    let definition = test.definition.clone();
    let tested = tested(test).unwrap_or_else(|refusal| panic!("{definition}: {refusal}"));
    assert_eq!((tested.status, stages(&tested.inspection)), (status, expected.clone()), "{definition}");
}

fn refuses(test: TestState, code: &str, message: &str) {
    let definition = test.definition.clone();
    let refusal = tested(test).expect_err(&definition);
    assert_eq!((refusal.code, refusal.message.as_str()), (code, message), "{definition}");
}

fn task(more: &Json) -> Json {
    let mut state = json!({ "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true });
    let fields = more.as_object().cloned().unwrap_or_default();
    state.as_object_mut().expect("an object").extend(fields);
    state
}

fn map(more: &Json) -> Json {
    let processor = json!({
        "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
        "StartAt": "Each", "States": { "Each": { "Type": "Pass", "End": true } }
    });
    let mut state = json!({ "Type": "Map", "ItemProcessor": processor, "End": true });
    let fields = more.as_object().cloned().unwrap_or_default();
    state.as_object_mut().expect("an object").extend(fields);
    state
}

#[test]
fn a_task_without_a_mock_is_done() {
    let state = task(&json!({
        "InputPath": "$.order", "Parameters": { "id.$": "$.id" },
        "ResultSelector": { "got.$": "$.id" }, "ResultPath": "$.task", "OutputPath": "$.task"
    }));
    let input = json!({ "order": { "id": 7 } });
    shows(
        of(&state, &input),
        Status::Succeeded,
        &json!({
            "input": input,
            "afterInputPath": { "id": 7 },
            "afterParameters": { "id": 7 },
            "result": { "id": 7 },
            "afterResultSelector": { "got": 7 },
            "afterResultPath": { "order": { "id": 7 }, "task": { "got": 7 } },
        }),
    );
    let tested = tested(of(&state, &input)).expect("it is tested");
    assert_eq!(tested.output.map(|output| output.to_string()), Some(r#"{"got":7}"#.to_owned()));
}

#[test]
fn what_fails_goes_to_the_retrier_until_it_has_had_enough_and_then_to_the_catcher() {
    let state = task(&json!({
        "QueryLanguage": "JSONata",
        "Arguments": { "fail": "{% $states.input.why %}" },
        "Retry": [
            { "ErrorEquals": ["Other"] },
            { "ErrorEquals": ["Broken"], "IntervalSeconds": 3, "MaxAttempts": 2, "BackoffRate": 2 }
        ],
        "Catch": [
            { "ErrorEquals": ["Other"], "Next": "Never" },
            { "ErrorEquals": ["States.TaskFailed"], "Assign": { "why": "{% $states.errorOutput.Cause %}" }, "Next": "Mend" }
        ]
    }));
    let input = json!({ "why": "rust" });
    let shown = |details: Json| json!({ "input": input, "afterArguments": { "fail": "rust" }, "errorDetails": details });
    shows(
        of(&state, &input),
        Status::Retriable,
        &shown(json!({ "retryIndex": 1, "retryBackoffIntervalSeconds": 3 })),
    );
    let mocked = |count| TestState {
        mock: Some(Mock::of_error("Broken", "worn")),
        configuration: Configuration { retrier_retry_count: Some(count), ..Configuration::default() },
        ..of(&state, &input)
    };
    shows(mocked(1), Status::Retriable, &shown(json!({ "retryIndex": 1, "retryBackoffIntervalSeconds": 6 })));
    let mut caught = shown(json!({ "catchIndex": 1 }));
    caught["variables"] = json!({ "why": "worn" });
    shows(mocked(2), Status::CaughtError, &caught);
    assert_eq!(tested(mocked(2)).map(|tested| tested.next_state), Ok(Some("Mend".into())));
}

#[test]
fn a_state_sees_the_variables_and_the_context_it_is_given() {
    let state = task(&json!({
        "QueryLanguage": "JSONata", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Arguments": { "FunctionName": "f", "Payload": "{% [$limit, $states.context.Task.Token] %}" },
        "Assign": { "limit": "{% $limit + 1 %}" }
    }));
    let test = TestState {
        variables: Some(r#"{"limit": 3, "other": null}"#.to_owned()),
        context: Some(r#"{"Task": {"Token": "t"}}"#.to_owned()),
        mock: Some(Mock::of_result("1")),
        ..of(&state, &json!({}))
    };
    shows(
        test,
        Status::Succeeded,
        &json!({
            "input": {},
            "afterArguments": { "FunctionName": "f", "Payload": [3, "t"] },
            "result": 1,
            "variables": { "limit": 4, "other": null },
        }),
    );
}

#[test]
fn the_items_of_a_map_are_shown_as_its_iterations_would_have_them() {
    let state = map(&json!({
        "ItemReader": {
            "Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": { "InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW" },
            "Parameters": { "Bucket": "b", "Key": "k.csv" }
        },
        "ItemSelector": { "n.$": "$$.Map.Item.Value.n", "at.$": "$$.Map.Item.Index" },
        "ItemBatcher": { "MaxItemsPerBatch": 2, "BatchInput": { "all.$": "$.all" } },
        "MaxConcurrencyPath": "$.most", "ToleratedFailurePercentage": 40
    }));
    let input = json!({ "all": true, "most": 5 });
    let with = |failed, result: &str| TestState {
        mock: Some(Mock::of_result(result)),
        configuration: Configuration {
            map_item_reader_data: Some("n\n1\n2\n3\n".to_owned()),
            map_iteration_failure_count: Some(failed),
            ..Configuration::default()
        },
        ..of(&state, &input)
    };
    let item = |n: &str, at: u8| json!({ "n": n, "at": at });
    let batch = |items: Json| json!({ "BatchInput": { "all": true }, "Items": items });
    let mut shown = json!({
        "input": input,
        "afterInputPath": input,
        "afterItemsPath": [{ "n": "1" }, { "n": "2" }, { "n": "3" }],
        "afterItemSelector": [item("1", 0), item("2", 1), item("3", 2)],
        "afterItemBatcher": [batch(json!([item("1", 0), item("2", 1)])), batch(json!([item("3", 2)]))],
        "maxConcurrency": 5,
        "toleratedFailurePercentage": 40,
    });
    shows(with(1, "[1]"), Status::Failed, &shown);
    shown["afterResultSelector"] = json!([1, 2]);
    shown["afterResultPath"] = json!([1, 2]);
    shows(with(0, "[1, 2]"), Status::Succeeded, &shown);
    let sizes = "Input array does not equal the mocked result array's size.";
    refuses(with(0, "[1]"), "ValidationException", sizes);
    let count = "Map iteration failure count must be less than or equal to the number of Map iterations";
    refuses(with(3, "[]"), "ValidationException", count);
}

#[test]
fn the_states_that_a_state_leads_to_need_not_be_there() {
    let choice = json!({ "Type": "Choice", "Choices": [
        { "Variable": "$.a", "IsNull": true, "Next": "A" },
        { "And": [{ "Variable": "$.a", "IsNumeric": true }], "Next": "B\"" }], "Default": "A" });
    for (input, next) in [(json!({ "a": null }), "A"), (json!({ "a": 1 }), "B\""), (json!({ "a": "" }), "A")]
    {
        let tested = tested(of(&choice, &input)).expect("it is tested");
        assert_eq!(tested.next_state.as_deref(), Some(next), "{input}");
    }
    let inner = json!({ "StartAt": "In", "States": { "In": { "Type": "Pass", "Next": "Out" }, "Out": { "Type": "Succeed" } } });
    let outer = json!({ "StartAt": "Both", "States": {
        "Both": { "Type": "Parallel", "Branches": [inner], "End": true } } });
    let test = TestState { state_name: Some("In".to_owned()), ..of(&outer, &json!({})) };
    assert_eq!(tested(test).map(|tested| tested.next_state), Ok(Some("Out".into())));
    let doubled = r#"{"Type": "Pass", "Type": "Pass", "End": true}"#;
    refuses(
        TestState { definition: doubled.to_owned(), ..TestState::default() },
        "InvalidDefinition",
        "Invalid State Machine Definition: 'INVALID_JSON_DESCRIPTION: Duplicate field 'Type''",
    );
}

#[test]
fn waiting_takes_the_time_of_the_engine_and_five_minutes_at_most() {
    let wait = |seconds: u32| json!({ "Type": "Wait", "Seconds": seconds, "Next": "Go" });
    let slept = tested(of(&wait(299), &json!({}))).expect("it is tested");
    assert_eq!((slept.status, slept.next_state.as_deref()), (Status::Succeeded, Some("Go")));
    let late = tested(of(&wait(301), &json!({}))).expect("it is tested");
    assert_eq!((late.status, late.fault.error.as_deref()), (Status::Failed, Some("States.Timeout")));
}

#[test]
fn causes_name_no_execution() {
    let choice = json!({ "Type": "Choice", "Choices": [{ "Variable": "$.a", "IsNull": true, "Next": "A" }] });
    let tested = tested(of(&choice, &json!({ "a": 1 }))).expect("it is tested");
    assert_eq!(tested.fault.error.as_deref(), Some("States.NoChoiceMatched"));
    assert_eq!(
        tested.fault.cause.as_deref(),
        Some("Failed to transition out of the state. The state does not point to a next state.")
    );
}

#[test]
fn the_first_fault_of_a_request_is_the_services_first() {
    let pass = json!({ "Type": "Pass", "End": true });
    let mocked = |state: &Json, mock: Mock| TestState { mock: Some(mock), ..of(state, &json!({})) };
    let check = |test: TestState, message: &str| refuses(test, "ValidationException", message);

    check(
        TestState { context: Some("[]".to_owned()), ..mocked(&pass, Mock::of_result("1")) },
        "State type 'Pass' is not supported when a mock is specified",
    );
    check(mocked(&task(&json!({})), Mock::of_result("{")), "Mocked result must be valid JSON");
    check(mocked(&map(&json!({})), Mock::of_result("{}")), "Mocked result must be an array.");
    check(
        mocked(&task(&json!({})), Mock::default()),
        "A test mock should have one of the following fields: [result, errorOutput].",
    );
    check(
        TestState {
            context: Some(r#"{"Map": {}}"#.to_owned()),
            ..mocked(&task(&json!({})), Mock::of_result("{}"))
        },
        "Invalid Context object provided: 'Map' field is not supported when mocking a Context object",
    );
    check(
        TestState { role_arn: None, ..of(&task(&json!({})), &json!({})) },
        "RoleArn must be specified when testing a Task state",
    );
    check(
        TestState {
            state_name: Some("B".to_owned()),
            ..of(&json!({ "StartAt": "A", "States": { "A": pass } }), &json!({}))
        },
        "State not found in definition",
    );
    refuses(
        TestState { input: Some("{".to_owned()), ..of(&pass, &json!({})) },
        "InvalidExecutionInput",
        "Invalid State Machine Execution Input: 'EOF while parsing an object at line 1 column 1'",
    );
    refuses(
        of(&json!({ "Type": "Pass" }), &json!({})),
        "InvalidDefinition",
        "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: There should be one of the following fields: [Next, End] at /States/StateName'",
    );
    refuses(
        of(&json!({ "StartAt": "A", "States": { "A": pass } }), &json!({})),
        "InvalidDefinition",
        "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [Type] at /States/StateName' \
         (the definition is a State Machine: give the stateName to be tested)",
    );
    refuses(
        TestState { definition: "[]".to_owned(), ..TestState::default() },
        "InvalidDefinition",
        "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object'",
    );
}
