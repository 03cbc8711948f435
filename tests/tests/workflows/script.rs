//! What the corpus's tasks answer, and what they were asked: the scripted outside world of a run.
//!
//! Separate from the corpus so that a workflow's native run and its run on the engine meet exactly the same world.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::pending;
use std::time::Duration;

use proptest::prelude::*;
use serde_json::Value;
use sfn::prelude::*;

/// The errors the corpus's tasks declare: with named fields, retried by default, with a place, without anything.
#[derive(Debug, thiserror::Error, TaskError)]
pub enum Trouble {
    #[error("refused: {reason} ({code})")]
    Refused { reason: String, code: u32 },
    #[error("busy")]
    #[task_error(name = "Service.Busy", retry)]
    Busy,
    #[error("nothing called {0}")]
    Missing(String),
    #[error("gone")]
    Gone,
}

/// What one attempt of a task does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Succeed,
    Refuse,
    Busy,
    Missing,
    Gone,
    Panic,
    Hang,
}

/// What the world does, by task and attempt; everything that is not listed succeeds.
#[derive(Debug, Clone, Default)]
pub struct Script {
    outcomes: Vec<Outcome>,
}

/// One attempt of a task: its name and what it was asked.
pub type Call = (&'static str, Value);

#[derive(Default)]
struct World {
    script: Script,
    attempts: BTreeMap<String, usize>,
    calls: Vec<Call>,
    keys: Vec<String>,
}

thread_local! {
    static WORLD: RefCell<World> = RefCell::default();
}

/// Starts a new world on this thread.
pub fn begin(script: Script) {
    WORLD.set(World { script, ..World::default() });
}

/// Ends it: every attempt of a task since it began, in order.
pub fn end() -> Vec<Call> {
    WORLD.take().calls
}

/// One attempt of `task`: remembers the call, then does what the script says.
pub async fn attempt(task: &'static str, asked: impl Into<Value>) -> Result<(), Trouble> {
    let outcome = WORLD.with_borrow_mut(|world| {
        let asked = asked.into();
        let question = without_keys(&format!("{task} {asked}"), &mut world.keys);
        let attempt = world.attempts.entry(question.clone()).or_default();
        *attempt += 1;
        let outcome = world.script.outcome(&question, *attempt - 1);
        world.calls.push((task, asked));
        outcome
    });
    // Work takes time: whatever runs beside this attempt has begun before it ends.
    tokio::time::sleep(Duration::from_millis(1)).await;
    match outcome {
        Outcome::Succeed => Ok(()),
        Outcome::Refuse => Err(Trouble::Refused { reason: format!("no {task} \"today\""), code: 7 }),
        Outcome::Busy => Err(Trouble::Busy),
        Outcome::Missing => Err(Trouble::Missing(task.to_owned())),
        Outcome::Gone => Err(Trouble::Gone),
        Outcome::Panic => panic!("{task} panicked"),
        Outcome::Hang => pending().await,
    }
}

/// A text with names in the places of what no two runs have in common: random keys by their first appearance, moments.
pub fn without_keys(text: &str, known: &mut Vec<String>) -> String {
    let is_moment = text.len() == 24 && text.ends_with('Z') && text.parse::<sfn::Timestamp>().is_ok();
    if is_moment {
        return "a moment".to_owned();
    }
    let mut named = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some(key) = rest.get(..36).filter(|key| is_key(key)) {
            let number = known.iter().position(|known| known == key).unwrap_or_else(|| {
                known.push(key.to_owned());
                known.len() - 1
            });
            named.push_str("key ");
            named.push_str(&number.to_string());
            rest = &rest[36..];
        } else {
            named.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    named
}

/// Whether a text is a UUID as `uuid()` makes them.
fn is_key(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').map(str::len).collect();
    let is_hex = text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit());
    parts == [8, 4, 4, 4, 12] && is_hex
}

/// How often a task was asked something so far.
pub fn asked(task: &'static str, asked: impl Into<Value>) -> usize {
    let question = format!("{task} {}", asked.into());
    WORLD.with_borrow(|world| world.attempts.get(&question).copied().unwrap_or_default())
}

impl Script {
    /// A world in which nothing goes wrong.
    pub fn calm() -> Self {
        Self::default()
    }

    /// Each attempt draws its outcome from this list, at a place that depends only on what was asked and how often, so
    /// that the order of concurrent attempts does not matter.
    fn outcome(&self, question: &str, attempt: usize) -> Outcome {
        let seed = question.bytes().fold(attempt * 31, |sum, byte| sum * 7 % 1_000_003 + usize::from(byte));
        let len = self.outcomes.len().max(1);
        self.outcomes.get(seed % len).copied().unwrap_or(Outcome::Succeed)
    }
}

/// Worlds from calm to hostile.
pub fn scripts() -> impl Strategy<Value = Script> {
    let outcome = prop_oneof![
        6 => Just(Outcome::Succeed),
        1 => Just(Outcome::Refuse),
        1 => Just(Outcome::Busy),
        1 => Just(Outcome::Missing),
        1 => Just(Outcome::Gone),
        1 => Just(Outcome::Panic),
        1 => Just(Outcome::Hang),
    ];
    prop::collection::vec(outcome, 0..9).prop_map(|outcomes| Script { outcomes })
}
