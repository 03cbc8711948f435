//! The Fail State: says what went wrong.
//! Separate because each State type has a file of its own.

use std::sync::Arc;

use sfn_asl::Value;

use crate::core::Failure;
use crate::core::execution::{Execution, Progress, Seen, Trouble};
use crate::core::failure::FailureOrigin;
use crate::core::machine::Node;
use crate::core::strand::StrandId;
use crate::history::Fault;
use crate::query::{Expected, Template};

impl Execution {
    pub(in crate::core) fn raise(
        &mut self,
        id: StrandId,
        node: &Node,
        input: Value,
        error: Option<&Template>,
        cause: Option<&Template>,
    ) -> Result<Progress, Trouble> {
        let scope = self.scope(id, node, Seen::Input(input));
        let text = |template: Option<&Template>| {
            let text = |value: &Value| value.as_str().map(Arc::from);
            template.map(|template| template.evaluate_as(Expected::String, &scope, text)).transpose()
        };
        let fault = Fault { error: text(error)?, cause: text(cause)? };
        Err(Failure { fault, origin: FailureOrigin::State }.into())
    }
}
