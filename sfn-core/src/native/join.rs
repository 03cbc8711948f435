//! Several calls at once: `join!`.
//! Separate because a tuple of each length needs its own implementation.

use crate::Failed;

/// Runs several calls at once and gives all their outputs, in order; the first failure ends the others.
///
/// In a workflow: a Parallel State.
///
/// ```
/// # use sfn_core::{Failed, join};
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// let (left, right) = join!(async { Ok::<_, Failed>(1) }, async { Ok::<_, Failed>("two") }).await?;
/// assert_eq!((left, right), (1, "two"));
/// # Ok::<(), Failed>(())
/// # }).map_err(std::io::Error::other)?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[macro_export]
macro_rules! join {
    ($first:expr, $second:expr $(, $third:expr $(, $fourth:expr $(, $fifth:expr $(, $sixth:expr $(, $seventh:expr $(, $eighth:expr)?)?)?)?)?)? $(,)?) => {
        $crate::join((
            $crate::branch($first),
            $crate::branch($second),
            $($crate::branch($third), $($crate::branch($fourth), $($crate::branch($fifth), $($crate::branch($sixth), $($crate::branch($seventh), $($crate::branch($eighth),)?)?)?)?)?)?
        ))
    };
    ($($call:expr),* $(,)?) => {
        compile_error!("`join!` runs several calls at once: give it two to eight, without `.await`")
    };
}

/// What runs beside others: a call of a task, or any future of a `Result`.
#[diagnostic::on_unimplemented(
    message = "`join!` runs calls of tasks, and this is none",
    label = "found `{Self}`, expected a call of a task",
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

/// Two to eight calls that run at once.
pub trait Branches {
    /// Their outputs.
    type Output;

    /// Runs them.
    fn join(self) -> impl Future<Output = Result<Self::Output, Failed>>;
}

/// Runs several calls at once: the function behind [`join!`](crate::join!).
pub fn join<B: Branches>(branches: B) -> impl Future<Output = Result<B::Output, Failed>> {
    branches.join()
}

macro_rules! branches {
    ($(($($call:ident $output:ident $index:tt),+),)+) => {$(
        impl<$($call: Future<Output = Result<$output, Failed>>, $output),+> Branches for ($($call,)+) {
            type Output = ($($output,)+);

            async fn join(self) -> Result<Self::Output, Failed> {
                tokio::try_join!(biased; $(self.$index),+)
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
