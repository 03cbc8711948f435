//! Map Runs and their children in the actor: what they ask for becomes executions and calls of the object store.
//! Separate because an execution knows nothing of it; only here does one execution come out of another.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use tokio::sync::watch;

use super::past::Keeper;
use super::{Actor, ExecutionKey, Remains, Running};
use crate::Timestamp;
use crate::core::{
    Event, Execution, MapRun, MapRunCommand, MapRunEnd, MapRunEvent, MapRunId, MapRunPlan, StoreAnswer,
    StoreRequest,
};
use crate::driver::handle::Outcome;
use crate::driver::map_runs::{ChildView, MapRunDescription, MapRunError, MapRunQuery, MapRunStatus};
use crate::history::Fault;
use crate::journal::News;
use crate::objects::{ObjectError, ObjectStore};

/// Names a Map Run within one actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::driver) struct MapRunKey(u64);

/// How many children that are over can still be asked about.
const CHILDREN_KEPT: usize = 10_000;

/// How many inner events are handled in a row before others get their turn.
const IN_A_ROW: u64 = 64;

/// Something that follows from what was just handled.
#[derive(PartialEq)]
pub(super) enum Due {
    Execution(ExecutionKey, Event),
    MapRun(MapRunKey, MapRunEvent),
}

/// The Map Runs of one actor.
pub(super) struct MapRuns {
    pub(super) store: Arc<dyn ObjectStore>,
    pub(super) asked: FuturesUnordered<BoxFuture<'static, (MapRunKey, StoreAnswer)>>,
    pub(super) due: VecDeque<Due>,
    handled: u64,
    runs: BTreeMap<MapRunKey, Run>,
    keys: HashMap<Arc<str>, MapRunKey>,
    /// The children that are over, the first to go in front.
    over: VecDeque<(MapRunKey, u64)>,
    /// The children that can be asked about, by their ARNs.
    children: HashMap<Arc<str>, (MapRunKey, u64)>,
}

/// A Map Run, running or over.
struct Run {
    /// What it has to do; nothing when it is over, so that its items are let go.
    work: Option<MapRun>,
    description: MapRunDescription,
    parent: ExecutionKey,
    id: MapRunId,
    /// Under which number the journal keeps it, that of the execution it is part of.
    number: Option<u64>,
    test_case: Option<Arc<str>>,
    /// What the store is to be asked for, one after the other.
    requests: VecDeque<StoreRequest>,
    /// Whether it has been asked and has not answered.
    is_asking: bool,
    children: BTreeMap<u64, Child>,
}

struct Child {
    key: ExecutionKey,
    view: ChildView,
}

impl MapRuns {
    pub(super) fn new(store: Arc<dyn ObjectStore>) -> Self {
        Self {
            store,
            asked: FuturesUnordered::new(),
            due: VecDeque::new(),
            handled: 0,
            runs: BTreeMap::new(),
            keys: HashMap::new(),
            over: VecDeque::new(),
            children: HashMap::new(),
        }
    }

    fn by_arn(&self, arn: &str) -> Option<&Run> {
        self.runs.get(self.keys.get(arn)?)
    }

    /// What has happened is not due any more.
    pub(super) fn settle(&mut self, happened: &Due) {
        if let Some(place) = self.due.iter().position(|due| due == happened) {
            self.due.remove(place);
        }
    }

    pub(super) fn stop(&mut self, key: MapRunKey) {
        self.due.push_back(Due::MapRun(key, MapRunEvent::Stopped));
    }

    /// Forgets the children that have been over for longest.
    fn let_go(&mut self) {
        while self.over.len() > CHILDREN_KEPT {
            let Some((key, number)) = self.over.pop_front() else { return };
            let child = self.runs.get_mut(&key).and_then(|run| run.children.remove(&number));
            if let Some(child) = child {
                self.children.remove(&child.view.identity.execution_arn);
            }
        }
    }
}

impl Actor {
    pub(super) fn start_map_run(&mut self, parent: ExecutionKey, id: MapRunId, plan: Arc<MapRunPlan>) {
        let Some(running) = self.executions.get_mut(&parent) else { return };
        let key = MapRunKey(self.map_runs.runs.last_key_value().map_or(0, |(last, _)| last.0 + 1));
        running.map_runs.insert(id, key);
        running.had_map_runs = true;
        let (number, test_case) = (running.number, running.test_case.clone());
        let work = MapRun::new(plan);
        let run = Run {
            description: MapRunDescription::of(&work, self.now()),
            work: Some(work),
            parent,
            id,
            number,
            test_case,
            requests: VecDeque::new(),
            is_asking: false,
            children: BTreeMap::new(),
        };
        self.map_runs.keys.insert(Arc::clone(&run.description.arn), key);
        self.map_runs.runs.insert(key, run);
        self.map_runs.due.push_back(Due::MapRun(key, MapRunEvent::Started));
    }

    pub(super) fn stop_map_run(&mut self, parent: ExecutionKey, id: MapRunId) {
        let key = self.executions.get_mut(&parent).and_then(|running| running.map_runs.remove(&id));
        if let Some(key) = key {
            self.map_runs.stop(key);
        }
    }

    /// Handles the next thing that is due. From time to time others get their turn: thousands of children may be.
    pub(super) async fn handle_due(&mut self) {
        match self.map_runs.due.pop_front() {
            Some(Due::Execution(key, event)) => self.handle(key, event),
            Some(Due::MapRun(key, event)) => self.handle_map_run(key, event),
            None => {}
        }
        self.map_runs.handled += 1;
        if self.map_runs.handled.is_multiple_of(IN_A_ROW) {
            tokio::task::yield_now().await;
        }
    }

    pub(super) fn stored(&mut self, key: MapRunKey, answer: StoreAnswer) {
        self.awaited -= 1;
        if let Some(run) = self.map_runs.runs.get_mut(&key) {
            run.is_asking = false;
        }
        self.handle_map_run(key, MapRunEvent::Answered(answer));
    }

    /// An execution is over that may be a child.
    pub(super) fn child_over(&mut self, (key, child): (MapRunKey, u64), outcome: &Outcome) {
        let ended = MapRunEvent::ChildEnded { child, status: outcome.status.clone() };
        self.map_runs.due.push_back(Due::MapRun(key, ended));
        self.map_runs.over.push_back((key, child));
        self.map_runs.let_go();
    }

    fn handle_map_run(&mut self, key: MapRunKey, event: MapRunEvent) {
        let now = self.now();
        let Some(run) = self.map_runs.runs.get_mut(&key).filter(|run| run.work.is_some()) else { return };
        if let Some((number, keeper)) = run.number.zip(self.keeper.as_mut()) {
            keeper.keep(number, now, Some(&run.description.arn), News::MapRun(event.clone()));
        }
        for command in run.handle(now, event) {
            match command {
                MapRunCommand::Store(request) => {
                    if let Some(run) = self.map_runs.runs.get_mut(&key) {
                        run.requests.push_back(request);
                    }
                }
                MapRunCommand::StartChild { child, execution, items } => {
                    self.start_child(key, now, child, execution, items);
                }
                MapRunCommand::StopChild(child) => {
                    let run = self.map_runs.runs.get(&key);
                    if let Some(child) = run.and_then(|run| run.children.get(&child)) {
                        let stopped = Event::Stopped(Fault { error: None, cause: None });
                        self.map_runs.due.push_back(Due::Execution(child.key, stopped));
                    }
                }
                MapRunCommand::Finish(end) => self.finish_map_run(key, now, end),
            }
        }
        self.ask_store(key);
    }

    /// Goes through something that happened to a Map Run in an earlier process.
    pub(super) fn retell_map_run(&mut self, arn: &str, event: MapRunEvent) {
        let Some(key) = self.map_runs.keys.get(arn).copied() else { return };
        if let MapRunEvent::Answered(_) = event
            && let Some(run) = self.map_runs.runs.get_mut(&key)
        {
            run.requests.pop_front();
        }
        self.map_runs.settle(&Due::MapRun(key, event.clone()));
        self.handle_map_run(key, event);
    }

    /// Asks the store for all that it has not answered yet.
    pub(super) fn ask_stores(&mut self) {
        let waiting = self.map_runs.runs.iter().filter(|(_, run)| !run.requests.is_empty());
        for key in waiting.map(|(key, _)| *key).collect::<Vec<_>>() {
            self.ask_store(key);
        }
    }

    /// Asks the store for what comes next, unless it has not answered yet: so the order of the answers is that of the
    /// requests.
    fn ask_store(&mut self, key: MapRunKey) {
        if self.replay.is_some() {
            return;
        }
        let now = self.now();
        let Some(run) = self.map_runs.runs.get_mut(&key).filter(|run| !run.is_asking) else { return };
        let Some(request) = run.requests.pop_front() else { return };
        run.is_asking = true;
        let persisted = self.keeper.as_ref().filter(|_| run.number.is_some()).map(Keeper::persisted);
        let store = Arc::clone(&self.map_runs.store);
        let ask = move || match request {
            StoreRequest::Get { bucket, key } => {
                store.get(&bucket, &key).map(|got| answer(got, StoreAnswer::Object)).boxed()
            }
            StoreRequest::List { bucket, prefix } => {
                store.list(&bucket, &prefix).map(|listed| answer(listed, StoreAnswer::List)).boxed()
            }
            StoreRequest::Put { bucket, key, body } => {
                store.put(&bucket, &key, body, now).map(|put| answer(put, |_| StoreAnswer::Kept)).boxed()
            }
        };
        self.awaited += 1;
        let asked = async move {
            if let Some(persisted) = persisted {
                persisted.await;
            }
            (key, ask().await)
        };
        self.map_runs.asked.push(asked.boxed());
    }

    fn start_child(
        &mut self,
        map_run: MapRunKey,
        now: Timestamp,
        number: u64,
        execution: Box<Execution>,
        items: u64,
    ) {
        let (sender, outcome) = watch::channel(None);
        let Some(run) = self.map_runs.runs.get_mut(&map_run) else { return };
        let identity = execution.identity().clone();
        let running = Running {
            parent: Some((map_run, number)),
            ..Running::new(execution, run.test_case.clone(), run.number, sender, Remains::default())
        };
        let key = self.admit(running);
        let Some(run) = self.map_runs.runs.get_mut(&map_run) else { return };
        self.map_runs.children.insert(Arc::clone(&identity.execution_arn), (map_run, number));
        let view = ChildView { identity, outcome, items, started: now };
        run.children.insert(number, Child { key, view });
        self.map_runs.due.push_back(Due::Execution(key, Event::Started));
    }

    fn finish_map_run(&mut self, key: MapRunKey, now: Timestamp, end: MapRunEnd) {
        let Some(run) = self.map_runs.runs.get_mut(&key) else { return };
        let status = match &end {
            MapRunEnd::Succeeded(_) => MapRunStatus::Succeeded,
            MapRunEnd::Failed(_) => MapRunStatus::Failed,
            MapRunEnd::Aborted => MapRunStatus::Aborted,
        };
        (run.work, run.description.status, run.description.stopped) = (None, status, Some(now));
        let (parent, map_run) = (run.parent, run.id);
        if let Some(running) = self.executions.get_mut(&parent) {
            running.map_runs.remove(&map_run);
        }
        self.map_runs.due.push_back(Due::Execution(parent, Event::MapRunEnded { map_run, end }));
    }

    pub(super) fn answer_map_run_query(&mut self, query: MapRunQuery) {
        // Whoever asked may have gone away; what was asked for is done all the same.
        match query {
            MapRunQuery::Describe { arn, reply } => {
                let _ = reply.send(self.map_runs.by_arn(&arn).map(|run| run.description.clone()));
            }
            MapRunQuery::List { execution, reply } => {
                let descriptions = self.map_runs.runs.values().map(|run| &run.description);
                let of_execution = descriptions.filter(|it| it.execution.execution_arn == execution);
                let _ = reply.send(of_execution.cloned().collect());
            }
            MapRunQuery::Children { arn, reply } => {
                let children = self.map_runs.by_arn(&arn).into_iter().flat_map(|run| run.children.values());
                let _ = reply.send(children.map(|child| child.view.clone()).collect());
            }
            MapRunQuery::Child { execution, reply } => {
                let place = self.map_runs.children.get(&execution);
                let child = place.and_then(|(key, number)| self.map_runs.runs.get(key)?.children.get(number));
                let _ = reply.send(child.map(|child| child.view.clone()));
            }
            MapRunQuery::Update { arn, update, reply } => {
                let updated = self.map_runs.keys.get(&arn).copied().map(|key| {
                    let limits = self.map_runs.runs.get(&key).map(|run| run.description.limits);
                    let limits = update.applied_to(limits.unwrap_or_default());
                    self.handle_map_run(key, MapRunEvent::Updated(limits));
                });
                let _ = reply.send(updated.ok_or(MapRunError::DoesNotExist));
            }
        }
    }
}

fn answer<T>(result: Result<T, ObjectError>, taken: impl FnOnce(T) -> StoreAnswer) -> StoreAnswer {
    result.map_or_else(StoreAnswer::Refused, taken)
}

impl Run {
    fn handle(&mut self, now: Timestamp, event: MapRunEvent) -> Vec<MapRunCommand> {
        let Some(work) = &mut self.work else { return Vec::new() };
        let commands = work.handle(now, event);
        self.description.note(work);
        commands
    }
}
