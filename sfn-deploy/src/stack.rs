//! What has to exist so that workflows run: functions, state machines, activities and the parameters that differ by stage.
//! Separate from the templates because all of them say the same in different languages.

use crate::grants::{Grants, Open};
use crate::iam::{self, Resource, Statement};
use crate::links::{self, Links};
use crate::placeholders::{Part, malformed, names};
use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use sfn_asl::{ReadError, StateMachine};
use sfn_core::{TaskManifest, WorkflowManifest};
use std::collections::{BTreeMap, BTreeSet};

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
    /// The tasks that make links which complete their tokens.
    pub links: &'r [String],
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
    pub(crate) environment: Vec<Variable>,
    /// What the stage fills in: placeholders of definitions and permissions that nothing here makes.
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) activities: Vec<Activity>,
    pub(crate) functions: Vec<Function>,
    /// Whether there is a table for what idempotent tasks have done, those of workers included.
    pub(crate) has_idempotency_table: bool,
    pub(crate) links: Option<Links>,
    pub(crate) machines: Vec<Machine>,
}

/// What the stage fills in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) description: String,
}

/// An environment variable of the functions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Variable {
    pub(crate) name: String,
    /// The parameter that fills it in, where a template has one for each variable.
    pub(crate) parameter: String,
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
    /// Whether what it gives is kept.
    pub(crate) idempotent: bool,
    /// What it does with values that are too large to travel.
    pub(crate) values: Vec<&'static str>,
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
    /// Whether payloads of it hold personal data, which must not stand in logs as it is.
    pub(crate) personal: bool,
    /// The placeholders of its definition.
    pub(crate) placeholders: Vec<String>,
    pub(crate) statements: Vec<Statement>,
    /// What its States need and its role is not given.
    pub(crate) open: Vec<Open>,
    /// The functions that get its Task Tokens, as places in the stack's list.
    pub(crate) callbacks: Vec<usize>,
}

/// What takes the place of a placeholder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// The version of a function, as its place in the stack's list.
    Function(usize),
    /// The version of a state machine, as its place in the stack's list.
    Machine(usize),
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
    /// Whether what its workers give is kept.
    pub(crate) idempotent: bool,
    /// What its workers do with values that are too large to travel.
    pub(crate) values: Vec<&'static str>,
}

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

/// The memory in MiB of functions whose tasks name none, unless the stage says otherwise.
pub const DEFAULT_MEMORY_MB: u32 = 256;

/// After how many days values that were too large to travel are deleted, unless the stage says otherwise: as long as an
/// execution's history is kept.
pub(crate) const EXPIRATION_DAYS: u64 = 90;

/// What the parameter for it says.
pub(crate) const EXPIRATION: &str = "After how many days values that were too large to travel are deleted: more than an \
execution takes, redrives included.";

/// The parameters that templates have for themselves, in one language or another, and the names that Terraform keeps.
const OWN_PARAMETERS: [&str; 26] = [
    "AlarmTopic",
    "AlarmTopicArn",
    "Count",
    "DependsOn",
    "Environment",
    "FailureTarget",
    "FailureTargetArn",
    "ForEach",
    "IdempotencyTable",
    "Key",
    "KmsKeyArn",
    "Lifecycle",
    "Locals",
    "LogExecutionData",
    "LogLevel",
    "LogRetention",
    "LogRetentionInDays",
    "MemorySize",
    "Prefix",
    "Providers",
    "Source",
    "SfnStoredBucket",
    "StoredExpiration",
    "StoredExpirationInDays",
    "StoredValuesBucket",
    "Version",
];

fn listed(names: &[String]) -> String {
    sfn_core::nearest::listed(&names.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Whether templates have a parameter of that name for themselves, however it is spelt in their languages.
fn is_own(name: &str) -> bool {
    OWN_PARAMETERS.iter().any(|own| own.to_snake_case() == name.to_snake_case())
}

/// Lambda's longest run.
const LONGEST_SECONDS: u64 = 900;

/// How the placeholder of an activity that is to be created ends.
const ACTIVITY: &str = "ActivityArn";

/// How the placeholder of a state machine ends.
const STATE_MACHINE: &str = "StateMachineArn";

impl Stack {
    /// Plans what the workflows need.
    ///
    /// # Errors
    ///
    /// When names stand for two things, or are none.
    pub fn plan(request: &Request<'_>) -> Result<Self, PlanError> {
        let functions = functions(request)?;
        for (workflow, definition) in request.workflows {
            if let Some(found) = malformed(definition) {
                return Err(PlanError::BadPlaceholder { workflow: workflow.name.clone(), found });
            }
        }
        let mentioned = mentioned(request);
        let is_function = |name: &str| functions.iter().any(|function| function.placeholder == name);
        let activities: Vec<Activity> = mentioned
            .iter()
            .filter(|name| !is_function(name))
            .filter_map(|name| {
                let id = name.strip_suffix(ACTIVITY).filter(|id| !id.is_empty())?;
                let mut tasks = request.workflows.iter().flat_map(|(workflow, _)| &workflow.tasks);
                // Of an activity that is named in a definition alone nothing more is known.
                let task = tasks.find(|task| task.placeholder == *name);
                Some(Activity {
                    id: id.to_owned(),
                    placeholder: name.clone(),
                    idempotent: task.is_some_and(|task| task.idempotent),
                    values: task.map(values).unwrap_or_default(),
                })
            })
            .collect();
        let is_activity = |name: &str| activities.iter().any(|activity| activity.placeholder == name);
        let is_machine =
            |name: &str| request.workflows.iter().any(|(workflow, _)| is_of_machine(workflow, name));
        let is_parameter = |name: &&String| !is_function(name) && !is_activity(name) && !is_machine(name);
        let filled_in = mentioned.iter().filter(is_parameter).map(|name| Parameter {
            name: name.clone(),
            description: format!("Takes the place of {name} in definitions."),
        });
        let mut stack = Self {
            package: request.package.to_owned(),
            architecture: request.architecture,
            environment: environment(request.environment)?,
            parameters: filled_in.collect(),
            activities,
            links: links::plan(request, &functions)?,
            functions,
            has_idempotency_table: request
                .workflows
                .iter()
                .any(|(workflow, _)| workflow.tasks.iter().any(|task| task.idempotent)),
            machines: Vec::new(),
        };
        for (workflow, definition) in request.workflows {
            let machine = stack.machine(request, workflow, definition)?;
            stack.machines.push(machine);
        }
        let names = || stack.parameters.iter().map(|parameter| &parameter.name);
        if let Some(name) = names().find(|name| is_own(name)) {
            return Err(PlanError::OwnParameter(name.clone()));
        }
        different(names().map(|name| (name.to_snake_case(), name)))?;
        different(stack.machines.iter().map(|machine| (machine.id.clone(), &machine.name)))?;
        stack.machines = stack.in_order()?;
        Ok(stack)
    }

    /// The state machines, each behind those that it starts.
    fn in_order(&self) -> Result<Vec<Machine>, PlanError> {
        let mut ordered = Vec::new();
        let mut left: BTreeSet<usize> = (0..self.machines.len()).collect();
        let starts = |at: usize, left: &BTreeSet<usize>| {
            let mut placeholders = self.machines[at].placeholders.iter();
            placeholders.any(|name| matches!(self.target(name), Target::Machine(at) if left.contains(&at)))
        };
        while let Some(at) = left.iter().copied().find(|at| !starts(*at, &left)) {
            left.remove(&at);
            ordered.push(self.machines[at].clone());
        }
        if left.is_empty() {
            return Ok(ordered);
        }
        let names: Vec<String> = left.iter().map(|at| format!("`{}`", self.machines[*at].name)).collect();
        Err(PlanError::Circle(names.join(", ")))
    }

    /// What the States of the stack's workflows need and the template does not grant: the workflow, the State, what it needs.
    pub fn open(&self) -> impl Iterator<Item = (&str, &Open)> {
        self.machines.iter().flat_map(|machine| machine.open.iter().map(|open| (machine.name.as_str(), open)))
    }

    /// Plans a state machine, and adds the parameters that its role needs.
    fn machine(
        &mut self,
        request: &Request<'_>,
        workflow: &WorkflowManifest,
        definition: &str,
    ) -> Result<Machine, PlanError> {
        let id = workflow.name.to_upper_camel_case();
        let read = definition.parse::<StateMachine>();
        let read =
            read.map_err(|source| PlanError::BadDefinition { workflow: workflow.name.clone(), source })?;
        let grants = Grants::of(&read, &workflow.name);
        let mut statements = grants.statements;
        for part in statements.iter_mut().flat_map(Statement::texts_mut).flatten() {
            // Two workflows may have States of one name.
            match part {
                Part::Placeholder(name) | Part::Piece(name, ..) if grants.parameters.contains_key(name) => {
                    *name = format!("{id}{name}");
                }
                _ => {}
            }
        }
        for statement in &mut statements {
            for resource in &mut statement.resources {
                self.resolve(resource, request);
            }
        }
        statements.extend(iam::of_machine());
        let parameters = grants.parameters.into_iter();
        self.parameters.extend(
            parameters.map(|(name, description)| Parameter { name: format!("{id}{name}"), description }),
        );
        let waits = |function: &Function| {
            let mut tasks = workflow.tasks.iter();
            tasks.any(|task| task.name == function.task && task.pattern == "WAIT_FOR_CALLBACK")
        };
        Ok(Machine {
            name: workflow.name.clone(),
            id,
            comment: workflow.comment.as_deref().map(one_line),
            file: workflow.file.clone(),
            express: workflow.r#type == "EXPRESS",
            personal: workflow.is_personal(),
            placeholders: names(definition),
            statements,
            open: grants.open,
            callbacks: (0..self.functions.len()).filter(|at| waits(&self.functions[*at])).collect(),
        })
    }

    /// Puts what the stack makes in the places of its placeholders.
    fn resolve(&self, resource: &mut Resource, request: &Request<'_>) {
        let Resource::Text(parts) = resource else { return };
        if let [Part::Placeholder(only)] = parts.as_slice()
            && let Some(at) = self.functions.iter().position(|function| function.placeholder == *only)
        {
            *resource = Resource::Versions(at);
            return;
        }
        for part in parts {
            if let Part::Piece(placeholder, ':', 6) = part
                && let Some((started, _)) =
                    request.workflows.iter().find(|(other, _)| is_of_machine(other, placeholder))
            {
                *part = Part::Machine(started.name.clone());
            }
        }
    }

    /// Whether a task keeps values that are too large to travel.
    pub(crate) fn keeps_values(&self) -> bool {
        self.functions_keep_values() || self.activities.iter().any(|activity| !activity.values.is_empty())
    }

    /// Whether a function does.
    pub(crate) fn functions_keep_values(&self) -> bool {
        self.functions.iter().any(|function| !function.values.is_empty())
    }

    /// What workers may do; nothing where there is no activity.
    pub(crate) fn of_worker(&self) -> Vec<Statement> {
        if self.activities.is_empty() {
            return Vec::new();
        }
        let idempotent = self.activities.iter().any(|activity| activity.idempotent);
        let values: BTreeSet<_> =
            self.activities.iter().flat_map(|activity| &activity.values).copied().collect();
        iam::of_worker(idempotent, &Vec::from_iter(values))
    }

    /// The names of the workflows whose payloads hold personal data.
    pub(crate) fn personal(&self) -> Vec<&str> {
        self.machines.iter().filter(|machine| machine.personal).map(|machine| machine.name.as_str()).collect()
    }

    /// Whether some statement of a state machine's role has that part.
    pub(crate) fn has(&self, part: &Part) -> bool {
        let statements = self.machines.iter().flat_map(|machine| &machine.statements);
        let mut texts = statements.flat_map(Statement::texts);
        texts.any(|text| text.contains(part))
    }

    pub(crate) fn target(&self, placeholder: &str) -> Target {
        let function = self.functions.iter().position(|function| function.placeholder == placeholder);
        let activity = || self.activities.iter().position(|activity| activity.placeholder == placeholder);
        let machine = || {
            let id = placeholder.strip_suffix(STATE_MACHINE)?;
            self.machines.iter().position(|machine| machine.id == id)
        };
        function
            .map(Target::Function)
            .or_else(|| activity().map(Target::Activity))
            .or_else(|| machine().map(Target::Machine))
            .unwrap_or(Target::Parameter)
    }
}

/// One function for each task that no worker does, however many workflows call it.
fn functions(request: &Request<'_>) -> Result<Vec<Function>, PlanError> {
    let mut tasks: Vec<&TaskManifest> = Vec::new();
    let all = request.workflows.iter().flat_map(|(workflow, _)| &workflow.tasks);
    for task in all {
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
    Ok(tasks.into_iter().filter(|task| !task.is_activity()).map(function).collect())
}

fn function(task: &TaskManifest) -> Function {
    // A second more than the State waits: then it is the State that ends the attempt, with the error that its Catchers know.
    let timeout = task.timeout_seconds.map_or(LONGEST_SECONDS, |seconds| seconds.saturating_add(1));
    let id = task.placeholder.strip_suffix("FunctionArn").unwrap_or(&task.placeholder);
    let values = values(task);
    Function {
        task: task.name.clone(),
        id: id.to_owned(),
        placeholder: task.placeholder.clone(),
        comment: task.comment.as_deref().map(one_line),
        memory_mb: task.memory_mb,
        timeout_seconds: timeout.min(LONGEST_SECONDS),
        idempotent: task.idempotent,
        statements: iam::of_function(task.idempotent, &values),
        values,
    }
}

/// What a task does with values that are too large to travel.
fn values(task: &TaskManifest) -> Vec<&'static str> {
    let reads = task.takes_stored().then_some("s3:GetObject");
    let writes = task.gives_stored().then_some("s3:PutObject");
    reads.into_iter().chain(writes).collect()
}

/// The placeholders of all definitions.
fn mentioned(request: &Request<'_>) -> BTreeSet<String> {
    request.workflows.iter().flat_map(|(_, definition)| names(definition)).collect()
}

/// Whether a placeholder means the state machine of a workflow.
fn is_of_machine(workflow: &WorkflowManifest, placeholder: &str) -> bool {
    placeholder.strip_suffix(STATE_MACHINE) == Some(&workflow.name.to_upper_camel_case())
}

/// Refuses two things of one name in the template.
fn different<'n>(named: impl Iterator<Item = (String, &'n String)>) -> Result<(), PlanError> {
    let mut known = BTreeMap::new();
    for (id, name) in named {
        if let Some(first) = known.insert(id.clone(), name) {
            return Err(PlanError::SameName { id, first: first.clone(), second: name.clone() });
        }
    }
    Ok(())
}

/// The variables, each once, in the order of the alphabet.
fn environment(names: &[String]) -> Result<Vec<Variable>, PlanError> {
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
    let variables: Vec<Variable> = sorted.into_iter().map(|name| variable(name)).collect();
    different(variables.iter().map(|variable| (variable.parameter.clone(), &variable.name)))?;
    Ok(variables)
}

fn variable(name: &str) -> Variable {
    let parameter = name.to_upper_camel_case();
    let parameter = if is_own(&parameter) { format!("{parameter}Variable") } else { parameter };
    Variable { name: name.to_owned(), parameter }
}

/// A description as one line that the service takes: at most 256 characters.
fn one_line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(256).collect()
}
