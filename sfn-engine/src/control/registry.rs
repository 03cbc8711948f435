//! What the control plane keeps: State Machines with revisions, versions and aliases, Activities, tags, executions.
//! Separate because every change goes through one function here, [`Registry::apply`], so that one place can write a
//! journal of all there is to know.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value as Json;
use sfn_asl::ExecutionType;

use super::executions::ExecutionRecord;
use crate::Timestamp;
use crate::core::Machine;
use crate::journal::Journal;

/// A State Machine.
#[derive(Debug, Clone)]
pub(super) struct StateMachine {
    pub(super) arn: Arc<str>,
    pub(super) name: Arc<str>,
    pub(super) kind: ExecutionType,
    pub(super) created: Timestamp,
    pub(super) is_deleting: bool,
    pub(super) revision: Arc<Revision>,
    pub(super) versions: BTreeMap<u64, Version>,
    /// The number of the last version ever published.
    pub(super) last_version: u64,
    /// By name.
    pub(super) aliases: BTreeMap<String, Alias>,
}

/// One state of a State Machine's configuration.
#[derive(Debug)]
pub(super) struct Revision {
    /// What nothing else is called.
    pub(super) key: Arc<str>,
    /// None until the first update.
    pub(super) id: Option<String>,
    pub(super) definition: Arc<str>,
    pub(super) machine: Arc<Machine>,
    pub(super) role_arn: Arc<str>,
    pub(super) configuration: Configuration,
    pub(super) updated: Timestamp,
}

/// What is configured beside the definition, as it was given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Configuration {
    pub(super) logging: Option<Json>,
    pub(super) tracing: Option<Json>,
    pub(super) encryption: Option<Json>,
}

/// A revision under a number.
#[derive(Debug, Clone)]
pub(super) struct Version {
    pub(super) revision: Arc<Revision>,
    pub(super) description: Option<String>,
    pub(super) created: Timestamp,
}

/// A name for one version, or for two with weights.
#[derive(Debug, Clone)]
pub(super) struct Alias {
    pub(super) description: Option<String>,
    /// Versions and how many of a hundred executions they get.
    pub(super) routes: Vec<Route>,
    pub(super) created: Timestamp,
    pub(super) updated: Timestamp,
}

/// Part of an alias.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Route {
    pub(super) version: u64,
    pub(super) weight: u64,
}

/// An Activity.
#[derive(Debug, Clone)]
pub(super) struct Activity {
    pub(super) arn: Arc<str>,
    pub(super) name: Arc<str>,
    pub(super) created: Timestamp,
    pub(super) encryption: Option<Json>,
}

/// Tags in the order they were set.
pub(super) type Tags = IndexMap<String, String>;

/// A change of what is kept.
#[derive(Debug)]
pub(super) enum Change {
    MachineCreated { machine: StateMachine, tags: Tags },
    MachineRevised { machine: Arc<str>, revision: Arc<Revision> },
    MachineDeleting { machine: Arc<str> },
    MachineGone { machine: Arc<str> },
    VersionPublished { machine: Arc<str>, number: u64, version: Version },
    VersionDeleted { machine: Arc<str>, number: u64 },
    AliasSet { machine: Arc<str>, name: String, alias: Alias },
    AliasDeleted { machine: Arc<str>, name: String },
    ActivityCreated { activity: Activity, tags: Tags },
    ActivityDeleted { activity: Arc<str> },
    Tagged { resource: Arc<str>, tags: Tags },
    Untagged { resource: Arc<str>, keys: Vec<String> },
    ExecutionStarted { execution: Arc<ExecutionRecord> },
    ExecutionForgotten { execution: Arc<str> },
}

/// Everything that is kept.
#[derive(Debug, Default)]
pub(super) struct Registry {
    pub(super) machines: BTreeMap<Arc<str>, StateMachine>,
    pub(super) activities: BTreeMap<Arc<str>, Activity>,
    pub(super) tags: HashMap<Arc<str>, Tags>,
    executions: HashMap<Arc<str>, Arc<ExecutionRecord>>,
    /// The executions of each State Machine, in the order they started.
    by_machine: HashMap<Arc<str>, IndexMap<Arc<str>, Arc<ExecutionRecord>>>,
    /// Where changes are kept, if they outlive the process.
    pub(super) journal: Option<Journal>,
}

impl Registry {
    /// The one place where anything changes. What is changed has been found there under the same lock.
    pub(super) fn apply(&mut self, change: Change) {
        let Some(journal) = self.journal.clone() else { return self.make(change) };
        let (mut unit, resource) = self.writes(&change);
        self.make(change);
        unit.extend(resource.map(|arn| self.resource_write(&arn)));
        if !unit.is_empty() {
            journal.append(unit);
        }
    }

    fn make(&mut self, change: Change) {
        match change {
            Change::MachineCreated { machine, tags } => {
                self.tags.insert(Arc::clone(&machine.arn), tags);
                self.machines.insert(Arc::clone(&machine.arn), machine);
            }
            Change::MachineRevised { machine, revision } => {
                self.revise(&machine, |machine| machine.revision = revision);
            }
            Change::MachineDeleting { machine } => {
                self.revise(&machine, |machine| machine.is_deleting = true);
            }
            Change::MachineGone { machine } => {
                self.machines.remove(&machine);
                self.tags.remove(&machine);
                for record in self.by_machine.remove(&machine).into_iter().flat_map(IndexMap::into_values) {
                    self.executions.remove(&record.arn);
                    record.handle().forget();
                }
            }
            Change::VersionPublished { machine, number, version } => self.revise(&machine, |machine| {
                machine.last_version = number;
                machine.versions.insert(number, version);
            }),
            Change::VersionDeleted { machine, number } => {
                self.revise(&machine, |machine| drop(machine.versions.remove(&number)));
            }
            Change::AliasSet { machine, name, alias } => {
                self.revise(&machine, |machine| drop(machine.aliases.insert(name, alias)));
            }
            Change::AliasDeleted { machine, name } => {
                self.revise(&machine, |machine| drop(machine.aliases.remove(&name)));
            }
            Change::ActivityCreated { activity, tags } => {
                self.tags.insert(Arc::clone(&activity.arn), tags);
                self.activities.insert(Arc::clone(&activity.arn), activity);
            }
            Change::ActivityDeleted { activity } => {
                self.activities.remove(&activity);
                self.tags.remove(&activity);
            }
            Change::Tagged { resource, tags } => self.tags.entry(resource).or_default().extend(tags),
            Change::Untagged { resource, keys } => {
                if let Some(tags) = self.tags.get_mut(&resource) {
                    tags.retain(|key, _| !keys.contains(key));
                }
            }
            Change::ExecutionStarted { execution } => {
                let of_machine = self.by_machine.entry(Arc::clone(&execution.machine_arn)).or_default();
                of_machine.insert(Arc::clone(&execution.arn), Arc::clone(&execution));
                self.executions.insert(Arc::clone(&execution.arn), execution);
            }
            Change::ExecutionForgotten { execution } => {
                let Some(record) = self.executions.remove(&execution) else { return };
                if let Some(of_machine) = self.by_machine.get_mut(&record.machine_arn) {
                    of_machine.shift_remove(&execution);
                }
                record.handle().forget();
            }
        }
    }

    fn revise(&mut self, arn: &str, change: impl FnOnce(&mut StateMachine)) {
        if let Some(machine) = self.machines.get_mut(arn) {
            change(machine);
        }
    }

    pub(super) fn execution(&self, arn: &str) -> Option<&Arc<ExecutionRecord>> {
        self.executions.get(arn)
    }

    /// All executions, in no order.
    pub(super) fn executions(&self) -> impl Iterator<Item = &Arc<ExecutionRecord>> {
        self.executions.values()
    }

    /// The executions of a State Machine, in the order they started.
    pub(super) fn executions_of(&self, machine: &str) -> impl Iterator<Item = &Arc<ExecutionRecord>> {
        self.by_machine.get(machine).into_iter().flat_map(IndexMap::values)
    }
}
