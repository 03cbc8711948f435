//! Workflows that use services without a handler between: topics, queues, buses, tables, objects, endpoints, mail.
//!
//! Separate from failures: here the State calls a service, and what is sent and what comes back change their form.

use std::collections::BTreeMap;

use sfn::prelude::*;
use sfn::{dynamodb, events, http, run_job, s3, ses, sns, sqs};

use super::tasks::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
pub struct OrderKey {
    pub order_id: String,
}

/// What a table holds of an order: every kind of attribute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
pub struct Stored {
    pub order_id: String,
    pub total: u32,
    pub express: bool,
    pub status: Status,
    pub coupon: Option<String>,
    pub customer: Customer,
    pub lines: Vec<Line>,
    pub tags: Vec<String>,
    pub labels: BTreeMap<String, String>,
    pub weights: Vec<Vec<u32>>,
    #[serde(rename = "no te")]
    pub note: Option<Vec<String>>,
    pub extra: serde_json::Value,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Rate {
    pub currency: String,
    pub rate: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "PascalCase")]
pub struct Head {
    pub content_length: u64,
    pub version_id: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "PascalCase")]
pub struct Place {
    pub bucket: String,
    pub key: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "PascalCase")]
pub struct JobRun {
    pub job_name: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
pub struct Question {
    pub text: String,
    pub token: TaskToken<Answer>,
}

/// A message with everything that may stand beside it.
#[workflow]
pub async fn published(order: Order) -> Result<String, Failed> {
    let id = sns::publish("${OrdersTopicArn}", &order)
        .subject(format!("Order {}", order.order_id))
        .attribute("express", order.express.to_string())
        .attribute("total", &order.total_cents)
        .timeout(secs(20))
        .await?;
    Ok(id)
}

/// A text, later.
#[workflow]
pub async fn queued(order: Order) -> Result<String, Failed> {
    let text = format!("pick {}", order.order_id);
    match sqs::send("${PickingQueueUrl}", &text).delay_seconds(order.total_cents % 900).await {
        Ok(id) => Ok(id),
        Err(Failure::Task(sqs::Error::QueueDoesNotExist(cause))) => Ok(cause),
        Err(other) => Err(other.into()),
    }
}

/// A queue whose reader answers.
#[workflow]
pub async fn asked_by_queue(order: Order) -> Result<String, Failed> {
    let question = Question { text: order.order_id, token: task_token() };
    match sqs::send_and_wait::<Answer>("${QuestionsQueueUrl}", &question)
        .group_id(&order.customer.name)
        .timeout(mins(10))
        .await
    {
        Ok(answer) => Ok(answer.by),
        Err(Failure::Timeout) => Ok("nobody".to_string()),
        Err(other) => Err(other.into()),
    }
}

/// Several events at once.
#[workflow]
pub async fn two_events(order: Order) -> Result<usize, Failed> {
    let ids = events::put("${ShopBusName}", "shop.orders", "OrderPlaced", &order)
        .and("shop.stock", "Reserved", &order.customer)
        .await?;
    Ok(ids.len())
}

/// There and back again.
#[workflow]
pub async fn stored(item: Stored) -> Result<Option<Stored>, Failed> {
    dynamodb::put("orders", &item).await?;
    let found =
        dynamodb::get::<Stored>("orders", &OrderKey { order_id: item.order_id }).consistent_read().await?;
    Ok(found)
}

/// Nothing is there: an option to match on.
#[workflow]
pub async fn looked_up(order: Order) -> Result<u32, Failed> {
    let found = dynamodb::get::<Stored>("orders", &OrderKey { order_id: order.order_id }).await?;
    match found {
        Some(item) => Ok(item.total),
        None => Ok(0),
    }
}

/// A condition that holds the first time only.
#[workflow]
pub async fn put_once(item: Stored) -> Result<String, Failed> {
    dynamodb::put("orders", &item).condition("attribute_not_exists(orderId)").await?;
    match dynamodb::put("orders", &item).condition("attribute_not_exists(orderId)").await {
        Ok(_) => Ok("twice".to_string()),
        Err(Failure::Task(dynamodb::WriteError::ConditionalCheckFailed(_))) => Ok("once".to_string()),
        Err(other) => Err(other.into()),
    }
}

/// Attributes set, added to and removed, under a condition with values; then gone.
#[workflow]
pub async fn updated(item: Stored) -> Result<Vec<u32>, Failed> {
    dynamodb::put("orders", &item).await?;
    let key = OrderKey { order_id: item.order_id };
    let after = dynamodb::update::<Stored>("orders", &key)
        .set("status", &Status::Done)
        .set("tags", &item.tags)
        .add("total", 5)
        .remove("coupon")
        .condition("express = :express")
        .value("express", &item.express)
        .await?;
    dynamodb::delete("orders", &key).await?;
    Ok(vec![after.total, after.lines.len() as u32])
}

/// Undone by a service.
#[workflow]
pub async fn undone_by_table(item: Stored) -> Result<Receipt, Failed> {
    let key = OrderKey { order_id: item.order_id.clone() };
    dynamodb::put("orders", &item).compensate(|_| dynamodb::delete("orders", &key)).await?;
    let receipt = charge(&item.customer.name, item.total).await?;
    Ok(receipt)
}

/// JSON in a bucket, and text.
#[workflow]
pub async fn objects(order: Order) -> Result<(usize, String), Failed> {
    s3::put_object("reports", "lines.json", &order.lines).content_type("application/json").await?;
    let lines = s3::get_object::<Vec<Line>>("reports", "lines.json").await?;
    let text = match s3::get_text("reports", format!("{}.txt", order.order_id)).await {
        Ok(text) => text,
        Err(Failure::Task(s3::GetError::NoSuchKey(_))) => "nothing".to_string(),
        Err(other) => return Err(other.into()),
    };
    s3::put_object("reports", "note.txt", &text).await?;
    let again = s3::get_text("reports", "note.txt").await?;
    Ok((lines.len(), again))
}

/// Endpoints elsewhere.
#[workflow]
pub async fn rates(order: Order) -> Result<f64, Failed> {
    let rate = http::get::<Rate>("https://rates.example.com/latest", "${RatesConnectionArn}")
        .query("for", &order.order_id)
        .await?;
    match http::post::<Rate>("https://rates.example.com/used", "${RatesConnectionArn}", &rate)
        .header("Idempotency-Key", &order.order_id)
        .await
    {
        Ok(used) => Ok(used.rate),
        Err(Failure::Task(http::Error::NotFound(_) | http::Error::ServiceUnavailable(_))) => Ok(1.5),
        Err(other) => Err(other.into()),
    }
}

/// Mail.
#[workflow]
pub async fn mailed(order: Order) -> Result<String, Failed> {
    let to = vec![order.customer.email];
    let id = ses::send_email("shop@example.com", &to, format!("Order {}", order.order_id), "Thank you.")
        .html("<b>Thank you.</b>")
        .await?;
    Ok(id)
}

/// Any action of any service, its arguments and its result typed.
#[workflow]
pub async fn any_action(order: Order) -> Result<u64, Failed> {
    let place = Place { bucket: "reports".to_string(), key: order.order_id };
    let head = aws_sdk::<Head>("s3", "headObject", &place).retry(RetryPolicy::new().attempts(1)).await?;
    Ok(head.content_length)
}

/// A job that is waited for.
#[workflow]
pub async fn job(order: Order) -> Result<JobRun, Failed> {
    let started = JobRun { job_name: order.order_id };
    let run = run_job::<JobRun>("glue", "startJobRun", &started).timeout(hours(2)).await?;
    Ok(run)
}

/// What the subset does not say.
#[workflow]
pub async fn by_hand(order: Order) -> Result<Vec<u32>, Failed> {
    let total: u32 = jsonata!("$count($lines) = 0 ? 0 : $sum($lines.quantity)", lines = &order.lines)?;
    let large: Vec<u32> = jsonata!("$lines.quantity[$ > $limit]", lines = &order.lines, limit = 3)?;
    let padded: String = jsonata!("$pad($name, -8, '#')", name = &order.customer.name)?;
    if padded.starts_with("#") {
        return Ok(large);
    }
    Ok(vec![total])
}

const HEAD: &str = r#"{
  "Type": "Task",
  "Resource": "arn:aws:states:::aws-sdk:s3:headObject",
  "Arguments": { "Bucket": "{% $bucket %}", "Key": "{% 'orders/' & $order.orderId %}" },
  "TimeoutSeconds": 90,
  "Retry": [{ "ErrorEquals": ["States.TaskFailed"], "MaxAttempts": 1, "JitterStrategy": "NONE" }],
  "Output": { "length": "{% $states.result.ContentLength %}", "of": "{% $order.orderId %}" }
}"#;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Measure {
    pub length: u32,
    pub of: String,
}

/// A Task State by hand.
#[workflow]
pub async fn raw_task(order: Order) -> Result<Measure, Failed> {
    let bucket = format!("reports-{}", order.total_cents);
    match raw_state::<Measure>(HEAD).input("order", &order).input("bucket", &bucket).named("Head").await {
        Ok(measure) => Ok(measure),
        Err(_) => Ok(Measure { length: 0, of: bucket }),
    }
}

const DOUBLE_ALL: &str = r#"{
  "Type": "Map",
  "Items": "{% $lines %}",
  "ItemProcessor": {
    "StartAt": "Double",
    "States": {
      "Double": { "Type": "Pass", "Output": "{% 2 * $states.input.quantity %}", "End": true }
    }
  }
}"#;

/// A Map State by hand.
#[workflow]
pub async fn raw_map(order: Order) -> Result<Vec<u32>, Failed> {
    let doubled = raw_state::<Vec<u32>>(DOUBLE_ALL).input("lines", &order.lines).await?;
    Ok(doubled)
}

/// Items of a table, every kind of attribute in them.
pub fn items() -> impl proptest::strategy::Strategy<Value = Stored> {
    use proptest::prelude::*;
    let extra = prop_oneof![
        Just(serde_json::Value::Null),
        any::<i32>().prop_map(serde_json::Value::from),
        texts().prop_map(serde_json::Value::from),
        Just(serde_json::json!([[1], [], [[2, "x"]], { "a": [true] }])),
        Just(serde_json::json!({ "a": { "b": [null] }, "c": [] })),
    ];
    let weights = prop::collection::vec(prop::collection::vec(0..9_u32, 0..3), 0..3);
    let note = prop::option::of(prop::collection::vec(texts(), 0..3));
    (orders(), extra, weights, note).prop_map(|(order, extra, weights, note)| Stored {
        order_id: format!("o-{}", order.order_id),
        total: order.total_cents,
        express: order.express,
        status: order.status,
        coupon: order.coupon,
        customer: order.customer,
        lines: order.lines,
        tags: order.tags,
        labels: order.labels,
        weights,
        note,
        extra,
    })
}
