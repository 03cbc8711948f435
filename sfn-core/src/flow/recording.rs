//! What every statement does when it is recorded: take its place, report faults, open and close blocks.
//! Separate from the statements so that each of them says only what is its own.

use std::any::TypeId;
use std::collections::BTreeMap;

use sfn_asl::{Code, Diagnostic, Place};

use super::Flow;
use crate::definition::{Callee, Definition};
use crate::integration::unfit_options;
use crate::ir::{Block, Expr, Node, NodeKind, Variable, VariableId, VariableRole, Workflow};
use crate::lint::Levels;
use crate::{AnyVal, Origin, Symbolic, Tasks};

/// A block that has been recorded, and what it gives.
#[derive(Debug)]
pub(super) struct Recorded {
    pub(super) block: Block,
    pub(super) value: AnyVal,
}

impl Recorded {
    /// A block with nothing in it.
    pub(super) fn nothing() -> Self {
        Self { block: Block { nodes: Vec::new(), value: Some(Expr::null()) }, value: AnyVal::unit() }
    }
}

impl Flow {
    /// Records a whole workflow.
    pub(crate) fn record(
        name: &str,
        doc: &str,
        origin: Option<Origin>,
        define: impl FnOnce(&mut Self),
    ) -> (Workflow, Tasks, Vec<Callee>) {
        let mut flow = Self {
            variables: Vec::new(),
            shapes: BTreeMap::new(),
            input: None,
            kind: crate::ExecutionType::Standard,
            compensation: crate::CompensationOrder::Reverse,
            blocks: vec![Vec::new()],
            scopes: 0,
            children: 0,
            places: Vec::new(),
            outcomes: Vec::new(),
            depths: BTreeMap::new(),
            loops: Vec::new(),
            loops_opened: 0,
            closures: 0,
            inlining: Vec::new(),
            position: None,
            diagnostics: Vec::new(),
            levels: Levels::new(),
            reported: Vec::new(),
            tasks: Tasks::default(),
            callees: Vec::new(),
        };
        define(&mut flow);
        let nodes = flow.blocks.pop().unwrap_or_default();
        let workflow = Workflow {
            name: name.to_owned(),
            doc: doc.to_owned(),
            origin,
            kind: flow.kind,
            compensation: flow.compensation,
            input: flow.input,
            variables: flow.variables,
            shapes: flow.shapes,
            body: Block { nodes, value: None },
            diagnostics: flow.diagnostics,
            levels: flow.levels,
            by_hand: flow.position.is_none(),
        };
        (workflow, flow.tasks, flow.callees)
    }

    /// The place of the statement being recorded.
    #[track_caller]
    pub(super) fn here(&self) -> Origin {
        match self.position {
            Some(position) => position,
            None => Origin::caller(),
        }
    }

    pub(super) fn variable(&mut self, name: Option<&str>, hint: &str, role: VariableRole) -> VariableId {
        let id = VariableId(u32::try_from(self.variables.len()).unwrap_or(u32::MAX));
        let name = name.filter(|name| *name != "_").map(str::to_owned);
        self.variables.push(Variable { name, hint: hint.to_owned(), role });
        id
    }

    pub(super) fn push(&mut self, origin: Origin, kind: NodeKind) {
        if let NodeKind::Task(call) = &kind {
            let undo = call.compensation.iter().chain(&call.unknown).map(|undo| &undo.call);
            for (message, help) in undo.chain([&**call]).flat_map(unfit_options) {
                self.report("raw-state", origin, message, &help);
            }
        }
        if let Some(nodes) = self.blocks.last_mut() {
            nodes.push(Node { origin, kind });
        }
    }

    /// Remembers a workflow that this one executes.
    pub(crate) fn calls<W: crate::Workflow + 'static>(&mut self, waits: bool) {
        let callee = Callee { id: TypeId::of::<W>(), spec: W::SPEC, waits, definition: Definition::of::<W> };
        if !self.callees.iter().any(|known| known.id == callee.id && known.waits == waits) {
            self.callees.push(callee);
        }
    }

    /// The nodes a closure records, and the value it gives.
    pub(super) fn block<V: Symbolic>(&mut self, body: impl FnOnce(&mut Self) -> V) -> Recorded {
        self.blocks.push(Vec::new());
        let value = body(self).into_any();
        let nodes = self.blocks.pop().unwrap_or_default();
        Recorded { block: Block { nodes, value: Some(value.expr.clone()) }, value }
    }

    /// The same, inside a branch or an iteration, which may end before its end.
    pub(super) fn scope<V: Symbolic>(&mut self, body: impl FnOnce(&mut Self) -> V) -> Recorded {
        self.scopes += 1;
        self.outcomes.push(None);
        let Recorded { block, value } = self.block(body);
        let early = self.outcomes.pop().flatten();
        self.scopes -= 1;
        let at_end = (!block.diverges()).then_some(value);
        let value = AnyVal::telling(at_end.iter().chain(&early)).unwrap_or_else(AnyVal::never);
        Recorded { block, value }
    }

    /// What a branch or an iteration is ended with says what it gives, unless another way out says more.
    pub(super) fn note_outcome(&mut self, value: &AnyVal) {
        if let Some(outcome) = self.outcomes.last_mut() {
            *outcome = AnyVal::telling(outcome.iter().chain([value]));
        }
    }

    /// The value of several blocks of which one runs: a variable that each of them sets, unless only one goes on.
    pub(super) fn merge(
        &mut self,
        origin: Origin,
        hint: &str,
        blocks: &mut [&mut Recorded],
    ) -> (Option<VariableId>, AnyVal) {
        for recorded in blocks.iter() {
            self.report_faults(origin, &recorded.value);
        }
        let mut going_on: Vec<_> = blocks.iter_mut().filter(|recorded| !recorded.block.diverges()).collect();
        let value = match going_on.as_slice() {
            [] => (None, AnyVal::never()),
            [only] => (None, only.value.clone()),
            several if several.iter().all(|recorded| recorded.value.is_unit()) => (None, AnyVal::unit()),
            several => {
                let value = AnyVal::telling(several.iter().map(|recorded| &recorded.value));
                let value = value.unwrap_or_else(AnyVal::never);
                let id = self.variable(None, hint, VariableRole::Bound);
                (Some(id), value.standing_for(Expr::variable(id)))
            }
        };
        if value.0.is_none() {
            for recorded in &mut going_on {
                recorded.block.value = None;
            }
        }
        value
    }

    pub(crate) fn report(
        &mut self,
        code: &'static str,
        origin: Origin,
        message: impl Into<String>,
        help: &str,
    ) {
        let place = Place::Rust(origin.into());
        self.diagnostics.push(Diagnostic::error(Code::new(code), place, message).with_help(help));
    }

    pub(super) fn report_faults(&mut self, statement: Origin, value: &AnyVal) {
        for fault in &value.faults {
            if !self.reported.iter().any(|known| known.same(fault)) {
                self.reported.push(fault.clone());
                let found = fault.diagnostic(statement);
                // The arms of one match have one fault in common.
                if !self.diagnostics.contains(&found) {
                    self.diagnostics.push(found);
                }
            }
        }
    }
}
