//! How a State is left: with a result, through a Catcher, or not at all because it failed.
//! Separate because `Assign`, `Output`, `Retry` and `Catch` mean the same for every State type.

use std::sync::Arc;

use sfn_asl::Value;

use super::{Alarm, Execution, Seen, Stage, Trouble};
use crate::core::Failure;
use crate::core::data::Selection;
use crate::core::event::{Command, Notice};
use crate::core::failure::FailureOrigin;
use crate::core::machine::{Kind, Leaving, Node, Output, Pass, Paths};
use crate::core::quota::{PAYLOAD_BYTES, VARIABLES_BYTES, exceed, exceeds_payload};
use crate::core::strand::{Doing, StrandId};
use crate::history::{Assigned, Details};
use crate::query::{QueryFault, Scope};

impl Execution {
    /// Leaves a State by its own way with a result.
    pub(in crate::core) fn succeed_state(&mut self, id: StrandId, node: &Node, result: Value) {
        if let Err(trouble) = self.leave(id, node, &node.leaving, result) {
            self.fail_state(id, node, trouble);
        }
    }

    /// Leaves a State by one of its ways: makes its output and its Variables, and goes on.
    pub(in crate::core) fn leave(
        &mut self,
        id: StrandId,
        node: &Node,
        leaving: &Leaving,
        result: Value,
    ) -> Result<(), Trouble> {
        let (output, assigned) = self.shape(id, node, leaving, result, Seen::of_result(node))?;
        self.exit(id, node, leaving, output, assigned);
        Ok(())
    }

    /// What becomes of a result, and which Variables are set: both from what was there before.
    fn shape(
        &mut self,
        id: StrandId,
        node: &Node,
        leaving: &Leaving,
        result: Value,
        seen: fn(Value) -> Seen,
    ) -> Result<(Value, Assigned), Trouble> {
        let is_untouched = leaving.assign.is_empty() && matches!(leaving.output, Output::Result);
        if is_untouched {
            self.note_result(node, Stage::AfterResultSelector, &result);
            self.note_result(node, Stage::AfterResultPath, &result);
        }
        if is_untouched && !node.makes_result() {
            return Ok((result, Assigned::new()));
        }
        let scope = self.scope(id, node, seen(result.clone()));
        let output = match &leaving.output {
            Output::Result => result,
            Output::Template(template) => template.evaluate(&scope)?,
            Output::Paths(paths) => self.walk(id, node, paths, result, &scope)?,
        };
        let assigned = leaving
            .assign
            .iter()
            .map(|(name, template)| Ok((Arc::clone(name), template.evaluate(&scope)?)))
            .collect::<Result<Assigned, QueryFault>>()?;
        if exceeds_payload(&output)
            || exceed(PAYLOAD_BYTES, assigned.iter().map(|(_, value)| value))
            || self.has_no_room_for(id, &assigned)
        {
            return Err(Failure::too_large(FailureOrigin::State, &node.name).into());
        }
        Ok((output, assigned))
    }

    /// Whether the Variables of the whole execution would be over the quota with those that a strand is about to set.
    /// They are counted only when what was ever set could have reached it.
    fn has_no_room_for(&mut self, id: StrandId, assigned: &Assigned) -> bool {
        let added = assigned.iter().fold(0, |sum: u64, (_, value)| sum.saturating_add(value.bytes_at_most()));
        self.variables_at_most = self.variables_at_most.saturating_add(added);
        if self.variables_at_most <= VARIABLES_BYTES as u64 {
            return false;
        }
        let setting = self.strands.get(&id);
        let kept = self.strands.values().flat_map(|strand| {
            let is_set = setting.is_some_and(|setting| std::ptr::eq(setting, strand));
            let own = strand.variables.own().iter();
            own.filter(move |(name, _)| !is_set || !assigned.iter().any(|(set, _)| set == *name))
        });
        let values = kept.map(|(_, value)| value).chain(assigned.iter().map(|(_, value)| value));
        let values: Vec<&Value> = values.collect();
        self.variables_at_most = values.iter().map(|value| value.bytes_at_most()).sum();
        exceed(VARIABLES_BYTES, values.into_iter())
    }

    /// The way of a result through JSONPath's fields.
    fn walk(
        &mut self,
        id: StrandId,
        node: &Node,
        paths: &Paths,
        result: Value,
        scope: &Scope,
    ) -> Result<Value, QueryFault> {
        let selected = match &paths.selector {
            Some(selector) => selector.evaluate(scope)?,
            None => result,
        };
        self.note_result(node, Stage::AfterResultSelector, &selected);
        let placed = paths.destination.put(&self.strand(id).input, selected)?;
        self.note_result(node, Stage::AfterResultPath, &placed);
        match &paths.output {
            Selection::Whole => Ok(placed),
            selection => selection.of(&self.scope(id, node, Seen::Input(placed))),
        }
    }

    fn exit(&mut self, id: StrandId, node: &Node, leaving: &Leaving, output: Value, assigned: Assigned) {
        if !assigned.is_empty() {
            self.note_assigned(&assigned);
            let variables = Arc::make_mut(&mut self.strand(id).variables);
            for (name, value) in &assigned {
                variables.insert(Arc::clone(name), value.clone());
            }
        }
        if node.records_exit() {
            let name = Arc::clone(&node.name);
            let exited = Details::StateExited {
                state_type: node.state_type(),
                name,
                output: output.clone(),
                assigned,
            };
            self.advance(id, exited);
        }
        self.proceed(id, leaving, output);
    }

    /// A State failed: a Retrier, a Catcher, or whoever is outside.
    pub(in crate::core) fn fail_state(&mut self, id: StrandId, node: &Node, trouble: Trouble) {
        let failure = self.failure(id, node, trouble);
        if failure.origin == FailureOrigin::Runtime {
            let cursor = self.strand(id).cursor;
            return self.fail(cursor, failure.fault);
        }
        if self.retry(id, node, &failure) {
            return;
        }
        self.record_state_failed(id, node);
        let caught = node.catch.iter().position(|catcher| failure.matches(&catcher.error_equals));
        let Some(place) = caught else {
            return self.fail_strand(id, node, failure);
        };
        let catcher = &node.catch[place];
        self.note_catcher(place, &failure.fault);
        let error = failure.output();
        match self.shape(id, node, &catcher.leaving, error, Seen::Error) {
            Ok((output, assigned)) => {
                if let Some(next) = self.name_of_next(id, &catcher.leaving) {
                    let state = Arc::clone(&node.name);
                    self.command(Command::Notify(Notice::Caught { state, next, fault: failure.fault }));
                }
                self.exit(id, node, &catcher.leaving, output, assigned);
            }
            Err(trouble) => {
                let failure = self.failure(id, node, trouble);
                self.fail_strand(id, node, failure);
            }
        }
    }

    /// Turns trouble into a failure; an expression's is put on record first.
    fn failure(&mut self, id: StrandId, node: &Node, trouble: Trouble) -> Failure {
        let fault = match trouble {
            Trouble::Failure(failure) => return failure,
            Trouble::Query(fault) => fault,
        };
        let strand = self.strand(id);
        let failure = Failure::evaluation(node, strand.entered, &fault);
        if fault.error != QueryFault::EVALUATION {
            return failure;
        }
        // The service evaluates as it enters, so that both events follow from the same one; only a Wait State
        // evaluates after it was entered.
        let at_entry = strand.cursor == strand.entered && !matches!(node.kind, Kind::Wait(_));
        let previous = if at_entry { strand.entered_from } else { strand.cursor };
        let details = Details::EvaluationFailed {
            state: Arc::clone(&node.name),
            fault: failure.fault.clone(),
            location: fault.location,
        };
        let event = self.record(previous, details);
        self.strand(id).cursor = event;
        failure
    }

    /// Whether a Retrier takes the failure. Only the first one that matches is asked.
    fn retry(&mut self, id: StrandId, node: &Node, failure: &Failure) -> bool {
        let matching = node.retry.iter().position(|policy| failure.matches(&policy.error_equals));
        let Some(index) = matching else { return false };
        let (policy, retried) = (&node.retry[index], self.strand(id).retries[index]);
        if retried >= policy.max_attempts {
            return false;
        }
        let delay = policy.delay(retried, &mut self.random);
        if self.retriable(&failure.fault, index, delay) {
            return true;
        }
        let strand = self.strand(id);
        strand.retries[index] += 1;
        let attempt = strand.retries.iter().sum();
        let timer = self.set_timer(self.now.after(delay), Alarm::RetryNow(id));
        self.strand(id).doing = Doing::Sleeping(timer);
        let (state, fault) = (Arc::clone(&node.name), failure.fault.clone());
        self.command(Command::Notify(Notice::Retrying { state, attempt, delay, fault }));
        true
    }

    fn record_state_failed(&mut self, id: StrandId, node: &Node) {
        let details = match node.kind {
            Kind::Map(_) => Details::MapStateFailed,
            Kind::Parallel { .. } => Details::ParallelStateFailed,
            _ => return,
        };
        self.advance(id, details);
    }

    pub(super) fn name_of_next(&mut self, id: StrandId, leaving: &Leaving) -> Option<Arc<str>> {
        let graph = self.strand(id).graph;
        leaving.next.map(|next| Arc::clone(&self.machine.graphs[graph].nodes[next].name))
    }
}

impl Node {
    /// Whether its `Output` and `Assign` see `$states.result`.
    fn has_result(&self) -> bool {
        matches!(self.kind, Kind::Task(_) | Kind::Parallel { .. } | Kind::Map(_))
    }

    /// Whether its result is made here, and so may be larger than anything that was measured before.
    fn makes_result(&self) -> bool {
        match self.kind {
            Kind::Pass(ref pass) => !matches!(pass, Pass::Input),
            _ => matches!(self.kind, Kind::Parallel { .. } | Kind::Map(_)),
        }
    }

    /// What went wrong in the State, in the service's words. A State that is tested by itself was entered by no
    /// execution, as event 0.
    pub(in crate::core) fn blame(&self, entered: u64, what: &str) -> String {
        if entered == 0 {
            return what.to_owned();
        }
        format!(
            "An error occurred while executing the state '{}' (entered at the event id #{entered}). {what}",
            self.name
        )
    }

    /// A Fail State is entered but never left.
    fn records_exit(&self) -> bool {
        !matches!(self.kind, Kind::Fail { .. })
    }
}

impl Failure {
    /// The words a failed evaluation is reported in.
    pub(in crate::core) fn evaluation(node: &Node, entered: u64, fault: &QueryFault) -> Self {
        let origin =
            if fault.error == QueryFault::RUNTIME { FailureOrigin::Runtime } else { FailureOrigin::State };
        Self::new(origin, fault.error, node.blame(entered, &fault.message))
    }
}

impl Seen {
    /// How a State's `Assign` and `Output` see its result.
    fn of_result(node: &Node) -> fn(Value) -> Self {
        if node.has_result() { Self::Result } else { Self::Input }
    }
}
