//! Payloads, tasks, the workflow builder and its lowering to the Amazon States Language.
//!
//! Separate from the facade so that macros, Lambda handlers and tools share one set of words without sharing their weight.

mod arg;
mod composition;
mod definition;
mod distributed;
mod duration;
pub mod emit;
mod error;
mod evaluate;
pub mod explained;
mod flow;
mod idempotency;
mod integration;
mod ir;
pub mod lint;
mod lower;
mod manifest;
mod native;
mod origin;
mod payload;
mod shape;
#[cfg(feature = "stored")]
mod stored;
mod task;
pub mod token;

/// What is said of a saga inside of it.
pub mod saga {
    pub use crate::native::commit;
}

mod val;

pub use arg::{Arg, ArgValue};
pub use composition::{
    AnswersAsCall, AnswersNo, Asked, Callable, Called, CompensatedWorkflow, ExpressCallable, ExpressTask,
    Fragment, FragmentArguments, FragmentCall, FragmentStep, FragmentTwin, NativeWorkflow, Nested, Profile,
    StartCall, Started, StateCall, TaskFunction, Tasks, WorkflowCall, WorkflowName, call, call_in_express,
};
pub use definition::{Callee, Definition};
pub use distributed::{
    Batch, ChildResult, DistributedMap, FailedItems, Gathering, ItemFailure, ItemSource, MapRun, Objects,
    ObjectsAnswer, OnlySuccesses, ResultWriterDetails, Source, Split, Written, map_distributed, with_objects,
};
pub use duration::{days, hours, mins, secs};
pub use error::{
    ErrorBody, ErrorField, ErrorFields, ErrorSpec, Failed, Failure, TaskError, fail, name, read_failure,
    write_error,
};
pub use flow::{
    Branch, BranchBlocks, Caught, CompensationOrder, Delay, DistributedStep, ExecutionVal, Flow, Inlined,
    MapStep, MatchArm, Matching, ParallelStep, Settled, StateMachineVal, Step, SwitchArm, Tests, Turn,
    Workflow, WorkflowSpec, inlined, output_shape,
};
pub use idempotency::{
    Claim, Claimed, Idempotency, IdempotencyStore, KeySource, MemoryIdempotencyStore, StoreAnswer,
    StoreError, idempotency_key, with_idempotency_store,
};
pub use integration::raw::{RawState, raw_state, raw_state_with};
pub use integration::sdk::{aws_sdk, aws_sdk_with, request_response, run_job, wait_for_callback};
pub use integration::{
    AnyArg, ExecutionCall, Given, Integration, IntegrationSpec, Request, ServiceAnswer, ServiceRequest,
    ServiceRunner, dynamodb, events, http, s3, sdk, ses, sns, sqs, task_token, with_services,
};
pub use lower::Lowered;
pub use manifest::{
    ErrorManifest, ExecutionManifest, IntegrationManifest, Manifest, StatePlace, TargetManifest,
    TaskManifest, WorkflowManifest, for_each_personal, personal_places,
};
pub use native::{
    Branches, Call, Execution, Items, MapCall, NativeRun, RetryCount, StateMachineInfo, async_branch, branch,
    catch_panics, execution, join, map, now, random, retry_count, saga, settled, settling, sleep,
    state_machine, uuid,
};
pub use origin::Origin;
pub use payload::{
    Part, Payload, Pii, Published, Secret, Timestamp, TimestampError, decode, default_json, encode,
    newtype_shape, part_absent, part_argument, part_field, part_json, part_shape,
};
#[doc(hidden)]
pub use serde_json as __serde_json;
pub use sfn_asl::{Diagnostic, ExecutionType, ItemReader, nearest};
pub use shape::{Content, Enumeration, Field, Integer, Newtype, Record, Shape, ShapeOf, Tagging, Variant};
#[cfg(feature = "stored")]
pub use stored::{
    DEFAULT_THRESHOLD, Reference, Stored, Summary, ValueStore, ValueStoreAnswer, ValueStoreError, load, save,
};
pub use task::{
    ArgumentSource, ArgumentSpec, Arguments, CallOptions, Closing, Compensated, Pattern, Provided,
    Repetition, Retry, RetryPolicy, Setup, SetupError, StateSpec, Stateful, Surroundings, Task, TaskCall,
    TaskContext, TaskEntry, TaskFuture, TaskSpec, acknowledge, context_argument, respond, state, with_state,
};
#[cfg(feature = "links")]
pub use token::link::{Answer, Link, LinkError, LinkKey, Links, install_links};
pub use token::{KeepAlive, TaskToken, TokenAnswer, TokenBackend, TokenError, link_names};
pub use val::{
    Align, AnyVal, Constant, Constructor, Number, Ordered, Probe, Symbolic, Typed, Untyped, Val, ValOf,
    ValuePattern, VariantFields, array, concat, json_array, json_object, jsonata, literal, map_of, never,
    record, record_with, shape_of, shape_of_constructor, tuple, variant,
};
