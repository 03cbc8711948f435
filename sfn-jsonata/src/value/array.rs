//! Arrays, with the marks that JSONata puts on the sequences it makes.
//! Separate because the marks travel with the handle and not with the shared elements.

use std::fmt;
use std::ops::{BitOr, Deref};
use std::sync::Arc;

use super::{Extent, Value};

/// A shared array: clone is O(1), reading goes through `Deref<Target = [Value]>`.
///
/// ```
/// use sfn_jsonata::{Array, Value};
///
/// let items = Array::from(vec![Value::from(1), Value::from(2)]);
/// assert_eq!(items.len(), 2);
/// ```
#[derive(Clone, Default)]
pub struct Array {
    items: Arc<Items>,
    flags: Flags,
}

#[derive(Clone, Default)]
struct Items {
    values: Vec<Value>,
    extent: Extent,
}

/// What JSONata remembers of an array besides its elements. Never visible in JSON.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Flags(u8);

impl Flags {
    /// A result sequence: unwrapped when it holds one element, nothing when it holds none.
    pub(crate) const SEQUENCE: Self = Self(1);
    /// A sequence that keeps its array around a single element (`[]`).
    pub(crate) const KEEP_SINGLETON: Self = Self(2);
    /// Written as `[..]` at the end of a path: never flattened into its surroundings.
    pub(crate) const CONSTRUCTED: Self = Self(4);
    /// The array that wraps an input which is itself an array.
    pub(crate) const OUTER_WRAPPER: Self = Self(8);
    /// A stream of tuples: elements are objects that hold the item under `@` and the variables bound on the way.
    pub(crate) const TUPLES: Self = Self(16);

    /// Whether every mark of `other` is set.
    pub(crate) fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl BitOr for Flags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl Array {
    /// A result sequence of these values.
    pub(crate) fn sequence(values: Vec<Value>) -> Self {
        Self::from(values).flagged(Flags::SEQUENCE)
    }

    /// The same elements, marked with exactly these flags.
    pub(crate) fn flagged(mut self, flags: Flags) -> Self {
        self.flags = flags;
        self
    }

    pub(crate) fn flags(&self) -> Flags {
        self.flags
    }

    pub(crate) fn is_sequence(&self) -> bool {
        self.flags.has(Flags::SEQUENCE)
    }

    /// Appends in place; the elements are copied first when somebody else shares them.
    pub(crate) fn push(&mut self, value: Value) {
        let items = Arc::make_mut(&mut self.items);
        items.extent.add(&value);
        items.values.push(value);
    }

    /// Appends all in place; the elements are copied first when somebody else shares them.
    pub(crate) fn extend(&mut self, values: &[Value]) {
        let items = Arc::make_mut(&mut self.items);
        for value in values {
            items.extent.add(value);
        }
        items.values.extend_from_slice(values);
    }

    /// The elements themselves, copied only when somebody else shares them.
    pub(crate) fn into_values(self) -> Vec<Value> {
        Arc::try_unwrap(self.items).map_or_else(|shared| shared.values.clone(), |items| items.values)
    }

    pub(crate) fn extent(&self) -> Extent {
        self.items.extent
    }

    /// Whether both handles share the same elements.
    pub(crate) fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.items, &other.items)
    }
}

impl Deref for Array {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.items.values
    }
}

impl From<Vec<Value>> for Array {
    fn from(values: Vec<Value>) -> Self {
        let extent = Extent::around(&values);
        Self { items: Arc::new(Items { values, extent }), flags: Flags::default() }
    }
}

impl FromIterator<Value> for Array {
    fn from_iter<I: IntoIterator<Item = Value>>(values: I) -> Self {
        Self::from(values.into_iter().collect::<Vec<_>>())
    }
}

impl<'a> IntoIterator for &'a Array {
    type Item = &'a Value;
    type IntoIter = std::slice::Iter<'a, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl PartialEq for Array {
    fn eq(&self, other: &Self) -> bool {
        self.same(other) || self[..] == other[..]
    }
}

impl fmt::Debug for Array {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.iter()).finish()
    }
}
