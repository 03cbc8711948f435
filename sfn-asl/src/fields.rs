//! Named values in their author's order: an `Assign`, or the fields of an object that the language does not know.
//! Separate because every State has several of them and most are empty: an empty one takes the room of a pointer.

use std::fmt;

use indexmap::map::{IntoIter, Iter, IterMut};

use crate::{Named, Value};

/// Named values in their author's order: an `Assign`, or the fields of an object that the language does not know.
///
/// ```
/// use sfn_asl::{Fields, Value};
///
/// let mut fields: Fields = [("total".to_owned(), Value::from(1))].into_iter().collect();
/// assert_eq!(fields.insert("total".to_owned(), Value::from(2)), Some(Value::from(1)));
/// assert_eq!(fields.get("total"), Some(&Value::from(2)));
/// ```
#[derive(Clone, Default, PartialEq)]
pub struct Fields(Option<Box<Named<Value>>>);

impl Fields {
    /// Whether there are none.
    ///
    /// ```
    /// assert!(sfn_asl::Fields::default().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// How many there are.
    ///
    /// ```
    /// assert_eq!(sfn_asl::Fields::default().len(), 0);
    /// ```
    pub fn len(&self) -> usize {
        self.iter().len()
    }

    /// The value of a name.
    ///
    /// ```
    /// assert_eq!(sfn_asl::Fields::default().get("total"), None);
    /// ```
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.as_ref()?.get(name)
    }

    /// Whether there is one of that name.
    ///
    /// ```
    /// assert!(!sfn_asl::Fields::default().contains_key("total"));
    /// ```
    pub fn contains_key(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Sets the value of a name and returns what it was; a name that is there keeps its place.
    ///
    /// ```
    /// let mut fields = sfn_asl::Fields::default();
    /// assert_eq!(fields.insert("total".to_owned(), 1.into()), None);
    /// ```
    pub fn insert(&mut self, name: String, value: Value) -> Option<Value> {
        self.0.get_or_insert_default().insert(name, value)
    }

    /// The names in order.
    ///
    /// ```
    /// use sfn_asl::{Fields, Value};
    ///
    /// let fields: Fields = [("b".to_owned(), Value::Null), ("a".to_owned(), Value::Null)].into_iter().collect();
    /// assert!(fields.keys().eq(["b", "a"]));
    /// ```
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &str> {
        self.iter().map(|(name, _)| name.as_str())
    }

    /// The names and their values in order.
    ///
    /// ```
    /// assert_eq!(sfn_asl::Fields::default().iter().next(), None);
    /// ```
    pub fn iter(&self) -> Iter<'_, String, Value> {
        self.0.as_ref().map(|named| named.iter()).unwrap_or_default()
    }

    /// The same, with values to change.
    ///
    /// ```
    /// assert_eq!(sfn_asl::Fields::default().iter_mut().next(), None);
    /// ```
    pub fn iter_mut(&mut self) -> IterMut<'_, String, Value> {
        self.0.as_mut().map(|named| named.iter_mut()).unwrap_or_default()
    }
}

impl FromIterator<(String, Value)> for Fields {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(fields: I) -> Self {
        Named::from_iter(fields).into()
    }
}

impl From<Named<Value>> for Fields {
    fn from(named: Named<Value>) -> Self {
        Self((!named.is_empty()).then(|| Box::new(named)))
    }
}

impl IntoIterator for Fields {
    type Item = (String, Value);
    type IntoIter = IntoIter<String, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.map(|named| named.into_iter()).unwrap_or_default()
    }
}

impl<'f> IntoIterator for &'f Fields {
    type Item = (&'f String, &'f Value);
    type IntoIter = Iter<'f, String, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'f> IntoIterator for &'f mut Fields {
    type Item = (&'f String, &'f mut Value);
    type IntoIter = IterMut<'f, String, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_map().entries(self).finish()
    }
}
