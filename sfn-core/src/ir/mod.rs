//! The workflow as a tree of nodes, the way a person reads the Rust function.
//!
//! Separate from `flow`, which records it, and from `lower`, which flattens it into a graph: nothing here knows `Next`.

mod distributed;
mod expr;
mod node;
mod outline;
mod parts;
mod template;
mod walk;

pub(crate) use distributed::{Capture, Distributed, ItemReader};
pub(crate) use expr::{Element, Expr, ExprKind, Operator, Sequence, Source, VariableId};
pub(crate) use node::{
    Arm, Block, CATCH_ALL, Call, Choice, ChoiceKind, Compensation, Iteration, Loop, LoopId, Node, NodeKind,
    Rule, Service, Variable, VariableRole, Workflow,
};
