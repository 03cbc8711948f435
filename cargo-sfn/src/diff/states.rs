//! Which States were added, removed, renamed or changed. Apart from contracts, because it needs the definitions only.

use serde_json::{Map, Value};
use sfn_asl::{ExecutionType, StateMachine, scopes};
use std::collections::{BTreeMap, BTreeSet};

/// What became of the States of a definition.
#[derive(Debug, Default, PartialEq)]
pub(super) struct States {
    pub(super) added: Vec<String>,
    pub(super) removed: Vec<String>,
    /// The old name and the new one.
    pub(super) renamed: Vec<(String, String)>,
    pub(super) changed: Vec<Changed>,
}

/// A State that is still there and not the same.
#[derive(Debug, PartialEq)]
pub(super) struct Changed {
    /// Its name now.
    pub(super) name: String,
    /// The fields that differ, as they were and are; `Null` where there is none.
    pub(super) fields: BTreeMap<String, (Value, Value)>,
}

/// A State as the language's own model writes it, without comments and without the States inside of it.
struct Bare {
    fields: Map<String, Value>,
    /// The State around it.
    parent: Option<String>,
    /// Whether its State Machine begins with it.
    is_start: bool,
}

/// Compares the States of two definitions.
pub(super) fn compare(old: &StateMachine, new: &StateMachine) -> States {
    let (before, after) = (bare(old), bare(new));
    let renames = renames(&before, &after);
    let was: BTreeMap<&str, &str> = renames.iter().map(|(old, new)| (new.as_str(), old.as_str())).collect();
    let mut states = States::default();
    for name in before.keys().filter(|name| !after.contains_key(*name) && !renames.contains_key(*name)) {
        states.removed.push(name.clone());
    }
    for (name, state) in &after {
        let old_name = was.get(name.as_str()).copied().unwrap_or(name);
        let Some(old_state) = before.get(old_name) else {
            states.added.push(name.clone());
            continue;
        };
        let mut old_fields = old_state.fields.clone();
        rename(&mut old_fields, &renames);
        let names: BTreeSet<&String> = old_fields.keys().chain(state.fields.keys()).collect();
        let value = |fields: &Map<String, Value>, name: &str| fields.get(name).cloned().unwrap_or_default();
        let fields: BTreeMap<String, (Value, Value)> = names
            .into_iter()
            .map(|name| (name.clone(), (value(&old_fields, name), value(&state.fields, name))))
            .filter(|(_, (old, new))| old != new)
            .collect();
        if !fields.is_empty() {
            states.changed.push(Changed { name: name.clone(), fields });
        }
    }
    states.renamed = renames.into_iter().collect();
    states
}

fn bare(machine: &StateMachine) -> BTreeMap<String, Bare> {
    let mut found = BTreeMap::new();
    for scope in scopes(machine, ExecutionType::Standard) {
        let parent = scope.parent.map(|parent| parent.state.to_owned());
        let written: Value = serde_json::from_str(&scope.machine.to_json_pretty()).unwrap_or_default();
        for name in scope.machine.states.keys() {
            let mut fields = written["States"][name].as_object().cloned().unwrap_or_default();
            fields.remove("Comment");
            for list in ["Retry", "Catch", "Choices"] {
                for item in fields.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
                    item.as_object_mut().map(|item| item.remove("Comment"));
                }
            }
            for inner in ["ItemProcessor", "Iterator"] {
                fields.get_mut(inner).map(without_states);
            }
            for branch in fields.get_mut("Branches").and_then(Value::as_array_mut).into_iter().flatten() {
                without_states(branch);
            }
            let is_start = *name == scope.machine.start_at;
            found.insert(name.clone(), Bare { fields, parent: parent.clone(), is_start });
        }
    }
    found
}

fn without_states(machine: &mut Value) {
    if let Some(machine) = machine.as_object_mut() {
        machine.remove("States");
        machine.remove("Comment");
    }
}

/// The removed States that are there under another name: the same content, at the same place of the graph. A State is at its
/// place if it is still the first, or if one of its neighbours still is a neighbour; where several could be meant, none is.
fn renames(before: &BTreeMap<String, Bare>, after: &BTreeMap<String, Bare>) -> BTreeMap<String, String> {
    let mut renames: BTreeMap<String, String> = BTreeMap::new();
    // Each name that is found may show where its neighbours are.
    loop {
        let mut found = BTreeMap::new();
        let taken: BTreeSet<&String> = renames.values().collect();
        for (old, state) in
            before.iter().filter(|(old, _)| !after.contains_key(*old) && !renames.contains_key(*old))
        {
            let mut candidates = after.iter().filter(|(new, candidate)| {
                !before.contains_key(*new)
                    && !taken.contains(new)
                    && parent(state, &renames) == candidate.parent
                    && content(&state.fields) == content(&candidate.fields)
                    && is_at_the_same_place((old, state), (new, candidate), before, after, &renames)
            });
            if let (Some((new, _)), None) = (candidates.next(), candidates.next()) {
                found.insert(old.clone(), new.clone());
            }
        }
        // Two that could be the same new State are both unclear.
        let count = |new: &String| found.values().filter(|other| *other == new).count();
        let clear: Vec<_> = found.iter().filter(|(_, new)| count(new) == 1).collect();
        if clear.is_empty() {
            return renames;
        }
        let clear: Vec<_> = clear.into_iter().map(|(old, new)| (old.clone(), new.clone())).collect();
        renames.extend(clear);
    }
}

fn parent(state: &Bare, renames: &BTreeMap<String, String>) -> Option<String> {
    let parent = state.parent.as_ref()?;
    Some(renames.get(parent).unwrap_or(parent).clone())
}

fn is_at_the_same_place(
    (old, old_state): (&str, &Bare),
    (new, new_state): (&str, &Bare),
    before: &BTreeMap<String, Bare>,
    after: &BTreeMap<String, Bare>,
    renames: &BTreeMap<String, String>,
) -> bool {
    let leading_to = |states: &BTreeMap<String, Bare>, name: &str| {
        let all = states.iter().filter(|(_, state)| targets(&state.fields).contains(name));
        all.map(|(name, _)| name.clone()).collect::<BTreeSet<_>>()
    };
    let share = |old: BTreeSet<String>, new: BTreeSet<String>| {
        old.iter().map(|name| renames.get(name).unwrap_or(name)).any(|name| new.contains(name))
    };
    old_state.is_start && new_state.is_start
        || share(targets(&old_state.fields), targets(&new_state.fields))
        || share(leading_to(before, old), leading_to(after, new))
}

/// What a State does, apart from where it leads.
fn content(fields: &Map<String, Value>) -> Map<String, Value> {
    let mut content = fields.clone();
    for_each_target(&mut content, &mut |_| String::new());
    content
}

fn targets(fields: &Map<String, Value>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for_each_target(&mut fields.clone(), &mut |target| {
        found.insert(target.to_owned());
        String::new()
    });
    found
}

fn rename(fields: &mut Map<String, Value>, renames: &BTreeMap<String, String>) {
    for_each_target(fields, &mut |target| renames.get(target).map_or(target, String::as_str).to_owned());
}

fn for_each_target(fields: &mut Map<String, Value>, change: &mut impl FnMut(&str) -> String) {
    let mut change_field = |fields: &mut Map<String, Value>, name: &str| {
        if let Some(Value::String(target)) = fields.get_mut(name) {
            *target = change(target);
        }
    };
    for name in ["Next", "Default"] {
        change_field(fields, name);
    }
    for list in ["Choices", "Catch", "Branches"] {
        for item in fields.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(item) = item.as_object_mut() {
                change_field(item, if list == "Branches" { "StartAt" } else { "Next" });
            }
        }
    }
    for processor in ["ItemProcessor", "Iterator"] {
        if let Some(Value::Object(processor)) = fields.get_mut(processor) {
            change_field(processor, "StartAt");
        }
    }
}
