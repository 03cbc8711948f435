//! The page of methods, `docs/methods.md`: what each method of a workflow's values becomes in JSONata.
//!
//! Separate from the corpus because each row is one expression, shown to readers and held against Rust on values of its own.

#![expect(unreachable_pub, dead_code, reason = "each row is a workflow of its own")]
#![expect(clippy::all, clippy::pedantic, reason = "the rows say things as they are documented")]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use serde_json::{Value, json};
use sfn::local::Local;
use sfn::{Definition, Timestamp};
use sfn_tests::{BLESS, workspace_root};

/// One method: the Rust expression, the workflow that gives its value, inputs, and what Rust makes of them.
struct Row {
    subject: &'static str,
    rust: &'static str,
    definition: fn() -> Definition,
    cases: Vec<(Value, Value)>,
}

macro_rules! rows {
    ($($table:ident $title:literal $subject:ident: $input:ty {
        $($name:ident: $rust:expr => $output:ty, [$($value:expr),+];)+
    })+) => {
        $(mod $table {
            $(pub mod $name {
                #[allow(unused_imports, reason = "some rows name types")]
                use std::collections::BTreeMap;
                use sfn::prelude::*;

                #[workflow]
                pub async fn row($subject: $input) -> Result<$output, Failed> {
                    Ok($rust)
                }

                pub fn native($subject: $input) -> $output {
                    $rust
                }
            })+
        })+

        fn tables() -> Vec<(&'static str, Vec<Row>)> {
            vec![$(($title, vec![$(Row {
                subject: stringify!($subject),
                rust: stringify!($rust),
                definition: $table::$name::row::definition,
                cases: vec![$({
                    let value: $input = $value;
                    (json!(value.clone()), json!($table::$name::native(value)))
                }),+],
            }),+])),+]
        }
    };
}

rows! {
    texts "Texts" text: String {
        len: text.len() as u32 => u32, ["".to_string(), "é€😀".to_string(), "a b%".to_string()];
        char_count: text.chars().count() as u32 => u32, ["".to_string(), "é😀".to_string()];
        is_empty: text.is_empty() => bool, ["".to_string(), "a".to_string()];
        contains: text.contains("b") => bool, ["".to_string(), "abc".to_string()];
        starts_with: text.starts_with("é😀") => bool, ["é😀x".to_string(), "é".to_string()];
        ends_with: text.ends_with("😀") => bool, ["é😀".to_string(), "😀é".to_string(), "".to_string()];
        trim: text.trim().to_string() => String, ["  a \t b\u{3000}".to_string(), "\u{feff}a".to_string(), " ".to_string()];
        trim_start: text.trim_start().to_string() => String, [" a ".to_string()];
        trim_end: text.trim_end().to_string() => String, [" a ".to_string()];
        to_uppercase: text.to_uppercase() => String, ["straße".to_string()];
        to_lowercase: text.to_lowercase() => String, ["ÀB".to_string()];
        replace: text.replace("a", "$1") => String, ["banana".to_string(), "".to_string()];
        repeat: text.repeat(3) => String, ["ab".to_string(), "".to_string()];
        split: text.split(",").map(|part| part.to_string()).collect::<Vec<_>>() => Vec<String>, ["a,b".to_string(), "".to_string(), ",".to_string()];
        split_once: text.split_once(",").map(|(key, rest)| format!("{rest}{key}")) => Option<String>, ["a,b,c".to_string(), "a".to_string()];
        strip_prefix: text.strip_prefix("ab").map(|rest| rest.to_string()) => Option<String>, ["abc".to_string(), "b".to_string()];
        strip_suffix: text.strip_suffix("😀").map(|rest| rest.to_string()) => Option<String>, ["a😀".to_string(), "b".to_string()];
        parse: text.parse::<u8>().ok() => Option<u8>, ["007".to_string(), "256".to_string(), "+1".to_string(), "-1".to_string(), "1.5".to_string(), "".to_string()];
        parse_signed: text.parse::<i32>().unwrap_or(-1) => i32, ["-0".to_string(), "-2147483648".to_string(), "2147483648".to_string(), "x".to_string()];
        less: text.as_str() < "b" => bool, ["a".to_string(), "b".to_string(), "é".to_string()];
        padded: format!("[{text:>4}]") => String, ["é".to_string(), "abcde".to_string()];
    }
    integers "Integers" n: (i32, u32) {
        div: n.0 / 7 => i32, [(-15, 0), (15, 0)];
        div_unsigned: n.1 / 7 => u32, [(0, 15)];
        rem: n.0 % 7 => i32, [(-15, 0), (15, 0)];
        rem_euclid: n.0.rem_euclid(7) => i32, [(-15, 0), (15, 0)];
        div_euclid: n.0.div_euclid(7) => i32, [(-15, 0), (15, 0)];
        pow: n.0.pow(3) => i32, [(-15, 0)];
        abs: n.0.abs() => i32, [(-15, 0)];
        unsigned_abs: n.0.unsigned_abs() => u32, [(i32::MIN, 0)];
        abs_diff: n.1.abs_diff(9) => u32, [(0, 4), (0, 12)];
        signum: n.0.signum() => i32, [(-3, 0), (0, 0), (8, 0)];
        min: n.0.min(3) => i32, [(2, 0), (4, 0)];
        max: n.0.max(3) => i32, [(2, 0), (4, 0)];
        clamp: n.0.clamp(-2, 2) => i32, [(-9, 0), (1, 0), (9, 0)];
        is_positive: n.0.is_positive() => bool, [(0, 0), (1, 0)];
        checked_add: n.1.checked_add(1) => Option<u32>, [(0, u32::MAX), (0, 1)];
        checked_sub: n.1.checked_sub(5) => Option<u32>, [(0, 4), (0, 5)];
        checked_mul: n.1.checked_mul(n.1) => Option<u32>, [(0, u32::MAX), (0, 65_535), (0, 65_536)];
        checked_div: 100_u32.checked_div(n.1) => Option<u32>, [(0, 0), (0, 7)];
        saturating_add: n.1.saturating_add(1) => u32, [(0, u32::MAX), (0, 1)];
        saturating_sub: n.0.saturating_sub(1) => i32, [(i32::MIN, 0), (1, 0)];
        saturating_mul: n.1.saturating_mul(n.1) => u32, [(0, u32::MAX), (0, 3)];
        as_u8: n.0 as u8 => u8, [(-1, 0), (300, 0)];
        as_i8: n.1 as i8 => i8, [(0, 200), (0, 127), (0, 256)];
        as_i32: n.1 as i32 => i32, [(0, u32::MAX), (0, 7)];
        as_f64: n.1 as f64 => f64, [(0, 7)];
        to_string: n.0.to_string() => String, [(-7, 0)];
        zeros: format!("{:04}", n.1) => String, [(0, 7), (0, 12_345)];
    }
    floats "Floats" x: f64 {
        floor: x.floor() => f64, [-1.5, 1.5];
        ceil: x.ceil() => f64, [-1.5, 1.5];
        trunc: x.trunc() => f64, [-1.5, 1.5];
        round: x.round() => f64, [-2.5, 2.5, 0.499_999_999_999_999_94, 1e15];
        sqrt: x.sqrt() => f64, [2.0];
        as_u8: x as u8 => u8, [-1.5, 255.9, 1e9];
        as_i32: x as i32 => i32, [-1.5, -1e18, 2.9];
    }
    moments "Moments" moment: Timestamp {
        plus_secs: moment.plus_secs(90) => Timestamp, [Timestamp::from_millis(1_769_903_940_000), Timestamp::from_millis(-1)];
        secs_since: moment.secs_since(&moment.plus_secs(0)) => u32, [Timestamp::from_millis(1_769_860_800_500)];
        secs_after: moment.plus_secs(61).secs_since(&moment) => u32, [Timestamp::from_millis(1_769_860_800_500)];
        secs_before: moment.secs_since(&moment.plus_secs(61)) => u32, [Timestamp::from_millis(1_769_860_800_500)];
        equal: moment == moment.plus_secs(0) => bool, [Timestamp::from_millis(1_769_860_800_000)];
        less: moment < moment.plus_secs(1) => bool, [Timestamp::from_millis(1_769_860_800_000)];
        to_string: moment.to_string() => String, [Timestamp::from_millis(1_769_860_800_500)];
    }
    options "Options" held: Option<u32> {
        is_some: held.is_some() => bool, [None, Some(0)];
        is_none: held.is_none() => bool, [None, Some(0)];
        unwrap_or: held.unwrap_or(7) => u32, [None, Some(0)];
        unwrap_or_default: held.unwrap_or_default() => u32, [None, Some(1)];
        unwrap_or_else: held.unwrap_or_else(|| 3 * 4) => u32, [None, Some(0)];
        map: held.map(|n| n + 1) => Option<u32>, [None, Some(0)];
        map_or: held.map_or(1, |n| n + 1) => u32, [None, Some(5)];
        and_then: held.and_then(|n| n.checked_sub(3)) => Option<u32>, [None, Some(2), Some(5)];
        filter: held.filter(|n| *n > 3) => Option<u32>, [None, Some(2), Some(5)];
        is_some_and: held.is_some_and(|n| n > 3) => bool, [None, Some(2), Some(5)];
        is_none_or: held.is_none_or(|n| n > 3) => bool, [None, Some(2), Some(5)];
        or: held.or(Some(9)) => Option<u32>, [None, Some(2)];
        then_some: (held == Some(2)).then_some(8) => Option<i32>, [None, Some(2)];
    }
    lists "Lists and iterators" list: Vec<u32> {
        len: list.len() as u32 => u32, [vec![], vec![4]];
        is_empty: list.is_empty() => bool, [vec![], vec![4]];
        contains: list.contains(&4) => bool, [vec![], vec![4], vec![1, 4]];
        first: list.first().copied() => Option<u32>, [vec![], vec![4]];
        last: list.last().copied() => Option<u32>, [vec![], vec![1, 4]];
        get: list.get(1).copied() => Option<u32>, [vec![1], vec![1, 4]];
        index: list[0] => u32, [vec![3], vec![1, 2]];
        map: list.iter().map(|n| n * 2).collect::<Vec<_>>() => Vec<u32>, [vec![], vec![4], vec![1, 2]];
        filter: list.iter().filter(|n| **n > 1).copied().collect::<Vec<_>>() => Vec<u32>, [vec![], vec![4], vec![1, 2]];
        filter_map: list.iter().filter_map(|n| n.checked_sub(2)).collect::<Vec<_>>() => Vec<u32>, [vec![1], vec![4, 1]];
        flat_map: list.iter().flat_map(|n| vec![*n, n + 1]).collect::<Vec<_>>() => Vec<u32>, [vec![], vec![4]];
        enumerate: list.iter().enumerate().map(|(at, n)| at as u32 * n).collect::<Vec<_>>() => Vec<u32>, [vec![5, 6, 7]];
        zip: list.iter().zip(list.iter().skip(1)).map(|(one, two)| two - one).collect::<Vec<_>>() => Vec<u32>, [vec![1], vec![1, 4, 9]];
        chain: list.iter().chain(vec![9].iter()).copied().collect::<Vec<_>>() => Vec<u32>, [vec![], vec![1]];
        rev: list.iter().rev().copied().collect::<Vec<_>>() => Vec<u32>, [vec![1], vec![1, 2]];
        take: list.iter().take(1).copied().collect::<Vec<_>>() => Vec<u32>, [vec![], vec![1, 2]];
        skip: list.iter().skip(1).copied().collect::<Vec<_>>() => Vec<u32>, [vec![1], vec![1, 2]];
        step_by: list.iter().step_by(2).copied().collect::<Vec<_>>() => Vec<u32>, [vec![1, 2, 3]];
        partition: list.iter().copied().partition::<Vec<_>, _>(|n| *n > 1) => (Vec<u32>, Vec<u32>), [vec![1], vec![1, 2]];
        any: list.iter().any(|n| *n > 1) => bool, [vec![], vec![2]];
        all: list.iter().all(|n| *n > 1) => bool, [vec![], vec![1]];
        find: list.iter().find(|n| **n > 1).copied() => Option<u32>, [vec![1], vec![2, 3]];
        find_map: list.iter().find_map(|n| n.checked_sub(3)) => Option<u32>, [vec![1], vec![2, 5]];
        position: list.iter().position(|n| *n > 1).map(|at| at as u32) => Option<u32>, [vec![1], vec![1, 3]];
        fold: list.iter().fold(1_u32, |all, n| all * 2 + n) => u32, [vec![], vec![1, 3]];
        sum: list.iter().sum::<u32>() => u32, [vec![], vec![1, 3]];
        product: list.iter().product::<u32>() => u32, [vec![], vec![2, 3]];
        count: list.iter().filter(|n| **n > 1).count() as u32 => u32, [vec![], vec![2]];
        min: list.iter().min().copied() => Option<u32>, [vec![], vec![2, 1]];
        max: list.iter().max().copied() => Option<u32>, [vec![], vec![2, 1]];
        max_by_key: list.iter().max_by_key(|n| **n % 3).copied() => Option<u32>, [vec![], vec![2, 1, 5]];
        min_by_key: list.iter().min_by_key(|n| **n % 3).copied() => Option<u32>, [vec![], vec![4, 1, 5]];
        join: list.iter().map(|n| n.to_string()).collect::<Vec<_>>().join("-") => String, [vec![], vec![1], vec![1, 2]];
        text: list.iter().map(|n| format!("{n};")).collect::<String>() => String, [vec![], vec![1, 2]];
        map_of: list.iter().map(|n| (n.to_string(), n + 1)).collect::<BTreeMap<_, _>>() => BTreeMap<String, u32>, [vec![], vec![1, 2]];
        flatten: vec![list.clone(), list].into_iter().flatten().collect::<Vec<_>>() => Vec<u32>, [vec![], vec![1]];
    }
    maps "Maps" map: BTreeMap<String, u32> {
        get: map.get("a").copied() => Option<u32>, [BTreeMap::new(), BTreeMap::from([("a".to_string(), 1)])];
        index: map["a"] => u32, [BTreeMap::from([("a".to_string(), 1)])];
        contains_key: map.contains_key("a") => bool, [BTreeMap::new(), BTreeMap::from([("a".to_string(), 1)])];
        len: map.len() as u32 => u32, [BTreeMap::new(), BTreeMap::from([("a".to_string(), 1)])];
        keys: map.keys().cloned().collect::<Vec<_>>() => Vec<String>, [BTreeMap::new(), BTreeMap::from([("😀".to_string(), 1), ("\u{ffee}".to_string(), 2), ("a".to_string(), 3)])];
        values: map.values().copied().collect::<Vec<_>>() => Vec<u32>, [BTreeMap::new(), BTreeMap::from([("b".to_string(), 1), ("a".to_string(), 2)])];
        iter: map.iter().map(|(key, n)| format!("{key}{n}")).collect::<Vec<_>>() => Vec<String>, [BTreeMap::new(), BTreeMap::from([("b".to_string(), 1), ("a".to_string(), 2)])];
    }
}

#[test]
fn every_method_means_in_jsonata_what_it_means_in_rust() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let mut differences = Vec::new();
    for Row { rust, definition, cases, .. } in tables().into_iter().flat_map(|(_, rows)| rows) {
        for (input, natively) in cases {
            let finished =
                runtime.block_on(Local::new(definition()).run(input.clone())).expect("a workflow runs");
            let same = finished.result.as_ref().is_ok_and(|output| same(output, &natively));
            if !same {
                differences
                    .push(format!("{rust}\n  of {input}\n  is {natively}, and not {:?}", finished.result));
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// Numbers are what they are worth: `3.0` is `3` on the wire.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        _ => one == other,
    }
}

#[test]
fn the_page_of_methods_is_current() {
    let path = workspace_root().join("docs/methods.md");
    let current = page();
    if std::env::var_os(BLESS).is_some() {
        fs::write(&path, &current).expect("the page can be written");
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == current, "docs/methods.md is not what the methods become: run `cargo bless`");
}

fn page() -> String {
    let mut page = "# Methods, and what they become\n\n\
         What a workflow may ask of its values, and the JSONata that gives what Rust gives. The forms are longer than \
         one would write by hand where the short one would differ: for lists of none and of one, bytes and letters, \
         halves, ranges.\n\n\
         Generated by `cargo bless` from `tests/tests/methods_page.rs`, which holds each row against Rust.\n"
        .to_owned();
    for (title, rows) in tables() {
        let _ = write!(page, "\n## {title}\n\n| Rust | JSONata |\n|---|---|\n");
        for row in rows {
            let cell =
                |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|");
            let _ = writeln!(page, "| `{}` | `{}` |", cell(row.rust.to_owned()), cell(jsonata(&row)));
        }
    }
    page
}

/// The expression that a row's machine consists of.
fn jsonata(row: &Row) -> String {
    let lowered = (row.definition)().lower().unwrap_or_else(|faults| panic!("{}: {faults:#?}", row.rust));
    let machine: Value = serde_json::from_str(&lowered.machine.to_json_pretty()).expect("JSON");
    let state = machine["States"].as_object().and_then(|states| states.values().next()).expect("a state");
    let written = match &state["Output"] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let bare = written.replace("\"{% ", "").replace(" %}\"", "").replace("{% ", "").replace(" %}", "");
    bare.replace("$states.input", &format!("${}", row.subject))
}
