//! Whether whoever reads a payload still understands whoever writes it, by their JSON Schemas. Apart from the comparison of
//! workflows, because it knows only schemas.

use serde_json::{Map, Value, json};

/// Something that a reader expects and a writer does not keep to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Break {
    /// The field, as `order.lines[].sku`; empty for the whole payload.
    pub(super) path: String,
    pub(super) what: Mismatch,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mismatch {
    /// The reader requires a field that the writer never writes.
    Missing,
    /// The reader requires a field that the writer may leave out.
    Optional,
    /// The writer may write what the reader takes for something else.
    Type { reader: String, writer: String },
    /// The writer may write a variant that the reader does not know.
    Variant(String),
}

/// Who reads a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// Rust: serde takes a missing field for `None`.
    Rust,
    /// Whoever else, to whom a field that may be `null` is there all the same.
    Anyone,
}

/// What a reader may not understand of what a writer writes. Nothing if it understands all of it.
pub(super) fn breaks(who: Reader, reader: &Value, writer: &Value) -> Vec<Break> {
    let mut comparison = Comparison { who, reader, writer, open: Vec::new(), found: Vec::new() };
    comparison.schema("", reader, writer);
    comparison.found
}

struct Comparison<'s> {
    who: Reader,
    reader: &'s Value,
    writer: &'s Value,
    /// The definitions being compared, so that recursive types come to an end.
    open: Vec<(Value, Value)>,
    found: Vec<Break>,
}

impl Comparison<'_> {
    fn schema(&mut self, path: &str, reader: &Value, writer: &Value) {
        let pair = (reader.clone(), writer.clone());
        let is_reference = pair.0.get("$ref").is_some() || pair.1.get("$ref").is_some();
        if is_reference && self.open.contains(&pair) {
            return;
        }
        if is_reference {
            self.open.push(pair);
        }
        let reader = flat(&resolved(reader, self.reader), self.reader);
        let writer = flat(&resolved(writer, self.writer), self.writer);
        self.resolved(path, &reader, &writer);
        if is_reference {
            self.open.pop();
        }
    }

    fn resolved(&mut self, path: &str, reader: &Value, writer: &Value) {
        if is_anything(reader)
            || reader == writer && reader.pointer("/$ref").is_none() && !has_reference(reader)
        {
            return;
        }
        let alternatives = alternatives(writer);
        if alternatives.len() > 1 {
            for alternative in alternatives {
                self.schema(path, reader, &alternative);
            }
            return;
        }
        let writer = alternatives.first().unwrap_or(writer).clone();
        let accepted = self::alternatives(reader);
        if accepted.len() > 1 {
            self.any_of(path, &accepted, &writer);
            return;
        }
        let reader = accepted.first().unwrap_or(reader).clone();
        self.single(path, &reader, &writer);
    }

    /// One of several alternatives must take it; if none does, the one that comes nearest says why.
    fn any_of(&mut self, path: &str, readers: &[Value], writer: &Value) {
        let before = self.found.len();
        let mut nearest: Option<Vec<Break>> = None;
        for reader in readers {
            self.schema(path, reader, writer);
            let found = self.found.split_off(before);
            if found.is_empty() {
                return;
            }
            // What is wrong deep inside is nearer than what is something else altogether.
            let is_inside = |found: &[Break]| found.iter().all(|found| found.path != path);
            if nearest.as_deref().is_none_or(|nearest| is_inside(&found) && !is_inside(nearest)) {
                nearest = Some(found);
            }
        }
        let is_inside =
            nearest.as_deref().is_some_and(|nearest| nearest.iter().all(|found| found.path != path));
        match (variant(writer), nearest) {
            (_, Some(nearest)) if is_inside && !is_tagged(writer) => self.found.extend(nearest),
            (_, Some(nearest)) if is_inside && same_tag(readers, writer) => self.found.extend(nearest),
            (Some(name), _) => self.add(path, Mismatch::Variant(name)),
            (None, _) => {
                let all: Vec<String> = readers.iter().map(named).collect();
                let what = Mismatch::Type { reader: all.join(" or "), writer: named(writer) };
                self.add(path, what);
            }
        }
    }

    fn single(&mut self, path: &str, reader: &Value, writer: &Value) {
        if let Some(expected) = reader.get("const") {
            if writer.get("const") != Some(expected) {
                let what = variant(writer).map_or_else(|| differ(reader, writer), Mismatch::Variant);
                self.add(path, what);
            }
            return;
        }
        let (expects, given) = (type_of(reader), type_of(writer));
        let fits =
            expects.is_none() || expects == given || expects == Some("number") && given == Some("integer");
        let may_be_negative = reader.get("minimum").is_some() && writer.get("minimum").is_none();
        if !fits || may_be_negative {
            self.add(path, differ(reader, writer));
            return;
        }
        match expects {
            Some("object") => self.object(path, reader, writer),
            Some("array") => self.array(path, reader, writer),
            _ => {}
        }
    }

    fn object(&mut self, path: &str, reader: &Value, writer: &Value) {
        let inner = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        let (required, always) = (required(reader), required(writer));
        let (expected, written) = (properties(reader), properties(writer));
        let rest = writer.get("additionalProperties").filter(|rest| rest.is_object());
        let may_lack = |name: &str| self.who == Reader::Rust && expected.get(name).is_some_and(takes_null);
        let needed: Vec<&str> = required.iter().copied().filter(|name| !may_lack(name)).collect();
        for name in &needed {
            if written.contains_key(*name) || rest.is_some() {
                if !always.contains(name) {
                    self.add(&inner(name), Mismatch::Optional);
                }
            } else {
                self.add(&inner(name), Mismatch::Missing);
            }
        }
        for (name, expected) in expected {
            if let Some(written) = written.get(&name).or(rest) {
                self.schema(&inner(&name), &expected, written);
            }
        }
        if let Some(values) = reader.get("additionalProperties").filter(|values| values.is_object()) {
            for (name, written) in &written {
                self.schema(&inner(name), values, written);
            }
            if let Some(rest) = rest {
                self.schema(&inner("*"), values, rest);
            }
        }
    }

    fn array(&mut self, path: &str, reader: &Value, writer: &Value) {
        let inner = format!("{path}[]");
        let places = |schema: &Value| schema.get("prefixItems").and_then(Value::as_array).cloned();
        match (places(reader), places(writer)) {
            (Some(expected), Some(written)) if expected.len() == written.len() => {
                for (expected, written) in expected.iter().zip(&written) {
                    self.schema(&inner, expected, written);
                }
            }
            (None, Some(written)) => {
                let item = reader.get("items").cloned().unwrap_or_else(|| json!({}));
                for written in &written {
                    self.schema(&inner, &item, written);
                }
            }
            (None, None) => {
                let any = json!({});
                let (expected, written) =
                    (reader.get("items").unwrap_or(&any), writer.get("items").unwrap_or(&any));
                self.schema(&inner, expected, written);
            }
            (Some(_), _) => self.add(path, differ(reader, writer)),
        }
    }

    fn add(&mut self, path: &str, what: Mismatch) {
        let found = Break { path: path.to_owned(), what };
        if !self.found.contains(&found) {
            self.found.push(found);
        }
    }
}

/// The schema that a reference means.
fn resolved(schema: &Value, root: &Value) -> Value {
    let name = schema.get("$ref").and_then(Value::as_str).and_then(|name| name.strip_prefix('#'));
    name.and_then(|pointer| root.pointer(pointer)).unwrap_or(schema).clone()
}

/// A schema whose `allOf` is one object: the fields of all its parts.
fn flat(schema: &Value, root: &Value) -> Value {
    let Some(parts) = schema.get("allOf").and_then(Value::as_array) else { return schema.clone() };
    let mut whole = schema.clone();
    let Some(fields) = whole.as_object_mut() else { return whole };
    fields.remove("allOf");
    fields.entry("type").or_insert_with(|| json!("object"));
    let (mut all, mut needed) =
        (properties(schema), required(schema).into_iter().map(str::to_owned).collect::<Vec<_>>());
    for part in parts {
        let part = flat(&resolved(part, root), root);
        all.extend(properties(&part));
        needed.extend(required(&part).into_iter().map(str::to_owned));
    }
    fields.insert("properties".to_owned(), Value::Object(all));
    fields.insert("required".to_owned(), json!(needed));
    whole
}

fn has_reference(schema: &Value) -> bool {
    match schema {
        Value::Object(fields) => fields.contains_key("$ref") || fields.values().any(has_reference),
        Value::Array(items) => items.iter().any(has_reference),
        _ => false,
    }
}

fn is_anything(schema: &Value) -> bool {
    schema
        .as_object()
        .is_none_or(|fields| fields.keys().all(|key| ["title", "$defs", "x-pii"].contains(&key.as_str())))
}

fn alternatives(schema: &Value) -> Vec<Value> {
    if let Some(alternatives) = schema.get("anyOf").and_then(Value::as_array) {
        return alternatives.clone();
    }
    let names = schema.get("enum").and_then(Value::as_array);
    names.map_or_else(Vec::new, |names| names.iter().map(|name| json!({ "const": name })).collect())
}

fn takes_null(schema: &Value) -> bool {
    alternatives(schema).iter().any(|alternative| type_of(alternative) == Some("null"))
}

fn type_of(schema: &Value) -> Option<&str> {
    let is_text = schema.get("const").is_some_and(Value::is_string);
    schema.get("type").and_then(Value::as_str).or(is_text.then_some("string"))
}

fn properties(schema: &Value) -> Map<String, Value> {
    schema.get("properties").and_then(Value::as_object).cloned().unwrap_or_default()
}

fn required(schema: &Value) -> Vec<&str> {
    let names = schema.get("required").and_then(Value::as_array);
    names.map_or_else(Vec::new, |names| names.iter().filter_map(Value::as_str).collect())
}

/// The name of the variant that an alternative of an enum stands for: a text, the only key of an object, or its tag.
fn variant(schema: &Value) -> Option<String> {
    if let Some(name) = schema.get("const") {
        return Some(name.as_str().map_or_else(|| name.to_string(), str::to_owned));
    }
    let mut fields = properties(schema).into_iter();
    if let Some(tag) = tag(schema) {
        return Some(tag);
    }
    match (fields.next(), fields.next()) {
        (Some((name, _)), None) => Some(name),
        _ => None,
    }
}

fn tag(schema: &Value) -> Option<String> {
    properties(schema).values().find_map(|field| field.get("const")?.as_str().map(str::to_owned))
}

fn is_tagged(schema: &Value) -> bool {
    variant(schema).is_some()
}

fn same_tag(readers: &[Value], writer: &Value) -> bool {
    readers.iter().any(|reader| variant(reader) == variant(writer))
}

fn differ(reader: &Value, writer: &Value) -> Mismatch {
    Mismatch::Type { reader: named(reader), writer: named(writer) }
}

/// What a schema is called: its title, or else its type.
fn named(schema: &Value) -> String {
    let title = schema.get("title").and_then(Value::as_str);
    let plain = match type_of(schema) {
        Some("integer") if schema.get("minimum").is_some() => "integer of at least 0",
        Some("array") if schema.get("prefixItems").is_some() => "tuple",
        Some(name) => name,
        None if schema.get("anyOf").is_some() => "one of several",
        None => "anything",
    };
    title.unwrap_or(plain).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(fields: &Value, required: &[&str]) -> Value {
        json!({ "type": "object", "properties": fields, "required": required })
    }

    #[track_caller]
    fn check(reader: &Value, writer: &Value, expected: &[&str]) {
        check_for(Reader::Anyone, reader, writer, expected);
    }

    #[track_caller]
    fn check_for(who: Reader, reader: &Value, writer: &Value, expected: &[&str]) {
        let found = breaks(who, reader, writer);
        let found: Vec<String> =
            found.iter().map(|found| format!("{} {:?}", found.path, found.what)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn records_need_what_is_required_and_take_more() {
        let text = json!({ "type": "string" });
        let one = record(&json!({ "a": text }), &["a"]);
        let two = record(&json!({ "a": text, "b": text }), &["a", "b"]);
        let optional = record(&json!({ "a": text, "b": text }), &["a"]);
        check(&one, &two, &[]);
        check(&two, &one, &["b Missing"]);
        check(&optional, &one, &[]);
        check(&two, &optional, &["b Optional"]);
        let number = record(&json!({ "a": { "type": "integer", "minimum": 0 } }), &["a"]);
        check(&number, &one, &["a Type { reader: \"integer of at least 0\", writer: \"string\" }"]);
        check(&json!({ "type": "number" }), &json!({ "type": "integer" }), &[]);
        check(&json!({}), &two, &[]);
        check(&two, &json!({}), &[" Type { reader: \"object\", writer: \"anything\" }"]);
        let flattened = json!({ "type": "object", "properties": {}, "required": [], "allOf": [two] });
        check(&two, &flattened, &[]);
        check(&flattened, &one, &["b Missing"]);
    }

    #[test]
    fn options_lists_and_maps_are_looked_into() {
        let text = json!({ "type": "string" });
        let option = json!({ "anyOf": [text, { "type": "null" }] });
        check(&option, &text, &[]);
        let (with, without) = (record(&json!({ "a": option }), &["a"]), record(&json!({}), &[]));
        check_for(Reader::Rust, &with, &without, &[]);
        check_for(Reader::Anyone, &with, &without, &["a Missing"]);
        check(&text, &option, &[" Type { reader: \"string\", writer: \"null\" }"]);
        let list = |item: &Value| json!({ "type": "array", "items": item });
        check(&list(&option), &list(&text), &[]);
        check(
            &list(&text),
            &list(&json!({ "type": "boolean" })),
            &["[] Type { reader: \"string\", writer: \"boolean\" }"],
        );
        let map = |value: &Value| json!({ "type": "object", "additionalProperties": value });
        check(&map(&text), &map(&option), &["* Type { reader: \"string\", writer: \"null\" }"]);
    }

    #[test]
    fn variants_must_be_known() {
        let some = json!({ "title": "Size", "enum": ["S", "M"] });
        let more = json!({ "title": "Size", "enum": ["S", "M", "L"] });
        check(&more, &some, &[]);
        check(&some, &more, &[" Variant(\"L\")"]);
        let tagged = |name: &str, content: Value| record(&json!({ name: content }), &[name]);
        let old = json!({ "anyOf": [{ "const": "Cash" }, tagged("Card", record(&json!({ "no": { "type": "string" } }), &["no"]))] });
        let new = json!({ "anyOf": [{ "const": "Cash" }, tagged("Card", record(&json!({}), &[])), tagged("Wire", json!({}))] });
        check(&old, &new, &["Card.no Missing", " Variant(\"Wire\")"]);
    }

    #[test]
    fn recursive_types_come_to_an_end() {
        let tree = |label: &str| {
            json!({ "$ref": "#/$defs/Tree", "$defs": { "Tree": record(
                &json!({ label: { "type": "string" }, "children": { "type": "array", "items": { "$ref": "#/$defs/Tree" } } }),
                &[label, "children"]) } })
        };
        check(&tree("a"), &tree("a"), &[]);
        check(&tree("a"), &tree("b"), &["a Missing", "children[].a Missing"]);
    }
}
