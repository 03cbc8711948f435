//! `cargo sfn package`: the program of the functions as Lambda takes it. Apart from the archive, which knows nothing of
//! packages and processors.

mod archive;
mod glibc;

use crate::project::{Built, Project, ProjectError};
use crate::template::Arch;
use sfn_core::WorkflowManifest;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

/// Builds the program that serves the tasks, and packs it as Lambda takes it: `bootstrap.zip`, the same bytes each time.
///
/// It goes into the folder `infra` of the package that deploys the workflows, where its template looks for it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The workflows; without any, all of them.
    workflows: Vec<String>,
    /// Where to write; the programs of several packages get a folder each below it.
    #[arg(long, short)]
    output: Option<PathBuf>,
    /// The processor of the functions; another than this machine's needs cargo-lambda.
    #[arg(long, value_enum, default_value_t = Arch::X86_64)]
    arch: Arch,
}

/// Why there is no package.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PackageError {
    #[error(transparent)]
    Project(#[from] ProjectError),
    #[error(
        "this machine cannot build programs of Lambda's for {0} by itself; install cargo-lambda, which can: \
         `pip install cargo-lambda` or `cargo install cargo-lambda`, and Rust's library for it: \
         `rustup target add {0}-unknown-linux-gnu`"
    )]
    NeedsCargoLambda(&'static str),
    #[error(
        "the program needs version {needed} of the C library, and Lambda's `provided.al2023` has {}.{}; build it with \
         cargo-lambda (`pip install cargo-lambda`), which `cargo sfn package` uses where it is installed",
        glibc::LAMBDA.0, glibc::LAMBDA.1
    )]
    NewerLibrary { needed: String },
    #[error(
        "the workspace has no profile `lambda`; add it to its `Cargo.toml`:\n\n[profile.lambda]\ninherits = \"release\"\n\
         opt-level = \"z\"\nlto = \"fat\"\ncodegen-units = 1\nstrip = true"
    )]
    NoProfile,
    #[error("{} cannot be read: {source}", .path.display())]
    Read { path: PathBuf, source: std::io::Error },
    #[error("{} cannot be written: {source}", .path.display())]
    Write { path: PathBuf, source: std::io::Error },
    #[error("the program cannot be packed: {0}")]
    Archive(#[from] zip::result::ZipError),
}

/// The name that Lambda starts a program by.
const BOOTSTRAP: &str = "bootstrap";

/// What Lambda takes: an archive that is handed in directly, and all files unpacked.
const ZIPPED_LIMIT: u64 = 50 << 20;
const UNZIPPED_LIMIT: u64 = 250 << 20;

/// Builds, packs and reports for each package.
pub(crate) fn package(args: &Args) -> Result<ExitCode, PackageError> {
    let project = Project::locate()?;
    let packages = chosen(&project, &args.workflows)?;
    if !project.has_deployed_profile() {
        return Err(PackageError::NoProfile);
    }
    for workflow in packages.values() {
        let folder = project.infra(workflow, args.output.as_deref(), packages.len() > 1)?;
        let bytes = program(&project, workflow, args.arch)?;
        let zip = archive::pack(BOOTSTRAP, &bytes)?;
        let path = folder.join(sfn_deploy::ZIP);
        let failed = |source| PackageError::Write { path: path.clone(), source };
        std::fs::create_dir_all(&folder).map_err(failed)?;
        std::fs::write(&path, &zip).map_err(failed)?;
        println!("wrote {} for {}", path.display(), sfn_deploy::Architecture::from(args.arch).name());
        println!("  zipped    {}", share(zip.len(), ZIPPED_LIMIT));
        println!("  unzipped  {}", share(bytes.len(), UNZIPPED_LIMIT));
    }
    Ok(ExitCode::SUCCESS)
}

/// The program that serves a workflow's tasks, for a processor of Lambda's.
fn program(project: &Project, workflow: &WorkflowManifest, arch: Arch) -> Result<Vec<u8>, PackageError> {
    let (processor, flag) = match arch {
        Arch::X86_64 => ("x86_64", "--x86-64"),
        Arch::Arm64 => ("aarch64", "--arm64"),
    };
    let read = |built: Built| {
        let path = built.program(workflow, &project.folder(workflow)?)?;
        std::fs::read(path).map_err(|source| PackageError::Read { path: path.to_path_buf(), source })
    };
    let package = &workflow.package;
    let is_own = std::env::consts::OS == "linux" && std::env::consts::ARCH == processor;
    if is_own {
        let program = read(project.build_deployed(package)?)?;
        match glibc::check(&program) {
            Err(newer) if !Project::has_cargo_lambda() => return Err(newer),
            Err(_) => {}
            Ok(()) => return Ok(program),
        }
    } else if !Project::has_cargo_lambda() {
        return Err(PackageError::NeedsCargoLambda(processor));
    }
    let program = read(project.build_deployed_across(package, flag)?)?;
    glibc::check(&program)?;
    Ok(program)
}

/// One workflow of each package that is to be packed.
fn chosen(project: &Project, names: &[String]) -> Result<BTreeMap<String, WorkflowManifest>, ProjectError> {
    let workflows = match names {
        [] => project.manifest()?.workflows,
        some => some.iter().map(|name| Ok(project.workflow(name)?.0)).collect::<Result<_, ProjectError>>()?,
    };
    Ok(workflows.into_iter().map(|workflow| (workflow.package.clone(), workflow)).collect())
}

/// `1.4 MB of 50 MB (3 %)`.
fn share(size: usize, limit: u64) -> String {
    let size = u64::try_from(size).unwrap_or(u64::MAX);
    let tenths = size.saturating_mul(10) >> 20;
    let percent = size.saturating_mul(100).div_ceil(limit);
    let warning = if size > limit { ": more than Lambda takes" } else { "" };
    format!("{:>3}.{} MiB of {} MiB ({percent} %){warning}", tenths / 10, tenths % 10, limit >> 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_set_against_limits() {
        assert_eq!(share(1_500_000, ZIPPED_LIMIT), "  1.4 MiB of 50 MiB (3 %)");
        assert_eq!(share(60 << 20, ZIPPED_LIMIT), " 60.0 MiB of 50 MiB (120 %): more than Lambda takes");
    }
}
