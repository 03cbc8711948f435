//! The types of the programs: numbers, texts, options, lists, and structs and enums as a user would declare them.
//!
//! Separate from the language because these are real types, whose names and tags on the wire serde decides.

use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};
use sfn::AnyVal;
use sfn::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Type {
    Number,
    Flag,
    Text,
    /// What `uuid()` gives: a text that no two runs have in common, so it is only handed on.
    Key,
    Place,
    Parcel,
    Event,
    Mark,
    Signal,
    Maybe(&'static Type),
    Many(&'static Type),
    Pair(&'static Type, &'static Type),
}

/// What options and lists hold.
pub(super) const HELD: [&Type; 6] =
    [&Type::Number, &Type::Number, &Type::Text, &Type::Parcel, &Type::Event, &Type::Place];

pub(super) const NUMBERS: Type = Type::Many(&Type::Number);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Place {
    pub x: i32,
    #[serde(rename = "y-axis")]
    pub y: i32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
pub struct Parcel {
    pub name: String,
    pub full_weight: i32,
    #[serde(default)]
    pub urgent: bool,
    pub place: Place,
    pub limit: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    pub marks: Vec<i32>,
    pub event: Event,
}

/// A declared struct's or variant's fields, by their Rust names.
pub(super) type Parts = &'static [(&'static str, Type)];

const PLACE: Parts = &[("x", Type::Number), ("y", Type::Number)];

const PARCEL: Parts = &[
    ("name", Type::Text),
    ("full_weight", Type::Number),
    ("urgent", Type::Flag),
    ("place", Type::Place),
    ("limit", Type::Maybe(&Type::Number)),
    ("note", Type::Maybe(&Type::Text)),
    ("marks", NUMBERS),
    ("event", Type::Event),
];

const EVENT: &[(&str, Parts)] = &[
    ("Opened", &[]),
    ("Placed", &[("0", Type::Place)]),
    ("Sent", &[("to", Type::Text), ("after", Type::Maybe(&Type::Number))]),
];

macro_rules! events {
    ($($(#[$tag:meta])? $name:ident;)+) => {$(
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
        $(#[$tag])?
        pub enum $name {
            Opened,
            #[serde(rename = "put-down")]
            Placed(Place),
            Sent {
                to: String,
                after: Option<i32>,
            },
        }

        impl $name {
            fn made(variant: &str, parts: &[Value]) -> Self {
                match variant {
                    "Opened" => Self::Opened,
                    "Placed" => Self::Placed(parts[0].typed()),
                    _ => Self::Sent { to: parts[0].typed(), after: parts[1].typed() },
                }
            }

            fn taken_apart(self) -> Value {
                let (variant, parts) = match self {
                    Self::Opened => ("Opened", Vec::new()),
                    Self::Placed(place) => ("Placed", vec![Value::of(Type::Place, place)]),
                    Self::Sent { to, after } => {
                        ("Sent", vec![Value::Text(to), Value::of(Type::Maybe(&Type::Number), after)])
                    }
                };
                Value::Made(Type::$name, variant, parts)
            }
        }
    )+};
}

events! {
    Event;
    #[serde(tag = "kind")]
    Mark;
    #[serde(tag = "t", content = "c", rename_all = "UPPERCASE")]
    Signal;
}

impl Type {
    /// A type that an option or a list holds.
    pub(super) fn held(self) -> Option<&'static Type> {
        HELD.into_iter().find(|held| **held == self)
    }

    pub(super) fn is_struct(self) -> bool {
        matches!(self, Self::Place | Self::Parcel)
    }

    /// The variants of an enum, or the fields of a struct as those of a single nameless one.
    pub(super) fn variants(self) -> &'static [(&'static str, Parts)] {
        match self {
            Self::Place => &[("", PLACE)],
            Self::Parcel => &[("", PARCEL)],
            Self::Event | Self::Mark | Self::Signal => EVENT,
            _ => &[],
        }
    }

    /// The fields of a struct.
    pub(super) fn fields(self) -> Parts {
        if self.is_struct() { self.variants()[0].1 } else { &[] }
    }

    /// The type in Rust's words.
    pub(super) fn rust(self) -> String {
        match self {
            Self::Number => "i32".to_owned(),
            Self::Flag => "bool".to_owned(),
            Self::Text | Self::Key => "String".to_owned(),
            Self::Maybe(held) => format!("Option<{}>", held.rust()),
            Self::Many(held) => format!("Vec<{}>", held.rust()),
            Self::Pair(one, other) => format!("({}, {})", one.rust(), other.rust()),
            named => format!("{named:?}"),
        }
    }

    /// The same value as one of this type: what an annotation says.
    pub(super) fn annotated(self, value: AnyVal) -> AnyVal {
        macro_rules! annotated {
            ($rust:ty) => {
                match self {
                    Self::Maybe(_) => value.of::<Option<$rust>>(),
                    Self::Many(_) => value.of::<Vec<$rust>>(),
                    _ => value.of::<$rust>(),
                }
            };
        }
        let innermost = match self {
            Self::Maybe(held) | Self::Many(held) => *held,
            itself => itself,
        };
        match innermost {
            Self::Number => annotated!(i32),
            Self::Flag => annotated!(bool),
            Self::Text | Self::Key => annotated!(String),
            Self::Place => annotated!(Place),
            Self::Parcel => annotated!(Parcel),
            Self::Event => annotated!(Event),
            Self::Mark => annotated!(Mark),
            Self::Signal => annotated!(Signal),
            Self::Maybe(_) | Self::Many(_) | Self::Pair(..) => value,
        }
    }

    /// The shape of a struct or an enum.
    pub(super) fn shape(self) -> sfn::Shape {
        match self {
            Self::Place => Place::shape(),
            Self::Parcel => Parcel::shape(),
            Self::Mark => Mark::shape(),
            Self::Signal => Signal::shape(),
            _ => Event::shape(),
        }
    }
}

/// A value of a native run.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Number(i64),
    Flag(bool),
    Text(String),
    /// A struct, an enum or a pair: its type, its variant, its parts.
    Made(Type, &'static str, Vec<Value>),
    Maybe(Option<Box<Value>>),
    Many(Vec<Value>),
}

impl Value {
    pub(super) fn some(held: Value) -> Self {
        Self::Maybe(Some(Box::new(held)))
    }

    /// As it travels: written by the type itself.
    pub(super) fn json(&self) -> Json {
        match self {
            Self::Number(number) => json!(number),
            Self::Flag(flag) => json!(flag),
            Self::Text(text) => json!(text),
            Self::Maybe(held) => held.as_ref().map_or(Json::Null, |held| held.json()),
            Self::Many(items) => items.iter().map(Self::json).collect(),
            Self::Made(ty, variant, parts) => match ty {
                Type::Place => json!(Place { x: parts[0].typed(), y: parts[1].typed() }),
                Type::Parcel => json!(Parcel {
                    name: parts[0].typed(),
                    full_weight: parts[1].typed(),
                    urgent: parts[2].typed(),
                    place: parts[3].typed(),
                    limit: parts[4].typed(),
                    note: parts[5].typed(),
                    marks: parts[6].typed(),
                    event: parts[7].typed(),
                }),
                Type::Event => json!(Event::made(variant, parts)),
                Type::Mark => json!(Mark::made(variant, parts)),
                Type::Signal => json!(Signal::made(variant, parts)),
                _ => parts.iter().map(Self::json).collect(),
            },
        }
    }

    /// The Rust value.
    pub(super) fn typed<T: DeserializeOwned>(&self) -> T {
        serde_json::from_value(self.json()).expect("a value of its type")
    }

    /// A Rust value of a type.
    pub(super) fn of(ty: Type, value: impl Serialize) -> Self {
        Self::read(ty, serde_json::to_value(value).expect("a payload is JSON"))
    }

    /// A value of a type from the wire: read by the type itself.
    pub(super) fn read(ty: Type, json: Json) -> Self {
        fn typed<T: DeserializeOwned>(json: Json) -> T {
            serde_json::from_value(json).expect("a value of its type")
        }
        match ty {
            Type::Number => Self::Number(typed(json)),
            Type::Flag => Self::Flag(typed(json)),
            Type::Text | Type::Key => Self::Text(typed(json)),
            Type::Maybe(held) => Self::Maybe((!json.is_null()).then(|| Box::new(Self::read(*held, json)))),
            Type::Many(held) => {
                Self::Many(typed::<Vec<Json>>(json).into_iter().map(|item| Self::read(*held, item)).collect())
            }
            Type::Place => {
                let Place { x, y } = typed(json);
                Self::Made(ty, "", vec![Self::Number(x.into()), Self::Number(y.into())])
            }
            Type::Parcel => {
                let parcel: Parcel = typed(json);
                let parts = [
                    json!(parcel.name),
                    json!(parcel.full_weight),
                    json!(parcel.urgent),
                    json!(parcel.place),
                    json!(parcel.limit),
                    json!(parcel.note),
                    json!(parcel.marks),
                    json!(parcel.event),
                ];
                let parts = parts.into_iter().zip(PARCEL).map(|(part, (_, ty))| Self::read(*ty, part));
                Self::Made(ty, "", parts.collect())
            }
            Type::Event => typed::<Event>(json).taken_apart(),
            Type::Mark => typed::<Mark>(json).taken_apart(),
            Type::Signal => typed::<Signal>(json).taken_apart(),
            Type::Pair(one, other) => {
                let (first, second) = typed::<(Json, Json)>(json);
                Self::Made(ty, "", vec![Self::read(*one, first), Self::read(*other, second)])
            }
        }
    }
}
