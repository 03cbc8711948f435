//! Workflows that ask values things: lists, maps, strings, options, numbers.
//!
//! Separate from the operators in `values`: each method here has a shape it belongs to.

use sfn::prelude::*;

use super::tasks::*;

/// How many, whether any, whether this one.
#[workflow]
pub async fn lists(order: Order) -> Result<(u32, bool, bool, bool, Vec<bool>), Failed> {
    let lines = order.lines.len();
    let few = lines < 2;
    if !order.tags.is_empty() && order.tags.contains(&order.order_id) {
        ping().await?;
    }
    Ok((
        lines as u32,
        few,
        order.lines.is_empty(),
        lines as u64 == 1,
        vec![order.tags.len() == order.lines.len()],
    ))
}

/// Elements by their place, first and last.
#[workflow]
pub async fn places(order: Order) -> Result<(Option<Line>, Option<String>, u32), Failed> {
    if order.lines.is_empty() {
        return Ok((None, None, 0));
    }
    let first = order.lines[0].quantity;
    ping().await?;
    let last = order.lines.len() - 1;
    Ok((order.lines.last().cloned(), order.tags.first().cloned(), first + order.lines[last].quantity))
}

/// Text: its beginning, its end, what it contains, its letters.
#[workflow]
pub async fn strings(order: Order) -> Result<(Vec<bool>, String, String, String), Failed> {
    let name = order.customer.name;
    ping().await?;
    Ok((
        vec![
            name.is_empty(),
            name.starts_with("A"),
            name.ends_with("é\""),
            name.contains("a"),
            name.contains(&order.order_id),
            name.starts_with(""),
        ],
        name.to_uppercase(),
        name.to_lowercase(),
        order.tags.join(", "),
    ))
}

/// Options: whether there is something, and what to take instead.
#[workflow]
pub async fn option_methods(order: Order) -> Result<(bool, bool, String, String, Option<String>), Failed> {
    let known = order.coupon.is_some();
    if order.note.is_none() && known {
        ping().await?;
    }
    let coupon = order.coupon.clone().unwrap_or(order.order_id.clone());
    Ok((known, order.note.is_none(), coupon, order.note.unwrap_or_default(), order.coupon))
}

/// Numbers: the smaller, the larger, the distance from zero, in other types.
#[workflow]
pub async fn number_methods(numbers: Numbers) -> Result<(i32, i32, i32, i64, f64, u32), Failed> {
    let smaller = numbers.a.min(numbers.b);
    ping().await?;
    Ok((
        smaller,
        numbers.a.max(3),
        (smaller / 2).abs(),
        numbers.a as i64,
        numbers.b as f64 + numbers.x,
        numbers.c as u32 + 1000,
    ))
}

/// A map: how many keys, and whether one is there.
#[workflow]
pub async fn maps(order: Order) -> Result<(bool, bool, bool), Failed> {
    ping().await?;
    Ok((order.labels.is_empty(), order.labels.contains_key("a"), order.labels.len() == 1))
}
