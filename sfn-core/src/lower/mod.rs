//! Flattens the tree of a workflow into a state machine.
//! Separate because it is the only place besides the language's own crate where one state names the next.

mod assigning;
mod captures;
mod decide;
mod fold;
mod known;
mod simplify;

mod calling;
mod chain;
mod ends;
mod enter;
mod fan_out;
mod graph;
mod hand_in;
mod live;
mod log;
mod naming;
mod pending;
mod repeat;
mod sequence;
mod target;
mod threading;
mod unknown;

mod distributed;
mod document;
mod jsonata;
mod names;
mod raw;

mod judge;

use std::cell::RefCell;
use std::collections::BTreeSet;

use sfn_asl::{Code, Diagnostic, Severity, StateMachine};

use crate::Origin;
use crate::ir::{Expr, Source, Variable, VariableId, VariableRole, Workflow};
use crate::lint::{self, Levels};
use document::Document;
use ends::ScopeEnds;
use graph::{Graph, StateId};
use pending::PendingLists;
use sequence::Lowering;
use target::Target;

pub(crate) use document::{constant_template, placeholder, workflow_placeholder};
pub(crate) use jsonata::print;
pub(crate) use sequence::first_paragraph;

/// A workflow as a state machine, and where each of its states comes from.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Lowered {
    /// The definition.
    pub machine: StateMachine,
    /// The Rust place of each state by name, in reading order; states that no statement stands for are not in it.
    pub source_map: Vec<(String, Origin)>,
    /// What a person should look at.
    pub warnings: Vec<Diagnostic>,
}

impl Lowered {
    /// The Rust place of a state.
    pub fn origin_of(&self, state: &str) -> Option<Origin> {
        self.source_map.iter().find(|(name, _)| name == state).map(|(_, origin)| *origin)
    }
}

/// The state machine of a workflow, judged by its own levels and by those of its package.
pub(crate) fn lower(workflow: &Workflow, package: &Levels) -> Result<Lowered, Vec<Diagnostic>> {
    let mut diagnostics = workflow.diagnostics.clone();
    if has_errors(&diagnostics) {
        return Err(diagnostics);
    }
    let mut levels = package.clone();
    levels.extend(workflow.levels.clone());
    lint::check(workflow, &levels, &mut diagnostics);
    let mut variables = workflow.variables.clone();
    let mut body = simplify::simplify(workflow, &mut variables);
    judge::check_durations(&body, &mut diagnostics);
    captures::carry(&mut body, &mut variables, &workflow.shapes);
    let failure = new_variable(&mut variables, "failure");
    let ended = new_variable(&mut variables, "ended");
    let entry_and_place = ["entry", "place"].map(|hint| new_variable(&mut variables, hint));
    let lists = PendingLists::new(&body, workflow.compensation, &mut variables);
    let mut lowering = Lowering {
        workflow: &workflow.name,
        variables,
        lists,
        order: workflow.compensation,
        graph: Graph::default(),
        failure,
        ended,
        entry_and_place,
        entries: Vec::new(),
        chain_end: None,
        ends: vec![ScopeEnds::default()],
        loops: Vec::new(),
    };
    let target = lowering.sequence(&body.nodes, None, Target::end(Expr::null()));
    let input = workflow.input.map(|input| (input, Expr::source(Source::Input)));
    let start = lowering.enter(workflow.origin, target, input.as_slice());
    let Lowering { mut graph, variables, .. } = lowering;
    threading::shorten(&mut graph, start);
    let (lowered, by_hand) = write(workflow, &mut graph, start, &variables, &mut diagnostics);
    judge::check_document(&lowered, &by_hand, levels, workflow, &mut diagnostics);
    if has_errors(&diagnostics) {
        return Err(diagnostics);
    }
    Ok(Lowered { warnings: diagnostics, ..lowered })
}

fn new_variable(variables: &mut Vec<Variable>, hint: &str) -> VariableId {
    variables.push(Variable { name: None, hint: hint.to_owned(), role: VariableRole::Bound });
    VariableId(u32::try_from(variables.len() - 1).unwrap_or(u32::MAX))
}

/// The document, and the states in which something was written by hand.
fn write(
    workflow: &Workflow,
    graph: &mut Graph,
    start: StateId,
    variables: &[Variable],
    diagnostics: &mut Vec<Diagnostic>,
) -> (Lowered, BTreeSet<String>) {
    let order = names::reading_order(graph, start);
    let states = names::states(graph, &order, diagnostics);
    let variables = names::variables(graph, &order, variables);
    let document = Document { graph, states: &states, variables: &variables, unread: RefCell::default() };
    let machine = document.definition(start, &workflow.doc);
    for (id, fault) in document.unread.take() {
        let place = judge::place(graph.state(id).origin.or(workflow.origin));
        let message = format!("this is no State: {fault}");
        let diagnostic = Diagnostic::error(Code::new("raw-state"), place, message);
        diagnostics
            .push(diagnostic.with_help("write what differs from run to run into fields that take JSONata"));
    }
    let placed = order.iter().filter_map(|id| Some((states.get(id)?.clone(), graph.state(*id).origin?)));
    let source_map = placed.collect();
    let by_hand = order.iter().filter(|id| graph.states[id.0].kind.is_by_hand());
    let by_hand = by_hand.filter_map(|id| states.get(id).cloned()).collect();
    (Lowered { machine, source_map, warnings: Vec::new() }, by_hand)
}

fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}
