//! A control plane that outlives the process: opened with what earlier processes left behind, and let go on.
//! Separate because a control plane in memory needs none of it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex};

use indexmap::IndexMap;
use sfn_asl::{ExecutionType, Value};

use super::executions::{ExecutionRecord, Life, NAME_LIFE};
use super::kept::{ActivityRow, ExecutionRow, MachineRow, ResourceRow, RevisionRow, forget};
use super::registry::{Activity, Revision, StateMachine, Version};
use super::{Change, Control, Registry};
use crate::Timestamp;
use crate::core::Event;
use crate::driver::{Engine, EngineBuilder, Launch, Outcome, Past};
use crate::history::Details;
use crate::journal::{
    Codec, Happening, Journal, News, Store, StoreError, Table, Write, decode, key_of_text, number_of,
};

/// What a store holds.
struct Found {
    revisions: Vec<RevisionRow>,
    resources: Vec<ResourceRow>,
    executions: Vec<ExecutionRow>,
    happenings: BTreeMap<u64, Vec<(u64, Happening)>>,
    outcomes: BTreeMap<u64, Outcome>,
}

impl Control {
    /// Opens a control plane on a store, and finds there what earlier processes left.
    ///
    /// What is created from now on, and what happens to executions, is kept in the store. Executions that were running
    /// go on when [`resume`](Self::resume) is called; serving the API calls it.
    ///
    /// ```
    /// use sfn_engine::control::{Control, CreateStateMachine, Place};
    /// use sfn_engine::driver::{Engine, TaskRequest};
    /// use sfn_engine::journal::Disk;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = std::env::temp_dir().join(format!("sfn-open-{}", std::process::id()));
    /// let engine = Engine::builder(|request: TaskRequest| async move { Ok(request.arguments) });
    /// let definition = r#"{ "StartAt": "A", "States": { "A": { "Type": "Succeed" } } }"#;
    /// let role = "arn:aws:iam::123456789012:role/greeter";
    ///
    /// let control = Control::open(engine, Disk::open(&folder)?)?;
    /// let created =
    ///     control.create_state_machine(&Place::default(), CreateStateMachine::new("Greeter", definition, role))?;
    /// control.persisted().await?;
    /// // Whatever happens to this process from here on, the next one that opens the folder finds the State Machine.
    /// assert_eq!(&*control.describe_state_machine(&created.arn)?.definition, definition);
    /// # std::fs::remove_dir_all(&folder).ok();
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The store cannot be read, or holds what this version does not understand.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn open(engine: EngineBuilder, store: impl Store) -> Result<Self, StoreError> {
        let (journal, found) = Journal::open(store, Found::read)?;
        let engine = engine.journal(journal.clone()).spawn();
        let mut registry = Registry::default();
        let mut revisions = HashMap::new();
        for row in found.revisions {
            revisions.insert(Arc::clone(&row.key), Arc::new(revision(row)?));
        }
        for resource in found.resources {
            restore_resource(&mut registry, &revisions, &engine, resource)?;
        }
        let (now, mut pasts) = (engine.now(), Vec::new());
        let (mut happenings, mut outcomes) = (found.happenings, found.outcomes);
        let mut running = HashSet::new();
        for row in found.executions {
            let number = row.beginning.number;
            let (happened, outcome) = (happenings.remove(&number), outcomes.remove(&number));
            let is_gone = outcome.as_ref().is_some_and(|outcome| {
                row.kind == ExecutionType::Express || outcome.ended.until(now) > NAME_LIFE
            });
            if is_gone {
                journal.append(forget(number));
                continue;
            }
            running.extend(outcome.is_none().then_some(number));
            let revision = Arc::clone(known(&revisions, &row.revision)?);
            let (record, past) =
                restore_execution(&engine, revision, row, happened.unwrap_or_default(), outcome)?;
            registry.apply(Change::ExecutionStarted { execution: Arc::new(record) });
            pasts.extend(past);
        }
        // Of executions that were forgotten, or whose start was never kept.
        for number in happenings.into_keys().chain(outcomes.into_keys()) {
            journal.append(forget(number));
        }
        journal.forget_answers(|number| !running.contains(&number));
        for key in unused(&registry, &revisions) {
            journal.append(vec![Write::Clear { table: Table::Revisions, prefix: key_of_text(&key) }]);
        }
        registry.journal = Some(journal);
        let control = Self::new(engine);
        *control.registry() = registry;
        *control.pasts() = Some(pasts);
        Ok(control)
    }

    /// Lets the executions go on that earlier processes began. Until then they stand still, so that whoever answers
    /// their tasks can be made ready.
    pub fn resume(&self) {
        let Some(pasts) = self.pasts().take() else { return };
        if !pasts.is_empty() {
            self.engine().resume(pasts);
        }
        let (express, deleting) = {
            let registry = self.registry();
            let express = registry.executions().filter(|it| it.kind == ExecutionType::Express);
            let deleting = registry.machines.values().filter(|machine| machine.is_deleting);
            let deleting: Vec<_> = deleting.map(|machine| Arc::clone(&machine.arn)).collect();
            (express.cloned().collect::<Vec<_>>(), deleting)
        };
        for record in express {
            self.forget_when_over(&record);
        }
        for machine in deleting {
            self.finish_deleting(machine);
        }
    }

    /// Waits until something could not be kept that should outlive the process, and says why. From then on nothing is,
    /// and the API answers nobody: the process had better end.
    pub async fn failure(&self) -> StoreError {
        self.engine().failure().await
    }

    /// Waits until everything that was done by now is kept where the end of the process does not reach it. In memory
    /// that is at once.
    ///
    /// # Errors
    /// It could not be kept.
    pub async fn persisted(&self) -> Result<(), StoreError> {
        self.engine().persisted().await
    }
}

impl Found {
    fn read(store: &dyn Store) -> Result<Self, StoreError> {
        let mut happenings: BTreeMap<u64, Vec<_>> = BTreeMap::new();
        for (key, happening) in rows(store, Table::Happenings)? {
            if let Some((execution, number)) = number_of(&key).zip(key.get(8..).and_then(number_of)) {
                happenings.entry(execution).or_default().push((number, happening));
            }
        }
        let outcomes = rows(store, Table::Outcomes)?.into_iter();
        Ok(Self {
            revisions: values(store, Table::Revisions)?,
            resources: values(store, Table::Resources)?,
            executions: values(store, Table::Executions)?,
            happenings,
            outcomes: outcomes.filter_map(|(key, outcome)| Some((number_of(&key)?, outcome))).collect(),
        })
    }
}

fn rows<T: Codec>(store: &dyn Store, table: Table) -> Result<Vec<(Vec<u8>, T)>, StoreError> {
    let rows = store.read(table)?.into_iter();
    rows.map(|(key, value)| {
        let value = decode(&value)
            .ok_or_else(|| StoreError::Damaged(format!("an entry of the table {table:?} cannot be read")))?;
        Ok((key, value))
    })
    .collect()
}

fn values<T: Codec>(store: &dyn Store, table: Table) -> Result<Vec<T>, StoreError> {
    Ok(rows(store, table)?.into_iter().map(|(_, value)| value).collect())
}

type Revisions = HashMap<Arc<str>, Arc<Revision>>;

fn known<'r>(revisions: &'r Revisions, key: &str) -> Result<&'r Arc<Revision>, StoreError> {
    revisions.get(key).ok_or_else(|| StoreError::Damaged(format!("the revision {key} is missing")))
}

fn revision(row: RevisionRow) -> Result<Revision, StoreError> {
    let RevisionRow { key, id, definition, role_arn, configuration, updated } = row;
    let machine = definition
        .parse()
        .map_err(|error| StoreError::Damaged(format!("a definition cannot be run any more: {error}")))?;
    Ok(Revision { key, id, definition, machine: Arc::new(machine), role_arn, configuration, updated })
}

fn restore_resource(
    registry: &mut Registry,
    revisions: &Revisions,
    engine: &Engine,
    row: ResourceRow,
) -> Result<(), StoreError> {
    let (arn, tags) = match row {
        ResourceRow::Machine(row, tags) => {
            let machine = state_machine(revisions, row)?;
            let arn = Arc::clone(&machine.arn);
            registry.machines.insert(Arc::clone(&arn), machine);
            (arn, tags)
        }
        ResourceRow::Activity(ActivityRow { arn, name, created, encryption }, tags) => {
            engine.create_activity_at(&arn, &name);
            let activity = Activity { arn: Arc::clone(&arn), name, created, encryption };
            registry.activities.insert(Arc::clone(&arn), activity);
            (arn, tags)
        }
    };
    registry.tags.insert(arn, tags.into_iter().collect::<IndexMap<_, _>>());
    Ok(())
}

fn state_machine(revisions: &Revisions, row: MachineRow) -> Result<StateMachine, StoreError> {
    let versions = row.versions.into_iter().map(|version| {
        let revision = Arc::clone(known(revisions, &version.revision)?);
        let (description, created) = (version.description, version.created);
        Ok((version.number, Version { revision, description, created }))
    });
    Ok(StateMachine {
        arn: row.arn,
        name: row.name,
        kind: row.kind,
        created: row.created,
        is_deleting: row.is_deleting,
        revision: Arc::clone(known(revisions, &row.revision)?),
        versions: versions.collect::<Result<_, StoreError>>()?,
        last_version: row.last_version,
        aliases: row.aliases.into_iter().collect(),
    })
}

/// Restores the record of an execution; with its past, if there is anything to go through or to go on with.
fn restore_execution(
    engine: &Engine,
    revision: Arc<Revision>,
    row: ExecutionRow,
    happenings: Vec<(u64, Happening)>,
    outcome: Option<Outcome>,
) -> Result<(ExecutionRecord, Option<Past>), StoreError> {
    let (redrives, last_redrive) = redrive_times(&happenings, outcome.as_ref());
    let identity = Arc::clone(&row.beginning.identity);
    let (handle, past) = match outcome {
        Some(outcome) if happenings.is_empty() => (engine.ended(identity, outcome), None),
        outcome => {
            let input: Value = serde_json::from_str(&row.input).map_err(|error| {
                StoreError::Damaged(format!("the input of an execution is no JSON: {error}"))
            })?;
            let ready = engine.prepare(Launch {
                machine: Arc::clone(&revision.machine),
                identity,
                input,
                test_case: row.beginning.test_case.clone(),
                seed: row.beginning.seed,
                number: Some(row.beginning.number),
            });
            (ready.handle.clone(), Some(ready.past(happenings, outcome)))
        }
    };
    let identity = &row.beginning.identity;
    let record = ExecutionRecord {
        arn: Arc::clone(&identity.execution_arn),
        name: Arc::clone(&identity.name),
        machine_arn: Arc::clone(&identity.machine_arn),
        version_arn: row.version_arn,
        alias_arn: row.alias_arn,
        kind: row.kind,
        revision,
        input: row.input,
        trace_header: row.trace_header,
        request: row.request,
        started: row.started,
        life: Mutex::new(Life { handle, redrives, redriven: last_redrive }),
        beginning: Some(Box::new(row.beginning)),
    };
    Ok((record, past))
}

/// How often an execution was redriven, and when last.
fn redrive_times(happenings: &[(u64, Happening)], outcome: Option<&Outcome>) -> (u64, Option<Timestamp>) {
    let is_redrive = |it: &Happening| it.to.is_none() && it.news == News::Execution(Event::Redriven);
    let happened = happenings.iter().filter(|(_, it)| is_redrive(it));
    let told = outcome.into_iter().flat_map(|outcome| &outcome.history);
    let told = told.filter(|event| matches!(event.details, Details::ExecutionRedriven { .. }));
    let times: Vec<Timestamp> = if happenings.is_empty() {
        told.map(|event| event.timestamp).collect()
    } else {
        happened.map(|(_, it)| it.at).collect()
    };
    (times.len() as u64, times.last().copied())
}

/// The revisions that nothing leads to any more.
fn unused(registry: &Registry, revisions: &Revisions) -> Vec<Arc<str>> {
    let machines = registry.machines.values();
    let of_machines = machines.flat_map(|machine| {
        let versions = machine.versions.values().map(|version| &version.revision.key);
        versions.chain([&machine.revision.key])
    });
    let of_executions = registry.executions().map(|execution| &execution.revision.key);
    let used: HashSet<&Arc<str>> = of_machines.chain(of_executions).collect();
    let mut unused: Vec<_> = revisions.keys().filter(|key| !used.contains(key)).cloned().collect();
    unused.sort_unstable();
    unused
}
