//! Speaks with AWS for people who know their workflows: typed executions, task tokens, the results of idempotent
//! tasks.
//! A crate of its own, because it links the AWS SDK, and most Lambda functions need none of it.
//!
//! - `Client` (feature `executions`) starts, awaits and reads executions of a workflow, with its own input and output types;
//! - `install_tokens` (the same feature) lets the methods of [`TaskToken`](sfn_core::TaskToken) reach the service;
//! - `install_links` (feature `links`) lets links that complete task tokens be made and served;
//! - `worker` (feature `worker`) does the work of activities, in a process of your own;
//! - `S3Values` (feature `stored`) keeps the values that are too large to travel;
//! - `DynamoDbStore` (feature `idempotency`) keeps what idempotent tasks have done.
//!
//! All are configured by the environment, or given a client of the AWS SDK that is configured otherwise.

#[cfg(feature = "executions")]
mod client;
#[cfg(feature = "idempotency")]
mod dynamodb;
#[cfg(any(feature = "executions", feature = "idempotency", feature = "stored"))]
mod environment;
#[cfg(feature = "executions")]
mod error;
#[cfg(feature = "executions")]
mod execution;
#[cfg(any(feature = "executions", feature = "idempotency", feature = "stored"))]
mod explained;
#[cfg(feature = "links")]
mod links;
#[cfg(feature = "executions")]
mod step_functions;
#[cfg(feature = "executions")]
mod token;
#[cfg(feature = "stored")]
mod values;
#[cfg(feature = "worker")]
pub mod worker;

#[cfg(feature = "stored")]
pub use aws_sdk_s3 as s3;
#[cfg(feature = "executions")]
pub use aws_sdk_sfn as sdk;
#[cfg(feature = "executions")]
pub use client::{Client, StateMachine};
#[cfg(feature = "idempotency")]
pub use dynamodb::DynamoDbStore;
#[cfg(any(feature = "executions", feature = "idempotency", feature = "stored"))]
pub use environment::EnvironmentError;
#[cfg(feature = "executions")]
pub use error::ClientError;
#[cfg(feature = "executions")]
pub use execution::{End, Execution, ExecutionFailure, State};
#[cfg(feature = "links")]
pub use links::{LinkSecretError, install_links};
#[doc(hidden)]
pub use sfn_core as __core;
#[cfg(feature = "executions")]
pub use token::{install_tokens, install_tokens_with};
#[cfg(feature = "stored")]
pub use values::S3Values;
