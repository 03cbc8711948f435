//! Judges a State Machine by every rule.
//! Separate from the rules because order, options and the shared survey are decided here.

use std::collections::BTreeMap;

use crate::dataflow::DataFlow;
use crate::graph::scopes;
use crate::rules::{Check, rules};
use crate::survey::Survey;
use crate::template::Strings;
use crate::wire::Wire;
use crate::{Diagnostic, Document, ExecutionType, Format, Severity, StateMachine};

/// What a definition is judged for, and how strictly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The kind of Executions that will run it.
    pub kind: ExecutionType,
    /// How many bytes of text the service takes.
    pub max_definition_bytes: usize,
    /// How many bytes of JSON the input, the output or the result of a State may have.
    pub max_payload_bytes: usize,
    /// By code, how bad a fault is; the rule decides on those that are not here.
    pub levels: BTreeMap<String, Level>,
}

/// How bad a fault of one code is, whatever its rule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Not reported.
    Allow,
    /// A warning.
    Warn,
    /// An error.
    Deny,
}

impl Options {
    /// For Standard Executions.
    pub const STANDARD: Self = Self::new(ExecutionType::Standard);
    /// For Express Executions.
    pub const EXPRESS: Self = Self::new(ExecutionType::Express);

    /// For a kind of Executions, with the service's limits and every rule's own levels.
    pub const fn new(kind: ExecutionType) -> Self {
        Self { kind, max_definition_bytes: 1 << 20, max_payload_bytes: 1 << 18, levels: BTreeMap::new() }
    }

    /// The same, with a level for the faults of one code.
    ///
    /// ```
    /// use sfn_asl::{Level, Options, lint};
    ///
    /// let text = r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}, "Lost": {"Type": "Succeed"}}}"#;
    /// assert_eq!(lint(text, &Options::STANDARD)[0].code.as_str(), "unreachable-state");
    /// assert_eq!(lint(text, &Options::STANDARD.with_level("unreachable-state", Level::Allow)), []);
    /// ```
    pub fn with_level(mut self, code: impl Into<String>, level: Level) -> Self {
        self.levels.insert(code.into(), level);
        self
    }

    /// Drops what is allowed and makes of the rest what the levels say.
    pub(crate) fn apply_levels(&self, found: &mut Vec<Diagnostic>) {
        if self.levels.is_empty() {
            return;
        }
        let level = |diagnostic: &Diagnostic| self.levels.get(diagnostic.code.as_str()).copied();
        found.retain(|diagnostic| level(diagnostic) != Some(Level::Allow));
        for diagnostic in found {
            diagnostic.severity = match level(diagnostic) {
                Some(Level::Warn) => Severity::Warning,
                Some(Level::Deny) => Severity::Error,
                Some(Level::Allow) | None => diagnostic.severity,
            };
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::STANDARD
    }
}

/// Everything that is wrong with a State Machine, in a fixed order: rule by rule as [`rules`] lists them, and within
/// a rule in the document's order.
///
/// ```
/// use sfn_asl::{Options, StateMachine, validate};
///
/// let machine: StateMachine = r#"{"StartAt": "Night", "States": {
///     "Night": {"Type": "Wait", "Seconds": 28800, "End": true}}}"#.parse()?;
/// assert_eq!(validate(&machine, &Options::STANDARD), []);
/// assert_eq!(validate(&machine, &Options::EXPRESS)[0].code.as_str(), "express-wait");
/// # Ok::<(), sfn_asl::ReadError>(())
/// ```
pub fn validate(machine: &StateMachine, options: &Options) -> Vec<Diagnostic> {
    judge(machine, options, machine.length())
}

/// The same, where somebody knows how many bytes the definition takes without blanks; a bound will do if it is within
/// the limit.
pub(crate) fn judge(machine: &StateMachine, options: &Options, size: usize) -> Vec<Diagnostic> {
    let scopes = scopes(machine, options.kind);
    let strings = Strings::of(&scopes);
    let survey = Survey::new(machine, options, size, &scopes, &strings);
    let (mut found, mut flow) = (Vec::new(), None);
    for rule in rules() {
        match rule.check {
            Check::Reading => {}
            Check::Machine(check) => check(&survey, &mut found),
            Check::DataFlow(check) => {
                check(flow.get_or_insert_with(|| DataFlow::infer(&survey)), &mut found);
            }
        }
    }
    options.apply_levels(&mut found);
    found
}

/// Everything that is wrong with the text of a definition: what keeps it from being read or else what [`validate`]
/// finds.
///
/// ```
/// use sfn_asl::{Options, lint};
///
/// assert_eq!(lint("{", &Options::STANDARD)[0].code.as_str(), "invalid-json");
/// ```
pub fn lint(text: &str, options: &Options) -> Vec<Diagnostic> {
    match Document::parse(text, Format::of_text(text)) {
        Ok(document) => document.lint(options),
        Err(error) => error.faults().iter().map(|fault| fault.diagnostic.clone()).collect(),
    }
}
