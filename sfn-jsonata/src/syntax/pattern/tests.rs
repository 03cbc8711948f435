//! Compares the search with another engine that follows the same standard, and holds it to its budget.
//! Separate because the expressions to compare take room.

use super::{Found, OutOfSteps, Pattern};

const PLENTY: u64 = 10_000_000;

fn find(source: &str, flags: &str, text: &str, from: usize) -> Option<Found> {
    let pattern = Pattern::new(source, flags).unwrap_or_else(|error| panic!("`{source}`: {error}"));
    pattern.find(text, from, &mut { PLENTY }).unwrap_or_else(|_| panic!("`{source}` takes too long"))
}

/// What the other engine finds.
fn reference(source: &str, flags: &str, text: &str, from: usize) -> Result<Option<Found>, String> {
    let flags = regress::Flags {
        icase: flags.contains('i'),
        multiline: flags.contains('m'),
        ..regress::Flags::default()
    };
    let regex = regress::Regex::with_flags(source, flags).map_err(|error| error.text)?;
    Ok(regex.find_from(text, from).next().map(|found| Found {
        start: found.start(),
        end: found.end(),
        groups: found.captures.iter().map(|group| group.as_ref().map(|it| (it.start, it.end))).collect(),
    }))
}

const TEXTS: [&str; 14] = [
    "",
    "a",
    "aaaaab",
    "abcabc",
    "zaacbbbcac",
    "foo bar  baz",
    "line one\nline two\r\n",
    "2026-11-25T21:55:00Z",
    "héllo WÖRLD ß ſ µ Σσς",
    "😀 smile 😀",
    "a-b_c.d@example.com, x@y.org",
    "((nested) [brackets])",
    "\u{a0}\u{2028}\u{feff}\t",
    "cabdABCABDcab",
];

const EXPRESSIONS: &[&str] = &[
    "a",
    "b+",
    "a*",
    "a*?b",
    "a+?",
    "(a+)(b+)",
    "(a|ab)(c|bcd)(d*)",
    "(z)((a+)?(b+)?(c))*",
    "(?:a|b)*c",
    "^a",
    "b$",
    "^",
    "$",
    "^line",
    "one$",
    "\\bbar\\b",
    "\\Bo",
    "\\w+",
    "\\W+",
    "\\d{4}-(\\d\\d)-(\\d\\d)",
    "(\\d+):(\\d+):(\\d+)",
    "\\s+",
    "\\S+",
    ".",
    "..",
    ".*",
    ".+?o",
    "[a-c]+",
    "[^a-c]+",
    "[\\s\\S]+",
    "[\\w.]+@[\\w.]+",
    "[\\d\\-T]+",
    "[]",
    "[^]",
    "[a\\]]",
    "[-a]",
    "[a-]",
    "[\\b]",
    "a{2}",
    "a{2,}",
    "a{1,2}",
    "a{1,2}?",
    "a{",
    "a{,2}",
    "x{0}a",
    "(ab){2}",
    "(ab){0,1}c",
    "(a){0}b",
    "(?:ab|a)+?b",
    "(?=(a+))a*b\\1",
    "(?=(a+))",
    "(?!a)b",
    "(?<=a)b",
    "(?<!a)b",
    "(?<=(\\w)(\\w))c",
    "(?<=([ab]+)([bc]+))$",
    "(?<=\\b)b",
    "(a)\\1",
    "\\1(a)",
    "(?:(a)|b)\\1",
    "(?<x>a)\\k<x>",
    "\\k<x>(?<x>a)",
    "(?:)",
    "(?:a*)*",
    "(a*)*",
    "(a*)+",
    "(?:a?)*?b",
    "(?:a*?)*?b",
    "(a?)*?b",
    "(?:(?=a)a|b)*",
    "(|a)+",
    "(|a)*b",
    "(a|)+b",
    "()",
    "()*",
    "(?:)*a",
    "\\x61",
    "\\u0061",
    "\\cA",
    "\\0",
    "\\t",
    "\\141",
    "\\8",
    "[\\141]",
    "\\ud83d\\ude00",
    "[😀]",
    "ö",
    "Σ",
    "ß",
    "[à-ö]",
    "[^x]",
    "\\.",
    "\\/",
    "\\-",
    "]",
    "}",
    "(?:x|y|)z?",
    "((a)|(b))+",
    "(?:(a)|(b)|c)+",
    "(?!(a))b",
    "(?!.*b).",
    "^(?:\\+|-)?\\d+$",
    "(?=\\w{2})\\w",
    "(?=a){2}a",
    "(?!a)*b",
    "(?:.{2})+",
    "(?:[^,]+,)?\\s*x",
    "\\[(.*?)\\]",
    "\\((.*)\\)",
    "^\\s+|\\s+$",
    "(.)\\1",
    "(..)\\1",
    "(?<year>\\d{4})-(?<month>\\d\\d)",
    "[A-Z][a-z]*",
    "(?:a(?:b(?:c)?)?)+",
    "(?<=^|c)a",
    "(?<!\\w)\\w",
];

#[test]
fn what_is_found_is_what_the_standard_says() {
    let mut differences = Vec::new();
    for source in EXPRESSIONS {
        for flags in ["", "i", "m", "im"] {
            for text in TEXTS {
                for from in [0, 1, 3] {
                    if !text.is_char_boundary(from.min(text.len())) || from > text.len() {
                        continue;
                    }
                    let expected = reference(source, flags, text, from);
                    let expected = expected.unwrap_or_else(|error| panic!("`{source}`: {error}"));
                    let found = find(source, flags, text, from);
                    if found != expected {
                        differences.push(format!(
                            "/{source}/{flags} in {text:?} from {from}: {found:?}, {expected:?}"
                        ));
                    }
                }
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn nothing_outside_of_ascii_is_a_letter_of_ascii_in_another_case() {
    for (source, text) in [("s", "ſ"), ("k", "\u{212a}"), ("[a-z]", "ſ"), ("ſ", "s")] {
        assert_eq!(find(source, "i", text, 0), None, "/{source}/i in {text}");
    }
}

#[test]
fn what_is_no_expression_is_refused() {
    let refused = [
        "(",
        ")",
        "[",
        "a**",
        "*",
        "+a",
        "?",
        "{1}",
        "a{2,1}",
        "[b-a]",
        "\\",
        "(?",
        "(?a)",
        "(?<",
        "(?<1>a)",
        "(?<a>x)(?<a>y)",
        "(?<a>x)\\k<b>",
    ];
    for source in refused {
        assert!(Pattern::new(source, "").is_err(), "`{source}` is accepted");
        assert!(reference(source, "", "", 0).is_err(), "`{source}` is accepted elsewhere");
    }
    // The standard has nothing to repeat here, the other engine does.
    for source in ["^*", "\\b+", "(?<=a)*"] {
        assert!(Pattern::new(source, "").is_err(), "`{source}` is accepted");
    }
    assert!(Pattern::new(&"(".repeat(100_000), "").is_err());
}

#[test]
fn no_search_takes_more_than_its_budget() {
    let text = format!("{}!", "a".repeat(40_000));
    for source in [
        "(a+)+$",
        "(a|a)*$",
        "(a*)*b",
        "(?:a|aa)+$",
        "(.*)*x",
        "^(([a-z])+.)+[A-Z]([a-z])+$",
        "(a?){50}a{50}b",
    ] {
        let pattern = Pattern::new(source, "").expect("it is an expression");
        let mut budget = 1_000_000;
        assert_eq!(pattern.find(&text, 0, &mut budget), Err(OutOfSteps), "/{source}/");
        assert!(budget < 1_000_000);
    }
    let one_way = Pattern::new("(?:a|b)*!", "").expect("it is an expression");
    assert!(matches!(one_way.find(&text, 0, &mut { PLENTY }), Ok(Some(_))));
}
