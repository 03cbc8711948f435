//! Codes of `#[task]` and `#[derive(TaskError)]`.
//! Separate because a task is whole without any workflow.

use super::Explanation;
use super::Told::{Building, Compiling};

pub(super) const ALL: &[Explanation] = &[
    Explanation {
        code: "task-signature",
        told: Compiling,
        what: "`#[task]` stands on something that is not a plain `async fn` with a body.",
        why: "A task is served as a Lambda function: it is started with a payload from the wire, so it has no `self`, no \
              type parameters and nothing but its arguments.",
        bad: r"
#[task]
fn greet(name: String) -> Result<String, Infallible> {
    Ok(name)
}",
        good: r"
#[task]
async fn greet(name: String) -> Result<String, Infallible> {
    Ok(name)
}",
    },
    Explanation {
        code: "task-argument",
        told: Compiling,
        what: "An argument of a task is borrowed, generic, or has no plain name.",
        why: "Arguments arrive as JSON. The name is the key there, and what is read from it belongs to the task. Callers \
              may still pass a reference.",
        bad: r"
#[task]
async fn greet(name: &str) -> Result<String, Infallible> {
    Ok(name.to_owned())
}",
        good: r"
#[task]
async fn greet(name: String) -> Result<String, Infallible> {
    Ok(name)
}",
    },
    Explanation {
        code: "task-result",
        told: Compiling,
        what: "A task does not return `Result<Output, Error>` with owned types.",
        why: "Every attempt ends with an output or with a declared error; both travel as JSON.",
        bad: r"
#[task]
async fn greet(name: String) -> String {
    name
}",
        good: r"
#[task]
async fn greet(name: String) -> Result<String, Infallible> {
    Ok(name)
}",
    },
    Explanation {
        code: "task-token",
        told: Compiling,
        what: "A task has two tokens, or an output beside its token.",
        why: "A task with a `TaskToken<T>` gives what the token is completed with, perhaps days later; what the function \
              itself returns reaches nobody.",
        bad: r#"
#[task(timeout = "3d")]
async fn approve(order: String, token: TaskToken<bool>) -> Result<bool, Infallible> {
    Ok(order.is_empty() && token.as_str().is_empty())
}"#,
        good: r#"
#[task(timeout = "3d")]
async fn approve(order: String, token: TaskToken<bool>) -> Result<(), Infallible> {
    drop((order, token));
    Ok(())
}"#,
    },
    Explanation {
        code: "token-without-timeout",
        told: Compiling,
        what: "A task waits for its token and has no timeout.",
        why: "When the answer gets lost, nothing else ends the wait: the workflow hangs for a year.",
        bad: r"
#[task]
async fn approve(token: TaskToken<bool>) -> Result<(), Infallible> {
    drop(token);
    Ok(())
}",
        good: r#"
#[task(timeout = "3d")]
async fn approve(token: TaskToken<bool>) -> Result<(), Infallible> {
    drop(token);
    Ok(())
}"#,
    },
    Explanation {
        code: "heartbeat-without-token",
        told: Compiling,
        what: "A task has a heartbeat and no token.",
        why: "A heartbeat is sent with the token (`token.heartbeat()`); Lambda functions that answer by themselves cannot \
              send one.",
        bad: r#"
#[task(timeout = "1h", heartbeat = "1m")]
async fn convert(video: String) -> Result<String, Infallible> {
    Ok(video)
}"#,
        good: r#"
#[task(timeout = "1h", heartbeat = "1m")]
async fn convert(video: String, token: TaskToken<String>) -> Result<(), Infallible> {
    drop((video, token));
    Ok(())
}"#,
    },
    Explanation {
        code: "heartbeat-beyond-timeout",
        told: Compiling,
        what: "A heartbeat is as long as the timeout, or longer.",
        why: "It would never be missed before the task times out anyway; the service refuses it.",
        bad: r#"
#[task(timeout = "1m", heartbeat = "1h")]
async fn approve(token: TaskToken<bool>) -> Result<(), Infallible> {
    drop(token);
    Ok(())
}"#,
        good: r#"
#[task(timeout = "3d", heartbeat = "1h")]
async fn approve(token: TaskToken<bool>) -> Result<(), Infallible> {
    drop(token);
    Ok(())
}"#,
    },
    Explanation {
        code: "activity-without-timeout",
        told: Compiling,
        what: "An activity has no timeout.",
        why: "When no worker asks for it, nothing else ends the wait: the workflow hangs for a year.",
        bad: r"
#[task(activity)]
async fn weigh(parcel: String) -> Result<u32, Infallible> {
    Ok(parcel.len() as u32)
}",
        good: r#"
#[task(activity, timeout = "1h")]
async fn weigh(parcel: String) -> Result<u32, Infallible> {
    Ok(parcel.len() as u32)
}"#,
    },
    Explanation {
        code: "activity-with-memory",
        told: Compiling,
        what: "An activity is given memory.",
        why: "It runs in a worker of your own, and no Lambda function is made for it.",
        bad: r#"
#[task(activity, timeout = "1h", memory = 512)]
async fn weigh(parcel: String) -> Result<u32, Infallible> {
    Ok(parcel.len() as u32)
}"#,
        good: r#"
#[task(activity, timeout = "1h")]
async fn weigh(parcel: String) -> Result<u32, Infallible> {
    Ok(parcel.len() as u32)
}"#,
    },
    Explanation {
        code: "activity-with-token",
        told: Compiling,
        what: "An activity takes a token.",
        why: "Its worker has one already: what the function returns is sent with it.",
        bad: r#"
#[task(activity, timeout = "1h")]
async fn weigh(parcel: String, token: TaskToken<u32>) -> Result<(), Infallible> {
    drop((parcel, token));
    Ok(())
}"#,
        good: r#"
#[task(activity, timeout = "1h")]
async fn weigh(parcel: String) -> Result<u32, Infallible> {
    Ok(parcel.len() as u32)
}"#,
    },
    Explanation {
        code: "idempotent-with-token",
        told: Compiling,
        what: "A task with a token is `idempotent`.",
        why: "What it gives comes through its token, and every attempt has another one. Were a second attempt given what the \
              first gave, nobody would ever get its token.",
        bad: r#"
#[task(idempotent, timeout = "3d")]
async fn ask(id: String, token: TaskToken<bool>) -> Result<(), Infallible> {
    println!("{id}: {}", token.as_str());
    Ok(())
}"#,
        good: r#"
/// Asks once, however often it is told to: the message has the order's id, and a second one replaces the first.
#[task(repeatable, timeout = "3d")]
async fn ask(id: String, token: TaskToken<bool>) -> Result<(), Infallible> {
    println!("{id}: {}", token.as_str());
    Ok(())
}"#,
    },
    Explanation {
        code: "idempotent-and-repeatable",
        told: Compiling,
        what: "A task is both `idempotent` and `repeatable`.",
        why: "`repeatable` says that a second run changes nothing, so it may happen; `idempotent` keeps it from happening.",
        bad: r"
#[task(idempotent, repeatable)]
async fn rate(order: String) -> Result<usize, Infallible> {
    Ok(order.len())
}",
        good: r"
#[task(repeatable)]
async fn rate(order: String) -> Result<usize, Infallible> {
    Ok(order.len())
}",
    },
    Explanation {
        code: "remember-without-idempotent",
        told: Compiling,
        what: "A task says how long its result is kept, and is not `idempotent`.",
        why: "Only the results of idempotent tasks are kept.",
        bad: r#"
#[task(remember = "30d")]
async fn charge(order: String) -> Result<usize, Infallible> {
    Ok(order.len())
}"#,
        good: r#"
#[task(idempotent = order, remember = "30d")]
async fn charge(order: String) -> Result<usize, Infallible> {
    Ok(order.len())
}"#,
    },
    Explanation {
        code: "idempotency-key",
        told: Compiling,
        what: "The key of an idempotent task is made of something that its callers do not give.",
        why: "The token, the context and the state of a process are others for another attempt, and the key must be the same.",
        bad: r"
#[task(idempotent = context.request_id())]
async fn charge(order: String, context: TaskContext) -> Result<usize, Infallible> {
    Ok(order.len() + context.state().len())
}",
        good: r"
#[task(idempotent = order)]
async fn charge(order: String, context: TaskContext) -> Result<usize, Infallible> {
    Ok(order.len() + context.state().len())
}",
    },
    Explanation {
        code: "unknown-option",
        told: Compiling,
        what: "An attribute, a call, a `map` or a reader is given an option that it does not have.",
        why: "The message lists those it has.",
        bad: r#"
#[task(time_out = "30s")]
async fn greet(name: String) -> Result<String, Infallible> {
    Ok(name)
}"#,
        good: r#"
#[task(timeout = "30s")]
async fn greet(name: String) -> Result<String, Infallible> {
    Ok(name)
}"#,
    },
    Explanation {
        code: "repeated-option",
        told: Compiling,
        what: "An option is given twice.",
        why: "Only one can hold. Two compensations of one step are one task, or one workflow, that undoes everything.",
        bad: r#"
#[task(timeout = "30s", timeout = "1m")]
async fn greet(name: String) -> Result<String, Infallible> {
    Ok(name)
}"#,
        good: r#"
#[task(timeout = "1m")]
async fn greet(name: String) -> Result<String, Infallible> {
    Ok(name)
}"#,
    },
    Explanation {
        code: "option-value",
        told: Compiling,
        what: "An option is set to something it cannot be.",
        why: "Durations are texts with units (`\"1h30m\"`), and every number has the range that the service gives it.",
        bad: r"
#[task(timeout = 30)]
async fn greet(name: String) -> Result<String, Infallible> {
    Ok(name)
}",
        good: r#"
#[task(timeout = "30s")]
async fn greet(name: String) -> Result<String, Infallible> {
    Ok(name)
}"#,
    },
    Explanation {
        code: "option-syntax",
        told: Compiling,
        what: "The options of an attribute cannot be read.",
        why: "An option is a name, a name and a literal (`memory = 512`), or a name and a list (`retry(attempts = 5)`); \
              commas stand between them.",
        bad: r#"
#[task(timeout "30s")]
async fn greet(name: String) -> Result<String, Infallible> {
    Ok(name)
}"#,
        good: r#"
#[task(timeout = "30s")]
async fn greet(name: String) -> Result<String, Infallible> {
    Ok(name)
}"#,
    },
    Explanation {
        code: "error-type",
        told: Compiling,
        what: "`#[derive(TaskError)]` stands on a union or a generic type, or an option of a variant on the whole enum.",
        why: "The names and fields of a task's errors are one contract with everybody who catches them.",
        bad: r#"
#[derive(Debug, thiserror::Error, TaskError)]
enum StockError<T: std::fmt::Debug> {
    #[error("there is none")]
    OutOf { item: T },
}"#,
        good: r#"
#[derive(Debug, thiserror::Error, TaskError)]
enum StockError {
    #[error("there is none")]
    OutOf { item: String },
}"#,
    },
    Explanation {
        code: "error-name",
        told: Compiling,
        what: "An Error Name is empty, too long, taken by another error, or reserved.",
        why: "Workflows catch an error by its name. `States.`, `Lambda.`, `Payload.`, `Task.` and `Saga.` begin names that \
              mean something already.",
        bad: r#"
#[derive(Debug, thiserror::Error, TaskError)]
enum StockError {
    #[error("there is none")]
    #[task_error(name = "States.OutOf")]
    OutOf,
}"#,
        good: r#"
#[derive(Debug, thiserror::Error, TaskError)]
enum StockError {
    #[error("there is none")]
    #[task_error(name = "Stock.OutOf")]
    OutOf,
}"#,
    },
    Explanation {
        code: "not-a-task-error",
        told: Compiling,
        what: "The error of a task declares no Error Names.",
        why: "An error that no workflow can name could only be caught together with all others.",
        bad: r"
#[task]
async fn parse(text: String) -> Result<u32, std::num::ParseIntError> {
    text.parse()
}",
        good: r#"
#[derive(Debug, thiserror::Error, TaskError)]
#[error("{text} is no number")]
struct NotANumber {
    text: String,
}

#[task]
async fn parse(text: String) -> Result<u32, NotANumber> {
    text.parse().map_err(|_| NotANumber { text })
}"#,
    },
    Explanation {
        code: "argument-type",
        told: Compiling,
        what: "A task or a service is called with an argument of another type.",
        why: "What a task takes is its contract. A value and a reference to one are both fine.",
        bad: r"
charge(&order.total, 5).await?;",
        good: r"
charge(&order.id, 5).await?;",
    },
    Explanation {
        code: "duplicate-task-name",
        told: Building,
        what: "Two tasks that are deployed together have one name.",
        why: "The name is the Lambda function's handler: the one binary could not tell them apart.",
        bad: r"
mod stock {
    use super::*;

    #[task]
    pub async fn reserve() -> Result<u32, Infallible> {
        Ok(1)
    }
}

mod travel {
    use super::*;

    #[task]
    pub async fn reserve() -> Result<u32, Infallible> {
        Ok(2)
    }
}

#[workflow]
async fn both() -> Result<u32, Failed> {
    Ok(stock::reserve().await? + travel::reserve().await?)
}",
        good: r#"
mod stock {
    use super::*;

    #[task]
    pub async fn reserve() -> Result<u32, Infallible> {
        Ok(1)
    }
}

mod travel {
    use super::*;

    #[task(name = "reserve-travel")]
    pub async fn reserve() -> Result<u32, Infallible> {
        Ok(2)
    }
}

#[workflow]
async fn both() -> Result<u32, Failed> {
    Ok(stock::reserve().await? + travel::reserve().await?)
}"#,
    },
];
