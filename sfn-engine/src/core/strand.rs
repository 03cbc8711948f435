//! One line of control: the State it is in, what that State sees, and what it is waiting for.
//! Separate because an execution is a tree of these: one at the root, one per running Branch or iteration.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use sfn_asl::Value;
use sfn_jsonata::Bindings;

use super::event::{MapRunId, TaskId, TimerId};
use super::machine::{GraphId, NodeId};
use crate::Timestamp;

/// Names a strand; never reused, so that news for one that is gone finds nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct StrandId(pub(super) u64);

#[derive(Debug)]
pub(super) struct Strand {
    pub(super) graph: GraphId,
    pub(super) node: NodeId,
    /// The State's input.
    pub(super) input: Value,
    /// The Variables of this scope; those of outer scopes are behind them.
    pub(super) variables: Arc<Bindings>,
    /// The Map item this strand works on, its own or that of a Map State further out.
    pub(super) item: Option<Arc<Item>>,
    /// Whose Branch or iteration this is; none at the root.
    pub(super) parent: Option<Parent>,

    /// The event that the strand's next event follows from.
    pub(super) cursor: u64,
    /// The `StateEntered` event of the State, and the event that one follows from.
    pub(super) entered: u64,
    pub(super) entered_from: u64,
    pub(super) entered_at: Timestamp,

    /// How often each Retrier of the State has been used.
    pub(super) retries: Vec<u32>,
    /// The Task Token of the running attempt.
    pub(super) token: Option<Arc<str>>,
    pub(super) doing: Doing,
}

/// A Branch's or iteration's place in the Parallel or Map State that runs it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parent {
    pub(super) strand: StrandId,
    pub(super) index: usize,
}

/// The item an iteration works on.
#[derive(Debug, Clone, Default)]
pub(super) struct Item {
    pub(super) index: usize,
    pub(super) value: Value,
    /// Its key, where the items are the fields of an object.
    pub(super) key: Option<Arc<str>>,
    /// Where a Map Run has it from.
    pub(super) source: Option<Arc<str>>,
}

/// What a strand is waiting for.
#[derive(Debug)]
pub(super) enum Doing {
    /// Nothing: its turn will come.
    Ready,
    /// A Wait State's time, or the delay before a retry.
    Sleeping(TimerId),
    Task(Attempt),
    Children(Box<Children>),
    /// The Map Run of a distributed Map State.
    MapRun(RunningMapRun),
}

/// A Map Run, as the State that waits for it knows it.
#[derive(Debug)]
pub(super) struct RunningMapRun {
    pub(super) id: MapRunId,
    pub(super) arn: Arc<str>,
    pub(super) redrives: u64,
}

/// One attempt at a Task.
#[derive(Debug)]
pub(super) struct Attempt {
    pub(super) task: TaskId,
    pub(super) timeout: Option<TimerId>,
    /// How long the worker may be silent.
    pub(super) period: Option<Duration>,
    /// The timer that a worker's heartbeat winds up again.
    pub(super) heartbeat: Option<TimerId>,
    /// In Run a Job and Wait for Callback: whether the request itself has been answered.
    pub(super) submitted: bool,
}

/// The Branches or iterations of a State.
#[derive(Debug)]
pub(super) struct Children {
    /// The outputs so far, by index.
    pub(super) outputs: Vec<Option<Value>>,
    pub(super) unfinished: usize,
    pub(super) running: Vec<StrandId>,
    /// Iterations that `MaxConcurrency` holds back, with their inputs.
    pub(super) held_back: VecDeque<(Item, Value)>,
}

impl Children {
    pub(super) fn new(count: usize) -> Self {
        Self {
            outputs: vec![None; count],
            unfinished: count,
            running: Vec::new(),
            held_back: VecDeque::new(),
        }
    }

    /// Takes a child's output; gives all of them when it was the last.
    pub(super) fn finish(&mut self, child: StrandId, index: usize, output: Value) -> Option<Value> {
        self.running.retain(|running| *running != child);
        self.outputs[index] = Some(output);
        self.unfinished -= 1;
        (self.unfinished == 0).then(|| self.outputs.drain(..).flatten().collect())
    }
}
