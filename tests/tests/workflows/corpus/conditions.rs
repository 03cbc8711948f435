//! Workflows whose conditions bind names, and blocks that are left before their end.
//!
//! Separate from `matching`: here patterns and conditions mix, and each part sees what those before it bound.

use sfn::prelude::*;

use super::iterators::Basket;
use super::matching::{Event, Events};
use super::tasks::*;

/// Patterns and conditions in one `if`, each seeing what is bound before it.
#[workflow]
pub async fn let_chain(basket: Basket) -> Result<String, Failed> {
    if let Some(line) = &basket.best
        && line.quantity > 1
        && let Some(code) = &basket.coupon
        && code != &line.sku
    {
        notify(format!("{code} for {}", line.sku)).await?;
        Ok(format!("{} with {code}", line.quantity))
    } else {
        Ok("nothing".to_string())
    }
}

/// A condition first, then patterns; a calculated subject behind another part.
#[workflow]
pub async fn chain_behind_a_condition(basket: Basket) -> Result<u32, Failed> {
    if !basket.lines.is_empty()
        && let Some(large) = basket.lines.iter().find(|line| line.quantity > basket.few as u32)
        && let Some(limit) = basket.limit
    {
        reserve(&large.sku, large.quantity + limit).await?;
        return Ok(limit);
    }
    Ok(99)
}

/// What a later part asks about is chosen only where those before it hold.
#[workflow]
pub async fn chain_behind_a_choice(events: Events) -> Result<i32, Failed> {
    if let Event::Moved(by, to) = &events.event
        && let Some(far) = match by + 1 {
            1 => None,
            n if n > 2 => Some(n * 2),
            n => Some(n),
        }
        && !to.is_empty()
    {
        return Ok(double(far).await?);
    }
    Ok(0)
}

/// So is what stands behind `&&` and `||`.
#[workflow]
pub async fn choices_behind_operators(basket: Basket) -> Result<(bool, bool), Failed> {
    ping().await?;
    let is_large = !basket.lines.is_empty()
        && match basket.lines[0].quantity + 1 {
            0 => false,
            n => n > 2,
        };
    let is_small = basket.lines.is_empty()
        || match basket.lines[0].quantity + 2 {
            2 => true,
            n => n < 4,
        };
    Ok((is_large, is_small))
}

/// Chains behind `else`, and one that only calculates.
#[workflow]
pub async fn chains_of_chains(events: Events) -> Result<(u32, String), Failed> {
    let kind = if let Event::Moved(by, to) = &events.event
        && *by > 0
        && !to.is_empty()
    {
        to.clone()
    } else if let Some(Event::Closed { reason: Some(reason), code }) = &events.last
        && *code < 3
    {
        format!("{reason}{code}")
    } else {
        "other".to_string()
    };
    if let Event::Paid(receipt) = &events.event {
        refund(&receipt.receipt_id).await?;
    } else if let (Status::Done, days) = events.pair
        && days > 2
    {
        double(days as i32).await?;
        return Ok((days, kind));
    } else if let Event::Closed { code, .. } = &events.event {
        return Ok((*code, kind));
    }
    ping().await?;
    Ok((0, kind))
}

/// Shadowed names: each part may give a name another meaning, and what follows `else` sees the first.
#[workflow]
pub async fn shadowed_chain(basket: Basket) -> Result<(String, u32), Failed> {
    let best = "none".to_string();
    let found = if let Some(best) = &basket.best
        && let Some(limit) = basket.limit
        && let best = best.quantity + limit
        && best > 4
    {
        double(best as i32).await?;
        best
    } else {
        notify(&best).await?;
        0
    };
    Ok((best, found))
}

/// As long as a value fits.
#[workflow]
pub async fn while_let(basket: Basket) -> Result<Vec<String>, Failed> {
    let mut next: Option<u32> = basket.limit;
    let mut told: Vec<String> = vec![];
    while let Some(left) = next {
        let text = notify(format!("{left} left")).await?;
        told.push(text);
        next = if left > 2 { Some(left / 2) } else { None };
    }
    Ok(told)
}

/// As long as a value fits and a condition holds, in a loop with a name.
#[workflow]
pub async fn while_let_chain(events: Events) -> Result<(i32, u32), Failed> {
    let mut turns: u32 = 0;
    let mut sum: i32 = 0;
    'turns: while let Event::Moved(by, to) = &events.event
        && turns < 3
    {
        turns += 1;
        for n in 0..2 {
            if to.is_empty() {
                continue 'turns;
            }
            sum += double(by + n).await?;
            if sum > 20 {
                break 'turns;
            }
        }
        ping().await?;
    }
    Ok((sum, turns))
}

/// What is missing is a failure.
#[workflow]
pub async fn ok_or(basket: Basket) -> Result<(String, u32), Failed> {
    let code = basket.coupon.ok_or(fail("NoCoupon", "there is no coupon"))?;
    let told = notify(code).await?;
    let line = basket
        .lines
        .iter()
        .find(|line| line.quantity > 0)
        .ok_or_else(|| fail("Empty", format!("{told}, and nothing to reserve")))?;
    let reservation = reserve(&line.sku, line.quantity).await?;
    basket.limit.ok_or(fail("NoLimit", reservation.id))?;
    Ok((told, reservation.quantity))
}

/// A missing value behind a step is undone.
#[workflow]
pub async fn ok_or_after_step(basket: Basket) -> Result<u32, Failed> {
    let reservation = reserve("it", basket.few as u32).compensate(|reservation| release(reservation)).await?;
    if reservation.quantity > 1 {
        let limit = basket.limit.ok_or_else(|| fail("NoLimit", "none"))?;
        return Ok(limit);
    }
    basket.best.map(|line| line.quantity).ok_or(fail("NoBest", reservation.id))
}

/// Blocks with names, left with a value or at their end.
#[workflow]
pub async fn labelled_blocks(basket: Basket) -> Result<(u32, String), Failed> {
    let size = 'size: {
        if basket.lines.is_empty() {
            break 'size 0;
        }
        let line = &basket.lines[0];
        if line.quantity == 0 {
            notify("empty").await?;
            break 'size 1;
        }
        let reservation = reserve(&line.sku, line.quantity).await?;
        reservation.quantity + 1
    };
    'work: {
        if size == 0 {
            break 'work;
        }
        for amount in &basket.amounts {
            if *amount > 40 {
                break 'work;
            }
            if *amount == 0 {
                break;
            }
        }
        ping().await?;
    }
    let word = 'word: {
        if size > 3 {
            break 'word "many";
        }
        "few"
    };
    Ok((size, word.to_string()))
}

/// Returns from loops in branches in loops.
#[workflow]
pub async fn deep_returns(basket: Basket) -> Result<String, Failed> {
    for row in &basket.rows {
        if let Some(limit) = basket.limit {
            for cell in row {
                if *cell == limit {
                    return Ok(format!("found {limit}"));
                } else if *cell > 40 {
                    match notify(format!("{cell}")).await {
                        Ok(told) => return Ok(told),
                        Err(_) => continue,
                    }
                }
            }
        } else {
            let few = loop {
                if row.is_empty() {
                    return Err(fail("Empty", "a row"));
                }
                break basket.few;
            };
            if few == 0 {
                return Ok("few".to_string());
            }
        }
    }
    ping().await?;
    Ok("none".to_string())
}

/// Blocks as values, as arguments and as conditions; constants and imports of the function itself.
#[workflow]
pub async fn blocks(basket: Basket) -> Result<(u32, bool, Vec<u32>), Failed> {
    use super::values::LIMIT as MOST;
    const LEAST: u32 = 2;
    let size = {
        let reservation = reserve("it", LEAST).await?;
        let twice = reservation.quantity * 2;
        twice * twice
    };
    let sum = 1 + {
        let few = basket.few as u32 + LEAST;
        few * few
    };
    double({
        let more = size + sum;
        (more * 2 - more) as i32
    })
    .await?;
    let large = {
        let total = basket.amounts.iter().sum::<u32>();
        total > LEAST && total < MOST
    };
    Ok((sum, large, vec![size, LEAST]))
}

/// Closures that end early: a `return`, a `?` on an option, a `let .. else`.
#[workflow]
pub async fn early_closures(basket: Basket) -> Result<(Vec<u32>, Option<u32>, Option<String>, u32), Failed> {
    let marks = basket
        .lines
        .iter()
        .map(|line| {
            if line.quantity == 0 {
                return 100;
            }
            let twice = line.quantity * 2;
            if line.sku.is_empty() {
                return twice * twice;
            }
            twice + 1
        })
        .collect::<Vec<_>>();
    ping().await?;
    let both = basket.limit.and_then(|limit| {
        let best = basket.best.as_ref()?;
        let first = basket.amounts.first()?;
        Some(limit + best.quantity * *first)
    });
    let named = basket.best.as_ref().and_then(|line| {
        let Some(code) = &basket.coupon else {
            return None;
        };
        if code.is_empty() { None } else { Some(format!("{code}:{}", line.sku)) }
    });
    let rest = basket.limit.map_or(7, |limit| {
        if let Some(best) = &basket.best
            && best.quantity > limit
        {
            return best.quantity - limit;
        }
        0
    });
    Ok((marks, both, named, rest))
}

/// A closure that is left early gives its own part of the whole.
#[workflow]
pub async fn parts_given_early(basket: Basket) -> Result<Vec<String>, Failed> {
    ping().await?;
    let skus = basket.lines.iter().flat_map(|line| {
        if line.quantity > 2 {
            return vec![line.sku.clone()];
        }
        vec![line.sku.clone(), "few".to_string()]
    });
    Ok(skus.collect::<Vec<_>>())
}
