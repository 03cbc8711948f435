//! The tasks that the served process offers. Written by hand, as the macros would write them, because this crate stands
//! below the macros.

use serde_json::Value;
use sfn_core::{
    ArgumentSpec, Arguments, ErrorField, ErrorSpec, Failed, Origin, Pattern, Payload, Task, TaskEntry,
    TaskError, TaskSpec, TaskToken, acknowledge, respond,
};
use std::convert::Infallible;

/// Everything the process serves.
pub(crate) fn all() -> Vec<TaskEntry> {
    vec![TaskEntry::of::<Divide>(), TaskEntry::of::<Total>(), TaskEntry::of::<Pick>()]
}

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
