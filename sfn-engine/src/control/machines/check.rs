//! What a State Machine is made of, held against the service's rules: definition, role, logging, encryption.
//! Separate because these checks know of nothing that is kept.

use serde_json::{Value as Json, json};
use sfn_asl::ExecutionType;

use crate::control::Refusal;
use crate::control::verdict::{self, judge};
use crate::core::Machine;

/// Judges a definition as the service does and makes it ready to run.
pub(super) fn compile(definition: &str, kind: ExecutionType) -> Result<Machine, Refusal> {
    verdict::refuse(&judge(definition, kind))?;
    definition.parse().map_err(|error| {
        let message = format!("Invalid State Machine Definition: 'UNSUPPORTED_DEFINITION: {error}'");
        Refusal::new("InvalidDefinition", message)
    })
}

pub(super) fn check_version_description(publish: bool, description: Option<&str>) -> Result<(), Refusal> {
    if !publish && description.is_some() {
        return Err(Refusal::validation("Version description can only be set when publish is true"));
    }
    Ok(())
}

pub(super) fn check_role(arn: &str) -> Result<(), Refusal> {
    let is_role = arn.starts_with("arn:") && arn.split(':').nth(2) == Some("iam") && arn.contains(":role/");
    if is_role { Ok(()) } else { Err(Refusal::new("InvalidArn", format!("Invalid Role Arn: '{arn}'"))) }
}

/// Fills in what the service fills in. A level other than `OFF` needs a destination, and there is at most one.
pub(super) fn check_logging(logging: &Json) -> Result<Json, Refusal> {
    let level = logging["level"].as_str().unwrap_or("OFF");
    let destinations = logging["destinations"].as_array().map_or(&[][..], Vec::as_slice);
    let refused = |reason: &str| {
        Err(Refusal::new("InvalidLoggingConfiguration", format!("Invalid Logging Configuration: {reason}")))
    };
    if destinations.len() > 1 || (level != "OFF" && destinations.is_empty()) {
        return refused("Must specify exactly one Log Destination.");
    }
    let is_log_group = |destination: &Json| {
        let arn = destination["cloudWatchLogsLogGroup"]["logGroupArn"].as_str().unwrap_or_default();
        arn.starts_with("arn:")
            && arn.contains(":logs:")
            && arn.contains(":log-group:")
            && arn.ends_with(":*")
    };
    if !destinations.iter().all(is_log_group) {
        return refused("Log Destination must be the ARN of a log group and end with ':*'.");
    }
    let include = logging["includeExecutionData"].as_bool().unwrap_or(false);
    let mut filled = json!({ "level": level, "includeExecutionData": include });
    if !destinations.is_empty() {
        filled["destinations"] = destinations.into();
    }
    Ok(filled)
}

/// A key of one's own must be named, and only then may be.
pub(in crate::control) fn check_encryption(encryption: &Json) -> Result<Json, Refusal> {
    let has_key = encryption["kmsKeyId"].is_string();
    let reason = match encryption["type"].as_str() {
        Some("CUSTOMER_MANAGED_KMS_KEY") if !has_key => {
            "kmsKeyId must be specified for CUSTOMER_MANAGED_KMS_KEY"
        }
        Some("AWS_OWNED_KEY") if has_key => "kmsKeyId must not be specified for AWS_OWNED_KEY",
        _ => return Ok(encryption.clone()),
    };
    let message = format!("Invalid Encryption Configuration: {reason}");
    Err(Refusal::new("InvalidEncryptionConfiguration", message))
}
