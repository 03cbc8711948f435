//! The stack as a template of the AWS Serverless Application Model. Separate from the plan, which any other language can
//! take as well.

mod alarms;
mod functions;
mod links;
mod machines;
mod parameters;
mod values;
mod yours;

use crate::iam::{Condition, Purpose, Resource, Statement, VALUES};
use crate::placeholders::Part;
use crate::stack::{Function, Stack, Target};
use crate::yaml::{Entry, Node, document, entry};
use crate::{File, Template, ZIP, template};

/// The stack as a SAM template: `workflows.yaml`, and a `template.yaml` of the user's that takes it in.
pub fn sam(stack: &Stack) -> Template {
    let mut resources = Vec::new();
    resources.extend(stack.activities.iter().map(machines::activity));
    resources.extend((!stack.activities.is_empty()).then(|| machines::worker(stack, &stack.of_worker())));
    if stack.keeps_values() {
        resources.extend(values::resources());
    }
    for function in &stack.functions {
        resources.extend(functions::resources(stack, function));
    }
    resources.extend(stack.has_idempotency_table.then(functions::idempotency_table));
    for machine in &stack.machines {
        resources.extend(machines::resources(stack, machine));
    }
    if let Some(own) = &stack.links {
        resources.extend(links::resources(stack, own));
    }
    let mut sections = vec![
        entry("AWSTemplateFormatVersion", "2010-09-09"),
        entry("Transform", "AWS::Serverless-2016-10-31"),
        entry("Description", format!("The workflows of {}.", stack.package)),
        entry("Parameters", parameters::parameters(stack)),
    ];
    sections.extend(parameters::rules(stack));
    sections.extend([
        entry("Conditions", parameters::conditions()),
        entry("Globals", [entry("Function", globals(stack))]),
        entry("Resources", resources),
        entry("Outputs", outputs(stack)),
    ]);
    let text = document(HEADING, &sections);
    template(File::new(GENERATED, text), yours::template(stack))
}

pub(crate) const GENERATED: &str = "workflows.yaml";

const HEADING: &str = "Written by `cargo sfn template sam`, and written anew each time: change the workflows, or `template.yaml`, \
which is yours.";

fn globals(stack: &Stack) -> Node {
    let mut globals = vec![
        entry("Runtime", "provided.al2023"),
        entry("Architectures", Node::Row(vec![stack.architecture.name().into()])),
        entry("CodeUri", ZIP).about("One program serves all tasks; `Handler` selects one. `cargo sfn package` makes it."),
        entry("MemorySize", reference("MemorySize")),
        entry("Tracing", "Active"),
        entry("AutoPublishAlias", "live")
            .about("Every deployment publishes a version; state machines name versions, so that executions keep their code."),
    ];
    if !stack.environment.is_empty() {
        let variables: Vec<Entry> = stack
            .environment
            .iter()
            .map(|variable| entry(&variable.name, reference(&variable.parameter)))
            .collect();
        globals.push(entry("Environment", [entry("Variables", variables)]));
    }
    globals.into()
}

fn outputs(stack: &Stack) -> Vec<Entry> {
    let mut outputs = Vec::new();
    for machine in &stack.machines {
        outputs.push(entry(
            format!("{}StateMachineArn", machine.id),
            [
                entry("Description", format!("The state machine of {}.", machine.name)),
                entry("Value", reference(&format!("{}StateMachine", machine.id))),
            ],
        ));
        outputs.push(entry(
            format!("{}AliasArn", machine.id),
            [
                entry("Description", format!("The alias of {} to start executions of.", machine.name)),
                entry("Value", reference(&format!("{}Alias", machine.id))),
            ],
        ));
    }
    for function in &stack.functions {
        outputs.push(entry(
            format!("{}RoleName", function.id),
            [
                entry("Description", format!("The role of {}, for further policies.", function.task)),
                entry("Value", reference(&format!("{}Role", function.id))),
            ],
        ));
    }
    if stack.has_idempotency_table {
        outputs.push(entry(
            format!("{TABLE}Name"),
            [
                entry("Description", "The table of what idempotent tasks have done, for workers."),
                entry("Value", reference(TABLE)),
            ],
        ));
    }
    if stack.keeps_values() {
        outputs.push(entry(
            format!("{}Name", values::BUCKET),
            [
                entry("Description", "The bucket of values that are too large to travel, for workers."),
                entry("Value", reference(values::BUCKET)),
            ],
        ));
    }
    if !stack.activities.is_empty() {
        outputs.push(entry(
            "WorkerPolicyArn",
            [
                entry("Description", "What workers may do, for the role that they run in."),
                entry("Value", reference("WorkerPolicy")),
            ],
        ));
    }
    for activity in &stack.activities {
        outputs.push(entry(
            &activity.placeholder,
            [entry("Value", reference(&format!("{}Activity", activity.id)))],
        ));
    }
    outputs
}

fn reference(name: &str) -> Node {
    Node::Call("Ref", Box::new(name.into()))
}

fn attribute(name: &str) -> Node {
    Node::Call("GetAtt", Box::new(name.into()))
}

fn substituted(text: impl Into<Node>) -> Node {
    Node::Call("Sub", Box::new(text.into()))
}

fn when(condition: &str, then: Node) -> Node {
    let otherwise = reference("AWS::NoValue");
    Node::Call("If", Box::new(Node::List(vec![condition.into(), then, otherwise])))
}

/// A role that a service takes on.
fn role(service: &str, statements: Vec<Node>) -> Node {
    let trust = [
        entry("Effect", "Allow"),
        entry("Principal", [entry("Service", service)]),
        entry("Action", "sts:AssumeRole"),
    ];
    let mut trust: Vec<Entry> = trust.into();
    if service == STATES {
        // Lambda sends no source account when it takes on a function's role.
        let account = [entry("aws:SourceAccount", reference("AWS::AccountId"))];
        trust.push(entry("Condition", [entry("StringEquals", account)]));
    }
    let policy = |name: &str, statements: Vec<Node>| -> Node {
        [entry("PolicyName", name), entry("PolicyDocument", policy_document(statements))].into()
    };
    [
        entry("Type", "AWS::IAM::Role"),
        entry(
            "Properties",
            [
                entry("AssumeRolePolicyDocument", policy_document(vec![trust.into()])),
                entry("Policies", vec![policy("own", statements)]),
            ],
        ),
    ]
    .into()
}

/// The table of what idempotent tasks have done.
const TABLE: &str = "IdempotencyTable";

const STATES: &str = "states.amazonaws.com";
const LAMBDA: &str = "lambda.amazonaws.com";

fn policy_document(statements: Vec<Node>) -> Node {
    [entry("Version", "2012-10-17"), entry("Statement", statements)].into()
}

/// A log group, of a name of its own or one that CloudFormation makes up.
fn log(id: String, name: Option<Entry>) -> Entry {
    let mut properties = Vec::from_iter(name);
    properties.push(entry("RetentionInDays", reference("LogRetentionInDays")));
    properties.push(entry("KmsKeyId", when("HasKey", reference("KmsKeyArn"))));
    entry(id, [entry("Type", "AWS::Logs::LogGroup"), entry("Properties", properties)])
}

/// Statements of a policy that is about no log.
fn statements(stack: &Stack, all: &[Statement]) -> Vec<Node> {
    all.iter().map(|own| statement(stack, own, "")).collect()
}

/// A statement; `own_log` names the log group of the function that it is about.
fn statement(stack: &Stack, statement: &Statement, own_log: &str) -> Node {
    let resources = statement.resources.iter().flat_map(|resource| match resource {
        // A resource with a qualifier is the version or alias alone, one without is the function alone.
        Resource::Versions(at) => {
            vec![substituted(format!("${{{}.Arn}}:*", function(&stack.functions[*at])))]
        }
        Resource::OwnLog => vec![attribute(&format!("{own_log}.Arn"))],
        Resource::IdempotencyTable => vec![attribute(&format!("{TABLE}.Arn"))],
        Resource::Key => vec![reference("KmsKeyArn")],
        Resource::Activities => {
            stack.activities.iter().map(|own| reference(&format!("{}Activity", own.id))).collect()
        }
        Resource::Machine(id) => vec![reference(&format!("{id}StateMachine"))],
        Resource::Values => vec![substituted(format!("${{{}.Arn}}/{VALUES}*", values::BUCKET))],
        Resource::Any => vec!["*".into()],
        Resource::Text(parts) => vec![text(stack, parts)],
    });
    let allow = entry("Effect", "Allow");
    let allow = match statement.comment() {
        Some(comment) => allow.about(comment),
        None => allow,
    };
    let actions: Vec<Node> = statement.actions.iter().map(|action| (*action).into()).collect();
    let mut entries = vec![allow, entry("Action", actions), entry("Resource", resources.collect::<Vec<_>>())];
    if !statement.conditions.is_empty() {
        let conditions = statement.compared().into_iter().map(|(operator, conditions)| {
            let keys = conditions.into_iter().map(|Condition { key, values, .. }| {
                let values: Vec<Node> = values.iter().map(|value| text(stack, value)).collect();
                entry(*key, values)
            });
            entry(operator, keys.collect::<Vec<_>>())
        });
        entries.push(entry("Condition", conditions.collect::<Vec<_>>()));
    }
    let node = entries.into();
    if statement.purpose == Purpose::Encryption { when("HasKey", node) } else { node }
}

/// A text in which parameters and what the stack makes are filled in.
fn text(stack: &Stack, parts: &[Part]) -> Node {
    match parts {
        [Part::Literal(only)] => only.into(),
        [Part::Placeholder(only)] => reference(&filled(stack, only)),
        several => {
            let piece = |part: &Part| match part {
                Part::Literal(text) => text.replace("${", "${!"),
                Part::Placeholder(name) => format!("${{{}}}", filled(stack, name)),
                Part::Piece(name, _, at) => format!("${{{name}{at}}}"),
                Part::Machine(name) => machine_name(name),
                Part::Partition => "${AWS::Partition}".to_owned(),
                Part::Region => "${AWS::Region}".to_owned(),
                Part::Account => "${AWS::AccountId}".to_owned(),
            };
            let text: String = several.iter().map(piece).collect();
            let pieces: Vec<Entry> = several.iter().filter_map(|part| selected(stack, part)).collect();
            if pieces.is_empty() {
                substituted(text)
            } else {
                substituted(vec![Node::from(text), pieces.into()])
            }
        }
    }
}

/// The name of a state machine, for `!Sub`.
fn machine_name(name: &str) -> String {
    format!("${{AWS::StackName}}-{name}")
}

/// A piece of a parameter, as a variable of `!Sub`.
fn selected(stack: &Stack, part: &Part) -> Option<Entry> {
    let Part::Piece(name, separator, at) = part else { return None };
    let split = Node::Row(vec![separator.to_string().into(), reference(&filled(stack, name))]);
    let split = Node::Call("Split", Box::new(split));
    let select = Node::Row(vec![Node::Bare(at.to_string()), split]);
    Some(entry(format!("{name}{at}"), Node::Call("Select", Box::new(select))))
}

/// What `!Ref` names to have what takes the place of a placeholder.
fn filled(stack: &Stack, placeholder: &str) -> String {
    match stack.target(placeholder) {
        // SAM's own notation: the version that this deployment publishes.
        Target::Function(at) => format!("{}.Version", function(&stack.functions[at])),
        // A version, too: an execution goes on starting what it was written for.
        Target::Machine(at) => format!("{}Version", stack.machines[at].id),
        Target::Activity(at) => format!("{}Activity", stack.activities[at].id),
        Target::Parameter => placeholder.to_owned(),
    }
}

fn function(function: &Function) -> String {
    format!("{}Function", function.id)
}
