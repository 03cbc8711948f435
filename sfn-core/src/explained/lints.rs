//! Codes of lints: what works and should perhaps be written in another way.
//! Separate because their levels can be changed: `#[workflow(allow(..))]`, `sfn.toml`.

use super::Explanation;
use super::Told::Building;

pub(super) const ALL: &[Explanation] = &[
    Explanation {
        code: "task-without-timeout",
        told: Building,
        what: "A task has no timeout.",
        why: "An attempt that hangs takes as long as its Lambda function lets it, which is fifteen minutes at most.",
        bad: r"
#[task]
async fn rate(order: String) -> Result<u32, Infallible> {
    Ok(order.len() as u32)
}

#[workflow]
async fn saga(order: Order) -> Result<u32, Failed> {
    Ok(rate(order.id).await?)
}",
        good: r#"
#[task(timeout = "30s")]
async fn rate(order: String) -> Result<u32, Infallible> {
    Ok(order.len() as u32)
}

#[workflow]
async fn saga(order: Order) -> Result<u32, Failed> {
    Ok(rate(order.id).await?)
}"#,
    },
    Explanation {
        code: "callback-without-heartbeat",
        told: Building,
        what: "A task waits for its token without a heartbeat.",
        why: "That its worker is gone shows only at the timeout. People cannot send heartbeats; workers can.",
        bad: r"
let approved = ask(&order.id).await?;",
        good: r"
let approved = ask(&order.id).heartbeat(hours(1)).await?;",
    },
    Explanation {
        code: "retried-side-effect",
        told: Building,
        what: "A task is retried that nobody says can be repeated, or an action of a service that cannot.",
        why: "An attempt may have done its work when only its answer is lost; the default Retrier retries it then. An \
              `idempotent` task is given what that attempt gave; of a `repeatable` one a second run changes nothing.",
        bad: r#"
#[task(timeout = "30s")]
async fn pay(order: String) -> Result<u32, Infallible> {
    Ok(order.len() as u32)
}

#[workflow]
async fn saga(order: Order) -> Result<u32, Failed> {
    Ok(pay(&order.id).await?)
}"#,
        good: r#"
#[task(timeout = "30s", idempotent)]
async fn pay(order: String) -> Result<u32, Infallible> {
    Ok(order.len() as u32)
}

#[workflow]
async fn saga(order: Order) -> Result<u32, Failed> {
    Ok(pay(&order.id).await?)
}"#,
    },
    Explanation {
        code: "express-side-effect",
        told: Building,
        what: "An Express workflow does something that nobody says can be done twice.",
        why: "An Express execution that is started and left runs at least once, and is not told from its repetition. Only a key \
              made of the arguments, which the repetition has again, tells that the work is done.",
        bad: r#"
#[task(timeout = "30s")]
async fn pay(order: String) -> Result<u32, Infallible> {
    Ok(order.len() as u32)
}

#[workflow(express)]
async fn saga(order: Order) -> Result<u32, Failed> {
    Ok(pay(&order.id).await?)
}"#,
        good: r#"
#[task(timeout = "30s", idempotent = order)]
async fn pay(order: String) -> Result<u32, Infallible> {
    Ok(order.len() as u32)
}

#[workflow(express)]
async fn saga(order: Order) -> Result<u32, Failed> {
    Ok(pay(&order.id).await?)
}"#,
    },
    Explanation {
        code: "ignored-failure",
        told: Building,
        what: "A failure is swallowed, whatever it is.",
        why: "A payload that does not fit and a function that is gone are swallowed too.",
        bad: r"
let _ = charge(&order.id, 5).await;",
        good: r"
match charge(&order.id, 5).await {
    Ok(_) => {}
    Err(Failure::Task(PaymentError::Limit)) => {}
    Err(other) => return Err(other.into()),
}",
    },
    Explanation {
        code: "hidden-error",
        told: Building,
        what: "An arm for any failure takes errors that the task declares and no arm names.",
        why: "An error that the task declares tomorrow would be taken there too, and nobody would be told.",
        bad: r"
let cents = match charge(&order.id, 5).await {
    Ok(charge) => charge.cents,
    Err(Failure::Task(PaymentError::Limit)) => 0,
    Err(_) => 1,
};",
        good: r"
let cents = match charge(&order.id, 5).await {
    Ok(charge) => charge.cents,
    Err(Failure::Task(PaymentError::Limit)) => 0,
    Err(Failure::Task(PaymentError::Declined { .. })) => 1,
    Err(other) => return Err(other.into()),
};",
    },
    Explanation {
        code: "unreachable-step",
        told: Building,
        what: "A statement of a flow stands behind one that ends it.",
        why: "No State is made of it. In a `#[workflow]` the compiler says so.",
        bad: r#"
fn definition() -> Definition {
    Definition::from_flow("saga", "", |flow| {
        flow.succeed(sfn::literal(1));
        flow.sleep(secs(1));
    })
}"#,
        good: r#"
fn definition() -> Definition {
    Definition::from_flow("saga", "", |flow| {
        flow.sleep(secs(1));
        flow.succeed(sfn::literal(1));
    })
}"#,
    },
    Explanation {
        code: "unreachable-compensation",
        told: Building,
        what: "Nothing can fail behind a step that has a compensation.",
        why: "A compensation runs when something fails after its step.",
        bad: r"
ping().await?;
charge(&order.id, 5).compensate(|charge| refund(&charge.id)).await?;",
        good: r"
charge(&order.id, 5).compensate(|charge| refund(&charge.id)).await?;
ping().await?;",
    },
    Explanation {
        code: "uncompensated-step",
        told: Building,
        what: "A step has no compensation, and stands between one that has and something that may fail.",
        why: "It stays done when what was done before it is undone.",
        bad: r"
charge(&order.id, 5).compensate(|charge| refund(&charge.id)).await?;
charge(&order.id, 7).await?;
ping().await?;",
        good: r"
charge(&order.id, 5).compensate(|charge| refund(&charge.id)).await?;
charge(&order.id, 7).compensate(|charge| refund(&charge.id)).await?;
ping().await?;",
    },
    Explanation {
        code: "inexact-integer",
        told: Building,
        what: "An integer is beyond 2^53.",
        why: "JSONata's numbers are doubles: it becomes the nearest one.",
        bad: r"
#[workflow]
async fn saga() -> Result<u64, Failed> {
    Ok(9_007_199_254_740_993)
}",
        good: r#"
#[workflow]
async fn saga() -> Result<String, Failed> {
    Ok("9007199254740993".to_string())
}"#,
    },
    Explanation {
        code: "wide-integer-field",
        told: Building,
        what: "A payload has a field of 64 bits.",
        why: "Whatever JSONata touches is rounded beyond 2^53, ids first of all.",
        bad: r"
#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
struct Parcel {
    id: u64,
}

#[workflow]
async fn saga(parcel: Parcel) -> Result<Parcel, Failed> {
    Ok(parcel)
}",
        good: r"
#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
struct Parcel {
    id: String,
}

#[workflow]
async fn saga(parcel: Parcel) -> Result<Parcel, Failed> {
    Ok(parcel)
}",
    },
    Explanation {
        code: "sensitive-field",
        told: Building,
        what: "A payload has a field that is called as secrets, or numbers of cards, are.",
        why: "Inputs and outputs stand in the history of the execution, for 90 days and for everybody who may read it.",
        bad: r"
#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
struct Purchase {
    card_number: String,
}

#[workflow]
async fn saga(purchase: Purchase) -> Result<Purchase, Failed> {
    Ok(purchase)
}",
        good: r"
#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
struct Purchase {
    /// What the vault knows the card by.
    card_reference: String,
}

#[workflow]
async fn saga(purchase: Purchase) -> Result<Purchase, Failed> {
    Ok(purchase)
}",
    },
    Explanation {
        code: "personal-data-sent",
        told: Building,
        what: "A service is sent what a `Pii` holds.",
        why: "Personal data travels only where somebody said that it may: a topic, a queue, a table or a bucket has readers of \
              its own, and nothing there marks what is personal.",
        bad: r#"
#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
struct Customer {
    id: String,
    email: Pii<String>,
}

#[workflow]
async fn saga(customer: Customer) -> Result<(), Failed> {
    sfn::sqs::send("${WelcomeQueueUrl}", &customer).await?;
    Ok(())
}"#,
        good: r#"
#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
struct Customer {
    id: String,
    email: Pii<String>,
}

#[workflow]
async fn saga(customer: Customer) -> Result<(), Failed> {
    sfn::sqs::send("${WelcomeQueueUrl}", &customer.id).await?;
    Ok(())
}

#[workflow(allow(personal_data_sent))]
async fn welcome(customer: Customer) -> Result<(), Failed> {
    sfn::sqs::send("${WelcomeQueueUrl}", &customer).await?;
    Ok(())
}"#,
    },
    Explanation {
        code: "personal-data-in-failure",
        told: Building,
        what: "The error or the cause of a failing execution tells what a `Pii` holds.",
        why: "Both are logged, and stand in EventBridge's events and wherever those are sent, in lists and in alarms.",
        bad: r#"
#[workflow]
async fn saga(email: Pii<String>) -> Result<(), Failed> {
    if email.expose().is_empty() {
        return Ok(());
    }
    Err(fail("Unreachable", format!("{} bounces", email.expose())))
}"#,
        good: r#"
#[workflow]
async fn saga(email: Pii<String>) -> Result<(), Failed> {
    if email.expose().is_empty() {
        return Ok(());
    }
    Err(fail("Unreachable", "the address bounces"))
}"#,
    },
    Explanation {
        code: "unmarked-personal-data",
        told: Building,
        what: "A task is given what a `Pii` holds as if it were nothing special.",
        why: "The mark is what keeps it out of logs and traces: whoever reads it in the manifest sees it where the task takes a \
              `Pii`, and nowhere else.",
        bad: r#"
#[task(timeout = "30s")]
async fn greet(email: String) -> Result<(), Infallible> {
    drop(email);
    Ok(())
}

#[workflow]
async fn saga(email: Pii<String>) -> Result<(), Failed> {
    greet(email.expose()).await?;
    Ok(())
}"#,
        good: r#"
#[task(timeout = "30s")]
async fn greet(email: Pii<String>) -> Result<(), Infallible> {
    drop(email);
    Ok(())
}

#[workflow]
async fn saga(email: Pii<String>) -> Result<(), Failed> {
    greet(&email).await?;
    Ok(())
}"#,
    },
];
