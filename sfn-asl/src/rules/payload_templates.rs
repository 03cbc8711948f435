//! The objects inside the Payload Templates of a State that speaks JSONPath, with their places.
//! Separate because fields that hold no string are looked at too, which are not among the strings of the State.

use sfn_jsonata::Object;

use crate::survey::Site;
use crate::{Fields, Pointer, State, Value};

/// The fields of an object in a Payload Template, or of an `Assign`.
#[derive(Clone, Copy)]
pub(super) enum TemplateFields<'v> {
    Object(&'v Object),
    Assign(&'v Fields),
}

impl<'v> TemplateFields<'v> {
    pub(super) fn each(self, mut visit: impl FnMut(&'v str, &'v Value)) {
        match self {
            Self::Object(object) => object.iter().for_each(|(name, value)| visit(name, value)),
            Self::Assign(assign) => assign.iter().for_each(|(name, value)| visit(name, value)),
        }
    }

    pub(super) fn has(self, name: &str) -> bool {
        match self {
            Self::Object(object) => object.get(name).is_some(),
            Self::Assign(assign) => assign.contains_key(name),
        }
    }
}

/// Looks at the fields of an object and at its place.
type Visit<'v> = &'v mut dyn FnMut(TemplateFields<'_>, &dyn Fn() -> Pointer);

/// Visits every object inside the Payload Templates of a State, an `Assign` too.
pub(super) fn each_object(site: &Site<'_>, visit: Visit<'_>) {
    each_template(site.state, &mut |way, template| {
        below(template, &|| way.iter().fold(site.pointer(), |pointer, field| pointer.join(field)), visit);
    });
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

fn each_template<'m>(state: &'m State, visit: &mut dyn FnMut(&[&'static str], &'m Value)) {
    let mut visit = |way: &[&'static str], template: &'m Option<Value>| {
        if let Some(template) = template {
            visit(way, template);
        }
    };
    match state {
        State::Task(task) => {
            visit(&["Credentials"], &task.credentials);
            visit(&["Parameters"], &task.parameters);
            visit(&["ResultSelector"], &task.result_selector);
        }
        State::Parallel(parallel) => {
            visit(&["Parameters"], &parallel.parameters);
            visit(&["ResultSelector"], &parallel.result_selector);
        }
        State::Map(map) => {
            if let Some(reader) = &map.item_reader {
                visit(&["ItemReader", "Parameters"], &reader.parameters);
            }
            visit(&["Parameters"], &map.parameters);
            visit(&["ItemSelector"], &map.item_selector);
            if let Some(batcher) = &map.item_batcher {
                visit(&["ItemBatcher", "BatchInput"], &batcher.batch_input);
            }
            if let Some(writer) = &map.result_writer {
                visit(&["ResultWriter", "Parameters"], &writer.parameters);
            }
            visit(&["ResultSelector"], &map.result_selector);
        }
        State::Pass(pass) => visit(&["Parameters"], &pass.parameters),
        State::Choice(_) | State::Wait(_) | State::Succeed(_) | State::Fail(_) => {}
    }
}

fn assign(assign: &Fields, owner: &dyn Fn() -> Pointer, visit: Visit<'_>) {
    if !assign.is_empty() {
        object(TemplateFields::Assign(assign), &|| owner().join("Assign"), visit);
    }
}

fn below(value: &Value, pointer: &dyn Fn() -> Pointer, visit: Visit<'_>) {
    match value {
        Value::Object(fields) => object(TemplateFields::Object(fields), pointer, visit),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                below(item, &|| pointer().join(index), visit);
            }
        }
        _ => {}
    }
}

fn object(fields: TemplateFields<'_>, pointer: &dyn Fn() -> Pointer, visit: Visit<'_>) {
    visit(fields, pointer);
    fields.each(|name, value| below(value, &|| pointer().join(name), visit));
}
