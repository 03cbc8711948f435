//! Evaluates Paths, Payload Templates and simple JSONata on outlines.
//! Separate from the States because the same few forms fill all their fields.

use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use indexmap::IndexMap;
use indexmap::map::Entry;

use super::outline::{Items, Lookup, Making, Outline, Source};
use crate::computed::{Computed, Form, Texts};
use crate::intrinsic::{Argument, Call, Function};
use crate::path::{Path, Root, Segment, Selector};
use crate::template::expression_in;
use crate::{Fields, Value, is_jsonata_string};

/// What expressions can see besides the value they are applied to.
pub(crate) struct Evaluator<'s, 'm> {
    /// By name, what any State of the definition assigns; nothing as long as no assignment has been seen.
    variables: IndexMap<&'m str, Variable<'m>, foldhash::fast::RandomState>,
    /// Whether a Variable was read of which no assignment had been seen.
    met_unassigned: Cell<bool>,
    texts: &'s Texts<'m>,
}

/// What is known of a Variable.
struct Variable<'m> {
    outline: Outline<'m>,
    was_read: Cell<bool>,
}

/// Where a Path comes to nothing.
#[derive(Debug, Clone)]
pub(crate) struct Lost<'m> {
    /// The value that lacks it.
    pub(crate) owner: Outline<'m>,
    /// How many steps lead to that value.
    pub(crate) depth: usize,
    /// Whether it is an item that is missing, and not a field.
    pub(crate) is_item: bool,
}

impl Lost<'_> {
    /// Whether the same value lacks both, at the same depth.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let (one, two) = (&self.owner, &other.owner);
        let is_alike = (self.depth, self.is_item) == (other.depth, other.is_item);
        is_alike && one.source() == two.source() && one.is_same(two)
    }

    /// Whether the definition itself spells out the value, only without what the Path looks for.
    pub(crate) fn is_left_out(&self) -> bool {
        matches!(self.owner.source(), Source::State(_, Making::Template))
    }
}

/// What `$states` holds while a JSONata expression is evaluated.
#[derive(Clone, Copy)]
pub(crate) struct States<'v, 'm> {
    pub(crate) input: &'v Outline<'m>,
    pub(crate) result: Option<&'v Outline<'m>>,
    pub(crate) error: Option<&'v Outline<'m>>,
}

impl<'s, 'm> Evaluator<'s, 'm> {
    pub(super) fn new(texts: &'s Texts<'m>) -> Self {
        Self { variables: IndexMap::default(), met_unassigned: Cell::new(false), texts }
    }

    /// A computed string of JSONPath, parsed.
    pub(crate) fn parse(&self, text: &'m str) -> Rc<Computed> {
        self.texts.parse(text)
    }

    /// What a Path picks from the value it is applied to.
    pub(crate) fn path(&self, path: &Path, root: &Outline<'m>) -> Result<Outline<'m>, Lost<'m>> {
        match &path.root {
            Root::Input => segments(&path.segments, root.clone()),
            Root::Variable(name) => {
                let variable = self.variable(name);
                segments(&path.segments, variable)
            }
            Root::Context | Root::Element => Ok(Outline::Unknown(Source::Elsewhere)),
        }
    }

    /// What a computed string of JSONPath gives.
    pub(crate) fn compute(&self, text: &'m str, root: &Outline<'m>) -> Outline<'m> {
        match &self.parse(text).form {
            Form::Path(path) => or_unknown(self.path(path, root)),
            Form::Call(call) => self.call(call, root),
            Form::NoPath(_) | Form::NoCall(_) => Outline::Unknown(Source::Elsewhere),
        }
    }

    fn call(&self, call: &Call, root: &Outline<'m>) -> Outline<'m> {
        match call.function {
            Function::Array => {
                let items = call.arguments.iter().map(|argument| match &argument.value {
                    Argument::Literal(_) | Argument::Text(_) => Outline::Scalar(Source::Elsewhere),
                    Argument::Path(path) => or_unknown(self.path(path, root)),
                    Argument::Call(call) => self.call(call, root),
                });
                Outline::array(Items::Exactly(items.collect()), Source::Elsewhere)
            }
            Function::ArrayContains
            | Function::ArrayLength
            | Function::Base64Encode
            | Function::Base64Decode
            | Function::Hash
            | Function::JsonToString
            | Function::MathRandom
            | Function::MathAdd
            | Function::Uuid
            | Function::Format => Outline::Scalar(Source::Elsewhere),
            _ => Outline::Unknown(Source::Elsewhere),
        }
    }

    /// What a Payload Template of JSONPath gives.
    pub(crate) fn payload(&self, template: &'m Value, root: &Outline<'m>, source: Source) -> Outline<'m> {
        match template {
            Value::Object(fields) => {
                let fields = fields.iter().map(|(name, value)| match (name.strip_suffix(".$"), value) {
                    (Some(name), Value::String(text)) => (Cow::from(name), self.compute(text, root)),
                    _ => (Cow::from(&**name), self.payload(value, root, source)),
                });
                Outline::object(fields.collect(), source)
            }
            Value::Array(items) => {
                let items = items.iter().map(|item| self.payload(item, root, source));
                Outline::array(Items::Exactly(items.collect()), source)
            }
            // A placeholder may become anything.
            Value::String(text) if text.starts_with("${") => Outline::Unknown(Source::Elsewhere),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Outline::Scalar(source),
        }
    }

    /// What a template of JSONata gives.
    pub(crate) fn template(
        &self,
        template: &'m Value,
        states: States<'_, 'm>,
        source: Source,
    ) -> Outline<'m> {
        match template {
            Value::Object(fields) => {
                let fields = fields
                    .iter()
                    .map(|(name, value)| (Cow::from(&**name), self.template(value, states, source)));
                Outline::object(fields.collect(), source)
            }
            Value::Array(items) => {
                let items = items.iter().map(|item| self.template(item, states, source));
                Outline::array(Items::Exactly(items.collect()), source)
            }
            Value::String(text) if is_jsonata_string(text) => self.expression(expression_in(text), states),
            Value::String(text) if text.starts_with("${") => Outline::Unknown(Source::Elsewhere),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Outline::Scalar(source),
        }
    }

    /// What an expression gives: known when it is nothing but a path.
    fn expression(&self, source: &'m str, states: States<'_, 'm>) -> Outline<'m> {
        match self.texts.meaning(source).references.as_slice() {
            [reference] if is_whole(source, &reference.span) => {
                or_unknown(self.reference(&reference.name, &reference.fields, states))
            }
            _ => Outline::Unknown(Source::Elsewhere),
        }
    }

    /// What a Variable and the fields behind it give.
    pub(crate) fn reference(
        &self,
        name: &str,
        fields: &[Arc<str>],
        states: States<'_, 'm>,
    ) -> Result<Outline<'m>, Lost<'m>> {
        let (root, above) = match (name, fields.first().map(|field| &**field)) {
            ("states", Some("input")) => (Some(states.input.clone()), 1),
            ("states", Some("result")) => (states.result.cloned(), 1),
            ("states", Some("errorOutput")) => (states.error.cloned(), 1),
            ("states" | "$", _) => (None, 0),
            (name, _) => (Some(self.variable(name)), 0),
        };
        let Some(mut value) = root else { return Ok(Outline::Unknown(Source::Elsewhere)) };
        for (depth, field) in fields.iter().enumerate().skip(above) {
            // A field of an array is that of each item.
            let is_array = matches!(value, Outline::Array(_) | Outline::Literal(Value::Array(_), _));
            let owner = if is_array { value.any_item() } else { value };
            value = match owner.field(field) {
                Lookup::Found(found) if is_array => Outline::Unknown(found.source()),
                Lookup::Found(found) => found,
                Lookup::Missing => return Err(Lost { owner, depth, is_item: false }),
            };
        }
        Ok(value)
    }

    /// Evaluates, and says whether an assignment had been seen of every Variable that was read.
    pub(super) fn settled<T>(&self, evaluate: impl FnOnce(&Self) -> T) -> (T, bool) {
        self.met_unassigned.set(false);
        let result = evaluate(self);
        (result, !self.met_unassigned.get())
    }

    /// Takes all Variables to be anything from now on.
    pub(super) fn forget_variables(&mut self) {
        for variable in self.variables.values_mut() {
            variable.outline = Outline::Unknown(Source::Elsewhere);
        }
    }

    fn variable(&self, name: &str) -> Outline<'m> {
        let Some(variable) = self.variables.get(name) else {
            self.met_unassigned.set(true);
            return Outline::Unknown(Source::Elsewhere);
        };
        variable.was_read.set(true);
        variable.outline.clone()
    }

    /// Takes note of what an `Assign` gives its Variables. Says whether one that has been read turns out to be more.
    pub(super) fn assign(
        &mut self,
        assign: &'m Fields,
        mut evaluate: impl FnMut(&mut Self, &'m str, &'m Value) -> Outline<'m>,
    ) -> bool {
        let mut is_late = false;
        for (key, value) in assign {
            let outline = evaluate(self, key, value);
            let name = key.strip_suffix(".$").unwrap_or(key);
            match self.variables.entry(name) {
                Entry::Vacant(entry) => {
                    entry.insert(Variable { outline, was_read: Cell::new(false) });
                }
                Entry::Occupied(mut entry) => {
                    let Variable { outline: known, was_read } = entry.get_mut();
                    if let Some(joined) = known.joined(&outline) {
                        is_late |= was_read.get();
                        *known = joined;
                    }
                }
            }
        }
        is_late
    }
}

/// Whether a span is all of an expression.
pub(crate) fn is_whole(source: &str, span: &std::ops::Range<usize>) -> bool {
    source[..span.start].trim().is_empty() && source[span.end..].trim().is_empty()
}

fn segments<'m>(segments: &[Segment], root: Outline<'m>) -> Result<Outline<'m>, Lost<'m>> {
    let mut value = root;
    for (depth, segment) in segments.iter().enumerate() {
        let found = match &segment.selector {
            Selector::Child(name) => value.field(name),
            Selector::Index(index) => value.item(*index),
            Selector::Wildcard if depth + 1 == segments.len() => {
                return Ok(Outline::array(Items::Each(value.any_item()), value.source()));
            }
            // From here on there is a list of what is found, if only an empty one.
            _ => return Ok(Outline::Unknown(Source::Elsewhere)),
        };
        match found {
            Lookup::Found(found) => value = found,
            Lookup::Missing => {
                let is_item = matches!(segment.selector, Selector::Index(_));
                return Err(Lost { owner: value, depth, is_item });
            }
        }
    }
    Ok(value)
}

fn or_unknown<'m>(found: Result<Outline<'m>, Lost<'m>>) -> Outline<'m> {
    found.unwrap_or(Outline::Unknown(Source::Elsewhere))
}
