//! The State to be tested: found in its definition, and put into a machine of its own.
//! Separate because from here on it makes no difference whether it came alone or in a State Machine.

use std::collections::BTreeSet;

use sfn_asl::{ExecutionType, QueryLanguage, State, StateMachine, Succeed, Value};

use crate::control::{Refusal, judge, refuse};

/// What every State that is tested is called.
pub(super) const NAME: &str = "StateName";

/// A State by itself.
pub(super) struct Single {
    pub(super) state: State,
    /// That of the definition; the State may have one of its own.
    language: Option<QueryLanguage>,
}

/// Reads a definition, refused as `CreateStateMachine` would refuse it.
pub(super) fn read(text: &str, name: Option<&str>) -> Result<Single, Refusal> {
    let whole = if name.is_some() { text.to_owned() } else { around(text) };
    refuse(&judge(&whole, ExecutionType::Standard)).map_err(|mut refusal| {
        if name.is_none() && is_machine(text) {
            refusal.message.push_str(" (the definition is a State Machine: give the stateName to be tested)");
        }
        refusal
    })?;
    let machine: StateMachine = whole.parse().map_err(|error: sfn_asl::ReadError| {
        Refusal::new("InvalidDefinition", format!("Invalid State Machine Definition: '{error}'"))
    })?;
    let language = machine.query_language;
    let state = find(machine, name.unwrap_or(NAME));
    let state = state.ok_or_else(|| Refusal::validation("State not found in definition"))?;
    Ok(Single { state, language })
}

impl Single {
    /// The State in a machine of its own, which has the States it leads to in name only.
    pub(super) fn machine(self) -> StateMachine {
        let Self { state, language } = self;
        let targets = targets(&state).filter(|target| *target != NAME).map(str::to_owned);
        let targets: Vec<String> = targets.collect();
        let stubs = targets.into_iter().map(|target| (target, State::from(Succeed::default())));
        let states = std::iter::once((NAME.to_owned(), state)).chain(stubs).collect();
        StateMachine {
            query_language: language,
            start_at: NAME.to_owned(),
            states,
            ..StateMachine::default()
        }
    }
}

/// A State Machine around the text of a State, which stays as it was written: what is wrong with it is still to be
/// seen. A text that is no object stays alone, to be refused for that.
fn around(text: &str) -> String {
    let Ok(state @ Value::Object(_)) = serde_json::from_str::<Value>(text) else { return text.to_owned() };
    let mut targets = BTreeSet::new();
    collect_targets(&state, &mut targets);
    targets.remove(NAME);
    let stub = |target: &&str| format!(r#", {}: {{"Type": "Succeed"}}"#, Value::from(*target));
    let stubs: String = targets.iter().map(stub).collect();
    format!(r#"{{"StartAt": "{NAME}", "States": {{"{NAME}": {text}{stubs}}}}}"#)
}

fn is_machine(text: &str) -> bool {
    serde_json::from_str::<Value>(text).is_ok_and(|value| value.get("States").is_some())
}

/// The States that a State names, whether or not anything else about it is right.
fn collect_targets<'v>(part: &'v Value, targets: &mut BTreeSet<&'v str>) {
    targets.extend(["Next", "Default"].into_iter().filter_map(|field| part.get(field)?.as_str()));
    for field in ["Choices", "Catch"] {
        for rule in part.get(field).and_then(Value::as_array).into_iter().flat_map(|rules| rules.iter()) {
            collect_targets(rule, targets);
        }
    }
}

fn targets(state: &State) -> impl Iterator<Item = &str> {
    let transition = state.transition().and_then(|transition| transition.target());
    let (rules, default) = match state {
        State::Choice(choice) => (choice.choices.as_slice(), choice.default.as_deref()),
        _ => (&[][..], None),
    };
    let rules = rules.iter().map(|rule| rule.next.as_str());
    let catchers = state.catch().iter().map(|catcher| catcher.next.as_str());
    transition.into_iter().chain(default).chain(rules).chain(catchers)
}

/// The State of that name, be it inside a Map or a Parallel State.
fn find(mut machine: StateMachine, name: &str) -> Option<State> {
    if let Some(state) = machine.states.shift_remove(name) {
        return Some(state);
    }
    machine.states.into_values().find_map(|state| find_inside(state, name))
}

fn find_inside(state: State, name: &str) -> Option<State> {
    match state {
        State::Map(map) => find(map.item_processor.machine, name),
        State::Parallel(parallel) => parallel.branches.into_iter().find_map(|branch| find(branch, name)),
        _ => None,
    }
}

/// Whether a Map or Parallel State has a State of that name inside.
pub(super) fn has_inside(state: &State, name: &str) -> bool {
    find_inside(state.clone(), name).is_some()
}
