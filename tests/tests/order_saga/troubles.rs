//! The ways in which one task can fail, generated from what it declares.
//!
//! Separate from their combinations because a way knows only its task, not the saga.

use serde_json::{Map, Value, json};
use sfn::{ErrorBody, ErrorSpec, Pattern, Retry, RetryPolicy, Shape, TaskSpec};
use std::fmt;
use std::time::Duration;

/// What Lambda itself fails with now and then; every task is tried again after each of them, unless it says otherwise.
pub(crate) const TRANSIENT: [&str; 4] = [
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
];

/// A text with everything in it that somebody might forget to escape.
pub(crate) const TEXT: &str = "the \"last\" \\ one's\n\tgone: {% 1 & '2' %} ${3} 🦄";

/// What goes wrong in an attempt of a task.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Way {
    /// The handler ends with an error.
    Handler(Failure),
    /// The handler ends well, and somebody brings an error with the token.
    Token(Failure),
    /// The handler never ends.
    Hangs,
    /// The handler ends well, and nobody ever uses the token.
    Silence,
    /// The handler ends well, and nothing but heartbeats comes with the token.
    Heartbeats,
}

/// An error and its cause.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Failure {
    pub(crate) error: String,
    pub(crate) cause: String,
}

/// Something that goes wrong in the first attempts of a task, and in no later one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Trouble {
    pub(crate) way: Way,
    /// How many attempts meet it, were there no end to them.
    pub(crate) attempts: u32,
    /// How many retries there are after it.
    pub(crate) retries: u32,
}

impl Trouble {
    /// Whether it outlasts the retries.
    pub(crate) fn lasts(&self) -> bool {
        self.attempts > self.retries
    }

    /// How often the task is tried.
    pub(crate) fn tries(&self) -> u32 {
        self.attempts.min(self.retries) + 1
    }

    /// What the workflow sees of it in the end.
    pub(crate) fn failure(&self) -> Failure {
        match &self.way {
            Way::Handler(failure) | Way::Token(failure) => failure.clone(),
            Way::Hangs | Way::Silence | Way::Heartbeats => {
                Failure { error: "States.Timeout".to_owned(), cause: String::new() }
            }
        }
    }

    /// How long an attempt takes that meets it.
    pub(crate) fn takes(&self, spec: &TaskSpec) -> Duration {
        let timeout = spec.timeout.expect("every task of the saga has a timeout");
        match self.way {
            Way::Handler(_) | Way::Token(_) => Duration::ZERO,
            Way::Hangs | Way::Silence => spec.heartbeat.unwrap_or(timeout).min(timeout),
            Way::Heartbeats => timeout,
        }
    }
}

/// Everything that can go wrong with a task; what is retried, for every number of attempts.
pub(crate) fn of(spec: &TaskSpec) -> Vec<Trouble> {
    let declared = |error: &ErrorSpec| (declared(error), error.retry);
    let undeclared = (Failure { error: "Never.Declared".to_owned(), cause: TEXT.to_owned() }, false);
    let own: Vec<_> = spec.errors.iter().map(declared).chain([undeclared]).collect();
    let transient = TRANSIENT.map(|name| (Failure { error: name.to_owned(), cause: TEXT.to_owned() }, true));

    let handler = own.iter().cloned().chain(transient).map(|(failure, retry)| (Way::Handler(failure), retry));
    let mut ways: Vec<_> = handler.chain([(Way::Hangs, false)]).collect();
    if spec.pattern == Pattern::WaitForCallback {
        ways.extend(own.into_iter().map(|(failure, retry)| (Way::Token(failure), retry)));
        ways.push((Way::Silence, false));
        ways.extend(spec.heartbeat.map(|_| (Way::Heartbeats, false)));
    }
    let retries = policy(spec).map_or(0, |policy| policy.attempts);
    ways.into_iter()
        .flat_map(|(way, retry)| {
            let retries = if retry { retries } else { 0 };
            (1..=retries + 1).map(move |attempts| Trouble { way: way.clone(), attempts, retries })
        })
        .collect()
}

/// How a task is tried again.
pub(crate) fn policy(spec: &TaskSpec) -> Option<RetryPolicy> {
    match spec.retry {
        Retry::Default => Some(RetryPolicy::new()),
        Retry::Policy(policy) => Some(policy),
        Retry::None => None,
    }
}

/// A declared error as its task's handler reports it.
fn declared(spec: &ErrorSpec) -> Failure {
    let fields: Map<_, _> =
        spec.fields.iter().map(|field| (field.wire.to_owned(), sample(&(field.shape)()))).collect();
    let error_message = if fields.is_empty() {
        TEXT.to_owned()
    } else {
        json!({ "message": TEXT, "fields": fields }).to_string()
    };
    let body = ErrorBody { error_type: spec.name.to_owned(), error_message };
    Failure { error: spec.name.to_owned(), cause: body.to_string() }
}

fn sample(shape: &Shape) -> Value {
    match shape {
        Shape::String => Value::from(TEXT),
        Shape::Integer(_) => Value::from(7),
        other => panic!("the saga's errors carry strings and whole numbers, found {other:?}"),
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.way {
            Way::Handler(failure) => write!(formatter, "fails with {}", failure.error),
            Way::Token(failure) => write!(formatter, "fails by token with {}", failure.error),
            Way::Hangs => formatter.write_str("hangs"),
            Way::Silence => formatter.write_str("is never heard of"),
            Way::Heartbeats => formatter.write_str("never gets past heartbeats"),
        }?;
        match (self.retries, self.lasts()) {
            (0, _) => Ok(()),
            (_, true) => formatter.write_str(" again and again"),
            (_, false) => write!(formatter, " and succeeds at attempt {}", self.attempts + 1),
        }
    }
}
