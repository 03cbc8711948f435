//! Where personal data is followed to, and what may be read of it without a word.
//! Separate from the other lints because one rule is a walk through a whole workflow.

use std::convert::Infallible;

use sfn::lint::Levels;
use sfn::prelude::*;
use sfn_asl::Severity;

use super::lints::check;

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
struct Customer {
    id: String,
    email: Pii<String>,
    address: Option<Pii<Address>>,
    contact: Contact,
}

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
struct Address {
    city: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
#[serde(tag = "by", rename_all = "camelCase")]
enum Contact {
    Phone { number: Pii<String>, hours: u32 },
    None,
}

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
struct People {
    customer: Customer,
    others: Vec<Customer>,
}

#[task(timeout = "30s", idempotent)]
async fn note(text: String) -> Result<(), Infallible> {
    drop(text);
    Ok(())
}

#[task(timeout = "30s", idempotent)]
async fn note_of(id: String, text: Pii<String>) -> Result<(), Infallible> {
    drop((id, text));
    Ok(())
}

#[workflow]
async fn careful(people: People) -> Result<bool, Failed> {
    let People { customer, others } = people;
    note_of(&customer.id, &customer.email).await?;
    sfn::sqs::send("${Queue}", &customer.id).await?;
    let ids = others.iter().map(|other| other.id.clone()).collect::<Vec<_>>();
    sfn::sqs::send("${Queue}", &ids).await?;
    let length = customer.email.expose().len();
    if customer.email.expose().contains('@') && length > 3 {
        note("valid").await?;
    }
    if let Contact::Phone { hours, .. } = &customer.contact {
        note(format!("{hours}")).await?;
    }
    map(&others, async |other| Ok(note_of(&other.id, Pii::new(other.id.clone())).await?)).await?;
    Ok(length > 3)
}

#[workflow]
async fn careless(people: People) -> Result<(), Failed> {
    let People { customer, others } = people;
    let mut last = "nobody".to_string();
    for other in &others {
        note(&last).await?;
        last = other.email.expose().clone();
    }
    let line = format!("to {}", customer.email.expose());
    note(&line).await?;
    sfn::sqs::send("${Queue}", &line).await?;
    let city = customer.address.clone().map_or("none".to_string(), |address| address.expose().city.clone());
    sfn::sns::publish("${Topic}", &city).await?;
    let mails = others.iter().map(|other| other.email.expose().clone()).collect::<Vec<_>>();
    sfn::sqs::send("${Queue}", &mails).await?;
    if let Contact::Phone { number, .. } = &customer.contact {
        note(number.expose()).await?;
    }
    map(&others, async |other| Ok(note(other.email.expose()).await?)).await?;
    sfn::sqs::send("${Queue}", &customer).await?;
    Err(fail("Lost", format!("{line} is lost")))
}

#[test]
fn personal_data_is_followed_wherever_it_goes() {
    check(&careful::definition(), &[]);
    check(
        &careless::definition(),
        &[
            ("unmarked-personal-data", "note(&last)"),
            ("unmarked-personal-data", "note(&line)"),
            ("personal-data-sent", "sfn::sqs::send(\"${Queue}\", &line)"),
            ("personal-data-sent", "sfn::sns::publish(\"${Topic}\", &city)"),
            ("personal-data-sent", "sfn::sqs::send(\"${Queue}\", &mails)"),
            ("unmarked-personal-data", "note(number.expose())"),
            ("unmarked-personal-data", "Ok(note(other.email.expose())"),
            ("personal-data-sent", "sfn::sqs::send(\"${Queue}\", &customer)"),
            ("personal-data-in-failure", "Err(fail("),
        ],
    );
}

#[test]
fn personal_data_stays_where_nobody_allows_it_to_leave() {
    let levels = Levels::new();
    let faults = careless::definition().lower_at(&levels).expect_err("two lints are denied");
    let denied = faults.iter().filter(|found| found.severity == Severity::Error);
    assert_eq!(denied.count(), 5, "{faults:#?}");
}

/// Takes what is personal as any text, and says so.
#[task(timeout = "30s", idempotent, allow(unmarked_personal_data))]
async fn note_openly(text: String) -> Result<(), Infallible> {
    drop(text);
    Ok(())
}

/// Wants nobody to pass it what is personal, whatever the workflow thinks of it.
#[task(timeout = "30s", idempotent, deny(unmarked_personal_data))]
async fn note_nothing(text: String) -> Result<(), Infallible> {
    drop(text);
    Ok(())
}

#[workflow(allow(unmarked_personal_data))]
async fn noted(customer: Customer) -> Result<(), Failed> {
    note_openly(customer.email.expose()).await?;
    note(customer.email.expose()).await?;
    note_nothing(customer.email.expose()).await?;
    Ok(())
}

#[test]
fn a_task_has_the_last_word_about_what_it_is_given() {
    let faults = noted::definition().lower().expect_err("a task denies it");
    let [found] = faults.as_slice() else { panic!("{faults:#?}") };
    assert!(found.message.contains("`note_nothing`"), "{found:?}");
}
