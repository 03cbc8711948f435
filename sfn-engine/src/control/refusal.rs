//! Why the service would not do something, in its own words.
//! Separate because every operation refuses in this form, and the API writes it as it stands.

use std::fmt;

/// An operation the service refuses: the name of the error, and what it says.
///
/// ```
/// use sfn_engine::control::Refusal;
///
/// let refusal = Refusal::new("StateMachineDoesNotExist", "State Machine Does Not Exist: 'arn:..'");
/// assert_eq!(refusal.to_string(), "StateMachineDoesNotExist: State Machine Does Not Exist: 'arn:..'");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The error's name, such as `InvalidArn`.
    pub code: &'static str,
    /// What the service says.
    pub message: String,
    /// A further field of the error: the `resourceName` or the `reason`.
    pub detail: Option<(&'static str, String)>,
}

impl Refusal {
    /// A refusal of that name.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), detail: None }
    }

    pub(crate) fn with_detail(self, field: &'static str, value: impl Into<String>) -> Self {
        Self { detail: Some((field, value.into())), ..self }
    }

    pub(crate) fn validation(message: impl Into<String>) -> Self {
        Self::new("ValidationException", message)
    }

    pub(crate) fn invalid_arn(reason: impl fmt::Display) -> Self {
        Self::new("InvalidArn", format!("Invalid Arn: '{reason}'"))
    }

    pub(crate) fn invalid_name(name: &str) -> Self {
        Self::new("InvalidName", format!("Invalid Name: '{name}'"))
    }

    pub(crate) fn invalid_token() -> Self {
        Self::new("InvalidToken", "Invalid Token: 'Invalid token'")
    }

    pub(crate) fn no_such_machine(arn: &str) -> Self {
        Self::new("StateMachineDoesNotExist", format!("State Machine Does Not Exist: '{arn}'"))
    }

    pub(crate) fn no_such_execution(arn: &str) -> Self {
        Self::new("ExecutionDoesNotExist", format!("Execution Does Not Exist: '{arn}'"))
    }

    pub(crate) fn no_such_activity(arn: &str) -> Self {
        Self::new("ActivityDoesNotExist", format!("Activity Does Not Exist: '{arn}'"))
    }

    pub(crate) fn no_such_resource(arn: &str) -> Self {
        Self::new("ResourceNotFound", format!("Resource not found: '{arn}'")).with_detail("resourceName", arn)
    }

    pub(crate) fn machine_is_deleting(arn: &str) -> Self {
        Self::new("StateMachineDeleting", format!("State Machine is being deleted: '{arn}'"))
    }

    pub(crate) fn type_not_supported() -> Self {
        let message = "This operation is not supported by this type of state machine";
        Self::new("StateMachineTypeNotSupported", message)
    }

    pub(crate) fn not_kept(error: &crate::journal::StoreError) -> Self {
        Self::new("ServiceUnavailable", error.to_string())
    }

    pub(crate) fn shut_down() -> Self {
        Self::new("ServiceUnavailable", "the engine has shut down")
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for Refusal {}
