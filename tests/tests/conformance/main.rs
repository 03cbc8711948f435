//! Runs what was recorded outside (on the service, on reference implementations) and says how much of it holds.
//!
//! Separate from the other tests because the cases are data outside the project: the folder that `SFN_CONFORMANCE`
//! names, by default `../shared/conformance` from the project's root. Without it there is nothing to compare.
//!
//! It has no test harness, so that its figures are seen: a line per tier or suite (`T1 560/566`), then the cases that
//! fall short. Cases that are known to, with the reason why, stand in `differences.json`; a case that falls short and
//! is not listed fails the run, and so does one that is listed and does not. Arguments choose suites by name.

#![expect(clippy::print_stdout, reason = "the figures are what this program is for")]

mod executions;
mod jsonata;
mod jsonpath;
mod rejected;
mod test_state;

mod compare;
mod suite;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use suite::{Differences, Suite};

/// Runs a suite; none when the folder does not hold its cases.
type Run = fn(&Path, &Differences) -> Option<Suite>;

/// Every suite by its name, in the order of the figures.
const SUITES: &[(&str, Run)] = &[
    ("executions", executions::run),
    ("test-state", test_state::run),
    ("rejected", rejected::run),
    ("jsonata", jsonata::official),
    ("generated", jsonata::generated),
    ("jsonpath", jsonpath::run),
];

fn main() -> ExitCode {
    compare::masks_stand_for_any_text();
    let folder = folder();
    if !folder.is_dir() {
        println!("no recorded cases at `{}`: nothing compared (set SFN_CONFORMANCE)", folder.display());
        return ExitCode::SUCCESS;
    }
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let differences = Differences::read();
    let mut surprises = 0;
    for (name, run) in SUITES {
        if !wanted.is_empty() && !wanted.iter().any(|part| name.contains(part.as_str())) {
            continue;
        }
        match run(&folder, &differences) {
            None => println!("no cases for `{name}` in `{}`", folder.display()),
            Some(suite) => surprises += suite.report(),
        }
    }
    if surprises == 0 {
        return ExitCode::SUCCESS;
    }
    println!(
        "{surprises} surprises: mend the code, or list the difference with its reason in `differences.json`"
    );
    ExitCode::FAILURE
}

fn folder() -> PathBuf {
    std::env::var_os("SFN_CONFORMANCE")
        .map_or_else(|| sfn_tests::workspace_root().join("../shared/conformance"), PathBuf::from)
}

/// The lines of a file of the folder; none when it is not there.
fn lines<T: for<'de> serde::Deserialize<'de>>(folder: &Path, file: &str) -> Option<Vec<T>> {
    let text = std::fs::read_to_string(folder.join(file)).ok()?;
    let read =
        |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{file}: {error}: {line:.200}"));
    Some(text.lines().map(read).collect())
}
