//! Services and their actions.
//! Separate from their shapes because most questions end here: does it exist, what is it called, what can it raise.

use std::fmt;

use crate::Pattern;
use crate::block::{Block, Entry, Reader, index};
use crate::shape::Shape;

/// A service that Task States can call: through the AWS SDK, or as an optimised integration.
#[derive(Clone, Copy)]
pub struct Service(&'static Entry);

/// Something a service does.
#[derive(Clone, Copy)]
pub struct Action {
    service: Service,
    number: usize,
}

/// The service that `arn:aws:states:::aws-sdk:NAME:...` calls.
///
/// ```
/// use sfn_catalogue::sdk_service;
///
/// assert_eq!(sdk_service("cloudwatchlogs").expect("it exists").prefix(), "CloudWatchLogs");
/// assert!(sdk_service("logs").is_none());
/// ```
pub fn sdk_service(name: &str) -> Option<Service> {
    find(false, name)
}

/// The service that `arn:aws:states:::NAME:...` calls.
///
/// ```
/// use sfn_catalogue::optimised_service;
///
/// assert_eq!(optimised_service("dynamodb").expect("it exists").prefix(), "DynamoDB");
/// assert!(optimised_service("ses").is_none());
/// ```
pub fn optimised_service(name: &str) -> Option<Service> {
    find(true, name)
}

/// Every service of the AWS SDK integrations, by name.
///
/// ```
/// assert!(sfn_catalogue::sdk_services().count() > 300);
/// ```
pub fn sdk_services() -> impl Iterator<Item = Service> {
    all(false)
}

/// Every optimised integration, by name.
///
/// ```
/// assert!(sfn_catalogue::optimised_services().any(|service| service.name() == "lambda"));
/// ```
pub fn optimised_services() -> impl Iterator<Item = Service> {
    all(true)
}

fn all(is_optimised: bool) -> impl Iterator<Item = Service> {
    index().entries.iter().filter(move |entry| entry.is_optimised == is_optimised).map(Service)
}

fn find(is_optimised: bool, name: &str) -> Option<Service> {
    let entries = &index().entries;
    let found = entries.binary_search_by(|entry| (entry.is_optimised, entry.name).cmp(&(is_optimised, name)));
    found.ok().map(|number| Service(&entries[number]))
}

impl Service {
    /// Its name in a `Resource`.
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// Its name in the AWS command line, which people often write where its own belongs.
    ///
    /// ```
    /// assert_eq!(sfn_catalogue::sdk_service("sfn").map(|service| service.cli_name()), Some("stepfunctions"));
    /// ```
    pub fn cli_name(self) -> &'static str {
        self.0.cli_name
    }

    /// What its exceptions begin with; empty when the service is retired.
    pub fn prefix(self) -> &'static str {
        self.0.prefix
    }

    /// Whether it is an optimised integration rather than one of the AWS SDK.
    pub fn is_optimised(self) -> bool {
        self.0.is_optimised
    }

    /// Whether the service is documented and its models are no longer published, so that nothing is known of it.
    ///
    /// ```
    /// assert!(sfn_catalogue::sdk_service("qldb").is_some_and(|service| service.is_retired()));
    /// ```
    pub fn is_retired(self) -> bool {
        self.0.prefix.is_empty()
    }

    /// Its actions, by name.
    pub fn actions(self) -> impl Iterator<Item = Action> {
        (0..self.block().action_count()).map(move |number| Action { service: self, number })
    }

    /// The action with a name, which is in camelCase.
    ///
    /// ```
    /// let s3 = sfn_catalogue::sdk_service("s3").expect("it exists");
    /// assert!(s3.action("listObjectsV2").is_some());
    /// assert!(s3.action("ListObjectsV2").is_none());
    /// ```
    pub fn action(self, name: &str) -> Option<Action> {
        self.block().find_action(name).map(|number| Action { service: self, number })
    }

    pub(crate) fn block(self) -> &'static Block {
        self.0.block()
    }
}

/// What stands in an action's record.
struct Record {
    name: &'static str,
    patterns: usize,
    arguments: usize,
    /// Stands at the results.
    results: Reader<'static>,
}

impl Action {
    /// The service that does it.
    pub fn service(self) -> Service {
        self.service
    }

    /// Its name in a `Resource`.
    pub fn name(self) -> &'static str {
        self.record().name
    }

    /// How a Task State may wait for it.
    pub fn patterns(self) -> impl Iterator<Item = Pattern> {
        let patterns = self.record().patterns;
        Pattern::ALL.into_iter().filter(move |pattern| patterns & pattern.bit() != 0)
    }

    /// What it takes: a structure.
    pub fn arguments(self) -> Shape {
        Shape::new(self.service.block(), self.record().arguments)
    }

    /// What a Task State gets for it, when that is known. A task that waits for a callback gets what the caller says.
    ///
    /// ```
    /// use sfn_catalogue::{Pattern, optimised_service};
    ///
    /// let invoke = optimised_service("lambda").and_then(|service| service.action("invoke")).expect("it exists");
    /// let result = invoke.result(Pattern::RequestResponse).and_then(|shape| shape.structure()).expect("known");
    /// assert!(result.member("Payload").is_some() && result.member("SdkHttpMetadata").is_some());
    /// assert!(invoke.result(Pattern::WaitForCallback).is_none());
    /// ```
    pub fn result(self, pattern: Pattern) -> Option<Shape> {
        let mut results = self.record().results;
        let mut all = (0..results.number()).map(|_| (results.number(), results.number()));
        let (_, shape) = all.find(|(bit, _)| *bit == pattern.bit())?;
        Some(Shape::new(self.service.block(), shape))
    }

    /// The exceptions it declares, without their prefix.
    pub fn exceptions(self) -> impl Iterator<Item = &'static str> {
        let mut reader = self.record().results;
        for _ in 0..reader.number() {
            reader.number();
            reader.number();
        }
        let block = self.service.block();
        (0..reader.number()).map(move |_| block.string(reader.number()))
    }

    fn record(self) -> Record {
        let block = self.service.block();
        let mut reader = block.action(self.number);
        let (name, patterns, arguments) = (reader.number(), reader.number(), reader.number());
        Record { name: block.string(name), patterns, arguments, results: reader }
    }
}

impl PartialEq for Service {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Service {}

impl PartialEq for Action {
    fn eq(&self, other: &Self) -> bool {
        self.service == other.service && self.number == other.number
    }
}

impl Eq for Action {}

/// As in a `Resource`: `aws-sdk:s3`.
impl fmt::Display for Service {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.is_optimised() { "" } else { "aws-sdk:" })?;
        formatter.write_str(self.name())
    }
}

/// As in a `Resource`: `aws-sdk:s3:getObject`.
impl fmt::Display for Action {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.service, self.name())
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl fmt::Debug for Action {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}
