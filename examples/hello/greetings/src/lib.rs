//! One task and one workflow: the least that can be built, run and deployed. A library, because both the deployed
//! binary and its build script use it.

use sfn::prelude::*;
use std::convert::Infallible;

/// Who came in.
#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
pub struct Visitor {
    /// How they call themselves.
    pub name: String,
    /// The language they speak: `de`, `fr`; anything else is English.
    #[serde(default)]
    pub locale: String,
}

/// What they are told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Greeting {
    /// One line of text.
    pub text: String,
}

/// Chooses the word for the language.
#[task(timeout = "5s")]
pub async fn salutation(locale: String) -> Result<String, Infallible> {
    Ok(match locale.as_str() {
        "de" => "Guten Tag",
        "fr" => "Bonjour",
        _ => "Hello",
    }
    .to_owned())
}

/// Greets a visitor in their language.
#[workflow]
pub async fn hello(visitor: Visitor) -> Result<Greeting, Failed> {
    let word = salutation(&visitor.locale).await?;
    Ok(Greeting { text: format!("{word}, {}!", visitor.name) })
}
