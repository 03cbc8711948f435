//! A state machine with its role, its log and who else may speak to it. Separate from alarms, which only watch it.

use super::{
    STATES, alarms, attribute, filled, log, machine_name, policy_document, reference, role, statement,
    statements, substituted, when,
};
use crate::iam::{CALLBACK, Statement, of_token_holder};
use crate::stack::{Activity, Machine, Stack};
use crate::yaml::{Entry, Node, entry};

pub(super) fn resources(stack: &Stack, machine: &Machine) -> Vec<Entry> {
    let id = format!("{}StateMachine", machine.id);
    let (log_group, role_id) = (format!("{id}LogGroup"), format!("{id}Role"));
    let statements = machine.statements.iter().map(|own| statement(stack, own, &log_group)).collect();
    let log_name = format!("/aws/vendedlogs/states/{}", machine_name(&machine.name));
    let log_name = entry("LogGroupName", substituted(log_name))
        .about("This prefix keeps the account's policy for log delivery short.");
    let mut resources = vec![
        entry(
            &id,
            [
                // Not SAM's own kind, which has no encryption.
                entry("Type", "AWS::StepFunctions::StateMachine"),
                entry("Properties", properties(stack, machine, &log_group, &role_id)),
            ],
        ),
        version(machine, &id),
        alias(machine),
        entry(role_id, role(STATES, statements)),
        log(log_group, Some(log_name)),
    ];
    if !machine.callbacks.is_empty() {
        resources.push(callbacks(stack, machine));
    }
    resources.extend(alarms::resources(machine, &id));
    resources
}

fn properties(stack: &Stack, machine: &Machine, log_group: &str, role_id: &str) -> Vec<Entry> {
    let substitutions: Vec<Entry> =
        machine.placeholders.iter().map(|name| entry(name, reference(&filled(stack, name)))).collect();
    let group = [entry("LogGroupArn", attribute(&format!("{log_group}.Arn")))];
    let mut properties = vec![
        entry("StateMachineName", substituted(machine_name(&machine.name)))
            .about("Named, because rights to its executions are bound to the name."),
        entry("StateMachineType", if machine.express { "EXPRESS" } else { "STANDARD" }),
        entry("DefinitionS3Location", &machine.file)
            .about("`sam deploy` and `aws cloudformation package` upload the file and put its place here."),
    ];
    if !substitutions.is_empty() {
        properties.push(entry("DefinitionSubstitutions", substitutions));
    }
    properties.extend([
        entry("RoleArn", attribute(&format!("{role_id}.Arn"))),
        entry(
            "LoggingConfiguration",
            [
                entry("Level", reference("LogLevel")),
                entry("IncludeExecutionData", reference("LogExecutionData")),
                entry("Destinations", vec![Node::from([entry("CloudWatchLogsLogGroup", group)])]),
            ],
        ),
        entry("TracingConfiguration", [entry("Enabled", true)]),
        entry("EncryptionConfiguration", when("HasKey", encryption())),
    ]);
    properties
}

fn version(machine: &Machine, id: &str) -> Entry {
    entry(
        format!("{}Version", machine.id),
        [
            entry("Type", "AWS::StepFunctions::StateMachineVersion"),
            entry("DeletionPolicy", "Retain"),
            entry("UpdateReplacePolicy", "Retain"),
            entry(
                "Properties",
                [
                    entry("StateMachineArn", reference(id)),
                    entry("StateMachineRevisionId", attribute(&format!("{id}.StateMachineRevisionId"))),
                ],
            ),
        ],
    )
}

fn alias(machine: &Machine) -> Entry {
    let version = reference(&format!("{}Version", machine.id));
    let route: Node = [entry("StateMachineVersionArn", version), entry("Weight", 100)].into();
    entry(
        format!("{}Alias", machine.id),
        [
            entry("Type", "AWS::StepFunctions::StateMachineAlias"),
            entry(
                "Properties",
                [
                    entry("Name", "live").about(
                        "Start executions of the alias: to go back is to point it at an earlier version.",
                    ),
                    entry("RoutingConfiguration", vec![route]),
                ],
            ),
        ],
    )
}

/// Apart from the functions' roles, which the machine needs before it is there.
fn callbacks(stack: &Stack, machine: &Machine) -> Entry {
    let roles: Vec<Node> =
        machine.callbacks.iter().map(|at| reference(&format!("{}Role", stack.functions[*at].id))).collect();
    let statements = statements(stack, &of_token_holder(&CALLBACK, [machine]));
    entry(
        format!("{}CallbackPolicy", machine.id),
        [
            entry("Type", "AWS::IAM::Policy"),
            entry(
                "Properties",
                [
                    entry("PolicyName", "callback"),
                    entry("PolicyDocument", policy_document(statements)),
                    entry("Roles", roles),
                ],
            ),
        ],
    )
}

/// What workers may do, for the roles that they run in.
pub(super) fn worker(stack: &Stack, rights: &[Statement]) -> Entry {
    let properties = [entry("PolicyDocument", policy_document(statements(stack, rights)))];
    entry("WorkerPolicy", [entry("Type", "AWS::IAM::ManagedPolicy"), entry("Properties", properties)])
}

pub(super) fn activity(activity: &Activity) -> Entry {
    let name = heck::ToKebabCase::to_kebab_case(activity.id.as_str());
    entry(
        format!("{}Activity", activity.id),
        [
            entry("Type", "AWS::StepFunctions::Activity"),
            entry(
                "Properties",
                [
                    entry("Name", substituted(format!("${{AWS::StackName}}-{name}"))),
                    entry("EncryptionConfiguration", when("HasKey", encryption())),
                ],
            ),
        ],
    )
}

fn encryption() -> Node {
    [entry("Type", "CUSTOMER_MANAGED_KMS_KEY"), entry("KmsKeyId", reference("KmsKeyArn"))].into()
}
