//! `cargo sfn list`: the workflows of this workspace. Apart from `show`, which is about one of them.

use crate::project::{Project, ProjectError};
use std::process::ExitCode;

/// Lists the workflows that the last build emitted.
#[derive(Debug, clap::Args)]
pub(crate) struct Args;

/// Prints one line for each workflow: its name and what its documentation says first.
pub(crate) fn list(_: &Args) -> Result<ExitCode, ProjectError> {
    let manifest = Project::locate()?.manifest()?;
    let width = manifest.workflows.iter().map(|workflow| workflow.name.len()).max().unwrap_or_default();
    for workflow in &manifest.workflows {
        let comment = workflow.comment.as_deref().unwrap_or_default();
        println!("{}", format!("{:width$}  {comment}", workflow.name).trim_end());
    }
    Ok(ExitCode::SUCCESS)
}
