//! What each State type does when it is tried, one file per type.
//! Separate from the execution so that the rules of a State type can be read in one place.
//!
//! Succeed has none: all it does is what every State does as it is left.

mod choice;
mod fail;
mod map;
mod parallel;
mod pass;
mod task;
mod wait;

pub(super) use choice::{Check, DataTest};
