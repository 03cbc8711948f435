//! Every form of a payload, without a warning.
#![deny(warnings)]

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sfn::Shape;
use sfn::prelude::*;

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Plain {
    pub flag: bool,
    pub r#type: String,
    pub small: (i8, u8, i16, u16, i32, u32),
    pub large: (i64, u64, isize, usize, f32, f64),
    pub letter: char,
    pub nothing: (),
    pub option: Option<Option<String>>,
    pub list: Vec<Vec<u8>>,
    pub set: BTreeSet<String>,
    pub fixed: [u8; 4],
    pub ordered: BTreeMap<String, u8>,
    pub hashed: HashMap<String, Vec<u8>>,
    pub boxed: Box<str_like::Text>,
    pub anything: serde_json::Value,
    pub object: serde_json::Map<String, serde_json::Value>,
    #[serde(rename = "renamed?")]
    pub other: String,
    #[serde(default)]
    pub defaulted: u8,
    #[serde(default = "seven", skip_serializing_if = "is_seven")]
    pub seven: u8,
    #[serde(with = "as_millis")]
    pub patience: std::time::Duration,
    #[serde(skip)]
    pub cache: Option<std::time::Duration>,
}

fn seven() -> u8 {
    7
}

fn is_seven(number: &u8) -> bool {
    *number == 7
}

mod str_like {
    use sfn::prelude::*;

    #[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Payload)]
    #[serde(transparent)]
    pub struct Text {
        pub text: String,
    }
}

mod as_millis {
    use std::time::Duration;

    use sfn::prelude::*;

    pub fn serialize<S: serde::Serializer>(patience: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        (patience.as_millis() as u64).serialize(serializer)
    }

    pub fn deserialize<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        u64::deserialize(deserializer).map(Duration::from_millis)
    }
}

#[derive(Serialize, Deserialize, Payload)]
pub struct Unit;

#[derive(Serialize, Deserialize, Payload)]
pub struct Newtype(Private);

#[derive(Serialize, Deserialize, Payload)]
pub struct Pair(pub u8, pub Newtype);

/// A private type behind a public one.
#[derive(Serialize, Deserialize, Payload)]
struct Private(u8);

#[derive(Serialize, Deserialize, Payload)]
pub struct Flat {
    #[serde(flatten)]
    pub inner: Inner,
    #[serde(flatten)]
    pub rest: BTreeMap<String, serde_json::Value>,
}

#[derive(Serialize, Deserialize, Payload)]
pub struct Inner {
    pub a: u8,
}

#[derive(Serialize, Deserialize, Payload)]
#[serde(rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum External {
    Unit,
    Newtype(Inner),
    Tuple(u8, String),
    Struct { some_field: u8 },
    #[serde(rename = "OTHER")]
    Other,
    #[serde(skip)]
    Never(std::time::Duration),
}

#[derive(Serialize, Deserialize, Payload)]
#[serde(tag = "kind")]
pub enum Internal {
    Unit,
    Newtype(Inner),
    Struct { a: u8 },
}

#[derive(Serialize, Deserialize, Payload)]
#[serde(tag = "kind", content = "data")]
pub enum Adjacent {
    Unit,
    Newtype(Inner),
    Tuple(u8, String),
    Struct { a: u8 },
}

#[derive(Serialize, Deserialize, Payload)]
#[serde(untagged)]
pub enum Untagged {
    Number(u8),
    Text(String),
    Struct { a: u8 },
}

#[derive(Clone, Serialize, Deserialize, Payload)]
#[serde(try_from = "String", into = "String")]
pub struct Email {
    address: String,
}

impl TryFrom<String> for Email {
    type Error = String;

    fn try_from(address: String) -> Result<Self, String> {
        if address.contains('@') { Ok(Self { address }) } else { Err(address) }
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.address
    }
}

#[derive(Serialize, Deserialize, Payload)]
pub struct Page<T, U = String>
where
    T: Clone,
{
    pub items: Vec<T>,
    pub next: Option<U>,
    #[serde(default)]
    pub first: Option<T>,
}

#[derive(Serialize, Deserialize, Payload)]
pub struct Around<T>(pub T);

#[derive(Serialize, Deserialize, Payload)]
#[serde(transparent)]
pub struct Transparent<T> {
    pub inner: Option<T>,
}

#[derive(Serialize, Deserialize, Payload)]
pub enum Either<L, R> {
    Left(L),
    Right { right: R },
}

#[derive(Serialize, Deserialize, Payload)]
pub struct Tree {
    pub label: String,
    pub children: Vec<Tree>,
    pub parent: Option<Box<Tree>>,
}

#[derive(Serialize, Deserialize, Payload)]
pub enum Expression {
    Number(f64),
    Sum(Box<Expression>, Box<Expression>),
}

#[derive(Serialize, Deserialize, Payload)]
pub struct Empty {}

fn is_payload<T: Payload>() -> Shape {
    T::shape()
}

fn main() {
    is_payload::<(Plain, Unit, Newtype, Pair, Flat, External, Internal, Adjacent)>();
    is_payload::<(Untagged, Page<u8>, Page<u8, Email>, Around<Tree>, Transparent<u8>, Either<Tree, Expression>, Empty)>();
    assert!(matches!(is_payload::<Email>(), Shape::String));
    assert!(matches!(is_payload::<Around<u8>>(), Shape::Integer(_)));
    assert!(matches!(is_payload::<Around<(u8, u8)>>(), Shape::Newtype(_)));
    assert!(Transparent::<u8>::ABSENT.is_some());
    assert!(Around::<Option<u8>>::ABSENT.is_none());
}
