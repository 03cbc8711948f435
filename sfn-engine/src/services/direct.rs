//! Calls of services that no execution makes: a workflow that runs as the Rust function it is written as.
//! Separate because it makes up what an execution would bring along.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sfn_asl::Value;

use super::Services;
use crate::Timestamp;
use crate::core::{Identity, Resource, TaskId};
use crate::driver::{Answer, TaskFailure, TaskRequest, TaskRunner};

static CALLS: AtomicU64 = AtomicU64::new(0);

impl Services {
    /// Calls what a `Resource` names, outside of any execution: the answer that a Task State would get.
    ///
    /// ```
    /// use sfn_asl::Value;
    /// use sfn_engine::services::Services;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), sfn_engine::driver::TaskFailure> {
    /// let arguments = [("TopicArn", "news"), ("Message", "hello")];
    /// let arguments: Value = arguments.map(|(name, text)| (name, Value::from(text))).into_iter().collect();
    /// let services = Services::new();
    /// services.call("arn:aws:states:::sns:publish", arguments.clone(), None).await?;
    /// assert_eq!(services.sent()[0].arguments, arguments);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As the service refuses, and where nothing here answers.
    pub async fn call(
        &self,
        resource: &str,
        arguments: Value,
        token: Option<Arc<str>>,
    ) -> Result<Value, TaskFailure> {
        let request = TaskRequest {
            identity: Arc::new(Identity::named("direct")),
            test_case: None,
            number: None,
            task: TaskId(CALLS.fetch_add(1, Ordering::Relaxed)),
            state: resource.into(),
            resource: Arc::new(Resource::new(resource)),
            arguments,
            token,
            attempt: 0,
            started: Timestamp::default(),
            deadline: None,
            heartbeat: None,
        };
        match self.run(request).await? {
            Answer::Response(result) => Ok(result),
            Answer::Job(job) => job.result.await,
            Answer::Worker => {
                Err(TaskFailure::new("States.Runtime", "an Activity has no worker outside of an execution"))
            }
        }
    }
}
