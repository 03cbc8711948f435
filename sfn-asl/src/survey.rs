//! What all rules look at: the definition walked once, every expression parsed once.
//! Separate so that a rule is only its question.

use std::ops::Range;

use sfn_jsonata::{Expression, ParseError, Reference};

use crate::flow::{self, Variables};
use crate::graph::{Scope, scopes};
use crate::template::{Moment, TemplateString, strings};
use crate::{Options, Place, Pointer, QueryLanguage, State, StateMachine};

/// A definition, walked.
pub(crate) struct Survey<'m> {
    pub(crate) machine: &'m StateMachine,
    pub(crate) options: &'m Options,
    pub(crate) scopes: Vec<Scope<'m>>,
    /// Every State, scope by scope, within a scope in the author's order.
    pub(crate) sites: Vec<Site<'m>>,
    /// Which of the sites belong to each scope.
    ranges: Vec<Range<usize>>,
    /// What is assigned before each site.
    pub(crate) variables: Variables<'m>,
}

/// A State, with its place.
pub(crate) struct Site<'m> {
    pub(crate) scope: usize,
    /// Its index in its State Machine.
    pub(crate) index: usize,
    pub(crate) name: &'m str,
    pub(crate) state: &'m State,
    pub(crate) pointer: Pointer,
    pub(crate) language: QueryLanguage,
    /// Whether any way leads here from the `StartAt` of its State Machine.
    pub(crate) reachable: bool,
    /// The strings of its templates and expressions.
    pub(crate) strings: Vec<TemplateString<'m>>,
    /// The JSONata expressions among them; none in a JSONPath State.
    pub(crate) expressions: Vec<Parsed<'m>>,
}

/// A JSONata expression of a State.
pub(crate) struct Parsed<'m> {
    pub(crate) source: &'m str,
    pub(crate) pointer: Pointer,
    pub(crate) field: &'static str,
    pub(crate) moment: Moment,
    /// What it refers to outside itself, or why it cannot be read.
    pub(crate) references: Result<Vec<Reference>, ParseError>,
    /// At which byte of its string the source begins.
    offset: usize,
}

impl<'m> Survey<'m> {
    pub(crate) fn new(machine: &'m StateMachine, options: &'m Options) -> Self {
        let scopes = scopes(machine, options.kind);
        let (mut sites, mut ranges) = (Vec::new(), Vec::new());
        for (index, scope) in scopes.iter().enumerate() {
            let states = scope.pointer.join("States");
            let first = sites.len();
            let reachable = flow::reachable(scope.machine);
            for (state, reachable) in reachable.into_iter().enumerate() {
                sites.extend(Site::new((index, scope), state, &states, reachable));
            }
            ranges.push(first..sites.len());
        }
        let variables = Variables::new(&scopes);
        Self { machine, options, scopes, sites, ranges, variables }
    }

    /// The State Machine that a site belongs to.
    pub(crate) fn scope_of(&self, site: &Site<'m>) -> &Scope<'m> {
        &self.scopes[site.scope]
    }

    /// The sites of each scope.
    pub(crate) fn sites_by_scope(&self) -> impl Iterator<Item = (&Scope<'m>, &[Site<'m>])> {
        self.scopes.iter().zip(self.ranges.iter().map(|range| &self.sites[range.clone()]))
    }

    /// What all JSONata expressions refer to, each with its expression.
    pub(crate) fn references(&self) -> impl Iterator<Item = (&Parsed<'m>, &Reference)> {
        self.sites.iter().flat_map(Site::references)
    }
}

impl<'m> Site<'m> {
    fn new(
        (number, scope): (usize, &Scope<'m>),
        index: usize,
        states: &Pointer,
        reachable: bool,
    ) -> Option<Self> {
        let (name, state) = scope.machine.states.get_index(index)?;
        let pointer = states.join(name);
        let language = state.query_language(scope.query_language);
        let strings = strings(state, &pointer);
        let expressions = match language {
            QueryLanguage::Jsonata => strings.iter().filter_map(Parsed::new).collect(),
            QueryLanguage::JsonPath => Vec::new(),
        };
        Some(Self { scope: number, index, name, state, pointer, language, reachable, strings, expressions })
    }

    /// The place of the State.
    pub(crate) fn place(&self) -> Place {
        self.pointer.clone().into()
    }

    /// The place of a field of the State.
    pub(crate) fn field(&self, name: &str) -> Place {
        self.pointer.join(name).into()
    }

    /// What the State's JSONata expressions refer to, each with its expression.
    pub(crate) fn references(&self) -> impl Iterator<Item = (&Parsed<'m>, &Reference)> {
        self.expressions.iter().flat_map(|expression| {
            let references = expression.references.as_deref().unwrap_or_default();
            references.iter().map(move |reference| (expression, reference))
        })
    }
}

impl<'m> Parsed<'m> {
    fn new(string: &TemplateString<'m>) -> Option<Self> {
        let (source, offset) = string.jsonata()?;
        let references = source.parse::<Expression>().map(|expression| expression.references());
        let (pointer, field, moment) = (string.pointer.clone(), string.field, string.moment);
        Some(Self { source, pointer, field, moment, references, offset })
    }

    /// The place of a part of the source.
    pub(crate) fn place(&self, span: &Range<usize>) -> Place {
        let span = span.start + self.offset..span.end + self.offset;
        Place::Definition { pointer: self.pointer.clone(), span: Some(span) }
    }
}
