//! The check before anything is touched. Apart, because it alone needs no service and undoes nothing.

use crate::Order;
use sfn::prelude::*;

/// Why an order cannot be taken.
#[derive(Debug, thiserror::Error, TaskError)]
pub enum ValidationError {
    /// Nothing is bought.
    #[error("the order has no lines")]
    EmptyOrder,
    /// The shop's arithmetic is wrong.
    #[error("the lines add up to {lines_cents} cents, the order says {total_cents}")]
    TotalMismatch {
        /// The sum of the lines.
        lines_cents: u32,
        /// The order's own total.
        total_cents: u32,
    },
}

/// Checks that an order makes sense.
#[task(timeout = "5s")]
pub async fn validate_order(order: Order) -> Result<(), ValidationError> {
    if order.lines.is_empty() {
        return Err(ValidationError::EmptyOrder);
    }
    let lines_cents = order.lines.iter().map(|line| line.quantity.saturating_mul(line.price_cents)).sum();
    if lines_cents != order.total_cents {
        return Err(ValidationError::TotalMismatch { lines_cents, total_cents: order.total_cents });
    }
    Ok(())
}
