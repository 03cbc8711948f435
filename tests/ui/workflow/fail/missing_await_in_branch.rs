//! A step of a branch that is not awaited.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    let (one, two) = join!(ping(), async {
        let charge = charge(&order.id, 5)?;
        Ok(charge.id)
    })
    .await?;
    Ok(Receipt { order: format!("{one}"), charge: two })
}

fn main() {}
