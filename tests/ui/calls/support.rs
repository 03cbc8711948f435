//! The tasks and payloads that the cases beside this file call.
#![allow(dead_code, reason = "each case needs a few of them")]

use std::convert::Infallible;

use sfn::prelude::*;

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
pub struct Order {
    pub id: String,
    pub lines: Vec<String>,
    pub total: u32,
}

#[derive(Debug, thiserror::Error, TaskError)]
pub enum PaymentError {
    #[error("declined: {reason}")]
    Declined { reason: String },
}

#[task]
pub async fn charge(order: String, cents: u32) -> Result<u64, PaymentError> {
    Ok(u64::from(cents) + order.len() as u64)
}

#[task]
pub async fn refund(charge: u64) -> Result<(), Infallible> {
    println!("refunded {charge}");
    Ok(())
}

#[task]
pub async fn pack(lines: Vec<String>) -> Result<(), Infallible> {
    drop(lines);
    Ok(())
}

#[task]
pub async fn inspect(order: Order) -> Result<(), Infallible> {
    drop(order);
    Ok(())
}

#[task(timeout = "3d")]
pub async fn ask(order: String, token: TaskToken<bool>) -> Result<(), PaymentError> {
    drop((order, token));
    Ok(())
}
