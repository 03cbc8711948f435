//! What links need: their secret, the function behind them, and who may read and answer. Separate because most stacks have
//! none.

use super::{functions, policy, statement, statements};
use crate::hcl::{Expr, Item, bare, block, comment, literal, row, set, text};
use crate::iam::of_token_holder;
use crate::links::{ANSWER, Links, READ_SECRET, SECRET_DESCRIPTION, SECRET_LENGTH};
use crate::stack::Stack;
use sfn_core::link_names::{HANDLER, KEY_ARN, URL};

/// The expression of the variables that a task's function has because it makes links.
pub(super) const ENVIRONMENT: &str = "try(local.link_environment[each.key], {})";

pub(super) fn resources(stack: &Stack, links: &Links) -> Vec<Item> {
    let makers: Vec<&str> = links.makers.iter().map(|at| stack.functions[*at].task.as_str()).collect();
    let told = [(URL, "aws_lambda_function_url.answer_link.function_url"), (KEY_ARN, SECRET)];
    let told = makers.iter().map(|task| ((*task).to_owned(), variables(&told)));
    let mut items = vec![block("locals", &[], [set("link_environment", Expr::Object(told.collect()))])];
    items.extend(secret());
    items.extend(function(stack, links));
    items.extend(rights(stack, links, &makers));
    items
}

/// The address of the secret's ARN.
const SECRET: &str = "aws_secretsmanager_secret.link.arn";

fn variables(names: &[(&str, &str)]) -> Expr {
    Expr::Object(names.iter().map(|(name, value)| ((*name).to_owned(), bare(*value))).collect())
}

fn secret() -> [Item; 5] {
    [
        comment("A secret that is written and never kept here needs Terraform 1.11."),
        block("terraform", &[], [set("required_version", literal(">= 1.11"))]),
        block(
            "resource",
            &["aws_secretsmanager_secret", "link"],
            [set("name_prefix", text("${var.prefix}link-")), set("description", literal(SECRET_DESCRIPTION))],
        ),
        block(
            "ephemeral",
            &["aws_secretsmanager_random_password", "link"],
            [
                set("password_length", bare(SECRET_LENGTH.to_string())),
                set("exclude_punctuation", bare("true")),
            ],
        ),
        block(
            "resource",
            &["aws_secretsmanager_secret_version", "link"],
            [
                set("secret_id", bare("aws_secretsmanager_secret.link.id")),
                set(
                    "secret_string_wo",
                    bare("ephemeral.aws_secretsmanager_random_password.link.random_password"),
                ),
                comment("Another number writes another secret."),
                set("secret_string_wo_version", bare("1")),
            ],
        ),
    ]
}

/// The function, its URL and its log.
fn function(stack: &Stack, links: &Links) -> [Item; 4] {
    let mut function = vec![
        set("function_name", text(format!("${{var.prefix}}{HANDLER}"))),
        set("description", literal(links.function.comment.as_deref().unwrap_or_default())),
        set("role", bare("aws_iam_role.answer_link.arn")),
    ];
    function.extend(functions::program(stack));
    function.extend([
        set("handler", literal(HANDLER)),
        set("memory_size", bare("var.memory_size")),
        set("timeout", bare(links.function.timeout_seconds.to_string())),
        block("environment", &[], [set("variables", variables(&[(KEY_ARN, SECRET)]))]),
    ]);
    function.extend(functions::observed("aws_cloudwatch_log_group.answer_link.name"));
    [
        block("resource", &["aws_lambda_function", "answer_link"], function),
        comment(
            "Open to everybody: what it asks for is a link. The AWS provider grants both rights from 6.29 on.",
        ),
        block(
            "resource",
            &["aws_lambda_function_url", "answer_link"],
            [
                set("function_name", bare("aws_lambda_function.answer_link.function_name")),
                set("authorization_type", literal("NONE")),
            ],
        ),
        block(
            "resource",
            &["aws_cloudwatch_log_group", "answer_link"],
            [
                set("name", text(format!("/aws/lambda/${{var.prefix}}{HANDLER}"))),
                set("retention_in_days", bare("var.log_retention_in_days")),
                set("kms_key_id", bare("var.kms_key_arn")),
            ],
        ),
    ]
}

/// The function's role, and who else may read the secret.
fn rights(stack: &Stack, links: &Links, makers: &[&str]) -> [Item; 5] {
    let own = links.function.statements.iter();
    let mut rights: Vec<Item> =
        own.flat_map(|own| statement(stack, own, "aws_cloudwatch_log_group.answer_link")).collect();
    rights.push(read_secret());
    let machines = stack.machines.iter().filter(|machine| stack.has_links(machine));
    rights.extend(statements(stack, &of_token_holder(&ANSWER, machines)));
    let makers: Vec<String> = makers.iter().map(|task| format!("\"{task}\"")).collect();
    [
        block(
            "resource",
            &["aws_iam_role", "answer_link"],
            [
                set("name", text(format!("${{var.prefix}}{HANDLER}"))),
                set("assume_role_policy", bare("data.aws_iam_policy_document.lambda_trust.json")),
            ],
        ),
        block(
            "resource",
            &["aws_iam_role_policy", "answer_link"],
            [
                set("name", literal("own")),
                set("role", bare("aws_iam_role.answer_link.id")),
                set("policy", bare("data.aws_iam_policy_document.answer_link.json")),
            ],
        ),
        policy("answer_link", rights),
        block(
            "resource",
            &["aws_iam_role_policy", "link_secret"],
            [
                set("for_each", bare(format!("toset([{}])", makers.join(", ")))),
                set("name", literal("link-secret")),
                set("role", bare("aws_iam_role.task[each.key].id")),
                set("policy", bare("data.aws_iam_policy_document.link_secret.json")),
            ],
        ),
        policy("link_secret", vec![read_secret()]),
    ]
}

fn read_secret() -> Item {
    let resources = set("resources", bare(format!("[{SECRET}]")));
    block("statement", &[], [set("actions", row(&[READ_SECRET])), resources])
}
