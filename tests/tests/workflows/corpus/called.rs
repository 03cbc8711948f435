//! Workflows whose `#[expr]` functions and inlined fragments stand in loops, branches, guards and compensations.
//!
//! Separate from `expressions` and `composition`, which have each kind of call by itself.

use sfn::prelude::*;

use super::iterators::Basket;
use super::matching::{Event, Events};
use super::tasks::*;
use crate::script::Trouble;

/// The first code of those that are there, in upper case; nothing without a name.
#[expr]
fn code_of(note: Option<&String>, line: Option<&Line>) -> Option<String> {
    let line = line?;
    let text = note.cloned().or(if line.quantity > 3 { Some(line.sku.clone()) } else { None })?;
    if text.is_empty() {
        return None;
    }
    Some(text.to_uppercase())
}

/// How much an event counts.
#[expr]
fn counts(event: &Event, factor: u32) -> u32 {
    match event {
        Event::Opened => 0,
        Event::Paid(receipt) => receipt.amount * factor,
        Event::Closed { reason: Some(_), code } => code + factor,
        Event::Closed { code, .. } => *code,
        Event::Moved(..) => factor,
    }
}

/// A line of more.
#[expr]
fn more_of(line: &Line, by: u32) -> Line {
    let Line { quantity, .. } = line.clone();
    Line { quantity: quantity + by, ..line.clone() }
}

/// All of a list that a limit allows.
#[expr]
fn allowed(lines: &[Line], limit: u32) -> Vec<Line> {
    lines.iter().filter(|line| line.quantity <= limit).map(|line| more_of(line, 1)).collect::<Vec<_>>()
}

/// Reserves as much as there is of something, and says how much that is.
#[workflow(inline)]
async fn secure(line: &Line, times: u32) -> Result<u32, Failed> {
    let mut sum: u32 = 0;
    for n in 0..times {
        if n + line.quantity > 6 {
            return Ok(sum);
        }
        match reserve(&line.sku, n).compensate(|reservation| release(reservation)).await {
            Ok(reservation) => sum += reservation.quantity,
            Err(Failure::Task(Trouble::Gone)) => break,
            Err(other) => return Err(other.into()),
        }
    }
    Ok(sum)
}

/// Announces something, or keeps quiet.
#[workflow(inline)]
async fn announce(text: Option<String>) -> Result<bool, Failed> {
    let Some(text) = text else {
        return Ok(false);
    };
    notify(text).await?;
    Ok(true)
}

/// Helpers as conditions of turns, as guards and as lists.
#[workflow]
pub async fn helpers_in_turns(basket: Basket) -> Result<(u32, Vec<Line>), Failed> {
    let mut kept: Vec<Line> = vec![];
    let mut sum: u32 = 0;
    for line in allowed(&basket.lines, 3) {
        match code_of(basket.coupon.as_ref(), Some(&line)) {
            Some(code) if code != "A" => {
                notify(code).await?;
                kept.push(more_of(&line, sum));
            }
            Some(_) => sum += line.quantity,
            None => continue,
        }
    }
    Ok((sum, kept))
}

/// Helpers in what is undone, and with what.
#[workflow]
pub async fn helpers_in_compensations(order: Order) -> Result<(), Failed> {
    for line in &order.lines {
        let more = more_of(line, 2);
        reserve(&more.sku, more.quantity)
            .compensate(|reservation| {
                release(Reservation { id: reservation.id.clone(), quantity: more.quantity })
            })
            .await?;
    }
    ping().await?;
    Ok(())
}

/// Helpers in the bodies of children, with what they capture.
#[workflow]
pub async fn helpers_in_children(events: Events) -> Result<(Vec<u32>, Vec<u32>), Failed> {
    let factor = counts(&events.event, 2);
    let list = vec![events.event.clone(), Event::Opened, Event::Moved(1, "a".to_string())];
    let counted = map(&list, async |event| {
        double(1).await?;
        Ok(counts(&event, factor))
    })
    .await?;
    let again = map_distributed(&list, async |event| {
        if counts(&event, factor) > 2 {
            ping().await?;
        }
        Ok(counts(&event, factor) + 1)
    })
    .await?;
    Ok((counted, again))
}

/// Fragments in each item of a map, whose returns leave them and nothing else.
#[workflow]
pub async fn fragments_in_map(order: Order) -> Result<Vec<u32>, Failed> {
    let sums = map(&order.lines, async |line| {
        let sum = secure(&line, 2).await?;
        announce(if sum > 0 { Some(line.sku.clone()) } else { None }).await?;
        Ok(sum)
    })
    .await?;
    ping().await?;
    Ok(sums)
}

/// Fragments in turns, in arms and in conditions.
#[workflow]
pub async fn fragments_in_turns(order: Order) -> Result<u32, Failed> {
    let mut total: u32 = 0;
    for line in &order.lines {
        if announce(order.coupon.clone()).await? {
            total += secure(line, 3).await?;
            continue;
        }
        match line.quantity {
            0 => break,
            1..=4 => total += secure(line, 1).await?,
            _ => {
                announce(Some(line.sku.clone())).await?;
            }
        }
    }
    ping().await?;
    Ok(total)
}

/// A fragment in a branch beside a fragment in an arm.
#[workflow]
pub async fn fragments_in_branches(order: Order) -> Result<(u32, bool), Failed> {
    let line = Line { sku: order.order_id.clone(), quantity: 2 };
    let (sum, told) = join!(secure(&line, 2), async {
        match order.status {
            Status::New => announce(order.note.clone()).await,
            Status::InProgress => Ok(false),
            Status::Done => {
                ping().await?;
                Ok(true)
            }
        }
    },)
    .await?;
    ping().await?;
    Ok((sum, told))
}
