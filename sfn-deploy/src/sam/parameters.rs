//! What differs by stage. Separate because the user's own template passes the same parameters on.

use crate::stack::{DEFAULT_MEMORY_MB, EXPIRATION, EXPIRATION_DAYS, Stack, Variable};
use crate::yaml::{Entry, Node, entry};

/// The parameters that every stack has: name, default, description, further properties.
pub(super) fn parameters(stack: &Stack) -> Vec<Entry> {
    let optional = |name: &str, description: &str| {
        entry(name, [entry("Type", "String"), entry("Default", ""), entry("Description", description)])
    };
    let mut parameters = vec![
        entry(
            "LogLevel",
            [
                entry("Type", "String"),
                entry("Default", "ERROR"),
                entry("AllowedValues", Node::Row(["ALL", "ERROR", "FATAL", "OFF"].map(Into::into).into())),
                entry("Description", "Which events state machines log."),
            ],
        ),
        entry(
            "LogExecutionData",
            [
                entry("Type", "String"),
                entry("Default", "false"),
                entry("AllowedValues", Node::Row(["true", "false"].map(Into::into).into())),
                entry(
                    "Description",
                    "Whether state machines log inputs and outputs, with all that is personal in them.",
                ),
            ],
        ),
        entry(
            "LogRetentionInDays",
            [
                entry("Type", "Number"),
                entry("Default", 30),
                entry("Description", "After how many days logs are deleted."),
            ],
        ),
        entry(
            "MemorySize",
            [
                entry("Type", "Number"),
                entry("Default", u64::from(DEFAULT_MEMORY_MB)),
                entry("MinValue", 128),
                entry("MaxValue", 10_240),
                entry("Description", "The memory in MiB of functions whose tasks name none."),
            ],
        ),
        optional(
            "KmsKeyArn",
            "A key to encrypt state machines and logs with; its policy must let CloudWatch Logs use it.",
        ),
        optional("AlarmTopicArn", "An SNS topic that hears of alarms."),
        optional(
            "FailureTargetArn",
            "What EventBridge sends failed executions to: a queue, a topic, a function.",
        ),
    ];
    if stack.keeps_values() {
        parameters.push(entry(
            super::values::EXPIRATION,
            [
                entry("Type", "Number"),
                entry("Default", EXPIRATION_DAYS),
                entry("MinValue", 1),
                entry("Description", EXPIRATION),
            ],
        ));
    }
    parameters.extend(required(stack).into_iter().map(|(name, description)| {
        entry(name, [entry("Type", "String"), entry("Description", description)])
    }));
    parameters
}

/// The parameters without a default, each with its description.
pub(super) fn required(stack: &Stack) -> Vec<(String, String)> {
    let filled_in =
        stack.parameters.iter().map(|parameter| (parameter.name.clone(), parameter.description.clone()));
    let mut required: Vec<_> = filled_in.collect();
    for Variable { name, parameter } in &stack.environment {
        if stack.parameters.iter().all(|known| known.name != *parameter) {
            required.push((parameter.clone(), format!("The environment variable {name} of the functions.")));
        }
    }
    required
}

/// What parameters may not say together: the data of payloads that are personal is not logged unless it is encrypted.
pub(super) fn rules(stack: &Stack) -> Option<Entry> {
    let personal = stack.personal();
    if personal.is_empty() {
        return None;
    }
    let description = format!(
        "Payloads of {} hold personal data: leave LogExecutionData at false, or give a KmsKeyArn to encrypt it with.",
        personal.join(", ")
    );
    let equals = |name: &str, value: &str| {
        Node::Call("Equals", Box::new(Node::Row(vec![super::reference(name), value.into()])))
    };
    let is_given = Node::Call("Not", Box::new(Node::Row(vec![equals("KmsKeyArn", "")])));
    let assertion: Node = [entry("Assert", is_given), entry("AssertDescription", description)].into();
    let rule =
        [entry("RuleCondition", equals("LogExecutionData", "true")), entry("Assertions", vec![assertion])];
    Some(entry("Rules", [entry("PersonalData", rule)]))
}

pub(super) fn conditions() -> Vec<Entry> {
    let given = |condition: &str, parameter: &str| {
        let equals = Node::Call("Equals", Box::new(Node::Row(vec![super::reference(parameter), "".into()])));
        entry(condition, Node::Call("Not", Box::new(Node::Row(vec![equals]))))
    };
    vec![
        given("HasKey", "KmsKeyArn"),
        given("HasAlarmTopic", "AlarmTopicArn"),
        given("HasFailureTarget", "FailureTargetArn"),
    ]
}
