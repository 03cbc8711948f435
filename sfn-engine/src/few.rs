//! A map that has one entry most of the time, and needs no memory of its own until it has two.
//! Separate because the core and the driver keep several of these for each execution, of which very many may wait.

use std::collections::BTreeMap;

/// In the order of the keys.
#[derive(Debug, Default)]
pub(crate) enum Few<K, V> {
    #[default]
    None,
    One(K, V),
    #[expect(clippy::box_collection, reason = "few have many, and the others need no room for a tree")]
    Many(Box<BTreeMap<K, V>>),
}

impl<K: Ord, V> Few<K, V> {
    pub(crate) fn insert(&mut self, key: K, value: V) {
        *self = match std::mem::take(self) {
            Self::None => Self::One(key, value),
            Self::One(there, _) if there == key => Self::One(key, value),
            Self::One(there, first) => Self::Many(Box::new([(there, first), (key, value)].into())),
            Self::Many(mut many) => {
                many.insert(key, value);
                Self::Many(many)
            }
        };
    }

    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        match self {
            Self::Many(many) => many.remove(key),
            Self::One(there, _) if there == key => match std::mem::take(self) {
                Self::One(_, value) => Some(value),
                Self::None | Self::Many(_) => None,
            },
            Self::None | Self::One(..) => None,
        }
    }

    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        match self {
            Self::One(there, value) => (there == key).then_some(value),
            Self::Many(many) => many.get(key),
            Self::None => None,
        }
    }

    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        match self {
            Self::One(there, value) => (there == key).then_some(value),
            Self::Many(many) => many.get_mut(key),
            Self::None => None,
        }
    }

    pub(crate) fn contains_key(&self, key: &K) -> bool {
        self.get(key).is_some()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.values().next().is_none()
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::None;
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        let (one, many) = match self {
            Self::None => (None, None),
            Self::One(_, value) => (Some(value), None),
            Self::Many(many) => (None, Some(many.values())),
        };
        one.into_iter().chain(many.into_iter().flatten())
    }

    pub(crate) fn into_values(self) -> impl Iterator<Item = V> {
        let (one, many) = match self {
            Self::None => (None, None),
            Self::One(_, value) => (Some(value), None),
            Self::Many(many) => (None, Some(many.into_values())),
        };
        one.into_iter().chain(many.into_iter().flatten())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn it_is_a_map(changes in prop::collection::vec((0_u8..4, any::<Option<u8>>()), 0..24)) {
            let (mut few, mut model) = (Few::default(), BTreeMap::new());
            for (key, value) in changes {
                if let Some(value) = value {
                    few.insert(key, value);
                    model.insert(key, value);
                } else {
                    prop_assert_eq!(few.remove(&key), model.remove(&key));
                }
                prop_assert!((0..4).all(|key| few.get(&key) == model.get(&key)));
                prop_assert_eq!(few.get_mut(&key).copied(), model.get(&key).copied());
                prop_assert!(few.values().eq(model.values()));
                prop_assert_eq!(few.is_empty(), model.is_empty());
            }
            prop_assert!(few.into_values().eq(model.into_values()));
        }
    }
}
