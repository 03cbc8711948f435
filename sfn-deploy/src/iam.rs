//! Who may do what: the statements of every role, in nobody's language. Separate because least privilege is decided once,
//! not once for each kind of template.

use crate::placeholders::Text;
use crate::stack::Machine;
use std::collections::BTreeMap;

/// One statement of a policy; all of them allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Statement {
    pub(crate) actions: Vec<&'static str>,
    pub(crate) resources: Vec<Resource>,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) purpose: Purpose,
    /// The States that need it.
    pub(crate) states: Vec<String>,
}

/// What must hold besides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Condition {
    /// How the values are compared: `StringEquals`.
    pub(crate) operator: &'static str,
    pub(crate) key: &'static str,
    pub(crate) values: Vec<Text>,
}

impl Statement {
    pub(crate) fn new(actions: &[&'static str], purpose: Purpose) -> Self {
        let resources = Vec::new();
        Self { actions: actions.to_vec(), resources, conditions: Vec::new(), purpose, states: Vec::new() }
    }

    /// The conditions as a policy has them: by operator.
    pub(crate) fn compared(&self) -> BTreeMap<&'static str, Vec<&Condition>> {
        let mut compared = BTreeMap::<_, Vec<_>>::new();
        for condition in &self.conditions {
            compared.entry(condition.operator).or_default().push(condition);
        }
        compared
    }

    /// The texts in it.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &Text> {
        let resources = self.resources.iter().filter_map(|resource| match resource {
            Resource::Text(text) => Some(text),
            _ => None,
        });
        resources.chain(self.conditions.iter().flat_map(|condition| &condition.values))
    }

    /// The texts in it, to change them.
    pub(crate) fn texts_mut(&mut self) -> impl Iterator<Item = &mut Text> {
        let resources = self.resources.iter_mut().filter_map(|resource| match resource {
            Resource::Text(text) => Some(text),
            _ => None,
        });
        resources.chain(self.conditions.iter_mut().flat_map(|condition| &mut condition.values))
    }

    fn on(self, resource: Resource) -> Self {
        Self { resources: vec![resource], ..self }
    }

    /// What a reader of a template should know of it: why it reads as it does, or who needs it.
    pub(crate) fn comment(&self) -> Option<String> {
        let is_any = self.resources.contains(&Resource::Any);
        let is_versions = self.resources.iter().any(|resource| matches!(resource, Resource::Versions(_)));
        match self.purpose {
            Purpose::LogDelivery => Some("Log delivery: AWS knows no resource for these actions.".to_owned()),
            Purpose::Tracing => Some("X-Ray: AWS knows no resource for these actions.".to_owned()),
            Purpose::OwnLog
            | Purpose::Encryption
            | Purpose::Idempotency
            | Purpose::Values
            | Purpose::Work => None,
            Purpose::Call if is_versions => {
                Some("Every version: an execution goes on with the ones that it was started with.".to_owned())
            }
            Purpose::Call => {
                let states: Vec<String> =
                    self.states.iter().map(|state| format!("`{}`", state.escape_debug())).collect();
                let any = if is_any { "; AWS knows no resource for it" } else { "" };
                Some(format!("For {}{any}.", states.join(", ")))
            }
        }
    }
}

/// What a statement is for; the CDK's constructs write some themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// What the definition calls.
    Call,
    /// A function's own log.
    OwnLog,
    /// The state machine's log.
    LogDelivery,
    Tracing,
    /// What an idempotent task has done.
    Idempotency,
    /// Only where the stage has a key.
    Encryption,
    /// What tasks are asked for and ended with.
    Work,
    /// The values that are too large to travel.
    Values,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Resource {
    /// All versions of a function, as its place in the stack's list.
    Versions(usize),
    /// The function's own log group.
    OwnLog,
    /// The table of what idempotent tasks have done.
    IdempotencyTable,
    /// The stage's key.
    Key,
    /// All activities.
    Activities,
    /// A state machine, by its name in templates.
    Machine(String),
    /// The objects of values that are too large to travel.
    Values,
    /// What AWS cannot restrict.
    Any,
    /// A text in which parameters are filled in.
    Text(Text),
}

/// What a machine's role may do whatever its definition calls: what the service needs for itself.
pub(crate) fn of_machine() -> [Statement; 3] {
    let logs = [
        "logs:CreateLogDelivery",
        "logs:GetLogDelivery",
        "logs:UpdateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:DescribeResourcePolicies",
        "logs:DescribeLogGroups",
    ];
    let traces = [
        "xray:PutTraceSegments",
        "xray:PutTelemetryRecords",
        "xray:GetSamplingRules",
        "xray:GetSamplingTargets",
    ];
    [
        Statement::new(&logs, Purpose::LogDelivery).on(Resource::Any),
        Statement::new(&traces, Purpose::Tracing).on(Resource::Any),
        key(),
    ]
}

/// What a function's role may do: every one tells of itself, those of idempotent tasks keep what they have done, and some have
/// rights on values that are too large to travel.
pub(crate) fn of_function(idempotent: bool, values: &[&'static str]) -> Vec<Statement> {
    let logs = Statement::new(&["logs:CreateLogStream", "logs:PutLogEvents"], Purpose::OwnLog);
    let traces = Statement::new(&["xray:PutTraceSegments", "xray:PutTelemetryRecords"], Purpose::Tracing);
    let common = [logs.on(Resource::OwnLog), traces.on(Resource::Any)];
    let encrypted = (!values.is_empty()).then(key);
    common.into_iter().chain(kept(idempotent, values)).chain(encrypted).collect()
}

/// What workers may do, wherever they run: do the tasks of the activities and keep what those keep. Tasks are encrypted as their
/// activities are.
pub(crate) fn of_worker(idempotent: bool, values: &[&'static str]) -> Vec<Statement> {
    let work = Statement::new(&WORKER, Purpose::Work).on(Resource::Activities);
    [work].into_iter().chain(kept(idempotent, values)).chain([key()]).collect()
}

/// What whoever has Task Tokens may do on the machines that hand them out. What it says is encrypted as the machine is.
pub(crate) fn of_token_holder<'m>(
    actions: &[&'static str],
    machines: impl IntoIterator<Item = &'m Machine>,
) -> [Statement; 2] {
    let resources = machines.into_iter().map(|machine| Resource::Machine(machine.id.clone())).collect();
    [Statement { resources, ..Statement::new(actions, Purpose::Work) }, key()]
}

/// What idempotent tasks need, and those that have something to do with values that are too large to travel.
fn kept(idempotent: bool, values: &[&'static str]) -> impl Iterator<Item = Statement> {
    let claims = Statement::new(&IDEMPOTENCY, Purpose::Idempotency).on(Resource::IdempotencyTable);
    let objects = Statement::new(values, Purpose::Values).on(Resource::Values);
    let objects = (!values.is_empty()).then_some(objects);
    idempotent.then_some(claims).into_iter().chain(objects)
}

/// What is encrypted with the stage's key needs it.
fn key() -> Statement {
    Statement::new(&KEY, Purpose::Encryption).on(Resource::Key)
}

/// What a key is used for.
pub(crate) const KEY: [&str; 2] = ["kms:Decrypt", "kms:GenerateDataKey"];

/// What claims and results of idempotent tasks need: both are put on a condition, and what the condition fails for comes with
/// the refusal.
pub(crate) const IDEMPOTENCY: [&str; 2] = ["dynamodb:PutItem", "dynamodb:DeleteItem"];

/// What a worker may do with the activities whose tasks it does.
const WORKER: [&str; 4] = [
    "states:GetActivityTask",
    "states:SendTaskSuccess",
    "states:SendTaskFailure",
    "states:SendTaskHeartbeat",
];

/// How the keys of values begin that are too large to travel.
pub(crate) const VALUES: &str = "stored/";

/// The variable that tells a function which bucket they are in.
pub(crate) const VALUES_VARIABLE: &str = "SFN_STORED_BUCKET";

/// What a function that gets a Task Token may do on the machine that hands it out.
pub(crate) const CALLBACK: [&str; 3] =
    ["states:SendTaskSuccess", "states:SendTaskFailure", "states:SendTaskHeartbeat"];
