//! What a `Resource` names, and how it says to wait.
//! Separate because it is the one place that takes such an ARN apart.

use crate::{Action, Service, optimised_service, sdk_service};

/// How a Task State waits for what it calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pattern {
    /// No suffix: for the answer.
    RequestResponse,
    /// `.sync`: for the end of the job.
    RunAJob,
    /// `.sync:2`: for the end of the job, whose output is JSON rather than text.
    RunAJobWithJson,
    /// `.waitForTaskToken`: for whoever returns the Task Token.
    WaitForCallback,
}

/// What a `Resource` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource<'a> {
    /// An action of a service, in a pattern that it has.
    Known {
        /// The action.
        action: Action,
        /// The pattern.
        pattern: Pattern,
    },
    /// An action of a service, with a suffix that it does not have.
    UnsupportedPattern {
        /// The action.
        action: Action,
        /// The suffix, with its dot.
        suffix: &'a str,
    },
    /// A service, and a name that none of its actions has.
    UnknownAction {
        /// The service.
        service: Service,
        /// The name.
        action: &'a str,
        /// The suffix with its dot, or nothing.
        suffix: &'a str,
    },
    /// A name that no service has.
    UnknownService {
        /// Whether it was written behind `aws-sdk:`.
        is_sdk: bool,
        /// The name.
        service: &'a str,
        /// The action's name.
        action: &'a str,
        /// The suffix with its dot, or nothing.
        suffix: &'a str,
    },
    /// A service integration about which nothing can be said: a retired service, or a name with a placeholder.
    Opaque,
    /// No service integration: a Lambda function, an Activity, a placeholder.
    Elsewhere,
}

impl Pattern {
    pub(crate) const ALL: [Self; 4] =
        [Self::RequestResponse, Self::RunAJob, Self::RunAJobWithJson, Self::WaitForCallback];

    /// The end of the `Resource` that asks for it, with its dot.
    ///
    /// ```
    /// assert_eq!(sfn_catalogue::Pattern::WaitForCallback.suffix(), ".waitForTaskToken");
    /// ```
    pub fn suffix(self) -> &'static str {
        match self {
            Self::RequestResponse => "",
            Self::RunAJob => ".sync",
            Self::RunAJobWithJson => ".sync:2",
            Self::WaitForCallback => ".waitForTaskToken",
        }
    }

    /// How the generated file writes it.
    pub(crate) fn bit(self) -> usize {
        match self {
            Self::RequestResponse => 1,
            Self::RunAJob => 2,
            Self::RunAJobWithJson => 4,
            Self::WaitForCallback => 8,
        }
    }
}

/// What a `Resource` names.
///
/// ```
/// use sfn_catalogue::{Resource, resource};
///
/// assert!(matches!(resource("arn:aws:states:::sqs:sendMessage.waitForTaskToken"), Resource::Known { .. }));
/// assert!(matches!(resource("arn:aws:states:::sqs:sendMessage.sync"), Resource::UnsupportedPattern { .. }));
/// assert!(matches!(resource("arn:aws:states:::dynamodb:query"), Resource::UnknownAction { .. }));
/// assert!(matches!(resource("arn:aws:states:::ses:sendEmail"), Resource::UnknownService { is_sdk: false, .. }));
/// assert_eq!(resource("arn:aws:states:::${Target}"), Resource::Opaque);
/// assert_eq!(resource("arn:aws:lambda:us-east-1:123456789012:function:pay"), Resource::Elsewhere);
/// ```
pub fn resource(arn: &str) -> Resource<'_> {
    let Some((is_sdk, name)) = integration(arn) else { return Resource::Elsewhere };
    if name.contains("${") {
        return Resource::Opaque;
    }
    let (service_name, rest) = name.split_once(':').unwrap_or((name, ""));
    let (action_name, suffix) = rest.find('.').map_or((rest, ""), |dot| rest.split_at(dot));
    let service = if is_sdk { sdk_service(service_name) } else { optimised_service(service_name) };
    let Some(service) = service else {
        return Resource::UnknownService { is_sdk, service: service_name, action: action_name, suffix };
    };
    if service.is_retired() {
        return Resource::Opaque;
    }
    let Some(action) = service.action(action_name) else {
        return Resource::UnknownAction { service, action: action_name, suffix };
    };
    match action.patterns().find(|pattern| pattern.suffix() == suffix) {
        Some(pattern) => Resource::Known { action, pattern },
        None => Resource::UnsupportedPattern { action, suffix },
    }
}

/// What follows `arn:PARTITION:states:::`, and whether `aws-sdk:` stood before it.
fn integration(arn: &str) -> Option<(bool, &str)> {
    // A partition may be a placeholder, whose name may have colons.
    let (partition, name) = arn.strip_prefix("arn:")?.split_once(":states:::")?;
    if partition.contains(':') && !partition.starts_with("${") {
        return None;
    }
    Some(name.strip_prefix("aws-sdk:").map_or((false, name), |name| (true, name)))
}

#[cfg(test)]
mod tests {
    use super::{Pattern, Resource, resource};

    #[test]
    fn partitions_and_placeholders_for_them_are_passed_over() {
        for arn in [
            "arn:aws:states:::lambda:invoke",
            "arn:aws-cn:states:::lambda:invoke",
            "arn:${AWS::Partition}:states:::lambda:invoke",
        ] {
            assert!(matches!(resource(arn), Resource::Known { .. }), "{arn}");
        }
    }

    #[test]
    fn the_pattern_is_part_of_what_exists() {
        let Resource::Known { action, pattern } = resource("arn:aws:states:::states:startExecution.sync:2")
        else {
            panic!("it exists")
        };
        assert_eq!((action.name(), pattern), ("startExecution", Pattern::RunAJobWithJson));
        let Resource::UnsupportedPattern { action, suffix } = resource("arn:aws:states:::lambda:invoke.sync")
        else {
            panic!("it does not exist")
        };
        assert_eq!((action.patterns().count(), suffix), (2, ".sync"));
    }

    #[test]
    fn documented_spellings_are_the_ones_that_are_known() {
        for name in [
            "acmpca:deleteCertificateAuthority",
            "cloudwatchlogs:putLogEvents",
            "cognitoidentityprovider:adminCreateUser",
            "config:describeConfigRules",
            "databasemigration:startReplicationTask",
            "ec2:describeInstances",
            "elasticloadbalancingv2:describeTargetHealth",
            "eventbridge:putEvents",
            "rds:describeDBInstances",
            "s3:listObjectsV2",
            "secretsmanager:getSecretValue",
            "sfn:startSyncExecution",
            "ssm:getParameter",
        ] {
            let arn = format!("arn:aws:states:::aws-sdk:{name}");
            assert!(matches!(resource(&arn), Resource::Known { .. }), "{arn}");
        }
    }

    #[test]
    fn exceptions_and_fields_are_spelt_as_the_service_spells_them() {
        let known = |arn| match resource(arn) {
            Resource::Known { action, .. } => action,
            other => panic!("{arn}: {other:?}"),
        };
        let get_object = known("arn:aws:states:::aws-sdk:s3:getObject");
        assert!(get_object.exceptions().any(|name| name == "NoSuchKeyException"));
        let put_object = known("arn:aws:states:::aws-sdk:s3:putObject");
        let arguments = put_object.arguments().structure().expect("a structure");
        assert!(arguments.member("SsekmsKeyId").is_some() && arguments.member("SSEKMSKeyId").is_none());
        let result = put_object.result(Pattern::RequestResponse).and_then(crate::Shape::structure);
        assert!(result.is_some_and(
            |result| result.member("ChecksumCRC32").is_some() && result.member("ETag").is_some()
        ));
        let send = known("arn:aws:states:::sqs:sendMessage").result(Pattern::RequestResponse);
        assert!(
            send.and_then(crate::Shape::structure).is_some_and(|it| it.member("MD5OfMessageBody").is_some())
        );
    }
}
