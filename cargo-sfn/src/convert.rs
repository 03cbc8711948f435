//! `cargo sfn convert`: the same definition in the other format. Apart from `fmt`, because it keeps the author's order.

use crate::check::files::{FilesError, Source};
use sfn_asl::{Document, Format, ReadError};
use std::path::PathBuf;
use std::process::ExitCode;

/// Converts between JSON and YAML, in the author's order and with the author's numbers.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The file; `-` is the standard input.
    file: PathBuf,
    /// What to write; without it, the format that the file is not in.
    #[arg(long, value_enum)]
    to: Option<Target>,
    /// Where to write; without it, the standard output.
    #[arg(long, short)]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Target {
    Json,
    Yaml,
}

/// Why a file cannot be converted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConvertError {
    #[error(transparent)]
    Files(#[from] FilesError),
    #[error("{}: {source}", .path.display())]
    Read { path: PathBuf, source: ReadError },
    #[error("{} cannot be written: {source}", .path.display())]
    Write { path: PathBuf, source: std::io::Error },
}

/// Reads the one and writes the other.
pub(crate) fn convert(args: &Args) -> Result<ExitCode, ConvertError> {
    let source = match args.file.as_os_str() {
        name if name == "-" => Source::Stdin,
        _ if args.file.exists() => Source::Named(args.file.clone()),
        _ => return Err(FilesError::Missing(args.file.clone()).into()),
    };
    let bytes = source.read()?;
    let document = Document::parse_bytes(&bytes, source.format(&bytes))
        .map_err(|error| ConvertError::Read { path: source.path().to_owned(), source: error })?;
    let target = args.to.unwrap_or(match document.format() {
        Format::Json => Target::Yaml,
        Format::Yaml => Target::Json,
    });
    if document.first_comment().is_some() {
        eprintln!("note: the comments of {} are not carried over", source.path().display());
    }
    let text = match target {
        Target::Json => document.to_json() + "\n",
        Target::Yaml => document.to_yaml(),
    };
    if let Some(path) = &args.output {
        std::fs::write(path, text).map_err(|source| ConvertError::Write { path: path.clone(), source })?;
    } else {
        print!("{text}");
    }
    Ok(ExitCode::SUCCESS)
}
