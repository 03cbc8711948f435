//! A failure of several steps at once that nobody minds.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    let _ = join!(ping(), ping()).await;
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
