//! A type written as another and read as itself.
use sfn::prelude::*;

#[derive(Clone, Serialize, Deserialize, Payload)]
#[serde(into = "String")]
pub struct Id {
    pub text: String,
}


impl From<Id> for String {
    fn from(id: Id) -> Self {
        id.text
    }
}

fn main() {}
