//! S3 through the SDK: objects put, got and listed in the store that Distributed Maps read.
//! Separate because it needs a store.

use std::sync::Arc;

use serde_json::{Value as Json, json};
use sfn_engine::objects::MemoryStore;
use sfn_engine::services::Services;

use crate::stage::{result, run};

async fn called(services: &Services, action: &str, arguments: Json) -> Result<Json, (String, String)> {
    result(&run(services.clone(), &format!("arn:aws:states:::aws-sdk:s3:{action}"), arguments).await)
}

#[tokio::test]
async fn objects_are_put_got_and_listed() {
    let services = Services::new().objects(Arc::new(MemoryStore::new()));
    for (key, body) in [("a", json!(0)), ("b/1", json!("text")), ("b/2", json!({ "a": 1 }))] {
        let put = called(&services, "putObject", json!({ "Bucket": "data", "Key": key, "Body": body })).await;
        let put = put.expect("it is put");
        assert_eq!(put["ChecksumType"], "FULL_OBJECT");
        if key == "a" {
            // As the service gave for the body `0`.
            assert_eq!(put["ChecksumCRC32"], "9NvfIQ==");
            assert_eq!(put["ETag"], "\"cfcd208495d565ef66e7dff9f98764da\"");
        }
    }
    let got =
        called(&services, "getObject", json!({ "Bucket": "data", "Key": "b/2" })).await.expect("it is there");
    assert_eq!((&got["Body"], &got["ContentLength"]), (&json!("{\"a\":1}"), &json!(7)));

    let list = |more: Json| {
        let mut arguments = json!({ "Bucket": "data", "MaxKeys": 1 });
        arguments.as_object_mut().expect("an object").extend(more.as_object().expect("fields").clone());
        let services = services.clone();
        async move { called(&services, "listObjectsV2", arguments).await.expect("it is listed") }
    };
    let first = list(json!({ "Prefix": "b/" })).await;
    assert_eq!((&first["Contents"][0]["Key"], &first["IsTruncated"]), (&json!("b/1"), &json!(true)));
    let next = first["NextContinuationToken"].clone();
    let second = list(json!({ "Prefix": "b/", "ContinuationToken": next })).await;
    assert_eq!((&second["Contents"][0]["Key"], &second["IsTruncated"]), (&json!("b/2"), &json!(false)));
    assert_eq!(second.get("NextContinuationToken"), None);
}

#[tokio::test]
async fn what_is_not_there_is_the_services_error() {
    let services = Services::new().objects(Arc::new(MemoryStore::new()));
    called(&services, "putObject", json!({ "Bucket": "data", "Key": "a" })).await.expect("it is put");
    for (arguments, error, cause) in [
        (
            json!({ "Bucket": "data", "Key": "b" }),
            "S3.NoSuchKeyException",
            "The specified key does not exist. (Service: S3, Status Code: 404, Request ID: ",
        ),
        (
            json!({ "Bucket": "other", "Key": "b" }),
            "S3.NoSuchBucketException",
            "The specified bucket does not exist (Service: S3, Status Code: 404, Request ID: ",
        ),
        (
            json!({ "Key": "b" }),
            "S3.S3Exception",
            "1 validation error detected: Value null at 'bucket' failed to satisfy constraint: Member must not be null",
        ),
    ] {
        let (found, why) = called(&services, "getObject", arguments).await.unwrap_err();
        assert_eq!(found, error);
        assert!(why.starts_with(cause), "{why}");
    }
    let unrouted = called(&Services::new(), "getObject", json!({})).await.unwrap_err();
    assert_eq!(unrouted.0, "States.Runtime");
}
