//! What Paths, Intrinsic Functions and Reference Paths answer, as tables.
//! Separate because the tables are longer than the code they are about.

use std::sync::Arc;

use sfn_asl::Value;
use sfn_jsonata::Bindings;

use super::{ReferencePath, template};
use crate::Timestamp;
use crate::core::Random;
use crate::query::Scope;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn scope(input: &str) -> Scope {
    let variables = Bindings::from_iter([("name", json(r#"{"first": "Ada"}"#))]);
    let context = json(r#"{"Execution": {"Input": {"a": 1}}}"#);
    Scope::jsonpath(&Arc::new(variables), json(input), context, Timestamp::default(), Random::seeded(1))
}

/// What `{"value.$": text}` becomes, or the message of its failure.
fn answer(text: &str, input: &str) -> String {
    let payload: Value = [("value.$", Value::from(text))].into_iter().collect();
    let template = template(&payload, "Parameters").unwrap_or_else(|fault| panic!("{text}: {fault:?}"));
    match template.evaluate(&scope(input)) {
        Ok(value) => value.get("value").map(ToString::to_string).unwrap_or_default(),
        Err(fault) => format!("{}: {}", fault.error, fault.message),
    }
}

fn check(cases: &[(&str, &str, &str)]) {
    for (text, input, expected) in cases {
        assert_eq!(answer(text, input), *expected, "{text} on {input}");
    }
}

#[test]
fn paths_have_the_services_roots_and_the_services_misses() {
    check(&[
        ("$", "[1]", "[1]"),
        ("$$.Execution.Input", "{}", r#"{"a":1}"#),
        ("$name.first", "{}", r#""Ada""#),
        ("$.a['b'][-1]", r#"{"a": {"b": [1, 2]}}"#, "2"),
        ("$.a[5]", r#"{"a": [1]}"#, "null"),
        ("$.a[*].b", "{}", "[]"),
        ("$..b", "7", "[]"),
        (
            "$.a",
            r#"{"b": 1}"#,
            r#"States.Runtime: The JSONPath '$.a' specified for the field 'value.$' could not be found in the input '{"b":1}'"#,
        ),
        (
            "$other",
            "{}",
            "States.Runtime: The JSONPath '$other' specified for the field 'value.$' could not be found in the input '{}'",
        ),
    ]);
}

#[test]
fn intrinsic_functions_answer_as_the_service_does() {
    check(&[
        ("States.Array()", "{}", "[]"),
        ("States.Array(1, 'a', null, $.x)", r#"{"x": {}}"#, r#"[1,"a",null,{}]"#),
        ("States.ArrayPartition($, 2.9)", "[1, 2, 3]", "[[1,2],[3]]"),
        ("States.ArrayContains($, 2)", "[1, 2]", "true"),
        ("States.ArrayContains($, true)", r#"["true"]"#, "true"),
        ("States.ArrayContains($, false)", "[0]", "false"),
        ("States.ArrayRange(1, 9, 2)", "{}", "[1,3,5,7,9]"),
        ("States.ArrayRange(5, 1, -2)", "{}", "[5,3,1]"),
        ("States.ArrayRange(1, 5, -1)", "{}", "[]"),
        ("States.ArrayRange(5.4, -0.6, -2.4)", "{}", "[5,3,1]"),
        ("States.ArrayGetItem($, 1.2)", "[10, 20]", "20"),
        ("States.ArrayGetItem($, 9)", "[]", "null"),
        ("States.ArrayLength($)", "[1, [2, 3]]", "2"),
        ("States.ArrayUnique($)", "[1, 2, 1, 3, 2, 4]", "[1,2,3,4]"),
        ("States.ArrayUnique($)", "[true, false, true]", "[false,true]"),
        ("States.ArrayUnique($)", "[[1, 2], [1, 2], [2, 1]]", "[[2,1],[1,2]]"),
        (
            "States.ArrayUnique($)",
            r#"[null, 1, "1", "01", {"a": 1, "b": 2}, {"b": 2, "a": 1}]"#,
            r#"[null,{"a":1,"b":2},1,"1","01"]"#,
        ),
        ("States.Base64Encode('✓')", "{}", r#""4pyT""#),
        ("States.Base64Decode('ab==cd')", "{}", r#""i""#),
        ("States.Base64Decode(' YWJjZA ')", "{}", r#""abcd""#),
        ("States.Hash('hello', 'MD5')", "{}", r#""5d41402abc4b2a76b9719d911017c592""#),
        (
            "States.JsonMerge($.a, $.b, 'deep')",
            r#"{"a": {"x": {"y": 1}, "z": 1}, "b": {"x": {}}}"#,
            r#"{"x":{},"z":1}"#,
        ),
        ("States.StringToJson('[1]')", "{}", "[1]"),
        ("States.StringToJson('')", "{}", "null"),
        ("States.JsonToString($)", r#"{"a": [1.5, null]}"#, r#""{\"a\":[1.5,null]}""#),
        ("States.MathAdd(1.49, -1.5)", "{}", "0"),
        ("States.MathRandom(1, 2)", "{}", "1"),
        ("States.StringSplit($, '.+,')", r#""1+2,,3.4""#, r#"["1","2","3","4"]"#),
        ("States.StringSplit($, '')", r#""abc""#, r#"["abc"]"#),
        (
            r"States.Format('\{{}\} it\'s {}', $.a, $.b)",
            r#"{"a": null, "b": [1, "x"]}"#,
            r#""{null} it's [1,\"x\"]""#,
        ),
        ("States.Format($.template, States.MathAdd(1, 2))", r#"{"template": "n={}"}"#, r#""n=3""#),
    ]);
    let uuid = answer("States.UUID()", "{}");
    assert!(
        uuid.len() == 38 && uuid.as_bytes()[15] == b'4' && b"89ab".contains(&uuid.as_bytes()[20]),
        "{uuid}"
    );
    let seeded = "States.MathRandom(0, 1000000, 7)";
    assert_eq!(answer(seeded, "{}"), answer(seeded, "[]"));
}

#[test]
fn failing_intrinsic_functions_name_the_whole_call() {
    let invalid = |call: &str, function: &str| {
        format!(
            "States.Runtime: The function '{call}' had the following error: Invalid arguments in {function}"
        )
    };
    for (call, function) in [
        ("States.MathAdd('1', 2)", "States.MathAdd"),
        ("States.MathAdd(2147483647, 1)", "States.MathAdd"),
        ("States.MathAdd(1)", "States.MathAdd"),
        ("States.Array(States.ArrayLength('x'))", "States.ArrayLength"),
        ("States.ArrayRange(1, 1001, 1)", "States.ArrayRange"),
        ("States.ArrayRange(1, 10, 0.49)", "States.ArrayRange"),
        ("States.ArrayPartition(States.Array(1), 0.6)", "States.ArrayPartition"),
        ("States.ArrayGetItem(States.Array(1), -1)", "States.ArrayGetItem"),
        ("States.MathRandom(1.4, 1.6)", "States.MathRandom"),
        ("States.Hash('a', 'md5')", "States.Hash"),
        ("States.StringToJson('{')", "States.StringToJson"),
    ] {
        assert_eq!(answer(call, "{}"), invalid(call, function));
    }
    check(&[
        (
            "States.Array(States.Format('{}', $.items[5]))",
            r#"{"items":[1]}"#,
            "States.Runtime: The function 'States.Array(States.Format('{}', $.items[5]))' had the following error: The JsonPath argument for the field '$.items[5]' could not be found in the input '{\"items\":[1]}'",
        ),
        (
            "States.Format('{} {}', 1)",
            "{}",
            "States.Runtime: The function 'States.Format('{} {}', 1)' had the following error: Invalid arguments in States.Format: number of arguments do not match the occurrences of {}.",
        ),
        (
            "States.Format('}')",
            "{}",
            "States.Runtime: The function 'States.Format('}')' had the following error: Invalid template in States.Format: matching '{' not found for '}'.",
        ),
    ]);
}

#[test]
fn results_are_put_where_they_belong_and_the_way_there_is_made() {
    let put = |path: &str, into: &str| {
        let path = ReferencePath::new(path, "ResultPath").unwrap_or_else(|fault| panic!("{fault:?}"));
        path.put(&json(into), json("7")).map(|value| value.to_string()).map_err(|fault| fault.error)
    };
    let cases = [
        ("$", "{}", Ok("7")),
        ("$.a", "{}", Ok(r#"{"a":7}"#)),
        ("$.a.b", r#"{"x": 1}"#, Ok(r#"{"x":1,"a":{"b":7}}"#)),
        ("$.a[1]", r#"{"a": [1, 2]}"#, Ok(r#"{"a":[1,7]}"#)),
        ("$['a b'].c", r#"{"a b": {"d": 1}}"#, Ok(r#"{"a b":{"d":1,"c":7}}"#)),
        ("$.a.b", r#"{"a": 1}"#, Err("States.ResultPathMatchFailure")),
        ("$.a[2]", r#"{"a": [1, 2]}"#, Err("States.ResultPathMatchFailure")),
        ("$.a", "[]", Err("States.ResultPathMatchFailure")),
    ];
    for (path, into, expected) in cases {
        assert_eq!(put(path, into).as_deref().map_err(|error| *error), expected, "{path} into {into}");
    }
    assert!(ReferencePath::new("$$.a", "ResultPath").is_err());
}
