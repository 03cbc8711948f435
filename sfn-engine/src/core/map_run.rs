//! A Map Run: reads items, runs a child execution for each, gathers what they come to.
//!
//! Separate from the execution whose distributed Map State starts it, because it owns thousands of executions itself;
//! as pure as they are: events in, commands out. What it keeps is the items, the results, the names of as many
//! children as may run at once, and the children that did not succeed, for a redrive.

mod apart;
mod counts;
mod formats;
mod plan;
mod queue;
mod reader;
mod results;

pub use apart::{ItemReading, Read};
pub use counts::{Count, Counts, Limits};
pub(in crate::core) use formats::{Format, each};
pub use plan::MapRunPlan;
pub(in crate::core) use plan::{Batcher, Children, Destination, Source, Transformation, View, Writer};
pub(in crate::core) use queue::{Inputs, inputs};
pub(in crate::core) use reader::Reads;
pub use reader::{StoreAnswer, StoreRequest};

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sfn_asl::Value;

use super::{Execution, Failure, Identity, Random, Status};
use crate::Timestamp;
use crate::history::Fault;

use queue::{Load, Queue};
use reader::{Entry, Reading, Step};
use results::{Finished, Results};

/// A Map Run on its way.
#[derive(Debug)]
pub struct MapRun {
    plan: Arc<MapRunPlan>,
    limits: Limits,
    random: Random,
    stage: Stage,
    queue: Queue,
    running: BTreeMap<u64, Child>,
    /// The children that did not succeed, and how they ended.
    unsuccessful: BTreeMap<u64, (Child, Status)>,
    /// Those of them that are to run again.
    again: BTreeSet<u64>,
    results: Results,
    counts: Counts,
    redrives: u64,
    /// Whether it is to go on as soon as all that it gave up is over.
    is_redriven: bool,
    /// The number of the next child.
    next_child: u64,
    commands: Vec<MapRunCommand>,
}

/// A child execution at work.
#[derive(Debug)]
struct Child {
    identity: Identity,
    input: Value,
    items: u64,
    started: Timestamp,
    redrives: u64,
}

#[derive(Debug)]
enum Stage {
    Waiting,
    Reading(Reading),
    Running,
    /// Nothing new begins; when the last child is over the Map Run ends like this.
    Stopping(MapRunEnd),
    /// `left` files are not written yet; the Map Run ends like this if the store keeps them all.
    Writing {
        left: usize,
        end: MapRunEnd,
        refused: Option<String>,
    },
    Ended(MapRunEnd),
}

/// What happened to a Map Run.
#[derive(Debug, Clone, PartialEq)]
pub enum MapRunEvent {
    /// It begins. Once, and first.
    Started,
    /// The object store has answered.
    Answered(StoreAnswer),
    /// A child execution is over.
    ChildEnded {
        /// Its number.
        child: u64,
        /// How it ended.
        status: Status,
    },
    /// Somebody changed what may run at once, or what may fail.
    Updated(Limits),
    /// The execution that started it has no use for it any more.
    Stopped,
    /// It is to go on where it ended.
    Redriven,
}

/// What a Map Run asks for.
#[derive(Debug)]
pub enum MapRunCommand {
    /// Ask the object store. What it answers comes back as an event.
    Store(StoreRequest),
    /// Start a child execution.
    StartChild {
        /// Its number.
        child: u64,
        /// The execution, which has not begun.
        execution: Box<Execution>,
        /// How many items it works on.
        items: u64,
    },
    /// Let the child execution of that number, which did not succeed, go on where it ended.
    RedriveChild {
        /// Its number.
        child: u64,
        /// How many items it works on.
        items: u64,
        /// How often it will have been redriven.
        redrives: u64,
    },
    /// Stop the child execution of that number.
    StopChild(u64),
    /// It is over. Always the last command.
    Finish(MapRunEnd),
}

/// How a Map Run ended.
#[derive(Debug, Clone, PartialEq)]
pub enum MapRunEnd {
    /// Well, with this as the Map State's result.
    Succeeded(Value),
    /// With a failure.
    Failed(Fault),
    /// Because its execution was stopped.
    Aborted,
}

impl MapRun {
    /// A Map Run that has not begun.
    pub fn new(plan: Arc<MapRunPlan>) -> Self {
        Self {
            limits: plan.limits,
            random: Random::seeded(plan.seed),
            stage: Stage::Waiting,
            queue: Queue::new(Vec::new(), plan.seed),
            running: BTreeMap::new(),
            unsuccessful: BTreeMap::new(),
            again: BTreeSet::new(),
            results: Results::default(),
            counts: Counts::default(),
            redrives: 0,
            is_redriven: false,
            next_child: 0,
            commands: Vec::new(),
            plan,
        }
    }

    /// Its ARN.
    pub fn arn(&self) -> &Arc<str> {
        &self.plan.arn
    }

    /// The names of the execution that started it.
    pub fn parent(&self) -> &Identity {
        &self.plan.children.parent
    }

    /// What may run at once, and what may fail.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Where its items and children are.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// How often it has been redriven.
    pub fn redrives(&self) -> u64 {
        self.redrives
    }

    /// Whether the child of that number did not succeed and waits to run again.
    pub fn will_redrive(&self, child: u64) -> bool {
        self.again.contains(&child)
    }

    /// Takes what happened at `now` and says what to do about it.
    pub fn handle(&mut self, now: Timestamp, event: MapRunEvent) -> Vec<MapRunCommand> {
        match event {
            MapRunEvent::Started => self.begin(),
            MapRunEvent::Answered(answer) => self.answered(answer),
            MapRunEvent::ChildEnded { child, status } => self.child_ended(now, child, status),
            MapRunEvent::Updated(_) if matches!(self.stage, Stage::Ended(_)) => {}
            MapRunEvent::Updated(limits) => {
                self.limits = limits;
                self.check_failures();
            }
            MapRunEvent::Stopped => self.give_up(MapRunEnd::Aborted),
            MapRunEvent::Redriven => self.redrive(),
        }
        self.work(now);
        std::mem::take(&mut self.commands)
    }

    fn begin(&mut self) {
        match self.plan.source.clone() {
            Source::Items(items) => self.run(Entry::of_state_data(items)),
            Source::Objects { reads, bucket, place, limit } => {
                let (reading, request) = Reading::begin(reads, bucket, place, limit);
                self.stage = Stage::Reading(reading);
                self.commands.push(MapRunCommand::Store(request));
            }
            Source::Nowhere(cause) => self.end(MapRunEnd::Failed(unreadable(cause))),
        }
    }

    fn answered(&mut self, answer: StoreAnswer) {
        match &mut self.stage {
            Stage::Reading(reading) => match reading.answered(answer) {
                Ok(Step::Ask(request)) => self.commands.push(MapRunCommand::Store(request)),
                Ok(Step::Done(entries)) => self.run(entries),
                Err(cause) => self.end(MapRunEnd::Failed(unreadable(cause))),
            },
            Stage::Writing { left, refused, .. } => {
                *left -= 1;
                if let (StoreAnswer::Refused(error), Some(destination)) =
                    (answer, &self.plan.writer.destination)
                {
                    *refused = Some(reader::refusal(&destination.bucket, &error));
                }
                if *left == 0 {
                    self.written();
                }
            }
            Stage::Waiting | Stage::Running | Stage::Stopping(_) | Stage::Ended(_) => {}
        }
    }

    /// Goes on with what did not succeed and with what never began. What succeeded stays as it is.
    fn redrive(&mut self) {
        match &self.stage {
            Stage::Stopping(_) => self.is_redriven = true,
            // The execution was stopped before it took notice.
            Stage::Ended(end @ MapRunEnd::Succeeded(_)) => self.end(end.clone()),
            Stage::Ended(_) => {
                self.redrives += 1;
                if self.counts.items.total == 0 {
                    return self.begin();
                }
                self.stage = Stage::Running;
                self.again.extend(self.unsuccessful.keys());
                for (Child { items, .. }, status) in self.unsuccessful.values() {
                    self.counts.await_redrive(*items, status);
                }
            }
            Stage::Waiting | Stage::Reading(_) | Stage::Running | Stage::Writing { .. } => {}
        }
    }

    fn run(&mut self, entries: Vec<Entry>) {
        self.counts = Counts::of_waiting(entries.len() as u64, self.plan.batcher.is_some());
        self.queue = Queue::new(entries, self.random.next_u64());
        self.stage = Stage::Running;
    }

    /// Starts as many children as there is room for; ends when there is nothing left to do.
    fn work(&mut self, now: Timestamp) {
        while matches!(self.stage, Stage::Running) && self.running.len() < self.limits.at_once() {
            if let Some(child) = self.again.pop_first() {
                self.redrive_child(now, child);
                continue;
            }
            match self.queue.next(&self.plan) {
                Ok(Some(load)) => self.start_child(now, load),
                Ok(None) if self.running.is_empty() => return self.conclude(None),
                Ok(None) => return,
                Err(fault) => self.give_up(MapRunEnd::Failed(fault)),
            }
        }
        if let Stage::Stopping(end) = &self.stage
            && self.running.is_empty()
        {
            let end = end.clone();
            if std::mem::take(&mut self.is_redriven) {
                self.stage = Stage::Ended(end);
                self.redrive();
                return self.work(now);
            }
            self.conclude(Some(end));
        }
    }

    fn start_child(&mut self, now: Timestamp, Load { input, items }: Load) {
        let child = self.next_child;
        self.next_child += 1;
        let identity = self.plan.children.identity(&mut self.random);
        self.counts.begin(items);
        self.launch(child, Child { identity, input, items, started: now, redrives: 0 });
    }

    fn launch(&mut self, number: u64, child: Child) {
        let seed = self.random.next_u64();
        let (identity, input, items) = (child.identity.clone(), child.input.clone(), child.items);
        let execution = Box::new(Execution::child(&self.plan.children, identity, input, seed));
        self.running.insert(number, child);
        self.commands.push(MapRunCommand::StartChild { child: number, execution, items });
    }

    /// A Standard child goes on where it ended, an Express one is run anew under its name.
    fn redrive_child(&mut self, now: Timestamp, number: u64) {
        let Some((mut child, _)) = self.unsuccessful.remove(&number) else { return };
        self.counts.redrive(child.items);
        child.redrives += 1;
        if let Some(identity) = self.plan.children.anew(&child.identity, &mut self.random) {
            return self.launch(number, Child { identity, started: now, ..child });
        }
        let Child { items, redrives, .. } = child;
        self.commands.push(MapRunCommand::RedriveChild { child: number, items, redrives });
        self.running.insert(number, child);
    }

    fn child_ended(&mut self, now: Timestamp, child: u64, status: Status) {
        let Some(ended) = self.running.remove(&child) else { return };
        self.counts.end(ended.items, &status);
        let finished = Finished {
            identity: ended.identity.clone(),
            input: ended.input.clone(),
            status: status.clone(),
            started: ended.started,
            stopped: now,
            redrives: ended.redrives,
        };
        self.results.add(&self.plan.writer, child, finished);
        if !matches!(status, Status::Succeeded(_)) {
            self.unsuccessful.insert(child, (ended, status));
        }
        self.check_failures();
    }

    fn check_failures(&mut self) {
        if matches!(self.stage, Stage::Running) && self.counts.too_many_failed(&self.limits) {
            self.give_up(MapRunEnd::Failed(Failure::too_many_failed().fault));
        }
    }

    /// Lets nothing new begin and stops what runs.
    fn give_up(&mut self, end: MapRunEnd) {
        match &self.stage {
            Stage::Waiting | Stage::Reading(_) | Stage::Running | Stage::Stopping(_) => {
                self.is_redriven = false;
                self.stage = Stage::Stopping(end);
                let stops = self.running.keys().map(|child| MapRunCommand::StopChild(*child));
                self.commands.extend(stops);
                for child in std::mem::take(&mut self.again) {
                    if let Some((Child { items, .. }, status)) = self.unsuccessful.get(&child) {
                        self.counts.give_up_redrive(*items, status);
                    }
                }
            }
            Stage::Writing { .. } => self.end(end),
            Stage::Ended(_) => {}
        }
    }

    /// All children are over: writes what is to be written.
    fn conclude(&mut self, end: Option<MapRunEnd>) {
        let plan = Arc::clone(&self.plan);
        match (&plan.writer.destination, end) {
            (_, Some(MapRunEnd::Aborted)) => self.end(MapRunEnd::Aborted),
            (None, Some(end)) => self.end(end),
            (None, None) => self.end(MapRunEnd::Succeeded(self.results.value(&plan.writer))),
            (Some(destination), end) => {
                // They stay in the queue, for a redrive.
                let mut queue = self.queue.clone();
                let mut pending = Vec::new();
                while let Ok(Some(load)) = queue.next(&plan) {
                    pending.push(load.input);
                }
                let (files, result) = self.results.files(&plan, destination, &pending);
                let end = end.unwrap_or(MapRunEnd::Succeeded(result));
                self.stage = Stage::Writing { left: files.len(), end, refused: None };
                self.commands.extend(files.into_iter().map(MapRunCommand::Store));
            }
        }
    }

    fn written(&mut self) {
        let Stage::Writing { end, refused, .. } = &self.stage else { return };
        if let Some(cause) = refused {
            return self.end(MapRunEnd::Failed(fault("States.ResultWriterFailed", cause.as_str())));
        }
        let end = end.clone();
        self.counts.written();
        self.end(end);
    }

    fn end(&mut self, end: MapRunEnd) {
        self.stage = Stage::Ended(end.clone());
        self.commands.push(MapRunCommand::Finish(end));
    }
}

fn unreadable(cause: String) -> Fault {
    fault("States.ItemReaderFailed", cause)
}

fn fault(error: &str, cause: impl Into<Arc<str>>) -> Fault {
    Fault { error: Some(error.into()), cause: Some(cause.into()) }
}
