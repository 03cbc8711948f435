//! Workflows about the data of every day: texts, numbers, maps, lists put in order, JSON made on the spot.
//!
//! Separate from `methods`, which has one question for each kind of value: here they are combined as programs combine them.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use serde_json::{Value, json};
use sfn::prelude::*;

use super::iterators::Basket;
use super::tasks::*;

/// Texts of every alphabet, maps, and numbers near the ends of their types.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Sheet {
    pub text: String,
    pub part: String,
    pub words: Vec<String>,
    pub prices: BTreeMap<String, u32>,
    pub lists: BTreeMap<String, Vec<u32>>,
    pub small: u8,
    pub signed: i8,
    pub wide: i32,
    pub large: u32,
    pub x: f64,
    pub flag: bool,
    pub limit: Option<u32>,
    pub names: Vec<Name>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Name {
    pub first: String,
    pub rank: u32,
    pub senior: bool,
}

pub fn sheets() -> impl Strategy<Value = Sheet> {
    let text = || {
        prop_oneof![
            "[a-c]{0,3}",
            "[ \\t]?[a-b ]{0,4}\\u{3000}?",
            "[aé€\u{ffee}\u{1f600}\u{10000}]{0,4}",
            "[+-]?0?[0-9]{0,11}",
            "[a-c,]{0,5}",
        ]
    };
    let names = vec(("[ab]{0,2}", 0..3_u32, any::<bool>()), 0..5).prop_map(|names| {
        names.into_iter().map(|(first, rank, senior)| Name { first, rank, senior }).collect()
    });
    let large = prop_oneof![0..50_u32, any::<u32>(), Just(u32::MAX)];
    let wide = prop_oneof![-50..50_i32, any::<i32>(), Just(i32::MIN)];
    let x = prop_oneof![
        (-40..40_i32).prop_map(|n| f64::from(n) / 4.0),
        -1e12..1e12,
        Just(0.499_999_999_999_999_94)
    ];
    (
        (text(), text(), vec(text(), 0..5), btree_map(text(), 0..9_u32, 0..4)),
        (btree_map("[a-c]", vec(0..5_u32, 0..3), 0..3), any::<u8>(), any::<i8>(), wide, large),
        (x, any::<bool>(), option::of(0..9_u32), names),
    )
        .prop_map(
            |((text, part, words, prices), (lists, small, signed, wide, large), (x, flag, limit, names))| {
                Sheet { text, part, words, prices, lists, small, signed, wide, large, x, flag, limit, names }
            },
        )
}

/// Text measured, cut and put together; in bytes and in letters.
#[workflow]
pub async fn texts(sheet: Sheet) -> Result<(Vec<String>, Vec<u32>, Vec<bool>), Failed> {
    let text = sheet.text;
    ping().await?;
    let cut = vec![
        text.trim().to_string(),
        text.trim_start().to_string(),
        text.trim_end().to_string(),
        text.replace("a", "$0é"),
        text.replace("€", ""),
        sheet.part.repeat(3),
        "ab".repeat((sheet.small % 4) as usize),
    ];
    let sizes = vec![text.len() as u32, text.chars().count() as u32, text.trim().len() as u32];
    Ok((cut, sizes, vec![text.starts_with(&sheet.part), text.ends_with(&sheet.part), text.ends_with("😀")]))
}

/// Texts taken apart at marks, and read as numbers.
#[workflow]
pub async fn parted_texts(
    sheet: Sheet,
) -> Result<(Vec<String>, Option<String>, Option<String>, String, Option<u32>, i32), Failed> {
    let parts = sheet.text.split(',').map(|part| part.to_string()).collect::<Vec<_>>();
    ping().await?;
    let rest = sheet.text.strip_prefix("a").map(|rest| rest.to_string());
    let front = sheet.part.strip_suffix("b").map(|front| front.to_string());
    let pair = match sheet.text.split_once(",") {
        Some((left, right)) => format!("{right}|{left}"),
        None => "one".to_string(),
    };
    let number = sheet.text.parse::<u32>().ok();
    let signed = sheet.part.parse::<i32>().unwrap_or(-7);
    Ok((parts, rest, front, pair, number, signed))
}

/// Text in columns.
#[workflow]
pub async fn columns(sheet: Sheet) -> Result<Vec<String>, Failed> {
    ping().await?;
    Ok(vec![
        format!("[{:>6}]", sheet.text),
        format!("[{:<4}]", sheet.part),
        format!("[{:5}|{:5}]", sheet.wide, sheet.flag),
        format!("[{:03}-{:*<6}]", sheet.small, sheet.large),
    ])
}

/// The order of texts, which is that of their bytes.
#[workflow]
pub async fn text_order(sheet: Sheet) -> Result<(Vec<bool>, Vec<String>, Vec<String>), Failed> {
    let mut words: Vec<String> = sheet.words.clone();
    words.sort();
    if sheet.text < sheet.part {
        ping().await?;
    }
    let mut backwards: Vec<String> = sheet.words.clone();
    backwards.sort_by_key(|word| word.len());
    backwards.reverse();
    Ok((
        vec![
            sheet.text > sheet.part,
            sheet.text <= sheet.part,
            sheet.text.as_str() < "b",
            "é" <= sheet.part.as_str(),
        ],
        words,
        backwards,
    ))
}

/// Conversions between types: they wrap, are cut off, or stay in the range.
#[workflow]
pub async fn conversions(sheet: Sheet) -> Result<(Vec<u8>, Vec<i8>, Vec<i32>, Vec<u32>, u32), Failed> {
    ping().await?;
    Ok((
        vec![sheet.large as u8, sheet.wide as u8, sheet.signed as u8, sheet.x as u8],
        vec![sheet.small as i8, sheet.large as i8, sheet.wide as i8, sheet.x as i8],
        vec![sheet.large as i32, sheet.small as i32, sheet.x as i32],
        vec![sheet.wide as u32, sheet.signed as u32, sheet.x as u32],
        sheet.flag as u32 + 1,
    ))
}

/// Arithmetic that stays in its type's range, or says that it left it.
#[workflow]
pub async fn careful_arithmetic(
    sheet: Sheet,
) -> Result<(Vec<u32>, Vec<i32>, Vec<Option<u32>>, Vec<Option<i32>>, u8), Failed> {
    ping().await?;
    let other = sheet.small as u32;
    Ok((
        vec![
            sheet.large.saturating_add(7),
            other.saturating_sub(sheet.large),
            sheet.large.saturating_mul(other),
            sheet.wide.unsigned_abs(),
            sheet.large.abs_diff(other),
        ],
        vec![
            sheet.wide.saturating_sub(9),
            sheet.wide.rem_euclid(7),
            sheet.wide.div_euclid(7),
            sheet.wide.signum(),
            sheet.wide.clamp(-10, 10),
            (sheet.signed as i32).pow(3),
        ],
        vec![
            sheet.large.checked_add(other),
            other.checked_sub(sheet.large),
            sheet.large.checked_mul(3),
            sheet.large.checked_div(other),
            sheet.large.checked_rem(other),
        ],
        vec![sheet.wide.checked_sub(1), sheet.wide.checked_add(sheet.wide)],
        sheet.small.checked_add(200).unwrap_or(1),
    ))
}

/// Floats, rounded every way.
#[workflow]
pub async fn rounded(sheet: Sheet) -> Result<(Vec<f64>, bool), Failed> {
    ping().await?;
    Ok((
        vec![
            sheet.x.floor(),
            sheet.x.ceil(),
            sheet.x.trunc(),
            sheet.x.round(),
            (sheet.x * 2.0).round(),
            sheet.x.abs().sqrt(),
        ],
        sheet.wide.is_negative() || sheet.wide.is_positive(),
    ))
}

/// Maps: read by key, in the order of the keys, changed.
#[workflow]
pub async fn maps_read(
    sheet: Sheet,
) -> Result<(Option<u32>, u32, Vec<String>, Vec<u32>, Option<Vec<u32>>, Vec<(String, u32)>), Failed> {
    let tea = sheet.prices.get("a").copied();
    ping().await?;
    let listed = match sheet.lists.get(&sheet.part) {
        Some(list) => list.iter().sum::<u32>(),
        None => 99,
    };
    let first = if sheet.prices.contains_key("b") { sheet.prices["b"] } else { 0 };
    Ok((
        tea,
        listed + first,
        sheet.prices.keys().cloned().collect::<Vec<_>>(),
        sheet.prices.values().map(|price| price * 2).collect::<Vec<_>>(),
        sheet.lists.get("a").cloned(),
        sheet
            .prices
            .iter()
            .filter(|(_, price)| **price > 3)
            .map(|(key, price)| (key.clone(), *price))
            .collect::<Vec<_>>(),
    ))
}

/// Maps that change and are put together.
#[workflow]
pub async fn maps_changed(
    sheet: Sheet,
) -> Result<(BTreeMap<String, u32>, BTreeMap<String, u32>, u32), Failed> {
    let mut prices: BTreeMap<String, u32> = sheet.prices.clone();
    prices.insert("tea".to_string(), 4);
    prices.insert(sheet.part.clone(), 1);
    ping().await?;
    prices.remove("a");
    prices.remove(&sheet.text);
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for (key, price) in &sheet.prices {
        if *price > 2 {
            seen.insert(key.clone(), price + 1);
        }
    }
    let ranks = sheet.names.iter().map(|name| (name.first.clone(), name.rank)).collect::<BTreeMap<_, _>>();
    Ok((prices, seen, ranks.len() as u32))
}

/// Lists put in order, by keys of every kind.
#[workflow]
pub async fn sorted(
    sheet: Sheet,
) -> Result<(Vec<Name>, Vec<Name>, Vec<u32>, Option<Name>, Option<Name>), Failed> {
    let mut by_rank: Vec<Name> = sheet.names.clone();
    by_rank.sort_by_key(|name| name.rank);
    ping().await?;
    let mut by_all: Vec<Name> = sheet.names.clone();
    by_all.sort_by_key(|name| (name.senior, Reverse(name.rank), name.first.clone()));
    let mut ranks: Vec<u32> = sheet.names.iter().map(|name| name.rank).collect::<Vec<_>>();
    ranks.sort();
    ranks.dedup();
    ranks.retain(|rank| *rank != 1);
    Ok((
        by_rank,
        by_all,
        ranks,
        sheet.names.iter().max_by_key(|name| name.rank).cloned(),
        sheet.names.iter().min_by_key(|name| (name.rank, name.first.clone())).cloned(),
    ))
}

/// Lists that change: longer, shorter, cleared.
#[workflow]
pub async fn changed_lists(basket: Basket) -> Result<(Vec<u32>, Vec<String>, Vec<Vec<u32>>, String), Failed> {
    let mut amounts: Vec<u32> = basket.amounts.clone();
    amounts.extend(vec![7, 8]);
    amounts.pop();
    ping().await?;
    amounts.truncate(3);
    let mut tags: Vec<String> = Vec::new();
    for tag in basket.tags.iter().chain(vec!["x".to_string()].iter()) {
        tags.push(tag.clone());
        if tag.is_empty() {
            tags.clear();
        }
    }
    let mut rows: Vec<Vec<u32>> = basket.rows.clone();
    rows.pop();
    let mut text: String = String::new();
    for tag in &tags {
        text.push_str(tag);
        text.push('/');
    }
    Ok((amounts, tags, rows, text))
}

/// More of iterators: places, parts, pairs and products.
#[workflow]
pub async fn gathered(
    basket: Basket,
) -> Result<(Option<u32>, Option<u32>, Vec<u32>, u32, (Vec<u32>, Vec<u32>), Vec<u32>, String), Failed> {
    let place = basket.tags.iter().position(|tag| tag.is_empty()).map(|place| place as u32);
    ping().await?;
    let found =
        basket.lines.iter().find_map(|line| if line.quantity > 2 { Some(line.quantity * 10) } else { None });
    let flat = basket.rows.iter().flatten().copied().collect::<Vec<_>>();
    let (small, large) = basket.amounts.iter().copied().partition::<Vec<_>, _>(|amount| *amount < 25);
    let every = basket.amounts.iter().step_by(2).copied().collect::<Vec<_>>();
    let text = basket.tags.iter().map(|tag| format!("{tag};")).collect::<String>();
    Ok((
        place,
        found,
        flat,
        basket.amounts.iter().take(2).map(|amount| amount + 1).product::<u32>(),
        (small, large),
        every,
        text,
    ))
}

/// More of options: one or the other, made of a condition.
#[workflow]
pub async fn either_option(
    basket: Basket,
) -> Result<(Option<String>, Option<u32>, bool, Option<u32>, Vec<String>), Failed> {
    let code = basket.coupon.clone().or(basket.tags.first().cloned());
    ping().await?;
    let limit = basket.limit.or_else(|| if basket.few > 1 { Some(1) } else { None });
    let small = basket.limit.is_none_or(|limit| limit < 4);
    let many = (basket.few > 2).then_some(basket.few as u32);
    let second = basket.amounts.get(1).copied().or(many);
    let notes = basket.notes.iter().flatten().cloned().collect::<Vec<_>>();
    Ok((code, limit, small, second, notes))
}

/// JSON made on the spot, and read.
#[workflow]
pub async fn json_values(basket: Basket) -> Result<(Value, Value, Value), Failed> {
    let told = notify("json").await?;
    let document = json!({
        "told": told,
        "none": null,
        "few": basket.few,
        (basket.tags.join("-")): [basket.amounts, basket.rows, { "deep": basket.coupon, }],
        "lines": basket.lines.iter().map(|line| json!([line.quantity, line.sku])).collect::<Vec<_>>(),
        "list": [],
    });
    let few = document["few"].clone();
    let missing = document["nothing"].clone();
    Ok((document, few, missing))
}

/// A struct like another one, but for some fields.
#[workflow]
pub async fn struct_update(order: Order) -> Result<(Order, Line), Failed> {
    let line = Line {
        quantity: 3,
        ..order.lines.first().cloned().unwrap_or(Line { sku: "none".to_string(), quantity: 0 })
    };
    let changed = Order {
        express: true,
        note: Some("again".to_string()),
        customer: Customer { name: line.sku.clone(), ..order.customer.clone() },
        ..order
    };
    let status = inspect(&changed).await?;
    Ok((Order { status, ..changed }, line))
}

/// Lists and tuples in lists, read by place.
#[workflow]
pub async fn places_of_places(basket: Basket) -> Result<(u32, u32, Vec<String>), Failed> {
    if basket.rows.is_empty() || basket.rows[0].is_empty() {
        return Ok((0, 0, vec![]));
    }
    let pairs = basket.rows.iter().map(|row| (row.len() as u32, basket.tags.join(" "))).collect::<Vec<_>>();
    let last = basket.rows.len() - 1;
    ping().await?;
    let first = if pairs[last].0 > 0 { pairs[last].1.clone() } else { "none".to_string() };
    Ok((basket.rows[0][0], pairs[0].0, vec![first]))
}
