//! A workflow that is defined for a type which does not say what it is called.
use sfn::prelude::*;

pub trait Site {
    const LIMIT: u32;
}

pub struct Berlin;

impl Site for Berlin {
    const LIMIT: u32 = 7;
}

#[workflow]
pub async fn restock<S: Site>(order: String) -> Result<u32, Failed> {
    let _ = order;
    Ok(S::LIMIT)
}

fn main() {
    drop(restock::<Berlin>::definition());
}
