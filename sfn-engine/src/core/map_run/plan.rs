//! What the Map State decides before its Map Run begins: where items come from, how they are worked on, what may fail.
//! Separate because from here on the Map Run needs nothing of the execution that started it.

use std::sync::Arc;

use sfn_asl::{ExecutionType, QueryLanguage, Value};
use sfn_jsonata::Bindings;

use super::counts::Limits;
use super::formats::Keyed;
use super::reader::Reads;
use crate::Timestamp;
use crate::core::context::with_item;
use crate::core::machine::{GraphId, Kind, Machine, Node, NodeId};
use crate::core::strand::Item;
use crate::core::{Failure, Identity, Random};
use crate::history::Fault;
use crate::query::{QueryFault, Scope};

/// A Map Run before it begins.
///
/// Opaque: made by the core, and handed back to it as [`MapRun::new`](super::MapRun::new) asks.
#[derive(Debug)]
pub struct MapRunPlan {
    pub(in crate::core) arn: Arc<str>,
    /// What the names of its children and of its results begin with.
    pub(in crate::core) id: Arc<str>,
    pub(in crate::core) children: Children,
    pub(in crate::core) source: Source,
    pub(in crate::core) view: View,
    pub(in crate::core) batcher: Option<Batcher>,
    pub(in crate::core) limits: Limits,
    pub(in crate::core) writer: Writer,
    pub(in crate::core) seed: u64,
}

/// Two plans are the same if they are of the same Map Run.
impl PartialEq for MapRunPlan {
    fn eq(&self, other: &Self) -> bool {
        self.arn == other.arn
    }
}

/// What the child executions are.
#[derive(Debug)]
pub(in crate::core) struct Children {
    pub(in crate::core) machine: Arc<Machine>,
    pub(in crate::core) graph: GraphId,
    pub(in crate::core) execution_type: ExecutionType,
    pub(in crate::core) label: Arc<str>,
    /// The execution that they are children of.
    pub(in crate::core) parent: Arc<Identity>,
}

/// Where the items come from.
#[derive(Debug, Clone)]
pub(in crate::core) enum Source {
    Items(Vec<Keyed>),
    /// `place` is a key, or for lists a prefix.
    Objects {
        reads: Reads,
        bucket: String,
        place: String,
        limit: usize,
    },
    /// Nowhere: what the reader was told makes no sense.
    Nowhere(String),
}

/// What the Item Selector sees, besides the item.
#[derive(Debug)]
pub(in crate::core) struct View {
    pub(in crate::core) machine: Arc<Machine>,
    pub(in crate::core) graph: GraphId,
    pub(in crate::core) node: NodeId,
    /// The `StateEntered` event of the Map State.
    pub(in crate::core) entered: u64,
    pub(in crate::core) input: Value,
    pub(in crate::core) context: Value,
    pub(in crate::core) variables: Arc<Bindings>,
    pub(in crate::core) now: Timestamp,
}

/// How items are put together, evaluated.
#[derive(Debug, Clone)]
pub(in crate::core) struct Batcher {
    pub(in crate::core) input: Option<Value>,
    pub(in crate::core) max_items: usize,
    pub(in crate::core) max_bytes: usize,
}

/// What becomes of the results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::core) struct Writer {
    pub(in crate::core) destination: Option<Destination>,
    pub(in crate::core) transformation: Transformation,
    pub(in crate::core) is_lines: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::core) struct Destination {
    pub(in crate::core) bucket: String,
    pub(in crate::core) prefix: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::core) enum Transformation {
    /// Outputs with all that is known about their executions.
    None,
    /// Outputs.
    Compact,
    /// Outputs, arrays taken apart.
    Flatten,
}

impl Children {
    /// The names of the next child.
    pub(super) fn identity(&self, random: &mut Random) -> Identity {
        let express_id = (self.execution_type == ExecutionType::Express).then(|| random.uuid());
        self.parent.child(&self.label, &random.uuid(), express_id.as_deref())
    }

    /// The names of an Express child that is run again: its ARN alone is another. Standard children keep all.
    pub(super) fn anew(&self, child: &Identity, random: &mut Random) -> Option<Identity> {
        let is_express = self.execution_type == ExecutionType::Express;
        is_express.then(|| self.parent.child(&self.label, &child.name, Some(&random.uuid())))
    }
}

impl View {
    /// The name of the Map State.
    pub(super) fn state(&self) -> &str {
        &self.node().name
    }

    fn node(&self) -> &Node {
        &self.machine.graphs[self.graph].nodes[self.node]
    }

    /// What becomes of an item before it is handed over.
    pub(super) fn select(&self, item: &Item, random: &mut Random) -> Result<Value, Fault> {
        let node = self.node();
        let Kind::Map(map) = &node.kind else { return Ok(item.value.clone()) };
        let Some(selector) = &map.item_selector else { return Ok(item.value.clone()) };
        let scope = self.scope(item, random);
        selector.evaluate(&scope).map_err(|fault| self.fault(&fault))
    }

    fn scope(&self, item: &Item, random: &mut Random) -> Scope {
        let context = with_item(&self.context, item);
        let random = random.fork();
        if self.node().language == QueryLanguage::JsonPath {
            return Scope::jsonpath(&self.variables, self.input.clone(), context, self.now, random);
        }
        let states = [("input", self.input.clone()), ("context", context)];
        Scope::jsonata(&self.variables, states.into_iter().collect(), self.now, random)
    }

    fn fault(&self, fault: &QueryFault) -> Fault {
        Failure::evaluation(self.node(), self.entered, fault).fault
    }
}
