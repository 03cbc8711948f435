# Written by `cargo sfn template terraform`, and written anew each time: change the workflows, or `main.tf`, which is yours.

variable "prefix" {
  description = "What the names of all that is made begin with."
  type        = string
  default     = "dev-"
}

variable "log_level" {
  description = "Which events state machines log: ALL, ERROR, FATAL or OFF."
  type        = string
  default     = "ERROR"
}

variable "log_execution_data" {
  description = "Whether state machines log inputs and outputs, with all that is personal in them."
  type        = bool
  default     = false
}

variable "log_retention_in_days" {
  description = "After how many days logs are deleted."
  type        = number
  default     = 30
}

variable "memory_size" {
  description = "The memory in MiB of functions whose tasks name none."
  type        = number
  default     = 256
}

variable "kms_key_arn" {
  description = "A key to encrypt state machines and logs with; its policy must let CloudWatch Logs use it."
  type        = string
  default     = null
}

variable "alarm_topic_arn" {
  description = "An SNS topic that hears of alarms."
  type        = string
  default     = null
}

variable "failure_target_arn" {
  description = "What EventBridge sends failed executions to: a queue, a topic, a function."
  type        = string
  default     = null
}

variable "environment" {
  description = "The environment variables of the functions."
  type        = map(string)
  default     = {}
}

# One program serves all tasks; `handler` selects one. `cargo sfn package` makes it.
locals {
  tasks = {
    validate_order = {
      description = "Checks that an order makes sense."
      memory_size = null
      timeout     = 6
    }
    reserve_inventory = {
      description = "Asks the warehouse to set the articles of an order aside. The warehouse answers through the token."
      memory_size = null
      timeout     = 900
    }
    release_inventory = {
      description = "Puts the articles back on the shelf."
      memory_size = null
      timeout     = 31
    }
    request_approval = {
      description = "Asks a person; the answer comes back through the task token, perhaps days later."
      memory_size = null
      timeout     = 900
    }
    charge_payment = {
      description = "Charges the card of an order."
      memory_size = null
      timeout     = 31
    }
    refund_payment = {
      description = "Gives the money back."
      memory_size = null
      timeout     = 31
    }
    email_customer = {
      description = "Mails the customer that the order is on its way."
      memory_size = null
      timeout     = 11
    }
    publish_fulfilled = {
      description = "Publishes the event that other departments wait for."
      memory_size = null
      timeout     = 11
    }
  }
}

resource "aws_lambda_function" "task" {
  for_each         = local.tasks
  function_name    = "${var.prefix}${each.key}"
  description      = each.value.description
  role             = aws_iam_role.task[each.key].arn
  runtime          = "provided.al2023"
  architectures    = ["x86_64"]
  filename         = "${path.module}/bootstrap.zip"
  source_code_hash = filebase64sha256("${path.module}/bootstrap.zip")
  handler          = each.key
  memory_size      = coalesce(each.value.memory_size, var.memory_size)
  timeout          = each.value.timeout

  # Every deployment publishes a version; state machines name versions, so that executions keep their code.
  publish = true

  dynamic "environment" {
    for_each = length(var.environment) > 0 ? [var.environment] : []

    content {
      variables = environment.value
    }
  }

  tracing_config {
    mode = "Active"
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.task[each.key].name
  }
}

resource "aws_cloudwatch_log_group" "task" {
  for_each          = local.tasks
  name              = "/aws/lambda/${var.prefix}${each.key}"
  retention_in_days = var.log_retention_in_days
  kms_key_id        = var.kms_key_arn
}

resource "aws_iam_role" "task" {
  for_each           = local.tasks
  name               = "${var.prefix}${each.key}"
  assume_role_policy = data.aws_iam_policy_document.lambda_trust.json
}

resource "aws_iam_role_policy" "task" {
  for_each = local.tasks
  name     = "own"
  role     = aws_iam_role.task[each.key].id
  policy   = data.aws_iam_policy_document.task[each.key].json
}

data "aws_iam_policy_document" "lambda_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "task" {
  for_each = local.tasks

  statement {
    actions = [
      "logs:CreateLogStream",
      "logs:PutLogEvents",
    ]
    resources = [
      "${aws_cloudwatch_log_group.task[each.key].arn}:*",
    ]
  }

  # X-Ray: AWS knows no resource for these actions.
  statement {
    actions = [
      "xray:PutTraceSegments",
      "xray:PutTelemetryRecords",
    ]
    resources = [
      "*",
    ]
  }
}

locals {
  alarms = {
    ExecutionsFailed   = "executions failed"
    ExecutionsTimedOut = "executions timed out"
    ExecutionThrottled = "states waited because the account's quota was used up"
  }
}

data "aws_caller_identity" "current" {
}

data "aws_iam_policy_document" "states_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["states.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

resource "aws_sfn_state_machine" "order_saga" {
  name     = "${var.prefix}order-saga"
  type     = "STANDARD"
  role_arn = aws_iam_role.order_saga.arn
  publish  = true
  definition = templatefile("${path.module}/order-saga.asl.json", {
    ChargePaymentFunctionArn    = aws_lambda_function.task["charge_payment"].qualified_arn
    EmailCustomerFunctionArn    = aws_lambda_function.task["email_customer"].qualified_arn
    PublishFulfilledFunctionArn = aws_lambda_function.task["publish_fulfilled"].qualified_arn
    RefundPaymentFunctionArn    = aws_lambda_function.task["refund_payment"].qualified_arn
    ReleaseInventoryFunctionArn = aws_lambda_function.task["release_inventory"].qualified_arn
    RequestApprovalFunctionArn  = aws_lambda_function.task["request_approval"].qualified_arn
    ReserveInventoryFunctionArn = aws_lambda_function.task["reserve_inventory"].qualified_arn
    ValidateOrderFunctionArn    = aws_lambda_function.task["validate_order"].qualified_arn
  })
  depends_on = [aws_iam_role_policy.order_saga]

  logging_configuration {
    level                  = var.log_level
    include_execution_data = var.log_execution_data
    log_destination        = "${aws_cloudwatch_log_group.order_saga.arn}:*"
  }

  tracing_configuration {
    enabled = true
  }

  dynamic "encryption_configuration" {
    for_each = var.kms_key_arn == null ? [] : [var.kms_key_arn]

    content {
      type       = "CUSTOMER_MANAGED_KMS_KEY"
      kms_key_id = encryption_configuration.value
    }
  }
}

# Start executions of the alias: to go back is to point it at an earlier version.
resource "aws_sfn_alias" "order_saga" {
  name = "live"

  routing_configuration {
    state_machine_version_arn = aws_sfn_state_machine.order_saga.state_machine_version_arn
    weight                    = 100
  }
}

resource "aws_iam_role" "order_saga" {
  name               = "${var.prefix}order-saga-states"
  assume_role_policy = data.aws_iam_policy_document.states_trust.json
}

resource "aws_iam_role_policy" "order_saga" {
  name   = "own"
  role   = aws_iam_role.order_saga.id
  policy = data.aws_iam_policy_document.order_saga.json
}

data "aws_iam_policy_document" "order_saga" {
  # Every version: an execution goes on with the ones that it was started with.
  statement {
    actions = [
      "lambda:InvokeFunction",
    ]
    resources = [
      "${aws_lambda_function.task["validate_order"].arn}:*",
      "${aws_lambda_function.task["reserve_inventory"].arn}:*",
      "${aws_lambda_function.task["request_approval"].arn}:*",
      "${aws_lambda_function.task["charge_payment"].arn}:*",
      "${aws_lambda_function.task["email_customer"].arn}:*",
      "${aws_lambda_function.task["publish_fulfilled"].arn}:*",
      "${aws_lambda_function.task["refund_payment"].arn}:*",
      "${aws_lambda_function.task["release_inventory"].arn}:*",
    ]
  }

  # Log delivery: AWS knows no resource for these actions.
  statement {
    actions = [
      "logs:CreateLogDelivery",
      "logs:GetLogDelivery",
      "logs:UpdateLogDelivery",
      "logs:DeleteLogDelivery",
      "logs:ListLogDeliveries",
      "logs:PutResourcePolicy",
      "logs:DescribeResourcePolicies",
      "logs:DescribeLogGroups",
    ]
    resources = [
      "*",
    ]
  }

  # X-Ray: AWS knows no resource for these actions.
  statement {
    actions = [
      "xray:PutTraceSegments",
      "xray:PutTelemetryRecords",
      "xray:GetSamplingRules",
      "xray:GetSamplingTargets",
    ]
    resources = [
      "*",
    ]
  }

  dynamic "statement" {
    for_each = var.kms_key_arn == null ? [] : [var.kms_key_arn]

    content {
      actions = [
        "kms:Decrypt",
        "kms:GenerateDataKey",
      ]
      resources = [
        statement.value,
      ]
    }
  }
}

resource "aws_cloudwatch_log_group" "order_saga" {
  # This prefix keeps the account's policy for log delivery short.
  name              = "/aws/vendedlogs/states/${var.prefix}order-saga"
  retention_in_days = var.log_retention_in_days
  kms_key_id        = var.kms_key_arn
}

resource "aws_iam_role_policy" "order_saga_callback" {
  for_each = toset(["reserve_inventory", "request_approval"])
  name     = "callback-order-saga"
  role     = aws_iam_role.task[each.key].id
  policy   = data.aws_iam_policy_document.order_saga_callback.json
}

data "aws_iam_policy_document" "order_saga_callback" {
  statement {
    actions = [
      "states:SendTaskSuccess",
      "states:SendTaskFailure",
      "states:SendTaskHeartbeat",
    ]
    resources = [
      aws_sfn_state_machine.order_saga.arn,
    ]
  }

  dynamic "statement" {
    for_each = var.kms_key_arn == null ? [] : [var.kms_key_arn]

    content {
      actions = [
        "kms:Decrypt",
        "kms:GenerateDataKey",
      ]
      resources = [
        statement.value,
      ]
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "order_saga" {
  for_each          = local.alarms
  alarm_name        = "${var.prefix}order-saga-${each.key}"
  alarm_description = "order-saga: ${each.value}."
  namespace         = "AWS/States"
  metric_name       = each.key
  dimensions = {
    StateMachineArn = aws_sfn_state_machine.order_saga.arn
  }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]
}

resource "aws_cloudwatch_event_rule" "order_saga_failed" {
  name        = "${var.prefix}order-saga-failed"
  description = "Executions of order-saga that did not succeed."
  event_pattern = jsonencode({
    source      = ["aws.states"]
    detail-type = ["Step Functions Execution Status Change"]
    detail = {
      stateMachineArn = [aws_sfn_state_machine.order_saga.arn]
      status          = ["FAILED", "TIMED_OUT", "ABORTED"]
    }
  })
}

resource "aws_cloudwatch_event_target" "order_saga_failed" {
  count = var.failure_target_arn == null ? 0 : 1
  rule  = aws_cloudwatch_event_rule.order_saga_failed.name
  arn   = var.failure_target_arn
}

output "order_saga_alias_arn" {
  description = "The alias of order-saga to start executions of."
  value       = aws_sfn_alias.order_saga.arn
}
