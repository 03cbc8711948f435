//! Judges the options of `#[task(..)]`.
//! Separate because they are a table: a name, a form, a range of the service.

use std::time::Duration;

use proc_macro2::Span;
use syn::{Expr, Lit, parse_quote};

use crate::duration;
use crate::errors::Errors;
use crate::options::{Levels, Opt, OptValue, check_names};

/// The options of a task, each with where it stands if others are judged against it.
#[derive(Debug, Default)]
pub(in crate::task) struct Options {
    pub(in crate::task) timeout: Option<(Duration, Span)>,
    pub(in crate::task) heartbeat: Option<(Duration, Span)>,
    /// Where it stands.
    pub(in crate::task) activity: Option<Span>,
    pub(in crate::task) memory_mb: Option<u32>,
    pub(in crate::task) name: Option<String>,
    pub(in crate::task) retry: RetryOption,
    pub(in crate::task) repetition: RepetitionOption,
    /// What is said of lints.
    pub(in crate::task) levels: Levels,
}

/// What `idempotent` and `repeatable` say.
#[derive(Debug, Default)]
pub(in crate::task) enum RepetitionOption {
    #[default]
    Counts,
    Harmless,
    Replays {
        /// Where it stands.
        span: Span,
        /// What the key is made of, if not of the State's visit.
        key: Option<Box<Expr>>,
        remember: Option<Duration>,
    },
}

/// What `retry` says.
#[derive(Debug, Default)]
pub(in crate::task) enum RetryOption {
    #[default]
    Default,
    None,
    Policy(RetryPolicy),
}

/// What `retry(..)` says; what it does not say is the default policy's.
#[derive(Debug, Default)]
pub(in crate::task) struct RetryPolicy {
    pub(in crate::task) attempts: Option<u32>,
    pub(in crate::task) interval: Option<Duration>,
    pub(in crate::task) backoff: Option<f64>,
    pub(in crate::task) max_delay: Option<Duration>,
    pub(in crate::task) no_jitter: bool,
}

/// The lints that look at what is called, wherever that is.
const OF_TASKS: [&str; 11] = [
    "task_without_timeout",
    "callback_without_heartbeat",
    "retried_side_effect",
    "express_side_effect",
    "ignored_failure",
    "hidden_error",
    "unreachable_compensation",
    "uncompensated_step",
    "sensitive_field",
    "wide_integer_field",
    "unmarked_personal_data",
];

/// Memory sizes of Lambda, in MiB.
const MEMORY: std::ops::RangeInclusive<u32> = 128..=10_240;
/// The longest function name of Lambda.
const LONGEST_NAME: usize = 64;
/// The most retries, and the longest delay in seconds, of a Retrier.
const MOST_ATTEMPTS: u32 = 99_999_999;
const LONGEST_DELAY: u64 = 31_622_400;

pub(super) fn check(given: &[Opt], errors: &mut Errors) -> Options {
    check_names(
        given,
        "`#[task]`",
        &[
            "timeout",
            "heartbeat",
            "activity",
            "memory",
            "name",
            "retry",
            "idempotent",
            "remember",
            "repeatable",
            "allow",
            "warn",
            "deny",
        ],
        errors,
    );
    let mut options = Options::default();
    for option in given {
        match option.name.to_string().as_str() {
            "timeout" => options.timeout = duration(option, "30s", errors),
            "heartbeat" => options.heartbeat = duration(option, "30s", errors),
            "activity" => options.activity = Some(mark(option, errors)),
            "memory" => options.memory_mb = memory(option, errors),
            "name" => options.name = name(option, errors),
            "retry" => options.retry = retry(option, errors),
            "allow" | "warn" | "deny" => options.levels.take(option, errors),
            _ => {}
        }
    }
    options.repetition = repetition(given, errors);
    check_lints(&options.levels, errors);
    options
}

fn repetition(given: &[Opt], errors: &mut Errors) -> RepetitionOption {
    let named = |name: &str| given.iter().find(|option| option.name == name);
    let remember = named("remember").map(|option| (option.name.span(), duration(option, "30d", errors)));
    let idempotent = named("idempotent").map(|option| (option.name.span(), key(option, errors)));
    let repeatable = named("repeatable").map(|option| mark(option, errors));
    match (idempotent, remember, repeatable) {
        (Some(_), _, Some(span)) => {
            errors.at(
                "idempotent-and-repeatable",
                span,
                "a task is `idempotent`, so that a second call is given what the first gave, or `repeatable`, so that a second \
                 run changes nothing: remove one of the two",
            );
            RepetitionOption::Harmless
        }
        (Some((span, key)), remember, None) => {
            let remember = remember.and_then(|(_, remember)| remember).map(|(remember, _)| remember);
            RepetitionOption::Replays { span, key, remember }
        }
        (None, Some((span, _)), _) => {
            errors.at(
                "remember-without-idempotent",
                span,
                "`remember` says how long the result of an idempotent task is kept: write `#[task(idempotent, remember = \
                 \"30d\")]`",
            );
            RepetitionOption::Counts
        }
        (None, None, Some(_)) => RepetitionOption::Harmless,
        (None, None, None) => RepetitionOption::Counts,
    }
}

fn key(option: &Opt, errors: &mut Errors) -> Option<Box<Expr>> {
    match &option.value {
        OptValue::Mark => None,
        OptValue::Word(argument) => Some(parse_quote!(#argument)),
        OptValue::Expression(expression) => Some(expression.clone()),
        OptValue::Literal(_) | OptValue::List(_) => {
            errors.at(
                "option-value",
                option.value_span(),
                "`idempotent` stands alone, or takes an expression of the arguments that tells calls apart: write `idempotent = \
                 order.id`",
            );
            None
        }
    }
}

/// Where a mark stands.
fn mark(option: &Opt, errors: &mut Errors) -> Span {
    let name = &option.name;
    if !matches!(option.value, OptValue::Mark) {
        let message = format!("`{name}` is set by its name alone: write `{name}`");
        errors.at("option-value", option.value_span(), message);
    }
    name.span()
}

fn check_lints(levels: &Levels, errors: &mut Errors) {
    for lint in levels.lints().filter(|lint| !OF_TASKS.iter().any(|known| lint == known)) {
        let known: Vec<_> = OF_TASKS.iter().map(|known| format!("`{known}`")).collect();
        errors.at(
            "option-value",
            lint.span(),
            format!("`{lint}` is no lint of a task's calls; those are {}", known.join(", ")),
        );
    }
}

fn duration(option: &Opt, example: &str, errors: &mut Errors) -> Option<(Duration, Span)> {
    let OptValue::Literal(Lit::Str(text)) = &option.value else {
        let name = &option.name;
        errors.at(
            "option-value",
            option.value_span(),
            format!("`{name}` takes a duration: write `{name} = \"{example}\"`"),
        );
        return None;
    };
    match duration::parse(&text.value()) {
        Ok(duration) => Some((duration, text.span())),
        Err(message) => {
            errors.at("option-value", text.span(), message);
            None
        }
    }
}

fn memory(option: &Opt, errors: &mut Errors) -> Option<u32> {
    let (least, most) = (MEMORY.start(), MEMORY.end());
    let size = whole_number(option).filter(|size| MEMORY.contains(size));
    if size.is_none() {
        let message =
            format!("`memory` takes MiB, a whole number from {least} to {most}: write `memory = 512`");
        errors.at("option-value", option.value_span(), message);
    }
    size
}

fn name(option: &Opt, errors: &mut Errors) -> Option<String> {
    let OptValue::Literal(Lit::Str(text)) = &option.value else {
        errors.at(
            "option-value",
            option.value_span(),
            "`name` takes a string: write `name = \"charge-payment\"`",
        );
        return None;
    };
    let name = text.value();
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if is_plain && name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.len() <= LONGEST_NAME {
        return Some(name);
    }
    errors.at(
        "option-value",
        text.span(),
        format!(
            "`{name}` cannot name a Lambda function: begin with a letter and use letters, digits, `-` and `_`, at most \
             {LONGEST_NAME} of them"
        ),
    );
    None
}

fn retry(option: &Opt, errors: &mut Errors) -> RetryOption {
    match &option.value {
        OptValue::Word(word) if word == "none" => RetryOption::None,
        OptValue::List(list) => RetryOption::Policy(policy(list, errors)),
        _ => {
            errors.at(
                "option-value",
                option.value_span(),
                "`retry` is set with `retry = none` or `retry(attempts = 5, interval = \"2s\", backoff = 1.5, max_delay = \
                 \"1m\", jitter = none)`",
            );
            RetryOption::Default
        }
    }
}

fn policy(given: &[Opt], errors: &mut Errors) -> RetryPolicy {
    check_names(given, "`retry`", &["attempts", "interval", "backoff", "max_delay", "jitter"], errors);
    let mut policy = RetryPolicy::default();
    let mut max_delay = None;
    for option in given {
        match option.name.to_string().as_str() {
            "attempts" => policy.attempts = attempts(option, errors),
            "interval" => policy.interval = duration(option, "2s", errors).map(|(interval, _)| interval),
            "backoff" => policy.backoff = backoff(option, errors),
            "max_delay" => max_delay = duration(option, "1m", errors),
            "jitter" => policy.no_jitter = no_jitter(option, errors),
            _ => {}
        }
    }
    policy.max_delay =
        max_delay.and_then(|(delay, span)| check_max_delay(delay, policy.interval, span, errors));
    policy
}

fn attempts(option: &Opt, errors: &mut Errors) -> Option<u32> {
    let attempts = whole_number(option).filter(|attempts| *attempts <= MOST_ATTEMPTS);
    if attempts.is_none() {
        errors.at(
            "option-value",
            option.value_span(),
            format!("`attempts` takes the number of retries, a whole number up to {MOST_ATTEMPTS}: write `attempts = 5`"),
        );
    }
    attempts
}

fn backoff(option: &Opt, errors: &mut Errors) -> Option<f64> {
    let factor = match &option.value {
        OptValue::Literal(Lit::Float(number)) => number.base10_parse::<f64>().ok(),
        OptValue::Literal(Lit::Int(number)) => number.base10_parse::<u32>().ok().map(f64::from),
        _ => None,
    };
    let factor = factor.filter(|factor| factor.is_finite() && *factor >= 1.0);
    if factor.is_none() {
        errors.at(
            "option-value",
            option.value_span(),
            "`backoff` takes a factor of at least 1.0: write `backoff = 1.5`",
        );
    }
    factor
}

fn no_jitter(option: &Opt, errors: &mut Errors) -> bool {
    let word = match &option.value {
        OptValue::Word(word) => word.to_string(),
        _ => String::new(),
    };
    if !matches!(word.as_str(), "none" | "full") {
        errors.at("option-value", option.value_span(), "`jitter` is `none` or `full`: write `jitter = none`");
    }
    word == "none"
}

fn check_max_delay(
    delay: Duration,
    interval: Option<Duration>,
    span: Span,
    errors: &mut Errors,
) -> Option<Duration> {
    if delay <= interval.unwrap_or(Duration::from_secs(1)) {
        errors.at(
            "option-value",
            span,
            "`max_delay` is longer than `interval`, which is one second unless given: choose more",
        );
        return None;
    }
    if delay.as_secs() > LONGEST_DELAY {
        errors.at("option-value", span, format!("`max_delay` is at most {LONGEST_DELAY} seconds, a year"));
        return None;
    }
    Some(delay)
}

fn whole_number(option: &Opt) -> Option<u32> {
    match &option.value {
        OptValue::Literal(Lit::Int(number)) => number.base10_parse().ok(),
        _ => None,
    }
}
