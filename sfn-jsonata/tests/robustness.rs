//! Proves that no expression panics, hangs or exhausts a stack of 2 MiB.
//! Separate from the tests of answers because here only coming back counts.

use std::time::Duration;

use sfn_jsonata::{Bindings, Environment, Expression, Limits, Value};

/// Fragments that mutations insert: one of everything the grammar knows, and values at the edges.
const FRAGMENTS: [&str; 62] = [
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "<",
    ">",
    "\"",
    "'",
    "`",
    "/",
    "\\",
    "$",
    "$$",
    "%",
    "%.%",
    "@$v",
    "#$i",
    "^(",
    "~>",
    ":=",
    "..",
    "**",
    "*",
    "?",
    ":",
    ";",
    ",",
    ".",
    "|",
    "!",
    "&",
    "and",
    "or",
    "in",
    "=",
    "!=",
    "[]",
    "[0]",
    "[-1]",
    "[[0..1]]",
    "null",
    "true",
    "-",
    "0",
    "1e308",
    "1e-308",
    "5%0",
    "-1/0",
    "\"λ😀\"",
    "\"\\uD800\"",
    "λ($x){",
    "function($a, $b)<sn?:s>{",
    "/(a|b)*c/i",
    "$f(?)",
    "$map(",
    "$reduce(",
    "$formatNumber(",
    "$fromMillis(",
    "$pad(",
    "[λY0001,*-4]",
];

/// Expressions that touch every part of the language; mutations start here.
const SEEDS: &str = include_str!("seeds.txt");

const DOCUMENT: &str = r#"{"a": 1, "b": [1, [2, 3], {"c": "x"}], "s": "héllo 😀 world", "n": null, "o": {"p": {"q": [true, false]}},
    "items": [{"sku": "x", "price": 10.5, "tags": ["t"]}, {"sku": "y", "price": 3, "tags": []}]}"#;

/// SplitMix64, so that every run makes the same expressions.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let bits = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % (bound.max(1) as u64)).unwrap_or(0)
    }

    fn mutate(&mut self, seeds: &[&str]) -> String {
        let mut text: Vec<char> = seeds[self.below(seeds.len())].chars().collect();
        for _ in 0..=self.below(4) {
            let at = self.below(text.len() + 1);
            let end = (at + 1 + self.below(8)).min(text.len());
            match self.below(5) {
                0 => drop(text.drain(at.min(end)..end)),
                1 => drop(text.splice(at..at, FRAGMENTS[self.below(FRAGMENTS.len())].chars())),
                2 => {
                    let copy = text[at.min(end)..end].to_vec();
                    text.splice(at..at, copy);
                }
                3 => {
                    let other: Vec<char> = seeds[self.below(seeds.len())].chars().collect();
                    let from = self.below(other.len());
                    text.splice(at.min(end)..end, other[from..].iter().copied());
                }
                _ => text
                    .splice(at..at, char::from_u32(u32::try_from(self.below(0x3000)).unwrap_or(0)))
                    .for_each(drop),
            }
        }
        text.into_iter().collect()
    }
}

/// Evaluates on a stack of 2 MiB; whatever the answer is, there must be one, and soon.
fn survive(expressions: Vec<String>) {
    let document: Value = serde_json::from_str(DOCUMENT).expect("the document is JSON");
    let (sender, receiver) = std::sync::mpsc::channel();
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(move || {
        for expression in expressions {
            if sender.send(Some(expression.clone())).is_err() {
                return;
            }
            evaluate(&expression, &document);
        }
        let _ = sender.send(None);
    });
    let thread = thread.expect("a thread can be started");
    let mut current = String::new();
    loop {
        match receiver.recv_timeout(Duration::from_mins(1)) {
            Ok(Some(next)) => current = next,
            Ok(None) => break,
            Err(problem) => panic!("{problem}: `{current}`"),
        }
    }
    assert!(thread.join().is_ok(), "panicked: `{current}`");
}

fn evaluate(expression: &str, document: &Value) {
    let Ok(parsed) = expression.parse::<Expression>() else { return };
    let limits = Limits { steps: 30_000, string: 1 << 20, sequence: 100_000, ..Limits::default() };
    let environment = Environment { limits, ..Environment::default() };
    // What comes back must survive being written, compared and dropped as well.
    if let Ok(Some(value)) = parsed.evaluate(document, &Bindings::new(), &environment) {
        let text = value.to_string();
        assert!(value == value.clone() || text.contains("NaN"));
    }
    assert!(parsed.references().len() <= expression.len());
}

#[test]
fn mutated_expressions_come_back() {
    let seeds: Vec<&str> = SEEDS.lines().filter(|line| !line.is_empty()).collect();
    let mut random = Random(1);
    survive((0..6_000).map(|_| random.mutate(&seeds)).collect());
}

#[test]
fn deep_nesting_comes_back() {
    let nested = |open: &str, inner: &str, close: &str| {
        [100, 300, 5_000, 100_000]
            .map(|depth| format!("{}{inner}{}", open.repeat(depth), close.repeat(depth)))
    };
    let expressions = [
        nested("(", "1", ")"),
        nested("[", "1", "]"),
        nested("-", "a", ""),
        nested("{\"a\":", "1", "}"),
        nested("a.", "a", ""),
        nested("a[", "0", "]"),
        nested("", "a", "[0]"),
        nested("", "a", "^(b)"),
        nested("1+", "1", ""),
        nested("", "1", "&1"),
        nested("a?", "1", ""),
        nested("a?1:", "1", ""),
        nested("$x:=", "1", ""),
        nested("function(){", "1", "}"),
        nested("function(){", "1", "}()"),
        nested("$string(", "1", ")"),
        nested("", "a", "()"),
        nested("", "a", "~>$string"),
        nested("|", "a", "|a|"),
        nested("/(", "a", ")/"),
        nested("a.(", "%", ")"),
        nested("", "a", "@$x.b"),
        nested("/* ", "1", " */"),
    ];
    survive(expressions.into_iter().flatten().collect());
}

#[test]
fn deep_recursion_and_growth_come_back() {
    let expressions = [
        "($f := function($x) { 1 + $f($x) }; $f(1))",
        "($f := function($x) { $f($x) }; $f(1))",
        "($f := function($x) { [$f($x)] }; $f(1))",
        "($f := function($x) { $map([1], function($y) { $f($y) }) }; $f(1))",
        "($f := function($x) { $sort([1, 2], function($l, $r) { $f($l) }) }; $f(1))",
        "($f := function($x) { $x ~> $f }; $f(1))",
        "($f := function($x) { $replace('a', /a/, $f) }; $f(1))",
        "($g := function($x) { a.b{$string($g($x)): 1} }; $g(1))",
        "$reduce([1..20000], function($all, $one) { [$all] })",
        "$reduce([1..20000], function($all, $one) { {'a': $all} })",
        "$reduce([1..20000], function($all, $one) { $append([$all], $one) })",
        "$reduce([1..20000], function($all, $one) { [[[[[[[[$all]]]]]]]] })",
        "$reduce([1..5000], function($f, $one) { $f ~> $string }, $string)(1)",
        "$reduce([1..5000], function($f, $one) { $f(?) }, $string)(1)",
        "$reduce([1..5000], function($f, $one) { function($x) { $f($x) } }, $string)(1)",
        "$reduce([1..100], function($all, $one) { $all & $all }, 'ab')",
        "$reduce([1..100], function($all, $one) { $append($all, $all) }, [1, 2])",
        "$reduce([1..100], function($all, $one) { [$all, $all] }, [1])",
        "$reduce([1..100], function($all, $one) { $zip($all, $all) }, [1])",
        "$reduce([1..100], function($all, $one) { $join([$all, $all], $all) }, 'ab')",
        "$reduce([1..100], function($all, $one) { $replace($all, 'a', $all) }, 'aa')",
        "$pad('a', 79999999999)",
        "$pad('a', -79999999999, 'xyz')",
        "[1..10000000].[1..10000000].[1..10000000]",
        "$formatInteger(5%0, 'w')",
        "$formatInteger(1/0, 'w')",
        "$formatInteger(1e308, 'w')",
        "$formatInteger(1e308, 'I')",
        "$formatInteger(1e308, 'A')",
        "$formatInteger(1e308, '#,##0')",
        "$formatBase(1e308, 2)",
        "$formatNumber(1e308, '#,##0.00')",
        "$formatNumber(5e-324, '0.0e0')",
        "$formatNumber(0, '0.0e0')",
        "$formatNumber(-1, '0.0e0')",
        "$formatNumber(1, '#.#################################################################')",
        "$round(1e308, 308)",
        "$round(1.5, -1e308)",
        "$fromMillis(1e300)",
        "$fromMillis(1, '[λY]')",
        "$fromMillis(1, '[Y,99999999999-99999999999]')",
        "$fromMillis(1, '[Y0001', '-99999999')",
        "$toMillis('1', '[Y,1-99999999]')",
        "$parseInteger('１２３-４０', '###０')",
        "$parseInteger('', '[,*-4]')",
        "$range(0, 1e308, 1e-300)",
        "$partition([1], 1e308)",
        "$substring('😀', -1e308, 1e308)",
        "(|$|{'a': $}|)($)",
        "($ ~> |**|{'self': $$}|) ~> $string",
    ];
    survive(expressions.map(str::to_owned).into());
}

/// What a definition may say, within the second that the service gives an expression: here it is bounded by steps.
#[test]
fn hostile_expressions_end_with_an_error_that_names_the_bound() {
    let long = "a".repeat(60);
    let hostile = [
        format!("$match('{long}!', /(a+)+$/)"),
        format!("$contains('{long}', /^(a|a)*b/)"),
        format!("$replace('{long}', /(a*)*b/, '')"),
        format!("$split('{long}', /(?:a|aa)+$(?=b)/)"),
        "$range(1, 1e12, 1)".to_owned(),
        "[1..1e12]".to_owned(),
        "$pad('a', 1e12)".to_owned(),
        "($f := function($x) { 1 + $f($x) }; $f(1))".to_owned(),
        "($f := function() { $f() }; $f())".to_owned(),
        "$reduce([1..100], function($all, $one) { $all & $all }, 'ab')".to_owned(),
        // Few steps, each of which walks through much.
        "($a := $pad('', 500000, 'ab'); [1..1000].($uppercase($a); 1))".to_owned(),
        "($a := $pad('', 500000, 'ab'); [1..1000].($contains($a, 'c'); 1))".to_owned(),
        "($a := [1..200000]; [1..1000].($reverse($a); 1))".to_owned(),
        "($a := [1..200000]; [1..1000].($sum($a); 1))".to_owned(),
        "($a := [1..200000]; [1..1000].($string($a); 1))".to_owned(),
        "($a := [1..200000]; [1..1000].($sort($a); 1))".to_owned(),
        "($a := [1..200000]; [1..1000].($a^($); 1))".to_owned(),
        "($a := [1..200000]; [1..1000].(0 in $a))".to_owned(),
        "($a := [1..200000]; $b := [1..200000]; [1..1000].($a = $b))".to_owned(),
        "($a := {'a': [1..200000]}; [1..1000].($a ~> |$|{'b': 1}|; 1))".to_owned(),
    ];
    let environment =
        Environment { limits: Limits { steps: 100_000, ..Limits::default() }, ..Environment::default() };
    for source in hostile {
        let expression: Expression = source.parse().expect("it is an expression");
        let error = expression
            .evaluate(&Value::Null, &Bindings::new(), &environment)
            .expect_err("it never comes to an end");
        assert!(["U1001", "D2014"].contains(&error.code), "`{source}`: {error}");
    }
}
