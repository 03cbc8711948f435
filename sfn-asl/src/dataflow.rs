//! Data flow: what is known of the document on arrival at each State, inferred forward over all ways.
//!
//! Separate from the rules because it is an abstract run of the definition. It starts from an input of which nothing is
//! known, follows every way, nested State Machines too, and joins what arrives until nothing changes. It only ever
//! forgets: what it calls missing is missing on every way.

mod outline;

mod evaluate;
mod state;

mod explain;
mod reads;

use std::cell::RefCell;

pub(crate) use evaluate::{Evaluator, Lost, States, is_whole};
pub(crate) use outline::{Lookup, Making, Outline, Source};
pub(crate) use reads::{ReadAt, Step, each_comparison, each_read, way_to_rule};
pub(crate) use state::Views;

use explain::Explanation;
use state::Visit;

use crate::survey::{Site, Survey};

/// What is known of the documents of a definition.
pub(crate) struct DataFlow<'s, 'm> {
    pub(crate) survey: &'s Survey<'m>,
    pub(crate) evaluator: Evaluator<'s, 'm>,
    /// What arrives at each site, by its number; nothing where nothing ever arrives.
    arrivals: Vec<Option<Outline<'m>>>,
    /// How often something new has arrived.
    news: Vec<u8>,
    due: Vec<bool>,
    /// The number of each scope's first site.
    first: Vec<usize>,
    /// What each scope ends with.
    outputs: Vec<Option<Outline<'m>>>,
    /// The scopes inside each site.
    inside: Vec<Vec<usize>>,
    /// What the fields of each site see; during the walk, nothing where it was visited too early to know.
    seen: Vec<Option<Views<'m>>>,
    /// The explanation that was asked for last; those that follow are often about the same value.
    explanation: RefCell<Option<Explanation<'m>>>,
    /// Whether a Variable turned out to be more after it had been read.
    is_late: bool,
}

/// After so many arrivals of something new nothing is taken to be known any more.
const MOST_NEWS: u8 = 8;

/// How often the whole definition is walked for the sake of its Variables.
const MOST_ROUNDS: usize = 3;

impl<'s, 'm> DataFlow<'s, 'm> {
    pub(crate) fn infer(survey: &'s Survey<'m>) -> Self {
        let (mut first, mut inside) = (Vec::new(), vec![Vec::new(); survey.sites.len()]);
        let mut count = 0;
        for (number, (scope, sites)) in survey.sites_by_scope().enumerate() {
            first.push(count);
            count += sites.len();
            let parent = scope.parent.and_then(|parent| {
                let index = survey.scopes[parent.scope].machine.states.get_index_of(parent.state)?;
                Some(first[parent.scope] + index)
            });
            if let Some(parent) = parent {
                inside[parent].push(number);
            }
        }
        let mut flow = Self {
            survey,
            evaluator: Evaluator::new(&survey.texts),
            arrivals: vec![None; count],
            news: vec![0; count],
            due: vec![false; count],
            outputs: vec![None; first.len()],
            first,
            inside,
            seen: std::iter::repeat_with(|| None).take(count).collect(),
            explanation: RefCell::default(),
            is_late: false,
        };
        flow.enter(0, Outline::Unknown(Source::Input));
        for round in 1..=MOST_ROUNDS {
            if !std::mem::take(&mut flow.is_late) {
                break;
            }
            if round == MOST_ROUNDS {
                flow.evaluator.forget_variables();
            }
            for (due, arrival) in flow.due.iter_mut().zip(&flow.arrivals) {
                *due = arrival.is_some();
            }
            flow.run(0);
        }
        for number in 0..count {
            if let (None, Some(input)) = (&flow.seen[number], &flow.arrivals[number]) {
                let visit = Visit { site: &survey.sites[number], number };
                flow.seen[number] = Some(visit.views(&flow.evaluator, input, &flow.inner_outputs(number)));
            }
        }
        flow
    }

    /// What the fields of a State see; nothing where nothing ever arrives.
    pub(crate) fn views(&self, number: usize) -> Option<&Views<'m>> {
        self.seen[number].as_ref()
    }

    /// Who made the document that arrives at a State.
    pub(crate) fn arriving_from(&self, number: usize) -> Option<Source> {
        self.arrivals[number].as_ref().map(Outline::source)
    }

    fn enter(&mut self, scope: usize, input: Outline<'m>) {
        let Some(start) = self.survey.ways[scope].order.first() else { return };
        self.arrive(self.first[scope] + start, input);
        self.run(scope);
    }

    fn run(&mut self, scope: usize) {
        let (first, order) = (self.first[scope], &self.survey.ways[scope].order);
        while order.iter().any(|state| self.due[first + state]) {
            for state in order {
                if std::mem::take(&mut self.due[first + state]) {
                    self.visit(scope, first + state);
                }
            }
        }
    }

    fn visit(&mut self, scope: usize, number: usize) {
        let Some(input) = self.arrivals[number].clone() else { return };
        let survey = self.survey;
        let site: &Site<'m> = &survey.sites[number];
        let visit = Visit { site, number };
        if !self.inside[number].is_empty() {
            let effective = visit.effective(&self.evaluator, &input);
            let inner_input = visit.inner_input(&self.evaluator, &input, &effective);
            for index in 0..self.inside[number].len() {
                self.enter(self.inside[number][index], inner_input.clone());
            }
        }
        let inner = self.inner_outputs(number);
        let (views, is_settled) = self.evaluator.settled(|evaluator| visit.views(evaluator, &input, &inner));
        self.is_late |= visit.assign(&mut self.evaluator, &views);
        for (way, target) in survey.ways[scope].from(site.index) {
            let Some(target) = target.map(|target| self.first[scope] + target) else { continue };
            if self.is_forgotten(target) {
                continue;
            }
            if let Some(output) = visit.leaves(&self.evaluator, &views, way.kind) {
                self.arrive(target, output);
            }
        }
        if site.state.is_terminal() {
            let output = match &self.outputs[scope] {
                Some(known) => known.join(&views.output),
                None => views.output.clone(),
            };
            self.outputs[scope] = Some(output);
        }
        self.seen[number] = if is_settled { Some(views) } else { None };
    }

    /// Whether nothing is known any more of what arrives, so that nothing can change it.
    fn is_forgotten(&self, number: usize) -> bool {
        matches!(self.arrivals[number], Some(Outline::Unknown(Source::Elsewhere)))
    }

    fn arrive(&mut self, number: usize, outline: Outline<'m>) {
        let joined = match &self.arrivals[number] {
            None => Some(outline),
            Some(known) => known.joined(&outline),
        };
        let Some(joined) = joined else { return };
        self.news[number] += 1;
        let is_endless = self.news[number] >= MOST_NEWS;
        self.arrivals[number] = Some(if is_endless { Outline::Unknown(Source::Elsewhere) } else { joined });
        self.due[number] = true;
    }

    /// What the State Machines inside a State end with.
    fn inner_outputs(&self, number: usize) -> Vec<Outline<'m>> {
        let output = |scope: &usize| self.outputs[*scope].clone();
        self.inside[number]
            .iter()
            .map(|scope| output(scope).unwrap_or(Outline::Unknown(Source::Elsewhere)))
            .collect()
    }
}
