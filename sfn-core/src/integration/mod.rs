//! Services a workflow uses without a Lambda function of its own: typed builders for the common ones, and a way to each
//! of the others. Separate from tasks because nobody writes their handlers: the state machine calls the service itself.
//!
//! A call of a service reads as a call of a task, takes the same options and is matched on in the same way:
//!
//! ```
//! use sfn_core::{Definition, sns};
//!
//! let definition = Definition::from_flow("announce", "", |flow| {
//!     let text = flow.input::<String>("text");
//!     let message_id = flow.task(sns::publish("${NewsTopicArn}", &text).subject("News")).run();
//!     flow.succeed(message_id);
//! });
//! let machine = definition.lower().unwrap().machine;
//! assert_eq!(machine.to_json_pretty(), r#"{
//!   "QueryLanguage": "JSONata",
//!   "StartAt": "SnsPublish",
//!   "States": {
//!     "SnsPublish": {
//!       "Type": "Task",
//!       "Resource": "arn:aws:states:::sns:publish",
//!       "Arguments": {
//!         "TopicArn": "${NewsTopicArn}",
//!         "Message": "{% $states.input %}",
//!         "Subject": "News"
//!       },
//!       "Output": "{% $states.result.MessageId %}",
//!       "Retry": [
//!         {
//!           "ErrorEquals": [
//!             "SNS.InternalErrorException",
//!             "SNS.KMSThrottlingException"
//!           ],
//!           "IntervalSeconds": 1,
//!           "MaxAttempts": 3,
//!           "BackoffRate": 2,
//!           "JitterStrategy": "FULL"
//!         }
//!       ],
//!       "End": true
//!     }
//!   }
//! }"#);
//! ```
//!
//! What names a resource (a topic, a table, a bucket) is a text. `${Name}` in it is filled in when the state machine is
//! deployed, as placeholders of functions are.

mod error;
mod express;
mod given;
mod message;
mod native;
mod task;

pub mod dynamodb;
pub mod events;
pub mod http;
pub(crate) mod raw;
pub mod s3;
pub mod sdk;
pub mod ses;
pub mod sns;
pub mod sqs;

pub use given::{AnyArg, Given};
pub use native::{ServiceAnswer, ServiceRequest, ServiceRunner, with_services};
pub(crate) use native::{among_services, call, request, with_token};
pub(crate) use raw::{taken_apart, unfit_options};
pub use task::{ExecutionCall, Integration, IntegrationSpec, Request, task_token};
