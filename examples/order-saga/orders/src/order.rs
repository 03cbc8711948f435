//! What comes into the saga and what goes out. Apart from the services, because several of them read it.

use sfn::prelude::*;

/// An order as the shop sends it.
#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// The shop's own number of the order.
    pub order_id: String,
    /// Who is told.
    pub customer_email: String,
    /// The card to charge.
    pub card: String,
    /// What is bought.
    pub lines: Vec<Line>,
    /// What the customer agreed to pay.
    pub total_cents: u32,
}

/// One article of an order.
#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// The article.
    pub sku: String,
    /// How many of it.
    pub quantity: u32,
    /// The price of one.
    pub price_cents: u32,
}

/// What the shop gets back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
pub struct Confirmation {
    /// The order's number.
    pub order_id: String,
    /// The charge on the customer's card.
    pub charge_id: String,
}
