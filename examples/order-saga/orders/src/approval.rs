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
    mail_approver(&order, &format!("https://shop.example/approvals/{}", token.as_str()));
    Ok(())
}

/// Stands for a mail with a link. Whoever knows the link may answer, so it is not logged.
fn mail_approver(order: &Order, _link: &str) {
    eprintln!("mailed a request to approve {} over {} cents", order.order_id, order.total_cents);
}
