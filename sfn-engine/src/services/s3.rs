//! S3 through `aws-sdk:s3`: objects of the local store, got, put and listed.
//! Separate because each service is a file of its own; where objects live is the store's to know.

use std::sync::Arc;

use base64::Engine;
use sfn_asl::Value;

use super::envelope::{crc32, object};
use super::fault::{S3, missing, refused};
use crate::driver::{TaskFailure, TaskRequest};
use crate::objects::{ObjectError, ObjectStore, ObjectSummary};

/// Calls an operation; `None` for one that has no stand-in.
pub(super) async fn call(
    store: &Arc<dyn ObjectStore>,
    request: &TaskRequest,
) -> Option<Result<Value, TaskFailure>> {
    Some(match request.resource.action() {
        "getObject" => get(store, request).await,
        "putObject" => put(store, request).await,
        "listObjectsV2" => list(store, request).await,
        _ => return None,
    })
}

async fn get(store: &Arc<dyn ObjectStore>, request: &TaskRequest) -> Result<Value, TaskFailure> {
    let found = store.get(text(request, "Bucket")?, text(request, "Key")?).await;
    let found = found.map_err(|error| trouble(request, &error))?;
    Ok(object([
        ("AcceptRanges", Value::from("bytes")),
        ("Body", Value::from(String::from_utf8_lossy(&found.body).as_ref())),
        ("ContentLength", Value::from(length(found.summary.size))),
        ("ContentType", Value::from("binary/octet-stream")),
        ("ETag", Value::from(found.summary.etag.as_str())),
        ("LastModified", Value::from(found.summary.last_modified.to_string())),
        ("Metadata", Value::empty_object()),
        ("ServerSideEncryption", Value::from("AES256")),
    ]))
}

async fn put(store: &Arc<dyn ObjectStore>, request: &TaskRequest) -> Result<Value, TaskFailure> {
    let body = match request.arguments.get("Body") {
        None | Some(Value::Null) => Vec::new(),
        Some(body) => body.as_str().map_or_else(|| body.to_string(), str::to_owned).into_bytes(),
    };
    let sum = base64::engine::general_purpose::STANDARD.encode(crc32(&body).to_be_bytes());
    let stored = store.put(text(request, "Bucket")?, text(request, "Key")?, body, request.started).await;
    let stored = stored.map_err(|error| trouble(request, &error))?;
    Ok(object([
        ("ChecksumCRC32", Value::from(sum)),
        ("ChecksumType", Value::from("FULL_OBJECT")),
        ("ETag", Value::from(stored.etag.as_str())),
        ("ServerSideEncryption", Value::from("AES256")),
    ]))
}

async fn list(store: &Arc<dyn ObjectStore>, request: &TaskRequest) -> Result<Value, TaskFailure> {
    let bucket = text(request, "Bucket")?;
    let optional = |name| request.arguments.get(name).and_then(Value::as_str);
    let prefix = optional("Prefix").unwrap_or_default();
    let all = store.list(bucket, prefix).await.map_err(|error| trouble(request, &error))?;
    let most = request.arguments.get("MaxKeys").and_then(Value::as_i64).unwrap_or(1_000).clamp(0, 1_000);
    // The last key of a page is as good a token as any, and `StartAfter` means the same.
    let after = optional("ContinuationToken").or_else(|| optional("StartAfter")).unwrap_or_default();
    let rest: Vec<&ObjectSummary> = all.iter().filter(|it| it.key.as_str() > after).collect();
    let page = &rest[..rest.len().min(usize::try_from(most).unwrap_or_default())];
    let contents: Value = page.iter().map(|summary| described(summary)).collect();
    let is_truncated = page.len() < rest.len();
    let next = page.last().filter(|_| is_truncated).map(|last| Value::from(last.key.as_str()));
    let fields = [
        ("Contents", Some(contents).filter(|_| !page.is_empty())),
        ("IsTruncated", Some(Value::from(is_truncated))),
        ("KeyCount", Some(Value::from(i64::try_from(page.len()).unwrap_or(i64::MAX)))),
        ("MaxKeys", Some(Value::from(most))),
        ("Name", Some(Value::from(bucket))),
        ("NextContinuationToken", next),
        ("Prefix", Some(Value::from(prefix))),
    ];
    Ok(fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect())
}

fn described(summary: &ObjectSummary) -> Value {
    object([
        ("ETag", Value::from(summary.etag.as_str())),
        ("Key", Value::from(summary.key.as_str())),
        ("LastModified", Value::from(summary.last_modified.to_string())),
        ("Size", Value::from(length(summary.size))),
        ("StorageClass", Value::from("STANDARD")),
    ])
}

fn length(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

fn text<'a>(request: &'a TaskRequest, name: &str) -> Result<&'a str, TaskFailure> {
    let text = request.arguments.get(name).and_then(Value::as_str);
    text.ok_or_else(|| missing(S3, request, name))
}

fn trouble(request: &TaskRequest, error: &ObjectError) -> TaskFailure {
    let (status, code) = match error {
        ObjectError::NoSuchBucket { .. } => (404, "NoSuchBucket"),
        ObjectError::NoSuchKey { .. } => (404, "NoSuchKey"),
        _ => (503, "ServiceUnavailable"),
    };
    refused(S3, request, status, code, &error.to_string())
}
