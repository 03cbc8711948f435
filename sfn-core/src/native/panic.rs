//! A panic of the user's code, turned into a failure with a name.
//! Separate because every handler runs inside it, in this process and in a Lambda function.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use crate::Failed;
use crate::error::name;

/// Runs a future; its panic becomes the failure `Task.Panicked`, which carries the panic's text.
///
/// ```
/// # use sfn_core::{Failed, catch_panics};
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// let failed = catch_panics(async { if true { panic!("out of paper") } Ok(()) }).await.unwrap_err();
/// assert_eq!(failed, Failed::of_task("Task.Panicked", "out of paper"));
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
pub async fn catch_panics<T>(future: impl Future<Output = Result<T, Failed>>) -> Result<T, Failed> {
    let mut future = pin!(future);
    // The future is dropped unpolled after a panic, so nothing can see what the panic left half done.
    std::future::poll_fn(|context| {
        catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context)))
            .unwrap_or_else(|panic| Poll::Ready(Err(Failed::of_task(name::TASK_PANICKED, text(&*panic)))))
    })
    .await
}

fn text(panic: &(dyn Any + Send)) -> &str {
    let borrowed = panic.downcast_ref::<&str>().copied();
    borrowed
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("the task panicked without a text")
}
