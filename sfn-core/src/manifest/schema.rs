//! Shapes as JSON Schema.
//! Separate because it is a translation of its own; recursion becomes `$defs` and `$ref`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::shape::{Content, Enumeration, Field, Record, ShapeOf, Tagging, Variant};
use crate::{Shape, TaskSpec};

/// The JSON Schema of a shape.
pub(super) fn schema(shape: &Shape) -> Value {
    let mut writer = Writer::default();
    let schema = writer.shape(shape);
    writer.finish(schema)
}

/// The JSON Schema of a task's payload: nothing, its only argument, or an object of its arguments.
pub(super) fn payload_schema(spec: &TaskSpec) -> Value {
    if let Some(argument) = spec.sole_argument() {
        return schema(&(argument.shape)());
    }
    let mut writer = Writer::default();
    let properties: Map<String, Value> = spec
        .arguments
        .iter()
        .map(|argument| (argument.name.to_owned(), writer.shape(&(argument.shape)())))
        .collect();
    let required: Vec<&str> = spec.arguments.iter().map(|argument| argument.name).collect();
    let schema = json!({ "type": "object", "properties": properties, "required": required });
    writer.finish(schema)
}

/// The key that marks a schema of personal data.
pub(super) const PERSONAL: &str = "x-pii";

#[derive(Default)]
struct Writer {
    /// The types around the one being written.
    open: Vec<&'static str>,
    recursive: BTreeSet<&'static str>,
    /// The shapes without a name around the one being written, by their functions, and how many there were before each.
    unnamed: Vec<(usize, usize)>,
    /// How many shapes without a name there were.
    count: usize,
    recursive_unnamed: BTreeSet<usize>,
    definitions: BTreeMap<String, Value>,
}

impl Writer {
    fn finish(self, mut schema: Value) -> Value {
        if let Some(object) = schema.as_object_mut()
            && !self.definitions.is_empty()
        {
            object.insert("$defs".to_owned(), json!(self.definitions));
        }
        schema
    }

    fn shape(&mut self, shape: &Shape) -> Value {
        match shape {
            Shape::Any => json!({}),
            Shape::Null => json!({ "type": "null" }),
            Shape::Bool => json!({ "type": "boolean" }),
            Shape::Float | Shape::Float32 => json!({ "type": "number" }),
            Shape::String => json!({ "type": "string" }),
            Shape::Timestamp => json!({ "type": "string", "format": "date-time" }),
            Shape::Integer(integer) if integer.signed => json!({ "type": "integer" }),
            Shape::Integer(_) => json!({ "type": "integer", "minimum": 0 }),
            Shape::Option(inner) => json!({ "anyOf": [self.part(*inner), { "type": "null" }] }),
            Shape::Array(item) => json!({ "type": "array", "items": self.part(*item) }),
            Shape::Map(value) => json!({ "type": "object", "additionalProperties": self.part(*value) }),
            Shape::Tuple(places) => {
                let places: Vec<Value> = places.iter().map(|place| self.part(*place)).collect();
                json!({ "type": "array", "prefixItems": places, "items": false })
            }
            Shape::Newtype(newtype) => {
                let mut schema = self.part(newtype.inner);
                if newtype.personal {
                    schema[PERSONAL] = json!(true);
                }
                schema
            }
            Shape::Record(record) => self.named(record.name, record.id, |writer| writer.record(record)),
            Shape::Enum(enumeration) => {
                self.named(enumeration.name, enumeration.id, |writer| writer.enumeration(enumeration))
            }
        }
    }

    /// A shape inside of another. One without a name may come round to itself too, as `struct Tree(Vec<Tree>)` does: then
    /// it is defined under a number.
    fn part(&mut self, of: ShapeOf) -> Value {
        let shape = of();
        if !matches!(
            shape,
            Shape::Option(_) | Shape::Array(_) | Shape::Map(_) | Shape::Tuple(_) | Shape::Newtype(_)
        ) {
            return self.shape(&shape);
        }
        let reference = |number: usize| json!({ "$ref": format!("#/$defs/{number}") });
        let function = of as usize;
        if let Some((_, number)) = self.unnamed.iter().find(|(open, _)| *open == function) {
            self.recursive_unnamed.insert(*number);
            return reference(*number);
        }
        let number = self.count;
        self.count += 1;
        self.unnamed.push((function, number));
        let written = self.shape(&shape);
        self.unnamed.pop();
        if self.recursive_unnamed.contains(&number) {
            self.definitions.insert(number.to_string(), written);
            return reference(number);
        }
        written
    }

    /// A type that may contain itself: then it is defined once and referred to.
    fn named(
        &mut self,
        name: &'static str,
        id: &'static str,
        write: impl FnOnce(&mut Self) -> Value,
    ) -> Value {
        let reference = json!({ "$ref": format!("#/$defs/{name}") });
        if self.open.contains(&id) {
            self.recursive.insert(id);
            return reference;
        }
        self.open.push(id);
        let written = write(self);
        self.open.pop();
        if self.recursive.contains(id) {
            self.definitions.insert(name.to_owned(), written);
            return reference;
        }
        written
    }

    fn record(&mut self, record: &Record) -> Value {
        let mut schema = self.fields(&record.fields);
        schema["title"] = json!(record.name);
        schema
    }

    fn fields(&mut self, fields: &[Field]) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        let mut flattened = Vec::new();
        for field in fields.iter().filter(|field| !field.skipped) {
            let schema = self.part(field.shape);
            if field.flatten {
                flattened.push(schema);
                continue;
            }
            if field.default.is_none() {
                required.push(field.wire);
            }
            properties.insert(field.wire.to_owned(), schema);
        }
        let mut schema = json!({ "type": "object", "properties": properties, "required": required });
        if !flattened.is_empty() {
            schema["allOf"] = json!(flattened);
        }
        schema
    }

    fn enumeration(&mut self, enumeration: &Enumeration) -> Value {
        let variants = enumeration.variants.iter().filter(|variant| !variant.skipped);
        let units_only = variants.clone().all(|variant| matches!(variant.content, Content::Unit));
        if units_only && enumeration.tagging == Tagging::External {
            let names: Vec<&str> = variants.map(|variant| variant.wire).collect();
            return json!({ "title": enumeration.name, "enum": names });
        }
        let any: Vec<Value> = variants.map(|variant| self.variant(enumeration.tagging, variant)).collect();
        json!({ "title": enumeration.name, "anyOf": any })
    }

    fn variant(&mut self, tagging: Tagging, variant: &Variant) -> Value {
        let content = match &variant.content {
            Content::Unit => None,
            Content::Newtype(shape) => Some(self.part(*shape)),
            Content::Tuple(places) => Some(self.shape(&Shape::Tuple(places.clone()))),
            Content::Struct(fields) => Some(self.fields(fields)),
        };
        let object = |key: &str, value: Value| json!({ "type": "object", "properties": { key: value }, "required": [key] });
        let tagged = |tag: &str| object(tag, json!({ "const": variant.wire }));
        match (tagging, content) {
            (Tagging::External, None) => json!({ "const": variant.wire }),
            (Tagging::External, Some(content)) => object(variant.wire, content),
            (Tagging::Untagged, content) => content.unwrap_or_else(|| json!({ "type": "null" })),
            (Tagging::Internal { tag } | Tagging::Adjacent { tag, .. }, None) => tagged(tag),
            (Tagging::Internal { tag }, Some(content)) => json!({ "allOf": [tagged(tag), content] }),
            (Tagging::Adjacent { tag, content: key }, Some(content)) => {
                json!({ "allOf": [tagged(tag), object(key, content)] })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> Shape {
        let field = |name, shape| Field::required(name, name, shape);
        let fields = vec![field("label", || Shape::String), field("children", || Shape::Array(tree))];
        Shape::Record(Record { name: "Tree", id: "tree", fields })
    }

    #[test]
    fn a_recursive_type_refers_to_its_definition() {
        let written = schema(&Shape::Option(tree));
        assert_eq!(written["anyOf"][0], json!({ "$ref": "#/$defs/Tree" }));
        let items = &written["$defs"]["Tree"]["properties"]["children"]["items"];
        assert_eq!(*items, json!({ "$ref": "#/$defs/Tree" }));
    }

    #[test]
    fn a_shape_without_a_name_refers_to_its_definition() {
        fn nested() -> Shape {
            Shape::Map(optional)
        }
        fn optional() -> Shape {
            Shape::Option(nested)
        }
        let written = schema(&nested());
        assert_eq!(written["additionalProperties"], json!({ "$ref": "#/$defs/0" }));
        let inner = json!({ "type": "object", "additionalProperties": { "$ref": "#/$defs/0" } });
        assert_eq!(written["$defs"], json!({ "0": { "anyOf": [inner, { "type": "null" }] } }));
    }
}
