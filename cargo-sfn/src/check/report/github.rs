//! For GitHub Actions: commands that become annotations of the lines. Apart from the other formats, because of its escapes.

use super::{Judged, each, region};
use sfn_asl::Severity;

/// One command per fault.
pub(crate) fn github(judged: &[Judged]) -> String {
    let lines = each(judged).map(|(file, found)| {
        let fault = &found.diagnostic;
        let command = match fault.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Advice => "notice",
        };
        let (start, end) = region(file, &found.bytes);
        let message = match &fault.help {
            Some(help) => format!("{}\nhelp: {help}", fault.message),
            None => fault.message.clone(),
        };
        format!(
            "::{command} file={},line={},endLine={},col={},endColumn={},title={}::{}\n",
            property(&file.path),
            start.line,
            end.line,
            start.column,
            end.column,
            property(fault.code.as_str()),
            data(&message)
        )
    });
    lines.collect()
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
