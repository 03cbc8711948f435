//! A handler as one writes it on `lambda_runtime` alone. A program, because its size and its start are measured.

use lambda_runtime::{Error, LambdaEvent, service_fn};
use overhead::{Charge, Order, charged};

fn main() -> Result<(), Error> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(lambda_runtime::run(service_fn(async |event: LambdaEvent<Order>| {
        Ok::<Charge, Error>(charged(&event.payload))
    })))
}
