//! Estimates held against executions that were recorded on the service and against the engine: with the odds that an execution
//! took, its estimate is the execution itself. Separate from the units because only whole executions show what is counted.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use sfn_asl::{EdgeKind, ExecutionType, ProcessorMode, State, StateMachine, scopes};
use sfn_engine::Timestamp;
use sfn_engine::core::Machine;
use sfn_engine::driver::{Engine, Observation, Observed, Start, TaskFailure, TaskRequest, VirtualClock};
use sfn_estimate::{Assumptions, Prices, estimate};
use tokio::sync::mpsc;

/// What a history says of each State, by name.
#[derive(Default)]
struct Went {
    visits: BTreeMap<String, u32>,
    attempts: BTreeMap<String, u32>,
    failures: BTreeMap<String, u32>,
    exits: BTreeMap<String, u32>,
    items: BTreeMap<String, u32>,
    /// Of a State, how often that one followed.
    taken: BTreeMap<(String, String), u32>,
}

fn kind(event: &Value) -> &str {
    event["type"].as_str().unwrap_or_default()
}

fn entered(event: &Value) -> Option<&str> {
    event["stateEnteredEventDetails"]["name"].as_str()
}

fn before<'h>(event: &Value, history: &'h [Value]) -> Option<&'h Value> {
    history.iter().find(|other| other["id"] == event["previousEventId"])
}

/// The State that an event belongs to: the last one of its type entered, and not left, on the way to it.
fn state_of<'h>(event: &Value, history: &'h [Value]) -> Option<&'h str> {
    let of_type = match kind(event) {
        kind if kind.starts_with("Parallel") => "ParallelState",
        kind if kind.starts_with("Map") => "MapState",
        _ => "TaskState",
    };
    let mut current = before(event, history)?;
    let mut depth = 0;
    loop {
        let is_of_type = kind(current).starts_with(of_type);
        if is_of_type && kind(current).ends_with("Exited") {
            depth += 1;
        }
        if let Some(name) = entered(current).filter(|_| is_of_type) {
            if depth == 0 {
                return Some(name);
            }
            depth -= 1;
        }
        current = before(current, history)?;
    }
}

impl Went {
    /// None where States were given up or failed for their own fields, of which estimates assume nothing.
    fn of(history: &[Value]) -> Option<Self> {
        let mut went = Self::default();
        let add = |counts: &mut BTreeMap<String, u32>, name: &str, more: u32| {
            *counts.entry(name.to_owned()).or_default() += more;
        };
        for event in history {
            let is_beyond = ["EvaluationFailed", "ExecutionRedriven"].contains(&kind(event));
            if is_beyond || kind(event).ends_with("Aborted") {
                return None;
            }
            if let Some(name) = entered(event) {
                let from =
                    before(event, history).and_then(|from| from["stateExitedEventDetails"]["name"].as_str());
                if let Some(from) = from {
                    *went.taken.entry((from.to_owned(), name.to_owned())).or_default() += 1;
                }
                add(&mut went.visits, name, 1);
            }
            if let Some(name) = event["stateExitedEventDetails"]["name"].as_str() {
                add(&mut went.exits, name, 1);
            }
            if BEGINS.contains(&kind(event)) {
                add(&mut went.attempts, state_of(event, history)?, 1);
            }
            if let Some(length) = event["mapStateStartedEventDetails"]["length"].as_u64() {
                add(
                    &mut went.items,
                    state_of(event, history)?,
                    u32::try_from(length).expect("a small number"),
                );
            }
            if FAILS.contains(&kind(event)) {
                add(&mut went.failures, state_of(event, history)?, 1);
            }
        }
        Some(went)
    }

    /// The assumptions under which this execution is the typical one. None where they cannot be told from one execution.
    fn assumptions(&self, machine: &StateMachine) -> Option<Assumptions> {
        let mut assumptions = Assumptions::default();
        for scope in scopes(machine, ExecutionType::Standard) {
            for (name, state) in &scope.machine.states {
                if self.visits.contains_key(name) {
                    self.assume(name, state, &mut assumptions)?;
                }
            }
        }
        Some(assumptions)
    }

    fn assume(&self, name: &str, state: &State, assumptions: &mut Assumptions) -> Option<()> {
        let count = |counts: &BTreeMap<String, u32>| counts.get(name).copied();
        let visits = count(&self.visits)?;
        let attempts = count(&self.attempts).unwrap_or(visits);
        let failures = count(&self.failures).unwrap_or(0);
        // With likelihoods of 0 and 1 alone the number of attempts is certain.
        let retries =
            state.retry().iter().map(|retrier| retrier.max_attempts.unwrap_or(3)).max().unwrap_or(0);
        if attempts != visits && i64::from(attempts) != i64::from(visits) * (1 + retries) {
            return None;
        }
        match state {
            State::Task(_) => {
                let is_certain = failures == attempts || failures == 0 && attempts == visits;
                assumptions.failures.insert(name.to_owned(), f64::from(failures.min(1)));
                is_certain.then_some(())?;
            }
            State::Map(map) => {
                let items = f64::from(count(&self.items).unwrap_or(0)) / f64::from(attempts);
                assumptions.items.insert(name.to_owned(), items);
                // Estimates count all iterations, also those that a failing one keeps from running.
                if failures > 0 && items > 1.0 {
                    return None;
                }
                // What fails in child executions is not in this history.
                if failures > 0 && map.item_processor.mode() == ProcessorMode::Distributed {
                    assumptions.failures.insert(name.to_owned(), 1.0);
                }
            }
            _ => {}
        }
        if count(&self.exits).unwrap_or(0) < visits && !matches!(state, State::Fail(_)) && failures == 0 {
            return None;
        }
        let mut odds: Vec<(EdgeKind, f64)> = Vec::new();
        for edge in state.edges() {
            // Ways to the same State look the same in a history, and count the same.
            let is_first = state.edges().take(odds.len()).all(|other| other.target != edge.target);
            let taken = self.taken.get(&(name.to_owned(), edge.target.to_owned())).copied().unwrap_or(0);
            odds.push((edge.kind, if is_first { f64::from(taken) / f64::from(visits) } else { 0.0 }));
        }
        assumptions.odds.insert(name.to_owned(), odds);
        Some(())
    }
}

/// The events with which an attempt begins.
const BEGINS: [&str; 5] = [
    "TaskScheduled",
    "LambdaFunctionScheduled",
    "ActivityScheduled",
    "ParallelStateStarted",
    "MapStateStarted",
];

/// The events with which an attempt fails.
const FAILS: [&str; 8] = [
    "TaskFailed",
    "TaskTimedOut",
    "LambdaFunctionFailed",
    "LambdaFunctionTimedOut",
    "ActivityFailed",
    "ActivityTimedOut",
    "ParallelStateFailed",
    "MapStateFailed",
];

/// Whether the estimate of an execution, with the odds it took, is that execution. None where it is out of the question.
fn agrees(machine: &StateMachine, history: &[Value]) -> Option<Result<(), String>> {
    let assumptions = Went::of(history)?.assumptions(machine)?;
    let typical = match estimate(machine, ExecutionType::Standard, &assumptions) {
        Ok(estimate) => estimate.typical,
        Err(error) => return Some(Err(error.to_string())),
    };
    let count = |is_meant: &dyn Fn(&str) -> bool| {
        let found = history.iter().filter(|event| is_meant(kind(event))).count();
        f64::from(u32::try_from(found).expect("a small number"))
    };
    // Entering is a transition, and so is each attempt beyond the first.
    let entered = count(&|kind| kind.ends_with("StateEntered"));
    let able_to_retry =
        count(&|kind| ["TaskStateEntered", "ParallelStateEntered", "MapStateEntered"].contains(&kind));
    let attempts = count(&|kind| BEGINS.contains(&kind));
    let transitions = entered + attempts - able_to_retry;
    let (events, requests) = (count(&|_| true), count(&|kind| kind.ends_with("Scheduled")));
    let figures = [
        ("events", typical.events, events),
        ("transitions", typical.transitions, transitions),
        ("requests", typical.requests, requests),
    ];
    let is_wrong = |figure: &&(&str, f64, f64)| (figure.1 - figure.2).abs() > 1e-6;
    Some(figures.iter().find(is_wrong).map_or(Ok(()), |(what, estimated, recorded)| {
        Err(format!("{estimated} {what} are estimated, {recorded} were recorded"))
    }))
}

#[test]
fn estimates_are_what_the_service_recorded() {
    let folder = std::env::var("SFN_CONFORMANCE").unwrap_or_else(|_| "../../shared/conformance".to_owned());
    let Ok(lines) = fs::read_to_string(Path::new(&folder).join("executions.jsonl")) else {
        println!("no recorded executions in {folder}: nothing is compared");
        return;
    };
    let (mut compared, mut wrong) = (0, Vec::new());
    for line in lines.lines() {
        let case: Value = serde_json::from_str(line).expect("a recorded case");
        let definition = match &case["definition"] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let (Some(history), Ok(machine)) = (case["expected_history"].as_array(), definition.parse()) else {
            continue;
        };
        if case["order_normalised"] == true || case["expected_status"] == "RUNNING?" {
            continue;
        }
        if let Some(verdict) = agrees(&machine, history) {
            compared += 1;
            wrong.extend(verdict.err().map(|error| format!("{}: {error}", case["id"])));
        }
    }
    assert!(wrong.is_empty(), "{} of {compared} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(compared > 200, "only {compared} executions could be compared");
}

/// What the engine records of a definition; each State's task answers as the table says, others with nothing.
fn history_of(definition: &str, input: Value, answers: &Value) -> Vec<Value> {
    let table = answers.clone();
    let answer = move |state: &str| match table[state]["fails"].as_str() {
        Some(error) => Err(TaskFailure::new(error, "as told")),
        None => Ok(sfn_asl::Value::from(table[state].clone())),
    };
    let by_token = answer.clone();
    let (sender, mut tokens) = mpsc::unbounded_channel();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let runner = move |request: TaskRequest| {
            let answer = answer(&request.state);
            async move { answer }
        };
        let engine = Engine::builder(runner)
            .clock(VirtualClock::unattended(Timestamp::default()))
            .seed(1)
            .observer(move |observation: Observation| {
                if let Observed::WaitingForToken { token, state, .. } = observation.what {
                    sender.send((token, state)).expect("somebody listens");
                }
            })
            .spawn();
        let machine: Machine = definition.parse().expect("the definition runs");
        let execution = engine.start(&Arc::new(machine), Start::with_input(input.into())).expect("it starts");
        let outcome = loop {
            tokio::select! {
                outcome = execution.finished() => break outcome,
                Some((token, state)) = tokens.recv() => {
                    let result = by_token(&state).expect("callbacks succeed here");
                    engine.send_task_success(&token, result).await.expect("the token is good");
                }
            }
        };
        let history = serde_json::to_value(&outcome.history).expect("histories are written");
        history.as_array().expect("a list").clone()
    })
}

#[test]
fn estimates_are_what_the_engine_records() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let paths = fs::read_to_string(folder.join("paths.json")).expect("the paths");
    let paths: Vec<Value> = serde_json::from_str(&paths).expect("a list of paths");
    for path in paths {
        let definition = match &path["definition"] {
            Value::String(file) => fs::read_to_string(folder.join(file)).expect("an example"),
            definition => definition.to_string(),
        };
        let history = history_of(&definition, path["input"].clone(), &path["answers"]);
        let machine: StateMachine = definition.parse().expect("a definition");
        let verdict = agrees(&machine, &history);
        assert_eq!(verdict, Some(Ok(())), "{}: {history:#?}", path["name"]);
    }
}

/// A chain of so many Pass States.
fn chain(length: usize) -> StateMachine {
    let states = (1..=length).map(|number| {
        let end = if number == length {
            json!({ "End": true })
        } else {
            json!({ "Next": format!("S{}", number + 1) })
        };
        let mut state = json!({ "Type": "Pass" });
        state.as_object_mut().expect("an object").extend(end.as_object().expect("an object").clone());
        (format!("S{number}"), state)
    });
    let states: serde_json::Map<_, _> = states.collect();
    json!({ "StartAt": "S1", "States": states }).to_string().parse().expect("a definition")
}

#[test]
fn ten_transitions_a_hundred_thousand_times_a_day_are_25_dollars() {
    let estimate =
        estimate(&chain(10), ExecutionType::Standard, &Assumptions::default()).expect("an estimate");
    for counts in [estimate.best, estimate.typical, estimate.worst] {
        let a_day = 100_000.0 * Prices::US_EAST_1.standard(&counts);
        assert!((a_day - 25.0).abs() < 1e-9, "{a_day}");
    }
}
