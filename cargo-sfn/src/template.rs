//! `cargo sfn template`: what has to exist on AWS so that the workflows run there. Apart from `sfn-deploy`, which knows
//! what stands in a template, because finding, reading and writing files is done here.

use crate::project::{Project, ProjectError};
use crate::style::Style;
use sfn_core::WorkflowManifest;
use sfn_deploy::{File, PlanError, Request, Stack, Template, is_generated};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Writes a template for the workflows that the last build emitted: functions, state machines, roles, logs, alarms.
///
/// It goes into the folder `infra` of the package that deploys the workflows, with the definitions beside it. Written
/// again, it replaces what it generated and leaves what is yours.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The language of the template.
    #[arg(value_enum)]
    language: Language,
    /// The workflows; without any, all of them.
    workflows: Vec<String>,
    /// Where to write; workflows of several packages get a folder each below it.
    #[arg(long, short)]
    output: Option<PathBuf>,
    /// The processor of the functions; `cargo sfn package --arch` makes a program for it.
    #[arg(long, value_enum, default_value_t = Arch::X86_64)]
    arch: Arch,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Language {
    /// AWS SAM: `workflows.yaml`.
    Sam,
    /// Terraform: `workflows.tf`.
    Terraform,
    /// AWS CDK, in TypeScript: `workflows.ts`.
    Cdk,
}

/// The processors that Lambda has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Arch {
    #[value(name = "x86_64")]
    X86_64,
    #[value(name = "arm64")]
    Arm64,
}

/// Why there is no template.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TemplateError {
    #[error(transparent)]
    Project(#[from] ProjectError),
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error(
        "{} is there already, and `cargo sfn template` did not write it; move it away, or choose another folder with `--output`",
        .0.display()
    )]
    NotOurs(PathBuf),
    #[error("{} cannot be written: {source}", .path.display())]
    Write { path: PathBuf, source: std::io::Error },
}

/// Plans and writes a template for each package.
pub(crate) fn template(args: &Args) -> Result<ExitCode, TemplateError> {
    let project = Project::locate()?;
    let packages = chosen(&project, &args.workflows)?;
    let style = Style::of_stderr();
    for (package, workflows) in &packages {
        let folder = project.infra(&workflows[0].0, args.output.as_deref(), packages.len() > 1)?;
        let workflows: Vec<_> = workflows.iter().map(|(workflow, text)| (workflow, text.as_str())).collect();
        let stack = Stack::plan(&Request {
            package,
            workflows: &workflows,
            architecture: args.arch.into(),
            environment: &project.settings(package).environment,
            links: &project.settings(package).links,
        })?;
        let template = match args.language {
            Language::Sam => sfn_deploy::sam(&stack),
            Language::Terraform => sfn_deploy::terraform(&stack),
            Language::Cdk => sfn_deploy::cdk(&stack),
        };
        write(&folder, &template, &workflows)?;
        for (name, open) in stack.open() {
            let workflow = workflows.iter().find(|(workflow, _)| workflow.name == name);
            let place = workflow.and_then(|(workflow, _)| workflow.states.get(&open.state));
            let place = place.map_or_else(String::new, |place| format!(" ({}:{})", place.file, place.line));
            eprintln!(
                "{}: `{}` of `{name}`{place}: {}; attach a policy to the role in the file that is yours",
                style.waiting("warning"),
                open.state,
                open.message
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The workflows of the given names with their definitions, by package.
fn chosen(
    project: &Project,
    names: &[String],
) -> Result<BTreeMap<String, Vec<(WorkflowManifest, String)>>, ProjectError> {
    let names = match names {
        [] => project.manifest()?.workflows.into_iter().map(|workflow| workflow.name).collect(),
        some => some.to_vec(),
    };
    let mut packages: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for name in names {
        let (workflow, definition) = project.workflow(&name)?;
        let chosen = packages.entry(workflow.package.clone()).or_default();
        if chosen.iter().all(|(other, _): &(WorkflowManifest, String)| other.name != workflow.name) {
            chosen.push((workflow, definition.text));
        }
    }
    Ok(packages)
}

fn write(
    folder: &Path,
    template: &Template,
    workflows: &[(&WorkflowManifest, &str)],
) -> Result<(), TemplateError> {
    let failed = |path: &Path| {
        let path = path.to_path_buf();
        move |source| TemplateError::Write { path, source }
    };
    let definitions = workflows.iter().map(|(workflow, text)| (workflow.file.as_str(), *text));
    let generated = (template.generated.name.as_str(), template.generated.text.as_str());
    let written: Vec<_> = definitions.chain([generated]).collect();
    if let Some(foreign) = foreign(folder, &written) {
        return Err(TemplateError::NotOurs(foreign));
    }
    std::fs::create_dir_all(folder).map_err(failed(folder))?;
    for (name, text) in written {
        let path = folder.join(name);
        let before = std::fs::read(&path).ok();
        if before.is_none_or(|before| before != text.as_bytes()) {
            std::fs::write(&path, text).map_err(failed(&path))?;
            println!("wrote {}", path.display());
        } else {
            println!("{} is up to date", path.display());
        }
    }
    for File { name, text } in &template.yours {
        let path = folder.join(name);
        if path.exists() {
            println!("left {} as it is: it is yours", path.display());
        } else {
            std::fs::write(&path, text).map_err(failed(&path))?;
            println!("wrote {}; from now on it is yours", path.display());
        }
    }
    Ok(())
}

/// A file that would be replaced and that no template wrote: neither what one generated, nor a definition that stands beside
/// such a file and is named there.
fn foreign(folder: &Path, written: &[(&str, &str)]) -> Option<PathBuf> {
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).ok();
    let generated: Vec<String> = sfn_deploy::GENERATED
        .iter()
        .filter_map(|name| read(name))
        .filter(|text| is_generated(text))
        .collect();
    let is_ours = |name: &str, text: &str| {
        let path = folder.join(name);
        !path.exists()
            || read(name).is_some_and(|before| before == text || is_generated(&before))
            || generated.iter().any(|text| text.contains(name))
    };
    written.iter().find(|(name, text)| !is_ours(name, text)).map(|(name, _)| folder.join(name))
}

impl From<Arch> for sfn_deploy::Architecture {
    fn from(arch: Arch) -> Self {
        match arch {
            Arch::X86_64 => Self::X86_64,
            Arch::Arm64 => Self::Arm64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_else_wrote_is_left_alone() {
        let folder = std::env::temp_dir().join(format!("sfn-template-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let put = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
        let written =
            [("a.asl.json", "{}"), ("workflows.yaml", "# Written by `cargo sfn template sam`: a.asl.json\n")];
        assert_eq!(foreign(&folder, &written), None, "nothing is there");
        put("a.asl.json", "{}");
        assert_eq!(foreign(&folder, &written), None, "nothing would change");
        put("a.asl.json", "mine");
        assert_eq!(foreign(&folder, &written), Some(folder.join("a.asl.json")));
        put("workflows.yaml", "Resources: {Mine: {DefinitionUri: a.asl.json}}\n");
        assert_eq!(foreign(&folder, &written[1..]), Some(folder.join("workflows.yaml")));
        put("workflows.yaml", written[1].1);
        assert_eq!(foreign(&folder, &written), None, "an earlier template names it");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
