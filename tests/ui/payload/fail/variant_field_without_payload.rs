//! A field of a variant that cannot travel.
use sfn::prelude::*;

#[derive(Serialize, Deserialize, Payload)]
pub enum Event {
    Paid { private: Private },
}


#[derive(Serialize, Deserialize)]
pub struct Private;

fn main() {}
