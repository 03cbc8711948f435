//! Judges a State Machine by every rule.
//! Separate from the rules because order, options and the shared survey are decided here.

use crate::rules::{Check, rules};
use crate::survey::Survey;
use crate::{Diagnostic, ExecutionType, StateMachine};

/// What a definition is judged for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// The kind of Executions that will run it.
    pub kind: ExecutionType,
    /// How many bytes of text the service takes.
    pub max_definition_bytes: usize,
}

impl Options {
    /// For Standard Executions.
    pub const STANDARD: Self = Self { kind: ExecutionType::Standard, max_definition_bytes: 1 << 20 };
    /// For Express Executions.
    pub const EXPRESS: Self = Self { kind: ExecutionType::Express, ..Self::STANDARD };
}

impl Default for Options {
    fn default() -> Self {
        Self::STANDARD
    }
}

/// Everything that is wrong with a State Machine run as Standard Executions; see [`validate_with`].
///
/// ```
/// use sfn_asl::{StateMachine, validate};
///
/// let machine: StateMachine = r#"{"StartAt": "Pay", "States": {"Done": {"Type": "Succeed"}}}"#.parse()?;
/// let found: Vec<_> = validate(&machine).iter().map(|diagnostic| diagnostic.code.as_str()).collect();
/// assert_eq!(found, ["missing-target"]);
/// # Ok::<(), sfn_asl::ReadError>(())
/// ```
pub fn validate(machine: &StateMachine) -> Vec<Diagnostic> {
    validate_with(machine, &Options::default())
}

/// Everything that is wrong with a State Machine, in a fixed order: rule by rule as [`rules`] lists them, and within
/// a rule in the document's order.
///
/// ```
/// use sfn_asl::{Options, StateMachine, validate_with};
///
/// let machine: StateMachine = r#"{"StartAt": "Night", "States": {
///     "Night": {"Type": "Wait", "Seconds": 28800, "End": true}}}"#.parse()?;
/// assert_eq!(validate_with(&machine, &Options::STANDARD), []);
/// assert_eq!(validate_with(&machine, &Options::EXPRESS)[0].code.as_str(), "express-wait");
/// # Ok::<(), sfn_asl::ReadError>(())
/// ```
pub fn validate_with(machine: &StateMachine, options: &Options) -> Vec<Diagnostic> {
    let survey = Survey::new(machine, *options);
    let mut found = Vec::new();
    for rule in rules() {
        if let Check::Machine(check) = rule.check {
            check(&survey, &mut found);
        }
    }
    found
}

/// Everything that is wrong with the text of a definition: what keeps it from being read or else what
/// [`validate_with`] finds.
///
/// ```
/// use sfn_asl::{Options, lint};
///
/// assert_eq!(lint("{", &Options::STANDARD)[0].code.as_str(), "invalid-json");
/// ```
pub fn lint(text: &str, options: &Options) -> Vec<Diagnostic> {
    match text.parse::<StateMachine>() {
        Ok(machine) => validate_with(&machine, options),
        Err(error) => error.faults().iter().map(|fault| fault.diagnostic.clone()).collect(),
    }
}
