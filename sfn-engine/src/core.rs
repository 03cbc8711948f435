//! The pure core: what happens next in an execution, given what has happened.
//!
//! Separate from the driver so that it can be tested, replayed and reasoned about: no `await`, no clock, no
//! randomness. Time comes with the events, randomness from a seed. Same machine, same seed, same events: same
//! commands, same history.
//!
//! ```
//! use std::sync::Arc;
//! use sfn_asl::Value;
//! use sfn_engine::Timestamp;
//! use sfn_engine::core::{Command, Event, Execution, Identity, Machine, Status};
//!
//! let machine: Machine = r#"{
//!   "QueryLanguage": "JSONata",
//!   "StartAt": "Answer",
//!   "States": { "Answer": { "Type": "Pass", "Output": "{% 6 * 7 %}", "End": true } }
//! }"#
//! .parse()?;
//!
//! let mut execution = Execution::new(Arc::new(machine), Identity::named("demo"), Value::Null, 1);
//! let commands = execution.handle(Timestamp::from_millis(0), Event::Started);
//!
//! assert!(matches!(commands.last(), Some(Command::Finish(Status::Succeeded(output))) if *output == Value::from(42)));
//! # Ok::<(), sfn_engine::core::LoadError>(())
//! ```

mod data;
mod load;
mod machine;
mod resource;

mod event;
mod execution;
mod map_run;
mod step;
mod strand;

mod context;
mod failure;
mod identity;
mod quota;
mod random;
mod retry;

pub use crate::query::ExpressionError;
pub use event::{Command, Event, MapRunId, Notice, Status, TaskId, TaskStart, TimerId};
pub use execution::Execution;
pub(crate) use execution::{Mock, Report, Stage, Trial, Verdict};
pub use failure::Failure;
pub use identity::Identity;
pub use load::LoadError;
pub use machine::Machine;
pub use map_run::{
    Count, Counts, Limits, MapRun, MapRunCommand, MapRunEnd, MapRunEvent, MapRunPlan, StoreAnswer,
    StoreRequest,
};
pub use map_run::{ItemReading, Read};
pub use quota::{HISTORY_EVENTS, PAYLOAD_BYTES};
pub(crate) use random::{Random, is_token};
pub use resource::{Pattern, Resource, ResourceKind};
