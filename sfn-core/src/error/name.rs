//! The error names that are not a user's.
//! Separate because the native run, the handlers and the lowering must spell them alike, and the derive refuses them.

/// A payload that is not what the task, or the workflow, declares.
pub const PAYLOAD_INVALID: &str = "Payload.Invalid";
/// A stored value of a payload that is not there any more.
pub const PAYLOAD_MISSING: &str = "Payload.Missing";
/// A stored value of a payload that is another one now.
pub const PAYLOAD_CORRUPT: &str = "Payload.Corrupt";
/// A stored value of a payload that could not be fetched before the task began.
pub const PAYLOAD_UNREACHABLE: &str = "Payload.Unreachable";
/// A value that a task gave and that could not be stored.
pub const PAYLOAD_NOT_STORED: &str = "Payload.NotStored";
/// An output that is larger than the service takes.
pub const PAYLOAD_TOO_LARGE: &str = "Payload.TooLarge";
/// A task whose body panicked.
pub const TASK_PANICKED: &str = "Task.Panicked";
/// A task whose state nobody provides.
pub const STATE_MISSING: &str = "Task.StateMissing";
/// A task that was about to outlive the time its Lambda function has.
pub const TASK_TIMED_OUT: &str = "Task.TimedOut";
/// A task whose worker was stopped before it was done.
pub const TASK_STOPPED: &str = "Task.Stopped";
/// An idempotent task that another invocation is doing for the same call.
pub const IN_PROGRESS: &str = "Task.InProgress";
/// An idempotent task of which nobody can say whether it was done; this invocation has not done it.
pub const STORE_UNAVAILABLE: &str = "Task.StoreUnavailable";
/// An idempotent task that was called with other arguments under the same key.
pub const KEY_REUSED: &str = "Task.KeyReused";
/// An idempotent task that is done and gave more than can be recorded.
pub const RESULT_TOO_LARGE: &str = "Task.ResultTooLarge";
/// A workflow that failed, and a compensation that failed after it.
pub const COMPENSATION_FAILED: &str = "Saga.CompensationFailed";
/// What a workflow fails with when what it did is not undone: no workflow catches the others everywhere.
pub const LEFT_BEHIND: [&str; 4] =
    [COMPENSATION_FAILED, "States.Runtime", "States.DataLimitExceeded", "States.QueryEvaluationError"];
/// A task that did not end in time, as the service names it.
pub const TIMEOUT: &str = "States.Timeout";
/// A task that sent no heartbeat in time, as the service names it.
pub const HEARTBEAT_TIMEOUT: &str = "States.HeartbeatTimeout";
/// What the service calls the failure of a job that a Task waited for.
pub const TASK_FAILED: &str = "States.TaskFailed";
