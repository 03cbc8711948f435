//! The texts that pick or compute something, in either Query Language, each parsed once for everybody who asks.
//! Separate because the rules and the data flow look at the same texts, which come again and again.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use sfn_jsonata::{Expression, Finding, ParseError, Reference};

use crate::intrinsic::{Call, CallError};
use crate::path::{Path, PathError, Root};

/// A string of JSONPath, parsed.
#[derive(Debug)]
pub(crate) struct Computed {
    pub(crate) form: Form,
    /// Whether a Path in it begins with a Variable.
    pub(crate) reads_variables: bool,
    /// Whether a Path in it begins with the Context Object.
    pub(crate) reads_context: bool,
}

/// What a string of JSONPath is: what begins with `$` a Path, all else the call of an Intrinsic Function.
#[derive(Debug)]
pub(crate) enum Form {
    Path(Path),
    Call(Call),
    NoPath(PathError),
    NoCall(CallError),
}

impl Computed {
    fn new(text: &str) -> Self {
        let form = if text.starts_with('$') {
            text.parse().map_or_else(Form::NoPath, Form::Path)
        } else {
            text.parse().map_or_else(Form::NoCall, Form::Call)
        };
        let (mut reads_variables, mut reads_context) = (false, false);
        form.each_path(&mut |path, _| {
            path.each(&mut |path| {
                reads_variables |= matches!(path.root, Root::Variable(_));
                reads_context |= path.root == Root::Context;
            });
        });
        Self { form, reads_variables, reads_context }
    }

    /// The Path, if it is one.
    pub(crate) fn path(&self) -> Option<&Path> {
        match &self.form {
            Form::Path(path) => Some(path),
            _ => None,
        }
    }
}

impl Form {
    /// Visits the Path, or every Path among the arguments of the call, with the place where it begins.
    pub(crate) fn each_path<'c>(&'c self, visit: &mut impl FnMut(&'c Path, usize)) {
        match self {
            Self::Path(path) => visit(path, 0),
            Self::Call(call) => call.each_path(visit),
            Self::NoPath(_) | Self::NoCall(_) => {}
        }
    }
}

/// The source of a JSONata expression, parsed and looked through.
#[derive(Debug)]
pub(crate) struct Meaning {
    /// The expression, or why it cannot be read.
    pub(crate) expression: Result<Expression, ParseError>,
    /// What it refers to outside itself.
    pub(crate) references: Vec<Reference>,
    /// What in it fails or has one outcome only.
    pub(crate) findings: Vec<Finding>,
}

impl Meaning {
    fn new(source: &str) -> Self {
        let expression = source.parse::<Expression>();
        let references = expression.as_ref().map(Expression::references).unwrap_or_default();
        let findings = expression.as_ref().map(Expression::findings).unwrap_or_default();
        Self { expression, references, findings }
    }
}

/// What has been parsed so far.
#[derive(Debug, Default)]
pub(crate) struct Texts<'m> {
    computed: Once<'m, Computed>,
    meanings: Once<'m, Meaning>,
}

impl<'m> Texts<'m> {
    /// What a text of JSONPath means.
    pub(crate) fn parse(&self, text: &'m str) -> Rc<Computed> {
        self.computed.get(text, Computed::new)
    }

    /// What the source of a JSONata expression means.
    pub(crate) fn meaning(&self, source: &'m str) -> Rc<Meaning> {
        self.meanings.get(source, Meaning::new)
    }
}

/// What was made of each text.
#[derive(Debug)]
struct Once<'m, T>(RefCell<HashMap<&'m str, Rc<T>, foldhash::fast::RandomState>>);

impl<T> Default for Once<'_, T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<'m, T> Once<'m, T> {
    fn get(&self, text: &'m str, make: fn(&str) -> T) -> Rc<T> {
        Rc::clone(self.0.borrow_mut().entry(text).or_insert_with(|| Rc::new(make(text))))
    }
}
