//! The same handler as the task of a workflow. A program, because its size and its start are measured beside the bare one's.

use overhead::{Charge, Order, charged};
use sfn::prelude::*;
use std::convert::Infallible;

#[task(timeout = "30s")]
async fn charge_payment(order: Order) -> Result<Charge, Infallible> {
    Ok(charged(&order))
}

#[workflow]
async fn sale(order: Order) -> Result<Charge, Failed> {
    Ok(charge_payment(order).await?)
}

sfn::lambda::main!(sale);
