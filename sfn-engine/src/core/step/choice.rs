//! The Choice State: the first Choice Rule that holds decides where to go.
//! Separate because each State type has a file of its own.

use sfn_asl::Value;

use crate::core::Failure;
use crate::core::execution::{Execution, Progress, Seen, Trouble};
use crate::core::failure::FailureOrigin;
use crate::core::machine::{Node, Rule};
use crate::core::strand::StrandId;
use crate::query::Expected;

impl Execution {
    pub(in crate::core) fn choose(
        &mut self,
        id: StrandId,
        node: &Node,
        rules: &[Rule],
        has_default: bool,
    ) -> Result<Progress, Trouble> {
        let scope = self.scope(id, node, Seen::Input);
        let input = self.strand(id).input.clone();
        for rule in rules {
            if rule.condition.evaluate_as(Expected::Boolean, &scope, Value::as_bool)? {
                // Free the Variables first, so that assigning to them need not copy them.
                drop(scope);
                self.leave(id, node, &rule.leaving, input)?;
                return Ok(Progress::Left);
            }
        }
        if has_default {
            return Ok(Progress::Done(input));
        }
        let cause = format!(
            "An error occurred while executing the state '{}' (entered at the event id #{}). Failed to transition out of the state. The state does not point to a next state.",
            node.name,
            self.strand(id).entered,
        );
        Err(Failure::new(FailureOrigin::State, "States.NoChoiceMatched", cause).into())
    }
}
