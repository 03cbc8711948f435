//! An order saga: check, reserve, approve, charge, notify; and undo what was done when a later step fails. A library,
//! because both the deployed binary and its build script use it.
//!
//! Each service has its own file with its payloads, its declared errors and its tasks. The services are simulated, and
//! decide by the order alone, so every path of the saga can be taken at will.

#![expect(clippy::print_stderr, reason = "what a Lambda function writes to stderr is its log")]

mod approval;
mod inventory;
mod notification;
mod order;
mod payment;
mod saga;
mod validation;

pub use approval::{Approval, request_approval};
pub use inventory::{Reservation, StockError, release_inventory, reserve_inventory};
pub use notification::{NotificationError, email_customer, publish_fulfilled};
pub use order::{Confirmation, Line, Order};
pub use payment::{Charge, PaymentError, charge_payment, refund_payment};
pub use saga::order_saga;
pub use validation::{ValidationError, validate_order};
