//! The strings of JSONPath that pick or compute something, each text parsed once for everybody who asks.
//! Separate because the rules about Paths and the data flow look at the same texts, which come again and again.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::intrinsic::{Call, CallError};
use crate::path::{Path, PathError};

/// A string of JSONPath, parsed: what begins with `$` as a Path, all else as the call of an Intrinsic Function.
#[derive(Debug)]
pub(crate) enum Computed {
    Path(Path),
    Call(Call),
    NoPath(PathError),
    NoCall(CallError),
}

impl Computed {
    /// Visits the Path, or every Path among the arguments of the call, with the place where it begins.
    pub(crate) fn each_path<'c>(&'c self, visit: &mut impl FnMut(&'c Path, usize)) {
        match self {
            Self::Path(path) => visit(path, 0),
            Self::Call(call) => call.each_path(visit),
            Self::NoPath(_) | Self::NoCall(_) => {}
        }
    }
}

/// What has been parsed so far.
#[derive(Debug, Default)]
pub(crate) struct Texts<'m> {
    parsed: RefCell<HashMap<&'m str, Rc<Computed>, foldhash::fast::RandomState>>,
}

impl<'m> Texts<'m> {
    /// What a text means.
    pub(crate) fn parse(&self, text: &'m str) -> Rc<Computed> {
        let parse = || {
            Rc::new(if text.starts_with('$') {
                text.parse().map_or_else(Computed::NoPath, Computed::Path)
            } else {
                text.parse().map_or_else(Computed::NoCall, Computed::Call)
            })
        };
        Rc::clone(self.parsed.borrow_mut().entry(text).or_insert_with(parse))
    }
}
