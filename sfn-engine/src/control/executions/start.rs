//! Starting executions: what an ARN leads to, names that are taken, and what is kept before anything happens.
//! Separate because it is the one place where idempotence, aliases and the journal meet.

use std::sync::{Arc, Mutex};

use sfn_asl::{ExecutionType, Value};

use super::{ExecutionDescription, ExecutionRecord, Life, NAME_LIFE, StartExecution, Started};
use crate::control::arn::{Arn, Qualifier, Resource, is_name};
use crate::control::kept::Beginning;
use crate::control::machines::{base_arn, labelled, machine_arn};
use crate::control::registry::{Revision, StateMachine};
use crate::control::{Change, Control, Refusal};
use crate::core::Identity;
use crate::driver::Launch;
use crate::journal::Journal;

/// What an ARN leads to when an execution is started.
struct Target {
    machine_arn: Arc<str>,
    machine_name: Arc<str>,
    kind: ExecutionType,
    revision: Arc<Revision>,
    version_arn: Option<Arc<str>>,
    alias_arn: Option<Arc<str>>,
}

impl Control {
    /// Starts an execution. Doing it again with the same name and input while it runs gives the same execution.
    ///
    /// # Errors
    /// As the service's `StartExecution`.
    pub fn start_execution(&self, start: StartExecution) -> Result<Started, Refusal> {
        let record = self.launch(start, true)?;
        Ok(Started { arn: Arc::clone(&record.arn), started: record.started })
    }

    /// Runs an execution of an Express State Machine to its end.
    ///
    /// # Errors
    /// As the service's `StartSyncExecution`.
    pub async fn start_sync_execution(&self, start: StartExecution) -> Result<ExecutionDescription, Refusal> {
        let base = base_arn(&start.machine).to_owned();
        let is_standard = |machine: &StateMachine| machine.kind == ExecutionType::Standard;
        if self.registry().machines.get(base.as_str()).is_some_and(is_standard) {
            return Err(Refusal::type_not_supported());
        }
        // Whoever waits for it does not outlive the process, and so neither need it.
        let record = self.launch(start, false)?;
        record.handle().finished().await;
        Ok(record.describe(self.now()))
    }

    fn launch(&self, start: StartExecution, is_kept: bool) -> Result<Arc<ExecutionRecord>, Refusal> {
        let parsed = machine_arn(&start.machine)?;
        let Resource::StateMachine { test_case, .. } = parsed.resource else {
            return Err(parsed.wrong_kind());
        };
        let text = start.input.unwrap_or_else(|| "{}".to_owned());
        let input: Value = serde_json::from_str(&text).map_err(|error| {
            let message = format!("Invalid State Machine Execution Input: '{error}'");
            Refusal::new("InvalidExecutionInput", message)
        })?;
        if let Some(name) = start.name.as_deref().filter(|name| !is_name(name)) {
            return Err(Refusal::invalid_name(name));
        }
        let name = start.name.unwrap_or_else(|| self.unique());
        let target = self.target(&start.machine, parsed)?;
        let place = parsed.place();
        let arn: Arc<str> = match target.kind {
            ExecutionType::Standard => place.execution(&target.machine_name, &name),
            ExecutionType::Express => place.express(&target.machine_name, &name, &self.unique()),
        }
        .into();
        let now = self.now();
        // Looked up and started under one lock: of two starts with one name, one must see the other.
        let mut registry = self.registry();
        if let Some(there) = registry.execution(&arn) {
            let there = Arc::clone(there);
            match there.handle().outcome() {
                _ if there.request.is_some() && there.request.as_deref() == start.request.as_deref() => {
                    return Ok(there);
                }
                None if *there.input == text => return Ok(there),
                Some(outcome) if outcome.ended.until(now) > NAME_LIFE => {
                    registry.apply(Change::ExecutionForgotten { execution: Arc::clone(&arn) });
                }
                _ => {
                    let message = format!("Execution Already Exists: '{arn}'");
                    return Err(Refusal::new("ExecutionAlreadyExists", message));
                }
            }
        }
        let identity = Arc::new(Identity {
            execution_arn: Arc::clone(&arn),
            name: name.as_str().into(),
            role_arn: Arc::clone(&target.revision.role_arn),
            machine_arn: Arc::clone(&target.machine_arn),
            machine_name: Arc::clone(&target.machine_name),
            region: place.region.as_str().into(),
        });
        let test_case = test_case.map(Into::into);
        let number = registry.journal.as_ref().filter(|_| is_kept).map(Journal::number);
        let seed = number.map_or_else(|| self.engine().seed(), |number| self.engine().seed_of(number));
        let beginning = number.map(|number| {
            let (identity, test_case) = (Arc::clone(&identity), Option::clone(&test_case));
            Box::new(Beginning { number, identity, seed, test_case })
        });
        let machine = Arc::clone(&target.revision.machine);
        let ready = self.engine().prepare(Launch { machine, identity, input, test_case, seed, number });
        let record = Arc::new(ExecutionRecord {
            arn,
            name: name.into(),
            machine_arn: target.machine_arn,
            version_arn: target.version_arn,
            alias_arn: target.alias_arn,
            kind: target.kind,
            revision: target.revision,
            input: text.into(),
            trace_header: start.trace_header.map(Into::into),
            request: start.request.map(Into::into),
            started: now,
            life: Mutex::new(Life { handle: ready.handle.clone(), redrives: 0, redriven: None }),
            beginning,
        });
        for execution in registry.outlived(&record.machine_arn, now) {
            registry.apply(Change::ExecutionForgotten { execution });
        }
        // On record before anything happens to it: a start that is kept and has no consequences yet is begun again.
        registry.apply(Change::ExecutionStarted { execution: Arc::clone(&record) });
        ready.go().map_err(|_| Refusal::shut_down())?;
        drop(registry);
        if record.kind == ExecutionType::Express {
            self.forget_when_over(&record);
        }
        Ok(record)
    }

    /// The Standard execution that a request started.
    pub(super) fn started_by(&self, start: &StartExecution) -> Option<Arc<ExecutionRecord>> {
        let arn = Arn::parse(&start.machine).ok()?;
        let Resource::StateMachine { name, .. } = arn.resource else { return None };
        let arn = arn.place().execution(name, start.name.as_deref()?);
        let record = self.registry().execution(&arn).cloned()?;
        (record.request.is_some() && record.request.as_deref() == start.request.as_deref()).then_some(record)
    }

    /// The service keeps nothing of Express executions, which come in great numbers.
    pub(in crate::control) fn forget_when_over(&self, record: &Arc<ExecutionRecord>) {
        let (control, handle, execution) = (self.clone(), record.handle(), Arc::clone(&record.arn));
        tokio::spawn(async move {
            handle.finished().await;
            control.registry().apply(Change::ExecutionForgotten { execution });
        });
    }

    /// Finds what an ARN leads to: the current revision, a version, or one of an alias's versions by lot.
    fn target(&self, arn: &str, parsed: Arn<'_>) -> Result<Target, Refusal> {
        let Resource::StateMachine { qualifier, .. } = parsed.resource else {
            return Err(parsed.wrong_kind());
        };
        let arn = arn.split_once('#').map_or(arn, |(arn, _)| arn);
        let registry = self.registry();
        let machine = match qualifier {
            None => registry.live_machine(arn)?,
            Some(Qualifier::Label(_)) => return Err(labelled(arn)),
            Some(Qualifier::Version(_) | Qualifier::Alias(_)) => {
                let machine =
                    registry.machines.get(base_arn(arn)).ok_or_else(|| Refusal::no_such_machine(arn))?;
                if machine.is_deleting {
                    return Err(Refusal::machine_is_deleting(arn));
                }
                machine
            }
        };
        let number = match qualifier {
            Some(Qualifier::Version(number)) => Some(number),
            Some(Qualifier::Alias(name)) => {
                let alias = machine.aliases.get(name).ok_or_else(|| Refusal::no_such_machine(arn))?;
                let lot = self.draw(99);
                let mut below = 0;
                let drawn = alias.routes.iter().find(|route| {
                    below += route.weight;
                    lot < below
                });
                drawn.map(|route| route.version)
            }
            Some(Qualifier::Label(_)) | None => None,
        };
        let version = number
            .map(|number| machine.versions.get(&number).ok_or_else(|| Refusal::no_such_machine(arn)))
            .transpose()?;
        Ok(Target {
            machine_arn: Arc::clone(&machine.arn),
            machine_name: Arc::clone(&machine.name),
            kind: machine.kind,
            revision: Arc::clone(version.map_or(&machine.revision, |version| &version.revision)),
            version_arn: number.map(|number| format!("{}:{number}", machine.arn).into()),
            alias_arn: matches!(qualifier, Some(Qualifier::Alias(_))).then(|| arn.into()),
        })
    }
}
