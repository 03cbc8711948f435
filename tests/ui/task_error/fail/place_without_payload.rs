//! An unnamed field that cannot travel.
use sfn::prelude::*;

#[derive(Debug, thiserror::Error, TaskError)]
pub enum PaymentError {
    #[error("declined")]
    Declined(Private),
}


#[derive(Debug, Serialize, Deserialize)]
pub struct Private;

fn main() {}
