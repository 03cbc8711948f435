//! The page of rules, `docs/rules.md`: every code a definition can be reported for, as the registry explains it.
//!
//! Separate from the rules' own tests because the page is documentation, written by `cargo bless` and read by people.

use std::fmt::Write;
use std::fs;

use sfn_asl::{Options, Rule, rules};
use sfn_tests::{BLESS, workspace_root};

#[test]
fn the_page_of_rules_is_current() {
    let path = workspace_root().join("docs/rules.md");
    let current = page();
    if std::env::var_os(BLESS).is_some() {
        fs::write(&path, &current).expect("the page can be written");
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == current, "docs/rules.md is not what the rules say: run `cargo bless`");
}

fn page() -> String {
    let mut page = format!(
        "# Rules\n\n\
         What `cargo sfn check` and `sfn_asl::validate` report, {} codes in all. `error`: the service refuses the \
         definition, or an execution fails for sure. `warning`: it is accepted and may fail or surprise. `advice`: \
         it works, and there is a better way. The level given here is the worst of the code.\n\n\
         Generated from `sfn-asl/src/rules` by `cargo bless`.\n\n",
        rules().len(),
    );
    page += "| code | level |\n|---|---|\n";
    for Rule { code, severity, .. } in rules() {
        let _ = writeln!(page, "| [`{code}`](#{code}) | {severity} |");
    }
    for rule in rules() {
        section(rule, &mut page);
    }
    page
}

fn section(rule: &Rule, page: &mut String) {
    let Rule { code, severity, what, why, instead, .. } = rule;
    let _ = write!(page, "\n## {code}\n\n**{severity}**: {what}\n\n{why}\n\n*Instead:* {instead}\n");
    let fixable = rule.invalid.iter().any(|example| {
        let found = sfn_asl::lint(example.definition, &example.options);
        found.iter().any(|fault| fault.code == *code && !fault.fix.is_empty())
    });
    if fixable {
        *page += "\n`cargo sfn check --fix` mends what can be mended without knowing what was meant.\n";
    }
    if let Some(example) = rule.invalid.first() {
        let at = if example.pointer.is_empty() { "/" } else { example.pointer };
        let kind = if example.options == Options::EXPRESS { ", run as Express" } else { "" };
        let _ = write!(page, "\nReported at `{at}`{kind}:\n\n{}", fenced(example.definition));
    }
    if let Some(valid) = rule.valid.first() {
        let _ = write!(page, "\nNot reported:\n\n{}", fenced(valid));
    }
}

/// An example as a block, without the indentation it has in the rule's file.
fn fenced(text: &str) -> String {
    let lines = || text.lines().skip(1).filter(|line| !line.trim().is_empty());
    let indentation = lines().map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    let margin = if text.starts_with('{') { "    " } else { "" };
    let rest = lines().map(|line| format!("\n{margin}{}", &line[indentation..]));
    let language = if text.starts_with('{') { "json" } else { "yaml" };
    let first = text.lines().next().unwrap_or_default();
    format!("```{language}\n{first}{}\n```\n", rest.collect::<String>())
}

#[test]
fn every_code_explains_itself() {
    for Rule { code, what, why, instead, .. } in rules() {
        for text in [what, why, instead] {
            assert!(text.ends_with(['.', '`']) && text.len() > 5, "{code}: {text}");
        }
    }
}
