//! What an argument or a result looks like: kinds, members, and the limits of values.
//! Separate because shapes are walked by whoever checks a value against one, and know nothing of actions.

use std::fmt;
use std::hash::{Hash, Hasher};

use crate::block::{Block, Reader};

/// The description of a JSON value. Cheap to copy; shapes may contain themselves.
#[derive(Clone, Copy)]
pub struct Shape {
    block: &'static Block,
    number: usize,
}

/// What kind of value a shape describes.
#[derive(Debug, Clone)]
pub enum Kind {
    /// Any JSON value.
    Any,
    /// `true` or `false`.
    Boolean,
    /// A point in time, which Step Functions writes as a string.
    Timestamp,
    /// A string; the bounds are of its length.
    String(Text),
    /// A whole number.
    Integer(Bounds),
    /// A number.
    Float(Bounds),
    /// Bytes, which Step Functions writes as a string; the bounds are of their length.
    Blob(Bounds),
    /// An array of one kind of item; the bounds are of its length.
    List(Shape, Bounds),
    /// An object with any keys and one kind of value; the bounds are of its size.
    Map(Shape, Bounds),
    /// An object with known fields.
    Structure(Structure),
}

/// The least and the greatest that is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bounds {
    /// The least.
    pub min: Option<i64>,
    /// The greatest.
    pub max: Option<i64>,
}

/// What a string may be.
#[derive(Clone)]
pub struct Text {
    /// How long it may be.
    pub length: Bounds,
    /// The regular expression it has to match, as the API model writes it.
    pub pattern: Option<&'static str>,
    block: &'static Block,
    values: Reader<'static>,
}

/// An object with known fields.
#[derive(Clone)]
pub struct Structure {
    /// Whether there may be more fields than the known ones.
    pub is_open: bool,
    block: &'static Block,
    members: Reader<'static>,
}

/// A field of a structure.
#[derive(Debug, Clone, Copy)]
pub struct Member {
    /// Its name as Step Functions spells it.
    pub name: &'static str,
    /// What its value looks like.
    pub shape: Shape,
    /// Whether it has to be there.
    pub is_required: bool,
}

impl Shape {
    pub(crate) fn new(block: &'static Block, number: usize) -> Self {
        Self { block, number }
    }

    /// What kind of value it is.
    ///
    /// ```
    /// use sfn_catalogue::{Kind, sdk_service};
    ///
    /// let encrypt = sdk_service("kms").and_then(|kms| kms.action("encrypt")).expect("it exists");
    /// let plaintext = encrypt.arguments().structure().and_then(|it| it.member("Plaintext")).expect("it exists");
    /// assert!(matches!(plaintext.shape.kind(), Kind::Blob(bounds) if bounds.min == Some(1)));
    /// ```
    pub fn kind(self) -> Kind {
        let mut reader = self.block.shape(self.number);
        match reader.number() {
            1 => Kind::Boolean,
            2 => Kind::Timestamp,
            3 => Kind::String(Text::read(self.block, reader)),
            4 => Kind::Integer(Bounds::read(&mut reader)),
            5 => Kind::Float(Bounds::read(&mut reader)),
            6 => Kind::Blob(Bounds::read(&mut reader)),
            7 => Kind::List(Self::new(self.block, reader.number()), Bounds::read(&mut reader)),
            8 => Kind::Map(Self::new(self.block, reader.number()), Bounds::read(&mut reader)),
            9 => {
                let is_open = reader.number() & 1 != 0;
                Kind::Structure(Structure { is_open, block: self.block, members: reader })
            }
            _ => Kind::Any,
        }
    }

    /// Its fields, when it is a structure.
    pub fn structure(self) -> Option<Structure> {
        match self.kind() {
            Kind::Structure(structure) => Some(structure),
            _ => None,
        }
    }
}

impl Bounds {
    fn read(reader: &mut Reader<'_>) -> Self {
        let present = reader.number();
        let mut bound = |bit: usize| (present & bit != 0).then(|| reader.signed());
        Self { min: bound(1), max: bound(2) }
    }
}

impl Text {
    fn read(block: &'static Block, mut reader: Reader<'static>) -> Self {
        let length = Bounds::read(&mut reader);
        let pattern = (reader.number() == 1).then(|| block.string(reader.number()));
        Self { length, pattern, block, values: reader }
    }

    /// The only values it may have; none when it may have any.
    ///
    /// ```
    /// use sfn_catalogue::{Kind, optimised_service};
    ///
    /// let invoke = optimised_service("lambda").and_then(|lambda| lambda.action("invoke")).expect("it exists");
    /// let log_type = invoke.arguments().structure().and_then(|it| it.member("LogType")).expect("it exists");
    /// let Kind::String(text) = log_type.shape.kind() else { panic!("it is a string") };
    /// assert_eq!(text.values().collect::<Vec<_>>(), ["None", "Tail"]);
    /// ```
    pub fn values(&self) -> impl Iterator<Item = &'static str> + use<> {
        let (block, mut reader) = (self.block, self.values.clone());
        (0..reader.number()).map(move |_| block.string(reader.number()))
    }
}

impl Structure {
    /// Its fields, in the order of the API model.
    pub fn members(&self) -> impl Iterator<Item = Member> + use<> {
        let (block, mut reader) = (self.block, self.members.clone());
        (0..reader.number()).map(move |_| {
            let (name, shape) = (block.string(reader.number()), reader.number());
            Member { name, shape: Shape::new(block, shape >> 1), is_required: shape & 1 != 0 }
        })
    }

    /// The field with a name.
    pub fn member(&self, name: &str) -> Option<Member> {
        self.members().find(|member| member.name == name)
    }
}

impl PartialEq for Shape {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.block, other.block) && self.number == other.number
    }
}

impl Eq for Shape {}

impl Hash for Shape {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::ptr::hash(self.block, state);
        self.number.hash(state);
    }
}

impl fmt::Debug for Shape {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not its members: shapes may contain themselves.
        formatter.debug_tuple("Shape").field(&self.number).finish()
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values: Vec<_> = self.values().collect();
        let Self { length, pattern, .. } = self;
        formatter
            .debug_struct("Text")
            .field("length", length)
            .field("pattern", pattern)
            .field("values", &values)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Structure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.members().map(|member| member.name).collect();
        formatter
            .debug_struct("Structure")
            .field("is_open", &self.is_open)
            .field("members", &names)
            .finish_non_exhaustive()
    }
}
