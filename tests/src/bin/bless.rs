//! `cargo bless`: rewrites every golden file to what the code gives now.
//!
//! Separate because an alias of cargo cannot set the variables by which the suites are told to write.

use std::process::{Command, ExitCode};

use sfn_tests::{BLESS, workspace_root};

fn main() -> ExitCode {
    let variables =
        [("INSTA_UPDATE", "always"), ("INSTA_FORCE_PASS", "1"), ("TRYBUILD", "overwrite"), (BLESS, "1")];
    let tests = Command::new(env!("CARGO"))
        .args(["test", "--workspace", "--no-fail-fast"])
        .current_dir(workspace_root())
        .envs(variables)
        .status();
    match tests {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
