//! The Choice State: which way to go.
//! Separate because each State type has a file of its own.

use super::{ChoiceRule, Shared};
use crate::wire::flat;

/// A Choice State. `Assign` and `Output` of the State itself count only when `Default` is taken.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Choice {
    /// What every State may have.
    pub shared: Shared,
    /// `Choices`: the Choice Rules; the first that holds is taken.
    pub choices: Vec<ChoiceRule>,
    /// `Default`: the name of the State that follows when no Choice Rule holds.
    pub default: Option<String>,
}

flat!(Choice {
    required "Choices" choices;
    optional "Default" default;
    flat shared;
});
