//! Where a State goes when it is done: to another State, or nowhere.
//! Separate because five of the eight State types, and only they, have exactly this choice.

use crate::nearest::nearest;
use crate::rules::{conflicting_fields, missing_field};
use crate::wire::{Flat, ObjectReader, ObjectWriter};
use crate::{Edit, Value};

/// The `Next` or `End` field of a State.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Transition {
    /// `"Next"`: the name of the State that follows, in the same State Machine.
    Next(String),
    /// `"End": true`.
    #[default]
    End,
}

impl Transition {
    /// The name of the State that follows.
    ///
    /// ```
    /// use sfn_asl::Transition;
    ///
    /// assert_eq!(Transition::Next("Pay".to_owned()).target(), Some("Pay"));
    /// assert_eq!(Transition::End.target(), None);
    /// ```
    pub fn target(&self) -> Option<&str> {
        match self {
            Self::Next(name) => Some(name),
            Self::End => None,
        }
    }
}

impl Flat for Transition {
    fn take(reader: &mut ObjectReader<'_, '_>) -> Self {
        let (next, end) = (reader.find("Next"), reader.find("End"));
        let (has_next, has_end) = (next.is_some(), end.is_some());
        let may_end = end.is_some_and(|end| end.value.as_bool() != Some(false));
        let next = next.and_then(|next| reader.take::<String>(next));
        // Beside a `Next` it says nothing, and is left for the rest.
        let end = end.filter(|_| !has_next || may_end).and_then(|end| reader.take::<bool>(end));
        if has_next && end == Some(true) {
            let message = "found both `Next` and `End`";
            reader.fault_at("End", conflicting_fields::CODE, message, "keep one of them");
        } else if !has_next && !may_end {
            let message = "this State has neither `Next` nor `\"End\": true`";
            if let Some((near, name)) =
                ["Next", "End"].into_iter().find_map(|name| Some((nearest(name, reader.names())?, name)))
            {
                reader.fault(missing_field::CODE, message, format!("rename `{near}` to `{name}`"));
                reader.mend_case(near, name);
                return Self::End;
            }
            let help = "say where it goes, or that it ends";
            reader.fault_with_fix((missing_field::CODE, message, help), |state| {
                let (pointer, value) = (state.join("End"), Value::Bool(true));
                if has_end { Edit::Replace { pointer, value } } else { Edit::Insert { pointer, value } }
            });
        }
        next.map_or(Self::End, Self::Next)
    }

    fn put(&self, writer: &mut ObjectWriter) {
        match self {
            Self::Next(name) => writer.put("Next", name),
            Self::End => writer.put("End", &true),
        }
    }
}
