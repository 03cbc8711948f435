//! What a block of a flow may give back: a typed value, an erased one, or nothing.
//! Separate so that the builder has one set of methods for hand-written and for generated code.

use super::{AnyVal, Val};
use crate::Payload;

/// A symbolic value a block gives back: [`AnyVal`], [`Val<T>`], or `()`.
pub trait Symbolic: Sized {
    /// The value without its type.
    fn into_any(self) -> AnyVal;

    /// The value with its type again.
    fn from_any(value: AnyVal) -> Self;
}

impl Symbolic for AnyVal {
    fn into_any(self) -> AnyVal {
        self
    }

    fn from_any(value: AnyVal) -> Self {
        value
    }
}

impl<T: Payload> Symbolic for Val<T> {
    fn into_any(self) -> AnyVal {
        self.into_erased()
    }

    fn from_any(value: AnyVal) -> Self {
        Self::from_erased(value)
    }
}

impl Symbolic for () {
    fn into_any(self) -> AnyVal {
        AnyVal::unit()
    }

    fn from_any(_: AnyVal) -> Self {}
}
