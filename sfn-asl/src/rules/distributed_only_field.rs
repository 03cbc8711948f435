//! `distributed-only-field`: a Map State has a field that counts in the other mode only.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, Map, Place, ProcessorMode, Severity, State};

const CODE: Code = Code::new("distributed-only-field");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    what: "An `ItemReader`, `ItemBatcher`, `ResultWriter`, `Label`, tolerated failures or an `ExecutionType` in a Map State \
           whose `Mode` is `INLINE` (or not given); a `DISTRIBUTED` one without `ExecutionType`.",
    why: "These belong to child Executions. An inline Map State has none, and a distributed one must say of which kind \
          they are.",
    instead: "Set `\"ProcessorConfig\": {\"Mode\": \"DISTRIBUTED\", \"ExecutionType\": \"STANDARD\"}`, or remove the field.",
    invalid: &[
        Example::new(
            "/States/Each/ItemReader",
            r#"{"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true,
                "ItemReader": {"Resource": "arn:aws:states:::s3:listObjectsV2", "Parameters": {"Bucket": "b"}},
                "ItemProcessor": {"StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}}}}"#,
        ),
        Example::new(
            "/States/Each/ItemProcessor/ProcessorConfig",
            r#"{"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true, "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED"},
                "StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}}}}"#,
        ),
    ],
    valid: &[
        r#"{"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true, "ToleratedFailurePercentage": 5,
        "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
            "StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}}}}"#,
    ],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in &survey.sites {
        let State::Map(map) = site.state else { continue };
        let processor = &map.item_processor;
        let config = || site.pointer().join(processor.field).join("ProcessorConfig");
        let execution_type = processor.config.as_ref().and_then(|config| config.execution_type);
        if processor.mode() == ProcessorMode::Distributed {
            if execution_type.is_none() {
                let message = "a distributed Map State must say of which kind its child Executions are";
                let help = "add `\"ExecutionType\": \"STANDARD\"` or `\"EXPRESS\"`";
                found.push(Diagnostic::warning(CODE, config(), message).with_help(help));
            }
            continue;
        }
        let fields = distributed_fields(map).map(|field| (field, site.pointer().join(field)));
        let execution_type = execution_type.map(|_| ("ExecutionType", config().join("ExecutionType")));
        for (field, pointer) in fields.chain(execution_type) {
            let message = format!("`{field}` has no meaning in an inline Map State");
            let help = "set `Mode` to `DISTRIBUTED`, or remove the field";
            found.push(Diagnostic::warning(CODE, Place::Name(pointer), message).with_help(help));
        }
    }
}

fn distributed_fields(map: &Map) -> impl Iterator<Item = &'static str> {
    let fields = [
        ("ItemReader", map.item_reader.is_some()),
        ("ItemBatcher", map.item_batcher.is_some()),
        ("ResultWriter", map.result_writer.is_some()),
        ("Label", map.label.is_some()),
        ("ToleratedFailureCount", map.tolerated_failure_count.is_some()),
        ("ToleratedFailurePercentage", map.tolerated_failure_percentage.is_some()),
    ];
    fields.into_iter().filter(|(_, is_present)| *is_present).map(|(name, _)| name)
}
