//! State Machines: created, revised, described, listed and deleted.
//! Separate because a State Machine's life is one subject; versions and aliases of it are others.

mod check;

use std::sync::Arc;

use serde_json::{Value as Json, json};
use sfn_asl::ExecutionType;

use super::arn::{Arn, Qualifier, Resource, is_name};
use super::registry::{Configuration, Revision, StateMachine, Tags};
use super::{Change, Control, Page, Place, Refusal, Registry, tags};
use crate::Timestamp;
use crate::driver::ExecutionHandle;
pub(super) use check::check_encryption;
use check::{check_logging, check_role, check_version_description, compile};

/// What a State Machine is made from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CreateStateMachine {
    /// Its name.
    pub name: String,
    /// The text of its definition.
    pub definition: String,
    /// The role its executions run under.
    pub role_arn: String,
    /// Standard or Express.
    pub kind: ExecutionType,
    /// `loggingConfiguration` as given.
    pub logging: Option<Json>,
    /// `tracingConfiguration` as given.
    pub tracing: Option<Json>,
    /// `encryptionConfiguration` as given.
    pub encryption: Option<Json>,
    /// Tags.
    pub tags: Vec<(String, String)>,
    /// Whether to publish a version at once.
    pub publish: bool,
    /// What the version is, when one is published.
    pub version_description: Option<String>,
}

/// What to change of a State Machine.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct UpdateStateMachine {
    /// Its ARN.
    pub machine: String,
    /// Its new definition.
    pub definition: Option<String>,
    /// Its new role.
    pub role_arn: Option<String>,
    /// `loggingConfiguration` as given.
    pub logging: Option<Json>,
    /// `tracingConfiguration` as given.
    pub tracing: Option<Json>,
    /// `encryptionConfiguration` as given.
    pub encryption: Option<Json>,
    /// Whether to publish a version at once.
    pub publish: bool,
    /// What the version is, when one is published.
    pub version_description: Option<String>,
}

/// A State Machine that was created, or had been before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created {
    /// Its ARN.
    pub arn: Arc<str>,
    /// When it was created.
    pub created: Timestamp,
    /// The ARN of the version that was published with it.
    pub version_arn: Option<String>,
}

/// A State Machine that was updated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Updated {
    /// When.
    pub updated: Timestamp,
    /// The new revision; none when nothing was new.
    pub revision_id: Option<String>,
    /// The ARN of the version that was published with it.
    pub version_arn: Option<String>,
}

/// A State Machine in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineSummary {
    /// Its ARN.
    pub arn: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// Standard or Express.
    pub kind: ExecutionType,
    /// When it was created.
    pub created: Timestamp,
}

/// All there is to know about a State Machine, or about a version of it.
#[derive(Debug, Clone, PartialEq)]
pub struct MachineDescription {
    /// The ARN it was asked for by.
    pub arn: String,
    /// Its name.
    pub name: Arc<str>,
    /// Standard or Express.
    pub kind: ExecutionType,
    /// Whether it is being deleted.
    pub is_deleting: bool,
    /// The text of its definition.
    pub definition: Arc<str>,
    /// The role its executions run under.
    pub role_arn: Arc<str>,
    /// When it, or the version, was created.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
    /// The current revision; none until the first update.
    pub revision_id: Option<String>,
    /// What the version is.
    pub description: Option<String>,
    /// `loggingConfiguration`.
    pub logging: Json,
    /// `tracingConfiguration`.
    pub tracing: Json,
    /// `encryptionConfiguration`, when it was given.
    pub encryption: Option<Json>,
}

/// The Map Run that a name such as `Order/Each` asks for cannot be addressed by most operations.
pub(super) fn labelled(arn: &str) -> Refusal {
    let message = format!("This operation does not support labelled state machine ARNs: '{arn}'");
    Refusal::validation(message).with_detail("reason", "API_DOES_NOT_SUPPORT_LABELED_ARNS")
}

impl CreateStateMachine {
    /// A Standard State Machine of that name.
    pub fn new(name: impl Into<String>, definition: impl Into<String>, role_arn: impl Into<String>) -> Self {
        let (name, definition, role_arn) = (name.into(), definition.into(), role_arn.into());
        Self { name, definition, role_arn, ..Self::default() }
    }
}

impl Control {
    /// Creates a State Machine. Doing it again with the same definition, type and configuration changes nothing.
    ///
    /// # Errors
    /// As the service's `CreateStateMachine`.
    pub fn create_state_machine(
        &self,
        place: &Place,
        create: CreateStateMachine,
    ) -> Result<Created, Refusal> {
        check_version_description(create.publish, create.version_description.as_deref())?;
        if !is_name(&create.name) {
            return Err(Refusal::invalid_name(&create.name));
        }
        check_role(&create.role_arn)?;
        let configuration = Configuration {
            logging: create.logging.as_ref().map(check_logging).transpose()?,
            tracing: create.tracing,
            encryption: create.encryption.as_ref().map(check_encryption).transpose()?,
        };
        let arn = place.state_machine(&create.name);
        if let Some(created) = self.created_before(&arn, &create.definition, create.kind, &configuration)? {
            return self.published_on_create(created, create.publish, create.version_description);
        }
        let machine = compile(&create.definition, create.kind)?;
        let tags: Tags = create.tags.into_iter().collect();
        tags::check(&arn, &tags)?;
        let now = self.now();
        let revision = Revision {
            key: self.unique().into(),
            id: None,
            definition: create.definition.into(),
            machine: Arc::new(machine),
            role_arn: create.role_arn.into(),
            configuration,
            updated: now,
        };
        let machine = StateMachine {
            arn: arn.into(),
            name: create.name.into(),
            kind: create.kind,
            created: now,
            is_deleting: false,
            revision: Arc::new(revision),
            versions: std::collections::BTreeMap::new(),
            last_version: 0,
            aliases: std::collections::BTreeMap::new(),
        };
        let created = Created { arn: Arc::clone(&machine.arn), created: now, version_arn: None };
        {
            let mut registry = self.registry();
            // Somebody may have been faster while the definition was compiled.
            if registry.machines.contains_key(&machine.arn) {
                return Err(already_exists(&machine.arn));
            }
            registry.apply(Change::MachineCreated { machine, tags });
        }
        self.published_on_create(created, create.publish, create.version_description)
    }

    fn created_before(
        &self,
        arn: &str,
        definition: &str,
        kind: ExecutionType,
        configuration: &Configuration,
    ) -> Result<Option<Created>, Refusal> {
        let registry = self.registry();
        let Some(machine) = registry.machines.get(arn) else { return Ok(None) };
        if machine.is_deleting {
            return Err(Refusal::machine_is_deleting(arn));
        }
        let revision = &machine.revision;
        let is_same = *revision.definition == *definition
            && machine.kind == kind
            && revision.configuration == *configuration;
        if !is_same {
            return Err(already_exists(arn));
        }
        Ok(Some(Created { arn: Arc::clone(&machine.arn), created: machine.created, version_arn: None }))
    }

    fn published_on_create(
        &self,
        created: Created,
        publish: bool,
        description: Option<String>,
    ) -> Result<Created, Refusal> {
        let version_arn =
            if publish { Some(self.publish_version(&created.arn, None, description)?.arn) } else { None };
        Ok(Created { version_arn, ..created })
    }

    /// Changes a State Machine. Executions that run go on with what they were started with.
    ///
    /// # Errors
    /// As the service's `UpdateStateMachine`.
    pub fn update_state_machine(&self, update: UpdateStateMachine) -> Result<Updated, Refusal> {
        check_version_description(update.publish, update.version_description.as_deref())?;
        unqualified(&update.machine)?;
        let is_empty = update.definition.is_none()
            && update.role_arn.is_none()
            && update.logging.is_none()
            && update.tracing.is_none()
            && update.encryption.is_none();
        if let Some(role_arn) = &update.role_arn {
            check_role(role_arn)?;
        }
        let logging = update.logging.as_ref().map(check_logging).transpose()?;
        let encryption = update.encryption.as_ref().map(check_encryption).transpose()?;
        let (arn, kind, old) = {
            let registry = self.registry();
            let machine = registry.live_machine(&update.machine)?;
            (Arc::clone(&machine.arn), machine.kind, Arc::clone(&machine.revision))
        };
        if is_empty {
            let message = "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified";
            return Err(Refusal::new("MissingRequiredParameter", message));
        }
        let now = self.now();
        let machine = match &update.definition {
            Some(definition) if **definition != *old.definition => Arc::new(compile(definition, kind)?),
            _ => Arc::clone(&old.machine),
        };
        let revision = Revision {
            key: self.unique().into(),
            id: Some(self.unique()),
            definition: update.definition.map_or_else(|| Arc::clone(&old.definition), Into::into),
            machine,
            role_arn: update.role_arn.map_or_else(|| Arc::clone(&old.role_arn), Into::into),
            configuration: Configuration {
                logging: logging.or_else(|| old.configuration.logging.clone()),
                tracing: update.tracing.or_else(|| old.configuration.tracing.clone()),
                encryption: encryption.or_else(|| old.configuration.encryption.clone()),
            },
            updated: now,
        };
        let is_new = revision.definition != old.definition
            || revision.role_arn != old.role_arn
            || revision.configuration != old.configuration;
        let revision_id = revision.id.clone().filter(|_| is_new);
        if is_new {
            let change = Change::MachineRevised { machine: Arc::clone(&arn), revision: Arc::new(revision) };
            self.registry().apply(change);
        }
        let version_arn = if update.publish {
            Some(self.publish_version(&arn, None, update.version_description)?.arn)
        } else {
            None
        };
        Ok(Updated { updated: now, revision_id, version_arn })
    }

    /// Describes a State Machine, or a version of it.
    ///
    /// # Errors
    /// As the service's `DescribeStateMachine`.
    pub fn describe_state_machine(&self, arn: &str) -> Result<MachineDescription, Refusal> {
        let Resource::StateMachine { qualifier, .. } = machine_arn(arn)?.resource else {
            return Err(Refusal::no_such_machine(arn));
        };
        let registry = self.registry();
        let not_there = || Refusal::no_such_machine(arn);
        match qualifier {
            None => registry.machines.get(arn).map(StateMachine::describe).ok_or_else(not_there),
            Some(Qualifier::Version(number)) => {
                let base = base_arn(arn);
                let machine = registry.machines.get(base).ok_or_else(not_there)?;
                let version = machine.versions.get(&number).ok_or_else(not_there)?;
                let description = machine.describe_revision(arn, &version.revision);
                let revision_id = version.revision.id.clone();
                let (created, text) = (version.created, version.description.clone());
                Ok(MachineDescription { created, revision_id, description: text, ..description })
            }
            Some(Qualifier::Alias(_)) => Err(not_there()),
            Some(Qualifier::Label(_)) => Err(labelled(arn)),
        }
    }

    /// Lists the State Machines of a place, by name.
    ///
    /// # Errors
    /// The token is none of ours.
    pub fn list_state_machines(
        &self,
        place: &Place,
        page: &Page,
    ) -> Result<(Vec<MachineSummary>, Option<String>), Refusal> {
        let here = place.state_machine("");
        let summary = |machine: &StateMachine| MachineSummary {
            arn: Arc::clone(&machine.arn),
            name: Arc::clone(&machine.name),
            kind: machine.kind,
            created: machine.created,
        };
        let machines: Vec<_> = self
            .registry()
            .machines
            .values()
            .filter(|machine| machine.arn.starts_with(&here))
            .map(summary)
            .collect();
        self.pager().cut(self.now(), "state machines", machines, page, |machine| machine.arn.to_string())
    }

    /// Deletes a State Machine with its versions and aliases. Its executions are stopped first; until they are over
    /// it is there, but not to be used any more.
    ///
    /// # Errors
    /// As the service's `DeleteStateMachine`. Deleting what is not there is none.
    pub fn delete_state_machine(&self, arn: &str) -> Result<(), Refusal> {
        unqualified(arn)?;
        let mut registry = self.registry();
        let Some(machine) = registry.machines.get(arn).map(|machine| Arc::clone(&machine.arn)) else {
            return Ok(());
        };
        if registry.running(arn).is_empty() {
            registry.apply(Change::MachineGone { machine });
            return Ok(());
        }
        registry.apply(Change::MachineDeleting { machine: Arc::clone(&machine) });
        drop(registry);
        self.finish_deleting(machine);
        Ok(())
    }

    /// Deletes a State Machine for good when its executions have been stopped.
    pub(super) fn finish_deleting(&self, machine: Arc<str>) {
        let running = self.registry().running(&machine);
        let control = self.clone();
        tokio::spawn(async move {
            for execution in running {
                execution.stop(crate::history::Fault { error: None, cause: None });
                execution.finished().await;
            }
            control.registry().apply(Change::MachineGone { machine });
        });
    }
}

impl Registry {
    /// The executions of a State Machine that are not over.
    fn running(&self, machine: &str) -> Vec<ExecutionHandle> {
        let handles = self.executions_of(machine).map(|execution| execution.handle());
        handles.filter(|handle| handle.outcome().is_none()).collect()
    }

    /// A State Machine that is not being deleted.
    pub(super) fn live_machine(&self, arn: &str) -> Result<&StateMachine, Refusal> {
        let machine = self.machines.get(arn).ok_or_else(|| Refusal::no_such_machine(arn))?;
        if machine.is_deleting { Err(Refusal::machine_is_deleting(arn)) } else { Ok(machine) }
    }
}

impl StateMachine {
    fn describe(&self) -> MachineDescription {
        self.describe_revision(&self.arn, &self.revision)
    }

    pub(super) fn describe_revision(&self, arn: &str, revision: &Revision) -> MachineDescription {
        let configuration = &revision.configuration;
        let off = || json!({ "level": "OFF", "includeExecutionData": false });
        MachineDescription {
            arn: arn.to_owned(),
            name: Arc::clone(&self.name),
            kind: self.kind,
            is_deleting: self.is_deleting,
            definition: Arc::clone(&revision.definition),
            role_arn: Arc::clone(&revision.role_arn),
            created: self.created,
            updated: revision.updated,
            revision_id: revision.id.clone(),
            description: None,
            logging: configuration.logging.clone().unwrap_or_else(off),
            tracing: configuration.tracing.clone().unwrap_or_else(|| json!({ "enabled": false })),
            encryption: configuration.encryption.clone(),
        }
    }
}

/// The ARN of a State Machine or of a part of it.
pub(super) fn machine_arn(arn: &str) -> Result<Arn<'_>, Refusal> {
    let parsed = Arn::parse(arn)?;
    match parsed.resource {
        Resource::StateMachine { .. } => Ok(parsed),
        _ => Err(parsed.wrong_kind()),
    }
}

/// Accepts the ARN of a State Machine itself; a version or an alias is no State Machine to operations that change one.
pub(super) fn unqualified(arn: &str) -> Result<(), Refusal> {
    match machine_arn(arn)?.resource {
        Resource::StateMachine { qualifier: None, test_case: None, .. } => Ok(()),
        Resource::StateMachine { qualifier: Some(Qualifier::Label(_)), .. } => Err(labelled(arn)),
        _ => Err(Refusal::no_such_machine(arn)),
    }
}

/// The ARN of the State Machine that a qualified ARN belongs to.
pub(super) fn base_arn(arn: &str) -> &str {
    let arn = arn.split_once('#').map_or(arn, |(arn, _)| arn);
    let end = arn.match_indices([':', '/']).nth(6).map_or(arn.len(), |(index, _)| index);
    &arn[..end]
}

fn already_exists(arn: &str) -> Refusal {
    Refusal::new("StateMachineAlreadyExists", format!("State Machine Already Exists: '{arn}'"))
}
