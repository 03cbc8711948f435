//! What is wrong with a value, before anybody knows which statement uses it.
//! Separate because a value never fails on the spot: it carries its faults until a flow records it and gives them a place.

use std::sync::Arc;

use sfn_asl::{Code, Diagnostic, Place};

use crate::Origin;

/// One fault of an expression; shared, so that a value used twice reports it once.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    /// Nothing but its address: which fault it is, wherever it is placed.
    identity: Arc<()>,
    details: Arc<Details>,
}

#[derive(Clone, Debug)]
struct Details {
    code: Code,
    message: String,
    help: String,
    origin: Option<Origin>,
}

impl Fault {
    pub(crate) fn new(code: &'static str, message: impl Into<String>, help: impl Into<String>) -> Self {
        let details =
            Details { code: Code::new(code), message: message.into(), help: help.into(), origin: None };
        Self { identity: Arc::new(()), details: Arc::new(details) }
    }

    /// The same fault at a place, unless it has one.
    pub(crate) fn at(self, origin: Origin) -> Self {
        if self.details.origin.is_some() {
            return self;
        }
        let details = Details { origin: Some(origin), ..Details::clone(&self.details) };
        Self { details: Arc::new(details), ..self }
    }

    pub(crate) fn message(&self) -> &str {
        &self.details.message
    }

    pub(crate) fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.identity, &other.identity)
    }

    /// The diagnostic, at the fault's own place or else at the statement that uses the value.
    pub(crate) fn diagnostic(&self, statement: Origin) -> Diagnostic {
        let origin = self.details.origin.unwrap_or(statement);
        Diagnostic::error(self.details.code, Place::Rust(origin.into()), self.details.message.clone())
            .with_help(self.details.help.clone())
    }
}
