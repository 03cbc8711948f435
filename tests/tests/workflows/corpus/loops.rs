//! Workflows that repeat: `while`, `loop`, `for`, and the variables that change from turn to turn.
//!
//! Separate from other control flow: here a state leads back to one in front of it.

use sfn::prelude::*;

use super::tasks::*;
use crate::script::Trouble;

/// A counter and a condition.
#[workflow]
pub async fn while_counting(numbers: Numbers) -> Result<u32, Failed> {
    let mut turns: u32 = 0;
    while turns < 3 {
        double(numbers.a).await?;
        turns += 1;
    }
    Ok(turns)
}

/// The condition depends on what a task answers.
#[workflow]
pub async fn while_answering(numbers: Numbers) -> Result<i32, Failed> {
    let mut value = double(numbers.a).await?;
    let mut left: i32 = 4;
    while value > 0 && value < 1000 && left > 0 {
        value = double(value + 1).await?;
        left -= 1;
    }
    ping().await?;
    Ok(value)
}

/// Asks until the answer is there: a Task, a Choice and a Wait, and nothing more.
#[workflow]
pub async fn polling(order: Order) -> Result<String, Failed> {
    loop {
        let status = progress(&order).await?;
        if status == Status::Done {
            break;
        }
        if order.express {
            return Err(fail("NotDone", "an express order does not wait"));
        }
        sleep(secs(30)).await;
    }
    Ok(order.order_id)
}

/// A loop with a value.
#[workflow]
pub async fn loop_value(numbers: Numbers) -> Result<i32, Failed> {
    let mut tries: i32 = 0;
    let found = loop {
        tries += 1;
        let doubled = double(numbers.a + tries).await?;
        if doubled > 50 {
            break doubled;
        }
        if tries == 3 {
            break -1;
        }
    };
    ping().await?;
    Ok(found + tries)
}

/// A retry by hand: failures are counted, others end it.
#[workflow]
pub async fn retry_by_hand(order: Order) -> Result<String, Failed> {
    let mut attempt: u32 = 1;
    loop {
        match notify(&order.order_id).await {
            Ok(told) => return Ok(told),
            Err(Failure::Task(Trouble::Busy)) => {
                if attempt == 3 {
                    return Err(fail("GaveUp", format!("after {attempt} attempts")));
                }
                attempt += 1;
            }
            Err(other) => return Err(other.into()),
        }
        sleep(secs(5)).await;
    }
}

/// Each item in turn.
#[workflow]
pub async fn for_items(order: Order) -> Result<u32, Failed> {
    let mut total: u32 = 0;
    for line in &order.lines {
        let reservation = reserve(&line.sku, line.quantity).await?;
        total += reservation.quantity;
    }
    ping().await?;
    Ok(total)
}

/// Items and their places; some are passed over, one ends it.
#[workflow]
pub async fn for_places(order: Order) -> Result<Vec<String>, Failed> {
    let mut told: Vec<String> = vec![];
    for (at, line) in order.lines.iter().enumerate() {
        if line.quantity == 0 {
            continue;
        }
        if at > 2 {
            break;
        }
        let text = notify(format!("{}: {}", at + 1, line.sku)).await?;
        told.push(text);
    }
    Ok(told)
}

/// Integers of a range, both kinds.
#[workflow]
pub async fn for_ranges(numbers: Numbers) -> Result<i32, Failed> {
    let mut sum: i32 = 0;
    for n in 0..3 {
        sum += double(n).await?;
    }
    for n in 1..=2 {
        sum = sum * n - numbers.a;
    }
    for _ in 0..numbers.c {
        if sum > 1000 {
            break;
        }
        sum += 500;
    }
    Ok(sum)
}

/// Loops in loops, left and continued by their labels.
#[workflow]
pub async fn labels(order: Order) -> Result<u32, Failed> {
    let mut found: u32 = 0;
    'lines: for line in &order.lines {
        let mut left: u32 = line.quantity;
        while left > 0 {
            left -= 1;
            if left == 7 {
                continue 'lines;
            }
            let reserved = reserve(&line.sku, left).await?;
            found += reserved.quantity;
            if found > 4 {
                break 'lines;
            }
        }
        ping().await?;
    }
    Ok(found)
}

/// A struct whose fields change.
#[workflow]
pub async fn changing_fields(order: Order) -> Result<Order, Failed> {
    let mut changed = order;
    changed.customer.name = notify(&changed.customer.name).await?;
    changed.total_cents += 1;
    for tag in vec!["a".to_string(), "b".to_string()] {
        changed.address.floor -= 1;
        changed.tags.push(tag);
        changed.status = inspect(&changed).await?;
    }
    Ok(changed)
}

/// Values that are read before they change keep what they were.
#[workflow]
pub async fn old_and_new(numbers: Numbers) -> Result<(i32, i32, i32, i32), Failed> {
    let mut a = numbers.a;
    let mut b = numbers.b;
    let before = a;
    a = b + 1;
    b = before * 2;
    let between = a;
    ping().await?;
    let swap = a;
    a = b;
    b = swap;
    if a > b {
        a -= b;
        b += a;
    }
    double(a).await?;
    Ok((a, b, between, before))
}

/// A loop that comes first and reads nothing but the input.
#[workflow]
pub async fn loop_first(order: Order) -> Result<Status, Failed> {
    loop {
        let status = progress(&order).await?;
        if status != Status::InProgress {
            return Ok(status);
        }
        notify(&order.order_id).await?;
    }
}

/// Loops inside branches of a map.
#[workflow]
pub async fn loop_in_map(order: Order) -> Result<Vec<u32>, Failed> {
    let counts = map(&order.lines, async |line| {
        let mut count: u32 = 0;
        while count < line.quantity && count < 3 {
            ping().await?;
            count += 1;
        }
        Ok(count)
    })
    .await?;
    Ok(counts)
}

/// What was done before the loop is undone when a turn fails.
#[workflow]
pub async fn loop_after_step(order: Order) -> Result<u32, Failed> {
    let reservation =
        reserve(&order.order_id, order.total_cents).compensate(|reservation| release(reservation)).await?;
    let mut sum: u32 = 0;
    for line in &order.lines {
        let receipt = charge(&order.customer.name, line.quantity).await?;
        sum += receipt.amount;
        if sum > 6 {
            return Err(fail("TooMuch", format!("{sum} of {}", reservation.id)));
        }
    }
    Ok(sum)
}
