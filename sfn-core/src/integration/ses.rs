//! Amazon SES: mail.
//! Separate because each service is a file of its own.

use super::given::object;
use super::{Given, Integration, Request};
use crate::{AnyVal, Arg, TaskCall, service_errors};

service_errors! {
    /// What sending mail fails with.
    pub enum Error {
        /// The account may not send mail any more.
        AccountSuspended = "SesV2.AccountSuspendedException",
        /// The request is wrong.
        BadRequest = "SesV2.BadRequestException",
        /// Too much mail.
        LimitExceeded = "SesV2.LimitExceededException",
        /// The sender's domain is not verified.
        MailFromDomainNotVerified = "SesV2.MailFromDomainNotVerifiedException",
        /// The mail holds what may not be sent.
        MessageRejected = "SesV2.MessageRejectedException",
        /// Something named in the request does not exist.
        NotFound = "SesV2.NotFoundException",
        /// Sending is paused.
        SendingPaused = "SesV2.SendingPausedException",
        /// Too many requests.
        TooManyRequests = "SesV2.TooManyRequestsException" retry,
    }
}

/// Sends mail: gives its message id.
#[derive(Debug)]
pub struct SendEmail;

/// `aws-sdk:sesv2:sendEmail`: sends a mail of plain text and gives its message id.
///
/// ```
/// use sfn_core::ses;
///
/// let to = vec!["ada@example.com".to_owned()];
/// let call = ses::send_email("shop@example.com", &to, "Your order", "It is on its way.").html("<b>It is on its way.</b>");
/// # let _ = call;
/// ```
pub fn send_email(
    from: impl Arg<String>,
    to: impl Arg<Vec<String>>,
    subject: impl Arg<String>,
    text: impl Arg<String>,
) -> TaskCall<SendEmail> {
    let call = TaskCall::of_service().with_argument("from", from).with_argument("to", to);
    call.with_argument("subject", subject).with_argument("text", text)
}

impl TaskCall<SendEmail> {
    /// The same mail, also as HTML.
    pub fn html(self, html: impl Arg<String>) -> Self {
        self.with_argument("html", html)
    }

    /// The same mail, with a copy to others.
    pub fn cc(self, cc: impl Arg<Vec<String>>) -> Self {
        self.with_argument("cc", cc)
    }

    /// The same mail, answered to others than the sender.
    pub fn reply_to(self, reply_to: impl Arg<Vec<String>>) -> Self {
        self.with_argument("reply_to", reply_to)
    }
}

impl Integration for SendEmail {
    type Output = String;
    type Error = Error;
    const NAME: &'static str = "send_email";
    const ARGUMENTS: &'static [&'static str] = &["from", "to", "subject", "text"];

    fn request(given: &Given) -> Request {
        let data = |name| given.get(name).map(|text| object([("Data", Some(text))]));
        let body = object([("Text", data("text")), ("Html", data("html"))]);
        let simple = object([("Subject", data("subject")), ("Body", Some(body))]);
        let destination = object([("ToAddresses", given.get("to")), ("CcAddresses", given.get("cc"))]);
        let arguments = object([
            ("FromEmailAddress", given.resource("from")),
            ("Destination", Some(destination)),
            ("ReplyToAddresses", given.get("reply_to")),
            ("Content", Some(object([("Simple", Some(simple))]))),
        ]);
        Request::new("aws-sdk:sesv2:sendEmail", arguments)
    }

    fn answer(result: AnyVal) -> AnyVal {
        super::message::message_id(&result)
    }
}
