//! Typed access to the arguments of a builtin function.
//! Separate because signatures are not checked for partial applications, so every access must check.

use std::sync::Arc;

use crate::error::{Fault, fault};
use crate::value::{Array, Value};

/// The arguments of one call.
pub(crate) struct Arguments {
    /// The function, for messages.
    name: &'static str,
    values: Vec<Option<Value>>,
}

impl Arguments {
    pub(crate) fn new(name: &'static str, values: Vec<Option<Value>>) -> Self {
        Self { name, values }
    }

    pub(crate) fn get(&self, at: usize) -> Option<&Value> {
        self.values.get(at)?.as_ref()?.present()
    }

    /// Takes an argument out, so that it need not be shared.
    pub(crate) fn take(&mut self, at: usize) -> Option<Value> {
        self.values.get_mut(at)?.take()
    }

    /// Takes all of them out.
    pub(crate) fn take_all(&mut self) -> Vec<Option<Value>> {
        std::mem::take(&mut self.values)
    }

    pub(crate) fn text(&self, at: usize) -> Result<Option<Arc<str>>, Fault> {
        match self.get(at) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(Arc::clone(text))),
            Some(_) => Err(self.misfit(at)),
        }
    }

    pub(crate) fn number(&self, at: usize) -> Result<Option<f64>, Fault> {
        match self.get(at) {
            None => Ok(None),
            Some(Value::Number(number)) => Ok(Some(number.as_f64())),
            Some(_) => Err(self.misfit(at)),
        }
    }

    pub(crate) fn array(&self, at: usize) -> Result<Option<Array>, Fault> {
        match self.get(at) {
            None => Ok(None),
            Some(Value::Array(items)) => Ok(Some(items.clone())),
            Some(_) => Err(self.misfit(at)),
        }
    }

    pub(crate) fn function(&self, at: usize) -> Result<Option<&Value>, Fault> {
        match self.get(at) {
            None => Ok(None),
            Some(value) if value.function().is_some() => Ok(Some(value)),
            Some(_) => Err(self.misfit(at)),
        }
    }

    /// An argument that must be there.
    pub(crate) fn required<T>(&self, at: usize, argument: Option<T>) -> Result<T, Fault> {
        argument.ok_or_else(|| self.misfit(at))
    }

    /// The argument is not what the signature says.
    pub(crate) fn misfit(&self, at: usize) -> Fault {
        let (number, name) = (at + 1, self.name);
        fault("T0410", format!("Argument {number} of function \"{name}\" does not match function signature"))
    }
}
