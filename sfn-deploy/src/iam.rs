//! Who may do what: the statements of every role, in nobody's language. Separate because least privilege is decided once,
//! not once for each kind of template.

use crate::placeholders::{self, Part};
use crate::stack::Function;
use sfn_core::WorkflowManifest;

/// One statement of a policy; all of them allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Statement {
    /// Why it reads as it does, where that is not plain.
    pub(crate) comment: Option<&'static str>,
    pub(crate) actions: Vec<String>,
    pub(crate) resources: Vec<Resource>,
    pub(crate) purpose: Purpose,
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
    /// Only where the stage has a key.
    Encryption,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Resource {
    /// All versions of a function, as its place in the stack's list.
    Versions(usize),
    /// The function's own log group.
    OwnLog,
    /// The stage's key.
    Key,
    /// What AWS cannot restrict.
    Any,
    /// A text in which parameters are filled in.
    Text(Vec<Part>),
}

/// What a machine's role may do: what the manifest says of its calls, and what the service needs for itself.
pub(crate) fn of_machine(workflow: &WorkflowManifest, functions: &[Function]) -> Vec<Statement> {
    let mut statements: Vec<Statement> = workflow
        .iam
        .iter()
        .map(|statement| {
            let resources: Vec<Resource> =
                statement.resources.iter().map(|text| resource(text, functions)).collect();
            let versions = resources.iter().any(|resource| matches!(resource, Resource::Versions(_)));
            Statement {
                comment: versions
                    .then_some("Every version: an execution goes on with the ones that it was started with."),
                actions: statement.actions.clone(),
                resources,
                purpose: Purpose::Call,
            }
        })
        .collect();
    statements.push(Statement {
        comment: Some("Log delivery: AWS knows no resource for these actions."),
        actions: [
            "logs:CreateLogDelivery",
            "logs:GetLogDelivery",
            "logs:UpdateLogDelivery",
            "logs:DeleteLogDelivery",
            "logs:ListLogDeliveries",
            "logs:PutResourcePolicy",
            "logs:DescribeResourcePolicies",
            "logs:DescribeLogGroups",
        ]
        .map(str::to_owned)
        .to_vec(),
        resources: vec![Resource::Any],
        purpose: Purpose::LogDelivery,
    });
    statements.push(tracing(&[
        "xray:PutTraceSegments",
        "xray:PutTelemetryRecords",
        "xray:GetSamplingRules",
        "xray:GetSamplingTargets",
    ]));
    statements.push(Statement {
        comment: None,
        actions: ["kms:Decrypt", "kms:GenerateDataKey"].map(str::to_owned).to_vec(),
        resources: vec![Resource::Key],
        purpose: Purpose::Encryption,
    });
    statements
}

/// What every function's role may do.
pub(crate) fn of_function() -> Vec<Statement> {
    let own_log = Statement {
        comment: None,
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"].map(str::to_owned).to_vec(),
        resources: vec![Resource::OwnLog],
        purpose: Purpose::OwnLog,
    };
    vec![own_log, tracing(&["xray:PutTraceSegments", "xray:PutTelemetryRecords"])]
}

/// What a function that gets a Task Token may do on the machine that hands it out.
pub(crate) const CALLBACK: [&str; 3] =
    ["states:SendTaskSuccess", "states:SendTaskFailure", "states:SendTaskHeartbeat"];

fn tracing(actions: &[&str]) -> Statement {
    Statement {
        comment: Some("X-Ray: AWS knows no resource for these actions."),
        actions: actions.iter().map(|action| (*action).to_owned()).collect(),
        resources: vec![Resource::Any],
        purpose: Purpose::Tracing,
    }
}

/// A resource of the manifest: a bare name is a placeholder, anything else a text that may hold some.
fn resource(text: &str, functions: &[Function]) -> Resource {
    if let Some(at) = functions.iter().position(|function| function.placeholder == text) {
        return Resource::Versions(at);
    }
    if text == "*" {
        return Resource::Any;
    }
    Resource::Text(parts(text))
}

fn parts(text: &str) -> Vec<Part> {
    if placeholders::is_name(text) {
        return vec![Part::Placeholder(text.to_owned())];
    }
    placeholders::parts(text)
}

/// The placeholders in a resource of the manifest.
pub(crate) fn names(text: &str) -> Vec<String> {
    if placeholders::is_name(text) { vec![text.to_owned()] } else { placeholders::names(text) }
}
