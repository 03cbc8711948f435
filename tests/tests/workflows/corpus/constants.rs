//! Workflows of which constants make a part unreachable: rustc accepts them, and the part is in no state machine.
//!
//! Separate from `options` and `control`, whose every part can be reached.

use sfn::prelude::*;

use super::tasks::*;

const QUIET: bool = true;

/// Options that are `None` by constants alone, asked in every way.
#[workflow]
pub async fn nothing_held(numbers: Numbers) -> Result<i32, Failed> {
    let receipt: Option<Receipt> = None;
    if receipt.is_some() {
        ping().await?;
    }
    if let Some(receipt) = &receipt {
        notify(&receipt.receipt_id).await?;
    }
    let amount = match &receipt {
        Some(receipt) => receipt.amount,
        None => 3,
    };
    let told = receipt.map(|receipt| receipt.receipt_id).unwrap_or("nobody".to_string());
    notify(&told).await?;
    Ok(numbers.a + amount as i32)
}

/// Behind an option that is `None`, nothing is reached.
#[workflow]
pub async fn nothing_behind(numbers: Numbers) -> Result<u32, Failed> {
    let receipt: Option<Receipt> = None;
    let doubled = double(numbers.a).await?;
    if doubled > 20 {
        let held = receipt.ok_or(fail("NoReceipt", "there is none"))?;
        refund(&held.receipt_id).await?;
        return Ok(held.amount + 1);
    }
    let Some(held) = receipt else {
        return Ok(7);
    };
    charge(&held.receipt_id, held.amount).await?;
    Ok(held.amount)
}

/// Conditions that are decided before they are asked.
#[workflow]
pub async fn decided(numbers: Numbers) -> Result<i32, Failed> {
    let loud = !QUIET;
    if loud && numbers.a > 3 {
        notify("loud").await?;
    }
    let once = 'once: {
        if QUIET {
            break 'once Reservation { id: "first".to_string(), quantity: 1 };
        }
        Reservation { id: "second".to_string(), quantity: 2 }
    };
    release(&once).await?;
    while loud {
        ping().await?;
    }
    if QUIET || numbers.b > 3 {
        return Ok(once.quantity as i32);
    }
    Ok(double(numbers.a).await?)
}

/// Variables that change hold constants for a while.
#[workflow]
pub async fn for_a_while(numbers: Numbers) -> Result<u32, Failed> {
    let mut held: Option<Reservation> = None;
    let mut turns: u32 = 0;
    if let Some(reservation) = &held {
        release(reservation).await?;
    }
    for _ in 0..2 {
        if let Some(reservation) = &held {
            release(reservation).await?;
        }
        held = Some(reserve("a", turns).await?);
        turns += 1;
    }
    held = None;
    if let Some(reservation) = held {
        turns += reservation.quantity;
        release(&reservation).await?;
    }
    Ok(turns + numbers.c as u32)
}

/// Of an enum whose variant is known on every way, one arm is left.
#[workflow]
pub async fn known_variants(numbers: Numbers) -> Result<String, Failed> {
    use super::matching::Event;

    let by = numbers.a;
    let event = if by > 3 { Event::Moved(by, "up".to_string()) } else { Event::Moved(1, "down".to_string()) };
    ping().await?;
    match event {
        Event::Paid(receipt) => Ok(notify(&receipt.receipt_id).await?),
        Event::Closed { reason: Some(reason), .. } => Ok(notify(&reason).await?),
        Event::Moved(by, to) if by > 5 => Ok(to),
        Event::Moved(_, to) => Ok(notify(&to).await?),
        _ => Ok("other".to_string()),
    }
}

/// A branch that always fails ends the workflow, and what it would have given is never there.
#[workflow]
pub async fn failing_branch(numbers: Numbers) -> Result<i32, Failed> {
    let mut size: i32 = numbers.b;
    if numbers.a > 3 {
        let (doubled, reason) = join!(double(numbers.a), async {
            let told = notify("no").await?;
            Err::<Reservation, Failed>(fail("Refused", told))
        })
        .await?;
        release(&reason).await?;
        size += doubled;
    }
    Ok(size)
}

/// Options that are `None` on every way, in parts of other values.
#[workflow]
pub async fn nothing_in_parts(numbers: Numbers) -> Result<(Option<Line>, Vec<Option<Line>>, i32), Failed> {
    let one: Option<Line> = if numbers.a > 3 { None } else { None };
    let pair: (Option<Line>, i32) = (None, numbers.a);
    ping().await?;
    if let (Some(line), size) = &pair {
        notify(&line.sku).await?;
        double(*size).await?;
    }
    let list = vec![one.clone(), None];
    let all = list.iter().flatten().map(|line| line.quantity).sum::<u32>();
    Ok((one, list, pair.1 + all as i32))
}
