//! How a State is left: how likely each way is, and how many attempts that takes. Separate because odds come from four
//! assumptions (odds, loops, failures, Retriers), and whoever counts wants the outcome only.

use std::collections::BTreeMap;

use sfn_asl::{EdgeKind, ExecutionType, Retrier, State, StateMachine, nearest, scopes};

use crate::components::components;
use crate::{AssumptionError, Assumptions};

/// The ways between the States of one State Machine, by their numbers.
#[derive(Debug)]
pub(crate) struct Ways {
    pub(crate) start: usize,
    pub(crate) from: Vec<Vec<(EdgeKind, usize)>>,
}

/// How a State is left on average.
#[derive(Debug)]
pub(crate) struct Leaving {
    /// Which State follows, and how likely.
    pub(crate) next: Vec<(usize, f64)>,
    /// How likely the State Machine fails here.
    pub(crate) fails: f64,
    /// How often the State is attempted.
    pub(crate) attempts: f64,
    /// How many seconds pass between the attempts.
    pub(crate) delay: f64,
}

impl Ways {
    pub(crate) fn of(machine: &StateMachine) -> Result<Self, AssumptionError> {
        let find = |state: &str, target: &str| {
            machine.states.get_index_of(target).ok_or_else(|| AssumptionError::MissingState {
                state: state.to_owned(),
                target: target.to_owned(),
            })
        };
        let start = find("StartAt", &machine.start_at)?;
        let from = machine.states.iter().map(|(name, state)| {
            state.edges().map(|edge| Ok((edge.kind, find(name, edge.target)?))).collect()
        });
        Ok(Self { start, from: from.collect::<Result<_, _>>()? })
    }

    /// The States that follow each State, over ways of some kinds.
    pub(crate) fn targets(&self, is_meant: impl Fn(EdgeKind) -> bool) -> Vec<Vec<usize>> {
        let of_state = |ways: &Vec<(EdgeKind, usize)>| {
            ways.iter().filter(|(kind, _)| is_meant(*kind)).map(|(_, target)| *target).collect()
        };
        self.from.iter().map(of_state).collect()
    }

    /// Whether some way leads back to where it came from.
    pub(crate) fn have_loops(&self) -> bool {
        let next = self.targets(|_| true);
        let found = components(self.start, &next, |_, _| true);
        found.iter().any(|component| component.len() > 1 || next[component[0]].contains(&component[0]))
    }

    /// For each State, whether some way leads from there to that one.
    fn leads_to(&self, goal: usize) -> Vec<bool> {
        let mut before = vec![Vec::new(); self.from.len()];
        for (state, ways) in self.from.iter().enumerate() {
            for (_, target) in ways {
                before[*target].push(state);
            }
        }
        let mut leads = vec![false; self.from.len()];
        let mut open = vec![goal];
        while let Some(state) = open.pop() {
            if !std::mem::replace(&mut leads[state], true) {
                open.extend(&before[state]);
            }
        }
        leads
    }

    /// Whether the State decides if a loop goes on: some of its ways lead back to it and some do not.
    pub(crate) fn decides_loop(&self, state: usize) -> bool {
        let ways = &self.from[state];
        if ways.len() < 2 {
            return false;
        }
        let leads = self.leads_to(state);
        ways.iter().any(|(_, target)| leads[*target]) && ways.iter().any(|(_, target)| !leads[*target])
    }
}

/// How a State is left, whose inner State Machines fail with such a likelihood.
pub(crate) fn leaving(
    (index, name, state): (usize, &str, &State),
    ways: &Ways,
    inner_fails: f64,
    assumptions: &Assumptions,
) -> Result<Leaving, AssumptionError> {
    let default = if matches!(state, State::Task(_)) { assumptions.default_failures } else { 0.0 };
    let own = assumptions.failures.get(name).copied().unwrap_or(default);
    let failing = 1.0 - (1.0 - own) * (1.0 - inner_fails);
    let (attempts, in_the_end, delay) = retried(failing, state.retry());

    let out = &ways.from[index];
    let given = assumptions.odds.get(name).map_or(&[][..], Vec::as_slice);
    let odds_of = |kind: EdgeKind| {
        let of_kind = given.iter().filter(|(way, _)| *way == kind).map(|(_, odds)| *odds);
        of_kind.reduce(|sum, odds| sum + odds)
    };
    let wrong = |sum, expected| AssumptionError::Odds { state: name.to_owned(), sum, expected };
    let is_caught = |kind| matches!(kind, EdgeKind::Catch(_));
    // A share for each way of a kind, and what is left when all of them are given.
    let share = |catching: bool, whole: f64| {
        let all = || out.iter().filter(|(kind, _)| is_caught(*kind) == catching);
        let said: f64 = all().filter_map(|(kind, _)| odds_of(*kind)).sum();
        let silent = u32::try_from(all().filter(|(kind, _)| odds_of(*kind).is_none()).count());
        let left = (whole - said).max(0.0);
        match silent.unwrap_or(u32::MAX) {
            0 => (0.0, said, left),
            silent => (left / f64::from(silent), said, 0.0),
        }
    };
    let caught_said: f64 =
        out.iter().filter(|(kind, _)| is_caught(*kind)).filter_map(|(kind, _)| odds_of(*kind)).sum();
    let bad = in_the_end.max(caught_said);
    let (caught, _, uncaught) = share(true, bad);
    let (good, good_said, good_left) = share(false, 1.0 - bad);
    if bad > 1.0 + EXACT || good_said > 1.0 + EXACT {
        return Err(wrong(bad.max(good_said), "at most 1 is possible"));
    }
    if matches!(state, State::Choice(_)) && good_left > EXACT {
        return Err(wrong(good_said, "give all of its ways odds that add up to 1, or leave one of them out"));
    }
    let has_catch = out.iter().any(|(kind, _)| is_caught(*kind));
    let mut next: Vec<(usize, f64)> = out
        .iter()
        .map(|(kind, target)| {
            let silent = if is_caught(*kind) { caught } else { good };
            (*target, odds_of(*kind).unwrap_or(silent))
        })
        .collect();
    if let Some(rounds) = assumptions.loops.get(name) {
        bound(&mut next, ways, index, *rounds)
            .ok_or_else(|| AssumptionError::NoLoop { state: name.to_owned() })?;
    }
    let fails = match state {
        State::Fail(_) => 1.0,
        _ if has_catch => uncaught,
        _ => bad,
    };
    Ok(Leaving { next, fails, attempts, delay })
}

const EXACT: f64 = 1e-9;

/// Weighs the ways so that the State is reached so often on average. None where no loop is left.
fn bound(next: &mut [(usize, f64)], ways: &Ways, state: usize, rounds: f64) -> Option<()> {
    let leads = ways.leads_to(state);
    let back: f64 = next.iter().filter(|(target, _)| leads[*target]).map(|(_, odds)| odds).sum();
    let out: f64 = next.iter().filter(|(target, _)| !leads[*target]).map(|(_, odds)| odds).sum();
    if back <= 0.0 || out <= 0.0 {
        return None;
    }
    for (target, odds) in next {
        *odds *= if leads[*target] { (rounds - 1.0) / rounds / back } else { 1.0 / rounds / out };
    }
    Some(())
}

/// How many attempts there are, how likely the last one fails too, and how long the delays between them are, if each attempt
/// fails with such a likelihood and the most patient Retrier is for it.
fn retried(failing: f64, retriers: &[Retrier]) -> (f64, f64, f64) {
    let patient = retriers.iter().max_by_key(|retrier| retries(retrier));
    let Some(retrier) = patient.filter(|_| failing > 0.0) else { return (1.0, failing, 0.0) };
    let (mut attempts, mut delay, mut odds) = (1.0, 0.0, failing);
    for seconds in delays(retrier) {
        attempts += odds;
        delay += odds * seconds;
        odds *= failing;
        if odds < 1e-15 {
            break;
        }
    }
    (attempts, odds, delay)
}

/// The most attempts a State can have, and the delays between them.
pub(crate) fn most_attempts(state: &State) -> (f64, f64) {
    state.retry().iter().fold((1.0, 0.0), |(attempts, delay), retrier| {
        let retries = retries(retrier);
        if retries > FOLLOWED {
            // Nobody waits for the end of these; the interval has long reached its largest.
            let longest = delays(retrier).last().unwrap_or_default();
            return (attempts + f64::from(retries), delay + longest * f64::from(retries));
        }
        (attempts + f64::from(retries), delay + delays(retrier).sum::<f64>())
    })
}

/// How many delays of a Retrier are looked at one by one.
const FOLLOWED: u32 = 10_000;

fn retries(retrier: &Retrier) -> u32 {
    u32::try_from(retrier.max_attempts.unwrap_or(3).max(0)).unwrap_or(u32::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "delays are seconds, far below 2^53")]
fn delays(retrier: &Retrier) -> impl Iterator<Item = f64> {
    const YEAR: f64 = 31_536_000.0;
    let longest = retrier.max_delay_seconds.map_or(YEAR, |seconds| seconds as f64);
    let (mut interval, rate) =
        (retrier.interval_seconds.unwrap_or(1) as f64, retrier.backoff_rate.unwrap_or(2.0));
    (0..retries(retrier).min(FOLLOWED)).map(move |_| {
        let now = interval.min(longest);
        interval = (interval * rate).min(YEAR);
        now
    })
}

/// The ways that a text `STATE/WAY` names. A way is the name of the State it leads to, `Next`, `Default`, the number of a Choice
/// Rule from 1, or `Catch1` and so on.
///
/// ```
/// use sfn_asl::{EdgeKind, StateMachine};
/// use sfn_estimate::find_ways;
///
/// let machine: StateMachine = r#"{"StartAt": "Paid?", "States": {
///     "Paid?": {"Type": "Choice", "Choices": [{"Variable": "$.paid", "BooleanEquals": true, "Next": "Ship"}], "Default": "Wait"},
///     "Ship": {"Type": "Succeed"}, "Wait": {"Type": "Fail"}}}"#.parse()?;
/// assert_eq!(find_ways(&machine, "Paid?/Ship")?, ("Paid?".to_owned(), vec![EdgeKind::Choice(0)]));
/// assert_eq!(find_ways(&machine, "Paid?/Default")?.1, [EdgeKind::Default]);
/// let error = find_ways(&machine, "Paid?/Chip").unwrap_err();
/// assert_eq!(error.to_string(), "`Paid?/Chip` names no way out of a State; `Paid?` leads to `Ship`, `Wait`");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn find_ways(machine: &StateMachine, text: &str) -> Result<(String, Vec<EdgeKind>), AssumptionError> {
    let no_way = |expected| AssumptionError::NoWay { text: text.to_owned(), expected };
    let scopes = scopes(machine, ExecutionType::Standard);
    let states: BTreeMap<&str, &State> = states_of(scopes.iter().map(|scope| scope.machine));
    // Names of States may have slashes themselves.
    let mut splits = text.match_indices('/').map(|(at, _)| (&text[..at], &text[at + 1..]));
    let Some((name, way, state)) =
        splits.find_map(|(name, way)| states.get(name).map(|state| (name, way, *state)))
    else {
        let name = text.rsplit_once('/').map_or(text, |(name, _)| name);
        let near = nearest::nearest_first(name, states.keys().copied());
        return Err(no_way(format!("write STATE/WAY with one of {}", nearest::listed(&near))));
    };
    let is_meant = |kind: EdgeKind, target: &str| match kind {
        EdgeKind::Next => way == "Next",
        EdgeKind::Default => way == "Default",
        EdgeKind::Choice(index) => way.parse() == Ok(index + 1),
        EdgeKind::Catch(index) => way.strip_prefix("Catch").map(str::parse) == Some(Ok(index + 1)),
    } || way == target;
    let found: Vec<_> =
        state.edges().filter(|edge| is_meant(edge.kind, edge.target)).map(|edge| edge.kind).collect();
    if found.is_empty() {
        let targets = nearest::nearest_first(way, state.edges().map(|edge| edge.target));
        return Err(no_way(if targets.is_empty() {
            format!("`{name}` leads nowhere")
        } else {
            format!("`{name}` leads to {}", nearest::listed(&targets))
        }));
    }
    Ok((name.to_owned(), found))
}

/// The States of State Machines by name; names are unique over a definition.
pub(crate) fn states_of<'m>(
    machines: impl Iterator<Item = &'m StateMachine>,
) -> BTreeMap<&'m str, &'m State> {
    machines.flat_map(|machine| &machine.states).map(|(name, state)| (name.as_str(), state)).collect()
}
