# Applies a template of ours with AWS made up, so that every expression in it is evaluated: `.ci/terraform` copies this beside
# each. What is made up by itself is a random text; where the provider wants an ARN or JSON it stands here.

mock_provider "aws" {
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/any" }
  }

  mock_resource "aws_lambda_function" {
    defaults = {
      arn           = "arn:aws:lambda:eu-west-1:123456789012:function:any"
      qualified_arn = "arn:aws:lambda:eu-west-1:123456789012:function:any:1"
    }
  }

  mock_resource "aws_sfn_state_machine" {
    defaults = {
      arn                       = "arn:aws:states:eu-west-1:123456789012:stateMachine:any"
      state_machine_version_arn = "arn:aws:states:eu-west-1:123456789012:stateMachine:any:1"
    }
  }

  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
}

run "it_is_made" {
  command = apply
}
