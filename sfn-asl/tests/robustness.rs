//! Broken definitions: nothing that stands in a text may stop the reader or the rules.
//! Separate from the fixtures of the rules because here no particular fault is meant.

use std::str::FromStr as _;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use sfn_asl::{Document, Format, Options, StateMachine, rules};

/// Every definition in the rules' examples.
fn definitions() -> impl Iterator<Item = &'static str> {
    rules().iter().flat_map(|rule| {
        rule.valid.iter().copied().chain(rule.invalid.iter().map(|example| example.definition))
    })
}

/// Reads and judges a text; the places of what is found can be looked up in it.
fn check(text: &str) {
    match Document::parse(text, Format::of_text(text)) {
        Ok(document) => {
            for diagnostic in document.lint(&Options::EXPRESS) {
                let bytes = document.highlight(&diagnostic.place);
                assert!(text.get(bytes).is_some(), "{diagnostic} is no part of {text}");
            }
        }
        Err(error) => {
            for fault in error.faults() {
                let bytes = fault.bytes.clone().expect("a fault of a text is in the text");
                assert!(text.get(bytes).is_some(), "{fault} is no part of {text}");
            }
        }
    }
}

#[test]
fn texts_that_break_off_are_refused() {
    for definition in definitions() {
        for (end, _) in definition.char_indices() {
            if definition.starts_with('{') {
                assert!(definition[..end].parse::<StateMachine>().is_err(), "{}", &definition[..end]);
            } else {
                check(&definition[..end]);
            }
        }
    }
}

#[test]
fn yaml_that_nests_without_end_is_an_error_with_a_place() {
    let deep = [
        "[".repeat(10_000),
        "{a: ".repeat(10_000),
        "- ".repeat(10_000),
        (0..5_000).map(|depth| " ".repeat(depth) + "a:\n").collect(),
        "? ".repeat(10_000),
        "!Sub ".repeat(10_000),
    ];
    for text in deep {
        let error = Document::parse(&*text, Format::Yaml).expect_err("it is too deep");
        assert!(error.faults()[0].location.is_some(), "{error}");
    }
}

#[test]
fn large_documents_with_a_fault_in_every_value_are_read_in_time() {
    let states: Vec<_> = (0..30_000).map(|index| format!("\"é{index}\": {index}")).collect();
    let json = format!("{{\"StartAt\": \"é0\", \"States\": {{{}}}}}", states.join(", "));
    for format in [Format::Json, Format::Yaml] {
        let error = Document::parse(&*json, format).expect("it can be read").machine().unwrap_err();
        assert_eq!(error.faults().len(), 30_000);
        assert!(error.to_string().contains("line 1, column 45, `/States/é1`"), "{}", error.faults()[1]);
    }
}

#[test]
fn bytes_that_are_no_text_are_refused_where_they_are() {
    for bytes in [&b"\xff\xfe{\0}\0"[..], b"a: \xe9\n", b"{\"a\": \"\xed\xa0\x80\"}"] {
        for format in [Format::Json, Format::Yaml] {
            let error = Document::parse_bytes(bytes, format).unwrap_err();
            assert!(error.to_string().contains("expected UTF-8"), "{error}");
        }
    }
}

#[test]
fn bytes_that_break_off_within_a_character_or_hold_a_nul_are_refused() {
    for definition in definitions().filter(|definition| definition.starts_with('{')) {
        let name = definition.find('"').expect("a definition has a field") + 1;
        let (before, after) = definition.split_at(name);
        for (middle, expected) in [(&b"\xe2\x82"[..], "0xE2, expected UTF-8"), (b"\0", "a control character")]
        {
            let bytes = [before.as_bytes(), middle, after.as_bytes()].concat();
            let error = Document::parse_bytes(&bytes, Format::Json).expect_err("it is no JSON");
            assert!(error.to_string().contains(expected), "{error}");
            assert_eq!(error.faults()[0].bytes.as_ref().map(|bytes| bytes.start), Some(name));
        }
        let cut = [before.as_bytes(), "é".as_bytes()].concat();
        let error = Document::parse_bytes(&cut[..cut.len() - 1], Format::Json).expect_err("it breaks off");
        assert!(error.to_string().contains("0xC3, expected UTF-8"), "{error}");
    }
}

#[test]
fn aliases_that_stand_for_ever_more_are_refused_where_it_becomes_too_much() {
    let level = |level: usize| {
        let aliases = vec![format!("*a{}", level - 1); 8].join(", ");
        format!("a{level}: &a{level} [{aliases}]\n")
    };
    let levels: Vec<_> = (1..30).map(level).collect();
    let text = format!("a0: &a0 [x, x, x, x, x, x, x, x]\n{}", levels.concat());
    let error = Document::parse(&*text, Format::Yaml).expect_err("it stands for far too much");
    let location = error.faults()[0].location.expect("the fault is in the text");
    assert!((2..30).contains(&location.line), "{error}");
}

#[test]
fn texts_with_one_wrong_character_are_judged() {
    let characters = ['"', '{', '}', '[', ']', ':', ',', '\\', '0', '$', '%', '\u{0}', 'é'];
    for definition in definitions() {
        // Every fifth place, with thirteen characters in turn: over all definitions, each meets each sort of place.
        let places = definition.char_indices().zip(characters.into_iter().cycle());
        for ((start, old), new) in places.step_by(5) {
            let (before, after) = (&definition[..start], &definition[start + old.len_utf8()..]);
            check(&if start % 2 == 0 { format!("{before}{new}{after}") } else { format!("{before}{after}") });
        }
    }
}

#[test]
fn deep_nesting_is_an_error_with_a_place() {
    let nested = r#"{"StartAt": "A", "States": {"A": {"Type": "Parallel", "End": true, "Branches": ["#;
    let error = nested.repeat(10_000).parse::<StateMachine>().unwrap_err();
    assert_eq!(error.faults().len(), 1);
    assert!(error.to_string().starts_with("line 1, column "), "{error}");
}

#[test]
fn a_branch_as_deep_as_the_reader_allows_is_judged_and_written() {
    let open = r#"{"StartAt": "S", "States": {"S": {"Type": "Parallel", "End": true, "Branches": ["#;
    let depth = 49;
    let mut text = String::new();
    for level in 0..depth {
        text.push_str(&open.replace("\"S\"", &format!("\"S{level}\"")));
    }
    text.push_str(r#"{"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}"#);
    text.push_str(&"]}}}".repeat(depth));
    let machine: StateMachine = text.parse().expect("it is not too deep");
    assert_eq!(sfn_asl::validate(&machine, &Options::STANDARD), []);
    assert_eq!(machine.to_json_pretty().parse::<StateMachine>(), Ok(machine));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() })]

    /// A short form of what `fuzz/` does without end: pieces of definitions, in both formats, cut and put together.
    #[test]
    fn texts_put_together_at_random_are_judged_and_survive(
        pieces in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..40_usize), 1..6),
        is_yaml: bool,
    ) {
        let known: Vec<String> = definitions().map(|text| match StateMachine::from_str(text) {
            Ok(machine) if is_yaml => machine.to_yaml(),
            _ => text.to_owned(),
        }).collect();
        let mut text = String::new();
        for (which, start, length) in pieces {
            let source = which.get(&known);
            let cut: String = source.chars().skip(start.index(source.chars().count().max(1))).take(length * 8).collect();
            text.push_str(&cut);
        }
        check(&text);
        let format = if is_yaml { Format::Yaml } else { Format::Json };
        if let Ok(document) = Document::parse(&*text, format) && !document.has_placeholders() {
            let yaml = document.to_yaml();
            let again = Document::parse(&*yaml, Format::Yaml);
            prop_assert_eq!(again.map(|again| again.to_value()), Ok(document.to_value()), "{}", yaml);
        }
    }
}
