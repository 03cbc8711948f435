//! A field that the taken apart struct does not have.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    let Charge { idd, .. } = charge(&order.id, 5).await?;
    refund(idd).await?;
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
