//! DynamoDB: whole items of declared tables, got, put, updated and deleted, with conditions.
//! Separate because each service is a file of its own; what expressions mean is in files below.

mod expression;
mod item;
mod parse;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use sfn_asl::Value;
use sfn_jsonata::Object;

use super::envelope::{Headers, crc32, object, wrap_with};
use super::fault::{DYNAMODB, is_sdk, missing, refused};
use crate::driver::{TaskFailure, TaskRequest};
use expression::Update;
use parse::Parser;

/// The tables, shared by all holds of the same services.
#[derive(Debug, Clone, Default)]
pub(super) struct Tables {
    by_name: Arc<Mutex<BTreeMap<String, Table>>>,
}

#[derive(Debug)]
struct Table {
    /// The names of the partition key and, if there is one, the sort key.
    key: Vec<String>,
    /// By the text of their keys.
    items: BTreeMap<String, Object>,
}

/// Why an operation is refused: the service's code and words.
pub(super) struct Refusal {
    code: &'static str,
    message: String,
}

impl Refusal {
    fn invalid(message: impl Into<String>) -> Self {
        Self { code: "ValidationException", message: message.into() }
    }
}

/// What the stand-in knows to do with; anything else would be quietly ignored.
const ARGUMENTS: [&str; 11] = [
    "TableName",
    "Key",
    "Item",
    "ConditionExpression",
    "UpdateExpression",
    "ExpressionAttributeNames",
    "ExpressionAttributeValues",
    "ReturnValues",
    "ConsistentRead",
    "ReturnConsumedCapacity",
    "ReturnItemCollectionMetrics",
];

impl Tables {
    pub(super) fn declare(&self, name: String, key: Vec<String>) {
        let mut tables = self.by_name.lock().unwrap_or_else(PoisonError::into_inner);
        tables.insert(name, Table { key, items: BTreeMap::new() });
    }

    /// Calls an operation; `None` for one that has no stand-in.
    pub(super) fn call(&self, request: &TaskRequest) -> Option<Result<Value, TaskFailure>> {
        let operation: fn(&mut Table, &TaskRequest) -> Result<Value, Refusal> =
            match request.resource.action() {
                "getItem" => Table::get,
                "putItem" => Table::put,
                "updateItem" => Table::update,
                "deleteItem" => Table::delete,
                _ => return None,
            };
        Some(self.perform(request, operation))
    }

    fn perform(
        &self,
        request: &TaskRequest,
        operation: fn(&mut Table, &TaskRequest) -> Result<Value, Refusal>,
    ) -> Result<Value, TaskFailure> {
        let arguments = request.arguments.as_object();
        if let Some(unknown) = arguments.into_iter().flat_map(Object::keys).find(|it| !ARGUMENTS.contains(it))
        {
            let cause = format!(
                "the DynamoDB of this machine does not do `{unknown}`, only {}: route `{}` to a handler, or mock the state",
                ARGUMENTS.join(", "),
                request.resource.as_str(),
            );
            return Err(TaskFailure::new("States.Runtime", cause));
        }
        let refuse = |refusal: Refusal| refused(DYNAMODB, request, 400, refusal.code, &refusal.message);
        let Some(name) = request.arguments.get("TableName").and_then(Value::as_str) else {
            return Err(missing(DYNAMODB, request, "TableName"));
        };
        for member in ["Item", "Key"] {
            let is_needed = (member == "Item") == (request.resource.action() == "putItem");
            if is_needed && request.arguments.get(member).and_then(Value::as_object).is_none() {
                return Err(missing(DYNAMODB, request, member));
            }
        }
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
        if name.is_empty() || !name.bytes().all(is_name) {
            return Err(refuse(Refusal::invalid(format!(
                "1 validation error detected: Value '{name}' at 'tableName' failed to satisfy constraint: Member must \
                 satisfy regular expression pattern: [a-zA-Z0-9_.-]+"
            ))));
        }
        let mut tables = self.by_name.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(table) = tables.get_mut(name) else {
            let known: Vec<_> = tables.keys().map(String::as_str).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            let message = "Requested resource not found".to_owned();
            let TaskFailure { error, cause } = refuse(Refusal { code: "ResourceNotFoundException", message });
            return Err(TaskFailure { error, cause: format!("{cause} [tables on this machine: {known}]") });
        };
        let answer = operation(table, request).map_err(refuse)?;
        if is_sdk(request) {
            return Ok(answer);
        }
        let body = answer.to_string();
        let headers = Headers {
            content_type: "application/x-amz-json-1.0",
            connection: "Connection",
            more: &[("Server", "Server")],
            status: 200,
        };
        let own = [("x-amz-crc32", crc32(body.as_bytes()).to_string())];
        Ok(wrap_with(&answer, headers, &own, &body, request))
    }
}

impl Table {
    fn get(&mut self, request: &TaskRequest) -> Result<Value, Refusal> {
        let key = self.key_of(part(request, "Key"), true)?;
        Ok(self
            .items
            .get(&key)
            .map_or_else(Value::empty_object, |item| object([("Item", Value::from(item.clone()))])))
    }

    fn put(&mut self, request: &TaskRequest) -> Result<Value, Refusal> {
        let item = part(request, "Item").clone();
        let key = self.key_of(&item, false)?;
        let old = self.items.get(&key).cloned();
        check(request, old.as_ref())?;
        let answer = returned(request, &["ALL_OLD"], |_| old)?;
        self.items.insert(key, item);
        Ok(answer)
    }

    fn delete(&mut self, request: &TaskRequest) -> Result<Value, Refusal> {
        let key = self.key_of(part(request, "Key"), true)?;
        let old = self.items.get(&key).cloned();
        check(request, old.as_ref())?;
        let answer = returned(request, &["ALL_OLD"], |_| old)?;
        self.items.remove(&key);
        Ok(answer)
    }

    fn update(&mut self, request: &TaskRequest) -> Result<Value, Refusal> {
        let given = part(request, "Key");
        let key = self.key_of(given, true)?;
        let old = self.items.get(&key).cloned();
        check(request, old.as_ref())?;
        let update = match text(request, "UpdateExpression") {
            Some(text) => Parser::new("UpdateExpression", text, &request.arguments)?.update()?,
            None => Update::default(),
        };
        if let Some(name) = update.touched().find(|name| self.key.iter().any(|key| key == name)) {
            return Err(Refusal::invalid(format!(
                "One or more parameter values were invalid: Cannot update attribute {name}. This attribute is part of the key"
            )));
        }
        let before = old.clone().unwrap_or_else(|| given.clone());
        let after = update.apply(&before)?;
        let touched = |item: &Object| {
            let parts = update.touched().filter_map(|name| Some((name, item.get(name)?.clone())));
            parts.collect::<Object>()
        };
        let allowed = ["ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"];
        let answer = returned(request, &allowed, |which| match which {
            "ALL_OLD" => old.clone(),
            "UPDATED_OLD" => old.as_ref().map(touched),
            "ALL_NEW" => Some(after.clone()),
            _ => Some(touched(&after)),
        })?;
        self.items.insert(key, after);
        Ok(answer)
    }

    /// The text that tells an item's key from any other's.
    fn key_of(&self, attributes: &Object, is_exact: bool) -> Result<String, Refusal> {
        if is_exact && attributes.len() != self.key.len() {
            return Err(Refusal::invalid("The provided key element does not match the schema"));
        }
        let parts = self.key.iter().map(|name| {
            let value = attributes.get(name).ok_or_else(|| {
                Refusal::invalid(if is_exact {
                    "The provided key element does not match the schema".to_owned()
                } else {
                    format!("One or more parameter values were invalid: Missing the key {name} in the item")
                })
            })?;
            Ok(value.clone())
        });
        Ok(parts.collect::<Result<Value, Refusal>>()?.to_string())
    }
}

/// A member that is known to be there.
fn part<'a>(request: &'a TaskRequest, member: &str) -> &'a Object {
    static NOTHING: std::sync::LazyLock<Object> = std::sync::LazyLock::new(Object::default);
    request.arguments.get(member).and_then(Value::as_object).unwrap_or(&NOTHING)
}

fn text<'a>(request: &'a TaskRequest, member: &str) -> Option<&'a str> {
    request.arguments.get(member).and_then(Value::as_str)
}

/// Whether the item is as the request wants it.
fn check(request: &TaskRequest, item: Option<&Object>) -> Result<(), Refusal> {
    let Some(text) = text(request, "ConditionExpression") else { return Ok(()) };
    let condition = Parser::new("ConditionExpression", text, &request.arguments)?.condition()?;
    let nothing = Object::default();
    if condition.holds(item.unwrap_or(&nothing)) {
        return Ok(());
    }
    let message = "The conditional request failed".to_owned();
    Err(Refusal { code: "ConditionalCheckFailedException", message })
}

fn returned(
    request: &TaskRequest,
    allowed: &[&str],
    attributes: impl FnOnce(&str) -> Option<Object>,
) -> Result<Value, Refusal> {
    match text(request, "ReturnValues") {
        None | Some("NONE") => Ok(Value::empty_object()),
        Some(which) if allowed.contains(&which) => Ok(attributes(which)
            .map_or_else(Value::empty_object, |attributes| {
                object([("Attributes", Value::from(attributes))])
            })),
        Some(other) => Err(Refusal::invalid(format!(
            "1 validation error detected: Value '{other}' at 'returnValues' failed to satisfy constraint: Member must \
             satisfy enum value set: [NONE, {}]",
            allowed.join(", ")
        ))),
    }
}
