//! DynamoDB: whole items of declared tables, got, put, updated and deleted, with conditions.
//! Separate because each service is a file of its own; what expressions mean is in files below.

mod expression;
mod item;
mod left;
mod parse;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sfn_asl::Value;
use sfn_jsonata::Object;

use super::envelope::{Headers, crc32, object, wrap_with};
use super::fault::{DYNAMODB, is_sdk, missing, refused};
use crate::driver::{TaskFailure, TaskRequest};
use crate::journal::{Journal, KeptItems};
use expression::Update;
use left::{Left, unit};
use parse::Parser;

/// The tables, shared by all holds of the same services.
#[derive(Debug, Clone, Default)]
pub(super) struct Tables {
    shared: Arc<Mutex<Shared>>,
}

#[derive(Debug, Default)]
struct Shared {
    by_name: BTreeMap<String, Table>,
    /// What earlier processes left, if there is a store.
    left: Option<Left>,
}

#[derive(Debug)]
struct Table {
    /// The names of the partition key and, if there is one, the sort key.
    key: Vec<String>,
    /// By the text of their keys.
    items: BTreeMap<String, Object>,
}

/// What an operation answers, and what it changes.
struct Done {
    answer: Value,
    change: Option<Change>,
}

/// What the item of a key is from now on; nothing, if there is none.
struct Change {
    key: String,
    item: Option<Object>,
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
        let mut shared = self.lock();
        // One that is declared again as it is stays as it is: its items may be those of a store.
        if shared.by_name.get(&name).is_none_or(|table| table.key != key) {
            shared.by_name.insert(name, Table { key, items: BTreeMap::new() });
            shared.adopt();
        }
    }

    /// From now on what changes is kept in a store, which has this already.
    pub(super) fn outlive(&self, items: KeptItems) {
        let mut shared = self.lock();
        shared.left = Some(Left::from(items));
        shared.adopt();
    }

    /// Calls an operation; `None` for one that has no stand-in.
    pub(super) async fn call(
        &self,
        request: &TaskRequest,
        journal: Option<Journal>,
    ) -> Option<Result<Value, TaskFailure>> {
        let operation: Operation = match request.resource.action() {
            "getItem" => Table::get,
            "putItem" => Table::put,
            "updateItem" => Table::update,
            "deleteItem" => Table::delete,
            _ => return None,
        };
        let answer = self.perform(request, operation, journal.as_ref());
        // Nobody hears of anything that may still be lost.
        if let Some(journal) = journal
            && let Err(error) = journal.persisted().await
        {
            return Some(Err(TaskFailure::new("States.Runtime", error.to_string())));
        }
        Some(answer)
    }

    fn perform(
        &self,
        request: &TaskRequest,
        operation: Operation,
        journal: Option<&Journal>,
    ) -> Result<Value, TaskFailure> {
        let name = table_of(request)?;
        let refuse = |refusal: Refusal| refused(DYNAMODB, request, 400, refusal.code, &refusal.message);
        let mut shared = self.lock();
        let Shared { by_name, left } = &mut *shared;
        if let Some(left) = left {
            if journal.is_none() {
                let cause = "the control plane that keeps the items of the tables is gone: hold the `Arc` given to \
                             `Services::connect` for as long as the engine runs";
                return Err(TaskFailure::new("States.Runtime", cause));
            }
            if let Some(answer) = left.answered(request) {
                return Ok(answer);
            }
        }
        let Some(table) = by_name.get_mut(name) else {
            let known: Vec<_> = by_name.keys().map(String::as_str).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            let message = "Requested resource not found".to_owned();
            let TaskFailure { error, cause } = refuse(Refusal { code: "ResourceNotFoundException", message });
            return Err(TaskFailure { error, cause: format!("{cause} [tables on this machine: {known}]") });
        };
        let Done { answer, change } = operation(table, request).map_err(refuse)?;
        let answer = whole(answer, request);
        if let Some(change) = change {
            // Under the same lock, so that the store sees changes in their order.
            if let Some(journal) = journal.filter(|_| left.is_some()) {
                journal.append(unit(name, &change, request, &answer));
            }
            table.make(change);
        }
        Ok(answer)
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

type Operation = fn(&Table, &TaskRequest) -> Result<Done, Refusal>;

impl Shared {
    /// Gives the tables that are declared the items that earlier processes left of them.
    fn adopt(&mut self) {
        let Some(left) = &mut self.left else { return };
        for (name, table) in &mut self.by_name {
            for (key, item) in left.items_of(name, |item| table.key_of(item, false).ok()) {
                table.items.insert(key, item);
            }
        }
    }
}

/// The table that a request names, if it asks for nothing that would be ignored.
fn table_of(request: &TaskRequest) -> Result<&str, TaskFailure> {
    let arguments = request.arguments.as_object();
    if let Some(unknown) = arguments.into_iter().flat_map(Object::keys).find(|it| !ARGUMENTS.contains(it)) {
        let cause = format!(
            "the DynamoDB of this machine does not do `{unknown}`, only {}: route `{}` to a handler, or mock the state",
            ARGUMENTS.join(", "),
            request.resource.as_str(),
        );
        return Err(TaskFailure::new("States.Runtime", cause));
    }
    let Some(name) = text(request, "TableName") else {
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
        let message = format!(
            "1 validation error detected: Value '{name}' at 'tableName' failed to satisfy constraint: Member must \
             satisfy regular expression pattern: [a-zA-Z0-9_.-]+"
        );
        let Refusal { code, message } = Refusal::invalid(message);
        return Err(refused(DYNAMODB, request, 400, code, &message));
    }
    Ok(name)
}

/// An answer as its integration gives it.
fn whole(answer: Value, request: &TaskRequest) -> Value {
    if is_sdk(request) {
        return answer;
    }
    let body = answer.to_string();
    let headers = Headers {
        content_type: "application/x-amz-json-1.0",
        connection: "Connection",
        more: &[("Server", "Server")],
        status: 200,
    };
    let own = [("x-amz-crc32", crc32(body.as_bytes()).to_string())];
    wrap_with(&answer, headers, &own, &body, request)
}

impl Table {
    fn make(&mut self, change: Change) {
        match change.item {
            Some(item) => drop(self.items.insert(change.key, item)),
            None => drop(self.items.remove(&change.key)),
        }
    }

    fn get(&self, request: &TaskRequest) -> Result<Done, Refusal> {
        let key = self.key_of(part(request, "Key"), true)?;
        let item = self.items.get(&key).cloned();
        let answer = item.map_or_else(Value::empty_object, |item| object([("Item", Value::from(item))]));
        Ok(Done { answer, change: None })
    }

    fn put(&self, request: &TaskRequest) -> Result<Done, Refusal> {
        let item = part(request, "Item").clone();
        let key = self.key_of(&item, false)?;
        let old = self.items.get(&key).cloned();
        check(request, old.as_ref())?;
        let answer = returned(request, &["ALL_OLD"], |_| old)?;
        Ok(Done { answer, change: Some(Change { key, item: Some(item) }) })
    }

    fn delete(&self, request: &TaskRequest) -> Result<Done, Refusal> {
        let key = self.key_of(part(request, "Key"), true)?;
        let old = self.items.get(&key).cloned();
        check(request, old.as_ref())?;
        let answer = returned(request, &["ALL_OLD"], |_| old)?;
        Ok(Done { answer, change: Some(Change { key, item: None }) })
    }

    fn update(&self, request: &TaskRequest) -> Result<Done, Refusal> {
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
        Ok(Done { answer, change: Some(Change { key, item: Some(after) }) })
    }

    /// The text that tells an item's key from any other's, also from those of the same table with another key.
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
            Ok((name.as_str(), value.clone()))
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
