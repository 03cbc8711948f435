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
use super::fault::{DYNAMODB, is_sdk, null_member, refused};
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
pub(crate) struct Refusal {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    /// The item for which a condition did not hold, where it is asked for.
    pub(crate) item: Option<Object>,
}

impl Refusal {
    fn invalid(message: impl Into<String>) -> Self {
        Self { code: "ValidationException", message: message.into(), item: None }
    }

    fn internal(message: impl Into<String>) -> Self {
        Self { code: "InternalServerError", message: message.into(), item: None }
    }
}

/// What the stand-in knows to do with; anything else would be quietly ignored.
const ARGUMENTS: [&str; 12] = [
    "TableName",
    "Key",
    "Item",
    "ConditionExpression",
    "UpdateExpression",
    "ExpressionAttributeNames",
    "ExpressionAttributeValues",
    "ReturnValues",
    "ReturnValuesOnConditionCheckFailure",
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

    /// Calls an operation for a Task; `None` for one that has no stand-in.
    pub(super) async fn call(
        &self,
        request: &TaskRequest,
        journal: Option<Journal>,
    ) -> Option<Result<Value, TaskFailure>> {
        let call = Call::of(request.resource.action(), &request.arguments)?;
        let answer = self.perform(&call, Some(request), journal.as_ref());
        // Nobody hears of anything that may still be lost.
        if let Some(journal) = journal
            && let Err(error) = journal.persisted().await
        {
            return Some(Err(TaskFailure::new("States.Runtime", error.to_string())));
        }
        Some(answer.map_err(|unfit| unfit.of_task(request)))
    }

    /// Calls an operation for a program that does so itself; `None` for one that has no stand-in.
    pub(super) async fn call_directly(
        &self,
        operation: &str,
        arguments: &Value,
        journal: Option<Journal>,
    ) -> Option<Result<Value, Refusal>> {
        let answer = self.perform(&Call::of(operation, arguments)?, None, journal.as_ref());
        if let Some(journal) = journal
            && let Err(error) = journal.persisted().await
        {
            return Some(Err(Refusal::internal(error.to_string())));
        }
        Some(answer.map_err(Unfit::of_client))
    }

    fn perform(
        &self,
        call: &Call<'_>,
        request: Option<&TaskRequest>,
        journal: Option<&Journal>,
    ) -> Result<Value, Unfit> {
        let name = call.table()?;
        let mut shared = self.lock();
        let Shared { by_name, left } = &mut *shared;
        if let Some(left) = left {
            if journal.is_none() {
                return Err(Unfit::Gone);
            }
            if let Some(answer) = request.and_then(|request| left.answered(request)) {
                return Ok(answer);
            }
        }
        let Some(table) = by_name.get_mut(name) else {
            let known: Vec<_> = by_name.keys().map(String::as_str).collect();
            return Err(Unfit::NoTable(if known.is_empty() { "none".to_owned() } else { known.join(", ") }));
        };
        let Done { answer, change } = (call.operation)(table, call.arguments).map_err(Unfit::Refused)?;
        let answer = match request {
            Some(request) => whole(answer, request),
            None => answer,
        };
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

type Operation = fn(&Table, &Value) -> Result<Done, Refusal>;

/// A call of an operation.
struct Call<'c> {
    operation: Operation,
    /// Whether it puts a whole item.
    puts: bool,
    arguments: &'c Value,
}

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

impl<'c> Call<'c> {
    /// By the name of an operation, as the service or as a `Resource` spells it.
    fn of(operation: &str, arguments: &'c Value) -> Option<Self> {
        let operation: Operation = match operation {
            "getItem" | "GetItem" => Table::get,
            "putItem" | "PutItem" => return Some(Self { operation: Table::put, puts: true, arguments }),
            "updateItem" | "UpdateItem" => Table::update,
            "deleteItem" | "DeleteItem" => Table::delete,
            _ => return None,
        };
        Some(Self { operation, puts: false, arguments })
    }

    /// The table that it names, if it asks for nothing that would be ignored.
    fn table(&self) -> Result<&'c str, Unfit> {
        let arguments = self.arguments.as_object();
        if let Some(ignored) = arguments.into_iter().flat_map(Object::keys).find(|it| !ARGUMENTS.contains(it))
        {
            return Err(Unfit::Ignored(ignored.to_owned()));
        }
        let missing = |member: &str| Unfit::Refused(Refusal::invalid(null_member(member)));
        let name = text(self.arguments, "TableName").ok_or_else(|| missing("TableName"))?;
        let member = if self.puts { "Item" } else { "Key" };
        if self.arguments.get(member).and_then(Value::as_object).is_none() {
            return Err(missing(member));
        }
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
        if name.is_empty() || !name.bytes().all(is_name) {
            return Err(Unfit::Refused(Refusal::invalid(format!(
                "1 validation error detected: Value '{name}' at 'tableName' failed to satisfy constraint: Member must \
                 satisfy regular expression pattern: [a-zA-Z0-9_.-]+"
            ))));
        }
        Ok(name)
    }
}

/// Why a call is not answered.
enum Unfit {
    /// It asks for something that would be ignored.
    Ignored(String),
    /// What keeps the items is gone.
    Gone,
    /// It names none of the tables, which are these.
    NoTable(String),
    Refused(Refusal),
}

const GONE: &str = "the control plane that keeps the items of the tables is gone: hold the `Arc` given to \
                    `Services::connect` for as long as the engine runs";
const NOT_FOUND: &str = "Requested resource not found";

impl Unfit {
    fn of_task(self, request: &TaskRequest) -> TaskFailure {
        let refuse = |code, message: &str| refused(DYNAMODB, request, 400, code, message);
        match self {
            Self::Ignored(member) => {
                let cause = format!(
                    "{}: route `{}` to a handler, or mock the state",
                    ignored(&member),
                    request.resource.as_str()
                );
                TaskFailure::new("States.Runtime", cause)
            }
            Self::Gone => TaskFailure::new("States.Runtime", GONE),
            Self::NoTable(known) => {
                let TaskFailure { error, cause } = refuse("ResourceNotFoundException", NOT_FOUND);
                TaskFailure { error, cause: format!("{cause} [tables on this machine: {known}]") }
            }
            Self::Refused(Refusal { code, message, .. }) => refuse(code, &message),
        }
    }

    fn of_client(self) -> Refusal {
        match self {
            Self::Ignored(member) => Refusal::invalid(ignored(&member)),
            Self::Gone => Refusal::internal(GONE),
            Self::NoTable(known) => {
                let message = format!("{NOT_FOUND} [tables on this machine: {known}]");
                Refusal { code: "ResourceNotFoundException", message, item: None }
            }
            Self::Refused(refusal) => refusal,
        }
    }
}

fn ignored(member: &str) -> String {
    format!("the DynamoDB of this machine does not do `{member}`, only {}", ARGUMENTS.join(", "))
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

    fn get(&self, arguments: &Value) -> Result<Done, Refusal> {
        let key = self.key_of(part(arguments, "Key"), true)?;
        let item = self.items.get(&key).cloned();
        let answer = item.map_or_else(Value::empty_object, |item| object([("Item", Value::from(item))]));
        Ok(Done { answer, change: None })
    }

    fn put(&self, arguments: &Value) -> Result<Done, Refusal> {
        let item = part(arguments, "Item").clone();
        let key = self.key_of(&item, false)?;
        let old = self.items.get(&key).cloned();
        check(arguments, old.as_ref())?;
        let answer = returned(arguments, &["ALL_OLD"], |_| old)?;
        Ok(Done { answer, change: Some(Change { key, item: Some(item) }) })
    }

    fn delete(&self, arguments: &Value) -> Result<Done, Refusal> {
        let key = self.key_of(part(arguments, "Key"), true)?;
        let old = self.items.get(&key).cloned();
        check(arguments, old.as_ref())?;
        let answer = returned(arguments, &["ALL_OLD"], |_| old)?;
        Ok(Done { answer, change: Some(Change { key, item: None }) })
    }

    fn update(&self, arguments: &Value) -> Result<Done, Refusal> {
        let given = part(arguments, "Key");
        let key = self.key_of(given, true)?;
        let old = self.items.get(&key).cloned();
        check(arguments, old.as_ref())?;
        let update = match text(arguments, "UpdateExpression") {
            Some(text) => Parser::new("UpdateExpression", text, arguments)?.update()?,
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
        let answer = returned(arguments, &allowed, |which| match which {
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
fn part<'a>(arguments: &'a Value, member: &str) -> &'a Object {
    static NOTHING: std::sync::LazyLock<Object> = std::sync::LazyLock::new(Object::default);
    arguments.get(member).and_then(Value::as_object).unwrap_or(&NOTHING)
}

fn text<'a>(arguments: &'a Value, member: &str) -> Option<&'a str> {
    arguments.get(member).and_then(Value::as_str)
}

/// Whether the item is as the request wants it.
fn check(arguments: &Value, item: Option<&Object>) -> Result<(), Refusal> {
    let Some(expression) = text(arguments, "ConditionExpression") else { return Ok(()) };
    let condition = Parser::new("ConditionExpression", expression, arguments)?.condition()?;
    let nothing = Object::default();
    if condition.holds(item.unwrap_or(&nothing)) {
        return Ok(());
    }
    let message = "The conditional request failed".to_owned();
    let wants_it = text(arguments, "ReturnValuesOnConditionCheckFailure") == Some("ALL_OLD");
    Err(Refusal {
        code: "ConditionalCheckFailedException",
        message,
        item: item.filter(|_| wants_it).cloned(),
    })
}

fn returned(
    arguments: &Value,
    allowed: &[&str],
    attributes: impl FnOnce(&str) -> Option<Object>,
) -> Result<Value, Refusal> {
    match text(arguments, "ReturnValues") {
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
