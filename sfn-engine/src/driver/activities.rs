//! Activities: which there are, the tasks that wait for a worker, and the workers that wait for a task.
//! Separate because both sides of this queue may come first, and either may have left when the other comes.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use sfn_asl::Value;
use tokio::sync::oneshot;

use super::actor::ExecutionKey;
use crate::Timestamp;
use crate::core::TaskId;

/// An Activity that was created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// Its ARN: the `Resource` of the Task States it works for.
    pub arn: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// When it was created.
    pub created: Timestamp,
}

/// A Task that a worker has been given.
#[derive(Debug, Clone, PartialEq)]
pub struct ActivityTask {
    /// What the worker reports with.
    pub token: Arc<str>,
    /// The Task's input.
    pub input: Value,
}

/// Why a worker or a caller was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ActivityError {
    /// No Activity has this ARN.
    #[error("Activity Does Not Exist: '{0}'")]
    DoesNotExist(String),
    /// The engine is gone.
    #[error("the engine has shut down")]
    ShutDown,
}

/// A Task on its way to a worker.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) execution: ExecutionKey,
    pub(super) task: TaskId,
    pub(super) handout: ActivityTask,
}

/// A worker that asked for a Task.
#[derive(Debug)]
pub(super) struct Poll {
    pub(super) worker: Option<Arc<str>>,
    pub(super) reply: oneshot::Sender<ActivityTask>,
}

#[derive(Debug)]
struct Queue {
    activity: Activity,
    waiting: VecDeque<Waiting>,
    polls: VecDeque<Poll>,
}

/// All Activities, by ARN.
#[derive(Debug, Default)]
pub(super) struct Activities {
    queues: BTreeMap<Arc<str>, Queue>,
}

impl Activities {
    /// Creates an Activity; one that is there already stays as it is.
    pub(super) fn create(&mut self, activity: Activity) -> Activity {
        let queue = self.queues.entry(Arc::clone(&activity.arn)).or_insert_with(|| Queue {
            activity,
            waiting: VecDeque::new(),
            polls: VecDeque::new(),
        });
        queue.activity.clone()
    }

    /// Forgets an Activity; its workers learn at their next call, its tasks run into their timeouts.
    pub(super) fn delete(&mut self, arn: &str) {
        self.queues.remove(arn);
    }

    /// Puts a Task into its Activity's queue.
    pub(super) fn schedule(&mut self, arn: &str, waiting: Waiting) -> Result<(), ActivityError> {
        self.queue(arn)?.waiting.push_back(waiting);
        Ok(())
    }

    /// Puts a Task back to where it was taken from.
    pub(super) fn put_back(&mut self, arn: &str, waiting: Waiting) {
        if let Some(queue) = self.queues.get_mut(arn) {
            queue.waiting.push_front(waiting);
        }
    }

    /// Puts a worker into an Activity's queue.
    pub(super) fn poll(&mut self, arn: &str, poll: Poll) -> Result<(), ActivityError> {
        let queue = self.queue(arn)?;
        // Workers that have given up would pile up where no Task ever comes.
        queue.polls.retain(|poll| !poll.reply.is_closed());
        queue.polls.push_back(poll);
        Ok(())
    }

    /// Brings the first Task that `is_wanted` still and the first worker who is still there together.
    pub(super) fn pair(
        &mut self,
        arn: &str,
        is_wanted: impl Fn(&Waiting) -> bool,
    ) -> Option<(Waiting, Poll)> {
        let queue = self.queues.get_mut(arn)?;
        queue.waiting.retain(is_wanted);
        queue.polls.retain(|poll| !poll.reply.is_closed());
        if queue.waiting.is_empty() || queue.polls.is_empty() {
            return None;
        }
        queue.waiting.pop_front().zip(queue.polls.pop_front())
    }

    fn queue(&mut self, arn: &str) -> Result<&mut Queue, ActivityError> {
        self.queues.get_mut(arn).ok_or_else(|| ActivityError::DoesNotExist(arn.to_owned()))
    }
}
