//! The stack in Terraform's language. Separate from the plan, which any other language can take as well.

mod functions;
mod links;
mod machines;
mod values;
mod variables;
mod yours;

use crate::hcl::{Expr, Item, bare, block, comment, file, literal, set, text};
use crate::iam::{Condition, Purpose, Resource, Statement, VALUES};
use crate::placeholders::Part;
use crate::stack::{Stack, Target};
use crate::{File, Template, template};
use heck::ToSnakeCase as _;

/// The stack as a Terraform module: `workflows.tf`, and a `main.tf` of the user's beside it.
pub fn terraform(stack: &Stack) -> Template {
    let mut items = variables::variables(stack);
    if !stack.functions.is_empty() {
        items.extend(functions::resources(stack));
    }
    if stack.has_idempotency_table {
        items.extend(functions::idempotency_table());
    }
    if stack.keeps_values() {
        items.extend(values::resources());
    }
    if let Some(own) = &stack.links {
        items.extend(links::resources(stack, own));
    }
    items.extend(machines::shared(stack));
    items.extend(stack.activities.iter().map(machines::activity));
    if !stack.activities.is_empty() {
        items.extend(machines::worker(stack, &stack.of_worker()));
    }
    items.extend(stack.machines.iter().flat_map(|machine| machines::resources(stack, machine)));
    items.extend(stack.machines.iter().map(machines::output));
    template(File::new(GENERATED, file(HEADING, &items)), yours::main(stack))
}

pub(crate) const GENERATED: &str = "workflows.tf";

const HEADING: &str = "Written by `cargo sfn template terraform`, and written anew each time: change the workflows, or \
`main.tf`, which is yours.";

/// A document of permissions.
fn policy(label: &str, statements: Vec<Item>) -> Item {
    block("data", &["aws_iam_policy_document", label], statements)
}

/// The document that lets a service take on a role.
fn trust(label: &str, service: &str, conditions: Vec<Item>) -> Item {
    let principals = [set("type", literal("Service")), set("identifiers", crate::hcl::row(&[service]))];
    let mut statement =
        vec![set("actions", crate::hcl::row(&["sts:AssumeRole"])), block("principals", &[], principals)];
    statement.extend(conditions);
    policy(label, vec![block("statement", &[], statement)])
}

/// Statements of a policy that is about no log.
fn statements(stack: &Stack, all: &[Statement]) -> Vec<Item> {
    all.iter().flat_map(|own| statement(stack, own, "")).collect()
}

/// A statement, with the comment above it.
fn statement(stack: &Stack, statement: &Statement, own_log: &str) -> Vec<Item> {
    let resources = statement.resources.iter().flat_map(|resource| match resource {
        Resource::Versions(at) => {
            vec![text(format!("${{{}.arn}}:*", functions::function(&stack.functions[*at])))]
        }
        Resource::OwnLog => vec![text(format!("${{{own_log}.arn}}:*"))],
        Resource::Key => vec![bare("statement.value")],
        Resource::IdempotencyTable => vec![bare(format!("{}.arn", functions::TABLE))],
        Resource::Values => vec![text(format!("${{{}.arn}}/{VALUES}*", values::BUCKET))],
        Resource::Activities => {
            let activities = stack.activities.iter();
            activities.map(|own| bare(format!("aws_sfn_activity.{}.id", own.id.to_snake_case()))).collect()
        }
        Resource::Machine(id) => vec![bare(format!("aws_sfn_state_machine.{}.arn", id.to_snake_case()))],
        Resource::Any => vec![literal("*")],
        Resource::Text(parts) => vec![filled_in(stack, parts)],
    });
    let mut body = vec![
        set("actions", Expr::List(statement.actions.iter().map(|action| literal(action)).collect())),
        set("resources", Expr::List(resources.collect())),
    ];
    body.extend(statement.conditions.iter().map(|Condition { operator, key, values }| {
        let values = values.iter().map(|value| filled_in(stack, value)).collect();
        block(
            "condition",
            &[],
            [
                set("test", literal(operator)),
                set("variable", literal(key)),
                set("values", Expr::List(values)),
            ],
        )
    }));
    let mut items: Vec<Item> = statement.comment().map(comment).into_iter().collect();
    items.push(match statement.purpose {
        Purpose::Encryption => where_given("statement", "kms_key_arn", body),
        _ => block("statement", &[], body),
    });
    items
}

/// A block that is there where a variable is given.
fn where_given(kind: &str, variable: &str, body: Vec<Item>) -> Item {
    let each = format!("var.{variable} == null ? [] : [var.{variable}]");
    block("dynamic", &[kind], [set("for_each", bare(each)), block("content", &[], body)])
}

fn filled_in(stack: &Stack, parts: &[Part]) -> Expr {
    if let [Part::Placeholder(only)] = parts {
        return bare(filled(stack, only));
    }
    let pieces = parts.iter().map(|part| match part {
        Part::Literal(text) => text.replace("${", "$${").replace("%{", "%%{"),
        Part::Placeholder(name) => format!("${{{}}}", filled(stack, name)),
        Part::Piece(name, separator, at) => {
            format!("${{split(\"{separator}\", {})[{at}]}}", filled(stack, name))
        }
        Part::Machine(name) => machine_name(name),
        Part::Partition => "${data.aws_partition.current.partition}".to_owned(),
        // `region` is not there before version 6 of the provider, `name` is deprecated in it.
        Part::Region => "${data.aws_region.current.id}".to_owned(),
        Part::Account => "${data.aws_caller_identity.current.account_id}".to_owned(),
    });
    text(pieces.collect::<String>())
}

/// The name of a state machine, within a text.
fn machine_name(name: &str) -> String {
    format!("${{var.prefix}}{name}")
}

/// The expression that takes the place of a placeholder.
fn filled(stack: &Stack, placeholder: &str) -> String {
    match stack.target(placeholder) {
        Target::Function(at) => format!("{}.qualified_arn", functions::function(&stack.functions[at])),
        // A version, too: an execution goes on starting what it was written for.
        Target::Machine(at) => {
            let id = stack.machines[at].id.to_snake_case();
            format!("aws_sfn_state_machine.{id}.state_machine_version_arn")
        }
        Target::Activity(at) => format!("aws_sfn_activity.{}.id", stack.activities[at].id.to_snake_case()),
        Target::Parameter => format!("var.{}", placeholder.to_snake_case()),
    }
}
