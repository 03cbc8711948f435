//! A body that holds across an await what cannot be sent.
use std::convert::Infallible;

use sfn::prelude::*;

#[task]
pub async fn ping() -> Result<(), Infallible> {
    let local = std::rc::Rc::new(1);
    std::future::ready(()).await;
    drop(local);
    Ok(())
}


fn main() {}
