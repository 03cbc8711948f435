//! What an event says, one variant per kind of event.
//! Separate from how it is written: the core builds these and must not pay for text nobody asks for.

use std::sync::Arc;

use sfn_asl::Value;

use crate::core::Resource;

/// An error with its explanation, either of which may be missing (a Fail State need not say).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fault {
    /// The Error Name.
    pub error: Option<Arc<str>>,
    /// What a person should know.
    pub cause: Option<Arc<str>>,
}

/// The Variables that a State assigned, in the author's order.
pub type Assigned = Vec<(Arc<str>, Value)>;

/// Writes the eight State types with the names of the events they share.
macro_rules! state_types {
    ($($name:ident),+) => {
        /// The type of a State, which names three of its events.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum StateType { $(#[doc = concat!("A ", stringify!($name), " State.")] $name),+ }

        impl StateType {
            /// The type's name in the language.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),+ }
            }

            pub(super) const fn entered(self) -> &'static str {
                match self { $(Self::$name => concat!(stringify!($name), "StateEntered")),+ }
            }

            pub(super) const fn exited(self) -> &'static str {
                match self { $(Self::$name => concat!(stringify!($name), "StateExited")),+ }
            }

            pub(super) const fn aborted(self) -> &'static str {
                match self { $(Self::$name => concat!(stringify!($name), "StateAborted")),+ }
            }
        }
    };
}

state_types!(Task, Choice, Map, Parallel, Pass, Wait, Succeed, Fail);

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Details {
    /// The execution began.
    ExecutionStarted {
        /// Its input.
        input: Value,
        /// The role it runs under.
        role_arn: Arc<str>,
    },
    /// The execution ended well.
    ExecutionSucceeded {
        /// Its output.
        output: Value,
    },
    /// The execution failed.
    ExecutionFailed(Fault),
    /// The execution took longer than its State Machine allows.
    ExecutionTimedOut(Fault),
    /// Somebody stopped the execution.
    ExecutionAborted(Fault),
    /// A State began.
    StateEntered {
        /// Its type.
        state_type: StateType,
        /// Its name.
        name: Arc<str>,
        /// Its input.
        input: Value,
    },
    /// A State was left.
    StateExited {
        /// Its type.
        state_type: StateType,
        /// Its name.
        name: Arc<str>,
        /// Its output.
        output: Value,
        /// The Variables it assigned.
        assigned: Assigned,
    },
    /// A State was given up because a neighbour failed or the execution ended.
    StateAborted {
        /// Its type.
        state_type: StateType,
    },
    /// A Task was handed over.
    TaskScheduled(Box<Scheduled>),
    /// The work began.
    TaskStarted {
        /// Who does it.
        resource: Arc<Resource>,
        /// What an Activity's worker calls itself.
        worker: Option<Arc<str>>,
    },
    /// The service called took the request; the result comes later.
    TaskSubmitted {
        /// Who does the work.
        resource: Arc<Resource>,
        /// What that service answered.
        output: Value,
    },
    /// The work is done.
    TaskSucceeded {
        /// Who did it.
        resource: Arc<Resource>,
        /// Its result.
        output: Value,
    },
    /// The work failed.
    TaskFailed {
        /// Who did it.
        resource: Arc<Resource>,
        /// What went wrong.
        fault: Fault,
    },
    /// The work took too long, or the worker was silent for too long.
    TaskTimedOut {
        /// Who did it.
        resource: Arc<Resource>,
        /// What went wrong.
        fault: Fault,
    },
    /// A field of a State could not be evaluated.
    EvaluationFailed {
        /// The name of the State.
        state: Arc<str>,
        /// What went wrong.
        fault: Fault,
        /// The field whose expression failed.
        location: Option<Arc<str>>,
    },
    /// An execution that had ended badly goes on.
    ExecutionRedriven {
        /// How often that has happened.
        redrive_count: u64,
    },
    /// The Branches of a Parallel State began.
    ParallelStateStarted,
    /// The Branches of a Parallel State are all done.
    ParallelStateSucceeded,
    /// A Branch of a Parallel State failed.
    ParallelStateFailed,
    /// The iterations of a Map State begin.
    MapStateStarted {
        /// How many there are.
        length: usize,
    },
    /// The iterations of a Map State are all done.
    MapStateSucceeded,
    /// An iteration of a Map State failed.
    MapStateFailed,
    /// The Map Run of a distributed Map State began.
    MapRunStarted {
        /// Its ARN.
        map_run_arn: Arc<str>,
    },
    /// A Map Run that had ended badly goes on.
    MapRunRedriven {
        /// Its ARN.
        map_run_arn: Arc<str>,
        /// How often by now.
        redrive_count: u64,
    },
    /// A Map Run is done.
    MapRunSucceeded,
    /// A Map Run failed.
    MapRunFailed(Fault),
    /// A Map Run was stopped.
    MapRunAborted,
    /// An iteration of a Map State began.
    MapIterationStarted(Iteration),
    /// An iteration of a Map State is done.
    MapIterationSucceeded(Iteration),
    /// An iteration of a Map State failed.
    MapIterationFailed(Iteration),
    /// An iteration of a Map State was given up because another failed.
    MapIterationAborted(Iteration),
}

/// Which iteration of which Map State.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Iteration {
    /// The name of the Map State.
    pub name: Arc<str>,
    /// The item's position.
    pub index: usize,
}

/// How a Task was handed over. Apart, so that the other events need not be as large.
#[derive(Debug, Clone, PartialEq)]
pub struct Scheduled {
    /// Who does the work.
    pub resource: Arc<Resource>,
    /// The region it is done in.
    pub region: Arc<str>,
    /// The work's input.
    pub parameters: Value,
    /// How long it may take, in seconds.
    pub timeout: Option<i64>,
    /// How long the worker may be silent, in seconds.
    pub heartbeat: Option<i64>,
    /// The role the work is done under.
    pub credentials: Option<Value>,
}
