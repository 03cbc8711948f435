//! Patterns of a `match` on a value: what they ask of it, and what they bind.
//! Separate from choosing because a pattern is pure: conditions and parts of the value, on the wire as serde writes it.

use super::{AnyVal, Fault, describe};
use crate::Shape;
use crate::ir::{Expr, ExprKind, Operator};
use crate::shape::{Content, Enumeration, Tagging, Variant};

/// A pattern, by Rust names.
///
/// ```
/// use sfn_core::{Definition, Flow, MatchArm, ValuePattern};
///
/// let definition = Definition::from_flow("code", "", |flow: &mut Flow| {
///     let code = flow.input::<Option<String>>("code").into_erased();
///     let some = MatchArm::new(ValuePattern::some(ValuePattern::Bind), |_, bound| bound[0].clone());
///     let none = MatchArm::new(ValuePattern::None, |_, _| sfn_core::literal("none"));
///     let code = flow.match_value(code, "code", vec![some, none]);
///     flow.succeed(code);
/// });
/// let text = definition.lower().unwrap().machine.to_json_pretty();
/// assert!(text.contains("$states.input != null ? $states.input : 'none'"), "{text}");
/// ```
#[derive(Clone, Debug)]
pub enum ValuePattern {
    /// `_`
    Any,
    /// A name: the arm receives the value.
    Bind,
    /// A literal or a constant.
    Equals(AnyVal),
    /// `from..end`, `from..=end`, or without one of them.
    Range {
        /// The first value, if there is one.
        from: Option<AnyVal>,
        /// The end, if there is one.
        end: Option<AnyVal>,
        /// Whether the end itself matches.
        inclusive: bool,
    },
    /// `None`
    None,
    /// `Some(pattern)`
    Some(Box<Self>),
    /// `Event::Paid(..)`, `Event::Created { .. }`: a variant by its Rust name, and the patterns of its fields by theirs
    /// (`"0"`, `"1"` for unnamed ones).
    Variant(&'static str, Vec<(&'static str, Self)>),
    /// The fields of a struct or the places of a tuple.
    Fields(Vec<(&'static str, Self)>),
    /// `one | other`; alternatives bind nothing.
    Or(Vec<Self>),
}

/// What a pattern asks of a value, and what it binds, in the order of its names.
#[derive(Debug, Default)]
pub(crate) struct Tested {
    /// All of these must hold.
    pub(crate) conditions: Vec<Expr>,
    pub(crate) bound: Vec<AnyVal>,
    pub(crate) faults: Vec<Fault>,
}

impl ValuePattern {
    /// `Some(pattern)`
    pub fn some(inner: Self) -> Self {
        Self::Some(Box::new(inner))
    }

    /// Tests a value.
    pub(crate) fn test(&self, value: &AnyVal) -> Tested {
        let mut tested = Tested::default();
        self.ask(value, &mut tested);
        tested
    }

    /// How many names it binds.
    fn names(&self) -> usize {
        match self {
            Self::Bind => 1,
            Self::Some(inner) => inner.names(),
            Self::Variant(_, fields) | Self::Fields(fields) => {
                fields.iter().map(|(_, pattern)| pattern.names()).sum()
            }
            Self::Any | Self::Equals(_) | Self::Range { .. } | Self::None | Self::Or(_) => 0,
        }
    }

    fn ask(&self, value: &AnyVal, tested: &mut Tested) {
        if value.is_never() {
            tested.bound.extend((0..self.names()).map(|_| value.clone()));
            return;
        }
        match self {
            Self::Any => {}
            Self::Bind => tested.bound.push(value.clone()),
            Self::Equals(literal) => tested.hold(&value.eq(literal)),
            Self::Range { from, end, inclusive } => {
                if let Some(from) = from {
                    tested.hold(&value.ge(from));
                }
                if let Some(end) = end {
                    tested.hold(&if *inclusive { value.le(end) } else { value.lt(end) });
                }
            }
            Self::None => tested.hold(&value.is_none()),
            Self::Some(inner) => {
                tested.hold(&value.is_some());
                inner.ask(&value.inner(), tested);
            }
            Self::Variant(name, fields) => self::variant(value, name, fields, tested),
            Self::Fields(fields) => {
                for (name, pattern) in fields {
                    let part = name.parse().map_or_else(|_| value.field(name), |place| value.index(place));
                    pattern.ask(&part, tested);
                }
            }
            Self::Or(alternatives) => {
                let mut any: Option<Expr> = None;
                for alternative in alternatives {
                    let one = alternative.test(value);
                    tested.faults.extend(one.faults);
                    if !one.bound.is_empty() {
                        tested.faults.push(Fault::new(
                            "name-in-alternative",
                            "a name inside of alternatives",
                            "give each alternative an arm of its own",
                        ));
                    }
                    let Some(condition) = all(one.conditions) else {
                        // One that asks nothing matches everything.
                        return;
                    };
                    any = Some(match any {
                        None => condition,
                        Some(any) => Expr::binary(Operator::Or, &any, &condition),
                    });
                }
                tested.conditions.extend(any);
            }
        }
    }
}

impl Tested {
    fn hold(&mut self, condition: &AnyVal) {
        self.faults.extend(condition.faults.iter().cloned());
        self.conditions.push(condition.expr.clone());
    }

    /// The conditions as one, if there are any.
    pub(crate) fn condition(&self) -> Option<Expr> {
        all(self.conditions.clone())
    }
}

fn all(conditions: Vec<Expr>) -> Option<Expr> {
    conditions.into_iter().reduce(|one, other| Expr::binary(Operator::And, &one, &other))
}

fn variant(value: &AnyVal, name: &str, fields: &[(&'static str, ValuePattern)], tested: &mut Tested) {
    let shape = match &value.shape {
        Shape::Newtype(newtype) => (newtype.inner)(),
        other => other.clone(),
    };
    let Shape::Enum(enumeration) = &shape else {
        return tested.faults.extend(
            value
                .refuse(Fault::new(
                    "not-an-enum",
                    format!("{} is matched against a variant", describe::shape(&value.shape)),
                    "match enums against their variants",
                ))
                .faults,
        );
    };
    let Some(declared) = enumeration.variant(name).filter(|variant| !variant.skipped) else {
        let known = describe::list(enumeration.variants.iter().map(|variant| variant.name));
        tested.faults.push(Fault::new(
            "unknown-variant",
            format!("`{}` has no variant `{name}` that travels", enumeration.name),
            format!("use one of: {known}"),
        ));
        return;
    };
    let Some(condition) = is_variant(&value.expr, enumeration, declared) else {
        tested.faults.push(Fault::new(
            "untagged-variant",
            format!(
                "`{}` is written without a tag, so no variant can be told from another",
                enumeration.name
            ),
            "tag the enum, or decide inside a task",
        ));
        return;
    };
    tested.conditions.push(condition);
    for (field, pattern) in fields {
        let part = content(&value.expr, enumeration.tagging, declared, field);
        let part = part.unwrap_or_else(|| {
            AnyVal::poison(
                Shape::Any,
                Fault::new(
                    "unknown-field",
                    format!("variant `{name}` has no field `{field}`"),
                    "use the fields its enum declares",
                ),
            )
        });
        tested.faults.extend(part.faults.iter().cloned());
        pattern.ask(&part, tested);
    }
}

/// Whether a value is a variant, as its tag says.
fn is_variant(value: &Expr, enumeration: &Enumeration, variant: &Variant) -> Option<Expr> {
    let wire = Expr::literal(variant.wire);
    let tagged = |tag: &str| Expr::binary(Operator::Equal, &Expr::field(value, tag, None), &wire);
    match enumeration.tagging {
        Tagging::External if matches!(variant.content, Content::Unit) => {
            Some(Expr::binary(Operator::Equal, value, &wire))
        }
        Tagging::External => Some(Expr::new(ExprKind::Exists(Expr::field(value, variant.wire, None)))),
        Tagging::Internal { tag } | Tagging::Adjacent { tag, .. } => Some(tagged(tag)),
        Tagging::Untagged => None,
    }
}

/// The part of a variant that a Rust name means.
fn content(value: &Expr, tagging: Tagging, variant: &Variant, name: &str) -> Option<AnyVal> {
    let content = match tagging {
        Tagging::External => Expr::field(value, variant.wire, None),
        Tagging::Adjacent { content, .. } => Expr::field(value, content, None),
        Tagging::Internal { .. } | Tagging::Untagged => value.clone(),
    };
    match &variant.content {
        Content::Newtype(shape) if name == "0" => Some(match tagging {
            // The tag stands among the fields and is none of them.
            Tagging::Internal { .. } => {
                let inside = AnyVal::new(content, shape());
                AnyVal::new(inside.flattened(&inside.shape), shape())
            }
            _ => AnyVal::new(content, shape()),
        }),
        Content::Unit | Content::Newtype(_) => None,
        Content::Tuple(places) => {
            let place: usize = name.parse().ok()?;
            Some(AnyVal::new(Expr::index(&content, place), places.get(place)?()))
        }
        Content::Struct(fields) => {
            let record =
                crate::shape::Record { name: variant.name, id: variant.name, fields: fields.clone() };
            Some(AnyVal::new(content, Shape::Record(record)).field(name))
        }
    }
}
