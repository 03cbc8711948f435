//! What one visit of a State comes to: its transition, the events it leaves in the history, the requests it makes. Separate
//! because this is what the service counts, and all the rest is arithmetic.

use sfn_asl::{ExecutionType, IntegrationPattern, Map, Operand, ProcessorMode, State, Task, WaitUntil};

use crate::prices::express_gb_seconds;
use crate::{Assumptions, Counts};

/// How many iterations the service runs at once in the execution itself.
pub(crate) const INLINE_CONCURRENCY: f64 = 40.0;

/// How many child executions it runs at once.
const CHILDREN_AT_ONCE: f64 = 10_000.0;

/// How a visit goes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Visit {
    /// How often the State is attempted.
    pub(crate) attempts: f64,
    /// How many seconds pass between the attempts.
    pub(crate) delay: f64,
    /// How likely the State Machine fails with it.
    pub(crate) fails: f64,
}

/// What a visit comes to. `inner` is what the State Machines inside come to, each once.
pub(crate) fn visit(
    (name, state): (&str, &State),
    visit: Visit,
    inner: &[Counts],
    assumptions: &Assumptions,
) -> Counts {
    let Visit { attempts, delay, fails } = visit;
    let exits = if matches!(state, State::Fail(_)) { 0.0 } else { 1.0 - fails };
    let own = Counts { transitions: attempts, events: 1.0 + exits, seconds: delay, ..Counts::default() };
    let attempt = match state {
        State::Task(task) => of_task(name, task, assumptions),
        State::Wait(wait) => {
            Counts { seconds: wait_seconds(name, &wait.until, assumptions), ..Counts::default() }
        }
        State::Parallel(_) => {
            let all = inner.iter().copied().fold(Counts::default(), Counts::plus);
            let seconds = inner.iter().map(|branch| branch.seconds).fold(0.0, f64::max);
            let steps = all.steps + count(inner.len());
            Counts { events: all.events + 1.0, seconds, steps, ..all }
        }
        State::Map(map) => of_map(name, map, inner.first().copied().unwrap_or_default(), assumptions),
        State::Choice(_) | State::Pass(_) | State::Succeed(_) | State::Fail(_) => Counts::default(),
    };
    let whole = own.plus(attempt.times(attempts));
    match state {
        // However often they are begun, they end once.
        State::Parallel(_) | State::Map(_) => Counts { events: whole.events + 1.0, ..whole },
        _ => whole,
    }
}

fn of_task(name: &str, task: &Task, assumptions: &Assumptions) -> Counts {
    let pattern = IntegrationPattern::of(&task.resource);
    let is_submitted = matches!(pattern, IntegrationPattern::RunAJob | IntegrationPattern::WaitForCallback);
    let seconds = assumptions.durations.get(name).copied().unwrap_or(assumptions.default_duration);
    let mut counts = Counts {
        // Scheduled, Started, and Succeeded, Failed or TimedOut.
        events: if is_submitted { 4.0 } else { 3.0 },
        requests: 1.0,
        seconds,
        ..Counts::default()
    };
    if calls_function(&task.resource) {
        let memory = assumptions.memory.get(name).copied().unwrap_or(assumptions.default_memory);
        // Who waits for a callback is not waiting inside of the function.
        let busy = match pattern {
            IntegrationPattern::WaitForCallback => assumptions.default_duration,
            _ => seconds,
        };
        counts.invocations = 1.0;
        counts.gb_seconds = busy * memory / 1_024.0;
    }
    counts
}

/// Whether a `Resource` is a Lambda function; a placeholder counts as one.
pub(crate) fn calls_function(resource: &str) -> bool {
    resource.contains(":lambda:") || IntegrationPattern::of(resource) == IntegrationPattern::Unknown
}

#[expect(clippy::cast_precision_loss, reason = "waits are below a year")]
fn wait_seconds(name: &str, until: &WaitUntil, assumptions: &Assumptions) -> f64 {
    let said = match until {
        WaitUntil::Seconds(seconds) => seconds.literal().map(|seconds| *seconds as f64),
        WaitUntil::Timestamp(_) => None,
    };
    assumptions.durations.get(name).copied().or(said).unwrap_or(0.0)
}

fn of_map(name: &str, map: &Map, inner: Counts, assumptions: &Assumptions) -> Counts {
    let items = items(name, assumptions);
    let asked = max_concurrency(map);
    let rounds = |iterations: f64, most: f64| (iterations / asked.unwrap_or(most).min(most)).ceil();
    match map.item_processor.mode() {
        ProcessorMode::Inline => {
            let all = inner.times(items);
            Counts {
                // The Map's start, and of each iteration the start and the end.
                events: 1.0 + 2.0 * items + all.events,
                seconds: inner.seconds * rounds(items, INLINE_CONCURRENCY),
                steps: all.steps + items,
                ..all
            }
        }
        ProcessorMode::Distributed => {
            let children = children(items, map);
            let all = inner.times(children);
            let is_express = map.item_processor.config.as_ref().and_then(|config| config.execution_type)
                == Some(ExecutionType::Express);
            let none = Counts {
                transitions: 0.0,
                // The Map's start, and the start and the end of its Map Run.
                events: 3.0,
                seconds: inner.seconds * rounds(children, CHILDREN_AT_ONCE),
                steps: 0.0,
                ..all
            };
            if is_express {
                let bytes = map.item_processor.machine.to_json_pretty().len();
                let each = express_gb_seconds(&inner, bytes, assumptions.payload_bytes);
                return Counts {
                    express_children: children + all.express_children,
                    child_gb_seconds: children * each + all.child_gb_seconds,
                    ..none
                };
            }
            Counts {
                standard_children: children + all.standard_children,
                child_transitions: all.transitions + all.child_transitions,
                ..none
            }
        }
    }
}

/// How many iterations a Map State asks for at once, if it says so.
pub(crate) fn max_concurrency(map: &Map) -> Option<f64> {
    literal(map.max_concurrency.as_ref()).filter(|limit| *limit > 0.0)
}

/// How many items a Map State has.
pub(crate) fn items(name: &str, assumptions: &Assumptions) -> f64 {
    assumptions.items.get(name).copied().unwrap_or(assumptions.default_items)
}

/// How many child executions a distributed Map State starts for so many items.
fn children(items: f64, map: &Map) -> f64 {
    let batch = map.item_batcher.as_ref().and_then(|batcher| literal(batcher.max_items_per_batch.as_ref()));
    (items / batch.filter(|batch| *batch >= 1.0).unwrap_or(1.0)).ceil()
}

#[expect(clippy::cast_precision_loss, reason = "numbers of items, far below 2^53")]
fn literal(operand: Option<&Operand<i64>>) -> Option<f64> {
    operand.and_then(Operand::literal).map(|number| *number as f64)
}

#[expect(clippy::cast_precision_loss, reason = "a number of Branches")]
fn count(length: usize) -> f64 {
    length as f64
}
