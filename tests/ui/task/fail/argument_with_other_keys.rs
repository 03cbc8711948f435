//! A map whose keys are no strings.
use std::convert::Infallible;

use sfn::prelude::*;

#[task]
pub async fn ping(counts: std::collections::BTreeMap<u32, u32>) -> Result<(), Infallible> {
    drop(counts);
    Ok(())
}


fn main() {}
