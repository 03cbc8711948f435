//! Codes of payloads: what may cross the wire, and in which form.
//! Separate because serde's attributes decide about them.

use super::Explanation;
use super::Told::{Building, Compiling};

pub(super) const ALL: &[Explanation] = &[
    Explanation {
        code: "not-a-payload",
        told: Compiling,
        what: "A type that is no `Payload` is to cross the wire.",
        why: "What travels is JSON, and a workflow must know what it looks like. Keys of maps are `String`s; a type of \
              another crate can stand in a field with `#[serde(with = \"..\")]`.",
        bad: r"
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Parcel {
    weight: u32,
}

#[task]
async fn ship(parcel: Parcel) -> Result<(), Infallible> {
    drop(parcel);
    Ok(())
}",
        good: r"
#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
struct Parcel {
    weight: u32,
}

#[task]
async fn ship(parcel: Parcel) -> Result<(), Infallible> {
    drop(parcel);
    Ok(())
}",
    },
    Explanation {
        code: "secret-in-payload",
        told: Compiling,
        what: "A `Secret` is to cross the wire.",
        why: "Payloads stand in the history of executions, for 90 days and for all who may read it. What travels is the \
              name or the ARN of the secret; whoever needs it fetches it, once per process if it is the same for all.",
        bad: r"
#[task]
async fn debit(cents: u32, api_key: Secret<String>) -> Result<(), Infallible> {
    drop((cents, api_key));
    Ok(())
}",
        good: r#"
struct Bank {
    api_key: Secret<String>,
}

#[task]
async fn debit(cents: u32, state: &Bank) -> Result<(), Infallible> {
    let header = format!("Bearer {}", state.api_key.expose());
    drop((cents, header));
    Ok(())
}"#,
    },
    Explanation {
        code: "payload-form",
        told: Compiling,
        what: "JSON has no form for this type, or serde gives it one that cannot be described.",
        why: "A workflow reads payloads from the outside, by names: unions, `remote` and identifier types, single variants \
              without a tag and skipped places of tuples have none.",
        bad: r#"
#[derive(Serialize, Deserialize, Payload)]
#[serde(tag = "kind")]
struct Parcel {
    weight: u32,
}"#,
        good: r#"
#[derive(Serialize, Deserialize, Payload)]
#[serde(tag = "kind")]
enum Sent {
    Parcel { weight: u32 },
}"#,
    },
    Explanation {
        code: "payload-borrowed",
        told: Compiling,
        what: "A payload has a lifetime.",
        why: "It outlives the task that made it.",
        bad: r"
#[derive(Serialize, Deserialize, Payload)]
struct Parcel<'a> {
    address: &'a str,
}",
        good: r"
#[derive(Serialize, Deserialize, Payload)]
struct Parcel {
    address: String,
}",
    },
    Explanation {
        code: "payload-one-way",
        told: Compiling,
        what: "A payload is written in one form and read in another.",
        why: "What one task gives is what the next one takes: a payload travels both ways.",
        bad: r#"
#[derive(Serialize, Deserialize, Payload)]
struct Parcel {
    #[serde(rename(serialize = "grams"))]
    weight: u32,
}"#,
        good: r#"
#[derive(Serialize, Deserialize, Payload)]
struct Parcel {
    #[serde(rename = "grams")]
    weight: u32,
}"#,
    },
    Explanation {
        code: "payload-alias",
        told: Compiling,
        what: "A field or a variant of a payload is read under two names.",
        why: "A workflow reads by one name: what arrives under the alias would be missing to it.",
        bad: r#"
#[derive(Serialize, Deserialize, Payload)]
struct Parcel {
    #[serde(alias = "grams")]
    weight: u32,
}"#,
        good: r"
#[derive(Serialize, Deserialize, Payload)]
struct Parcel {
    weight: u32,
}",
    },
    Explanation {
        code: "stored-value-read",
        told: Building,
        what: "A workflow reads more of a `Stored` value than its summary.",
        why: "The value may be in a bucket, where no expression reaches it. What a workflow decides by travels beside it.",
        bad: r#"
#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
struct Report {
    title: String,
    lines: Vec<String>,
}

#[task(timeout = "30s")]
async fn render(month: String) -> Result<Stored<Report>, Infallible> {
    Ok(Stored::new(Report { title: month, lines: Vec::new() }))
}

#[workflow]
async fn saga(month: String) -> Result<String, Failed> {
    let report = render(&month).await?;
    Ok(report.title.clone())
}"#,
        good: r#"
#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
struct Report {
    title: String,
    lines: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
struct Heading {
    title: String,
}

impl Summary<Report> for Heading {
    fn of(report: &Report) -> Self {
        Heading { title: report.title.clone() }
    }
}

#[task(timeout = "30s")]
async fn render(month: String) -> Result<Stored<Report, Heading>, Infallible> {
    Ok(Stored::new(Report { title: month, lines: Vec::new() }))
}

#[workflow]
async fn saga(month: String) -> Result<String, Failed> {
    let report = render(&month).await?;
    Ok(report.summary().title.clone())
}"#,
    },
];
