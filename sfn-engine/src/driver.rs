//! The driver: runs executions of the pure core against a clock and somebody who does the work.
//!
//! Separate from the core because this is where waiting happens. One actor owns all executions and handles one
//! piece of news at a time, so that what happens depends on the order of the news and on nothing else.

mod activities;
mod actor;
mod clock;
mod ending;
mod engine;
mod handle;
mod items;
mod map_runs;
mod observer;
mod runner;
mod tokens;

pub(crate) use actor::panicked;

pub use activities::{Activity, ActivityError, ActivityTask};
pub(crate) use actor::Past;
pub use clock::{Clock, Pending, RealClock, VirtualClock};
pub use engine::{Engine, EngineBuilder, Start, StartError};
pub(crate) use handle::Launch;
pub use handle::{ExecutionHandle, Outcome, RedriveError};
pub use items::read_items;
pub use map_runs::{MapRunChild, MapRunDescription, MapRunError, MapRunStatus, MapRunUpdate};
pub use observer::{Observation, Observed, Observer};
pub use runner::{Answer, Job, TaskFailure, TaskFuture, TaskRequest, TaskRunner};
pub use tokens::TokenError;
