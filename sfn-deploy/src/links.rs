//! Links that complete tasks: who makes them, and the function behind them. Separate from the other functions, because no
//! task is its work.

use crate::iam;
use crate::plan::PlanError;
use crate::stack::{Function, Machine, Request, Stack};
use sfn_core::link_names::HANDLER;

/// What links need, where some task makes any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Links {
    /// The functions that make them, as places in the stack's list.
    pub(crate) makers: Vec<usize>,
    /// The function behind them.
    pub(crate) function: Function,
}

/// What a function has to do with links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LinkPart {
    Makes,
    Serves,
}

/// The name of the function behind links in templates, in upper camel case.
pub(crate) const ID: &str = "AnswerLink";

/// What the function behind links may do on the machines whose tasks make them.
pub(crate) const ANSWER: [&str; 2] = ["states:SendTaskSuccess", "states:SendTaskFailure"];

/// What whoever makes or opens links may do with their secret.
pub(crate) const READ_SECRET: &str = "secretsmanager:GetSecretValue";

/// The characters of the secret that seals links.
pub(crate) const SECRET_LENGTH: u64 = 64;

pub(crate) const SECRET_DESCRIPTION: &str =
    "Seals the links that complete tasks. A new one makes links that are out worthless.";

/// Plans for the tasks that are said to make links.
pub(crate) fn plan(request: &Request<'_>, functions: &[Function]) -> Result<Option<Links>, PlanError> {
    if request.links.is_empty() {
        return Ok(None);
    }
    if let Some(same) = functions.iter().find(|function| function.id == ID || function.task == HANDLER) {
        let (first, second) = (same.task.clone(), HANDLER.to_owned());
        return Err(PlanError::SameName { id: ID.to_owned(), first, second });
    }
    let tasks = request.workflows.iter().flat_map(|(workflow, _)| &workflow.tasks);
    let mut able: Vec<&str> =
        tasks.filter(|task| task.pattern == "WAIT_FOR_CALLBACK").map(|task| task.name.as_str()).collect();
    able.sort_unstable();
    able.dedup();
    if let Some(unable) = request.links.iter().find(|name| !able.contains(&name.as_str())) {
        let able = able.into_iter().map(str::to_owned).collect();
        return Err(PlanError::NoLinks { task: unable.clone(), able });
    }
    let makes = |at: &usize| request.links.contains(&functions[*at].task);
    let function = Function {
        task: HANDLER.to_owned(),
        id: ID.to_owned(),
        placeholder: String::new(),
        comment: Some("Asks whoever opens a link to confirm its answer, and gives it.".to_owned()),
        memory_mb: None,
        timeout_seconds: 30,
        idempotent: false,
        values: Vec::new(),
        statements: iam::of_function(false, &[]),
    };
    Ok(Some(Links { makers: (0..functions.len()).filter(makes).collect(), function }))
}

impl Stack {
    /// What a function has to do with links.
    pub(crate) fn link_part(&self, function: &Function) -> Option<LinkPart> {
        let links = self.links.as_ref()?;
        if function.task == links.function.task {
            return Some(LinkPart::Serves);
        }
        let mut makers = links.makers.iter().map(|at| &self.functions[*at]);
        makers.any(|maker| maker.task == function.task).then_some(LinkPart::Makes)
    }

    /// Whether links complete tasks of a machine.
    pub(crate) fn has_links(&self, machine: &Machine) -> bool {
        self.links.as_ref().is_some_and(|links| links.makers.iter().any(|at| machine.callbacks.contains(at)))
    }
}
