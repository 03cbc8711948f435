//! The warehouse: stock is reserved through a task token, because picking takes as long as it takes. Apart, because the
//! warehouse is another system with its own pace and its own errors.

use crate::Line;
use sfn::prelude::*;
use std::time::Duration;

/// Stock set aside for an order.
#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
pub struct Reservation {
    /// What to give back when the order falls through.
    pub reservation_id: String,
    /// How many articles lie ready.
    pub articles: u32,
}

/// Why no stock could be set aside.
#[derive(Debug, thiserror::Error, TaskError)]
pub enum StockError {
    /// The shelf is empty.
    #[error("`{sku}` is out of stock")]
    InsufficientStock {
        /// The article that is missing.
        sku: String,
    },
    /// The answer could not be delivered; another attempt may.
    #[error("the warehouse's answer was lost: {reason}")]
    #[task_error(name = "Warehouse.Unreachable", retry)]
    Unreachable {
        /// What the transport said.
        reason: String,
    },
}

impl From<TokenError> for StockError {
    fn from(error: TokenError) -> Self {
        Self::Unreachable { reason: error.to_string() }
    }
}

/// Asks the warehouse to set the articles of an order aside. The warehouse answers through the token.
#[task(timeout = "1h", heartbeat = "30s")]
pub async fn reserve_inventory(
    order_id: String,
    lines: Vec<Line>,
    token: TaskToken<Reservation>,
) -> Result<(), StockError> {
    warehouse(&order_id, &lines, &token).await
}

/// Puts the articles back on the shelf.
#[task(timeout = "30s")]
pub async fn release_inventory(reservation_id: String) -> Result<(), StockError> {
    eprintln!("put back {reservation_id}");
    Ok(())
}

/// Stands for the warehouse's own software, which would get the token in a message and call back from elsewhere:
/// a heartbeat for each line that is picked, then the reservation.
async fn warehouse(order_id: &str, lines: &[Line], token: &TaskToken<Reservation>) -> Result<(), StockError> {
    for line in lines {
        eprintln!("picking {} x {}", line.quantity, line.sku);
        match line.sku.as_str() {
            "unicorn" => {
                let sku = line.sku.clone();
                return Ok(token.fail(StockError::InsufficientStock { sku }).await?);
            }
            // The warehouse goes silent: no heartbeat, no answer.
            "black-hole" => return Ok(()),
            _ => tokio::time::sleep(PICKING).await,
        }
        token.heartbeat().await?;
    }
    let articles = lines.iter().map(|line| line.quantity).sum();
    token.succeed(Reservation { reservation_id: format!("reservation-of-{order_id}"), articles }).await?;
    Ok(())
}

const PICKING: Duration = Duration::from_millis(400);
