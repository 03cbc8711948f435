//! What a task declares, as data.
//! Separate because workflows, manifests and handlers read it without running anything.

use std::any::{TypeId, type_name};
use std::time::Duration;

use super::{Retry, Stateful, Task, TaskContext};
use crate::idempotency::Idempotency;
use crate::integration::{ExecutionCall, IntegrationSpec};
use crate::lint::{Level, Lint};
use crate::{ErrorSpec, Origin, Payload, Shape, ShapeOf, TaskError};

/// Everything known about a task before it runs.
#[derive(Debug, Clone, Copy)]
pub struct TaskSpec {
    /// The handler's name: the function's, unless pinned by hand.
    pub name: &'static str,
    /// The function's documentation.
    pub doc: &'static str,
    /// How the workflow learns the result.
    pub pattern: Pattern,
    /// The arguments, in order.
    pub arguments: &'static [ArgumentSpec],
    /// What it shares with the other invocations of its process.
    pub state: Option<StateSpec>,
    /// What it gives.
    pub output: ShapeOf,
    /// What it declares to fail with.
    pub errors: &'static [ErrorSpec],
    /// After how long an attempt fails with `States.Timeout`.
    pub timeout: Option<Duration>,
    /// After how long without a heartbeat an attempt fails with `States.HeartbeatTimeout`.
    pub heartbeat: Option<Duration>,
    /// The memory of its Lambda function, in MiB.
    pub memory_mb: Option<u32>,
    /// What happens to an attempt that failed.
    pub retry: Retry,
    /// What a second run for the same call comes to.
    pub repetition: Repetition,
    /// How bad it is what lints find where it is called.
    pub levels: &'static [(Lint, Level)],
    /// How a service does it, where no handler of the user's does.
    pub integration: Option<IntegrationSpec>,
    /// Where the function stands.
    pub origin: Origin,
}

/// How a workflow learns the result of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pattern {
    /// From the handler's answer.
    RequestResponse,
    /// From whoever completes the task token, perhaps days later.
    WaitForCallback,
    /// From a worker of an activity, when one has asked for it and done it.
    Activity,
}

/// What a second run of a task, for the same call, comes to.
#[derive(Debug, Clone, Copy)]
pub enum Repetition {
    /// To doing it twice, as far as anybody says.
    Counts,
    /// To doing it once, by its nature: `#[task(repeatable)]`.
    Harmless,
    /// To nothing, since it is given what the first gave: `#[task(idempotent)]`.
    Replays(Idempotency),
}

/// One argument of a task.
#[derive(Debug, Clone, Copy)]
pub struct ArgumentSpec {
    /// Its name, and its key where the payload is an object of arguments.
    pub name: &'static str,
    /// What it holds.
    pub shape: ShapeOf,
    /// Who gives it.
    pub source: ArgumentSource,
}

/// Who gives an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArgumentSource {
    /// Whoever calls the task.
    Caller,
    /// The workflow: the token that completes the task.
    Token,
    /// The workflow: where and for which time the task runs.
    Context,
    /// The workflow: which State makes the call, and when the execution came to it.
    Visit,
}

/// What a task asks of its process: a value that all its invocations share.
#[derive(Debug, Clone, Copy)]
pub struct StateSpec {
    /// What the type is called in messages.
    pub name: fn() -> &'static str,
    /// The type.
    pub id: fn() -> TypeId,
}

impl StateSpec {
    /// The spec of a task's state.
    pub const fn of<T: Stateful>() -> Self {
        Self { name: type_name::<T::State>, id: TypeId::of::<T::State> }
    }
}

impl TaskSpec {
    /// The spec of a task without arguments and without options.
    pub const fn new<T: Task>(name: &'static str, origin: Origin) -> Self {
        Self {
            name,
            doc: "",
            pattern: Pattern::RequestResponse,
            arguments: &[],
            state: None,
            output: <T::Output as Payload>::shape,
            errors: <T::Error as TaskError>::ERRORS,
            timeout: None,
            heartbeat: None,
            memory_mb: None,
            retry: Retry::Default,
            repetition: Repetition::Counts,
            levels: &[],
            integration: None,
            origin,
        }
    }

    /// Whether a caller gives it a `Stored` value.
    pub fn takes_stored(&self) -> bool {
        self.given().any(|argument| (argument.shape)().is_stored())
    }

    /// Whether it gives a `Stored` value.
    pub fn gives_stored(&self) -> bool {
        (self.output)().is_stored()
    }

    /// Whether it stands for a workflow that is executed to its end.
    pub(crate) fn executes(&self) -> bool {
        self.integration.is_some_and(|service| service.execution == Some(ExecutionCall::Awaited))
    }

    /// The argument that is the task token.
    pub fn token(&self) -> Option<&'static ArgumentSpec> {
        self.arguments.iter().find(|argument| argument.source == ArgumentSource::Token)
    }

    /// The argument that is the [`TaskContext`].
    pub fn context(&self) -> Option<&'static ArgumentSpec> {
        self.arguments.iter().find(|argument| argument.source == ArgumentSource::Context)
    }

    /// The argument that tells the visits of States apart.
    pub fn visit(&self) -> Option<&'static ArgumentSpec> {
        self.arguments.iter().find(|argument| argument.source == ArgumentSource::Visit)
    }

    /// The arguments that callers give, in order.
    pub fn given(&self) -> impl Iterator<Item = &'static ArgumentSpec> {
        self.arguments.iter().filter(|argument| argument.source == ArgumentSource::Caller)
    }

    /// The argument that is the whole payload: the only one, unless the workflow gives it.
    pub fn sole_argument(&self) -> Option<&'static ArgumentSpec> {
        match self.arguments {
            [argument] if argument.source == ArgumentSource::Caller => Some(argument),
            _ => None,
        }
    }
}

impl ArgumentSpec {
    /// An argument that the caller gives.
    pub const fn new(name: &'static str, shape: ShapeOf) -> Self {
        Self { name, shape, source: ArgumentSource::Caller }
    }

    /// The argument that receives the task token.
    pub const fn token(name: &'static str) -> Self {
        Self { name, shape: <String as Payload>::shape, source: ArgumentSource::Token }
    }

    /// The argument that receives the [`TaskContext`].
    pub const fn context(name: &'static str) -> Self {
        Self { name, shape: TaskContext::shape, source: ArgumentSource::Context }
    }

    /// The name of what tells the visits of States apart. No argument in Rust can have it.
    pub(crate) const VISIT: &str = "state-visit";

    /// What an idempotent task is sent beside its arguments, so that the attempts of one visit of a State are one call.
    pub const fn visit() -> Self {
        Self { name: Self::VISIT, shape: || Shape::Any, source: ArgumentSource::Visit }
    }
}
