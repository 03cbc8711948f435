//! Workflows that call `#[expr]` functions: plain Rust that becomes a part of the expressions it is called in.
//!
//! Separate from closures: these have names, take arguments of every kind and call one another.

use sfn::prelude::*;

use super::iterators::Basket;
use super::tasks::*;

/// A constant of a type.
pub struct Limits;

impl Limits {
    /// The most that is free of charge.
    pub const FREE: u32 = 20;
}

/// Ten percent above the limit.
#[expr]
pub fn discount(total: u32) -> u32 {
    if total <= Limits::FREE {
        return 0;
    }
    let tenth = total / 10;
    tenth + 1
}

/// A value named by its text.
#[expr]
fn labelled(name: &str, count: u32) -> String {
    format!("{name}: {count}")
}

/// What a line weighs; nothing without a name.
#[expr]
fn weight(line: &Line, factor: u32) -> Option<u32> {
    if line.sku.is_empty() {
        return None;
    }
    Some(line.quantity * factor)
}

/// All that is heavy, by other functions.
#[expr]
fn heavy(lines: &[Line], factor: u32) -> Vec<u32> {
    lines.iter().filter_map(|line| weight(line, factor)).filter(|weight| *weight > 4).collect::<Vec<_>>()
}

/// The first of both, if there are both.
#[expr]
fn both(one: Option<u32>, other: Option<&Line>) -> Option<u32> {
    let one = one?;
    let other = other?;
    Some(one + other.quantity)
}

/// A status in words.
#[expr]
fn in_words(status: Status) -> &'static str {
    match status {
        Status::New => "new",
        Status::InProgress => "going on",
        Status::Done => "done",
    }
}

/// Plain calls.
#[workflow]
pub async fn helpers(order: Order) -> Result<(u32, String, String), Failed> {
    let price = order.total_cents - discount(order.total_cents);
    let status = inspect(&order).await?;
    notify(labelled(&order.customer.name, price)).await?;
    if discount(price / 7) > 3 {
        ping().await?;
    }
    Ok((price, labelled("last", discount(7)), in_words(status).to_string()))
}

/// Functions that call functions, in closures and options.
#[workflow]
pub async fn helpers_of_helpers(basket: Basket) -> Result<(Vec<u32>, u32, Option<u32>), Failed> {
    ping().await?;
    let factor = discount(basket.few as u32 * 10);
    let best = basket.best.as_ref().and_then(|line| weight(line, 3)).unwrap_or(1);
    Ok((heavy(&basket.lines, factor), best, both(basket.limit, basket.lines.first())))
}

/// Functions as conditions, subjects and arguments.
#[workflow]
pub async fn helpers_in_steps(basket: Basket) -> Result<u32, Failed> {
    let mut sum: u32 = 0;
    for line in &basket.lines {
        match weight(line, 2) {
            Some(heavy) if heavy > 3 => {
                reserve(&line.sku, heavy).await?;
                sum += heavy;
            }
            Some(_) => sum += 1,
            None => continue,
        }
    }
    while discount(sum) > 4 && sum < 90 {
        sum += 7;
        ping().await?;
    }
    Ok(sum)
}
