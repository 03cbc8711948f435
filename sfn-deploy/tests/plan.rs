//! What a template says of workflows with everything that can occur: calls of services, callbacks, activities, Express.
//! Separate from the examples' templates because those have none of it.

mod stacks;

use serde_json::json;
use sfn_core::WorkflowManifest;
use sfn_deploy::{Architecture, PlanError, Request, Stack, cdk, sam, terraform};
use stacks::{calling, task, workflow};

/// A definition that mentions something.
fn mentioning(text: &str) -> String {
    json!({ "StartAt": "Done", "States": { "Done": { "Type": "Succeed", "Comment": text } } }).to_string()
}

fn plan(workflows: &[(&WorkflowManifest, &str)], environment: &[&str]) -> Result<Stack, PlanError> {
    plan_linked(workflows, environment, &[])
}

fn plan_linked(
    workflows: &[(&WorkflowManifest, &str)],
    environment: &[&str],
    links: &[&str],
) -> Result<Stack, PlanError> {
    let [environment, links] =
        [environment, links].map(|names| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
    let architecture = Architecture::Arm64;
    Stack::plan(&Request {
        package: "shop",
        workflows,
        architecture,
        environment: &environment,
        links: &links,
    })
}

fn rich() -> Stack {
    let workflows = stacks::rich();
    let workflows: Vec<_> =
        workflows.iter().map(|(entry, definition)| (entry, definition.as_str())).collect();
    plan(&workflows, &["ORDERS_TABLE"]).expect("a plan")
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    for piece in expected {
        assert!(text.contains(piece), "{piece:?} is not in\n{text}");
    }
}

#[test]
fn sam_fills_in_what_definitions_and_permissions_name() {
    let text = sam(&rich()).generated.text;
    check(
        &text,
        &[
            "AskFunctionArn: !Ref AskFunction.Version\n",
            "PickActivityArn: !Ref PickActivity\n",
            "NewsTopicArn: !Ref NewsTopicArn\n",
            "  NewsTopicArn:\n    Type: String\n    Description: Takes the place of NewsTopicArn in definitions.\n",
            "- !Sub '${AskFunction.Arn}:*'\n                  - !Sub '${ChargeFunction.Arn}:*'\n",
            "# For `Tell`.\n",
            "- sns:Publish\n                Resource:\n                  - !Ref NewsTopicArn\n",
            "- !Sub 'arn:${AWS::Partition}:s3:::${ReportsBucket}/*'\n",
            "- !Sub\n                    - 'arn:${AWS::Partition}:sqs:${AWS::Region}:${OrdersQueueUrl3}:${OrdersQueueUrl4}'\n                    \
             - OrdersQueueUrl3: !Select [3, !Split ['/', !Ref OrdersQueueUrl]]\n                      \
             OrdersQueueUrl4: !Select [4, !Split ['/', !Ref OrdersQueueUrl]]\n",
            "- !Ref OrderSagaFindTableArn\n",
            "  OrderSagaFindTableArn:\n    Type: String\n    Description: 'The ARN of the table that `Find` uses.'\n",
            "Resource:\n                  - !Sub 'arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:${AWS::StackName}-order-saga'\n                \
             Condition:\n                  StringEquals:\n                    states:HTTPMethod:\n                      - GET\n                  \
             StringLike:\n                    states:HTTPEndpoint:\n                      - https://example.com/orders\n",
            "StateMachineName: !Sub '${AWS::StackName}-order-saga'\n",
            "ORDERS_TABLE: !Ref OrdersTable\n",
            "Architectures: [arm64]\n",
            "Timeout: 31\n",
            "MemorySize: 512\n",
            "StateMachineType: EXPRESS\n",
        ],
    );
}

fn linked() -> Stack {
    let workflows = stacks::rich();
    let workflows: Vec<_> =
        workflows.iter().map(|(entry, definition)| (entry, definition.as_str())).collect();
    plan_linked(&workflows, &["ORDERS_TABLE"], &["ask"]).expect("a plan")
}

#[test]
fn sam_tells_those_who_make_links_where_they_lead_and_lets_their_function_answer() {
    let text = sam(&linked()).generated.text;
    let variables = "SFN_LINK_URL: !GetAtt AnswerLinkFunctionUrl.FunctionUrl\n";
    check(
        &text,
        &[
            &format!("          {variables}          SFN_LINK_KEY_ARN: !Ref LinkSecret\n"),
            "    Type: AWS::SecretsManager::Secret\n",
            "Handler: answer-link\n",
            "FunctionUrlConfig:\n        AuthType: NONE\n",
            "            Action: secretsmanager:GetSecretValue\n            Resource: !Ref LinkSecret\n      Roles:\n        - !Ref AskRole\n        - !Ref AnswerLinkRole\n",
            "- states:SendTaskSuccess\n              - states:SendTaskFailure\n            Resource:\n              - !Ref OrderSagaStateMachine\n",
        ],
    );
    let answers = text.split("  OrderSagaLinkPolicy:").nth(1).expect("a policy");
    let answers = answers.split("\n\n").next().expect("its text");
    check(answers, &["- kms:GenerateDataKey\n", "Roles:\n        - !Ref AnswerLinkRole"]);
    assert_eq!(text.matches(variables).count(), 1, "nobody else is told");
    assert!(!text.contains("QuickLinkPolicy"), "the other machine has no links");
    assert!(!sam(&rich()).generated.text.contains("LINK"), "without links there is nothing of them");
}

#[test]
fn terraform_tells_those_who_make_links_where_they_lead_and_lets_their_function_answer() {
    let text = terraform(&linked()).generated.text;
    check(
        &text,
        &[
            "ask = {\n      SFN_LINK_URL     = aws_lambda_function_url.answer_link.function_url\n      SFN_LINK_KEY_ARN = aws_secretsmanager_secret.link.arn\n",
            ", try(local.link_environment[each.key], {}))] : all if length(all) > 0]",
            "secret_string_wo = ephemeral.aws_secretsmanager_random_password.link.random_password\n",
            "authorization_type = \"NONE\"\n",
            "\"states:SendTaskSuccess\",\n      \"states:SendTaskFailure\",\n    ]\n    resources = [\n      aws_sfn_state_machine.order_saga.arn,\n    ]\n",
            "for_each = toset([\"ask\"])\n  name     = \"link-secret\"\n",
        ],
    );
    assert!(!text.contains("      aws_sfn_state_machine.quick.arn,\n"), "the other machine has no links");
    assert!(!terraform(&rich()).generated.text.contains("link"), "without links there is nothing of them");
}

#[test]
fn the_cdk_tells_those_who_make_links_where_they_lead_and_lets_their_function_answer() {
    let text = cdk(&linked()).generated.text;
    check(
        &text,
        &[
            "handler: 'ask',\n      environment: {\n        SFN_LINK_URL: answerLinkUrl.url,\n        SFN_LINK_KEY_ARN: linkSecret.secretArn,\n",
            "handler: 'answer-link',\n",
            "authType: lambda.FunctionUrlAuthType.NONE,\n",
            "'states:SendTaskSuccess',\n      'states:SendTaskFailure',\n    ], this.orderSagaStateMachine.machine.stateMachineArn, props.key);\n",
        ],
    );
    assert!(!text.contains("QuickLinkPolicy"), "the other machine has no links");
    assert!(!cdk(&rich()).generated.text.contains("Link"), "without links there is nothing of them");
}

#[test]
fn only_tasks_with_a_token_make_links() {
    let tasks = [
        task("ask", "AskFunctionArn", "WAIT_FOR_CALLBACK", 1),
        task("charge", "ChargeFunctionArn", "REQUEST_RESPONSE", 2),
    ];
    let order = workflow("order", "STANDARD", &tasks);
    let definition = mentioning("${AskFunctionArn} ${ChargeFunctionArn}");
    let error = plan_linked(&[(&order, &definition)], &[], &["charge"]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`links` names `charge`, which is no task with a `TaskToken`; those are `ask`: name tasks in `links = [..]` of \
         `[package.metadata.sfn]` as their handlers are named"
    );
    let taken = workflow(
        "order",
        "STANDARD",
        &[task("answer_link", "AnswerLinkFunctionArn", "WAIT_FOR_CALLBACK", 1)],
    );
    let error =
        plan_linked(&[(&taken, &mentioning("${AnswerLinkFunctionArn}"))], &[], &["answer_link"]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`answer_link` and `answer-link` would both be named `AnswerLink` in the template; rename one of them"
    );
}

#[test]
fn terraform_fills_in_what_definitions_and_permissions_name() {
    let text = terraform(&rich()).generated.text;
    check(
        &text,
        &[
            "AskFunctionArn    = aws_lambda_function.task[\"ask\"].qualified_arn\n",
            "PickActivityArn   = aws_sfn_activity.pick.id\n",
            "NewsTopicArn      = var.news_topic_arn\n",
            "variable \"news_topic_arn\" {\n  description = \"Takes the place of NewsTopicArn in definitions.\"\n  type        = string\n}",
            "\"${aws_lambda_function.task[\"ask\"].arn}:*\",\n      \"${aws_lambda_function.task[\"charge\"].arn}:*\",\n",
            "\"sns:Publish\",\n    ]\n    resources = [\n      var.news_topic_arn,\n",
            "\"arn:${data.aws_partition.current.partition}:s3:::${var.reports_bucket}/*\",\n",
            "${split(\"/\", var.orders_queue_url)[3]}:${split(\"/\", var.orders_queue_url)[4]}\",\n",
            "      var.order_saga_find_table_arn,\n",
            "variable \"order_saga_find_table_arn\" {\n  description = \"The ARN of the table that `Find` uses.\"\n",
            "data \"aws_partition\" \"current\" {\n}\n\ndata \"aws_region\" \"current\" {\n}\n",
            "    condition {\n      test     = \"StringLike\"\n      variable = \"states:HTTPEndpoint\"\n      values = [\n        \"https://example.com/orders\",\n",
            ":stateMachine:${var.prefix}order-saga\",\n",
            "type        = object({ ORDERS_TABLE = string })\n",
            "architectures    = [\"arm64\"]\n",
            "memory_size = 512\n      timeout     = 31\n",
            "= \"EXPRESS\"\n",
            "for_each = toset([\"ask\"])\n",
        ],
    );
    assert!(!text.contains("quick_callback") && !text.contains("quick_failed"));
}

#[test]
fn the_cdk_fills_in_what_definitions_and_permissions_name() {
    let text = cdk(&rich()).generated.text;
    check(
        &text,
        &[
            "AskFunctionArn: this.askFunction.currentVersion.functionArn,\n",
            "PickActivityArn: this.pickActivity.activityArn,\n",
            "NewsTopicArn: props.newsTopicArn,\n",
            "readonly newsTopicArn: string;\n",
            "resources: [\n            `${this.askFunction.functionArn}:*`,\n            `${this.chargeFunction.functionArn}:*`,\n",
            "resources: [\n            props.newsTopicArn,\n",
            "`arn:${Stack.of(this).partition}:s3:::${props.reportsBucket}/*`,\n",
            "${Fn.select(3, Fn.split('/', props.ordersQueueUrl))}:${Fn.select(4, Fn.split('/', props.ordersQueueUrl))}`,\n",
            "import { Duration, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';\n",
            "            props.orderSagaFindTableArn,\n",
            "  /** The ARN of the table that `Find` uses. */\n  readonly orderSagaFindTableArn: string;\n",
            "          conditions: {\n            StringEquals: {\n              'states:HTTPMethod': [\n                'GET',\n",
            "readonly environment: { readonly ORDERS_TABLE: string };\n",
            "architecture: lambda.Architecture.ARM_64,\n",
            "memorySize: 512,\n",
            "type: sfn.StateMachineType.EXPRESS,\n",
            "callbacks: [\n        this.askFunction,\n      ],\n",
        ],
    );
    let marks =
        text.split('@').skip(1).filter(|after| after.starts_with(|first: char| first.is_ascii_uppercase()));
    assert_eq!(marks.count(), 0, "something is not filled in:\n{text}");
}

#[test]
fn task_tokens_are_answered_only_by_those_who_get_them_and_only_on_that_machine() {
    let text = sam(&rich()).generated.text;
    let policy = text.split("  OrderSagaCallbackPolicy:").nth(1).expect("a policy");
    let policy = policy.split("\n\n").next().expect("its text");
    check(
        policy,
        &["Resource:\n              - !Ref OrderSagaStateMachine\n", "Roles:\n        - !Ref AskRole"],
    );
    assert!(!policy.contains("ChargeRole"), "{policy}");
    assert!(!text.contains("QuickCallbackPolicy"), "no task of it waits for a token");
    assert!(!text.contains("QuickFailedRule"), "EventBridge hears nothing of Express executions");
}

#[test]
fn personal_data_is_logged_by_nobody_who_does_not_encrypt_it() {
    let [sam, terraform, cdk] =
        [sam(&rich()), terraform(&rich()), cdk(&rich())].map(|template| template.generated.text);
    check(
        &sam,
        &[
            "Rules:\n  PersonalData:\n    RuleCondition: !Equals [!Ref LogExecutionData, 'true']\n    Assertions:\n      - \
           Assert: !Not [!Equals [!Ref KmsKeyArn, '']]\n        AssertDescription: 'Payloads of order-saga hold personal data: ",
        ],
    );
    let machine = |name: &str| {
        let found =
            terraform.split(&format!("\"aws_sfn_state_machine\" \"{name}\" {{")).nth(1).expect("a machine");
        found.split("\n}\n").next().expect("its text").to_owned()
    };
    check(
        &machine("order_saga"),
        &[
            "precondition {\n      condition     = !var.log_execution_data || var.kms_key_arn != null\n      error_message = \"Payloads of",
        ],
    );
    assert!(!machine("quick").contains("precondition"), "nothing personal is in its payloads");
    assert_eq!(cdk.matches("personal: true,").count(), 1, "{cdk}");
}

#[test]
fn what_idempotent_tasks_have_done_is_kept_where_they_alone_may_put_it() {
    let text = sam(&rich()).generated.text;
    check(
        &text,
        &[
            "  IdempotencyTable:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      BillingMode: PAY_PER_REQUEST\n",
            "TimeToLiveSpecification:\n        AttributeName: expires\n        Enabled: true\n",
            "Environment:\n        Variables:\n          SFN_IDEMPOTENCY_TABLE: !Ref IdempotencyTable\n",
            "- dynamodb:PutItem\n                  - dynamodb:DeleteItem\n                Resource:\n                  - !GetAtt IdempotencyTable.Arn\n",
            "  IdempotencyTableName:\n",
        ],
    );
    assert_eq!(
        text.matches("dynamodb:PutItem").count(),
        2,
        "one of the functions is idempotent, and the worker's task"
    );
    assert_eq!(text.matches("SFN_IDEMPOTENCY_TABLE").count(), 1);
    let text = terraform(&rich()).generated.text;
    check(
        &text,
        &[
            "resource \"aws_dynamodb_table\" \"idempotency\" {\n  name         = \"${var.prefix}idempotency\"\n",
            "for_each = each.value.idempotent ? [aws_dynamodb_table.idempotency.arn] : []\n",
            "actions   = [\"dynamodb:PutItem\", \"dynamodb:DeleteItem\"]\n",
            "each.value.idempotent ? { SFN_IDEMPOTENCY_TABLE = aws_dynamodb_table.idempotency.name } : {}",
            "idempotent  = true\n",
            "idempotent  = false\n",
        ],
    );
    let text = cdk(&rich()).generated.text;
    check(
        &text,
        &[
            "this.idempotencyTable = new dynamodb.Table(this, 'IdempotencyTable', {\n",
            "timeToLiveAttribute: 'expires',\n",
            "table?.grant(role, 'dynamodb:PutItem', 'dynamodb:DeleteItem');\n",
            "...(table && { SFN_IDEMPOTENCY_TABLE: table.tableName })",
        ],
    );
    assert_eq!(text.matches("table: this.idempotencyTable,\n").count(), 1);

    let plain = workflow("a", "STANDARD", &[task("t", "TFunctionArn", "REQUEST_RESPONSE", 1)]);
    let stack = plan(&[(&plain, &mentioning("${TFunctionArn}"))], &[]).expect("a plan");
    for template in [sam(&stack), terraform(&stack), cdk(&stack)] {
        let text = template.generated.text.to_lowercase();
        assert!(!text.contains("idempoten") && !text.contains("dynamodb"), "{text}");
    }
}

#[test]
fn workers_may_do_the_work_of_the_activities_and_nothing_else() {
    let pick = workflow("a", "STANDARD", &[task("pick", "PickActivityArn", "ACTIVITY", 1)]);
    let picking = plan(&[(&pick, &mentioning("${PickActivityArn}"))], &[]).expect("a plan");
    let text = sam(&picking).generated.text;
    let rights = worker_policy(&text);
    check(
        rights,
        &[
            "Type: AWS::IAM::ManagedPolicy\n",
            "- states:GetActivityTask\n              - states:SendTaskSuccess\n              - states:SendTaskFailure\n              \
             - states:SendTaskHeartbeat\n            Resource:\n              - !Ref PickActivity",
        ],
    );
    check(rights, &["!If\n            - HasKey\n", "- kms:Decrypt\n                - kms:GenerateDataKey\n"]);
    check(&text, &["  WorkerPolicyArn:\n"]);
    assert!(!text.contains("dynamodb") && !text.contains("s3"), "{text}");
    check(
        &terraform(&picking).generated.text,
        &[
            "resource \"aws_iam_policy\" \"worker\" {\n  name   = \"${var.prefix}worker\"\n",
            "resources = [\n      aws_sfn_activity.pick.id,\n    ]",
            "output \"worker_policy_arn\" {\n",
        ],
    );
    check(
        &cdk(&picking).generated.text,
        &[
            "readonly workerPolicy: iam.ManagedPolicy;\n",
            "this.workerPolicy = new iam.ManagedPolicy(this, 'WorkerPolicy', {\n",
            "this.pickActivity.activityArn,\n",
            "...(props.key ? [use(props.key)] : []),\n",
        ],
    );

    let plain = workflow("a", "STANDARD", &[]);
    let stack = plan(&[(&plain, &mentioning(""))], &[]).expect("a plan");
    for template in [sam(&stack), terraform(&stack), cdk(&stack)] {
        assert!(!template.generated.text.to_lowercase().contains("worker"), "nobody works");
    }
}

/// What a SAM template gives workers.
fn worker_policy(sam: &str) -> &str {
    sam.split("  WorkerPolicy:").nth(1).expect("a policy").split("\n\n").next().expect("its text")
}

#[test]
fn workers_keep_what_their_tasks_keep() {
    let mut print = stacks::idempotent(task("print", "PrintActivityArn", "ACTIVITY", 1));
    print["output"] = stacks::stored();
    let mut read = task("read", "ReadActivityArn", "ACTIVITY", 2);
    read["input"] = stacks::stored();
    let book = workflow("book", "STANDARD", &[print, read]);
    let definition = mentioning("${PrintActivityArn} ${ReadActivityArn}");
    let stack = plan(&[(&book, &definition)], &[]).expect("a plan");
    let text = sam(&stack).generated.text;
    check(
        worker_policy(&text),
        &[
            "- dynamodb:PutItem\n              - dynamodb:DeleteItem\n            Resource:\n              - !GetAtt IdempotencyTable.Arn\n",
            "- s3:GetObject\n              - s3:PutObject\n            Resource:\n              - !Sub '${StoredValuesBucket.Arn}/stored/*'\n",
        ],
    );
    check(
        &text,
        &[
            "Type: AWS::DynamoDB::Table\n",
            "Type: AWS::S3::Bucket\n",
            "  IdempotencyTableName:\n",
            "  StoredValuesBucketName:\n",
        ],
    );
    let text = terraform(&stack).generated.text;
    let rights = text.split("\"aws_iam_policy_document\" \"worker\" {").nth(1).expect("a policy");
    check(
        rights.split("\n}\n").next().expect("its text"),
        &[
            "aws_dynamodb_table.idempotency.arn,\n",
            "\"s3:GetObject\",\n      \"s3:PutObject\",\n",
            "\"${aws_s3_bucket.stored_values.arn}/stored/*\",\n",
            "for_each = var.kms_key_arn == null ? [] : [var.kms_key_arn]\n",
        ],
    );
    check(&text, &["output \"stored_values_bucket_name\" {\n", "output \"idempotency_table_name\" {\n"]);
    let text = cdk(&stack).generated.text;
    check(&text, &["this.idempotencyTable.tableArn,\n", "this.storedValues.arnForObjects('stored/*'),\n"]);
    let place = |text: &str, member: &str| text.find(member).unwrap_or_else(|| panic!("{member} in {text}"));
    assert!(place(&text, "this.storedValues =") < place(&text, "this.workerPolicy ="), "{text}");
    assert!(!text.contains("private keeps("), "no function keeps a value");
}

#[test]
fn whoever_ends_a_task_may_use_the_key_that_what_it_says_is_encrypted_with() {
    let [sam, terraform, cdk] =
        [sam(&rich()), terraform(&rich()), cdk(&rich())].map(|template| template.generated.text);
    let callback = sam.split("  OrderSagaCallbackPolicy:").nth(1).expect("a policy");
    check(
        callback.split("\n\n").next().expect("its text"),
        &["- !Ref OrderSagaStateMachine\n", "- HasKey\n", "- kms:GenerateDataKey\n"],
    );
    let callback =
        terraform.split("\"aws_iam_policy_document\" \"order_saga_callback\" {").nth(1).expect("a policy");
    check(
        callback.split("\n}\n").next().expect("its text"),
        &["aws_sfn_state_machine.order_saga.arn,\n", "var.kms_key_arn == null", "\"kms:GenerateDataKey\",\n"],
    );
    check(&cdk, &["machine.stateMachineArn, props.key);\n", "key ? [statement, use(key)] : [statement]"]);
}

#[test]
fn only_functions_that_keep_values_may_and_only_below_the_prefix() {
    let [sam, terraform, cdk] =
        [sam(&rich()), terraform(&rich()), cdk(&rich())].map(|template| template.generated.text);
    check(
        &sam,
        &[
            "- s3:PutObject\n                Resource:\n                  - !Sub '${StoredValuesBucket.Arn}/stored/*'\n",
            "SFN_STORED_BUCKET: !Ref StoredValuesBucket\n",
            "ExpirationInDays: !Ref StoredExpirationInDays\n",
            "BlockPublicPolicy: true\n",
            "  StoredExpirationInDays:\n    Type: Number\n    Default: 90\n",
        ],
    );
    assert_eq!(sam.matches("SFN_STORED_BUCKET").count(), 1, "`charge` keeps nothing");
    assert!(
        !sam.contains(
            "s3:GetObject\n                Resource:\n                  - !Sub '${StoredValuesBucket"
        ),
        "{sam}"
    );
    check(
        &terraform,
        &[
            "values      = [\"s3:PutObject\"]\n",
            "values      = []\n",
            "length(each.value.values) > 0 ? { SFN_STORED_BUCKET = aws_s3_bucket.stored_values.bucket } : {})] : all if",
            "\"${aws_s3_bucket.stored_values.arn}/stored/*\",\n",
            "variable \"stored_expiration_in_days\" {\n",
        ],
    );
    check(
        &cdk,
        &[
            "import * as s3 from 'aws-cdk-lib/aws-s3';\n",
            "readonly storedExpiration?: Duration;\n",
            "this.storedValues = this.bucket(props);\n",
            "this.keeps(props, this.askFunction, ['s3:PutObject']);\n",
            "arnForObjects('stored/*')",
        ],
    );
    assert!(!cdk.contains("this.keeps(props, this.chargeFunction"), "{cdk}");
    let other = workflow("a", "STANDARD", &[task("t", "TFunctionArn", "REQUEST_RESPONSE", 1)]);
    let stack = plan(&[(&other, &mentioning(""))], &[]).expect("a plan");
    let texts = [crate::sam(&stack), crate::terraform(&stack), crate::cdk(&stack)]
        .map(|template| template.generated.text);
    assert!(texts.iter().all(|text| !text.to_lowercase().contains("stored")), "nothing is kept");
}

#[test]
fn names_that_stand_for_two_things_are_refused() {
    let first = workflow("a", "STANDARD", &[task("t", "TFunctionArn", "REQUEST_RESPONSE", 1)]);
    let second = workflow("b", "STANDARD", &[task("t", "TFunctionArn", "REQUEST_RESPONSE", 2)]);
    let error = plan(&[(&first, &mentioning("")), (&second, &mentioning(""))], &[])
        .expect_err("two tasks are named t");
    check(&error.to_string(), &["two tasks of `shop` are named `t`, at src/lib.rs:1 and at src/lib.rs:2"]);

    // They would share one queue.
    let [first_pick, second_pick] = [("a", 1), ("b", 2)]
        .map(|(name, line)| workflow(name, "STANDARD", &[task("pick", "PickActivityArn", "ACTIVITY", line)]));
    let definition = mentioning("${PickActivityArn}");
    let error = plan(&[(&first_pick, &definition), (&second_pick, &definition)], &[])
        .expect_err("two activities are named pick");
    check(&error.to_string(), &["two tasks of `shop` are named `pick`, at src/lib.rs:1 and at src/lib.rs:2"]);
    let again = workflow("b", "STANDARD", &[task("pick", "PickActivityArn", "ACTIVITY", 1)]);
    plan(&[(&first_pick, &definition), (&again, &definition)], &[]).expect("one activity of two workflows");

    let third = workflow("A", "STANDARD", &[]);
    let error = plan(&[(&first, &mentioning("")), (&third, &mentioning(""))], &[]).expect_err("both are A");
    check(&error.to_string(), &["`a` and `A` would both be named `A`"]);

    for own in [
        "LogLevel",
        "logLevel",
        "Prefix",
        "Environment",
        "Key",
        "LogRetention",
        "AlarmTopic",
        "FailureTarget",
    ] {
        let error =
            plan(&[(&first, &mentioning(&format!("${{{own}}}")))], &[]).expect_err("some template has it");
        check(&error.to_string(), &[&format!("`${{{own}}}`")]);
    }
    let error = plan(&[(&first, &mentioning("${NewsArn} ${newsArn}"))], &[])
        .expect_err("Terraform has one name for both");
    check(&error.to_string(), &["`NewsArn` and `newsArn` would both be named `news_arn`"]);
    for bad in ["${}", "${ Name }", "${news_arn}", "${AWS::Region}", "${Name"] {
        let error = plan(&[(&first, &mentioning(bad))], &[]).expect_err("no template can fill it in");
        check(&error.to_string(), &[bad, "definition of `a`", "letters and digits"]);
    }

    let error = plan(&[(&first, &mentioning(""))], &["AWS_REGION"]).expect_err("it is Lambda's own");
    check(&error.to_string(), &["`AWS_REGION` is not the name"]);
    let error = plan(&[(&first, &mentioning(""))], &["ORDERS_TABLE", "ORDERS__TABLE"])
        .expect_err("SAM has one name for both");
    check(&error.to_string(), &["`ORDERS_TABLE` and `ORDERS__TABLE` would both be named `OrdersTable`"]);
}

#[test]
fn variables_named_as_parameters_of_templates_have_others() {
    let workflow = workflow("a", "STANDARD", &[task("t", "TFunctionArn", "REQUEST_RESPONSE", 1)]);
    let stack =
        plan(&[(&workflow, &mentioning("${TFunctionArn}"))], &["LOG_LEVEL", "PREFIX"]).expect("a plan");
    let text = sam(&stack).generated.text;
    check(
        &text,
        &[
            "LOG_LEVEL: !Ref LogLevelVariable\n",
            "  LogLevelVariable:\n    Type: String\n",
            "PREFIX: !Ref PrefixVariable\n",
        ],
    );
    assert_eq!(text.matches("\n  LogLevel:\n").count(), 1);
    check(&sam(&stack).yours[0].text, &["LogLevelVariable: !Ref LogLevelVariable\n"]);
}

#[test]
fn a_state_machine_is_made_before_the_one_that_starts_it() {
    let order = workflow("order", "STANDARD", &[]);
    let pay = workflow("pay", "STANDARD", &[]);
    let order_definition = calling(&[(
        "Pay",
        "arn:aws:states:::states:startExecution.sync:2",
        json!({ "StateMachineArn": "${PayStateMachineArn}" }),
    )]);
    let stack = plan(&[(&order, &order_definition), (&pay, &mentioning(""))], &[]).expect("a plan");
    let text = sam(&stack).generated.text;
    let place = "${AWS::Region}:${AWS::AccountId}";
    check(
        &text,
        &[
            "PayStateMachineArn: !Ref PayVersion\n",
            &format!(
                "- states:StartExecution\n                Resource:\n                  - !Sub 'arn:${{AWS::Partition}}:states:{place}:stateMachine:${{AWS::StackName}}-pay'\n"
            ),
            &format!(
                "- states:StopExecution\n                Resource:\n                  - !Sub 'arn:${{AWS::Partition}}:states:{place}:execution:${{AWS::StackName}}-pay:*'\n"
            ),
            ":rule/StepFunctionsGetEventsForStepFunctionsExecutionRule'\n",
        ],
    );
    assert!(!text.contains("PayStateMachineArn:\n    Type: String"), "nobody has to fill it in");
    check(
        &terraform(&stack).generated.text,
        &["PayStateMachineArn = aws_sfn_state_machine.pay.state_machine_version_arn\n"],
    );
    let text = cdk(&stack).generated.text;
    check(&text, &["PayStateMachineArn: this.payStateMachine.version.attrArn,\n"]);
    assert!(text.find("this.payStateMachine =") < text.find("this.orderStateMachine ="), "{text}");

    let error = plan(&[(&order, &order_definition), (&pay, &mentioning("${OrderStateMachineArn}"))], &[]);
    check(&error.expect_err("a circle").to_string(), &["`order`, `pay` start each other in a circle"]);
}

#[test]
fn the_name_of_a_cdk_stack_is_one() {
    let value = json!({
        "name": "a", "package": "my_shop", "packageDir": "..", "file": "a.asl.json", "type": "STANDARD",
        "tasks": [], "states": {},
    });
    let workflow: WorkflowManifest = serde_json::from_value(value).expect("a workflow's entry");
    let request = Request {
        package: "my_shop",
        workflows: &[(&workflow, &mentioning(""))],
        architecture: Architecture::Arm64,
        environment: &[],
        links: &[],
    };
    let template = cdk(&Stack::plan(&request).expect("a plan"));
    check(&template.yours[0].text, &["new MyShopStack(new App(), 'my-shop-dev')"]);
}

#[test]
fn what_is_not_granted_is_said_of_the_state() {
    let stack = rich();
    let open: Vec<_> = stack.open().collect();
    let [(workflow, open)] = open.as_slice() else { panic!("{open:?}") };
    assert_eq!((*workflow, open.state.as_str()), ("order-saga", "Crawl"));
    check(&open.message, &["`aws-sdk:glue:startCrawler`"]);
}

#[test]
fn states_of_one_name_in_two_workflows_have_parameters_of_their_own() {
    let [first, second] = ["a", "b"].map(|name| workflow(name, "STANDARD", &[]));
    let find =
        calling(&[("Find", "arn:aws:states:::dynamodb:getItem", json!({ "TableName": "{% $table %}" }))]);
    let text = sam(&plan(&[(&first, &find), (&second, &find)], &[]).expect("a plan")).generated.text;
    check(&text, &["- !Ref AFindTableArn\n", "- !Ref BFindTableArn\n"]);
}

#[test]
fn conditions_that_compare_alike_stand_together() {
    let entry = workflow("a", "STANDARD", &[]);
    let arguments = json!({ "ApiEndpoint": "https://shop.example", "Method": "{% 'P' & $rest %}" });
    let definition = calling(&[("Ask", "arn:aws:states:::http:invoke", arguments)]);
    let stack = plan(&[(&entry, &definition)], &[]).expect("a plan");
    check(
        &sam(&stack).generated.text,
        &[
            "StringLike:\n                    states:HTTPMethod:\n                      - 'P*'\n                    states:HTTPEndpoint:\n",
        ],
    );
    let text = cdk(&stack).generated.text;
    check(&text, &["'states:HTTPMethod': [\n                'P*',\n", "'states:HTTPEndpoint': [\n"]);
    assert_eq!(text.matches("StringLike:").count(), 1, "{text}");
}
