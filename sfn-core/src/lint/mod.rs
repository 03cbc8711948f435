//! Lints: what works and should perhaps be written in another way, each with a level that a task, a workflow or its package
//! may change.
//! Separate from faults, which keep a workflow from being one and which nobody can allow.

mod data;
mod personal;
mod sagas;
mod steps;

use std::collections::BTreeMap;

use sfn_asl::{Code, Diagnostic, Place, Severity};

use crate::ir::{Block, Node, Workflow};
use crate::{Origin, TaskSpec};

pub use sfn_asl::Level;

/// Levels by the codes of lints.
pub type Levels = BTreeMap<String, Level>;

/// Something a workflow can be warned of.
///
/// ```
/// use sfn_core::lint::{self, Level};
/// use sfn_core::{Definition, secs};
///
/// let definition = Definition::from_flow("wait", "", |flow| {
///     flow.level(lint::UNREACHABLE_STEP, Level::Deny);
///     flow.succeed(sfn_core::literal(1));
///     flow.sleep(secs(1));
/// });
/// let faults = definition.lower().unwrap_err();
/// assert_eq!(faults[0].code.as_str(), lint::UNREACHABLE_STEP.code());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lint {
    code: &'static str,
    /// Without one, the rule of the language that it is decides.
    level: Option<Level>,
}

impl Lint {
    /// The name it is reported under.
    pub const fn code(self) -> &'static str {
        self.code
    }

    /// Its level where nobody says another; what a rule of the language judges has that rule's.
    pub const fn level(self) -> Option<Level> {
        self.level
    }
}

macro_rules! lints {
    ($($(#[$doc:meta])* $name:ident = $code:literal $(, $level:ident)?;)*) => {
        $($(#[$doc])* pub const $name: Lint = Lint { code: $code, level: lints!(@ $($level)?) };)*

        /// All of them.
        pub const ALL: &[Lint] = &[$($name),*];
    };
    (@) => { None };
    (@ $level:ident) => { Some(Level::$level) };
}

lints! {
    /// A task without a timeout: only its Lambda function's own ends an attempt.
    TASK_WITHOUT_TIMEOUT = "task-without-timeout", Allow;
    /// A wait for a callback that no heartbeat watches.
    CALLBACK_WITHOUT_HEARTBEAT = "callback-without-heartbeat", Allow;
    /// A side effect that a retry repeats.
    RETRIED_SIDE_EFFECT = "retried-side-effect", Allow;
    /// A side effect in an Express execution, which may run more than once.
    EXPRESS_SIDE_EFFECT = "express-side-effect", Allow;
    /// A failure that is swallowed, whatever it is.
    IGNORED_FAILURE = "ignored-failure", Allow;
    /// An arm for any failure that takes errors which the task declares and no arm names.
    HIDDEN_ERROR = "hidden-error", Allow;
    /// A statement of a flow that nothing leads to.
    UNREACHABLE_STEP = "unreachable-step", Warn;
    /// A compensation behind which nothing can fail.
    UNREACHABLE_COMPENSATION = "unreachable-compensation", Warn;
    /// A step that stays done when what was done before it is undone.
    UNCOMPENSATED_STEP = "uncompensated-step", Allow;
    /// An integer beyond 2^53, which JSONata rounds.
    INEXACT_INTEGER = "inexact-integer", Warn;
    /// A field of 64 bits, whose values JSONata may round.
    WIDE_INTEGER_FIELD = "wide-integer-field", Allow;
    /// A field of a payload that is called as secrets are.
    SENSITIVE_FIELD = "sensitive-field", Warn;
    /// Personal data that a service is sent.
    PERSONAL_DATA_SENT = "personal-data-sent", Deny;
    /// Personal data in the error or the cause of a failed execution.
    PERSONAL_DATA_IN_FAILURE = "personal-data-in-failure", Deny;
    /// An argument of a task that is given personal data and does not say so.
    UNMARKED_PERSONAL_DATA = "unmarked-personal-data", Warn;

    /// A rule of the language: a Map State without a limit.
    UNBOUNDED_CONCURRENCY = "unbounded-concurrency";
    /// A rule of the language: a job that may take for ever.
    JOB_WITHOUT_TIMEOUT = "job-without-timeout";
    /// A rule of the language: a wait for a callback that nothing ends.
    CALLBACK_WITHOUT_TIMEOUT = "callback-without-timeout";
    /// A rule of the language: a wait that is longer than an execution.
    WAIT_OUTLIVES_EXECUTION = "wait-outlives-execution";
    /// A rule of the language: an Error Name that nothing raises here.
    ERROR_NEVER_RAISED = "error-never-raised";
    /// A rule of the language: an Error Name of the service that is none.
    UNKNOWN_ERROR_NAME = "unknown-error-name";
    /// A rule of the language: an exception that the integration does not have.
    UNDECLARED_ERROR = "undeclared-error";
    /// A rule of the language: a Retrier or Catcher behind one that takes all.
    UNREACHABLE_ERROR_HANDLER = "unreachable-error-handler";
    /// A rule of the language: a Retrier that retries nothing.
    POINTLESS_RETRY = "pointless-retry";
    /// A rule of the language: a Lambda function whose transient errors are not retried.
    MISSING_TRANSIENT_RETRY = "missing-transient-retry";
    /// A rule of the language: a comparison that never holds.
    NEVER_EQUAL = "never-equal";
    /// A rule of the language: a literal that looks like a secret.
    SECRET_LITERAL = "secret-literal";
}

/// Pushes what the lints find in a workflow, as warnings or errors by their levels.
pub(crate) fn check(workflow: &Workflow, levels: &Levels, diagnostics: &mut Vec<Diagnostic>) {
    let mut report = Report { levels, own: &[], diagnostics };
    each_node(&workflow.body, &mut |node| {
        steps::check(node, workflow, &mut report);
        data::check_literals(node, &mut report);
    });
    if workflow.by_hand {
        steps::check_reachable(&workflow.body, &mut report);
    }
    sagas::check(&workflow.body, &mut report);
    data::check_fields(workflow, &mut report);
    personal::check(workflow, &mut report);
}

/// Calls `visit` with every node, in the order of the text.
fn each_node<'w>(block: &'w Block, visit: &mut dyn FnMut(&'w Node)) {
    for node in &block.nodes {
        visit(node);
        for inner in node.blocks() {
            each_node(inner, visit);
        }
    }
}

/// Where what is found goes.
struct Report<'r> {
    levels: &'r Levels,
    /// What the task says that is looked at.
    own: &'static [(Lint, Level)],
    diagnostics: &'r mut Vec<Diagnostic>,
}

impl Report<'_> {
    /// Where what is found of a task goes: it has the last word about itself.
    fn of(&mut self, task: &TaskSpec) -> Report<'_> {
        Report { levels: self.levels, own: task.levels, diagnostics: self.diagnostics }
    }

    /// Whether anybody wants to know.
    fn wants(&self, lint: Lint) -> bool {
        self.severity(lint).is_some()
    }

    fn severity(&self, lint: Lint) -> Option<Severity> {
        let own = self.own.iter().find(|(of, _)| *of == lint).map(|(_, level)| *level);
        match own.or(self.levels.get(lint.code).copied()).or(lint.level) {
            Some(Level::Deny) => Some(Severity::Error),
            Some(Level::Warn) => Some(Severity::Warning),
            Some(Level::Allow) | None => None,
        }
    }

    fn push(&mut self, lint: Lint, origin: Origin, message: String, help: impl Into<String>) {
        if let Some(severity) = self.severity(lint) {
            let found = Diagnostic::error(Code::new(lint.code), Place::Rust(origin.into()), message);
            self.diagnostics.push(Diagnostic { severity, ..found.with_help(help) });
        }
    }
}
