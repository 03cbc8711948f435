//! What a Map State that runs child executions has beyond an inline one.
//! Separate from the other nodes because few workflows have any of it.

use sfn_asl::ReaderConfig;

use super::{Expr, VariableId};

/// The parts of a distributed iteration.
#[derive(Clone, Debug)]
pub(crate) struct Distributed {
    /// Where the items are, unless they are at hand.
    pub(crate) reader: Option<ItemReader>,
    /// How many items a child works on at most.
    pub(crate) batch: Option<u32>,
    pub(crate) tolerated: Option<u32>,
    pub(crate) tolerated_percentage: Option<f64>,
    pub(crate) label: Option<String>,
    pub(crate) is_express: bool,
    /// The bucket and the prefix that results are written to.
    pub(crate) results_to: Option<(Expr, Expr)>,
    /// Whether the result is not the outputs, but all that is known about each child.
    pub(crate) keeps_records: bool,
    /// The variables of the body begin with this one: it reads those before from outside.
    pub(crate) first_inside: VariableId,
    /// What the body reads from outside, which no child can; known when the workflow is lowered.
    pub(crate) captures: Vec<Capture>,
}

/// Where the items are.
#[derive(Clone, Debug)]
pub(crate) struct ItemReader {
    pub(crate) resource: &'static str,
    pub(crate) config: ReaderConfig,
    pub(crate) bucket: Expr,
    /// A key, or the prefix of keys.
    pub(crate) place: Expr,
}

/// A value that is handed to every child.
#[derive(Clone, Debug)]
pub(crate) struct Capture {
    /// What it is called in the child's input.
    pub(crate) name: String,
    pub(crate) value: Expr,
    /// The variable of it in the body.
    pub(crate) variable: VariableId,
}

impl Distributed {
    /// Its expressions, all of which are read outside of the body.
    pub(crate) fn exprs_mut(&mut self) -> Vec<&mut Expr> {
        let reader = self.reader.iter_mut().flat_map(|reader| [&mut reader.bucket, &mut reader.place]);
        let writer = self.results_to.iter_mut().flat_map(|(bucket, prefix)| [bucket, prefix]);
        reader.chain(self.captures.iter_mut().map(|capture| &mut capture.value)).chain(writer).collect()
    }

    /// The same, to be read.
    pub(crate) fn exprs(&self) -> Vec<&Expr> {
        let reader = self.reader.iter().flat_map(|reader| [&reader.bucket, &reader.place]);
        let writer = self.results_to.iter().flat_map(|(bucket, prefix)| [bucket, prefix]);
        reader.chain(self.captures.iter().map(|capture| &capture.value)).chain(writer).collect()
    }

    /// Whether an item stands in the child's input beside what is handed to it.
    pub(crate) fn is_accompanied(&self) -> bool {
        self.batch.is_none() && (self.keeps_records || !self.captures.is_empty())
    }
}
