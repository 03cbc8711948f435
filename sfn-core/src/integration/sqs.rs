//! Amazon SQS: messages to queues.
//! Separate because each service is a file of its own.

use super::given::object;
use super::message::{self, message_options};
use super::{AnyArg, Given, Integration, Request};
use crate::task::Pattern;
use crate::{AnyVal, Arg, Payload, TaskCall, service_errors};

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
        }
    )+};
}

options!(Send, SendAndWait<O> where O);
message_options!(Send, SendAndWait<O> where O);

fn arguments(given: &Given) -> AnyVal {
    let own = [
        ("QueueUrl", given.resource("queue")),
        ("MessageBody", given.get("body")),
        ("DelaySeconds", given.get("delay_seconds")),
    ];
    object(own.into_iter().chain(message::arguments(given)))
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
        message::message_id(&result)
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
