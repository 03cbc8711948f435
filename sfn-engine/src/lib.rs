//! AWS Step Functions on your own machine: executes Amazon States Language documents as the service does.
//!
//! Separate from the compiler because it runs *documents*: what runs here is what is deployed, whoever wrote it.
//!
//! | module | answers |
//! |---|---|
//! | [`core`] | what happens next? Pure: events in, commands out |
//! | [`history`] | what happened, in the service's words |
//! | [`driver`] | when, and who does the work? The only part that waits |
//! | [`services`] | who answers a Task? |
//! | [`mocks`] | what do Tasks come to in a test case? |
//! | [`lambda`] | how is a Lambda function run here? |
//! | [`objects`] | where do the objects of S3 live here? |
//! | [`test_state`] | what does one State do by itself? |
//! | [`control`] | which State Machines and executions are there, under which names? |
//! | [`journal`] | what outlives the process, and where is it kept? |
//! | [`api`] | how do AWS clients reach us? |
//!
//! ```
//! use std::sync::Arc;
//! use sfn_engine::core::{Machine, Status};
//! use sfn_engine::driver::{Engine, Start, VirtualClock};
//! use sfn_engine::lambda::Closures;
//! use sfn_engine::services::Services;
//! use sfn_asl::Value;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let machine: Machine = r#"{
//!   "QueryLanguage": "JSONata",
//!   "StartAt": "Pause",
//!   "States": {
//!     "Pause": { "Type": "Wait", "Seconds": 86400, "Next": "Greet" },
//!     "Greet": {
//!       "Type": "Task",
//!       "Resource": "arn:aws:states:::lambda:invoke",
//!       "Arguments": { "FunctionName": "greet", "Payload": "{% $states.input.name %}" },
//!       "Output": "{% $states.result.Payload %}",
//!       "End": true
//!     }
//!   }
//! }"#
//! .parse()?;
//!
//! let functions = Closures::new().with("greet", async |name: Value| Ok(Value::from(format!("hello {}", name.as_str().unwrap_or("?")))));
//! let engine = Engine::builder(Services::new().functions(functions)).clock(VirtualClock::at_epoch()).seed(1).spawn();
//! let execution = engine.start(&Arc::new(machine), Start::with_input([("name", Value::from("Ada"))].into_iter().collect()))?;
//!
//! assert_eq!(execution.finished().await.status, Status::Succeeded(Value::from("hello Ada")));
//! # Ok(())
//! # }
//! ```

#![warn(clippy::disallowed_methods)]

pub mod api;
pub mod control;
pub mod core;
pub mod driver;
mod few;
pub mod history;
pub mod journal;
pub mod lambda;
pub mod mocks;
pub mod objects;
mod query;
pub mod services;
pub mod test_state;
mod timestamp;

pub use query::jsonpath::jayway;
pub use sfn_asl::Value;
pub use timestamp::Timestamp;
