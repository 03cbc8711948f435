//! Every form of a task, without a warning.
#![deny(warnings, missing_docs, clippy::pedantic)]

use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;

use sfn::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
struct Order {
    id: String,
    total: u32,
}

#[derive(Debug, thiserror::Error, TaskError)]
#[error("unavailable")]
struct Unavailable;

/// Nothing in, nothing out.
#[task]
pub async fn ping() -> Result<(), Infallible> {
    Ok(())
}

/// Whoever calls again for the same visit of a State is given what it gave.
#[task(timeout = "30s", idempotent)]
async fn reserve(order: Order) -> Result<u32, Infallible> {
    Ok(order.total)
}

/// The same for all calls of one key.
#[task(timeout = "30s", idempotent = (&order.id, cents), remember = "30d")]
async fn collect_once(order: Order, cents: u32, context: TaskContext) -> Result<u32, Infallible> {
    Ok(order.total + cents + context.retry_count())
}

/// A second run changes nothing.
#[task(timeout = "30s", repeatable)]
async fn look_up(order: Order) -> Result<u32, Infallible> {
    Ok(order.total)
}

/// One argument is the payload itself.
#[task(memory = 512, name = "echo-order")]
async fn echo(mut order: Order) -> Result<Order, Unavailable> {
    order.total += 1;
    std::future::ready(()).await;
    Ok(order)
}

/// As many arguments as one likes, of every kind.
#[task(timeout = "1h30m", retry(attempts = 5, interval = "2s", backoff = 1.5, max_delay = "1m", jitter = none))]
async fn collect(
    flag: bool,
    letter: char,
    numbers: (i8, u64, f64),
    list: Vec<Option<Order>>,
    fixed: [u8; 3],
    counts: BTreeMap<String, u32>,
    texts: HashMap<String, String>,
    anything: serde_json::Value,
    boxed: Box<Order>,
) -> Result<Vec<String>, std::convert::Infallible> {
    Ok(vec![format!("{flag} {letter} {numbers:?} {list:?} {fixed:?} {counts:?} {texts:?} {anything} {boxed:?}")])
}

/// A name that is a keyword, and an argument that is one.
#[task(retry = none)]
async fn r#move(r#type: String) -> Result<String, Infallible> {
    Ok(r#type)
}

/// Names that the expansion might have taken for itself.
#[task(retry(attempts = 0))]
async fn payload(arguments: String, value: String) -> Result<String, Infallible> {
    let payload = arguments + &value;
    Ok(payload)
}

/// A token anywhere among the arguments.
#[task(timeout = "3d", heartbeat = "1h")]
async fn ask(token: TaskToken<Order>, question: String) -> sfn_result::Result<(), Unavailable> {
    token.fail(Unavailable).await.unwrap_or_else(|error| println!("{question}: {error}"));
    Ok(())
}

/// A `Result` under another path.
mod sfn_result {
    pub(crate) use std::result::Result;
}

/// A task beside others in a module, seen by the crate alone.
mod inner {
    use sfn::prelude::*;

    #[derive(Debug, thiserror::Error, TaskError)]
    pub(crate) enum Never {}

    /// Its type is not seen outside.
    #[derive(Debug, Clone, Serialize, Deserialize, Payload)]
    struct Hidden(u8);

    #[task]
    async fn hide(hidden: Hidden) -> Result<Hidden, Never> {
        Ok(hidden)
    }

    pub(crate) fn call() {
        drop(hide(Hidden(1)));
    }

    #[cfg(any())]
    #[task]
    pub async fn left_out(missing: Missing) -> Result<(), Never> {
        Ok(())
    }
}

fn main() {
    let order = Order { id: "o-1".to_owned(), total: 5 };
    drop((reserve(&order), collect_once(&order, 5), look_up(&order)));
    drop((ping(), echo(&order), echo(order.clone()), r#move("x"), payload(&order.id, "y".to_owned()), ask("really?")));
    let (list, counts, texts) = (vec![Some(order.clone()), None], BTreeMap::new(), HashMap::new());
    drop(collect(true, 'x', (-1, 2, 0.5), list.as_slice(), [1, 2, 3], &counts, &texts, serde_json::Value::Null, Box::new(order)));
    inner::call();
}
