//! The Pass State: hands its input on, or something else in its place.
//! Separate because each State type has a file of its own.

use sfn_asl::{QueryLanguage, Value};

use crate::core::execution::{Execution, Seen, Stage};
use crate::core::machine::{Node, Pass};
use crate::core::strand::StrandId;
use crate::query::QueryFault;

impl Execution {
    pub(in crate::core) fn pass(
        &mut self,
        id: StrandId,
        node: &Node,
        input: Value,
        pass: &Pass,
    ) -> Result<Value, QueryFault> {
        let passed = match pass {
            Pass::Result(result) => {
                self.note(Stage::Result, || result.clone());
                return Ok(result.clone());
            }
            Pass::Input => input,
            Pass::Parameters(parameters) => {
                let scope = self.scope(id, node, Seen::Input(input));
                parameters.evaluate(&scope)?
            }
        };
        if node.language == QueryLanguage::JsonPath {
            self.note(Stage::AfterParameters, || passed.clone());
        }
        Ok(passed)
    }
}
