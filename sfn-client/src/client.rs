//! State machines on the service, each known by its workflow's type. Separate from executions, which outlive the client
//! that started them.

use crate::error::refused;
use crate::execution::{Execution, ExecutionFailure, decoded};
use crate::{ClientError, EnvironmentError, step_functions};
use aws_sdk_sfn::operation::start_execution::StartExecutionError;
use sfn_core::{ExecutionType, Workflow, encode};
use std::fmt;
use std::marker::PhantomData;

/// Reaches AWS Step Functions, or whatever speaks its protocol.
///
/// ```no_run
/// # use sfn_client::{Client, ClientError};
/// # async fn order<OrderSaga: sfn_core::Workflow>(order: OrderSaga::Input) -> Result<(), ClientError> {
/// let client = Client::from_environment()?;
/// let machine = client.state_machine::<OrderSaga>("arn:aws:states:eu-west-1:123456789012:stateMachine:order-saga");
/// let execution = machine.start("order-o-1", &order).await?;
/// let confirmation = execution.output().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Client {
    pub(crate) sdk: aws_sdk_sfn::Client,
}

impl Client {
    /// A client that is configured by `AWS_REGION` (or `AWS_DEFAULT_REGION`), `AWS_ACCESS_KEY_ID`,
    /// `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN` and, to talk to another endpoint such as that of `cargo sfn serve`,
    /// `AWS_ENDPOINT_URL_SFN` or `AWS_ENDPOINT_URL`.
    ///
    /// # Errors
    ///
    /// One of the first three is not set.
    pub fn from_environment() -> Result<Self, EnvironmentError> {
        Ok(Self::new(step_functions::client()?))
    }

    /// A client of an endpoint on this machine, such as that of `cargo sfn serve`, which asks for no credentials.
    pub fn local(url: &str) -> Self {
        Self::new(step_functions::local(url))
    }

    /// A client of the SDK as you have configured it: with profiles, web identities, retries and time limits of your own.
    pub fn new(sdk: aws_sdk_sfn::Client) -> Self {
        Self { sdk }
    }

    /// The state machine of an ARN, which may name a version or an alias, as the deployed form of a workflow.
    pub fn state_machine<W: Workflow>(&self, arn: impl Into<String>) -> StateMachine<W> {
        StateMachine { sdk: self.sdk.clone(), arn: arn.into(), workflow: PhantomData }
    }

    /// The execution of an ARN, such as [`Execution::arn`] gave when it was started.
    pub fn execution<W: Workflow>(&self, arn: impl Into<String>) -> Execution<W> {
        Execution::new(self.sdk.clone(), arn.into())
    }
}

/// A workflow as it is deployed: what [`Client::state_machine`] gives.
pub struct StateMachine<W> {
    sdk: aws_sdk_sfn::Client,
    arn: String,
    workflow: PhantomData<fn() -> W>,
}

impl<W: Workflow> StateMachine<W> {
    /// Starts an execution under a name, once: should there be one of that name and input already, gives that one, be it
    /// running or over. So a caller who does not know whether it has asked before may ask again.
    ///
    /// # Errors
    ///
    /// [`ClientError::NameTaken`] where the input of that execution is another one.
    pub async fn start(&self, name: &str, input: &W::Input) -> Result<Execution<W>, ClientError> {
        let json = encode(input).map_err(ClientError::Input)?;
        let request = self.sdk.start_execution().state_machine_arn(&self.arn).name(name);
        match request.input(json.to_string()).send().await {
            Ok(started) => Ok(self.execution(started.execution_arn)),
            Err(error)
                if error.as_service_error().is_some_and(StartExecutionError::is_execution_already_exists) =>
            {
                let execution = self.execution(execution_arn(&self.arn, name));
                let input = execution.describe().await?.input.unwrap_or_default();
                match serde_json::from_str::<serde_json::Value>(&input) {
                    Ok(before) if before == json => Ok(execution),
                    _ => Err(ClientError::NameTaken { name: name.to_owned() }),
                }
            }
            Err(error) => Err(refused(error, &self.arn)),
        }
    }

    /// Starts an execution under a name that the service chooses: another one with each call.
    ///
    /// # Errors
    ///
    /// The input cannot travel, or the service refuses it.
    pub async fn start_unnamed(&self, input: &W::Input) -> Result<Execution<W>, ClientError> {
        let input = encode(input).map_err(ClientError::Input)?.to_string();
        let request = self.sdk.start_execution().state_machine_arn(&self.arn).input(input);
        let started = request.send().await.map_err(|error| refused(error, &self.arn))?;
        Ok(self.execution(started.execution_arn))
    }

    /// Starts an execution under a name, as [`start`](Self::start) does, and waits for its output; one of an Express
    /// workflow is waited for by the service itself (`StartSyncExecution`), and its name need not be new.
    ///
    /// # Errors
    ///
    /// [`ClientError::Failed`] where the execution fails, besides what starting it may give.
    pub async fn run(&self, name: &str, input: &W::Input) -> Result<W::Output, ClientError> {
        if W::KIND != ExecutionType::Express {
            return self.start(name, input).await?.output().await;
        }
        let input = encode(input).map_err(ClientError::Input)?.to_string();
        let request = self.sdk.start_sync_execution().state_machine_arn(&self.arn).name(name).input(input);
        let ended = request.send().await.map_err(|error| refused(error, &self.arn))?;
        match ExecutionFailure::of(ended.status.as_str(), ended.error(), ended.cause()) {
            Some(failure) => Err(failure.into()),
            None => decoded(ended.output()),
        }
    }

    fn execution(&self, arn: String) -> Execution<W> {
        Execution::new(self.sdk.clone(), arn)
    }
}

/// `arn:..:stateMachine:NAME[:QUALIFIER]` and an execution's name, as the service joins them.
fn execution_arn(state_machine: &str, name: &str) -> String {
    let parts: Vec<&str> = state_machine.splitn(8, ':').collect();
    match parts.as_slice() {
        [arn, partition, service, region, account, _, machine, ..] => {
            format!("{arn}:{partition}:{service}:{region}:{account}:execution:{machine}:{name}")
        }
        _ => name.to_owned(),
    }
}

impl<W> Clone for StateMachine<W> {
    fn clone(&self) -> Self {
        Self { sdk: self.sdk.clone(), arn: self.arn.clone(), workflow: PhantomData }
    }
}

impl<W> fmt::Debug for StateMachine<W> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("StateMachine").field(&self.arn).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_execution_belongs_to_the_machine_whatever_the_qualifier() {
        let machine = "arn:aws:states:eu-west-1:123456789012:stateMachine:order-saga";
        let execution = "arn:aws:states:eu-west-1:123456789012:execution:order-saga:o-1";
        assert_eq!(execution_arn(machine, "o-1"), execution);
        assert_eq!(execution_arn(&format!("{machine}:7"), "o-1"), execution);
        assert_eq!(execution_arn(&format!("{machine}:live"), "o-1"), execution);
    }
}
