//! Workflows that take values apart: `match`, `if let` and `let .. else` on options, enums, tuples and structs.
//!
//! Separate from control flow by conditions: here the way depends on what a value is, and its parts get names.

use proptest::prelude::*;
use sfn::prelude::*;

use super::tasks::*;

/// An enum as serde writes it by default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    Opened,
    #[serde(rename = "paid-in-full")]
    Paid(Receipt),
    Moved(i32, String),
    Closed {
        reason: Option<String>,
        #[serde(default)]
        code: u32,
    },
}

/// An enum with its tag among the fields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(tag = "kind")]
pub enum Inside {
    Empty,
    Receipt(Receipt),
    Named { name: String, quantity: u32 },
}

/// An enum with its tag beside its content.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(tag = "t", content = "c", rename_all = "UPPERCASE")]
pub enum Beside {
    Nothing,
    One(u32),
    Two(String, bool),
    Fields { status: Status },
}

/// All of them, and one that may be missing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Events {
    pub event: Event,
    pub inside: Inside,
    pub beside: Beside,
    pub last: Option<Event>,
    pub pair: (Status, u32),
}

/// An option, either way.
#[workflow]
pub async fn option_arms(order: Order) -> Result<String, Failed> {
    let told = match order.coupon {
        Some(code) => notify(format!("coupon {code}")).await?,
        None => "no coupon".to_string(),
    };
    ping().await?;
    Ok(told)
}

/// `if let`, with and without `else`, with a condition behind it.
#[workflow]
pub async fn if_let(order: Order) -> Result<u32, Failed> {
    let mut said: u32 = 0;
    if let Some(note) = &order.note {
        notify(note).await?;
        said += 1;
    }
    if let Some(code) = &order.coupon
        && order.express
    {
        notify(code).await?;
        said += 1;
    } else if order.total_cents == 0 {
        return Ok(said);
    }
    Ok(said + 10)
}

/// What is missing ends the workflow.
#[workflow]
pub async fn let_else(order: Order) -> Result<String, Failed> {
    let Some(code) = order.coupon else {
        notify(&order.order_id).await?;
        return Err(fail("NoCoupon", order.order_id));
    };
    let told = notify(&code).await?;
    Ok(format!("{code}: {told}"))
}

/// Variants as serde writes them by default.
#[workflow]
pub async fn external(events: Events) -> Result<String, Failed> {
    match events.event {
        Event::Opened => {
            ping().await?;
            Ok("opened".to_string())
        }
        Event::Paid(receipt) => {
            refund(&receipt.receipt_id).await?;
            Ok(format!("paid {}", receipt.amount))
        }
        Event::Moved(by, to) => {
            let twice = double(by).await?;
            Ok(format!("{twice} to {to}"))
        }
        Event::Closed { reason: Some(reason), code } if code > 2 => {
            Err(fail("Closed", format!("{reason} {code}")))
        }
        Event::Closed { reason, .. } => Ok(reason.unwrap_or("none".to_string())),
    }
}

/// Variants with their tag among the fields.
#[workflow]
pub async fn internal(events: Events) -> Result<(String, u32), Failed> {
    let found = match &events.inside {
        Inside::Receipt(receipt) => (receipt.receipt_id.clone(), receipt.amount),
        Inside::Named { name, quantity: 0 | 1 } => (name.clone(), 1),
        Inside::Named { name, quantity } => {
            let reservation = reserve(name, *quantity).await?;
            (reservation.id, reservation.quantity)
        }
        Inside::Empty => ("empty".to_string(), 0),
    };
    ping().await?;
    Ok(found)
}

/// Variants with their tag beside their content.
#[workflow]
pub async fn adjacent(events: Events) -> Result<u32, Failed> {
    match &events.beside {
        Beside::Nothing => return Ok(0),
        Beside::One(n) => {
            double(3).await?;
            return Ok(*n);
        }
        Beside::Two(text, true) => {
            notify(text).await?;
        }
        Beside::Two(_, _) => {
            ping().await?;
        }
        Beside::Fields { status: Status::Done } => return Ok(7),
        Beside::Fields { .. } => {}
    }
    ping().await?;
    Ok(1)
}

/// Variants inside of options.
#[workflow]
pub async fn nested(events: Events) -> Result<String, Failed> {
    match events.last {
        Some(Event::Moved(1..=9, to)) => Ok(notify(to).await?),
        Some(Event::Opened | Event::Closed { .. }) => Ok("over".to_string()),
        Some(Event::Paid(Receipt { amount, .. })) => Ok(format!("{amount}")),
        Some(_) => Ok("moved".to_string()),
        None => Ok(notify("nothing").await?),
    }
}

/// Tuples put together for the match, and conditions on their parts.
#[workflow]
pub async fn tuples_and_guards(numbers: Numbers) -> Result<i32, Failed> {
    let sum = match (numbers.a, numbers.b) {
        (0, other) => double(other).await?,
        (one, 0) if one > 10 => one,
        (one, other) if one == other => {
            ping().await?;
            one
        }
        (one, _) => double(one).await?,
    };
    Ok(sum + 1)
}

/// Ranges of integers.
#[workflow]
pub async fn ranges(numbers: Numbers) -> Result<String, Failed> {
    Ok(match numbers.a {
        ..0 => "below",
        0..10 => "few",
        10..=99 => "many",
        _ => "countless",
    }
    .to_string())
}

/// A match that only calculates is an expression.
#[workflow]
pub async fn pure_match(events: Events) -> Result<(u32, bool), Failed> {
    let amount = match &events.event {
        Event::Paid(receipt) => receipt.amount,
        Event::Closed { code, .. } => *code,
        _ => 0,
    };
    let late = match events.pair {
        (Status::Done, days) => days > 3,
        (_, 0) => false,
        _ => true,
    };
    double(1).await?;
    Ok((amount, late))
}

/// Events of every kind.
pub fn events() -> impl Strategy<Value = Events> {
    let receipts =
        || ("[a-z]{1,4}", 0..9_u32).prop_map(|(receipt_id, amount)| Receipt { receipt_id, amount });
    let event = move || {
        prop_oneof![
            Just(Event::Opened),
            receipts().prop_map(Event::Paid),
            (-20..20_i32, "[a-z]{0,4}").prop_map(|(by, to)| Event::Moved(by, to)),
            (prop::option::of("[a-z]{0,4}"), 0..6_u32)
                .prop_map(|(reason, code)| Event::Closed { reason, code }),
        ]
    };
    let inside = prop_oneof![
        Just(Inside::Empty),
        receipts().prop_map(Inside::Receipt),
        ("[a-z]{0,4}", 0..4_u32).prop_map(|(name, quantity)| Inside::Named { name, quantity }),
    ];
    let status = || prop_oneof![Just(Status::New), Just(Status::InProgress), Just(Status::Done)];
    let beside = prop_oneof![
        Just(Beside::Nothing),
        (0..9_u32).prop_map(Beside::One),
        ("[a-z]{0,4}", any::<bool>()).prop_map(|(text, flag)| Beside::Two(text, flag)),
        status().prop_map(|status| Beside::Fields { status }),
    ];
    (event(), inside, beside, prop::option::of(event()), (status(), 0..6_u32))
        .prop_map(|(event, inside, beside, last, pair)| Events { event, inside, beside, last, pair })
}
