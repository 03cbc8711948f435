//! A bound that does not exist.
use sfn::prelude::*;

pub trait Site: Profile {
    const LIMIT: u32;
}

#[workflow]
pub async fn restock<S: Sight>(order: String) -> Result<u32, Failed> {
    let _ = order;
    Ok(1)
}

fn main() {}
