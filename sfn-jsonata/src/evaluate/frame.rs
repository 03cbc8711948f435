//! Frames of variables: what a block, a function call or a tuple binds.
//! Separate because looking variables up must stay cheap and frames must never form cycles.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use super::function::Function;
use super::{Evaluator, Maybe};
use crate::syntax::ast::{Symbol, Variable, VariableName};
use crate::value::{Object, Value};

/// The variables of one scope; `None` as a value is a variable bound to undefined.
#[derive(Default)]
pub(crate) struct Frame {
    parent: Option<Rc<Frame>>,
    /// A tuple, whose fields are variables too.
    tuple: Option<Arc<Object>>,
    bindings: RefCell<Vec<(Symbol, Maybe)>>,
}

impl Frame {
    pub(crate) fn root() -> Self {
        Self::default()
    }

    /// An empty frame inside another.
    pub(crate) fn inside(parent: Rc<Frame>) -> Self {
        Self { parent: Some(parent), ..Self::default() }
    }

    /// The frame of a function call.
    pub(crate) fn of_call(parent: Rc<Frame>, bindings: Vec<(Symbol, Maybe)>) -> Self {
        Self { parent: Some(parent), tuple: None, bindings: RefCell::new(bindings) }
    }

    /// A frame in which the fields of a tuple are variables.
    pub(crate) fn of_tuple(parent: Rc<Frame>, tuple: Arc<Object>) -> Self {
        Self { parent: Some(parent), tuple: Some(tuple), bindings: RefCell::default() }
    }

    pub(crate) fn bind(&self, symbol: Symbol, value: Maybe) {
        let mut bindings = self.bindings.borrow_mut();
        match bindings.iter_mut().find(|(bound, _)| *bound == symbol) {
            Some((_, old)) => *old = value,
            None => bindings.push((symbol, value)),
        }
    }

    /// The ancestor that the tuples around here carry under a label.
    pub(crate) fn ancestor(&self, label: &str) -> Option<Value> {
        self.chain().find_map(|frame| frame.tuple.as_ref()?.get(label).cloned())
    }

    /// `Some(None)` when the variable is bound to undefined.
    fn lookup(&self, symbol: Symbol, name: &str) -> Option<Maybe> {
        self.chain().find_map(|frame| {
            let bindings = frame.bindings.borrow();
            if let Some((_, value)) = bindings.iter().rev().find(|(bound, _)| *bound == symbol) {
                return Some(value.clone());
            }
            frame.tuple.as_ref()?.get(name).map(|value| Some(value.clone()))
        })
    }

    fn chain(&self) -> impl Iterator<Item = &Frame> {
        std::iter::successors(Some(self), |frame| frame.parent.as_deref())
    }
}

impl Evaluator<'_> {
    /// A variable as a value; the name of a builtin function gives that function.
    pub(super) fn variable(&self, variable: &Variable, frame: &Frame) -> Option<Value> {
        match self.bound(variable.name, frame) {
            Some(value) => value,
            None => variable.builtin.map(|builtin| self.new_function(Function::Builtin(builtin))),
        }
    }

    /// What is bound to a variable, if anything is: builtin functions are not.
    pub(super) fn bound(&self, name: VariableName, frame: &Frame) -> Option<Maybe> {
        let VariableName::Named(symbol) = name else { return None };
        let name = self.name(symbol);
        if let Some(value) = frame.lookup(symbol, name) {
            return Some(value);
        }
        if &**name == "$" {
            return Some(self.input.cloned());
        }
        self.bindings.get(name).map(|value| Some(value.clone()))
    }
}
