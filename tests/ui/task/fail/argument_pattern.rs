//! An argument taken apart.
use std::convert::Infallible;

use sfn::prelude::*;

#[derive(Serialize, Deserialize, Payload)]
pub struct Order {
    pub id: String,
}

#[task]
pub async fn ping(Order { id }: Order) -> Result<(), Infallible> {
    drop(id);
    Ok(())
}


fn main() {}
