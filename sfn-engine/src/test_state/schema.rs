//! A mocked result held against what the API of its service gives.
//! Separate because the catalogue says what that is for every service, and only here are results judged by it.

use sfn_asl::Value;
use sfn_catalogue::{Bounds, Kind, Resource, Shape, resource};

use super::FieldValidation;
use crate::control::Refusal;

/// Refuses a result that the action of a `Resource` cannot give. What the catalogue does not know may be anything.
pub(super) fn check(arn: &str, result: &Value, validation: FieldValidation) -> Result<(), Refusal> {
    let Resource::Known { action, pattern } = resource(arn) else { return Ok(()) };
    let Some(shape) = action.result(pattern).filter(|_| validation != FieldValidation::None) else {
        return Ok(());
    };
    let is_strict = validation == FieldValidation::Strict;
    check_value(None, result, shape, is_strict)
        .map_err(|fault| Refusal::validation(format!("Mock result schema validation error: {fault}")))
}

/// What is wrong with the value of a field; of the whole result if there is no name.
fn check_value(name: Option<&str>, value: &Value, shape: Shape, is_strict: bool) -> Result<(), String> {
    let subject = || name.map_or_else(|| "Mocked result".to_owned(), |name| format!("Field '{name}'"));
    let kind = |expected: &str| Err(format!("{} must be {expected}", subject()));
    let within = |found: f64, bounds: Bounds, what: &str| {
        let is_beyond = |bound: Option<i64>, beyond: fn(f64, f64) -> bool| {
            #[expect(clippy::cast_precision_loss, reason = "a limit that large is no limit")]
            bound.is_some_and(|bound| beyond(found, bound as f64))
        };
        if is_beyond(bounds.min, |found, min| found < min) {
            Err(format!("{} is smaller than the minimum {what}", subject()))
        } else if is_beyond(bounds.max, |found, max| found > max) {
            Err(format!("{} exceeds the maximum {what}", subject()))
        } else {
            Ok(())
        }
    };
    match (shape.kind(), value) {
        (Kind::Any, _) | (Kind::Boolean, Value::Bool(_)) | (Kind::Timestamp, Value::String(_)) => Ok(()),
        (Kind::String(text), Value::String(found)) => {
            within(length(found.chars().count()), text.length, "length")?;
            let mut values = text.values().peekable();
            if values.peek().is_some() && !values.any(|value| *value == **found) {
                return Err(format!("{} is not an expected value", subject()));
            }
            Ok(())
        }
        (Kind::Blob(bounds), Value::String(found)) => within(length(found.len()), bounds, "length"),
        (Kind::Integer(bounds) | Kind::Float(bounds), Value::Number(found)) => {
            within(found.as_f64(), bounds, "value")
        }
        (Kind::List(item, bounds), Value::Array(items)) => {
            within(length(items.len()), bounds, "length")?;
            items.iter().try_for_each(|value| check_value(name, value, item, is_strict))
        }
        (Kind::Map(item, bounds), Value::Object(fields)) => {
            within(length(fields.len()), bounds, "length")?;
            fields.values().try_for_each(|value| check_value(name, value, item, is_strict))
        }
        (Kind::Structure(structure), Value::Object(fields)) => {
            let is_there = |name: &str| fields.get(name).is_some_and(|value| !value.is_null());
            let mut required = structure.members().filter(|member| is_strict && member.is_required);
            if let Some(missing) = required.find(|member| !is_there(member.name)) {
                return Err(format!("Required field '{}' is missing", missing.name));
            }
            let mut present = fields.iter().filter(|(_, value)| !value.is_null());
            present.try_for_each(|(name, value)| match structure.member(name) {
                Some(member) => check_value(Some(name), value, member.shape, is_strict),
                // The service may know fields that its published model does not.
                None => Ok(()),
            })
        }
        (Kind::Boolean, _) => kind("a boolean"),
        (Kind::String(_) | Kind::Timestamp | Kind::Blob(_), _) => kind("a string"),
        (Kind::Integer(_) | Kind::Float(_), _) => kind("a number"),
        (Kind::List(..), _) => kind("an array"),
        (Kind::Map(..) | Kind::Structure(_), _) => kind("an object"),
    }
}

#[expect(clippy::cast_precision_loss, reason = "lengths of what fits a request")]
fn length(length: usize) -> f64 {
    length as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_all(arn: &str, result: &str, strict: &str, present: &str) {
        let result: Value = serde_json::from_str(result).expect("JSON");
        for (validation, expected) in [
            (FieldValidation::Strict, strict),
            (FieldValidation::Present, present),
            (FieldValidation::None, ""),
        ] {
            let refusal = check(arn, &result, validation);
            let message = refusal.map_or_else(|refusal| refusal.message, |()| String::new());
            let expected = match expected {
                "" => String::new(),
                fault => format!("Mock result schema validation error: {fault}"),
            };
            assert_eq!(message, expected, "{arn} {result} {validation:?}");
        }
    }

    fn both(arn: &str, result: &str, fault: &str) {
        check_all(arn, result, fault, fault);
    }

    #[test]
    fn fields_are_of_the_kinds_that_the_model_says() {
        let queue = "arn:aws:states:::aws-sdk:sqs:receiveMessage";
        both(queue, r#"{"Messages": {}}"#, "Field 'Messages' must be an array");
        both(queue, r#"{"Messages": ["a"]}"#, "Field 'Messages' must be an object");
        both(queue, r#"{"Messages": [{"Attributes": []}]}"#, "Field 'Attributes' must be an object");
        both(
            queue,
            r#"{"Messages": [{"Attributes": {"SentTimestamp": 1}}]}"#,
            "Field 'Attributes' must be a string",
        );
        both(queue, r#"{"Messages": null, "Unheard": 1}"#, "");
        both(queue, "[]", "Mocked result must be an object");
    }

    #[test]
    fn values_keep_to_their_limits() {
        let function = "arn:aws:states:::aws-sdk:lambda:getFunction";
        both(
            function,
            r#"{"Configuration": {"MemorySize": 127}}"#,
            "Field 'MemorySize' is smaller than the minimum value",
        );
        both(
            function,
            r#"{"Configuration": {"PackageType": "Tar"}}"#,
            "Field 'PackageType' is not an expected value",
        );
        both(function, r#"{"Configuration": {"MemorySize": 128, "PackageType": "Zip"}}"#, "");
    }

    #[test]
    fn only_strictness_asks_for_what_is_missing() {
        let start = "arn:aws:states:::aws-sdk:sfn:startExecution";
        check_all(start, "{}", "Required field 'ExecutionArn' is missing", "");
        both(start, r#"{"ExecutionArn": "a", "StartDate": "2026-01-01T00:00:00Z"}"#, "");
    }

    #[test]
    fn what_nobody_describes_may_be_anything() {
        for arn in [
            "arn:aws:states:::apigateway:invoke",
            "arn:aws:lambda:us-east-1:123456789012:function:f",
            "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        ] {
            both(arn, "7", "");
        }
    }
}
