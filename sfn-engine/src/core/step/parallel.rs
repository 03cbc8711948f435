//! The Parallel State: all Branches at once, each with the same input.
//! Separate because each State type has a file of its own.

use sfn_asl::Value;

use crate::core::execution::{Execution, Progress, Seed, Seen, Trouble};
use crate::core::machine::{GraphId, Node};
use crate::core::strand::{Children, Doing, Parent, StrandId};
use crate::history::Details;
use crate::query::Template;

impl Execution {
    pub(in crate::core) fn start_branches(
        &mut self,
        id: StrandId,
        node: &Node,
        input: Value,
        branches: &[GraphId],
        arguments: Option<&Template>,
    ) -> Result<Progress, Trouble> {
        let input = match arguments {
            Some(template) => template.evaluate(&self.scope(id, node, Seen::Input(input)))?,
            None => input,
        };
        if let Some(mocked) = self.mocked() {
            return mocked;
        }
        let cursor = self.advance(id, Details::ParallelStateStarted);
        if branches.is_empty() {
            return Ok(Progress::Done(Value::empty_array()));
        }
        let mut children = Children::new(branches.len());
        for (index, graph) in branches.iter().enumerate() {
            let seed = Seed { graph: *graph, input: input.clone(), item: None, cursor };
            children.running.push(self.spawn(Parent { strand: id, index }, seed));
        }
        self.strand(id).doing = Doing::Children(Box::new(children));
        Ok(Progress::Pending)
    }
}
