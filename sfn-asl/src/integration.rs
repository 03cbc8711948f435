//! How a Task State has its work done: which service integration pattern its `Resource` asks for.
//! Separate because callbacks, timeouts and Express all turn on it.

/// The pattern of a `Resource`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntegrationPattern {
    /// The service answers, and the answer is the result.
    RequestResponse,
    /// `.sync`, `.sync:2`: the State waits until the job has ended.
    RunAJob,
    /// `.waitForTaskToken`: the State waits until somebody returns its Task Token.
    WaitForCallback,
    /// The State waits for a worker of an Activity.
    Activity,
    /// The `Resource` ends in a placeholder, so nobody can say yet.
    Unknown,
}

impl IntegrationPattern {
    /// The pattern of a `Resource`.
    ///
    /// ```
    /// use sfn_asl::IntegrationPattern;
    ///
    /// let pattern = IntegrationPattern::of("arn:aws:states:::lambda:invoke.waitForTaskToken");
    /// assert_eq!(pattern, IntegrationPattern::WaitForCallback);
    /// assert_eq!(IntegrationPattern::of("${ChargeFunctionArn}"), IntegrationPattern::Unknown);
    /// ```
    pub fn of(resource: &str) -> Self {
        match resource.rsplit_once('.') {
            Some((_, "waitForTaskToken")) => Self::WaitForCallback,
            Some((_, "sync" | "sync:2")) => Self::RunAJob,
            _ if resource.contains(":activity:") => Self::Activity,
            _ if resource.ends_with('}') => Self::Unknown,
            _ => Self::RequestResponse,
        }
    }
}
