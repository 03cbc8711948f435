//! What AWS Step Functions integrates with: every service and action that a `Resource` can name, with the arguments,
//! results and exceptions that Step Functions knows it by.
//!
//! Separate because it is data, two megabytes of it, that the linter and the engine share and nothing else should
//! carry. It is generated from the published API models and from a description of the optimised integrations
//! (`generate/`), stands compressed in the binary, and is unpacked service by service when first asked.
//!
//! ```
//! use sfn_catalogue::{Pattern, Resource, resource};
//!
//! let Resource::Known { action, pattern } = resource("arn:aws:states:::aws-sdk:dynamodb:getItem") else { panic!() };
//! assert_eq!(pattern, Pattern::RequestResponse);
//! assert_eq!(action.service().prefix(), "DynamoDb");
//!
//! let arguments = action.arguments().structure().expect("arguments are a structure");
//! assert!(arguments.member("TableName").is_some_and(|member| member.is_required));
//! assert!(action.exceptions().any(|name| name == "ResourceNotFoundException"));
//! ```

mod block;
mod resource;
mod service;
mod shape;

pub use resource::{Pattern, Resource, resource};
pub use service::{Action, Service, optimised_service, optimised_services, sdk_service, sdk_services};
pub use shape::{Bounds, Kind, Member, Shape, Structure, Text};

/// The version of botocore whose API models the catalogue was made from.
///
/// ```
/// assert!(sfn_catalogue::models_version().starts_with("1."));
/// ```
pub fn models_version() -> &'static str {
    block::index().version
}
