//! Workflows in everyday Rust that is short for other Rust.
//!
//! Separate from what it is short for: each of these could be written in a longer way that another file has.

use std::collections::BTreeMap;

use sfn::prelude::*;

use super::tasks::*;

const NAMES: [&str; 3] = ["a", "b", "c"];
const RATES: &[i32] = &[1, 5, 9];

/// What is collected into the type of its `let`.
#[workflow]
pub async fn collected(order: Order) -> Result<(Vec<String>, String, BTreeMap<String, u32>), Failed> {
    let skus: Vec<String> = order.lines.iter().map(|line| line.sku.clone()).collect();
    let all: String = skus.iter().map(|sku| format!("{sku};")).collect();
    let sizes: BTreeMap<String, u32> =
        order.lines.iter().map(|line| (line.sku.clone(), line.quantity)).collect();
    let _ = notify(&all).await?;
    let marked: Vec<_> = skus.iter().map(|sku| format!("<{sku}>")).collect();
    Ok((marked, all, sizes))
}

/// `matches!`, with alternatives, ranges, bindings and a guard, in every place of a condition.
#[workflow]
pub async fn matches_in_conditions(order: Order) -> Result<(bool, u32, Vec<String>), Failed> {
    if matches!(order.status, Status::New | Status::InProgress) {
        ping().await?;
    }
    let noted = matches!(&order.note, Some(note) if note.len() > 2) || matches!(order.coupon, None);
    let mut turns: u32 = 0;
    while !matches!(turns, 2..) {
        turns += 1;
        notify("turn").await?;
    }
    let tags: Vec<String> =
        order.tags.iter().filter(|tag| !matches!(tag.as_str(), "a" | "b")).cloned().collect();
    Ok((noted, turns, tags))
}

/// Ranges that are asked and gone through.
#[workflow]
pub async fn ranges_as_values(numbers: Numbers) -> Result<(bool, Vec<i32>, i32, Vec<String>), Failed> {
    let size = numbers.c as i32;
    let within = (1..10).contains(&size) || (20..=30).contains(&size) || !(..=15).contains(&size);
    let squares: Vec<i32> = (0..size.min(4)).map(|n| n * n).collect();
    let mut sum: i32 = 0;
    for n in (0..3).rev() {
        sum = double(sum + n).await?;
    }
    for (at, n) in (5..7).enumerate() {
        sum += at as i32 * n;
    }
    for n in (1..=9).step_by(4) {
        sum += n;
    }
    let names: Vec<String> = (1..=3).map(|n| format!("n{n}")).collect();
    Ok((within, squares, sum + (size..3).sum::<i32>(), names))
}

/// A list that is emptied from its end.
#[workflow]
pub async fn popped(order: Order) -> Result<(Option<Line>, u32, usize), Failed> {
    let mut lines: Vec<Line> = order.lines;
    let mut size: u32 = 0;
    let last = lines.pop();
    if let Some(line) = lines.pop() {
        size += line.quantity;
    } else {
        size += 100;
    }
    while let Some(line) = lines.pop() {
        if line.quantity > 6 {
            break;
        }
        if line.quantity == 1 {
            continue;
        }
        weigh(&line, "kg").await?;
        size += line.quantity;
    }
    let Some(rest) = lines.pop() else {
        return Ok((last, size, 0));
    };
    Ok((Some(rest), size, lines.len()))
}

/// Functions in the places of closures, values that say what they are themselves, lists of one value.
#[workflow]
pub async fn short_forms(
    order: Order,
) -> Result<(Vec<usize>, Vec<Cents>, String, Vec<u32>, [bool; 2]), Failed> {
    let sizes: Vec<usize> = order.tags.iter().map(String::len).collect();
    let cents = vec![3, 4].into_iter().map(Cents).collect::<Vec<_>>();
    let total = order.total_cents;
    let text = format!("{id}: {total:>7} of {}", order.customer.name, id = order.order_id);
    let quantity = order.lines.len() as u32;
    let same = vec![quantity; 3];
    Ok((sizes, cents, text, same, [order.express; 2]))
}

/// Defaults, conversions by their types, and constants that are lists.
#[workflow]
pub async fn by_their_types(numbers: Numbers) -> Result<(f64, i64, Vec<String>, i32, Vec<i32>), Failed> {
    let mut rates: Vec<i32> = Vec::with_capacity(4);
    rates.push(i32::default() + numbers.a);
    let half = f64::from(numbers.a) / 2.0;
    let wide = i64::from(numbers.b);
    let names: Vec<String> = NAMES.iter().map(ToString::to_string).collect();
    let known = NAMES.contains(&"b") && RATES.contains(&numbers.a);
    rates.extend(RATES.to_vec());
    let first: i32 = if known { RATES[0] } else { double(3).await?.max(i32::from(numbers.a > 3)) };
    Ok((half, wide, names, first, rates))
}
