//! Payloads that hold others: options, boxes, sequences and maps.
//! Separate because their shape is a function of what they hold.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::BuildHasher;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{AnyVal, Payload, Shape};

impl<T: Payload> Payload for Option<T> {
    type Fields = ();
    const ABSENT: Option<fn() -> Value> = Some(|| Value::Null);

    fn shape() -> Shape {
        Shape::Option(T::shape)
    }

    fn fields(_: &AnyVal) -> Self::Fields {}
}

impl<T: Payload> Payload for Box<T> {
    type Fields = T::Fields;
    const ABSENT: Option<fn() -> Value> = T::ABSENT;

    fn shape() -> Shape {
        T::shape()
    }

    fn fields(value: &AnyVal) -> Self::Fields {
        T::fields(value)
    }
}

impl<T: Payload> Payload for Vec<T> {
    type Fields = ();

    fn shape() -> Shape {
        Shape::Array(T::shape)
    }

    fn fields(_: &AnyVal) -> Self::Fields {}
}

impl<T: Payload + Ord> Payload for BTreeSet<T> {
    type Fields = ();

    fn shape() -> Shape {
        Shape::Array(T::shape)
    }

    fn fields(_: &AnyVal) -> Self::Fields {}
}

impl<T: Payload, const N: usize> Payload for [T; N]
where
    [T; N]: Serialize + DeserializeOwned,
{
    type Fields = ();

    fn shape() -> Shape {
        Shape::Tuple(vec![T::shape; N])
    }

    fn fields(_: &AnyVal) -> Self::Fields {}
}

impl<V: Payload> Payload for BTreeMap<String, V> {
    type Fields = ();

    fn shape() -> Shape {
        Shape::Map(V::shape)
    }

    fn fields(_: &AnyVal) -> Self::Fields {}
}

impl<V: Payload, S: BuildHasher + Default + Send + 'static> Payload for HashMap<String, V, S> {
    type Fields = ();

    fn shape() -> Shape {
        Shape::Map(V::shape)
    }

    fn fields(_: &AnyVal) -> Self::Fields {}
}
