//! `cargo sfn graph`: a picture of a State Machine. Apart from `show`, because any definition can be drawn, also those that no
//! workflow emits.

use crate::check::files::{FilesError, Source};
use crate::check::judge;
use crate::project::{Project, ProjectError};
use sfn_asl::{Document, ReadError, StateMachine, nearest};
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
    Project(#[from] ProjectError),
    #[error(transparent)]
    Files(#[from] FilesError),
    #[error("{path}: {source}; `cargo sfn check` shows all that is wrong with it")]
    Read { path: String, source: ReadError },
    #[error(
        "{0} holds no definition; it needs `StartAt` and `States`, or to be a template that has a state machine"
    )]
    NoDefinition(String),
    #[error("{path} holds several definitions; choose one with `--definition NAME`: {names}")]
    Several { path: String, names: String },
    #[error("no definition in {path} is named `{wanted}`; there is {names}")]
    Unknown { path: String, wanted: String, names: String },
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
    let machine = read(args)?;
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

/// The machine that was meant.
fn read(args: &Args) -> Result<StateMachine, GraphError> {
    let is_stdin = args.what.as_os_str() == "-";
    let is_path = args.what.extension().is_some() || args.what.components().count() > 1;
    let source = match is_stdin {
        true => Source::Stdin,
        false if args.what.is_file() => Source::Named(args.what.clone()),
        false if is_path => return Err(FilesError::Missing(args.what.clone()).into()),
        false => Source::Named(Project::locate()?.workflow(&args.what.to_string_lossy())?.1.path),
    };
    let file = judge::read(&source)?.file;
    let path = file.path;
    let names: Vec<_> = file.definitions.iter().filter_map(|found| found.name.as_deref()).collect();
    let mut chosen = file.definitions.iter().filter(|found| {
        let wanted = args.definition.as_deref();
        wanted.is_none() || found.name.as_deref() == wanted
    });
    let definition = match (chosen.next(), chosen.next(), &args.definition) {
        (Some(only), None, _) => only,
        (Some(_), Some(_), _) => return Err(GraphError::Several { path, names: nearest::listed(&names) }),
        (None, _, Some(wanted)) if !names.is_empty() => {
            let names = nearest::listed(&nearest::nearest_first(wanted, names.iter().copied()));
            return Err(GraphError::Unknown { path, wanted: wanted.clone(), names });
        }
        (None, ..) => return Err(GraphError::NoDefinition(path)),
    };
    let document = definition.document.as_ref();
    let machine = document.map_err(Clone::clone).and_then(Document::machine);
    machine.map_err(|source| GraphError::Read { path, source })
}
