//! Sets of variables: which of them a state, or what follows it, still reads.
//! Separate because they are copied along every edge and must be small.

use crate::ir::{Expr, VariableId};

/// A set of variables, a bit each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct VariableSet(Vec<u64>);

const BITS: usize = u64::BITS as usize;

impl VariableSet {
    pub(super) fn insert(&mut self, id: VariableId) {
        let (word, bit) = place(id);
        if word >= self.0.len() {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= bit;
    }

    pub(super) fn remove(&mut self, id: VariableId) {
        let (word, bit) = place(id);
        if let Some(word) = self.0.get_mut(word) {
            *word &= !bit;
        }
    }

    pub(super) fn contains(&self, id: VariableId) -> bool {
        let (word, bit) = place(id);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }

    pub(super) fn extend(&mut self, other: &Self) {
        if other.0.len() > self.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            *word |= more;
        }
    }

    /// Adds the variables an expression reads.
    pub(super) fn read(&mut self, expr: &Expr) {
        expr.for_each_variable(&mut |id| self.insert(id));
    }
}

fn place(id: VariableId) -> (usize, u64) {
    let at = id.0 as usize;
    (at / BITS, 1 << (at % BITS))
}
