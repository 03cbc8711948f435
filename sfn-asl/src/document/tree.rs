//! The values of a text as a tree that knows where each of them stands.
//! Separate from the formats because JSON, YAML and ready-made values all become this one tree, and the model is read
//! from nothing else.

use std::collections::HashSet;
use std::ops::Range;

use sfn_jsonata::{Number, Object};

use crate::Value;

/// How deeply arrays and objects may nest.
pub(crate) const MAX_DEPTH: usize = 200;

/// The longest text whose places fit.
pub(crate) const MAX_BYTES: usize = i32::MAX as usize;

/// The values of a text. The children of a container stand next to each other, so that each is found by its index.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
    root: u32,
    /// What strings mean where that is not what the text says, one after the other.
    meant: String,
}

#[derive(Debug, Clone, Copy)]
struct Node {
    name: Text,
    name_span: Span,
    span: Span,
    kind: Kind,
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
    start: u32,
    length: u32,
    is_meant: bool,
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

impl Marks {
    fn bit(name: &str) -> u64 {
        let (first, last) = match name.as_bytes() {
            [first, .., last] => (*first, *last),
            [only] => (*only, 0),
            [] => (0, 0),
        };
        let mixed = name.len() + 5 * usize::from(first) + 11 * usize::from(last);
        1 << (mixed % 64)
    }

    /// Adds a name, and says whether it may have been there.
    pub(crate) fn add(&mut self, name: &str) -> bool {
        let was_there = self.may_have(name);
        self.0 |= Self::bit(name);
        was_there
    }

    pub(crate) fn may_have(self, name: &str) -> bool {
        self.0 & Self::bit(name) != 0
    }
}

fn narrow(offset: usize) -> u32 {
    debug_assert!(offset <= MAX_BYTES);
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// A tree that grows from its leaves: a container is closed when its children are there.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    tree: Tree,
    /// Children of containers that are still open, and the name each of them got.
    open: Vec<Node>,
    /// The name of the value that comes next.
    name: (Text, Span),
}

impl Builder {
    /// A builder with room for as many values as a text of that length usually has.
    pub(crate) fn with_room(bytes: usize) -> Self {
        const USUAL: usize = 16;
        let nodes = Vec::with_capacity(bytes / USUAL);
        Self { tree: Tree { nodes, ..Tree::default() }, ..Self::default() }
    }

    /// A string as the text has it.
    pub(crate) fn written(span: Range<usize>) -> Text {
        Text { start: narrow(span.start), length: narrow(span.len()), is_meant: false }
    }

    /// A string that means something else than the text has.
    pub(crate) fn meant(&mut self, string: &str) -> Text {
        let start = self.tree.meant.len();
        self.tree.meant.push_str(string);
        Text { start: narrow(start), length: narrow(string.len()), is_meant: true }
    }

    pub(crate) fn text<'t>(&'t self, source: &'t str, text: Text) -> &'t str {
        self.tree.text(source, text)
    }

    /// Names the value that comes next.
    pub(crate) fn name(&mut self, name: Text, span: Span) {
        self.name = (name, span);
    }

    /// Starts a container; what comes next are its children.
    pub(crate) fn open(&mut self) -> Open {
        let name = std::mem::take(&mut self.name);
        Open { first: self.open.len(), name }
    }

    /// Makes the children of a container stand next to each other.
    pub(crate) fn close(&mut self, open: &Open) -> Children {
        let children =
            Children { first: narrow(self.tree.nodes.len()), count: narrow(self.open.len() - open.first) };
        self.tree.nodes.extend_from_slice(&self.open[open.first..]);
        self.open.truncate(open.first);
        self.name = open.name;
        children
    }

    /// Adds a value to the container that is open.
    pub(crate) fn add(&mut self, kind: Kind, span: Span) {
        let (name, name_span) = std::mem::take(&mut self.name);
        self.open.push(Node { name, name_span, span, kind });
    }

    /// Adds the children of another object to the object that is open, but for those whose names are there.
    pub(crate) fn merge(&mut self, source: &str, open: &Open, children: Children) {
        for index in children.range() {
            let node = self.tree.nodes[index];
            let name = self.tree.text(source, node.name);
            if self.open[open.first..].iter().all(|known| self.tree.text(source, known.name) != name) {
                self.open.push(node);
            }
        }
    }

    /// The fields of the open object whose names have come before, each with the bytes of its name.
    pub(crate) fn duplicates<'t>(&'t self, source: &'t str, open: &Open) -> Vec<(&'t str, Range<usize>)> {
        /// Up to this many fields a scan beats hashing.
        const SCANNED: usize = 16;
        let fields = &self.open[open.first..];
        let name = |node: &Node| self.tree.text(source, node.name);
        let again = |node: &Node| (name(node), node.name_span.range());
        if fields.len() <= SCANNED {
            let mut seen = Marks::default();
            let mut is_again = |at: &usize| {
                let field = name(&fields[*at]);
                seen.add(field) && fields[..*at].iter().any(|earlier| name(earlier) == field)
            };
            (0..fields.len()).filter(|at| is_again(at)).map(|at| again(&fields[at])).collect()
        } else {
            let mut seen =
                HashSet::with_capacity_and_hasher(fields.len(), foldhash::fast::RandomState::default());
            fields.iter().filter(|field| !seen.insert(name(field))).map(again).collect()
        }
    }

    /// The tree, whose root is the value that was added last.
    pub(crate) fn finish(mut self) -> Option<Tree> {
        let root = self.open.pop()?;
        self.tree.root = narrow(self.tree.nodes.len());
        self.tree.nodes.push(root);
        Some(self.tree)
    }
}

/// A container whose children are not all there.
#[derive(Debug)]
pub(crate) struct Open {
    first: usize,
    name: (Text, Span),
}

impl Open {
    /// How many of its children are there.
    pub(crate) fn len(&self, builder: &Builder) -> usize {
        builder.open.len() - self.first
    }
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
    fn text<'t>(&'t self, source: &'t str, text: Text) -> &'t str {
        let from = if text.is_meant { &self.meant } else { source };
        let start = text.start as usize;
        &from[start..start + text.length as usize]
    }

    pub(crate) fn root<'t>(&'t self, source: &'t str) -> NodeRef<'t> {
        NodeRef { source, tree: self, index: self.root as usize }
    }

    /// How many values it has.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(crate) fn node<'t>(&'t self, source: &'t str, index: usize) -> NodeRef<'t> {
        NodeRef { source, tree: self, index }
    }

    /// The same tree, seen from another of its values.
    pub(crate) fn rooted_at(mut self, index: usize) -> Self {
        self.root = narrow(index);
        self
    }

    /// Makes a value opaque; its long form stays what it was.
    pub(crate) fn make_opaque(&mut self, index: usize, placeholder: &str) {
        if let Kind::Object(children) = self.nodes[index].kind {
            let start = narrow(self.meant.len());
            self.meant.push_str(placeholder);
            let text = Text { start, length: narrow(placeholder.len()), is_meant: true };
            self.nodes[index].kind = Kind::Opaque(text, children);
        }
    }
}

/// A value of a tree.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NodeRef<'t> {
    source: &'t str,
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
        self.tree.text(self.source, text)
    }

    /// The name of the field whose value it is.
    pub(crate) fn name(self) -> &'t str {
        self.text(self.node().name)
    }

    /// The bytes of that name, as it is written.
    pub(crate) fn name_span(self) -> Range<usize> {
        self.node().name_span.range()
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
        self.fields()?.find(|field| field.name() == name)
    }

    /// The value at a key or index.
    pub(crate) fn below(self, token: &str) -> Option<NodeRef<'t>> {
        match self.kind() {
            Kind::Object(_) => self.field(token),
            Kind::Array(_) => self.child(token.parse().ok()?),
            Kind::Opaque(_, children) => self.children(children).find(|field| field.name() == token),
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
                let mut object = Object::with_capacity(children.len());
                for field in self.children(children) {
                    object.insert(field.name(), field.to_value());
                }
                Value::from(object)
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

impl Tree {
    /// The tree of a value that comes from no text.
    pub(crate) fn of(value: &Value) -> Self {
        let mut builder = Builder::default();
        builder.add_value(value);
        builder.finish().unwrap_or_default()
    }
}

impl Builder {
    fn add_value(&mut self, value: &Value) {
        let kind = match value {
            Value::Null => Kind::Null,
            Value::Bool(flag) => Kind::Bool(*flag),
            Value::Number(number) => Kind::Number(self.meant(&number.to_string())),
            Value::String(text) => Kind::String(self.meant(text)),
            Value::Array(items) => {
                let open = self.open();
                items.iter().for_each(|item| self.add_value(item));
                Kind::Array(self.close(&open))
            }
            Value::Object(fields) => {
                let open = self.open();
                for (name, value) in fields.iter() {
                    let name = self.meant(name);
                    self.name(name, Span::default());
                    self.add_value(value);
                }
                Kind::Object(self.close(&open))
            }
        };
        self.add(kind, Span::default());
    }
}
