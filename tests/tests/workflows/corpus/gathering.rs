//! Workflows that calculate with records, variants and maps in lists, in one expression or over the turns of a loop.
//!
//! Separate from `iterators` and `data`, which have each method by itself.

use std::collections::BTreeMap;

use sfn::prelude::*;

use super::iterators::Basket;
use super::matching::{Event, Events, Inside};
use super::tasks::*;

/// A list of variants: made, filtered, matched and folded.
#[workflow]
pub async fn lists_of_variants(
    events: Events,
) -> Result<(Vec<Event>, u32, Vec<String>, Option<Event>), Failed> {
    let paid = Event::Paid(Receipt { receipt_id: "r".to_string(), amount: 3 });
    let all = vec![Event::Opened, events.event.clone(), paid, Event::Moved(2, "b".to_string())];
    ping().await?;
    let kept = all
        .iter()
        .filter(|event| match event {
            Event::Closed { code, .. } => *code > 2,
            Event::Moved(by, _) => *by >= 0,
            _ => true,
        })
        .cloned()
        .collect::<Vec<_>>();
    let sum = kept.iter().fold(0_u32, |sum, event| match event {
        Event::Paid(receipt) => sum + receipt.amount,
        Event::Closed { code, .. } => sum * 2 + code,
        _ => sum + 1,
    });
    let names = kept
        .iter()
        .filter_map(|event| if let Event::Moved(_, to) = event { Some(to.clone()) } else { None })
        .collect::<Vec<_>>();
    let last =
        all.iter().rev().find(|event| if let Event::Closed { .. } = event { false } else { true }).cloned();
    Ok((kept, sum, names, last))
}

/// Groups by key, over the turns: a map of lists.
#[workflow]
pub async fn grouped(basket: Basket) -> Result<BTreeMap<String, Vec<u32>>, Failed> {
    let mut groups: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for line in &basket.lines {
        let mut group: Vec<u32> = groups.get(&line.sku).cloned().unwrap_or_default();
        group.push(line.quantity);
        groups.insert(line.sku.clone(), group);
    }
    ping().await?;
    Ok(groups)
}

/// A map of records, asked and changed.
#[workflow]
pub async fn maps_of_records(basket: Basket) -> Result<(Vec<String>, u32, Option<Line>), Failed> {
    let mut known: BTreeMap<String, Line> =
        basket.lines.iter().map(|line| (format!("k{}", line.sku), line.clone())).collect::<BTreeMap<_, _>>();
    if let Some(line) = known.get("ka").cloned() {
        let reserved = reserve(&line.sku, line.quantity).await?;
        known.insert("ka".to_string(), Line { quantity: reserved.quantity + 1, ..line });
    }
    known.insert("z".to_string(), Line { sku: "last".to_string(), quantity: 9 });
    let names = known.iter().map(|(key, line)| format!("{key}:{}", line.quantity)).collect::<Vec<_>>();
    Ok((names, known.values().map(|line| line.quantity).sum::<u32>(), known.get("kb").cloned()))
}

/// Records of records, made anew in a closure.
#[workflow]
pub async fn records_in_closures(order: Order) -> Result<Vec<Order>, Failed> {
    ping().await?;
    let orders = order
        .lines
        .iter()
        .enumerate()
        .map(|(at, line)| Order {
            order_id: format!("{}-{at}", order.order_id),
            customer: Customer { name: line.sku.clone(), ..order.customer.clone() },
            total_cents: if line.quantity > 3 { order.total_cents } else { line.quantity },
            coupon: if line.sku.is_empty() { None } else { Some(line.sku.clone()) },
            note: Some("part".to_string()),
            ..order.clone()
        })
        .collect::<Vec<_>>();
    Ok(orders)
}

/// The part of what is found: fields of the first, the last, the largest and of one by its place.
#[workflow]
pub async fn parts_of_found(basket: Basket) -> Result<(u32, String, Option<u32>, u32, bool), Failed> {
    ping().await?;
    let first = basket
        .lines
        .iter()
        .find(|line| line.quantity > 1)
        .cloned()
        .unwrap_or(Line { sku: "none".to_string(), quantity: 7 });
    let last = basket.lines.last().map(|line| line.sku.clone()).unwrap_or_default();
    let most = basket.lines.iter().max_by_key(|line| line.quantity).map(|line| line.quantity);
    let second = if basket.lines.len() > 1 { basket.lines[1].quantity } else { first.quantity };
    let same = basket.lines.iter().find(|line| line.quantity == 2).is_some_and(|line| line.sku == first.sku);
    Ok((first.quantity, last, most, second, same))
}

/// What is found is asked again and again, in conditions and arms.
#[workflow]
pub async fn found_in_conditions(basket: Basket) -> Result<u32, Failed> {
    if let Some(line) = basket.lines.iter().find(|line| line.quantity == 3)
        && line.sku != "a"
        && !line.sku.is_empty()
    {
        reserve(&line.sku, line.quantity).await?;
        return Ok(1);
    }
    match basket.lines.iter().rev().find(|line| !line.sku.is_empty()) {
        Some(line) if line.sku == "b" && line.quantity > 0 => Ok(line.quantity + 10),
        Some(Line { quantity: 0, sku }) => {
            notify(sku).await?;
            Ok(20)
        }
        Some(line) => Ok(line.quantity + 30),
        None => Ok(40),
    }
}

/// Closures in closures, the inner ones reading what the outer ones bind.
#[workflow]
pub async fn closures_in_closures(basket: Basket) -> Result<(Vec<String>, u32, bool, Vec<Vec<u32>>), Failed> {
    ping().await?;
    let pairs = basket
        .lines
        .iter()
        .flat_map(|line| {
            basket
                .tags
                .iter()
                .filter(|tag| **tag != line.sku)
                .map(|tag| format!("{tag}{}", line.quantity))
                .collect::<Vec<_>>()
        })
        .collect::<Vec<_>>();
    let sum = basket
        .rows
        .iter()
        .map(|row| row.iter().filter(|cell| **cell > row.len() as u32).count() as u32)
        .sum::<u32>();
    let covered = basket.tags.iter().all(|tag| basket.lines.iter().any(|line| line.sku == *tag));
    let table = basket
        .rows
        .iter()
        .filter(|row| !row.is_empty())
        .map(|row| row.iter().enumerate().map(|(at, cell)| at as u32 * cell).collect::<Vec<_>>())
        .collect::<Vec<_>>();
    Ok((pairs, sum, covered, table))
}

/// Sorted by what is calculated, split, and put together again.
#[workflow]
pub async fn sorted_and_parted(basket: Basket) -> Result<(Vec<String>, Vec<Line>, Vec<u32>), Failed> {
    let mut lines: Vec<Line> = basket.lines.clone();
    lines.sort_by_key(|line| line.quantity % 3);
    ping().await?;
    let (many, few) = lines.iter().cloned().partition::<Vec<_>, _>(|line| line.quantity > 2);
    let mut names: Vec<String> = many.iter().map(|line| line.sku.to_uppercase()).collect::<Vec<_>>();
    names.extend(few.iter().map(|line| line.sku.clone()).collect::<Vec<_>>());
    names.dedup();
    let mut amounts: Vec<u32> = basket.rows.iter().flatten().copied().collect::<Vec<_>>();
    amounts.sort();
    amounts.reverse();
    amounts.truncate(3);
    Ok((names, few, amounts))
}

/// Texts made of records, of options and of each other, over the turns and at once.
#[workflow]
pub async fn texts_of_all(order: Order) -> Result<(String, String, String), Failed> {
    let mut text: String = String::new();
    for (at, line) in order.lines.iter().enumerate() {
        if at > 0 {
            text.push_str(", ");
        }
        text += &format!("{}x{}", line.quantity, line.sku);
    }
    let joined =
        order
            .lines
            .iter()
            .map(|line| {
                if line.quantity == 1 { line.sku.clone() } else { format!("{} {}", line.quantity, line.sku) }
            })
            .collect::<Vec<_>>()
            .join("; ");
    ping().await?;
    let note =
        order.note.as_ref().or(order.coupon.as_ref()).map(|note| format!("({note})")).unwrap_or_default();
    Ok((text, joined, format!("{:>3}{note}{:<4}|", order.lines.len() as u32, order.express)))
}

/// Numbers held in their ranges, of lists and options.
#[workflow]
pub async fn held_numbers(basket: Basket) -> Result<(Option<u32>, u32, Vec<u32>, i32), Failed> {
    let left = basket.limit.and_then(|limit| basket.amounts.iter().sum::<u32>().checked_sub(limit));
    ping().await?;
    let capped = basket.amounts.iter().fold(0_u32, |sum, amount| sum.saturating_add(*amount).min(60));
    let steps = basket.amounts.iter().filter_map(|amount| 100_u32.checked_div(*amount)).collect::<Vec<_>>();
    let turned = basket.changes.iter().map(|change| change.signum() * change.pow(2)).sum::<i32>();
    Ok((left, capped, steps, turned.clamp(-50, 50)))
}

/// Structs that are calculated: one in a variant with its tag among the fields, one flattened into another.
#[workflow]
pub async fn flattened(order: Order) -> Result<(Inside, Order), Failed> {
    let receipt = charge(&order.customer.name, 3).await?;
    let receipts = vec![receipt, Receipt { receipt_id: order.order_id.clone(), amount: order.total_cents }];
    let inside = Inside::Receipt(
        receipts
            .iter()
            .find(|receipt| receipt.amount > 400)
            .cloned()
            .unwrap_or(Receipt { receipt_id: "none".to_string(), amount: 0 }),
    );
    let lower = Address { floor: order.address.floor - 1, ..order.address.clone() };
    let moved = Order { address: if order.express { lower } else { order.address.clone() }, ..order };
    Ok((inside, moved))
}
