//! Amazon S3: objects of JSON or text, got and put; and the readers of a distributed map's items.
//! Separate because each service is a file of its own.

use std::marker::PhantomData;

use super::given::object;
use super::{AnyArg, Given, Integration, Request};
use crate::ir::{Expr, ExprKind};
use crate::{AnyVal, Arg, Payload, Shape, TaskCall, service_errors};

pub use crate::distributed::{
    Csv, Delimiter, Json, Object, Reader, csv, json, jsonl, list_objects, manifest, parquet,
};

service_errors! {
    /// What getting an object fails with.
    pub enum GetError {
        /// There is no such object.
        NoSuchKey = "S3.NoSuchKeyException",
        /// The object is archived and must be restored first.
        InvalidObjectState = "S3.InvalidObjectStateException",
    }
}

service_errors! {
    /// What putting an object fails with.
    pub enum PutError {
        /// The request is wrong.
        InvalidRequest = "S3.InvalidRequestException",
        /// The bucket asks for another encryption.
        EncryptionTypeMismatch = "S3.EncryptionTypeMismatchException",
    }
}

/// Gets an object of JSON: gives a `T`.
#[derive(Debug)]
pub struct GetObject<T>(PhantomData<fn() -> T>);

/// Gets an object of text.
#[derive(Debug)]
pub struct GetText;

/// Puts an object.
#[derive(Debug)]
pub struct PutObject;

/// `aws-sdk:s3:getObject`: gets an object of JSON as a `T`.
///
/// The result of a Task is at most 256 KiB; process larger objects in a task, or item by item with a distributed map.
///
/// ```
/// use sfn_core::s3;
///
/// let call = s3::get_object::<Vec<String>>("${ReportsBucket}", "2024/names.json");
/// # let _ = call;
/// ```
pub fn get_object<T: Payload>(bucket: impl Arg<String>, key: impl Arg<String>) -> TaskCall<GetObject<T>> {
    located(bucket, key)
}

/// `aws-sdk:s3:getObject`: gets an object as text.
pub fn get_text(bucket: impl Arg<String>, key: impl Arg<String>) -> TaskCall<GetText> {
    located(bucket, key)
}

/// `aws-sdk:s3:putObject`: puts a text as it is, anything else as JSON.
///
/// ```
/// use sfn_core::s3;
///
/// let call = s3::put_object("${ReportsBucket}", "2024/names.json", &vec!["Ada".to_owned()]);
/// # let _ = call;
/// ```
pub fn put_object(bucket: impl Arg<String>, key: impl Arg<String>, body: impl AnyArg) -> TaskCall<PutObject> {
    located(bucket, key).with("body", [body.into_any_arg()])
}

impl TaskCall<PutObject> {
    /// The same object, with a media type.
    pub fn content_type(self, content_type: impl Arg<String>) -> Self {
        self.with_argument("content_type", content_type)
    }
}

fn located<I: Integration>(bucket: impl Arg<String>, key: impl Arg<String>) -> TaskCall<I> {
    TaskCall::of_service().with_argument("bucket", bucket).with_argument("key", key)
}

fn get(given: &Given) -> Request {
    let place = object([("Bucket", given.resource("bucket")), ("Key", given.get("key"))]);
    Request::new("aws-sdk:s3:getObject", place)
}

fn body(result: &AnyVal) -> Expr {
    Expr::field(&result.expr, "Body", None)
}

impl<T: Payload> Integration for GetObject<T> {
    type Output = T;
    type Error = GetError;
    const NAME: &'static str = "get_object";
    const ARGUMENTS: &'static [&'static str] = &["bucket", "key"];

    fn request(given: &Given) -> Request {
        get(given)
    }

    fn answer(result: AnyVal) -> AnyVal {
        AnyVal::new(Expr::function("parse", [body(&result)]), T::shape())
    }
}

impl Integration for GetText {
    type Output = String;
    type Error = GetError;
    const NAME: &'static str = "get_object";
    const ARGUMENTS: &'static [&'static str] = &["bucket", "key"];

    fn request(given: &Given) -> Request {
        get(given)
    }

    fn answer(result: AnyVal) -> AnyVal {
        AnyVal::new(body(&result), Shape::String)
    }
}

impl Integration for PutObject {
    type Output = ();
    type Error = PutError;
    const NAME: &'static str = "put_object";
    const ARGUMENTS: &'static [&'static str] = &["bucket", "key", "body"];

    fn request(given: &Given) -> Request {
        let body = given.get("body").map(|body| match body.shape() {
            Shape::String => body,
            _ => AnyVal::new(Expr::new(ExprKind::Text(body.expr.clone())), Shape::String)
                .with_faults_of([&body]),
        });
        let arguments = object([
            ("Bucket", given.resource("bucket")),
            ("Key", given.get("key")),
            ("Body", body),
            ("ContentType", given.get("content_type")),
        ]);
        Request::new("aws-sdk:s3:putObject", arguments)
    }

    fn answer(_: AnyVal) -> AnyVal {
        AnyVal::unit()
    }
}
