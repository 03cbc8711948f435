//! Workflows about data: literals, fields, operators, text, structs.
//!
//! Separate from control flow: none of these needs a State of its own for what it computes.

use sfn::prelude::*;

use super::tasks::*;

pub const LIMIT: u32 = 500;

/// Nothing happens at all.
#[workflow]
pub async fn nothing() -> Result<(), Failed> {
    Ok(())
}

/// The input comes back.
#[workflow]
pub async fn echo(order: Order) -> Result<Order, Failed> {
    Ok(order)
}

/// A field, renamed on the wire.
#[workflow]
pub async fn field(order: Order) -> Result<String, Failed> {
    Ok(order.customer.email)
}

/// Fields of a flattened struct, of an option and of a default.
#[workflow]
pub async fn absent_fields(
    order: Order,
) -> Result<(String, i32, Option<String>, Option<String>, Vec<String>), Failed> {
    ping().await?;
    Ok((order.address.street_line, order.address.floor, order.coupon, order.note, order.tags))
}

/// Struct patterns bind fields.
#[workflow]
pub async fn struct_pattern(order: Order) -> Result<(String, String, u32), Failed> {
    let Order { order_id, customer: Customer { name, .. }, total_cents: total, .. } = order;
    ping().await?;
    Ok((order_id, name, total))
}

/// Integers: truncation, remainders, signs.
#[workflow]
pub async fn integers(numbers: Numbers) -> Result<Vec<i32>, Failed> {
    let sum = numbers.a + numbers.b;
    ping().await?;
    Ok(vec![
        sum,
        numbers.a - numbers.b * 3,
        -(numbers.a),
        (numbers.a + 1) / 7,
        numbers.a % 7,
        sum / (3 + 4) - 2 * (1 - sum),
    ])
}

/// Division and remainder by a value.
#[workflow]
pub async fn division(numbers: Numbers) -> Result<(u8, u8, f64), Failed> {
    Ok((100 / numbers.c, 100 % numbers.c, numbers.x * 0.5 - 1.0))
}

/// Comparisons and booleans.
#[workflow]
pub async fn comparisons(numbers: Numbers) -> Result<Vec<bool>, Failed> {
    let positive = numbers.a > 0;
    let both = positive && numbers.b > 0;
    ping().await?;
    Ok(vec![
        positive,
        both || numbers.a == numbers.b,
        !(numbers.a <= numbers.b) && (numbers.a != 3 || numbers.x >= 0.5),
        numbers.a < numbers.b,
        true,
    ])
}

/// Text: literals, `format!`, conversions, equality.
#[workflow]
pub async fn text(order: Order) -> Result<(String, String, bool, String), Failed> {
    let id = &order.order_id;
    let greeting = format!(
        "Dear {}, order {id} over {} is {{here}}: {}",
        order.customer.name, order.total_cents, order.express
    );
    ping().await?;
    Ok((
        greeting,
        "{% not an expression %}".to_string(),
        order.order_id == "it's",
        order.total_cents.to_string(),
    ))
}

/// Joining strings with `+`.
#[workflow]
pub async fn joined_text(order: Order) -> Result<String, Failed> {
    Ok(order.order_id.clone() + "-" + &order.customer.name)
}

/// Literals of every kind, unit variants and constants.
#[workflow]
pub async fn literals() -> Result<(Vec<Status>, u32, f64, Option<u32>, Line), Failed> {
    Ok((
        vec![Status::InProgress, Status::Done],
        LIMIT,
        -2.5,
        Some(7),
        Line { sku: "a\"b".to_owned(), quantity: 1 },
    ))
}

/// Arrays of one and of none stay arrays.
#[workflow]
pub async fn short_arrays(order: Order) -> Result<(Vec<Line>, Vec<Vec<Line>>, Vec<String>), Failed> {
    ping().await?;
    Ok((order.lines.clone(), vec![order.lines], vec![]))
}

/// A value used many times is computed once.
#[workflow]
pub async fn shared_value(numbers: Numbers) -> Result<(i32, i32, i32), Failed> {
    let doubled = double(numbers.a).await?;
    let sum = doubled + numbers.b * 2;
    let again = double(sum).await?;
    Ok((sum, again, sum + again))
}

/// Shadowing, and names that JSONata has taken.
#[workflow]
pub async fn names(numbers: Numbers) -> Result<(i32, i32, i32), Failed> {
    let count = double(numbers.a).await?;
    let sum = double(count).await?;
    let count = double(count + sum).await?;
    let states = count + 1;
    ping().await?;
    Ok((count, sum, states))
}

/// A tuple's fields.
#[workflow]
pub async fn tuples(numbers: Numbers) -> Result<(i32, (i32, u8)), Failed> {
    let pair = (numbers.a, (numbers.b, numbers.c));
    ping().await?;
    Ok((pair.0, (pair.1.0, pair.1.1)))
}

/// Structs around one value, which are that value on the wire: a scalar, a tuple, a struct.
#[workflow]
pub async fn newtypes(measured: Measured) -> Result<(u8, i32, (i32, i32), Cents, Span), Failed> {
    let cents = Cents(measured.numbers.c);
    let span = Span((measured.numbers.a, measured.numbers.b));
    ping().await?;
    let Cents(count) = cents;
    let Span(ends) = span;
    Ok((cents.0 / 2, span.0.1 + ends.0, ends, Cents(count), span))
}

/// Personal data: passed on as it is, read where the workflow says so.
#[workflow]
pub async fn personal(person: Person) -> Result<(Pii<String>, bool, u32, Option<Pii<String>>), Failed> {
    let Person { name, age, nick } = person;
    let same = name == Pii::new("Ada".to_string());
    ping().await?;
    let next = if *age.expose() < 200 { age.expose() + 1 } else { 200 };
    let called = match &nick {
        Some(nick) => Pii::new(format!("{} {}", nick.expose(), name.expose())),
        None => name.clone(),
    };
    Ok((called, same, next, nick))
}
