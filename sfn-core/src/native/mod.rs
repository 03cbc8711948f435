//! The native run: a workflow's own body, awaited in this process.
//! Separate because it is the other meaning of everything the builder says, and must keep to it event by event.
//!
//! It runs on tokio, with its time: under `tokio::time::pause` three days pass at once.

mod attempt;
pub(crate) mod callback;
pub(crate) mod execution;
mod invocation;
mod join;
mod map;
mod panic;
mod saga;

use std::time::Duration;

pub use execution::{
    Execution, NativeRun, RetryCount, StateMachineInfo, execution, now, random, retry_count, state_machine,
    uuid,
};
pub(crate) use execution::{as_execution, carried, is_executed, unique, with_retry_count};
pub(crate) use invocation::Invocation;
pub use join::{Branches, Call, async_branch, branch, join, settled};
pub use map::{Items, MapCall, map};
pub use panic::catch_panics;
pub use saga::{commit, saga, settling};
pub(crate) use saga::{register_compensation, saga_in, within_saga};

/// Waits. In a workflow: a Wait State.
///
/// ```
/// # use sfn_core::{days, sleep};
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?;
/// # runtime.block_on(async {
/// sleep(days(3)).await;
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
pub async fn sleep(duration: Duration) {
    tokio::time::sleep(duration).await;
}
