//! A type read as one and written as another.
use sfn::prelude::*;

#[derive(Clone, Serialize, Deserialize, Payload)]
#[serde(from = "String", into = "u32")]
pub struct Id {
    pub text: String,
}


impl From<String> for Id {
    fn from(text: String) -> Self {
        Self { text }
    }
}

impl From<Id> for u32 {
    fn from(id: Id) -> Self {
        u32::from(id.text.is_empty())
    }
}

fn main() {}
