//! `cargo sfn dev`: builds and runs a workflow again whenever a file is saved. Apart from `run`, which knows nothing of files
//! that change.

mod watch;

use crate::project::{Project, ProjectError};
use crate::run::{self, Ended};
use crate::style::Style;
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use tokio::runtime::Runtime;
use tokio::sync::watch as signal;
use watch::Watch;

/// Runs a workflow on this machine, and again whenever a file of the workspace is saved.
///
/// A run that is still under way then is stopped, functions included. Ctrl-C ends it.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub(crate) struct Args {
    #[command(flatten)]
    run: run::Args,
}

/// Why nothing is watched.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DevError {
    #[error(transparent)]
    Project(#[from] ProjectError),
    #[error("the async runtime does not start: {0}")]
    Runtime(std::io::Error),
    #[error("the files of {} cannot be watched: {source}", .folder.display())]
    Watch { folder: std::path::PathBuf, source: notify::Error },
}

/// What ends a run, or the wait for the next.
#[derive(Debug)]
enum Event {
    Changed(std::path::PathBuf),
    Interrupted,
}

/// Runs, waits for a change, and begins again.
pub(crate) fn dev(args: &Args) -> Result<ExitCode, DevError> {
    let project = Project::locate()?;
    let failed = |source| DevError::Watch { folder: project.root.clone(), source };
    let mut watch = Watch::of(&project.root, project.target()).map_err(failed)?;
    let runtime = Runtime::new().map_err(DevError::Runtime)?;
    let interrupted = interrupted(&runtime);
    let style = Style::of_stderr();
    loop {
        // What was saved before this moment is about to be built.
        watch.forget();
        let mut event = None;
        let outcome =
            run::once(&args.run, async { event = Some(next(&mut watch, interrupted.clone()).await) });
        let event = match (event, *interrupted.borrow()) {
            // Also when it was the build that was interrupted.
            (_, true) => Event::Interrupted,
            (Some(event), _) => event,
            (None, _) => {
                report(outcome, style);
                watch.look_again().map_err(failed)?;
                eprintln!("{}", style.dim("waiting for a file to be saved; Ctrl-C ends"));
                runtime.block_on(next(&mut watch, interrupted.clone()))
            }
        };
        match event {
            Event::Interrupted => return Ok(ExitCode::from(run::INTERRUPTED)),
            Event::Changed(path) => {
                let path = path.strip_prefix(&project.root).map(Path::to_owned).unwrap_or(path);
                eprintln!("\n{}", style.strong(&format!("{} was saved", path.display())));
            }
        }
    }
}

/// Ctrl-C has to end a build, too, which nobody awaits: it is noted aside.
fn interrupted(runtime: &Runtime) -> signal::Receiver<bool> {
    let (tell, told) = signal::channel(false);
    runtime.spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            tell.send_replace(true);
        }
    });
    told
}

async fn next(watch: &mut Watch, mut interrupted: signal::Receiver<bool>) -> Event {
    tokio::select! {
        path = watch.changed() => Event::Changed(path),
        _ = interrupted.wait_for(|is| *is) => Event::Interrupted,
    }
}

/// Says what a run that could not begin came to; one that did has said so itself.
fn report(outcome: Result<Ended, Box<dyn Error>>, style: Style) {
    if let Err(error) = outcome {
        eprintln!("{}: {error}", style.error("error"));
    }
}
