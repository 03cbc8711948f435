//! The stack as a construct of the AWS CDK, in TypeScript. Separate from the plan, which any other language can take as
//! well.
//!
//! What is alike for all functions and for all state machines is TypeScript, in `cdk/construct.ts.in`; what tells them apart
//! is filled in.

mod links;
mod yours;

use crate::iam::{CALLBACK, Condition, KEY, Purpose, Resource, Statement, VALUES, VALUES_VARIABLE};
use crate::links::LinkPart;
use crate::placeholders::Part;
use crate::stack::{
    Activity, Architecture, DEFAULT_MEMORY_MB, EXPIRATION_DAYS, Function, Machine, Parameter, Stack, Target,
};
use crate::typescript::{Ts, bare, indent, text, written};
use crate::{FAILED, File, IDEMPOTENCY_TABLE, Template, ZIP};
use heck::ToLowerCamelCase as _;

/// The stack as a construct: `workflows.ts`, and an `app.ts` of the user's that builds on it.
pub fn cdk(stack: &Stack) -> Template {
    let architecture = match stack.architecture {
        Architecture::X86_64 => "X86_64",
        Architecture::Arm64 => "ARM_64",
    };
    let statements = statements(stack);
    let [imports, property, member, bucket] = if stack.keeps_values() {
        [VALUES_IMPORT, VALUES_PROPERTY, VALUES_MEMBER, VALUES_BUCKET]
    } else {
        [""; 4]
    };
    let keeps = if stack.functions_keep_values() { VALUES_KEPT } else { "" };
    let text = CONSTRUCT
        .replace("// @IMPORTS@\n", imports)
        .replace("  // @VALUES_PROPERTY@\n", property)
        .replace("  // @VALUES_MEMBER@\n", member)
        .replace("  // @VALUES_METHODS@\n", &[bucket, keeps].concat())
        .replace("@EXPIRATION@", &EXPIRATION_DAYS.to_string())
        .replace("@VALUES@", VALUES)
        .replace("@VALUES_VARIABLE@", VALUES_VARIABLE)
        .replace("  // @PROPERTIES@\n", &properties(stack))
        .replace("  // @MEMBERS@\n", &members(stack))
        .replace("    // @STATEMENTS@\n", &statements)
        .replace(
            "@PROPS@",
            if has_required(stack) { "props: WorkflowsProps" } else { "props: WorkflowsProps = {}" },
        )
        .replace("@FN@", if statements.contains("Fn.") { ", Fn" } else { "" })
        .replace(
            "@DYNAMODB_IMPORT@",
            within(stack, "import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';\n"),
        )
        .replace("@TASK_TABLE@", within(stack, "  readonly table?: dynamodb.Table;\n"))
        .replace("@TASK_PARAMETER@", if stack.has_idempotency_table { "{ table, ...task }" } else { "task" })
        .replace(
            "@GRANT_TABLE@",
            within(stack, "    table?.grant(role, 'dynamodb:PutItem', 'dynamodb:DeleteItem');\n"),
        )
        .replace("@ENVIRONMENT@", &environment(stack))
        .replace("@ARCHITECTURE@", architecture)
        .replace("@MEMORY@", &DEFAULT_MEMORY_MB.to_string())
        .replace("@CALLBACK@", &quoted(&CALLBACK))
        .replace("@KEY@", &quoted(&KEY))
        .replace("@FAILED@", &quoted(&FAILED))
        .replace("@SECRETS@", if stack.links.is_some() { links::IMPORT } else { "" })
        .replace("@TASK_ENVIRONMENT@", if stack.links.is_some() { links::MEMBER } else { "" })
        .replace("@ZIP@", ZIP);
    Template { generated: File::new(GENERATED, text), yours: yours::files(stack) }
}

pub(crate) const GENERATED: &str = "workflows.ts";

const CONSTRUCT: &str = include_str!("cdk/construct.ts.in");

/// A text that is only there with the table of what idempotent tasks have done.
fn within<'t>(stack: &Stack, text: &'t str) -> &'t str {
    if stack.has_idempotency_table { text } else { "" }
}

/// The environment of a function.
fn environment(stack: &Stack) -> String {
    let mut parts = vec!["...props.environment".to_owned()];
    if stack.links.is_some() {
        parts.push("...task.environment".to_owned());
    }
    if stack.has_idempotency_table {
        parts.push(format!("...(table && {{ {IDEMPOTENCY_TABLE}: table.tableName }})"));
    }
    if parts.len() == 1 { "props.environment".to_owned() } else { format!("{{ {} }}", parts.join(", ")) }
}

const VALUES_IMPORT: &str = "import * as s3 from 'aws-cdk-lib/aws-s3';\n";

const VALUES_PROPERTY: &str = "  /** When values that were too large to travel are deleted: after executions are over; after @EXPIRATION@ days without it. */
  readonly storedExpiration?: Duration;
";

const VALUES_MEMBER: &str = "  /** Values that are too large to travel, of which references travel. */
  readonly storedValues: s3.Bucket;
";

const VALUES_BUCKET: &str = include_str!("cdk/bucket.ts.in");
const VALUES_KEPT: &str = include_str!("cdk/keeps.ts.in");

/// The elements of a list.
fn quoted(texts: &[&str]) -> String {
    texts.iter().map(|text| format!("'{text}'")).collect::<Vec<_>>().join(", ")
}

/// Whether the stage has to fill something in.
fn has_required(stack: &Stack) -> bool {
    !stack.parameters.is_empty() || !stack.environment.is_empty()
}

fn properties(stack: &Stack) -> String {
    let filled_in = stack.parameters.iter().map(|Parameter { name, description }| {
        format!("  /** {} */\n  readonly {}: string;\n", description.replace("*/", "* /"), property(name))
    });
    let names: Vec<String> =
        stack.environment.iter().map(|variable| format!("readonly {}: string", variable.name)).collect();
    let environment = match names.as_slice() {
        [] => "environment?: Record<string, string>".to_owned(),
        names => format!("environment: {{ {} }}", names.join("; ")),
    };
    let environment =
        format!("  /** The environment variables of the functions. */\n  readonly {environment};\n");
    filled_in.chain([environment]).collect()
}

fn members(stack: &Stack) -> String {
    let activities = stack
        .activities
        .iter()
        .map(|activity| format!("  readonly {}: sfn.Activity;\n", activity_member(&activity.id)));
    let functions = stack
        .functions
        .iter()
        .chain(stack.links.as_ref().map(|links| &links.function))
        .map(|function| format!("  readonly {}: lambda.Function;\n", function_member(function)));
    let machines =
        stack.machines.iter().map(|machine| format!("  readonly {}: Machine;\n", machine_member(machine)));
    let table = within(stack, "  readonly idempotencyTable: dynamodb.Table;\n").to_owned();
    let worker =
        if stack.activities.is_empty() { "" } else { "  readonly workerPolicy: iam.ManagedPolicy;\n" };
    activities.chain([table, worker.to_owned()]).chain(functions).chain(machines).collect()
}

fn statements(stack: &Stack) -> String {
    let activities = stack.activities.iter().map(|activity| {
        let options = vec![("encryptionConfiguration".to_owned(), bare("encryption(props)"))];
        let id = format!("{}Activity", activity.id);
        let made = Ts::Call("new sfn.Activity".to_owned(), vec![bare("this"), text(id), Ts::Object(options)]);
        assign(&activity_member(&activity.id), &made)
    });
    let functions = stack.functions.iter().map(|own| assign(&function_member(own), &function(stack, own)));
    let values = stack.functions.iter().filter(|own| !own.values.is_empty()).map(|own| {
        format!(
            "\n{}this.keeps(props, this.{}, [{}]);\n",
            indent(2),
            function_member(own),
            quoted(&own.values)
        )
    });
    let bucket =
        stack.keeps_values().then(|| format!("\n{}this.storedValues = this.bucket(props);\n", indent(2)));
    let machines = stack.machines.iter().map(|own| assign(&machine_member(own), &machine(stack, own)));
    let links = stack.links.as_ref().map(|own| links::serving(stack, own));
    let rights = stack.links.as_ref().map(|own| links::rights(stack, own));
    activities
        .chain([idempotency_table(stack)])
        .chain(bucket)
        .chain([worker_policy(stack)])
        .chain(links)
        .chain(functions)
        .chain(values)
        .chain(machines)
        .chain(rights)
        .collect()
}

/// What workers may do, for the roles that they run in.
fn worker_policy(stack: &Stack) -> String {
    let rights = stack.of_worker();
    if rights.is_empty() {
        return String::new();
    }
    let statements = rights.iter().map(|own| statement(stack, own)).collect();
    let options = Ts::Object(vec![("statements".to_owned(), Ts::List(statements))]);
    let made = vec![bare("this"), text("WorkerPolicy"), options];
    assign("workerPolicy", &Ts::Call("new iam.ManagedPolicy".to_owned(), made))
}

/// The table of what idempotent tasks have done. What it holds is of no use for long: it is not backed up, and goes with the
/// stack.
fn idempotency_table(stack: &Stack) -> String {
    if !stack.has_idempotency_table {
        return String::new();
    }
    let key = Ts::Object(vec![
        ("name".to_owned(), text("id")),
        ("type".to_owned(), bare("dynamodb.AttributeType.STRING")),
    ]);
    let options = vec![
        ("partitionKey".to_owned(), key),
        ("billingMode".to_owned(), bare("dynamodb.BillingMode.PAY_PER_REQUEST")),
        ("timeToLiveAttribute".to_owned(), text("expires")),
        ("removalPolicy".to_owned(), bare("RemovalPolicy.DESTROY")),
    ];
    let made = vec![bare("this"), text("IdempotencyTable"), Ts::Object(options)];
    assign("idempotencyTable", &Ts::Call("new dynamodb.Table".to_owned(), made))
}

fn assign(member: &str, value: &Ts) -> String {
    format!("\n{}this.{member} = {};\n", indent(2), written(value, 2))
}

fn function(stack: &Stack, function: &Function) -> Ts {
    let mut own = vec![("handler".to_owned(), text(&function.task))];
    if let Some(comment) = &function.comment {
        own.push(("description".to_owned(), text(comment)));
    }
    own.extend(stack.link_part(function).map(|part| {
        let variables = match part {
            LinkPart::Makes => links::made(),
            LinkPart::Serves => links::served(),
        };
        ("environment".to_owned(), variables)
    }));
    own.push(("timeout".to_owned(), bare(format!("Duration.seconds({})", function.timeout_seconds))));
    if let Some(memory) = function.memory_mb {
        own.push(("memorySize".to_owned(), bare(memory.to_string())));
    }
    if function.idempotent {
        own.push(("table".to_owned(), bare("this.idempotencyTable")));
    }
    let id = format!("{}Function", function.id);
    Ts::Call("this.task".to_owned(), vec![bare("props"), text(id), Ts::Object(own)])
}

fn machine(stack: &Stack, machine: &Machine) -> Ts {
    let kind = if machine.express { "EXPRESS" } else { "STANDARD" };
    let substitutions = machine.placeholders.iter().map(|name| (name.clone(), bare(filled(stack, name))));
    // The CDK's own construct adds what the service needs for logs, tracing and encryption.
    let calls = machine.statements.iter().filter(|statement| statement.purpose == Purpose::Call);
    let callbacks =
        machine.callbacks.iter().map(|at| bare(format!("this.{}", function_member(&stack.functions[*at]))));
    let mut own = vec![
        ("name".to_owned(), text(&machine.name)),
        ("type".to_owned(), bare(format!("sfn.StateMachineType.{kind}"))),
        ("file".to_owned(), text(&machine.file)),
        ("substitutions".to_owned(), Ts::Object(substitutions.collect())),
        ("statements".to_owned(), Ts::List(calls.map(|own| statement(stack, own)).collect())),
        ("callbacks".to_owned(), Ts::List(callbacks.collect())),
    ];
    if machine.personal {
        own.push(("personal".to_owned(), bare("true")));
    }
    let id = format!("{}StateMachine", machine.id);
    Ts::Call("this.machine".to_owned(), vec![bare("props"), text(id), Ts::Object(own)])
}

fn statement(stack: &Stack, statement: &Statement) -> Ts {
    if statement.purpose == Purpose::Encryption {
        return bare("...(props.key ? [use(props.key)] : [])");
    }
    let resources = statement.resources.iter().flat_map(|resource| match resource {
        // Every version: an execution goes on with the ones that it was started with.
        Resource::Versions(at) => {
            vec![bare(format!("`${{this.{}.functionArn}}:*`", function_member(&stack.functions[*at])))]
        }
        Resource::IdempotencyTable => vec![bare("this.idempotencyTable.tableArn")],
        Resource::Values => vec![bare(format!("this.storedValues.arnForObjects('{VALUES}*')"))],
        Resource::Activities => {
            let member = |own: &Activity| bare(format!("this.{}.activityArn", activity_member(&own.id)));
            stack.activities.iter().map(member).collect()
        }
        // The construct grants the others itself.
        Resource::Any | Resource::OwnLog | Resource::Key | Resource::Machine(_) => vec![text("*")],
        Resource::Text(parts) => vec![joined(stack, parts)],
    });
    let actions = statement.actions.iter().map(|action| text(*action)).collect();
    let mut own = vec![
        ("actions".to_owned(), Ts::List(actions)),
        ("resources".to_owned(), Ts::List(resources.collect())),
    ];
    if !statement.conditions.is_empty() {
        let conditions = statement.compared().into_iter().map(|(operator, conditions)| {
            let keys = conditions.into_iter().map(|Condition { key, values, .. }| {
                let values = Ts::List(values.iter().map(|value| joined(stack, value)).collect());
                (format!("'{key}'"), values)
            });
            (operator.to_owned(), Ts::Object(keys.collect()))
        });
        own.push(("conditions".to_owned(), Ts::Object(conditions.collect())));
    }
    Ts::Call("new iam.PolicyStatement".to_owned(), vec![Ts::Object(own)])
}

/// A text in which parameters are filled in.
fn joined(stack: &Stack, parts: &[Part]) -> Ts {
    match parts {
        [Part::Placeholder(only)] => bare(filled(stack, only)),
        [Part::Literal(only)] => text(only),
        several => {
            let pieces = several.iter().map(|part| match part {
                Part::Literal(text) => text.replace('\\', "\\\\").replace('`', "\\`").replace("${", "\\${"),
                Part::Placeholder(name) => format!("${{{}}}", filled(stack, name)),
                Part::Piece(name, separator, at) => {
                    format!("${{Fn.select({at}, Fn.split('{separator}', {}))}}", filled(stack, name))
                }
                Part::Machine(name) => format!("${{Stack.of(this).stackName}}-{name}"),
                Part::Partition => "${Stack.of(this).partition}".to_owned(),
                Part::Region => "${Stack.of(this).region}".to_owned(),
                Part::Account => "${Stack.of(this).account}".to_owned(),
            });
            bare(format!("`{}`", pieces.collect::<String>()))
        }
    }
}

/// The expression that takes the place of a placeholder.
fn filled(stack: &Stack, placeholder: &str) -> String {
    match stack.target(placeholder) {
        Target::Function(at) => {
            format!("this.{}.currentVersion.functionArn", function_member(&stack.functions[at]))
        }
        // A version, too: an execution goes on starting what it was written for.
        Target::Machine(at) => format!("this.{}.version.attrArn", machine_member(&stack.machines[at])),
        Target::Activity(at) => format!("this.{}.activityArn", activity_member(&stack.activities[at].id)),
        Target::Parameter => format!("props.{}", property(placeholder)),
    }
}

fn property(placeholder: &str) -> String {
    placeholder.to_lower_camel_case()
}

fn function_member(function: &Function) -> String {
    format!("{}Function", function.id.to_lower_camel_case())
}

fn machine_member(machine: &Machine) -> String {
    format!("{}StateMachine", machine.id.to_lower_camel_case())
}

fn activity_member(id: &str) -> String {
    format!("{}Activity", id.to_lower_camel_case())
}
