//! What a build script does: lower workflows, show what is wrong, write the artifacts.
//! Separate because it is the only part of this crate that reads the environment and touches files.

mod artifacts;
mod prepare;
mod render;
mod settings;
mod surroundings;
mod write;

use std::io::{self, Write};
use std::process::ExitCode;

use sfn_asl::{Diagnostic, Severity};

use crate::Definition;

pub use artifacts::{Artifact, Artifacts};
pub use prepare::{Package, prepare};
pub use render::{Excerpt, Excerpts, Look, Sources, render};
pub use settings::{Settings, SettingsError};
pub use surroundings::{EnvironmentError, Surroundings};
pub use write::{WriteError, Written, write};

/// Emits workflows: the whole body of a deploying crate's `build.rs`.
///
/// Lowers each workflow and writes `<workflow>.asl.json` and `manifest.json` into `target/sfn/` (or the folder that
/// `SFN_OUT_DIR` names) and into `OUT_DIR`. What keeps a workflow from being lowered is shown at its Rust source, and
/// the build fails.
///
/// ```no_run
/// # mod orders { pub mod order_saga { pub fn definition() -> sfn_core::Definition { sfn_core::Definition::from_flow("order-saga", "", |_| ()) } } }
/// fn main() {
///     sfn_core::emit::emit([orders::order_saga::definition()]);
/// }
/// ```
#[expect(
    clippy::exit,
    reason = "a build script that fails must say so by its exit code, whatever `main` returns"
)]
pub fn emit(definitions: impl IntoIterator<Item = Definition>) {
    let definitions: Vec<Definition> = definitions.into_iter().collect();
    if emit_all(&definitions) == ExitCode::FAILURE {
        std::process::exit(1);
    }
}

fn emit_all(definitions: &[Definition]) -> ExitCode {
    let surroundings = match Surroundings::from_build_script() {
        Ok(surroundings) => surroundings,
        Err(error) => return fail(&error.to_string()),
    };
    let settings = match Settings::above(&surroundings.manifest_dir) {
        Ok(settings) => settings,
        Err(error) => return fail(&format!("error: {error}")),
    };
    let artifacts = match prepare(&surroundings.package, definitions, &settings) {
        Ok(artifacts) => artifacts,
        Err(diagnostics) => {
            let sources = Sources::from(surroundings.manifest_dir.clone());
            let shown: Vec<String> =
                diagnostics.iter().map(|diagnostic| render(diagnostic, &sources, Look::Plain)).collect();
            return fail(&format!("{}\n\n{}", shown.join("\n\n"), more(&diagnostics)));
        }
    };
    for warning in &artifacts.warnings {
        say(&format!("cargo::warning={warning}"));
    }
    match write(&artifacts, &surroundings) {
        Ok(written) => {
            say("cargo::rerun-if-env-changed=SFN_OUT_DIR");
            for path in &written.paths {
                say(&format!("cargo::rerun-if-changed={}", path.display()));
            }
            if let Some(file) = &settings.file {
                say(&format!("cargo::rerun-if-changed={}", file.display()));
            }
            ExitCode::SUCCESS
        }
        Err(error) => fail(&format!("error: {error}")),
    }
}

/// Where to read on, with the code of the first error.
fn more(diagnostics: &[Diagnostic]) -> String {
    let first = diagnostics.iter().find(|diagnostic| diagnostic.severity == Severity::Error);
    let code = first.map_or("all", |diagnostic| diagnostic.code.as_str());
    format!("for more about an error, try `cargo sfn check --explain {code}`")
}

/// Cargo shows what a failing build script wrote to its standard error, as it was written.
fn fail(text: &str) -> ExitCode {
    // Nobody is left to tell where standard error is closed; the exit code still speaks.
    let _ = writeln!(io::stderr(), "\n{text}\n");
    ExitCode::FAILURE
}

/// A line for Cargo.
fn say(line: &str) {
    // Where standard output is closed, Cargo is gone and the line with it.
    let _ = writeln!(io::stdout(), "{line}");
}

#[cfg(test)]
mod tests;
