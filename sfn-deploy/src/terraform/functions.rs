//! The tasks' functions, each with the role it runs in and the group it logs to. Separate from state machines, which only
//! name them.

use super::{links, policy, statement, trust, values};
use crate::hcl::{Expr, Item, bare, block, comment, literal, row, set, text};
use crate::iam::{IDEMPOTENCY, VALUES_VARIABLE, of_function};
use crate::stack::{Function, Stack};
use crate::{IDEMPOTENCY_TABLE, ZIP};

pub(super) fn resources(stack: &Stack) -> Vec<Item> {
    let mut function = vec![
        set("for_each", bare("local.tasks")),
        set("function_name", text("${var.prefix}${each.key}")),
        set("description", bare("each.value.description")),
        set("role", bare("aws_iam_role.task[each.key].arn")),
    ];
    function.extend(program(stack));
    function.extend([
        set("handler", bare("each.key")),
        set("memory_size", bare("coalesce(each.value.memory_size, var.memory_size)")),
        set("timeout", bare("each.value.timeout")),
        comment(
            "Every deployment publishes a version; state machines name versions, so that executions keep their code.",
        ),
        set("publish", bare("true")),
        block(
            "dynamic",
            &["environment"],
            [
                set("for_each", bare(environments(stack))),
                block("content", &[], [set("variables", bare("environment.value"))]),
            ],
        ),
    ]);
    function.extend(observed("aws_cloudwatch_log_group.task[each.key].name"));
    let log = [
        set("for_each", bare("local.tasks")),
        set("name", text("/aws/lambda/${var.prefix}${each.key}")),
        set("retention_in_days", bare("var.log_retention_in_days")),
        set("kms_key_id", bare("var.kms_key_arn")),
    ];
    let role = [
        set("for_each", bare("local.tasks")),
        set("name", text("${var.prefix}${each.key}")),
        set("assume_role_policy", bare("data.aws_iam_policy_document.lambda_trust.json")),
    ];
    let own = [
        set("for_each", bare("local.tasks")),
        set("name", literal("own")),
        set("role", bare("aws_iam_role.task[each.key].id")),
        set("policy", bare("data.aws_iam_policy_document.task[each.key].json")),
    ];
    // All functions have the same rights, each to its own log; some also to the table, and to values.
    let rights = of_function(false, &[]);
    let claims = stack.functions.iter().any(|function| function.idempotent).then(claims);
    let values = stack.functions_keep_values().then(values::rights).into_iter().flatten();
    let rights =
        rights.iter().flat_map(|own| statement(stack, own, "aws_cloudwatch_log_group.task[each.key]"));
    vec![
        comment("One program serves all tasks; `handler` selects one. `cargo sfn package` makes it."),
        block("locals", &[], [set("tasks", tasks(stack))]),
        block("resource", &["aws_lambda_function", "task"], function),
        block("resource", &["aws_cloudwatch_log_group", "task"], log),
        block("resource", &["aws_iam_role", "task"], role),
        block("resource", &["aws_iam_role_policy", "task"], own),
        trust("lambda_trust", "lambda.amazonaws.com", Vec::new()),
        policy(
            "task",
            [set("for_each", bare("local.tasks"))]
                .into_iter()
                .chain(rights)
                .chain(claims)
                .chain(values)
                .collect(),
        ),
    ]
}

/// The environments of a function, which has one at most.
fn environments(stack: &Stack) -> String {
    let mut all = vec!["var.environment".to_owned()];
    if stack.functions.iter().any(|function| function.idempotent) {
        all.push(format!("each.value.idempotent ? {{ {IDEMPOTENCY_TABLE} = {TABLE}.name }} : {{}}"));
    }
    if stack.functions_keep_values() {
        let bucket = format!("{{ {VALUES_VARIABLE} = {}.bucket }}", values::BUCKET);
        all.push(format!("length(each.value.values) > 0 ? {bucket} : {{}}"));
    }
    if stack.links.is_some() {
        all.push(links::ENVIRONMENT.to_owned());
    }
    match all.as_slice() {
        [only] => format!("length({only}) > 0 ? [{only}] : []"),
        several => format!("[for all in [merge({})] : all if length(all) > 0]", several.join(", ")),
    }
}

/// What the functions of idempotent tasks may do with the table.
fn claims() -> Item {
    let body = [set("actions", row(&IDEMPOTENCY)), set("resources", bare("[statement.value]"))];
    let each = format!("each.value.idempotent ? [{TABLE}.arn] : []");
    block("dynamic", &["statement"], [set("for_each", bare(each)), block("content", &[], body)])
}

/// What Terraform calls the table of what idempotent tasks have done.
pub(super) const TABLE: &str = "aws_dynamodb_table.idempotency";

/// The table, and its name for workers. What it holds is of no use for long: it is not backed up.
pub(super) fn idempotency_table() -> Vec<Item> {
    let table = [
        set("name", text("${var.prefix}idempotency")),
        set("billing_mode", literal("PAY_PER_REQUEST")),
        set("hash_key", literal("id")),
        block("attribute", &[], [set("name", literal("id")), set("type", literal("S"))]),
        comment("Results go by themselves when nobody asks for them any more."),
        block("ttl", &[], [set("attribute_name", literal("expires")), set("enabled", bare("true"))]),
    ];
    let name = [
        set("description", literal("The table of what idempotent tasks have done, for workers.")),
        set("value", bare(format!("{TABLE}.name"))),
    ];
    vec![
        block("resource", &["aws_dynamodb_table", "idempotency"], table),
        block("output", &["idempotency_table_name"], name),
    ]
}

/// The program of a function.
pub(super) fn program(stack: &Stack) -> [Item; 4] {
    let zip = format!("${{path.module}}/{ZIP}");
    [
        set("runtime", literal("provided.al2023")),
        set("architectures", row(&[stack.architecture.name()])),
        set("filename", text(&zip)),
        set("source_code_hash", bare(format!("filebase64sha256(\"{zip}\")"))),
    ]
}

/// Where a function's traces and logs go.
pub(super) fn observed(log_group: &str) -> [Item; 2] {
    let log = [set("log_format", literal("JSON")), set("log_group", bare(log_group))];
    [block("tracing_config", &[], [set("mode", literal("Active"))]), block("logging_config", &[], log)]
}

/// What tells the functions apart.
fn tasks(stack: &Stack) -> Expr {
    let some_are_idempotent = stack.functions.iter().any(|function| function.idempotent);
    let task = |function: &Function| {
        let memory = function.memory_mb.map_or_else(|| "null".to_owned(), |memory| memory.to_string());
        let mut members = vec![
            ("description".to_owned(), literal(function.comment.as_deref().unwrap_or_default())),
            ("memory_size".to_owned(), bare(memory)),
            ("timeout".to_owned(), bare(function.timeout_seconds.to_string())),
        ];
        if some_are_idempotent {
            members.insert(1, ("idempotent".to_owned(), bare(function.idempotent.to_string())));
        }
        if stack.functions_keep_values() {
            members.push(("values".to_owned(), row(&function.values)));
        }
        (function.task.clone(), Expr::Object(members))
    };
    Expr::Object(stack.functions.iter().map(task).collect())
}

/// The expression of a task's function.
pub(super) fn function(function: &Function) -> String {
    format!("aws_lambda_function.task[\"{}\"]", function.task)
}
