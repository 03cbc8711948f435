//! A token completed with another type than it was made for.
use sfn::prelude::*;

pub async fn run(token: TaskToken<bool>) -> Result<(), Failed> {
    token.succeed(5).await.map_err(|_| fail("Lost", "the token"))?;
    Ok(())
}

fn main() {}
