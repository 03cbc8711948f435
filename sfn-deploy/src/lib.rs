//! Infrastructure for workflows: out of the manifest and the definitions, templates for AWS SAM, Terraform and the CDK.
//!
//! Separate from the command line because it is a function of its arguments: no files, no clock, the same bytes every time.
//!
//! [`Stack::plan`] says what has to exist, in nobody's language; [`sam`], [`terraform`] and [`cdk`] write it down.
//!
//! ```
//! use sfn_deploy::{Architecture, Request, Stack, sam};
//!
//! let workflow = serde_json::from_str(
//!     r#"{
//!         "name": "greet", "package": "hello", "packageDir": "..", "file": "greet.asl.json", "type": "STANDARD",
//!         "tasks": [], "states": {}
//!     }"#,
//! )?;
//! let definition = r#"{"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}"#;
//! let stack = Stack::plan(&Request {
//!     package: "hello",
//!     workflows: &[(&workflow, definition)],
//!     architecture: Architecture::Arm64,
//!     environment: &[],
//!     links: &[],
//! })?;
//! let template = sam(&stack);
//! assert_eq!(template.generated.name, "workflows.yaml");
//! assert!(template.generated.text.contains("AWS::StepFunctions::StateMachine"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod grants;
mod iam;
mod links;
mod placeholders;
mod plan;
mod stack;

mod cdk;
mod sam;
mod terraform;

mod hcl;
mod typescript;
mod yaml;

pub use cdk::cdk;
pub use grants::{Grant, Grants, Open};
pub use plan::PlanError;
pub use sam::sam;
pub use stack::{Architecture, DEFAULT_MEMORY_MB, Request, Stack};
pub use terraform::terraform;

/// The files that one kind of template consists of, beside the definitions and the functions' zip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Written anew each time.
    pub generated: File,
    /// Written once; from then on they belong to the user.
    pub yours: Vec<File>,
}

/// A file of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub text: String,
}

/// The files of one kind of template: the generated one, and the user's own.
fn template(generated: File, yours: File) -> Template {
    Template { generated, yours: vec![yours, File::new(".gitignore", IGNORED.to_owned())] }
}

/// What deployment tools leave in the folder.
const IGNORED: &str = "bootstrap.zip\n.aws-sam/\n.terraform/\n*.tfstate*\ncdk.out/\nnode_modules/\n";

impl File {
    fn new(name: &str, text: String) -> Self {
        Self { name: name.to_owned(), text }
    }
}

/// The names of the files that templates generate, one for each kind.
pub const GENERATED: [&str; 3] = [sam::GENERATED, terraform::GENERATED, cdk::GENERATED];

/// Whether a text is that of a file which was generated, so that it may be replaced.
///
/// ```
/// assert!(sfn_deploy::is_generated("# Written by `cargo sfn template sam`, and written anew each time: ..\n"));
/// assert!(!sfn_deploy::is_generated("Resources:\n  Mine: {}\n"));
/// ```
pub fn is_generated(text: &str) -> bool {
    text.lines().next().is_some_and(|line| line.contains("Written by `cargo sfn template "))
}

/// The file that holds the functions' program.
pub const ZIP: &str = "bootstrap.zip";

/// The environment variable that names the table of idempotent tasks to their functions.
const IDEMPOTENCY_TABLE: &str = "SFN_IDEMPOTENCY_TABLE";

/// The metrics that deserve an alarm, and what each counts.
const ALARMS: [(&str, &str); 3] = [
    ("ExecutionsFailed", "executions failed"),
    ("ExecutionsTimedOut", "executions timed out"),
    ("ExecutionThrottled", "states waited because the account's quota was used up"),
];

/// How executions end that did not succeed.
const FAILED: [&str; 3] = ["FAILED", "TIMED_OUT", "ABORTED"];
