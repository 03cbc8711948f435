//! What a function logs: the span that every invocation runs in, and failures. Separate because it says the same to a
//! subscriber of `tracing`, which may be the program's own, and to a bare stderr.

use lambda_runtime::Context;
use serde_json::Value;
use sfn_core::{ErrorBody, TaskSpec};
use std::io::Write as _;
use tracing::Span;
use tracing::field::Empty;

/// Writes one line to stderr, which is the function's log.
pub(crate) fn line(line: &str) {
    // A closed stderr leaves nobody to tell.
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// The span of an invocation. It knows the execution and the State where the payload says so: to a task that asks for its
/// context, and to an idempotent one without a key of its own.
pub(crate) fn span(task: &TaskSpec, payload: &Value, context: &Context) -> Span {
    // Of the level that is never left out: whatever a function logs belongs to an invocation.
    let span = tracing::error_span!(
        "invocation",
        task = task.name,
        requestId = context.request_id,
        xrayTraceId = Empty,
        execution = Empty,
        state = Empty,
        retryCount = Empty,
    );
    if span.is_disabled() {
        return span;
    }
    if let Some(header) = &context.xray_trace_id {
        span.record("xrayTraceId", header.as_str());
    }
    let place = task.context().or_else(|| task.visit()).and_then(|argument| payload.get(argument.name));
    let text = |field| place.and_then(|place| place.get(field)).and_then(Value::as_str);
    for field in ["execution", "state"] {
        text(field).map(|text| span.record(field, text));
    }
    let retries = place.and_then(|place| place.get("retryCount")).and_then(Value::as_u64);
    retries.map(|retries| span.record("retryCount", retries));
    span
}

/// Tells of a failure: as an event, or as a line where nothing listens to events.
pub(crate) fn failed(task: &TaskSpec, body: &ErrorBody) {
    let ErrorBody { error_type, .. } = body;
    let error_message = &body.without_personal_data(task.errors);
    if tracing::dispatcher::has_been_set() {
        tracing::error!(error = error_type, cause = error_message, "task failed");
    } else {
        line(&format!("failed with {error_type}: {error_message}"));
    }
}

/// Writes events as Lambda's logging controls ask for them: JSON where `AWS_LAMBDA_LOG_FORMAT` is that, from the level of
/// `AWS_LAMBDA_LOG_LEVEL` on, or of the targets and levels in `RUST_LOG`.
#[cfg(feature = "tracing")]
pub(crate) fn subscribe(variable: impl Fn(&str) -> Option<String>) {
    use tracing_subscriber::filter::{LevelFilter, Targets};
    use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
    use tracing_subscriber::util::SubscriberInitExt as _;

    let is_json = variable("AWS_LAMBDA_LOG_FORMAT").is_some_and(|format| format.eq_ignore_ascii_case("json"));
    let levels = variable("AWS_LAMBDA_LOG_LEVEL").map(|level| level.replace("FATAL", "ERROR"));
    let levels = levels.or_else(|| variable("RUST_LOG")).and_then(|levels| levels.parse::<Targets>().ok());
    let levels = levels.unwrap_or_else(|| Targets::new().with_default(tracing::Level::INFO));
    // It tells of every failure that we tell of.
    let levels = levels.with_target("lambda_runtime::layers::panic", LevelFilter::OFF);
    let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let layer = if is_json {
        layer.json().flatten_event(true).with_current_span(false).boxed()
    } else {
        // Lambda stamps lines with the time itself.
        layer.without_time().with_ansi(false).boxed()
    };
    // Whoever has subscribed before stays.
    let _ = tracing_subscriber::registry().with(layer.with_filter(levels)).try_init();
}
