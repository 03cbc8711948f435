//! From a State Machine to canonical text.
//! Separate from the model because the layout is a decision of its own: two spaces, every element on its own line,
//! fields in canonical order, numbers as JavaScript writes them, nothing that says nothing (an empty `Assign`, `Retry`
//! or `Catch`, `"End": false`), no newline at the end.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::document::{self, Tree};
use crate::wire::Wire;
use crate::{StateMachine, Value};

impl StateMachine {
    /// The definition as a JSON value, its fields in canonical order.
    ///
    /// ```
    /// use sfn_asl::StateMachine;
    ///
    /// assert_eq!(StateMachine::default().to_value().to_string(), r#"{"StartAt":"","States":{}}"#);
    /// ```
    pub fn to_value(&self) -> Value {
        self.write()
    }

    /// The definition as canonical JSON text: the same machine always gives the same bytes, and reading them gives
    /// the same machine.
    ///
    /// ```
    /// use sfn_asl::StateMachine;
    ///
    /// assert_eq!(StateMachine::default().to_json_pretty(), "{\n  \"StartAt\": \"\",\n  \"States\": {}\n}");
    /// ```
    pub fn to_json_pretty(&self) -> String {
        self.to_string()
    }

    /// The definition as canonical YAML text.
    ///
    /// ```
    /// use sfn_asl::StateMachine;
    ///
    /// assert_eq!(StateMachine::default().to_yaml(), "StartAt: ''\nStates: {}\n");
    /// ```
    pub fn to_yaml(&self) -> String {
        document::yaml(Tree::of(&self.to_value()).root())
    }
}

impl fmt::Display for StateMachine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&document::json(Tree::of(&self.to_value()).root()))
    }
}

impl Serialize for StateMachine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_value().serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use crate::wire::Wire;
    use crate::{StateMachine, rules};

    #[test]
    fn the_length_is_that_of_the_text() {
        let examples = rules().iter().flat_map(|rule| {
            let invalid = rule.invalid.iter().map(|example| example.definition);
            rule.valid.iter().copied().chain(invalid)
        });
        let canonical = [
            include_str!("../tests/canonical/jsonata.json"),
            include_str!("../tests/canonical/jsonpath.json"),
            r#"{"StartAt": "\u0001\n", "States": {}, "Comment": "\"é\\", "x": [[], {}, 1e300, -0.5]}"#,
        ];
        for definition in examples.chain(canonical) {
            let Ok(machine) = definition.parse::<StateMachine>() else { continue };
            assert_eq!(machine.length(), machine.to_value().to_string().len(), "{definition}");
        }
    }
}
