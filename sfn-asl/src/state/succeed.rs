//! The Succeed State: a good end.
//! Separate because each State type has a file of its own.

use super::Shared;
use crate::wire::flat;

/// A Succeed State.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Succeed {
    /// What every State may have.
    pub shared: Shared,
}

flat!(Succeed { flat shared; });
