//! The control plane: State Machines, versions, aliases, executions, Activities and tags, with the service's rules
//! for them.
//!
//! Separate from the API because nothing here knows of HTTP or of JSON requests, and from the driver because a driver
//! runs machines that it is handed and knows none by name.
//!
//! ```
//! use sfn_engine::control::{Control, CreateStateMachine, Place, StartExecution};
//! use sfn_engine::driver::{Engine, TaskRequest};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), sfn_engine::control::Refusal> {
//! let control = Control::new(Engine::builder(|request: TaskRequest| async move { Ok(request.arguments) }).spawn());
//! let definition = r#"{
//!   "QueryLanguage": "JSONata",
//!   "StartAt": "Greet",
//!   "States": { "Greet": { "Type": "Pass", "Output": "{% 'hello ' & $states.input.name %}", "End": true } }
//! }"#;
//! let created = control.create_state_machine(
//!     &Place::default(),
//!     CreateStateMachine::new("Greeter", definition, "arn:aws:iam::123456789012:role/greeter"),
//! )?;
//! let started = control.start_execution(StartExecution {
//!     machine: created.arn.to_string(),
//!     input: Some(r#"{"name": "Ada"}"#.to_owned()),
//!     ..StartExecution::default()
//! })?;
//!
//! let description = control.finished(&started.arn).await?;
//! assert_eq!(description.output.as_deref(), Some("\"hello Ada\""));
//! # Ok(())
//! # }
//! ```

mod activities;
mod aliases;
mod executions;
mod kept;
mod machines;
mod map_runs;
mod open;
mod tags;
mod versions;

mod arn;
mod page;
mod redrive;
mod refusal;
mod registry;
mod verdict;

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::Timestamp;
use crate::core::Random;
use crate::driver::{Engine, Past};

pub use activities::ActivityDescription;
pub use aliases::{AliasDescription, RouteTo};
pub use arn::Place;
pub use executions::{
    ExecutionDescription, ExecutionStatus, Executions, ListExecutions, StartExecution, Started,
};
pub use machines::{
    CreateStateMachine, Created, MachineDescription, MachineSummary, UpdateStateMachine, Updated,
};
pub use map_runs::ChildDescription;
pub use page::Page;
pub use redrive::RedriveStatus;
pub use refusal::Refusal;
pub(crate) use verdict::refuse;
pub use verdict::{Finding, judge};
pub use versions::VersionSummary;

use page::Pager;
use registry::{Change, Registry};

/// The control plane of one engine. Cheap to clone.
#[derive(Clone)]
pub struct Control {
    shared: Arc<Shared>,
}

struct Shared {
    engine: Engine,
    registry: Mutex<Registry>,
    /// What earlier processes began and what has not been resumed.
    pasts: Mutex<Option<Vec<Past>>>,
    random: Mutex<Random>,
    pager: Pager,
}

impl Control {
    /// A control plane that knows of nothing yet, whose executions `engine` runs.
    pub fn new(engine: Engine) -> Self {
        // A fresh hasher is the standard library's only source of randomness.
        let random = Mutex::new(Random::seeded(RandomState::new().hash_one(())));
        let (registry, pasts, pager) = (Mutex::default(), Mutex::default(), Pager::default());
        Self { shared: Arc::new(Shared { engine, registry, pasts, random, pager }) }
    }

    /// The engine that runs the executions.
    pub fn engine(&self) -> &Engine {
        &self.shared.engine
    }

    fn now(&self) -> Timestamp {
        self.shared.engine.now()
    }

    fn registry(&self) -> MutexGuard<'_, Registry> {
        self.shared.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pasts(&self) -> MutexGuard<'_, Option<Vec<Past>>> {
        self.shared.pasts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pager(&self) -> &Pager {
        &self.shared.pager
    }

    /// A number from zero to `bound`, both included.
    fn draw(&self, bound: u64) -> u64 {
        self.random().up_to(bound)
    }

    /// An identifier that nobody else has.
    pub(crate) fn unique(&self) -> String {
        self.random().uuid()
    }

    fn random(&self) -> MutexGuard<'_, Random> {
        self.shared.random.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<Engine> for Control {
    fn from(engine: Engine) -> Self {
        Self::new(engine)
    }
}

impl fmt::Debug for Control {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Control").field("engine", &self.shared.engine).finish_non_exhaustive()
    }
}
