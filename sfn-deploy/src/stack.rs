//! What has to exist so that workflows run: functions, state machines, activities and the parameters that differ by stage.
//! Separate from the templates because all of them say the same in different languages.

use crate::iam::{self, Statement};
use crate::placeholders::names;
use heck::ToUpperCamelCase as _;
use sfn_core::{TaskManifest, WorkflowManifest};
use std::collections::BTreeSet;

/// What a template is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Request<'r> {
    /// The package whose program serves the tasks.
    pub package: &'r str,
    /// Workflows of that package, each with the text of its definition.
    pub workflows: &'r [(&'r WorkflowManifest, &'r str)],
    /// What the program is built for.
    pub architecture: Architecture,
    /// The environment variables that the tasks read.
    pub environment: &'r [String],
}

/// The processor of Lambda functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Architecture {
    /// Intel and AMD.
    X86_64,
    /// Graviton.
    Arm64,
}

impl Architecture {
    /// Lambda's word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Arm64 => "arm64",
        }
    }
}

/// Everything that has to exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stack {
    pub(crate) package: String,
    pub(crate) architecture: Architecture,
    pub(crate) environment: Vec<String>,
    /// What the stage fills in: placeholders of definitions and permissions that nothing here makes.
    pub(crate) parameters: Vec<String>,
    pub(crate) activities: Vec<Activity>,
    pub(crate) functions: Vec<Function>,
    pub(crate) machines: Vec<Machine>,
}

/// The Lambda function of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Function {
    /// The task's name, which is its handler.
    pub(crate) task: String,
    /// Its name in templates, in upper camel case.
    pub(crate) id: String,
    pub(crate) placeholder: String,
    pub(crate) comment: Option<String>,
    pub(crate) memory_mb: Option<u32>,
    pub(crate) timeout_seconds: u64,
    pub(crate) statements: Vec<Statement>,
}

/// A state machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Machine {
    pub(crate) name: String,
    /// Its name in templates, in upper camel case.
    pub(crate) id: String,
    pub(crate) comment: Option<String>,
    pub(crate) file: String,
    pub(crate) express: bool,
    /// The placeholders of its definition.
    pub(crate) substitutions: Vec<Substitution>,
    pub(crate) statements: Vec<Statement>,
    /// The functions that get its Task Tokens, as places in the stack's list.
    pub(crate) callbacks: Vec<usize>,
}

/// What takes the place of a placeholder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Substitution {
    pub(crate) placeholder: String,
    pub(crate) target: Target,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// The version of a function, as its place in the stack's list.
    Function(usize),
    /// An activity, as its place in the stack's list.
    Activity(usize),
    Parameter,
}

/// An activity, which workers elsewhere poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Activity {
    /// Its name in templates, in upper camel case.
    pub(crate) id: String,
    pub(crate) placeholder: String,
}

/// Why nothing can be planned.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
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
        "the placeholder `${{{0}}}` has the name of a parameter that every template has; rename it in the workflow"
    )]
    OwnParameter(String),
    /// A variable that Lambda cannot have.
    #[error(
        "`{0}` is not the name of an environment variable; it has two or more letters, digits and `_`, begins with a letter, \
         and is none of Lambda's own (`AWS_..`, `LAMBDA_..`)"
    )]
    BadVariable(String),
}

/// The parameters that every template has.
const OWN_PARAMETERS: [&str; 7] = [
    "LogLevel",
    "LogExecutionData",
    "LogRetentionInDays",
    "MemorySize",
    "KmsKeyArn",
    "AlarmTopicArn",
    "FailureTargetArn",
];

/// Lambda's longest run.
const LONGEST_SECONDS: u64 = 900;

/// How the placeholder of an activity that is to be created ends.
const ACTIVITY: &str = "ActivityArn";

impl Stack {
    /// Plans what the workflows need.
    ///
    /// # Errors
    ///
    /// When names stand for two things, or are none.
    pub fn plan(request: &Request<'_>) -> Result<Self, PlanError> {
        let functions = functions(request)?;
        let mentioned = mentioned(request);
        let is_function = |name: &str| functions.iter().any(|function| function.placeholder == name);
        let activities: Vec<Activity> = mentioned
            .iter()
            .filter(|name| !is_function(name))
            .filter_map(|name| {
                let id = name.strip_suffix(ACTIVITY).filter(|id| !id.is_empty())?;
                Some(Activity { id: id.to_owned(), placeholder: name.clone() })
            })
            .collect();
        if let Some(name) = mentioned.iter().find(|name| OWN_PARAMETERS.contains(&name.as_str())) {
            return Err(PlanError::OwnParameter(name.clone()));
        }
        let is_activity = |name: &str| activities.iter().any(|activity| activity.placeholder == name);
        let parameters = mentioned.iter().filter(|name| !is_function(name) && !is_activity(name)).cloned();
        let mut stack = Self {
            package: request.package.to_owned(),
            architecture: request.architecture,
            environment: environment(request.environment)?,
            parameters: parameters.collect(),
            activities,
            functions,
            machines: Vec::new(),
        };
        for (workflow, definition) in request.workflows {
            let machine = stack.machine(workflow, definition);
            if let Some(other) = stack.machines.iter().find(|other| other.id == machine.id) {
                let (first, second) = (other.name.clone(), machine.name);
                return Err(PlanError::SameName { id: machine.id, first, second });
            }
            stack.machines.push(machine);
        }
        Ok(stack)
    }

    fn machine(&self, workflow: &WorkflowManifest, definition: &str) -> Machine {
        let substitution =
            |placeholder: String| Substitution { target: self.target(&placeholder), placeholder };
        let waits = |function: &Function| {
            let mut tasks = workflow.tasks.iter();
            tasks.any(|task| task.name == function.task && task.pattern == "WAIT_FOR_CALLBACK")
        };
        Machine {
            name: workflow.name.clone(),
            id: workflow.name.to_upper_camel_case(),
            comment: workflow.comment.as_deref().map(one_line),
            file: workflow.file.clone(),
            express: workflow.r#type == "EXPRESS",
            substitutions: names(definition).into_iter().map(substitution).collect(),
            statements: iam::of_machine(workflow, &self.functions),
            callbacks: (0..self.functions.len()).filter(|at| waits(&self.functions[*at])).collect(),
        }
    }

    pub(crate) fn target(&self, placeholder: &str) -> Target {
        let function = self.functions.iter().position(|function| function.placeholder == placeholder);
        let activity = || self.activities.iter().position(|activity| activity.placeholder == placeholder);
        function
            .map(Target::Function)
            .or_else(|| activity().map(Target::Activity))
            .unwrap_or(Target::Parameter)
    }
}

/// One function for each task, however many workflows call it.
fn functions(request: &Request<'_>) -> Result<Vec<Function>, PlanError> {
    let mut tasks: Vec<&TaskManifest> = Vec::new();
    for task in request.workflows.iter().flat_map(|(workflow, _)| &workflow.tasks) {
        match tasks.iter().find(|other| other.name == task.name || other.placeholder == task.placeholder) {
            Some(same) if same.name == task.name && same.origin == task.origin => {}
            Some(other) if other.name == task.name => {
                let place = |task: &TaskManifest| format!("{}:{}", task.origin.file, task.origin.line);
                let (first, second) = (place(other), place(task));
                let (package, task) = (request.package.to_owned(), task.name.clone());
                return Err(PlanError::AmbiguousTask { package, task, first, second });
            }
            Some(other) => {
                let (first, second) = (other.name.clone(), task.name.clone());
                return Err(PlanError::SameName { id: task.placeholder.clone(), first, second });
            }
            None => tasks.push(task),
        }
    }
    Ok(tasks.into_iter().map(function).collect())
}

fn function(task: &TaskManifest) -> Function {
    // A second more than the State waits: then it is the State that ends the attempt, with the error that its Catchers know.
    let timeout = task.timeout_seconds.map_or(LONGEST_SECONDS, |seconds| seconds.saturating_add(1));
    let id = task.placeholder.strip_suffix("FunctionArn").unwrap_or(&task.placeholder);
    Function {
        task: task.name.clone(),
        id: id.to_owned(),
        placeholder: task.placeholder.clone(),
        comment: task.comment.as_deref().map(one_line),
        memory_mb: task.memory_mb,
        timeout_seconds: timeout.min(LONGEST_SECONDS),
        statements: iam::of_function(),
    }
}

/// The placeholders of all definitions and of what their roles may do.
fn mentioned(request: &Request<'_>) -> BTreeSet<String> {
    let of_iam = |workflow: &WorkflowManifest| -> Vec<String> {
        workflow
            .iam
            .iter()
            .flat_map(|statement| &statement.resources)
            .flat_map(|text| iam::names(text))
            .collect()
    };
    request
        .workflows
        .iter()
        .flat_map(|(workflow, definition)| names(definition).into_iter().chain(of_iam(workflow)))
        .collect()
}

/// The variables, each once, in the order of the alphabet.
fn environment(names: &[String]) -> Result<Vec<String>, PlanError> {
    let is_variable = |name: &str| {
        name.len() > 1
            && name.starts_with(|first: char| first.is_ascii_alphabetic())
            && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
            && !name.starts_with("AWS_")
            && !name.starts_with("LAMBDA_")
    };
    if let Some(bad) = names.iter().find(|name| !is_variable(name)) {
        return Err(PlanError::BadVariable(bad.clone()));
    }
    let sorted: BTreeSet<&String> = names.iter().collect();
    Ok(sorted.into_iter().cloned().collect())
}

/// A description as one line that the service takes: at most 256 characters.
fn one_line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(256).collect()
}
