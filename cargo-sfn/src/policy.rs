//! `cargo sfn policy`: what a state machine's role must be allowed to do. Apart from `template`, because any definition can be
//! asked, also those that no workflow emits.

use crate::definition::{self, DefinitionError};
use crate::style::Style;
use serde::Serialize;
use sfn_deploy::{Grant, Grants};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Prints the policy that the role of a state machine needs: a workflow of this workspace, or any definition.
///
/// Placeholders of the definition stay what they are, and so does what only an execution knows; both are filled in by whoever
/// attaches the policy. What no definition can say is a warning.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The workflow's name, or a file that holds a definition; `-` is the standard input.
    what: PathBuf,
    /// Which definition, where a template holds several.
    #[arg(long)]
    definition: Option<String>,
    /// The name of the state machine, for rights to its own executions; without it, the workflow's or the file's.
    #[arg(long)]
    name: Option<String>,
    /// The region of the state machine; without it, `${AWS::Region}`.
    #[arg(long)]
    region: Option<String>,
    /// The account of the state machine; without it, `${AWS::AccountId}`.
    #[arg(long)]
    account: Option<String>,
    /// The partition of the state machine; without it, `${AWS::Partition}`, or `aws` where the region or the account is given.
    #[arg(long)]
    partition: Option<String>,
}

/// Why there is no policy.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PolicyError {
    #[error(transparent)]
    Definition(#[from] DefinitionError),
    #[error("the policy cannot be written: {0}")]
    Write(#[from] serde_json::Error),
}

/// Prints the policy; what is left to do goes to stderr.
pub(crate) fn policy(args: &Args) -> Result<ExitCode, PolicyError> {
    let meant = definition::meant(&args.what, args.definition.as_deref())?;
    let name = args.name.clone().unwrap_or_else(|| stem(&meant.name));
    let grants = Grants::of(&meant.machine, &name);
    let document = Document::of(&grants);
    let text = serde_json::to_string_pretty(&document)?;
    println!("{}", args.filled_in(text));
    let style = Style::of_stderr();
    if document.has_parts() {
        eprintln!(
            "{}: `${{Name[/4]}}` is a part of what takes the place of `${{Name}}`: the one behind the fourth `/`",
            style.strong("note")
        );
    }
    for (name, description) in &grants.parameters {
        eprintln!("{}: fill in `${{{name}}}`: {description}", style.strong("note"));
    }
    for open in &grants.open {
        eprintln!("{}: `{}`: {}", style.waiting("warning"), open.state, open.message);
    }
    Ok(ExitCode::SUCCESS)
}

impl Args {
    fn filled_in(&self, text: String) -> String {
        let is_placed = self.region.is_some() || self.account.is_some();
        let partition = self.partition.as_deref().or(is_placed.then_some("aws"));
        let places = [
            ("${AWS::Partition}", partition),
            ("${AWS::Region}", self.region.as_deref()),
            ("${AWS::AccountId}", self.account.as_deref()),
        ];
        places.iter().fold(text, |text, (name, value)| match value {
            Some(value) => text.replace(name, value),
            None => text,
        })
    }
}

/// The name of a file without its folders and endings: `order` for `infra/order.asl.json`.
fn stem(name: &str) -> String {
    let file = Path::new(name).file_name().map_or(name.into(), |name| name.to_string_lossy());
    file.split('.').next().unwrap_or_default().to_owned()
}

/// A policy as IAM reads it, in the order in which people do.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Document {
    version: &'static str,
    statement: Vec<Statement>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    effect: &'static str,
    action: Vec<&'static str>,
    resource: Vec<String>,
    /// Keys and values, by operator.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    condition: BTreeMap<&'static str, BTreeMap<&'static str, Vec<String>>>,
}

impl Document {
    fn of(grants: &Grants) -> Self {
        let statement = |grant: Grant<'_>| Statement {
            effect: "Allow",
            action: grant.actions.to_vec(),
            resource: grant.resources,
            condition: grant
                .conditions
                .into_iter()
                .map(|(operator, key, values)| (operator, BTreeMap::from([(key, values)])))
                .collect(),
        };
        Self { version: "2012-10-17", statement: grants.statements().map(statement).collect() }
    }

    fn has_parts(&self) -> bool {
        self.statement.iter().flat_map(|statement| &statement.resource).any(|resource| resource.contains('['))
    }
}
