//! An error that declares no names.
use sfn::prelude::*;

#[task]
pub async fn ping() -> Result<(), PaymentError> {
    Ok(())
}


#[derive(Debug, thiserror::Error)]
#[error("declined")]
pub struct PaymentError;

fn main() {}
