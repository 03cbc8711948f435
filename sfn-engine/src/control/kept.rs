//! What the control plane keeps in the journal: rows of State Machines, revisions, Activities and executions.
//! Separate from the registry because a row says by name what the registry holds as a pointer.

use std::sync::Arc;

use serde_json::Value as Json;
use sfn_asl::ExecutionType;

use super::executions::ExecutionRecord;
use super::registry::{
    Activity, Alias, Change, Configuration, Registry, Revision, Route, StateMachine, Version,
};
use crate::Timestamp;
use crate::core::Identity;
use crate::journal::{
    Codec, Table, Unit, Write, codec_enum, codec_list, codec_shared, codec_struct, key_of, key_of_text,
};

/// A State Machine or an Activity, with its tags.
#[derive(Debug)]
pub(super) enum ResourceRow {
    Machine(MachineRow, Vec<(String, String)>),
    Activity(ActivityRow, Vec<(String, String)>),
}

/// A [`StateMachine`], with its revisions by their keys.
#[derive(Debug)]
pub(super) struct MachineRow {
    pub(super) arn: Arc<str>,
    pub(super) name: Arc<str>,
    pub(super) kind: ExecutionType,
    pub(super) created: Timestamp,
    pub(super) is_deleting: bool,
    pub(super) revision: Arc<str>,
    pub(super) last_version: u64,
    pub(super) versions: Vec<VersionRow>,
    pub(super) aliases: Vec<(String, Alias)>,
}

#[derive(Debug)]
pub(super) struct VersionRow {
    pub(super) number: u64,
    pub(super) revision: Arc<str>,
    pub(super) description: Option<String>,
    pub(super) created: Timestamp,
}

#[derive(Debug)]
pub(super) struct ActivityRow {
    pub(super) arn: Arc<str>,
    pub(super) name: Arc<str>,
    pub(super) created: Timestamp,
    pub(super) encryption: Option<Json>,
}

/// A [`Revision`] without what is made of its definition.
#[derive(Debug)]
pub(super) struct RevisionRow {
    pub(super) key: Arc<str>,
    pub(super) id: Option<String>,
    pub(super) definition: Arc<str>,
    pub(super) role_arn: Arc<str>,
    pub(super) configuration: Configuration,
    pub(super) updated: Timestamp,
}

/// An [`ExecutionRecord`], and all that it takes to begin it again.
#[derive(Debug)]
pub(super) struct ExecutionRow {
    pub(super) beginning: Beginning,
    pub(super) version_arn: Option<Arc<str>>,
    pub(super) alias_arn: Option<Arc<str>>,
    pub(super) kind: ExecutionType,
    pub(super) revision: Arc<str>,
    pub(super) input: Arc<str>,
    pub(super) trace_header: Option<Arc<str>>,
    pub(super) request: Option<Arc<str>>,
    pub(super) started: Timestamp,
}

/// What an execution begins with, besides its revision and its input.
#[derive(Debug, Clone)]
pub(super) struct Beginning {
    /// Its number in the journal.
    pub(super) number: u64,
    pub(super) identity: Arc<Identity>,
    pub(super) seed: u64,
    pub(super) test_case: Option<Arc<str>>,
}

codec_enum!(ResourceRow { 0 => Machine(machine, tags), 1 => Activity(activity, tags) });
codec_struct!(MachineRow {
    arn,
    name,
    kind,
    created,
    is_deleting,
    revision,
    last_version,
    versions,
    aliases
});
codec_struct!(VersionRow { number, revision, description, created });
codec_struct!(Alias { description, routes, created, updated });
codec_struct!(Route { version, weight });
codec_struct!(ActivityRow { arn, name, created, encryption });
codec_struct!(RevisionRow { key, id, definition, role_arn, configuration, updated });
codec_struct!(Configuration { logging, tracing, encryption });
codec_struct!(ExecutionRow {
    beginning,
    version_arn,
    alias_arn,
    kind,
    revision,
    input,
    trace_header,
    request,
    started
});
codec_struct!(Beginning { number, identity, seed, test_case });
codec_struct!(Identity { execution_arn, name, role_arn, machine_arn, machine_name, region });
codec_shared!(Identity);
codec_enum!(ExecutionType { 0 => Standard, 1 => Express });
codec_list!(VersionRow, Route, (String, Alias));

/// As text: configurations are small and nobody computes with them.
impl Codec for Json {
    fn write(&self, bytes: &mut Vec<u8>) {
        self.to_string().write(bytes);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        serde_json::from_str(&String::read(bytes)?).ok()
    }
}

impl Registry {
    /// What the journal is to write for a change: what is known before it is made, and the resource whose row changes.
    pub(super) fn writes(&self, change: &Change) -> (Unit, Option<Arc<str>>) {
        match change {
            Change::MachineCreated { machine, .. } => {
                (vec![machine.revision.write()], Some(Arc::clone(&machine.arn)))
            }
            Change::MachineRevised { machine, revision } => {
                (vec![revision.write()], Some(Arc::clone(machine)))
            }
            Change::MachineGone { machine } => {
                let executions = self.executions_of(machine).flat_map(|execution| execution.forget());
                (executions.collect(), Some(Arc::clone(machine)))
            }
            Change::MachineDeleting { machine: resource }
            | Change::VersionPublished { machine: resource, .. }
            | Change::VersionDeleted { machine: resource, .. }
            | Change::AliasSet { machine: resource, .. }
            | Change::AliasDeleted { machine: resource, .. }
            | Change::ActivityDeleted { activity: resource }
            | Change::Tagged { resource, .. }
            | Change::Untagged { resource, .. } => (Vec::new(), Some(Arc::clone(resource))),
            Change::ActivityCreated { activity, .. } => (Vec::new(), Some(Arc::clone(&activity.arn))),
            Change::ExecutionStarted { execution } => (execution.write().into_iter().collect(), None),
            Change::ExecutionForgotten { execution } => {
                (self.execution(execution).map(|it| it.forget()).unwrap_or_default(), None)
            }
        }
    }

    /// Sets the row of a resource, or removes it if there is no such resource.
    pub(super) fn resource_write(&self, arn: &str) -> Write {
        let tags = || {
            let tags = self.tags.get(arn).into_iter().flatten();
            tags.map(|(key, value)| (key.clone(), value.clone())).collect()
        };
        let machine = self.machines.get(arn).map(|it| ResourceRow::Machine(it.row(), tags()));
        let row =
            machine.or_else(|| self.activities.get(arn).map(|it| ResourceRow::Activity(it.row(), tags())));
        match row {
            Some(row) => Write::put(Table::Resources, key_of_text(arn), &row),
            None => Write::Clear { table: Table::Resources, prefix: key_of_text(arn) },
        }
    }
}

impl StateMachine {
    fn row(&self) -> MachineRow {
        let version = |(number, version): (&u64, &Version)| VersionRow {
            number: *number,
            revision: Arc::clone(&version.revision.key),
            description: version.description.clone(),
            created: version.created,
        };
        MachineRow {
            arn: Arc::clone(&self.arn),
            name: Arc::clone(&self.name),
            kind: self.kind,
            created: self.created,
            is_deleting: self.is_deleting,
            revision: Arc::clone(&self.revision.key),
            last_version: self.last_version,
            versions: self.versions.iter().map(version).collect(),
            aliases: self.aliases.iter().map(|(name, alias)| (name.clone(), alias.clone())).collect(),
        }
    }
}

impl Activity {
    fn row(&self) -> ActivityRow {
        let Self { arn, name, created, encryption } = self.clone();
        ActivityRow { arn, name, created, encryption }
    }
}

impl Revision {
    fn write(&self) -> Write {
        let row = RevisionRow {
            key: Arc::clone(&self.key),
            id: self.id.clone(),
            definition: Arc::clone(&self.definition),
            role_arn: Arc::clone(&self.role_arn),
            configuration: self.configuration.clone(),
            updated: self.updated,
        };
        Write::put(Table::Revisions, key_of_text(&self.key), &row)
    }
}

impl ExecutionRecord {
    fn write(&self) -> Option<Write> {
        let beginning = self.beginning.as_deref()?.clone();
        let key = key_of(beginning.number);
        let row = ExecutionRow {
            beginning,
            version_arn: self.version_arn.clone(),
            alias_arn: self.alias_arn.clone(),
            kind: self.kind,
            revision: Arc::clone(&self.revision.key),
            input: Arc::clone(&self.input),
            trace_header: self.trace_header.clone(),
            request: self.request.clone(),
            started: self.started,
        };
        Some(Write::put(Table::Executions, key, &row))
    }

    fn forget(&self) -> Unit {
        self.beginning.as_ref().map(|beginning| forget(beginning.number)).unwrap_or_default()
    }
}

/// Removes all there is of an execution.
pub(super) fn forget(number: u64) -> Unit {
    let tables = [Table::Executions, Table::Happenings, Table::Outcomes, Table::Answers];
    tables.map(|table| Write::Clear { table, prefix: key_of(number) }).into()
}
