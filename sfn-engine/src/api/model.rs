//! The published model of the API, and calls held against it: required fields, types, lengths, ranges, patterns.
//! Separate because the model says this for all operations alike; `constraints.json` is made from it by
//! `.ci/api-constraints`.

use std::collections::HashMap;
use std::sync::LazyLock;

use indexmap::IndexMap;
use regress::Regex;
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::protocol::{malformed, unknown_operation};
use crate::control::Refusal;

#[derive(Deserialize)]
struct Model {
    /// The shape of each operation's input.
    operations: HashMap<String, String>,
    shapes: HashMap<String, Shape>,
}

#[derive(Deserialize)]
struct Shape {
    #[serde(rename = "type")]
    kind: Kind,
    #[serde(default)]
    required: Vec<String>,
    /// In the model's order, which is that of the faults in a message.
    #[serde(default)]
    members: IndexMap<String, String>,
    member: Option<String>,
    min: Option<f64>,
    max: Option<f64>,
    pattern: Option<Pattern>,
    #[serde(default, rename = "enum")]
    words: Vec<String>,
    /// Whether its values must not be repeated in messages.
    #[serde(default)]
    sensitive: bool,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Structure,
    List,
    String,
    Integer,
    Long,
    Float,
    Boolean,
}

/// A regular expression, as the model writes it and as it is tried.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Pattern {
    text: String,
    regex: Regex,
}

impl TryFrom<String> for Pattern {
    type Error = regress::Error;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        // The whole value must match, whether the model says so or not.
        let regex = Regex::with_flags(&format!("^(?:{text})$"), "u")?;
        Ok(Self { text, regex })
    }
}

static MODEL: LazyLock<Model> = LazyLock::new(|| {
    serde_json::from_str(include_str!("constraints.json")).expect("the generated file has the form read here")
});

/// Refuses an input that the model does not allow, with all its faults in one message as the service has it.
pub(super) fn check(operation: &str, input: &Map<String, Json>) -> Result<(), Refusal> {
    let shape = MODEL.operations.get(operation).ok_or_else(|| unknown_operation(operation))?;
    let mut faults = Vec::new();
    check_structure(&MODEL.shapes[shape], input, "", &mut faults)?;
    if faults.is_empty() {
        return Ok(());
    }
    let (count, plural) = (faults.len(), if faults.len() == 1 { "" } else { "s" });
    Err(Refusal::new(
        "ValidationException",
        format!("{count} validation error{plural} detected: {}", faults.join("; ")),
    ))
}

fn check_structure(
    shape: &Shape,
    fields: &Map<String, Json>,
    path: &str,
    faults: &mut Vec<String>,
) -> Result<(), Refusal> {
    for (name, member) in &shape.members {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        let member_shape = &MODEL.shapes[member];
        match fields.get(name).filter(|value| !value.is_null()) {
            Some(value) => check_value(member, member_shape, value, &path, faults)?,
            None if shape.required.contains(name) => {
                let shown = if member_shape.sensitive { "Value" } else { "Value null" };
                faults.push(format!(
                    "{shown} at '{path}' failed to satisfy constraint: Member must not be null"
                ));
            }
            None => {}
        }
    }
    Ok(())
}

fn check_value(
    name: &str,
    shape: &Shape,
    value: &Json,
    path: &str,
    faults: &mut Vec<String>,
) -> Result<(), Refusal> {
    let mut fault = |constraint: String| {
        let shown =
            if shape.sensitive { "Value".to_owned() } else { format!("Value '{}'", shown(name, value)) };
        faults.push(format!("{shown} at '{path}' failed to satisfy constraint: Member must {constraint}"));
    };
    match (shape.kind, value) {
        (Kind::Structure, Json::Object(fields)) => check_structure(shape, fields, path, faults)?,
        (Kind::List, Json::Array(items)) => {
            check_length(shape, items.len(), &mut fault);
            for (index, item) in items.iter().enumerate() {
                let Some(member) = &shape.member else { continue };
                let path = format!("{path}.{}.member", index + 1);
                check_value(member, &MODEL.shapes[member], item, &path, faults)?;
            }
        }
        (Kind::String, Json::String(text)) => {
            // Payloads and definitions are counted in bytes, all else in characters; ASCII hides the difference.
            check_length(shape, text.chars().count(), &mut fault);
            if let Some(pattern) = shape.pattern.as_ref().filter(|it| it.regex.find(text).is_none()) {
                fault(format!("satisfy regular expression pattern: {}", pattern.text));
            }
            if !shape.words.is_empty() && !shape.words.contains(text) {
                fault(format!("satisfy enum value set: [{}]", shape.words.join(", ")));
            }
        }
        (Kind::Integer | Kind::Long, Json::Number(number)) if number.is_i64() || number.is_u64() => {
            check_range(shape, value, &mut fault);
        }
        (Kind::Float, Json::Number(_)) => check_range(shape, value, &mut fault),
        (Kind::Boolean, Json::Bool(_)) => {}
        _ => return Err(wrong_type(shape.kind, value)),
    }
    Ok(())
}

fn check_length(shape: &Shape, length: usize, fault: &mut impl FnMut(String)) {
    #[expect(clippy::cast_precision_loss, reason = "requests are far smaller than 2^52")]
    let length = length as f64;
    if let Some(max) = shape.max.filter(|max| length > *max) {
        fault(format!("have length less than or equal to {max}"));
    }
    if let Some(min) = shape.min.filter(|min| length < *min) {
        fault(format!("have length greater than or equal to {min}"));
    }
}

fn check_range(shape: &Shape, value: &Json, fault: &mut impl FnMut(String)) {
    let number = value.as_f64().unwrap_or_default();
    if let Some(max) = shape.max.filter(|max| number > *max) {
        fault(format!("have value less than or equal to {max}"));
    }
    if let Some(min) = shape.min.filter(|min| number < *min) {
        fault(format!("have value greater than or equal to {min}"));
    }
}

/// The value as the service repeats it: structures look like calls of a constructor.
fn shown(name: &str, value: &Json) -> String {
    let shape = &MODEL.shapes[name];
    match value {
        Json::String(text) => text.clone(),
        Json::Array(items) => {
            let member = shape.member.as_deref().unwrap_or_default();
            let items: Vec<String> = items.iter().map(|item| shown(member, item)).collect();
            format!("[{}]", items.join(", "))
        }
        Json::Object(fields) => {
            let field = |(field, member): (&String, &String)| {
                Some(format!("{field}={}", shown(member, fields.get(field)?)))
            };
            let fields: Vec<String> = shape.members.iter().filter_map(field).collect();
            format!("{name}({})", fields.join(", "))
        }
        other => other.to_string(),
    }
}

fn wrong_type(expected: Kind, found: &Json) -> Refusal {
    let found = match found {
        Json::Object(_) => return malformed("Start of structure or map found where not expected."),
        Json::Array(_) => return malformed("Start of list found where not expected"),
        Json::String(_) => "STRING_VALUE",
        Json::Number(number) if number.is_f64() => "DECIMAL_VALUE",
        Json::Number(_) => "NUMBER_VALUE",
        Json::Bool(true) => "TRUE_VALUE",
        Json::Bool(false) | Json::Null => "FALSE_VALUE",
    };
    malformed(match expected {
        Kind::Structure => "Expected a structure".to_owned(),
        Kind::List => "Expected list or null".to_owned(),
        Kind::String => format!("{found} can not be converted to a String"),
        Kind::Integer => format!("{found} can not be converted to an Integer"),
        Kind::Long => format!("{found} can not be converted to a Long"),
        Kind::Float => format!("{found} can not be converted to a Float"),
        Kind::Boolean => format!("{found} can not be converted to a Boolean"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fault(operation: &str, input: &Json, code: &str, message: &str) {
        let input = input.as_object().expect("an object");
        let refusal = check(operation, input).expect_err("the model does not allow it");
        assert_eq!((refusal.code, refusal.message.as_str()), (code, message));
    }

    #[test]
    fn faults_are_named_as_the_service_names_them() {
        fault(
            "CreateActivity",
            &json!({ "name": "" }),
            "ValidationException",
            "1 validation error detected: Value '' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 1",
        );
        fault(
            "ListExecutions",
            &json!({ "statusFilter": "DONE", "maxResults": 2000 }),
            "ValidationException",
            "2 validation errors detected: Value 'DONE' at 'statusFilter' failed to satisfy constraint: Member must satisfy enum value set: [RUNNING, SUCCEEDED, FAILED, TIMED_OUT, ABORTED, PENDING_REDRIVE]; \
             Value '2000' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000",
        );
        fault(
            "DescribeExecution",
            &json!({}),
            "ValidationException",
            "1 validation error detected: Value null at 'executionArn' failed to satisfy constraint: Member must not be null",
        );
    }

    #[test]
    fn sensitive_values_are_not_repeated() {
        fault(
            "SendTaskFailure",
            &json!({ "taskToken": "t", "error": "e".repeat(257) }),
            "ValidationException",
            "1 validation error detected: Value at 'error' failed to satisfy constraint: Member must have length less than or equal to 256",
        );
    }

    #[test]
    fn nested_faults_have_their_path() {
        fault(
            "CreateStateMachineAlias",
            &json!({ "name": "9", "routingConfiguration": [{ "stateMachineVersionArn": "v", "weight": 101 }] }),
            "ValidationException",
            "2 validation errors detected: Value '9' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^(?=.*[a-zA-Z_\\-\\.])[a-zA-Z0-9_\\-\\.]+$; \
             Value '101' at 'routingConfiguration.1.member.weight' failed to satisfy constraint: Member must have value less than or equal to 100",
        );
        let route = json!({ "stateMachineVersionArn": "v", "weight": 1 });
        fault(
            "CreateStateMachineAlias",
            &json!({ "name": "a", "routingConfiguration": [route, route, route] }),
            "ValidationException",
            "1 validation error detected: Value '[RoutingConfigurationListItem(stateMachineVersionArn=v, weight=1), RoutingConfigurationListItem(stateMachineVersionArn=v, weight=1), RoutingConfigurationListItem(stateMachineVersionArn=v, weight=1)]' \
             at 'routingConfiguration' failed to satisfy constraint: Member must have length less than or equal to 2",
        );
    }

    #[test]
    fn values_of_the_wrong_type_cannot_be_read_at_all() {
        let refused = "NUMBER_VALUE can not be converted to a String";
        fault("CreateActivity", &json!({ "name": 7 }), "SerializationException", refused);
        fault("Dance", &json!({}), "UnknownOperationException", "there is no operation `Dance` here");
    }

    #[test]
    fn null_is_nothing() {
        assert_eq!(
            check("ListActivities", json!({ "maxResults": null }).as_object().expect("an object")),
            Ok(())
        );
    }
}
