//! A secret deep inside of a field.
use sfn::prelude::*;

#[derive(Debug, Serialize, Deserialize, Payload)]
#[serde(tag = "kind")]
pub enum Keys {
    None,
    Several { keys: Option<Vec<Secret<String>>> },
}

fn main() {}
