//! The operations on State Machines, their versions and their aliases, and on definitions.
//! Separate because each group of operations is a file of its own.

use serde_json::{Value as Json, json};
use sfn_asl::ExecutionType;

use super::protocol::{Call, output, some, time};
use crate::control::{
    AliasDescription, Control, CreateStateMachine, Finding, MachineDescription, Refusal, RouteTo,
    UpdateStateMachine, VersionSummary, judge,
};

pub(super) fn create_state_machine(control: &Control, call: &Call) -> Result<Json, Refusal> {
    let created = control.create_state_machine(
        &call.place,
        CreateStateMachine {
            name: call.required("name").to_owned(),
            definition: call.required("definition").to_owned(),
            role_arn: call.required("roleArn").to_owned(),
            kind: kind(call),
            logging: call.json("loggingConfiguration").cloned(),
            tracing: call.json("tracingConfiguration").cloned(),
            encryption: call.json("encryptionConfiguration").cloned(),
            tags: call.tags(),
            publish: call.flag("publish").unwrap_or(false),
            version_description: call.text("versionDescription"),
        },
    )?;
    Ok(output([
        ("stateMachineArn", some(&*created.arn)),
        ("creationDate", Some(time(created.created))),
        ("stateMachineVersionArn", created.version_arn.map(Json::from)),
    ]))
}

pub(super) fn update_state_machine(control: &Control, call: &Call) -> Result<Json, Refusal> {
    let updated = control.update_state_machine(UpdateStateMachine {
        machine: call.required("stateMachineArn").to_owned(),
        definition: call.text("definition"),
        role_arn: call.text("roleArn"),
        logging: call.json("loggingConfiguration").cloned(),
        tracing: call.json("tracingConfiguration").cloned(),
        encryption: call.json("encryptionConfiguration").cloned(),
        publish: call.flag("publish").unwrap_or(false),
        version_description: call.text("versionDescription"),
    })?;
    Ok(output([
        ("updateDate", Some(time(updated.updated))),
        ("revisionId", updated.revision_id.map(Json::from)),
        ("stateMachineVersionArn", updated.version_arn.map(Json::from)),
    ]))
}

pub(super) fn describe_state_machine(control: &Control, call: &Call) -> Result<Json, Refusal> {
    let machine = control.describe_state_machine(call.required("stateMachineArn"))?;
    let mut described = described(&machine, is_without_data(call));
    described["type"] = machine.kind.as_str().into();
    described["status"] = if machine.is_deleting { "DELETING" } else { "ACTIVE" }.into();
    described["creationDate"] = time(machine.created);
    if let Some(description) = machine.description {
        described["description"] = description.into();
    }
    Ok(described)
}

pub(super) fn describe_state_machine_for_execution(control: &Control, call: &Call) -> Result<Json, Refusal> {
    let machine = control.describe_machine_of(call.required("executionArn"))?;
    let mut described = described(&machine, is_without_data(call));
    described["updateDate"] = time(machine.updated);
    Ok(described)
}

/// What both descriptions have in common. Without data the definition is an empty object.
fn described(machine: &MachineDescription, is_without_data: bool) -> Json {
    let definition = if is_without_data { "{}" } else { &machine.definition };
    output([
        ("stateMachineArn", some(machine.arn.as_str())),
        ("name", some(&*machine.name)),
        ("definition", some(definition)),
        ("roleArn", some(&*machine.role_arn)),
        ("loggingConfiguration", Some(machine.logging.clone())),
        ("tracingConfiguration", Some(machine.tracing.clone())),
        ("encryptionConfiguration", machine.encryption.clone()),
        ("revisionId", machine.revision_id.clone().map(Json::from)),
    ])
}

pub(super) fn list_state_machines(control: &Control, call: &Call) -> Result<Json, Refusal> {
    let (machines, next) = control.list_state_machines(&call.place, &call.page())?;
    let machines: Vec<Json> = machines
        .iter()
        .map(|machine| {
            json!({
                "stateMachineArn": *machine.arn,
                "name": *machine.name,
                "type": machine.kind.as_str(),
                "creationDate": time(machine.created),
            })
        })
        .collect();
    Ok(output([("stateMachines", some(machines)), ("nextToken", next.map(Json::from))]))
}

pub(super) fn delete_state_machine(control: &Control, call: &Call) -> Result<Json, Refusal> {
    control.delete_state_machine(call.required("stateMachineArn"))?;
    Ok(json!({}))
}

pub(super) fn publish_version(control: &Control, call: &Call) -> Result<Json, Refusal> {
    let (revision, description) = (call.text("revisionId"), call.text("description"));
    let version =
        control.publish_version(call.required("stateMachineArn"), revision.as_deref(), description)?;
    Ok(version_item(&version))
}

pub(super) fn list_versions(control: &Control, call: &Call) -> Result<Json, Refusal> {
    let (versions, next) = control.list_versions(call.required("stateMachineArn"), &call.page())?;
    let versions: Vec<Json> = versions.iter().map(version_item).collect();
    Ok(output([("stateMachineVersions", some(versions)), ("nextToken", next.map(Json::from))]))
}

fn version_item(version: &VersionSummary) -> Json {
    json!({ "stateMachineVersionArn": version.arn, "creationDate": time(version.created) })
}

pub(super) fn delete_version(control: &Control, call: &Call) -> Result<Json, Refusal> {
    control.delete_version(call.required("stateMachineVersionArn"))?;
    Ok(json!({}))
}

pub(super) fn create_alias(control: &Control, call: &Call) -> Result<Json, Refusal> {
    let alias = control.create_alias(call.required("name"), call.text("description"), &routes(call))?;
    Ok(alias_item(&alias))
}

pub(super) fn update_alias(control: &Control, call: &Call) -> Result<Json, Refusal> {
    let routes = call.json("routingConfiguration").map(|_| routes(call));
    let arn = call.required("stateMachineAliasArn");
    let updated = control.update_alias(arn, call.text("description"), routes.as_deref())?;
    Ok(json!({ "updateDate": time(updated) }))
}

pub(super) fn describe_alias(control: &Control, call: &Call) -> Result<Json, Refusal> {
    let alias = control.describe_alias(call.required("stateMachineAliasArn"))?;
    let route = |route: &RouteTo| json!({ "stateMachineVersionArn": route.version, "weight": route.weight });
    Ok(output([
        ("stateMachineAliasArn", some(alias.arn)),
        ("name", some(alias.name)),
        ("description", alias.description.map(Json::from)),
        ("routingConfiguration", some(alias.routes.iter().map(route).collect::<Vec<_>>())),
        ("creationDate", Some(time(alias.created))),
        ("updateDate", Some(time(alias.updated))),
    ]))
}

pub(super) fn list_aliases(control: &Control, call: &Call) -> Result<Json, Refusal> {
    let (aliases, next) = control.list_aliases(call.required("stateMachineArn"), &call.page())?;
    let aliases: Vec<Json> = aliases.iter().map(alias_item).collect();
    Ok(output([("stateMachineAliases", some(aliases)), ("nextToken", next.map(Json::from))]))
}

pub(super) fn delete_alias(control: &Control, call: &Call) -> Result<Json, Refusal> {
    control.delete_alias(call.required("stateMachineAliasArn"))?;
    Ok(json!({}))
}

fn alias_item(alias: &AliasDescription) -> Json {
    json!({ "stateMachineAliasArn": alias.arn, "creationDate": time(alias.created) })
}

fn routes(call: &Call) -> Vec<RouteTo> {
    let route = |route: &Json| RouteTo {
        version: route["stateMachineVersionArn"].as_str().unwrap_or_default().to_owned(),
        weight: route["weight"].as_u64().unwrap_or_default(),
    };
    call.list("routingConfiguration").iter().map(route).collect()
}

pub(super) fn validate_definition(call: &Call) -> Json {
    let with_warnings = call.text("severity").as_deref() == Some("WARNING");
    let wanted = match call.json("maxResults").and_then(Json::as_u64) {
        None | Some(0) => 100,
        Some(count) => usize::try_from(count).unwrap_or(usize::MAX),
    };
    let findings = judge(call.required("definition"), kind(call));
    let is_refused = findings.iter().any(|finding| finding.is_refused);
    let diagnostic = |finding: &Finding| {
        output([
            ("severity", some(if finding.is_refused { "ERROR" } else { "WARNING" })),
            ("code", some(finding.code.as_str())),
            ("message", some(finding.message.as_str())),
            ("location", finding.location.as_deref().map(Json::from)),
        ])
    };
    let shown: Vec<&Finding> = findings.iter().filter(|it| it.is_refused || with_warnings).collect();
    json!({
        "result": if is_refused { "FAIL" } else { "OK" },
        "truncated": shown.len() > wanted,
        "diagnostics": shown.into_iter().take(wanted).map(diagnostic).collect::<Vec<_>>(),
    })
}

fn kind(call: &Call) -> ExecutionType {
    if call.text("type").as_deref() == Some("EXPRESS") {
        ExecutionType::Express
    } else {
        ExecutionType::Standard
    }
}

fn is_without_data(call: &Call) -> bool {
    call.text("includedData").as_deref() == Some("METADATA_ONLY")
}
