//! Golden expansions: one workflow for each construct, and the twin it gets.
//! Separate from the generator because a reader of either wants to see the other beside it, not inside it.

use proc_macro2::TokenStream;
use syn::{File, ImplItem, Item};

use crate::workflow::expand;

fn expanded(source: &str) -> File {
    let (tokens, errors) = expand(&TokenStream::new(), source.parse().unwrap());
    assert!(errors.is_empty(), "{errors:?}");
    syn::parse2(tokens).unwrap()
}

/// The body of `define`, as rustfmt would write it.
fn twin(source: &str) -> String {
    let file = expanded(source);
    let define = file.items.into_iter().find_map(|item| match item {
        Item::Impl(item) if item.trait_.is_some() => match item.items.into_iter().last() {
            Some(ImplItem::Fn(define)) => Some(define.block),
            _ => None,
        },
        _ => None,
    });
    let block = define.unwrap();
    let function = syn::parse_quote!(fn define() #block);
    prettyplease::unparse(&File {
        shebang: None,
        frontmatter: None,
        attrs: Vec::new(),
        items: vec![function],
    })
}

/// Checks a workflow `async fn w(order: Order) -> Result<Receipt, Failed>` of this body.
macro_rules! check {
    ($body:literal) => {
        let source = concat!("async fn w(order: Order) -> Result<Receipt, Failed> {\n", $body, "\n}");
        insta::assert_snapshot!(twin(source));
    };
}

#[test]
fn a_workflow_keeps_its_function_and_gains_a_type() {
    let file = expanded(
        "/// Greets.\n///\n/// Twice.\n#[deny(unused)]\npub(crate) async fn greet_all(name: String) -> Result<(), Failed> {\n    greet(&name).await?;\n    Ok(())\n}",
    );
    insta::assert_snapshot!(prettyplease::unparse(&file));
}

#[test]
fn no_input() {
    let file = expanded("async fn tick() -> Result<u32, Failed> { Ok(1) }");
    insta::assert_snapshot!(prettyplease::unparse(&file));
}

#[test]
fn order_saga() {
    check!(
        "    validate_order(&order).await?;

    let reservation = reserve_inventory(&order.order_id, &order.lines)
        .heartbeat(secs(30))
        .compensate(|reservation| release_inventory(&reservation.reservation_id))
        .await?;

    let charge = charge_payment(&order.order_id, order.total_cents)
        .compensate(|charge| refund_payment(&charge.charge_id))
        .await?;

    if order.total_cents > 50_000 {
        let approval = request_approval(&order).await?;
        if !approval.granted {
            return Err(fail(\"ApprovalDenied\", format!(\"{} said no\", approval.by)));
        }
    }

    join!(email_customer(&order), publish_fulfilled(&order)).await?;

    Ok(Confirmation { order_id: order.order_id, charge_id: charge.charge_id })"
    );
}

#[test]
fn match_on_a_result() {
    check!(
        "    let charge = match charge_payment(&order.id, order.total).await {
        Ok(charge) => charge,
        Err(Failure::Task(PaymentError::Declined { reason } | PaymentError::Suspended { reason })) => {
            notify(&order, reason).await?;
            return Err(fail(\"Declined\", reason));
        }
        Err(Failure::Task(PaymentError::Limit(limit))) => free(limit).await?,
        Err(Failure::HeartbeatTimeout | Failure::Timeout) => fallback(&order).await?,
        Err(other) => return Err(other.into()),
    };
    Ok(charge)"
    );
}

#[test]
fn match_as_the_result() {
    check!(
        "    match charge_payment(&order.id).await {
        Ok(Charge { id, amount: cents, .. }) => Ok(Receipt { id, cents }),
        Err(_) => Err(fail(\"NoMoney\", \"none\")),
    }"
    );
}

#[test]
fn match_on_literals() {
    check!(
        "    let rate = match order.kind.as_str() {
        \"gift\" | \"sample\" => 0,
        \"bulk\" => discount(&order).await?,
        other => rate(other).await?,
    };
    match order.express { true => ship(-5).await?, false => {} }
    match rate { -1 => Err(fail(\"Rate\", \"negative\")), _ => Ok(rate) }"
    );
}

#[test]
fn choices() {
    check!(
        "    let rate = if order.vip { 5 } else if order.total >= LIMIT && !order.new { 10 } else { 20 };
    let note = if order.gift { wrap(&order).await? } else { None };
    if rate == 5 {
        return Ok(Receipt { rate, note });
    }
    if order.total == 0 { Err(fail(\"Empty\", \"\")) } else { Ok(Receipt { rate, note }) }"
    );
}

#[test]
fn values() {
    check!(
        "    let Order { lines, address: Address { city, .. }, cents: Cents(cents), .. } = order.clone();
    let big = 5_000_000_000;
    let sum = -order.pair.0 + (order.pair.1 * 2 - 3u8) / 4 % 5;
    let text = format!(\"{{{city}}} has {}{}\", lines, sum.to_string());
    let list = vec![Event::Paid(sum), Event::Opened { at: text }, Event::Closed, Marker];
    Ok((list, Cents(5), limits::MAX, String::from(\"x\"), 'c', 1.5, big, Some(())))"
    );
}

#[test]
fn fan_out() {
    check!(
        "    let (left, _) = join!(email(&order).named(\"Email\"), publish(&order)).await?;
    let sizes = map(&order.lines, async |line| {
        let stock = look_up(&line.sku).await?;
        if stock.empty {
            return Err(fail(\"Empty\", line.sku));
        }
        Ok(stock.count)
    })
    .max_concurrency(5)
    .await?;
    map(sizes, async |_| Ok(ping().await?)).await"
    );
}

#[test]
fn pauses_and_ignored_failures() {
    check!(
        "    sleep(secs(30)).await;
    let _ = ping(if order.vip { 1 } else { 2 }).retry(RetryPolicy::new().attempts(2)).await;
    let _ = order.id;
    return Ok(ping(1).await?);"
    );
}

#[test]
fn a_value_on_a_line_of_its_own_knows_its_place() {
    check!(
        "    Ok(Receipt {
        total: order.total
            + 1,
        text: order.total.to_string(),
    })"
    );
}
