//! An output that cannot travel.
use sfn::prelude::*;

#[workflow]
pub async fn order_saga(order: String) -> Result<Private, Failed> {
    Ok(Private { order })
}

pub struct Private {
    order: String,
}

fn main() {}
