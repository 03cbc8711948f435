//! A task's function, with the role it runs in and the group it logs to. Separate from state machines, which only name it.

use super::{LAMBDA, function as id, log, reference, role, statement};
use crate::stack::{Function, Stack};
use crate::yaml::{Entry, entry};

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
    if let Some(memory) = function.memory_mb {
        properties.push(entry("MemorySize", u64::from(memory)));
    }
    [
        entry(id(function), [entry("Type", "AWS::Serverless::Function"), entry("Properties", properties)]),
        entry(role_id, role(LAMBDA, statements)),
        log(log_group, None),
    ]
}
