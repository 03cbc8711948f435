//! Codes of values: expressions, patterns and types that JSONata can say, and those that it cannot.
//! Separate because values cost no State.

use super::Explanation;
use super::Told::{Building, Compiling};

pub(super) const ALL: &[Explanation] = &[
    Explanation {
        code: "unsupported-expression",
        told: Compiling,
        what: "An expression has no counterpart in JSONata.",
        why: "What a workflow calculates itself becomes a JSONata expression; everything else belongs into a task.",
        bad: r"
let flags = order.total & 0xff;",
        good: r"
#[task]
async fn flags_of(total: u32) -> Result<u32, Infallible> {
    Ok(total & 0xff)
}

#[workflow]
async fn saga(order: Order) -> Result<u32, Failed> {
    Ok(flags_of(order.total).await?)
}",
    },
    Explanation {
        code: "unsupported-statement",
        told: Compiling,
        what: "An item, a conditional attribute or an unusual `let` stands in a workflow.",
        why: "A definition is the same in every build, and its statements are steps and values.",
        bad: r"
fn double(total: u32) -> u32 {
    total * 2
}
charge(&order.id, double(order.total)).await?;",
        good: r"
#[expr]
fn double(total: u32) -> u32 {
    total * 2
}

#[workflow]
async fn saga(order: Order) -> Result<u32, Failed> {
    Ok(charge(&order.id, double(order.total)).await?.cents)
}",
    },
    Explanation {
        code: "unsupported-pattern",
        told: Compiling,
        what: "A pattern cannot be tested or taken apart in JSONata.",
        why: "Patterns test serde's tags, literals, ranges and options, and bind fields by name or place.",
        bad: r"
let whole @ _ = order;",
        good: r"
let whole = order;",
    },
    Explanation {
        code: "unsupported-macro",
        told: Compiling,
        what: "A macro is not one that a workflow has.",
        why: "A macro's expansion is out of sight. A workflow has `format!`, `vec!`, `json!`, `join!` and `jsonata!`; it \
              fails with `fail(..)`, and tasks write logs.",
        bad: r#"
panic!("no order");"#,
        good: r#"
if order.total == 0 {
    return Err(fail("NoOrder", "there is nothing in it"));
}"#,
    },
    Explanation {
        code: "unsupported-method",
        told: Compiling,
        what: "A method has no exact counterpart in JSONata.",
        why: "`docs/methods.md` lists those that have one. What would silently give something else is refused.",
        bad: r"
let size = order.lines.capacity();",
        good: r"
let size = order.lines.len();",
    },
    Explanation {
        code: "unsupported-closure",
        told: Compiling,
        what: "A method is given something else than a plain closure.",
        why: "The closure's text becomes part of the expression; a function's name or an `async` closure has none.",
        bad: r"
let sizes = order.lines.iter().map(async |line| line.quantity).collect::<Vec<_>>();",
        good: r"
let sizes = order.lines.iter().map(|line| line.quantity).collect::<Vec<_>>();",
    },
    Explanation {
        code: "unsupported-format",
        told: Compiling,
        what: "A `format!` has a specification or an argument that it cannot have here.",
        why: "Values are put into the text as `{}` writes them; widths are for numbers and texts that JSONata can pad.",
        bad: r#"
let text = format!("{:?}", order.id);"#,
        good: r#"
let text = format!("{}", order.id);"#,
    },
    Explanation {
        code: "statement-in-expression",
        told: Compiling,
        what: "A statement stands inside an expression.",
        why: "An expression only calculates.",
        bad: r"
let total = 1 + loop {
    break 1;
};",
        good: r"
let first = loop {
    break 1;
};
let total = 1 + first;",
    },
    Explanation {
        code: "question-mark-in-expression",
        told: Compiling,
        what: "A `?` stands inside an expression that it would end.",
        why: "Leaving the workflow is a Transition, and no expression can take one.",
        bad: r#"
let known = order.vip || order.coupon.ok_or(fail("NoCoupon", "there is none"))? == "gold";"#,
        good: r#"
let coupon = order.coupon.ok_or(fail("NoCoupon", "there is none"))?;
let known = order.vip || coupon == "gold";"#,
    },
    Explanation {
        code: "value-of-change",
        told: Compiling,
        what: "The value is used that a changing method gives.",
        why: "A change is an assignment, and gives nothing.",
        bad: r"
let mut totals: std::collections::BTreeMap<String, u32> = std::collections::BTreeMap::new();
let old = totals.insert(order.id.clone(), order.total);",
        good: r"
let mut totals: std::collections::BTreeMap<String, u32> = std::collections::BTreeMap::new();
let old = totals.get(&order.id).copied();
totals.insert(order.id.clone(), order.total);",
    },
    Explanation {
        code: "not-assignable",
        told: Compiling,
        what: "Something is assigned to that is neither a variable nor a field of one.",
        why: "A Variable of the State Machine is assigned as a whole; a field becomes a new object around the others.",
        bad: r#"
let mut ids = vec![order.id];
ids[0] = "other".to_string();"#,
        good: r#"
let mut ids = vec![order.id];
ids = vec!["other".to_string()];"#,
    },
    Explanation {
        code: "untyped-variable",
        told: Compiling,
        what: "A variable that changes is bound to a value that leaves its type open.",
        why: "The definition is made without rustc's inference, and `+` is another operation on each type.",
        bad: r"
let mut total = 0;
for line in order.lines {
    total += line.quantity;
}",
        good: r"
let mut total: u32 = 0;
for line in order.lines {
    total += line.quantity;
}",
    },
    Explanation {
        code: "untyped-collection",
        told: Compiling,
        what: "`collect` does not say what it makes.",
        why: "A list, a text and a map are different expressions.",
        bad: r"
#[workflow]
async fn saga(order: Order) -> Result<Vec<u32>, Failed> {
    Ok(order.lines.iter().map(|line| line.quantity).collect())
}",
        good: r"
#[workflow]
async fn saga(order: Order) -> Result<Vec<u32>, Failed> {
    let sizes: Vec<u32> = order.lines.iter().map(|line| line.quantity).collect();
    Ok(sizes)
}",
    },
    Explanation {
        code: "wide-integer",
        told: Compiling,
        what: "An integer literal has more than 64 bits.",
        why: "No payload carries it.",
        bad: r"
let huge = 1u128;",
        good: r"
let small = 1u32;",
    },
    Explanation {
        code: "name-in-alternative",
        told: Compiling,
        what: "Alternatives of a pattern bind a name, or the same name to different fields.",
        why: "The value would have to be looked for again behind the Choice.",
        bad: r"
#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
enum Place {
    Shelf(u32),
    Case(u32),
}

#[workflow]
async fn saga(place: Place) -> Result<u32, Failed> {
    Ok(match place {
        Place::Shelf(number) | Place::Case(number) => number,
    })
}",
        good: r"
#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
enum Place {
    Shelf(u32),
    Case(u32),
}

#[workflow]
async fn saga(place: Place) -> Result<u32, Failed> {
    Ok(match place {
        Place::Shelf(number) => number,
        Place::Case(number) => number,
    })
}",
    },
    Explanation {
        code: "nested-option",
        told: Building,
        what: "An `Option` is asked whether it holds an `Option`, or is made of one.",
        why: "Serde writes `None` and `Some(None)` as the same `null`, so that nobody can tell them apart behind it.",
        bad: r"
let told = if order.vip { Some(order.coupon) } else { None };
let code = match told {
    Some(Some(code)) => code,
    Some(None) | None => order.id,
};",
        good: r"
let told = if order.vip { order.coupon } else { None };
let code = match told {
    Some(code) => code,
    None => order.id,
};",
    },
    Explanation {
        code: "unsupported-arithmetic",
        told: Building,
        what: "A calculation is not exact in JSONata.",
        why: "Its numbers are doubles: integers of 64 bits are rounded beyond 2^53, divisions need a divisor that is known \
              not to be zero.",
        bad: r"
#[workflow]
async fn double(total: u64) -> Result<u64, Failed> {
    Ok(total * 2)
}",
        good: r"
#[workflow]
async fn double(total: u32) -> Result<u32, Failed> {
    Ok(total * 2)
}",
    },
    Explanation {
        code: "unsupported-comparison",
        told: Building,
        what: "A comparison is not the same in JSONata.",
        why: "JSONata orders numbers and texts; booleans, options, lists and structs have no order there.",
        bad: r"
let first = order.vip < (order.total > 5);",
        good: r"
let first = !order.vip && order.total > 5;",
    },
    Explanation {
        code: "unsupported-conversion",
        told: Building,
        what: "An `as` is not exact in JSONata.",
        why: "Its numbers are doubles.",
        bad: r"
#[workflow]
async fn narrow(total: u64) -> Result<u32, Failed> {
    Ok(total as u32)
}",
        good: r"
#[workflow]
async fn narrow(total: f64) -> Result<u32, Failed> {
    Ok(total as u32)
}",
    },
    Explanation {
        code: "unsupported-text",
        told: Building,
        what: "A value is written as text that JSONata would write in another way.",
        why: "Floats have other digits there, and structs none.",
        bad: r#"
#[workflow]
async fn label(rate: f64) -> Result<String, Failed> {
    Ok(format!("at {rate}"))
}"#,
        good: r#"
#[workflow]
async fn label(percent: u32) -> Result<String, Failed> {
    Ok(format!("at {percent}"))
}"#,
    },
    Explanation {
        code: "unsupported-flatten",
        told: Building,
        what: "A value that is built cannot be flattened into the struct around it.",
        why: "Its fields must be known one by one where the struct is written.",
        bad: r#"
#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
struct Labelled {
    text: String,
    #[serde(flatten)]
    labels: BTreeMap<String, u32>,
}

#[workflow]
async fn saga(labels: BTreeMap<String, u32>) -> Result<Labelled, Failed> {
    Ok(Labelled { text: "a".to_string(), labels })
}"#,
        good: r#"
#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
struct Labelled {
    text: String,
    labels: BTreeMap<String, u32>,
}

#[workflow]
async fn saga(labels: BTreeMap<String, u32>) -> Result<Labelled, Failed> {
    Ok(Labelled { text: "a".to_string(), labels })
}"#,
    },
    Explanation {
        code: "skipped-field",
        told: Building,
        what: "A field is read that serde skips.",
        why: "It never travels: on the wire there is nothing.",
        bad: r"
#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
struct Parcel {
    weight: u32,
    #[serde(skip)]
    checked: bool,
}

#[workflow]
async fn saga(parcel: Parcel) -> Result<bool, Failed> {
    Ok(parcel.checked)
}",
        good: r"
#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
struct Parcel {
    weight: u32,
    checked: bool,
}

#[workflow]
async fn saga(parcel: Parcel) -> Result<bool, Failed> {
    Ok(parcel.checked)
}",
    },
    Explanation {
        code: "untagged-variant",
        told: Building,
        what: "A variant is tested of an enum that is written without a tag.",
        why: "Which variant it is, serde finds out by trying each; the JSON does not say it.",
        bad: r"
#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
#[serde(untagged)]
enum Place {
    Shelf(u32),
    Text(String),
}

#[workflow]
async fn saga(place: Place) -> Result<bool, Failed> {
    Ok(match place {
        Place::Shelf(_) => true,
        Place::Text(_) => false,
    })
}",
        good: r#"
#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
#[serde(tag = "kind", content = "at")]
enum Place {
    Shelf(u32),
    Text(String),
}

#[workflow]
async fn saga(place: Place) -> Result<bool, Failed> {
    Ok(match place {
        Place::Shelf(_) => true,
        Place::Text(_) => false,
    })
}"#,
    },
    Explanation {
        code: "unknown-variant",
        told: Building,
        what: "A variant is tested or built that does not exist on the wire.",
        why: "serde skips it: no payload ever holds it.",
        bad: r"
#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
enum Place {
    Shelf(u32),
    #[serde(skip)]
    Nowhere,
}

#[workflow]
async fn saga() -> Result<Place, Failed> {
    Ok(Place::Nowhere)
}",
        good: r"
#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
enum Place {
    Shelf(u32),
    Nowhere,
}

#[workflow]
async fn saga() -> Result<Place, Failed> {
    Ok(Place::Nowhere)
}",
    },
    Explanation {
        code: "not-an-enum",
        told: Building,
        what: "A value that is no enum on the wire is matched against a variant.",
        why: "Nothing in its JSON says which variant it is.",
        bad: r"
#[workflow]
async fn saga(value: serde_json::Value) -> Result<bool, Failed> {
    Ok(match value {
        serde_json::Value::Bool(_) => true,
        _ => false,
    })
}",
        good: r"
#[task]
async fn is_bool(value: serde_json::Value) -> Result<bool, Infallible> {
    Ok(value.is_boolean())
}

#[workflow]
async fn saga(value: serde_json::Value) -> Result<bool, Failed> {
    Ok(is_bool(value).await?)
}",
    },
    Explanation {
        code: "unknown-field",
        told: Building,
        what: "A flow reads or sets a field that the struct does not have.",
        why: "In a `#[workflow]` the compiler says so; values without a type are judged by their shape.",
        bad: r#"
fn definition() -> Definition {
    Definition::from_flow("saga", "", |flow| {
        let order = flow.input::<Order>("order").into_erased();
        flow.succeed(order.field("totl"));
    })
}"#,
        good: r#"
fn definition() -> Definition {
    Definition::from_flow("saga", "", |flow| {
        let order = flow.input::<Order>("order").into_erased();
        flow.succeed(order.field("total"));
    })
}"#,
    },
    Explanation {
        code: "not-a-record",
        told: Building,
        what: "A field is read of something that has none, or such a thing is built of fields.",
        why: "Only structs, tuples and variants have fields.",
        bad: r#"
fn definition() -> Definition {
    Definition::from_flow("saga", "", |flow| {
        let order = flow.input::<Order>("order").into_erased();
        flow.succeed(order.field("total").field("cents"));
    })
}"#,
        good: r#"
fn definition() -> Definition {
    Definition::from_flow("saga", "", |flow| {
        let order = flow.input::<Order>("order").into_erased();
        flow.succeed(order.field("total"));
    })
}"#,
    },
    Explanation {
        code: "not-a-condition",
        told: Building,
        what: "Something that is no `bool` decides.",
        why: "JSONata would take it for true or false by rules of its own.",
        bad: r#"
fn definition() -> Definition {
    Definition::from_flow("saga", "", |flow| {
        let order = flow.input::<Order>("order").into_erased();
        flow.succeed(order.field("total").not());
    })
}"#,
        good: r#"
fn definition() -> Definition {
    Definition::from_flow("saga", "", |flow| {
        let order = flow.input::<Order>("order").into_erased();
        flow.succeed(order.field("vip").not());
    })
}"#,
    },
    Explanation {
        code: "missing-field",
        told: Building,
        what: "A struct is built without one of its fields.",
        why: "Whoever reads it expects the field. In a `#[workflow]` the compiler says so.",
        bad: r#"
fn definition() -> Definition {
    Definition::from_flow("saga", "", |flow| {
        let line = sfn::record(Line::shape(), vec![("sku", sfn::literal("chair"))]);
        flow.succeed(line);
    })
}"#,
        good: r#"
fn definition() -> Definition {
    Definition::from_flow("saga", "", |flow| {
        let fields = vec![("sku", sfn::literal("chair")), ("quantity", sfn::literal(1))];
        flow.succeed(sfn::record(Line::shape(), fields));
    })
}"#,
    },
    Explanation {
        code: "unserializable-value",
        told: Building,
        what: "A constant cannot be written as JSON.",
        why: "It stands in the definition.",
        bad: r#"
#[derive(Debug, Clone, Deserialize, Payload)]
struct Broken {
    text: String,
}

impl serde::Serialize for Broken {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("it is broken"))
    }
}

#[task]
async fn take(broken: Broken) -> Result<(), Infallible> {
    drop(broken);
    Ok(())
}

fn definition() -> Definition {
    Definition::from_flow("saga", "", |flow| {
        flow.task(take(Broken { text: String::new() })).run();
    })
}"#,
        good: r#"
#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
struct Whole {
    text: String,
}

#[task]
async fn take(whole: Whole) -> Result<(), Infallible> {
    drop(whole);
    Ok(())
}

fn definition() -> Definition {
    Definition::from_flow("saga", "", |flow| {
        flow.task(take(Whole { text: String::new() })).run();
    })
}"#,
    },
];
