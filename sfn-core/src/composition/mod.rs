//! Workflows made of workflows: one that is inlined into another, and what may be called at all.
//! Separate from tasks because whoever calls a workflow calls a whole machine, or a part of his own.

mod callable;
mod fragment;
mod nested;
mod parameters;
mod state_call;
mod tasks;
mod workflow;

pub use callable::{
    AnswersAsCall, AnswersNo, Asked, Callable, Called, ExpressCallable, ExpressTask, TaskFunction, call,
    call_in_express,
};
pub use fragment::{Fragment, FragmentArguments, FragmentCall, FragmentStep, FragmentTwin};
pub use nested::{Nested, Started};
pub use parameters::{Profile, WorkflowName};
pub use state_call::StateCall;
pub use tasks::Tasks;
pub use workflow::{CompensatedWorkflow, NativeWorkflow, StartCall, WorkflowCall};
