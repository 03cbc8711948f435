//! Why a stack cannot be planned.
//! Separate from planning because these are words.

use sfn_asl::ReadError;

/// Why nothing can be planned.
#[derive(Debug, thiserror::Error, PartialEq)]
#[non_exhaustive]
pub enum PlanError {
    /// Two workflows have different tasks of one name.
    #[error(
        "two tasks of `{package}` are named `{task}`, at {first} and at {second}, but one program serves both; rename one \
         with `#[task(name = \"..\")]`"
    )]
    AmbiguousTask {
        /// The package.
        package: String,
        /// The name.
        task: String,
        /// Where one stands.
        first: String,
        /// Where the other stands.
        second: String,
    },
    /// Two things would have one name in the template.
    #[error("`{first}` and `{second}` would both be named `{id}` in the template; rename one of them")]
    SameName {
        /// The name in the template.
        id: String,
        /// One of them.
        first: String,
        /// The other.
        second: String,
    },
    /// A placeholder named as a parameter of the template's own.
    #[error(
        "the placeholder `${{{0}}}` has the name of a parameter that templates have for themselves; rename it in the workflow"
    )]
    OwnParameter(String),
    /// A placeholder that no template can have a parameter for.
    #[error(
        "`{found}` in the definition of `{workflow}` is no placeholder that a template can fill in; write a name between \
         `${{` and `}}` that begins with a letter and has nothing but letters and digits"
    )]
    BadPlaceholder {
        /// The workflow.
        workflow: String,
        /// What was found.
        found: String,
    },
    /// A definition that cannot be read.
    #[error("the definition of `{workflow}` cannot be read: {source}")]
    BadDefinition {
        /// The workflow.
        workflow: String,
        /// What is wrong with it.
        source: ReadError,
    },
    /// State machines that start each other.
    #[error(
        "the state machines {0} start each other in a circle, so none of them can be made first; let one of them be told \
         whom to start by its input"
    )]
    Circle(String),
    /// A task that cannot make links.
    #[error(
        "`links` names `{task}`, which is no task with a `TaskToken`; those are {}: name tasks in \
         `links = [..]` of `[package.metadata.sfn]` as their handlers are named",
        listed(.able)
    )]
    NoLinks {
        /// What is named.
        task: String,
        /// The tasks that can.
        able: Vec<String>,
    },
    /// A variable that Lambda cannot have.
    #[error(
        "`{0}` is not the name of an environment variable; it has two or more letters, digits and `_`, begins with a letter, \
         and is none of Lambda's own (`AWS_..`, `LAMBDA_..`)"
    )]
    BadVariable(String),
}

fn listed(names: &[String]) -> String {
    sfn_core::nearest::listed(&names.iter().map(String::as_str).collect::<Vec<_>>())
}
