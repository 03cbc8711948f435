//! `cargo sfn diff`: what a change means for running executions and callers. Apart from `check`, because a definition without
//! a fault may still break what was started before.

mod compare;
mod contract;
mod side;
mod states;

use crate::definition::Meant;
use crate::style::Style;
use compare::{Finding, Level, compare};
use serde::Serialize;
use sfn_asl::nearest;
use side::{Side, SideError};
use std::process::ExitCode;

/// Says what a change means for running executions, redrives and callers.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What was deployed: a definition, a folder such as `target/sfn`, a `manifest.json`, or a git revision, which is built.
    old: String,
    /// What will be deployed: the same, without revisions; this workspace's last build if it is left out.
    new: Option<String>,
    /// The worst that does not fail the command.
    #[arg(long, value_enum, default_value = "risky")]
    allow: Level,
    /// How to print it.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Human,
    Json,
}

/// Why nothing can be compared.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DiffError {
    #[error(transparent)]
    Side(#[from] SideError),
    #[error(
        "`{name}` is none of the workflows it is compared with: {known}; name its own file on both sides"
    )]
    NoCounterpart { name: String, known: String },
}

/// The changes of one workflow.
#[derive(Debug, Serialize)]
struct Changes {
    workflow: String,
    findings: Vec<Finding>,
}

/// Compares, prints, and fails if there is worse than allowed.
pub(crate) fn diff(args: &Args) -> Result<ExitCode, DiffError> {
    let old = side::read(&args.old)?;
    let new = args.new.as_deref().map_or_else(side::last_build, side::read)?;
    let changes = changes(old, new)?;
    match args.format {
        Format::Human => print!("{}", human(&changes, Style::of_stdout())),
        Format::Json => println!("{:#}", serde_json::json!({ "formatVersion": 1, "workflows": changes })),
    }
    let worst = changes.iter().flat_map(|changes| &changes.findings).map(|finding| finding.level).max();
    Ok(if worst.is_some_and(|worst| worst > args.allow) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn changes(old: Side, new: Side) -> Result<Vec<Changes>, DiffError> {
    let of_pair =
        |old: &Meant, new: &Meant| Changes { workflow: new.name.clone(), findings: compare(old, new) };
    match (old, new) {
        (Side::Definition(old), Side::Definition(new)) => Ok(vec![of_pair(&old, &new)]),
        (Side::Definition(old), Side::Workflows(all)) => Ok(vec![of_pair(&old, counterpart(&old, &all)?)]),
        (Side::Workflows(all), Side::Definition(new)) => Ok(vec![of_pair(counterpart(&new, &all)?, &new)]),
        (Side::Workflows(old), Side::Workflows(new)) => {
            let find = |all: &[Meant], name: &str| all.iter().position(|meant| meant.name == name);
            let removed = old.iter().filter(|old| find(&new, &old.name).is_none());
            let mut all: Vec<Changes> = removed
                .map(|old| Changes {
                    workflow: old.name.clone(),
                    findings: vec![compare::workflow_removed()],
                })
                .collect();
            all.extend(new.iter().map(|new| match find(&old, &new.name) {
                Some(index) => of_pair(&old[index], new),
                None => Changes { workflow: new.name.clone(), findings: vec![compare::workflow_added()] },
            }));
            Ok(all)
        }
    }
}

/// The workflow that a lone definition is to be compared with: the one of its file's name, or the only one.
fn counterpart<'w>(definition: &Meant, workflows: &'w [Meant]) -> Result<&'w Meant, DiffError> {
    let file = definition.name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = file.split('.').next().unwrap_or_default();
    let named = workflows.iter().find(|workflow| workflow.name == name);
    let only = if let [only] = workflows { Some(only) } else { None };
    named.or(only).ok_or_else(|| {
        let known = workflows.iter().map(|workflow| workflow.name.as_str());
        DiffError::NoCounterpart {
            name: definition.name.clone(),
            known: nearest::listed(&nearest::nearest_first(name, known)),
        }
    })
}

fn human(all: &[Changes], style: Style) -> String {
    let mut lines = Vec::new();
    for Changes { workflow, findings } in all {
        lines.push(style.strong(workflow));
        if findings.is_empty() {
            lines.push("  nothing that executions or callers could notice".to_owned());
        }
        for finding in findings {
            let level = match finding.level {
                Level::Breaking => style.error("breaking"),
                Level::Risky => style.waiting("risky"),
                Level::Harmless => style.dim("harmless"),
            };
            lines.push(format!("  {level}[{}]: {}", finding.code, finding.message));
            if !finding.affects.is_empty() {
                let affected: Vec<_> = finding.affects.iter().map(|affected| affected.words()).collect();
                lines.push(format!("    affects {}", affected.join(", ")));
            }
            lines.extend(finding.help.map(|help| format!("    help: {help}")));
        }
    }
    let count = |level: Level| {
        all.iter().flat_map(|changes| &changes.findings).filter(|finding| finding.level == level).count()
    };
    let [breaking, risky, harmless] = [Level::Breaking, Level::Risky, Level::Harmless].map(count);
    lines.push(format!("{breaking} breaking, {risky} risky, {harmless} harmless"));
    lines.join("\n") + "\n"
}
