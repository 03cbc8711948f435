//! What a person wants to see of an execution: one line for each state that ends, and what is going on now. Apart from the
//! display, so that it knows nothing of terminals.

use crate::duration::readable;
use crate::fault;
use serde_json::Value;
use sfn_engine::Timestamp;
use sfn_engine::core::{Notice, Status};
use sfn_engine::driver::{Observation, Observed};
use sfn_engine::history::{Details, Fault, HistoryEvent, StateType};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// One line about a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) mark: Mark,
    /// How many Parallel and Map States it is inside of.
    pub(crate) depth: usize,
    /// The state's name.
    pub(crate) name: Arc<str>,
    /// For how long the state, or the attempt at it, went on.
    pub(crate) took: Option<Duration>,
    /// Anything else worth knowing.
    pub(crate) note: String,
}

/// What a line says of its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// It did its work.
    Done,
    /// It had no work to do: a decision, a rearrangement.
    Passed,
    /// It failed, for good or until the next attempt.
    Failed,
    /// It was given up because a neighbour failed.
    GivenUp,
    /// It goes on.
    Running,
    /// It contains the lines that follow.
    Opened,
    /// It contains the lines before.
    Closed,
}

/// What happened so far.
#[derive(Debug, Default)]
pub(crate) struct Timeline {
    /// The states that were entered and not left, in the order they were entered.
    open: Vec<Open>,
    /// The state that each history event is about, by the number of the event that entered it.
    about: HashMap<u64, u64>,
    /// Where each state stands that was ever entered.
    places: HashMap<u64, Place>,
    /// How many states were entered.
    entered: usize,
    /// A sample of what completes each state that waits for a token.
    samples: HashMap<String, Value>,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    depth: usize,
    parent: Option<u64>,
}

#[derive(Debug)]
struct Open {
    id: u64,
    place: Place,
    name: Arc<str>,
    kind: StateType,
    since: Timestamp,
    attempt_since: Timestamp,
    attempt: u32,
    fault: Option<Fault>,
    next: Option<Arc<str>>,
    token: Option<Arc<str>>,
}

impl Timeline {
    /// A timeline on which nothing has happened. The samples are shown to whoever is asked to complete a state.
    pub(crate) fn new(samples: HashMap<String, Value>) -> Self {
        Self { samples, ..Self::default() }
    }

    /// The lines that an observation adds.
    pub(crate) fn take(&mut self, observation: &Observation) -> Vec<Line> {
        let at = observation.at;
        match &observation.what {
            Observed::Recorded(event) => self.record(at, event),
            Observed::TaskStarted { state, attempt, .. } => {
                if let Some(open) = self.named(state) {
                    (open.attempt, open.attempt_since) = (*attempt, at);
                }
                Vec::new()
            }
            Observed::WaitingForToken { state, token } => {
                if let Some(open) = self.named(state) {
                    open.token = Some(Arc::clone(token));
                }
                Vec::new()
            }
            Observed::Noticed(notice) => self.notice(at, notice),
            Observed::Finished(status) => self.finish(at, status),
        }
    }

    /// One line for each state that goes on.
    pub(crate) fn running(&self, now: Timestamp) -> Vec<Line> {
        let leaves = self.open.iter().filter(|open| !is_container(open.kind));
        leaves.map(|open| open.line(Mark::Running, open.since.until(now), attempt_note(open))).collect()
    }

    /// How many states were entered.
    pub(crate) fn entered(&self) -> usize {
        self.entered
    }

    fn record(&mut self, at: Timestamp, event: &HistoryEvent) -> Vec<Line> {
        let about = self.about.get(&event.previous_event_id).copied();
        match &event.details {
            Details::StateEntered { state_type, name, .. } => {
                return self.enter(at, event, *state_type, name, about);
            }
            Details::StateExited { name, .. } => {
                let left =
                    about.filter(|id| self.open.iter().any(|open| open.id == *id && open.name == *name));
                let left = left.or_else(|| self.named(name).map(|open| open.id));
                if let Some(left) = left {
                    self.about.insert(event.id, left);
                    return self.leave(at, left);
                }
            }
            details => {
                if let Some(about) = about {
                    self.about.insert(event.id, about);
                    return self.go_on(at, about, details);
                }
            }
        }
        Vec::new()
    }

    fn enter(
        &mut self,
        at: Timestamp,
        event: &HistoryEvent,
        kind: StateType,
        name: &Arc<str>,
        after: Option<u64>,
    ) -> Vec<Line> {
        let is_inside = after.is_some_and(|id| self.open.iter().any(|open| open.id == id));
        let place = match after.and_then(|id| Some((id, self.places.get(&id)?))) {
            None => Place { depth: 0, parent: None },
            Some((id, container)) if is_inside => Place { depth: container.depth + 1, parent: Some(id) },
            Some((_, sibling)) => *sibling,
        };
        self.places.insert(event.id, place);
        self.about.insert(event.id, event.id);
        self.entered += 1;
        let open = Open {
            id: event.id,
            place,
            name: Arc::clone(name),
            kind,
            since: at,
            attempt_since: at,
            attempt: 0,
            fault: None,
            next: None,
            token: None,
        };
        let line = is_container(kind).then(|| open.line(Mark::Opened, None, String::new()));
        self.open.push(open);
        line.into_iter().collect()
    }

    /// An event in the middle of a state.
    fn go_on(&mut self, at: Timestamp, id: u64, details: &Details) -> Vec<Line> {
        let Some(open) = self.open.iter_mut().find(|open| open.id == id) else { return Vec::new() };
        match details {
            Details::TaskFailed { fault, .. }
            | Details::TaskTimedOut { fault, .. }
            | Details::EvaluationFailed { fault, .. } => open.fault = Some(fault.clone()),
            // Only now does nobody but the holder of the token know more.
            Details::TaskSubmitted { .. } => {
                let Some(token) = &open.token else { return Vec::new() };
                let sample = self
                    .samples
                    .get(&*open.name)
                    .map_or_else(|| "JSON".to_owned(), |sample| format!("'{sample}'"));
                let command = format!("cargo sfn complete {token} --output {sample}");
                let note = format!("waits for a task token; complete it with:\n      {command}");
                let took = open.since.until(at);
                return vec![open.line(Mark::Running, took, note)];
            }
            Details::StateAborted { .. } => return self.give_up(at, id),
            _ => {}
        }
        Vec::new()
    }

    fn notice(&mut self, at: Timestamp, notice: &Notice) -> Vec<Line> {
        match notice {
            Notice::Retrying { state, attempt, delay, fault } => {
                let Some(open) = self.named(state) else { return Vec::new() };
                open.fault = None;
                let took = open.attempt_since.until(at);
                let note = format!("{}; retry {attempt} in {}", fault::brief(fault), readable(*delay));
                vec![open.line(Mark::Failed, took, note)]
            }
            Notice::Caught { state, next, fault } => {
                if let Some(open) = self.named(state) {
                    (open.fault, open.next) = (Some(fault.clone()), Some(Arc::clone(next)));
                }
                Vec::new()
            }
        }
    }

    fn leave(&mut self, at: Timestamp, id: u64) -> Vec<Line> {
        let mut lines = self.give_up_inside(at, id);
        let Some(open) = self.close(id) else { return lines };
        let mark = match open {
            Open { fault: Some(_), .. } => Mark::Failed,
            Open { kind, .. } if is_container(kind) => Mark::Closed,
            Open { kind: StateType::Choice | StateType::Pass | StateType::Succeed, .. } => Mark::Passed,
            _ => Mark::Done,
        };
        let note = match (&open.fault, &open.next) {
            (Some(fault), Some(next)) => format!("{}; on to {next}", fault::brief(fault)),
            (Some(fault), None) => fault::brief(fault),
            (None, _) => attempt_note(&open),
        };
        lines.push(open.line(mark, open.since.until(at), note));
        lines
    }

    fn finish(&mut self, at: Timestamp, status: &Status) -> Vec<Line> {
        let mut lines = Vec::new();
        // From the inside out: what is nested was entered later.
        while let Some(open) = self.open.pop() {
            let from_outside = match status {
                Status::Failed(fault) if open.kind == StateType::Fail => Some(fault),
                Status::TimedOut(fault) | Status::Aborted(fault) => Some(fault),
                Status::Failed(_) | Status::Succeeded(_) => None,
            };
            let fault = open.fault.as_ref().or(from_outside);
            let (mark, note) = match fault {
                Some(fault) => (Mark::Failed, fault::brief(fault)),
                None if is_container(open.kind) => (Mark::Closed, String::new()),
                None => (Mark::GivenUp, String::new()),
            };
            lines.push(open.line(mark, open.since.until(at), note));
        }
        lines
    }

    /// Ends a state, and those inside of it, that nobody waits for any more.
    fn give_up(&mut self, at: Timestamp, id: u64) -> Vec<Line> {
        let mut lines = self.give_up_inside(at, id);
        if let Some(open) = self.close(id) {
            let (mark, note) = match &open.fault {
                Some(fault) => (Mark::Failed, fault::brief(fault)),
                None => (Mark::GivenUp, String::new()),
            };
            lines.push(open.line(mark, open.since.until(at), note));
        }
        lines
    }

    fn give_up_inside(&mut self, at: Timestamp, id: u64) -> Vec<Line> {
        let children = self.open.iter().filter(|open| open.place.parent == Some(id));
        let children: Vec<u64> = children.map(|open| open.id).collect();
        children.into_iter().flat_map(|child| self.give_up(at, child)).collect()
    }

    fn close(&mut self, id: u64) -> Option<Open> {
        let place = self.open.iter().position(|open| open.id == id)?;
        Some(self.open.remove(place))
    }

    /// The state of that name. Where several iterations are in it, the one that entered it last.
    fn named(&mut self, name: &str) -> Option<&mut Open> {
        self.open.iter_mut().rev().find(|open| &*open.name == name)
    }
}

impl Open {
    fn line(&self, mark: Mark, took: impl Into<Option<Duration>>, note: String) -> Line {
        Line { mark, depth: self.place.depth, name: Arc::clone(&self.name), took: took.into(), note }
    }
}

fn is_container(kind: StateType) -> bool {
    matches!(kind, StateType::Parallel | StateType::Map)
}

fn attempt_note(open: &Open) -> String {
    match open.attempt {
        0 => String::new(),
        retries => format!("attempt {}", retries + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::display::Display;
    use crate::style::Style;
    use serde_json::json;
    use sfn_engine::core::Machine;
    use sfn_engine::driver::{Engine, Start, TaskFailure, TaskRequest, VirtualClock};
    use std::sync::mpsc;

    /// Runs a machine and shows it. Each task's resource says what becomes of it.
    #[track_caller]
    fn check(machine: &Value, expected: &str) {
        let machine: Machine = machine.to_string().parse().unwrap();
        let (seen, observations) = mpsc::channel();
        let observer = move |observation| seen.send(observation).unwrap();
        let runner = |request: TaskRequest| async move {
            match request.attempt {
                _ if request.state.starts_with("Bad") => {
                    Err(TaskFailure::new("Bad.Luck", r#"{"errorType":"Bad.Luck","errorMessage":"rain"}"#))
                }
                0 if request.state.starts_with("Flaky") => Err(TaskFailure::new("Busy", "")),
                _ => Ok(request.arguments),
            }
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let clock = VirtualClock::unattended(Timestamp::default());
            let engine = Engine::builder(runner).clock(clock).observer(observer).seed(1).spawn();
            engine.start(&machine.into(), Start::default()).unwrap().finished().await;
        });
        let samples = HashMap::from([("Ask".to_owned(), json!({ "granted": true }))]);
        let (mut out, mut timeline) = (Vec::new(), Timeline::new(samples));
        let mut display = Display::new(&mut out, Style::Plain, 0);
        for line in observations.try_iter().flat_map(|observation| timeline.take(&observation)) {
            display.add(&line).unwrap();
        }
        assert_eq!(timeline.running(Timestamp::default()), []);
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    fn task(more: Value) -> Value {
        let mut task = json!({ "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke" });
        if let (Value::Object(task), Value::Object(more)) = (&mut task, more) {
            task.extend(more);
        }
        task
    }

    fn machine(start: &str, states: &Value) -> Value {
        json!({ "QueryLanguage": "JSONata", "StartAt": start, "States": states })
    }

    #[test]
    fn retries_waits_and_decisions_are_told_in_order() {
        let retry = json!([{ "ErrorEquals": ["Busy"], "IntervalSeconds": 2 }]);
        check(
            &machine(
                "Flaky",
                &json!({
                    "Flaky": task(json!({ "Retry": retry, "Next": "Wait3Days" })),
                    "Wait3Days": { "Type": "Wait", "Seconds": 259_200, "Next": "Decide" },
                    "Decide": { "Type": "Choice", "Choices": [], "Default": "Good" },
                    "Good": task(json!({ "End": true })),
                }),
            ),
            "  ✗ Flaky                   0 ms  Busy; retry 1 in 2.00 s
  ✓ Flaky                 2.00 s  attempt 2
  ✓ Wait3Days           3 d 00 h
  · Decide                  0 ms
  ✓ Good                    0 ms
",
        );
    }

    #[test]
    fn a_failure_inside_of_a_parallel_state_ends_its_neighbours() {
        let branch = |start: &str, state: Value| json!({ "StartAt": start, "States": { start: state } });
        let wait = json!({ "Type": "Wait", "Seconds": 5, "End": true });
        let catch = json!([{ "ErrorEquals": ["Bad.Luck"], "Next": "Undo" }]);
        let branches = json!([branch("Bad", task(json!({ "End": true }))), branch("Slow", wait)]);
        check(
            &machine(
                "Both",
                &json!({
                    "Both": { "Type": "Parallel", "Branches": branches, "Catch": catch, "End": true },
                    "Undo": task(json!({ "Next": "GaveUp" })),
                    "GaveUp": { "Type": "Fail", "Error": "GaveUp", "Cause": "no luck" },
                }),
            ),
            "  ┌ Both
  │ ✗ Bad                   0 ms  Bad.Luck: rain
  │ – Slow                  0 ms
  ✗ Both                    0 ms  Bad.Luck: rain; on to Undo
  ✓ Undo                    0 ms
  ✗ GaveUp                  0 ms  GaveUp: no luck
",
        );
    }

    #[test]
    fn a_task_that_waits_shows_how_to_complete_it() {
        let resource = "arn:aws:states:::lambda:invoke.waitForTaskToken";
        let arguments = json!({ "Payload": "{% $states.context.Task.Token %}" });
        let token = "5e41ab087439611ef18d6ce93d6cf1ee0b95f66d327e8d788fb0fd7fd432b31a";
        check(
            &machine(
                "Ask",
                &json!({
                    "Ask": task(json!({ "Resource": resource, "Arguments": arguments, "TimeoutSeconds": 60, "End": true })),
                }),
            ),
            &format!(
                "  ▸ Ask                     0 ms  waits for a task token; complete it with:\n      cargo sfn complete {token} \
                 --output '{{\"granted\":true}}'\n  ✗ Ask               1 min 00 s  States.Timeout\n"
            ),
        );
    }
}
