# Yours: written once by `cargo sfn template terraform`, and left alone from then on.
#
#     cargo sfn package && cargo sfn template terraform
#     terraform init && terraform apply
#
# The backend, queues, tables and topics of your own stand here; `terraform.tfvars` is where a stage fills in variables.
# What a task may do beyond its log is a policy for its role:
#
#     resource "aws_iam_role_policy" "orders" {
#       role = aws_iam_role.task["validate_order"].id
#       ..
#     }

terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7.0"
    }
  }
}

provider "aws" {
}
