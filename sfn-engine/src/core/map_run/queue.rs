//! The items that wait for a child execution, and how one or more of them become its input.
//! Separate because only here are items selected and batched, and no sooner than a child has room for them.

use std::iter::Enumerate;
use std::vec;

use sfn_asl::Value;

use super::plan::{Batcher, MapRunPlan};
use super::reader::Entry;
use crate::core::failure::FailureOrigin;
use crate::core::quota::{PAYLOAD_BYTES, json_bytes};
use crate::core::strand::Item;
use crate::core::{Failure, Random};
use crate::history::Fault;

/// What one child execution is to work on.
#[derive(Debug)]
pub(super) struct Load {
    pub(super) input: Value,
    /// How many items that is.
    pub(super) items: u64,
}

/// What the children of a Map Run would have, taken all at once.
#[derive(Debug)]
pub(in crate::core) struct Inputs {
    /// The items as they were read.
    pub(in crate::core) read: Vec<Value>,
    /// Each as the Item Selector leaves it.
    pub(in crate::core) selected: Vec<Value>,
    /// As the Item Batcher leaves them, if there is one.
    pub(in crate::core) batched: Option<Vec<Value>>,
}

/// Takes the items of a Map Run as far as its children would have them. What its reader finds is in `data`.
pub(in crate::core) fn inputs(plan: &MapRunPlan, data: &[u8]) -> Result<Inputs, Fault> {
    let entries = super::reader::entries(&plan.source, data).map_err(super::unreadable)?;
    let read = entries.iter().map(|entry| entry.value.clone()).collect();
    let mut queue = Queue::new(entries.clone(), plan.seed);
    let mut selected = Vec::new();
    while let Some(item) = queue.select(plan)? {
        selected.push(item);
    }
    let mut batched = plan.batcher.is_some().then(Vec::new);
    if let Some(batched) = &mut batched {
        let mut queue = Queue::new(entries, plan.seed);
        while let Some(load) = queue.next(plan)? {
            batched.push(load.input);
        }
    }
    Ok(Inputs { read, selected, batched })
}

/// The items that no child has yet.
#[derive(Debug, Clone)]
pub(super) struct Queue {
    entries: Enumerate<vec::IntoIter<Entry>>,
    /// Why an item could not be taken: it never can.
    stuck: Option<Fault>,
    /// An item that was selected for a batch and found no room in it, with its size.
    held: Option<(Value, usize)>,
    random: Random,
}

impl Queue {
    pub(super) fn new(entries: Vec<Entry>, seed: u64) -> Self {
        Self {
            entries: entries.into_iter().enumerate(),
            stuck: None,
            held: None,
            random: Random::seeded(seed),
        }
    }

    /// What the next child works on, if anything is left.
    pub(super) fn next(&mut self, plan: &MapRunPlan) -> Result<Option<Load>, Fault> {
        if let Some(fault) = &self.stuck {
            return Err(fault.clone());
        }
        self.take(plan).inspect_err(|fault| self.stuck = Some(fault.clone()))
    }

    fn take(&mut self, plan: &MapRunPlan) -> Result<Option<Load>, Fault> {
        let load = match &plan.batcher {
            Some(batcher) => self.batch(plan, batcher)?,
            None => self.select(plan)?.map(|input| Load { input, items: 1 }),
        };
        match &load {
            Some(load) if json_bytes(&load.input) > PAYLOAD_BYTES => {
                Err(Failure::too_large(FailureOrigin::State, plan.view.state()).fault)
            }
            _ => Ok(load),
        }
    }

    fn select(&mut self, plan: &MapRunPlan) -> Result<Option<Value>, Fault> {
        let Some((index, entry)) = self.entries.next() else { return Ok(None) };
        let item = Item { index, value: entry.value, key: entry.key, source: Some(entry.source) };
        plan.view.select(&item, &mut self.random).map(Some)
    }

    /// As many items as fit, but at least one.
    fn batch(&mut self, plan: &MapRunPlan, batcher: &Batcher) -> Result<Option<Load>, Fault> {
        let mut bytes = json_bytes(&batcher.around(Vec::new()));
        let mut items: Vec<Value> = Vec::new();
        while items.len() < batcher.max_items {
            let (item, size) = match self.held.take() {
                Some(held) => held,
                None => match self.select(plan)? {
                    Some(item) => {
                        let size = json_bytes(&item);
                        (item, size)
                    }
                    None => break,
                },
            };
            let comma = usize::from(!items.is_empty());
            if !items.is_empty() && bytes + comma + size > batcher.max_bytes {
                self.held = Some((item, size));
                break;
            }
            bytes += comma + size;
            items.push(item);
        }
        let count = items.len() as u64;
        Ok((count > 0).then(|| Load { input: batcher.around(items), items: count }))
    }
}

impl Batcher {
    fn around(&self, items: Vec<Value>) -> Value {
        let input = self.input.iter().map(|input| ("BatchInput", input.clone()));
        input.chain([("Items", Value::from(items))]).collect()
    }
}
