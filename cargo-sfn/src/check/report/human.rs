//! For people: excerpts as rustc shows them, and a line that sums up. Apart from the other formats, because it alone has
//! colours.

use super::{InFile, Judged, each};
use crate::style::Style;
use sfn_asl::Severity;
use sfn_core::emit::{Look, render};

/// The excerpts and the sum.
pub(crate) fn human(judged: &[Judged], style: Style) -> String {
    let look = match style {
        Style::Coloured => Look::Coloured,
        Style::Plain => Look::Plain,
    };
    let mut text = String::new();
    for (file, found) in each(judged) {
        text.push_str(&render(&found.diagnostic, &InFile { file, found }, look));
        text.push_str("\n\n");
    }
    text + &sum(judged, style) + "\n"
}

/// `checked 3 definitions in 2 files: 1 error, 2 warnings`.
fn sum(judged: &[Judged], style: Style) -> String {
    let definitions: usize = judged.iter().map(|judged| judged.file.definitions.len()).sum();
    let files = judged.iter().filter(|judged| !judged.file.definitions.is_empty()).count();
    if definitions == 0 {
        return "found no definitions: neither `*.asl.json`, `*.asl.yaml` nor other JSON or YAML with `StartAt` and `States`, nor a template that carries them".to_owned();
    }
    let counted = |severity, one: &str, many: &str| {
        let count: usize = judged.iter().map(|judged| judged.count(severity)).sum();
        (count > 0).then(|| format!("{count} {}", if count == 1 { one } else { many }))
    };
    let found: Vec<String> = [
        counted(Severity::Error, "error", "errors").map(|text| style.error(&text)),
        counted(Severity::Warning, "warning", "warnings").map(|text| style.waiting(&text)),
        counted(Severity::Advice, "piece of advice", "pieces of advice"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let found = if found.is_empty() { style.good("nothing to complain of") } else { found.join(", ") };
    let mendable = each(judged).filter(|(_, found)| !found.diagnostic.fix.is_empty()).count();
    let hint = if mendable > 0 { format!("; `--fix` mends {mendable}") } else { String::new() };
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    format!(
        "checked {definitions} definition{} in {files} file{}: {found}{hint}",
        plural(definitions),
        plural(files)
    )
}
