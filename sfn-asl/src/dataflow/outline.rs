//! What is known of a JSON value without running anything: which fields it may have, and who says so.
//! Separate from the walk because these are the values it carries: they are looked into, put together and joined.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::rc::Rc;

use sfn_catalogue::{Kind, Shape};

use crate::Value;

/// What is known of a value. What may be there is there; only what cannot be there is missing.
#[derive(Debug, Clone)]
pub(crate) enum Outline<'m> {
    /// Nothing.
    Unknown(Source),
    /// It is neither an object nor an array.
    Scalar(Source),
    /// It is an object.
    Object(Rc<Object<'m>>),
    /// It is an array.
    Array(Rc<Array<'m>>),
    /// It is what the catalogue describes.
    Described(Shape, Source),
    /// It is exactly this.
    Literal(&'m Value, Source),
    /// It is the error that a Catcher has caught: an object of the texts `Error` and `Cause`.
    Caught(Source),
}

/// What is known of an object.
#[derive(Debug, Clone)]
pub(crate) struct Object<'m> {
    pub(crate) fields: Vec<(Cow<'m, str>, Outline<'m>)>,
    /// Where fields other than these come from; without it there are none.
    pub(crate) rest: Option<Source>,
    pub(crate) source: Source,
    /// Which of many fields has a name, found out when it is first asked.
    places: OnceCell<Box<Places<'m>>>,
}

type Places<'m> = HashMap<Cow<'m, str>, usize, foldhash::fast::RandomState>;

/// What is known of an array.
#[derive(Debug, Clone)]
pub(crate) struct Array<'m> {
    pub(crate) items: Items<'m>,
    pub(crate) source: Source,
}

/// What is known of an array's items.
#[derive(Debug, Clone)]
pub(crate) enum Items<'m> {
    /// Any number of them, all like this.
    Each(Outline<'m>),
    /// Exactly these.
    Exactly(Vec<Outline<'m>>),
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// The input of the Execution.
    Input,
    /// The State of this number, in this way. A `usize` would make every outline larger.
    State(u32, Making),
    /// Several places, the Context Object, or somewhere of no interest.
    Elsewhere,
}

/// How a State makes a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Making {
    /// It is the State's result.
    Result,
    /// It is put together by a field of the State.
    Template,
    /// It is the error that a Catcher has caught.
    Error,
    /// A Path that is null made it empty.
    Nothing,
}

/// What a look into a value finds.
#[derive(Debug, Clone)]
pub(crate) enum Lookup<'m> {
    /// Something that is or may be there.
    Found(Outline<'m>),
    /// Nothing can be there.
    Missing,
}

/// More fields than this are not kept apart.
const MOST_FIELDS: usize = 64;

/// Deeper than this nothing is known.
const DEEPEST: usize = 12;

impl<'m> Outline<'m> {
    pub(crate) fn object(fields: Vec<(Cow<'m, str>, Self)>, source: Source) -> Self {
        Self::Object(Rc::new(Object::new(fields, None, source)))
    }

    pub(crate) fn array(items: Items<'m>, source: Source) -> Self {
        Self::Array(Rc::new(Array { items, source }))
    }

    /// Who made it.
    pub(crate) fn source(&self) -> Source {
        match self {
            Self::Unknown(source)
            | Self::Scalar(source)
            | Self::Described(_, source)
            | Self::Literal(_, source)
            | Self::Caught(source) => *source,
            Self::Object(object) => object.source,
            Self::Array(array) => array.source,
        }
    }

    /// The names of its fields, as far as they are known.
    pub(crate) fn names(&self) -> Vec<Cow<'m, str>> {
        let fields =
            self.expanded().map(|object| object.fields.iter().map(|(name, _)| name.clone()).collect());
        fields.unwrap_or_default()
    }

    /// How many items it has, if that is known.
    pub(crate) fn length(&self) -> Option<usize> {
        match self {
            Self::Array(array) => match &array.items {
                Items::Exactly(items) => Some(items.len()),
                Items::Each(_) => None,
            },
            Self::Literal(Value::Array(items), _) => Some(items.len()),
            _ => None,
        }
    }

    /// The field of a name.
    pub(crate) fn field(&self, name: &str) -> Lookup<'m> {
        match self {
            Self::Unknown(source) => Lookup::Found(Self::Unknown(*source)),
            Self::Scalar(_) | Self::Array(_) => Lookup::Missing,
            Self::Object(object) => {
                let rest = object.rest.map(Self::Unknown);
                let found = object.get(name).cloned().or(rest);
                found.map_or(Lookup::Missing, Lookup::Found)
            }
            Self::Literal(value, source) => match value.get(name) {
                Some(value) => Lookup::Found(Self::Literal(value, *source)),
                None => Lookup::Missing,
            },
            Self::Caught(source) => match name {
                "Error" | "Cause" => Lookup::Found(Self::Scalar(*source)),
                _ => Lookup::Missing,
            },
            Self::Described(shape, source) => match shape.kind() {
                Kind::Structure(structure) => match structure.member(name) {
                    Some(member) => Lookup::Found(Self::Described(member.shape, *source)),
                    // Nobody has the same name in another spelling beside this one.
                    None if structure.members().any(|member| member.name.eq_ignore_ascii_case(name)) => {
                        Lookup::Missing
                    }
                    None if structure.is_open => Lookup::Found(Self::Unknown(*source)),
                    None => Lookup::Missing,
                },
                Kind::Map(shape, _) => Lookup::Found(Self::Described(shape, *source)),
                // What is described as bytes or text may be JSON: a function's payload, an object's body.
                Kind::Any | Kind::Blob(_) | Kind::String(_) => Lookup::Found(Self::Unknown(*source)),
                _ => Lookup::Missing,
            },
        }
    }

    /// The item of an index, counted from the end when negative.
    pub(crate) fn item(&self, index: i32) -> Lookup<'m> {
        let at = |length: usize| match usize::try_from(index) {
            Ok(index) => Some(index),
            Err(_) => length.checked_sub(index.unsigned_abs() as usize),
        };
        match self {
            Self::Array(array) => match &array.items {
                Items::Each(item) => Lookup::Found(item.clone()),
                Items::Exactly(items) => {
                    let item = at(items.len()).and_then(|index| items.get(index));
                    item.map_or(Lookup::Missing, |item| Lookup::Found(item.clone()))
                }
            },
            Self::Literal(Value::Array(items), source) => {
                let item = at(items.len()).and_then(|index| items.get(index));
                item.map_or(Lookup::Missing, |item| Lookup::Found(Self::Literal(item, *source)))
            }
            Self::Described(shape, source) => match shape.kind() {
                Kind::List(item, _) => Lookup::Found(Self::Described(item, *source)),
                Kind::Structure(structure) if !structure.is_open => Lookup::Missing,
                _ => Lookup::Found(Self::Unknown(*source)),
            },
            Self::Unknown(source) => Lookup::Found(Self::Unknown(*source)),
            Self::Scalar(_) | Self::Object(_) | Self::Literal(..) | Self::Caught(_) => Lookup::Missing,
        }
    }

    /// What each item is like.
    pub(crate) fn any_item(&self) -> Self {
        match self {
            Self::Array(array) => match &array.items {
                Items::Each(item) => item.clone(),
                Items::Exactly(items) => {
                    let joined = items.iter().cloned().reduce(|one, two| one.join(&two));
                    joined.unwrap_or(Self::Unknown(Source::Elsewhere))
                }
            },
            Self::Literal(Value::Array(items), source) => {
                let items = items.iter().map(|item| Self::Literal(item, *source));
                items.reduce(|one, two| one.join(&two)).unwrap_or(Self::Unknown(Source::Elsewhere))
            }
            Self::Described(shape, source) => match shape.kind() {
                Kind::List(item, _) => Self::Described(item, *source),
                _ => Self::Unknown(*source),
            },
            Self::Unknown(source) => Self::Unknown(*source),
            Self::Scalar(_) | Self::Object(_) | Self::Literal(..) | Self::Caught(_) => {
                Self::Unknown(Source::Elsewhere)
            }
        }
    }

    /// It, with a value put into a field inside, where objects are made as needed.
    pub(crate) fn with(&self, place: &mut impl ExactSizeIterator<Item = Cow<'m, str>>, value: Self) -> Self {
        if place.len() > DEEPEST {
            return Self::Unknown(Source::Elsewhere);
        }
        let Some(first) = place.next() else { return value };
        let mut object = match self.expanded() {
            Some(object) => object.with_room(1),
            None => Object::new(Vec::new(), Some(self.source()), self.source()),
        };
        match object.fields.iter().position(|(known, _)| *known == first) {
            Some(index) => object.fields[index].1 = object.fields[index].1.with(place, value),
            None if object.fields.len() == MOST_FIELDS => object.rest = Some(Source::Elsewhere),
            None if place.len() == 0 => object.fields.push((first, value)),
            None => {
                let source = object.rest.unwrap_or(object.source);
                let inside = Self::Object(Rc::new(Object::new(Vec::new(), object.rest, source)));
                object.fields.push((first, inside.with(place, value)));
            }
        }
        Self::Object(Rc::new(object))
    }

    /// What is known of a value that is one or the other.
    pub(crate) fn join(&self, other: &Self) -> Self {
        self.joined(other).unwrap_or_else(|| self.clone())
    }

    /// The same; nothing, if that is what is known of the one.
    pub(crate) fn joined(&self, other: &Self) -> Option<Self> {
        self.joined_down(other, 0)
    }

    fn joined_down(&self, other: &Self, depth: usize) -> Option<Self> {
        if self.is_same(other) {
            return None;
        }
        let unknown = Self::Unknown(Source::Elsewhere);
        let joined = match (self, other) {
            _ if depth > DEEPEST => unknown,
            (Self::Scalar(_), Self::Scalar(_)) => Self::Scalar(Source::Elsewhere),
            (Self::Array(one), Self::Array(two)) => {
                let join =
                    |one: &Self, two: &Self| one.joined_down(two, depth + 1).unwrap_or_else(|| one.clone());
                let items = match (&one.items, &two.items) {
                    (Items::Exactly(ones), Items::Exactly(twos)) if ones.len() == twos.len() => {
                        Items::Exactly(ones.iter().zip(twos).map(|(one, two)| join(one, two)).collect())
                    }
                    _ => Items::Each(join(&self.any_item(), &other.any_item())),
                };
                Self::array(items, one.source)
            }
            (Self::Object(one), Self::Object(two)) => {
                return one.joined(two, depth).map(|joined| Self::Object(Rc::new(joined)));
            }
            _ => match (self.expanded(), other.expanded()) {
                (Some(one), Some(two)) => Self::Object(one.joined(&two, depth).map_or(one, Rc::new)),
                _ => unknown,
            },
        };
        (!joined.is_same(self)).then_some(joined)
    }

    /// Whether the two are known to be one and the same.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Unknown(one), Self::Unknown(two))
            | (Self::Scalar(one), Self::Scalar(two))
            | (Self::Caught(one), Self::Caught(two)) => one == two,
            (Self::Object(one), Self::Object(two)) => Rc::ptr_eq(one, two) || one.is_same(two),
            (Self::Array(one), Self::Array(two)) => {
                Rc::ptr_eq(one, two)
                    || match (&one.items, &two.items) {
                        (Items::Each(one), Items::Each(two)) => one.is_same(two),
                        (Items::Exactly(ones), Items::Exactly(twos)) => {
                            ones.len() == twos.len()
                                && ones.iter().zip(twos).all(|(one, two)| one.is_same(two))
                        }
                        _ => false,
                    }
            }
            (Self::Described(one, _), Self::Described(two, _)) => one == two,
            (Self::Literal(one, _), Self::Literal(two, _)) => std::ptr::eq(*one, *two),
            _ => false,
        }
    }

    /// It as an object whose fields are listed, if it is one.
    fn expanded(&self) -> Option<Rc<Object<'m>>> {
        match self {
            Self::Object(object) => Some(Rc::clone(object)),
            Self::Literal(Value::Object(fields), source) => {
                let fields =
                    fields.iter().map(|(name, value)| (Cow::from(&**name), Self::Literal(value, *source)));
                Some(Rc::new(Object::new(fields.collect(), None, *source)))
            }
            Self::Caught(source) => {
                let field = |name| (Cow::Borrowed(name), Self::Scalar(*source));
                let fields = vec![field("Error"), field("Cause")];
                Some(Rc::new(Object::new(fields, None, *source)))
            }
            Self::Described(shape, source) => {
                let structure = shape.structure()?;
                let member = |member: sfn_catalogue::Member| {
                    (Cow::from(member.name), Self::Described(member.shape, *source))
                };
                let rest = structure.is_open.then_some(*source);
                let fields: Vec<_> = structure.members().take(MOST_FIELDS + 1).map(member).collect();
                let rest = rest.or((fields.len() > MOST_FIELDS).then_some(Source::Elsewhere));
                Some(Rc::new(Object::new(fields, rest, *source)))
            }
            _ => None,
        }
    }
}

impl<'m> Object<'m> {
    fn new(fields: Vec<(Cow<'m, str>, Outline<'m>)>, rest: Option<Source>, source: Source) -> Self {
        Self { fields, rest, source, places: OnceCell::new() }
    }

    /// The same, with room for further fields.
    fn with_room(&self, more: usize) -> Self {
        let mut fields = Vec::with_capacity(self.fields.len() + more);
        fields.extend_from_slice(&self.fields);
        Self::new(fields, self.rest, self.source)
    }

    /// What is known of an object that is one or the other; nothing, if that is what is known of the one.
    fn joined(&self, other: &Self, depth: usize) -> Option<Self> {
        let unknown = Outline::Unknown(Source::Elsewhere);
        let (mut fields, mut shared) = (Cow::Borrowed(&self.fields), 0);
        for (place, (name, one)) in self.fields.iter().enumerate() {
            let joined = match other.get(name) {
                Some(two) => {
                    shared += 1;
                    one.joined_down(two, depth + 1)
                }
                None if other.rest.is_some() => (!one.is_same(&unknown)).then(|| unknown.clone()),
                None => None,
            };
            if let Some(joined) = joined {
                fields.to_mut()[place].1 = joined;
            }
        }
        let is_new = |(name, _): &&(Cow<'m, str>, Outline<'m>)| self.get(name).is_none();
        let new = if shared < other.fields.len() { other.fields.as_slice() } else { &[] };
        for (name, two) in new.iter().filter(is_new) {
            let value = if self.rest.is_some() { unknown.clone() } else { two.clone() };
            fields.to_mut().push((name.clone(), value));
        }
        let same = (self.rest == other.rest).then_some(self.rest).flatten();
        let either = self.rest.or(other.rest).map(|_| Source::Elsewhere);
        let mut rest = same.or(either);
        if fields.len() > MOST_FIELDS {
            fields.to_mut().truncate(MOST_FIELDS);
            rest = Some(Source::Elsewhere);
        }
        let is_same = matches!(fields, Cow::Borrowed(_)) && rest == self.rest;
        (!is_same).then(|| Self::new(fields.into_owned(), rest, self.source))
    }

    fn get(&self, name: &str) -> Option<&Outline<'m>> {
        if self.fields.len() <= MOST_FIELDS {
            return self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value);
        }
        let places = self.places.get_or_init(|| {
            // The first of a name counts.
            let places = self.fields.iter().enumerate().rev();
            Box::new(places.map(|(place, (name, _))| (name.clone(), place)).collect())
        });
        places.get(name).map(|place| &self.fields[*place].1)
    }

    fn is_same(&self, other: &Self) -> bool {
        let mut fields = self.fields.iter().zip(&other.fields);
        self.rest == other.rest
            && self.fields.len() == other.fields.len()
            && fields.all(|((one, value), (two, other))| one == two && value.is_same(other))
    }
}
