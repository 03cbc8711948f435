//! What every code of the workflow language means: why it is said, code that draws it, and code that does not.
//! Separate from where faults are found because macros, builder and lints share these pages, and people read them.

mod lints;
mod payloads;
mod services;
mod steps;
mod tasks;
mod values;
mod workflows;

/// One code, explained.
///
/// A snippet without attributes of ours is the body of a workflow of an `Order`; [`SHOP`] is what all may call.
///
/// ```
/// let page = sfn_core::explained::explanation("dropped-result").unwrap();
/// assert!(page.good.contains("ping().await?;"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The code.
    pub code: &'static str,
    /// Who says it.
    pub told: Told,
    /// What is wrong.
    pub what: &'static str,
    /// Why it cannot stand.
    pub why: &'static str,
    /// Rust that draws it.
    pub bad: &'static str,
    /// What to write instead.
    pub good: &'static str,
}

/// Who says what is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// The compiler: macros see the text of a workflow, traits its types.
    Compiling,
    /// The build script that emits the workflow, where values and shapes are known.
    Building,
}

/// Every code of tasks, payloads, workflows and lints, by subject.
pub fn explanations() -> impl Iterator<Item = &'static Explanation> {
    subjects().iter().flat_map(|(_, explanations)| *explanations)
}

/// The same, under the headings of the subjects.
pub fn subjects() -> &'static [(&'static str, &'static [Explanation])] {
    &[
        ("Tasks and their errors", tasks::ALL),
        ("Payloads", payloads::ALL),
        ("Workflows as a whole", workflows::ALL),
        ("Steps", steps::ALL),
        ("Values", values::ALL),
        ("Services, JSONata and States by hand", services::ALL),
        ("Lints", lints::ALL),
    ]
}

/// The explanation of a code.
pub fn explanation(code: &str) -> Option<&'static Explanation> {
    explanations().find(|explanation| explanation.code == code)
}

/// What the snippets may call.
pub const SHOP: &str = r#"
use std::collections::BTreeMap;
use std::convert::Infallible;

use sfn::prelude::*;
use sfn::{Definition, Workflow};

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
pub struct Order {
    pub id: String,
    pub total: u32,
    pub vip: bool,
    pub coupon: Option<String>,
    pub lines: Vec<Line>,
}

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
pub struct Line {
    pub sku: String,
    pub quantity: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
pub struct Charge {
    pub id: String,
    pub cents: u32,
}

#[derive(Debug, thiserror::Error, TaskError)]
pub enum PaymentError {
    #[error("declined: {reason}")]
    Declined { reason: String },
    #[error("over the limit")]
    Limit,
}

#[task(timeout = "30s")]
pub async fn charge(order: String, cents: u32) -> Result<Charge, PaymentError> {
    Ok(Charge { id: order, cents })
}

#[task(timeout = "30s")]
pub async fn refund(charge: String) -> Result<(), Infallible> {
    drop(charge);
    Ok(())
}

#[task(timeout = "30s")]
pub async fn ping() -> Result<u32, Infallible> {
    Ok(1)
}

#[task(timeout = "30s")]
pub async fn pack(line: Line) -> Result<String, Infallible> {
    Ok(line.sku)
}

#[task(timeout = "3d")]
pub async fn ask(order: String, token: TaskToken<bool>) -> Result<(), Infallible> {
    drop((order, token));
    Ok(())
}
"#;
