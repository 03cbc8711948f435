//! Workflows whose loops stand in other constructs, and others in them.
//!
//! Separate from `loops`, which has each kind of loop by itself.

use std::collections::BTreeMap;

use sfn::prelude::*;

use super::iterators::Basket;
use super::matching::{Event, Events};
use super::tasks::*;
use crate::script::Trouble;

/// A value that is broken out of the outer of two loops from the inner one.
#[workflow]
pub async fn outer_value(order: Order) -> Result<String, Failed> {
    let mut left: u32 = 3;
    let found = 'search: loop {
        if left == 0 {
            break "nothing".to_string();
        }
        left -= 1;
        for line in &order.lines {
            if line.quantity == left {
                continue 'search;
            }
            if line.quantity > 4 {
                break 'search notify(&line.sku).await?;
            }
        }
        ping().await?;
    };
    Ok(format!("{found} {left}"))
}

/// The value of a loop as an arm, and a loop without one as another.
#[workflow]
pub async fn loops_as_arms(events: Events) -> Result<i32, Failed> {
    let sum = match events.event {
        Event::Moved(by, _) => {
            let mut at: i32 = by;
            loop {
                at = double(at + 1).await?;
                if at > 30 || at < 0 {
                    break at;
                }
            }
        }
        Event::Closed { code, .. } => {
            let mut steps: i32 = 0;
            for n in 0..code {
                if n == 2 {
                    break;
                }
                steps += double(n as i32).await?;
            }
            steps
        }
        _ => -1,
    };
    Ok(sum)
}

/// As long as a list has a last item.
#[workflow]
pub async fn until_empty(basket: Basket) -> Result<Vec<String>, Failed> {
    let mut left: Vec<Line> = basket.lines;
    let mut told: Vec<String> = vec![];
    while let Some(line) = left.last().cloned() {
        left.pop();
        if line.sku.is_empty() {
            continue;
        }
        told.push(notify(&line.sku).await?);
    }
    Ok(told)
}

/// Items backwards, some left out, in pairs.
#[workflow]
pub async fn for_adapted(basket: Basket) -> Result<(Vec<String>, u32), Failed> {
    let mut told: Vec<String> = vec![];
    let mut sum: u32 = 0;
    for line in basket.lines.iter().filter(|line| line.quantity > 0).rev() {
        told.push(notify(&line.sku).await?);
    }
    for (tag, amount) in basket.tags.iter().zip(basket.amounts.iter().skip(1)) {
        let reserved = reserve(tag, *amount).await?;
        sum += reserved.quantity;
    }
    Ok((told, sum))
}

/// A list that is made for the loop, of a list that changes in it.
#[workflow]
pub async fn for_of_changing(basket: Basket) -> Result<Vec<u32>, Failed> {
    let mut seen: Vec<u32> = basket.amounts.clone();
    for amount in seen.clone() {
        seen.retain(|known| *known != amount);
        double(amount as i32).await?;
        seen.push(amount + 1);
    }
    for (at, amount) in seen.clone().iter().enumerate() {
        if at as u32 == *amount {
            seen.clear();
        }
    }
    Ok(seen)
}

/// Entries of a map, in the order of their keys, gathered in another.
#[workflow]
pub async fn for_entries(order: Order) -> Result<BTreeMap<String, String>, Failed> {
    let mut told: BTreeMap<String, String> = BTreeMap::new();
    for (key, label) in &order.labels {
        if label.is_empty() {
            continue;
        }
        let answer = notify(format!("{key}={label}")).await?;
        told.insert(key.clone(), answer);
    }
    told.remove("b");
    Ok(told)
}

/// A range whose ends are calculated, within another whose variable it reads.
#[workflow]
pub async fn ranges_in_ranges(numbers: Numbers) -> Result<Vec<i32>, Failed> {
    let mut cells: Vec<i32> = vec![];
    let size = numbers.a.clamp(0, 2);
    for row in 0..=size {
        for column in row..size + 1 {
            if (row + column) % 3 == 2 {
                continue;
            }
            cells.push(double(row * 10 + column).await?);
        }
    }
    Ok(cells)
}

/// What is missing or fails goes on with the next turn.
#[workflow]
pub async fn passed_over(basket: Basket) -> Result<u32, Failed> {
    let mut sum: u32 = 0;
    for note in &basket.notes {
        let Some(text) = note else {
            continue;
        };
        let told = match notify(text).await {
            Ok(told) => told,
            Err(_) => break,
        };
        sum += told.chars().count() as u32;
    }
    Ok(sum)
}

/// Each turn does several things at once.
#[workflow]
pub async fn join_in_turns(order: Order) -> Result<(u32, Vec<String>), Failed> {
    let mut sum: u32 = 0;
    let mut told: Vec<String> = vec![];
    for line in order.lines {
        let (reserved, text) = join!(reserve(&line.sku, line.quantity + sum), async {
            if line.quantity > 3 {
                return Ok("many".to_string());
            }
            notify(&line.sku).await
        },)
        .await?;
        sum += reserved.quantity;
        told.push(text);
    }
    Ok((sum, told))
}

/// A map over a list that grows from turn to turn.
#[workflow]
pub async fn map_in_turns(order: Order) -> Result<Vec<i32>, Failed> {
    let mut values: Vec<i32> = vec![1];
    while values.len() < 4 && order.express {
        let doubled = map(&values, async |value| Ok(double(value).await?)).max_concurrency(2).await?;
        values.extend(doubled);
    }
    Ok(values)
}

/// Failures decide whether there is another turn; the accumulators are of every kind.
#[workflow]
pub async fn accumulated(order: Order) -> Result<(String, u32, Option<String>, Vec<Line>, bool), Failed> {
    let mut text: String = String::new();
    let mut count: u32 = 0;
    let mut last: Option<String> = None;
    let mut kept: Vec<Line> = Vec::new();
    let mut clean: bool = true;
    for line in &order.lines {
        match notify(&line.sku).await {
            Ok(told) => {
                text.push_str(&told);
                last = Some(told);
                kept.push(Line { quantity: line.quantity + count, ..line.clone() });
            }
            Err(Failure::Task(Trouble::Gone)) => clean = false,
            Err(Failure::Task(Trouble::Missing(what))) => last = Some(what),
            Err(_) => break,
        }
        count += 1;
    }
    Ok((text, count, last, kept, clean))
}

/// A struct within a struct that changes from turn to turn, by steps of both kinds.
#[workflow]
pub async fn changed_in_turns(order: Order) -> Result<Order, Failed> {
    let mut current: Order = order;
    while current.address.floor < 3 && current.lines.len() > 1 {
        current.address.floor += 4;
        current.customer = Customer { name: notify("again").await?, ..current.customer.clone() };
        current.lines.truncate(1);
        if current.coupon.is_some() {
            current.coupon = None;
            continue;
        }
        current.status = inspect(&current).await?;
    }
    Ok(current)
}

/// An early return out of two loops, a choice and a match.
#[workflow]
pub async fn out_of_all(basket: Basket) -> Result<Option<Line>, Failed> {
    for row in &basket.rows {
        for cell in row {
            if let Some(limit) = basket.limit
                && *cell > limit
            {
                match basket.lines.iter().find(|line| line.quantity > limit) {
                    Some(line) if !line.sku.is_empty() => {
                        ping().await?;
                        return Ok(Some(line.clone()));
                    }
                    Some(_) => return Err(fail("Nameless", "a line")),
                    None => {}
                }
            }
        }
    }
    Ok(basket.best)
}

/// A loop that ends by what a helper's match says, its turn passed over in one arm.
#[workflow]
pub async fn turned_by_match(events: Events) -> Result<u32, Failed> {
    let mut turns: u32 = 0;
    let mut state: Event = events.event;
    'turns: loop {
        turns += 1;
        state = match state {
            Event::Opened if turns < 3 => {
                ping().await?;
                continue 'turns;
            }
            Event::Moved(by, to) if by > 0 => Event::Moved(by - 7, to),
            Event::Paid(receipt) => Event::Closed { reason: Some(receipt.receipt_id), code: receipt.amount },
            Event::Closed { reason: Some(reason), code } => {
                notify(&reason).await?;
                Event::Closed { reason: None, code }
            }
            _ => return Ok(turns),
        };
    }
}
