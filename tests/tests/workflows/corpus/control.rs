//! Workflows about which way to go: `if`, `match` on values, blocks, early returns, waiting.
//!
//! Separate from failures: here every way is chosen by data.

use sfn::prelude::*;

use super::tasks::*;

/// `if` without `else`.
#[workflow]
pub async fn if_statement(order: Order) -> Result<String, Failed> {
    if order.express && order.total_cents > 500 {
        notify("express").await?;
    }
    notify(&order.order_id).await?;
    Ok(order.order_id)
}

/// A chain of conditions, each with work to do.
#[workflow]
pub async fn else_if(numbers: Numbers) -> Result<i32, Failed> {
    let size = if numbers.a > 100 {
        double(numbers.a).await?
    } else if numbers.a > 0 {
        let doubled = double(numbers.b).await?;
        doubled + 1
    } else {
        -1
    };
    Ok(size + 1)
}

/// A pure `if` is an expression, not a State.
#[workflow]
pub async fn if_expression(numbers: Numbers) -> Result<i32, Failed> {
    let larger = if numbers.a > numbers.b { numbers.a } else { numbers.b };
    let doubled = double(larger).await?;
    Ok(if doubled > 10 {
        doubled
    } else if larger == 1 {
        10
    } else {
        larger
    })
}

/// Nested decisions.
#[workflow]
pub async fn nested_if(numbers: Numbers) -> Result<i32, Failed> {
    if numbers.a > 0 {
        if numbers.b > 0 {
            ping().await?;
        } else {
            double(numbers.b).await?;
        }
        double(numbers.a).await?;
    }
    Ok(numbers.a)
}

/// Early returns, from nested blocks too.
#[workflow]
pub async fn early_return(order: Order) -> Result<u32, Failed> {
    if order.total_cents == 0 {
        return Ok(0);
    }
    let status = inspect(&order).await?;
    if order.express {
        if status == Status::Done {
            return Ok(1);
        }
        return Err(fail("TooLate", format!("order {} is not done", order.order_id)));
    }
    ping().await?;
    Ok(order.total_cents)
}

/// A workflow that always fails.
#[workflow]
pub async fn failure(order: Order) -> Result<(), Failed> {
    Err(fail("Order.Refused", format!("we do not serve {}", order.customer.name)))
}

/// `match` on text.
#[workflow]
pub async fn match_text(order: Order) -> Result<i32, Failed> {
    let answer = match order.order_id.as_str() {
        "" => 0,
        "a" | "b" => double(1).await?,
        _ => 3,
    };
    ping().await?;
    Ok(answer)
}

/// `match` on integers, as a statement and as a pure value.
#[workflow]
pub async fn match_integers(numbers: Numbers) -> Result<String, Failed> {
    match numbers.c {
        1 => {
            ping().await?;
        }
        2 | 3 => {
            double(numbers.a).await?;
        }
        other => {
            double(numbers.b).await?;
            if other > 30 {
                return Ok(format!("many: {other}"));
            }
        }
    }
    Ok(match numbers.a {
        0 => "zero",
        -1 => "minus one",
        _ => "other",
    }
    .to_string())
}

/// `match` on a boolean.
#[workflow]
pub async fn match_boolean(order: Order) -> Result<(), Failed> {
    match order.express {
        true => ping().await?,
        false => {}
    }
    Ok(())
}

/// Waiting costs nothing but time.
#[workflow]
pub async fn waiting(order: Order) -> Result<String, Failed> {
    sleep(secs(90)).await;
    if order.express {
        sleep(days(30)).await;
    }
    ping().await?;
    Ok(order.order_id)
}

/// The call is the whole workflow.
#[workflow]
pub async fn tail_call(order: Order) -> Result<Status, Failed> {
    Ok(inspect(order).await?)
}

/// Both ways end the workflow.
#[workflow]
pub async fn two_ends(numbers: Numbers) -> Result<i32, Failed> {
    ping().await?;
    if numbers.a > numbers.b { Ok(double(numbers.a).await?) } else { Ok(numbers.b) }
}
