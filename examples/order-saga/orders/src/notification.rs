//! Telling the customer and the rest of the company. Apart, because both happen side by side and neither undoes anything.

use crate::Order;
use sfn::prelude::*;

/// Why somebody was not told.
#[derive(Debug, thiserror::Error, TaskError)]
pub enum NotificationError {
    /// No such mailbox.
    #[error("mail to {address} bounced")]
    EmailBounced {
        /// Where it went.
        address: String,
    },
}

/// Mails the customer that the order is on its way.
#[task(timeout = "10s")]
pub async fn email_customer(order: Order) -> Result<(), NotificationError> {
    if order.customer_email.ends_with("@invalid") {
        return Err(NotificationError::EmailBounced { address: order.customer_email });
    }
    eprintln!("mailed {}", order.customer_email);
    Ok(())
}

/// Publishes the event that other departments wait for.
#[task(timeout = "10s")]
pub async fn publish_fulfilled(order: Order) -> Result<(), NotificationError> {
    eprintln!("published that {} is fulfilled", order.order_id);
    Ok(())
}
