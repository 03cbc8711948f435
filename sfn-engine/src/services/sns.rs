//! `sns:publish`: takes any message to any topic and answers as the service does.
//! Separate because each service is a file of its own.

use sfn_asl::Value;

use super::envelope::{Headers, made_up_id, object, wrap};
use super::fault::{SNS, is_sdk, refused};
use crate::driver::{TaskFailure, TaskRequest};

const XML: Headers = Headers { content_type: "text/xml", connection: "connection", more: &[], status: 200 };

pub(super) fn publish(request: &TaskRequest) -> Result<Value, TaskFailure> {
    let argument = |name| request.arguments.get(name).filter(|value| !value.is_null());
    let invalid = |message: &str| refused(SNS, request, 400, "InvalidParameterException", message);
    let target = ["TopicArn", "TargetArn", "PhoneNumber"].into_iter().find_map(argument);
    if target.is_none() {
        return Err(invalid(
            "Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter",
        ));
    }
    if argument("Message").is_none() {
        return Err(invalid("Invalid parameter: Message Reason: no value for required parameter"));
    }
    let id = made_up_id(request, "message");
    let answer = object([("MessageId", Value::from(id.as_str()))]);
    if is_sdk(request) {
        return Ok(answer);
    }
    let body = format!(
        "<PublishResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\">\n  <PublishResult>\n    \
         <MessageId>{id}</MessageId>\n  </PublishResult>\n  <ResponseMetadata>\n    \
         <RequestId>{id}</RequestId>\n  </ResponseMetadata>\n</PublishResponse>\n"
    );
    Ok(wrap(&answer, XML, &body, request))
}
