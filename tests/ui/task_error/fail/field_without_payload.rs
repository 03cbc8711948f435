//! A field that cannot travel.
use sfn::prelude::*;

#[derive(Debug, thiserror::Error, TaskError)]
pub enum PaymentError {
    #[error("declined")]
    Declined { private: Private },
}


#[derive(Debug, Serialize, Deserialize)]
pub struct Private;

fn main() {}
