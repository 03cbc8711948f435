//! What the optimised integrations give beside the service's own answer: the metadata of the call.
//! Separate because it is pure form, recorded from the service, header by header.

use std::hash::{DefaultHasher, Hash, Hasher};

use sfn_asl::Value;
use sfn_jsonata::Object;

use crate::Timestamp;
use crate::core::Random;
use crate::driver::TaskRequest;

/// The headers of a service's HTTP response, as they come beside `Content-Length`, `Date` and the request id.
#[derive(Debug, Clone, Copy)]
pub(super) struct Headers {
    pub(super) content_type: &'static str,
    /// Some services write the name in small letters.
    pub(super) connection: &'static str,
    /// Further ones.
    pub(super) more: &'static [(&'static str, &'static str)],
    pub(super) status: i32,
}

/// Those of the services that answer in JSON.
pub(super) const JSON: Headers =
    Headers { content_type: "application/x-amz-json-1.0", connection: "connection", more: &[], status: 200 };

/// A service's answer with the metadata of the call that brought it. `body` is what came over the wire.
pub(super) fn wrap(answer: &Value, headers: Headers, body: &str, request: &TaskRequest) -> Value {
    wrap_with(answer, headers, &[], body, request)
}

/// [`wrap`] for services with headers that are not the same for every call.
pub(super) fn wrap_with(
    answer: &Value,
    headers: Headers,
    own: &[(&'static str, String)],
    body: &str,
    request: &TaskRequest,
) -> Value {
    let id = request_id(request);
    let (length, date) = (body.len().to_string(), http_date(request.started));
    let mut all = vec![
        (headers.connection, "keep-alive"),
        ("Content-Length", length.as_str()),
        ("Content-Type", headers.content_type),
        ("Date", date.as_str()),
        ("x-amzn-RequestId", id.as_str()),
    ];
    all.extend(headers.more);
    all.extend(own.iter().map(|(name, text)| (*name, text.as_str())));
    let lists = all.iter().map(|(name, text)| (*name, [Value::from(*text)].into_iter().collect::<Value>()));
    let texts = all.iter().map(|(name, text)| (*name, Value::from(*text)));
    let http = object([
        ("AllHttpHeaders", lists.collect()),
        ("HttpHeaders", texts.collect()),
        ("HttpStatusCode", Value::from(headers.status)),
    ]);
    let response = object([("RequestId", Value::from(id.as_str()))]);
    let metadata = [("SdkHttpMetadata".into(), http), ("SdkResponseMetadata".into(), response)];
    let fields = answer.as_object().into_iter().flat_map(Object::iter);
    let mut fields: Vec<_> =
        fields.map(|(name, value)| (name.clone(), value.clone())).chain(metadata).collect();
    fields.sort_by(|(one, _), (other, _)| one.cmp(other));
    fields.into_iter().collect()
}

pub(super) fn object<const N: usize>(fields: [(&'static str, Value); N]) -> Value {
    fields.into_iter().collect()
}

/// Names a call. A function of the request, so that equal runs stay equal.
pub(super) fn request_id(request: &TaskRequest) -> String {
    random(request, "request").uuid()
}

/// A made-up id that a service gives, apart from others of the same call by what it is `of`.
pub(super) fn made_up_id(request: &TaskRequest, of: &str) -> String {
    random(request, of).uuid()
}

fn random(request: &TaskRequest, of: &str) -> Random {
    let mut hasher = DefaultHasher::new();
    let identity = &request.identity.execution_arn;
    (identity, &request.state, request.attempt, request.started, &request.token, of).hash(&mut hasher);
    request.arguments.to_string().hash(&mut hasher);
    Random::seeded(hasher.finish())
}

/// The checksum that some services send along.
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xEDB8_8320 & (sum & 1).wrapping_neg()))
    })
}

fn http_date(at: Timestamp) -> String {
    let zoned = jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or_default();
    zoned.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_http_writes_them() {
        assert_eq!(http_date(Timestamp::from_millis(784_111_777_000)), "Sun, 06 Nov 1994 08:49:37 GMT");
    }
}
