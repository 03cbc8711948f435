//! An input that cannot travel.
use sfn::prelude::*;

#[workflow]
pub async fn order_saga(order: Private) -> Result<u32, Failed> {
    Ok(order.total)
}

pub struct Private {
    total: u32,
}

fn main() {}
