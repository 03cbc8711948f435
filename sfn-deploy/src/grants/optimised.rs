//! What calls of the optimised integrations need, service by service in the order of the alphabet: the actions that AWS
//! documents for each pattern. Separate from the AWS SDK integrations because those have no jobs.

use super::rule::{ANYTHING, Pattern, Row, Rule, When, event, on, row, rule};

const PASSED_TO: &str = "iam:PassedToService";

/// To hand a role on to a service.
const fn pass(role: &'static [Pattern], to: &'static [(&'static str, &'static str, Pattern)]) -> Rule {
    rule(&["iam:PassRole"], role).under(to)
}

const CLUSTER: &[Pattern] = &[on("Cluster", "elasticmapreduce:<here>:cluster/{ClusterId}")];
/// Where a build is named by its identifier, no argument says of which project it is.
const PROJECT: &[Pattern] = &[on("Project", "codebuild:<here>:project/{ProjectName}")];
const BUILD_EVENT: Rule =
    event(&[on("", "events:<here>:rule/StepFunctionsGetEventForCodeBuildStartBuildRule")]);
const BATCH_EVENT: Rule =
    event(&[on("", "events:<here>:rule/StepFunctionsGetEventForCodeBuildStartBuildBatchRule")]);
pub(super) const TABLE: &[Pattern] = &[on("Table", "dynamodb:<here>:table/{TableName}")];
const APPLICATION: &[Pattern] = &[on("Application", "emr-serverless:<here>:/applications/{ApplicationId}")];
const APPLICATION_EVENT: Rule =
    event(&[on("", "events:<here>:rule/StepFunctionsGetEventsForEMRServerlessApplicationRule")]);
const JOB_EVENT: Rule = event(&[on("", "events:<here>:rule/StepFunctionsGetEventsForEMRServerlessJobRule")]);
const WORK_GROUP: &[Pattern] = &[on("WorkGroup", "athena:<here>:workgroup/{WorkGroup}")];
const QUERY: &[Pattern] = &[
    on("WorkGroup", "athena:<here>:workgroup/{WorkGroup|or primary}"),
    on("Catalog", "athena:<here>:datacatalog/{QueryExecutionContext.Catalog|or AwsDataCatalog}"),
];
const TO_EKS: &[(&str, &str, Pattern)] = &[("StringEquals", PASSED_TO, on("", "eks.amazonaws.com"))];
const TO_SAGEMAKER: &[(&str, &str, Pattern)] =
    &[("StringEquals", PASSED_TO, on("", "sagemaker.amazonaws.com"))];
const TO_ECS: &[(&str, &str, Pattern)] = &[("StringEquals", PASSED_TO, on("", "ecs-tasks.amazonaws.com"))];
const VIRTUAL_CLUSTER: &[Pattern] =
    &[on("VirtualCluster", "emr-containers:<here>:/virtualclusters/{VirtualClusterId}")];

pub(super) const ROWS: &[Row] = &[
    row("apigateway:invoke", &[rule(
        &["execute-api:Invoke"],
        &[on("Api", "execute-api:<here>:{ApiEndpoint|part . 0}/{Stage|any}/{Method|any}/{Path|any trimmed}")],
    )
    .when(When::Unless("AuthType", "NO_AUTH"))]),
    row("athena:getQueryExecution", &[rule(&["athena:GetQueryExecution"], WORK_GROUP)]),
    row("athena:getQueryResults", &[rule(&["athena:GetQueryResults"], WORK_GROUP)])
        .open("`s3:GetObject` on the place of the results is not granted"),
    row("athena:startQueryExecution", &[rule(&["athena:StartQueryExecution", "athena:GetDataCatalog"], QUERY)])
        .job(&[rule(
            &["athena:StopQueryExecution", "athena:GetQueryExecution"],
            &[on("WorkGroup", "athena:<here>:workgroup/{WorkGroup|or primary}")],
        )])
        .open("the rights to the tables (Glue, Lake Formation) and files (S3) of its query are not granted"),
    row("athena:stopQueryExecution", &[rule(&["athena:StopQueryExecution"], WORK_GROUP)]),
    row("batch:submitJob", &[rule(&["batch:SubmitJob"], &[
        on("JobQueue", "batch:<here>:job-queue/{JobQueue}"),
        on("JobDefinition", "batch:<here>:job-definition/{JobDefinition}"),
        on("JobDefinition", "batch:<here>:job-definition/{JobDefinition|revision}"),
    ])])
    .job(&[
        rule(&["batch:DescribeJobs"], &[ANYTHING]),
        rule(&["batch:TerminateJob"], &[on("", "batch:<here>:job/*")]),
        event(&[on("", "events:<here>:rule/StepFunctionsGetEventsForBatchJobsRule")]),
    ]),
    row("bedrock:createModelCustomizationJob", &[
        rule(&["bedrock:CreateModelCustomizationJob"], &[
            on("Model", "bedrock:<region>::foundation-model/{BaseModelIdentifier}"),
            on("", "bedrock:<here>:custom-model/*"),
            on("", "bedrock:<here>:model-customization-job/*"),
        ]),
        pass(&[on("Role", "{RoleArn}")], &[("StringEquals", PASSED_TO, on("", "bedrock.amazonaws.com"))]),
    ])
    .job(&[rule(
        &["bedrock:GetModelCustomizationJob", "bedrock:StopModelCustomizationJob"],
        &[on("", "bedrock:<here>:model-customization-job/*")],
    )]),
    row("bedrock:invokeModel", &[
        rule(&["bedrock:InvokeModel"], MODEL),
        rule(&["s3:GetObject"], &[on("Bucket", "s3:::{Input.S3Uri|part / 2}/*")]).when(When::Given("Input.S3Uri")),
        rule(&["s3:PutObject"], &[on("Bucket", "s3:::{Output.S3Uri|part / 2}/*")]).when(When::Given("Output.S3Uri")),
    ])
    .open_when(PROFILE, PROFILE_OPEN),
    row("codebuild:batchDeleteBuilds", &[rule(&["codebuild:BatchDeleteBuilds"], PROJECT)]),
    row("codebuild:batchGetBuildBatches", &[rule(&["codebuild:BatchGetBuildBatches"], PROJECT)]),
    row("codebuild:batchGetReports", &[rule(
        &["codebuild:BatchGetReports"],
        &[on("ReportGroup", "codebuild:<here>:report-group/{ReportGroupName}")],
    )]),
    row("codebuild:deleteBuildBatch", &[rule(&["codebuild:DeleteBuildBatch"], PROJECT)]),
    row("codebuild:retryBuildBatch", &[rule(&["codebuild:RetryBuildBatch"], PROJECT)]).job(&[
        rule(&["codebuild:StopBuildBatch", "codebuild:BatchGetBuildBatches"], PROJECT),
        BATCH_EVENT,
    ]),
    row("codebuild:startBuild", &[rule(&["codebuild:StartBuild"], PROJECT)])
        .job(&[rule(&["codebuild:StopBuild", "codebuild:BatchGetBuilds"], PROJECT), BUILD_EVENT]),
    row("codebuild:startBuildBatch", &[rule(&["codebuild:StartBuildBatch"], PROJECT)])
        .job(&[rule(&["codebuild:StopBuildBatch", "codebuild:BatchGetBuildBatches"], PROJECT), BATCH_EVENT]),
    row("codebuild:stopBuild", &[rule(&["codebuild:StopBuild"], PROJECT)]),
    row("codebuild:stopBuildBatch", &[rule(&["codebuild:StopBuildBatch"], PROJECT)]),
    row("databrew:startJobRun", &[rule(&["databrew:StartJobRun"], &[on("Job", "databrew:<here>:job/{Name}")])])
        .job(&[rule(&["databrew:ListJobRuns", "databrew:StopJobRun"], &[on("Job", "databrew:<here>:job/{Name}")])]),
    row("dynamodb:deleteItem", &[rule(&["dynamodb:DeleteItem"], TABLE)]),
    row("dynamodb:getItem", &[rule(&["dynamodb:GetItem"], TABLE)]),
    row("dynamodb:putItem", &[rule(&["dynamodb:PutItem"], TABLE)]),
    row("dynamodb:updateItem", &[rule(&["dynamodb:UpdateItem"], TABLE)]),
    row("ecs:runTask", &[
        rule(&["ecs:RunTask"], &[on("TaskDefinition", "ecs:<here>:task-definition/{TaskDefinition|revision}")]),
        pass(&[on("Role", "{Overrides.TaskRoleArn}")], TO_ECS).when(When::Given("Overrides.TaskRoleArn")),
        pass(&[on("ExecutionRole", "{Overrides.ExecutionRoleArn}")], TO_ECS)
            .when(When::Given("Overrides.ExecutionRoleArn")),
    ])
    .job(&[
        rule(&["ecs:StopTask", "ecs:DescribeTasks"], &[on("", "ecs:<here>:task/*")]),
        event(&[on("", "events:<here>:rule/StepFunctionsGetEventsForECSTaskRule")]),
    ])
    .open("`iam:PassRole` on the roles of its task definition is not granted"),
    row("eks:call", &[]).open("the cluster itself must let the role in (an access entry, or `aws-auth`)"),
    row("eks:createCluster", &[
        rule(&["eks:CreateCluster"], &[ANYTHING]),
        pass(&[on("Role", "{RoleArn}")], TO_EKS),
    ])
    .job(&[rule(&["eks:DescribeCluster", "eks:DeleteCluster"], &[on("Cluster", "eks:<here>:cluster/{Name}")])]),
    row("eks:createFargateProfile", &[
        rule(&["eks:CreateFargateProfile"], &[on("Cluster", "eks:<here>:cluster/{ClusterName}")]),
        pass(&[on("Role", "{PodExecutionRoleArn}")], TO_EKS),
    ])
    .job(&[rule(&["eks:DescribeFargateProfile", "eks:DeleteFargateProfile"], &[
        on("FargateProfile", "eks:<here>:fargateprofile/{ClusterName|value}/{FargateProfileName|any}/*"),
    ])]),
    row("eks:createNodegroup", &[
        rule(&["ec2:DescribeSubnets"], &[ANYTHING]),
        rule(&["eks:CreateNodegroup"], &[on("Cluster", "eks:<here>:cluster/{ClusterName}")]),
        rule(&["iam:GetRole", "iam:ListAttachedRolePolicies"], &[on("Role", "{NodeRole}")]),
        pass(&[on("Role", "{NodeRole}")], TO_EKS),
    ])
    .job(&[rule(&["eks:DescribeNodegroup", "eks:DeleteNodegroup"], &[
        on("Nodegroup", "eks:<here>:nodegroup/{ClusterName|value}/{NodegroupName|any}/*"),
    ])]),
    row("eks:deleteCluster", &[rule(&["eks:DeleteCluster"], &[on("Cluster", "eks:<here>:cluster/{Name}")])])
        .job(&[rule(&["eks:DescribeCluster"], &[on("Cluster", "eks:<here>:cluster/{Name}")])]),
    row("eks:deleteFargateProfile", &[rule(&["eks:DeleteFargateProfile"], &[
        on("FargateProfile", "eks:<here>:fargateprofile/{ClusterName|value}/{FargateProfileName|any}/*"),
    ])])
    .job(&[rule(&["eks:DescribeFargateProfile"], &[
        on("FargateProfile", "eks:<here>:fargateprofile/{ClusterName|value}/{FargateProfileName|any}/*"),
    ])]),
    row("eks:deleteNodegroup", &[rule(&["eks:DeleteNodegroup"], &[
        on("Nodegroup", "eks:<here>:nodegroup/{ClusterName|value}/{NodegroupName|any}/*"),
    ])])
    .job(&[rule(&["eks:DescribeNodegroup"], &[
        on("Nodegroup", "eks:<here>:nodegroup/{ClusterName|value}/{NodegroupName|any}/*"),
    ])]),
    row("eks:runJob", &[]).open("the cluster itself must let the role in (an access entry, or `aws-auth`)"),
    row("elasticmapreduce:addStep", &[rule(&["elasticmapreduce:AddJobFlowSteps"], CLUSTER)]).job(&[
        rule(&["elasticmapreduce:DescribeStep", "elasticmapreduce:CancelSteps"], CLUSTER),
        event(&[on("", "events:<here>:rule/StepFunctionsGetEventForEMRAddJobFlowStepsRule")]),
    ]),
    row("elasticmapreduce:cancelStep", &[rule(&["elasticmapreduce:CancelSteps"], CLUSTER)]),
    row("elasticmapreduce:createCluster", &[
        rule(&["elasticmapreduce:RunJobFlow"], &[ANYTHING]),
        rule(&["iam:PassRole"], &[
            on("ServiceRole", "iam::<account>:role/{ServiceRole}"),
            on("JobFlowRole", "iam::<account>:role/{JobFlowRole}"),
        ]),
    ])
    .job(&[
        rule(&["elasticmapreduce:DescribeCluster", "elasticmapreduce:TerminateJobFlows"], &[
            on("", "elasticmapreduce:<here>:cluster/*"),
        ]),
        event(&[on("", "events:<here>:rule/StepFunctionsGetEventForEMRRunJobFlowRule")]),
    ]),
    row("elasticmapreduce:modifyInstanceFleetByName", &[rule(
        &["elasticmapreduce:ModifyInstanceFleet", "elasticmapreduce:ListInstanceFleets"],
        CLUSTER,
    )]),
    row("elasticmapreduce:modifyInstanceGroupByName", &[rule(
        &["elasticmapreduce:ModifyInstanceGroups", "elasticmapreduce:ListInstanceGroups"],
        CLUSTER,
    )]),
    row("elasticmapreduce:setClusterTerminationProtection", &[rule(
        &["elasticmapreduce:SetTerminationProtection"],
        CLUSTER,
    )]),
    row("elasticmapreduce:terminateCluster", &[rule(&["elasticmapreduce:TerminateJobFlows"], CLUSTER)]).job(&[
        rule(&["elasticmapreduce:DescribeCluster"], CLUSTER),
        event(&[on("", "events:<here>:rule/StepFunctionsGetEventForEMRTerminateJobFlowsRule")]),
    ]),
    row("emr-containers:createVirtualCluster", &[
        rule(&["emr-containers:CreateVirtualCluster"], &[ANYTHING]),
        rule(&["iam:CreateServiceLinkedRole"], &[on(
            "",
            "iam::<account>:role/aws-service-role/emr-containers.amazonaws.com/AWSServiceRoleForAmazonEMRContainers",
        )])
        .under(&[("StringLike", "iam:AWSServiceName", on("", "emr-containers.amazonaws.com"))]),
    ]),
    row("emr-containers:deleteVirtualCluster", &[rule(&["emr-containers:DeleteVirtualCluster"], &[on(
        "VirtualCluster",
        "emr-containers:<here>:/virtualclusters/{Id}",
    )])])
    .job(&[rule(&["emr-containers:DescribeVirtualCluster"], &[on(
        "VirtualCluster",
        "emr-containers:<here>:/virtualclusters/{Id}",
    )])]),
    row("emr-containers:startJobRun", &[rule(&["emr-containers:StartJobRun"], VIRTUAL_CLUSTER)
        .under(&[("StringEquals", "emr-containers:ExecutionRoleArn", on("", "{ExecutionRoleArn|value}"))])])
    .job(&[rule(&["emr-containers:DescribeJobRun", "emr-containers:CancelJobRun"], &[on(
        "VirtualCluster",
        "emr-containers:<here>:/virtualclusters/{VirtualClusterId}/jobruns/*",
    )])]),
    row("emr-serverless:cancelJobRun", &[rule(&["emr-serverless:CancelJobRun"], &[on(
        "Application",
        "emr-serverless:<here>:/applications/{ApplicationId}/jobruns/{JobRunId|any}",
    )])])
    .job(&[
        rule(&["emr-serverless:GetJobRun"], &[on(
            "Application",
            "emr-serverless:<here>:/applications/{ApplicationId}/jobruns/{JobRunId|any}",
        )]),
        JOB_EVENT,
    ]),
    row("emr-serverless:createApplication", &[
        rule(&["emr-serverless:CreateApplication"], &[on("", "emr-serverless:<here>:/*")]),
        rule(&["iam:CreateServiceLinkedRole"], &[on(
            "",
            "iam::<account>:role/aws-service-role/ops.emr-serverless.amazonaws.com/AWSServiceRoleForAmazonEMRServerless*",
        )])
        .under(&[("StringLike", "iam:AWSServiceName", on("", "ops.emr-serverless.amazonaws.com"))]),
    ])
    .job(&[
        rule(&["emr-serverless:GetApplication", "emr-serverless:DeleteApplication"], &[on(
            "",
            "emr-serverless:<here>:/applications/*",
        )]),
        APPLICATION_EVENT,
    ]),
    row("emr-serverless:deleteApplication", &[rule(&["emr-serverless:DeleteApplication"], APPLICATION)])
        .job(&[rule(&["emr-serverless:GetApplication"], APPLICATION), APPLICATION_EVENT]),
    row("emr-serverless:startApplication", &[rule(&["emr-serverless:StartApplication"], APPLICATION)]).job(&[
        rule(&["emr-serverless:GetApplication", "emr-serverless:StopApplication"], APPLICATION),
        APPLICATION_EVENT,
    ]),
    row("emr-serverless:startJobRun", &[
        rule(&["emr-serverless:StartJobRun"], APPLICATION),
        pass(&[on("ExecutionRole", "{ExecutionRoleArn}")], &[(
            "StringEquals",
            PASSED_TO,
            on("", "emr-serverless.amazonaws.com"),
        )]),
    ])
    .job(&[
        rule(&["emr-serverless:GetJobRun", "emr-serverless:CancelJobRun"], &[on(
            "Application",
            "emr-serverless:<here>:/applications/{ApplicationId}/jobruns/*",
        )]),
        JOB_EVENT,
    ]),
    row("emr-serverless:stopApplication", &[rule(&["emr-serverless:StopApplication"], APPLICATION)])
        .job(&[rule(&["emr-serverless:GetApplication"], APPLICATION), APPLICATION_EVENT]),
    row("events:putEvents", PUT_EVENTS),
    row("glue:startJobRun", &[rule(&["glue:StartJobRun"], &[on("Job", "glue:<here>:job/{JobName}")])]).job(&[rule(
        &["glue:GetJobRun", "glue:GetJobRuns", "glue:BatchStopJobRun"],
        &[on("Job", "glue:<here>:job/{JobName}")],
    )]),
    row("http:invoke", &[
        rule(&["states:InvokeHTTPEndpoint"], &[on("", "states:<here>:stateMachine:<own>")]).under(&[
            ("StringEquals", "states:HTTPMethod", on("", "{Method|value}")),
            ("StringLike", "states:HTTPEndpoint", on("", "{ApiEndpoint|value}")),
        ]),
        rule(&["events:RetrieveConnectionCredentials"], &[on("Connection", "{Authentication.ConnectionArn}")])
            .when(When::Given("Authentication.ConnectionArn")),
        rule(&["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"], &[on(
            "Connection",
            "secretsmanager:<here>:secret:events!connection/{Authentication.ConnectionArn|part / 1}/*",
        )])
        .when(When::Given("Authentication.ConnectionArn")),
        rule(&["events:RetrieveConnectionCredentials"], &[on("Connection", "{InvocationConfig.ConnectionArn}")])
            .when(When::Given("InvocationConfig.ConnectionArn")),
        rule(&["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"], &[on(
            "Connection",
            "secretsmanager:<here>:secret:events!connection/{InvocationConfig.ConnectionArn|part / 1}/*",
        )])
        .when(When::Given("InvocationConfig.ConnectionArn")),
    ]),
    row("lambda:invoke", INVOKE),
    row("mediaconvert:createJob", &[
        rule(&["mediaconvert:CreateJob"], &[
            on("Queue", "mediaconvert:<here>:queues/{Queue|or Default}"),
            on("", "mediaconvert:<here>:presets/*"),
        ]),
        rule(&["mediaconvert:CreateJob"], &[on("Template", "mediaconvert:<here>:jobTemplates/{JobTemplate}")])
            .when(When::Given("JobTemplate")),
        pass(&[on("Role", "{Role}")], &[("StringEquals", PASSED_TO, on("", "mediaconvert.amazonaws.com"))]),
    ])
    .job(&[
        rule(&["mediaconvert:GetJob", "mediaconvert:CancelJob"], &[on("", "mediaconvert:<here>:jobs/*")]),
        event(&[on("", "events:<here>:rule/StepFunctionsGetEventsForMediaConvertJobRule")]),
    ]),
    row("sagemaker:createEndpoint", &[rule(&["sagemaker:CreateEndpoint"], &[
        on("Endpoint", "sagemaker:<here>:endpoint/{EndpointName|any}"),
        on("EndpointConfig", "sagemaker:<here>:endpoint-config/{EndpointConfigName|any}"),
    ])]),
    row("sagemaker:createEndpointConfig", &[rule(&["sagemaker:CreateEndpointConfig"], &[on(
        "EndpointConfig",
        "sagemaker:<here>:endpoint-config/{EndpointConfigName|any}",
    )])]),
    row("sagemaker:createHyperParameterTuningJob", &[
        rule(&["sagemaker:CreateHyperParameterTuningJob"], TUNING),
        rule(&["sagemaker:ListTags"], TUNING),
        pass(&[on("Role", "{TrainingJobDefinition.RoleArn}")], TO_SAGEMAKER),
    ])
    .job(&[
        rule(&["sagemaker:DescribeHyperParameterTuningJob", "sagemaker:StopHyperParameterTuningJob"], TUNING),
        event(&[on("", "events:<here>:rule/StepFunctionsGetEventsForSageMakerTuningJobsRule")]),
    ]),
    row("sagemaker:createLabelingJob", &[
        rule(&["sagemaker:CreateLabelingJob"], LABELING),
        rule(&["sagemaker:ListTags"], LABELING),
        pass(&[on("Role", "{RoleArn}")], TO_SAGEMAKER),
    ])
    .job(&[
        rule(&["sagemaker:DescribeLabelingJob", "sagemaker:StopLabelingJob"], LABELING),
        event(&[on("", "events:<here>:rule/StepFunctionsGetEventsForSageMakerLabelingJobsRule")]),
    ]),
    row("sagemaker:createModel", &[
        rule(&["sagemaker:CreateModel"], &[on("Model", "sagemaker:<here>:model/{ModelName|any}")]),
        pass(&[on("Role", "{ExecutionRoleArn}")], TO_SAGEMAKER),
    ]),
    row("sagemaker:createProcessingJob", &[
        rule(&["sagemaker:CreateProcessingJob"], PROCESSING),
        rule(&["sagemaker:ListTags"], PROCESSING),
        pass(&[on("Role", "{RoleArn}")], TO_SAGEMAKER),
    ])
    .job(&[
        rule(&["sagemaker:DescribeProcessingJob", "sagemaker:StopProcessingJob"], PROCESSING),
        event(&[on("", "events:<here>:rule/StepFunctionsGetEventsForSageMakerProcessingJobsRule")]),
    ]),
    row("sagemaker:createTrainingJob", &[
        rule(&["sagemaker:CreateTrainingJob"], TRAINING),
        rule(&["sagemaker:ListTags"], TRAINING),
        pass(&[on("Role", "{RoleArn}")], TO_SAGEMAKER),
    ])
    .job(&[
        rule(&["sagemaker:DescribeTrainingJob", "sagemaker:StopTrainingJob"], TRAINING),
        event(&[on("", "events:<here>:rule/StepFunctionsGetEventsForSageMakerTrainingJobsRule")]),
    ]),
    row("sagemaker:createTransformJob", &[
        rule(&["sagemaker:CreateTransformJob"], TRANSFORM),
        rule(&["sagemaker:ListTags"], TRANSFORM),
    ])
    .job(&[
        rule(&["sagemaker:DescribeTransformJob", "sagemaker:StopTransformJob"], TRANSFORM),
        event(&[on("", "events:<here>:rule/StepFunctionsGetEventsForSageMakerTransformJobsRule")]),
    ]),
    row("sagemaker:updateEndpoint", &[rule(&["sagemaker:UpdateEndpoint"], &[
        on("Endpoint", "sagemaker:<here>:endpoint/{EndpointName|any}"),
        on("EndpointConfig", "sagemaker:<here>:endpoint-config/{EndpointConfigName|any}"),
    ])]),
    row("sns:publish", PUBLISH),
    row("sqs:sendMessage", &[rule(&["sqs:SendMessage"], QUEUE)]),
    row("states:startExecution", &[rule(&["states:StartExecution"], STATE_MACHINE)]).job(&[
        rule(&["states:DescribeExecution", "states:StopExecution"], EXECUTIONS),
        event(&[on("", "events:<here>:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule")]),
    ]),
];

// New jobs have names of their own, which executions often make up.
const TRAINING: &[Pattern] = &[on("", "sagemaker:<here>:training-job/{TrainingJobName|any}")];
const TRANSFORM: &[Pattern] = &[on("", "sagemaker:<here>:transform-job/{TransformJobName|any}")];
const PROCESSING: &[Pattern] = &[on("", "sagemaker:<here>:processing-job/{ProcessingJobName|any}")];
const LABELING: &[Pattern] = &[on("", "sagemaker:<here>:labeling-job/{LabelingJobName|any}")];
const TUNING: &[Pattern] =
    &[on("", "sagemaker:<here>:hyper-parameter-tuning-job/{HyperParameterTuningJobName|any}")];

pub(super) const MODEL: &[Pattern] =
    &[on("Model", "bedrock:<region>::foundation-model/{ModelId|not us.,eu.,apac.,jp.,au.,global.}")];
/// An inference profile, which is no model, by its name or by its ARN.
pub(super) const PROFILE: When = When::Begins(
    "ModelId",
    "us.,eu.,apac.,jp.,au.,global.,inference-profile/,application-inference-profile/",
);
pub(super) const PROFILE_OPEN: &str =
    "the models that its inference profile calls in several regions are not granted";
pub(super) const INVOKE: &[Rule] = &[
    rule(&["lambda:InvokeFunction"], &[on("Function", "lambda:<region>:{FunctionName|function}")])
        .when(When::NotGiven("Qualifier")),
    rule(
        &["lambda:InvokeFunction"],
        &[on("Function", "lambda:<region>:{FunctionName|function}:{Qualifier|any}")],
    )
    .when(When::Given("Qualifier")),
];
pub(super) const PUT_EVENTS: &[Rule] = &[rule(
    &["events:PutEvents"],
    &[on("EventBus", "events:<here>:event-bus/{Entries[].EventBusName|or default}")],
)];
/// A message to a telephone number has no resource.
pub(super) const PUBLISH: &[Rule] = &[
    rule(&["sns:Publish"], &[on("Topic", "{TopicArn}")]).when(When::Given("TopicArn")),
    rule(&["sns:Publish"], &[on("Target", "{TargetArn}")]).when(When::Given("TargetArn")),
    rule(&["sns:Publish"], &[ANYTHING]).when(When::Given("PhoneNumber")),
];
pub(super) const QUEUE: &[Pattern] = &[on("Queue", "sqs:<region>:{QueueUrl|part / 3}:{QueueUrl|part / 4}")];
/// Rights to start versions and aliases are rights to their state machine.
pub(super) const STATE_MACHINE: &[Pattern] =
    &[on("StateMachine", "states:<here>:stateMachine:{StateMachineArn|part : 6}")];
const EXECUTIONS: &[Pattern] = &[on("StateMachine", "states:<here>:execution:{StateMachineArn|part : 6}:*")];
