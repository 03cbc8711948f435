//! Several calls at once: `join!`.
//! Separate because a tuple of each length needs its own implementation.

use super::saga;
use crate::Failed;

/// Runs two to eight branches at once and gives all their outputs, in order.
///
/// A branch is a call of a task, a [`map`](crate::map()), another `join!`, or an `async` block of a `Result`. The first
/// failure ends the others and is the failure of the whole, as with tokio's `try_join!`: a Parallel State, which this is
/// in a workflow, knows no other way. A branch that may fail without ending the others handles its failure inside its
/// block.
///
/// ```
/// # use sfn_core::{Failed, fail, join};
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// async fn length(text: &str) -> Result<usize, Failed> {
///     if text.is_empty() { Err(fail("Empty", "")) } else { Ok(text.len()) }
/// }
///
/// let (sum, right) = join!(
///     async {
///         let one = length("one").await?;
///         let other = length("").await.unwrap_or_default();
///         Ok(one + other)
///     },
///     length("three"),
/// )
/// .await?;
/// assert_eq!((sum, right), (3, 5));
/// # Ok::<(), Failed>(())
/// # }).map_err(std::io::Error::other)?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[macro_export]
macro_rules! join {
    (@run [$($done:expr,)*] async $block:block $(, $($rest:tt)*)?) => {
        $crate::join!(@run [$($done,)* $crate::async_branch(async $block),] $($($rest)*)?)
    };
    (@run [$($done:expr,)*] async move $block:block $(, $($rest:tt)*)?) => {
        $crate::join!(@run [$($done,)* $crate::async_branch(async move $block),] $($($rest)*)?)
    };
    (@run [$($done:expr,)*] $call:expr $(, $($rest:tt)*)?) => {
        $crate::join!(@run [$($done,)* $crate::branch($call),] $($($rest)*)?)
    };
    (@run [$first:expr, $second:expr, $($third:expr, $($fourth:expr, $($fifth:expr, $($sixth:expr, $($seventh:expr, $($eighth:expr,)?)?)?)?)?)?]) => {
        $crate::join(($first, $second, $($third, $($fourth, $($fifth, $($sixth, $($seventh, $($eighth,)?)?)?)?)?)?))
    };
    (@run $($surplus:tt)*) => {
        compile_error!("`join!` runs several branches at once: give it two to eight, without `.await` [join-branch]")
    };
    ($($branches:tt)*) => {
        $crate::join!(@run [] $($branches)*)
    };
}

/// What runs beside others: a call of a task, or any future of a `Result`.
#[diagnostic::on_unimplemented(
    message = "`join!` runs calls of tasks and `async` blocks, and this is neither [join-branch]",
    label = "found `{Self}`, expected a call of a task or an `async` block",
    note = "give the calls themselves, without `.await`: `join!(email(&order), publish(&order)).await?`"
)]
pub trait Call {
    /// What it gives.
    type Output;

    /// Runs it.
    fn run(self) -> impl Future<Output = Result<Self::Output, Failed>>;
}

#[diagnostic::do_not_recommend]
impl<C, O, F> Call for C
where
    C: IntoFuture<Output = Result<O, F>>,
    F: Into<Failed>,
{
    type Output = O;

    async fn run(self) -> Result<O, Failed> {
        self.await.map_err(Into::into)
    }
}

/// One of several calls: what [`join!`](crate::join!) makes of each, so that rustc blames it alone.
pub fn branch<C: Call>(call: C) -> impl Future<Output = Result<C::Output, Failed>> {
    call.run()
}

/// One of several `async` blocks: the same, and what tells rustc which error `?` makes inside of it.
pub fn async_branch<O>(
    block: impl Future<Output = Result<O, Failed>>,
) -> impl Future<Output = Result<O, Failed>> {
    block
}

/// The result of a call at the end of an `async` block, whose error is the block's.
///
/// # Errors
///
/// Those of the call.
pub fn settled<O>(result: Result<O, impl Into<Failed>>) -> Result<O, Failed> {
    result.map_err(Into::into)
}

/// Two to eight branches that run at once.
pub trait Branches {
    /// Their outputs.
    type Output;

    /// Runs them.
    fn join(self) -> impl Future<Output = Result<Self::Output, Failed>>;
}

/// Runs several branches at once: the function behind [`join!`](crate::join!).
pub fn join<B: Branches>(branches: B) -> impl Future<Output = Result<B::Output, Failed>> {
    branches.join()
}

macro_rules! branches {
    ($(($($call:ident $output:ident $index:tt),+),)+) => {$(
        impl<$($call: Future<Output = Result<$output, Failed>>, $output),+> Branches for ($($call,)+) {
            type Output = ($($output,)+);

            async fn join(self) -> Result<Self::Output, Failed> {
                if !saga::settles() {
                    return tokio::try_join!(biased; $(self.$index),+);
                }
                let ends = tokio::join!(biased; $(saga::branch(self.$index)),+);
                saga::adopt([$(ends.$index.1),+]);
                Ok(($(ends.$index.0?,)+))
            }
        }
    )+};
}

branches! {
    (C0 O0 0, C1 O1 1),
    (C0 O0 0, C1 O1 1, C2 O2 2),
    (C0 O0 0, C1 O1 1, C2 O2 2, C3 O3 3),
    (C0 O0 0, C1 O1 1, C2 O2 2, C3 O3 3, C4 O4 4),
    (C0 O0 0, C1 O1 1, C2 O2 2, C3 O3 3, C4 O4 4, C5 O5 5),
    (C0 O0 0, C1 O1 1, C2 O2 2, C3 O3 3, C4 O4 4, C5 O5 5, C6 O6 6),
    (C0 O0 0, C1 O1 1, C2 O2 2, C3 O3 3, C4 O4 4, C5 O5 5, C6 O6 6, C7 O7 7),
}
