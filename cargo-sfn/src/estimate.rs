//! `cargo sfn estimate`: what executions cost, and how far they are from the quotas. Apart from `check`, because it needs
//! assumptions that no definition holds.

mod report;

use crate::definition::{self, DefinitionError, Meant, called_by};
use report::Report;
use sfn_asl::{EdgeKind, State, StateMachine, scopes};
use sfn_estimate::{AssumptionError, Assumptions, Prices, find_ways, limits};
use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;

/// Estimates what executions of a state machine cost: a workflow of this workspace, or any definition.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The workflow's name, or a file that holds a definition; `-` is the standard input.
    what: PathBuf,
    /// Which definition, where a template holds several.
    #[arg(long)]
    definition: Option<String>,
    /// How likely a State is left a way: the next State's name, `Default`, the number of a Choice Rule, or `Catch1`.
    #[arg(long, value_name = "STATE/WAY=ODDS", allow_negative_numbers = true)]
    odds: Vec<Given<f64>>,
    /// How many items a Map State has, or with no `STATE=` all others.
    #[arg(long, value_name = "[STATE=]NUMBER", allow_negative_numbers = true)]
    items: Vec<Given<f64>>,
    /// How often a State that decides about a loop is reached each time the loop is gone through.
    #[arg(long, value_name = "STATE=NUMBER", allow_negative_numbers = true)]
    loops: Vec<Given<f64>>,
    /// How likely an attempt of a State fails, or with no `STATE=` of all other Tasks.
    #[arg(long, value_name = "[STATE=]ODDS", allow_negative_numbers = true)]
    failures: Vec<Given<f64>>,
    /// How long a Task or Wait State takes, or a workflow's task wherever it is called, or with no name all other Tasks.
    #[arg(long, value_name = "[TASK=]DURATION")]
    duration: Vec<Given<Seconds>>,
    /// The memory in MB of a Task State's function, or with no `STATE=` of all others. A workflow's functions have what their
    /// tasks and templates say.
    #[arg(long, value_name = "[STATE=]MB", allow_negative_numbers = true)]
    memory: Vec<Given<f64>>,
    /// How many bytes a payload has.
    #[arg(long, value_name = "BYTES", allow_negative_numbers = true)]
    payload: Option<f64>,
    /// How many executions there are a day.
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    per_day: Option<f64>,
    /// A JSON file with other prices than those of us-east-1, such as {"region": "..", "asOf": "..", "standardTransition": 0.00003}.
    #[arg(long, value_name = "FILE")]
    region_prices: Option<PathBuf>,
    /// How to print it.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Human,
    Json,
}

/// Why there is no estimate.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EstimateError {
    #[error(transparent)]
    Definition(#[from] DefinitionError),
    #[error(transparent)]
    Assumption(#[from] AssumptionError),
    #[error("`{option} {value}` names no State; write `{option} STATE={value}`")]
    NoState { option: &'static str, value: f64 },
    #[error("{} cannot be read: {source}", .path.display())]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("{} holds no prices: {source}; it is JSON with `region`, `asOf` and what differs from us-east-1", .path.display())]
    Prices { path: PathBuf, source: serde_json::Error },
    #[error("`--per-day {0}` is no number of executions; write a number that is not negative")]
    PerDay(f64),
}

/// A figure, perhaps of one State.
#[derive(Debug, Clone, PartialEq)]
struct Given<T> {
    of: Option<String>,
    figure: T,
}

impl<T: FromStr<Err: std::fmt::Display>> FromStr for Given<T> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // Names of States may have `=`, figures have none.
        let (of, figure) = text.rsplit_once('=').map_or((None, text), |(of, figure)| (Some(of), figure));
        let figure = figure.trim().parse().map_err(|error| format!("`{figure}`: {error}"))?;
        Ok(Self { of: of.map(str::to_owned), figure })
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Seconds(f64);

impl FromStr for Seconds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const UNITS: [(&str, f64); 5] =
            [("ms", 0.001), ("s", 1.0), ("m", 60.0), ("h", 3_600.0), ("d", 86_400.0)];
        let found = UNITS.iter().find_map(|(unit, seconds)| {
            let number: f64 = text.strip_suffix(unit)?.trim_end().parse().ok()?;
            (number >= 0.0 && number.is_finite()).then_some(Self(number * seconds))
        });
        found.ok_or_else(|| "write a number and a unit: `200ms`, `1.5s`, `10m`, `2h`, `3d`".to_owned())
    }
}

/// Estimates, and prints the estimate.
pub(crate) fn estimate(args: &Args) -> Result<ExitCode, EstimateError> {
    let meant = definition::meant(&args.what, args.definition.as_deref())?;
    if let Some(wrong) = args.per_day.filter(|number| !number.is_finite() || *number < 0.0) {
        return Err(EstimateError::PerDay(wrong));
    }
    let assumptions = assumptions(args, &meant)?;
    let prices = prices(args)?;
    let estimate = sfn_estimate::estimate(&meant.machine, meant.kind, &assumptions)?;
    let report = Report {
        limits: limits(&meant.machine, meant.kind, &assumptions)?,
        no_express: estimate.no_express(&meant.machine),
        estimate,
        definition_bytes: meant.machine.to_json_pretty().len(),
        name: &meant.name,
        kind: meant.kind,
        machine: &meant.machine,
        assumptions: &assumptions,
        prices: &prices,
        per_day: args.per_day,
    };
    match args.format {
        Format::Human => print!("{}", report.human()),
        Format::Json => println!("{:#}", report.json()),
    }
    Ok(ExitCode::SUCCESS)
}

fn prices(args: &Args) -> Result<Prices, EstimateError> {
    let Some(path) = args.region_prices.clone() else { return Ok(Prices::US_EAST_1) };
    match std::fs::read(&path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(|source| EstimateError::Prices { path, source }),
        Err(source) => Err(EstimateError::Unreadable { path, source }),
    }
}

fn assumptions(args: &Args, meant: &Meant) -> Result<Assumptions, EstimateError> {
    let mut assumptions = defaults(meant);
    for given in &args.odds {
        let text = given.of.as_deref().unwrap_or_default();
        let (state, ways) = find_ways(&meant.machine, text)?;
        let share = given.figure / f64::from(u32::try_from(ways.len()).unwrap_or(u32::MAX));
        let odds: Vec<(EdgeKind, f64)> = ways.into_iter().map(|way| (way, share)).collect();
        assumptions.odds.entry(state).or_default().extend(odds);
    }
    for given in &args.items {
        *of(given, &mut assumptions.items, &mut assumptions.default_items) = given.figure;
    }
    for given in &args.loops {
        let Some(state) = given.of.clone() else {
            return Err(EstimateError::NoState { option: "--loops", value: given.figure });
        };
        assumptions.loops.insert(state, given.figure);
    }
    for given in &args.failures {
        *of(given, &mut assumptions.failures, &mut assumptions.default_failures) = given.figure;
    }
    let tasks = Tasks::of(meant);
    for (state, memory) in tasks.memory() {
        assumptions.memory.insert(state, memory);
    }
    for given in &args.memory {
        *of(given, &mut assumptions.memory, &mut assumptions.default_memory) = given.figure;
    }
    for given in &args.duration {
        let Seconds(seconds) = given.figure;
        match given.of.as_deref().map(|name| (name, tasks.states_of(name))) {
            None => assumptions.default_duration = seconds,
            Some((name, states)) if states.is_empty() => {
                assumptions.durations.insert(name.to_owned(), seconds);
            }
            Some((_, states)) => {
                assumptions.durations.extend(states.into_iter().map(|state| (state, seconds)));
            }
        }
    }
    assumptions.payload_bytes = args.payload.unwrap_or(assumptions.payload_bytes);
    Ok(assumptions)
}

/// The functions of a workflow have the memory that its template gives them.
fn defaults(meant: &Meant) -> Assumptions {
    let mut defaults = Assumptions::default();
    if meant.workflow.is_some() {
        defaults.default_memory = f64::from(sfn_deploy::DEFAULT_MEMORY_MB);
    }
    defaults
}

fn of<'a, T>(
    given: &Given<T>,
    states: &'a mut std::collections::BTreeMap<String, f64>,
    others: &'a mut f64,
) -> &'a mut f64 {
    match &given.of {
        Some(state) => states.entry(state.clone()).or_default(),
        None => others,
    }
}

/// Which States call which task of a workflow.
struct Tasks<'m> {
    meant: &'m Meant,
    states: Vec<(&'m str, &'m str)>,
}

impl<'m> Tasks<'m> {
    fn of(meant: &'m Meant) -> Self {
        let machine: &StateMachine = &meant.machine;
        let scopes = scopes(machine, meant.kind);
        let states = scopes.iter().flat_map(|scope| &scope.machine.states).filter_map(|(name, state)| {
            if let State::Task(task) = state { Some((name.as_str(), called_by(task))) } else { None }
        });
        Self { meant, states: states.collect() }
    }

    /// The States that call a task of that name.
    fn states_of(&self, task: &str) -> Vec<String> {
        let known = self.meant.workflow.iter().flat_map(|workflow| &workflow.tasks);
        let placeholders =
            known.filter(|known| known.name == task).map(|task| format!("${{{}}}", task.placeholder));
        let calls = |placeholder: &String| {
            let all = self.states.iter().filter(|(_, function)| *function == placeholder.as_str());
            all.map(|(state, _)| (*state).to_owned()).collect::<Vec<_>>()
        };
        placeholders.flat_map(|placeholder| calls(&placeholder)).collect()
    }

    /// The memory that the manifest gives to functions, by State.
    fn memory(&self) -> Vec<(String, f64)> {
        let tasks = self.meant.workflow.iter().flat_map(|workflow| &workflow.tasks);
        let known = tasks.filter_map(|task| Some((task.name.as_str(), f64::from(task.memory_mb?))));
        known
            .flat_map(|(task, memory)| self.states_of(task).into_iter().map(move |state| (state, memory)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_functions_of_a_workflow_have_the_memory_of_its_template() {
        let machine = r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#.parse().unwrap();
        let kind = sfn_asl::ExecutionType::Standard;
        let alone = Meant { name: "a".to_owned(), machine, kind, is_kind_known: false, workflow: None };
        assert_eq!(defaults(&alone), Assumptions::default());
        let entry = serde_json::json!({
            "name": "a", "package": "p", "packageDir": "..", "file": "a.asl.json", "type": "STANDARD", "tasks": [], "states": {},
        });
        let of_workflow = definition::of_workflow(alone, serde_json::from_value(entry).unwrap());
        assert!((defaults(&of_workflow).default_memory - 256.0).abs() < f64::EPSILON);
    }
}
