//! tokio's `try_join!`.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    let (one, two) = try_join!(ping(), ping())?;
    refund(format!("{one}{two}")).await?;
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
