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

    /// Another execution of the same State Machine.
    pub(crate) fn beside(&self, name: &str) -> Self {
        let execution_arn = format!("{}:execution:{}:{name}", self.place(), self.machine_name).into();
        Self { execution_arn, name: name.into(), ..self.clone() }
    }

    /// Whether it is an Express execution, as its ARN says.
    ///
    /// ```
    /// assert!(!sfn_engine::core::Identity::named("order-1").is_express());
    /// ```
    pub fn is_express(&self) -> bool {
        self.execution_arn.split(':').nth(5) == Some("express")
    }

    /// A child execution of a Map Run of that Label. Express executions have a second id in their ARN.
    pub(crate) fn child(&self, label: &str, name: &str, express_id: Option<&str>) -> Self {
        let Self { machine_arn, machine_name, region, .. } = self;
        let place = self.place();
        let execution_arn = match express_id {
            Some(id) => format!("{place}:express:{machine_name}/{label}:{name}:{id}"),
            None => format!("{place}:execution:{machine_name}/{label}:{name}"),
        };
        Self {
            execution_arn: execution_arn.into(),
            name: name.into(),
            role_arn: Arc::clone(&self.role_arn),
            machine_arn: format!("{machine_arn}/{label}").into(),
            machine_name: format!("{machine_name}/{label}").into(),
            region: Arc::clone(region),
        }
    }

    /// The ARN of a Map Run of that Label.
    pub(crate) fn map_run_arn(&self, label: &str, id: &str) -> Arc<str> {
        format!("{}:mapRun:{}/{label}:{id}", self.place(), self.machine_name).into()
    }

    /// What the ARNs of this region and account begin with.
    fn place(&self) -> &str {
        let end = self.machine_arn.match_indices(':').nth(4).map_or(self.machine_arn.len(), |(end, _)| end);
        &self.machine_arn[..end]
    }
}
