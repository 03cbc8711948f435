//! The world that the saga's machine runs in: tasks that answer as a combination says, and whoever holds their tokens.
//!
//! Separate from the model so that what is done and what is expected have nothing in common but payloads and results.

use crate::combinations::{Approval, Combination};
use crate::troubles::{Failure, Way};
use orders::order_saga;
use serde_json::{Value, json};
use sfn::emit::{Package, Settings, prepare};
use sfn::{Pattern, TaskSpec};
use sfn_engine::Timestamp;
use sfn_engine::core::{Machine, Status};
use sfn_engine::driver::{Engine, Outcome, Start, TaskFailure, VirtualClock};
use sfn_engine::lambda::Closures;
use sfn_engine::services::Services;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

/// One attempt of a task, and what it was given; of the token, only that it was there.
pub(crate) type Call = (&'static str, Value);

/// The order that needs or does not need an approval: by a cent.
pub(crate) fn order(approval: Approval) -> Value {
    let total = if approval == Approval::NotNeeded { 50_000 } else { 50_001 };
    json!({
        "orderId": "order-7",
        "customerEmail": "ada@example.com",
        "card": "4242 4242 4242 4242",
        "lines": [{ "sku": "teapot", "quantity": 1, "priceCents": total }],
        "totalCents": total,
    })
}

/// What a task is given on its way forwards.
pub(crate) fn asked(task: &str, order: &Value) -> Value {
    match task {
        "validate_order" | "email_customer" | "publish_fulfilled" => order.clone(),
        "reserve_inventory" => {
            json!({ "order_id": order["orderId"], "lines": order["lines"], "token": TOKEN })
        }
        "request_approval" => json!({ "order": order, "token": TOKEN }),
        "charge_payment" => {
            json!({ "order_id": order["orderId"], "card": order["card"], "amount_cents": order["totalCents"] })
        }
        other => panic!("{other} is not called on the way forwards"),
    }
}

/// What stands for any token.
const TOKEN: &str = "a token";

/// What a task gives at its so-manieth attempt, counted from 1.
pub(crate) fn result(task: &str, attempt: usize, given: Approval) -> Value {
    match task {
        "reserve_inventory" => json!({ "reservationId": format!("reservation-{attempt}"), "articles": 1 }),
        "charge_payment" => json!({ "chargeId": format!("charge-{attempt}") }),
        "request_approval" => approval(given),
        _ => Value::Null,
    }
}

/// What the person says.
pub(crate) fn approval(given: Approval) -> Value {
    json!({ "granted": given == Approval::Granted, "by": "Grace \"no\" Hopper" })
}

/// The machine that would be deployed, and what its tasks declare.
pub(crate) struct Stage {
    pub(crate) specs: Vec<TaskSpec>,
    /// The emitted text.
    pub(crate) text: String,
    machine: Arc<Machine>,
    /// What the text calls each task's function.
    functions: Vec<String>,
    runtime: tokio::runtime::Runtime,
}

/// How a run went.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) calls: Vec<Call>,
    pub(crate) end: Result<Value, (String, String)>,
    pub(crate) elapsed: Duration,
    /// The names of the events of its history.
    #[expect(dead_code, reason = "a surprise shows it")]
    pub(crate) events: Vec<&'static str>,
}

/// What somebody does with a token that a handler has passed on.
struct Letter {
    token: String,
    content: Content,
}

enum Content {
    Result(Value),
    Failure(Failure),
    /// So many heartbeats, this far apart.
    Heartbeats(u32, Duration),
}

impl Stage {
    pub(crate) fn new() -> Self {
        let definition = order_saga::definition();
        let package = Package { name: String::new(), dir: String::new() };
        let artifacts = prepare(&package, std::slice::from_ref(&definition), &Settings::default())
            .expect("a state machine");
        let [artifact] = <[_; 1]>::try_from(artifacts.workflows).expect("one workflow");
        Self {
            specs: definition.tasks().iter().map(|task| task.spec).collect(),
            machine: Arc::new(artifact.definition.parse().expect("the engine runs it")),
            text: artifact.definition,
            functions: artifact.entry.tasks.iter().map(|task| format!("${{{}}}", task.placeholder)).collect(),
            runtime: tokio::runtime::Builder::new_current_thread().build().expect("a runtime"),
        }
    }

    /// Runs the machine in a world.
    pub(crate) fn run(&self, combination: &Combination) -> Run {
        let (outcome, calls) = self.outcome(combination);
        let text = |part: &Option<Arc<str>>| part.as_deref().unwrap_or_default().to_owned();
        let end = match &outcome.status {
            Status::Succeeded(output) => Ok(output.into()),
            Status::Failed(fault) => Err((text(&fault.error), text(&fault.cause))),
            other => panic!("an execution succeeds or fails, found {other:?}"),
        };
        let events = outcome.history.iter().map(sfn_engine::history::HistoryEvent::event_type).collect();
        Run { calls, end, elapsed: outcome.started.until(outcome.ended), events }
    }

    /// The same, in the engine's words.
    pub(crate) fn outcome(&self, combination: &Combination) -> (Arc<Outcome>, Vec<Call>) {
        let calls = Arc::new(Mutex::new(Vec::new()));
        let (letters, mut delivered) = unbounded_channel();
        let mut functions = Closures::new();
        for (spec, function) in self.specs.iter().zip(&self.functions) {
            let world = (Arc::clone(&calls), letters.clone(), combination.clone(), *spec);
            functions = functions.with(function, move |payload| {
                let (calls, letters, combination, spec) = &world;
                let (attempt, token) = noted(calls, spec, payload.into());
                attempted(attempt, token, spec, combination, letters)
            });
        }
        let outcome = self.runtime.block_on(async {
            let clock = VirtualClock::scripted(Timestamp::default());
            let engine =
                Engine::builder(Services::new().functions(functions)).clock(clock.clone()).seed(1).spawn();
            let input = order(combination.approval).into();
            let execution = engine.start(&self.machine, Start::with_input(input)).expect("a first execution");
            loop {
                tokio::select! {
                    biased;
                    Some(letter) = delivered.recv() => deliver(letter, &engine, &clock).await,
                    outcome = execution.finished() => break outcome,
                }
            }
        });
        let calls = std::mem::take(&mut *calls.lock().unwrap_or_else(PoisonError::into_inner));
        (outcome, calls)
    }
}

/// Writes an attempt down: which one it is of its task, and its token.
fn noted(calls: &Mutex<Vec<Call>>, spec: &TaskSpec, mut payload: Value) -> (usize, Option<String>) {
    let token = spec.token().map(|argument| payload[argument.name].take());
    if let Some(argument) = spec.token() {
        payload[argument.name] = TOKEN.into();
    }
    let mut calls = calls.lock().unwrap_or_else(PoisonError::into_inner);
    calls.push((spec.name, payload));
    let attempt = calls.iter().filter(|(task, _)| *task == spec.name).count();
    (attempt, token.map(|token| token.as_str().expect("a token is text").to_owned()))
}

/// Does in an attempt what the combination says.
fn attempted(
    attempt: usize,
    token: Option<String>,
    spec: &TaskSpec,
    combination: &Combination,
    letters: &UnboundedSender<Letter>,
) -> impl Future<Output = Result<sfn_engine::Value, TaskFailure>> + use<> {
    let trouble = combination.troubles.get(spec.name).filter(|trouble| attempt <= trouble.attempts as usize);
    let way = trouble.map(|trouble| trouble.way.clone());
    let result = result(spec.name, attempt, combination.approval);
    let content = match &way {
        None => Some(Content::Result(result.clone())),
        Some(Way::Token(failure)) => Some(Content::Failure(failure.clone())),
        Some(Way::Heartbeats) => heartbeats(spec),
        Some(Way::Handler(_) | Way::Hangs | Way::Silence) => None,
    };
    if let (Some(token), Some(content)) = (token, content) {
        letters.send(Letter { token, content }).expect("somebody takes letters until the end");
    }
    let answer = if spec.pattern == Pattern::WaitForCallback { Value::Null } else { result };
    async move {
        match way {
            Some(Way::Handler(failure)) => Err(failure.into()),
            Some(Way::Hangs) => std::future::pending().await,
            _ => Ok(answer.into()),
        }
    }
}

async fn deliver(Letter { token, content }: Letter, engine: &Engine, clock: &VirtualClock) {
    match content {
        Content::Result(output) => {
            engine.send_task_success(&token, output.into()).await.expect("a live token");
        }
        Content::Failure(failure) => {
            engine.send_task_failure(&token, failure.into()).await.expect("a live token");
        }
        Content::Heartbeats(times, apart) => {
            for _ in 0..times {
                clock.advance(apart);
                engine.send_task_heartbeat(&token).await.expect("a live token");
            }
        }
    }
}

/// As many as it takes for the timeout to come before the next would be missed.
fn heartbeats(spec: &TaskSpec) -> Option<Content> {
    let apart = spec.heartbeat? / 2;
    let times = spec.timeout?.as_millis().div_ceil(apart.as_millis()) - 1;
    Some(Content::Heartbeats(u32::try_from(times).expect("a timeout of days"), apart))
}

impl From<Failure> for TaskFailure {
    fn from(Failure { error, cause }: Failure) -> Self {
        Self { error, cause }
    }
}
