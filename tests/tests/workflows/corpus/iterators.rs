//! Workflows that go through lists and options with closures, where JSONata unwraps lists of one and drops lists of none.
//!
//! Separate from `methods`, whose arguments are values: here names are bound inside of expressions.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use sfn::prelude::*;

use super::tasks::*;

/// Lists of none, one and many; lists of lists; lists of options.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Basket {
    pub lines: Vec<Line>,
    pub amounts: Vec<u32>,
    pub changes: Vec<i32>,
    pub weights: Vec<f64>,
    pub rows: Vec<Vec<u32>>,
    pub notes: Vec<Option<String>>,
    pub tags: Vec<String>,
    pub coupon: Option<String>,
    pub best: Option<Line>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    pub few: u8,
}

pub fn baskets() -> impl Strategy<Value = Basket> {
    let amounts = || vec(0..50_u32, 0..4);
    let text = || "[a-c]{0,2}";
    let line = || (text(), 0..5_u32).prop_map(|(sku, quantity)| Line { sku, quantity });
    (
        (
            vec(line(), 0..4),
            amounts(),
            vec(-9..9_i32, 0..4),
            vec((-8..8_i8).prop_map(|n| f64::from(n) / 4.0), 0..4),
        ),
        (vec(amounts(), 0..4), vec(option::of(text()), 0..4), vec(text(), 0..4)),
        (option::of(text()), option::of(line()), option::of(0..9_u32), 0..4_u8),
    )
        .prop_map(
            |((lines, amounts, changes, weights), (rows, notes, tags), (coupon, best, limit, few))| Basket {
                lines,
                amounts,
                changes,
                weights,
                rows,
                notes,
                tags,
                coupon,
                best,
                limit,
                few,
            },
        )
}

/// Items made into others, and some of them left out.
#[workflow]
pub async fn mapped(basket: Basket) -> Result<(Vec<u32>, Vec<String>, Vec<Line>, Vec<Option<bool>>), Failed> {
    let doubled: Vec<u32> = basket.amounts.iter().map(|amount| amount * 2).collect::<Vec<_>>();
    ping().await?;
    let large = basket
        .lines
        .iter()
        .filter(|line| line.quantity > 2 && !line.sku.is_empty())
        .map(|line| format!("{}x{}", line.quantity, line.sku))
        .collect::<Vec<_>>();
    let lines = basket.lines.into_iter().filter(|line| line.quantity != 1).collect::<Vec<Line>>();
    let notes = basket.notes.iter().map(|note| note.as_ref().map(|text| text.is_empty())).collect::<Vec<_>>();
    Ok((doubled, large, lines, notes))
}

/// Lists whose items are lists, records and tuples.
#[workflow]
pub async fn nested_lists(
    basket: Basket,
) -> Result<(Vec<Vec<u32>>, Vec<Vec<u32>>, Vec<u32>, Vec<Vec<u32>>, Vec<Line>), Failed> {
    let most = basket.few as u32;
    let rows = basket
        .rows
        .iter()
        .map(|row| row.iter().map(|cell| cell + most).collect::<Vec<_>>())
        .collect::<Vec<_>>();
    ping().await?;
    let long = basket.rows.iter().filter(|row| row.len() != 1).cloned().collect::<Vec<_>>();
    let pairs = basket.amounts.iter().map(|amount| vec![*amount, amount + 1]).collect::<Vec<_>>();
    let flat = basket.rows.iter().flat_map(|row| row.clone()).collect::<Vec<_>>();
    let lines = basket.tags.iter().map(|tag| Line { sku: tag.clone(), quantity: 1 }).collect::<Vec<_>>();
    Ok((rows, long, flat, pairs, lines))
}

/// Questions about all of a list.
#[workflow]
pub async fn questions(basket: Basket) -> Result<(bool, bool, bool, u32, bool), Failed> {
    if basket.amounts.iter().any(|amount| *amount == 0) {
        ping().await?;
    }
    let many = basket.lines.iter().filter(|line| line.quantity > 1).count();
    Ok((
        basket.lines.iter().all(|line| line.quantity > 0),
        basket.rows.iter().any(|row| row.is_empty()),
        basket.rows.iter().all(|row| row.iter().any(|cell| *cell > 9)),
        many as u32,
        basket.notes.iter().any(|note| note.is_none()),
    ))
}

/// Sums, and the smallest and largest where there is one.
#[workflow]
pub async fn totals(basket: Basket) -> Result<(u32, i32, bool, Option<u32>, u32, i32, bool), Failed> {
    let total = basket.lines.iter().map(|line| line.quantity * 3).sum::<u32>();
    let smallest = basket.amounts.iter().min().copied();
    ping().await?;
    Ok((
        total,
        basket.changes.iter().sum::<i32>(),
        basket.weights.iter().sum::<f64>() > 0.5,
        smallest,
        basket.lines.iter().map(|line| line.quantity).max().unwrap_or(7),
        basket.changes.iter().filter(|change| **change < 0).min().copied().unwrap_or_default(),
        basket.amounts.iter().max().is_some(),
    ))
}

/// The first that fits.
#[workflow]
pub async fn found(
    basket: Basket,
) -> Result<(Option<Line>, u32, Option<String>, Option<Vec<u32>>, bool), Failed> {
    let large = basket.lines.iter().find(|line| line.quantity > 1).cloned();
    ping().await?;
    if let Some(line) = &large {
        notify(line.sku.clone()).await?;
    }
    let quantity = basket.lines.iter().find(|line| line.sku == "a").map(|line| line.quantity).unwrap_or(9);
    let sku = basket.lines.iter().find(|line| line.quantity == 0).map(|line| line.sku.clone());
    let row = basket.rows.iter().find(|row| row.len() > 1).cloned();
    let known = basket.tags.iter().find(|tag| !tag.is_empty()).is_some_and(|tag| tag.starts_with("a"));
    Ok((large, quantity, sku, row, known))
}

/// Values gathered one item after the other.
#[workflow]
pub async fn folded(basket: Basket) -> Result<(u32, String, (u32, i32), bool), Failed> {
    let start = basket.few as u32;
    let total = basket.amounts.iter().fold(start, |sum, amount| sum + amount);
    ping().await?;
    let text = basket.tags.iter().fold("tags".to_string(), |text, tag| format!("{text}/{tag}"));
    let both = basket.changes.iter().fold((0_u32, 100_i32), |(count, least), change| {
        let smaller = least.min(*change);
        (count + 1, smaller)
    });
    let any = basket.rows.iter().fold(false, |found, row| found || row.iter().any(|cell| *cell == 3));
    Ok((total, text, both, any))
}

/// Parts of a list, its other order, places and pairs.
#[workflow]
pub async fn places_and_pairs(
    basket: Basket,
) -> Result<(Vec<u32>, Vec<Vec<u32>>, Vec<String>, Vec<(u32, String)>, Vec<u32>, Vec<String>), Failed> {
    let front = basket.amounts.iter().take(2).cloned().collect::<Vec<_>>();
    ping().await?;
    let rest = basket.rows.iter().skip(basket.few as usize).cloned().collect::<Vec<_>>();
    let numbered = basket
        .tags
        .iter()
        .enumerate()
        .map(|(place, tag)| format!("{}{tag}", place as u32))
        .collect::<Vec<_>>();
    let pairs = basket.amounts.iter().copied().zip(basket.tags.iter().cloned()).collect::<Vec<_>>();
    let odd = basket
        .amounts
        .iter()
        .enumerate()
        .filter(|(place, _)| place % 2 == 1)
        .map(|(_, amount)| *amount)
        .collect::<Vec<_>>();
    let backwards = basket.tags.iter().rev().cloned().collect::<Vec<_>>();
    Ok((front, rest, numbered, pairs, odd, backwards))
}

/// What there is of options, and of what can be made of items.
#[workflow]
pub async fn filter_mapped(basket: Basket) -> Result<(Vec<String>, Vec<u32>), Failed> {
    ping().await?;
    let notes = basket.notes.iter().filter_map(|note| note.clone()).collect::<Vec<_>>();
    let halves = basket
        .amounts
        .iter()
        .filter_map(|amount| if amount % 2 == 0 { Some(amount / 2) } else { None })
        .collect::<Vec<_>>();
    Ok((notes, halves))
}

/// Options: what they hold, changed, tested and replaced.
#[workflow]
pub async fn option_closures(
    basket: Basket,
) -> Result<(Option<String>, u32, bool, Option<u32>, String, Option<Line>, u32), Failed> {
    let greeting = basket.coupon.as_ref().map(|code| format!("use {code}"));
    ping().await?;
    let quantity = basket.best.as_ref().map(|line| line.quantity).unwrap_or(basket.few as u32);
    let large = basket.limit.is_some_and(|limit| limit > 3);
    let half = basket.limit.filter(|limit| limit % 2 == 0).map(|limit| limit / 2);
    let code = basket.coupon.clone().unwrap_or_else(|| format!("none of {}", basket.few as u32));
    let best = basket.coupon.and_then(|code| basket.lines.iter().find(|line| line.sku == code).cloned());
    let rest = basket.limit.map_or(0, |limit| {
        let twice = limit * 2;
        twice * twice - limit
    });
    Ok((greeting, quantity, large, half, code, best, rest))
}

/// Closures in closures, of the same names, that see what is around them.
#[workflow]
pub async fn captures(basket: Basket) -> Result<(Vec<Vec<u32>>, Vec<u32>, bool), Failed> {
    let mut least: u32 = basket.few as u32;
    while basket.amounts.iter().any(|x| *x == least) {
        least += 1;
        ping().await?;
    }
    let table = basket
        .amounts
        .iter()
        .map(|x| {
            let base = x + least;
            basket.changes.iter().map(|y| if *y > 0 { base * base } else { base }).collect::<Vec<_>>()
        })
        .collect::<Vec<_>>();
    let counted = basket
        .lines
        .iter()
        .map(|x| basket.lines.iter().filter(|y| x.sku == y.sku).map(|x| x.quantity).sum::<u32>())
        .collect::<Vec<_>>();
    let item = basket.amounts.iter().take(1).map(|item| item + least).sum::<u32>();
    if basket.tags.iter().all(|tag| tag.is_empty()) && item > 3 {
        ping().await?;
    }
    Ok((table, counted, item > least))
}

/// The items of a loop and of a map, and arguments of tasks.
#[workflow]
pub async fn in_steps(basket: Basket) -> Result<Vec<String>, Failed> {
    for line in basket.lines.iter().filter(|line| line.quantity > 1).cloned().collect::<Vec<_>>() {
        reserve(line.sku, basket.amounts.iter().map(|amount| amount + 1).sum::<u32>()).await?;
    }
    match basket.changes.iter().max() {
        Some(change) if *change > 3 => ping().await?,
        _ => {}
    }
    let told = map(basket.tags.iter().take(2).cloned().collect::<Vec<_>>(), async |tag| {
        let text = notify(tag).await?;
        Ok(text)
    })
    .await?;
    Ok(told)
}
