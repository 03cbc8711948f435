//! An async function that is no task, beside others.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    join!(ping(), async {
        other(order.total).await?;
        Ok(())
    })
    .await?;
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
