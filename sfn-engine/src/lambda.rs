//! Lambda functions on this machine: closures, or the real binary behind a Lambda Runtime API on loopback.
//!
//! Separate from the driver because a driver knows tasks, and only this module knows what an invocation is.

mod closures;
mod envelope;
mod pool;
mod process;
mod runtime_api;
mod service;

pub use closures::Closures;
pub use pool::{FunctionSpec, LogLine, LogStream, PoolBuilder, ProcessPool};
pub use service::{Functions, Invocation, LambdaService};
