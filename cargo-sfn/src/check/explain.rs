//! What a code means, at length. Apart from the reports, which only name it.

use super::levels::{LevelsError, known};
use sfn_asl::{Example, Rule, rules};
use std::fmt::Write as _;

/// The explanation of a code; of `all`, the list of codes.
pub(crate) fn explain(code: &str) -> Result<String, LevelsError> {
    if code == "all" {
        let width = rules().iter().map(|rule| rule.code.as_str().len()).max().unwrap_or_default();
        let lines = rules().iter().map(|rule| format!("{:width$}  {}", rule.code.as_str(), rule.what));
        return Ok(lines.collect::<Vec<_>>().join("\n"));
    }
    let Rule { code, severity, what, why, instead, invalid, valid, .. } = known(code)?;
    let mut text = format!("{code} ({severity})\n\n{what}\n\nWhy: {why}\n\nInstead: {instead}");
    if let Some(Example { definition, pointer, .. }) = invalid.first() {
        let place = if pointer.is_empty() { "/" } else { pointer };
        let _ = write!(text, "\n\nReported, at {place}:\n\n{}", indented(definition));
    }
    if let Some(definition) = valid.first() {
        let _ = write!(text, "\n\nNot reported:\n\n{}", indented(definition));
    }
    Ok(text)
}

/// An example, laid out for reading where it can be read.
fn indented(definition: &str) -> String {
    let format = sfn_asl::Format::of_text(definition);
    let laid_out = match (format, sfn_asl::Document::parse(definition, format)) {
        (sfn_asl::Format::Json, Ok(document)) => document.to_json(),
        _ => definition.to_owned(),
    };
    laid_out.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}
