//! Retries, backoff, timeouts and heartbeats against a model of their own, on times that are chosen at random.
//! Separate because the model is a second, simpler account of what the engine does, and must not lean on it.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::json;
use sfn_asl::Value;
use sfn_engine::Timestamp;
use sfn_engine::core::{Command, Event, Execution, Identity, Status, TaskStart};
use sfn_engine::history::Details;

use crate::stage::{fault, load};

/// What happens to one attempt at the task. All of it at half seconds, so that no timer goes off at the same time.
#[derive(Debug, Clone)]
struct Attempt {
    /// Signs of life, in milliseconds from its start.
    beats: Vec<i64>,
    /// When it ends, and with which error if any; never, when nobody is at work.
    end: Option<(i64, Option<&'static str>)>,
}

#[derive(Debug, Clone)]
struct Retrier {
    errors: Vec<&'static str>,
    interval: u32,
    max_attempts: usize,
    backoff: f64,
    max_delay: Option<u32>,
}

#[derive(Debug, Clone)]
struct Plan {
    timeout: u32,
    heartbeat: Option<u32>,
    retry: Vec<Retrier>,
    attempts: Vec<Attempt>,
}

/// When each attempt began, when it was all over, and what went wrong at last.
#[derive(Debug, PartialEq)]
struct Course {
    begun: Vec<i64>,
    ended: i64,
    error: Option<String>,
}

impl Plan {
    fn attempt(&self, number: usize) -> Attempt {
        self.attempts.get(number).cloned().unwrap_or(Attempt { beats: Vec::new(), end: Some((500, None)) })
    }

    fn definition(&self) -> serde_json::Value {
        let retry: Vec<_> = self
            .retry
            .iter()
            .map(|it| {
                let mut retrier = json!({
                    "ErrorEquals": it.errors, "IntervalSeconds": it.interval,
                    "MaxAttempts": it.max_attempts, "BackoffRate": it.backoff,
                });
                if let Some(limit) = it.max_delay {
                    retrier["MaxDelaySeconds"] = json!(limit);
                }
                retrier
            })
            .collect();
        let mut state = json!({
            "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": {}, "TimeoutSeconds": self.timeout, "Retry": retry, "End": true,
        });
        if let Some(seconds) = self.heartbeat {
            state["HeartbeatSeconds"] = json!(seconds);
        }
        json!({ "StartAt": "Work", "States": { "Work": state } })
    }

    /// What ought to happen.
    fn course(&self) -> Course {
        let mut used = vec![0; self.retry.len()];
        let (mut begun, mut now) = (Vec::new(), 0);
        loop {
            begun.push(now);
            let (duration, error) = self.fate(&self.attempt(begun.len() - 1));
            now += duration;
            let Some(error) = error else { return Course { begun, ended: now, error: None } };
            let matching = self.retry.iter().position(|it| it.errors.iter().any(|name| covers(name, error)));
            match matching {
                Some(index) if used[index] < self.retry[index].max_attempts => {
                    now += self.retry[index].delay(used[index]);
                    used[index] += 1;
                }
                _ => {
                    let name = if error == SILENCE { LATE } else { error };
                    return Course { begun, ended: now, error: Some(name.to_owned()) };
                }
            }
        }
    }

    /// How long an attempt lasts and what goes wrong.
    fn fate(&self, attempt: &Attempt) -> (i64, Option<&'static str>) {
        let late = i64::from(self.timeout) * 1_000;
        let mut heard = 0;
        let silence = |heard: i64| self.heartbeat.map(|seconds| heard + i64::from(seconds) * 1_000);
        let end = attempt.end.map_or(i64::MAX, |(at, _)| at);
        for beat in attempt.beats.iter().filter(|beat| **beat < end) {
            if silence(heard).is_some_and(|limit| limit < *beat) {
                break;
            }
            heard = *beat;
        }
        match silence(heard) {
            Some(limit) if limit < end.min(late) => (limit, Some(SILENCE)),
            _ if late < end => (late, Some(LATE)),
            _ => attempt.end.unwrap_or_default(),
        }
    }
}

const LATE: &str = "States.Timeout";
/// A timeout too, but one that has a name of its own among Error Names.
const SILENCE: &str = "States.HeartbeatTimeout";

fn covers(name: &str, error: &str) -> bool {
    let is_timeout = [LATE, SILENCE].contains(&error);
    match name {
        "States.ALL" => true,
        "States.TaskFailed" => !is_timeout,
        LATE => is_timeout,
        _ => name == error,
    }
}

impl Retrier {
    #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, far below 2^53")]
    fn delay(&self, used: usize) -> i64 {
        let grown = (0..used).fold(f64::from(self.interval), |delay, _| delay * self.backoff);
        (self.max_delay.map_or(grown, |limit| grown.min(f64::from(limit))) * 1_000.0) as i64
    }
}

/// What does happen.
fn played(plan: &Plan) -> Course {
    let identity = Identity::named("timing");
    let mut execution = Execution::new(load(&plan.definition()), identity, Value::empty_object(), 1);
    let mut due: BTreeMap<(i64, usize), Event> = BTreeMap::from([((0, 0), Event::Started)]);
    let mut course = Course { begun: Vec::new(), ended: 0, error: None };
    let mut count = 0;
    while let Some(((now, _), event)) = due.pop_first() {
        for command in execution.handle(Timestamp::from_millis(now), event) {
            let mut plan_event = |at: i64, event: Event| {
                count += 1;
                due.insert((at, count), event);
            };
            match command {
                Command::Record(event) if matches!(event.details, Details::TaskScheduled { .. }) => {
                    course.begun.push(now);
                }
                Command::StartTask(TaskStart { task, .. }) => {
                    let attempt = plan.attempt(course.begun.len() - 1);
                    for beat in attempt.beats {
                        plan_event(now + beat, Event::TaskHeartbeat { task });
                    }
                    if let Some((at, error)) = attempt.end {
                        let event = match error {
                            None => Event::TaskSucceeded { task, output: Value::Null },
                            Some(name) => Event::TaskFailed { task, fault: fault(name, "") },
                        };
                        plan_event(now + at, event);
                    }
                }
                Command::StartTimer { timer, at } => plan_event(at.as_millis(), Event::TimerFired { timer }),
                Command::Finish(status) => {
                    course.ended = now;
                    if let Status::Failed(fault) = status {
                        course.error = fault.error.map(|name: Arc<str>| name.to_string());
                    }
                }
                _ => {}
            }
        }
    }
    course
}

fn attempts() -> impl Strategy<Value = Attempt> {
    let moment = (0..12_i64).prop_map(|seconds| seconds * 1_000 + 500);
    let error = prop::option::weighted(0.7, prop::sample::select(vec!["Declined", "Busy"]));
    let beats = prop::collection::btree_set(moment.clone(), 0..4);
    (beats, prop::option::weighted(0.8, (moment, error)))
        .prop_map(|(beats, end)| Attempt { beats: beats.into_iter().collect(), end })
}

fn retriers() -> impl Strategy<Value = Retrier> {
    let names = vec!["Declined", "Busy", LATE, SILENCE, "States.TaskFailed", "States.ALL"];
    let errors = prop::sample::subsequence(names, 1..3);
    let backoff = prop::sample::select(vec![1.0, 1.5, 2.0]);
    (errors, 1..5_u32, 0..4_usize, backoff, prop::option::of(5..8_u32)).prop_map(
        |(errors, interval, max_attempts, backoff, max_delay)| Retrier {
            errors,
            interval,
            max_attempts,
            backoff,
            max_delay,
        },
    )
}

fn plans() -> impl Strategy<Value = Plan> {
    let retry = prop::collection::vec(retriers(), 0..4);
    let attempts = prop::collection::vec(attempts(), 0..8);
    (1..15_u32, prop::option::of(1..6_u32), retry, attempts)
        .prop_map(|(timeout, heartbeat, retry, attempts)| Plan { timeout, heartbeat, retry, attempts })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn attempts_begin_and_end_when_the_model_says(plan in plans()) {
        prop_assert_eq!(played(&plan), plan.course());
    }
}
