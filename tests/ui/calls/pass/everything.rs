//! Every way to call a task natively, without a warning.
#![deny(warnings)]
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

pub async fn run(order: Order) -> Result<bool, Failed> {
    let cents = &order.total;
    let charged = charge("o-1", cents)
        .retry(RetryPolicy::new().attempts(2))
        .timeout(secs(5))
        .named("Charge")
        .compensate(|charged| refund(charged))
        .await?;
    charge(&order.id, order.total).compensate(|_| refund(charged)).retry(Retry::None).await?;
    pack(&order.lines).await?;
    pack(order.lines.as_slice()).await?;
    pack(order.lines.clone()).await?;
    inspect(&order).await?;
    let ((), second, third) = join!(refund(charged), charge(order.id.clone(), 5_u32), async { Ok::<_, Failed>(3) }).await?;
    join!(
        refund(second),
        refund(third),
        refund(3),
        refund(4),
        refund(5),
        refund(6),
        refund(7),
        refund(8),
    )
    .await?;
    let lengths = map(&order.lines, async |line| Ok(charge(line, 1_u32).await?)).max_concurrency(2).named("Lines").await?;
    map(lengths, async |length| Ok(refund(length).await?)).await?;
    match charge(&order.id, 5_u32).await {
        Ok(_) => {}
        Err(Failure::Task(PaymentError::Declined { reason })) => return Err(fail("Declined", reason)),
        Err(Failure::Timeout | Failure::HeartbeatTimeout) => return Ok(false),
        Err(other) => return Err(other.into()),
    }
    sleep(mins(1)).await;
    let granted: bool = ask(&order.id).heartbeat(hours(1)).timeout(days(1)).await?;
    Ok(granted)
}

/// A function that calls tasks is a future like any other: it may be spawned.
fn spawn(_: impl Future<Output = Result<bool, Failed>> + Send + 'static) {}

fn main() {
    spawn(run(Order { id: String::new(), lines: Vec::new(), total: 0 }));
}
