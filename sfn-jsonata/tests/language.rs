//! The language and its library, case by case, and what Step Functions adds to them.
//! Separate from the recorded suites because these cases are part of the project.

use serde::Deserialize;
use sfn_jsonata::{Bindings, Environment, EvaluateError, Expression, Reference, ReferenceKind, Value};

/// Answers checked against the reference implementation at 2.0.6.
const CASES: &str = include_str!("language.jsonl");

#[derive(Deserialize)]
struct Case {
    expr: String,
    value: Option<Value>,
    #[serde(default)]
    undefined: bool,
    code: Option<String>,
}

fn evaluate(expression: &str) -> Result<Option<Value>, String> {
    let bindings = Bindings::from_iter([("states", states())]);
    let environment = Environment { now_millis: 1_700_000_000_000, random_seed: 1, ..Environment::default() };
    let expression: Expression = expression.parse().map_err(|error: sfn_jsonata::ParseError| error.code)?;
    expression.evaluate(None, &bindings, &environment).map_err(|error| error.code.to_owned())
}

fn states() -> Value {
    serde_json::from_str(
        r#"{"input": {"total": 150, "tags": ["a"], "lines": [{"p": 2}, {"p": 3}]}, "context": {}}"#,
    )
    .expect("the document is JSON")
}

#[test]
fn expressions_answer_as_the_reference() {
    let mut count = 0;
    for line in CASES.lines() {
        let case: Case = serde_json::from_str(line).expect("a line is a case");
        count += 1;
        let actual = evaluate(&case.expr);
        match &case.code {
            Some(code) => assert_eq!(actual.as_ref(), Err(code), "{}", case.expr),
            None if case.undefined => assert_eq!(actual, Ok(None), "{}", case.expr),
            // A value of `null` is read as no value at all.
            None => {
                let expected = case.value.unwrap_or(Value::Null);
                assert_eq!(actual.map(text), Ok(expected.to_string()), "{}", case.expr);
            }
        }
    }
    assert!(count > 500);
}

fn text(value: Option<Value>) -> String {
    value.map_or_else(|| "undefined".to_owned(), |value| value.to_string())
}

/// Checks an expression of the service's dialect; `Err` holds the code.
fn check(expression: &str, expected: Result<&str, &str>) {
    let actual = evaluate(expression).map(text);
    assert_eq!(actual, expected.map(str::to_owned).map_err(str::to_owned), "{expression}");
}

#[test]
fn the_service_adds_functions() {
    let cases = [
        ("$partition([1, 2, 3], 2)", Ok("[[1,2],[3]]")),
        ("$partition([0], 5)", Ok("[[0]]")),
        ("$partition([1], 0)", Err("D3137")),
        ("$range(0, 9, 3)", Ok("[0,3,6,9]")),
        ("$range(3, 0, -1)", Ok("[3,2,1,0]")),
        ("$range(1, 9, 9)", Ok("1")),
        ("$range(1, 9, 0)", Err("D3137")),
        ("$parse(\"-0\")", Ok("0")),
        (r#"$parse("{\"b\": [1], \"a\": null}")"#, Ok(r#"{"b":[1],"a":null}"#)),
        ("$parse(\"{\")", Err("D3137")),
        (r#"$hash("a", "MD5")"#, Ok(r#""0cc175b9c0f1b6a831c399e269772661""#)),
        (r#"$hash("a", "SHA-1")"#, Ok(r#""86f7e437faa5a7fce15d1ddcb9eaeaea377667b8""#)),
        (r#"$substring($hash("a", "SHA-256"), 0, 16)"#, Ok(r#""ca978112ca1bbdca""#)),
        (r#"$length($hash("a", "SHA-384"))"#, Ok("96")),
        (r#"$length($hash("a", "SHA-512"))"#, Ok("128")),
        (r#"$hash("a", "CRC")"#, Err("D3137")),
        ("$random(7) = $random(7)", Ok("true")),
        ("$random() = $random()", Ok("false")),
        ("$random() >= 0 and $random() < 1", Ok("true")),
        (
            "$contains($uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)",
            Ok("true"),
        ),
        ("$uuid() = $uuid()", Ok("false")),
    ];
    for (expression, expected) in cases {
        check(expression, expected);
    }
}

#[test]
fn the_service_leaves_things_out() {
    check("$eval(\"1\")", Err("T1006"));
    for (expression, operator) in [("a ?? b", "??"), ("a ?: b", "?:")] {
        let error = expression.parse::<Expression>().unwrap_err();
        assert_eq!((error.code, &expression[error.span]), ("S0211", operator));
        assert!(error.message.contains("2.0.6"), "{}", error.message);
    }
}

#[test]
fn variables_come_from_the_bindings() {
    let cases = [
        ("$states.input.total > 100", Ok("true")),
        ("$states.input.lines.p", Ok("[2,3]")),
        ("$states.input.lines[p > 2].p", Ok("3")),
        ("$states.input.tags", Ok(r#"["a"]"#)),
        ("[$states.input.tags]", Ok(r#"["a"]"#)),
        ("$states.input.none", Ok("undefined")),
        ("($states := 1; $states)", Ok("1")),
        ("$", Ok("undefined")),
        ("function($x) { $x }", Err(EvaluateError::UNSUPPORTED_RESULT)),
        ("{\"f\": [$sum]}", Err(EvaluateError::UNSUPPORTED_RESULT)),
        ("[{}, {\"a\": 1}].a[true]", Ok("[null,1]")),
        ("1/0", Ok("\"Infinity\"")),
    ];
    for (expression, expected) in cases {
        check(expression, expected);
    }
}

#[test]
fn equal_seeds_give_equal_results() {
    let expression: Expression = "[$random(), $uuid(), $shuffle([1..20])]".parse().unwrap();
    let run = |random_seed| {
        let environment = Environment { random_seed, ..Environment::default() };
        expression.evaluate(None, &Bindings::new(), &environment).unwrap()
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

#[test]
fn errors_point_at_the_guilty_bytes() {
    let at = |source: &str| {
        let error = source.parse::<Expression>().map(|expression| {
            let error = expression.evaluate(None, &Bindings::new(), &Environment::default()).unwrap_err();
            error.span.unwrap_or_default()
        });
        source[error.unwrap_or_else(|error| error.span)].to_owned()
    };
    let cases = [
        ("1 + (2 * \"é\")", "2 * \"é\""),
        ("[1, $sum(\"a\")]", "$sum(\"a\")"),
        ("{\"a\": nope()}", "nope()"),
        ("\"é\" & ! 2", "!"),
        ("(1; 2", ""),
        ("$x := [1, 2", ""),
        ("\"abc\\x\"", "\\x"),
        ("function(a) {1}", "a"),
    ];
    for (source, guilty) in cases {
        assert_eq!(at(source), guilty, "{source}");
    }
}

#[test]
fn references_are_what_an_expression_does_not_bind_itself() {
    let check = |source: &str, expected: &[&str]| {
        let expression: Expression = source.parse().unwrap();
        let describe = |reference: &Reference| {
            let mark = if reference.kind == ReferenceKind::Function { "()" } else { "" };
            let name = [&*reference.name, mark].concat();
            let path = std::iter::once(name.as_str()).chain(reference.fields.iter().map(|field| &**field));
            path.collect::<Vec<_>>().join(".")
        };
        let actual: Vec<String> = expression.references().iter().map(describe).collect();
        assert_eq!(actual, expected, "{source}");
    };
    check("$states.input.total + $count(b)", &["states.input.total", "count()"]);
    check("($x := $y; $x + $z)", &["y", "z"]);
    check("(($x := 1); $x)", &["x"]);
    check("($f := function($n) { $map($n, $f) }; $f(1))", &["map()"]);
    check("function($a) { $a.b + $c }", &["c"]);
    check("a@$v.b[$v.c = $w]", &["w"]);
    check("a#$i[$i = $j]{$k: $i}", &["j", "k"]);
    check("$states.input[x = $y].z", &["states.input", "y"]);
    check("$ ~> |a|{\"b\": $c}|", &["c"]);
    check("$map($xs, $string)", &["map()", "xs", "string()"]);
    check("$$.a & $", &["$.a"]);
}
