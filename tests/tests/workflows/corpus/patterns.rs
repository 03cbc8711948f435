//! Workflows whose patterns are nested, guarded, alternatives of one another, or stand where no `match` is.
//!
//! Separate from `matching`, which has each kind of pattern by itself.

use sfn::prelude::*;

use super::iterators::Basket;
use super::matching::{Beside, Event, Events, Inside};
use super::tasks::*;
use crate::script::Trouble;

/// Alternatives with a guard, within options and variants.
#[workflow]
pub async fn guarded_alternatives(events: Events) -> Result<u32, Failed> {
    let kind = match (&events.last, events.pair) {
        (Some(Event::Opened | Event::Closed { code: 0..=2, .. }), (_, days)) if days > 2 => {
            ping().await?;
            1
        }
        (Some(Event::Moved(-20..=-1, _) | Event::Paid(_)), (Status::New | Status::Done, 0..=3)) => 2,
        (None, (Status::InProgress, days)) => days,
        (_, (_, 5)) => 7,
        _ => 9,
    };
    Ok(kind)
}

/// A match in an arm of a match, each with steps.
#[workflow]
pub async fn match_in_match(events: Events) -> Result<String, Failed> {
    let text = match events.inside {
        Inside::Named { name, quantity } => match events.beside {
            Beside::Two(text, true) => notify(format!("{name} {text}")).await?,
            Beside::One(n) if n == quantity => name,
            Beside::Fields { status: Status::New | Status::InProgress } => {
                match reserve(&name, quantity).await {
                    Ok(reservation) => reservation.id,
                    Err(Failure::Task(Trouble::Gone)) => "gone".to_string(),
                    Err(other) => return Err(other.into()),
                }
            }
            _ => "named".to_string(),
        },
        Inside::Receipt(Receipt { receipt_id, amount: 1..=4 }) => receipt_id,
        Inside::Receipt(_) | Inside::Empty => "other".to_string(),
    };
    ping().await?;
    Ok(text)
}

/// What does not fit ends the workflow, the block, or the turn: variants, tuples, structs and nested ones.
#[workflow]
pub async fn let_else_patterns(events: Events) -> Result<(i32, u32), Failed> {
    let Event::Moved(by, to) = &events.event else {
        return Ok((0, 0));
    };
    let (Status::Done | Status::New, days) = events.pair else {
        notify(to).await?;
        return Err(fail("GoingOn", to.clone()));
    };
    let Inside::Receipt(Receipt { amount, .. }) = &events.inside else {
        let doubled = double(*by).await?;
        return Ok((doubled, days));
    };
    let size = 'size: {
        let Beside::One(n) = events.beside else { break 'size 0 };
        double(n as i32).await?
    };
    Ok((size + by, amount + days))
}

/// A match inside of closures, and options of what it gives.
#[workflow]
pub async fn match_in_closures(basket: Basket) -> Result<(Vec<u32>, u32, Option<String>), Failed> {
    ping().await?;
    let marks = basket
        .lines
        .iter()
        .map(|line| match (line.quantity, line.sku.as_str()) {
            (0, _) => 100,
            (1..=2, "") => 1,
            (n, sku) if sku.len() > 1 => n * 2,
            _ => 7,
        })
        .collect::<Vec<_>>();
    let sum = basket
        .notes
        .iter()
        .filter_map(|note| match note {
            Some(text) if text.is_empty() => None,
            Some(text) => Some(text.chars().count() as u32),
            None => Some(10),
        })
        .sum::<u32>();
    let best = basket.best.as_ref().and_then(|line| {
        let Some(limit) = basket.limit else { return None };
        if line.quantity > limit { Some(format!("{} over {limit}", line.sku)) } else { None }
    });
    Ok((marks, sum, best))
}

/// Alternatives and guards of an `if let`, and what is behind its `else`.
#[workflow]
pub async fn if_let_alternatives(events: Events) -> Result<u32, Failed> {
    if let Some(Event::Opened | Event::Moved(0.., _)) = &events.last
        && let (Status::Done, days) = events.pair
        && days > 1
    {
        ping().await?;
        return Ok(days);
    } else if let Beside::Two(text, flag) = &events.beside {
        let told = if *flag { notify(text).await? } else { text.clone() };
        return Ok(told.chars().count() as u32);
    }
    let amount =
        if let Inside::Receipt(_) | Inside::Named { quantity: 0, .. } = &events.inside { 3 } else { 4 };
    Ok(amount)
}

/// A match as an argument, as an operand and as a condition.
#[workflow]
pub async fn match_as_part(events: Events) -> Result<i32, Failed> {
    let doubled = double(match &events.event {
        Event::Moved(by, _) => *by,
        Event::Closed { code, .. } => *code as i32,
        _ => 1,
    })
    .await?;
    if match events.pair.0 {
        Status::New => doubled > 3,
        Status::InProgress | Status::Done => false,
    } {
        ping().await?;
    }
    Ok(10
        * match events.beside {
            Beside::Nothing => doubled,
            _ => 2,
        })
}

/// Two options at once, each way with another step.
#[workflow]
pub async fn pairs_of_options(basket: Basket) -> Result<String, Failed> {
    match (&basket.best, &basket.coupon) {
        (Some(line), Some(code)) if line.quantity > 2 => {
            reserve(&line.sku, line.quantity).await?;
            Ok(format!("{code} for {}", line.sku))
        }
        (Some(Line { sku, quantity: 0 | 1 }), None) => Ok(notify(sku).await?),
        (Some(_), _) => Ok("some".to_string()),
        (None, Some(code)) => Err(fail("NoLine", code.clone())),
        (None, None) => {
            ping().await?;
            Ok("none".to_string())
        }
    }
}

/// The whole by a name, where none of the other arms fits.
#[workflow]
pub async fn named_rest(events: Events) -> Result<Event, Failed> {
    let event = match events.event {
        Event::Opened => {
            ping().await?;
            Event::Closed { reason: None, code: 1 }
        }
        Event::Closed { code, .. } if code > 3 => Event::Moved(code as i32, "late".to_string()),
        other => other,
    };
    let next = match event {
        Event::Moved(by, to) if by < 0 => Event::Moved(-by, to),
        same => same,
    };
    notify("next").await?;
    Ok(next)
}

/// Texts and numbers that a step gives.
#[workflow]
pub async fn match_on_steps(numbers: Numbers) -> Result<u32, Failed> {
    let size = match double(numbers.a).await? {
        i32::MIN..=-1 => 1,
        0 | 2 | 4 => 2,
        n if n > 900 => 3,
        _ => match notify("size").await?.as_str() {
            "told size" => 4,
            "" | "size" => 5,
            _ => 6,
        },
    };
    Ok(size)
}

/// A struct taken apart in one `let`, and a tuple of tuples.
#[workflow]
pub async fn deep_lets(order: Order) -> Result<(String, u32, i32), Failed> {
    let Order { order_id, customer: Customer { name, .. }, address: Address { floor, .. }, .. } =
        order.clone();
    let ((reserved, told), (lower, _)) =
        ((reserve(&order_id, 2).await?, notify(&name).await?), (floor.min(3), order.express));
    let Reservation { quantity, id } = reserved;
    ping().await?;
    Ok((format!("{id} {told}"), quantity, lower))
}
