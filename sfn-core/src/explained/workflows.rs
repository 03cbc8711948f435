//! Codes of workflows as a whole: their first line, their options, how they call each other.
//! Separate because none of them is about a statement.

use super::Explanation;
use super::Told::{Building, Compiling};

pub(super) const ALL: &[Explanation] = &[
    Explanation {
        code: "workflow-signature",
        told: Compiling,
        what: "`#[workflow]` stands on something that is not a plain `async fn`.",
        why: "A workflow is one document for one input type: it has no `self`, and type parameters only where it is \
              inlined into others (`#[workflow(inline)]`).",
        bad: r"
#[workflow]
fn saga(order: Order) -> Result<u32, Failed> {
    Ok(order.total)
}",
        good: r"
#[workflow]
async fn saga(order: Order) -> Result<u32, Failed> {
    Ok(order.total)
}",
    },
    Explanation {
        code: "workflow-input",
        told: Compiling,
        what: "A workflow has several inputs, or one that is borrowed or has no plain name.",
        why: "An execution is started with one JSON value.",
        bad: r"
#[workflow]
async fn saga(order: String, cents: u32) -> Result<u32, Failed> {
    charge(&order, cents).await?;
    Ok(cents)
}",
        good: r"
#[derive(Serialize, Deserialize, Payload)]
struct Purchase {
    order: String,
    cents: u32,
}

#[workflow]
async fn saga(purchase: Purchase) -> Result<u32, Failed> {
    charge(&purchase.order, purchase.cents).await?;
    Ok(purchase.cents)
}",
    },
    Explanation {
        code: "workflow-result",
        told: Compiling,
        what: "A workflow does not return `Result<Output, Failed>`.",
        why: "An execution succeeds with an output or fails with an Error Name and a cause, which is what `Failed` is. The \
              type is spelled out because a macro sees no types behind names.",
        bad: r"
#[workflow]
async fn saga(order: Order) -> u32 {
    order.total
}",
        good: r"
#[workflow]
async fn saga(order: Order) -> Result<u32, Failed> {
    Ok(order.total)
}",
    },
    Explanation {
        code: "option-of-inline",
        told: Compiling,
        what: "A workflow that is inlined has an option of whole workflows.",
        why: "It becomes statements of whoever calls it, whose executions are of one kind and whose compensations have one \
              order.",
        bad: r"
#[workflow(inline, express)]
async fn pay(order: String) -> Result<u32, Failed> {
    Ok(charge(&order, 5).await?.cents)
}",
        good: r"
#[workflow(inline)]
async fn pay(order: String) -> Result<u32, Failed> {
    Ok(charge(&order, 5).await?.cents)
}

#[workflow(express)]
async fn saga(order: Order) -> Result<u32, Failed> {
    Ok(pay(order.id).await?)
}",
    },
    Explanation {
        code: "expr-signature",
        told: Compiling,
        what: "`#[expr]` stands on something that is not a plain `fn` with types and a result.",
        why: "Its body becomes part of an expression: it calculates a value from its arguments and awaits nothing.",
        bad: r"
#[expr]
async fn discount(total: u32) -> u32 {
    total / 10
}",
        good: r"
#[expr]
fn discount(total: u32) -> u32 {
    total / 10
}",
    },
    Explanation {
        code: "not-a-workflow",
        told: Compiling,
        what: "Something that is no workflow is used as one.",
        why: "A definition is made of a type that implements `Workflow`; `#[workflow]` makes one of an `async fn`.",
        bad: r"
fn definition() -> Definition {
    Definition::of::<Order>()
}",
        good: r"
#[workflow]
async fn saga(order: Order) -> Result<u32, Failed> {
    Ok(order.total)
}

fn definition() -> Definition {
    Definition::of::<saga>()
}",
    },
    Explanation {
        code: "duplicate-workflow-name",
        told: Building,
        what: "Two workflows that are emitted together have one name.",
        why: "The name is the State Machine's, and the file's.",
        bad: r"
mod one {
    use super::*;

    #[workflow]
    pub async fn saga() -> Result<u32, Failed> {
        Ok(1)
    }
}

mod two {
    use super::*;

    #[workflow]
    pub async fn saga() -> Result<u32, Failed> {
        Ok(2)
    }
}

fn definitions() -> Vec<Definition> {
    vec![one::saga::definition(), two::saga::definition()]
}",
        good: r"
#[workflow]
async fn first_saga() -> Result<u32, Failed> {
    Ok(1)
}

#[workflow]
async fn second_saga() -> Result<u32, Failed> {
    Ok(2)
}

fn definitions() -> Vec<Definition> {
    vec![first_saga::definition(), second_saga::definition()]
}",
    },
    Explanation {
        code: "workflow-name",
        told: Building,
        what: "The service does not take the name of a workflow.",
        why: "The name of a State Machine has up to 80 characters, all of them ASCII letters, digits, `-` or `_`. A workflow \
              is called as its function is, and as what it is defined for.",
        bad: r#"
fn definition() -> Definition {
    Definition::from_flow("order saga", "", |flow| flow.succeed(sfn::literal(1)))
}"#,
        good: r#"
fn definition() -> Definition {
    Definition::from_flow("order-saga", "", |flow| flow.succeed(sfn::literal(1)))
}"#,
    },
    Explanation {
        code: "unnamed-profile",
        told: Compiling,
        what: "A workflow is defined for a type that has no name.",
        why: "One function can be many workflows, one for each number, `bool` or type in its angle brackets. Each is a State \
              Machine of its own, whose name ends with what it is defined for.",
        bad: r#"
trait Site {
    const QUEUE: &'static str;
}

struct Berlin;

impl Site for Berlin {
    const QUEUE: &'static str = "${BerlinQueueUrl}";
}

#[workflow]
async fn restock<S: Site>(order: Order) -> Result<(), Failed> {
    sfn::sqs::send(S::QUEUE, &order).await?;
    Ok(())
}

fn definition() -> Definition {
    restock::<Berlin>::definition()
}"#,
        good: r#"
trait Site: Profile {
    const QUEUE: &'static str;
}

struct Berlin;

impl Profile for Berlin {
    const NAME: &'static str = "berlin";
}

impl Site for Berlin {
    const QUEUE: &'static str = "${BerlinQueueUrl}";
}

#[workflow]
async fn restock<S: Site>(order: Order) -> Result<(), Failed> {
    sfn::sqs::send(S::QUEUE, &order).await?;
    Ok(())
}

fn definition() -> Definition {
    restock::<Berlin>::definition()
}"#,
    },
    Explanation {
        code: "endless-execution",
        told: Compiling,
        what: "A workflow executes itself, be it by others.",
        why: "Each execution would start the next one and wait for it: none ever ends.",
        bad: r"
#[workflow]
async fn poll(left: u32) -> Result<u32, Failed> {
    Ok(poll(left - 1).await?)
}",
        good: r"
#[workflow]
async fn poll(first: u32) -> Result<u32, Failed> {
    let mut left: u32 = first;
    while left > 0 {
        left = ping().await?;
    }
    Ok(left)
}",
    },
    Explanation {
        code: "endless-inlining",
        told: Building,
        what: "A workflow is inlined into itself, be it by others.",
        why: "A copy of its statements would hold a copy of its statements, without end.",
        bad: r"
#[workflow(inline)]
async fn odd(left: u32) -> Result<u32, Failed> {
    Ok(even(left).await?)
}

#[workflow(inline)]
async fn even(left: u32) -> Result<u32, Failed> {
    Ok(odd(left).await?)
}

#[workflow]
async fn count(left: u32) -> Result<u32, Failed> {
    Ok(odd(left).await?)
}",
        good: r"
#[workflow]
async fn count(steps: u32) -> Result<u32, Failed> {
    let mut left: u32 = steps;
    while left > 0 {
        left -= 1;
        ping().await?;
    }
    Ok(left)
}",
    },
    Explanation {
        code: "recursive-expression",
        told: Building,
        what: "An `#[expr]` function calls itself.",
        why: "It becomes part of the expression that calls it, and no expression is endless.",
        bad: r"
#[expr]
fn sum(upto: u32) -> u32 {
    if upto == 0 { 0 } else { upto + sum(upto - 1) }
}

#[workflow]
async fn saga(order: Order) -> Result<u32, Failed> {
    Ok(sum(order.total))
}",
        good: r"
#[expr]
fn sum(upto: u32) -> u32 {
    upto * (upto + 1) / 2
}

#[workflow]
async fn saga(order: Order) -> Result<u32, Failed> {
    Ok(sum(order.total))
}",
    },
    Explanation {
        code: "inlined-failure-caught",
        told: Building,
        what: "The failure of an inlined workflow is matched on, or swallowed.",
        why: "Its failure ends whoever inlines it, and what it did before would have to be found out.",
        bad: r"
#[workflow(inline)]
async fn pay(order: String) -> Result<u32, Failed> {
    Ok(charge(&order, 5).await?.cents)
}

#[workflow]
async fn saga(order: Order) -> Result<(), Failed> {
    let _ = pay(order.id).await;
    Ok(())
}",
        good: r"
#[workflow]
async fn pay(order: String) -> Result<u32, Failed> {
    Ok(charge(&order, 5).await?.cents)
}

#[workflow]
async fn saga(order: Order) -> Result<(), Failed> {
    let _ = pay(order.id).await;
    Ok(())
}",
    },
    Explanation {
        code: "inlined-compensation",
        told: Building,
        what: "A step is undone by an inlined workflow.",
        why: "Its statements become statements of whoever calls it; what undoes a step is one call, made when the workflow \
              has failed.",
        bad: r"
#[workflow(inline)]
async fn give_back(charge: &Charge) -> Result<(), Failed> {
    refund(&charge.id).await?;
    Ok(())
}

#[workflow]
async fn saga(order: Order) -> Result<(), Failed> {
    charge(&order.id, 5).compensate(|charge| give_back(charge)).await?;
    ping().await?;
    Ok(())
}",
        good: r"
#[workflow]
async fn give_back(charge: Charge) -> Result<(), Failed> {
    refund(&charge.id).await?;
    Ok(())
}

#[workflow]
async fn saga(order: Order) -> Result<(), Failed> {
    charge(&order.id, 5).compensate(|charge| give_back(charge)).await?;
    ping().await?;
    Ok(())
}",
    },
    Explanation {
        code: "wait-in-express",
        told: Compiling,
        what: "An Express workflow waits for a callback, a job or an execution.",
        why: "The service has nothing but Request Response in Express executions.",
        bad: r"
#[workflow(express)]
async fn saga(order: Order) -> Result<bool, Failed> {
    Ok(ask(&order.id).await?)
}",
        good: r"
#[workflow]
async fn saga(order: Order) -> Result<bool, Failed> {
    Ok(ask(&order.id).await?)
}",
    },
    Explanation {
        code: "wait-beyond-express",
        told: Building,
        what: "An Express workflow sleeps for more than five minutes.",
        why: "Its executions end after five minutes.",
        bad: r"
#[workflow(express)]
async fn saga(order: Order) -> Result<u32, Failed> {
    sleep(mins(10)).await;
    Ok(order.total)
}",
        good: r"
#[workflow]
async fn saga(order: Order) -> Result<u32, Failed> {
    sleep(mins(10)).await;
    Ok(order.total)
}",
    },
    Explanation {
        code: "express-execution-awaited",
        told: Building,
        what: "A workflow awaits an Express workflow.",
        why: "The service waits for Standard executions only; an Express one can be started and left.",
        bad: r"
#[workflow(express)]
async fn notify(order: String) -> Result<u32, Failed> {
    Ok(charge(&order, 5).await?.cents)
}

#[workflow]
async fn saga(order: Order) -> Result<u32, Failed> {
    Ok(notify(order.id).await?)
}",
        good: r"
#[workflow(express)]
async fn notify(order: String) -> Result<u32, Failed> {
    Ok(charge(&order, 5).await?.cents)
}

#[workflow]
async fn saga(order: Order) -> Result<(), Failed> {
    notify(order.id).start().await?;
    Ok(())
}",
    },
    Explanation {
        code: "distributed-map-in-express",
        told: Building,
        what: "An Express workflow has a `map_distributed`.",
        why: "Only Standard executions have child executions. The children themselves may be Express (`.express()`).",
        bad: r"
#[workflow(express)]
async fn saga(order: Order) -> Result<u32, Failed> {
    map_distributed(&order.lines, async |line: Line| Ok(pack(line).await?)).await?;
    Ok(order.total)
}",
        good: r"
#[workflow(express)]
async fn saga(order: Order) -> Result<u32, Failed> {
    map(&order.lines, async |line| Ok(pack(line).await?)).await?;
    Ok(order.total)
}",
    },
    Explanation {
        code: "untyped-input",
        told: Compiling,
        what: "`execution().input()` does not say what the input is.",
        why: "An inlined workflow does not know whose execution it is part of.",
        bad: r"
let order: Order = execution().input()?;",
        good: r"
let order = execution().input::<Order>()?;",
    },
    Explanation {
        code: "second-input",
        told: Building,
        what: "A flow takes its input twice.",
        why: "An execution has one input.",
        bad: r#"
fn definition() -> Definition {
    Definition::from_flow("saga", "", |flow| {
        let order = flow.input::<Order>("order");
        flow.input::<u32>("total");
        flow.succeed(order);
    })
}"#,
        good: r#"
fn definition() -> Definition {
    Definition::from_flow("saga", "", |flow| {
        let order = flow.input::<Order>("order");
        flow.succeed(order);
    })
}"#,
    },
];
