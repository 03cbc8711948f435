//! Ten workflows that everybody writes sooner or later, in Rust.
//!
//! Separate from the corpus because each stands for a use, and beside each stands what an expert would have written.

use std::cell::RefCell;
use std::convert::Infallible;

use serde_json::json;
use sfn::prelude::*;

use crate::corpus::tasks::*;
use crate::script::{Trouble, attempt};

/// A page of a listing.
#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
pub struct Page {
    pub items: Vec<String>,
    pub next: Option<u32>,
}

/// Fetches a page of an order's lines.
#[task(timeout = "10s")]
pub async fn fetch_page(order: Order, from: u32) -> Result<Page, Trouble> {
    attempt("fetch_page", json!([order.order_id, from])).await?;
    let items = order.lines.iter().skip(from as usize).take(1).map(|line| line.sku.clone()).collect();
    let next = (from as usize + 1 < order.lines.len()).then_some(from + 1);
    Ok(Page { items, next })
}

/// Keeps what could not be charged for a person to look at.
#[task(timeout = "10s", retry = none)]
pub async fn park(order_id: String) -> Result<String, Infallible> {
    let _ = attempt("park", json!(order_id)).await;
    Ok(format!("parked {order_id}"))
}

thread_local! {
    /// Who has been asked: the tokens that a person will answer with.
    static ASKED: RefCell<Vec<(String, bool)>> = RefCell::default();
}

/// The tokens that were given to people since it was last called, and what they will say.
pub(super) fn asked() -> Vec<(String, bool)> {
    ASKED.take()
}

/// Asks a person, who answers later; one who has gone never does.
#[task(timeout = "1h", heartbeat = "5m")]
pub async fn request_approval(question: String, token: TaskToken<Answer>) -> Result<(), Trouble> {
    match attempt("request_approval", json!(question)).await {
        Ok(()) => {
            ASKED.with_borrow_mut(|asked| {
                asked.push((token.as_str().to_owned(), question.len().is_multiple_of(2)));
            });
            Ok(())
        }
        Err(Trouble::Gone) => Ok(()),
        Err(other) => Err(other),
    }
}

/// Order saga: reserve, charge, tell; undone in reverse when a later step fails.
#[workflow]
pub async fn order_saga(order: Order) -> Result<String, Failed> {
    let reservation =
        reserve(&order.order_id, order.total_cents).compensate(|reservation| release(reservation)).await?;
    let receipt = charge(&order.customer.name, order.total_cents)
        .compensate(|receipt| refund(&receipt.receipt_id))
        .await?;
    notify(&receipt.receipt_id).await?;
    Ok(reservation.id)
}

/// Human approval: large orders wait for a person, who may say no or never answer.
#[workflow]
pub async fn human_approval(order: Order) -> Result<String, Failed> {
    if order.total_cents > 50_000 {
        match request_approval(&order.order_id).await {
            Ok(answer) => {
                if !answer.granted {
                    return Err(fail("Refused", format!("{} said no", answer.by)));
                }
            }
            Err(Failure::HeartbeatTimeout | Failure::Timeout) => {
                return Err(fail("NoAnswer", "nobody answered"));
            }
            Err(other) => return Err(other.into()),
        }
    }
    let receipt = charge(&order.customer.name, order.total_cents).await?;
    Ok(receipt.receipt_id)
}

/// Polling a job: ask, wait, ask again, a few times at most.
#[workflow]
pub async fn polled_job(order: Order) -> Result<String, Failed> {
    let mut tries: u32 = 0;
    loop {
        let status = progress(&order).await?;
        if status == Status::Done {
            return Ok(order.order_id);
        }
        tries += 1;
        if tries == 3 {
            return Err(fail("NotDone", "the job takes too long"));
        }
        sleep(secs(30)).await;
    }
}

/// Fan-out and fan-in: three things at once, then one with all their results.
#[workflow]
pub async fn fan_out(order: Order) -> Result<String, Failed> {
    let (status, weight, receipt) =
        join!(inspect(&order), double(order.address.floor), charge(&order.customer.name, order.total_cents))
            .await?;
    if status == Status::New {
        return Err(fail("NotBegun", receipt.receipt_id));
    }
    let told = notify(format!("{weight} {}", receipt.receipt_id)).await?;
    Ok(told)
}

/// Pagination: page after page until there is none.
#[workflow]
pub async fn pagination(order: Order) -> Result<Vec<String>, Failed> {
    let mut found: Vec<String> = Vec::new();
    let mut from: Option<u32> = Some(0);
    while let Some(at) = from {
        let page = fetch_page(&order, at).await?;
        found.extend(page.items.clone());
        from = page.next;
    }
    Ok(found)
}

/// Batch over S3: the lines of a file, in batches, each in an execution of its own.
#[workflow]
pub async fn batch(order: Order) -> Result<u32, Failed> {
    let taken = map_distributed(s3::jsonl::<Line>("shop", "lines.jsonl").batch(2), async |lines| {
        let quantity = lines.iter().map(|line| line.quantity).sum::<u32>();
        let receipt = charge(&order.order_id, quantity).await?;
        Ok(receipt.amount)
    })
    .max_concurrency(5)
    .await?;
    Ok(taken.iter().sum::<u32>())
}

/// Retry ladder: the first way with retries, then the second, then a person.
#[workflow]
pub async fn retry_ladder(order: Order) -> Result<String, Failed> {
    match charge(&order.customer.name, order.total_cents).await {
        Ok(receipt) => Ok(receipt.receipt_id),
        Err(_) => match notify(&order.order_id).await {
            Ok(told) => Ok(told),
            Err(_) => Ok(park(&order.order_id).await?),
        },
    }
}

/// Circuit breaker: after two failures in a row nothing is tried any more.
#[workflow]
pub async fn circuit_breaker(order: Order) -> Result<(u32, u32), Failed> {
    let mut failures: u32 = 0;
    let mut done: u32 = 0;
    for line in &order.lines {
        if failures == 2 {
            break;
        }
        match notify(&line.sku).await {
            Ok(_) => {
                failures = 0;
                done += 1;
            }
            Err(_) => failures += 1,
        }
    }
    Ok((done, failures))
}

/// Dynamic parallel with quorum: ask all at once, and go on when most of them have agreed.
#[workflow]
pub async fn quorum(order: Order) -> Result<u32, Failed> {
    let votes = map(&order.lines, async |line| match notify(&line.sku).await {
        Ok(_) => Ok(1_u32),
        Err(_) => Ok(0_u32),
    })
    .await?;
    let agreed = votes.iter().sum::<u32>();
    if agreed * 2 <= order.lines.len() as u32 {
        return Err(fail("NoQuorum", format!("{agreed} agreed")));
    }
    Ok(agreed)
}

/// Nested report: for each line two figures at once, all of them in one report.
#[workflow]
pub async fn nested_report(order: Order) -> Result<String, Failed> {
    let sections = map(&order.lines, async |line| {
        let (weight, told) = join!(weigh(&line, "kg"), notify(&line.sku)).await?;
        Ok(format!("{told}: {}", weight.unwrap_or(0)))
    })
    .await?;
    let report = notify(sections.join("; ")).await?;
    Ok(report)
}
