//! A name that is too long for a Lambda function.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(name = "charge_charge_charge_charge_charge_charge_charge_charge_charge_charge_")]
pub async fn ping() -> Result<(), Infallible> {
    Ok(())
}


fn main() {}
