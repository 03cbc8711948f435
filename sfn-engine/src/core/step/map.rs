//! The Map State: its Item Processor once per item, so many at a time.
//! Separate because each State type has a file of its own.

use std::sync::Arc;

use sfn_asl::Value;
use sfn_jsonata::Array;

use crate::core::execution::{Execution, Progress, Seed, Seen, Trouble};
use crate::core::machine::{Kind, Map, Node};
use crate::core::strand::{Children, Doing, Item, Parent, StrandId};
use crate::history::{Details, Iteration};
use crate::query::{Expected, QueryFault, Scope, Template};

/// How many iterations of an inline Map the service runs at once, whatever `MaxConcurrency` says.
const MOST_AT_ONCE: u8 = 40;

impl Execution {
    pub(in crate::core) fn start_iterations(
        &mut self,
        id: StrandId,
        node: &Node,
        map: &Map,
    ) -> Result<Progress, Trouble> {
        let scope = self.scope(id, node, Seen::Input);
        let items = self.items(id, map, &scope)?;
        let number = |template: &Option<Template>| {
            let number = |value: &Value| value.as_f64();
            template.as_ref().map(|it| it.evaluate_as(Expected::Number, &scope, number)).transpose()
        };
        let limit = number(&map.max_concurrency)?.unwrap_or(0.0);
        // An inline Map tolerates nothing, but the service evaluates the fields all the same.
        number(&map.tolerated_failure_count)?;
        number(&map.tolerated_failure_percentage)?;
        drop(scope);

        let mut children = Children::new(items.len());
        for (index, value) in items.iter().enumerate() {
            let item = Item { index, value: value.clone() };
            let input = self.select(id, node, map, &item)?;
            children.held_back.push_back((item, input));
        }
        let cursor = self.advance(id, Details::MapStateStarted { length: items.len() });
        if items.is_empty() {
            self.record(cursor, Details::MapStateSucceeded);
            return Ok(Progress::Done(Value::empty_array()));
        }
        self.strand(id).doing = Doing::Children(children);
        for _ in 0..at_once(limit) {
            self.start_held_back(id, cursor);
        }
        Ok(Progress::Pending)
    }

    fn items(&mut self, id: StrandId, map: &Map, scope: &Scope) -> Result<Array, QueryFault> {
        let is_array = |value: &Value| match value {
            Value::Array(items) => Some(items.clone()),
            _ => None,
        };
        if let Some(items) = &map.items {
            return items.evaluate_as(Expected::Array, scope, is_array);
        }
        let input = &self.strand(id).input;
        is_array(input).ok_or_else(|| QueryFault {
            location: None,
            message: format!("Map state input must be an array but was: {input}"),
        })
    }

    /// The input of one iteration.
    fn select(&mut self, id: StrandId, node: &Node, map: &Map, item: &Item) -> Result<Value, QueryFault> {
        let Some(selector) = &map.item_selector else { return Ok(item.value.clone()) };
        let outer = self.strand(id).item.replace(item.clone());
        let selected = selector.evaluate(&self.scope(id, node, Seen::Input));
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

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 1..=40 before")]
fn at_once(limit: f64) -> u8 {
    if limit < 1.0 { MOST_AT_ONCE } else { limit.min(f64::from(MOST_AT_ONCE)) as u8 }
}
