//! Map Runs and their children in the actor: what they ask for becomes executions and calls of the object store.
//! Separate because an execution knows nothing of it; only here does one execution come out of another.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;

use super::past::Keeper;
use super::tasks::words;
use super::{Actor, ExecutionKey, Running};
use crate::Timestamp;
use crate::core::{
    Event, Execution, MapRun, MapRunCommand, MapRunEnd, MapRunEvent, MapRunId, MapRunPlan, Status,
    StoreAnswer, StoreRequest,
};
use crate::driver::ending::Ending;
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
    pub(super) asked: FuturesUnordered<BoxFuture<'static, Stored>>,
    pub(super) due: VecDeque<Due>,
    handled: u64,
    /// How many were started.
    started: u64,
    runs: BTreeMap<MapRunKey, Run>,
    keys: HashMap<Arc<str>, MapRunKey>,
    /// Those of each execution, in the order in which it started them.
    of_execution: HashMap<Arc<str>, Vec<MapRunKey>>,
    /// The children that are over, the first to go in front.
    over: VecDeque<(MapRunKey, u64)>,
    /// The children that can be asked about, by their ARNs.
    children: HashMap<Arc<str>, (MapRunKey, u64)>,
}

/// What the store has answered.
pub(super) struct Stored {
    to: MapRunKey,
    /// How often the Map Run had ended when it asked.
    ends: u64,
    answer: StoreAnswer,
}

/// A Map Run, running or over.
struct Run {
    /// What it has to do; nothing when it is over for good, so that its items are let go.
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
    /// How often it has ended.
    ends: u64,
    /// Whether somebody may redrive it.
    is_kept: bool,
    /// Whether nobody will ask about it any more.
    is_forgotten: bool,
    children: BTreeMap<u64, Child>,
    /// The Standard children that ended badly and may be redriven.
    unsuccessful: BTreeMap<u64, (Ending, Box<Running>)>,
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
            started: 0,
            runs: BTreeMap::new(),
            keys: HashMap::new(),
            of_execution: HashMap::new(),
            over: VecDeque::new(),
            children: HashMap::new(),
        }
    }

    /// Forgets the Map Runs of an execution; one that is still being stopped, when it is over.
    pub(super) fn forget(&mut self, execution: &str) {
        for key in self.of_execution.remove(execution).unwrap_or_default() {
            if let Some(run) = self.runs.get_mut(&key) {
                run.is_forgotten = true;
                self.remove_forgotten(key);
            }
        }
    }

    fn remove_forgotten(&mut self, key: MapRunKey) {
        let is_done = |run: &Run| run.is_forgotten && run.description.status != MapRunStatus::Running;
        if !self.runs.get(&key).is_some_and(is_done) {
            return;
        }
        let Some(run) = self.runs.remove(&key) else { return };
        self.keys.remove(&run.description.arn);
        for child in run.children.into_values() {
            self.children.remove(&child.view.identity.execution_arn);
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

    /// Stops a Map Run that is not over.
    pub(super) fn stop(&mut self, key: MapRunKey) {
        let is_running = |run: &Run| run.description.status == MapRunStatus::Running;
        if !self.runs.get(&key).is_some_and(is_running) {
            return;
        }
        self.due.push_back(Due::MapRun(key, MapRunEvent::Stopped));
    }

    /// Nobody will redrive it any more.
    pub(super) fn let_go_of(&mut self, key: MapRunKey) {
        if let Some(run) = self.runs.get_mut(&key) {
            run.is_kept = false;
            run.shed();
        }
    }

    /// Forgets the children that have been over for longest.
    fn let_go(&mut self) {
        while self.over.len() > CHILDREN_KEPT {
            let Some((key, number)) = self.over.pop_front() else { return };
            let Some(run) = self.runs.get_mut(&key) else { continue };
            let is_over = |child: &Child| child.view.ending.outcome().is_some();
            if run.children.get(&number).is_some_and(is_over)
                && let Some(child) = run.children.remove(&number)
            {
                self.children.remove(&child.view.identity.execution_arn);
            }
        }
    }
}

impl Actor {
    pub(super) fn start_map_run(&mut self, parent: ExecutionKey, id: MapRunId, plan: Arc<MapRunPlan>) {
        let Some(running) = self.executions.get_mut(&parent) else { return };
        self.map_runs.started += 1;
        let key = MapRunKey(self.map_runs.started);
        running.map_runs.insert(id, key);
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
            ends: 0,
            is_kept: true,
            is_forgotten: false,
            children: BTreeMap::new(),
            unsuccessful: BTreeMap::new(),
        };
        self.map_runs.keys.insert(Arc::clone(&run.description.arn), key);
        let of_execution = Arc::clone(&run.description.execution.execution_arn);
        self.map_runs.of_execution.entry(of_execution).or_default().push(key);
        self.map_runs.runs.insert(key, run);
        self.map_runs.due.push_back(Due::MapRun(key, MapRunEvent::Started));
    }

    pub(super) fn stop_map_run(&mut self, parent: ExecutionKey, id: MapRunId) {
        if let Some(key) = self.executions.get(&parent).and_then(|running| running.map_runs.get(&id)) {
            self.map_runs.stop(*key);
        }
    }

    /// Lets a Map Run go on, whose execution has been redriven and so has another key.
    pub(super) fn redrive_map_run(&mut self, parent: ExecutionKey, id: MapRunId) {
        let Some(key) = self.executions.get(&parent).and_then(|running| running.map_runs.get(&id)) else {
            return;
        };
        if let Some(run) = self.map_runs.runs.get_mut(key) {
            run.parent = parent;
        }
        self.map_runs.due.push_back(Due::MapRun(*key, MapRunEvent::Redriven));
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

    pub(super) fn stored(&mut self, Stored { to, ends, answer }: Stored) {
        self.awaited -= 1;
        if let Some(run) = self.map_runs.runs.get_mut(&to).filter(|run| run.ends == ends) {
            run.is_asking = false;
            self.handle_map_run(to, MapRunEvent::Answered(answer));
        }
    }

    /// A child is over.
    pub(super) fn child_over(
        &mut self,
        (key, child): (MapRunKey, u64),
        running: Box<Running>,
        outcome: &Outcome,
    ) {
        if let Some(run) = self.map_runs.runs.get_mut(&key)
            && !matches!(outcome.status, Status::Succeeded(_))
            && !running.identity.is_express()
            && let Some(ending) = running.announcer.ending()
        {
            run.unsuccessful.insert(child, (ending, running));
        }
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
                MapRunCommand::RedriveChild { child, items, redrives } => {
                    self.redrive_child(key, now, child, items, redrives);
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
        let ends = run.ends;
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
            let answered = AssertUnwindSafe(async { ask().await }).catch_unwind().await;
            // A store that panicked has refused one request, not ended the engine.
            let answer = answered.unwrap_or_else(|panic| {
                let reason = words(&panic).unwrap_or("the object store panicked");
                StoreAnswer::Refused(ObjectError::Unavailable(reason.to_owned()))
            });
            Stored { to: key, ends, answer }
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
        let (ending, announcer) = Ending::awaited();
        let Some(run) = self.map_runs.runs.get_mut(&map_run) else { return };
        let (arn, identity) = (Arc::clone(&run.description.arn), Arc::clone(execution.identity()));
        let running = Box::new(Running {
            parent: Some((map_run, number)),
            ..Running::new(execution, run.test_case.clone(), run.number, announcer)
        });
        let key = self.admit(running);
        let view = ChildView::new(arn, identity, ending, items, now);
        self.show_child(map_run, number, Child { key, view });
        self.map_runs.due.push_back(Due::Execution(key, Event::Started));
    }

    /// Lets a Standard child go on that ended badly.
    fn redrive_child(&mut self, map_run: MapRunKey, now: Timestamp, number: u64, items: u64, redrives: u64) {
        let Some(run) = self.map_runs.runs.get_mut(&map_run) else { return };
        let Some((ending, mut running)) = run.unsuccessful.remove(&number) else { return };
        running.rise();
        let (arn, identity) = (Arc::clone(&run.description.arn), Arc::clone(&running.identity));
        let view = ChildView::new(arn, identity, ending, items, running.started);
        let view = ChildView { redrives, redriven: Some(now), ..view };
        let key = self.admit(running);
        self.show_child(map_run, number, Child { key, view });
        self.map_runs.due.push_back(Due::Execution(key, Event::Redriven));
    }

    /// From now on the child can be asked about. An Express child that is run again takes the place of what it was.
    fn show_child(&mut self, map_run: MapRunKey, number: u64, child: Child) {
        let Some(run) = self.map_runs.runs.get_mut(&map_run) else { return };
        let arn = Arc::clone(&child.view.identity.execution_arn);
        if let Some(before) = run.children.insert(number, child) {
            self.map_runs.children.remove(&before.view.identity.execution_arn);
        }
        self.map_runs.children.insert(arn, (map_run, number));
    }

    fn finish_map_run(&mut self, key: MapRunKey, now: Timestamp, end: MapRunEnd) {
        let Some(run) = self.map_runs.runs.get_mut(&key) else { return };
        let status = match &end {
            MapRunEnd::Succeeded(_) => MapRunStatus::Succeeded,
            MapRunEnd::Failed(_) => MapRunStatus::Failed,
            MapRunEnd::Aborted => MapRunStatus::Aborted,
        };
        (run.description.status, run.description.stopped) = (status, Some(now));
        run.ends += 1;
        run.is_asking = false;
        run.requests.clear();
        run.shed();
        let (parent, map_run) = (run.parent, run.id);
        // Only its own execution stops a Map Run, and does not wait for it.
        if end != MapRunEnd::Aborted {
            self.map_runs.due.push_back(Due::Execution(parent, Event::MapRunEnded { map_run, end }));
        }
        self.map_runs.remove_forgotten(key);
    }

    pub(super) fn answer_map_run_query(&mut self, query: MapRunQuery) {
        // Whoever asked may have gone away; what was asked for is done all the same.
        match query {
            MapRunQuery::Describe { arn, reply } => {
                let _ = reply.send(self.map_runs.by_arn(&arn).map(|run| run.description.clone()));
            }
            MapRunQuery::List { execution, reply } => {
                let of_execution = self.map_runs.of_execution.get(&execution).into_iter().flatten();
                let runs = of_execution.filter_map(|key| self.map_runs.runs.get(key));
                let _ = reply.send(runs.map(|run| run.description.clone()).collect());
            }
            MapRunQuery::Children { arn, reply } => {
                let run = self.map_runs.by_arn(&arn);
                let _ = reply.send(run.into_iter().flat_map(Run::children).collect());
            }
            MapRunQuery::Child { execution, reply } => {
                let place = self.map_runs.children.get(&execution);
                let child = place.and_then(|(key, number)| self.map_runs.runs.get(key)?.child(*number));
                let _ = reply.send(child);
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
        let redrives = work.redrives();
        let commands = work.handle(now, event);
        self.description.note(work);
        if work.redrives() > redrives {
            self.description.status = MapRunStatus::Running;
            (self.description.redriven, self.description.stopped) = (Some(now), None);
        }
        commands
    }

    /// What is over, and will not be redriven, needs its items and children no more.
    fn shed(&mut self) {
        if !self.is_kept && self.description.status != MapRunStatus::Running {
            self.work = None;
            self.unsuccessful = BTreeMap::new();
        }
    }

    fn children(&self) -> impl Iterator<Item = ChildView> {
        self.children.keys().filter_map(|number| self.child(*number))
    }

    fn child(&self, number: u64) -> Option<ChildView> {
        let view = self.children.get(&number)?.view.clone();
        let will_redrive = self.work.as_ref().is_some_and(|work| work.will_redrive(number));
        Some(ChildView { will_redrive, ..view })
    }
}
