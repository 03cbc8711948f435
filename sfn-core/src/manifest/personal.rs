//! What described payloads hold that is personal: whether there is any, where, and which values.
//! Separate from writing schemas because tools read them, which know no Rust type.

use std::collections::BTreeSet;

use serde_json::Value;

use super::WorkflowManifest;
use super::schema::PERSONAL;

/// How deep schemas and values are followed; deeper than any that a type describes.
const DEEPEST: usize = 128;

impl WorkflowManifest {
    /// Whether a payload of it, or of its tasks and their errors, holds personal data.
    ///
    /// ```
    /// let workflow: sfn_core::WorkflowManifest = serde_json::from_value(serde_json::json!({
    ///     "name": "greet", "package": "hello", "packageDir": "..", "file": "greet.asl.json", "type": "STANDARD",
    ///     "input": { "type": "string", "x-pii": true }, "tasks": [], "states": {},
    /// }))?;
    /// assert!(workflow.is_personal());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn is_personal(&self) -> bool {
        let of_tasks = self.tasks.iter().flat_map(|task| {
            let fields = task.errors.iter().flat_map(|error| error.fields.values());
            [&task.input, &task.output].into_iter().chain(fields)
        });
        let mut schemas = self.input.iter().chain(&self.output).chain(of_tasks);
        schemas.any(|schema| !personal_places(schema).is_empty())
    }
}

/// The places that a schema marks as personal: `customer.email`, `lines[].note`; of a whole that is, an empty text.
///
/// ```
/// let email = serde_json::json!({ "type": "string", "x-pii": true });
/// let schema = serde_json::json!({ "type": "object", "properties": { "id": {}, "email": email } });
/// assert_eq!(Vec::from_iter(sfn_core::personal_places(&schema)), ["email"]);
/// ```
pub fn personal_places(schema: &Value) -> BTreeSet<String> {
    let mut places = BTreeSet::new();
    collect(schema, schema, "", &mut Vec::new(), &mut places);
    places
}

fn collect<'s>(
    root: &'s Value,
    schema: &'s Value,
    path: &str,
    open: &mut Vec<&'s str>,
    places: &mut BTreeSet<String>,
) {
    if is_marked(schema) {
        places.insert(path.to_owned());
        return;
    }
    // A type that holds itself says nothing new the second time.
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        if !open.contains(&name)
            && let Some(meant) = resolved(root, name)
        {
            open.push(name);
            collect(root, meant, path, open, places);
            open.pop();
        }
        return;
    }
    for (step, part) in parts(schema) {
        let inner = match step {
            Step::Field(name) if path.is_empty() => name.to_owned(),
            Step::Field(name) => format!("{path}.{name}"),
            Step::Item | Step::Place(_) => format!("{path}[]"),
            Step::Value => format!("{path}.*"),
            Step::Here => path.to_owned(),
        };
        collect(root, part, &inner, open, places);
    }
}

/// Calls `visit` with every value that a schema marks as personal.
///
/// ```
/// let schema = serde_json::json!({ "type": "array", "items": { "type": "string", "x-pii": true } });
/// let mut value = serde_json::json!(["Ada", "Bob"]);
/// sfn_core::for_each_personal(&schema, &mut value, &mut |name| *name = "[pii]".into());
/// assert_eq!(value, serde_json::json!(["[pii]", "[pii]"]));
/// ```
pub fn for_each_personal(schema: &Value, value: &mut Value, visit: &mut dyn FnMut(&mut Value)) {
    follow(schema, schema, value, DEEPEST, visit);
}

fn follow(root: &Value, schema: &Value, value: &mut Value, depth: usize, visit: &mut dyn FnMut(&mut Value)) {
    let Some(depth) = depth.checked_sub(1) else { return };
    if is_marked(schema) {
        return visit(value);
    }
    if let Some(meant) = schema.get("$ref").and_then(Value::as_str).and_then(|name| resolved(root, name)) {
        return follow(root, meant, value, depth, visit);
    }
    for (step, part) in parts(schema) {
        let mut inside = |value: &mut Value| follow(root, part, value, depth, visit);
        match (step, &mut *value) {
            (Step::Here, value) => inside(value),
            (Step::Field(name), Value::Object(fields)) => fields.get_mut(name).into_iter().for_each(inside),
            (Step::Value, Value::Object(fields)) => fields.values_mut().for_each(inside),
            (Step::Item, Value::Array(items)) => items.iter_mut().for_each(inside),
            (Step::Place(at), Value::Array(items)) => items.get_mut(at).into_iter().for_each(inside),
            _ => {}
        }
    }
}

fn is_marked(schema: &Value) -> bool {
    schema.get(PERSONAL).and_then(Value::as_bool) == Some(true)
}

fn resolved<'s>(root: &'s Value, reference: &str) -> Option<&'s Value> {
    root.pointer(reference.strip_prefix('#')?)
}

/// How a part of a value is reached.
enum Step<'s> {
    Field(&'s str),
    /// Every value of a map.
    Value,
    Item,
    Place(usize),
    /// The value itself, of which the part says more, or says one of several things.
    Here,
}

fn parts(schema: &Value) -> impl Iterator<Item = (Step<'_>, &Value)> {
    let object = |key: &str| schema.get(key).and_then(Value::as_object).into_iter().flatten();
    let array = |key: &str| schema.get(key).and_then(Value::as_array).into_iter().flatten();
    let fields = object("properties").map(|(name, part)| (Step::Field(name), part));
    let values = schema.get("additionalProperties").map(|part| (Step::Value, part));
    let items = schema.get("items").map(|part| (Step::Item, part));
    let places = array("prefixItems").enumerate().map(|(at, part)| (Step::Place(at), part));
    let here = array("anyOf").chain(array("allOf")).map(|part| (Step::Here, part));
    fields.chain(values).chain(items).chain(places).chain(here)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::manifest::schema::schema;
    use crate::{Payload, Pii};

    #[track_caller]
    fn check<T: Payload>(mut value: Value, places: &[&str], redacted: &Value) {
        let schema = schema(&T::shape());
        assert_eq!(Vec::from_iter(personal_places(&schema)), places, "{schema}");
        for_each_personal(&schema, &mut value, &mut |found| *found = json!("[pii]"));
        assert_eq!(value, *redacted);
    }

    #[test]
    fn what_is_marked_is_found_wherever_it_stands() {
        check::<Vec<String>>(json!(["a"]), &[], &json!(["a"]));
        check::<Pii<Vec<String>>>(json!(["a"]), &[""], &json!("[pii]"));
        check::<Option<Pii<u8>>>(json!(7), &[""], &json!("[pii]"));
        check::<(u8, Pii<u8>, Vec<Pii<u8>>)>(
            json!([1, 2, [3, 4]]),
            &["[]", "[][]"],
            &json!([1, "[pii]", ["[pii]", "[pii]"]]),
        );
        check::<std::collections::BTreeMap<String, Pii<u8>>>(
            json!({ "a": 1 }),
            &[".*"],
            &json!({ "a": "[pii]" }),
        );
    }

    #[test]
    fn schemas_that_never_end_end_here() {
        let circle = json!({ "$ref": "#" });
        assert!(personal_places(&circle).is_empty());
        for_each_personal(&circle, &mut json!(1), &mut |_| panic!("nothing is marked"));
    }
}
