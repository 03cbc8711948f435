//! The tasks and payloads that the cases beside this file call.
#![allow(dead_code, reason = "each case needs a few of them")]

use sfn::prelude::*;

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
pub struct Order {
    pub id: String,
    pub lines: Vec<String>,
    pub total: u32,
    pub vip: bool,
    pub kind: String,
    pub pair: (u32, i32),
}

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
pub struct Charge {
    pub id: String,
    pub cents: Cents,
}

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
pub struct Cents(pub u32);

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
pub struct Receipt {
    pub order: String,
    pub charge: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
pub enum Event {
    Paid(u32),
    Opened { at: String },
    Closed,
}

#[derive(Debug, thiserror::Error, TaskError)]
pub enum PaymentError {
    #[error("declined: {reason}")]
    Declined { reason: String },
    #[error("suspended: {reason}")]
    Suspended { reason: String },
    #[error("over the limit of {0}")]
    Limit(u32),
    #[error("unavailable")]
    Unavailable,
}

#[task]
pub async fn charge(order: String, cents: u32) -> Result<Charge, PaymentError> {
    Ok(Charge { id: order, cents: Cents(cents) })
}

#[task]
pub async fn refund(charge: String) -> Result<(), PaymentError> {
    drop(charge);
    Ok(())
}

#[task]
pub async fn ping() -> Result<u32, PaymentError> {
    Ok(1)
}

#[task]
pub async fn look_up(line: String) -> Result<Event, PaymentError> {
    Ok(Event::Opened { at: line })
}

pub const LIMIT: u32 = 50_000;

pub mod limits {
    pub const MAX: u32 = 5;
}

/// Not a task.
pub fn helper(cents: u32) -> Result<u32, Failed> {
    Ok(cents)
}

/// Not a task either.
pub async fn other(cents: u32) -> Result<u32, Failed> {
    Ok(cents)
}
