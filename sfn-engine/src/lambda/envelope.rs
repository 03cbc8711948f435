//! What `lambda:invoke` gives: the function's payload with the metadata of the call around it.
//! Separate because it is pure form, recorded from the service, field by field.

use std::hash::{DefaultHasher, Hash, Hasher};

use sfn_asl::Value;

use crate::Timestamp;
use crate::core::Random;
use crate::driver::TaskRequest;

/// Wraps a function's payload. The request id is a function of the request, so that equal runs stay equal.
pub(super) fn wrap(payload: Value, request: &TaskRequest) -> Value {
    let id = request_id(request);
    let length = payload.to_string().len().to_string();
    let date = http_date(request.started);
    let trace = format!("root=1-{};parent={};sampled=0;lineage=1:{}:0", &id[..8], &id[19..23], &id[24..32]);
    let headers = [
        ("Connection", "keep-alive"),
        ("Content-Length", &length),
        ("Content-Type", "application/json"),
        ("Date", &date),
        ("X-Amz-Executed-Version", "$LATEST"),
        ("x-amzn-Remapped-Content-Length", "0"),
        ("x-amzn-RequestId", &id),
        ("X-Amzn-Trace-Id", &trace),
    ];
    let lists = headers.map(|(name, text)| (name, [Value::from(text)].into_iter().collect::<Value>()));
    let texts = headers.map(|(name, text)| (name, Value::from(text)));
    object([
        ("ExecutedVersion", Value::from("$LATEST")),
        ("Payload", payload),
        (
            "SdkHttpMetadata",
            object([
                ("AllHttpHeaders", object(lists)),
                ("HttpHeaders", object(texts)),
                ("HttpStatusCode", Value::from(200)),
            ]),
        ),
        ("SdkResponseMetadata", object([("RequestId", Value::from(id.as_str()))])),
        ("StatusCode", Value::from(200)),
    ])
}

fn object<const N: usize>(fields: [(&'static str, Value); N]) -> Value {
    fields.into_iter().collect()
}

fn request_id(request: &TaskRequest) -> String {
    let mut hasher = DefaultHasher::new();
    (&request.identity.execution_arn, &request.state, request.attempt, request.started, &request.token)
        .hash(&mut hasher);
    request.arguments.to_string().hash(&mut hasher);
    Random::seeded(hasher.finish()).uuid()
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
