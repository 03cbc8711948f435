//! The user's workspace as cargo knows it: where its artifacts lie, how it is built, which program serves a workflow.
//! Apart from the commands, because all of them start here.

use serde::Deserialize;
use sfn_asl::nearest;
use sfn_core::{Manifest, WorkflowManifest};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The profile of programs that are deployed.
const DEPLOYED: &str = "lambda";

/// A workspace on this machine.
#[derive(Debug)]
pub(crate) struct Project {
    /// Where `cargo build` is run.
    pub(crate) root: PathBuf,
    target: PathBuf,
    packages: Vec<Package>,
}

/// A definition as it was emitted.
#[derive(Debug)]
pub(crate) struct Emitted {
    /// Its file.
    pub(crate) path: PathBuf,
    /// Its text.
    pub(crate) text: String,
}

/// The programs that a build made.
#[derive(Debug)]
pub(crate) struct Built {
    programs: Vec<Program>,
}

/// Why the workspace cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProjectError {
    #[error("`{}` does not start: {source}", .cargo.display())]
    NoCargo { cargo: PathBuf, source: std::io::Error },
    #[error("cargo does not know this folder's workspace: {0}")]
    NoWorkspace(String),
    #[error("cargo printed something that is not its JSON: {0}")]
    NotCargo(serde_json::Error),
    #[error("`cargo build` failed; its messages are above")]
    BuildFailed,
    #[error("no workflow is built here: {} does not exist; run `cargo build` in a workspace whose build script calls \
             `sfn::build::emit([..])`", .0.display())]
    NothingEmitted(PathBuf),
    #[error("{} cannot be read: {reason}; delete it and run `cargo build`", .path.display())]
    BadManifest { path: PathBuf, reason: String },
    #[error("no workflow is named `{wanted}`; there is {known}")]
    UnknownWorkflow { wanted: String, known: String },
    #[error("the package `{package}` does not lie in {} any more; run `cargo build`", .folder.display())]
    UnknownPackage { package: String, folder: PathBuf },
    #[error(
        "the package `{package}` has no program to serve its tasks; give it a `src/main.rs` with \
             `sfn::lambda::main!({workflow});`"
    )]
    NoProgram { package: String, workflow: String },
    #[error("the package `{package}` has several programs: {programs}; name one of them `{package}`")]
    SeveralPrograms { package: String, programs: String },
}

impl Project {
    /// The workspace around the current folder.
    pub(crate) fn locate() -> Result<Self, ProjectError> {
        let output = cargo()
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .output()
            .map_err(|source| ProjectError::NoCargo { cargo: cargo_path().into(), source })?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(ProjectError::NoWorkspace(said.trim_start_matches("error:").trim().to_owned()));
        }
        let metadata: Metadata = serde_json::from_slice(&output.stdout).map_err(ProjectError::NotCargo)?;
        Ok(Self {
            root: metadata.workspace_root,
            target: metadata.target_directory,
            packages: metadata.packages,
        })
    }

    /// Where cargo builds.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// The folder of the emitted artifacts.
    pub(crate) fn artifacts(&self) -> PathBuf {
        std::env::var_os("SFN_OUT_DIR").map_or_else(|| self.target.join("sfn"), PathBuf::from)
    }

    /// Builds the whole workspace, which also emits its workflows. Cargo's messages go to stderr.
    pub(crate) fn build(&self, release: bool) -> Result<Built, ProjectError> {
        let mut command = cargo();
        command.current_dir(&self.root).args(["build", "--message-format", "json-render-diagnostics"]);
        if release {
            command.arg("--release");
        }
        let output = command
            .stderr(Stdio::inherit())
            .output()
            .map_err(|source| ProjectError::NoCargo { cargo: cargo_path().into(), source })?;
        if !output.status.success() {
            return Err(ProjectError::BuildFailed);
        }
        Built::from_messages(&output.stdout)
    }

    /// Builds the programs of one package for this machine's processor, as they are deployed.
    pub(crate) fn build_deployed(&self, package: &str) -> Result<Built, ProjectError> {
        let mut command = cargo();
        command.current_dir(&self.root).args(["build", "--profile", DEPLOYED, "--package", package]);
        let output = command
            .args(["--message-format", "json-render-diagnostics"])
            .stderr(Stdio::inherit())
            .output()
            .map_err(|source| ProjectError::NoCargo { cargo: cargo_path().into(), source })?;
        if !output.status.success() {
            return Err(ProjectError::BuildFailed);
        }
        Built::from_messages(&output.stdout)
    }

    /// Builds the programs of one package for a processor of Lambda's with cargo-lambda, which brings compilers along.
    pub(crate) fn build_deployed_across(
        &self,
        package: &str,
        processor: &str,
    ) -> Result<Built, ProjectError> {
        // Not where it would write by itself: programs of the profile that has the same name are there.
        let folder = self.target.join("cargo-lambda");
        let mut command = cargo();
        command.current_dir(&self.root).args([
            "lambda",
            "build",
            "--profile",
            DEPLOYED,
            "--package",
            package,
        ]);
        let status = command
            .arg(processor)
            .arg("--lambda-dir")
            .arg(&folder)
            .stdout(Stdio::null())
            .status()
            .map_err(|source| ProjectError::NoCargo { cargo: cargo_path().into(), source })?;
        if !status.success() {
            return Err(ProjectError::BuildFailed);
        }
        let own = self.packages.iter().filter(|known| known.name == package);
        let programs = own.flat_map(|package| {
            let binaries = package.targets.iter().filter(|target| target.is_program());
            binaries.map(|target| Program {
                name: target.name.clone(),
                path: folder.join(&target.name).join("bootstrap"),
                manifest: package.manifest_path.clone(),
            })
        });
        Ok(Built { programs: programs.collect() })
    }

    /// Whether cargo-lambda is installed.
    pub(crate) fn has_cargo_lambda() -> bool {
        let asked =
            cargo().args(["lambda", "--version"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
        asked.is_ok_and(|status| status.success())
    }

    /// Whether the workspace says how programs are built that are deployed.
    pub(crate) fn has_deployed_profile(&self) -> bool {
        let text = std::fs::read_to_string(self.root.join("Cargo.toml")).unwrap_or_default();
        let manifest: toml::Table = toml::from_str(&text).unwrap_or_default();
        manifest.get("profile").and_then(|profiles| profiles.get(DEPLOYED)).is_some()
    }

    /// What the last build emitted.
    pub(crate) fn manifest(&self) -> Result<Manifest, ProjectError> {
        let path = self.artifacts().join("manifest.json");
        let bad = |reason: String| ProjectError::BadManifest { path: path.clone(), reason };
        match std::fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| bad(error.to_string())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Err(ProjectError::NothingEmitted(path))
            }
            Err(error) => Err(bad(error.to_string())),
        }
    }

    /// The folder of the package that deploys a workflow.
    pub(crate) fn folder(&self, workflow: &WorkflowManifest) -> Result<PathBuf, ProjectError> {
        let folder = self.artifacts().join(&workflow.package_dir);
        folder
            .canonicalize()
            .map_err(|_| ProjectError::UnknownPackage { package: workflow.package.clone(), folder })
    }

    /// Where the infrastructure of the package that deploys a workflow stands: its folder `infra`, or the folder that was
    /// asked for, in which each of several packages has one of its own.
    pub(crate) fn infra(
        &self,
        workflow: &WorkflowManifest,
        asked: Option<&Path>,
        several: bool,
    ) -> Result<PathBuf, ProjectError> {
        Ok(match asked {
            Some(folder) if several => folder.join(&workflow.package),
            Some(folder) => folder.to_path_buf(),
            None => relative(self.folder(workflow)?).join("infra"),
        })
    }

    /// What a package says of its deployment.
    pub(crate) fn settings(&self, package: &str) -> &Settings {
        const NONE: &Settings = &Settings { environment: Vec::new(), links: Vec::new() };
        let package = self.packages.iter().find(|known| known.name == package);
        package.and_then(|package| package.metadata.as_ref()).map_or(NONE, |all| &all.sfn)
    }

    /// The workflow of a name, and its definition.
    pub(crate) fn workflow(&self, name: &str) -> Result<(WorkflowManifest, Emitted), ProjectError> {
        let manifest = self.manifest()?;
        let workflow = manifest.workflow(name).cloned().ok_or_else(|| {
            let known = manifest.workflows.iter().map(|workflow| workflow.name.as_str());
            ProjectError::UnknownWorkflow {
                wanted: name.to_owned(),
                known: nearest::listed(&nearest::nearest_first(name, known)),
            }
        })?;
        let path = self.artifacts().join(&workflow.file);
        let text = std::fs::read_to_string(&path)
            .map_err(|error| ProjectError::BadManifest { path: path.clone(), reason: error.to_string() })?;
        Ok((workflow, Emitted { path, text }))
    }
}

impl Built {
    fn from_messages(stdout: &[u8]) -> Result<Self, ProjectError> {
        let mut programs = Vec::new();
        for line in stdout.split(|byte| *byte == b'\n').filter(|line| line.starts_with(b"{")) {
            let message: Message = serde_json::from_slice(line).map_err(ProjectError::NotCargo)?;
            if let Message { executable: Some(path), manifest_path: Some(manifest), target: Some(target) } =
                message
                && target.is_program()
            {
                programs.push(Program { name: target.name, path, manifest });
            }
        }
        Ok(Self { programs })
    }

    /// The program that serves a workflow's tasks: the only one of its package, which lies in `folder`, or the one that
    /// bears the package's name.
    pub(crate) fn program(&self, workflow: &WorkflowManifest, folder: &Path) -> Result<&Path, ProjectError> {
        let package = &workflow.package;
        let is_own = |program: &&Program| program.manifest.parent() == Some(folder);
        let own: Vec<_> = self.programs.iter().filter(is_own).collect();
        match own.as_slice() {
            [] => {
                let workflow = workflow.name.replace('-', "_");
                Err(ProjectError::NoProgram { package: package.clone(), workflow })
            }
            [only] => Ok(&only.path),
            several => several.iter().find(|program| program.name == *package).map_or_else(
                || {
                    let names: Vec<_> = several.iter().map(|program| program.name.as_str()).collect();
                    let programs = nearest::listed(&names);
                    Err(ProjectError::SeveralPrograms { package: package.clone(), programs })
                },
                |named| Ok(named.path.as_path()),
            ),
        }
    }
}

/// A program that a build made.
#[derive(Debug)]
struct Program {
    name: String,
    path: PathBuf,
    manifest: PathBuf,
}

/// The part of `cargo metadata` that matters here.
#[derive(Deserialize)]
struct Metadata {
    workspace_root: PathBuf,
    target_directory: PathBuf,
    packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    manifest_path: PathBuf,
    targets: Vec<Target>,
    metadata: Option<PackageMetadata>,
}

/// `[package.metadata]`, where tools keep what is theirs.
#[derive(Debug, Default, Deserialize)]
struct PackageMetadata {
    #[serde(default)]
    sfn: Settings,
}

/// `[package.metadata.sfn]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    /// The environment variables that its tasks read.
    #[serde(default)]
    pub(crate) environment: Vec<String>,
    /// The tasks that make links which complete their tokens.
    #[serde(default)]
    pub(crate) links: Vec<String>,
}

/// The part of a build's messages that matters here.
#[derive(Deserialize)]
struct Message {
    executable: Option<PathBuf>,
    manifest_path: Option<PathBuf>,
    target: Option<Target>,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

impl Target {
    fn is_program(&self) -> bool {
        self.kind.iter().any(|kind| kind == "bin")
    }
}

/// A path below the current folder as seen from there, which is shorter to read.
fn relative(path: PathBuf) -> PathBuf {
    let here = std::env::current_dir().and_then(|here| here.canonicalize());
    match here.as_ref().map(|here| path.strip_prefix(here)) {
        Ok(Ok(below)) => below.to_path_buf(),
        _ => path,
    }
}

fn cargo() -> Command {
    const OF_A_PACKAGE: [&str; 4] = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_NAME", "CARGO_CRATE_NAME"];
    let mut command = Command::new(cargo_path());
    // Under `cargo run` this process has variables of its own package; build scripts that watch them would run again.
    for (name, _) in std::env::vars_os() {
        if OF_A_PACKAGE.iter().any(|prefix| name.to_string_lossy().starts_with(prefix)) {
            command.env_remove(name);
        }
    }
    command
}

/// The cargo that started this program, so that both speak of the same toolchain.
fn cargo_path() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(name: &str, kind: &str, package: &str) -> String {
        let target = serde_json::json!({ "name": name, "kind": [kind] });
        let executable = (kind == "bin").then(|| format!("/target/{name}"));
        let manifest_path = format!("/{package}/Cargo.toml");
        serde_json::json!({ "executable": executable, "manifest_path": manifest_path, "target": target })
            .to_string()
    }

    fn workflow() -> WorkflowManifest {
        serde_json::from_value(serde_json::json!({
            "name": "order-saga", "package": "shop", "packageDir": "/shop", "file": "order-saga.asl.json",
            "type": "STANDARD", "tasks": [], "states": {},
        }))
        .unwrap()
    }

    #[track_caller]
    fn check(messages: &[String], expected: Result<&str, &str>) {
        let stdout = format!(
            "a line that is no message\n{}\n{{\"reason\":\"build-finished\"}}\n",
            messages.join("\n")
        );
        let built = Built::from_messages(stdout.as_bytes()).unwrap();
        let outcome = built.program(&workflow(), Path::new("/shop")).map_err(|error| error.to_string());
        assert_eq!(outcome.as_ref().map(|path| path.to_str().unwrap()).map_err(String::as_str), expected);
    }

    #[test]
    fn the_program_of_the_deploying_package_serves() {
        let other = message("other", "bin", "elsewhere");
        check(&[other.clone(), message("serve", "bin", "shop")], Ok("/target/serve"));
        check(&[message("tool", "bin", "shop"), message("shop", "bin", "shop")], Ok("/target/shop"));
        check(
            &[other, message("shop", "lib", "shop")],
            Err("the package `shop` has no program to serve its tasks; give it a `src/main.rs` with \
                 `sfn::lambda::main!(order_saga);`"),
        );
        check(
            &[message("a", "bin", "shop"), message("b", "bin", "shop")],
            Err("the package `shop` has several programs: `a`, `b`; name one of them `shop`"),
        );
    }
}
