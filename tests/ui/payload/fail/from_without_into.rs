//! A type read as another and written as itself.
use sfn::prelude::*;

#[derive(Serialize, Deserialize, Payload)]
#[serde(from = "String")]
pub struct Id {
    pub text: String,
}


impl From<String> for Id {
    fn from(text: String) -> Self {
        Self { text }
    }
}

fn main() {}
