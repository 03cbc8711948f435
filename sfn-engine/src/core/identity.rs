//! Who an execution is: the names and ARNs that its Context Object and its history show.
//! Separate because they are given from outside and never change.

use std::sync::Arc;

/// The names of an execution and of its State Machine.
///
/// ```
/// use sfn_engine::core::Identity;
///
/// let identity = Identity::named("order-1");
/// assert_eq!(&*identity.execution_arn, "arn:aws:states:us-east-1:123456789012:execution:machine:order-1");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The execution's ARN: `Execution.Id` of the Context Object.
    pub execution_arn: Arc<str>,
    /// The execution's name.
    pub name: Arc<str>,
    /// The ARN of the role it runs under.
    pub role_arn: Arc<str>,
    /// The State Machine's ARN: `StateMachine.Id` of the Context Object.
    pub machine_arn: Arc<str>,
    /// The State Machine's name.
    pub machine_name: Arc<str>,
    /// The region the service says it is in.
    pub region: Arc<str>,
}

impl Identity {
    /// An execution of that name, of a State Machine `machine` in a made-up account.
    pub fn named(name: &str) -> Self {
        Self::new("us-east-1", "123456789012", "machine", name)
    }

    /// An execution `name` of the State Machine `machine`, with ARNs as the service shapes them.
    pub fn new(region: &str, account: &str, machine: &str, name: &str) -> Self {
        Self {
            execution_arn: format!("arn:aws:states:{region}:{account}:execution:{machine}:{name}").into(),
            name: name.into(),
            role_arn: format!("arn:aws:iam::{account}:role/{machine}").into(),
            machine_arn: format!("arn:aws:states:{region}:{account}:stateMachine:{machine}").into(),
            machine_name: machine.into(),
            region: region.into(),
        }
    }
}
