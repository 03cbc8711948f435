//! What calls of the AWS SDK integrations need, for the actions that workflows call without a function most. Separate from the
//! optimised integrations, which are few enough to be complete.

use super::optimised::{
    INVOKE, MODEL, PROFILE, PROFILE_OPEN, PUBLISH, PUT_EVENTS, QUEUE, STATE_MACHINE, TABLE,
};
use super::rule::{ANYTHING, Pattern, Row, Rule, When, on, row, rule};

const INDEX: &[Pattern] = &[on("Table", "dynamodb:<here>:table/{TableName}/index/{IndexName|any}")];
const TABLES: &[Pattern] = &[on("Table", "dynamodb:<here>:table/{RequestItems{}}")];
const BUCKET: &[Pattern] = &[on("Bucket", "s3:::{Bucket}")];
const OBJECT: &[Pattern] = &[on("Bucket", "s3:::{Bucket}/{Key|any}")];
const OBJECTS: &[Pattern] = &[on("Bucket", "s3:::{Bucket}/*")];
const SECRET: &[Pattern] = &[on("Secret", "secretsmanager:<here>:secret:{SecretId|suffix -??????}")];
const PARAMETER: &[Pattern] = &[on("Parameter", "ssm:<here>:parameter/{Name|trimmed}")];
const KEY: &[Pattern] = &[on("Key", "kms:<here>:key/{KeyId|not alias/}")];
const STREAM: &[Pattern] = &[on("Stream", "kinesis:<here>:stream/{StreamName}")];
const STREAM_ARN: &[Pattern] = &[on("Stream", "{StreamARN}")];
const DELIVERY: &[Pattern] = &[on("DeliveryStream", "firehose:<here>:deliverystream/{DeliveryStreamName}")];
const DATABASE: &[Pattern] = &[on("Database", "{ResourceArn}")];
const DATABASE_SECRET: &[Pattern] = &[on("Secret", "{SecretArn}")];

/// What lists the objects of a bucket, a distributed Map as well.
pub(super) const LIST: &[Rule] = &[
    rule(&["s3:ListBucket"], BUCKET).when(When::NotGiven("Prefix")),
    rule(&["s3:ListBucket"], BUCKET)
        .under(&[("StringLike", "s3:prefix", on("", "{Prefix|any}"))])
        .when(When::Given("Prefix")),
];

pub(super) const ROWS: &[Row] = &[
    row("aws-sdk:bedrockruntime:converse", &[rule(&["bedrock:InvokeModel"], MODEL)])
        .open_when(PROFILE, PROFILE_OPEN),
    row("aws-sdk:bedrockruntime:invokeModel", &[rule(&["bedrock:InvokeModel"], MODEL)])
        .open_when(PROFILE, PROFILE_OPEN),
    row(
        "aws-sdk:cloudwatch:putMetricData",
        &[rule(&["cloudwatch:PutMetricData"], &[ANYTHING]).under(&[(
            "StringEquals",
            "cloudwatch:namespace",
            on("", "{Namespace|value}"),
        )])],
    ),
    row(
        "aws-sdk:comprehend:detectDominantLanguage",
        &[rule(&["comprehend:DetectDominantLanguage"], &[ANYTHING])],
    ),
    row(
        "aws-sdk:comprehend:detectEntities",
        &[
            rule(&["comprehend:DetectEntities"], &[ANYTHING]).when(When::NotGiven("EndpointArn")),
            rule(&["comprehend:DetectEntities"], &[on("Endpoint", "{EndpointArn}")])
                .when(When::Given("EndpointArn")),
        ],
    ),
    row("aws-sdk:comprehend:detectKeyPhrases", &[rule(&["comprehend:DetectKeyPhrases"], &[ANYTHING])]),
    row("aws-sdk:comprehend:detectPiiEntities", &[rule(&["comprehend:DetectPiiEntities"], &[ANYTHING])]),
    row("aws-sdk:comprehend:detectSentiment", &[rule(&["comprehend:DetectSentiment"], &[ANYTHING])]),
    row("aws-sdk:dynamodb:batchGetItem", &[rule(&["dynamodb:BatchGetItem"], TABLES)]),
    row("aws-sdk:dynamodb:batchWriteItem", &[rule(&["dynamodb:BatchWriteItem"], TABLES)]),
    row("aws-sdk:dynamodb:deleteItem", &[rule(&["dynamodb:DeleteItem"], TABLE)]),
    row("aws-sdk:dynamodb:describeTable", &[rule(&["dynamodb:DescribeTable"], TABLE)]),
    row("aws-sdk:dynamodb:getItem", &[rule(&["dynamodb:GetItem"], TABLE)]),
    row("aws-sdk:dynamodb:putItem", &[rule(&["dynamodb:PutItem"], TABLE)]),
    row(
        "aws-sdk:dynamodb:query",
        &[
            rule(&["dynamodb:Query"], TABLE).when(When::NotGiven("IndexName")),
            rule(&["dynamodb:Query"], INDEX).when(When::Given("IndexName")),
        ],
    ),
    row(
        "aws-sdk:dynamodb:scan",
        &[
            rule(&["dynamodb:Scan"], TABLE).when(When::NotGiven("IndexName")),
            rule(&["dynamodb:Scan"], INDEX).when(When::Given("IndexName")),
        ],
    ),
    row(
        "aws-sdk:dynamodb:transactGetItems",
        &[rule(
            &["dynamodb:GetItem"],
            &[on("Table", "dynamodb:<here>:table/{TransactItems[].Get.TableName}")],
        )],
    ),
    row(
        "aws-sdk:dynamodb:transactWriteItems",
        &[
            rule(
                &["dynamodb:PutItem"],
                &[on("Table", "dynamodb:<here>:table/{TransactItems[].Put.TableName}")],
            )
            .when(When::Given("TransactItems[].Put.TableName")),
            rule(
                &["dynamodb:UpdateItem"],
                &[on("Table", "dynamodb:<here>:table/{TransactItems[].Update.TableName}")],
            )
            .when(When::Given("TransactItems[].Update.TableName")),
            rule(
                &["dynamodb:DeleteItem"],
                &[on("Table", "dynamodb:<here>:table/{TransactItems[].Delete.TableName}")],
            )
            .when(When::Given("TransactItems[].Delete.TableName")),
            rule(
                &["dynamodb:ConditionCheckItem"],
                &[on("Table", "dynamodb:<here>:table/{TransactItems[].ConditionCheck.TableName}")],
            )
            .when(When::Given("TransactItems[].ConditionCheck.TableName")),
        ],
    ),
    row("aws-sdk:dynamodb:updateItem", &[rule(&["dynamodb:UpdateItem"], TABLE)]),
    row("aws-sdk:eventbridge:putEvents", PUT_EVENTS),
    row("aws-sdk:firehose:putRecord", &[rule(&["firehose:PutRecord"], DELIVERY)]),
    row("aws-sdk:firehose:putRecordBatch", &[rule(&["firehose:PutRecordBatch"], DELIVERY)]),
    row(
        "aws-sdk:kinesis:putRecord",
        &[
            rule(&["kinesis:PutRecord"], STREAM).when(When::NotGiven("StreamARN")),
            rule(&["kinesis:PutRecord"], STREAM_ARN).when(When::Given("StreamARN")),
        ],
    ),
    row(
        "aws-sdk:kinesis:putRecords",
        &[
            rule(&["kinesis:PutRecords"], STREAM).when(When::NotGiven("StreamARN")),
            rule(&["kinesis:PutRecords"], STREAM_ARN).when(When::Given("StreamARN")),
        ],
    ),
    row("aws-sdk:kms:decrypt", &[rule(&["kms:Decrypt"], KEY)]),
    row("aws-sdk:kms:encrypt", &[rule(&["kms:Encrypt"], KEY)]),
    row("aws-sdk:kms:generateDataKey", &[rule(&["kms:GenerateDataKey"], KEY)]),
    row("aws-sdk:kms:sign", &[rule(&["kms:Sign"], KEY)]),
    row("aws-sdk:lambda:invoke", INVOKE),
    row("aws-sdk:polly:synthesizeSpeech", &[rule(&["polly:SynthesizeSpeech"], &[ANYTHING])]),
    row(
        "aws-sdk:rdsdata:batchExecuteStatement",
        &[
            rule(&["rds-data:BatchExecuteStatement"], DATABASE),
            rule(&["secretsmanager:GetSecretValue"], DATABASE_SECRET),
        ],
    ),
    row(
        "aws-sdk:rdsdata:executeStatement",
        &[
            rule(&["rds-data:ExecuteStatement"], DATABASE),
            rule(&["secretsmanager:GetSecretValue"], DATABASE_SECRET),
        ],
    ),
    row(
        "aws-sdk:s3:copyObject",
        &[
            rule(&["s3:PutObject"], OBJECT),
            rule(&["s3:GetObject"], &[on("Source", "s3:::{CopySource|trimmed}")]),
        ],
    ),
    row("aws-sdk:s3:deleteObject", &[rule(&["s3:DeleteObject"], OBJECT)]),
    row("aws-sdk:s3:deleteObjects", &[rule(&["s3:DeleteObject"], OBJECTS)]),
    row("aws-sdk:s3:getObject", &[rule(&["s3:GetObject"], OBJECT)]),
    row("aws-sdk:s3:getObjectTagging", &[rule(&["s3:GetObjectTagging"], OBJECT)]),
    row("aws-sdk:s3:headObject", &[rule(&["s3:GetObject"], OBJECT)]),
    row("aws-sdk:s3:listObjectsV2", LIST),
    row("aws-sdk:s3:putObject", &[rule(&["s3:PutObject"], OBJECT)]),
    row("aws-sdk:s3:putObjectTagging", &[rule(&["s3:PutObjectTagging"], OBJECT)]),
    row("aws-sdk:secretsmanager:getSecretValue", &[rule(&["secretsmanager:GetSecretValue"], SECRET)]),
    // The identity is the address, or its domain.
    row(
        "aws-sdk:ses:sendEmail",
        &[rule(
            &["ses:SendEmail"],
            &[
                on("", "ses:<here>:identity/{Source<>|value}"),
                on("", "ses:<here>:identity/{Source<>|part @ 1}"),
            ],
        )
        .under(&[("StringEquals", "ses:FromAddress", on("", "{Source<>|value}"))])],
    ),
    row(
        "aws-sdk:sesv2:sendEmail",
        &[rule(
            &["ses:SendEmail"],
            &[
                on("", "ses:<here>:identity/{FromEmailAddress<>|value}"),
                on("", "ses:<here>:identity/{FromEmailAddress<>|part @ 1}"),
            ],
        )
        .under(&[("StringEquals", "ses:FromAddress", on("", "{FromEmailAddress<>|value}"))])],
    ),
    row("aws-sdk:sfn:startExecution", &[rule(&["states:StartExecution"], STATE_MACHINE)]),
    row("aws-sdk:sfn:startSyncExecution", &[rule(&["states:StartSyncExecution"], STATE_MACHINE)]),
    row("aws-sdk:sns:publish", PUBLISH),
    row("aws-sdk:sqs:changeMessageVisibility", &[rule(&["sqs:ChangeMessageVisibility"], QUEUE)]),
    row("aws-sdk:sqs:deleteMessage", &[rule(&["sqs:DeleteMessage"], QUEUE)]),
    row("aws-sdk:sqs:receiveMessage", &[rule(&["sqs:ReceiveMessage"], QUEUE)]),
    row("aws-sdk:sqs:sendMessage", &[rule(&["sqs:SendMessage"], QUEUE)]),
    row("aws-sdk:sqs:sendMessageBatch", &[rule(&["sqs:SendMessage"], QUEUE)]),
    row("aws-sdk:ssm:getParameter", &[rule(&["ssm:GetParameter"], PARAMETER)]),
    row("aws-sdk:ssm:putParameter", &[rule(&["ssm:PutParameter"], PARAMETER)]),
    row("aws-sdk:textract:analyzeDocument", &[rule(&["textract:AnalyzeDocument"], &[ANYTHING])]),
    row("aws-sdk:textract:detectDocumentText", &[rule(&["textract:DetectDocumentText"], &[ANYTHING])]),
    row("aws-sdk:translate:translateText", &[rule(&["translate:TranslateText"], &[ANYTHING])]),
];
