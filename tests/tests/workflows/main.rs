//! The corpus: a small workflow per construct, its golden ASL, and the proof that it runs natively as it runs on the engine.
//!
//! Separate from the tests of single crates because only here does a Rust function meet the machine it became.

#![expect(unreachable_pub, reason = "the corpus is written as a user's crate would be")]

mod classics;
#[expect(clippy::all, clippy::pedantic, reason = "the corpus says things in every way that Rust has")]
mod corpus;
mod differential;
mod golden;
mod objects;
mod programs;
mod script;
mod services;
mod stability;
