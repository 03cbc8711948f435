//! What both handlers do: an order in, a charge out. Separate so that it is the same for both.

use sfn::prelude::*;

/// What comes in.
#[derive(Debug, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    id: String,
    email: String,
    lines: Vec<Line>,
}

#[derive(Debug, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
struct Line {
    sku: String,
    quantity: u32,
    price_cents: u32,
}

/// What goes out.
#[derive(Debug, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
pub struct Charge {
    id: String,
    receipt_to: String,
    total_cents: u32,
}

/// The work.
pub fn charged(order: &Order) -> Charge {
    Charge {
        id: format!("ch-{}", order.id),
        receipt_to: order.email.clone(),
        total_cents: order.lines.iter().map(|line| line.quantity * line.price_cents).sum(),
    }
}
