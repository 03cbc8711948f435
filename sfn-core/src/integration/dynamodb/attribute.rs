//! Between JSON and DynamoDB's AttributeValues, by shape: `{"total": 5}` is `{"total": {"N": "5"}}`.
//! Separate because it is a codec of its own, in both directions, written as JSONata.

use std::fmt::Write;

use serde_json::Value;

use crate::ir::{Expr, ExprKind};
use crate::shape::{Content, Field, Tagging};
use crate::{AnyVal, Shape};

/// Any JSON as an AttributeValue, by its type when the workflow runs.
const TO_ANY: &str = "($attribute := function($json) {$type($json) = 'string' ? {'S': $json} : \
    $type($json) = 'number' ? {'N': $string($json)} : $type($json) = 'boolean' ? {'BOOL': $json} : \
    $type($json) = 'array' ? {'L': [$map($json, $attribute)]} : \
    $type($json) = 'object' ? {'M': $merge([$each($json, function($value, $key) {{$key: $attribute($value)}})])} : \
    {'NULL': true}}; $attribute(@))";

/// Any AttributeValue as JSON, by its type when the workflow runs.
const FROM_ANY: &str = "($plain := function($attribute) {$exists($attribute.S) ? $attribute.S : \
    $exists($attribute.N) ? $number($attribute.N) : $exists($attribute.BOOL) ? $attribute.BOOL : \
    $exists($attribute.L) ? [$map($attribute.L, $plain)[]] : \
    $exists($attribute.M) ? $merge([$each($attribute.M, function($value, $key) {{$key: $plain($value)}})]) : \
    $exists($attribute.SS) ? [$attribute.SS] : \
    $exists($attribute.NS) ? [$map($attribute.NS, function($value) {$number($value)})] : null}; $plain(@))";

/// A value as the attributes of an item.
pub(super) fn to_item(value: &AnyVal) -> AnyVal {
    let item = match resolved(value.shape().clone()) {
        Shape::Record(record) if !record.fields.iter().any(|field| field.flatten) => {
            let fields = record.fields.iter().filter(|field| !field.skipped);
            let entries = fields.map(|field| {
                let inner = value.field(field.name);
                (field.wire.to_owned(), to_attribute(&inner).expr)
            });
            Expr::new(ExprKind::Object(entries.collect()))
        }
        shape => raw(&format!("{}.M", Writer::default().attribute(&shape, "$item")), "item", value),
    };
    AnyVal::new(item, Shape::Any).with_faults_of([value])
}

/// A value as an AttributeValue.
pub(super) fn to_attribute(value: &AnyVal) -> AnyVal {
    let tagged = |tag: &str, of: Expr| Expr::new(ExprKind::Object(vec![(tag.to_owned(), of)]));
    let shape = resolved(value.shape().clone());
    let attribute = match (tag(&shape), &shape) {
        (Some("S"), _) => tagged("S", value.expr.clone()),
        (Some("BOOL"), _) => tagged("BOOL", value.expr.clone()),
        (Some("N"), _) => tagged("N", value.to_text().expr),
        (_, Shape::Record(_)) => tagged("M", to_item(value).expr),
        _ => raw(&Writer::default().attribute(&shape, "$value"), "value", &present(value, &shape)),
    };
    AnyVal::new(attribute, Shape::Any).with_faults_of([value])
}

/// The attributes of an item as a value of a shape.
pub(super) fn from_item(shape: Shape, item: &Expr) -> AnyVal {
    let of = AnyVal::new(item.clone(), Shape::Any);
    let expr = match &shape {
        Shape::Record(record) if !record.fields.iter().any(|field| field.flatten) => {
            let fields = record.fields.iter().filter(|field| !field.skipped);
            let entries = fields.map(|field| {
                let text = Writer::default().field(field, "$item");
                (field.wire.to_owned(), raw(&text, "item", &of))
            });
            Expr::new(ExprKind::Object(entries.collect()))
        }
        shape => raw(&Writer::default().object(shape, "$item"), "item", &of),
    };
    AnyVal::new(expr, shape)
}

/// An option as it stands on the wire: what is not there is no more `null` than what is.
fn present(value: &AnyVal, shape: &Shape) -> AnyVal {
    match (shape, value.expr.kind()) {
        (Shape::Option(_), ExprKind::Field { of, wire, absent: Some(Value::Null) }) => {
            value.standing_for(Expr::field(of, wire, None))
        }
        _ => value.clone(),
    }
}

fn raw(text: &str, name: &str, of: &AnyVal) -> Expr {
    Expr::new(ExprKind::Raw { text: text.into(), names: vec![(name.to_owned(), of.expr.clone())] })
}

/// The shape of the JSON itself.
fn resolved(shape: Shape) -> Shape {
    match shape {
        Shape::Newtype(newtype) => resolved((newtype.inner)()),
        shape => shape,
    }
}

/// The type of the AttributeValue of a shape, where one can tell.
fn tag(shape: &Shape) -> Option<&'static str> {
    match shape {
        Shape::String | Shape::Timestamp => Some("S"),
        Shape::Integer(_) | Shape::Float | Shape::Float32 => Some("N"),
        Shape::Bool => Some("BOOL"),
        Shape::Null => Some("NULL"),
        Shape::Array(_) => Some("L"),
        Shape::Map(_) | Shape::Record(_) => Some("M"),
        Shape::Newtype(newtype) => tag(&(newtype.inner)()),
        Shape::Enum(enumeration) => {
            let is_text = enumeration.tagging == Tagging::External
                && enumeration.variants.iter().all(|variant| matches!(variant.content, Content::Unit));
            is_text.then_some("S")
        }
        Shape::Any | Shape::Option(_) | Shape::Tuple(_) => None,
    }
}

/// Writes the codec of a shape as JSONata, over a path to the value.
#[derive(Default)]
struct Writer {
    /// How many lambdas are open: each names its parameters by it.
    depth: usize,
    /// The records that are open: one that holds itself is told apart only when the workflow runs.
    open: Vec<&'static str>,
}

impl Writer {
    fn attribute(&mut self, shape: &Shape, at: &str) -> String {
        match shape {
            Shape::Newtype(newtype) => self.attribute(&(newtype.inner)(), at),
            Shape::Option(inner) => {
                format!("{at} != null ? {} : {{'NULL': true}}", self.attribute(&inner(), at))
            }
            Shape::Null => "{'NULL': true}".to_owned(),
            Shape::Array(item) => {
                format!("{{'L': [{}]}}", self.each(at, |writer, each| writer.attribute(&item(), each)))
            }
            Shape::Map(value) => {
                format!("{{'M': {}}}", self.entries(at, |writer, each| writer.attribute(&value(), each)))
            }
            Shape::Record(record) if self.opens(record.id, &record.fields) => {
                let entries: Vec<String> = record
                    .fields
                    .iter()
                    .filter(|field| !field.skipped)
                    .map(|field| {
                        let place = format!("{at}.{}", name(field.wire));
                        format!("{}: {}", quoted(field.wire), self.attribute(&(field.shape)(), &place))
                    })
                    .collect();
                self.open.pop();
                format!("{{'M': {{{}}}}}", entries.join(", "))
            }
            shape => match tag(shape) {
                Some("S") => format!("{{'S': {at}}}"),
                Some("N") => format!("{{'N': $string({at})}}"),
                Some("BOOL") => format!("{{'BOOL': {at}}}"),
                _ => TO_ANY.replace('@', at),
            },
        }
    }

    fn plain(&mut self, shape: &Shape, at: &str) -> String {
        match shape {
            Shape::Newtype(newtype) => self.plain(&(newtype.inner)(), at),
            Shape::Option(inner) => {
                let shape = resolved(inner());
                let there = tag(&shape).map_or_else(|| at.to_owned(), |tag| format!("{at}.{tag}"));
                format!("$exists({there}) ? {} : null", self.plain(&shape, at))
            }
            Shape::Null => "null".to_owned(),
            Shape::Array(item) => {
                let nested = matches!(
                    resolved(item()),
                    Shape::Array(_) | Shape::Tuple(_) | Shape::Any | Shape::Enum(_)
                );
                let keep = if nested { "[]" } else { "" };
                format!(
                    "[{}{keep}]",
                    self.each(&format!("{at}.L"), |writer, each| writer.plain(&item(), each))
                )
            }
            Shape::Record(_) | Shape::Map(_) => self.object(shape, &format!("{at}.M")),
            shape => match tag(shape) {
                Some("N") => format!("$number({at}.N)"),
                Some(tag) => format!("{at}.{tag}"),
                None => FROM_ANY.replace('@', at),
            },
        }
    }

    /// What an object is, over the path to its attributes.
    fn object(&mut self, shape: &Shape, at: &str) -> String {
        match shape {
            Shape::Newtype(newtype) => self.object(&(newtype.inner)(), at),
            Shape::Map(value) => self.entries(at, |writer, each| writer.plain(&value(), each)),
            Shape::Record(record) if self.opens(record.id, &record.fields) => {
                let entries: Vec<String> = record
                    .fields
                    .iter()
                    .filter(|field| !field.skipped)
                    .map(|field| format!("{}: {}", quoted(field.wire), self.field(field, at)))
                    .collect();
                self.open.pop();
                format!("{{{}}}", entries.join(", "))
            }
            _ => FROM_ANY.replace('@', &format!("{{'M': {at}}}")),
        }
    }

    /// A field, or what its absence means.
    fn field(&mut self, field: &Field, at: &str) -> String {
        let (shape, place) = (resolved((field.shape)()), format!("{at}.{}", name(field.wire)));
        let value = self.plain(&shape, &place);
        match field.default.map(|default| default()) {
            Some(absent) if !matches!((&shape, &absent), (Shape::Option(_), Value::Null)) => {
                let there = tag(&shape).map_or_else(|| place.clone(), |tag| format!("{place}.{tag}"));
                format!("$exists({there}) ? {value} : {absent}")
            }
            _ => value,
        }
    }

    fn opens(&mut self, id: &'static str, fields: &[Field]) -> bool {
        let opens = !self.open.contains(&id) && !fields.iter().any(|field| field.flatten);
        if opens {
            self.open.push(id);
        }
        opens
    }

    fn each(&mut self, at: &str, item: impl FnOnce(&mut Self, &str) -> String) -> String {
        let name = self.parameter("item");
        let body = item(self, &name);
        self.depth -= 1;
        format!("$map({at}, function({name}) {{{body}}})")
    }

    fn entries(&mut self, at: &str, value: impl FnOnce(&mut Self, &str) -> String) -> String {
        let name = self.parameter("value");
        let key = name.replace("value", "key");
        let body = value(self, &name);
        self.depth -= 1;
        format!("$merge([$each({at}, function({name}, {key}) {{{{{key}: {body}}}}})])")
    }

    fn parameter(&mut self, hint: &str) -> String {
        self.depth += 1;
        let mut name = format!("${hint}");
        if self.depth > 1 {
            // Writing to a string cannot fail.
            let _ = write!(name, "{}", self.depth);
        }
        name
    }
}

/// A name of a field in a path.
fn name(wire: &str) -> String {
    let plain = wire.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        && wire.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && !matches!(wire, "and" | "or" | "in" | "true" | "false" | "null" | "function");
    if plain { wire.to_owned() } else { format!("`{wire}`") }
}

/// A text in quotes.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
