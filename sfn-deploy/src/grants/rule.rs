//! What the tables of permissions are made of. Separate from the tables, so that those are nothing but data.

/// What calling an action of a service takes.
#[derive(Debug)]
pub(super) struct Row {
    /// The action as a `Resource` names it, without its pattern: `sqs:sendMessage`.
    pub(super) action: &'static str,
    /// What is needed in every pattern.
    pub(super) rules: &'static [Rule],
    /// What is needed besides to wait for the end of a job.
    pub(super) job: &'static [Rule],
    /// What nobody can grant who knows nothing but the definition, and when.
    pub(super) open: Option<(When, &'static str)>,
}

/// Actions on resources.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    pub(super) actions: &'static [&'static str],
    /// The resources.
    pub(super) on: &'static [Pattern],
    /// What must hold besides: operator, key, value. Where a value is only known to begin so, `StringEquals` is
    /// `StringLike`.
    pub(super) conditions: &'static [(&'static str, &'static str, Pattern)],
    pub(super) when: When,
}

/// When a rule counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    Always,
    /// When an argument is there.
    Given(&'static str),
    /// When an argument is not there.
    NotGiven(&'static str),
    /// When an argument is there and is not that text.
    Unless(&'static str, &'static str),
    /// When an argument is a text that begins with one of those between the commas.
    Begins(&'static str, &'static str),
}

impl When {
    /// The argument that it looks at.
    pub(super) fn argument(self) -> &'static str {
        match self {
            Self::Always => "",
            Self::Given(path) | Self::NotGiven(path) | Self::Unless(path, _) | Self::Begins(path, _) => path,
        }
    }
}

/// A resource, or the value of a condition, with holes for arguments.
///
/// `<here>` is the region and the account, `<region>` and `<account>` are one of them, `<own>` is the name of the state
/// machine. A hole is the path of an argument in braces, `{Entries[].EventBusName}`, where `[]` goes through a list and `{}`
/// through the keys of an object, perhaps with how it is filled in:
///
/// - `{Key|any}`: what is not constant is anything that begins like it; `{Path|any trimmed}` without a slash in front;
/// - `{Cluster|or default}`: what it is when it is not given;
/// - `{QueueUrl|part / 4}`: the fourth part between slashes, counted from none;
/// - `{TaskDefinition|revision}`: all revisions, where it names none;
/// - `{SecretId|suffix -??????}`: what its ARN ends with behind it; `{Name|trimmed}`: without a slash in front;
/// - `{KeyId|not alias/}`: a name that begins so says nothing;
/// - `{Method|value}`: a text that is no resource;
/// - `{FunctionName|function}`: behind an account and `function`, which it may name itself;
/// - `{Source<>|value}`: of an address what stands between `<` and `>`, where it has them.
///
/// An argument that is an ARN takes the place of all that stands before it. What no constant says is a parameter: the ARN, or
/// with `part` and `value` the argument itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pattern {
    /// What it is, for the name of a parameter: `Table`.
    pub(super) kind: &'static str,
    pub(super) text: &'static str,
}

/// Everything, where AWS knows no resource.
pub(super) const ANYTHING: Pattern = on("", "*");

pub(super) const fn on(kind: &'static str, text: &'static str) -> Pattern {
    Pattern { kind, text }
}

pub(super) const fn rule(actions: &'static [&'static str], on: &'static [Pattern]) -> Rule {
    Rule { actions, on, conditions: &[], when: When::Always }
}

/// What it takes to hear by an event of EventBridge that a job has ended.
pub(super) const fn event(on: &'static [Pattern]) -> Rule {
    rule(&["events:PutTargets", "events:PutRule", "events:DescribeRule"], on)
}

impl Rule {
    pub(super) const fn under(self, conditions: &'static [(&'static str, &'static str, Pattern)]) -> Self {
        Self { conditions, ..self }
    }

    pub(super) const fn when(self, when: When) -> Self {
        Self { when, ..self }
    }
}

pub(super) const fn row(action: &'static str, rules: &'static [Rule]) -> Row {
    Row { action, rules, job: &[], open: None }
}

impl Row {
    pub(super) const fn job(self, job: &'static [Rule]) -> Self {
        Self { job, ..self }
    }

    pub(super) const fn open(self, open: &'static str) -> Self {
        Self { open: Some((When::Always, open)), ..self }
    }

    pub(super) const fn open_when(self, when: When, open: &'static str) -> Self {
        Self { open: Some((when, open)), ..self }
    }
}
