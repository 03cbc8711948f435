//! A task's function, with the role it runs in and the group it logs to. Separate from state machines, which only name it.

use super::{LAMBDA, TABLE, function as id, links, log, reference, role, statement};
use crate::IDEMPOTENCY_TABLE;
use crate::iam::VALUES_VARIABLE;
use crate::stack::{Function, Stack};
use crate::yaml::{Entry, Node, entry};

pub(super) fn resources(stack: &Stack, function: &Function) -> [Entry; 3] {
    let log_group = format!("{}LogGroup", function.id);
    let role_id = format!("{}Role", function.id);
    let statements = function.statements.iter().map(|own| statement(stack, own, &log_group)).collect();
    let mut properties = vec![
        entry("Handler", &function.task),
        entry("Role", super::attribute(&format!("{role_id}.Arn"))),
        entry("Timeout", function.timeout_seconds),
        entry("LoggingConfig", [entry("LogFormat", "JSON"), entry("LogGroup", reference(&log_group))]),
        // SAM would take it in `Globals`, but not all tools that read templates do.
        entry("AutoPublishAliasAllProperties", true),
    ];
    if let Some(comment) = &function.comment {
        properties.insert(0, entry("Description", comment));
    }
    let table = function.idempotent.then(|| entry(IDEMPOTENCY_TABLE, reference(TABLE)));
    let bucket = || entry(VALUES_VARIABLE, reference(super::values::BUCKET));
    let bucket = (!function.values.is_empty()).then(bucket);
    let variables: Vec<Entry> =
        table.into_iter().chain(bucket).chain(links::variables(stack, function)).collect();
    if !variables.is_empty() {
        properties.push(entry("Environment", [entry("Variables", variables)]));
    }
    if let Some(memory) = function.memory_mb {
        properties.push(entry("MemorySize", u64::from(memory)));
    }
    properties.extend(links::url(stack, function));
    [
        entry(id(function), [entry("Type", "AWS::Serverless::Function"), entry("Properties", properties)]),
        entry(role_id, role(LAMBDA, statements)),
        log(log_group, None),
    ]
}

/// The table of what idempotent tasks have done. What it holds is of no use for long: it is not backed up.
pub(super) fn idempotency_table() -> Entry {
    let attribute: Node = [entry("AttributeName", "id"), entry("AttributeType", "S")].into();
    let key: Node = [entry("AttributeName", "id"), entry("KeyType", "HASH")].into();
    let properties = [
        entry("BillingMode", "PAY_PER_REQUEST"),
        entry("AttributeDefinitions", vec![attribute]),
        entry("KeySchema", vec![key]),
        entry("TimeToLiveSpecification", [entry("AttributeName", "expires"), entry("Enabled", true)])
            .about("Results go by themselves when nobody asks for them any more."),
    ];
    entry(TABLE, [entry("Type", "AWS::DynamoDB::Table"), entry("Properties", properties)])
}
