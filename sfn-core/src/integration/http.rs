//! HTTP Tasks: calls of any HTTPS endpoint, authorised by a connection of EventBridge.
//! Separate because each service is a file of its own.

use std::fmt;
use std::marker::PhantomData;

use super::given::{object, pairs};
use super::{AnyArg, Given, Integration, Request};
use crate::ir::Expr;
use crate::{AnyVal, Arg, Payload, TaskCall, service_errors};

service_errors! {
    /// What a call fails with, by the status of the answer.
    pub enum Error {
        /// 400: the request is wrong.
        BadRequest = "States.Http.StatusCode.400",
        /// 401: nobody is authorised.
        Unauthorized = "States.Http.StatusCode.401",
        /// 403: not allowed.
        Forbidden = "States.Http.StatusCode.403",
        /// 404: not found.
        NotFound = "States.Http.StatusCode.404",
        /// 409: in conflict with what is there.
        Conflict = "States.Http.StatusCode.409",
        /// 422: understood, and refused.
        UnprocessableContent = "States.Http.StatusCode.422",
        /// 429: too many requests.
        TooManyRequests = "States.Http.StatusCode.429" retry,
        /// 500: the endpoint failed.
        InternalServerError = "States.Http.StatusCode.500",
        /// 502: something between here and there failed.
        BadGateway = "States.Http.StatusCode.502" retry,
        /// 503: not available now.
        ServiceUnavailable = "States.Http.StatusCode.503" retry,
        /// 504: something between here and there did not answer.
        GatewayTimeout = "States.Http.StatusCode.504" retry,
        /// The endpoint could not be reached, or did not answer within 60 seconds.
        Socket = "States.Http.Socket" retry,
    }
}

/// A call of an HTTPS endpoint with a method: gives the body of the answer, a `T`.
pub struct Invoke<M, T>(PhantomData<fn() -> (M, T)>);

/// A method of HTTP.
pub trait Method: 'static {
    /// As it is spelt.
    const NAME: &'static str;
}

macro_rules! methods {
    ($($(#[$doc:meta])* $name:ident $method:ident $spelt:literal $(, $body:ident)?;)+) => {$(
        #[doc = concat!("`", $spelt, "`")]
        #[derive(Debug)]
        pub enum $method {}

        impl Method for $method {
            const NAME: &'static str = $spelt;
        }

        $(#[$doc])*
        pub fn $name<T: Payload>(
            endpoint: impl Arg<String>,
            connection: impl Arg<String>,
            $($body: impl AnyArg,)?
        ) -> TaskCall<Invoke<$method, T>> {
            let call = TaskCall::of_service();
            let call = call.with_argument("endpoint", endpoint).with_argument("connection", connection);
            call$(.with("body", [$body.into_any_arg()]))?
        }
    )+};
}

methods! {
    /// `GET`: gives the body of the answer.
    ///
    /// ```
    /// use sfn_core::http;
    ///
    /// let call = http::get::<Vec<u32>>("https://rates.example.com/eur", "${RatesConnectionArn}").query("day", "today");
    /// # let _ = call;
    /// ```
    get Get "GET";
    /// `DELETE`: gives the body of the answer.
    delete Delete "DELETE";
    /// `POST`: sends a body as JSON and gives that of the answer.
    ///
    /// ```
    /// use sfn_core::http;
    ///
    /// let call = http::post::<String>("https://mail.example.com/letters", "${MailConnectionArn}", "dear reader")
    ///     .header("Idempotency-Key", "letter-7");
    /// # let _ = call;
    /// ```
    post Post "POST", body;
    /// `PUT`: sends a body as JSON and gives that of the answer.
    put Put "PUT", body;
    /// `PATCH`: sends a body as JSON and gives that of the answer.
    patch Patch "PATCH", body;
}

impl<M: Method, T: Payload> TaskCall<Invoke<M, T>> {
    /// The same call, with a parameter in the query of its URL.
    pub fn query(self, name: &'static str, value: impl AnyArg) -> Self {
        self.with("query", [crate::literal(name), value.into_any_arg()])
    }

    /// The same call, with a header.
    pub fn header(self, name: &'static str, value: impl AnyArg) -> Self {
        self.with("header", [crate::literal(name), value.into_any_arg()])
    }
}

impl<M: Method, T: Payload> Integration for Invoke<M, T> {
    type Output = T;
    type Error = Error;
    const NAME: &'static str = "http_invoke";
    const ARGUMENTS: &'static [&'static str] = &["endpoint", "connection", "body"];

    fn request(given: &Given) -> Request {
        let arguments = object([
            ("ApiEndpoint", given.resource("endpoint")),
            ("Method", Some(crate::literal(M::NAME))),
            ("Authentication", Some(object([("ConnectionArn", given.resource("connection"))]))),
            ("QueryParameters", pairs(given, "query", "the name of a parameter", Clone::clone)),
            ("Headers", pairs(given, "header", "the name of a header", Clone::clone)),
            ("RequestBody", given.get("body")),
        ]);
        Request::new("http:invoke", arguments)
    }

    fn answer(result: AnyVal) -> AnyVal {
        AnyVal::new(Expr::field(&result.expr, "ResponseBody", None), T::shape())
    }
}

impl<M: Method, T> fmt::Debug for Invoke<M, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Invoke").field(&M::NAME).finish()
    }
}
