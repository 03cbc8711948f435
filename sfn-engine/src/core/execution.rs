//! A running execution: takes events, moves its strands as far as they go, and gives commands.
//! Separate from the steps, which say what each State type does; here is what they all rest on.

mod finish;
mod leave;
mod record;
mod redrive;
mod timer;
mod trial;

pub(super) use timer::Alarm;
pub(crate) use trial::{Mock, Report, Stage, Trial, Verdict};

use redrive::Wreck;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, LazyLock, OnceLock};
use std::time::Duration;

use sfn_asl::{QueryLanguage, Value};
use sfn_jsonata::{Bindings, Object};

use super::context::{ContextRoot, with_item};
use super::data::Selection;
use super::event::{Command, Event, MapRunId, TaskId, TimerId};
use super::machine::{GraphId, Kind, Leaving, Node};
use super::map_run::{self, View};
use super::quota::EXPRESS_DURATION;
use super::strand::{Doing, Parent, Strand, StrandId};
use super::{Failure, Identity, Machine, Random};
use crate::Timestamp;
use crate::few::Few;
use crate::history::Details;
use crate::query::{QueryFault, Scope};

/// An execution of a [`Machine`].
///
/// See the [module](super) for an example.
#[derive(Debug)]
pub struct Execution {
    pub(super) machine: Arc<Machine>,
    pub(super) identity: Arc<Identity>,
    /// Express executions have no limit on events.
    is_express: bool,
    pub(super) random: Random,
    pub(super) now: Timestamp,
    /// Where it begins: a child of a Map Run begins in the Item Processor.
    graph: GraphId,
    timeout: Option<Duration>,
    input: Value,
    started: Timestamp,
    /// Made when a State reads it, and let go while the execution waits.
    context: OnceLock<Box<ContextRoot>>,

    /// Boxed, so that a wide tree has small leaves.
    strands: Few<StrandId, Box<Strand>>,
    /// Strands that are about to enter a State.
    agenda: VecDeque<StrandId>,
    pub(super) tasks: Few<TaskId, StrandId>,
    pub(super) map_runs: Few<MapRunId, StrandId>,
    timers: Few<TimerId, Alarm>,
    /// The next strand, task or timer.
    next_name: u64,

    /// At least as many bytes as all Variables have.
    variables_at_most: u64,

    last_event: u64,
    ended: bool,
    /// How often it has been redriven.
    redrives: u64,
    /// When it was last redriven.
    redriven: Option<Timestamp>,
    /// What was given up inside States that failed.
    wrecks: BTreeMap<StrandId, Wreck>,
    /// If only one State is tested: what surrounds it.
    trial: Option<Box<trial::Trying>>,
    commands: Vec<Command>,
}

/// How far an attempt at a State got.
pub(super) enum Progress {
    /// It waits for an event.
    Pending,
    /// It is done, with this result; the State's own `Assign`, `Output` and `Next` apply.
    Done(Value),
    /// It is done and has been left already, by a way of its own.
    Left,
}

/// Why a State did not get to its end.
pub(super) enum Trouble {
    /// An expression; the history will say so.
    Query(QueryFault),
    Failure(Failure),
}

impl From<QueryFault> for Trouble {
    fn from(fault: QueryFault) -> Self {
        Self::Query(fault)
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

/// The names within `$states`, made once.
static INPUT: LazyLock<Arc<str>> = LazyLock::new(|| "input".into());
static RESULT: LazyLock<Arc<str>> = LazyLock::new(|| "result".into());
static ERROR_OUTPUT: LazyLock<Arc<str>> = LazyLock::new(|| "errorOutput".into());
static CONTEXT: LazyLock<Arc<str>> = LazyLock::new(|| "context".into());

const ROOT: StrandId = StrandId(0);

/// How many commands are about enough for a run.
const RUN: usize = 128;

impl Execution {
    /// An execution that has not begun. `seed` decides everything that is random in it.
    pub fn new(machine: Arc<Machine>, identity: impl Into<Arc<Identity>>, input: Value, seed: u64) -> Self {
        let timeout = machine.timeout;
        Self::within(machine, 0, timeout, identity.into(), input, seed)
    }

    /// A child execution of a Map Run.
    pub(super) fn child(children: &map_run::Children, identity: Identity, input: Value, seed: u64) -> Self {
        Self::within(Arc::clone(&children.machine), children.graph, None, identity.into(), input, seed)
    }

    fn within(
        machine: Arc<Machine>,
        graph: GraphId,
        timeout: Option<Duration>,
        identity: Arc<Identity>,
        input: Value,
        seed: u64,
    ) -> Self {
        let is_express = identity.is_express();
        let limit = is_express.then_some(EXPRESS_DURATION);
        Self {
            graph,
            timeout: timeout.into_iter().chain(limit).min(),
            is_express,
            started: Timestamp::default(),
            context: OnceLock::new(),
            machine,
            identity,
            random: Random::seeded(seed),
            now: Timestamp::default(),
            input,
            strands: Few::default(),
            agenda: VecDeque::new(),
            tasks: Few::default(),
            map_runs: Few::default(),
            timers: Few::default(),
            next_name: 1,
            variables_at_most: 0,
            last_event: 0,
            ended: false,
            redrives: 0,
            redriven: None,
            wrecks: BTreeMap::new(),
            trial: None,
            commands: Vec::new(),
        }
    }

    /// Takes what happened at `now` and says what to do about it.
    ///
    /// News about tasks and timers that are over is ignored: an answer may always cross its own cancellation.
    pub fn handle(&mut self, now: Timestamp, event: Event) -> Vec<Command> {
        self.begin(now, event);
        std::iter::from_fn(|| self.next_commands()).flatten().collect()
    }

    /// Takes what happened; what to do about it comes in runs.
    pub(crate) fn begin(&mut self, now: Timestamp, event: Event) {
        self.now = now;
        if matches!(event, Event::Redriven) {
            self.redrive();
        } else if !self.ended {
            match event {
                Event::Started => self.start(),
                Event::TaskStarted { task, worker } => self.task_started(task, worker),
                Event::TaskAnswered { task, output } => self.task_answered(task, output),
                Event::TaskSucceeded { task, output } => self.task_succeeded(task, output),
                Event::TaskFailed { task, fault } => self.task_failed(task, fault),
                Event::TaskHeartbeat { task } => self.task_heartbeat(task),
                Event::TimerFired { timer } => self.timer_fired(timer),
                Event::MapRunEnded { map_run, end } => self.map_run_ended(map_run, end),
                Event::Stopped(fault) => self.stop(fault),
                Event::Redriven => {}
            }
        }
    }

    /// The next run of commands, if any are left. Lets every strand that can move enter its State, in turn, until
    /// there are enough: a run is short, so that what a large Map does is never held twice.
    pub(crate) fn next_commands(&mut self) -> Option<Vec<Command>> {
        while !self.ended
            && self.commands.len() < RUN
            && let Some(id) = self.agenda.pop_front()
        {
            self.enter(id);
        }
        if self.commands.is_empty() {
            self.context.take();
            return None;
        }
        Some(std::mem::take(&mut self.commands))
    }

    /// The execution's ARN.
    pub fn arn(&self) -> &Arc<str> {
        &self.identity.execution_arn
    }

    /// The execution's names.
    pub fn identity(&self) -> &Arc<Identity> {
        &self.identity
    }

    /// Whether some of its expressions may take more time than others should wait.
    pub(crate) fn may_take_long(&self) -> bool {
        self.machine.may_take_long
    }

    /// Whether the execution is over.
    pub fn has_ended(&self) -> bool {
        self.ended
    }

    fn start(&mut self) {
        self.started = self.now;
        let role_arn = Arc::clone(&self.identity.role_arn);
        self.record(0, Details::ExecutionStarted { input: self.input.clone(), role_arn });
        if let Some(timeout) = self.timeout {
            self.set_timer(self.now.after(timeout), Alarm::ExecutionLate);
        }
        let root = Strand {
            graph: self.graph,
            node: self.machine.graphs[self.graph].start,
            input: self.input.clone(),
            variables: Arc::new(self.trial().map(Trial::bindings).unwrap_or_default()),
            item: None,
            parent: None,
            // The first State follows from nothing, not from the execution's start.
            cursor: 0,
            entered: 0,
            entered_from: 0,
            entered_at: self.now,
            retries: Vec::new(),
            token: None,
            doing: Doing::Ready,
        };
        self.strands.insert(ROOT, Box::new(root));
        self.agenda.push_back(ROOT);
    }

    fn enter(&mut self, id: StrandId) {
        let machine = Arc::clone(&self.machine);
        let retried = self.trial().map_or(0, |trial| trial.retried);
        let Some(strand) = self.strands.get_mut(&id) else { return };
        let node = &machine.graphs[strand.graph].nodes[strand.node];
        strand.entered_from = strand.cursor;
        // On the service no State is entered twice so soon that the times are equal, and keys are made of them.
        let is_later_task = strand.entered > 0 && matches!(node.kind, Kind::Task(_));
        let earliest = strand.entered_at.after(Duration::from_millis(is_later_task.into()));
        strand.entered_at = self.now.max(earliest);
        strand.retries.clear();
        strand.retries.resize(node.retry.len(), retried);
        let (previous, input) = (strand.cursor, strand.input.clone());
        let entered = self.record(
            previous,
            Details::StateEntered { state_type: node.state_type(), name: Arc::clone(&node.name), input },
        );
        let is_trial = self.trial.is_some();
        let strand = self.strand(id);
        (strand.entered, strand.cursor) = (if is_trial { 0 } else { entered }, entered);
        self.attempt(id, node);
    }

    /// Tries the State a strand is in: for the first time, or again.
    pub(super) fn attempt(&mut self, id: StrandId, node: &Node) {
        self.strand(id).doing = Doing::Ready;
        self.wrecks.remove(&id);
        match self.progress(id, node) {
            Ok(Progress::Pending | Progress::Left) => {}
            Ok(Progress::Done(result)) => self.succeed_state(id, node, result),
            Err(trouble) => self.fail_state(id, node, trouble),
        }
    }

    fn progress(&mut self, id: StrandId, node: &Node) -> Result<Progress, Trouble> {
        let input = self.effective_input(id, node)?;
        self.note_input(node, &input);
        match &node.kind {
            Kind::Pass(pass) => Ok(Progress::Done(self.pass(id, node, input, pass)?)),
            Kind::Succeed => Ok(Progress::Done(input)),
            Kind::Fail { error, cause } => self.raise(id, node, input, error.as_ref(), cause.as_ref()),
            Kind::Wait(until) => self.wait(id, node, input, until),
            Kind::Choice { rules, has_default } => self.choose(id, node, input, rules, *has_default),
            Kind::Task(task) => self.start_task(id, node, input, task),
            Kind::Parallel { branches, arguments } => {
                self.start_branches(id, node, input, branches, arguments.as_ref())
            }
            Kind::Map(map) => self.start_iterations(id, node, &input, map),
        }
    }

    /// The part of its input that a State works on.
    pub(super) fn effective_input(&mut self, id: StrandId, node: &Node) -> Result<Value, QueryFault> {
        let input = self.strand(id).input.clone();
        match &node.input {
            Selection::Whole => Ok(input),
            selection => selection.of(&self.scope(id, node, Seen::Input(input))),
        }
    }

    /// A strand that is known to be there: whoever holds its name took it from a table that is kept in step.
    pub(super) fn strand(&mut self, id: StrandId) -> &mut Strand {
        self.strands.get_mut(&id).expect("a named strand exists until its name is removed from every table")
    }

    fn known_strand(&self, id: StrandId) -> &Strand {
        self.strands.get(&id).expect("a named strand exists until its name is removed from every table")
    }

    pub(super) fn node<'m>(&mut self, machine: &'m Machine, id: StrandId) -> &'m Node {
        let strand = self.strand(id);
        &machine.graphs[strand.graph].nodes[strand.node]
    }

    /// Starts a Branch or an iteration of the State that `parent` is in.
    pub(super) fn spawn(&mut self, parent: Parent, seed: Seed) -> StrandId {
        let id = StrandId(self.name());
        let now = self.now;
        let outer = self.strand(parent.strand);
        let item = seed.item.map(Arc::new).or_else(|| outer.item.clone());
        let strand = Strand {
            graph: seed.graph,
            node: 0,
            input: seed.input,
            variables: Arc::new(Bindings::child_of(Arc::clone(&outer.variables))),
            item,
            parent: Some(parent),
            cursor: seed.cursor,
            entered: 0,
            entered_from: 0,
            entered_at: now,
            retries: Vec::new(),
            token: None,
            doing: Doing::Ready,
        };
        let node = self.machine.graphs[seed.graph].start;
        self.strands.insert(id, Box::new(Strand { node, ..strand }));
        self.agenda.push_back(id);
        id
    }

    /// Moves a strand on to the next State, or to the end of its graph.
    pub(super) fn proceed(&mut self, id: StrandId, leaving: &Leaving, output: Value) {
        if self.left(id, leaving, &output) {
            return;
        }
        let strand = self.strand(id);
        strand.doing = Doing::Ready;
        strand.token = None;
        if let Some(next) = leaving.next {
            strand.node = next;
            strand.input = output;
            self.agenda.push_back(id);
            return;
        }
        let (cursor, parent) = (strand.cursor, strand.parent);
        match parent {
            None => self.succeed(cursor, output),
            Some(parent) => {
                self.strands.remove(&id);
                self.child_done(id, parent, cursor, output);
            }
        }
    }

    /// What the expressions of a State see.
    pub(super) fn scope(&mut self, id: StrandId, node: &Node, seen: Seen) -> Scope {
        let random = self.random.fork();
        let strand = self.known_strand(id);
        let context = || self.context_of(strand, node);
        if node.language == QueryLanguage::JsonPath {
            let (Seen::Input(root) | Seen::Result(root) | Seen::Error(root)) = seen;
            let context = if node.reads_context { context() } else { Value::Null };
            return Scope::jsonpath(&strand.variables, root, context, self.now, random);
        }
        let mut states = Object::with_capacity(3);
        states.insert(Arc::clone(&INPUT), strand.input.clone());
        match seen {
            Seen::Input(_) => {}
            Seen::Result(result) => drop(states.insert(Arc::clone(&RESULT), result)),
            Seen::Error(error) => drop(states.insert(Arc::clone(&ERROR_OUTPUT), error)),
        }
        if node.reads_context {
            states.insert(Arc::clone(&CONTEXT), context());
        }
        Scope::jsonata(&strand.variables, Value::from(states), self.now, random)
    }

    fn context(&self) -> &ContextRoot {
        self.context.get_or_init(|| {
            let mut root = ContextRoot::new(&self.identity, &self.input, self.started);
            if let Some(at) = self.redriven {
                root.redriven(self.redrives, at);
            }
            Box::new(root)
        })
    }

    fn context_of(&self, strand: &Strand, node: &Node) -> Value {
        match (self.trial(), &strand.item) {
            (None, _) => self.context().within(strand, &node.name, !node.retry.is_empty()),
            (Some(trial), Some(item)) => with_item(&trial.context, item),
            (Some(trial), None) => trial.context.clone(),
        }
    }

    /// What the Item Selector of a distributed Map sees besides the item, for as long as its Map Run goes on.
    pub(super) fn view(&mut self, id: StrandId, node: &Node, input: Value) -> View {
        let strand = self.known_strand(id);
        View {
            machine: Arc::clone(&self.machine),
            graph: strand.graph,
            node: strand.node,
            entered: strand.entered,
            input,
            context: self.context_of(strand, node),
            variables: Arc::clone(&strand.variables),
            now: self.now,
        }
    }

    pub(super) fn command(&mut self, command: Command) {
        if !self.ended {
            self.commands.push(command);
        }
    }

    /// A name for a strand, a task or a timer.
    pub(super) fn name(&mut self) -> u64 {
        self.next_name += 1;
        self.next_name
    }
}

/// What a Branch or an iteration begins with.
pub(super) struct Seed {
    pub(super) graph: usize,
    pub(super) input: Value,
    pub(super) item: Option<super::strand::Item>,
    pub(super) cursor: u64,
}

/// What a State's expressions look at: `$` of its Paths. JSONata has the input in `$states` all the time, the others
/// beside it.
pub(super) enum Seen {
    Input(Value),
    Result(Value),
    Error(Value),
}
