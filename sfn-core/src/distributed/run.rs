//! The native run of a distributed map: its items, its children, and how many of them may fail.
//! Separate from the inline `map` because its items travel as JSON and its failures are counted.

use std::fmt;
use std::future::ready;
use std::marker::PhantomData;
use std::pin::Pin;

use futures_util::{StreamExt, stream};
use serde_json::Value;

use super::objects;
use super::outcome::{FailedItems, Gathering, MapRun, OnlySuccesses, Split, Written};
use super::source::{ItemSource, Items, Source};
use super::{ChildResult, Reading};
use crate::payload::invalid;
use crate::{Arg, ArgValue, Failed, Payload, decode, encode, fail};

/// How many child executions the service runs at once.
const MOST_AT_ONCE: usize = 10_000;

/// Runs a body for each item in a child execution of its own, of which thousands may run at once.
///
/// In a workflow: a distributed Map State. It takes more items and longer than [`map`](crate::map()), reads them from S3
/// where they are not at hand, may tolerate failures and may write its results to S3. A child that fails where none may
/// fails the whole with `States.ExceedToleratedFailureThreshold`.
///
/// The body reads the variables around it. A child execution cannot, so they are handed to it: what the body reads, and
/// no more.
///
/// ```
/// # use sfn_core::{Failed, fail, map_distributed};
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// let (halves, odd) = map_distributed(vec![2, 3, 4], async |number: u32| match number % 2 {
///     0 => Ok(number / 2),
///     _ => Err(fail("Odd", number.to_string())),
/// })
/// .tolerate(1)
/// .await?;
/// assert_eq!(halves, [1, 2]);
/// assert_eq!((odd[0].0, odd[0].1.error.as_str()), (3, "Odd"));
/// # Ok::<(), Failed>(())
/// # }).map_err(std::io::Error::other)?;
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn map_distributed<'f, S: Source, O, R>(
    source: S,
    body: impl Fn(S::Item) -> R + Send + 'f,
) -> DistributedMap<'f, S::Item, O>
where
    R: Future<Output = Result<O, Failed>> + Send + 'f,
{
    DistributedMap {
        source: source.into_source(),
        body: Box::new(move |item| Box::pin(body(item))),
        options: Options::default(),
        gathering: PhantomData,
    }
}

/// A body about to run for each of many items in child executions: what [`map_distributed`] gives.
#[must_use = "a map runs when it is awaited"]
pub struct DistributedMap<'f, T, O, G = OnlySuccesses> {
    source: ItemSource<T>,
    body: Body<'f, T, O>,
    options: Options,
    gathering: PhantomData<fn() -> G>,
}

type Body<'f, T, O> = Box<dyn Fn(T) -> Run<'f, O> + Send + 'f>;
type Run<'f, O> = Pin<Box<dyn Future<Output = Result<O, Failed>> + Send + 'f>>;

#[derive(Debug, Default)]
struct Options {
    max_concurrency: Option<usize>,
    tolerated: u32,
    tolerated_percentage: f64,
    results_to: Option<(ArgValue, ArgValue)>,
    label: Option<&'static str>,
    name: Option<&'static str>,
    express: bool,
}

impl<'f, T, O, G: Gathering> DistributedMap<'f, T, O, G> {
    /// The same map, at most so many children of it at once; 0 sets no limit of its own.
    pub fn max_concurrency(mut self, max_concurrency: usize) -> Self {
        self.options.max_concurrency = Some(max_concurrency);
        self
    }

    /// The same map, going on while at most so many items fail. It gives the outputs, and the items that failed.
    pub fn tolerate(mut self, items: u32) -> DistributedMap<'f, T, O, G::Tolerant> {
        self.options.tolerated = items;
        self.gathered()
    }

    /// The same map, going on while at most this percentage of the items fails. It gives the outputs, and the items
    /// that failed.
    pub fn tolerate_percentage(mut self, percentage: f64) -> DistributedMap<'f, T, O, G::Tolerant> {
        self.options.tolerated_percentage = percentage;
        self.gathered()
    }

    /// The same map, its results written to files of JSON Lines below a prefix of a bucket. It gives where they are.
    pub fn results_to(
        mut self,
        bucket: impl Arg<String>,
        prefix: impl Arg<String>,
    ) -> DistributedMap<'f, T, O, Written> {
        self.options.results_to = Some((bucket.into_arg(), prefix.into_arg()));
        self.gathered()
    }

    /// The same map, its children Express executions: at most five minutes each, and no history.
    pub fn express(mut self) -> Self {
        self.options.express = true;
        self
    }

    /// The same map, its Map Run named with this label.
    pub fn label(mut self, label: &'static str) -> Self {
        self.options.label = Some(label);
        self
    }

    /// The same map, its State named by hand.
    pub fn named(mut self, name: &'static str) -> Self {
        self.options.name = Some(name);
        self
    }

    fn gathered<H>(self) -> DistributedMap<'f, T, O, H> {
        let Self { source, body, options, gathering: _ } = self;
        DistributedMap { source, body, options, gathering: PhantomData }
    }
}

/// A child's input and result, by its place.
struct Child<O> {
    place: usize,
    input: Value,
    result: Result<O, Failed>,
}

/// The children that were run, and whether too many of them failed.
struct Children<O> {
    children: Vec<Child<O>>,
    exceeded: bool,
}

impl<O> Children<O> {
    fn unless_too_many_failed(self) -> Result<Vec<Child<O>>, Failed> {
        if self.exceeded {
            let cause = "The specified tolerated failure threshold was exceeded";
            return Err(fail("States.ExceedToleratedFailureThreshold", cause));
        }
        Ok(self.children)
    }
}

impl<'f, T, O: Send + 'f, G> DistributedMap<'f, T, O, G> {
    async fn run(self) -> Result<(Children<O>, Options), Failed> {
        let Self { source, body, options, gathering: _ } = self;
        let loads = loads(source.items, source.batch).await?;
        let total: u64 = loads.iter().map(|(_, items)| items).sum();
        let runs: Vec<_> = loads
            .into_iter()
            .enumerate()
            .map(|(place, (input, items))| {
                let run = match (source.decode)(input.clone()) {
                    Ok(item) => body(item),
                    Err(failed) => Box::pin(ready(Err(failed))) as Run<'f, O>,
                };
                child(place, input, items, run)
            })
            .collect();
        let limit = options.max_concurrency.filter(|&limit| limit > 0);
        let mut running =
            stream::iter(runs).buffer_unordered(limit.unwrap_or(MOST_AT_ONCE).min(MOST_AT_ONCE));
        let (mut children, mut failed, mut exceeded) = (Vec::new(), 0, false);
        while let Some((child, items)) = running.next().await {
            failed += if child.result.is_err() { items } else { 0 };
            children.push(child);
            exceeded = options.are_exceeded(failed, total);
            if exceeded {
                break;
            }
        }
        drop(running);
        children.sort_by_key(|child| child.place);
        Ok((Children { children, exceeded }, options))
    }
}

async fn child<O>(place: usize, input: Value, items: u64, run: Run<'_, O>) -> (Child<O>, u64) {
    (Child { place, input, result: run.await }, items)
}

/// What the children work on, and how many items that is for each.
async fn loads(items: Items, batch: Option<u32>) -> Result<Vec<(Value, u64)>, Failed> {
    let items = match items {
        Items::Given(items) => match json("items", items)? {
            Value::Array(items) => items,
            other => vec![other],
        },
        Items::Read(reading) => {
            let Reading { bucket, place, .. } = *reading;
            let reader = Reading::item_reader(
                reading.resource,
                &reading.config,
                json("bucket", bucket)?.into(),
                json("key", place)?.into(),
            );
            objects::read(reader).await?
        }
    };
    let Some(size) = batch else { return Ok(items.into_iter().map(|item| (item, 1)).collect()) };
    let batches = items.chunks(usize::try_from(size).unwrap_or(usize::MAX).max(1));
    Ok(batches.map(|batch| (Value::from(batch), batch.len() as u64)).collect())
}

/// An argument of a native run.
fn json(name: &'static str, argument: ArgValue) -> Result<Value, Failed> {
    match argument {
        ArgValue::Json(json) => Ok(json),
        ArgValue::Unfit(failed) => Err(failed),
        ArgValue::Symbolic(_) => {
            Err(invalid(name, &"a symbolic value exists only while a workflow is built"))
        }
    }
}

impl Options {
    /// Whether that many failed items are too many. Where both a count and a percentage are given, neither may be
    /// exceeded.
    fn are_exceeded(&self, failed: u64, total: u64) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "no Map Run has 2^53 items")]
        let over_percentage = failed as f64 * 100.0 > self.tolerated_percentage * total as f64;
        let over_count = failed > u64::from(self.tolerated);
        match (self.tolerated > 0, self.tolerated_percentage > 0.0) {
            (true, false) => over_count,
            (false, true) => over_percentage,
            _ => over_count || over_percentage,
        }
    }
}

impl<'f, T: 'f, O: Send + 'f> IntoFuture for DistributedMap<'f, T, O, OnlySuccesses> {
    type Output = Result<Vec<O>, Failed>;
    type IntoFuture = Run<'f, Vec<O>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let (children, _) = self.run().await?;
            children.unless_too_many_failed()?.into_iter().map(|child| child.result).collect()
        })
    }
}

impl<'f, T: 'f, O: Send + 'f> IntoFuture for DistributedMap<'f, T, O, Split> {
    type Output = Result<(Vec<O>, FailedItems<T>), Failed>;
    type IntoFuture = Run<'f, (Vec<O>, FailedItems<T>)>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let decode = self.source.decode;
            let (children, _) = self.run().await?;
            let (mut outputs, mut failures) = (Vec::new(), Vec::new());
            for child in children.unless_too_many_failed()? {
                match child.result {
                    Ok(output) => outputs.push(output),
                    Err(failed) => failures.push((decode(child.input)?, failed.into())),
                }
            }
            Ok((outputs, failures))
        })
    }
}

impl<'f, T: 'f, O: Payload> IntoFuture for DistributedMap<'f, T, O, Written> {
    type Output = Result<MapRun, Failed>;
    type IntoFuture = Run<'f, MapRun>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let (children, options) = self.run().await?;
            let encoded = |child: &Child<O>| -> ChildResult {
                let result = child.result.as_ref().map_err(Failed::clone).and_then(encode);
                (child.input.clone(), result)
            };
            let results = children.children.iter().map(encoded).collect();
            let Some((bucket, prefix)) = options.results_to else {
                unreachable!("only `results_to` makes it so")
            };
            let text = |name, argument| json(name, argument).and_then(decode::<String>);
            let written = objects::write(text("bucket", bucket)?, text("prefix", prefix)?, results).await?;
            children.unless_too_many_failed()?;
            Ok(written)
        })
    }
}

impl<T, O, G> fmt::Debug for DistributedMap<'_, T, O, G> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DistributedMap")
            .field("source", &self.source.items)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
