//! What a distributed Map State has beyond an inline one, ready to run.
//! Separate because few State Machines have any of it.

use std::sync::Arc;

use sfn_asl::ExecutionType;

use crate::core::data::Operand;
use crate::core::map_run::{Reads, Transformation};
use crate::query::Template;

#[derive(Debug)]
pub(in crate::core) struct Distributed {
    pub(in crate::core) label: Option<Arc<str>>,
    pub(in crate::core) execution_type: ExecutionType,
    pub(in crate::core) reader: Option<ItemReader>,
    pub(in crate::core) batcher: Option<ItemBatcher>,
    pub(in crate::core) writer: ResultWriter,
}

#[derive(Debug)]
pub(in crate::core) struct ItemReader {
    pub(in crate::core) reads: Reads,
    pub(in crate::core) arguments: Option<Template>,
    pub(in crate::core) max_items: Option<Operand>,
}

#[derive(Debug)]
pub(in crate::core) struct ItemBatcher {
    pub(in crate::core) input: Option<Template>,
    pub(in crate::core) max_items: Option<Operand>,
    pub(in crate::core) max_bytes: Option<Operand>,
}

#[derive(Debug)]
pub(in crate::core) struct ResultWriter {
    /// Where to; nowhere if the results only become the State's result.
    pub(in crate::core) arguments: Option<Template>,
    pub(in crate::core) transformation: Transformation,
    pub(in crate::core) is_lines: bool,
}

impl Distributed {
    /// Whether one of its fields may look at the Context Object.
    pub(super) fn reads_context(&self) -> bool {
        let template = |template: &Option<Template>| template.as_ref().is_some_and(Template::reads_context);
        let operand = |operand: &Option<Operand>| operand.as_ref().is_some_and(Operand::reads_context);
        self.reader.as_ref().is_some_and(|it| template(&it.arguments) || operand(&it.max_items))
            || self
                .batcher
                .as_ref()
                .is_some_and(|it| template(&it.input) || operand(&it.max_items) || operand(&it.max_bytes))
            || template(&self.writer.arguments)
    }
}
