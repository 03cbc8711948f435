//! Which API actions read a Map's items and write its results.
//! Separate because the rules about Resources, arguments and configuration ask the same.

/// The actions of S3 that an Item Reader may call.
pub(super) const READERS: [&str; 2] = ["getObject", "listObjectsV2"];

/// The action of S3 that a Result Writer may call.
pub(super) const WRITER: &str = "putObject";

/// The action of S3 that a `Resource` names, whether it exists or not.
pub(super) fn s3_action(resource: &str) -> Option<&str> {
    let (partition, action) = resource.strip_prefix("arn:")?.split_once(":states:::s3:")?;
    (!partition.contains(':') || partition.starts_with("${")).then_some(action)
}
