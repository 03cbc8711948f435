//! How tasks and workflows fail: declared errors, what an awaited task gives, what a workflow ends with.
//! Separate because a name written here is what `ErrorEquals` matches, wherever the task runs.

mod declared;
mod failed;
mod failure;
pub mod name;
mod wire;

pub use declared::{ErrorField, ErrorFields, ErrorSpec, TaskError};
pub use failed::{Failed, fail};
pub use failure::Failure;
pub use wire::{ErrorBody, read_failure, write_error};
