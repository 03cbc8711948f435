//! Codes of steps: what is awaited, what becomes of its result, what undoes it, how several run at once.
//! Separate because a step becomes a State, and values do not.

use super::Explanation;
use super::Told::{Building, Compiling};

pub(super) const ALL: &[Explanation] = &[
    Explanation {
        code: "not-awaited",
        told: Compiling,
        what: "A call is not awaited.",
        why: "A call of a task is a description; it becomes a step where it is awaited.",
        bad: r"
let charge = charge(&order.id, 5)?;",
        good: r"
let charge = charge(&order.id, 5).await?;",
    },
    Explanation {
        code: "unhandled-result",
        told: Compiling,
        what: "The result of a step is used as if it could not fail.",
        why: "What a step gives may be a failure: `?` passes it on, `match` looks at it.",
        bad: r"
let charge = charge(&order.id, 5).await;",
        good: r"
let charge = charge(&order.id, 5).await?;",
    },
    Explanation {
        code: "dropped-result",
        told: Compiling,
        what: "The result of a step is dropped.",
        why: "Going on after a failure is allowed, and is said.",
        bad: r"
ping().await;",
        good: r"
ping().await?;
let _ = ping().await; // goes on after a failure",
    },
    Explanation {
        code: "not-a-step",
        told: Compiling,
        what: "Something is awaited that a State Machine cannot wait for.",
        why: "Steps are task calls, services, workflows, `sleep(..)`, `join!(..)`, `map(..)` and `map_distributed(..)`.",
        bad: r"
let total = order.total.await;",
        good: r"
let total = order.total;",
    },
    Explanation {
        code: "not-a-task",
        told: Compiling,
        what: "A workflow calls a function that is neither a task nor an expression.",
        why: "Its body cannot become a State Machine. Tasks run as Lambda functions, `#[expr]` functions become part of \
              the expression that calls them, `#[workflow(inline)]` functions become steps.",
        bad: r"
async fn look_up(order: String) -> Result<u32, Failed> {
    Ok(order.len() as u32)
}

#[workflow]
async fn saga(order: Order) -> Result<u32, Failed> {
    Ok(look_up(order.id).await?)
}",
        good: r"
#[task]
async fn look_up(order: String) -> Result<u32, Infallible> {
    Ok(order.len() as u32)
}

#[workflow]
async fn saga(order: Order) -> Result<u32, Failed> {
    Ok(look_up(order.id).await?)
}",
    },
    Explanation {
        code: "conditional-step",
        told: Compiling,
        what: "A step stands in a part of an expression that is not always evaluated.",
        why: "A State is entered or it is not: an expression cannot decide about it.",
        bad: r"
let known = order.vip || ping().await? > 0;",
        good: r"
let known = if order.vip { true } else { ping().await? > 0 };",
    },
    Explanation {
        code: "result-as-value",
        told: Compiling,
        what: "A `Result` is bound to a name or handed on.",
        why: "A failure leaves its State by a Catcher and is no value.",
        bad: r"
let paid: Result<u32, Failed> = Ok(5);",
        good: r"
let paid = 5;",
    },
    Explanation {
        code: "failure-form",
        told: Compiling,
        what: "`Err(..)` holds something that is neither `fail(..)` nor a failure that was caught.",
        why: "An execution fails with an Error Name and a cause.",
        bad: r#"
if order.total == 0 {
    return Err(Failed::of_task("Empty", "there is nothing to pay"));
}"#,
        good: r#"
if order.total == 0 {
    return Err(fail("Empty", "there is nothing to pay"));
}"#,
    },
    Explanation {
        code: "unmatchable-result",
        told: Compiling,
        what: "The failure of several steps at once is matched on by what it is, or `sleep` is matched on.",
        why: "Which of them failed, and with which of its errors, is known inside of them; outside it is one `Failed`.",
        bad: r"
match join!(ping(), charge(&order.id, 5)).await {
    Ok(_) => {}
    Err(Failure::Task(PaymentError::Limit)) => {}
    Err(_) => {}
}",
        good: r"
match join!(ping(), charge(&order.id, 5)).await {
    Ok(_) => {}
    Err(_) => {}
}",
    },
    Explanation {
        code: "unknown-error",
        told: Building,
        what: "A match names an error that the task does not declare.",
        why: "No Catcher would ever take it. In a `#[workflow]` the compiler says so.",
        bad: r#"
fn definition() -> Definition {
    Definition::from_flow("saga", "", |flow| {
        flow.task(charge("a", 5_u32)).matching().error(&["Expired"], |_, _| ()).end();
    })
}"#,
        good: r#"
fn definition() -> Definition {
    Definition::from_flow("saga", "", |flow| {
        flow.task(charge("a", 5_u32)).matching().error(&["Declined"], |_, _| ()).end();
    })
}"#,
    },
    Explanation {
        code: "not-a-constant",
        told: Compiling,
        what: "An option that is the same for every execution is given a value of one execution, or is calculated.",
        why: "It stands in the definition. `sleep` takes a duration that is written out, or a constant.",
        bad: r"
ping().timeout(secs(order.total.into())).await?;",
        good: r"
ping().timeout(secs(30)).await?;",
    },
    Explanation {
        code: "duration-not-in-seconds",
        told: Building,
        what: "A duration is no whole number of seconds.",
        why: "The service counts in seconds.",
        bad: r"
const SHORT: std::time::Duration = std::time::Duration::from_millis(1_500);

#[workflow]
async fn saga() -> Result<u32, Failed> {
    sleep(SHORT).await;
    Ok(1)
}",
        good: r"
const SHORT: std::time::Duration = std::time::Duration::from_secs(2);

#[workflow]
async fn saga() -> Result<u32, Failed> {
    sleep(SHORT).await;
    Ok(1)
}",
    },
    Explanation {
        code: "duplicate-state-name",
        told: Building,
        what: "Two steps are given one name by hand.",
        why: "A name stands for one State, in the whole definition.",
        bad: r#"
charge(&order.id, 5).named("Charge").await?;
charge(&order.id, 7).named("Charge").await?;"#,
        good: r#"
charge(&order.id, 5).named("Charge").await?;
charge(&order.id, 7).named("ChargeAgain").await?;"#,
    },
    Explanation {
        code: "compensation-form",
        told: Compiling,
        what: "`.compensate` is not given a closure that calls one task or workflow.",
        why: "The call is made when the workflow fails later: it is not awaited here, has no compensation of its own, and \
              `.compensate_unknown` has no output to be given.",
        bad: r"
charge(&order.id, 5).compensate(|charge| refund(&charge.id).await).await?;
ping().await?;",
        good: r"
charge(&order.id, 5).compensate(|charge| refund(&charge.id)).await?;
ping().await?;",
    },
    Explanation {
        code: "drawn-in-compensation",
        told: Compiling,
        what: "`uuid()`, `now()` or something random is drawn inside a compensation.",
        why: "What a compensation is given is known when its step is done; what is drawn there would be another value when \
              it runs.",
        bad: r"
charge(&order.id, 5).compensate(|_| refund(uuid())).await?;
ping().await?;",
        good: r"
let key = uuid();
charge(&order.id, 5).compensate(|_| refund(&key)).await?;
ping().await?;",
    },
    Explanation {
        code: "retry-count-without-task",
        told: Building,
        what: "`retry_count()` is given to a compensation or to an inlined workflow.",
        why: "It counts the retries of the task that it is given to.",
        bad: r"
#[task]
async fn undo(count: u32) -> Result<(), Infallible> {
    assert!(count < 9);
    Ok(())
}

#[workflow]
async fn saga(order: Order) -> Result<(), Failed> {
    charge(&order.id, 5).compensate(|_| undo(retry_count())).await?;
    ping().await?;
    Ok(())
}",
        good: r"
#[task]
async fn attempt(count: u32) -> Result<(), Infallible> {
    assert!(count < 9);
    Ok(())
}

#[workflow]
async fn saga(order: Order) -> Result<(), Failed> {
    charge(&order.id, 5).compensate(|charge| refund(&charge.id)).await?;
    attempt(retry_count()).await?;
    Ok(())
}",
    },
    Explanation {
        code: "retry-count-of-idempotent-task",
        told: Building,
        what: "`retry_count()` is given to an idempotent task.",
        why: "It is another number for each attempt, and attempts that are called with other arguments are not one call.",
        bad: r"
#[task(idempotent)]
async fn count(id: String, count: u32) -> Result<u32, Infallible> {
    Ok(id.len() as u32 + count)
}

#[workflow]
async fn saga(order: Order) -> Result<u32, Failed> {
    Ok(count(&order.id, retry_count()).await?)
}",
        good: r"
#[task(idempotent)]
async fn count(id: String, context: TaskContext) -> Result<u32, Infallible> {
    Ok(id.len() as u32 + context.retry_count())
}

#[workflow]
async fn saga(order: Order) -> Result<u32, Failed> {
    Ok(count(&order.id).await?)
}",
    },
    Explanation {
        code: "compensation-in-child",
        told: Compiling,
        what: "A step inside `map_distributed` has a compensation.",
        why: "Each child execution ends by itself; nothing outside undoes what it did.",
        bad: r"
map_distributed(&order.lines, async |line: Line| {
    let charge = charge(&line.sku, 5).compensate(|charge| refund(&charge.id)).await?;
    ping().await?;
    Ok(charge.cents)
})
.await?;",
        good: r"
#[workflow]
async fn pay(line: Line) -> Result<u32, Failed> {
    let charge = charge(&line.sku, 5).compensate(|charge| refund(&charge.id)).await?;
    ping().await?;
    Ok(charge.cents)
}

#[workflow]
async fn saga(order: Order) -> Result<(), Failed> {
    map_distributed(&order.lines, async |line: Line| Ok(pay(line).await?)).max_concurrency(50).await?;
    Ok(())
}",
    },
    Explanation {
        code: "commit-in-branch",
        told: Building,
        what: "`saga::commit()` stands in a branch of `join!` or an iteration of `map`.",
        why: "It would make final what was done around the branch, while other branches may still fail.",
        bad: r"
charge(&order.id, 5).compensate(|charge| refund(&charge.id)).await?;
join!(
    ping(),
    async {
        saga::commit();
        Ok(())
    },
)
.await?;",
        good: r"
charge(&order.id, 5).compensate(|charge| refund(&charge.id)).await?;
join!(ping(), ping()).await?;
saga::commit();",
    },
    Explanation {
        code: "join-branch",
        told: Compiling,
        what: "`join!` has not two to eight branches, or one of them is neither a call nor an `async` block with a result.",
        why: "Each branch is a State Machine of its own: it ends with a value or a failure. Calls are given without \
              `.await`.",
        bad: r"
join!(ping().await?, ping()).await?;",
        good: r"
join!(ping(), ping()).await?;",
    },
    Explanation {
        code: "map-closure",
        told: Compiling,
        what: "The body of a `map` is no async closure of one item.",
        why: "It takes steps, for each item apart.",
        bad: r"
map(&order.lines, |line| pack(line)).await?;",
        good: r"
map(&order.lines, async |line| Ok(pack(line).await?)).await?;",
    },
    Explanation {
        code: "not-an-array",
        told: Compiling,
        what: "A `map` goes through something that is no list.",
        why: "A Map State takes an array, whose items are there before it begins.",
        bad: r"
map(order.total, async |number: u32| Ok(number)).await?;",
        good: r"
map(&order.lines, async |line| Ok(pack(line).await?)).await?;",
    },
    Explanation {
        code: "distributed-source",
        told: Compiling,
        what: "What a `map_distributed` goes through is neither a list nor a reader, or its options stand in no order.",
        why: "Items are read first and put together afterwards: `.batch` comes last, once.",
        bad: r"
map_distributed(order.lines.batch(10).batch(2), async |_| Ok(1)).await?;",
        good: r"
map_distributed(order.lines.batch(10), async |_| Ok(1)).await?;",
    },
    Explanation {
        code: "untyped-reader",
        told: Compiling,
        what: "A reader does not say what an item is.",
        why: "The file is there when the workflow runs; what stands in it is the author's to say.",
        bad: r#"
map_distributed(s3::jsonl(&order.id, "lines.jsonl"), async |line: Line| Ok(pack(line).await?)).await?;"#,
        good: r#"
map_distributed(s3::jsonl::<Line>(&order.id, "lines.jsonl"), async |line: Line| Ok(pack(line).await?)).await?;"#,
    },
    Explanation {
        code: "row-not-of-texts",
        told: Building,
        what: "A row of a CSV file is read as something else than texts.",
        why: "The service gives every cell as a text.",
        bad: r#"
map_distributed(s3::csv::<Line>(&order.id, "lines.csv"), async |line: Line| Ok(pack(line).await?)).await?;"#,
        good: r#"
#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
struct Row {
    sku: String,
    quantity: String,
}

#[task]
async fn pack_row(row: Row) -> Result<u32, Infallible> {
    Ok(row.quantity.parse().unwrap_or_default())
}

#[workflow]
async fn saga(order: Order) -> Result<(), Failed> {
    map_distributed(s3::csv::<Row>(&order.id, "lines.csv"), async |row: Row| Ok(pack_row(row).await?)).await?;
    Ok(())
}"#,
    },
    Explanation {
        code: "endless-loop",
        told: Building,
        what: "A loop takes no step and never ends.",
        why: "Its States would follow each other until the execution's events are used up.",
        bad: r"
let mut count: u32 = 0;
loop {
    count += 1;
}",
        good: r"
let mut count: u32 = 0;
loop {
    count += 1;
    if count > 3 {
        break;
    }
}",
    },
    Explanation {
        code: "assignment-in-branch",
        told: Building,
        what: "A branch of `join!` or an iteration of `map` assigns to a variable from outside.",
        why: "Each has variables of its own; what it gives back is its result.",
        bad: r"
let mut last: u32 = 0;
join!(
    ping(),
    async {
        last = ping().await?;
        Ok(())
    },
)
.await?;
charge(&order.id, last).await?;",
        good: r"
let (_, last) = join!(ping(), async { Ok(ping().await?) }).await?;
charge(&order.id, last).await?;",
    },
    Explanation {
        code: "callback-without-token",
        told: Building,
        what: "A task that was written by hand waits for a callback and takes no token.",
        why: "Nobody could complete it. `#[task]` makes a task wait exactly if it has a token.",
        bad: r#"
#[allow(non_camel_case_types)]
struct approve {}

impl sfn::Task for approve {
    type Output = bool;
    type Error = Infallible;
    const SPEC: sfn::TaskSpec = sfn::TaskSpec {
        pattern: sfn::Pattern::WaitForCallback,
        timeout: Some(days(3)),
        ..sfn::TaskSpec::new::<Self>("approve", sfn::Origin::new("src/tasks.rs", 1, 1))
    };

    async fn run(_: serde_json::Value) -> Result<serde_json::Value, Failed> {
        Ok(serde_json::Value::Null)
    }
}

fn definition() -> Definition {
    Definition::from_flow("saga", "", |flow| {
        let approved = flow.task(sfn::TaskCall::<approve>::new(Vec::new())).run();
        flow.succeed(approved);
    })
}"#,
        good: r#"
#[task(timeout = "3d")]
async fn approve(token: TaskToken<bool>) -> Result<(), Infallible> {
    drop(token);
    Ok(())
}

fn definition() -> Definition {
    Definition::from_flow("saga", "", |flow| {
        let approved = flow.task(approve()).run();
        flow.succeed(approved);
    })
}"#,
    },
    Explanation {
        code: "task-not-awaited",
        told: Building,
        what: "A task is called where a value is expected.",
        why: "What it gives is there when its State has ended.",
        bad: r"
let count = ping();",
        good: r"
let count = ping().await?;",
    },
    Explanation {
        code: "step-in-closure",
        told: Building,
        what: "A closure of a value takes a step, or is too large for one expression.",
        why: "`map`, `filter` and their like become part of an expression, and no expression can enter a State.",
        bad: r#"
fn definition() -> Definition {
    Definition::from_flow("saga", "", |flow| {
        let order = flow.input::<Order>("order").into_erased();
        let packed = order.field("lines").map(flow, "line", |flow, line| {
            flow.sleep(secs(1));
            line
        });
        flow.succeed(packed);
    })
}"#,
        good: r#"
fn definition() -> Definition {
    Definition::from_flow("saga", "", |flow| {
        let order = flow.input::<Order>("order");
        let packed = flow.map(&order.lines, "line", |flow, line| flow.task(pack(&line)).run()).run();
        flow.succeed(packed);
    })
}"#,
    },
];
