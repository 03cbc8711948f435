//! A match on what several things at once came to: one block for the success of all, one for the first failure.
//! Separate from a match on a task's result because branches declare no errors: their failure is one value.

use super::Flow;
use super::matching::failure_shape;
use super::recording::Recorded;
use crate::ir::{ChoiceKind, Expr, Operator, VariableId};
use crate::{AnyVal, Origin, Symbolic};

/// A match on the result of branches or iterations under construction; [`end`](Self::end) records it.
///
/// A failure for which there is no arm ends the workflow, as `?` does.
///
/// ```
/// use sfn_core::{Definition, literal};
/// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/greeting.in")); }
/// # use support::greet;
///
/// let definition = Definition::from_flow("greet-if-possible", "", |flow| {
///     let names = flow.input::<Vec<String>>("names");
///     let count = flow
///         .map(names, "name", |flow, name| flow.task(greet(&name)).run())
///         .matching()
///         .ok_any("greetings", |_, greetings| greetings.len())
///         .any("_", |_, _| literal(0))
///         .end();
///     flow.succeed(count);
/// });
/// let machine = definition.lower().unwrap().machine;
/// assert_eq!(machine.states.len(), 2, "a Map State, and one that ends with the failure's value");
/// ```
#[derive(Debug)]
#[must_use = "a match is recorded by `end`"]
pub struct Settled<'f, V> {
    flow: &'f mut Flow,
    origin: Origin,
    failure: VariableId,
    value: AnyVal,
    /// What did or did not fail, in words.
    what: String,
    ok: Option<Recorded>,
    failed: Option<Recorded>,
    gives: std::marker::PhantomData<fn() -> V>,
}

impl<'f, V: Symbolic> Settled<'f, V> {
    pub(super) fn new(
        flow: &'f mut Flow,
        origin: Origin,
        failure: VariableId,
        value: AnyVal,
        what: &str,
    ) -> Self {
        let what = what.replace('-', "_");
        Self { flow, origin, failure, value, what, ok: None, failed: None, gives: std::marker::PhantomData }
    }

    /// Sets the Rust place of the arm that follows, as [`Flow::at`] does for statements.
    pub fn at(self, origin: Origin) -> Self {
        self.flow.at(origin);
        self
    }

    /// The arm `Ok(name) => ..`.
    pub fn ok_any(mut self, name: &str, body: impl FnOnce(&mut Flow, AnyVal) -> V) -> Self {
        let value = self.value.clone();
        self.ok = Some(self.flow.block(|flow| {
            let value = if name == "_" { value } else { flow.let_(name, value) };
            body(flow, value)
        }));
        self
    }

    /// The arm of the failure: `Err(name) => ..`; the block may [rethrow](Flow::rethrow) it.
    pub fn any(mut self, name: &str, body: impl FnOnce(&mut Flow, AnyVal) -> V) -> Self {
        if name != "_" {
            self.flow.variables[self.failure.0 as usize].name = Some(name.to_owned());
        }
        let failure = AnyVal::new(Expr::variable(self.failure), failure_shape());
        self.failed = Some(self.flow.block(|flow| body(flow, failure)));
        self
    }

    /// Records the match and gives its value.
    pub fn end(self) -> V {
        let Self { flow, origin, failure, what, ok, failed, .. } = self;
        let failure = Expr::variable(failure);
        let failed = failed.unwrap_or_else(|| {
            flow.block(|flow| {
                flow.rethrow(AnyVal::new(failure.clone(), failure_shape()));
                AnyVal::unit()
            })
        });
        let condition = Expr::binary(Operator::NotEqual, &failure, &Expr::null());
        let (text, ok) = (format!("{what} failed"), ok.unwrap_or_else(Recorded::nothing));
        V::from_any(flow.choice(origin, ChoiceKind::If, text.trim(), vec![(condition, failed)], ok))
    }
}
