//! The failure of several steps at once, told apart as that of one task.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    match join!(ping(), ping()).await {
        Ok(_) => Ok(Receipt { order: order.id, charge: "none".into() }),
        Err(Failure::Timeout) => Err(fail("Late", "")),
        Err(other) => Err(other),
    }
}

fn main() {}
