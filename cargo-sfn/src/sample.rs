//! A value that fits a JSON Schema, for a person to fill in. Apart, because it is the only thing here that knows schemas.

use serde_json::{Map, Value, json};

/// The simplest value of a schema as the manifest writes them: every required property, texts to be replaced.
pub(crate) fn sample(schema: &Value) -> Value {
    for exact in ["const", "enum"] {
        match &schema[exact] {
            Value::Null => {}
            Value::Array(choices) => return choices.first().cloned().unwrap_or_default(),
            only => return only.clone(),
        }
    }
    if let Some(first) = schema["anyOf"].get(0) {
        return sample(first);
    }
    match schema["type"].as_str() {
        Some("boolean") => json!(true),
        Some("integer" | "number") => json!(0),
        Some("string") => json!("..."),
        Some("array") => schema["prefixItems"].as_array().into_iter().flatten().map(sample).collect(),
        Some("object") => object(schema),
        _ => Value::Null,
    }
}

fn object(schema: &Value) -> Value {
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let fields: Map<String, Value> =
        required.map(|name| (name.to_owned(), sample(&schema["properties"][name]))).collect();
    Value::Object(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_required_property_is_there_to_be_filled_in() {
        let choice = json!({ "enum": ["small", "large"] });
        let size = json!({ "anyOf": [choice, { "type": "null" }] });
        let schema = json!({
            "type": "object",
            "properties": {
                "granted": { "type": "boolean" }, "by": { "type": "string" }, "size": size, "note": { "type": "string" },
                "place": { "type": "array", "prefixItems": [{ "type": "integer" }, { "const": "x" }] },
            },
            "required": ["granted", "by", "size", "place"],
        });
        assert_eq!(
            sample(&schema),
            json!({ "granted": true, "by": "...", "size": "small", "place": [0, "x"] })
        );
        assert_eq!(sample(&json!({ "type": "null" })), Value::Null);
    }
}
