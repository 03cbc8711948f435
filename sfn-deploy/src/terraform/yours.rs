//! The user's own file of the module: providers, and whatever else belongs to it. Separate because it is written once.

use crate::File;
use crate::hcl::{Expr, block, file, literal, set};
use crate::stack::Stack;

pub(super) fn main(stack: &Stack) -> File {
    let aws = vec![
        ("source".to_owned(), literal("hashicorp/aws")),
        (
            "version".to_owned(),
            literal(if stack.links.is_some() { ">= 6.29, < 7.0" } else { ">= 5.100, < 7.0" }),
        ),
    ];
    let items = [
        block(
            "terraform",
            &[],
            [
                set("required_version", literal(">= 1.9")),
                block("required_providers", &[], [set("aws", Expr::Object(aws))]),
            ],
        ),
        block("provider", &["aws"], []),
    ];
    let mut heading = HEADING.to_owned();
    if let Some(function) = stack.functions.first() {
        heading += &RIGHTS.replace("TASK", &function.task);
    }
    File::new("main.tf", file(&heading, &items))
}

const HEADING: &str = "Yours: written once by `cargo sfn template terraform`, and left alone from then on.

    cargo sfn package && cargo sfn template terraform
    terraform init && terraform apply

The backend, queues, tables and topics of your own stand here; `terraform.tfvars` is where a stage fills in variables.";

const RIGHTS: &str = "
What a task may do beyond its log is a policy for its role:

    resource \"aws_iam_role_policy\" \"orders\" {
      role = aws_iam_role.task[\"TASK\"].id
      ..
    }";
