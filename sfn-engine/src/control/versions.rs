//! Versions of State Machines: revisions under numbers that never change.
//! Separate because versions have rules of their own: numbers are not reused, and aliases hold on to them.

use std::sync::Arc;

use super::arn::{Qualifier, Resource};
use super::machines::{base_arn, labelled, machine_arn, unqualified};
use super::registry::Version;
use super::{Change, Control, Page, Refusal};
use crate::Timestamp;

/// A version in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionSummary {
    /// Its ARN.
    pub arn: String,
    /// When it was published.
    pub created: Timestamp,
}

/// How many versions a State Machine may have.
const MOST_VERSIONS: usize = 1000;

impl Control {
    /// Publishes the current revision of a State Machine, unless that has been done.
    ///
    /// # Errors
    /// As the service's `PublishStateMachineVersion`; among others when `revision_id` is not the current one.
    pub fn publish_version(
        &self,
        arn: &str,
        revision_id: Option<&str>,
        description: Option<String>,
    ) -> Result<VersionSummary, Refusal> {
        unqualified(arn)?;
        let mut registry = self.registry();
        let machine = registry.live_machine(arn)?;
        let current = machine.revision.id.as_deref().unwrap_or("INITIAL");
        if let Some(wanted) = revision_id.filter(|wanted| *wanted != current) {
            let message = format!(
                "Failed to publish the State Machine version for revision {wanted}. The current State Machine revision is {current}."
            );
            return Err(Refusal::new("ConflictException", message));
        }
        let published = machine.versions.iter().find(|(_, it)| Arc::ptr_eq(&it.revision, &machine.revision));
        if let Some((number, version)) = published {
            return Ok(VersionSummary { arn: format!("{arn}:{number}"), created: version.created });
        }
        if machine.versions.len() >= MOST_VERSIONS {
            let message =
                format!("The maximum number of versions ({MOST_VERSIONS}) has been reached for '{arn}'");
            return Err(Refusal::new("ServiceQuotaExceededException", message));
        }
        let (machine, number) = (Arc::clone(&machine.arn), machine.last_version + 1);
        let revision = Arc::clone(&registry.machines[&machine].revision);
        let version = Version { revision, description, created: self.now() };
        let summary = VersionSummary { arn: format!("{machine}:{number}"), created: version.created };
        registry.apply(Change::VersionPublished { machine, number, version });
        Ok(summary)
    }

    /// Lists the versions of a State Machine, the latest first.
    ///
    /// # Errors
    /// As the service's `ListStateMachineVersions`.
    pub fn list_versions(
        &self,
        arn: &str,
        page: &Page,
    ) -> Result<(Vec<VersionSummary>, Option<String>), Refusal> {
        unqualified(arn)?;
        let versions: Vec<_> = {
            let registry = self.registry();
            let machine = registry.machines.get(arn).ok_or_else(|| Refusal::no_such_machine(arn))?;
            let summary = |(number, version): (&u64, &Version)| VersionSummary {
                arn: format!("{arn}:{number}"),
                created: version.created,
            };
            machine.versions.iter().rev().map(summary).collect()
        };
        self.pager()
            .cut(self.now(), &format!("versions {arn}"), versions, page, |version| version.arn.clone())
    }

    /// Deletes a version that no alias leads to. Executions that run it go on.
    ///
    /// # Errors
    /// As the service's `DeleteStateMachineVersion`. Deleting what is not there is none.
    pub fn delete_version(&self, arn: &str) -> Result<(), Refusal> {
        let Resource::StateMachine { qualifier, .. } = machine_arn(arn)?.resource else { return Ok(()) };
        let number = match qualifier {
            Some(Qualifier::Version(number)) => number,
            Some(Qualifier::Label(_)) => return Err(labelled(arn)),
            Some(Qualifier::Alias(_)) | None => {
                return Err(Refusal::validation(format!("'{arn}' is not a state machine version ARN")));
            }
        };
        let mut registry = self.registry();
        let Some(machine) = registry.machines.get(base_arn(arn)) else { return Ok(()) };
        let leads_there = |(name, alias): (&String, &super::registry::Alias)| {
            alias.routes.iter().any(|route| route.version == number).then(|| name.clone())
        };
        let aliases: Vec<String> = machine.aliases.iter().filter_map(leads_there).collect();
        if !aliases.is_empty() {
            let message = format!(
                "Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [{}]",
                aliases.join(", ")
            );
            return Err(Refusal::new("ConflictException", message));
        }
        let machine = Arc::clone(&machine.arn);
        registry.apply(Change::VersionDeleted { machine, number });
        Ok(())
    }
}
