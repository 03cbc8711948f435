//! How the model's parts are taken out of JSON and put back: one list of fields per part serves both ways.
//! Separate because the parts themselves should read like the specification, not like a parser.

mod json;

use std::sync::Arc;

use crate::document::{Children, Kind, Mark, Marks, NodeRef, Step, Text, plain_length, pointer};
use crate::nearest::nearest;
use crate::rules::{missing_field, wrong_type};
use crate::{Code, Diagnostic, Edit, Fields, Pointer, Value};

/// A value of the model that is one JSON value.
pub(crate) trait Wire: Sized {
    /// Reads the value; `None` says that a fault has been recorded.
    fn read<'t>(value: NodeRef<'t>, reading: &mut Reading<'t>) -> Option<Self>;

    /// Writes the value.
    fn write(&self) -> Value;

    /// How many bytes the value takes as JSON without blanks.
    fn length(&self) -> usize {
        self.write().json_length()
    }
}

/// How many bytes a string takes as JSON.
pub(crate) fn length_of_text(text: &str) -> usize {
    if plain_length(text.as_bytes()) == text.len() { text.len() + 2 } else { Value::from(text).json_length() }
}

/// A value of the model that is one field (or one of several spellings of a field) of a JSON object.
pub(crate) trait Field: Sized {
    fn take(reader: &mut ObjectReader<'_, '_>, name: &'static str) -> Self;
    fn put(&self, writer: &mut ObjectWriter, name: &'static str);
}

/// A value of the model that is several fields of a JSON object, without an object of its own.
pub(crate) trait Flat: Sized {
    fn take(reader: &mut ObjectReader<'_, '_>) -> Self;
    fn put(&self, writer: &mut ObjectWriter);
}

/// Where reading stands in the document and what it has found wrong so far.
#[derive(Debug)]
pub(crate) struct Reading<'t> {
    document: NodeRef<'t>,
    path: Vec<Step<Text>>,
    pub(crate) faults: Vec<Diagnostic>,
    /// Room for the marks of the next objects.
    spare: Vec<Vec<Mark>>,
}

impl<'t> Reading<'t> {
    pub(crate) fn new(document: NodeRef<'t>) -> Self {
        Self { document, path: Vec::new(), faults: Vec::new(), spare: Vec::new() }
    }

    pub(crate) fn within<T>(&mut self, step: Step<Text>, read: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(step);
        let result = read(self);
        self.path.pop();
        result
    }

    pub(crate) fn fault(&mut self, code: Code, message: impl Into<String>, help: impl Into<String>) {
        self.fault_at(self.pointer(), code, message, help);
    }

    pub(crate) fn wrong_type(&mut self, found: NodeRef<'_>, expected: &str) {
        self.wrong_type_at(self.pointer(), found, expected);
    }

    fn pointer(&self) -> Pointer {
        pointer(&self.path, |name| self.document.text(name))
    }

    fn fault_at(
        &mut self,
        pointer: Pointer,
        code: Code,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.faults.push(Diagnostic::error(code, pointer, message).with_help(help));
    }

    fn wrong_type_at(&mut self, pointer: Pointer, found: NodeRef<'_>, expected: &str) {
        let message = format!("found {}, expected {expected}", found.describe());
        self.fault_at(pointer, wrong_type::CODE, message, format!("write {expected}"));
    }
}

/// The fields of one JSON object, taken out one after the other.
pub(crate) struct ObjectReader<'t, 'r> {
    object: NodeRef<'t>,
    fields: Children,
    /// By field, the mark of its name, until somebody takes it.
    left: Vec<Mark>,
    /// Those of all fields, of which most that are asked for are not there.
    marks: Marks,
    reading: &'r mut Reading<'t>,
}

/// A field of an object that is being read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found<'t> {
    pub(crate) value: NodeRef<'t>,
    /// Its index among the fields.
    index: usize,
}

impl Drop for ObjectReader<'_, '_> {
    fn drop(&mut self) {
        self.left.clear();
        self.reading.spare.push(std::mem::take(&mut self.left));
    }
}

impl<'t, 'r> ObjectReader<'t, 'r> {
    pub(crate) fn new(object: NodeRef<'t>, reading: &'r mut Reading<'t>, expected: &str) -> Option<Self> {
        let Kind::Object(fields) = object.kind() else {
            reading.wrong_type(object, expected);
            return None;
        };
        let (mut left, mut marks) = (reading.spare.pop().unwrap_or_default(), Marks::default());
        left.extend(object.children(fields).map(|field| {
            marks.add(field.mark());
            field.mark()
        }));
        Some(Self { object, fields, left, marks, reading })
    }

    /// The field of that name, if nobody has taken it.
    #[inline]
    pub(crate) fn find(&self, name: &str) -> Option<Found<'t>> {
        // Most fields that are asked for are not there, and of a name that is written out that is one test of a bit.
        let mark = Mark::of(name.as_bytes());
        if self.marks.may_have(mark) { self.search(mark, name) } else { None }
    }

    #[inline(never)]
    fn search(&self, mark: Mark, name: &str) -> Option<Found<'t>> {
        let mut alike = self.left.iter().enumerate().filter(|(_, left)| **left == mark);
        alike.find_map(|(index, _)| {
            let value = self.field(index);
            value.is_named(name).then_some(Found { value, index })
        })
    }

    fn field(&self, index: usize) -> NodeRef<'t> {
        self.object.at(self.fields.range().start + index)
    }

    /// The fields that nobody has taken.
    fn left(&self) -> impl Iterator<Item = NodeRef<'t>> {
        let left = self.left.iter().enumerate().filter(|(_, mark)| **mark != Mark::NONE);
        left.map(|(index, _)| self.field(index))
    }

    /// The field's value, left where it is.
    pub(crate) fn peek(&self, name: &str) -> Option<NodeRef<'t>> {
        self.find(name).map(|found| found.value)
    }

    /// The name of the field's `...Path` twin, where the object has it.
    pub(crate) fn twin(&self, name: &str) -> Option<&'t str> {
        if !self.marks.may_have(Mark::of_both(name.as_bytes(), b"Path")) {
            return None;
        }
        self.names().find(|field| field.strip_suffix("Path") == Some(name))
    }

    pub(crate) fn skip(&mut self, name: &str) {
        if let Some(found) = self.find(name) {
            self.leave_out(found);
        }
    }

    pub(crate) fn leave_out(&mut self, found: Found<'t>) {
        self.left[found.index] = Mark::NONE;
    }

    #[inline]
    pub(crate) fn optional<T: Wire>(&mut self, name: &str) -> Option<T> {
        let found = self.find(name)?;
        self.take(found)
    }

    pub(crate) fn take<T: Wire>(&mut self, found: Found<'t>) -> Option<T> {
        self.leave_out(found);
        let step = Step::Key(found.value.name_text());
        self.reading.within(step, |reading| T::read(found.value, reading))
    }

    /// The field's value, which stays for the rest if it says nothing.
    pub(crate) fn optional_unless<T: Wire>(
        &mut self,
        name: &str,
        says_nothing: impl Fn(NodeRef<'t>) -> bool,
    ) -> Option<T> {
        let found = self.find(name).filter(|found| !says_nothing(found.value))?;
        self.take(found)
    }

    pub(crate) fn required<T: Wire + Default>(&mut self, name: &str) -> T {
        if let Some(found) = self.find(name) {
            return self.take(found).unwrap_or_default();
        }
        let message = format!("the field `{name}` is required and missing");
        match nearest(name, self.names()) {
            Some(near) => {
                self.fault(missing_field::CODE, message, format!("rename `{near}` to `{name}`"));
                self.mend_case(near, name);
            }
            None => self.fault(missing_field::CODE, message, format!("add `{name}`")),
        }
        T::default()
    }

    /// The names of the fields not taken yet.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'t str> {
        self.left().map(NodeRef::name)
    }

    /// What nobody has taken.
    pub(crate) fn rest(&mut self) -> Fields {
        if self.left.iter().all(|mark| *mark == Mark::NONE) {
            return Fields::default();
        }
        let rest = self.left().map(|field| (field.name().to_owned(), field.to_value())).collect();
        self.left.fill(Mark::NONE);
        rest
    }

    pub(crate) fn fault(&mut self, code: Code, message: impl Into<String>, help: impl Into<String>) {
        self.reading.fault(code, message, help);
    }

    /// Gives the last fault a fix where a field's name differs from the right one in case only.
    pub(crate) fn mend_case(&mut self, field: &str, name: &str) {
        let pointer = self.reading.pointer().join(field);
        if let Some(fault) = self.reading.faults.last_mut().filter(|_| field.eq_ignore_ascii_case(name)) {
            fault.fix.push(Edit::Rename { pointer, name: name.to_owned() });
        }
    }

    pub(crate) fn fault_at(
        &mut self,
        name: &str,
        code: Code,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let pointer = self.reading.pointer().join(name);
        self.reading.fault_at(pointer, code, message, help);
    }

    /// A fault that an edit does away with; it is given the place of the object.
    pub(crate) fn fault_with_fix(&mut self, fault: (Code, &str, &str), fix: impl FnOnce(&Pointer) -> Edit) {
        let (code, message, help) = fault;
        let pointer = self.reading.pointer();
        let fix = fix(&pointer);
        self.reading.faults.push(Diagnostic::error(code, pointer, message).with_help(help).with_fix(fix));
    }

    /// Reads on in the same object, whose further faults nobody wants to hear of.
    pub(crate) fn quietly<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let known = self.reading.faults.len();
        let result = read(self);
        self.reading.faults.truncate(known);
        result
    }

    pub(crate) fn wrong_type_at(&mut self, found: NodeRef<'_>, expected: &str) {
        let pointer = self.reading.pointer().join(found.name());
        self.reading.wrong_type_at(pointer, found, expected);
    }
}

/// The fields of one JSON object, put in one after the other.
#[derive(Default)]
pub(crate) struct ObjectWriter {
    fields: Vec<(Arc<str>, Value)>,
    /// How many bytes they take, if nobody wants the fields themselves.
    length: Option<usize>,
}

impl ObjectWriter {
    /// How many bytes the object takes as JSON without blanks whose fields are put in.
    pub(crate) fn length(put: impl FnOnce(&mut Self)) -> usize {
        let mut writer = Self { fields: Vec::new(), length: Some(0) };
        put(&mut writer);
        // A comma stands behind all fields but one, and two braces around them.
        writer.length.map_or(0, |length| (length + 1).max(2))
    }

    pub(crate) fn put<T: Wire>(&mut self, name: &str, value: &T) {
        match &mut self.length {
            Some(length) => *length += length_of_text(name) + 2 + value.length(),
            None => self.fields.push((Arc::from(name), value.write())),
        }
    }

    pub(crate) fn put_rest(&mut self, fields: &Fields) {
        fields.iter().for_each(|(name, value)| self.put(name, value));
    }

    /// Sorts by the given rank; fields of equal rank stay as they were put.
    pub(crate) fn sort_by_rank(&mut self, rank: impl Fn(&str) -> usize) {
        self.fields.sort_by_key(|(name, _)| rank(name));
    }

    pub(crate) fn finish(self) -> Value {
        self.fields.into_iter().collect()
    }
}

/// Implements [`Flat`] for a struct from the list of its fields, in canonical order.
///
/// `required` and `optional` name a JSON field and the struct's field; `flat` is a part whose fields stand in the
/// same object; `rest` receives what nobody knows, and comes last (within the last `flat`, if not here).
macro_rules! flat {
    ($type:ident { $($kind:ident $($name:literal)? $field:ident;)* }) => {
        impl $crate::wire::Flat for $type {
            fn take(reader: &mut $crate::wire::ObjectReader<'_, '_>) -> Self {
                Self { $($field: $crate::wire::flat!(@take reader $kind $($name)?),)* }
            }

            fn put(&self, writer: &mut $crate::wire::ObjectWriter) {
                $($crate::wire::flat!(@put writer (&self.$field) $kind $($name)?);)*
            }
        }
    };
    (@take $reader:ident required $name:literal) => { $reader.required($name) };
    (@take $reader:ident optional $name:literal) => { $crate::wire::Field::take($reader, $name) };
    (@take $reader:ident flat) => { $crate::wire::Flat::take($reader) };
    (@take $reader:ident rest) => { $reader.rest() };
    (@put $writer:ident ($value:expr) required $name:literal) => { $writer.put($name, $value) };
    (@put $writer:ident ($value:expr) optional $name:literal) => {
        $crate::wire::Field::put($value, $writer, $name)
    };
    (@put $writer:ident ($value:expr) flat) => { $crate::wire::Flat::put($value, $writer) };
    (@put $writer:ident ($value:expr) rest) => { $writer.put_rest($value) };
}

/// Like [`flat!`], for a struct that is a JSON object of its own.
macro_rules! object {
    ($type:ident, $description:literal, { $($fields:tt)* }) => {
        $crate::wire::flat!($type { $($fields)* });

        impl $crate::wire::Wire for $type {
            fn read<'t>(
                value: $crate::document::NodeRef<'t>,
                reading: &mut $crate::wire::Reading<'t>,
            ) -> Option<Self> {
                let mut reader = $crate::wire::ObjectReader::new(value, reading, $description)?;
                Some($crate::wire::Flat::take(&mut reader))
            }

            fn write(&self) -> $crate::Value {
                let mut writer = $crate::wire::ObjectWriter::default();
                $crate::wire::Flat::put(self, &mut writer);
                writer.finish()
            }

            fn length(&self) -> usize {
                $crate::wire::ObjectWriter::length(|writer| $crate::wire::Flat::put(self, writer))
            }
        }
    };
}

/// Implements [`Wire`] for an enum whose variants are words of the language.
macro_rules! words {
    ($type:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        impl $type {
            /// Every value, in the specification's order.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word of the language.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        impl $crate::wire::Wire for $type {
            fn read<'t>(
                value: $crate::document::NodeRef<'t>,
                reading: &mut $crate::wire::Reading<'t>,
            ) -> Option<Self> {
                let Some(word) = value.as_str() else {
                    reading.wrong_type(value, "a string");
                    return None;
                };
                let found = Self::ALL.iter().copied().find(|known| known.as_str() == word);
                if found.is_none() && !$crate::document::is_placeholder(word) {
                    let known = [$(concat!("`", $word, "`")),+].join(", ");
                    reading.fault(
                        $crate::rules::invalid_value::CODE,
                        format!("found `{word}`, expected one of {known}"),
                        format!("write one of {known}"),
                    );
                }
                found
            }

            fn write(&self) -> $crate::Value {
                $crate::Value::from(self.as_str())
            }
        }
    };
}

pub(crate) use {flat, object, words};

impl<T: Flat> Flat for Box<T> {
    fn take(reader: &mut ObjectReader<'_, '_>) -> Self {
        Self::new(T::take(reader))
    }

    fn put(&self, writer: &mut ObjectWriter) {
        T::put(self, writer);
    }
}
