//! The nodes of the tree: sequence, choice, parallel, map, task with its arms.
//!
//! Separate from expressions because nodes have effects, an order and a place in the Rust source.

use std::collections::BTreeMap;
use std::time::Duration;

use sfn_asl::Diagnostic;

use super::{Distributed, Expr, VariableId};
use crate::lint::Levels;
use crate::{CompensationOrder, ExecutionType, Origin, Shape, TaskSpec, task::RetryPolicy};

/// The Error Name that every error matches.
pub(crate) const CATCH_ALL: &str = "States.ALL";

/// A whole workflow as recorded by a flow.
#[derive(Clone, Debug)]
pub(crate) struct Workflow {
    pub(crate) name: String,
    pub(crate) doc: String,
    /// Where it is written, if anybody knows.
    pub(crate) origin: Option<Origin>,
    pub(crate) kind: ExecutionType,
    pub(crate) compensation: CompensationOrder,
    pub(crate) input: Option<VariableId>,
    pub(crate) variables: Vec<Variable>,
    /// What they hold, as far as it is known.
    pub(crate) shapes: BTreeMap<VariableId, Shape>,
    pub(crate) body: Block,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// What is said of lints.
    pub(crate) levels: Levels,
    /// Whether the builder was called by hand, and not by a macro.
    pub(crate) by_hand: bool,
}

/// A name of the Rust text that may become a workflow variable.
#[derive(Clone, Debug)]
pub(crate) struct Variable {
    /// The name it is bound to in Rust; a value nobody named has none.
    pub(crate) name: Option<String>,
    /// What to call it otherwise.
    pub(crate) hint: String,
    pub(crate) role: VariableRole,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VariableRole {
    /// Assigned where the Rust text binds it.
    Bound,
    /// Assigned there, and again by every assignment to it: what reads it stays where it is written.
    Mutable,
    /// Readable only on the transition that carries it, so what is read from it is assigned there.
    Fleeting,
}

/// Nodes in order and the value of the block, if it is asked for one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Block {
    pub(crate) nodes: Vec<Node>,
    pub(crate) value: Option<Expr>,
}

#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) origin: Origin,
    pub(crate) kind: NodeKind,
}

#[derive(Clone, Debug)]
pub(crate) enum NodeKind {
    Let {
        variable: VariableId,
        value: Expr,
    },
    /// Gives a variable that is bound already another value.
    Set {
        variable: VariableId,
        value: Expr,
    },
    Task(Box<Call>),
    Choice(Choice),
    Loop(Box<Loop>),
    /// Goes on behind a loop, with the loop's value.
    Break {
        of: LoopId,
        value: Option<Expr>,
    },
    /// Goes on with a loop's next turn.
    Continue {
        of: LoopId,
    },
    Parallel {
        branches: Vec<(Block, VariableId)>,
        name: Option<String>,
        /// The variable of how it failed, or of `null`; without one its failure ends the workflow.
        failure: Option<VariableId>,
    },
    Map(Box<Iteration>),
    Wait {
        seconds: Expr,
    },
    /// From here on nothing is undone of what was done before.
    Commit,
    Return(Expr),
    Fail {
        error: Expr,
        cause: Expr,
    },
    /// Ends with a failure that was caught, unchanged.
    Rethrow {
        failure: Expr,
    },
}

/// A task and everything said about it at its call.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) spec: TaskSpec,
    /// Which service is called, where no handler is; then the payload is what it is sent.
    pub(crate) service: Option<Service>,
    pub(crate) payload: Option<Expr>,
    pub(crate) retry: Option<RetryPolicy>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) heartbeat: Option<Duration>,
    pub(crate) name: Option<String>,
    /// The variable of what the task gives back.
    pub(crate) result: VariableId,
    /// The variable of the whole match, if the call is matched on and the match has a value.
    pub(crate) value: Option<VariableId>,
    pub(crate) compensation: Option<Box<Compensation>>,
    /// What undoes it should its failure leave unknown whether it happened.
    pub(crate) unknown: Option<Box<Compensation>>,
    /// What follows a success, when the call is matched on.
    pub(crate) ok: Option<Block>,
    pub(crate) arms: Vec<Arm>,
}

/// A service called in the place of a handler.
#[derive(Clone, Debug)]
pub(crate) struct Service {
    /// The `Resource`; without one, the payload is the whole State.
    pub(crate) resource: Option<String>,
    /// What the State is called, in snake case.
    pub(crate) name: String,
    /// What its result means.
    pub(crate) output: Expr,
}

/// The call that undoes a task; it has no arms and no compensation of its own.
#[derive(Clone, Debug)]
pub(crate) struct Compensation {
    pub(crate) origin: Origin,
    pub(crate) call: Call,
    /// Where what it is given is kept when the task has succeeded, if that may be another thing by the time it runs.
    pub(crate) kept_in: Option<VariableId>,
}

/// One error arm of a match on a task's result.
#[derive(Clone, Debug)]
pub(crate) struct Arm {
    pub(crate) origin: Origin,
    /// ASL Error Names, in the order written.
    pub(crate) errors: Vec<String>,
    /// The variable of the error's fields, if they are read.
    pub(crate) fields: Option<VariableId>,
    /// The variable of the failure itself, if it is read.
    pub(crate) failure: Option<VariableId>,
    pub(crate) body: Block,
}

#[derive(Clone, Debug)]
pub(crate) struct Choice {
    /// The Rust text it came from.
    pub(crate) text: String,
    pub(crate) kind: ChoiceKind,
    pub(crate) result: Option<VariableId>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) otherwise: Block,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChoiceKind {
    If,
    Match,
    /// Whether a `while` goes on.
    While,
    /// Whether a `for` has another item.
    For,
}

/// A loop, numbered in the order of the Rust text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LoopId(pub(crate) u32);

/// A block that runs again and again until a break leaves it.
#[derive(Clone, Debug)]
pub(crate) struct Loop {
    pub(crate) id: LoopId,
    pub(crate) body: Block,
    /// What is done between one turn and the next: only assignments.
    pub(crate) step: Vec<Node>,
    /// The variable of the value its breaks give.
    pub(crate) result: Option<VariableId>,
    /// Whether any break leaves it.
    pub(crate) ends: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) condition: Expr,
    /// The Rust condition, where it is not the whole choice's text.
    pub(crate) text: Option<String>,
    pub(crate) body: Block,
}

#[derive(Clone, Debug)]
pub(crate) struct Iteration {
    pub(crate) items: Expr,
    pub(crate) items_name: String,
    pub(crate) item: VariableId,
    /// The variable of the item's place, if it is read.
    pub(crate) place: Option<VariableId>,
    pub(crate) body: Block,
    pub(crate) result: VariableId,
    /// The variable of how it failed, or of `null`; without one its failure ends the workflow.
    pub(crate) failure: Option<VariableId>,
    pub(crate) max_concurrency: Option<u32>,
    pub(crate) name: Option<String>,
    /// What it has beyond an inline one, if its iterations are executions of their own.
    pub(crate) distributed: Option<Box<Distributed>>,
}
