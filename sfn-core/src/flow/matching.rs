//! A match on a task's result: one block for a success, one for each group of failures.
//! Separate because its arms become Catchers, whose order is theirs.

use super::recording::Recorded;
use super::{Flow, Step};
use crate::error::name;
use crate::ir::{Arm, Block, CATCH_ALL, Expr, NodeKind, VariableRole};
use crate::shape::{Field, Record};
use crate::{AnyVal, ErrorSpec, Origin, Shape, Symbolic, Task, TaskError, Val};

/// The failures of one arm: `Err(Failure::Task(PaymentDeclined { .. }) | Failure::Timeout)`.
///
/// ```
/// use sfn_core::Caught;
///
/// let caught = Caught::new().variant("PaymentDeclined").timeout();
/// # let _ = caught;
/// ```
#[derive(Clone, Debug, Default)]
pub struct Caught {
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
enum Part {
    Variant(String),
    Task,
    Name(&'static str),
}

impl Caught {
    /// No failure yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// And a declared error, by the Rust name of its variant.
    pub fn variant(self, variant: &str) -> Self {
        self.and(Part::Variant(variant.to_owned()))
    }

    /// And every declared error: `Failure::Task(_)`.
    pub fn task(self) -> Self {
        self.and(Part::Task)
    }

    /// And `Failure::Timeout`.
    pub fn timeout(self) -> Self {
        self.and(Part::Name(name::TIMEOUT))
    }

    /// And `Failure::HeartbeatTimeout`.
    pub fn heartbeat_timeout(self) -> Self {
        self.and(Part::Name(name::HEARTBEAT_TIMEOUT))
    }

    fn and(mut self, part: Part) -> Self {
        self.parts.push(part);
        self
    }
}

/// A match on a task's result under construction; [`end`](Self::end) records it.
///
/// A failure that no arm names ends the workflow, as `?` does.
#[derive(Debug)]
#[must_use = "a match is recorded by `end`"]
pub struct Matching<'f, T: Task, V> {
    step: Step<'f, T>,
    ok: Option<Recorded>,
    arms: Vec<(Arm, Recorded)>,
    value: std::marker::PhantomData<fn() -> V>,
}

impl<'f, T: Task, V: Symbolic> Matching<'f, T, V> {
    pub(super) fn new(step: Step<'f, T>) -> Self {
        Self { step, ok: None, arms: Vec::new(), value: std::marker::PhantomData }
    }

    /// Sets the Rust place of the arm that follows, as [`Flow::at`] does for statements.
    pub fn at(self, origin: Origin) -> Self {
        self.step.flow.at(origin);
        self
    }

    /// The arm `Ok(name) => ..`.
    pub fn ok(self, name: &str, body: impl FnOnce(&mut Flow, Val<T::Output>) -> V) -> Self {
        self.ok_any(name, |flow, output| body(flow, Val::from_erased(output)))
    }

    /// As [`ok`](Self::ok), the output erased.
    pub fn ok_any(mut self, name: &str, body: impl FnOnce(&mut Flow, AnyVal) -> V) -> Self {
        self.step = self.step.bind(name);
        let output = self.step.output();
        self.ok = Some(self.step.flow.block(|flow| body(flow, output)));
        self
    }

    /// The arm of declared errors, by the Rust names of their variants; the block receives their fields.
    #[track_caller]
    pub fn error(self, variants: &[&str], body: impl FnOnce(&mut Flow, AnyVal) -> V) -> Self {
        let caught = variants.iter().fold(Caught::new(), |caught, variant| caught.variant(variant));
        self.caught(caught, body)
    }

    /// The arm `Err(Failure::Timeout) => ..`.
    #[track_caller]
    pub fn timeout(self, body: impl FnOnce(&mut Flow) -> V) -> Self {
        self.caught(Caught::new().timeout(), |flow, _| body(flow))
    }

    /// The arm `Err(Failure::HeartbeatTimeout) => ..`.
    #[track_caller]
    pub fn heartbeat_timeout(self, body: impl FnOnce(&mut Flow) -> V) -> Self {
        self.caught(Caught::new().heartbeat_timeout(), |flow, _| body(flow))
    }

    /// The arm of several kinds of failures; the block receives the fields of the declared ones.
    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "the arm's pattern is written in place")]
    pub fn caught(self, caught: Caught, body: impl FnOnce(&mut Flow, AnyVal) -> V) -> Self {
        let origin = self.step.flow.here();
        let taken: Vec<&str> =
            self.arms.iter().flat_map(|(arm, _)| &arm.errors).map(String::as_str).collect();
        let declared = declared(self.step.flow, origin, &caught, T::Error::ERRORS, &taken);
        let mut errors: Vec<String> = declared.iter().map(|error| error.name.to_owned()).collect();
        errors.extend(caught.parts.iter().filter_map(|part| match part {
            Part::Name(name) => Some((*name).to_owned()),
            Part::Variant(_) | Part::Task => None,
        }));
        let id = self.step.flow.variable(None, "fields", VariableRole::Fleeting);
        let fields = AnyVal::new(Expr::variable(id), fields_shape(&declared));
        let arm = Arm { origin, errors, fields: Some(id), failure: None, body: Block::default() };
        self.push(arm, |flow| body(flow, fields))
    }

    /// The arm of every failure not yet named: `Err(name) => ..`; the block may [rethrow](Flow::rethrow) it.
    #[track_caller]
    pub fn any(self, name: &str, body: impl FnOnce(&mut Flow, AnyVal) -> V) -> Self {
        let origin = self.step.flow.here();
        let id = self.step.flow.variable(Some(name), "failure", VariableRole::Bound);
        let failure = AnyVal::new(Expr::variable(id), failure_shape());
        let errors = vec![CATCH_ALL.to_owned()];
        let arm = Arm { origin, errors, fields: None, failure: Some(id), body: Block::default() };
        self.push(arm, |flow| body(flow, failure))
    }

    fn push(mut self, arm: Arm, body: impl FnOnce(&mut Flow) -> V) -> Self {
        let recorded = self.step.flow.block(body);
        self.arms.push((arm, recorded));
        self
    }

    /// Records the match and gives its value.
    #[track_caller]
    pub fn end(self) -> V {
        let Self { step, ok, mut arms, value: _ } = self.with_heartbeats_apart();
        let Step { flow, origin, mut call, .. } = step;
        let mut ok = ok.unwrap_or_else(|| Recorded { block: Block::default(), value: AnyVal::unit() });
        let mut blocks: Vec<&mut Recorded> = vec![&mut ok];
        blocks.extend(arms.iter_mut().map(|(_, recorded)| recorded));
        let (variable, value) = flow.merge(origin, call.spec.name, &mut blocks);
        call.value = variable;
        call.ok = Some(ok.block);
        call.arms = arms.into_iter().map(|(arm, recorded)| Arm { body: recorded.block, ..arm }).collect();
        flow.push(origin, NodeKind::Task(Box::new(call)));
        V::from_any(value)
    }
}

impl<T: Task, V: Symbolic> Matching<'_, T, V> {
    /// An arm for timeouts alone would take missed heartbeats too on the service: one more arm hands those on.
    #[track_caller]
    fn with_heartbeats_apart(self) -> Self {
        let names =
            |wanted: &str| self.arms.iter().any(|(arm, _)| arm.errors.iter().any(|name| name == wanted));
        let apart = names(name::HEARTBEAT_TIMEOUT) || names(CATCH_ALL);
        if self.step.call.heartbeat.is_none() || !names(name::TIMEOUT) || apart {
            return self;
        }
        self.any("failure", |flow, failure| {
            flow.rethrow(failure);
            V::from_any(AnyVal::unit())
        })
    }
}

/// The declared errors an arm names; a variant that does not exist is reported. `Failure::Task(_)` names what the arms
/// in front have left.
fn declared(
    flow: &mut Flow,
    origin: Origin,
    caught: &Caught,
    errors: &'static [ErrorSpec],
    taken: &[&str],
) -> Vec<&'static ErrorSpec> {
    let mut declared: Vec<&'static ErrorSpec> = Vec::new();
    for part in &caught.parts {
        match part {
            Part::Name(_) => {}
            Part::Task => {
                let left = errors.iter().filter(|error| !taken.contains(&error.name));
                declared.extend(left);
                if declared.is_empty() {
                    declared.extend(errors);
                }
            }
            Part::Variant(variant) => {
                let known = errors.iter().find(|error| error.variant == variant);
                if known.is_none() {
                    let message = format!("the task declares no error `{variant}`");
                    flow.report("unknown-error", origin, message, &known_errors(errors));
                }
                declared.extend(known);
            }
        }
    }
    declared
}

fn known_errors(errors: &[ErrorSpec]) -> String {
    let known: Vec<_> = errors.iter().map(|error| format!("`{}`", error.variant)).collect();
    if known.is_empty() {
        "the task declares no errors".to_owned()
    } else {
        format!("use one of {}", known.join(", "))
    }
}

/// The fields that all of these errors carry under the same name.
fn fields_shape(errors: &[&'static ErrorSpec]) -> Shape {
    let Some((first, others)) = errors.split_first() else { return Shape::Null };
    let shared = first.fields.iter().filter(|field| {
        others.iter().all(|error| {
            error.fields.iter().any(|other| (other.name, other.wire) == (field.name, field.wire))
        })
    });
    if first.fields.first().is_some_and(|field| field.wire == "0") {
        return Shape::Tuple(shared.map(|field| field.shape).collect());
    }
    let fields = shared.map(|field| field_of(field.name, field.wire, field.shape)).collect();
    Shape::Record(Record { name: first.variant, id: first.name, fields })
}

/// What a caught failure is on the wire: the service's error output.
pub(super) fn failure_shape() -> Shape {
    let text = <String as crate::Payload>::shape;
    let fields = vec![field_of("error", "Error", text), field_of("cause", "Cause", text)];
    Shape::Record(Record { name: "Failed", id: "sfn_core::Failed", fields })
}

fn field_of(name: &'static str, wire: &'static str, shape: crate::ShapeOf) -> Field {
    let optional = matches!(shape(), Shape::Option(_));
    let default: Option<fn() -> serde_json::Value> = optional.then_some(|| serde_json::Value::Null);
    Field { default, ..Field::required(name, wire, shape) }
}
