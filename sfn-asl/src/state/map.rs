//! The Map State: one State Machine, once per item.
//! Separate because each State type has a file of its own.

use super::{Catcher, ItemBatcher, ItemProcessor, ItemReader, ResultWriter, Retrier, Shared};
use crate::wire::flat;
use crate::{Nullable, Operand, Transition, Value};

/// A Map State. Its result is the array of its iterations' outputs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Map {
    /// What every State may have.
    pub shared: Shared,
    /// `ItemReader`: where a distributed Map reads its items.
    pub item_reader: Option<ItemReader>,
    /// `Items` (JSONata): an array, or an expression that yields one.
    pub items: Option<Value>,
    /// `ItemsPath` (JSONPath): where in the input the items are; `$` when absent.
    pub items_path: Nullable<String>,
    /// `ItemSelector`: the input of each iteration, as a template.
    pub item_selector: Option<Value>,
    /// `Parameters`: the older name of `ItemSelector`.
    pub parameters: Option<Value>,
    /// `ItemBatcher`: how a distributed Map puts several items into one iteration.
    pub item_batcher: Option<ItemBatcher>,
    /// `MaxConcurrency`: how many iterations may run at once; 0 means no limit of the definition's own.
    pub max_concurrency: Option<Operand<i64>>,
    /// `ToleratedFailureCount` of a distributed Map.
    pub tolerated_failure_count: Option<Operand<i64>>,
    /// `ToleratedFailurePercentage` of a distributed Map, 0 to 100.
    pub tolerated_failure_percentage: Option<Operand<f64>>,
    /// `Label` of a distributed Map: part of its Map Run's name.
    pub label: Option<String>,
    /// `ItemProcessor`: what runs per item.
    pub item_processor: ItemProcessor,
    /// `ResultWriter`: where a distributed Map writes its results.
    pub result_writer: Option<ResultWriter>,
    /// `ResultSelector` (JSONPath): what is made of the result, as a Payload Template.
    pub result_selector: Option<Value>,
    /// `ResultPath` (JSONPath): where in the input the result goes. Null: nowhere.
    pub result_path: Nullable<String>,
    /// `Retry`.
    pub retry: Vec<Retrier>,
    /// `Catch`.
    pub catch: Vec<Catcher>,
    /// `Next` or `End`.
    pub transition: Transition,
}

flat!(Map {
    optional "ItemReader" item_reader;
    optional "Items" items;
    optional "ItemsPath" items_path;
    optional "ItemSelector" item_selector;
    optional "Parameters" parameters;
    optional "ItemBatcher" item_batcher;
    optional "MaxConcurrency" max_concurrency;
    optional "ToleratedFailureCount" tolerated_failure_count;
    optional "ToleratedFailurePercentage" tolerated_failure_percentage;
    optional "Label" label;
    flat item_processor;
    optional "ResultWriter" result_writer;
    optional "ResultSelector" result_selector;
    optional "ResultPath" result_path;
    optional "Retry" retry;
    optional "Catch" catch;
    flat transition;
    flat shared;
});
