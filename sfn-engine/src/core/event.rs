//! The core's vocabulary: what can happen to an execution, and what it can ask for.
//! Separate because these types are the whole interface between core and driver.

use std::sync::Arc;
use std::time::Duration;

use sfn_asl::Value;

use super::{MapRunEnd, MapRunPlan, Resource};
use crate::Timestamp;
use crate::history::{Fault, HistoryEvent};

/// One attempt at a Task, unique within its execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId(pub(crate) u64);

/// A timer, unique within its execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimerId(pub(crate) u64);

/// A Map Run, unique within its execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MapRunId(pub(crate) u64);

/// What happened to an execution.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The execution begins. Once, and first.
    Started,
    /// A worker has taken up an Activity's Task.
    TaskStarted {
        /// Which attempt.
        task: TaskId,
        /// What the worker calls itself.
        worker: Option<Arc<str>>,
    },
    /// Whoever was handed a Task has answered. In Run a Job and Wait for Callback that is not yet the result.
    TaskAnswered {
        /// Which attempt.
        task: TaskId,
        /// The answer.
        output: Value,
    },
    /// A Task's result came: with its Task Token, or because the job is done.
    TaskSucceeded {
        /// Which attempt.
        task: TaskId,
        /// The result.
        output: Value,
    },
    /// A Task failed, be it in the answer or through its Task Token.
    TaskFailed {
        /// Which attempt.
        task: TaskId,
        /// Error and cause.
        fault: Fault,
    },
    /// A worker is still at it.
    TaskHeartbeat {
        /// Which attempt.
        task: TaskId,
    },
    /// A timer's time has come.
    TimerFired {
        /// Which timer.
        timer: TimerId,
    },
    /// A Map Run that this execution started is over.
    MapRunEnded {
        /// Which one.
        map_run: MapRunId,
        /// How it ended.
        end: MapRunEnd,
    },
    /// Somebody wants the execution to end.
    Stopped(Fault),
    /// Somebody wants the execution, which has ended badly, to go on where it did.
    Redriven,
}

/// What an execution asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Keep this event.
    Record(HistoryEvent),
    /// Hand over a Task. What becomes of it comes back as an [`Event`].
    StartTask(TaskStart),
    /// Forget about a Task: nobody is interested in its result any more.
    CancelTask(TaskId),
    /// Wake me at that time.
    StartTimer {
        /// Under this name.
        timer: TimerId,
        /// Then.
        at: Timestamp,
    },
    /// Do not wake me after all.
    CancelTimer(TimerId),
    /// Start a Map Run. That it is over comes back as an [`Event`].
    StartMapRun {
        /// Under this name.
        map_run: MapRunId,
        /// What it is to do.
        plan: Arc<MapRunPlan>,
    },
    /// Let a Map Run that ended badly go on. That it is over comes back as an [`Event`].
    RedriveMapRun(MapRunId),
    /// Stop a Map Run and its children: nobody is interested in its result any more.
    StopMapRun(MapRunId),
    /// Tell who is watching.
    Notify(Notice),
    /// It is over. Always the last command.
    Finish(Status),
}

/// A Task to be handed over.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskStart {
    /// Which attempt.
    pub task: TaskId,
    /// The name of the Task State.
    pub state: Arc<str>,
    /// Who does the work.
    pub resource: Arc<Resource>,
    /// The work's input.
    pub arguments: Value,
    /// The Task Token: whatever is not Request Response has one, and Activities.
    pub token: Option<Arc<str>>,
    /// Which attempt of this State it is, counted from 0.
    pub attempt: u32,
    /// When it must be done, if there is a limit.
    pub deadline: Option<Timestamp>,
    /// How long the worker may be silent, if there is a limit.
    pub heartbeat: Option<Duration>,
}

/// What somebody who watches wants to know and the history does not tell.
#[derive(Debug, Clone, PartialEq)]
pub enum Notice {
    /// A State will be tried again.
    Retrying {
        /// The name of the State.
        state: Arc<str>,
        /// Which retry it will be, counted from 1.
        attempt: u32,
        /// How long it waits before that.
        delay: Duration,
        /// What went wrong.
        fault: Fault,
    },
    /// A Catcher has a failure.
    Caught {
        /// The name of the State that failed.
        state: Arc<str>,
        /// The name of the State that follows.
        next: Arc<str>,
        /// What went wrong.
        fault: Fault,
    },
}

/// How an execution ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Status {
    /// Well, with this output.
    Succeeded(Value),
    /// With a failure.
    Failed(Fault),
    /// Later than its State Machine allows.
    TimedOut(Fault),
    /// Because somebody stopped it.
    Aborted(Fault),
}
