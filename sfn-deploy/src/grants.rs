//! What a state machine's role must be allowed to do, read from the definition: functions, service integrations, nested
//! executions, distributed Maps. Separate from the stack because a definition that was written by hand needs the same.
//!
//! What is needed for which call stands in tables (`optimised`, `sdk`), as AWS documents it; whom it is needed for comes from
//! the arguments of the call. Where these are constant the resource is exact, where only an execution knows them a parameter
//! of the template names it, and what no definition can say is left open and said.

mod fill;
mod given;
mod optimised;
mod rule;
mod sdk;

use crate::iam::{Condition, Purpose, Resource, Statement};
use crate::placeholders::{Part, Text, names, parts};
use fill::Filler;
use given::{Arguments, Given};
use heck::ToUpperCamelCase as _;
use rule::{Row, Rule, When, on, rule};
use sfn_asl::{Map, ProcessorMode, State, StateMachine, Task, Visitor, walk};
use sfn_catalogue::{Pattern, Resource as Called};
use std::collections::BTreeMap;
use std::fmt;

/// What a role must be allowed to do so that executions of a definition run.
///
/// ```
/// use sfn_deploy::Grants;
///
/// let machine = r#"{
///   "QueryLanguage": "JSONata",
///   "StartAt": "Tell",
///   "States": {
///     "Tell": {
///       "Type": "Task",
///       "Resource": "arn:aws:states:::sns:publish",
///       "Arguments": { "TopicArn": "${NewsTopicArn}", "Message": "{% $states.input %}" },
///       "End": true
///     }
///   }
/// }"#;
/// let grants = Grants::of(&machine.parse()?, "news");
/// assert_eq!(grants.to_string(), "Tell: sns:Publish on ${NewsTopicArn}\n");
/// assert!(grants.open.is_empty());
/// # Ok::<(), sfn_asl::ReadError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grants {
    pub(crate) statements: Vec<Statement>,
    /// The parameters that stand for what only an execution knows, each with what it is.
    pub parameters: BTreeMap<String, String>,
    /// What is not granted, because the definition does not say enough.
    pub open: Vec<Open>,
}

/// One statement of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant<'g> {
    /// The States that need it.
    pub states: &'g [String],
    /// The actions.
    pub actions: &'g [&'static str],
    /// The resources, with `${Name}` for placeholders and parameters, `${Name[/4]}` for a part of one, and CloudFormation's names
    /// for the stage's partition, region and account (`${AWS::Region}`).
    pub resources: Vec<String>,
    /// What must hold besides: operator, key, values.
    pub conditions: Vec<(&'static str, &'static str, Vec<String>)>,
}

/// What a State needs and is not granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// The State.
    pub state: String,
    /// What it needs.
    pub message: String,
}

impl Grants {
    /// Reads from a definition what the role of the state machine of that name must be allowed to do.
    pub fn of(machine: &StateMachine, name: &str) -> Self {
        let mut reading = Reading { own: name, taken: names(&machine.to_string()), grants: Self::default() };
        walk(machine, &mut reading);
        reading.grants
    }

    /// The statements of the policy.
    pub fn statements(&self) -> impl Iterator<Item = Grant<'_>> {
        self.statements.iter().map(|statement| {
            let texts = |values: &[Text]| values.iter().map(text).collect();
            let conditions = statement.conditions.iter();
            Grant {
                states: &statement.states,
                actions: &statement.actions,
                resources: statement.resources.iter().map(shown).collect(),
                conditions: conditions.map(|one| (one.operator, one.key, texts(&one.values))).collect(),
            }
        })
    }

    /// Puts statements of the same actions together.
    fn add(&mut self, state: &str, statement: Statement) {
        let same = |other: &&mut Statement| {
            other.actions == statement.actions && other.conditions == statement.conditions
        };
        let Some(known) = self.statements.iter_mut().find(same) else {
            self.statements.push(Statement { states: vec![state.to_owned()], ..statement });
            return;
        };
        for resource in statement.resources {
            if !known.resources.contains(&resource) {
                known.resources.push(resource);
            }
        }
        if known.states.iter().all(|known| known != state) {
            known.states.push(state.to_owned());
        }
    }
}

struct Reading<'n> {
    own: &'n str,
    /// The placeholders of the definition.
    taken: Vec<String>,
    grants: Grants,
}

impl Visitor for Reading<'_> {
    fn state(&mut self, name: &str, state: &State) {
        match state {
            State::Task(task) => self.task(name, task),
            State::Map(map) if map.item_processor.mode() == ProcessorMode::Distributed => self.map(name, map),
            _ => {}
        }
    }
}

impl Reading<'_> {
    fn task(&mut self, name: &str, task: &Task) {
        // Another role does the work, and has the rights to it.
        if let Some(credentials) = &task.credentials {
            return self.rules(name, Arguments::of(None, Some(credentials)), &[ASSUME]);
        }
        let arguments = Arguments::of(task.arguments.as_ref(), task.parameters.as_ref());
        let pattern = match sfn_catalogue::resource(&task.resource) {
            Called::Known { pattern, .. } => pattern,
            Called::Elsewhere => return self.elsewhere(name, &task.resource),
            _ => {
                let message = format!(
                    "`{}` is no integration that is known, so nothing is granted for it",
                    task.resource
                );
                return self.open(name, message);
            }
        };
        let called = task.resource.split_once(":states:::").map_or("", |(_, called)| called);
        let action = called.strip_suffix(pattern.suffix()).unwrap_or(called);
        let Some(row) = row_of(action) else {
            return self.open(
                name,
                format!("`{action}` is in no table of permissions, so nothing is granted for it"),
            );
        };
        self.rules(name, arguments, row.rules);
        if matches!(pattern, Pattern::RunAJob | Pattern::RunAJobWithJson) {
            self.rules(name, arguments, row.job);
        }
        if let Some((_, open)) = row.open.filter(|(when, _)| counts(*when, arguments) != Some(false)) {
            self.open(name, format!("`{action}`: {open}"));
        }
    }

    /// A `Resource` that is no service integration: a function, or an Activity, which needs no right. A placeholder is a
    /// function if its name does not say otherwise.
    fn elsewhere(&mut self, name: &str, resource: &str) {
        let is_whole = resource.starts_with("${");
        if resource.contains(":activity:") || is_whole && resource.ends_with("ActivityArn}") {
            return;
        }
        if !is_whole && !resource.contains(":lambda:") {
            let message =
                format!("`{resource}` is neither a function nor an Activity, so nothing is granted for it");
            return self.open(name, message);
        }
        let function = Statement {
            resources: vec![Resource::Text(parts(resource))],
            ..Statement::new(&["lambda:InvokeFunction"], Purpose::Call)
        };
        self.grants.add(name, function);
    }

    fn map(&mut self, name: &str, map: &Map) {
        self.rules(name, Arguments::Nothing, CHILDREN);
        if let Some(reader) = &map.item_reader {
            let arguments = Arguments::of(reader.arguments.as_ref(), reader.parameters.as_ref());
            let config = reader.reader_config.as_ref();
            let is = |field: Option<&String>, word: &str| field.is_some_and(|text| text == word);
            let reads_others = config.is_some_and(|config| {
                is(config.input_type.as_ref(), "MANIFEST")
                    || is(config.transformation.as_ref(), "LOAD_AND_FLATTEN")
            });
            let lists = reader.resource.ends_with(":listObjectsV2");
            match (lists, reads_others) {
                (true, true) => self.rules(name, arguments, &[sdk::LIST, &[READ_LISTED]].concat()),
                (true, false) => self.rules(name, arguments, sdk::LIST),
                (false, true) => self.rules(name, arguments, &[READ_ALL]),
                (false, false) => self.rules(name, arguments, &[READ]),
            }
        }
        if let Some(writer) = map.result_writer.as_ref().filter(|writer| writer.resource.is_some()) {
            let arguments = Arguments::of(writer.arguments.as_ref(), writer.parameters.as_ref());
            self.rules(name, arguments, &[WRITE]);
        }
    }

    fn rules(&mut self, name: &str, arguments: Arguments<'_>, rules: &[Rule]) {
        for rule in rules {
            match counts(rule.when, arguments) {
                Some(false) => continue,
                // Nobody gets a right to everything for what is perhaps not called.
                None if rule.on.iter().any(|pattern| pattern.text == "*") => {
                    let (actions, argument) = (rule.actions.join("`, `"), rule.when.argument());
                    let why = format!("only an execution knows whether `{argument}` is given");
                    self.open(name, format!("`{actions}` on everything is not granted, because {why}"));
                    continue;
                }
                _ => {}
            }
            let shown = format!("`{name}`");
            let (state, parameters) = (part_of_name(name), &mut self.grants.parameters);
            let mut filler = Filler {
                arguments,
                own: self.own,
                state: &state,
                shown: &shown,
                taken: &self.taken,
                parameters,
            };
            let resources = rule.on.iter().flat_map(|pattern| match pattern.text {
                "*" => vec![Resource::Any],
                _ => filler.fill(pattern).into_iter().map(Resource::Text).collect(),
            });
            let resources = resources.collect();
            let conditions = rule.conditions.iter().map(|(operator, key, value)| {
                let values = filler.fill(value);
                let is_like = values.iter().any(|value| fill::is_beginning(value));
                let operator = if is_like && *operator == "StringEquals" { "StringLike" } else { operator };
                Condition { operator, key, values }
            });
            let conditions = conditions.collect();
            let statement =
                Statement { resources, conditions, ..Statement::new(rule.actions, Purpose::Call) };
            self.grants.add(name, statement);
        }
    }

    fn open(&mut self, state: &str, message: String) {
        self.grants.open.push(Open { state: state.to_owned(), message });
    }
}

fn row_of(action: &str) -> Option<&'static Row> {
    optimised::ROWS.iter().chain(sdk::ROWS).find(|row| row.action == action)
}

/// Whether a rule counts, where a definition says so.
fn counts(when: When, arguments: Arguments<'_>) -> Option<bool> {
    let found = arguments.at(when.argument());
    let is_given = if found.iter().any(|given| matches!(given, Given::Constant(_) | Given::Computed(_))) {
        Some(true)
    } else {
        (!found.contains(&Given::Unknown)).then_some(false)
    };
    match when {
        When::Always => Some(true),
        When::NotGiven(_) => is_given.map(|given| !given),
        When::Unless(_, text) if found.contains(&Given::Constant(parts(text))) => Some(false),
        When::Given(_) | When::Unless(..) => is_given,
        When::Begins(_, beginnings) => Some(found.iter().any(|given| match given {
            Given::Constant(text) => fill::begins(text, beginnings),
            _ => false,
        })),
    }
}

/// The name of a State as the beginning of a parameter's.
fn part_of_name(state: &str) -> String {
    let letters: String =
        state.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { ' ' }).collect();
    let name = letters.to_upper_camel_case();
    if name.starts_with(|first: char| first.is_ascii_alphabetic()) { name } else { format!("State{name}") }
}

/// To work under another role.
const ASSUME: Rule = rule(&["sts:AssumeRole"], &[on("Role", "{RoleArn}")]);

/// What a distributed Map does with its child executions, which are executions of the same state machine.
const CHILDREN: &[Rule] = &[
    rule(&["states:StartExecution"], &[on("", "states:<here>:stateMachine:<own>")]),
    rule(&["states:DescribeExecution", "states:StopExecution"], &[on("", "states:<here>:execution:<own>:*")]),
    rule(&["states:RedriveExecution"], &[on("", "states:<here>:execution:<own>/*:*")]),
];

const READ: Rule = rule(&["s3:GetObject"], &[on("Bucket", "s3:::{Bucket}/{Key|any}")]);
/// A manifest and the files that it names.
const READ_ALL: Rule = rule(&["s3:GetObject"], &[on("Bucket", "s3:::{Bucket}/*")]);
const READ_LISTED: Rule = rule(&["s3:GetObject"], &[on("Bucket", "s3:::{Bucket}/{Prefix|any}*")]);
const WRITE: Rule = rule(
    &["s3:PutObject", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"],
    &[on("Bucket", "s3:::{Bucket}/{Prefix|any}/*")],
);

/// A statement a line: who needs it, what, on what, under which conditions.
impl fmt::Display for Grants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Grant { states, actions, resources, conditions } in self.statements() {
            write!(f, "{}: {} on {}", states.join(", "), actions.join(", "), resources.join(", "))?;
            for (operator, key, values) in conditions {
                write!(f, " if {operator} {key} {}", values.join(", "))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

fn shown(resource: &Resource) -> String {
    match resource {
        Resource::Text(parts) => text(parts),
        _ => "*".to_owned(),
    }
}

fn text(parts: &Text) -> String {
    let shown = |part: &Part| match part {
        Part::Literal(text) => text.clone(),
        Part::Placeholder(name) => format!("${{{name}}}"),
        Part::Piece(name, separator, at) => format!("${{{name}[{separator}{at}]}}"),
        Part::Machine(name) => name.clone(),
        Part::Partition => "${AWS::Partition}".to_owned(),
        Part::Region => "${AWS::Region}".to_owned(),
        Part::Account => "${AWS::AccountId}".to_owned(),
    };
    parts.iter().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn rows() -> impl Iterator<Item = &'static Row> {
        optimised::ROWS.iter().chain(sdk::ROWS)
    }

    #[test]
    fn rows_are_actions_that_there_are_and_each_has_one() {
        let mut seen = BTreeSet::new();
        for row in rows() {
            let resource = format!("arn:aws:states:::{}", row.action);
            let known = sfn_catalogue::resource(&resource);
            assert!(matches!(known, sfn_catalogue::Resource::Known { .. }), "{resource}");
            assert!(seen.insert(row.action), "{} is there twice", row.action);
        }
    }

    #[test]
    fn conditions_of_a_rule_compare_in_different_ways() {
        // Templates have them by operator.
        for rule in rows().flat_map(|row| row.rules.iter().chain(row.job)) {
            let operators: BTreeSet<_> = rule.conditions.iter().map(|(operator, ..)| operator).collect();
            assert_eq!(operators.len(), rule.conditions.len(), "{rule:?}");
        }
    }

    #[test]
    fn nothing_is_granted_on_everything_but_where_aws_knows_no_resource() {
        let rules = rows().flat_map(|row| row.rules.iter().chain(row.job));
        let on_anything = rules.filter(|rule| rule.on.iter().any(|pattern| pattern.text == "*"));
        let actions: BTreeSet<&str> = on_anything.flat_map(|rule| rule.actions).copied().collect();
        let expected = [
            "batch:DescribeJobs",
            "cloudwatch:PutMetricData",
            "comprehend:DetectDominantLanguage",
            "comprehend:DetectEntities",
            "comprehend:DetectKeyPhrases",
            "comprehend:DetectPiiEntities",
            "comprehend:DetectSentiment",
            "ec2:DescribeSubnets",
            "eks:CreateCluster",
            "elasticmapreduce:RunJobFlow",
            "emr-containers:CreateVirtualCluster",
            "polly:SynthesizeSpeech",
            "sns:Publish",
            "textract:AnalyzeDocument",
            "textract:DetectDocumentText",
            "translate:TranslateText",
        ];
        assert_eq!(actions.into_iter().collect::<Vec<_>>(), expected);
    }
}
