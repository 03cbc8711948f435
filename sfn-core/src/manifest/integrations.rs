//! Lists the services a state machine calls: read from the definition itself, so that States written by hand are among them.
//! Separate because it asks the document, where the rest of the manifest asks the workflow.

use std::collections::BTreeMap;

use sfn_asl::{IntegrationPattern, State, StateMachine, Value, Visitor, walk};

use super::{IntegrationManifest, TargetManifest};

/// The arguments that name what a service acts on.
const TARGETS: [&str; 16] = [
    "ApiEndpoint",
    "Bucket",
    "Cluster",
    "ConnectionArn",
    "EventBusName",
    "FromEmailAddress",
    "FunctionName",
    "JobDefinition",
    "JobName",
    "JobQueue",
    "ModelId",
    "QueueUrl",
    "StateMachineArn",
    "TableName",
    "TaskDefinition",
    "TopicArn",
];

/// The service integrations of a definition, functions of tasks apart, in the order of their `Resource`s.
pub(super) fn integrations(machine: &StateMachine) -> Vec<IntegrationManifest> {
    let mut found = Found::default();
    walk(machine, &mut found);
    found.0.into_values().collect()
}

#[derive(Default)]
struct Found(BTreeMap<String, IntegrationManifest>);

impl Visitor for Found {
    fn state(&mut self, name: &str, state: &State) {
        let State::Task(task) = state else { return };
        let Some(called) = task.resource.strip_prefix("arn:aws:states:::") else { return };
        let pattern = match IntegrationPattern::of(&task.resource) {
            IntegrationPattern::RunAJob => "RUN_A_JOB",
            IntegrationPattern::WaitForCallback => "WAIT_FOR_CALLBACK",
            _ => "REQUEST_RESPONSE",
        };
        let suffix = |called: &str| called.rfind('.').filter(|_| pattern != "REQUEST_RESPONSE");
        let called = &called[..suffix(called).unwrap_or(called.len())];
        let Some((service, action)) = called.rsplit_once(':').filter(|(service, _)| *service != "lambda")
        else {
            return;
        };
        let entry = self.0.entry(task.resource.clone()).or_insert_with(|| IntegrationManifest {
            resource: task.resource.clone(),
            service: service.to_owned(),
            action: action.to_owned(),
            pattern: pattern.to_owned(),
            targets: Vec::new(),
            states: Vec::new(),
        });
        entry.states.push(name.to_owned());
        if let Some(arguments) = &task.arguments {
            targets(arguments, &mut entry.targets);
        }
    }
}

/// The named things in a template, wherever they stand in it.
fn targets(template: &Value, found: &mut Vec<TargetManifest>) {
    for item in template.as_array().into_iter().flatten() {
        targets(item, found);
    }
    for (name, value) in template.as_object().into_iter().flat_map(sfn_jsonata::Object::iter) {
        if !TARGETS.contains(&&**name) {
            targets(value, found);
            continue;
        }
        let constant = value.as_str().filter(|text| !sfn_asl::is_jsonata_string(text));
        let target = TargetManifest { argument: name.to_string(), value: constant.map(str::to_owned) };
        if !found.contains(&target) {
            found.push(target);
        }
    }
}
