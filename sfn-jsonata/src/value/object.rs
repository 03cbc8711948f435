//! Objects: fields in the order they were written, found quickly by name.
//! Separate because small and large objects look names up differently.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use super::{Extent, Value};

/// Up to this many fields a scan beats hashing.
const SCANNED: usize = 12;

/// An ordered map from field names to values; names are shared strings.
///
/// ```
/// use sfn_jsonata::{Object, Value};
///
/// let object: Object = [("b", Value::from(1)), ("a", Value::from(2))].into_iter().collect();
/// assert_eq!(object.get("a"), Some(&Value::from(2)));
/// assert_eq!(object.keys().collect::<Vec<_>>(), ["b", "a"]);
/// ```
#[derive(Clone, Default)]
pub struct Object {
    fields: Vec<(Arc<str>, Value)>,
    /// Positions by name, kept only above [`SCANNED`] fields.
    #[expect(
        clippy::box_collection,
        reason = "few objects are large, and the others need no room for a map"
    )]
    positions: Option<Box<HashMap<Arc<str>, usize>>>,
    extent: Extent,
    role: Role,
}

/// What an object stands for. Only [`Role::Json`] ever leaves an evaluation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Role {
    #[default]
    Json,
    Function(FunctionId),
    /// Undefined as an element of an array, where there is no leaving it out.
    Undefined,
}

/// The number of a function within the evaluation that made it. Functions never leave their evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FunctionId(pub(crate) u32);

impl Object {
    /// An empty object with room for `capacity` fields.
    ///
    /// ```
    /// assert!(sfn_jsonata::Object::with_capacity(4).is_empty());
    /// ```
    pub fn with_capacity(capacity: usize) -> Self {
        Self { fields: Vec::with_capacity(capacity), ..Self::default() }
    }

    /// An object of fields whose names are known to differ: nothing looks for one that comes twice.
    ///
    /// ```
    /// use sfn_jsonata::{Object, Value};
    ///
    /// let object = Object::from_distinct(vec![("a".into(), Value::from(1)), ("b".into(), Value::from(2))]);
    /// assert_eq!(object.get("b"), Some(&Value::from(2)));
    /// ```
    pub fn from_distinct(fields: Vec<(Arc<str>, Value)>) -> Self {
        let mut object = Self { fields, ..Self::default() };
        for (name, value) in &object.fields {
            object.extent.add(value);
            object.extent.add_name(name);
        }
        if object.fields.len() > SCANNED {
            object.index();
        }
        object
    }

    /// A value that stands for a function of the running evaluation.
    pub(crate) fn for_function(id: FunctionId) -> Self {
        Self { role: Role::Function(id), ..Self::default() }
    }

    /// A value that stands for undefined among the elements of an array.
    pub(crate) fn for_undefined() -> Self {
        Self { role: Role::Undefined, ..Self::default() }
    }

    /// The number of fields.
    ///
    /// ```
    /// assert_eq!(sfn_jsonata::Object::default().len(), 0);
    /// ```
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// Whether there is no field.
    ///
    /// ```
    /// assert!(sfn_jsonata::Object::default().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// The value of a field.
    ///
    /// ```
    /// use sfn_jsonata::{Object, Value};
    ///
    /// let object: Object = [("a", Value::Null)].into_iter().collect();
    /// assert_eq!(object.get("a"), Some(&Value::Null));
    /// assert_eq!(object.get("b"), None);
    /// ```
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.position(name).map(|position| &self.fields[position].1)
    }

    /// Whether the field exists.
    ///
    /// ```
    /// assert!(!sfn_jsonata::Object::default().contains_key("a"));
    /// ```
    pub fn contains_key(&self, name: &str) -> bool {
        self.position(name).is_some()
    }

    /// Sets a field and returns what it held; a field that exists keeps its place.
    ///
    /// ```
    /// use sfn_jsonata::{Object, Value};
    ///
    /// let mut object = Object::default();
    /// assert_eq!(object.insert("a", Value::from(1)), None);
    /// assert_eq!(object.insert("a", Value::from(2)), Some(Value::from(1)));
    /// ```
    pub fn insert(&mut self, name: impl Into<Arc<str>>, value: Value) -> Option<Value> {
        let name = name.into();
        self.extent.add(&value);
        if let Some(position) = self.position(&name) {
            self.extent.remove(&self.fields[position].1);
            return Some(std::mem::replace(&mut self.fields[position].1, value));
        }
        if let Some(positions) = &mut self.positions {
            positions.insert(Arc::clone(&name), self.fields.len());
        }
        self.extent.add_name(&name);
        self.fields.push((name, value));
        if self.positions.is_none() && self.fields.len() > SCANNED {
            self.index();
        }
        None
    }

    /// Removes a field and returns what it held; the others keep their order.
    ///
    /// ```
    /// use sfn_jsonata::{Object, Value};
    ///
    /// let mut object: Object = [("a", Value::from(1)), ("b", Value::from(2))].into_iter().collect();
    /// assert_eq!(object.remove("a"), Some(Value::from(1)));
    /// assert_eq!(object.len(), 1);
    /// ```
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let position = self.position(name)?;
        let (name, value) = self.fields.remove(position);
        self.extent.remove(&value);
        self.extent.remove_name(&name);
        if self.positions.is_some() {
            self.index();
        }
        Some(value)
    }

    /// The fields in order.
    ///
    /// ```
    /// assert_eq!(sfn_jsonata::Object::default().iter().count(), 0);
    /// ```
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Arc<str>, &Value)> {
        self.fields.iter().map(|(name, value)| (name, value))
    }

    /// The names in order.
    ///
    /// ```
    /// assert_eq!(sfn_jsonata::Object::default().keys().count(), 0);
    /// ```
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &str> {
        self.fields.iter().map(|(name, _)| &**name)
    }

    /// The values in order.
    ///
    /// ```
    /// assert_eq!(sfn_jsonata::Object::default().values().count(), 0);
    /// ```
    pub fn values(&self) -> impl ExactSizeIterator<Item = &Value> {
        self.fields.iter().map(|(_, value)| value)
    }

    pub(crate) fn extent(&self) -> Extent {
        self.extent
    }

    pub(crate) fn function(&self) -> Option<FunctionId> {
        match self.role {
            Role::Function(id) => Some(id),
            Role::Json | Role::Undefined => None,
        }
    }

    pub(crate) fn is_undefined(&self) -> bool {
        self.role == Role::Undefined
    }

    fn position(&self, name: &str) -> Option<usize> {
        match &self.positions {
            Some(positions) => positions.get(name).copied(),
            None => self.fields.iter().position(|(field, _)| **field == *name),
        }
    }

    fn index(&mut self) {
        let positions = self.fields.iter().enumerate().map(|(at, (name, _))| (Arc::clone(name), at));
        self.positions = Some(Box::new(positions.collect()));
    }
}

impl<K: Into<Arc<str>>> FromIterator<(K, Value)> for Object {
    fn from_iter<I: IntoIterator<Item = (K, Value)>>(fields: I) -> Self {
        let fields = fields.into_iter();
        let mut object = Self::with_capacity(fields.size_hint().0);
        object.extend(fields);
        object
    }
}

impl<K: Into<Arc<str>>> Extend<(K, Value)> for Object {
    fn extend<I: IntoIterator<Item = (K, Value)>>(&mut self, fields: I) {
        for (name, value) in fields {
            self.insert(name, value);
        }
    }
}

impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        self.role == other.role
            && self.len() == other.len()
            && self.iter().all(|(name, value)| other.get(name) == Some(value))
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_map().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::{Object, Value};

    #[test]
    fn large_objects_find_replace_and_remove_fields_by_name() {
        let mut object: Object =
            (0..100_u32).map(|at| (at.to_string(), Value::from(f64::from(at)))).collect();
        assert_eq!(object.insert("50", Value::Null), Some(Value::from(50)));
        assert_eq!(object.remove("7"), Some(Value::from(7)));
        assert_eq!(object.get("99"), Some(&Value::from(99)));
        assert_eq!(object.get("7"), None);
        assert_eq!(object.len(), 99);
    }

    #[test]
    fn equality_ignores_the_order_of_fields() {
        let one: Object = [("a", Value::from(1)), ("b", Value::from(2))].into_iter().collect();
        let two: Object = [("b", Value::from(2)), ("a", Value::from(1))].into_iter().collect();
        assert_eq!(one, two);
    }
}
