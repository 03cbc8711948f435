//! A state machine with its role, its log, who else may speak to it and who hears when it fails. Separate from functions,
//! of which it names versions.

use super::{filled, machine_name, policy, statement, statements, trust, where_given};
use crate::hcl::{Expr, Item, bare, block, comment, literal, row, set, text};
use crate::iam::{CALLBACK, Statement, of_token_holder};
use crate::placeholders::Part;
use crate::stack::{Activity, Machine, Stack};
use heck::{ToKebabCase as _, ToSnakeCase as _};

/// What all state machines share.
pub(super) fn shared(stack: &Stack) -> Vec<Item> {
    let source = [
        set("test", literal("StringEquals")),
        set("variable", literal("aws:SourceAccount")),
        set("values", bare("[data.aws_caller_identity.current.account_id]")),
    ];
    let alarms = crate::ALARMS.iter().map(|(metric, meaning)| ((*metric).to_owned(), literal(meaning)));
    let has = |part: &Part| stack.has(part);
    let places = [("aws_partition", Part::Partition), ("aws_region", Part::Region)];
    let places = places.iter().filter(|(_, part)| has(part));
    let mut items = vec![
        block("locals", &[], [set("alarms", Expr::Object(alarms.collect()))]),
        block("data", &["aws_caller_identity", "current"], []),
    ];
    items.extend(places.map(|(data, _)| block("data", &[data, "current"], [])));
    items.push(trust("states_trust", "states.amazonaws.com", vec![block("condition", &[], source)]));
    items
}

pub(super) fn resources(stack: &Stack, machine: &Machine) -> Vec<Item> {
    let id = machine.id.to_snake_case();
    let log_group = format!("aws_cloudwatch_log_group.{id}");
    let rights = machine.statements.iter().flat_map(|own| statement(stack, own, &log_group)).collect();
    let mut items = vec![
        block("resource", &["aws_sfn_state_machine", &id], state_machine(stack, machine, &id)),
        comment("Start executions of the alias: to go back is to point it at an earlier version."),
        block("resource", &["aws_sfn_alias", &id], alias(&id)),
        block(
            "resource",
            &["aws_iam_role", &id],
            [
                set("name", text(format!("${{var.prefix}}{}-states", machine.name))),
                set("assume_role_policy", bare("data.aws_iam_policy_document.states_trust.json")),
            ],
        ),
        block(
            "resource",
            &["aws_iam_role_policy", &id],
            [
                set("name", literal("own")),
                set("role", bare(format!("aws_iam_role.{id}.id"))),
                set("policy", bare(format!("data.aws_iam_policy_document.{id}.json"))),
            ],
        ),
        policy(&id, rights),
        block(
            "resource",
            &["aws_cloudwatch_log_group", &id],
            [
                comment("This prefix keeps the account's policy for log delivery short."),
                set("name", text(format!("/aws/vendedlogs/states/${{var.prefix}}{}", machine.name))),
                set("retention_in_days", bare("var.log_retention_in_days")),
                set("kms_key_id", bare("var.kms_key_arn")),
            ],
        ),
    ];
    if !machine.callbacks.is_empty() {
        items.extend(callbacks(stack, machine, &id));
    }
    items.push(alarm(machine, &id));
    // EventBridge hears nothing of Express executions.
    if !machine.express {
        items.extend(failures(machine, &id));
    }
    items
}

fn state_machine(stack: &Stack, machine: &Machine, id: &str) -> Vec<Item> {
    let substitutions = machine.placeholders.iter().map(|name| (name.clone(), bare(filled(stack, name))));
    let path = format!("${{path.module}}/{}", machine.file);
    let mut items = vec![
        set("name", text(machine_name(&machine.name))),
        set("type", literal(if machine.express { "EXPRESS" } else { "STANDARD" })),
        set("role_arn", bare(format!("aws_iam_role.{id}.arn"))),
        set("publish", bare("true")),
        set("definition", Expr::Filled(path, substitutions.collect())),
        set("depends_on", bare(format!("[aws_iam_role_policy.{id}]"))),
        block(
            "logging_configuration",
            &[],
            [
                set("level", bare("var.log_level")),
                set("include_execution_data", bare("var.log_execution_data")),
                set("log_destination", text(format!("${{aws_cloudwatch_log_group.{id}.arn}}:*"))),
            ],
        ),
        block("tracing_configuration", &[], [set("enabled", bare("true"))]),
        where_given(
            "encryption_configuration",
            "kms_key_arn",
            vec![
                set("type", literal("CUSTOMER_MANAGED_KMS_KEY")),
                set("kms_key_id", bare("encryption_configuration.value")),
            ],
        ),
    ];
    if machine.personal {
        items.push(block("lifecycle", &[], [metadata_only(machine)]));
    }
    items
}

/// The data of payloads that are personal is not logged unless it is encrypted.
fn metadata_only(machine: &Machine) -> Item {
    let message = format!(
        "Payloads of {} hold personal data: leave log_execution_data at false, or give a kms_key_arn to encrypt it with.",
        machine.name
    );
    block(
        "precondition",
        &[],
        [
            set("condition", bare("!var.log_execution_data || var.kms_key_arn != null")),
            set("error_message", literal(&message)),
        ],
    )
}

fn alias(id: &str) -> Vec<Item> {
    let version = format!("aws_sfn_state_machine.{id}.state_machine_version_arn");
    let route = [set("state_machine_version_arn", bare(version)), set("weight", bare("100"))];
    vec![set("name", literal("live")), block("routing_configuration", &[], route)]
}

/// Apart from the functions' own rights, which the machine needs before it is there.
fn callbacks(stack: &Stack, machine: &Machine, id: &str) -> [Item; 2] {
    let tasks: Vec<&str> = machine.callbacks.iter().map(|at| stack.functions[*at].task.as_str()).collect();
    let tasks: Vec<String> = tasks.iter().map(|task| format!("\"{task}\"")).collect();
    let label = format!("{id}_callback");
    [
        block(
            "resource",
            &["aws_iam_role_policy", &label],
            [
                set("for_each", bare(format!("toset([{}])", tasks.join(", ")))),
                set("name", text(format!("callback-{}", machine.name))),
                set("role", bare("aws_iam_role.task[each.key].id")),
                set("policy", bare(format!("data.aws_iam_policy_document.{label}.json"))),
            ],
        ),
        policy(&label, statements(stack, &of_token_holder(&CALLBACK, [machine]))),
    ]
}

fn alarm(machine: &Machine, id: &str) -> Item {
    let dimensions = vec![("StateMachineArn".to_owned(), bare(format!("aws_sfn_state_machine.{id}.arn")))];
    block(
        "resource",
        &["aws_cloudwatch_metric_alarm", id],
        [
            set("for_each", bare("local.alarms")),
            set("alarm_name", text(format!("${{var.prefix}}{}-${{each.key}}", machine.name))),
            set("alarm_description", text(format!("{}: ${{each.value}}.", machine.name))),
            set("namespace", literal("AWS/States")),
            set("metric_name", bare("each.key")),
            set("dimensions", Expr::Object(dimensions)),
            set("statistic", literal("Sum")),
            set("period", bare("300")),
            set("evaluation_periods", bare("1")),
            set("threshold", bare("1")),
            set("comparison_operator", literal("GreaterThanOrEqualToThreshold")),
            set("treat_missing_data", literal("notBreaching")),
            set("alarm_actions", bare("var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]")),
        ],
    )
}

fn failures(machine: &Machine, id: &str) -> [Item; 2] {
    let detail = vec![
        ("stateMachineArn".to_owned(), bare(format!("[aws_sfn_state_machine.{id}.arn]"))),
        ("status".to_owned(), row(&crate::FAILED)),
    ];
    let pattern = vec![
        ("source".to_owned(), row(&["aws.states"])),
        ("detail-type".to_owned(), row(&["Step Functions Execution Status Change"])),
        ("detail".to_owned(), Expr::Object(detail)),
    ];
    let label = format!("{id}_failed");
    [
        block(
            "resource",
            &["aws_cloudwatch_event_rule", &label],
            [
                set("name", text(format!("${{var.prefix}}{}-failed", machine.name))),
                set("description", literal(&format!("Executions of {} that did not succeed.", machine.name))),
                set("event_pattern", Expr::Encoded(pattern)),
            ],
        ),
        block(
            "resource",
            &["aws_cloudwatch_event_target", &label],
            [
                set("count", bare("var.failure_target_arn == null ? 0 : 1")),
                set("rule", bare(format!("aws_cloudwatch_event_rule.{label}.name"))),
                set("arn", bare("var.failure_target_arn")),
            ],
        ),
    ]
}

/// What workers may do, for the roles that they run in.
pub(super) fn worker(stack: &Stack, rights: &[Statement]) -> Vec<Item> {
    let own = [
        set("name", text("${var.prefix}worker")),
        set("policy", bare("data.aws_iam_policy_document.worker.json")),
    ];
    let arn = [
        set("description", literal("What workers may do, for the role that they run in.")),
        set("value", bare("aws_iam_policy.worker.arn")),
    ];
    vec![
        policy("worker", statements(stack, rights)),
        block("resource", &["aws_iam_policy", "worker"], own),
        block("output", &["worker_policy_arn"], arn),
    ]
}

pub(super) fn activity(activity: &Activity) -> Item {
    let encryption = vec![
        set("type", literal("CUSTOMER_MANAGED_KMS_KEY")),
        set("kms_key_id", bare("encryption_configuration.value")),
    ];
    block(
        "resource",
        &["aws_sfn_activity", &activity.id.to_snake_case()],
        [
            set("name", text(format!("${{var.prefix}}{}", activity.id.to_kebab_case()))),
            where_given("encryption_configuration", "kms_key_arn", encryption),
        ],
    )
}

pub(super) fn output(machine: &Machine) -> Item {
    let id = machine.id.to_snake_case();
    block(
        "output",
        &[&format!("{id}_alias_arn")],
        [
            set("description", literal(&format!("The alias of {} to start executions of.", machine.name))),
            set("value", bare(format!("aws_sfn_alias.{id}.arn"))),
        ],
    )
}
