//! `cargo sfn fmt`: writes definitions in their canonical form. Apart from `check`, because it has one opinion and no levels.

use crate::check::files::{self, FilesError, Source};
use crate::style::Style;
use sfn_asl::Document;
use std::path::PathBuf;
use std::process::ExitCode;

/// Writes definitions in canonical form: fields in the specification's order, two spaces, comments with what they stand
/// with.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Files and folders; `-` is the standard input, nothing is this folder.
    paths: Vec<PathBuf>,
    /// Change nothing; fail if a file is not in canonical form.
    #[arg(long)]
    check: bool,
}

/// Why a file cannot be written in canonical form.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FmtError {
    #[error(transparent)]
    Files(#[from] FilesError),
    #[error("{} cannot be written: {source}", .path.display())]
    Write { path: PathBuf, source: std::io::Error },
}

/// What canonical form makes of a text.
enum Formatted {
    /// It is no definition, or one within a template.
    NoDefinition,
    /// The text in canonical form.
    Text(String),
    /// It cannot be written so; why.
    Refused(String),
}

/// Formats, or tells what would be formatted.
pub(crate) fn fmt(args: &Args) -> Result<ExitCode, FmtError> {
    let here = [PathBuf::from(".")];
    let paths = if args.paths.is_empty() { &here[..] } else { &args.paths };
    let style = Style::of_stderr();
    let (mut changed, mut refused) = (0, 0);
    for source in files::find(paths)? {
        let bytes = source.read()?;
        let path = source.path();
        match format(&source, &bytes) {
            Formatted::NoDefinition => {}
            Formatted::Refused(why) => {
                refused += 1;
                eprintln!("{}: {}: {why}", style.error("error"), path.display());
            }
            Formatted::Text(text) if source == Source::Stdin && !args.check => print!("{text}"),
            Formatted::Text(text) if text.as_bytes() == bytes => {}
            Formatted::Text(text) => {
                changed += 1;
                if args.check {
                    eprintln!("{} is not in canonical form", path.display());
                } else {
                    std::fs::write(path, text)
                        .map_err(|source| FmtError::Write { path: path.to_owned(), source })?;
                    eprintln!("formatted {}", path.display());
                }
            }
        }
    }
    let is_good = refused == 0 && (changed == 0 || !args.check);
    Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn format(source: &Source, bytes: &[u8]) -> Formatted {
    let is_named = !matches!(source, Source::Found(_)) || files::is_definition_by_name(source.path());
    if !is_named && !files::may_hold_definition(bytes) {
        return Formatted::NoDefinition;
    }
    let document = match Document::parse_bytes(bytes, source.format(bytes)) {
        Ok(document) => document,
        Err(error) => return Formatted::Refused(error.to_string()),
    };
    let value = document.to_value();
    if !document.definitions().is_empty() || (!is_named && value.get("StartAt").is_none()) {
        return Formatted::NoDefinition;
    }
    if document.has_placeholders() {
        return Formatted::Refused(
            "it has placeholders outside of strings, which canonical form has no place for".to_owned(),
        );
    }
    match document.to_canonical() {
        Err(error) => Formatted::Refused(format!("it cannot be written so: {error}")),
        Ok(text) => Formatted::Text(text),
    }
}
