//! Amazon DynamoDB: typed items of tables, got, put, updated and deleted.
//! Separate because each service is a file of its own.

mod attribute;

use std::marker::PhantomData;

use super::given::{object, text};
use super::{AnyArg, Given, Integration, Request};
use crate::ir::{Expr, ExprKind};
use crate::val::Fault;
use crate::{AnyVal, Arg, Payload, Shape, TaskCall, literal, service_errors};

service_errors! {
    /// What getting an item fails with.
    pub enum ReadError {
        /// The service failed.
        InternalServerError = "DynamoDB.InternalServerErrorException" retry,
        /// More than the table's capacity.
        ProvisionedThroughputExceeded = "DynamoDB.ProvisionedThroughputExceededException" retry,
        /// More than the account's capacity.
        RequestLimitExceeded = "DynamoDB.RequestLimitExceededException" retry,
        /// The table does not exist.
        ResourceNotFound = "DynamoDB.ResourceNotFoundException",
        /// Too many requests.
        Throttling = "DynamoDB.ThrottlingException" retry,
        /// Any other error.
        Other = "DynamoDB.AmazonDynamoDBException",
    }
}

service_errors! {
    /// What changing an item fails with.
    pub enum WriteError {
        /// The condition does not hold.
        ConditionalCheckFailed = "DynamoDB.ConditionalCheckFailedException",
        /// The service failed.
        InternalServerError = "DynamoDB.InternalServerErrorException" retry,
        /// The items of one partition key are too large together.
        ItemCollectionSizeLimitExceeded = "DynamoDB.ItemCollectionSizeLimitExceededException",
        /// More than the table's capacity.
        ProvisionedThroughputExceeded = "DynamoDB.ProvisionedThroughputExceededException" retry,
        /// Another region changes the item.
        ReplicatedWriteConflict = "DynamoDB.ReplicatedWriteConflictException" retry,
        /// More than the account's capacity.
        RequestLimitExceeded = "DynamoDB.RequestLimitExceededException" retry,
        /// The table does not exist.
        ResourceNotFound = "DynamoDB.ResourceNotFoundException",
        /// Too many requests.
        Throttling = "DynamoDB.ThrottlingException" retry,
        /// A transaction changes the item.
        TransactionConflict = "DynamoDB.TransactionConflictException" retry,
        /// Any other error.
        Other = "DynamoDB.AmazonDynamoDBException",
    }
}

/// Gets an item: gives an `Option<T>`.
#[derive(Debug)]
pub struct Get<T>(PhantomData<fn() -> T>);

/// Puts an item.
#[derive(Debug)]
pub struct Put;

/// Updates an item: gives it as it is afterwards, a `T`.
#[derive(Debug)]
pub struct Update<T>(PhantomData<fn() -> T>);

/// Deletes an item.
#[derive(Debug)]
pub struct Delete;

/// `dynamodb:getItem`: gets the item of a key as a `T`, or nothing. The key is a struct of the table's key attributes.
///
/// Fields become attributes by their types: texts and unit variants `S`, numbers `N`, lists `L`, structs and maps `M`,
/// `None` is `NULL`; on the way back an attribute that is missing is `None` too. Numbers have the 15 digits of JSONata.
///
/// ```
/// use std::collections::BTreeMap;
/// use sfn_core::{Definition, dynamodb};
///
/// let definition = Definition::from_flow("look-up", "", |flow| {
///     let key = flow.input::<BTreeMap<String, String>>("key");
///     let found = flow.task(dynamodb::get::<BTreeMap<String, u32>>("${CountersTable}", &key)).run();
///     flow.succeed(found);
/// });
/// let text = definition.lower().unwrap().machine.to_json_pretty();
/// assert!(text.contains(r#""TableName": "${CountersTable}""#));
/// ```
pub fn get<T: Payload>(table: impl Arg<String>, key: impl AnyArg) -> TaskCall<Get<T>> {
    located(table, "key", key)
}

/// `dynamodb:putItem`: puts an item in the place of whichever has the same key.
pub fn put(table: impl Arg<String>, item: impl AnyArg) -> TaskCall<Put> {
    located(table, "item", item)
}

/// `dynamodb:updateItem`: changes attributes of the item of a key, which is made if there is none, and gives it as it is
/// afterwards.
///
/// ```
/// use std::collections::BTreeMap;
/// use sfn_core::dynamodb;
///
/// let key = BTreeMap::from([("id".to_owned(), "visits".to_owned())]);
/// let call = dynamodb::update::<BTreeMap<String, u32>>("${CountersTable}", &key).add("count", &1);
/// # let _ = call;
/// ```
pub fn update<T: Payload>(table: impl Arg<String>, key: impl AnyArg) -> TaskCall<Update<T>> {
    located(table, "key", key)
}

/// `dynamodb:deleteItem`: deletes the item of a key, if there is one.
pub fn delete(table: impl Arg<String>, key: impl AnyArg) -> TaskCall<Delete> {
    located(table, "key", key)
}

fn located<I: Integration>(table: impl Arg<String>, name: &'static str, what: impl AnyArg) -> TaskCall<I> {
    TaskCall::of_service().with_argument("table", table).with(name, [what.into_any_arg()])
}

impl<T: Payload> TaskCall<Get<T>> {
    /// The same item, with everything written before.
    pub fn consistent_read(self) -> Self {
        self.with("consistent_read", [])
    }
}

impl<T: Payload> TaskCall<Update<T>> {
    /// The same update, which sets an attribute.
    pub fn set(self, attribute: &'static str, value: impl AnyArg) -> Self {
        self.with("set", [literal(attribute), value.into_any_arg()])
    }

    /// The same update, which adds to an attribute that is a number, or missing.
    pub fn add(self, attribute: &'static str, value: impl AnyArg) -> Self {
        self.with("add", [literal(attribute), value.into_any_arg()])
    }

    /// The same update, which removes an attribute.
    pub fn remove(self, attribute: &'static str) -> Self {
        self.with("remove", [literal(attribute)])
    }
}

/// What only changes have.
macro_rules! conditions {
    ($($task:ty $(where $output:ident)?),+) => {$(
        impl $(<$output: Payload>)? TaskCall<$task> {
            /// The same change, if a condition holds: a `ConditionExpression`, in which `:name` is a
            /// [`value`](Self::value).
            pub fn condition(self, expression: &'static str) -> Self {
                self.with("condition", [literal(expression)])
            }

            /// The same change, with a value that the condition mentions as `:name`.
            pub fn value(self, name: &'static str, value: impl AnyArg) -> Self {
                self.with("value", [literal(name), value.into_any_arg()])
            }
        }
    )+};
}

conditions!(Put, Delete, Update<T> where T);

/// The parts of a request that changes an item.
#[derive(Default)]
struct Change {
    names: Vec<(String, Option<AnyVal>)>,
    values: Vec<(String, Option<AnyVal>)>,
    faults: Vec<Fault>,
}

impl Change {
    /// What stands for an attribute in an expression.
    fn name(&mut self, attribute: &AnyVal) -> String {
        let name = match text(attribute, "the name of an attribute") {
            Ok(name) => name,
            Err(fault) => {
                self.faults.push(fault);
                return String::new();
            }
        };
        let letters = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '_' };
        let short: String = name.chars().map(letters).collect();
        let placed = (format!("#{short}"), Some(literal(name.as_str())));
        if !self.names.iter().any(|(known, _)| *known == placed.0) {
            self.names.push(placed);
        }
        short
    }

    fn value(&mut self, name: String, value: &AnyVal) {
        if self.values.iter().any(|(known, _)| *known == name) {
            let message = format!("two values of this change are called `{name}`");
            let help = "give the value of the condition another name than the attribute that is set";
            self.faults.push(Fault::new("duplicate-value", message, help));
        }
        self.values.push((name, Some(attribute::to_attribute(value))));
    }

    /// The clause of all parts of a name: `SET #a = :a, #b = :b`.
    fn clause(&mut self, given: &Given, part: &str, write: impl Fn(&str) -> String) -> Option<String> {
        let mut written = Vec::new();
        for pair in given.all(part) {
            let takes_value = part != "remove";
            let attribute = if takes_value { pair.index(0) } else { pair.clone() };
            let short = self.name(&attribute);
            if takes_value {
                self.value(format!(":{short}"), &pair.index(1));
            }
            written.push(write(&short));
        }
        (!written.is_empty()).then(|| format!("{} {}", part.to_uppercase(), written.join(", ")))
    }

    /// The arguments that all changes have, behind those of one's own.
    fn arguments(mut self, given: &Given, own: Vec<(&'static str, Option<AnyVal>)>) -> AnyVal {
        for pair in given.all("value") {
            match text(&pair.index(0), "the name of a value") {
                Ok(name) => self.value(format!(":{}", name.trim_start_matches(':')), &pair.index(1)),
                Err(fault) => self.faults.push(fault),
            }
        }
        let some = |entries: &[(String, Option<AnyVal>)]| {
            let entries: Vec<_> =
                entries.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
            (!entries.is_empty()).then(|| object(entries))
        };
        let (names, values) = (some(&self.names), some(&self.values));
        let shared = [
            ("ConditionExpression", given.get("condition")),
            ("ExpressionAttributeNames", names),
            ("ExpressionAttributeValues", values),
        ];
        let table = [("TableName", given.resource("table"))];
        object(table.into_iter().chain(own).chain(shared)).with_faults(self.faults)
    }
}

fn item(given: &Given, name: &str) -> Option<AnyVal> {
    given.get(name).map(|item| attribute::to_item(&item))
}

impl<T: Payload> Integration for Get<T> {
    type Output = Option<T>;
    type Error = ReadError;
    const NAME: &'static str = "get_item";
    const ARGUMENTS: &'static [&'static str] = &["table", "key"];

    fn request(given: &Given) -> Request {
        let arguments = object([
            ("TableName", given.resource("table")),
            ("Key", item(given, "key")),
            ("ConsistentRead", given.get("consistent_read").map(|_| literal(true))),
        ]);
        Request::new("dynamodb:getItem", arguments)
    }

    fn answer(result: AnyVal) -> AnyVal {
        let found = Expr::field(&result.expr, "Item", None);
        let item = attribute::from_item(T::shape(), &found);
        let option = ExprKind::If {
            condition: Expr::new(ExprKind::Exists(found)),
            then: item.expr,
            otherwise: Expr::null(),
        };
        AnyVal::new(Expr::new(option), Shape::Option(T::shape))
    }
}

impl Integration for Put {
    type Output = ();
    type Error = WriteError;
    const NAME: &'static str = "put_item";
    const ARGUMENTS: &'static [&'static str] = &["table", "item"];

    fn request(given: &Given) -> Request {
        let own = vec![("Item", item(given, "item"))];
        Request::new("dynamodb:putItem", Change::default().arguments(given, own))
    }

    fn answer(_: AnyVal) -> AnyVal {
        AnyVal::unit()
    }
}

impl<T: Payload> Integration for Update<T> {
    type Output = T;
    type Error = WriteError;
    const NAME: &'static str = "update_item";
    const ARGUMENTS: &'static [&'static str] = &["table", "key"];

    fn request(given: &Given) -> Request {
        let mut change = Change::default();
        let clauses = [
            change.clause(given, "set", |name| format!("#{name} = :{name}")),
            change.clause(given, "add", |name| format!("#{name} :{name}")),
            change.clause(given, "remove", |name| format!("#{name}")),
        ];
        let clauses: Vec<String> = clauses.into_iter().flatten().collect();
        let expression = (!clauses.is_empty()).then(|| literal(clauses.join(" ").as_str()));
        let own = vec![
            ("Key", item(given, "key")),
            ("UpdateExpression", expression),
            ("ReturnValues", Some(literal("ALL_NEW"))),
        ];
        Request::new("dynamodb:updateItem", change.arguments(given, own))
    }

    fn answer(result: AnyVal) -> AnyVal {
        attribute::from_item(T::shape(), &Expr::field(&result.expr, "Attributes", None))
    }
}

impl Integration for Delete {
    type Output = ();
    type Error = WriteError;
    const NAME: &'static str = "delete_item";
    const ARGUMENTS: &'static [&'static str] = &["table", "key"];

    fn request(given: &Given) -> Request {
        let own = vec![("Key", item(given, "key"))];
        Request::new("dynamodb:deleteItem", Change::default().arguments(given, own))
    }

    fn answer(_: AnyVal) -> AnyVal {
        AnyVal::unit()
    }
}
