# Terraform as a client of `cargo sfn serve`: made, changed and destroyed by `.ci/terraform`.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100"
    }
  }
}

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "any"
  secret_key                  = "any"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  endpoints {
    sfn = var.endpoint
  }
}

variable "endpoint" {
  type = string
}

variable "comment" {
  type    = string
  default = "first"
}

resource "aws_sfn_activity" "pack" {
  name = "pack"
  tags = { team = "orders" }
}

resource "aws_sfn_state_machine" "order" {
  name     = "order"
  role_arn = "arn:aws:iam::123456789012:role/order"
  publish  = true
  tags     = { team = "orders" }
  definition = jsonencode({
    Comment       = var.comment
    QueryLanguage = "JSONata"
    StartAt       = "Pack"
    States = {
      Pack = {
        Type           = "Task"
        Resource       = aws_sfn_activity.pack.id
        TimeoutSeconds = 60
        End            = true
      }
    }
  })
}

resource "aws_sfn_state_machine" "express" {
  name       = "express"
  type       = "EXPRESS"
  role_arn   = "arn:aws:iam::123456789012:role/order"
  definition = jsonencode({ StartAt = "Done", States = { Done = { Type = "Succeed" } } })
  logging_configuration {
    log_destination        = "arn:aws:logs:us-east-1:123456789012:log-group:order:*"
    include_execution_data = false
    level                  = "ERROR"
  }
  tracing_configuration { enabled = true }
}

resource "aws_sfn_alias" "live" {
  name = "live"
  routing_configuration {
    state_machine_version_arn = aws_sfn_state_machine.order.state_machine_version_arn
    weight                    = 100
  }
}

data "aws_sfn_state_machine_versions" "order" {
  statemachine_arn = aws_sfn_state_machine.order.arn
}

output "versions" {
  value = data.aws_sfn_state_machine_versions.order.statemachine_versions
}
