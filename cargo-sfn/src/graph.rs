//! `cargo sfn graph`: a picture of a State Machine. Apart from `show`, because any definition can be drawn, also those that no
//! workflow emits.

use crate::definition::{self, DefinitionError};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Draws a state machine: a workflow of this workspace, or any definition.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The workflow's name, or a file that holds a definition; `-` is the standard input.
    what: PathBuf,
    /// Which definition, where a template holds several.
    #[arg(long)]
    definition: Option<String>,
    /// What to draw; without it, what the name of `--output` ends in, or else SVG.
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Where to write; without it, the standard output.
    #[arg(long, short)]
    output: Option<PathBuf>,
    /// Shows the picture with the program that this machine has for it.
    #[arg(long)]
    open: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Svg,
    Mermaid,
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GraphError {
    #[error(transparent)]
    Definition(#[from] DefinitionError),
    #[error("{} cannot be written: {source}", .path.display())]
    Write { path: PathBuf, source: std::io::Error },
    #[error("{} cannot be opened: {source}", .path.display())]
    Open { path: PathBuf, source: opener::OpenError },
    #[error("`--open` shows SVG; leave out `--format mermaid`, or write it with `--output`")]
    OpensSvg,
}

/// Draws, and prints, writes or shows the picture.
pub(crate) fn graph(args: &Args) -> Result<ExitCode, GraphError> {
    let format = args.format.unwrap_or_else(|| Format::of(args.output.as_deref()));
    if args.open && format != Format::Svg {
        return Err(GraphError::OpensSvg);
    }
    let machine = definition::meant(&args.what, args.definition.as_deref())?.machine;
    let picture = match format {
        Format::Svg => sfn_graph::svg(&machine),
        Format::Mermaid => sfn_graph::mermaid(&machine),
    };
    let path = match (&args.output, args.open) {
        (Some(path), _) => path.clone(),
        (None, true) => {
            let name = args.what.file_name().unwrap_or_default().to_string_lossy();
            std::env::temp_dir().join(format!("sfn-{}.svg", name.trim_matches('-')))
        }
        (None, false) => {
            print!("{picture}");
            return Ok(ExitCode::SUCCESS);
        }
    };
    std::fs::write(&path, picture).map_err(|source| GraphError::Write { path: path.clone(), source })?;
    if args.open {
        opener::open(&path).map_err(|source| GraphError::Open { path, source })?;
    }
    Ok(ExitCode::SUCCESS)
}

impl Format {
    /// What a file of that name is.
    fn of(output: Option<&Path>) -> Self {
        let extension = output.and_then(Path::extension).unwrap_or_default();
        if extension == "mmd" || extension == "mermaid" { Self::Mermaid } else { Self::Svg }
    }
}
