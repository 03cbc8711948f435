//! What roles are allowed, integration by integration and pattern by pattern. Separate from the templates because these
//! rights are read from definitions alone.

use serde_json::{Value, json};
use sfn_asl::StateMachine;
use sfn_deploy::Grants;

fn grants(states: &Value) -> Grants {
    let start = states.as_object().expect("states").keys().next().expect("one").clone();
    let machine = json!({ "QueryLanguage": "JSONata", "StartAt": start, "States": states });
    let machine: StateMachine = machine.to_string().parse().expect("a definition");
    Grants::of(&machine, "own")
}

/// The rights of a call in a State named `A`.
fn of_call(resource: &str, arguments: &Value) -> Grants {
    let resource = format!("arn:aws:states:::{resource}");
    grants(&json!({ "A": { "Type": "Task", "Resource": resource, "Arguments": arguments, "End": true } }))
}

#[track_caller]
fn check(resource: &str, arguments: &Value, expected: &[&str]) {
    let lines: Vec<String> = expected.iter().map(|line| format!("A: {line}\n")).collect();
    // Only what is short for the reader of this file is put in full.
    let expected = lines
        .concat()
        .replace("arn:", "arn:${AWS::Partition}:")
        .replace("HERE", "${AWS::Region}:${AWS::AccountId}");
    assert_eq!(of_call(resource, arguments).to_string(), expected, "{resource} {arguments}");
}

/// What it takes to hear of the end of jobs.
fn event(rule: &str) -> String {
    format!("events:PutTargets, events:PutRule, events:DescribeRule on arn:events:HERE:rule/{rule}")
}

#[test]
fn tables_are_named_by_arguments_placeholders_or_parameters() {
    for (action, right) in [
        ("getItem", "dynamodb:GetItem"),
        ("putItem", "dynamodb:PutItem"),
        ("updateItem", "dynamodb:UpdateItem"),
        ("deleteItem", "dynamodb:DeleteItem"),
    ] {
        for resource in [format!("dynamodb:{action}"), format!("aws-sdk:dynamodb:{action}")] {
            let table = |name: &str| json!({ "TableName": name });
            check(&resource, &table("orders"), &[&format!("{right} on arn:dynamodb:HERE:table/orders")]);
            check(
                &resource,
                &table("${Stage}-orders"),
                &[&format!("{right} on arn:dynamodb:HERE:table/${{Stage}}-orders")],
            );
            check(&resource, &table("${OrdersTableArn}"), &[&format!("{right} on ${{OrdersTableArn}}")]);
            check(&resource, &table("{% $states.input.table %}"), &[&format!("{right} on ${{ATableArn}}")]);
        }
    }
    let foreign = "arn:aws:dynamodb:eu-west-1:1:table/t";
    assert_eq!(
        of_call("dynamodb:getItem", &json!({ "TableName": foreign })).to_string(),
        format!("A: dynamodb:GetItem on {foreign}\n")
    );
}

#[test]
fn topics_queues_and_buses_are_those_that_are_sent_to() {
    for suffix in ["", ".waitForTaskToken"] {
        let publish = format!("sns:publish{suffix}");
        check(&publish, &json!({ "TopicArn": "${NewsTopicArn}" }), &["sns:Publish on ${NewsTopicArn}"]);
        check(&publish, &json!({ "TopicArn": "{% $topic %}" }), &["sns:Publish on ${ATopicArn}"]);
        check(&publish, &json!({ "TargetArn": "${EndpointArn}" }), &["sns:Publish on ${EndpointArn}"]);
        check(&publish, &json!({ "PhoneNumber": "{% $number %}" }), &["sns:Publish on *"]);

        let send = format!("sqs:sendMessage{suffix}");
        let queue = |url: &str| json!({ "QueueUrl": url });
        check(
            &send,
            &queue("https://sqs.eu-west-1.amazonaws.com/42/orders"),
            &["sqs:SendMessage on arn:sqs:${AWS::Region}:42:orders"],
        );
        check(
            &send,
            &queue("${OrdersQueueUrl}"),
            &["sqs:SendMessage on arn:sqs:${AWS::Region}:${OrdersQueueUrl[/3]}:${OrdersQueueUrl[/4]}"],
        );
        check(
            &send,
            &queue("{% $queue %}"),
            &["sqs:SendMessage on arn:sqs:${AWS::Region}:${AQueueUrl[/3]}:${AQueueUrl[/4]}"],
        );

        let put = format!("events:putEvents{suffix}");
        check(
            &put,
            &json!({ "Entries": [{ "EventBusName": "orders" }, {}, { "EventBusName": "${BusArn}" }] }),
            &[
                "events:PutEvents on arn:events:HERE:event-bus/orders, arn:events:HERE:event-bus/default, ${BusArn}",
            ],
        );
        check(&put, &json!({ "Entries": "{% $entries %}" }), &["events:PutEvents on ${AEventBusArn}"]);
    }
}

#[test]
fn nested_executions_are_started_and_waited_for() {
    let pay = json!({ "StateMachineArn": "${PayStateMachineArn}" });
    let start = "states:StartExecution on arn:states:HERE:stateMachine:${PayStateMachineArn[:6]}";
    let wait = "states:DescribeExecution, states:StopExecution on arn:states:HERE:execution:${PayStateMachineArn[:6]}:*";
    let hear = event("StepFunctionsGetEventsForStepFunctionsExecutionRule");
    check("states:startExecution", &pay, &[start]);
    check("states:startExecution.waitForTaskToken", &pay, &[start]);
    check("states:startExecution.sync", &pay, &[start, wait, &hear]);
    check("states:startExecution.sync:2", &pay, &[start, wait, &hear]);
    // A right to a version or an alias is a right to its state machine.
    let version = json!({ "StateMachineArn": "arn:aws:states:eu-west-1:42:stateMachine:pay:3" });
    check("states:startExecution", &version, &["states:StartExecution on arn:states:HERE:stateMachine:pay"]);
}

#[test]
fn an_http_task_may_call_its_endpoint_with_its_connection() {
    let connection = json!({ "ConnectionArn": "${StripeConnectionArn}" });
    let call =
        |endpoint: &str| json!({ "ApiEndpoint": endpoint, "Method": "POST", "Authentication": connection });
    let rights = |endpoint: &str| {
        [
            format!(
                "states:InvokeHTTPEndpoint on arn:states:HERE:stateMachine:own if StringEquals states:HTTPMethod POST \
                 if StringLike states:HTTPEndpoint {endpoint}"
            ),
            "events:RetrieveConnectionCredentials on ${StripeConnectionArn}".to_owned(),
            "secretsmanager:GetSecretValue, secretsmanager:DescribeSecret on \
             arn:secretsmanager:HERE:secret:events!connection/${StripeConnectionArn[/1]}/*"
                .to_owned(),
        ]
    };
    for (endpoint, expected) in [
        ("https://api.stripe.com/v1/charges", "https://api.stripe.com/v1/charges"),
        ("{% 'https://api.stripe.com/v1/charges/' & $id %}", "https://api.stripe.com/v1/charges/*"),
        ("{% $endpoint %}", "${AApiEndpoint}"),
    ] {
        let rights = rights(expected);
        check("http:invoke", &call(endpoint), &rights.each_ref().map(String::as_str));
    }
}

#[test]
fn functions_are_invoked_by_name_arn_or_qualifier() {
    for suffix in ["", ".waitForTaskToken"] {
        let invoke = format!("lambda:invoke{suffix}");
        check(
            &invoke,
            &json!({ "FunctionName": "pay" }),
            &["lambda:InvokeFunction on arn:lambda:HERE:function:pay"],
        );
        check(
            &invoke,
            &json!({ "FunctionName": "${PayFunctionArn}" }),
            &["lambda:InvokeFunction on ${PayFunctionArn}"],
        );
        check(
            &invoke,
            &json!({ "FunctionName": "pay", "Qualifier": "live" }),
            &["lambda:InvokeFunction on arn:lambda:HERE:function:pay:live"],
        );
        for account in ["123456789012", "${Account}"] {
            check(
                &invoke,
                &json!({ "FunctionName": format!("{account}:function:pay") }),
                &[&format!("lambda:InvokeFunction on arn:lambda:${{AWS::Region}}:{account}:function:pay")],
            );
        }
    }
    let direct = |resource: &str| {
        grants(&json!({ "A": { "Type": "Task", "Resource": resource, "End": true } })).to_string()
    };
    assert_eq!(direct("${PayFunctionArn}"), "A: lambda:InvokeFunction on ${PayFunctionArn}\n");
    let arn = "arn:aws:lambda:eu-west-1:42:function:pay";
    assert_eq!(direct(arn), format!("A: lambda:InvokeFunction on {arn}\n"));
    assert_eq!(direct("${PickActivityArn}"), "");
    assert_eq!(direct("arn:aws:states:eu-west-1:42:activity:pick"), "");
}

#[test]
fn containers_are_run_and_waited_for() {
    let run = json!({ "TaskDefinition": "ship", "Overrides": { "TaskRoleArn": "${ShipRoleArn}" } });
    let start = "ecs:RunTask on arn:ecs:HERE:task-definition/ship:*";
    let pass = "iam:PassRole on ${ShipRoleArn} if StringEquals iam:PassedToService ecs-tasks.amazonaws.com";
    let wait = "ecs:StopTask, ecs:DescribeTasks on arn:ecs:HERE:task/*";
    check("ecs:runTask", &run, &[start, pass]);
    check("ecs:runTask.waitForTaskToken", &run, &[start, pass]);
    check("ecs:runTask.sync", &run, &[start, pass, wait, &event("StepFunctionsGetEventsForECSTaskRule")]);
    check(
        "ecs:runTask",
        &json!({ "TaskDefinition": "ship:7" }),
        &["ecs:RunTask on arn:ecs:HERE:task-definition/ship:7"],
    );
    let open = of_call("ecs:runTask", &run).open;
    assert!(open.len() == 1 && open[0].state == "A" && open[0].message.contains("iam:PassRole"), "{open:?}");
}

#[test]
fn objects_are_those_of_the_key_or_of_what_it_begins_with() {
    let object = |key: &str| json!({ "Bucket": "${ReportsBucket}", "Key": key });
    let get = "aws-sdk:s3:getObject";
    check(get, &object("a/b.json"), &["s3:GetObject on arn:s3:::${ReportsBucket}/a/b.json"]);
    check(get, &object("{% 'a/' & $id %}"), &["s3:GetObject on arn:s3:::${ReportsBucket}/a/*"]);
    check(get, &object("{% '${Stage}/' & $id %}"), &["s3:GetObject on arn:s3:::${ReportsBucket}/${Stage}/*"]);
    check(get, &object("{% $key %}"), &["s3:GetObject on arn:s3:::${ReportsBucket}/*"]);
    check(get, &json!({ "Bucket": "{% $bucket %}", "Key": "k" }), &["s3:GetObject on ${ABucketArn}/k"]);
    check(
        "aws-sdk:s3:listObjectsV2",
        &json!({ "Bucket": "b", "Prefix": "in/" }),
        &["s3:ListBucket on arn:s3:::b if StringLike s3:prefix in/"],
    );
}

#[test]
fn a_distributed_map_may_run_read_and_write() {
    let map = |reader: &Value, writer: &Value| {
        let processor = json!({
            "ProcessorConfig": { "Mode": "DISTRIBUTED" }, "StartAt": "B",
            "States": { "B": { "Type": "Pass", "End": true } },
        });
        let mut map = json!({ "Type": "Map", "ItemProcessor": processor, "End": true });
        for (field, value) in [("ItemReader", reader), ("ResultWriter", writer)] {
            if !value.is_null() {
                map[field] = value.clone();
            }
        }
        let text = grants(&json!({ "A": map })).to_string();
        text.replace("${AWS::Partition}:", "").replace("${AWS::Region}:${AWS::AccountId}", "HERE")
    };
    let children = "A: states:StartExecution on arn:states:HERE:stateMachine:own\n\
                    A: states:DescribeExecution, states:StopExecution on arn:states:HERE:execution:own:*\n\
                    A: states:RedriveExecution on arn:states:HERE:execution:own/*:*\n";
    assert_eq!(map(&Value::Null, &Value::Null), children);
    let reader = |action: &str, arguments: Value, config: Value| json!({ "Resource": format!("arn:aws:states:::s3:{action}"), "Arguments": arguments, "ReaderConfig": config });
    let file = json!({ "Bucket": "b", "Key": "in.csv" });
    let folder = json!({ "Bucket": "b", "Prefix": "in/" });
    let cases = [
        (
            reader("getObject", file.clone(), json!({ "InputType": "CSV" })),
            "A: s3:GetObject on arn:s3:::b/in.csv\n",
        ),
        (reader("getObject", file, json!({ "InputType": "MANIFEST" })), "A: s3:GetObject on arn:s3:::b/*\n"),
        (reader("listObjectsV2", json!({ "Bucket": "b" }), json!({})), "A: s3:ListBucket on arn:s3:::b\n"),
        (
            reader("listObjectsV2", folder.clone(), json!({})),
            "A: s3:ListBucket on arn:s3:::b if StringLike s3:prefix in/\n",
        ),
        (
            reader("listObjectsV2", folder, json!({ "Transformation": "LOAD_AND_FLATTEN" })),
            "A: s3:ListBucket on arn:s3:::b if StringLike s3:prefix in/\nA: s3:GetObject on arn:s3:::b/in/*\n",
        ),
    ];
    for (reader, expected) in cases {
        assert_eq!(map(&reader, &Value::Null), format!("{children}{expected}"), "{reader}");
    }
    let writer = json!({
        "Resource": "arn:aws:states:::s3:putObject", "Arguments": { "Bucket": "{% $b %}", "Prefix": "out" },
    });
    let expected = "A: s3:PutObject, s3:GetObject, s3:ListMultipartUploadParts, s3:AbortMultipartUpload on ${ABucketArn}/out/*\n";
    assert_eq!(map(&Value::Null, &writer), format!("{children}{expected}"));
}

#[test]
fn another_role_needs_no_rights_of_this_one() {
    let task = |role: &str| {
        json!({ "A": {
            "Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Arguments": { "TopicArn": "t" },
            "Credentials": { "RoleArn": role }, "End": true,
        } })
    };
    assert_eq!(grants(&task("${OtherRoleArn}")).to_string(), "A: sts:AssumeRole on ${OtherRoleArn}\n");
    assert_eq!(grants(&task("{% $role %}")).to_string(), "A: sts:AssumeRole on ${ARoleArn}\n");
}

#[test]
fn the_older_language_is_read_too() {
    let machine = json!({ "StartAt": "A", "States": {
        "A": {
            "Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Next": "B",
            "Parameters": { "TableName": "orders", "Key": { "id.$": "$.id" } },
        },
        "B": {
            "Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Next": "C",
            "Parameters": { "TableName.$": "$.table" },
        },
        "C": {
            "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:getObject", "Next": "D",
            "Parameters": { "Bucket": "b", "Key.$": "States.Format('in/{}.json', $.id)" },
        },
        "D": {
            "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:batchWriteItem", "End": true,
            "Parameters": { "RequestItems": { "orders.$": "$.items" } },
        },
    } });
    let machine: StateMachine = machine.to_string().parse().expect("a definition");
    let text = Grants::of(&machine, "own").to_string().replace("${AWS::Partition}:", "");
    let expected = "A, B: dynamodb:GetItem on arn:dynamodb:${AWS::Region}:${AWS::AccountId}:table/orders, ${BTableArn}\n\
                    C: s3:GetObject on arn:s3:::b/in/*\n\
                    D: dynamodb:BatchWriteItem on arn:dynamodb:${AWS::Region}:${AWS::AccountId}:table/orders\n";
    assert_eq!(text, expected);
}

#[test]
fn an_inference_profile_is_no_model() {
    for call in ["bedrock:invokeModel", "aws-sdk:bedrockruntime:converse"] {
        let model = json!({ "ModelId": "anthropic.claude" });
        let right = "bedrock:InvokeModel on arn:bedrock:${AWS::Region}::foundation-model/anthropic.claude";
        check(call, &model, &[right]);
        assert_eq!(of_call(call, &model).open, []);
        let profile = json!({ "ModelId": "eu.anthropic.claude" });
        check(call, &profile, &["bedrock:InvokeModel on ${AModelArn}"]);
        assert!(of_call(call, &profile).open[0].message.contains("inference profile"));
    }
}

#[test]
fn parameters_have_names_of_their_own() {
    let get = |table: &str, next: &str| {
        json!({
            "Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Arguments": { "TableName": table }, "Next": next,
        })
    };
    let states = json!({
        "Find": get("{% $table %}", "Find 1"), "Find 1": get("{% $table %}", "Find-1"),
        "Find-1": get("{% $table %}", "Other"), "Other": get("${FindTableArn}", "Done"), "Done": { "Type": "Succeed" },
    });
    let text = grants(&states).to_string();
    let expected =
        "dynamodb:GetItem on ${FindTableArn2}, ${Find1TableArn}, ${Find1TableArn2}, ${FindTableArn}\n";
    assert!(text.ends_with(expected), "{text}");
}

#[test]
fn what_is_in_no_table_is_left_open() {
    let open = of_call("aws-sdk:glue:startCrawler", &json!({ "Name": "c" })).open;
    assert!(open.len() == 1 && open[0].message.contains("`aws-sdk:glue:startCrawler`"), "{open:?}");
}

#[test]
fn arguments_that_one_expression_makes_are_perhaps_there() {
    let all = json!("{% $merge([$states.input, {'a': 1}]) %}");
    check("lambda:invoke", &all, &["lambda:InvokeFunction on ${AFunctionArn}, ${AFunctionArn}:*"]);
    check("aws-sdk:dynamodb:query", &all, &["dynamodb:Query on ${ATableArn}, ${ATableArn}/index/*"]);
    check("sns:publish", &all, &["sns:Publish on ${ATopicArn}, ${ATargetArn}"]);
    let open = of_call("sns:publish", &all).open;
    assert!(open.len() == 1 && open[0].message.contains("`PhoneNumber`"), "{open:?}");
    check("aws-sdk:comprehend:detectEntities", &all, &["comprehend:DetectEntities on ${AEndpointArn}"]);
    assert!(of_call("aws-sdk:comprehend:detectEntities", &all).open[0].message.contains("`EndpointArn`"));
    // An argument that is an expression itself is there.
    let published = of_call("sns:publish", &json!({ "TopicArn": "{% $topic %}" }));
    assert_eq!(
        (published.to_string().as_str(), published.open.len()),
        ("A: sns:Publish on ${ATopicArn}\n", 0)
    );
}

#[test]
fn what_is_known_to_begin_so_is_compared_by_its_beginning() {
    let put = "aws-sdk:cloudwatch:putMetricData";
    let right = |how: &str| format!("cloudwatch:PutMetricData on * if {how}");
    for (namespace, how) in [
        ("shop", "StringEquals cloudwatch:namespace shop"),
        ("{% 'shop/' & $name %}", "StringLike cloudwatch:namespace shop/*"),
        ("{% $name %}", "StringEquals cloudwatch:namespace ${ANamespace}"),
    ] {
        check(put, &json!({ "Namespace": namespace }), &[&right(how)]);
    }
}

#[test]
fn integrations_are_the_same_in_every_partition() {
    let call = |resource: &str, arguments: Value| {
        grants(&json!({ "A": { "Type": "Task", "Resource": resource, "Arguments": arguments, "End": true } }))
    };
    for partition in ["aws", "aws-cn", "aws-us-gov", "${AWS::Partition}"] {
        let invoke = call(
            &format!("arn:{partition}:states:::lambda:invoke.waitForTaskToken"),
            json!({ "FunctionName": "${PayFunctionArn}" }),
        );
        assert_eq!(invoke.to_string(), "A: lambda:InvokeFunction on ${PayFunctionArn}\n");
        let publish =
            call(&format!("arn:{partition}:states:::sns:publish"), json!({ "TopicArn": "${TopicArn}" }));
        assert_eq!(publish.to_string(), "A: sns:Publish on ${TopicArn}\n");
        assert_eq!((invoke.open.len(), publish.open.len()), (0, 0));
    }
    for resource in [
        "arn:aws:states:::sqs:sendMessage.sync",
        "arn:aws:states:::${Service}",
        "arn:aws:sqs:eu-west-1:42:orders",
    ] {
        let grants = call(resource, json!({}));
        assert_eq!(grants.to_string(), "");
        assert!(grants.open.len() == 1 && grants.open[0].message.contains(resource), "{:?}", grants.open);
    }
    let pick = call("arn:aws-cn:states:cn-north-1:42:activity:pick", json!({}));
    assert_eq!(pick, Grants::default());
}

#[test]
fn aliases_and_profiles_are_told_by_their_arns_too() {
    let decrypt = |key: &str| of_call("aws-sdk:kms:decrypt", &json!({ "KeyId": key })).to_string();
    for alias in
        ["alias/orders", "arn:aws:kms:eu-west-1:42:alias/orders", "arn:aws:kms:${Region}:42:alias/orders"]
    {
        assert_eq!(decrypt(alias), "A: kms:Decrypt on ${AKeyArn}\n", "{alias}");
    }
    let key = "arn:aws:kms:eu-west-1:42:key/1234";
    assert_eq!(decrypt(key), format!("A: kms:Decrypt on {key}\n"));

    for resource in ["inference-profile/eu.anthropic.claude", "application-inference-profile/a1"] {
        let arn = format!("arn:aws:bedrock:eu-west-1:42:{resource}");
        let grants = of_call("bedrock:invokeModel", &json!({ "ModelId": arn }));
        assert_eq!(grants.to_string(), format!("A: bedrock:InvokeModel on {arn}\n"));
        assert!(grants.open[0].message.contains("inference profile"), "{:?}", grants.open);
    }
}

#[test]
fn mail_is_sent_from_the_address_of_its_sender() {
    let send = "aws-sdk:sesv2:sendEmail";
    let right = |address: &str, domain: &str, how: &str| {
        format!(
            "ses:SendEmail on arn:ses:HERE:identity/{address}, arn:ses:HERE:identity/{domain} if {how} ses:FromAddress {address}"
        )
    };
    for (sender, address, domain, how) in [
        ("orders@shop.example", "orders@shop.example", "shop.example", "StringEquals"),
        ("Shop <orders@shop.example>", "orders@shop.example", "shop.example", "StringEquals"),
        ("Shop <orders@${Domain}>", "orders@${Domain}", "${Domain}", "StringEquals"),
        ("{% 'Shop <orders' & $x %}", "orders*", "${AFromEmailAddress[@1]}", "StringLike"),
        ("{% 'The shop' & $x %}", "${AFromEmailAddress}", "${AFromEmailAddress[@1]}", "StringEquals"),
    ] {
        check(send, &json!({ "FromEmailAddress": sender }), &[&right(address, domain, how)]);
    }
}

/// Whatever an argument is needed for, in every call.
fn all_arguments(resource: &str) -> Value {
    let mut arguments = json!({
        "ApiEndpoint": "id.execute-api.eu-west-1.amazonaws.com", "ApplicationId": "app", "AuthType": "IAM_ROLE",
        "BaseModelIdentifier": "model", "ClusterId": "j-1", "ClusterName": "cluster", "EndpointConfigName": "config",
        "EndpointName": "endpoint", "ExecutionRoleArn": "${JobRoleArn}", "FargateProfileName": "profile", "Id": "vc-1",
        "HyperParameterTuningJobName": "tune", "JobDefinition": "job", "JobFlowRole": "ec2-role", "JobName": "job",
        "JobQueue": "queue", "JobRunId": "run", "LabelingJobName": "label", "Method": "GET", "ModelId": "model",
        "ModelName": "model", "Name": "name", "NodeRole": "${NodeRoleArn}", "NodegroupName": "nodes", "Path": "/orders",
        "PodExecutionRoleArn": "${PodRoleArn}", "ProcessingJobName": "process", "ProjectName": "project",
        "Role": "${RoleArn}", "RoleArn": "${RoleArn}", "ServiceRole": "emr-role", "Stage": "prod",
        "TrainingJobDefinition": { "RoleArn": "${RoleArn}" }, "TrainingJobName": "{% 'train-' & $id %}",
        "TransformJobName": "transform", "VirtualClusterId": "vc-1",
    });
    if resource.starts_with("http:") {
        arguments["ApiEndpoint"] = json!("https://example.com");
        arguments["InvocationConfig"] = json!({ "ConnectionArn": "${InnerConnectionArn}" });
    }
    arguments
}

#[test]
fn every_optimised_integration_has_its_documented_rights_in_every_pattern() {
    let mut lines = Vec::new();
    for action in
        sfn_catalogue::optimised_services().flat_map(|service| service.actions().collect::<Vec<_>>())
    {
        for pattern in action.patterns() {
            let resource = format!("{}:{}{}", action.service().name(), action.name(), pattern.suffix());
            let grants = of_call(&resource, &all_arguments(&resource));
            lines.push(resource);
            for line in grants.to_string().lines() {
                let line = line
                    .replace("${AWS::Partition}:", "")
                    .replace("${AWS::Region}:${AWS::AccountId}", "HERE");
                lines.push(line.replacen("A: ", "  ", 1));
            }
            for open in grants.open {
                assert!(!open.message.contains("in no table"), "{}", open.message);
                lines.push(format!("  open: {}", open.message));
            }
        }
    }
    insta::assert_snapshot!(lines.join("\n"));
}
