//! Amazon SNS: messages to topics.
//! Separate because each service is a file of its own.

use super::given::object;
use super::message::{self, message_options};
use super::{AnyArg, Given, Integration, Request};
use crate::task::Pattern;
use crate::{AnyVal, Arg, Payload, TaskCall, service_errors};

service_errors! {
    /// What publishing fails with.
    pub enum Error {
        /// The workflow's role may not publish there.
        AuthorizationError = "SNS.AuthorizationErrorException",
        /// The service failed.
        InternalError = "SNS.InternalErrorException" retry,
        /// A parameter is wrong.
        InvalidParameter = "SNS.InvalidParameterException",
        /// A parameter's value is wrong.
        InvalidParameterValue = "SNS.InvalidParameterValueException",
        /// The topic does not exist.
        NotFound = "SNS.NotFoundException",
        /// Too many requests for the key.
        KmsThrottling = "SNS.KMSThrottlingException" retry,
        /// Any other error.
        Other = "SNS.AmazonSNSException",
    }
}

/// Publishes a message: gives its id.
#[derive(Debug)]
pub struct Publish;

/// Publishes a message and waits for whoever completes its task token: gives an `O`.
#[derive(Debug)]
pub struct PublishAndWait<O>(std::marker::PhantomData<fn() -> O>);

/// `sns:publish`: publishes a message to a topic and gives its message id.
///
/// A message that is no text travels as JSON text.
///
/// ```
/// use sfn_core::sns;
///
/// let call = sns::publish("${OrdersTopicArn}", "an order came in").subject("New order").attribute("kind", "retail");
/// # let _ = call;
/// ```
pub fn publish(topic: impl Arg<String>, message: impl AnyArg) -> TaskCall<Publish> {
    called(topic, message)
}

/// `sns:publish.waitForTaskToken`: publishes a message and waits until the [task token](crate::task_token) in it is
/// completed, with an `O`. Give it a timeout.
pub fn publish_and_wait<O: Payload>(
    topic: impl Arg<String>,
    message: impl AnyArg,
) -> TaskCall<PublishAndWait<O>> {
    called(topic, message)
}

fn called<I: Integration>(topic: impl Arg<String>, message: impl AnyArg) -> TaskCall<I> {
    let call = TaskCall::of_service().with_argument("topic", topic);
    call.with("message", [message.into_any_arg()])
}

/// What only calls of this service have.
macro_rules! options {
    ($($task:ty $(where $output:ident)?),+) => {$(
        impl $(<$output: Payload>)? TaskCall<$task> {
            /// The same message, with a subject.
            pub fn subject(self, subject: impl Arg<String>) -> Self {
                self.with_argument("subject", subject)
            }
        }
    )+};
}

options!(Publish, PublishAndWait<O> where O);
message_options!(Publish, PublishAndWait<O> where O);

fn arguments(given: &Given) -> AnyVal {
    let own = [
        ("TopicArn", given.resource("topic")),
        ("Message", given.get("message")),
        ("Subject", given.get("subject")),
    ];
    object(own.into_iter().chain(message::arguments(given)))
}

impl Integration for Publish {
    type Output = String;
    type Error = Error;
    const NAME: &'static str = "sns_publish";
    const ARGUMENTS: &'static [&'static str] = &["topic", "message"];

    fn request(given: &Given) -> Request {
        Request::new("sns:publish", arguments(given))
    }

    fn answer(result: AnyVal) -> AnyVal {
        message::message_id(&result)
    }
}

impl<O: Payload> Integration for PublishAndWait<O> {
    type Output = O;
    type Error = Error;
    const NAME: &'static str = "sns_publish";
    const ARGUMENTS: &'static [&'static str] = &["topic", "message"];
    const PATTERN: Pattern = Pattern::WaitForCallback;

    fn request(given: &Given) -> Request {
        Request::new("sns:publish.waitForTaskToken", arguments(given))
    }

    fn answer(result: AnyVal) -> AnyVal {
        result
    }
}
