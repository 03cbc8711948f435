//! What has to exist so that workflows run: functions, state machines, activities and the parameters that differ by stage.
//! Separate from the templates because all of them say the same in different languages.

use crate::grants::Open;
use crate::iam::{self, Statement};
use crate::links::Links;
use crate::placeholders::Part;
use sfn_core::WorkflowManifest;
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

/// The memory in MiB of functions whose tasks name none, unless the stage says otherwise.
pub const DEFAULT_MEMORY_MB: u32 = 256;

/// After how many days values that were too large to travel are deleted, unless the stage says otherwise: as long as an
/// execution's history is kept.
pub(crate) const EXPIRATION_DAYS: u64 = 90;

/// What the parameter for it says.
pub(crate) const EXPIRATION: &str = "After how many days values that were too large to travel are deleted: more than an \
execution takes, redrives included.";

/// How the placeholder of a state machine ends.
pub(crate) const STATE_MACHINE: &str = "StateMachineArn";

impl Stack {
    /// What the States of the stack's workflows need and the template does not grant: the workflow, the State, what it needs.
    pub fn open(&self) -> impl Iterator<Item = (&str, &Open)> {
        self.machines.iter().flat_map(|machine| machine.open.iter().map(|open| (machine.name.as_str(), open)))
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
