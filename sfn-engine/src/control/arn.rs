//! ARNs of the service: what they name, taken apart and put together.
//! Separate because every operation takes some, each accepts only certain kinds, and the words of refusal depend on it.

use std::fmt;

use super::Refusal;

/// A region and an account: the part that all ARNs of one caller share.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place {
    /// Such as `us-east-1`.
    pub region: String,
    /// Twelve digits.
    pub account: String,
}

/// An ARN of the service, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Arn<'a> {
    pub(crate) region: &'a str,
    pub(crate) account: &'a str,
    pub(crate) resource: Resource<'a>,
}

/// What an ARN names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resource<'a> {
    StateMachine { name: &'a str, qualifier: Option<Qualifier<'a>>, test_case: Option<&'a str> },
    Execution,
    Express,
    Activity,
    MapRun,
}

/// What may follow the name of a State Machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Qualifier<'a> {
    Version(u64),
    Alias(&'a str),
    /// A Distributed Map State of it.
    Label(&'a str),
}

impl Resource<'_> {
    /// The word in the ARN.
    fn kind(self) -> &'static str {
        match self {
            Self::StateMachine { .. } => "stateMachine",
            Self::Execution => "execution",
            Self::Express => "express",
            Self::Activity => "activity",
            Self::MapRun => "mapRun",
        }
    }
}

impl<'a> Arn<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, Refusal> {
        let mut parts = text.splitn(7, ':');
        let mut part = || parts.next().unwrap_or_default();
        let (prefix, partition) = (part(), part());
        if prefix != "arn" || !partition.starts_with("aws") {
            return Err(Refusal::invalid_arn(format_args!("Invalid ARN prefix: {text}")));
        }
        let (service, region, account, kind, rest) = (part(), part(), part(), part(), part());
        let is_region = |text: &str| {
            !text.is_empty()
                && text.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-')
        };
        let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        if service != "states" || !is_region(region) || !is_account || rest.is_empty() {
            return Err(Refusal::invalid_arn(format_args!("Invalid ARN: {text}")));
        }
        let resource = match kind {
            "stateMachine" => state_machine(rest),
            "execution" => two_names(rest).map(|()| Resource::Execution),
            "express" => two_names(rest).map(|()| Resource::Express),
            "activity" => (!rest.contains(':')).then_some(Resource::Activity),
            "mapRun" => rest.contains('/').then_some(Resource::MapRun),
            other => return Err(wrong_kind(other)),
        };
        let resource = resource.ok_or_else(|| Refusal::invalid_arn(format_args!("Invalid ARN: {text}")))?;
        Ok(Self { region, account, resource })
    }

    /// The refusal of an operation that takes another kind of ARN.
    pub(crate) fn wrong_kind(&self) -> Refusal {
        wrong_kind(self.resource.kind())
    }

    pub(crate) fn place(&self) -> Place {
        Place { region: self.region.to_owned(), account: self.account.to_owned() }
    }
}

fn wrong_kind(kind: &str) -> Refusal {
    Refusal::invalid_arn(format_args!("Resource type not valid in this context: {kind}"))
}

fn state_machine(rest: &str) -> Option<Resource<'_>> {
    let (rest, test_case) = match rest.split_once('#') {
        Some((rest, test_case)) => (rest, Some(test_case)),
        None => (rest, None),
    };
    let (name, qualifier) = match (rest.split_once(':'), rest.split_once('/')) {
        (Some((name, qualifier)), _) => {
            let is_version = !qualifier.is_empty() && qualifier.bytes().all(|byte| byte.is_ascii_digit());
            let qualifier = if is_version {
                Qualifier::Version(qualifier.parse().ok()?)
            } else {
                Qualifier::Alias(qualifier)
            };
            (name, Some(qualifier))
        }
        (None, Some((name, label))) => (name, Some(Qualifier::Label(label))),
        (None, None) => (rest, None),
    };
    let is_whole = match qualifier {
        Some(Qualifier::Alias(alias)) => !alias.is_empty() && !alias.contains(':'),
        Some(Qualifier::Label(label)) => !label.is_empty(),
        Some(Qualifier::Version(_)) | None => true,
    };
    (is_whole && is_name(name)).then_some(Resource::StateMachine { name, qualifier, test_case })
}

/// Executions carry the name of their State Machine and their own; Express ones also a number of their own.
fn two_names(rest: &str) -> Option<()> {
    let (machine, name) = rest.split_once(':')?;
    (!machine.is_empty() && !name.is_empty()).then_some(())
}

/// Whether a text may be the name of a State Machine, an execution or an Activity.
pub(crate) fn is_name(text: &str) -> bool {
    let is_refused = |letter: char| {
        letter.is_whitespace()
            || letter.is_control()
            || matches!(
                letter,
                '<' | '>'
                    | '{'
                    | '}'
                    | '['
                    | ']'
                    | '?'
                    | '*'
                    | '"'
                    | '#'
                    | '%'
                    | '\\'
                    | '^'
                    | '|'
                    | '~'
                    | '`'
                    | '$'
                    | '&'
                    | ','
                    | ';'
                    | ':'
                    | '/'
            )
    };
    !text.is_empty() && text.chars().count() <= 80 && !text.contains(is_refused)
}

impl Place {
    pub(crate) fn state_machine(&self, name: &str) -> String {
        format!("arn:aws:states:{self}:stateMachine:{name}")
    }

    pub(crate) fn execution(&self, machine: &str, name: &str) -> String {
        format!("arn:aws:states:{self}:execution:{machine}:{name}")
    }

    pub(crate) fn express(&self, machine: &str, name: &str, id: &str) -> String {
        format!("arn:aws:states:{self}:express:{machine}:{name}:{id}")
    }

    /// The ARN of an activity there.
    pub fn activity(&self, name: &str) -> String {
        format!("arn:aws:states:{self}:activity:{name}")
    }
}

impl Default for Place {
    fn default() -> Self {
        Self { region: "us-east-1".to_owned(), account: "123456789012".to_owned() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.region, self.account)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<Resource<'_>, &str>) {
        let found = Arn::parse(text).map(|arn| arn.resource).map_err(|refusal| refusal.message);
        assert_eq!(found, expected.map_err(str::to_owned), "{text}");
    }

    #[test]
    fn every_kind_is_recognised() {
        let machine =
            |qualifier, test_case| Ok(Resource::StateMachine { name: "Order", qualifier, test_case });
        let prefix = "arn:aws:states:eu-west-1:123456789012:";
        check(&format!("{prefix}stateMachine:Order"), machine(None, None));
        check(&format!("{prefix}stateMachine:Order:7"), machine(Some(Qualifier::Version(7)), None));
        check(&format!("{prefix}stateMachine:Order:PROD"), machine(Some(Qualifier::Alias("PROD")), None));
        check(&format!("{prefix}stateMachine:Order/Each"), machine(Some(Qualifier::Label("Each")), None));
        check(&format!("{prefix}stateMachine:Order#Happy"), machine(None, Some("Happy")));
        check(&format!("{prefix}execution:Order:one"), Ok(Resource::Execution));
        check(&format!("{prefix}express:Order:one:0-1"), Ok(Resource::Express));
        check(&format!("{prefix}activity:Pack"), Ok(Resource::Activity));
        check(&format!("{prefix}mapRun:Order/Each:0-1"), Ok(Resource::MapRun));
    }

    #[test]
    fn what_is_no_arn_is_refused_in_the_services_words() {
        check("order", Err("Invalid Arn: 'Invalid ARN prefix: order'"));
        check(
            "arn:aws:states:eu-west-1:1:stateMachine:O",
            Err("Invalid Arn: 'Invalid ARN: arn:aws:states:eu-west-1:1:stateMachine:O'"),
        );
        let table = "arn:aws:states:eu-west-1:123456789012:table:O";
        check(table, Err("Invalid Arn: 'Resource type not valid in this context: table'"));
    }

    #[test]
    fn names_hold_no_wildcards_brackets_or_blanks() {
        assert!(is_name("Order_1-a.b"));
        assert!(is_name("Bestellung-Größe"));
        for refused in ["", "a b", "a:b", "a*", "<a>", "a\u{85}b", &"a".repeat(81)] {
            assert!(!is_name(refused), "{refused}");
        }
    }
}
