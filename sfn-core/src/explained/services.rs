//! Codes of what a workflow says in words of others: services, JSONata, States written by hand.
//! Separate because here text is judged that no compiler has seen.

use super::Explanation;
use super::Told::{Building, Compiling};

pub(super) const ALL: &[Explanation] = &[
    Explanation {
        code: "untyped-jsonata",
        told: Compiling,
        what: "Nobody says what a `jsonata!(..)` gives.",
        why: "The text is JSONata, whose result the compiler cannot know.",
        bad: r#"
let count = jsonata!("$count($lines)", lines = &order.lines)?;"#,
        good: r#"
let count: u32 = jsonata!("$count($lines)", lines = &order.lines)?;"#,
    },
    Explanation {
        code: "jsonata-syntax",
        told: Building,
        what: "A `jsonata!(..)`, or an expression in a State by hand, cannot be read.",
        why: "The service would refuse the definition.",
        bad: r#"
let count: u32 = jsonata!("$count($lines", lines = &order.lines)?;"#,
        good: r#"
let count: u32 = jsonata!("$count($lines)", lines = &order.lines)?;"#,
    },
    Explanation {
        code: "jsonata-type",
        told: Building,
        what: "A `jsonata!(..)` gives something else than its type says.",
        why: "Whoever reads it would find another type on the wire.",
        bad: r#"
let count: u32 = jsonata!("$string($lines)", lines = &order.lines)?;"#,
        good: r#"
let text: String = jsonata!("$string($lines)", lines = &order.lines)?;"#,
    },
    Explanation {
        code: "unknown-jsonata-name",
        told: Building,
        what: "JSONata names a variable that is not given, or a function that does not exist.",
        why: "Names of Rust are not visible there; what it needs is given by name.",
        bad: r#"
let count: u32 = jsonata!("$count($lines)")?;"#,
        good: r#"
let count: u32 = jsonata!("$count($lines)", lines = &order.lines)?;"#,
    },
    Explanation {
        code: "unused-jsonata-name",
        told: Building,
        what: "A name is given to JSONata that does not use it.",
        why: "Most often the `$` in front of it was forgotten: without it the name is a field.",
        bad: r#"
let count: u32 = jsonata!("$count(lines)", lines = &order.lines)?;"#,
        good: r#"
let count: u32 = jsonata!("$count($lines)", lines = &order.lines)?;"#,
    },
    Explanation {
        code: "raw-state",
        told: Building,
        what: "A State by hand cannot be a step.",
        why: "It is a Task, Map, Parallel or Pass State that does its work and leaves the way to the workflow: without \
              `Next`, `End`, `Catch` and `Assign`.",
        bad: r##"
let sum: u32 = raw_state::<u32>(r#"{ "Type": "Pass", "Output": 5, "Next": "Later" }"#).await?;"##,
        good: r##"
let sum: u32 = raw_state::<u32>(r#"{ "Type": "Pass", "Output": 5 }"#).await?;"##,
    },
    Explanation {
        code: "event-detail",
        told: Building,
        what: "The detail of an event is no object.",
        why: "EventBridge refuses it.",
        bad: r#"
sfn::events::put("bus", "shop", "Ordered", &order.id).await?;"#,
        good: r#"
sfn::events::put("bus", "shop", "Ordered", &order).await?;"#,
    },
    Explanation {
        code: "duplicate-value",
        told: Building,
        what: "Two values of one change of a table are called alike.",
        why: "DynamoDB puts values into an expression by their names.",
        bad: r##"
#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
struct Key {
    id: String,
}

#[workflow]
async fn saga(key: Key) -> Result<(), Failed> {
    sfn::dynamodb::update::<Key>("counters", &key)
        .set("count", &1)
        .condition("#count < :count")
        .value("count", &9)
        .await?;
    Ok(())
}"##,
        good: r##"
#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
struct Key {
    id: String,
}

#[workflow]
async fn saga(key: Key) -> Result<(), Failed> {
    sfn::dynamodb::update::<Key>("counters", &key)
        .set("count", &1)
        .condition("#count < :most")
        .value("most", &9)
        .await?;
    Ok(())
}"##,
    },
];
