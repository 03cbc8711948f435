//! The saga itself: which service is called when, and what is undone. Apart from the services, because this file is the
//! state machine.

use crate::{
    Confirmation, Order, PaymentError, charge_payment, email_customer, publish_fulfilled, refund_payment,
    release_inventory, request_approval, reserve_inventory, validate_order,
};
use sfn::prelude::*;

/// Order fulfilment with compensation.
#[workflow]
pub async fn order_saga(order: Order) -> Result<Confirmation, Failed> {
    validate_order(&order).await?;

    reserve_inventory(&order.order_id, &order.lines)
        .compensate(|reservation| release_inventory(&reservation.reservation_id))
        .await?;

    if order.total_cents > 50_000 {
        let approval = request_approval(&order).await?;
        if !approval.granted {
            return Err(fail("ApprovalDenied", format!("{} said no", approval.by)));
        }
    }

    let charge = match charge_payment(&order.order_id, &order.card, order.total_cents)
        .compensate(|charge| refund_payment(&charge.charge_id))
        .await
    {
        Ok(charge) => charge,
        Err(Failure::Task(PaymentError::PaymentDeclined { reason })) => {
            return Err(fail("OrderFailed", format!("the card was declined: {reason}")));
        }
        Err(other) => return Err(other.into()),
    };

    join!(email_customer(&order), publish_fulfilled(&order)).await?;

    Ok(Confirmation { order_id: order.order_id, charge_id: charge.charge_id })
}
