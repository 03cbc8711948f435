//! What a code means, at length. Apart from the reports, which only name it.

use super::levels::{LevelsError, known};
use sfn_asl::{Example, Rule, rules};
use sfn_core::explained::{Explanation, explanation, explanations};
use std::fmt::Write as _;

/// The explanation of a code; of `all`, the list of codes.
pub(crate) fn explain(code: &str) -> Result<String, LevelsError> {
    if code == "all" {
        return Ok(list());
    }
    // Some faults of definitions and of workflows have one name.
    match (sfn_asl::rule(code), explanation(code)) {
        (None, Some(page)) => Ok(page_of(page)),
        (Some(rule), Some(page)) => {
            Ok(format!("{}\n\nOf a definition:\n\n{}", page_of(page), page_of_rule(rule)))
        }
        (_, None) => known(code).map(page_of_rule),
    }
}

fn list() -> String {
    let rules: Vec<_> = rules().iter().map(|rule| (rule.code.as_str(), rule.what)).collect();
    let pages: Vec<_> = explanations().map(|page| (page.code, page.what)).collect();
    let width = rules.iter().chain(&pages).map(|(code, _)| code.len()).max().unwrap_or_default();
    let lines = |entries: &[(&str, &str)]| {
        entries.iter().map(|(code, what)| format!("{code:width$}  {what}")).collect::<Vec<_>>().join("\n")
    };
    format!("Definitions:\n\n{}\n\nWorkflows:\n\n{}", lines(&rules), lines(&pages))
}

fn page_of(Explanation { code, what, why, bad, good, .. }: &Explanation) -> String {
    let (bad, good) = (shifted(bad.trim()), shifted(good.trim()));
    format!("{code}\n\n{what}\n\nWhy: {why}\n\nReported:\n\n{bad}\n\nInstead:\n\n{good}")
}

fn page_of_rule(rule: &Rule) -> String {
    let Rule { code, severity, what, why, instead, invalid, valid, .. } = rule;
    let mut text = format!("{code} ({severity})\n\n{what}\n\nWhy: {why}\n\nInstead: {instead}");
    if let Some(Example { definition, pointer, .. }) = invalid.first() {
        let place = if pointer.is_empty() { "/" } else { pointer };
        let _ = write!(text, "\n\nReported, at {place}:\n\n{}", indented(definition));
    }
    if let Some(definition) = valid.first() {
        let _ = write!(text, "\n\nNot reported:\n\n{}", indented(definition));
    }
    text
}

/// An example, laid out for reading where it can be read.
fn indented(definition: &str) -> String {
    let format = sfn_asl::Format::of_text(definition);
    let laid_out = match (format, sfn_asl::Document::parse(definition, format)) {
        (sfn_asl::Format::Json, Ok(document)) => document.to_json(),
        _ => definition.to_owned(),
    };
    shifted(&laid_out)
}

fn shifted(text: &str) -> String {
    let shift = |line: &str| if line.is_empty() { String::new() } else { format!("    {line}") };
    text.lines().map(shift).collect::<Vec<_>>().join("\n")
}
