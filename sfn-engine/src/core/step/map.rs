//! The Map State: its Item Processor once per item, so many at a time.
//! Separate because each State type has a file of its own.

mod distributed;

use std::sync::Arc;

use sfn_asl::{QueryLanguage, Value};

use crate::core::Limits;
use crate::core::data::{NumberKind, Operand};
use crate::core::execution::{Execution, Progress, Seed, Seen, Stage, Trouble};
use crate::core::machine::{Items, Kind, Map, Node};
use crate::core::strand::{Children, Doing, Item, Parent, StrandId};
use crate::history::{Details, Iteration};
use crate::query::{Expected, QueryFault, Scope};

/// How many iterations of an inline Map the service runs at once, whatever `MaxConcurrency` says.
const MOST_AT_ONCE: u8 = 40;

impl Execution {
    pub(in crate::core) fn start_iterations(
        &mut self,
        id: StrandId,
        node: &Node,
        input: &Value,
        map: &Map,
    ) -> Result<Progress, Trouble> {
        if let Some(distributed) = &map.distributed {
            return self.start_map_run(id, node, input, map, distributed);
        }
        let scope = self.scope(id, node, Seen::Input(input.clone()));
        let array = |value: &Value| match value {
            Value::Array(items) => Some(items.clone()),
            _ => None,
        };
        let items = map.items.of(input, &scope, array)?;
        let is_jsonata = node.language == QueryLanguage::Jsonata;
        if !is_jsonata {
            self.note(Stage::AfterItemsPath, || items.iter().cloned().collect());
        }
        let limit = map.limit(&scope)?;
        self.note(Stage::MaxConcurrency, || Value::from(limit));
        // JSONata evaluates all its fields first; JSONPath looks at the tolerances once it has the items.
        if is_jsonata {
            map.tolerance(&scope)?;
        }
        let mut children = Children::new(items.len());
        for (index, value) in items.iter().enumerate() {
            let item = Item { index, value: value.clone(), ..Item::default() };
            let selected = self.select(id, node, input, map, &item)?;
            children.held_back.push_back((item, selected));
        }
        let cursor = self.advance(id, Details::MapStateStarted { length: items.len() });
        let tolerance = map.tolerance(&scope)?;
        drop(scope);
        if self.trial().is_some() {
            if map.item_selector.is_some() {
                let selected = children.held_back.iter().map(|(_, selected)| selected.clone()).collect();
                self.note(Stage::AfterItemSelector, || selected);
            }
            self.note_tolerance(map, &tolerance);
            return self.mocked_iterations(items.len(), &Limits::default(), false);
        }
        if items.is_empty() {
            self.record(cursor, Details::MapStateSucceeded);
            return Ok(Progress::Done(Value::empty_array()));
        }
        self.strand(id).doing = Doing::Children(Box::new(children));
        for _ in 0..at_once(limit) {
            self.start_held_back(id, cursor);
        }
        Ok(Progress::Pending)
    }

    /// The tolerances that the definition names.
    fn note_tolerance(&mut self, map: &Map, tolerance: &Tolerance) {
        if map.tolerated_failure_count.is_some() {
            self.note(Stage::ToleratedFailureCount, || Value::from(tolerance.count));
        }
        if map.tolerated_failure_percentage.is_some() {
            self.note(Stage::ToleratedFailurePercentage, || Value::from(tolerance.percentage));
        }
    }

    /// The input of one iteration.
    fn select(
        &mut self,
        id: StrandId,
        node: &Node,
        input: &Value,
        map: &Map,
        item: &Item,
    ) -> Result<Value, QueryFault> {
        let Some(selector) = &map.item_selector else { return Ok(item.value.clone()) };
        let outer = self.strand(id).item.replace(Arc::new(item.clone()));
        let selected = selector.evaluate(&self.scope(id, node, Seen::Input(input.clone())));
        self.strand(id).item = outer;
        selected
    }

    /// Starts the next iteration, if one is left.
    pub(in crate::core) fn start_held_back(&mut self, id: StrandId, cursor: u64) {
        let machine = Arc::clone(&self.machine);
        let node = self.node(&machine, id);
        let Kind::Map(map) = &node.kind else { return };
        let Doing::Children(children) = &mut self.strand(id).doing else { return };
        let Some((item, input)) = children.held_back.pop_front() else { return };
        let index = item.index;
        let started = Iteration { name: Arc::clone(&node.name), index };
        let cursor = self.record(cursor, Details::MapIterationStarted(started));
        let child = self
            .spawn(Parent { strand: id, index }, Seed { graph: map.body, input, item: Some(item), cursor });
        if let Doing::Children(children) = &mut self.strand(id).doing {
            children.running.push(child);
        }
    }
}

impl Items {
    /// The items, if it is something that has any.
    fn of<T>(
        &self,
        input: &Value,
        scope: &Scope,
        array: impl Fn(&Value) -> Option<T>,
    ) -> Result<T, QueryFault> {
        match self {
            Self::Input => array(input).ok_or_else(|| QueryFault {
                error: QueryFault::EVALUATION,
                location: None,
                message: format!("Map state input must be an array but was: {input}"),
            }),
            Self::Template(items) => items.evaluate_as(Expected::Array, scope, array),
            Self::Path(selection) => array(&selection.of(scope)?).ok_or_else(|| {
                QueryFault::runtime(format!("Reference path \"{}\" must point to array.", selection.shown()))
            }),
        }
    }
}

impl Map {
    /// `MaxConcurrency`; zero when there is no limit of the definition's own.
    fn limit(&self, scope: &Scope) -> Result<f64, QueryFault> {
        let Some(operand) = &self.max_concurrency else { return Ok(0.0) };
        let limit = operand.number("MaxConcurrencyPath", NumberKind::Integer, scope)?;
        if limit < 0.0 {
            return Err(QueryFault::runtime("MaxConcurrency cannot be negative."));
        }
        Ok(limit)
    }

    /// The tolerated failures. An inline Map tolerates none, but the service evaluates the fields all the same.
    fn tolerance(&self, scope: &Scope) -> Result<Tolerance, QueryFault> {
        let number = |operand: &Option<Operand>, field, kind| match operand {
            Some(operand) => operand.number(field, kind, scope),
            None => Ok(0.0),
        };
        let count = number(&self.tolerated_failure_count, "ToleratedFailureCountPath", NumberKind::Integer)?;
        if count < 0.0 {
            return Err(QueryFault::runtime("ToleratedFailureCount cannot be negative."));
        }
        let percentage =
            number(&self.tolerated_failure_percentage, "ToleratedFailurePercentagePath", NumberKind::Float)?;
        if !(0.0..=100.0).contains(&percentage) {
            return Err(QueryFault::runtime("ToleratedFailurePercentage must be between 0 and 100."));
        }
        Ok(Tolerance { count, percentage })
    }
}

/// How many items may fail.
struct Tolerance {
    count: f64,
    percentage: f64,
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 1..=40 before")]
fn at_once(limit: f64) -> u8 {
    if limit < 1.0 { MOST_AT_ONCE } else { limit.min(f64::from(MOST_AT_ONCE)) as u8 }
}
