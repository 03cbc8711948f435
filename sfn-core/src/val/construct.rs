//! Values made of others: constants, text, tuples, arrays, structs and enum variants.
//! Separate because construction is where Rust names turn into wire names.

use serde_json::Value;

use super::{AnyVal, Fault, Inside, describe};
use crate::ir::{Element, Expr, ExprKind, Operator};
use crate::shape::{Content, Field, Tagging, Variant};
use crate::{Payload, Shape};

/// A Rust constant that a workflow may mention: any payload, or a `&str`.
pub trait Constant {
    /// The symbolic value of the constant.
    fn constant(&self) -> AnyVal;
}

impl<T: Payload> Constant for T {
    fn constant(&self) -> AnyVal {
        match serde_json::to_value(self) {
            Ok(value) => AnyVal::constant(value, T::shape()),
            Err(error) => AnyVal::unserializable(&error.to_string()),
        }
    }
}

impl<T: Payload> Constant for &[T] {
    fn constant(&self) -> AnyVal {
        let items = self.iter().map(Constant::constant).collect::<Vec<_>>();
        super::array(items).declared(&Shape::Array(T::shape))
    }
}

impl Constant for &[&str] {
    fn constant(&self) -> AnyVal {
        super::array(self.iter().map(Constant::constant).collect())
    }
}

impl<const N: usize> Constant for [&str; N] {
    fn constant(&self) -> AnyVal {
        self.as_slice().constant()
    }
}

impl Constant for &str {
    fn constant(&self) -> AnyVal {
        AnyVal::constant(Value::from(*self), Shape::String)
    }
}

/// A Rust constant as a symbolic value.
///
/// ```
/// use sfn_core::literal;
///
/// assert_eq!(literal("EUR").as_literal().unwrap(), "EUR");
/// assert_eq!(literal(50_000).as_literal().unwrap(), 50_000);
/// ```
#[expect(clippy::needless_pass_by_value, reason = "a call reads as the constant itself: `literal(LIMIT)`")]
pub fn literal(constant: impl Constant) -> AnyVal {
    constant.constant()
}

/// Texts one after the other: what `format!` makes of its pieces.
///
/// ```
/// use sfn_core::{concat, literal};
///
/// let text = concat(vec![literal("order "), literal(7)]);
/// assert_eq!(text.as_literal().unwrap(), "order 7");
/// ```
#[expect(clippy::needless_pass_by_value, reason = "the parts are listed in place")]
pub fn concat(parts: Vec<AnyVal>) -> AnyVal {
    let mut pieces: Vec<Expr> = Vec::new();
    let mut literal: Option<String> = None;
    let mut all_strings = true;
    if parts.iter().any(AnyVal::is_never) {
        return AnyVal::never();
    }
    for part in &parts {
        if part.faults.is_empty()
            && let Some(fault) = part.unless_text()
        {
            return AnyVal::poison(Shape::String, fault).with_faults_of(&parts);
        }
        let constant = part.as_literal().is_some().then(|| part.to_text());
        if let Some(text) = constant.as_ref().and_then(AnyVal::as_literal).and_then(Value::as_str) {
            literal.get_or_insert_default().push_str(text);
            continue;
        }
        pieces.extend(literal.take().filter(|text| !text.is_empty()).map(Expr::literal));
        let inner = match part.expr.kind() {
            ExprKind::Concat(inner) => inner.clone(),
            _ => vec![part.expr.clone()],
        };
        all_strings &= matches!(part.shape, Shape::String | Shape::Timestamp);
        pieces.extend(inner);
    }
    pieces.extend(literal.take().filter(|text| !text.is_empty()).map(Expr::literal));
    let expr = match pieces.as_slice() {
        [] => Expr::literal(""),
        [only] if all_strings => only.clone(),
        [only] => Expr::new(ExprKind::Text(only.clone())),
        _ => Expr::new(ExprKind::Concat(pieces)),
    };
    AnyVal::new(expr, Shape::String).with_faults_of(&parts)
}

/// A tuple of values.
///
/// Its places are read again with [`AnyVal::index`].
pub fn tuple(values: Vec<AnyVal>) -> AnyVal {
    let expr = Expr::new(ExprKind::Array(values.iter().map(element).collect()));
    let whole = AnyVal::new(expr, Shape::Any).with_faults_of(&values);
    AnyVal { inside: Inside::Places(values), ..whole }
}

/// An array of values of one type: `vec![..]`.
#[expect(clippy::needless_pass_by_value, reason = "the parts are listed in place")]
pub fn array(values: Vec<AnyVal>) -> AnyVal {
    let expr = Expr::new(ExprKind::Array(values.iter().map(element).collect()));
    match AnyVal::telling(&values) {
        Some(item) => AnyVal::list(expr, item).with_faults_of(&values),
        None => AnyVal::new(expr, Shape::Array(|| Shape::Any)),
    }
}

impl AnyVal {
    /// `from..end`: the list of its numbers.
    ///
    /// ```
    /// use sfn_core::{AnyVal, Definition, Flow, literal};
    ///
    /// let definition = Definition::from_flow("places", "", |flow: &mut Flow| {
    ///     let items = flow.input::<Vec<String>>("items").into_erased();
    ///     flow.succeed(AnyVal::range(&literal(0), &items.len()).rev());
    /// });
    /// let text = definition.lower().unwrap().machine.to_json_pretty();
    /// assert!(text.contains("{% $reverse([0..$count($states.input) - 1]) %}"), "{text}");
    /// ```
    pub fn range(from: &Self, end: &Self) -> Self {
        Self::range_to(from, end, Expr::binary(Operator::Subtract, &end.expr, &Expr::literal(1)))
    }

    /// `from..=last`: the list of its numbers.
    pub fn range_inclusive(from: &Self, last: &Self) -> Self {
        Self::range_to(from, last, last.expr.clone())
    }

    fn range_to(from: &Self, end: &Self, last: Expr) -> Self {
        let item = Self::telling([from, end]).unwrap_or_else(Self::never);
        let numbers = Expr::new(ExprKind::Range { from: from.expr.clone(), last });
        Self::list(numbers, item).with_faults_of([&from.lt(end)])
    }
}

/// A value as an element of an array literal.
pub(crate) fn element(value: &AnyVal) -> Element {
    let expr = value.expr.clone();
    match value.is_array() {
        Some(true) => Element::Array(expr),
        Some(false) => Element::Plain(expr),
        None => Element::Unknown(expr),
    }
}

impl AnyVal {
    /// Whether it is an array on the wire, where that is known.
    pub(crate) fn is_array(&self) -> Option<bool> {
        match &self.inside {
            Inside::Places(_) | Inside::Items(_) => Some(true),
            Inside::Option(option) if option.present.as_literal().is_some() => option.held.is_array(),
            Inside::Option(option) => option.held.is_array().filter(|array| !array),
            Inside::Shape => is_array(&self.shape),
            Inside::Never => Some(false),
        }
    }
}

/// Whether a value of this shape is an array on the wire, where that is known.
fn is_array(shape: &Shape) -> Option<bool> {
    match shape {
        Shape::Array(_) | Shape::Tuple(_) => Some(true),
        Shape::Any => None,
        Shape::Enum(enumeration) if enumeration.tagging == Tagging::Untagged => None,
        Shape::Option(inner) => is_array(&inner()).filter(|array| !array),
        Shape::Newtype(newtype) => is_array(&(newtype.inner)()),
        _ => Some(false),
    }
}

/// The shape of the type a closure would make; the closure is never called.
///
/// A macro writes `shape_of(|| Confirmation { ..never() })` to learn what it cannot see: the type.
///
/// ```
/// use sfn_core::{Shape, never, shape_of};
///
/// assert!(matches!(shape_of(|| Some(never::<u32>())), Shape::Option(_)));
/// ```
pub fn shape_of<T: Payload>(probe: impl FnOnce() -> T) -> Shape {
    drop(probe);
    T::shape()
}

/// The shape of a type that a macro names: what is no payload is told where the user names it, and nowhere else.
#[derive(Debug)]
pub struct Typed<T>(std::marker::PhantomData<T>);

impl<T: Payload> Typed<T> {
    /// The shape of a payload.
    pub fn shape_or_any() -> Shape {
        T::shape()
    }
}

/// The shape of a type that is no payload.
pub trait Untyped {
    /// Whatever it may be.
    fn shape_or_any() -> Shape {
        Shape::Any
    }
}

impl<T> Untyped for Typed<T> {}

/// A value of any type, for closures that are never called.
///
/// # Panics
/// Always, when it is called.
pub fn never<T>() -> T {
    unreachable!("`never` stands only in closures that nobody calls")
}

/// Gives every type an expression of that type by its path alone, for closures that are never called.
///
/// ```
/// use sfn_core::{Probe, Shape, shape_of};
///
/// assert!(matches!(shape_of(|| Vec::<u32>::__probe()), Shape::Array(_)));
/// ```
pub trait Probe: Sized {
    /// A value that is never made.
    fn __probe() -> Self {
        never()
    }
}

impl<T> Probe for T {}

/// A struct of its fields, by their Rust names (`"0"`, `"1"` for a tuple struct).
///
/// ```
/// use sfn_core::{Payload, literal, record};
///
/// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/point.in")); }
/// # use support::Point;
/// let point = record(Point::shape(), vec![("x", literal(3)), ("y", literal(4))]);
/// assert_eq!(point.field("y").as_literal().unwrap(), 4);
/// ```
#[expect(clippy::needless_pass_by_value, reason = "the parts are listed in place")]
pub fn record(shape: Shape, fields: Vec<(&'static str, AnyVal)>) -> AnyVal {
    let values = || fields.iter().map(|(_, value)| value);
    let made = match &shape {
        Shape::Record(record) => object(record.name, &record.fields, &fields),
        Shape::Tuple(_) => Ok(Expr::new(ExprKind::Array(values().map(element).collect()))),
        _ => match fields.as_slice() {
            [(_, only)] => Ok(only.expr.clone()),
            _ => Err(not_a_struct(&shape)),
        },
    };
    match made {
        Ok(expr) => AnyVal::new(expr, shape).with_faults_of(values()),
        Err(fault) => AnyVal::poison(shape, fault).with_faults_of(values()),
    }
}

/// A struct of some fields, the others taken from another: `Order { express: true, ..order }`.
///
/// ```
/// use sfn_core::{Payload, literal, record, record_with};
///
/// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/point.in")); }
/// # use support::Point;
/// let point = record(Point::shape(), vec![("x", literal(3)), ("y", literal(4))]);
/// let moved = record_with(Point::shape(), vec![("x", literal(5))], &point);
/// assert_eq!(moved.field("x").as_literal().unwrap(), 5);
/// assert_eq!(moved.field("y").as_literal().unwrap(), 4);
/// ```
pub fn record_with(shape: Shape, fields: Vec<(&'static str, AnyVal)>, base: &AnyVal) -> AnyVal {
    let base = AnyVal { shape, inside: Inside::Shape, ..base.clone() };
    let given = fields.into_iter();
    let (expr, faults) = given.fold((base.clone(), Vec::new()), |(made, mut faults), (name, value)| {
        faults.push(value.clone());
        (made.with(&[name], &value), faults)
    });
    expr.with_faults_of(&faults)
}

/// What stands in an enum variant.
#[derive(Clone, Debug)]
pub enum VariantFields {
    /// Nothing: `Event::Closed`.
    Unit,
    /// Unnamed values: `Event::Moved(x, y)`.
    Tuple(Vec<AnyVal>),
    /// Named values: `Event::Created { id }`.
    Struct(Vec<(&'static str, AnyVal)>),
}

impl VariantFields {
    fn values(&self) -> Vec<&AnyVal> {
        match self {
            Self::Unit => Vec::new(),
            Self::Tuple(values) => values.iter().collect(),
            Self::Struct(fields) => fields.iter().map(|(_, value)| value).collect(),
        }
    }
}

/// An enum variant by its Rust name, written as serde writes it.
#[expect(clippy::needless_pass_by_value, reason = "the parts are listed in place")]
pub fn variant(shape: Shape, name: &str, fields: VariantFields) -> AnyVal {
    let Shape::Enum(enumeration) = &shape else {
        return AnyVal::poison(shape.clone(), not_a_struct(&shape)).with_faults_of(fields.values());
    };
    let made = match enumeration.variant(name).filter(|variant| !variant.skipped) {
        Some(variant) => tagged(enumeration.tagging, variant, &fields),
        None => Err(Fault::new(
            "unknown-variant",
            format!("`{}` has no variant `{name}` that travels", enumeration.name),
            format!(
                "use one of: {}",
                describe::list(enumeration.variants.iter().map(|variant| variant.name))
            ),
        )),
    };
    let faulty = fields.values().into_iter().cloned().collect::<Vec<_>>();
    match made {
        Ok(expr) => AnyVal::new(expr, shape).with_faults_of(&faulty),
        Err(fault) => AnyVal::poison(shape, fault).with_faults_of(&faulty),
    }
}

fn tagged(tagging: Tagging, variant: &Variant, fields: &VariantFields) -> Result<Expr, Fault> {
    let wire = || Expr::literal(variant.wire);
    let content = match (&variant.content, fields) {
        (Content::Unit, _) => None,
        (Content::Struct(declared), VariantFields::Struct(values)) => {
            Some(object(variant.name, declared, values)?)
        }
        (Content::Newtype(_), VariantFields::Tuple(values)) if values.len() == 1 => {
            Some(values[0].expr.clone())
        }
        (_, VariantFields::Tuple(values)) => {
            Some(Expr::new(ExprKind::Array(values.iter().map(element).collect())))
        }
        _ => {
            return Err(Fault::new(
                "unknown-field",
                format!("variant `{}` is written with fields it does not have", variant.name),
                "write it as its enum declares it",
            ));
        }
    };
    let entries = match (tagging, content) {
        (Tagging::External, None) => return Ok(wire()),
        (Tagging::External, Some(content)) => vec![(variant.wire.to_owned(), content)],
        (Tagging::Untagged, content) => return Ok(content.unwrap_or_else(Expr::null)),
        (Tagging::Adjacent { tag, content: key }, content) => [(tag.to_owned(), wire())]
            .into_iter()
            .chain(content.map(|content| (key.to_owned(), content)))
            .collect(),
        (Tagging::Internal { tag }, content) => {
            let mut made = Made { entries: vec![(tag.to_owned(), wire())], others: Vec::new() };
            if let Some(content) = content {
                let shape = match &variant.content {
                    Content::Newtype(shape) => shape(),
                    _ => Shape::Any,
                };
                made.splice(variant.name, &AnyVal::new(content, shape))?;
            }
            return Ok(made.whole());
        }
    };
    Ok(Expr::new(ExprKind::Object(entries)))
}

fn object(name: &str, declared: &[Field], values: &[(&'static str, AnyVal)]) -> Result<Expr, Fault> {
    let unknown = values.iter().find(|(given, _)| !declared.iter().any(|field| field.name == *given));
    if let Some((given, _)) = unknown {
        let known = describe::list(declared.iter().map(|field| field.name));
        let message = format!("`{name}` has no field `{given}`");
        return Err(Fault::new("unknown-field", message, format!("use its fields: {known}")));
    }
    let mut made = Made::default();
    for field in declared.iter().filter(|field| !field.skipped) {
        let Some((_, value)) = values.iter().find(|(given, _)| field.name == *given) else {
            let message = format!("field `{}` of `{name}` has no value", field.name);
            return Err(Fault::new("missing-field", message, "give every field a value"));
        };
        let left_out = field.omitted && value.as_literal().is_some_and(Value::is_null);
        if field.flatten {
            made.splice(name, value)?;
        } else if !left_out {
            made.entries.push((field.wire.to_owned(), value.expr.clone()));
        }
    }
    Ok(made.whole())
}

/// An object being made: entries of its own, and structs flattened into it whose fields are not known one by one.
#[derive(Default)]
struct Made {
    entries: Vec<(String, Expr)>,
    others: Vec<Expr>,
}

impl Made {
    /// Flattens a value into the object.
    fn splice(&mut self, name: &str, value: &AnyVal) -> Result<(), Fault> {
        if let ExprKind::Object(entries) = value.expr.kind() {
            self.entries.extend(entries.iter().cloned());
            return Ok(());
        }
        match value.shape() {
            Shape::Newtype(newtype) => self.splice(name, &value.field(newtype.field)),
            Shape::Record(record) if value.expr.is_trivial() => {
                let travelling = record.fields.iter().filter(|field| !field.skipped && !field.flatten);
                self.entries
                    .extend(travelling.map(|field| (field.wire.to_owned(), value.field(field.name).expr)));
                Ok(())
            }
            Shape::Record(_) => {
                self.others.push(value.expr.clone());
                Ok(())
            }
            other => Err(Fault::new(
                "unsupported-flatten",
                format!("{} cannot be flattened into `{name}` here", describe::shape(other)),
                "flatten structs only, or build the value inside a task",
            )),
        }
    }

    fn whole(self) -> Expr {
        let own = Expr::new(ExprKind::Object(self.entries));
        if self.others.is_empty() {
            return own;
        }
        Expr::new(ExprKind::Merge([own].into_iter().chain(self.others).collect()))
    }
}

fn not_a_struct(shape: &Shape) -> Fault {
    Fault::new(
        "not-a-record",
        format!("{} cannot be built of fields", describe::shape(shape)),
        "build it inside a task and return it",
    )
}
