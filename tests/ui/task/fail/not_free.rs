//! A method as a task.
use std::convert::Infallible;

use sfn::prelude::*;

pub struct Shop;

impl Shop {
    #[task]
    pub async fn ping(&self) -> Result<(), Infallible> {
        Ok(())
    }
}


fn main() {}
