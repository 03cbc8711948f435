//! The tasks that the served process offers. Written by hand, as the macros would write them, because this crate stands
//! below the macros.

use crate::idempotent::{Count, CountByKey};
use serde_json::Value;
use sfn_core::{
    ArgumentSpec, Arguments, ErrorField, ErrorSpec, Failed, Origin, Pattern, Payload, Setup, StateSpec,
    Stateful, Stored, Surroundings, Task, TaskEntry, TaskError, TaskSpec, TaskToken, acknowledge,
    context_argument, respond,
};
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Everything the process serves.
pub(crate) fn all() -> Vec<TaskEntry> {
    vec![
        TaskEntry::of::<Divide>(),
        TaskEntry::of::<Total>(),
        TaskEntry::of::<Pick>(),
        TaskEntry::of::<Price>(),
        TaskEntry::of::<Wait>(),
        TaskEntry::of::<Tell>(),
        TaskEntry::of::<Count>(),
        TaskEntry::of::<CountByKey>(),
        TaskEntry::of::<Swell>(),
        TaskEntry::of::<Keep>(),
    ]
}

/// What it sets up for them, unless the environment has it otherwise.
pub(crate) fn setup() -> Setup {
    let prices = async || {
        let built = BUILT.fetch_add(1, Ordering::Relaxed) + 1;
        Ok::<_, Infallible>(Prices { cents: 7, built })
    };
    let setup = Setup::new().state(async || Err::<u8, _>("nobody asks for this one"));
    match std::env::var("PRICES").as_deref() {
        Ok("ABSENT") => setup,
        Ok("FAILING") => setup.state(async || Err::<Prices, _>("no database")),
        Ok("CLOSED") => {
            let close = async |prices: Arc<Prices>| {
                tokio::time::sleep(Duration::from_millis(10)).await;
                tracing::warn!("closed the prices of {} cents", prices.cents);
            };
            setup.state(prices).shutdown(async |_: Arc<u8>| {}).shutdown(close)
        }
        _ => setup.state(prices),
    }
}

static BUILT: AtomicU32 = AtomicU32::new(0);

#[derive(Debug, thiserror::Error)]
#[error("{dividend} / 0")]
struct DivisionByZero {
    dividend: i32,
}

impl TaskError for DivisionByZero {
    const ERRORS: &'static [ErrorSpec] = &[ErrorSpec {
        variant: "DivisionByZero",
        name: "Math.DivisionByZero",
        retry: false,
        fields: &[ErrorField { name: "dividend", wire: "dividend", shape: <i32 as Payload>::shape }],
    }];

    fn error_name(&self) -> &'static str {
        "Math.DivisionByZero"
    }

    fn fields(&self) -> Value {
        serde_json::json!({ "dividend": self.dividend })
    }

    fn from_fields(_: &str, fields: Value) -> Option<Self> {
        Some(Self { dividend: fields["dividend"].as_i64()?.try_into().ok()? })
    }
}

/// Fails as declared.
struct Divide;

impl Task for Divide {
    type Output = i32;
    type Error = DivisionByZero;

    const SPEC: TaskSpec = TaskSpec {
        arguments: &[
            ArgumentSpec::new("dividend", <i32 as Payload>::shape),
            ArgumentSpec::new("divisor", <i32 as Payload>::shape),
        ],
        ..TaskSpec::new::<Self>("divide", Origin::new(file!(), line!(), 1))
    };

    async fn run(payload: Value) -> Result<Value, Failed> {
        let mut arguments = Arguments::new(&Self::SPEC, payload)?;
        let dividend: i32 = arguments.take("dividend")?;
        let divisor: i32 = arguments.take("divisor")?;
        respond::<Self>(dividend.checked_div(divisor).ok_or(DivisionByZero { dividend }))
    }
}

struct Prices {
    cents: u32,
    built: u32,
}

/// Multiplies with what it shares.
struct Price;

impl Stateful for Price {
    type State = Prices;
}

impl Task for Price {
    type Output = (String, u32, u32);
    type Error = Infallible;

    const SPEC: TaskSpec = TaskSpec {
        arguments: &[ArgumentSpec::new("count", <u32 as Payload>::shape)],
        state: Some(StateSpec::of::<Self>()),
        ..TaskSpec::new::<Self>("price", Origin::new(file!(), line!(), 1))
    };

    async fn run(payload: Value) -> Result<Value, Failed> {
        let count: u32 = Arguments::new(&Self::SPEC, payload)?.take("count")?;
        let prices = sfn_core::state::<Self>()?;
        let request = Surroundings::current().request_id.unwrap().to_string();
        respond::<Self>(Ok((request, count * prices.get().cents, prices.get().built)))
    }
}

/// Takes as long as it is told, which may be longer than any function may, and holds what it shares meanwhile.
struct Wait;

impl Stateful for Wait {
    type State = Prices;
}

impl Task for Wait {
    type Output = ();
    type Error = Infallible;

    const SPEC: TaskSpec = TaskSpec {
        arguments: &[ArgumentSpec::new("milliseconds", <u64 as Payload>::shape)],
        state: Some(StateSpec::of::<Self>()),
        ..TaskSpec::new::<Self>("wait", Origin::new(file!(), line!(), 1))
    };

    async fn run(payload: Value) -> Result<Value, Failed> {
        let milliseconds = Arguments::new(&Self::SPEC, payload)?.take("milliseconds")?;
        tracing::info!("waiting");
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
        respond::<Self>(Ok(()))
    }
}

/// Says where it runs, and fails.
struct Tell;

impl Task for Tell {
    type Output = ();
    type Error = NotDelivered;

    const SPEC: TaskSpec = TaskSpec {
        arguments: &[ArgumentSpec::context("context")],
        ..TaskSpec::new::<Self>("tell", Origin::new(file!(), line!(), 1))
    };

    async fn run(payload: Value) -> Result<Value, Failed> {
        let context = context_argument(&mut Arguments::new(&Self::SPEC, payload)?, "context")?;
        tracing::info!(news = 7, "told in {}", context.state());
        respond::<Self>(Err(NotDelivered(format!("traced by {:?}", context.trace_id()))))
    }
}

/// Panics over an empty list.
struct Total;

impl Task for Total {
    type Output = i64;
    type Error = Infallible;

    const SPEC: TaskSpec = TaskSpec {
        arguments: &[ArgumentSpec::new("numbers", <Vec<i64> as Payload>::shape)],
        ..TaskSpec::new::<Self>("total", Origin::new(file!(), line!(), 1))
    };

    async fn run(payload: Value) -> Result<Value, Failed> {
        let numbers: Vec<i64> = Arguments::new(&Self::SPEC, payload)?.take("numbers")?;
        assert!(!numbers.is_empty(), "nothing to add");
        respond::<Self>(Ok(numbers.iter().sum()))
    }
}

#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct NotDelivered(String);

impl TaskError for NotDelivered {
    const ERRORS: &'static [ErrorSpec] =
        &[ErrorSpec { variant: "NotDelivered", name: "NotDelivered", retry: false, fields: &[] }];

    fn error_name(&self) -> &'static str {
        "NotDelivered"
    }

    fn fields(&self) -> Value {
        Value::Null
    }

    fn from_fields(_: &str, _: Value) -> Option<Self> {
        None
    }
}

/// Uses its token in each possible way.
struct Pick;

impl Task for Pick {
    type Output = String;
    type Error = NotDelivered;

    const SPEC: TaskSpec = TaskSpec {
        pattern: Pattern::WaitForCallback,
        arguments: &[ArgumentSpec::token("token")],
        ..TaskSpec::new::<Self>("pick", Origin::new(file!(), line!(), 1))
    };

    async fn run(payload: Value) -> Result<Value, Failed> {
        let token: TaskToken<String> = Arguments::new(&Self::SPEC, payload)?.take("token")?;
        acknowledge::<Self>(pick(token).await.map_err(|error| NotDelivered(error.to_string())))
    }
}

async fn pick(token: TaskToken<String>) -> Result<(), sfn_core::TokenError> {
    token.heartbeat().await?;
    token.fail(DivisionByZero { dividend: 7 }).await?;
    token.succeed("picked".to_owned()).await
}

/// Gives a text of so many characters.
struct Swell;

impl Task for Swell {
    type Output = String;
    type Error = Infallible;

    const SPEC: TaskSpec = TaskSpec {
        arguments: &[ArgumentSpec::new("length", <usize as Payload>::shape)],
        ..TaskSpec::new::<Self>("swell", Origin::new(file!(), line!(), 1))
    };

    async fn run(payload: Value) -> Result<Value, Failed> {
        let length = Arguments::new(&Self::SPEC, payload)?.take("length")?;
        respond::<Self>(Ok("x".repeat(length)))
    }
}

/// Gives a value twice as long as the one it is given, either of which may be kept elsewhere.
struct Keep;

impl Task for Keep {
    type Output = Stored<String>;
    type Error = Infallible;

    const SPEC: TaskSpec = TaskSpec {
        arguments: &[ArgumentSpec::new("text", <Stored<String> as Payload>::shape)],
        ..TaskSpec::new::<Self>("keep", Origin::new(file!(), line!(), 1))
    };

    async fn run(payload: Value) -> Result<Value, Failed> {
        let text: Stored<String> = Arguments::new(&Self::SPEC, payload)?.take("text")?;
        respond::<Self>(Ok(Stored::new(text.repeat(2))))
    }
}
