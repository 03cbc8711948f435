//! What all rules look at: the definition walked once, every expression parsed once.
//! Separate so that a rule is only its question.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use sfn_catalogue::Resource;
use sfn_jsonata::{Finding, Reference};

use crate::assignments::{Assignment, assignments};
use crate::computed::{Meaning, Texts};
use crate::flow::{Variables, Ways};
use crate::graph::Scope;
use crate::nearest::Suggestions;
use crate::path_texts::PathTexts;
use crate::rules::{Invoked, argument_faults, path_faults};
use crate::template::{Moment, Strings, TemplateString};
use crate::{
    Diagnostic, Edge, IntegrationPattern, Options, Place, Pointer, QueryLanguage, State, StateMachine,
};

/// A definition, walked.
pub(crate) struct Survey<'m> {
    pub(crate) machine: &'m StateMachine,
    pub(crate) options: &'m Options,
    pub(crate) scopes: &'m [Scope<'m>],
    /// How many bytes the definition takes without blanks, at most; exactly so many, if they are too many.
    pub(crate) size: usize,
    /// Every State, scope by scope, within a scope in the author's order.
    pub(crate) sites: Vec<Site<'m>>,
    /// Which of the sites have Retriers or Catchers.
    handling: Vec<usize>,
    /// Which of the sites belong to each scope.
    ranges: Vec<Range<usize>>,
    /// Where the States of each scope lead.
    pub(crate) ways: Vec<Ways<'m>>,
    /// What is assigned before each site.
    pub(crate) variables: Variables<'m>,
    /// What has been parsed, for whoever looks at the same text.
    pub(crate) texts: Texts<'m>,
    /// By State Machine, the States that may be meant by names of none.
    meant_states: Vec<Suggestions<'m>>,
    /// The Variables that may be meant by names of none.
    meant_variables: Suggestions<'m>,
    /// Every Variable that is set.
    assignments: Vec<Assignment<'m>>,
    /// Every text of JSONPath.
    pub(crate) paths: PathTexts<'m>,
    argument_faults: OnceCell<Vec<Diagnostic>>,
    path_faults: OnceCell<Vec<Diagnostic>>,
}

/// A State, with its place.
pub(crate) struct Site<'m> {
    pub(crate) scope: usize,
    /// Its index in its State Machine.
    pub(crate) index: usize,
    pub(crate) name: &'m str,
    pub(crate) state: &'m State,
    pub(crate) language: QueryLanguage,
    /// What a Task State's `Resource` names; `Elsewhere` in all other States.
    pub(crate) resource: Resource<'m>,
    /// How a Task State waits for that; `RequestResponse` in all other States.
    pub(crate) pattern: IntegrationPattern,
    /// Which Lambda function that is, as far as the `Resource` says.
    pub(crate) lambda: Invoked<'m>,
    /// Whether any way leads here from the `StartAt` of its State Machine.
    pub(crate) reachable: bool,
    /// The strings of its templates and expressions.
    pub(crate) strings: &'m [TemplateString<'m>],
    /// The JSONata expressions among them; none in a JSONPath State.
    pub(crate) expressions: Vec<Parsed<'m>>,
    /// Which of the definition's texts of JSONPath are its own; none in a JSONata State.
    pub(crate) paths: Range<usize>,
    /// The place of its State Machine.
    machine: &'m Pointer,
    all_strings: &'m Strings<'m>,
}

/// A JSONata expression of a State.
pub(crate) struct Parsed<'m> {
    /// The string it is written in.
    pub(crate) string: TemplateString<'m>,
    pub(crate) source: &'m str,
    pub(crate) field: &'static str,
    pub(crate) moment: Moment,
    /// What the source means, which is shared by all expressions that read the same.
    pub(crate) meaning: Rc<Meaning>,
    /// At which byte of its string the source begins.
    offset: usize,
}

impl<'m> Survey<'m> {
    pub(crate) fn new(
        machine: &'m StateMachine,
        options: &'m Options,
        size: usize,
        scopes: &'m [Scope<'m>],
        strings: &'m Strings<'m>,
    ) -> Self {
        let states = scopes.iter().map(|scope| scope.machine.states.len()).sum();
        let (mut sites, mut ranges, mut ways) = (Vec::with_capacity(states), Vec::new(), Vec::new());
        // Many States, few Resources: each is looked up once.
        let mut resources = HashMap::<_, _, foldhash::fast::RandomState>::default();
        let (texts, mut paths) = (Texts::default(), PathTexts::with_room(states));
        let mut handling = Vec::new();
        for (number, scope) in scopes.iter().enumerate() {
            let first = sites.len();
            let scope_ways = Ways::new(scope.machine);
            let reachable = scope_ways.reachable();
            let states = scope.machine.states.iter().zip(reachable).enumerate();
            for (index, ((name, state), reachable)) in states {
                let (resource, pattern, lambda) = match state {
                    State::Task(task) => {
                        *resources.entry(task.resource.as_str()).or_insert_with_key(|name| {
                            (sfn_catalogue::resource(name), IntegrationPattern::of(name), Invoked::by(name))
                        })
                    }
                    _ => (Resource::Elsewhere, IntegrationPattern::RequestResponse, Invoked::Nothing),
                };
                let own = strings.of_state(sites.len());
                let language = state.query_language(scope.query_language);
                let (expressions, paths) = match language {
                    QueryLanguage::Jsonata => {
                        (own.iter().filter_map(|string| Parsed::new(string, &texts)).collect(), 0..0)
                    }
                    QueryLanguage::JsonPath => (Vec::new(), paths.add(state, own, &texts)),
                };
                if !state.retry().is_empty() || !state.catch().is_empty() {
                    handling.push(sites.len());
                }
                sites.push(Site {
                    scope: number,
                    index,
                    name,
                    state,
                    language,
                    resource,
                    pattern,
                    lambda,
                    reachable,
                    strings: own,
                    expressions,
                    paths,
                    machine: &scope.pointer,
                    all_strings: strings,
                });
            }
            ranges.push(first..sites.len());
            ways.push(scope_ways);
        }
        let variables = Variables::new(scopes, &ways);
        let assignments = assignments(&sites);
        Self {
            machine,
            options,
            scopes,
            size,
            sites,
            handling,
            ranges,
            ways,
            variables,
            texts,
            meant_states: scopes.iter().map(|_| Suggestions::default()).collect(),
            meant_variables: Suggestions::default(),
            assignments,
            paths,
            argument_faults: OnceCell::new(),
            path_faults: OnceCell::new(),
        }
    }

    /// What is wrong with the arguments of Tasks, found when first asked.
    pub(crate) fn argument_faults(&self) -> &[Diagnostic] {
        self.argument_faults.get_or_init(|| argument_faults(self))
    }

    /// What is wrong with Paths and Intrinsic Functions, found when first asked.
    pub(crate) fn path_faults(&self) -> &[Diagnostic] {
        self.path_faults.get_or_init(|| path_faults(self))
    }

    /// The State Machine that a site belongs to.
    pub(crate) fn scope_of(&self, site: &Site<'_>) -> &'m Scope<'m> {
        &self.scopes[site.scope]
    }

    /// The sites with Retriers or Catchers, each with its number among all.
    pub(crate) fn handling(&self) -> impl Iterator<Item = (usize, &Site<'m>)> {
        self.handling.iter().map(|number| (*number, &self.sites[*number]))
    }

    /// The sites of each scope.
    pub(crate) fn sites_by_scope(&self) -> impl Iterator<Item = (&'m Scope<'m>, &[Site<'m>])> {
        self.scopes.iter().zip(self.ranges.iter().map(|range| &self.sites[range.clone()]))
    }

    /// The sites of all State Machines inside a State, those inside of these too.
    pub(crate) fn inside(&self, number: usize) -> impl Iterator<Item = &Site<'m>> {
        let site = &self.sites[number];
        let within = site.pointer().as_str().to_owned() + "/";
        self.sites.iter().filter(move |other| other.machine.as_str().starts_with(&within))
    }

    /// The ways from a site to next ones, each with the index of the State it leads to, if that exists.
    pub(crate) fn ways_from(&self, site: &Site<'m>) -> impl Iterator<Item = (&Edge<'m>, Option<usize>)> {
        self.ways[site.scope].from(site.index)
    }

    /// The State of a State Machine that may be meant by a name.
    pub(crate) fn meant_state(&self, scope: usize, name: &str) -> Option<&'m str> {
        self.meant_states[scope].of(name, self.scopes[scope].machine.states.keys().map(String::as_str))
    }

    /// The Variable that may be meant by a name.
    pub(crate) fn meant_variable(&self, name: &str) -> Option<&'m str> {
        self.meant_variables.of(name, self.variables.names())
    }

    /// Every Variable that is set, each with its site.
    pub(crate) fn assignments(&self) -> impl Iterator<Item = (&Site<'m>, &Assignment<'m>)> {
        self.assignments.iter().map(|assignment| (&self.sites[assignment.site], assignment))
    }

    /// All JSONata expressions, each with its site.
    pub(crate) fn expressions(&self) -> impl Iterator<Item = (&Site<'m>, &Parsed<'m>)> {
        self.sites.iter().flat_map(|site| site.expressions.iter().map(move |expression| (site, expression)))
    }

    /// What in JSONata expressions fails or has one outcome only, each with its site and its expression.
    pub(crate) fn findings(&self) -> impl Iterator<Item = (&Site<'m>, &Parsed<'m>, &Finding)> {
        self.expressions().flat_map(|(site, expression)| {
            expression.meaning.findings.iter().map(move |finding| (site, expression, finding))
        })
    }

    /// What all JSONata expressions refer to, each with its site and its expression.
    pub(crate) fn references(&self) -> impl Iterator<Item = (&Site<'m>, &Parsed<'m>, &Reference)> {
        self.sites.iter().flat_map(|site| {
            site.references().map(move |(expression, reference)| (site, expression, reference))
        })
    }
}

impl<'m> Site<'m> {
    /// The JSON pointer of the State.
    pub(crate) fn pointer(&self) -> Pointer {
        self.machine.state(self.name)
    }

    /// The place of the State.
    pub(crate) fn place(&self) -> Place {
        self.pointer().into()
    }

    /// The place of a field of the State.
    pub(crate) fn field(&self, name: &str) -> Place {
        let mut pointer = self.pointer();
        pointer.push(name);
        pointer.into()
    }

    /// The place of one of its strings.
    pub(crate) fn pointer_of(&self, string: &TemplateString<'m>) -> Pointer {
        self.all_strings.pointer(self.pointer(), string)
    }

    /// The place of a part of one of its expressions.
    pub(crate) fn place_in(&self, expression: &Parsed<'m>, span: &Range<usize>) -> Place {
        let span = span.start + expression.offset..span.end + expression.offset;
        Place::Definition { pointer: self.pointer_of(&expression.string), span: Some(span) }
    }

    /// What the State's JSONata expressions refer to, each with its expression.
    pub(crate) fn references(&self) -> impl Iterator<Item = (&Parsed<'m>, &Reference)> {
        self.expressions.iter().flat_map(|expression| {
            expression.meaning.references.iter().map(move |reference| (expression, reference))
        })
    }
}

impl<'m> Parsed<'m> {
    fn new(string: &TemplateString<'m>, texts: &Texts<'m>) -> Option<Self> {
        let (source, offset) = string.jsonata()?;
        let (field, moment) = (string.field, string.moment);
        Some(Self { string: *string, source, field, moment, meaning: texts.meaning(source), offset })
    }

    /// The text of its string with a part of the source replaced.
    pub(crate) fn replaced(&self, span: &Range<usize>, by: &str) -> String {
        let mut text = self.string.text.to_owned();
        text.replace_range(span.start + self.offset..span.end + self.offset, by);
        text
    }
}
