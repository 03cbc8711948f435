//! The estimate of a whole definition, from the innermost State Machines outwards. Separate because it only puts together what
//! its neighbours compute.

use serde::Serialize;
use sfn_asl::{EdgeKind, ExecutionType, ProcessorMode, State, StateMachine, scopes};

use crate::bounds::{longest, shortest};
use crate::state::{Visit, items, visit};
use crate::visits::expected_visits;
use crate::way::{Leaving, Ways, leaving, most_attempts, states_of};
use crate::{AssumptionError, Assumptions, Counts};

/// What an execution comes to.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Estimate {
    /// The least of each figure, for an execution that meets no failure.
    pub best: Counts,
    /// The expected value of each figure.
    pub typical: Counts,
    /// The most of each figure.
    pub worst: Counts,
    /// How likely the execution fails.
    pub fails: f64,
    /// Whether there are loops, so that the worst execution depends on how often they are gone through.
    pub has_loops: bool,
    /// The States, in the order of the definition, those inside of another behind it.
    pub states: Vec<StateEstimate>,
}

/// How a State contributes to the typical execution.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StateEstimate {
    /// Its name.
    pub name: String,
    /// How often it is visited, in all iterations and child executions.
    pub visits: f64,
    /// What these visits come to, and all that is inside of the State.
    pub counts: Counts,
}

/// Estimates what an execution of a definition comes to.
///
/// # Errors
///
/// Assumptions that do not fit the definition, and odds with which an execution never ends.
pub fn estimate(
    machine: &StateMachine,
    execution: ExecutionType,
    assumptions: &Assumptions,
) -> Result<Estimate, AssumptionError> {
    let scopes = scopes(machine, execution);
    assumptions.check(&states_of(scopes.iter().map(|scope| scope.machine)))?;
    unchecked(machine, assumptions)
}

/// The same, of a State Machine that need not have all States of which something is assumed.
pub(crate) fn unchecked(
    machine: &StateMachine,
    assumptions: &Assumptions,
) -> Result<Estimate, AssumptionError> {
    let Typical { counts, fails, has_loops, states } = typical(machine, assumptions)?;
    Ok(Estimate {
        best: execution_of(best(machine, assumptions)?),
        typical: execution_of(counts),
        worst: execution_of(worst(machine, assumptions)?),
        fails,
        has_loops,
        states,
    })
}

/// What an execution comes to that runs such a State Machine: it starts and ends.
fn execution_of(counts: Counts) -> Counts {
    Counts { events: counts.events + 2.0, ..counts }
}

/// The expected run of a State Machine.
pub(crate) struct Typical {
    pub(crate) counts: Counts,
    fails: f64,
    has_loops: bool,
    states: Vec<StateEstimate>,
}

pub(crate) fn typical(machine: &StateMachine, assumptions: &Assumptions) -> Result<Typical, AssumptionError> {
    let ways = Ways::of(machine)?;
    let (mut next, mut ends, mut once) = (Vec::new(), Vec::new(), Vec::new());
    for (index, (name, state)) in machine.states.iter().enumerate() {
        let inner: Vec<Typical> =
            inner(state).map(|machine| typical(machine, assumptions)).collect::<Result<_, _>>()?;
        let leaving =
            leaving((index, name, state), &ways, inner_fails(name, state, &inner, assumptions), assumptions)?;
        let Leaving { attempts, delay, fails, .. } = leaving;
        let counts: Vec<Counts> = inner.iter().map(|inner| as_run_inside(state, inner.counts)).collect();
        once.push((
            visit((name, state), Visit { attempts, delay, fails }, &counts, assumptions),
            attempts,
            fails,
            inner,
        ));
        ends.push((1.0 - leaving.next.iter().map(|(_, odds)| odds).sum::<f64>()).max(0.0));
        next.push(leaving.next);
    }
    let visits = expected_visits(ways.start, &next, &ends).map_err(|state| AssumptionError::Endless {
        state: machine.states.get_index(state).map_or_else(String::new, |(name, _)| name.clone()),
    })?;

    let mut whole =
        Typical { counts: Counts::default(), fails: 0.0, has_loops: ways.have_loops(), states: Vec::new() };
    for ((visits, (name, state)), (counts, attempts, fails, inner)) in
        visits.into_iter().zip(&machine.states).zip(once)
    {
        let counts = counts.times(visits);
        whole.counts = whole.counts.plus(counts);
        whole.fails += visits * fails;
        whole.has_loops |= inner.iter().any(|inner| inner.has_loops);
        whole.states.push(StateEstimate { name: name.clone(), visits, counts });
        let runs = visits * attempts * runs_inside(name, state, assumptions);
        whole.states.extend(inner.into_iter().flat_map(|inner| inner.states).map(|inner| StateEstimate {
            visits: inner.visits * runs,
            counts: inner.counts.times(runs),
            name: inner.name,
        }));
    }
    whole.fails = whole.fails.min(1.0);
    Ok(whole)
}

/// How likely an attempt of the State fails for what is inside of it.
fn inner_fails(name: &str, state: &State, inner: &[Typical], assumptions: &Assumptions) -> f64 {
    let all_succeed: f64 = inner.iter().map(|inner| 1.0 - inner.fails).product();
    match state {
        State::Map(map) => {
            let tolerates =
                map.tolerated_failure_count.is_some() || map.tolerated_failure_percentage.is_some();
            if tolerates { 0.0 } else { 1.0 - all_succeed.powf(items(name, assumptions)) }
        }
        _ => 1.0 - all_succeed,
    }
}

/// How often the State Machines inside run per attempt.
fn runs_inside(name: &str, state: &State, assumptions: &Assumptions) -> f64 {
    if matches!(state, State::Map(_)) { items(name, assumptions) } else { 1.0 }
}

fn best(machine: &StateMachine, assumptions: &Assumptions) -> Result<Counts, AssumptionError> {
    let ways = Ways::of(machine)?;
    let visited = Visit { attempts: 1.0, delay: 0.0, fails: 0.0 };
    let costs = costs(machine, assumptions, |_| visited, best)?;
    let no_catch = ways.targets(|kind| !matches!(kind, EdgeKind::Catch(_)));
    let is_end = |state: usize| machine.states[state].is_terminal();
    let is_good_end = |state: usize| is_end(state) && !matches!(machine.states[state], State::Fail(_));
    let good = shortest(ways.start, &no_catch, &costs, is_good_end);
    // A State Machine that cannot succeed at least ends.
    Ok(good.or_else(|| shortest(ways.start, &ways.targets(|_| true), &costs, is_end)).unwrap_or_default())
}

fn worst(machine: &StateMachine, assumptions: &Assumptions) -> Result<Counts, AssumptionError> {
    let ways = Ways::of(machine)?;
    let retried = |state: &State| {
        let (attempts, delay) = most_attempts(state);
        Visit { attempts, delay, fails: 0.0 }
    };
    let costs = costs(machine, assumptions, retried, worst)?;
    let given = |state: &usize| {
        machine.states.get_index(*state).and_then(|(name, _)| assumptions.loops.get(name)).copied()
    };
    let rounds = |states: &[usize]| {
        states.iter().filter_map(given).reduce(f64::max).unwrap_or(assumptions.default_loops)
    };
    Ok(longest(ways.start, &ways.targets(|_| true), &costs, &rounds))
}

/// What a visit of each State comes to.
fn costs(
    machine: &StateMachine,
    assumptions: &Assumptions,
    how: impl Fn(&State) -> Visit,
    of: impl Fn(&StateMachine, &Assumptions) -> Result<Counts, AssumptionError>,
) -> Result<Vec<Counts>, AssumptionError> {
    let cost = |(name, state): (&String, &State)| {
        let inner = inner(state).map(|machine| Ok(as_run_inside(state, of(machine, assumptions)?)));
        Ok(visit((name, state), how(state), &inner.collect::<Result<Vec<_>, _>>()?, assumptions))
    };
    machine.states.iter().map(cost).collect()
}

/// The State Machines inside of a State.
fn inner(state: &State) -> impl Iterator<Item = &StateMachine> {
    let (branches, processor) = match state {
        State::Parallel(parallel) => (parallel.branches.as_slice(), None),
        State::Map(map) => (&[][..], Some(&map.item_processor.machine)),
        _ => (&[][..], None),
    };
    branches.iter().chain(processor)
}

/// A State Machine as it runs inside of a State: in a child execution it has a start and an end of its own.
fn as_run_inside(state: &State, counts: Counts) -> Counts {
    match state {
        State::Map(map) if map.item_processor.mode() == ProcessorMode::Distributed => execution_of(counts),
        _ => counts,
    }
}
