//! The values of a text as a tree that knows where each of them stands.
//! Separate from the formats because JSON, YAML and ready-made values all become this one tree, and the model is read
//! from nothing else.

mod builder;

use std::ops::Range;
use std::sync::Arc;

use sfn_jsonata::{Number, Object};

use crate::Value;

pub(crate) use builder::{Builder, Open};

/// How deeply arrays and objects may nest.
pub(crate) const MAX_DEPTH: usize = 200;

/// The longest text whose places fit, with as much again for what its strings mean.
pub(crate) const MAX_BYTES: usize = i32::MAX as usize;

/// The values of a text. The children of a container stand next to each other, so that each is found by its index.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tree {
    /// The text, and behind it, one after the other, what strings mean where that is not what the text says.
    text: Arc<str>,
    /// How many bytes the text itself has.
    written: usize,
    nodes: Vec<Node>,
    root: u32,
}

#[derive(Debug, Clone, Copy)]
struct Node {
    name: Name,
    span: Span,
    kind: Kind,
}

/// The name of the field whose value a node is; of other nodes, nothing.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Name {
    pub(crate) text: Text,
    /// Where it is written.
    span: Span,
    pub(crate) mark: Mark,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Null,
    Bool(bool),
    /// A number, as JSON would write it.
    Number(Text),
    String(Text),
    Array(Children),
    Object(Children),
    /// A value that is put in later, named as a placeholder: a bare `${Name}`, or a function of CloudFormation, whose
    /// long form is the object of the children.
    Opaque(Text, Children),
}

/// Bytes of the text.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// Bytes of a text that is no longer than [`MAX_BYTES`].
    pub(crate) fn new(start: usize, end: usize) -> Self {
        Self { start: narrow(start), end: narrow(end) }
    }

    pub(crate) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A string: bytes of the text, or of [`Tree::meant`].
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Text {
    /// Where it begins, with a bit that says that it is not in the text.
    start: u32,
    length: u32,
}

impl Text {
    /// A string as the text has it.
    pub(crate) fn written(span: Range<usize>) -> Self {
        Self { start: narrow(span.start), length: narrow(span.len()) }
    }

    /// A string behind that many bytes of others.
    fn meant(start: usize, string: &str) -> Self {
        Self { start: narrow(start), length: narrow(string.len()) }
    }

    fn range(self) -> Range<usize> {
        let start = self.start as usize;
        start..start + self.length as usize
    }
}

/// Nodes that stand next to each other.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Children {
    first: u32,
    count: u32,
}

/// Which names may be among those that were added: a bit for each, which few others share.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Marks(u64);

/// The number of a name's bit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Mark(u8);

impl Mark {
    /// The mark that no name has.
    pub(crate) const NONE: Self = Self(64);

    #[inline]
    pub(crate) fn of(name: &[u8]) -> Self {
        Self::of_both(name, &[])
    }

    /// The mark of a name with something behind it.
    #[inline]
    pub(crate) fn of_both(name: &[u8], behind: &[u8]) -> Self {
        let byte = |byte: Option<&u8>| byte.copied().unwrap_or_default();
        let (first, last) = (byte(name.first()), byte(behind.last().or(name.last())));
        let [length, ..] = (name.len() + behind.len()).to_le_bytes();
        let mixed = length.wrapping_add(first.wrapping_mul(5)).wrapping_add(last.wrapping_mul(11));
        Self(mixed % 64)
    }
}

impl Marks {
    /// Adds a name's, and says whether it may have been there.
    pub(crate) fn add(&mut self, mark: Mark) -> bool {
        let was_there = self.may_have(mark);
        self.0 |= 1 << mark.0;
        was_there
    }

    pub(crate) fn may_have(self, mark: Mark) -> bool {
        self.0 & (1 << mark.0) != 0
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "no text is longer than `MAX_BYTES`, nor is what it means"
)]
fn narrow(offset: usize) -> u32 {
    debug_assert!(u32::try_from(offset).is_ok());
    offset as u32
}

impl Children {
    pub(crate) fn range(self) -> Range<usize> {
        self.first as usize..self.first as usize + self.count as usize
    }

    pub(crate) fn len(self) -> usize {
        self.count as usize
    }
}

impl Tree {
    fn text(&self, text: Text) -> &str {
        &self.text[text.range()]
    }

    /// The same, for whoever only compares: no borders of characters are looked for.
    fn bytes(&self, text: Text) -> &[u8] {
        &self.text.as_bytes()[text.range()]
    }

    /// The text whose values they are.
    pub(crate) fn source(&self) -> &str {
        &self.text[..self.written]
    }

    pub(crate) fn root(&self) -> NodeRef<'_> {
        self.node(self.root as usize)
    }

    /// How many values it has.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(crate) fn node(&self, index: usize) -> NodeRef<'_> {
        NodeRef { tree: self, index }
    }

    /// The same tree, seen from another of its values.
    pub(crate) fn rooted_at(mut self, index: usize) -> Self {
        self.root = narrow(index);
        self
    }

    /// Makes objects opaque, each by its number and its placeholder; their long forms stay what they were.
    pub(crate) fn make_opaque(&mut self, objects: &[(usize, String)]) {
        let mut text = String::from(&*self.text);
        for (index, placeholder) in objects {
            if let Kind::Object(children) = self.nodes[*index].kind {
                self.nodes[*index].kind = Kind::Opaque(Text::meant(text.len(), placeholder), children);
                text.push_str(placeholder);
            }
        }
        self.text = text.into();
    }
}

/// A value of a tree.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NodeRef<'t> {
    tree: &'t Tree,
    index: usize,
}

impl<'t> NodeRef<'t> {
    fn node(self) -> &'t Node {
        &self.tree.nodes[self.index]
    }

    /// Another value of the same tree.
    pub(crate) fn at(self, index: usize) -> Self {
        Self { index, ..self }
    }

    /// Its number in its tree.
    pub(crate) fn index(self) -> usize {
        self.index
    }

    pub(crate) fn kind(self) -> Kind {
        self.node().kind
    }

    pub(crate) fn text(self, text: Text) -> &'t str {
        self.tree.text(text)
    }

    /// The name of the field whose value it is.
    pub(crate) fn name(self) -> &'t str {
        self.text(self.node().name.text)
    }

    pub(crate) fn name_text(self) -> Text {
        self.node().name.text
    }

    /// Whether that is its name.
    pub(crate) fn is_named(self, name: &str) -> bool {
        self.tree.bytes(self.name_text()) == name.as_bytes()
    }

    /// The mark of its name.
    pub(crate) fn mark(self) -> Mark {
        self.node().name.mark
    }

    /// That name as it is written.
    pub(crate) fn written_name(self) -> &'t str {
        &self.tree.text[self.name_span()]
    }

    /// The bytes of the text where that name is written.
    pub(crate) fn name_span(self) -> Range<usize> {
        self.node().name.span.range()
    }

    /// The bytes of the value, as it is written.
    pub(crate) fn span(self) -> Range<usize> {
        self.node().span.range()
    }

    pub(crate) fn is_null(self) -> bool {
        matches!(self.kind(), Kind::Null)
    }

    /// Whether the value is put in later, so that nothing is known of it.
    pub(crate) fn is_opaque(self) -> bool {
        matches!(self.kind(), Kind::Opaque(..))
    }

    pub(crate) fn as_bool(self) -> Option<bool> {
        match self.kind() {
            Kind::Bool(flag) => Some(flag),
            _ => None,
        }
    }

    /// The string; of an opaque value, its placeholder.
    pub(crate) fn as_str(self) -> Option<&'t str> {
        match self.kind() {
            Kind::String(text) | Kind::Opaque(text, _) => Some(self.text(text)),
            _ => None,
        }
    }

    pub(crate) fn as_number(self) -> Option<Number> {
        match self.kind() {
            Kind::Number(text) => number(self.text(text)),
            _ => None,
        }
    }

    pub(crate) fn items(self) -> Option<impl ExactSizeIterator<Item = NodeRef<'t>>> {
        match self.kind() {
            Kind::Array(children) => Some(self.children(children)),
            _ => None,
        }
    }

    pub(crate) fn fields(self) -> Option<impl ExactSizeIterator<Item = NodeRef<'t>>> {
        match self.kind() {
            Kind::Object(children) => Some(self.children(children)),
            _ => None,
        }
    }

    pub(crate) fn children(self, children: Children) -> impl ExactSizeIterator<Item = NodeRef<'t>> {
        children.range().map(move |index| self.at(index))
    }

    /// The child at an index of a container.
    pub(crate) fn child(self, index: usize) -> Option<NodeRef<'t>> {
        match self.kind() {
            Kind::Array(children) | Kind::Object(children) => {
                (index < children.len()).then(|| self.at(children.first as usize + index))
            }
            _ => None,
        }
    }

    /// The field of that name.
    pub(crate) fn field(self, name: &str) -> Option<NodeRef<'t>> {
        self.fields()?.find(|field| field.is_named(name))
    }

    /// The value at a key or index.
    pub(crate) fn below(self, token: &str) -> Option<NodeRef<'t>> {
        match self.kind() {
            Kind::Object(_) => self.field(token),
            Kind::Array(_) => self.child(token.parse().ok()?),
            Kind::Opaque(_, children) => self.children(children).find(|field| field.is_named(token)),
            _ => None,
        }
    }

    /// What it is, for a message.
    pub(crate) fn describe(self) -> String {
        match self.kind() {
            Kind::Null => "`null`".to_owned(),
            Kind::Bool(flag) => format!("`{flag}`"),
            Kind::Number(text) => format!("`{}`", self.text(text)),
            Kind::Opaque(text, _) => format!("the placeholder `{}`", self.text(text)),
            Kind::String(_) => "a string".to_owned(),
            Kind::Array(_) => "an array".to_owned(),
            Kind::Object(_) => "an object".to_owned(),
        }
    }

    /// The value without its place.
    pub(crate) fn to_value(self) -> Value {
        match self.kind() {
            Kind::Null => Value::Null,
            Kind::Bool(flag) => Value::Bool(flag),
            Kind::Number(text) => number(self.text(text)).map_or(Value::Null, Value::Number),
            Kind::String(text) | Kind::Opaque(text, _) => Value::from(self.text(text)),
            Kind::Array(children) => self.children(children).map(NodeRef::to_value).collect(),
            Kind::Object(children) => {
                let fields = self.children(children).map(|field| (field.name().into(), field.to_value()));
                Value::from(Object::from_distinct(fields.collect()))
            }
        }
    }
}

/// The number that a JSON number means; nothing where it is too large.
pub(crate) fn number(text: &str) -> Option<Number> {
    if let Ok(integer) = text.parse::<i64>() {
        return Some(Number::from(integer));
    }
    text.parse::<f64>().ok().filter(|double| double.is_finite()).map(Number::from)
}
