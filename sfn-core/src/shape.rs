//! The wire description of a type: what its JSON looks like, under which names.
//! Separate because the derive writes it, the builder types its expressions with it, and the manifest publishes it.

use std::collections::BTreeSet;

use serde_json::Value;

/// The key of a reference to a stored value: the one by which all who see a payload know it.
pub(crate) const STORED: &str = "sfn:stored";

/// How a shape refers to another: by a function, so that a recursive type describes itself without end.
pub type ShapeOf = fn() -> Shape;

/// What the JSON of a type looks like.
///
/// ```
/// use sfn_core::{Payload, Shape};
///
/// let Shape::Array(item) = Vec::<String>::shape() else { panic!("a vector is an array") };
/// assert!(matches!(item(), Shape::String));
/// ```
#[derive(Debug, Clone)]
pub enum Shape {
    /// Anything at all: a workflow passes it on and never looks into it.
    Any,
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// A number with a fraction.
    Float,
    /// The same in half the bits: a workflow passes it on and does not calculate with it, for JSONata's numbers are
    /// doubles.
    Float32,
    /// A string.
    String,
    /// A whole number.
    Integer(Integer),
    /// A moment of time, as text in RFC 3339.
    Timestamp,
    /// The inner shape, or nothing: `null` and an absent field both mean `None`.
    Option(ShapeOf),
    /// An array of one shape.
    Array(ShapeOf),
    /// An object of any keys, its values of one shape.
    Map(ShapeOf),
    /// An array of a fixed length, each place with a shape of its own.
    Tuple(Vec<ShapeOf>),
    /// A struct around one value, whose JSON is the value's: where `.0` would not tell so, or its field has a name.
    Newtype(Newtype),
    /// An object of known fields.
    Record(Record),
    /// One of several variants.
    Enum(Enumeration),
}

/// The range of a whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Integer {
    /// Whether it can be negative.
    pub signed: bool,
    /// How many bits it has in Rust: 8, 16, 32 or 64.
    pub bits: u8,
}

/// A struct around one value.
#[derive(Debug, Clone, Copy)]
pub struct Newtype {
    /// The Rust name of its field; `0` where it has none.
    pub field: &'static str,
    /// What it holds, and travels as.
    pub inner: ShapeOf,
    /// Whether that is marked as personal: whether the struct is a [`Pii`](crate::Pii).
    pub personal: bool,
}

/// An object of known fields.
#[derive(Debug, Clone)]
pub struct Record {
    /// The Rust name.
    pub name: &'static str,
    /// What tells this type from every other while one follows recursive shapes; never shown to anybody.
    pub id: &'static str,
    /// The fields, as declared.
    pub fields: Vec<Field>,
}

/// One field of a [`Record`].
#[derive(Debug, Clone)]
pub struct Field {
    /// The Rust name.
    pub name: &'static str,
    /// The JSON key.
    pub wire: &'static str,
    /// What it holds.
    pub shape: ShapeOf,
    /// Whether the fields of its shape stand in the object itself.
    pub flatten: bool,
    /// Whether it never travels: neither written nor read.
    pub skipped: bool,
    /// Whether a writer may leave it out (`skip_serializing_if`).
    pub omitted: bool,
    /// What its absence means to a reader; without this, its absence is an error.
    pub default: Option<fn() -> Value>,
}

impl Field {
    /// One that is always there, for readers and writers alike.
    pub const fn required(name: &'static str, wire: &'static str, shape: ShapeOf) -> Self {
        Self { name, wire, shape, flatten: false, skipped: false, omitted: false, default: None }
    }
}

/// One of several variants.
#[derive(Debug, Clone)]
pub struct Enumeration {
    /// The Rust name.
    pub name: &'static str,
    /// What tells this type from every other while one follows recursive shapes; never shown to anybody.
    pub id: &'static str,
    /// How the JSON says which variant it is.
    pub tagging: Tagging,
    /// The variants, as declared.
    pub variants: Vec<Variant>,
}

/// How the JSON of an enum says which variant it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tagging {
    /// `"Unit"` or `{"Variant": content}`.
    External,
    /// `{"tag": "Variant", ..content}`.
    Internal {
        /// The key of the variant's name.
        tag: &'static str,
    },
    /// `{"tag": "Variant", "content": content}`.
    Adjacent {
        /// The key of the variant's name.
        tag: &'static str,
        /// The key of the content.
        content: &'static str,
    },
    /// The content alone.
    Untagged,
}

/// One variant of an [`Enumeration`].
#[derive(Debug, Clone)]
pub struct Variant {
    /// The Rust name.
    pub name: &'static str,
    /// The name on the wire.
    pub wire: &'static str,
    /// What it holds.
    pub content: Content,
    /// Whether it never travels: neither written nor read.
    pub skipped: bool,
}

/// What a variant holds.
#[derive(Debug, Clone)]
pub enum Content {
    /// Nothing.
    Unit,
    /// One unnamed value.
    Newtype(ShapeOf),
    /// Several unnamed values.
    Tuple(Vec<ShapeOf>),
    /// Named values.
    Struct(Vec<Field>),
}

impl Shape {
    /// Whether it holds anything that is marked as personal.
    ///
    /// ```
    /// use sfn_core::{Payload, Pii};
    ///
    /// assert!(<Vec<Option<Pii<String>>>>::shape().is_personal());
    /// assert!(!<Vec<String>>::shape().is_personal());
    /// ```
    pub fn is_personal(&self) -> bool {
        self.holds(&|shape| matches!(shape, Self::Newtype(newtype) if newtype.personal))
    }

    /// Whether it holds anything of which a reference may travel: a `Stored`.
    pub fn is_stored(&self) -> bool {
        self.holds(&|shape| match shape {
            Self::Record(record) => record.fields.iter().any(|field| field.wire == STORED),
            _ => false,
        })
    }

    /// Whether it is, or holds, a shape that is so.
    pub(crate) fn holds(&self, is_so: &dyn Fn(&Self) -> bool) -> bool {
        self.holds_behind(&mut BTreeSet::new(), is_so)
    }

    /// The same, where some functions that make shapes are known already: a shape may hold itself.
    fn holds_behind(&self, known: &mut BTreeSet<usize>, is_so: &dyn Fn(&Self) -> bool) -> bool {
        is_so(self)
            || self.parts().into_iter().any(|part| {
                let is_new = known.insert(part as usize);
                is_new && part().holds_behind(known, is_so)
            })
    }

    /// The shapes directly inside, as far as they travel.
    fn parts(&self) -> Vec<ShapeOf> {
        let of_fields = |fields: &[Field]| -> Vec<ShapeOf> {
            fields.iter().filter(|field| !field.skipped).map(|field| field.shape).collect()
        };
        match self {
            Self::Any
            | Self::Null
            | Self::Bool
            | Self::Float
            | Self::Float32
            | Self::String
            | Self::Timestamp
            | Self::Integer(_) => Vec::new(),
            Self::Option(inner) | Self::Array(inner) | Self::Map(inner) => vec![*inner],
            Self::Tuple(places) => places.clone(),
            Self::Newtype(newtype) => vec![newtype.inner],
            Self::Record(record) => of_fields(&record.fields),
            Self::Enum(enumeration) => {
                let contents = enumeration.variants.iter().map(|variant| match &variant.content {
                    Content::Unit => Vec::new(),
                    Content::Newtype(inner) => vec![*inner],
                    Content::Tuple(places) => places.clone(),
                    Content::Struct(fields) => of_fields(fields),
                });
                contents.flatten().collect()
            }
        }
    }
}

impl Record {
    /// The field of a Rust name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

impl Enumeration {
    /// The variant of a Rust name.
    pub fn variant(&self, name: &str) -> Option<&Variant> {
        self.variants.iter().find(|variant| variant.name == name)
    }
}
