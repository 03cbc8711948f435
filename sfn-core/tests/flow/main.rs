//! The builder and its lowering, from outside: what a flow becomes and what is refused.
//! Separate from the unit tests because everything here goes through the public builder, as a user's workflow does.

mod support;

mod diagnostics;
mod lowering;
mod manifest;
mod scale;
