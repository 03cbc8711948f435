//! The `Resource` of a Task State: who does the work, and how the result comes back.
//! Separate because the ARN is read once, at load, and never again taken apart.

use std::sync::Arc;

/// A Task State's `Resource`, taken apart.
///
/// ```
/// use sfn_engine::core::{Pattern, Resource, ResourceKind};
///
/// let resource = Resource::new("arn:aws:states:::lambda:invoke.waitForTaskToken");
/// let ResourceKind::Integration { service, action } = resource.kind() else { unreachable!() };
/// assert_eq!((&**service, &**action), ("lambda", "invoke.waitForTaskToken"));
/// assert_eq!(resource.pattern(), Pattern::WaitForCallback);
///
/// let function = Resource::new("arn:aws:lambda:eu-west-1:123456789012:function:charge");
/// assert_eq!(*function.kind(), ResourceKind::LambdaFunction);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    arn: Arc<str>,
    kind: ResourceKind,
    pattern: Pattern,
}

/// Who does the work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResourceKind {
    /// A service, through one of its actions (`arn:aws:states:::lambda:invoke`).
    Integration {
        /// Which service: `lambda`, `aws-sdk:s3`.
        service: Arc<str>,
        /// Which action, with the pattern's suffix: `invoke.waitForTaskToken`.
        action: Arc<str>,
    },
    /// A Lambda function by its own ARN. A `${Placeholder}` counts as one.
    LambdaFunction,
    /// An Activity.
    Activity,
}

/// How the result comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pattern {
    /// The answer to the request is the result.
    RequestResponse,
    /// The request starts a job, and the job's end is the result (`.sync`).
    RunAJob,
    /// The result comes with the Task Token (`.waitForTaskToken`).
    WaitForCallback,
}

const SUFFIXES: [(&str, Pattern); 3] = [
    (".waitForTaskToken", Pattern::WaitForCallback),
    (".sync:2", Pattern::RunAJob),
    (".sync", Pattern::RunAJob),
];

impl Resource {
    /// Takes an ARN apart.
    pub fn new(arn: &str) -> Self {
        let (kind, pattern) = classify(arn);
        Self { arn: arn.into(), kind, pattern }
    }

    /// The ARN as it was written.
    pub fn as_str(&self) -> &str {
        &self.arn
    }

    /// The ARN as it was written, to be shared.
    pub(crate) fn arn(&self) -> &Arc<str> {
        &self.arn
    }

    /// The ARN without the suffix that says how the result comes back.
    pub fn without_pattern(&self) -> &str {
        let suffix = SUFFIXES.iter().find_map(|(suffix, _)| self.arn.strip_suffix(suffix));
        suffix.filter(|_| matches!(self.kind, ResourceKind::Integration { .. })).unwrap_or(&self.arn)
    }

    /// The action an integration calls, without the suffix; empty for other resources.
    pub fn action(&self) -> &str {
        match &self.kind {
            ResourceKind::Integration { .. } => self.without_pattern().rsplit(':').next().unwrap_or_default(),
            ResourceKind::LambdaFunction | ResourceKind::Activity => "",
        }
    }

    /// Who does the work.
    pub fn kind(&self) -> &ResourceKind {
        &self.kind
    }

    /// How the result comes back.
    pub fn pattern(&self) -> Pattern {
        self.pattern
    }

    /// The service an integration calls, without the action; other resources go by their ARN.
    ///
    /// The service names a result that is too large by this.
    pub fn service(&self) -> &str {
        match &self.kind {
            ResourceKind::Integration { service, .. } => service,
            ResourceKind::LambdaFunction | ResourceKind::Activity => &self.arn,
        }
    }
}

fn classify(arn: &str) -> (ResourceKind, Pattern) {
    let mut parts = arn.splitn(6, ':');
    let (service, region, rest) = (parts.nth(2), parts.next(), parts.nth(1));
    match (service, region, rest) {
        (Some("states"), Some(""), Some(integration)) => {
            let (base, pattern) = SUFFIXES
                .iter()
                .find_map(|(suffix, pattern)| Some((integration.strip_suffix(suffix)?, *pattern)))
                .unwrap_or((integration, Pattern::RequestResponse));
            let (service, _) = base.rsplit_once(':').unwrap_or((base, ""));
            let action = integration[service.len()..].trim_start_matches(':');
            (ResourceKind::Integration { service: service.into(), action: action.into() }, pattern)
        }
        (Some("states"), _, Some(rest)) if rest.starts_with("activity:") => {
            (ResourceKind::Activity, Pattern::RequestResponse)
        }
        _ => (ResourceKind::LambdaFunction, Pattern::RequestResponse),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integrations_keep_the_suffix_in_their_action() {
        let check = |arn: &str, service: &str, action: &str, pattern: Pattern| {
            let resource = Resource::new(arn);
            let expected = ResourceKind::Integration { service: service.into(), action: action.into() };
            assert_eq!((resource.kind(), resource.pattern()), (&expected, pattern), "{arn}");
        };
        check("arn:aws:states:::lambda:invoke", "lambda", "invoke", Pattern::RequestResponse);
        check("arn:aws:states:::aws-sdk:s3:getObject", "aws-sdk:s3", "getObject", Pattern::RequestResponse);
        check(
            "arn:aws:states:::states:startExecution.sync:2",
            "states",
            "startExecution.sync:2",
            Pattern::RunAJob,
        );
        check("arn:aws-cn:states:::ecs:runTask.sync", "ecs", "runTask.sync", Pattern::RunAJob);
    }

    #[test]
    fn activities_and_placeholders_are_told_apart() {
        let activity = "arn:aws:states:us-east-1:123456789012:activity:ship";
        assert_eq!(*Resource::new(activity).kind(), ResourceKind::Activity);
        assert_eq!(*Resource::new("${ChargeFunctionArn}").kind(), ResourceKind::LambdaFunction);
    }
}
