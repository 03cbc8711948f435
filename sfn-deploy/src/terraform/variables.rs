//! What differs by stage. Separate because a user reads it first.

use crate::hcl::{Expr, Item, bare, block, literal, set};
use crate::stack::{DEFAULT_MEMORY_MB, EXPIRATION, EXPIRATION_DAYS, Stack};
use heck::ToSnakeCase as _;

pub(super) fn variables(stack: &Stack) -> Vec<Item> {
    let mut variables = vec![
        variable("prefix", "What the names of all that is made begin with.", "string", Some(literal("dev-"))),
        variable(
            "log_level",
            "Which events state machines log: ALL, ERROR, FATAL or OFF.",
            "string",
            Some(literal("ERROR")),
        ),
        variable(
            "log_execution_data",
            "Whether state machines log inputs and outputs, with all that is personal in them.",
            "bool",
            Some(bare("false")),
        ),
        variable(
            "log_retention_in_days",
            "After how many days logs are deleted.",
            "number",
            Some(bare("30")),
        ),
        variable(
            "memory_size",
            "The memory in MiB of functions whose tasks name none.",
            "number",
            Some(bare(DEFAULT_MEMORY_MB.to_string())),
        ),
        variable(
            "kms_key_arn",
            "A key to encrypt state machines and logs with; its policy must let CloudWatch Logs use it.",
            "string",
            Some(bare("null")),
        ),
        variable("alarm_topic_arn", "An SNS topic that hears of alarms.", "string", Some(bare("null"))),
        variable(
            "failure_target_arn",
            "What EventBridge sends failed executions to: a queue, a topic, a function.",
            "string",
            Some(bare("null")),
        ),
    ];
    if stack.keeps_values() {
        let days = Some(bare(EXPIRATION_DAYS.to_string()));
        variables.push(variable(super::values::EXPIRATION, EXPIRATION, "number", days));
    }
    variables.extend(
        stack.parameters.iter().map(|parameter| {
            variable(&parameter.name.to_snake_case(), &parameter.description, "string", None)
        }),
    );
    if !stack.functions.is_empty() {
        variables.push(environment(stack));
    }
    variables
}

/// The variables that the tasks are known to read, or else whatever the stage gives.
fn environment(stack: &Stack) -> Item {
    let description = "The environment variables of the functions.";
    if stack.environment.is_empty() {
        return variable("environment", description, "map(string)", Some(bare("{}")));
    }
    let members: Vec<String> =
        stack.environment.iter().map(|variable| format!("{} = string", variable.name)).collect();
    variable("environment", description, &format!("object({{ {} }})", members.join(", ")), None)
}

fn variable(name: &str, description: &str, kind: &str, default: Option<Expr>) -> Item {
    let mut body = vec![set("description", literal(description)), set("type", bare(kind))];
    body.extend(default.map(|value| set("default", value)));
    block("variable", &[name], body)
}
