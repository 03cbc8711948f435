//! How far executions are from the service's quotas, and what takes them there. Separate because the quotas are facts of the
//! service, and most of the work is to find out how many items or rounds reach one.

use serde::Serialize;
use sfn_asl::{
    ExecutionType, IntegrationPattern, Map, ProcessorMode, Scope, ScopeKind, State, StateMachine, scopes,
};

use crate::estimate::{typical, unchecked};
use crate::state::{INLINE_CONCURRENCY, items, max_concurrency};
use crate::way::{Ways, states_of};
use crate::{AssumptionError, Assumptions, Estimate};

const HISTORY_EVENTS: f64 = 25_000.0;
const DEFINITION_BYTES: f64 = 1_048_576.0;
const PAYLOAD_BYTES: f64 = 262_144.0;
const YEAR: f64 = 31_536_000.0;
const EXPRESS_SECONDS: f64 = 300.0;

/// A quota of the service, and what is used of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Limit {
    /// Which quota: `history events`, `definition bytes`, `payload bytes`, `seconds`, `iterations at once`.
    pub quota: &'static str,
    /// The State it is about; none for the whole execution.
    pub state: Option<String>,
    /// What a typical execution uses.
    pub typical: f64,
    /// What the worst one uses.
    pub worst: f64,
    /// What there is.
    pub limit: f64,
    /// What takes a typical execution to the limit.
    pub reached: Vec<Reach>,
}

/// A number of items or rounds with which a typical execution reaches a limit.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reach {
    /// The Map State, or the State that decides about the loop.
    pub state: String,
    /// `items` or `rounds`.
    pub of: &'static str,
    /// The largest number that stays within the limit.
    pub at_most: f64,
}

/// What is used of each quota, by the whole execution and by the child executions of distributed Map States.
///
/// ```
/// use sfn_asl::{ExecutionType, StateMachine};
/// use sfn_estimate::{Assumptions, limits};
///
/// let machine: StateMachine = r#"{"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true,
///     "ItemProcessor": {"StartAt": "Work", "States": {"Work": {"Type": "Pass", "End": true}}}}}}"#.parse()?;
/// let limits = limits(&machine, ExecutionType::Standard, &Assumptions::default())?;
/// let history = limits.iter().find(|limit| limit.quota == "history events").unwrap();
/// // 2 of the execution, 4 of the Map State and 4 for each of 10 items.
/// assert_eq!(history.typical, 46.0);
/// assert_eq!((history.reached[0].of, history.reached[0].at_most), ("items", 6_248.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// Those of [`estimate`](crate::estimate()).
pub fn limits(
    machine: &StateMachine,
    execution: ExecutionType,
    assumptions: &Assumptions,
) -> Result<Vec<Limit>, AssumptionError> {
    let scopes = scopes(machine, execution);
    assumptions.check(&states_of(scopes.iter().map(|scope| scope.machine)))?;
    let mut found = Vec::new();
    for (index, scope) in scopes.iter().enumerate() {
        if is_execution(scope) {
            of_execution(index, &scopes, assumptions, &mut found)?;
        }
        for (name, state) in &scope.machine.states {
            if let State::Map(map) = state {
                of_map(name, map, assumptions, &mut found);
            }
        }
    }
    let bytes = count(machine.to_json_pretty().len());
    found.push(Limit {
        quota: "definition bytes",
        state: None,
        typical: bytes,
        worst: bytes,
        limit: DEFINITION_BYTES,
        reached: Vec::new(),
    });
    Ok(found)
}

impl Estimate {
    /// Why the executions of the definition that is estimated here cannot be Express, if they cannot.
    ///
    /// ```
    /// use sfn_asl::{ExecutionType, StateMachine};
    /// use sfn_estimate::{Assumptions, estimate};
    ///
    /// let machine: StateMachine = r#"{"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "End": true,
    ///     "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken"}}}"#.parse()?;
    /// let estimate = estimate(&machine, ExecutionType::Standard, &Assumptions::default())?;
    /// assert_eq!(estimate.no_express(&machine).unwrap(), "`Ask` waits for a callback");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn no_express(&self, machine: &StateMachine) -> Option<String> {
        if self.typical.seconds > EXPRESS_SECONDS {
            let seconds = self.typical.seconds.ceil();
            return Some(format!(
                "a typical execution takes {seconds} s, and {EXPRESS_SECONDS} s are possible"
            ));
        }
        let scopes = scopes(machine, ExecutionType::Express);
        let inside = scopes.iter().filter(|scope| scope.execution == ExecutionType::Express);
        inside.flat_map(|scope| &scope.machine.states).find_map(|(name, state)| match state {
            State::Task(task) => match IntegrationPattern::of(&task.resource) {
                IntegrationPattern::WaitForCallback => Some(format!("`{name}` waits for a callback")),
                IntegrationPattern::RunAJob => Some(format!("`{name}` waits for a job")),
                IntegrationPattern::Activity => Some(format!("`{name}` is an Activity's")),
                IntegrationPattern::RequestResponse | IntegrationPattern::Unknown => None,
            },
            State::Map(map) if map.item_processor.mode() == ProcessorMode::Distributed => {
                Some(format!("`{name}` is a distributed Map"))
            }
            _ => None,
        })
    }
}

/// Whether a scope runs in an execution of its own.
fn is_execution(scope: &Scope<'_>) -> bool {
    matches!(scope.kind, ScopeKind::Definition | ScopeKind::ItemProcessor(ProcessorMode::Distributed))
}

/// The scope whose execution runs this one.
fn execution_of(mut index: usize, scopes: &[Scope<'_>]) -> usize {
    while !is_execution(&scopes[index])
        && let Some(parent) = scopes[index].parent
    {
        index = parent.scope;
    }
    index
}

fn of_execution(
    index: usize,
    scopes: &[Scope<'_>],
    assumptions: &Assumptions,
    found: &mut Vec<Limit>,
) -> Result<(), AssumptionError> {
    let scope = &scopes[index];
    let state = scope.parent.map(|parent| parent.state.to_owned());
    let estimate = unchecked(scope.machine, assumptions)?;
    if scope.execution == ExecutionType::Standard {
        let mut reached = Vec::new();
        for (number, inner) in scopes.iter().enumerate() {
            if execution_of(number, scopes) == index {
                reached.extend(reaches(inner.machine, scope.machine, assumptions)?);
            }
        }
        found.push(Limit {
            quota: "history events",
            state: state.clone(),
            typical: estimate.typical.events,
            worst: estimate.worst.events,
            limit: HISTORY_EVENTS,
            reached,
        });
    }
    let quota = if scope.execution == ExecutionType::Standard { YEAR } else { EXPRESS_SECONDS };
    #[expect(clippy::cast_precision_loss, reason = "seconds of an execution, far below 2^53")]
    let own = scope.machine.timeout_seconds.map(|seconds| seconds as f64);
    found.push(Limit {
        quota: "seconds",
        state,
        typical: estimate.typical.seconds,
        worst: estimate.worst.seconds,
        limit: own.filter(|_| index == 0).unwrap_or(quota).min(quota),
        reached: Vec::new(),
    });
    Ok(())
}

/// What in a State Machine takes the history of the execution that runs it to the limit.
fn reaches(
    machine: &StateMachine,
    execution: &StateMachine,
    assumptions: &Assumptions,
) -> Result<Vec<Reach>, AssumptionError> {
    let ways = Ways::of(machine)?;
    let mut found = Vec::new();
    for (number, (name, state)) in machine.states.iter().enumerate() {
        let reach = match state {
            State::Map(map) if map.item_processor.mode() == ProcessorMode::Inline => {
                reach(name, "items", 0.0, execution, assumptions)?
            }
            _ if ways.decides_loop(number) => reach(name, "rounds", 1.0, execution, assumptions)?,
            _ => None,
        };
        found.extend(reach);
    }
    Ok(found)
}

/// The number of items or rounds that fills the history. Each of them adds as many events as the first.
fn reach(
    state: &str,
    of: &'static str,
    least: f64,
    execution: &StateMachine,
    assumptions: &Assumptions,
) -> Result<Option<Reach>, AssumptionError> {
    let events = |number: f64| {
        let mut assumptions = assumptions.clone();
        let given = if of == "items" { &mut assumptions.items } else { &mut assumptions.loops };
        given.insert(state.to_owned(), number);
        Ok(typical(execution, &assumptions)?.counts.events + 2.0)
    };
    let (base, each) = match (events(least), events(least + 1.0)) {
        (Ok(base), Ok(more)) => (base, more - base),
        // With these odds nothing ever goes back.
        (Err(AssumptionError::NoLoop { .. }), _) => return Ok(None),
        (Err(error), _) | (_, Err(error)) => return Err(error),
    };
    // The event of that number is the failure itself.
    let at_most = least + ((HISTORY_EVENTS - 1.0 - base) / each).floor();
    let is_reached = each > 0.0 && at_most.is_finite();
    Ok(is_reached.then(|| Reach { state: state.to_owned(), of, at_most: at_most.max(0.0) }))
}

fn of_map(name: &str, map: &Map, assumptions: &Assumptions, found: &mut Vec<Limit>) {
    let items = items(name, assumptions);
    let mut limit = |quota, used, limit, reached| {
        let state = Some(name.to_owned());
        found.push(Limit { quota, state, typical: used, worst: used, limit, reached });
    };
    let at_most = |number: f64| vec![Reach { state: name.to_owned(), of: "items", at_most: number }];
    let is_written = map.result_writer.as_ref().is_some_and(|writer| writer.resource.is_some());
    if !is_written {
        let each = assumptions.payload_bytes.max(1.0);
        limit("payload bytes", items * each, PAYLOAD_BYTES, at_most((PAYLOAD_BYTES / each).floor()));
    }
    if map.item_processor.mode() == ProcessorMode::Inline {
        let at_once = max_concurrency(map).map_or(items, |asked| items.min(asked));
        limit("iterations at once", at_once, INLINE_CONCURRENCY, Vec::new());
    }
}

#[expect(clippy::cast_precision_loss, reason = "definitions are far below 2^53 bytes")]
fn count(length: usize) -> f64 {
    length as f64
}
