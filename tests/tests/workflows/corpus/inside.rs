//! Workflows whose steps stand inside expressions.
//!
//! Separate because what matters here is the order of evaluation: a step is taken where it stands.

use sfn::prelude::*;

use super::tasks::*;

/// A step as a condition, and as the condition of what follows `else`.
#[workflow]
pub async fn condition(numbers: Numbers) -> Result<i32, Failed> {
    if double(numbers.a).await? > 10 {
        return Ok(1);
    } else if double(numbers.b).await? > 10 {
        return Ok(2);
    }
    Ok(3)
}

/// A job that is asked again until it is done: the step is what is matched.
#[workflow]
pub async fn matched(order: Order) -> Result<u32, Failed> {
    let mut turns: u32 = 0;
    loop {
        match progress(&order).await? {
            Status::Done => return Ok(turns),
            Status::InProgress => sleep(secs(30)).await,
            Status::New => {
                ping().await?;
            }
        }
        turns += 1;
        if turns == 4 {
            return Err(fail("Slow", "four turns and no end"));
        }
    }
}

/// A step in the condition of a loop is taken in each turn.
#[workflow]
pub async fn repeated(numbers: Numbers) -> Result<i32, Failed> {
    let mut value: i32 = numbers.a;
    let mut turns: u32 = 0;
    'turns: while double(value).await? < 40 && turns < 5 {
        turns += 1;
        if turns == 3 && numbers.b > 0 {
            value += 2;
            continue 'turns;
        }
        value += 5;
    }
    Ok(value)
}

/// Steps as operands, arguments, fields and pieces of text, from the left to the right.
#[workflow]
pub async fn operands(order: Order) -> Result<String, Failed> {
    let receipt = charge(&notify(&order.order_id).await?, order.total_cents).await?;
    let sum = double(1).await? + double(2).await? * 10;
    let line = Line { sku: notify("sku").await?, quantity: 3 };
    Ok(format!("{} {} {sum} {}", receipt.receipt_id, line.sku, notify("last").await?))
}

/// A step's field, a match on a result inside a sum, and a choice of steps.
#[workflow]
pub async fn parts(order: Order) -> Result<i32, Failed> {
    let id = charge(&order.customer.name, 5).await?.receipt_id;
    let counted = 1 + match notify(&id).await {
        Ok(_) => 10,
        Err(_) => 20,
    };
    let chosen = counted + if order.express { double(3).await? } else { 4 };
    Ok(chosen)
}

/// What an option holds, or the end, as an argument; and a variable that changes beside a step.
#[workflow]
pub async fn held(order: Order) -> Result<String, Failed> {
    let mut total: i32 = 7;
    total += double(total).await?;
    total = total + double(total).await?;
    let told = notify(order.coupon.ok_or(fail("NoCoupon", "none"))?).await?;
    Ok(format!("{told} {total}"))
}
