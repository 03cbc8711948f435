//! Sagas in Rust, Amazon States Language out.
//!
//! A business transaction is an ordinary `async fn`. Its tasks are ordinary `async fn`s, too; each becomes a Lambda function,
//! and the transaction a state machine for AWS Step Functions. The same function runs natively, in a test:
//!
//! ```
//! use sfn::prelude::*;
//!
//! #[derive(Debug, Clone, Serialize, Deserialize, Payload)]
//! pub struct Order {
//!     pub order_id: String,
//!     pub total_cents: u32,
//! }
//!
//! #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
//! pub struct Charge {
//!     pub charge_id: String,
//! }
//!
//! #[derive(Debug, thiserror::Error, TaskError)]
//! pub enum PaymentError {
//!     #[error("card declined: {reason}")]
//!     PaymentDeclined { reason: String },
//! }
//!
//! /// Charges the card of an order.
//! #[task(timeout = "30s")]
//! pub async fn charge_payment(order_id: String, amount_cents: u32) -> Result<Charge, PaymentError> {
//!     if amount_cents > 100_000 {
//!         return Err(PaymentError::PaymentDeclined { reason: "over the limit".to_owned() });
//!     }
//!     Ok(Charge { charge_id: format!("ch-{order_id}") })
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Failed> {
//! let order = Order { order_id: "o-1".to_owned(), total_cents: 500 };
//! let charge = charge_payment(&order.order_id, order.total_cents).await?;
//! assert_eq!(charge, Charge { charge_id: "ch-o-1".to_owned() });
//! # Ok(())
//! # }
//! ```
//!
//! [The guide](guide) leads from here to a saga in production.
//!
//! Separate from the crates behind it because it holds no code: documentation, the prelude, and what the macros write.

#[cfg(any(doc, doctest))]
pub mod guide;

#[cfg(feature = "local")]
pub mod local;

pub use sfn_core::*;
// By name too: of what is configured out, rustc tells the feature only where the name itself stands.
#[cfg(feature = "links")]
pub use sfn_core::{Answer, Link, LinkError, LinkKey, Links, install_links};
#[cfg(feature = "stored")]
pub use sfn_core::{
    DEFAULT_THRESHOLD, Reference, Stored, Summary, ValueStore, ValueStoreAnswer, ValueStoreError, load, save,
};

/// Implements [`Payload`](trait@Payload): the wire description of a type, from serde's attributes as serde reads them.
///
/// It stands beside serde's own derives and understands `rename`, `rename_all`, `rename_all_fields`, `skip`, `default`,
/// `flatten`, `transparent`, `with`, `from`, `try_from`, `into`, `tag`, `content` and `untagged`, on structs and enums, generic
/// and recursive ones included.
///
/// ```
/// use sfn::prelude::*;
/// use sfn::Shape;
///
/// #[derive(Serialize, Deserialize, Payload)]
/// #[serde(rename_all = "camelCase")]
/// struct Order {
///     order_id: String,
///     coupon: Option<String>,
/// }
///
/// let Shape::Record(order) = Order::shape() else { panic!("a struct is a record") };
/// assert_eq!(order.fields[0].name, "order_id");
/// assert_eq!(order.fields[0].wire, "orderId");
/// assert!(order.fields[1].default.is_some(), "an option may be absent");
/// ```
///
/// Every part must be a payload itself. A type of another crate that is none can stand in a field with
/// `#[serde(with = "..")]`; a workflow then passes it on without looking inside.
pub use sfn_macros::Payload;

/// Implements [`TaskError`](trait@TaskError): the errors a task may end with, by name.
///
/// The name of an error is its variant's (or its struct's); `#[task_error(name = "..")]` pins another, and
/// `#[task_error(retry)]` lets the default Retrier retry it. The fields travel with the error and come back typed.
///
/// ```
/// use sfn::prelude::*;
///
/// #[derive(Debug, thiserror::Error, TaskError)]
/// enum PaymentError {
///     #[error("card declined: {reason}")]
///     PaymentDeclined { reason: String },
///     #[error("gateway unavailable")]
///     #[task_error(name = "Gateway.Unavailable", retry)]
///     GatewayUnavailable,
/// }
///
/// let [declined, unavailable] = PaymentError::ERRORS else { panic!("there are two") };
/// assert_eq!((declined.name, declined.retry), ("PaymentDeclined", false));
/// assert_eq!((unavailable.name, unavailable.retry), ("Gateway.Unavailable", true));
/// ```
///
/// Names that begin with `States.`, `Lambda.`, `Payload.`, `Task.` or `Saga.` mean something already and are refused.
pub use sfn_macros::TaskError;

/// Makes a task of an `async fn`: a unit of work that becomes a Lambda function.
///
/// The function keeps its name, its documentation and its visibility. Calling it gives a [`TaskCall`], which is given
/// options and awaited, and which takes each argument by value or by reference.
///
/// ```
/// use std::convert::Infallible;
///
/// use sfn::prelude::*;
///
/// /// Greets somebody.
/// #[task(timeout = "10s")]
/// async fn greet(name: String) -> Result<String, Infallible> {
///     Ok(format!("hello, {name}"))
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Failed> {
/// assert_eq!(greet("world").retry(Retry::None).await?, "hello, world");
/// # Ok(())
/// # }
/// ```
///
/// The only argument *is* the payload; several are an object with the arguments' names.
///
/// An argument of type [`TaskToken<T>`](TaskToken) makes it a task that waits for a callback: it gives whatever `T` its token
/// is completed with, perhaps days later, and must say how long that may take.
///
/// ```
/// # use std::convert::Infallible;
/// # use sfn::prelude::*;
/// #[task(timeout = "3d", heartbeat = "1h")]
/// async fn request_approval(order_id: String, token: TaskToken<bool>) -> Result<(), Infallible> {
///     println!("order {order_id} waits for {}", token.as_str());
/// #   token.succeed(true).await.unwrap_or_default();
///     Ok(())
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Failed> {
/// # assert!(request_approval("o-1").await?);
/// # Ok(())
/// # }
/// ```
///
/// An argument `state: &AppState` is what all invocations of a process share: clients, pools, configuration. On Lambda
/// `sfn::lambda::main!(.., state = init)` builds it, elsewhere [`with_state`] provides it. An argument of type [`TaskContext`]
/// says which execution and State the task runs for, how often it was tried and how much time is left.
///
/// ```
/// # use std::convert::Infallible;
/// # use sfn::prelude::*;
/// struct Prices { cents: u32 }
///
/// #[task]
/// async fn price(count: u32, state: &Prices, context: TaskContext) -> Result<u32, Infallible> {
///     println!("{} of {}", context.state(), context.execution_name());
///     Ok(count * state.cents)
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Failed> {
/// assert_eq!(sfn::with_state(Prices { cents: 250 }, price(3)).await?, 750);
/// # Ok(())
/// # }
/// ```
///
/// An idempotent task is done once, however often an attempt's answer is lost: what it gave is recorded and given again.
///
/// ```
/// # use std::convert::Infallible;
/// # use sfn::prelude::*;
/// /// Once for each order, whichever execution asks.
/// #[task(timeout = "30s", idempotent = order_id, remember = "30d")]
/// async fn charge(order_id: String, cents: u32) -> Result<String, Infallible> {
///     Ok(format!("{order_id} paid {cents}"))
/// }
///
/// #[workflow]
/// async fn impatient(order_id: String) -> Result<String, Failed> {
///     let first = charge(&order_id, 500).await?;
///     let second = charge(&order_id, 500).await?;
///     Ok(format!("{first}, {second}"))
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Failed> {
/// assert_eq!(impatient("o-1".to_owned()).await?, "o-1 paid 500, o-1 paid 500");
/// # Ok(())
/// # }
/// ```
///
/// | option | meaning |
/// |---|---|
/// | `timeout = "30s"` | after how long an attempt fails with `States.Timeout`; units `d`, `h`, `m`, `s`, as in `"1h30m"` |
/// | `heartbeat = "30s"` | after how long without a heartbeat an attempt fails with `States.HeartbeatTimeout`; needs a token or `activity` |
/// | `activity` | a worker of yours does it, not a Lambda function; needs a timeout |
/// | `idempotent` | whoever calls it again for the same visit of a State is given what it gave; see below |
/// | `idempotent = order.id` | the same for all calls of one key, an expression of its arguments |
/// | `remember = "30d"` | for how long an idempotent task's results are kept, two weeks unless told otherwise |
/// | `repeatable` | doing it twice comes to doing it once, by its nature: [lints](mod@lint) of side effects leave it alone |
/// | `memory = 512` | the memory of the Lambda function, in MiB |
/// | `name = "charge-payment"` | the name of the Lambda function's handler, instead of the function's |
/// | `retry = none` | no attempt is retried |
/// | `allow(..)`, `warn(..)`, `deny(..)` | how bad it is what a [lint](mod@lint) finds where it is called, in any workflow: `allow(ignored_failure)` |
/// | `retry(attempts = 5, interval = "2s", backoff = 1.5, max_delay = "1m", jitter = none)` | how attempts are retried; any of these |
pub use sfn_macros::task;

/// Makes a workflow of an `async fn`: a state machine whose States are the tasks it awaits.
///
/// The function stays what it is and can be awaited, compensations included. Beside it stands a type of the same name, whose
/// `definition()` is what `sfn::build::emit` writes.
///
/// ```
/// use std::convert::Infallible;
///
/// use sfn::prelude::*;
///
/// #[task]
/// async fn reserve(item: String) -> Result<u32, Infallible> {
///     Ok(item.len() as u32)
/// }
///
/// #[task]
/// async fn release(reservation: u32) -> Result<(), Infallible> {
///     println!("released {reservation}");
///     Ok(())
/// }
///
/// /// Reserves, or leaves no trace.
/// #[workflow]
/// async fn reservation(item: String) -> Result<u32, Failed> {
///     let reservation = reserve(&item).compensate(|reservation| release(reservation)).await?;
///     if reservation > 100 {
///         return Err(fail("TooLarge", "nothing that large is in stock"));
///     }
///     Ok(reservation)
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Failed> {
/// assert_eq!(reservation("chair".to_owned()).await?, 5);
/// # Ok(())
/// # }
/// ```
///
/// It may have constants and types as parameters ([`Profile`]): each way in which it is defined is a workflow of its own.
///
/// | option | meaning |
/// |---|---|
/// | `express` | its executions are Express |
/// | `inline` | its statements become statements of whoever calls it |
/// | `compensate = parallel` | compensations run all at once |
/// | `allow(..)`, `warn(..)`, `deny(..)` | how bad it is what a [lint](mod@lint) finds in it, as in `deny(task_without_timeout)` |
///
/// Everything outside of the subset that a state machine can say is an error on the spot, which says what to write instead.
/// Each has a code, about which `cargo sfn check --explain CODE` tells more.
pub use sfn_macros::workflow;

/// Lets workflows call a plain `fn` inside their expressions, of which it becomes a part.
///
/// The body is one calculation in the words of a workflow: `let`s, `if`, `match`, early `return`, `?` on options, other
/// `#[expr]` functions. Arguments come by value or by reference; the function stays what it is for everybody else.
///
/// ```
/// use sfn::prelude::*;
///
/// /// Ten percent from a hundred on.
/// #[expr]
/// fn discount(total: u32) -> u32 {
///     if total < 100 {
///         return 0;
///     }
///     total / 10
/// }
///
/// #[workflow]
/// async fn price(total: u32) -> Result<u32, Failed> {
///     Ok(total - discount(total))
/// }
///
/// let text = price::definition().lower().unwrap().machine.to_json_pretty();
/// assert!(text.contains("$states.input - ($states.input < 100 ? 0 : $floor($states.input / 10))"), "{text}");
/// ```
pub use sfn_macros::expr;

/// What the build script of a deploying crate calls.
///
/// ```no_run
/// # let definition = sfn::Definition::from_flow("answer", "", |flow| flow.succeed(sfn::literal(42)));
/// // build.rs: fn main() { sfn::build::emit([orders::order_saga::definition()]) }
/// sfn::build::emit([definition]);
/// ```
pub mod build {
    pub use sfn_core::emit::emit;
}

/// Starts, awaits and reads executions of workflows on Step Functions, and completes task tokens there.
#[cfg(feature = "client")]
pub use sfn_client as client;

/// Does the work of activities, in a process of your own.
#[cfg(feature = "worker")]
pub use sfn_client::worker;

/// Serves the tasks of workflows as Lambda functions.
#[cfg(feature = "lambda")]
pub use sfn_lambda as lambda;

/// What a crate of tasks and workflows uses: `use sfn::prelude::*`.
pub mod prelude {
    pub use serde::{Deserialize, Serialize};
    pub use sfn_core::{
        Batch, Failed, Failure, Payload, Pii, Profile, Retry, RetryPolicy, Secret, TaskContext, TaskError,
        TaskToken, Timestamp, TokenError, aws_sdk, days, execution, fail, hours, join, jsonata, map,
        map_distributed, mins, now, random, raw_state, retry_count, s3, saga, secs, sleep, state_machine,
        task_token, uuid,
    };
    #[cfg(feature = "stored")]
    pub use sfn_core::{Stored, Summary};
    pub use sfn_macros::{Payload, TaskError, expr, task, workflow};
}

/// What stands beside an idempotent task: nothing, in a program that can keep what such tasks have done.
#[doc(hidden)]
#[macro_export]
#[cfg(not(all(any(feature = "lambda", feature = "worker"), not(feature = "idempotency"))))]
macro_rules! __idempotent {
    () => {};
}

/// What stands beside an idempotent task: an error, in a program that serves tasks and cannot keep what they have done.
#[doc(hidden)]
#[macro_export]
#[cfg(all(any(feature = "lambda", feature = "worker"), not(feature = "idempotency")))]
macro_rules! __idempotent {
    () => {
        ::core::compile_error!(
            "this task is idempotent, and the program that serves it is built without what keeps its results: in the package \
             of that program, switch on the feature `idempotency` of `sfn` too"
        );
    };
}

/// What the macros write. Not for people: it changes with the macros.
#[doc(hidden)]
pub mod __private {
    pub use crate::__idempotent as idempotent;
    pub use serde_json;
    pub use sfn_core::*;
}
