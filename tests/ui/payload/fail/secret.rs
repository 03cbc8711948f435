//! A field that is a secret.
use sfn::prelude::*;

#[derive(Debug, Serialize, Deserialize, Payload)]
pub struct Login {
    pub user: String,
    pub password: Secret<String>,
}

fn main() {}
