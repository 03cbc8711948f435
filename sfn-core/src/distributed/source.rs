//! What a distributed map goes through: items at hand, items in objects, and batches of either.
//! Separate because a call, the builder and the twin all take the same sources.

use serde_json::Value;

use super::Reading;
use crate::ir::Expr;
use crate::{AnyVal, Arg, ArgValue, Failed, Payload, Val, decode};

/// What [`map_distributed`](crate::map_distributed) goes through: a vector, a reference to one, or what a reader of
/// [`s3`](crate::s3) finds.
///
/// Items travel as JSON, each to a child execution of its own.
#[diagnostic::on_unimplemented(
    message = "`map_distributed` goes through a `Vec`, a reference to one, or what `s3::json(..)` and its like read, not \
               through `{Self}` [distributed-source]",
    label = "not a source of items"
)]
pub trait Source: Sized {
    /// What a child execution works on.
    type Item;

    /// The source without its type.
    fn into_source(self) -> ItemSource<Self::Item>;
}

/// A source whose items can be handed over several at a time.
pub trait Batch: Source {
    /// The same items in batches of at most so many: a child execution works on a `Vec` of them.
    ///
    /// ```
    /// # use sfn_core::{Batch, Failed, map_distributed};
    /// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    /// # runtime.block_on(async {
    /// let sums = map_distributed(vec![1, 2, 3].batch(2), async |numbers| Ok(numbers.iter().sum::<u32>())).await?;
    /// assert_eq!(sums, [3, 3]);
    /// # Ok::<(), Failed>(())
    /// # }).map_err(std::io::Error::other)?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    fn batch(self, size: u32) -> ItemSource<Vec<Self::Item>>
    where
        Self::Item: Payload,
    {
        let ItemSource { items, item, .. } = self.into_source();
        ItemSource { items, batch: Some(size), item: AnyVal::list(Expr::null(), item), decode }
    }
}

/// Items, and how many of them are handed over at a time.
#[derive(Debug)]
pub struct ItemSource<T> {
    pub(crate) items: Items,
    pub(crate) batch: Option<u32>,
    /// What a child execution works on, of which only the shape is known.
    pub(crate) item: AnyVal,
    /// What a child execution works on, from its JSON.
    pub(super) decode: fn(Value) -> Result<T, Failed>,
}

/// Where items come from.
#[derive(Debug)]
pub(crate) enum Items {
    Given(ArgValue),
    Read(Box<Reading>),
}

impl<T> ItemSource<T> {
    pub(super) fn new(items: Items, item: AnyVal, decode: fn(Value) -> Result<T, Failed>) -> Self {
        Self { items, batch: None, item, decode }
    }
}

impl<T> Source for ItemSource<T> {
    type Item = T;

    fn into_source(self) -> Self {
        self
    }
}

macro_rules! sources {
    ($($source:ty),+) => {$(
        impl<T: Payload> Source for $source {
            type Item = T;

            fn into_source(self) -> ItemSource<T> {
                let items = Arg::<Vec<T>>::into_arg(self);
                ItemSource::new(Items::Given(items), AnyVal::new(Expr::null(), T::shape()), decode)
            }
        }

        impl<T: Payload> Batch for $source {}
    )+};
}

sources!(Vec<T>, &Vec<T>, &[T], Val<Vec<T>>, &Val<Vec<T>>);

impl Source for AnyVal {
    type Item = Value;

    fn into_source(self) -> ItemSource<Value> {
        let item = self.item().unwrap_or_else(|| Self::new(Expr::null(), crate::Shape::Any));
        ItemSource::new(Items::Given(ArgValue::Symbolic(self)), item, decode)
    }
}

impl Batch for AnyVal {}
