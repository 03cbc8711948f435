//! Symbolic values: what a workflow's variables are while the workflow is being built.
//! Separate from `flow` because values are pure: they have a shape and an expression, and no place in time.

mod fault;

mod change;
mod construct;
mod constructor;
mod conversion;
mod describe;
mod jsonata;
mod map;
mod method;
mod moment;
mod number;
mod operator;
mod option;
mod pattern;
mod symbolic;
mod telling;
mod text;
mod typed;

use crate::ir::{Expr, VariableId};
use crate::shape::STORED;
use crate::{ArgValue, Origin, Shape};

pub use construct::{
    Constant, Probe, Typed, Untyped, VariantFields, array, concat, literal, never, record, record_with,
    shape_of, tuple, variant,
};
pub use constructor::{Constructor, shape_of_constructor};
pub(crate) use fault::Fault;
pub use jsonata::jsonata;
pub(crate) use map::entry;
pub use map::{json_array, json_object, map_of};
pub(crate) use method::COUNT;
pub(crate) use option::is_not_null;
pub use pattern::ValuePattern;
pub use symbolic::Symbolic;
pub use text::Align;
pub use typed::{Number, Ordered, Val, ValOf};

/// A symbolic value whose Rust type is known only as a [`Shape`]: what [`Val`] is a typed skin of.
///
/// It is what a `#[workflow]` function is rebuilt with, and what generated workflows use. No operation fails on the
/// spot: a value that cannot be said in JSONata carries the reason, and the [`Flow`](crate::Flow) that uses it
/// reports it as a diagnostic.
///
/// ```
/// use sfn_core::{AnyVal, literal};
///
/// let total: AnyVal = literal(40).add(&literal(2));
/// assert_eq!(total.as_literal().unwrap(), 42);
/// ```
#[derive(Clone, Debug)]
pub struct AnyVal {
    pub(crate) expr: Expr,
    pub(crate) shape: Shape,
    pub(crate) inside: Inside,
    pub(crate) faults: Vec<Fault>,
}

/// What is known of the parts of a tuple or an array that was put together here: no function makes their shape.
#[derive(Clone, Debug)]
pub(crate) enum Inside {
    /// What the shape says.
    Shape,
    /// The places of a tuple.
    Places(Vec<AnyVal>),
    /// An item of an array, whichever it is.
    Items(Box<AnyVal>),
    /// What an option is made of.
    Option(Box<Optional>),
    /// There is none: no way leads to where it would be made.
    Never,
}

/// An option that was calculated here: when it holds something, and what.
#[derive(Clone, Debug)]
pub(crate) struct Optional {
    /// What the other two mention.
    pub(crate) bindings: Vec<(VariableId, Expr)>,
    pub(crate) present: Expr,
    pub(crate) held: AnyVal,
}

impl AnyVal {
    pub(crate) fn new(expr: Expr, shape: Shape) -> Self {
        Self { expr, shape, inside: Inside::Shape, faults: Vec::new() }
    }

    /// A value that cannot be, and why.
    pub(crate) fn poison(shape: Shape, fault: Fault) -> Self {
        Self { faults: vec![fault], ..Self::new(Expr::null(), shape) }
    }

    /// A value of the same shape, whose parts are those of an expression.
    pub(crate) fn standing_for(&self, expr: Expr) -> Self {
        let inside = match &self.inside {
            Inside::Places(places) => {
                let parts = places.iter().enumerate();
                Inside::Places(parts.map(|(at, part)| part.standing_for(Expr::index(&expr, at))).collect())
            }
            Inside::Option(option) => {
                let held = option.held.standing_for(expr.clone());
                let present = if held.is_never() { Expr::literal(false) } else { option::is_not_null(&expr) };
                Inside::Option(Box::new(Optional { bindings: Vec::new(), present, held }))
            }
            other => other.clone(),
        };
        Self { expr, inside, ..self.clone() }
    }

    /// The same with faults of its own.
    pub(crate) fn with_faults(mut self, faults: Vec<Fault>) -> Self {
        self.faults.extend(faults);
        self
    }

    /// The same with the faults of what it was made of.
    pub(crate) fn with_faults_of<'a>(mut self, parts: impl IntoIterator<Item = &'a Self>) -> Self {
        for fault in parts.into_iter().flat_map(|part| &part.faults) {
            if !self.faults.iter().any(|known| known.same(fault)) {
                self.faults.push(fault.clone());
            }
        }
        self
    }

    /// A constant of a shape, already as JSON.
    ///
    /// ```
    /// use sfn_core::{AnyVal, Shape};
    ///
    /// let name = AnyVal::constant(serde_json::json!("Ada"), Shape::String);
    /// assert_eq!(name.as_literal().unwrap(), "Ada");
    /// ```
    pub fn constant(value: serde_json::Value, shape: Shape) -> Self {
        Self::new(Expr::literal(value), shape)
    }

    /// A constant that could not be written as JSON, and why: reported where it is used.
    pub fn unserializable(reason: &str) -> Self {
        Self::poison(
            Shape::Any,
            Fault::new(
                "unserializable-value",
                format!("this value cannot be written as JSON: {reason}"),
                "pass a value whose `Serialize` succeeds",
            ),
        )
    }

    /// The value of a block that does not end: one that returns or fails on every path.
    pub fn never() -> Self {
        Self { inside: Inside::Never, ..Self::new(Expr::null(), Shape::Null) }
    }

    /// `()`.
    pub fn unit() -> Self {
        Self::new(Expr::null(), Shape::Null)
    }

    /// The argument of a call or an operation, whichever way it was given.
    pub(crate) fn of_argument(argument: ArgValue, shape: Shape) -> Self {
        match argument {
            ArgValue::Json(json) => Self::constant(json, shape),
            ArgValue::Unfit(failed) => Self::unserializable(failed.cause()),
            ArgValue::Symbolic(value) => value,
        }
    }

    /// A list of items such as one of them, which has no faults of its own: the list has them.
    pub(crate) fn list(expr: Expr, item: Self) -> Self {
        let faults = item.faults.clone();
        let item = Box::new(Self { faults: Vec::new(), ..item });
        Self { inside: Inside::Items(item), faults, ..Self::new(expr, Shape::Array(|| Shape::Any)) }
    }

    /// An item of a list, wherever it stands.
    pub(crate) fn item(&self) -> Option<Self> {
        match (&self.inside, &self.shape) {
            (_, Shape::Map(_)) => None,
            (Inside::Items(item), _) => Some(Self::clone(item)),
            (_, Shape::Array(item)) => Some(Self::new(Expr::null(), item())),
            // `[T; n]` is a tuple of places of one type.
            (_, Shape::Tuple(places)) => {
                let (first, others) = places.split_first()?;
                let is_one_type = others.iter().all(|other| std::ptr::fn_addr_eq(*other, *first));
                is_one_type.then(|| Self::new(Expr::null(), first()))
            }
            _ => None,
        }
    }

    /// Whether it is `()` itself, which no block needs to hand on.
    pub(crate) fn is_unit(&self) -> bool {
        matches!(self.shape, Shape::Null) && self.as_literal().is_some()
    }

    /// The wire description of the value.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// The JSON, where the value is a constant.
    pub fn as_literal(&self) -> Option<&serde_json::Value> {
        self.expr.as_literal()
    }

    /// The same value; faults that have no Rust place yet get this one.
    ///
    /// A macro calls it on each operation, so that a refused `a / b` is underlined and not its whole statement.
    pub fn at(mut self, origin: Origin) -> Self {
        self.faults = self.faults.into_iter().map(|fault| fault.at(origin)).collect();
        self
    }

    /// The field of a Rust name.
    ///
    /// A field that may be absent on the wire reads as its default (`null` for an `Option`).
    pub fn field(&self, name: &str) -> Self {
        if let Some(inner) = self.unwrapped(name) {
            return inner;
        }
        let record = match (&self.shape, name.parse()) {
            (Shape::Record(record), _) => record,
            (Shape::Tuple(_), Ok(place)) => return self.index(place),
            (shape, _) => return self.refuse_access(&format!("field `{name}`"), shape),
        };
        let Some(field) = record.field(name) else {
            if record.fields.iter().any(|field| field.wire == STORED) {
                return self.refuse(Fault::new(
                    "stored-value-read",
                    format!(
                        "`{name}` is read from a stored value, of which only a reference may have travelled"
                    ),
                    "read it in a task, or let it stand in the value's `Summary` and write `.summary()`",
                ));
            }
            let known = describe::list(record.fields.iter().map(|field| field.name));
            return self.refuse(Fault::new(
                "unknown-field",
                format!("`{}` has no field `{name}`", record.name),
                format!("use one of its fields: {known}"),
            ));
        };
        if field.skipped {
            return self.refuse(Fault::new(
                "skipped-field",
                format!("field `{name}` of `{}` never travels: serde skips it", record.name),
                "read it inside a task, or remove `#[serde(skip)]`",
            ));
        }
        let shape = (field.shape)();
        let expr = if field.flatten {
            self.flattened(&shape)
        } else {
            Expr::field(&self.expr, field.wire, field.default.map(|default| default()))
        };
        Self::new(expr, shape).with_faults_of([self])
    }

    /// What a flattened field is: an object of the fields that stand in this one.
    fn flattened(&self, shape: &Shape) -> Expr {
        if let Shape::Newtype(newtype) = shape {
            return self.flattened(&(newtype.inner)());
        }
        let Shape::Record(record) = shape else { return self.expr.clone() };
        let inner = Self::new(self.expr.clone(), shape.clone());
        let entries = record
            .fields
            .iter()
            .filter(|field| !field.skipped)
            .map(|field| (field.wire.to_owned(), inner.field(field.name).expr));
        Expr::new(crate::ir::ExprKind::Object(entries.collect()))
    }

    /// What a struct around one value holds, which is on the wire what the struct is.
    fn unwrapped(&self, name: &str) -> Option<Self> {
        match &self.shape {
            Shape::Newtype(newtype) if newtype.field == name => {
                Some(Self::new(self.expr.clone(), (newtype.inner)()).with_faults_of([self]))
            }
            Shape::Any | Shape::Tuple(_) | Shape::Newtype(_) => None,
            // Nothing else has a `.0` but a struct around it.
            _ => (name == "0").then(|| self.clone()),
        }
    }

    /// The element of a tuple, or what a struct around one value holds: `.0`, `.1`.
    pub fn index(&self, index: usize) -> Self {
        if let Inside::Places(places) = &self.inside
            && let Some(place) = places.get(index)
        {
            return place.clone();
        }
        if let Some(inner) = self.unwrapped(&index.to_string()) {
            return inner;
        }
        let Shape::Tuple(places) = &self.shape else {
            return self.refuse_access(&format!("place `.{index}`"), &self.shape);
        };
        let Some(shape) = places.get(index) else {
            return self.refuse(Fault::new(
                "unknown-field",
                format!("a tuple of {} has no place `.{index}`", places.len()),
                format!("use `.0` to `.{}`", places.len().saturating_sub(1)),
            ));
        };
        Self::new(Expr::index(&self.expr, index), shape()).with_faults_of([self])
    }

    fn refuse_access(&self, what: &str, shape: &Shape) -> Self {
        self.refuse(Fault::new(
            "not-a-record",
            format!("{what} is read from {}, which has none", describe::shape(shape)),
            "read fields of structs only, or do it inside a task",
        ))
    }

    /// A poisoned value in this one's place; one mistake is reported once, and none of what is never there.
    fn refuse(&self, fault: Fault) -> Self {
        if self.is_never() {
            return self.clone();
        }
        if self.faults.is_empty() {
            return Self::poison(Shape::Any, fault);
        }
        Self::new(Expr::null(), Shape::Any).with_faults_of([self])
    }
}
