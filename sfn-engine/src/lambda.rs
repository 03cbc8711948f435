//! Lambda functions on this machine: closures, or the real binary behind a Lambda Runtime API on loopback.
//!
//! Separate from the driver because a driver knows tasks, and only this module knows what an invocation is.

mod closures;
mod functions;
mod name;
mod pool;
mod process;
mod runtime_api;
mod url;

pub use closures::Closures;
pub use functions::{Functions, Invocation};
pub use name::FunctionName;
pub use pool::{FunctionSpec, LogLine, LogStream, PoolBuilder, ProcessPool};
pub use url::{FunctionUrl, ServedUrl};
