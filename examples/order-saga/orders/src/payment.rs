//! The payment gateway. Apart, because money has its own errors, retries and undoing.

use sfn::prelude::*;

/// Money taken from a card.
#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
pub struct Charge {
    /// What to refund when the order falls through.
    pub charge_id: String,
}

/// Why no money moved.
#[derive(Debug, thiserror::Error, TaskError)]
pub enum PaymentError {
    /// The bank said no; asking again does not help.
    #[error("card declined: {reason}")]
    PaymentDeclined {
        /// The bank's words.
        reason: String,
    },
    /// The gateway did not answer; asking again may help.
    #[error("gateway unavailable")]
    #[task_error(name = "Gateway.Unavailable", retry)]
    GatewayUnavailable,
}

/// Charges the card of an order.
#[task(timeout = "30s")]
pub async fn charge_payment(
    order_id: String,
    card: String,
    amount_cents: u32,
) -> Result<Charge, PaymentError> {
    match card.replace(' ', "").as_str() {
        "4000000000000002" => Err(PaymentError::PaymentDeclined { reason: "insufficient funds".to_owned() }),
        "4000000000000119" => Err(PaymentError::GatewayUnavailable),
        _ => {
            eprintln!("charged {amount_cents} cents for {order_id}");
            Ok(Charge { charge_id: format!("charge-of-{order_id}") })
        }
    }
}

/// Gives the money back.
#[task(timeout = "30s")]
pub async fn refund_payment(charge_id: String) -> Result<(), PaymentError> {
    eprintln!("refunded {charge_id}");
    Ok(())
}
