//! What users are told: lints with their levels, and the page of every code.
//! Separate from the cases of `ui/`, which pin rustc's words; here it is about codes, and about what builds.

mod lints;
mod pages;
mod personal;
