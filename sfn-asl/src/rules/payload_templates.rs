//! The objects inside the Payload Templates of a State that speaks JSONPath, with their places.
//! Separate because two rules look at all their fields, those that hold no string too.

use crate::survey::Site;
use crate::{Fields, Pointer, State, Value};

/// Looks at the fields of an object and at its place.
type Visit<'v> = &'v mut dyn FnMut(&[(&str, &Value)], &dyn Fn() -> Pointer);

/// Visits every object inside the Payload Templates of a State, an `Assign` too.
pub(super) fn each_object(site: &Site<'_>, visit: Visit<'_>) {
    for (way, template) in templates(site.state) {
        let pointer = || way.iter().fold(site.pointer(), |pointer, field| pointer.join(field));
        below(template, &pointer, visit);
    }
    assign(&site.state.shared().assign, &|| site.pointer(), visit);
    if let State::Choice(choice) = site.state {
        for (index, rule) in choice.choices.iter().enumerate() {
            assign(&rule.assign, &|| site.pointer().join("Choices").join(index), visit);
        }
    }
    for (index, catcher) in site.state.catch().iter().enumerate() {
        assign(&catcher.assign, &|| site.pointer().join("Catch").join(index), visit);
    }
}

fn templates(state: &State) -> Vec<(&'static [&'static str], &Value)> {
    let mut all: Vec<(&'static [&'static str], _)> = Vec::new();
    match state {
        State::Task(task) => {
            all.push((&["Credentials"], &task.credentials));
            all.push((&["Parameters"], &task.parameters));
            all.push((&["ResultSelector"], &task.result_selector));
        }
        State::Parallel(parallel) => {
            all.push((&["Parameters"], &parallel.parameters));
            all.push((&["ResultSelector"], &parallel.result_selector));
        }
        State::Map(map) => {
            if let Some(reader) = &map.item_reader {
                all.push((&["ItemReader", "Parameters"], &reader.parameters));
            }
            all.push((&["Parameters"], &map.parameters));
            all.push((&["ItemSelector"], &map.item_selector));
            if let Some(batcher) = &map.item_batcher {
                all.push((&["ItemBatcher", "BatchInput"], &batcher.batch_input));
            }
            if let Some(writer) = &map.result_writer {
                all.push((&["ResultWriter", "Parameters"], &writer.parameters));
            }
            all.push((&["ResultSelector"], &map.result_selector));
        }
        State::Pass(pass) => all.push((&["Parameters"], &pass.parameters)),
        State::Choice(_) | State::Wait(_) | State::Succeed(_) | State::Fail(_) => {}
    }
    all.into_iter().filter_map(|(way, template)| Some((way, template.as_ref()?))).collect()
}

fn assign(assign: &Fields, owner: &dyn Fn() -> Pointer, visit: Visit<'_>) {
    let fields: Vec<_> = assign.iter().map(|(name, value)| (name.as_str(), value)).collect();
    object(&fields, &|| owner().join("Assign"), visit);
}

fn below(value: &Value, pointer: &dyn Fn() -> Pointer, visit: Visit<'_>) {
    match value {
        Value::Object(fields) => {
            let fields: Vec<_> = fields.iter().map(|(name, value)| (&**name, value)).collect();
            object(&fields, pointer, visit);
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                below(item, &|| pointer().join(index), visit);
            }
        }
        _ => {}
    }
}

fn object(fields: &[(&str, &Value)], pointer: &dyn Fn() -> Pointer, visit: Visit<'_>) {
    visit(fields, pointer);
    for (name, value) in fields {
        below(value, &|| pointer().join(name), visit);
    }
}
