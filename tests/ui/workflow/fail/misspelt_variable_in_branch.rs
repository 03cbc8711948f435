//! A variable of a branch that does not exist.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    let (one, two) = join!(ping(), async {
        let charge = charge(&ordre.id, 5).await?;
        Ok(charge.id)
    })
    .await?;
    Ok(Receipt { order: format!("{one}"), charge: two })
}

fn main() {}
