//! The Choice State: the first Choice Rule that holds decides where to go.
//! Separate because each State type has a file of its own.

mod data_test;

pub(in crate::core) use data_test::{Check, DataTest};

use sfn_asl::Value;

use crate::core::Failure;
use crate::core::execution::{Execution, Progress, Seen, Trouble};
use crate::core::failure::FailureOrigin;
use crate::core::machine::{Node, Rule, Test};
use crate::core::strand::StrandId;
use crate::query::{Expected, QueryFault, Scope};

impl Execution {
    pub(in crate::core) fn choose(
        &mut self,
        id: StrandId,
        node: &Node,
        input: Value,
        rules: &[Rule],
        has_default: bool,
    ) -> Result<Progress, Trouble> {
        let scope = self.scope(id, node, Seen::Input(input.clone()));
        for rule in rules {
            if rule.test.holds(&scope)? {
                // Free the Variables first, so that assigning to them need not copy them.
                drop(scope);
                self.leave(id, node, &rule.leaving, input)?;
                return Ok(Progress::Left);
            }
        }
        if has_default {
            return Ok(Progress::Done(input));
        }
        let entered = self.strand(id).entered;
        let cause = node.blame(
            entered,
            "Failed to transition out of the state. The state does not point to a next state.",
        );
        Err(Failure::new(FailureOrigin::State, "States.NoChoiceMatched", cause).into())
    }
}

impl Test {
    fn holds(&self, scope: &Scope) -> Result<bool, QueryFault> {
        match self {
            Self::Condition(condition) => condition.evaluate_as(Expected::Boolean, scope, Value::as_bool),
            Self::Data(test) => test.holds(scope),
        }
    }
}
