//! Which Error Names there are and which of them a Retrier or Catcher takes.
//! Separate because four rules about errors ask.

use std::collections::HashSet;

use crate::survey::Site;

/// Every Error Name of the service, but for those of HTTP status codes.
pub(super) const RESERVED: [&str; 17] = [
    "States.ALL",
    "States.BranchFailed",
    "States.DataLimitExceeded",
    "States.ExceedToleratedFailureThreshold",
    "States.HeartbeatTimeout",
    "States.Http.Socket",
    "States.IntrinsicFailure",
    "States.ItemReaderFailed",
    "States.NoChoiceMatched",
    "States.ParameterPathFailure",
    "States.Permissions",
    "States.QueryEvaluationError",
    "States.ResultPathMatchFailure",
    "States.ResultWriterFailed",
    "States.Runtime",
    "States.TaskFailed",
    "States.Timeout",
];

/// The `ErrorEquals` of the Retriers and of the Catchers of a State, each with the name of its list and its index.
pub(super) fn lists<'m>(site: &Site<'m>) -> impl Iterator<Item = (&'static str, usize, &'m [String])> {
    let retry = site.state.retry().iter().map(|retrier| &retrier.error_equals[..]).enumerate();
    let catch = site.state.catch().iter().map(|catcher| &catcher.error_equals[..]).enumerate();
    let retry = retry.map(|(index, names)| ("Retry", index, names));
    retry.chain(catch.map(|(index, names)| ("Catch", index, names)))
}

/// The other names that take an Error Name of a Task State.
pub(super) fn wildcards(name: &str) -> &'static [&'static str] {
    match name {
        "States.HeartbeatTimeout" => &["States.Timeout"],
        // What these two leave out differs from name to name of the service's own.
        name if name.starts_with("States.") => &[],
        _ => &["States.TaskFailed", "States.ALL"],
    }
}

/// The Error Names that some Retriers or Catchers take.
#[derive(Debug, Default)]
pub(super) struct Taken<'m>(HashSet<&'m str, foldhash::fast::RandomState>);

impl<'m> Taken<'m> {
    pub(super) fn add(&mut self, names: &'m [String]) {
        self.0.extend(names.iter().map(String::as_str));
    }

    /// The name or wildcard because of which an Error Name of a Task State is taken.
    pub(super) fn covering(&self, name: &str) -> Option<&'m str> {
        self.0.get(name).or_else(|| wildcards(name).iter().find_map(|wildcard| self.0.get(wildcard))).copied()
    }
}
