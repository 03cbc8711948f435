//! Errors that say what led to them, and trouble that is told of. Separate because the SDK's own text is but `dispatch failure`, of every service.

use std::error::Error;

/// An error that says everything its sources know.
pub(crate) fn explained(error: impl Error + Send + Sync + 'static) -> Box<dyn Error + Send + Sync> {
    let mut text = error.to_string();
    let mut link: &dyn Error = &error;
    while let Some(source) = link.source() {
        text = format!("{text}: {source}");
        link = source;
    }
    Box::new(Explained { text, source: Box::new(error) })
}

#[derive(Debug, thiserror::Error)]
#[error("{text}")]
struct Explained {
    text: String,
    source: Box<dyn Error + Send + Sync>,
}

/// Tells of trouble: as an event, or as a line where nothing listens to events.
#[cfg(any(feature = "idempotency", feature = "worker"))]
pub(crate) fn tell(trouble: &str) {
    use std::io::Write as _;

    if tracing::dispatcher::has_been_set() {
        tracing::warn!("{trouble}");
    } else {
        // A closed stderr leaves nobody to tell.
        let _ = writeln!(std::io::stderr(), "{trouble}");
    }
}

/// The `main` function of a worker: a program that does the work of all activities of some workflows, on a machine or in a
/// container of yours.
///
/// `SHIP_ACTIVITY_ARN` says where the activity of task `ship` is. States are built and closed as in `sfn::lambda::main!`.
///
/// ```ignore
/// sfn::worker::main!(orders::order_saga, state = open_shop, shutdown = close_shop);
/// ```
#[macro_export]
macro_rules! worker_main {
    ($($named:tt)+) => {
        $crate::__core::program!([$crate::worker::serve] [] [] $($named)+);
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_call_explains_itself_to_the_last_link() {
        let denied = std::io::Error::other("not you");
        let error = explained(Explained { text: "it failed".to_owned(), source: explained(denied) });
        assert_eq!(error.to_string(), "it failed: not you: not you");
        assert!(error.source().is_some());
    }
}
