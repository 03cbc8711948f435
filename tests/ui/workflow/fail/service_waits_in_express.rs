//! A service that waits for a callback, in an Express workflow.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use sfn::sqs;
use support::*;

#[workflow(express)]
pub async fn order_saga(order: Order) -> Result<bool, Failed> {
    let granted = sqs::send_and_wait::<bool>("${QueueUrl}", &order.id).timeout(mins(1)).await?;
    Ok(granted)
}

fn main() {}
