//! A person's consent, perhaps days later. Apart, because nobody but a person can end this step.

use crate::Order;
use sfn::prelude::*;
use std::convert::Infallible;

/// What the person said.
#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
pub struct Approval {
    /// Yes or no.
    pub granted: bool,
    /// Who answered.
    pub by: String,
}

/// Asks a person; the answer comes back through the task token, perhaps days later.
#[task(timeout = "3d")]
pub async fn request_approval(order: Order, token: TaskToken<Approval>) -> Result<(), Infallible> {
    back_office(&order, &token);
    Ok(())
}

/// Stands for the shop's back office: it keeps the token beside the order, mails where the order is to be seen, and completes
/// the token with what somebody says there who has signed in. The token itself is neither mailed nor logged, for whoever has it
/// may answer.
///
/// Where there is no such program, people answer by links in which token and answer are sealed, `token.links(..)`: see
/// "Approve by link" in the guide. They need a public address and a secret, which would be most of this example's templates.
fn back_office(order: &Order, _token: &TaskToken<Approval>) {
    eprintln!("mailed a request to approve {} over {} cents", order.order_id, order.total_cents);
}
