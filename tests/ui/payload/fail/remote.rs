//! A stand-in for a type of another crate.
use sfn::prelude::*;

#[derive(Serialize, Deserialize, Payload)]
#[serde(remote = "std::time::Duration")]
pub struct Span {
    #[serde(getter = "std::time::Duration::as_secs")]
    pub secs: u64,
}

impl From<Span> for std::time::Duration {
    fn from(span: Span) -> Self {
        Self::from_secs(span.secs)
    }
}


fn main() {}
