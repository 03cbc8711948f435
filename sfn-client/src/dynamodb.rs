//! What idempotent tasks are doing and have done, in a table of DynamoDB. Separate from what happens around a task, which is
//! the same over any store.

use crate::EnvironmentError;
use crate::environment::{of_process, required, variable};
use crate::explained::{explained, tell};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Builder;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use aws_types::SdkConfig;
use sfn_core::{Claim, Claimed, IdempotencyStore, StoreAnswer, StoreError};
use std::collections::HashMap;
use std::fmt;
use std::time::{Duration, SystemTime};

/// Keeps claims and results of idempotent tasks in a table whose partition key is the text `id` and whose time to live is in
/// `expires`. `cargo sfn template` makes such a table.
///
/// An item is a claim while it has no `done`. From the millisecond `until` on it counts no more, whether or not DynamoDB has
/// deleted it. Two kinds of calls are made, `PutItem` and `DeleteItem`, each with a condition.
#[derive(Clone)]
pub struct DynamoDbStore {
    table: String,
    client: Client,
}

/// The environment variable that names the table.
const TABLE: &str = "SFN_IDEMPOTENCY_TABLE";

/// What DynamoDB allows an item, less what ours hold beside the result.
const LARGEST: usize = 400 * 1024 - 1024;

impl DynamoDbStore {
    /// The table that `SFN_IDEMPOTENCY_TABLE` names, reached as the environment says: by `AWS_REGION` (or
    /// `AWS_DEFAULT_REGION`), `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN` and, to talk to another
    /// endpoint, `AWS_ENDPOINT_URL_DYNAMODB` or `AWS_ENDPOINT_URL`.
    ///
    /// # Errors
    ///
    /// One of them is not set.
    pub fn from_environment() -> Result<Self, EnvironmentError> {
        let table = required(TABLE, variable(TABLE))?;
        Ok(Self::new(of(&of_process()?), table))
    }

    /// A table, reached by a client of the SDK as you have configured it.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self { table: table.into(), client }
    }

    /// The table that the environment names, reached with credentials of profiles, containers and web identities too.
    #[cfg(feature = "worker")]
    pub(crate) fn found(found: &SdkConfig) -> Result<Self, EnvironmentError> {
        Ok(Self::new(of(found), required(TABLE, variable(TABLE))?))
    }

    /// Puts an item about a claim that counts for so long.
    fn put(&self, claim: &Claim, counts: Duration) -> PutItemFluentBuilder {
        let until = now().saturating_add(counts);
        // DynamoDB deletes by the second; a claim is not to go too soon.
        let expires = until.as_secs().saturating_add(1);
        self.client
            .put_item()
            .table_name(&self.table)
            .item("id", text(&claim.key))
            .item("holder", text(&claim.holder))
            .item("payload", text(&claim.payload))
            .item("until", number(until.as_millis()))
            .item("expires", number(expires))
    }

    async fn claimed(&self, claim: &Claim) -> Result<Claimed, StoreError> {
        let put = self
            .put(claim, claim.holds)
            .condition_expression("attribute_not_exists(#id) OR #until <= :now")
            .expression_attribute_names("#id", "id")
            .expression_attribute_names("#until", "until")
            .expression_attribute_values(":now", number(now().as_millis()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match put.send().await {
            Ok(_) => Ok(Claimed::Here),
            Err(error) => match refusal(&error) {
                Some(known) => read(known, claim),
                None => Err(explained(error)),
            },
        }
    }

    async fn recorded(&self, claim: &Claim, output: Option<&str>) -> Result<bool, StoreError> {
        let put = self.put(claim, claim.remembered).item("done", AttributeValue::Bool(true));
        let put = output.into_iter().fold(put, |put, output| put.item("output", text(output)));
        let put = put
            .condition_expression("#holder = :holder")
            .expression_attribute_names("#holder", "holder")
            .expression_attribute_values(":holder", text(&claim.holder));
        match put.send().await {
            Ok(_) => Ok(true),
            Err(error) if refusal(&error).is_some() => Ok(false),
            Err(error) => Err(told(claim, "what it gave could not be recorded", explained(error))),
        }
    }

    async fn released(&self, claim: &Claim) -> Result<(), StoreError> {
        let delete = self
            .client
            .delete_item()
            .table_name(&self.table)
            .key("id", text(&claim.key))
            .condition_expression("#holder = :holder")
            .expression_attribute_names("#holder", "holder")
            .expression_attribute_values(":holder", text(&claim.holder));
        match delete.send().await {
            Ok(_) => Ok(()),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(DeleteItemError::is_conditional_check_failed_exception) =>
            {
                Ok(())
            }
            Err(error) => Err(told(claim, "its claim could not be released", explained(error))),
        }
    }
}

/// A client of that configuration. A table that is silent must not use up the time of the task.
fn of(config: &SdkConfig) -> Client {
    let patience = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(1))
        .operation_attempt_timeout(Duration::from_secs(2))
        .build();
    Client::from_conf(Builder::from(config).timeout_config(patience).build())
}

impl IdempotencyStore for DynamoDbStore {
    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreAnswer<'a, Claimed> {
        Box::pin(self.claimed(claim))
    }

    fn record<'a>(&'a self, claim: &'a Claim, output: Option<&'a str>) -> StoreAnswer<'a, bool> {
        Box::pin(self.recorded(claim, output))
    }

    fn release<'a>(&'a self, claim: &'a Claim) -> StoreAnswer<'a, ()> {
        Box::pin(self.released(claim))
    }

    fn largest_output(&self) -> usize {
        LARGEST
    }
}

type Item = HashMap<String, AttributeValue>;

/// The item that a condition did not hold for, if that is what is wrong.
fn refusal<R>(error: &SdkError<PutItemError, R>) -> Option<&Item> {
    static NOTHING: std::sync::LazyLock<Item> = std::sync::LazyLock::new(Item::new);
    match error.as_service_error() {
        Some(PutItemError::ConditionalCheckFailedException(failed)) => {
            Some(failed.item().unwrap_or(&NOTHING))
        }
        _ => None,
    }
}

/// What an item says to a claim.
fn read(item: &Item, claim: &Claim) -> Result<Claimed, StoreError> {
    let text = |name: &str| item.get(name).and_then(|value| value.as_s().ok()).cloned();
    let (Some(holder), Some(payload)) = (text("holder"), text("payload")) else {
        return Err(format!(
            "the item `{}` of the table is none of ours: no `holder`, no `payload`",
            claim.key
        )
        .into());
    };
    if item.contains_key("done") {
        return Ok(Claimed::Done { payload, output: text("output") });
    }
    // The SDK asks again where only the answer was lost.
    Ok(if holder == claim.holder { Claimed::Here } else { Claimed::Elsewhere { payload } })
}

/// Tells of what the task itself does not fail by.
fn told(claim: &Claim, what: &str, error: StoreError) -> StoreError {
    tell(&format!("warning: {what}, under the key `{}`: {error}", claim.key));
    error
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn number(number: impl fmt::Display) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

/// The time since the Unix epoch.
fn now() -> Duration {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}

impl fmt::Debug for DynamoDbStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("DynamoDbStore").field("table", &self.table).finish_non_exhaustive()
    }
}
