//! `cargo sfn show`: the state machine of one workflow. Apart from `list`, which is about all of them.

use crate::project::{Project, ProjectError};
use std::process::ExitCode;

/// Prints the Amazon States Language of a workflow, as the last build emitted it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The workflow's name.
    workflow: String,
}

/// Prints the emitted file as it is.
pub(crate) fn show(args: &Args) -> Result<ExitCode, ProjectError> {
    let (_, definition) = Project::locate()?.workflow(&args.workflow)?;
    println!("{}", definition.text.trim_end());
    Ok(ExitCode::SUCCESS)
}
