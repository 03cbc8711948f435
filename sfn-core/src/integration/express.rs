//! Which integrations an Express execution can use: those that answer at once.
//! Separate because it is one list, and what is missing from it waits for a job or a callback.

use super::sdk::{Action, AwsSdk, RequestResponse};
use super::{dynamodb, events, http, s3, ses, sns, sqs};
use crate::{ExpressTask, Payload, TaskError};

macro_rules! express {
    ($($integration:ty),+ $(,)?) => { $(impl ExpressTask for $integration {})+ };
}

express! {
    dynamodb::Put,
    dynamodb::Delete,
    events::Put,
    s3::GetText,
    s3::PutObject,
    ses::SendEmail,
    sns::Publish,
    sqs::Send,
}

impl<T: Payload> ExpressTask for dynamodb::Get<T> {}
impl<T: Payload> ExpressTask for dynamodb::Update<T> {}
impl<T: Payload> ExpressTask for s3::GetObject<T> {}
impl<M: http::Method, T: Payload> ExpressTask for http::Invoke<M, T> {}
impl<O: Payload, E: TaskError> ExpressTask for Action<AwsSdk, O, E> {}
impl<O: Payload, E: TaskError> ExpressTask for Action<RequestResponse, O, E> {}
