//! What a program is told that makes links without the feature for them. Separate because it takes the place of links: rustc
//! tells the feature of a path that is configured out, of a method it only says that there is none.

use super::TaskToken;

/// What no type is.
#[diagnostic::on_unimplemented(
    message = "links are made with the `links` feature of `sfn`, which is not switched on",
    label = "needs the `links` feature",
    note = "in `Cargo.toml`: `sfn = {{ version = \"..\", features = [\"links\"] }}`"
)]
pub trait Switched {
    /// What would be made.
    fn links<Links>() -> Links;
}

impl<T> TaskToken<T> {
    /// Is there with the feature `links`.
    #[doc(hidden)]
    pub fn links<Valid: Switched, Links>(&self, _valid: Valid) -> Links {
        Valid::links()
    }
}
