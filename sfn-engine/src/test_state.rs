//! `TestState`: one State of a definition, run by itself, with its data shown at every stage.
//!
//! Separate from executions because nothing here has a name or a history; but the State is run by the same core, and
//! its work is done by the same task runner unless a mock stands in for it.
//!
//! A Map, a Parallel, an Activity, Run a Job and Wait for Callback can only be tested with a mock. What the service
//! refuses is refused here, in its words and in its order.
//!
//! ```
//! use sfn_engine::control::Place;
//! use sfn_engine::driver::{Engine, TaskRequest};
//! use sfn_engine::test_state::{Mock, Status, TestState, test_state};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), sfn_engine::control::Refusal> {
//! let engine = Engine::builder(|request: TaskRequest| async move { Ok(request.arguments) }).spawn();
//! let definition = r#"{
//!   "Type": "Task", "QueryLanguage": "JSONata", "Resource": "arn:aws:states:::lambda:invoke",
//!   "Arguments": { "FunctionName": "charge", "Payload": "{% $states.input.total %}" },
//!   "Retry": [{ "ErrorEquals": ["Lambda.TooManyRequestsException"], "MaxAttempts": 2 }],
//!   "Catch": [{ "ErrorEquals": ["Declined"], "Next": "Apologise" }],
//!   "Next": "Ship"
//! }"#;
//! let test = TestState {
//!     definition: definition.to_owned(),
//!     input: Some(r#"{"total": 7}"#.to_owned()),
//!     mock: Some(Mock::of_error("Declined", "no money")),
//!     ..TestState::default()
//! };
//!
//! let tested = test_state(&engine, &Place::default(), test).await?;
//! assert_eq!(tested.status, Status::CaughtError);
//! assert_eq!(tested.next_state.as_deref(), Some("Apologise"));
//! assert_eq!(tested.inspection["afterArguments"], r#"{"FunctionName":"charge","Payload":7}"#);
//! # Ok(())
//! # }
//! ```

mod definition;
mod http;
mod mock;
mod schema;
mod surroundings;
mod tested;
mod trial;

pub use mock::{FieldValidation, Mock};
pub use tested::{Status, Tested};

use std::sync::Arc;

use serde_json::Map;

use crate::control::{Place, Refusal};
use crate::core::Execution;
use crate::driver::Engine;

use surroundings::Surroundings;

/// A State to be tested, as the service's API describes it. Data is JSON text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TestState {
    /// A State, or a State Machine of which `state_name` is one.
    pub definition: String,
    /// Which State of the machine, however deep inside Map and Parallel States.
    pub state_name: Option<String>,
    /// The role it runs under. Tasks that are not mocked need one.
    pub role_arn: Option<String>,
    /// The State's input; an empty object when absent.
    pub input: Option<String>,
    /// The Variables it sees.
    pub variables: Option<String>,
    /// The Context Object it sees; made up when absent.
    pub context: Option<String>,
    /// What stands in for its work.
    pub mock: Option<Mock>,
    /// What has happened to it before.
    pub configuration: Configuration,
    /// Whether secrets of an HTTP Task are to be shown.
    pub reveals_secrets: bool,
}

/// What has happened to a State before it is tested: the service's `stateConfiguration`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Configuration {
    /// How often the Retrier that is for the mocked error has been used.
    pub retrier_retry_count: Option<u32>,
    /// The State inside a Map or Parallel State that the mocked error comes from.
    pub error_caused_by_state: Option<String>,
    /// How many iterations of a Map State have failed.
    pub map_iteration_failure_count: Option<u64>,
    /// What the Item Reader of a Map State finds, as it stands in the object.
    pub map_item_reader_data: Option<String>,
}

/// Tests a State.
///
/// # Errors
/// As the service's `TestState`.
pub async fn test_state(engine: &Engine, place: &Place, test: TestState) -> Result<Tested, Refusal> {
    let state = definition::read(&test.definition, test.state_name.as_deref())?;
    mock::check(&state, &test)?;
    let calls_http = http::is_called(&state.state, &test);
    let Surroundings { machine, identity, input, trial } = surroundings::of(engine, place, state, test)?;
    let execution = Execution::of_trial(Arc::new(machine), identity, input.clone(), engine.seed(), trial);
    let report = trial::run(engine, execution).await;
    let exchange = if calls_http { http::exchange(&report) } else { Map::new() };
    let mut tested = tested::of(&input, report)?;
    tested.inspection.extend(exchange);
    Ok(tested)
}
