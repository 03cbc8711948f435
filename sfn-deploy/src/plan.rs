//! Plans the stack of workflows: reads their definitions, and finds what everything is named and may do.
//! Separate from the stack, which is what the templates read.

mod error;

use crate::grants::Grants;
use crate::iam::{self, Resource, Statement};
use crate::links;
use crate::placeholders::{Part, malformed, names};
use crate::stack::{Activity, Function, Machine, Parameter, Request, STATE_MACHINE, Stack, Target, Variable};
use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use sfn_asl::StateMachine;
use sfn_core::{TaskManifest, WorkflowManifest};
use std::collections::{BTreeMap, BTreeSet};

pub use error::PlanError;

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

/// Whether templates have a parameter of that name for themselves, however it is spelt in their languages.
fn is_own(name: &str) -> bool {
    OWN_PARAMETERS.iter().any(|own| own.to_snake_case() == name.to_snake_case())
}
