//! An option of another reader.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    map_distributed(s3::json::<String>(&order.id, "lines").delimiter(s3::Delimiter::Tab), async |_| Ok(1)).await?;
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
