//! What the services charge. Separate because prices change while the way of counting stays.

use serde::{Deserialize, Serialize};

use crate::Counts;

/// The prices of a region, in dollars. Free tiers and discounts for large volumes are left out.
///
/// ```
/// use sfn_estimate::Prices;
///
/// let prices: Prices = serde_json::from_str(r#"{"region": "eu-central-2", "asOf": "2026-11", "standardTransition": 0.00003}"#)?;
/// assert_eq!(prices.lambda_request, Prices::US_EAST_1.lambda_request);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Prices {
    /// The region.
    pub region: std::borrow::Cow<'static, str>,
    /// The month from which they are.
    pub as_of: std::borrow::Cow<'static, str>,
    /// A transition of a Standard execution.
    #[serde(default = "standard_transition")]
    pub standard_transition: f64,
    /// An Express execution.
    #[serde(default = "express_request")]
    pub express_request: f64,
    /// A second of an Express execution that has a GB of memory.
    #[serde(default = "express_gb_second")]
    pub express_gb_second: f64,
    /// An invocation of a Lambda function.
    #[serde(default = "lambda_request")]
    pub lambda_request: f64,
    /// A second of a Lambda function that has a GB of memory.
    #[serde(default = "lambda_gb_second")]
    pub lambda_gb_second: f64,
}

impl Prices {
    /// The prices of `us-east-1` in November 2026, the first tier of each; Lambda's are those of x86_64.
    pub const US_EAST_1: Self = Self {
        region: std::borrow::Cow::Borrowed("us-east-1"),
        as_of: std::borrow::Cow::Borrowed("2026-11"),
        standard_transition: 0.000_025,
        express_request: 0.000_001,
        express_gb_second: 0.000_016_67,
        lambda_request: 0.000_000_2,
        lambda_gb_second: 0.000_016_666_7,
    };

    /// What the service takes for a Standard execution.
    pub fn standard(&self, counts: &Counts) -> f64 {
        counts.transitions * self.standard_transition + self.children(counts)
    }

    /// What the service takes for an Express execution whose definition has so many bytes and whose payloads have so many.
    pub fn express(&self, counts: &Counts, definition_bytes: usize, payload_bytes: f64) -> f64 {
        let gb_seconds = express_gb_seconds(counts, definition_bytes, payload_bytes);
        self.express_request + gb_seconds * self.express_gb_second + self.children(counts)
    }

    /// What Lambda takes for the functions.
    pub fn lambda(&self, counts: &Counts) -> f64 {
        counts.invocations * self.lambda_request + counts.gb_seconds * self.lambda_gb_second
    }

    fn children(&self, counts: &Counts) -> f64 {
        counts.child_transitions * self.standard_transition
            + counts.express_children * self.express_request
            + counts.child_gb_seconds * self.express_gb_second
    }
}

/// What an Express execution uses: its time in tenths of a second, and its memory in blocks of 64 MB, of which the service
/// itself takes 50 MB and the rest are the definition and a payload for each step of Maps and Parallels.
pub(crate) fn express_gb_seconds(counts: &Counts, definition_bytes: usize, payload_bytes: f64) -> f64 {
    const MEGABYTE: f64 = 1_048_576.0;
    let megabytes = 50.0 + (bytes(definition_bytes) + payload_bytes * counts.steps.max(1.0)) / MEGABYTE;
    let gigabytes = (megabytes / 64.0).ceil() * 64.0 / 1_024.0;
    // What is an error of rounding must not begin another tenth.
    let tenths = (counts.seconds * 10.0 - 1e-9).ceil().max(1.0);
    tenths / 10.0 * gigabytes
}

#[expect(clippy::cast_precision_loss, reason = "definitions are far below 2^53 bytes")]
fn bytes(count: usize) -> f64 {
    count as f64
}

const fn standard_transition() -> f64 {
    Prices::US_EAST_1.standard_transition
}

const fn express_request() -> f64 {
    Prices::US_EAST_1.express_request
}

const fn express_gb_second() -> f64 {
    Prices::US_EAST_1.express_gb_second
}

const fn lambda_request() -> f64 {
    Prices::US_EAST_1.lambda_request
}

const fn lambda_gb_second() -> f64 {
    Prices::US_EAST_1.lambda_gb_second
}
