//! The statement that runs a block for each item in an execution of its own: `map_distributed`.
//! Separate from the inline `map` because it has a dozen options more, and its result depends on them.

use std::marker::PhantomData;

use super::{Flow, Settled};
use crate::distributed::{
    FailedItems, Gathering, ItemFailure, Items, MapRun, OnlySuccesses, Source, Split, Written,
};
use crate::ir::{Distributed, Expr, ItemReader, Iteration, NodeKind, Operator, VariableId, VariableRole};
use crate::{AnyVal, Arg, ExecutionType, Origin, Payload, Shape, Symbolic, Val};

/// A distributed Map State about to be recorded by `run`.
///
/// `G` says what it gives: the outputs, or with failures tolerated outputs and failures, or with results written where
/// they are.
#[derive(Debug)]
#[must_use = "a map is recorded by `run`"]
pub struct DistributedStep<'f, T, O, G = OnlySuccesses> {
    flow: &'f mut Flow,
    origin: Origin,
    iteration: Iteration,
    distributed: Distributed,
    /// What a child works on, and what it gives.
    item: AnyVal,
    output: AnyVal,
    types: PhantomData<(T, O, G)>,
}

impl<'f, T, O, G: Gathering> DistributedStep<'f, T, O, G> {
    /// The same map, at most so many children at a time.
    pub fn max_concurrency(mut self, limit: u32) -> Self {
        self.iteration.max_concurrency = Some(limit);
        self
    }

    /// The same map, going on while at most so many items fail.
    pub fn tolerate(mut self, items: u32) -> DistributedStep<'f, T, O, G::Tolerant> {
        self.distributed.tolerated = Some(items);
        self.gathered()
    }

    /// The same map, going on while at most this percentage of the items fails.
    pub fn tolerate_percentage(mut self, percentage: f64) -> DistributedStep<'f, T, O, G::Tolerant> {
        self.distributed.tolerated_percentage = Some(percentage);
        self.gathered()
    }

    /// The same map, its results written to files of JSON Lines below a prefix of a bucket.
    pub fn results_to(
        mut self,
        bucket: impl Arg<String>,
        prefix: impl Arg<String>,
    ) -> DistributedStep<'f, T, O, Written> {
        let bucket = AnyVal::of_argument(bucket.into_arg(), Shape::String);
        let prefix = AnyVal::of_argument(prefix.into_arg(), Shape::String);
        self.flow.report_faults(self.origin, &bucket);
        self.flow.report_faults(self.origin, &prefix);
        self.distributed.results_to = Some((bucket.expr, prefix.expr));
        self.gathered()
    }

    /// The same map, its children Express executions.
    pub fn express(mut self) -> Self {
        self.distributed.is_express = true;
        self
    }

    /// The same map, its Map Run named with this label.
    pub fn label(mut self, label: &str) -> Self {
        self.distributed.label = Some(label.to_owned());
        self
    }

    /// The same map, its State named by hand.
    pub fn named(mut self, name: &str) -> Self {
        self.iteration.name = Some(name.to_owned());
        self
    }

    /// The same map, its result under the name it is bound to in Rust.
    pub fn bind(self, name: &str) -> Self {
        if name != "_" {
            self.flow.variables[self.iteration.result.0 as usize].name = Some(name.to_owned());
        }
        self
    }

    /// As `run`, the result erased.
    pub fn run_any(self) -> AnyVal {
        self.recorded().1
    }

    /// Records the map; its failure is swallowed: `let _ = map_distributed(..).await;`.
    pub fn ignore(mut self) {
        self.iteration.failure = Some(self.flow.variable(None, "failure", VariableRole::Fleeting));
        self.recorded();
    }

    /// Begins a match on what the map comes to: `match map_distributed(..).await { .. }`.
    pub fn matching<V: Symbolic>(mut self) -> Settled<'f, V> {
        let failure = self.flow.variable(None, "failure", VariableRole::Fleeting);
        self.iteration.failure = Some(failure);
        let (origin, what) = (self.origin, format!("map {}", self.iteration.items_name));
        let (flow, value) = self.recorded();
        Settled::new(flow, origin, failure, value, &what)
    }

    fn recorded(mut self) -> (&'f mut Flow, AnyVal) {
        let result = Expr::variable(self.iteration.result);
        let is_written = self.distributed.results_to.is_some();
        let is_tolerant =
            self.distributed.tolerated.is_some() || self.distributed.tolerated_percentage.is_some();
        self.distributed.keeps_records = is_tolerant && !is_written;
        let keeps_records = self.distributed.keeps_records;
        let is_batched = self.distributed.batch.is_some();
        self.iteration.distributed = Some(Box::new(self.distributed));
        self.flow.push(self.origin, NodeKind::Map(Box::new(self.iteration)));
        if is_written {
            return (self.flow, AnyVal::new(result, MapRun::shape()));
        }
        if !keeps_records {
            return (self.flow, AnyVal::list(result, self.output));
        }
        let both = split(self.flow, result, &self.item, &self.output, is_batched);
        (self.flow, both)
    }

    fn gathered<H>(self) -> DistributedStep<'f, T, O, H> {
        let Self { flow, origin, iteration, distributed, item, output, types: _ } = self;
        DistributedStep { flow, origin, iteration, distributed, item, output, types: PhantomData }
    }
}

impl<T, O: Payload> DistributedStep<'_, T, O, OnlySuccesses> {
    /// Records the map and gives the children's values, in the order of the items.
    pub fn run(self) -> Val<Vec<O>> {
        Val::from_erased(self.run_any())
    }
}

impl<T: Payload, O: Payload> DistributedStep<'_, T, O, Split> {
    /// Records the map and gives the values of the children that succeeded and the items of those that failed, both in
    /// the order of the items.
    pub fn run(self) -> (Val<Vec<O>>, Val<FailedItems<T>>) {
        let both = self.run_any();
        (Val::from_erased(both.index(0)), Val::from_erased(both.index(1)))
    }
}

impl<T, O> DistributedStep<'_, T, O, Written> {
    /// Records the map and gives its Map Run, and where the results are.
    pub fn run(self) -> Val<MapRun> {
        Val::from_erased(self.run_any())
    }
}

/// The outputs of the children that succeeded, and the items and failures of the others.
fn split(flow: &mut Flow, records: Expr, item: &AnyVal, output: &AnyVal, is_batched: bool) -> AnyVal {
    let records = AnyVal::list(records, AnyVal::new(Expr::null(), Shape::Any));
    let text = |run: &AnyVal, name: &str| Expr::field(&run.expr, name, None);
    let parsed = |run: &AnyVal, name: &str| Expr::function("parse", [text(run, name)]);
    let with_status = |flow: &mut Flow, operator: Operator| {
        records.filter(flow, "run", |_, run| {
            let status = Expr::binary(operator, &text(&run, "Status"), &Expr::literal("SUCCEEDED"));
            AnyVal::new(status, Shape::Bool)
        })
    };
    let succeeded = with_status(flow, Operator::Equal);
    let outputs = succeeded.map(flow, "run", |_, run| output.standing_for(parsed(&run, "Output")));
    let failed = with_status(flow, Operator::NotEqual);
    let failures = failed.map(flow, "run", |_, run| {
        let place = if is_batched { "Items" } else { "item" };
        let item = item.standing_for(Expr::field(&parsed(&run, "Input"), place, None));
        let part = |name: &str| {
            AnyVal::new(Expr::field(&run.expr, name, Some(serde_json::Value::from(""))), Shape::String)
        };
        let failure = vec![("error", part("Error")), ("cause", part("Cause"))];
        crate::tuple(vec![item, crate::record(ItemFailure::shape(), failure)])
    });
    crate::tuple(vec![outputs, failures])
}

impl Flow {
    /// `map_distributed(source, async |item| ..)`: runs a block for each item in a child execution of its own.
    ///
    /// What the block reads from outside is handed to the children, which see no variables.
    ///
    /// ```
    /// use sfn_core::{Batch, Definition, s3};
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/greeting.in")); }
    /// # use support::greet;
    ///
    /// let definition = Definition::from_flow("greet-all", "", |flow| {
    ///     let bucket = flow.input::<String>("bucket");
    ///     let names = s3::jsonl::<String>(&bucket, "names.jsonl");
    ///     let (greetings, failures) = flow
    ///         .map_distributed(names, "name", |flow, name| flow.task(greet(&name)).run())
    ///         .max_concurrency(100)
    ///         .tolerate_percentage(5.0)
    ///         .run();
    ///     flow.succeed(sfn_core::tuple(vec![greetings.into_erased(), failures.into_erased()]));
    /// });
    /// let text = definition.lower().unwrap().machine.to_json_pretty();
    /// assert!(text.contains(r#""Mode": "DISTRIBUTED""#));
    /// assert!(text.contains(r#""ToleratedFailurePercentage": 5"#));
    /// ```
    #[track_caller]
    pub fn map_distributed<S: Source, O: Payload>(
        &mut self,
        source: S,
        item_name: &str,
        body: impl FnOnce(&mut Self, Val<S::Item>) -> Val<O>,
    ) -> DistributedStep<'_, S::Item, O>
    where
        S::Item: Payload,
    {
        let origin = self.here();
        let body = |flow: &mut Self, item| body(flow, Val::from_erased(item)).into_erased();
        self.distribute(origin, source, item_name, body)
    }

    /// As [`map_distributed`](Self::map_distributed), items and values erased.
    #[track_caller]
    pub fn map_distributed_any(
        &mut self,
        source: impl Source,
        item_name: &str,
        body: impl FnOnce(&mut Self, AnyVal) -> AnyVal,
    ) -> DistributedStep<'_, serde_json::Value, serde_json::Value> {
        let origin = self.here();
        self.distribute(origin, source, item_name, body)
    }

    fn distribute<T, O>(
        &mut self,
        origin: Origin,
        source: impl Source,
        item_name: &str,
        body: impl FnOnce(&mut Self, AnyVal) -> AnyVal,
    ) -> DistributedStep<'_, T, O> {
        if self.kind == ExecutionType::Express {
            self.report(
                "distributed-map-in-express",
                origin,
                "an Express workflow runs no distributed map: it has no child executions",
                "make the workflow a Standard one, or use `map`",
            );
        }
        let source = source.into_source();
        let mut argument = |argument, shape| {
            let value = AnyVal::of_argument(argument, shape);
            self.report_faults(origin, &value);
            value.expr
        };
        let (items, reader) = match source.items {
            Items::Given(items) => (argument(items, Shape::Array(|| Shape::Any)), None),
            Items::Read(reading) => {
                let (bucket, place) = (reading.bucket, reading.place);
                let reader = ItemReader {
                    resource: reading.resource,
                    config: reading.config,
                    bucket: argument(bucket, Shape::String),
                    place: argument(place, Shape::String),
                };
                (Expr::null(), Some(reader))
            }
        };
        self.report_faults(origin, &source.item);
        let of = AnyVal { faults: Vec::new(), ..source.item };
        let first_inside = VariableId(u32::try_from(self.variables.len()).unwrap_or(u32::MAX));
        let item = self.variable(Some(item_name), "item", VariableRole::Bound);
        self.shapes.insert(item, of.shape.clone());
        self.children += 1;
        // Each child is an execution of its own.
        let places = std::mem::take(&mut self.places);
        let recorded = self.scope(|flow| body(flow, of.standing_for(Expr::variable(item))));
        self.places = places;
        self.children -= 1;
        self.report_faults(origin, &recorded.value);
        let result = self.variable(None, "results", VariableRole::Bound);
        let iteration = Iteration {
            items_name: self.items_name(&items, item_name),
            items,
            item,
            place: None,
            body: recorded.block,
            result,
            failure: None,
            max_concurrency: None,
            name: None,
            distributed: None,
        };
        let distributed = Distributed {
            reader,
            batch: source.batch,
            tolerated: None,
            tolerated_percentage: None,
            label: None,
            is_express: false,
            results_to: None,
            keeps_records: false,
            first_inside,
            captures: Vec::new(),
        };
        let output = recorded.value;
        DistributedStep { flow: self, origin, iteration, distributed, item: of, output, types: PhantomData }
    }
}
