//! Amazon SQS: messages to queues.
//! Separate because each service is a file of its own.

use super::given::{object, pairs};
use super::{AnyArg, Given, Integration, Request};
use crate::ir::{Expr, ExprKind};
use crate::task::Pattern;
use crate::{AnyVal, Arg, Payload, Shape, TaskCall, service_errors};

service_errors! {
    /// What sending fails with.
    pub enum Error {
        /// The message holds characters that may not travel.
        InvalidMessageContents = "SQS.InvalidMessageContentsException",
        /// The queue does not exist.
        QueueDoesNotExist = "SQS.QueueDoesNotExistException",
        /// Too many requests.
        RequestThrottled = "SQS.RequestThrottledException" retry,
        /// Too many requests for the key.
        KmsThrottled = "SQS.KmsThrottledException" retry,
        /// The queue does not do this.
        UnsupportedOperation = "SQS.UnsupportedOperationException",
        /// Any other error.
        Other = "SQS.AmazonSQSException",
    }
}

/// Sends a message: gives its id.
#[derive(Debug)]
pub struct Send;

/// Sends a message and waits for whoever completes its task token: gives an `O`.
#[derive(Debug)]
pub struct SendAndWait<O>(std::marker::PhantomData<fn() -> O>);

/// `sqs:sendMessage`: sends a message to a queue and gives its message id.
///
/// A message that is no text travels as JSON text.
///
/// ```
/// use sfn_core::sqs;
///
/// let call = sqs::send("${PickingQueueUrl}", "order 7").delay_seconds(30_u32);
/// # let _ = call;
/// ```
pub fn send(queue: impl Arg<String>, body: impl AnyArg) -> TaskCall<Send> {
    called(queue, body)
}

/// `sqs:sendMessage.waitForTaskToken`: sends a message and waits until the [task token](crate::task_token) in it is
/// completed, with an `O`. Give it a timeout.
pub fn send_and_wait<O: Payload>(queue: impl Arg<String>, body: impl AnyArg) -> TaskCall<SendAndWait<O>> {
    called(queue, body)
}

fn called<I: Integration>(queue: impl Arg<String>, body: impl AnyArg) -> TaskCall<I> {
    TaskCall::of_service().with_argument("queue", queue).with("body", [body.into_any_arg()])
}

/// What only calls of this service have.
macro_rules! options {
    ($($task:ty $(where $output:ident)?),+) => {$(
        impl $(<$output: Payload>)? TaskCall<$task> {
            /// The same message, hidden from receivers for so long: at most 900 seconds.
            pub fn delay_seconds(self, seconds: impl Arg<u32>) -> Self {
                self.with_argument("delay_seconds", seconds)
            }

            /// The same message, with an attribute beside its body: a text, a number or a list of them.
            pub fn attribute(self, name: &'static str, value: impl AnyArg) -> Self {
                self.with("attribute", [crate::literal(name), value.into_any_arg()])
            }

            /// The same message, in order with the others of its group: only for FIFO queues.
            pub fn group_id(self, group: impl Arg<String>) -> Self {
                self.with_argument("group_id", group)
            }

            /// The same message, once among those of the same id: only for FIFO queues.
            pub fn deduplication_id(self, id: impl Arg<String>) -> Self {
                self.with_argument("deduplication_id", id)
            }
        }
    )+};
}

options!(Send, SendAndWait<O> where O);

fn arguments(given: &Given) -> AnyVal {
    object([
        ("QueueUrl", given.resource("queue")),
        ("MessageBody", given.get("body")),
        ("DelaySeconds", given.get("delay_seconds")),
        ("MessageGroupId", given.get("group_id")),
        ("MessageDeduplicationId", given.get("deduplication_id")),
        ("MessageAttributes", pairs(given, "attribute", "the name of a message attribute", attribute)),
    ])
}

/// A message attribute, as both SNS and SQS have them: the type beside the text.
pub(super) fn attribute(value: &AnyVal) -> AnyVal {
    let (kind, text) = match value.shape() {
        Shape::Integer(_) | Shape::Float => ("Number", value.to_text()),
        Shape::Array(_) => {
            let text = Expr::new(ExprKind::Text(value.expr.clone()));
            ("String.Array", AnyVal::new(text, Shape::String).with_faults_of([value]))
        }
        _ => ("String", value.to_text()),
    };
    object([("DataType", Some(crate::literal(kind))), ("StringValue", Some(text))])
}

/// `MessageId` of a result.
pub(super) fn message_id(result: &AnyVal) -> AnyVal {
    AnyVal::new(Expr::field(&result.expr, "MessageId", None), Shape::String)
}

impl Integration for Send {
    type Output = String;
    type Error = Error;
    const NAME: &'static str = "sqs_send";
    const ARGUMENTS: &'static [&'static str] = &["queue", "body"];

    fn request(given: &Given) -> Request {
        Request::new("sqs:sendMessage", arguments(given))
    }

    fn answer(result: AnyVal) -> AnyVal {
        message_id(&result)
    }
}

impl<O: Payload> Integration for SendAndWait<O> {
    type Output = O;
    type Error = Error;
    const NAME: &'static str = "sqs_send";
    const ARGUMENTS: &'static [&'static str] = &["queue", "body"];
    const PATTERN: Pattern = Pattern::WaitForCallback;

    fn request(given: &Given) -> Request {
        Request::new("sqs:sendMessage.waitForTaskToken", arguments(given))
    }

    fn answer(result: AnyVal) -> AnyVal {
        result
    }
}
