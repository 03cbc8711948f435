//! One body for each of many items: `map`.
//! Separate because it alone bounds how many run at once and puts their outputs back in order.

use std::fmt;
use std::iter::Enumerate;
use std::pin::Pin;

use futures_util::{StreamExt, TryStreamExt, stream};

use super::saga;
use crate::Failed;

/// Runs a body for each item, several at once, and gives the outputs in the order of the items; the first failure ends
/// the others.
///
/// In a workflow: a Map State.
///
/// ```
/// # use sfn_core::{Failed, map};
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// let lengths = map(vec!["one", "three"], async |word| Ok(word.len())).max_concurrency(2).await?;
/// assert_eq!(lengths, [3, 5]);
/// # Ok::<(), Failed>(())
/// # }).map_err(std::io::Error::other)?;
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn map<'f, T, O, R>(items: impl Items<T>, body: impl Fn(T) -> R + Send + 'f) -> MapCall<'f, T, O>
where
    R: Future<Output = Result<O, Failed>> + Send + 'f,
{
    MapCall {
        items: items.into_items(),
        body: Box::new(move |item| Box::pin(body(item))),
        max_concurrency: None,
        name: None,
    }
}

/// What [`map`] runs over: a vector, a reference to one whose items are cloned, or either with places.
///
/// ```
/// # use sfn_core::{Failed, map};
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// let words = vec!["one".to_owned(), "two".to_owned()];
/// let numbered = map(words.iter().enumerate(), async |(place, word)| Ok(format!("{place} {word}"))).await?;
/// assert_eq!(numbered, ["0 one", "1 two"]);
/// # Ok::<(), Failed>(())
/// # }).map_err(std::io::Error::other)?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`map` runs over a `Vec` or a reference to one, not over `{Self}` [not-an-array]",
    label = "not a `Vec`",
    note = "`items.iter().enumerate()` gives each item with its place"
)]
pub trait Items<T> {
    /// The items, owned.
    fn into_items(self) -> Vec<T>;
}

impl<T> Items<T> for Vec<T> {
    fn into_items(self) -> Vec<T> {
        self
    }
}

impl<T: Clone> Items<T> for &Vec<T> {
    fn into_items(self) -> Vec<T> {
        self.clone()
    }
}

impl<T: Clone> Items<T> for &[T] {
    fn into_items(self) -> Vec<T> {
        self.to_vec()
    }
}

impl<T: Clone> Items<(usize, T)> for Enumerate<std::slice::Iter<'_, T>> {
    fn into_items(self) -> Vec<(usize, T)> {
        self.map(|(place, item)| (place, item.clone())).collect()
    }
}

impl<T> Items<(usize, T)> for Enumerate<std::vec::IntoIter<T>> {
    fn into_items(self) -> Vec<(usize, T)> {
        self.collect()
    }
}

/// A body about to run for each of many items: what [`map`] gives.
#[must_use = "a map runs when it is awaited"]
pub struct MapCall<'f, T, O> {
    items: Vec<T>,
    body: Body<'f, T, O>,
    max_concurrency: Option<usize>,
    name: Option<&'static str>,
}

type Body<'f, T, O> = Box<dyn Fn(T) -> Run<'f, O> + Send + 'f>;
type Run<'f, O> = Pin<Box<dyn Future<Output = Result<O, Failed>> + Send + 'f>>;

impl<T, O> MapCall<'_, T, O> {
    /// The same map, at most so many items of it at once; 0 sets no limit.
    pub fn max_concurrency(self, max_concurrency: usize) -> Self {
        Self { max_concurrency: Some(max_concurrency), ..self }
    }

    /// The same map, its State named by hand.
    pub fn named(self, name: &'static str) -> Self {
        Self { name: Some(name), ..self }
    }
}

impl<'f, T: Send + 'f, O: Send + 'f> IntoFuture for MapCall<'f, T, O> {
    type Output = Result<Vec<O>, Failed>;
    type IntoFuture = Run<'f, Vec<O>>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { items, body, max_concurrency, name: _ } = self;
        let at_once = max_concurrency.filter(|&limit| limit > 0).unwrap_or(items.len().max(1));
        let runs: Vec<_> = items.into_iter().map(body).collect();
        Box::pin(async move {
            if saga::settles() {
                return settled(runs, at_once).await;
            }
            let runs: Vec<_> =
                runs.into_iter().enumerate().map(|(place, run)| numbered(place, run)).collect();
            let mut outputs: Vec<_> = stream::iter(runs).buffer_unordered(at_once).try_collect().await?;
            outputs.sort_by_key(|(place, _)| *place);
            Ok(outputs.into_iter().map(|(_, output)| output).collect())
        })
    }
}

async fn numbered<O>(place: usize, run: Run<'_, O>) -> Result<(usize, O), Failed> {
    run.await.map(|output| (place, output))
}

/// What iterations give that all run to their ends.
async fn settled<O>(runs: Vec<Run<'_, O>>, at_once: usize) -> Result<Vec<O>, Failed> {
    let runs: Vec<_> = runs.into_iter().enumerate().map(|(place, run)| settle(place, run)).collect();
    let mut ends: Vec<_> = stream::iter(runs).buffer_unordered(at_once).collect().await;
    ends.sort_by_key(|(place, ..)| *place);
    let (outputs, scopes): (Vec<_>, Vec<_>) =
        ends.into_iter().map(|(_, output, scope)| (output, scope)).unzip();
    saga::adopt(scopes);
    outputs.into_iter().collect()
}

async fn settle<O>(place: usize, run: Run<'_, O>) -> (usize, Result<O, Failed>, saga::Scope) {
    let (output, scope) = saga::branch(run).await;
    (place, output, scope)
}

impl<T, O> fmt::Debug for MapCall<'_, T, O> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("MapCall")
            .field("items", &self.items.len())
            .field("max_concurrency", &self.max_concurrency)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
