//! A type that travels as one that cannot.
use sfn::prelude::*;

#[derive(Clone, Serialize, Deserialize, Payload)]
#[serde(from = "Private", into = "Private")]
pub struct Order;


#[derive(Serialize, Deserialize)]
pub struct Private;

impl From<Private> for Order {
    fn from(_: Private) -> Self {
        Self
    }
}

impl From<Order> for Private {
    fn from(_: Order) -> Self {
        Self
    }
}

fn main() {}
