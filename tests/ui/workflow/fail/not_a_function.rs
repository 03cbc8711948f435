//! The attribute on a struct.
use sfn::prelude::workflow;

#[workflow]
pub struct OrderSaga;

fn main() {}
