//! What happens when a State fails: Retriers try again, Catchers go elsewhere.
//! Separate because Task, Map and Parallel States share both, and both select by Error Name.

use crate::wire::{object, words};
use crate::{Fields, Nullable, Value};

/// A Retrier: one element of `Retry`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Retrier {
    /// `Comment`: what a person should know.
    pub comment: Option<String>,
    /// `ErrorEquals`: the Error Names it is for.
    pub error_equals: Vec<String>,
    /// `IntervalSeconds` before the first retry; 1 when absent.
    pub interval_seconds: Option<i64>,
    /// `MaxAttempts`: how many retries; 3 when absent, 0 for none.
    pub max_attempts: Option<i64>,
    /// `BackoffRate`: by what the interval grows from retry to retry; 2.0 when absent.
    pub backoff_rate: Option<f64>,
    /// `MaxDelaySeconds`: what the interval does not outgrow.
    pub max_delay_seconds: Option<i64>,
    /// `JitterStrategy`; `NONE` when absent.
    pub jitter_strategy: Option<JitterStrategy>,
    /// Fields the language does not know, and known ones that were written empty.
    pub unknown: Fields,
}

object!(Retrier, "a Retrier (an object)", {
    optional "Comment" comment;
    required "ErrorEquals" error_equals;
    optional "IntervalSeconds" interval_seconds;
    optional "MaxAttempts" max_attempts;
    optional "BackoffRate" backoff_rate;
    optional "MaxDelaySeconds" max_delay_seconds;
    optional "JitterStrategy" jitter_strategy;
    rest unknown;
});

/// Whether a Retrier's intervals are randomised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum JitterStrategy {
    /// Anything between zero and the interval.
    Full,
    /// The interval itself.
    #[default]
    None,
}

words!(JitterStrategy { Full = "FULL", None = "NONE" });

/// A Catcher: one element of `Catch`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Catcher {
    /// `Comment`: what a person should know.
    pub comment: Option<String>,
    /// `ErrorEquals`: the Error Names it is for.
    pub error_equals: Vec<String>,
    /// `ResultPath` (JSONPath): where in the input the error goes. Null: nowhere.
    pub result_path: Nullable<String>,
    /// `Assign`: the Variables set when it catches, in place of the State's own `Assign`.
    pub assign: Fields,
    /// `Output` (JSONata): the input of the next State, as a template.
    pub output: Option<Value>,
    /// `Next`: the name of the State that follows.
    pub next: String,
    /// Fields the language does not know, and known ones that were written empty.
    pub unknown: Fields,
}

object!(Catcher, "a Catcher (an object)", {
    optional "Comment" comment;
    required "ErrorEquals" error_equals;
    optional "ResultPath" result_path;
    optional "Assign" assign;
    optional "Output" output;
    required "Next" next;
    rest unknown;
});
