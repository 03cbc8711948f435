//! A struct as a task.
use sfn::prelude::*;

#[task]
pub struct Ping;


fn main() {}
