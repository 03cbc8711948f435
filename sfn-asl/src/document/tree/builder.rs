//! Trees as they grow: from their leaves, so that the children of a container come to stand next to each other.
//! Separate because a finished tree is only looked at.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use super::{Children, Kind, Mark, Marks, Name, Node, Span, Text, Tree, narrow};
use crate::Value;

/// A tree that grows from its leaves: a container is closed when its children are there.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    source: Arc<str>,
    /// What strings mean where that is not what the text says, which comes to stand behind the text.
    meant: String,
    /// Children of containers that are closed.
    nodes: Vec<Node>,
    /// Children of containers that are still open.
    open: Vec<Node>,
}

impl Builder {
    /// A builder of the values of a text, with room for as many as such a text usually has.
    pub(crate) fn new(source: &Arc<str>) -> Self {
        const USUAL: usize = 16;
        let nodes = Vec::with_capacity(source.len() / USUAL);
        Self { source: Arc::clone(source), nodes, ..Self::default() }
    }

    /// A string that means something else than the text has.
    pub(crate) fn meant(&mut self, string: &str) -> Text {
        let text = Text::meant(self.source.len() + self.meant.len(), string);
        self.meant.push_str(string);
        text
    }

    pub(crate) fn text(&self, text: Text) -> &str {
        let (holder, range) = self.holder(text);
        &holder[range]
    }

    /// The same, for whoever only compares: no borders of characters are looked for.
    fn bytes(&self, text: Text) -> &[u8] {
        let (holder, range) = self.holder(text);
        &holder.as_bytes()[range]
    }

    /// What a string is part of, and which part.
    fn holder(&self, text: Text) -> (&str, Range<usize>) {
        let Range { start, end } = text.range();
        let written = self.source.len();
        if start < written {
            (&self.source, start..end)
        } else {
            (&self.meant, start - written..end - written)
        }
    }

    /// A field's name that is written there.
    pub(crate) fn name(&self, text: Text, span: Span) -> Name {
        Name { text, span, mark: Mark::of(self.bytes(text)) }
    }

    /// Starts a container; what comes next are its children.
    pub(crate) fn open(&self) -> Open {
        Open { first: self.open.len() }
    }

    /// Makes the children of a container stand next to each other.
    pub(crate) fn close(&mut self, open: Open) -> Children {
        let children =
            Children { first: narrow(self.nodes.len()), count: narrow(self.open.len() - open.first) };
        self.nodes.extend_from_slice(&self.open[open.first..]);
        self.open.truncate(open.first);
        children
    }

    /// Adds a value to the container that is open.
    pub(crate) fn add(&mut self, name: Name, kind: Kind, span: Span) {
        self.open.push(Node { name, span, kind });
    }

    /// Adds the children of another object to the object that is open, but for those whose names are there.
    pub(crate) fn merge(&mut self, open: Open, children: Children) {
        for index in children.range() {
            let node = self.nodes[index];
            let name = self.bytes(node.name.text);
            if self.open[open.first..].iter().all(|known| self.bytes(known.name.text) != name) {
                self.open.push(node);
            }
        }
    }

    /// The fields of the open object whose names have come before, each with the bytes of its name.
    pub(crate) fn duplicates(&self, open: Open) -> Vec<(&str, Range<usize>)> {
        /// Up to this many fields a scan beats hashing.
        const SCANNED: usize = 16;
        let fields = &self.open[open.first..];
        let name = |node: &Node| self.text(node.name.text);
        let again = |node: &Node| (name(node), node.name.span.range());
        if fields.len() <= SCANNED {
            let mut seen = Marks::default();
            let mut is_again = |at: &usize| {
                let field = name(&fields[*at]);
                seen.add(fields[*at].name.mark) && fields[..*at].iter().any(|earlier| name(earlier) == field)
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
        let root = narrow(self.nodes.len());
        self.nodes.push(self.open.pop()?);
        let written = self.source.len();
        let text =
            if self.meant.is_empty() { self.source } else { [&*self.source, &*self.meant].concat().into() };
        Some(Tree { text, written, nodes: self.nodes, root })
    }
}

/// A container whose children are not all there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Open {
    first: usize,
}

impl Open {
    /// How many of its children are there.
    pub(crate) fn len(self, builder: &Builder) -> usize {
        builder.open.len() - self.first
    }
}

impl Tree {
    /// The tree of a value that comes from no text.
    pub(crate) fn of(value: &Value) -> Self {
        let mut builder = Builder::default();
        builder.add_value(Name::default(), value);
        builder.finish().unwrap_or_default()
    }
}

impl Builder {
    fn add_value(&mut self, name: Name, value: &Value) {
        let kind = match value {
            Value::Null => Kind::Null,
            Value::Bool(flag) => Kind::Bool(*flag),
            Value::Number(number) => Kind::Number(self.meant(&number.to_string())),
            Value::String(text) => Kind::String(self.meant(text)),
            Value::Array(items) => {
                let open = self.open();
                items.iter().for_each(|item| self.add_value(Name::default(), item));
                Kind::Array(self.close(open))
            }
            Value::Object(fields) => {
                let open = self.open();
                for (name, value) in fields.iter() {
                    let text = self.meant(name);
                    self.add_value(self.name(text, Span::default()), value);
                }
                Kind::Object(self.close(open))
            }
        };
        self.add(name, kind, Span::default());
    }
}
