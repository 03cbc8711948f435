//! A variable that changes, and whose type is left to rustc.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    let mut rounds = 0;
    while order.vip && rounds < 3 {
        ping().await?;
        rounds += 1;
    }
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
