//! An option that another service has.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use sfn::sns;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<(), Failed> {
    sns::publish("${TopicArn}", &order.id).html("<b>bold</b>").await?;
    Ok(())
}

fn main() {}
