//! What the service says about a definition: which faults it refuses, under which codes, and in which words.
//! Separate because `sfn-asl` judges by more than the service does and in words of its own; here is the one table
//! that turns its diagnostics into the service's.

mod fault;

use sfn_asl::{Diagnostic, ExecutionType, Options, Value, lint};

use super::Refusal;
use fault::{Fault, capitalised, in_the_services_order};

/// Something about a definition, as `ValidateStateMachineDefinition` reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The service's code, such as `SCHEMA_VALIDATION_FAILED`.
    pub code: String,
    /// Whether the service refuses the definition because of it.
    pub is_refused: bool,
    /// Where it is, where it is somewhere.
    pub location: Option<String>,
    /// What it is.
    pub message: String,
}

/// Everything there is to say about a definition: what the service refuses in its order, then our own advice.
///
/// ```
/// use sfn_asl::ExecutionType;
/// use sfn_engine::control::judge;
///
/// let findings = judge("{}", ExecutionType::Standard);
/// assert_eq!(findings[0].message, "These fields are required: [States, StartAt]");
/// assert_eq!(findings[0].location.as_deref(), Some("/"));
/// ```
pub fn judge(text: &str, kind: ExecutionType) -> Vec<Finding> {
    let document: Option<Value> = serde_json::from_str(text).ok();
    let options = match kind {
        ExecutionType::Standard => Options::STANDARD,
        ExecutionType::Express => Options::EXPRESS,
    };
    let diagnostics = lint(text, &options);
    let mut sorted: Vec<(Rank, Finding)> = Vec::new();
    for (index, diagnostic) in diagnostics.iter().enumerate() {
        let fault = Fault { diagnostic, document: document.as_ref(), text };
        let is_first = |other: &&Diagnostic| fault.is_missing_field_beside(other);
        if diagnostics[..index].iter().any(|other| is_first(&other)) {
            continue;
        }
        let beside = diagnostics[index..].iter().filter(is_first);
        sorted.push(fault.finding(beside));
    }
    let has = |phase| sorted.iter().any(|(rank, _): &(Rank, _)| rank.phase == phase);
    // Our rule does not follow transitions that lead nowhere, and so does not see that nothing ends.
    if has(Phase::Targets) && !has(Phase::End) && document.as_ref().is_some_and(|it| !has_terminal_state(it))
    {
        sorted.push((Rank { phase: Phase::End, position: Vec::new() }, no_terminal_state()));
    }
    sorted.sort_by(|(one, _), (other, _)| one.cmp(other));
    // A State Machine that cannot end is not searched for States that cannot be reached.
    let is_endless = sorted.iter().any(|(rank, _)| rank.phase == Phase::End);
    sorted
        .into_iter()
        .filter(|(rank, _)| !(is_endless && rank.phase == Phase::Reach))
        .map(|(_, finding)| finding)
        .collect()
}

fn has_terminal_state(document: &Value) -> bool {
    let is_terminal = |state: &Value| {
        state.get("End") == Some(&Value::Bool(true))
            || matches!(state.get("Type").and_then(Value::as_str), Some("Succeed" | "Fail"))
    };
    let states = document.get("States").and_then(Value::as_object);
    states.is_some_and(|states| states.values().any(is_terminal))
}

fn no_terminal_state() -> Finding {
    Finding {
        code: "MISSING_END_STATE".to_owned(),
        is_refused: true,
        location: None,
        message: "Workflow has no terminal state".to_owned(),
    }
}

/// Refuses a definition as `CreateStateMachine` does, if the service would.
pub(crate) fn refuse(findings: &[Finding]) -> Result<(), Refusal> {
    let faults: Vec<String> = findings
        .iter()
        .filter(|finding| finding.is_refused)
        .map(|finding| match &finding.location {
            Some(location) => format!("{}: {} at {location}", finding.code, finding.message),
            None => format!("{}: {}", finding.code, finding.message),
        })
        .collect();
    if faults.is_empty() {
        return Ok(());
    }
    let message = format!("Invalid State Machine Definition: '{}'", faults.join(", "));
    Err(Refusal::new("InvalidDefinition", message))
}

/// When the service looks for something; it reports in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    Schema,
    Targets,
    End,
    Reach,
    /// Never: it is only our advice.
    Advice,
}

/// Where a finding stands among the others.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    phase: Phase,
    /// The position in the document, level by level.
    position: Vec<usize>,
}

/// What the service makes of a rule's diagnostics.
struct Ruling {
    code: &'static str,
    phase: Phase,
    at: At,
    words: fn(&Fault<'_>) -> String,
}

/// The place that the service names, seen from the diagnostic's.
#[derive(Clone, Copy)]
enum At {
    Itself,
    /// The object that holds it.
    Owner,
    Nowhere,
}

const SCHEMA: &str = "SCHEMA_VALIDATION_FAILED";
const TARGET: &str = "MISSING_TRANSITION_TARGET";

/// The rulings by rule. What is not listed the service accepts: it fails later, or it is our opinion.
fn ruling(fault: &Fault<'_>) -> Option<Ruling> {
    use At::{Itself, Nowhere, Owner};
    let schema =
        |at, words: fn(&Fault<'_>) -> String| Ruling { code: SCHEMA, phase: Phase::Schema, at, words };
    let ruling = match fault.diagnostic.code.as_str() {
        "invalid-json" if fault.text.trim().is_empty() => schema(Nowhere, not_an_object),
        "wrong-type" if fault.pointer().is_empty() => schema(Nowhere, not_an_object),
        "invalid-json" => Ruling { code: "INVALID_JSON_DESCRIPTION", ..schema(Nowhere, in_our_words) },
        "duplicate-field" => Ruling {
            code: "INVALID_JSON_DESCRIPTION",
            ..schema(Nowhere, |fault| format!("Duplicate field '{}'", fault.last()))
        },
        "missing-field" => schema(Itself, missing),
        "credentials-without-role" => {
            schema(Itself, |_| "The field 'RoleArn' is required but was missing".to_owned())
        }
        "conflicting-fields" => schema(Owner, |fault| {
            format!("There should only be one of the following fields: [{}]", fault.quoted().join(", "))
        }),
        "conflicting-template-fields" => schema(Owner, |fault| {
            format!("There should only be one of the following fields: [{}]", fault.quoted().join(", "))
        }),
        "unknown-field" => schema(Owner, |fault| format!("Field '{}' is not supported", fault.last())),
        "wrong-type" => schema(Itself, wrong_type),
        "invalid-value" if fault.last() == "Type" => schema(Itself, |_| {
            "The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]"
                .to_owned()
        }),
        "invalid-value" => schema(Itself, |fault| {
            format!("Value is not one of the allowed values: '{}'", fault.value_text())
        }),
        "invalid-timestamp" => schema(Itself, |_| "String does not match RFC3339 timestamp".to_owned()),
        "retrier-range" | "timeout-range" | "map-range" => schema(Itself, out_of_range),
        "empty-list" => schema(Itself, |_| "Minimum number of elements is 1".to_owned()),
        "invalid-path" | "invalid-intrinsic" | "unknown-intrinsic" => {
            let is_template = fault.last().ends_with(".$");
            schema(if is_template { Owner } else { Itself }, invalid_path)
        }
        "wrong-query-language" if fault.last() == "QueryLanguage" => schema(Owner, |_| {
            "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine".to_owned()
        }),
        "wrong-query-language" => schema(Owner, wrong_query_language),
        "express-integration" => schema(Itself, express_integration),
        "invalid-resource" | "unknown-integration" | "unsupported-pattern" => {
            schema(Itself, unknown_resource)
        }
        "wildcard-placement" => {
            schema(Itself, |_| "States.ALL must appear alone and in the last element".to_owned())
        }
        "jsonata-syntax" | "refused-jsonata" | "jsonata-delimiters" => {
            Ruling { code: "INVALID_JSONATA_EXPRESSION", ..schema(Itself, jsonata) }
        }
        "reassigned-outer-variable" => Ruling {
            code: "DUPLICATE_VARIABLE_NAME",
            ..schema(Itself, |fault| format!("Duplicate variable name: {}", fault.last()))
        },
        "duplicate-state-name" => Ruling {
            code: "DUPLICATE_STATE_NAME",
            ..schema(Itself, |fault| format!("Duplicate State name: {}", fault.last()))
        },
        "state-name-too-long" => Ruling {
            code: "INVALID_STATE_NAME",
            ..schema(Itself, |_| "State name must have length less than or equal to 80".to_owned())
        },
        "invalid-label" => Ruling { code: "INVALID_LABEL_NAME", ..schema(Itself, label) },
        "missing-target" => Ruling { code: TARGET, phase: Phase::Targets, at: Itself, words: missing_target },
        "no-way-out" => Ruling {
            code: "MISSING_END_STATE",
            phase: Phase::End,
            at: Nowhere,
            words: |_| no_terminal_state().message,
        },
        "unreachable-state" => Ruling {
            code: TARGET,
            phase: Phase::Reach,
            at: Itself,
            words: |fault| format!("State \"{}\" is not reachable.", fault.last()),
        },
        _ => return None,
    };
    Some(ruling)
}

fn not_an_object(_: &Fault<'_>) -> String {
    "Definition must be a valid JSON object".to_owned()
}

/// The service would put it differently, but how is not known.
fn in_our_words(fault: &Fault<'_>) -> String {
    capitalised(&fault.diagnostic.message)
}

fn missing(fault: &Fault<'_>) -> String {
    let fields =
        fault.quoted().into_iter().map(|name| name.trim_end_matches(": true").trim_matches('"').to_owned());
    let fields = in_the_services_order(fields.collect());
    format!("There should be one of the following fields: [{}]", fields.join(", "))
}

fn missing_target(fault: &Fault<'_>) -> String {
    // The word is `Next` whatever field names the target, but for the start.
    let field = if fault.last() == "StartAt" { "StartAt" } else { "Next" };
    format!("Missing '{field}' target: {}", fault.value_text())
}

fn wrong_type(fault: &Fault<'_>) -> String {
    let expected = &fault.diagnostic.message;
    let kinds = [
        ("whole number", "Integer"),
        ("number", "Number"),
        ("string", "String"),
        ("object", "Object"),
        ("array", "Array"),
        ("list", "Array"),
        ("true", "Boolean"),
    ];
    let expected = expected.rsplit_once("expected").map_or(expected.as_str(), |(_, expected)| expected);
    let kind = kinds.iter().find(|(word, _)| expected.contains(word)).map_or("String", |(_, kind)| kind);
    format!("Expected value of type {kind}")
}

/// Ranges stand in the diagnostics as `1 to 99`.
fn out_of_range(fault: &Fault<'_>) -> String {
    let found = fault.value().and_then(Value::as_f64).unwrap_or_default();
    let bounds = fault.diagnostic.message.rsplit_once("expected ").map_or("", |(_, bounds)| bounds);
    let (least, most) = bounds.split_once(" to ").unwrap_or((bounds, ""));
    match most.parse::<f64>() {
        Ok(limit) if found > limit => format!("Maximum value is {most}"),
        _ => format!("Minimum value is {}", least.split(' ').next_back().unwrap_or("1")),
    }
}

fn invalid_path(fault: &Fault<'_>) -> String {
    let field = fault.last();
    if field.ends_with(".$") {
        let allowed = "a valid JSONPath or a valid intrinsic function call";
        return format!("The value for the field '{field}' must be {allowed}");
    }
    let is_reference = field.ends_with("Path") && !matches!(field.as_str(), "InputPath" | "OutputPath");
    if is_reference {
        "Value is not a Reference Path".to_owned()
    } else {
        "Value is not a valid JSONPath".to_owned()
    }
}

fn wrong_query_language(fault: &Fault<'_>) -> String {
    let field = fault.last();
    let jsonata_only = matches!(field.as_str(), "Arguments" | "Output" | "Items" | "Condition");
    let (here, there) = if jsonata_only { ("JSONPath", "JSONata") } else { ("JSONata", "JSONPath") };
    format!(
        "The QueryLanguage is set to '{here}', but field '{field}' is only supported for the '{there}' QueryLanguage"
    )
}

fn express_integration(fault: &Fault<'_>) -> String {
    let resource = fault.value_text();
    // The blank that only this message has is the service's.
    if resource.ends_with(".waitForTaskToken") {
        "Express state machine does not support '.waitForTaskToken' service integration ".to_owned()
    } else if resource.contains(":activity:") {
        "Express state machine does not support Activity ARN".to_owned()
    } else {
        let pattern = if resource.ends_with(".sync:2") { ".sync:2" } else { ".sync" };
        format!("Express state machine does not support '{pattern}' service integration")
    }
}

fn unknown_resource(fault: &Fault<'_>) -> String {
    format!(
        "The resource provided {} is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.",
        fault.value_text()
    )
}

fn jsonata(fault: &Fault<'_>) -> String {
    let message = &fault.diagnostic.message;
    let message = message.split_once("cannot be read: ").map_or(message.as_str(), |(_, message)| message);
    capitalised(message)
}

fn label(fault: &Fault<'_>) -> String {
    let label = fault.value_text();
    if label.is_empty() {
        "Label cannot be empty".to_owned()
    } else if label.chars().count() > 40 {
        "Label cannot exceed 40 characters".to_owned()
    } else if fault.diagnostic.message.ends_with("twice") {
        format!("Duplicate label name: {label}")
    } else {
        format!("Label contains invalid character: '{}'", fault.quoted().first().map_or("", String::as_str))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: ExecutionType, text: &str, expected: &str) {
        let message = refuse(&judge(text, kind)).map_or_else(|refusal| refusal.message, |()| String::new());
        assert_eq!(message, expected, "{text}");
    }

    fn standard(states: &str, expected: &str) {
        let text = format!(r#"{{"StartAt": "A", "States": {states}}}"#);
        check(ExecutionType::Standard, &text, &format!("Invalid State Machine Definition: '{expected}'"));
    }

    #[test]
    fn a_text_that_is_no_object_has_no_place() {
        for text in ["", " ", "[]", "7"] {
            let expected = "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object'";
            check(ExecutionType::Standard, text, expected);
        }
    }

    #[test]
    fn targets_come_before_ends_and_endless_machines_are_not_searched() {
        standard(
            r#"{"A": {"Type": "Pass", "Next": "Nope"}}"#,
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: Nope at /States/A/Next, MISSING_END_STATE: Workflow has no terminal state",
        );
        standard(
            r#"{"A": {"Type": "Pass", "Next": "A"}, "B": {"Type": "Pass", "Next": "A"}}"#,
            "MISSING_END_STATE: Workflow has no terminal state",
        );
        standard(
            r#"{"A": {"Type": "Pass", "End": true}, "B": {"Type": "Pass", "Next": "A"}}"#,
            "MISSING_TRANSITION_TARGET: State \"B\" is not reachable. at /States/B",
        );
        standard(
            r#"{"A": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsNull": true, "Next": "Nope"}], "Default": "B"},
                "B": {"Type": "Succeed"}}"#,
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: Nope at /States/A/Choices[0]/Next",
        );
    }

    #[test]
    fn fields_are_reported_at_the_object_that_has_them() {
        standard(
            r#"{"A": {"Type": "Pass", "End": true, "Catch": []}}"#,
            "SCHEMA_VALIDATION_FAILED: Field 'Catch' is not supported at /States/A",
        );
        standard(
            r#"{"A": {"Type": "Pass", "End": true, "Output": 1}}"#,
            "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage at /States/A",
        );
        standard(
            r#"{"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
                "Retry": [{"MaxAttempts": 2}]}}"#,
            "SCHEMA_VALIDATION_FAILED: These fields are required: [ErrorEquals] at /States/A/Retry[0]",
        );
        standard(
            r#"{"A": {"Type": "Wait", "Seconds": -1, "End": true}}"#,
            "SCHEMA_VALIDATION_FAILED: Minimum value is 0 at /States/A/Seconds",
        );
    }

    #[test]
    fn what_only_fails_later_is_not_refused() {
        let text = r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
            "A": {"Type": "Pass", "Output": "{% $nobody %}", "End": true}}}"#;
        check(ExecutionType::Standard, text, "");
        assert!(
            judge(text, ExecutionType::Standard).iter().any(|finding| finding.code == "UNASSIGNED_VARIABLE")
        );
    }

    #[test]
    fn express_has_no_callbacks() {
        let text = r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": {"T.$": "$$.Task.Token"}}}}"#;
        check(
            ExecutionType::Express,
            text,
            "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Express state machine does not support '.waitForTaskToken' service integration  at /States/A/Resource'",
        );
    }
}
