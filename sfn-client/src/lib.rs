//! Speaks with AWS Step Functions for people who know their workflows: typed executions, task tokens.
//! A crate of its own, because it links the AWS SDK, and most Lambda functions need none of it.
//!
//! - [`Client`] starts, awaits and reads executions of a workflow, with its own input and output types;
//! - [`install_tokens`] lets the methods of [`TaskToken`](sfn_core::TaskToken) reach the service.
//!
//! - `worker` (feature `worker`) does the work of activities, in a process of your own.
//!
//! The first two are configured by the environment, or given a client of `aws-sdk-sfn` that is configured otherwise.

mod client;
mod environment;
mod error;
mod execution;
mod token;
#[cfg(feature = "worker")]
pub mod worker;

pub use aws_sdk_sfn as sdk;
pub use client::{Client, StateMachine};
pub use environment::EnvironmentError;
pub use error::ClientError;
pub use execution::{End, Execution, ExecutionFailure, State};
#[doc(hidden)]
pub use sfn_core as __core;
pub use token::{install_tokens, install_tokens_with};
