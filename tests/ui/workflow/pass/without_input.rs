//! A workflow without input, and one that ends with a `map`.
#![deny(warnings)]

use sfn::prelude::*;

#[derive(Debug, thiserror::Error, TaskError)]
pub enum Never {}

#[task]
pub async fn tick() -> Result<u32, Never> {
    Ok(1)
}

#[workflow]
pub async fn nothing() -> Result<(), Failed> {
    tick().await?;
    Ok(())
}

#[workflow]
pub async fn all(list: Vec<u32>) -> Result<Vec<u32>, Failed> {
    map(list, async |_| Ok(tick().await?)).await
}

/// A workflow is a future like any other: it may be spawned.
fn spawn(_: impl Future<Output = Result<Vec<u32>, Failed>> + Send + 'static) {}

fn main() {
    spawn(all(vec![1]));
    drop(nothing());
    assert_eq!(all::definition().name(), "all");
    assert_eq!(nothing::definition().name(), "nothing");
}
