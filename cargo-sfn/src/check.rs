//! `cargo sfn check`: judges definitions, wherever they are written. Apart from `run`, because it needs no project of ours:
//! any folder with JSON, YAML or templates will do.

mod explain;
pub(crate) mod files;
pub(crate) mod judge;
mod levels;
mod mend;
mod report;

use crate::style::Style;
use files::{FilesError, Source};
use judge::Judged;
use levels::{Levels, LevelsError};
use sfn_asl::{ExecutionType, Options};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Checks state machine definitions: JSON, YAML, and CloudFormation, SAM or Serverless templates.
///
/// An `sfn.toml` sets levels for its folder and those below it: `deny-warnings = true` under `[check]`, and under
/// `[check.levels]` a level (`"allow"`, `"warn"`, `"deny"`) for each code. The command line has the last word. The exit
/// status is 1 if there is an error.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Files and folders; `-` is the standard input, nothing is this folder.
    paths: Vec<PathBuf>,
    /// How to say what is found.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Judge everything as if it ran as Express executions.
    #[arg(long)]
    express: bool,
    /// Do not report a code.
    #[arg(long, short = 'A', value_name = "CODE")]
    allow: Vec<String>,
    /// Report a code as a warning.
    #[arg(long, short = 'W', value_name = "CODE")]
    warn: Vec<String>,
    /// Report a code as an error; `warnings` stands for all warnings.
    #[arg(long, short = 'D', value_name = "CODE")]
    deny: Vec<String>,
    /// Mend what is safe to mend, in the files.
    #[arg(long)]
    fix: bool,
    /// Explain a code.
    #[arg(long, value_name = "CODE", conflicts_with_all = ["paths", "fix"])]
    explain: Option<String>,
}

/// How to say what is found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people: the lines, what is wrong with them, what to do.
    #[default]
    Human,
    /// One JSON document.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Commands of GitHub Actions, which become annotations.
    Github,
}

/// Why nothing can be checked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CheckError {
    #[error(transparent)]
    Files(#[from] FilesError),
    #[error(transparent)]
    Levels(#[from] LevelsError),
    #[error("`--fix` writes to files, and the standard input is none: name the file")]
    FixStdin,
    #[error("{} cannot be written: {source}", .path.display())]
    Write { path: PathBuf, source: std::io::Error },
}

/// Checks, reports, and tells by the exit status whether there are errors.
pub(crate) fn check(args: &Args) -> Result<ExitCode, CheckError> {
    if let Some(code) = &args.explain {
        println!("{}", explain::explain(code)?);
        return Ok(ExitCode::SUCCESS);
    }
    let here = [PathBuf::from(".")];
    let paths = if args.paths.is_empty() { &here[..] } else { &args.paths };
    let sources = files::find(paths)?;
    let levels = Levels::read(&sources, &args.allow, &args.warn, &args.deny)?;
    if args.fix {
        mend_all(&sources, args, &levels)?;
    }
    let judge = |source: &Source| {
        let options = args.options(&levels, source.path());
        judge::judge(source, &options, args.express, levels.deny_warnings(source.path()))
    };
    let judged = files::in_parallel(&sources, args.format == Format::Human, judge)?;
    let text = match args.format {
        Format::Human => report::human(&judged, Style::of_stdout()),
        Format::Json => report::json(&judged),
        Format::Sarif => report::sarif(&judged),
        Format::Github => report::github(&judged),
    };
    print!("{text}");
    let is_good = judged.iter().all(|file| file.count(sfn_asl::Severity::Error) == 0);
    Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

impl Args {
    fn options(&self, levels: &Levels, path: &Path) -> Options {
        let kind = if self.express { ExecutionType::Express } else { ExecutionType::Standard };
        Options { levels: levels.of(path).clone(), ..Options::new(kind) }
    }
}

fn mend_all(sources: &[Source], args: &Args, levels: &Levels) -> Result<(), CheckError> {
    if sources.iter().any(|source| matches!(source, Source::Stdin)) {
        return Err(CheckError::FixStdin);
    }
    for source in sources {
        let path = source.path();
        let Judged { file, .. } = judge::read(source)?;
        let Some(mended) = mend::mend(&file, &args.options(levels, path), args.express) else { continue };
        let say = |done: &str, codes: &[String]| {
            let faults = if codes.len() == 1 { "fault" } else { "faults" };
            eprintln!("{}: {} {faults} {done}: {}", path.display(), codes.len(), codes.join(", "));
        };
        if !mended.made.is_empty() {
            std::fs::write(path, mended.text)
                .map_err(|source| CheckError::Write { path: path.to_owned(), source })?;
            say("mended", &mended.made);
        }
        if !mended.left.is_empty() {
            say("left for you, as the change cannot be made in this text", &mended.left);
        }
    }
    Ok(())
}
