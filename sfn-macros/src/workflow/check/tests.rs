//! Every diagnostic of the check, with the text it points at: one mistake, one error.
//! Separate because these are tables of wrong workflows, longer than the rules they prove.

use std::fmt::Write;

use proc_macro2::TokenStream;

use crate::workflow::options::Options;
use crate::workflow::{ast, expand};

/// All that is wrong with a workflow, told beside it or in its place.
fn errors(source: &str) -> Vec<syn::Error> {
    let Ok(function) = syn::parse_str(source) else {
        return expand(&TokenStream::new(), source.parse().unwrap()).1;
    };
    let faults = super::check(&Options::default(), Vec::new(), &function, &ast::read(&function));
    faults.into_iter().map(|fault| fault.error).collect()
}

/// The source with each error's text under the place it points at.
fn judged(source: &str) -> String {
    let errors = errors(source);
    assert_eq!(errors.len(), 1, "{source}\n{errors:?}");
    let mut lines = String::new();
    for (number, line) in source.lines().enumerate() {
        writeln!(lines, "{line}").unwrap();
        for error in &errors {
            let (start, end) = (error.span().start(), error.span().end());
            if start.line == number + 1 {
                let width = if end.line == start.line {
                    end.column - start.column
                } else {
                    line.len() - start.column
                };
                writeln!(lines, "{}{} {error}", " ".repeat(start.column), "^".repeat(width.max(1))).unwrap();
            }
        }
    }
    lines
}

fn check(name: &str, sources: &[&str]) {
    let judged: Vec<_> = sources.iter().map(|source| judged(source)).collect();
    insta::assert_snapshot!(name, judged.join("\n"));
}

fn check_bodies(name: &str, bodies: &[&str]) {
    let sources: Vec<_> = bodies
        .iter()
        .map(|body| format!("async fn w(order: Order) -> Result<Receipt, Failed> {{\n    {body}\n}}"))
        .collect();
    let judged: Vec<_> = sources
        .iter()
        .map(|source| {
            let lines = judged(source);
            let inside: Vec<_> = lines.lines().filter(|line| line.starts_with("    ")).collect();
            inside.join("\n")
        })
        .collect();
    insta::assert_snapshot!(name, judged.join("\n\n"));
}

#[test]
fn signatures() {
    check(
        "signatures",
        &[
            "fn w(order: Order) -> Result<Receipt, Failed> { Ok(1) }",
            "async fn w(order: Order) { Ok(1) }",
            "async fn w(order: Order) -> Receipt { Ok(1) }",
            "async fn w(order: Order) -> sfn::Result<Receipt> { Ok(1) }",
            "async fn w(order: Order, customer: Customer) -> Result<Receipt, Failed> { Ok(1) }",
            "async fn w(mut order: Order) -> Result<Receipt, Failed> { Ok(1) }",
            "async fn w(Order { id, .. }: Order) -> Result<Receipt, Failed> { Ok(1) }",
            "async fn w(&self) -> Result<Receipt, Failed> { Ok(1) }",
            "async fn w(order: &Order) -> Result<Receipt, Failed> { Ok(1) }",
            "async fn w(order: Order<'_>) -> Result<Receipt, Failed> { Ok(1) }",
            "async fn w(order: impl Payload) -> Result<Receipt, Failed> { Ok(1) }",
            "async fn w<'a>(order: Order) -> Result<Receipt, Failed> { Ok(1) }",
            "async fn w<const GRADE: char>(order: Order) -> Result<Receipt, Failed> { Ok(1) }",
            "async unsafe fn w(order: Order) -> Result<Receipt, Failed> { Ok(1) }",
            "const async fn w(order: Order) -> Result<Receipt, Failed> { Ok(1) }",
            "async extern \"C\" fn w(order: Order) -> Result<Receipt, Failed> { Ok(1) }",
            "struct Order;",
        ],
    );
}

#[test]
fn options_of_the_attribute() {
    let source = "async fn w() -> Result<(), Failed> { Ok(()) }";
    for (options, message) in [
        (
            "fast",
            "unknown option `fast`; the options of a workflow are `inline`, `express`, `compensate`, `allow`, `warn`, `deny` [unknown-option]",
        ),
        ("express, express", "option `express` is given twice; keep one [repeated-option]"),
        ("inline = true", "`inline` takes no value: write `#[workflow(inline)]` [option-value]"),
        (
            "compensate = sideways",
            "compensations run in reverse order, or all at once: `compensate = parallel` [option-value]",
        ),
        ("allow", "`allow` takes names of lints: write `allow(sensitive_field)` [option-value]"),
        ("deny(never = 5)", "`deny` takes names of lints: write `deny(sensitive_field)` [option-value]"),
        (
            "inline, express",
            "a workflow that is inlined is a part of whoever calls it: say this there [option-of-inline]",
        ),
    ] {
        let (_, errors) = expand(&options.parse().unwrap(), source.parse().unwrap());
        let errors: Vec<_> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(errors, [message]);
    }
    let (_, errors) = expand(&"express, compensate = parallel".parse().unwrap(), source.parse().unwrap());
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn statements() {
    check_bodies(
        "statements",
        &[
            "for line in order.lines.chunks(2) { ship(&line).await?; }",
            "for n in 0.. { ship(n).await?; }",
            "for mut line in order.lines { ship(&line).await?; }",
            "for place in order.lines.iter().enumerate() { ship(&place).await?; }",
            "let mut total = 0;",
            "let total;",
            "let Some(code | other) = order.code else { return Ok(1) };",
            "let ref total = order.total;",
            "let whole @ _ = order;",
            "let &mut total = order.total;",
            "let (.., last) = order.pair;",
            "let [first, second] = order.pair;",
            "let mut lines = vec![];",
            "let mut code = None;",
            "let (mut total, id) = order.pair;",
            "order.lines[0] = 1;",
            "(a, b) = order.pair;",
            "order.total <<= 1;",
            "let total = 1 + loop { break 1; };",
            "fn nested() {}",
            "#[cfg(test)] let total = 0;",
            "unsafe { tick().await?; }",
            "Err(fail(\"A\", \"b\"));",
        ],
    );
}

#[test]
fn expressions() {
    check_bodies(
        "expressions",
        &[
            "let range = 0..5;",
            "let zeros = [0; order.total];",
            "let next = |x| x;",
            "let later = async { 1 };",
            "let bits = order.total & 1;",
            "let lines = &mut order.lines;",
            "let bytes = b\"raw\";",
            "let huge = 20_000_000_000_000_000_000;",
            "let wide = 1u128;",
            "let result = Ok(1);",
            "let text = Text::parse(&order.id);",
            "let text = (order.make)(1);",
            "let text = <Text as Default>::default;",
        ],
    );
}

#[test]
fn methods() {
    check_bodies(
        "methods",
        &[
            "let count = order.lines.capacity();",
            "let charge = charge_payment(&order).await.unwrap();",
            "let last = order.lines.insert(0, 1);",
            "let name = order.name.trimmed();",
            "let text = order.code.to_string(1);",
            "let charge = charge_payment(&order).retries(3).await?;",
            "let sizes = map(order.lines, async |line| Ok(line)).tolerate(3).await?;",
        ],
    );
}

#[test]
fn closures() {
    check_bodies(
        "closures",
        &[
            "let sizes = order.lines.iter().map(size_of).collect::<Vec<_>>();",
            "let sizes = order.lines.iter().map(async |line| line.size).collect::<Vec<_>>();",
            "let sizes = order.lines.iter().map(|line| line.size).collect();",
            "let sizes = order.lines.iter().map(|line| line.size).collect::<BTreeSet<_>>();",
            "let total = order.lines.iter().fold(0, |sum, line| sum + line.size);",
            "let all = order.lines.iter().map(|mut line| line).collect::<Vec<_>>();",
            "let any = order.lines.iter().any(|line| { seen += 1; true });",
            "let any = order.lines.iter().any(|line| 1 + { return true; } > 1);",
            "let paid = pay().compensate(|paid| undo(order.lines.iter().take(2).collect::<Vec<_>>())).await?;",
            "let looked = order.lines.iter().map(|line| look_at(line).await).collect::<Vec<_>>();",
            "let text = order.lines.iter().map(|line| { let text = format!(\"{:?}\", line); text }).count();",
        ],
    );
}

#[test]
fn macros() {
    check_bodies(
        "macros",
        &[
            "println!(\"{}\", order.id);",
            "panic!(\"no\");",
            "let known = assert!(order.open);",
            "let zeros = vec![0; 500];",
            "let text = format!(\"{:?}\", order.id);",
            "let text = format!(\"{id:^5}\");",
            "let text = format!(\"{nobody}\");",
            "let text = format!(\"{0}\", order.id);",
            "let text = format!(\"{id}\", id = order.id.len());",
        ],
    );
}

#[test]
fn awaiting() {
    check_bodies(
        "awaiting",
        &[
            "let charge = charge_payment(&order)?;",
            "charge_payment(&order);",
            "charge_payment(&order);",
            "let charge = charge_payment(&order).timeout(secs(5));",
            "let charge = charge_payment(&order).await;",
            "charge_payment(&order).await;",
            "let pair = join!(a(), b()).await;",
            "let pair = join!(a(), b())?;",
            "sleep(secs(5));",
            "let total = order.total?;",
            "let total = order.total.await?;",
            "let id = order.coupon.unwrap();",
            "let id = order.open && is_paid(&order).await?;",
            "let ids = order.lines.iter().map(|line| price(line).await?).collect::<Vec<_>>();",
            "let id = order.total + return Ok(1);",
            "let id = if order.open { let a = 1; a } else { 2 } + 1;",
            "let id = order.open || match ping().await { Ok(value) => value, Err(_) => false };",
            "Err(order.failure.cause)",
        ],
    );
}

#[test]
fn calls() {
    check_bodies(
        "calls",
        &[
            "sleep(secs(order.wait)).await;",
            "ping().timeout(secs(order.wait)).await?;",
            "ping().compensate(undo).await?;",
            "ping().compensate(|| undo()).await?;",
            "ping().compensate(|value| value.id).await?;",
            "ping().compensate(async |value| undo(value)).await?;",
            "ping().compensate(|value| undo(value).compensate(|_| redo())).await?;",
            "ping().compensate(|_| undo()).compensate(|_| undo()).await?;",
            "join!(a()).await?;",
            "join!(a(), order.id).await?;",
            "join!(a(), b().await?).await?;",
            "join!(a(), async { let b = b().await; Ok(b) }).await?;",
            "join!(a(), async { b().await?; }).await?;",
            "join!(a(), async { if order.open { Ok(1) } else { 2 } }).await?;",
            "join!(a(), sleep(secs(1))).await?;",
            "join!(a(), async { Ok(order.id.chars()) }).await?;",
            "let block = async { Ok(1) };",
            "try_join!(a(), b()).await?;",
            "map(order.lines, |line| ship(line)).await?;",
            "map(order.lines, async |a, b| Ok(1)).await?;",
            "map(order.lines, async |line| Ok(1)).max_concurrency(order.total).await?;",
            "map(order.lines, async |line| Ok(1)).max_concurrency(LIMIT).await?;",
        ],
    );
}

#[test]
fn distributed_maps() {
    check_bodies(
        "distributed_maps",
        &[
            "map_distributed(s3::jsonl(order.bucket, order.key), async |line| Ok(1)).await?;",
            "map_distributed(s3::csv::<_>(order.bucket, order.key), async |line| Ok(1)).await?;",
            "map_distributed(s3::list_objects(order.bucket, \"\").items_at(\"/a\"), async |line| Ok(1)).await?;",
            "map_distributed(order.lines.delimiter(Delimiter::Tab), async |line| Ok(1)).await?;",
            "map_distributed(order.lines.batch(2).batch(2), async |lines| Ok(1)).await?;",
            "map_distributed(s3::json::<Line>(\"b\", \"k\").batch(2).max_items(2), async |lines| Ok(1)).await?;",
            "map_distributed(order.lines.batch(order.size), async |lines| Ok(1)).await?;",
            "map_distributed(order.lines, async |line| Ok(1)).batch(2).await?;",
            "map_distributed(order.lines, async |line| Ok(1)).tolerate_percentage(limit()).await?;",
            "map_distributed(order.lines, async |line| Ok(1)).label(format!(\"a\")).await?;",
            "map_distributed(order.lines, |line| ship(line)).await?;",
            "map_distributed(order.lines, async |line| Ok(a(line).compensate(|_| undo()).await?)).await?;",
            "let lines = s3::json::<Line>(\"b\", \"k\");",
            "let counts = map_distributed(order.lines, async |line| Ok(1));",
            "let counts = map_distributed(order.lines, async |line| Ok(1)).await;",
        ],
    );
}

#[test]
fn matches() {
    check_bodies(
        "matches",
        &[
            "match ping() { Ok(_) => {} Err(_) => {} }",
            "match join!(a(), b()).await { Ok(_) => {} Err(Failure::Timeout) => {} Err(_) => {} }",
            "match sleep(secs(1)).await { Ok(_) => {} Err(_) => {} }",
            "match ping().await { Ok(_) => {} _ => {} }",
            "match ping().await { Ok(_) if order.open => {} Err(_) => {} }",
            "match ping().await { Ok(_) | Err(_) => {} }",
            "match ping().await { Ok(_) => {} Err(Failure::Task(error)) => {} }",
            "match ping().await { Ok(_) => {} Err(Failure::Other(other)) => {} }",
            "match ping().await { Ok(_) => {} Err(Oops) => {} }",
            "match ping().await { Ok(_) => {} Err(mut other) => {} }",
            "match ping().await { Ok(_) => {} Err(Failure::Task(E::A { x } | E::B { y: x })) => {} }",
            "match ping().await { Ok(_) => {} Err(Failure::Task(E::A { x: F::G { .. } })) => {} }",
            "match order.total { 0 | other => {} _ => {} }",
            "match order.lines { [first, ..] => {} _ => {} }",
            "match order.code { Some(mut code) => {} _ => {} }",
            "match order.pair { (.., last) => {} }",
            "match order.code { whole @ Some(_) => {} _ => {} }",
            "match order.rate { 1.5 => {} _ => {} }",
        ],
    );
}

#[test]
fn all_mistakes_are_told_at_once() {
    let source =
        "async fn w() -> Result<(), Failed> { let y = a & b; let x = [0; n]; println!(); ping(); Ok(()) }";
    assert_eq!(errors(source).len(), 4);
}

#[test]
fn a_blamed_expression_gives_way_to_its_error() {
    let source = "async fn w() -> Result<(), Failed> { let x = charge(b).retries(|_| c, d)?; x.y.await }";
    let (tokens, _) = expand(&TokenStream::new(), source.parse().unwrap());
    let file = syn::parse2(tokens).unwrap();
    insta::assert_snapshot!(prettyplease::unparse(&file));
}
