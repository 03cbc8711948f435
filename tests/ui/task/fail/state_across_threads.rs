//! A shared state that invocations on several threads cannot share.
use std::cell::Cell;
use std::convert::Infallible;

use sfn::prelude::*;

pub struct Counter {
    calls: Cell<u32>,
}

#[task]
pub async fn count(state: &Counter) -> Result<u32, Infallible> {
    Ok(state.calls.get())
}


fn main() {}
