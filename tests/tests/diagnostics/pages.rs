//! The explained codes: every snippet draws what its page says, and `docs/diagnostics.md` is made of them.
//! Separate from the lints' own cases because pages are documentation.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;

use sfn::emit::{Package, Settings, prepare};
use sfn::explained::{Explanation, SHOP, Told, explanations, subjects};
use sfn::lint::{self, Level, Levels};
use sfn_tests::{BLESS, files, workspace_root};

#[allow(warnings, clippy::all, reason = "snippets show one thing each")]
mod snippets {
    include!(concat!(env!("OUT_DIR"), "/explained.rs"));
}

#[test]
fn every_snippet_draws_its_code_or_nothing() {
    let mut faults = Vec::new();
    for (code, is_good, definitions) in snippets::CASES {
        let is_lint = lint::ALL.iter().any(|lint| lint.code() == *code && lint.level().is_some());
        let levels: Levels = is_lint.then(|| ((*code).to_owned(), Level::Warn)).into_iter().collect();
        let settings = Settings { levels, deny_warnings: true, ..Settings::default() };
        let package = Package { name: "shop".to_owned(), dir: String::new() };
        let found = prepare(&package, &definitions(), &settings).err().unwrap_or_default();
        let found: Vec<_> = found.iter().map(ToString::to_string).collect();
        let is_right = match (is_good, found.as_slice()) {
            (true, []) => true,
            (false, [only]) => only.contains(&format!("[{code}]")),
            _ => false,
        };
        if !is_right {
            let kind = if *is_good { "good" } else { "bad" };
            faults.push(format!("the {kind} snippet of `{code}` draws {found:#?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Whatever is reported under a code has a page, and every page is about something that is reported.
#[test]
fn every_code_has_a_page() {
    /// What a code follows as a literal, where it is reported.
    const BEFORE: [&str; 15] = [
        "Code::new(",
        "Fault::new(",
        "report(",
        "clash(",
        "fault(",
        "blame(",
        "blame_at(",
        "blame_utterly(",
        "unsupported(",
        "error(",
        "error_at(",
        ".on(",
        ".at(",
        "let code = ",
        "=> ",
    ];
    let root = workspace_root();
    let mut reported = BTreeMap::new();
    for folder in ["sfn-core/src", "sfn-macros/src"] {
        for path in files(&root.join(folder), "rs") {
            let is_of_us = path.file_name().is_some_and(|name| name == "tests.rs" || name == "golden.rs")
                || path.starts_with(root.join("sfn-core/src/explained"));
            if is_of_us {
                continue;
            }
            let text = fs::read_to_string(&path).expect("sources are UTF-8");
            let text = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            let text = lines.collect::<Vec<_>>().join("\n");
            let mut codes: Vec<&str> = Vec::new();
            for before in BEFORE {
                codes.extend(text.split(before).skip(1).filter_map(|rest| literal(rest.trim_start())));
            }
            // Traits say theirs at the end of their messages.
            codes.extend(
                text.split(" [").skip(1).filter_map(|rest| rest.split_once("]\"")).map(|(code, _)| code),
            );
            reported.extend(
                codes.into_iter().filter(|code| is_code(code)).map(|code| (code.to_owned(), path.clone())),
            );
        }
    }
    reported.extend(lint::ALL.iter().map(|lint| (lint.code().to_owned(), root.clone())));
    let pages: BTreeSet<_> = explanations().map(|page| page.code).collect();
    assert_eq!(pages.len(), explanations().count(), "a code has two pages");
    let missing: Vec<_> = reported
        .iter()
        .filter(|(code, _)| !pages.contains(code.as_str()) && sfn_asl::rule(code).is_none())
        .collect();
    assert!(missing.is_empty(), "codes without a page in sfn-core/src/explained: {missing:#?}");
    let idle: Vec<_> = pages.into_iter().filter(|code| !reported.contains_key(*code)).collect();
    assert!(idle.is_empty(), "pages about codes that nothing reports: {idle:#?}");
}

fn literal(text: &str) -> Option<&str> {
    text.strip_prefix('"')?.split_once('"').map(|(code, _)| code)
}

fn is_code(text: &str) -> bool {
    text.contains('-')
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
        && !text.starts_with('-')
}

#[test]
fn the_page_of_diagnostics_is_current() {
    let path = workspace_root().join("docs/diagnostics.md");
    let current = page();
    if std::env::var_os(BLESS).is_some() {
        fs::write(&path, &current).expect("the page can be written");
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == current, "docs/diagnostics.md is not what the codes say: run `cargo bless`");
}

fn page() -> String {
    let count = explanations().count();
    let mut page = format!(
        "# Diagnostics of workflows\n\n\
         What the macros, the compiler and `sfn::build::emit` report of tasks, payloads and workflows: {count} codes. A \
         code stands behind the message of the macros (`error: .. [not-awaited]`) and in front of that of a build script \
         (`error[raw-state]: ..`); `cargo sfn check --explain CODE` prints its page. What is said of definitions \
         themselves stands in [rules.md](rules.md).\n\n\
         Lints have a level: `#[workflow(allow(..), warn(..), deny(..))]` sets it for one workflow, with `_` for `-`, and \
         `[check.levels]` in an `sfn.toml` for all below its folder. Warnings and advice of rules are set in the same \
         way.\n\n\
         Every snippet is compiled and judged by the tests. One without attributes of ours is the body of a workflow of \
         an `Order`; [what they call](#what-snippets-call) stands at the end.\n\n\
         Generated from `sfn-core/src/explained` by `cargo bless`.\n"
    );
    for (subject, explanations) in subjects() {
        let _ = write!(page, "\n## {subject}\n\n| code | | |\n|---|---|---|\n");
        for explanation in *explanations {
            let Explanation { code, what, .. } = explanation;
            let _ = writeln!(page, "| [`{code}`](#{code}) | {} | {what} |", level(explanation));
        }
        for Explanation { code, what, why, bad, good, .. } in *explanations {
            let _ = write!(
                page,
                "\n### {code}\n\n{what}\n\n{why}\n\n```rust\n// reported\n{}\n```\n\n```rust\n// instead\n{}\n```\n",
                bad.trim(),
                good.trim()
            );
        }
    }
    let _ = write!(page, "\n## What snippets call\n\n```rust\n{}\n```\n", SHOP.trim());
    page
}

/// Who says it, and how bad it is.
fn level(explanation: &Explanation) -> &'static str {
    let lint = lint::ALL.iter().find(|lint| lint.code() == explanation.code).and_then(|lint| lint.level());
    match (lint, explanation.told) {
        (Some(Level::Allow), _) => "lint, allowed",
        (Some(Level::Warn), _) => "lint, warned of",
        (Some(Level::Deny), _) => "lint, denied",
        (None, Told::Compiling) => "compiler",
        (None, Told::Building) => "build script",
    }
}
