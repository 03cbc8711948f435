//! What `#[workflow]` writes, the builder can say by hand: both give the same document, byte for byte.
//!
//! Separate from the corpus because nothing is run here: the two ways of defining a workflow are held side by side.

use sfn::prelude::*;
use sfn::{Caught, Definition, Flow, TaskEntry, Val, array, concat, literal, tuple};

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
struct Order {
    id: String,
    lines: Vec<String>,
    total_cents: u32,
    kind: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
struct Charge {
    id: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
struct Approval {
    granted: bool,
    by: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
struct Confirmation {
    order: String,
    charge: String,
}

#[derive(Debug, thiserror::Error, TaskError)]
enum PaymentError {
    #[error("declined: {reason}")]
    Declined { reason: String },
    #[error("unavailable")]
    Unavailable,
}

#[task]
async fn validate_order(order: Order) -> Result<(), PaymentError> {
    if order.lines.is_empty() { Err(PaymentError::Unavailable) } else { Ok(()) }
}

#[task(timeout = "30s")]
async fn charge_payment(order_id: String, amount_cents: u32) -> Result<Charge, PaymentError> {
    if amount_cents == 0 {
        return Err(PaymentError::Declined { reason: order_id });
    }
    Ok(Charge { id: order_id })
}

#[task]
async fn refund_payment(charge_id: String) -> Result<(), PaymentError> {
    drop(charge_id);
    Ok(())
}

/// Asks a person.
#[task(timeout = "3d")]
async fn request_approval(order: Order, token: TaskToken<Approval>) -> Result<(), PaymentError> {
    drop((order, token));
    Ok(())
}

#[task]
async fn notify(text: String) -> Result<u32, PaymentError> {
    u32::try_from(text.len()).map_err(|_| PaymentError::Unavailable)
}

/// Checks that a workflow and its definition by hand give the same document.
#[track_caller]
fn check(macro_made: &Definition, define: impl FnOnce(&mut Flow)) {
    let by_hand = Definition::from_flow(macro_made.name(), macro_made.doc(), define);
    let document = |definition: &Definition| {
        definition
            .lower()
            .map(|lowered| lowered.machine.to_json_pretty())
            .map_err(|faults| format!("{faults:#?}"))
    };
    let document_by_hand = document(&by_hand);
    assert!(document_by_hand.is_ok(), "{document_by_hand:?}");
    assert_eq!(document(macro_made), document_by_hand);
}

/// Order fulfilment with compensation.
#[workflow]
async fn order_saga(order: Order) -> Result<Confirmation, Failed> {
    validate_order(&order).await?;
    let charge = charge_payment(&order.id, order.total_cents)
        .heartbeat(secs(20))
        .retry(RetryPolicy::new().attempts(5).interval(secs(2)))
        .compensate(|charge| refund_payment(&charge.id))
        .await?;
    if order.total_cents > 50_000 {
        let approval = request_approval(&order).await?;
        if !approval.granted {
            return Err(fail("ApprovalDenied", format!("{} said no", approval.by)));
        }
    }
    join!(notify(&order.id), notify("fulfilled").named("Publish")).await?;
    Ok(Confirmation { order: order.id, charge: charge.id })
}

#[test]
fn the_order_saga() {
    check(&order_saga::definition(), |flow| {
        let order = flow.input::<Order>("order");
        flow.task(validate_order(&order)).run();
        let charge = flow
            .task(charge_payment(&order.id, &order.total_cents))
            .heartbeat(secs(20))
            .retry(RetryPolicy::new().attempts(5).interval(secs(2)))
            .compensate(|charge| refund_payment(&charge.id))
            .bind("charge")
            .run();
        flow.choose(
            order.total_cents.gt(50_000),
            "order.total_cents > 50_000",
            |flow| {
                let approval = flow.task(request_approval(&order)).bind("approval").run();
                flow.choose(
                    approval.granted.not(),
                    "!approval.granted",
                    |flow| {
                        let by = approval.by.erased().clone();
                        flow.fail("ApprovalDenied", concat(vec![by, literal(" said no")]));
                    },
                    |_| {},
                );
            },
            |_| {},
        );
        flow.join((
            |flow: &mut Flow| flow.task(notify(&order.id)).run(),
            |flow: &mut Flow| flow.task(notify("fulfilled")).named("Publish").run(),
        ));
        flow.succeed(Val::<Confirmation>::record(vec![
            ("order", order.id.erased().clone()),
            ("charge", charge.id.erased().clone()),
        ]));
    });
}

#[workflow]
async fn matched(order: Order) -> Result<String, Failed> {
    let charge_id = match charge_payment(&order.id, 5).await {
        Ok(charge) => charge.id,
        Err(Failure::Task(PaymentError::Declined { reason })) => {
            notify(&reason).await?;
            reason
        }
        Err(Failure::Timeout | Failure::HeartbeatTimeout) => return Err(fail("Late", "no answer in time")),
        Err(other) => return Err(other.into()),
    };
    Ok(charge_id)
}

#[test]
fn a_match_on_a_result() {
    check(&matched::definition(), |flow| {
        let order = flow.input::<Order>("order");
        let charge_id = flow
            .task(charge_payment(&order.id, 5))
            .matching()
            .ok("charge", |_, charge| charge.id.erased().clone())
            .error(&["Declined"], |flow, fields| {
                let reason = flow.let_("reason", fields.field("reason"));
                flow.task(notify(&reason)).run();
                reason
            })
            .caught(Caught::new().timeout().heartbeat_timeout(), |flow, _| {
                flow.fail("Late", "no answer in time");
                sfn::AnyVal::never()
            })
            .any("other", |flow, other| {
                flow.rethrow(other);
                sfn::AnyVal::never()
            })
            .end();
        let charge_id = flow.let_("charge_id", charge_id);
        flow.succeed(charge_id);
    });
}

#[workflow]
async fn spread(order: Order) -> Result<(Vec<u32>, u32), Failed> {
    let (first, ()) = join!(notify("first"), refund_payment("none")).await?;
    let lengths = map(&order.lines, async |line| {
        if line == "none" {
            return Ok(0);
        }
        Ok(notify(&line).await?)
    })
    .max_concurrency(3)
    .await?;
    Ok((lengths, first))
}

#[test]
fn branches_and_iterations() {
    check(&spread::definition(), |flow| {
        let order = flow.input::<Order>("order");
        let (first, _) = flow.join((
            |flow: &mut Flow| flow.task(notify("first")).run(),
            |flow: &mut Flow| flow.task(refund_payment("none")).run(),
        ));
        let first = flow.let_("first", first);
        let lengths = flow
            .map(&order.lines, "line", |flow, line: Val<String>| {
                flow.choose(line.eq("none"), "line == \"none\"", |flow| flow.succeed(literal(0)), |_| {});
                flow.task(notify(&line)).run()
            })
            .max_concurrency(3)
            .bind("lengths")
            .run();
        flow.succeed(tuple(vec![lengths.into_erased(), first.into_erased()]));
    });
}

#[workflow]
async fn branched(order: Order) -> Result<Vec<u32>, Failed> {
    let _ = refund_payment(&order.id).await;
    let rate = if order.total_cents >= 100 { 5 } else { notify("small").await? };
    let extra = match order.kind.as_str() {
        "gift" | "sample" => 0,
        _ => notify(&order.kind).await?,
    };
    sleep(days(3)).await;
    Ok(vec![rate, extra, order.total_cents * 2 + 1])
}

#[test]
fn choices_pauses_and_ignored_failures() {
    check(&branched::definition(), |flow| {
        let order = flow.input::<Order>("order");
        flow.task(refund_payment(&order.id)).ignore();
        let rate = flow.choose(
            order.total_cents.ge(100),
            "order.total_cents >= 100",
            |_| literal(5),
            |flow| flow.task(notify("small")).run_any(),
        );
        let rate = flow.let_("rate", rate);
        let extra = flow.switch(
            order.kind.erased().clone(),
            "order.kind",
            vec![(vec![literal("gift"), literal("sample")], Box::new(|_: &mut Flow| literal(0)))],
            |flow| flow.task(notify(&order.kind)).run_any(),
        );
        let extra = flow.let_("extra", extra);
        flow.sleep(days(3));
        let double = order.total_cents.mul(2).add(1).into_erased();
        flow.succeed(array(vec![rate, extra, double]));
    });
}

#[workflow]
async fn named_inside(order: Order) -> Result<(), Failed> {
    if order.total_cents > 100 {
        use self::validate_order as check;
        check(&order).await?;
    } else {
        use self::refund_payment as check;
        check(&order.id).await?;
    }
    Ok(())
}

#[test]
fn tasks_are_listed_by_whatever_name_a_block_has_for_them() {
    let names = |tasks: &[TaskEntry]| tasks.iter().map(|task| task.spec.name).collect::<Vec<_>>();
    assert_eq!(names(&named_inside::tasks()), ["validate_order", "refund_payment"]);
    assert_eq!(names(&named_inside::tasks()), names(named_inside::definition().tasks()));
}

/// Is executed by `late`, which it executes.
#[workflow]
async fn early(order: Order) -> Result<(), Failed> {
    late(&order).await?;
    Ok(())
}

/// Is executed by `early`, which it starts.
#[workflow]
async fn late(order: Order) -> Result<(), Failed> {
    early(&order).start().await?;
    Ok(())
}

#[test]
fn workflows_that_execute_each_other_have_no_end() {
    let faults = early::definition().lower().expect_err("it never ends");
    let told: Vec<_> = faults.iter().map(|fault| (fault.code.as_str(), fault.message.as_str())).collect();
    let message = "the workflow `early` executes itself by `late`, without end";
    assert_eq!(told, [("endless-execution", message)]);
}

/// Gives a charge back, and says so.
#[workflow]
async fn give_back(charge: Charge) -> Result<(), Failed> {
    refund_payment(&charge.id).await?;
    notify(&charge.id).await?;
    Ok(())
}

/// Cleans up.
#[workflow]
async fn clean_up() -> Result<(), Failed> {
    notify("cleaned").await?;
    Ok(())
}

/// Pays by an execution, and is undone by others.
#[workflow]
async fn paid_and_undone(order: Order) -> Result<Confirmation, Failed> {
    notify(&order.kind).compensate(|_| clean_up().start()).await?;
    let confirmation = order_saga(&order)
        .timeout(mins(5))
        .compensate(|confirmation| refund_payment(&confirmation.charge))
        .compensate_unknown(|| clean_up().timeout(mins(1)))
        .await?;
    charge_payment(&order.id, 7)
        .compensate(|charge| give_back(charge).retry(RetryPolicy::new().attempts(2)).named("Give it back"))
        .await?;
    notify(&order.id).await?;
    Ok(confirmation)
}

#[test]
fn workflows_that_undo() {
    check(&paid_and_undone::definition(), |flow| {
        let order = flow.input::<Order>("order");
        flow.task(notify(&order.kind)).compensate(|_| clean_up().start()).run();
        let confirmation = flow
            .task(order_saga(&order))
            .timeout(mins(5))
            .compensate(|confirmation| refund_payment(&confirmation.charge))
            .compensate_unknown(|| clean_up().timeout(mins(1)))
            .bind("confirmation")
            .run();
        flow.task(charge_payment(&order.id, 7))
            .compensate(|charge| {
                give_back(charge).retry(RetryPolicy::new().attempts(2)).named("Give it back")
            })
            .run();
        flow.task(notify(&order.id)).run();
        flow.succeed(confirmation);
    });
}

#[test]
fn a_workflow_that_undoes_is_executed_by_the_one_it_undoes() {
    let definition = paid_and_undone::definition();
    let callees: Vec<_> =
        definition.callees().iter().map(|callee| (callee.spec.name, callee.waits)).collect();
    let expected = [("clean-up", false), ("order-saga", true), ("clean-up", true), ("give-back", true)];
    assert_eq!(callees, expected);
}

/// Is undone by what executes it.
#[workflow]
async fn undone_without_end(order: Order) -> Result<(), Failed> {
    notify(&order.id).compensate(|_| undo_without_end(&order)).await?;
    notify(&order.kind).await?;
    Ok(())
}

/// Executes what it undoes.
#[workflow]
async fn undo_without_end(order: Order) -> Result<(), Failed> {
    undone_without_end(&order).await?;
    Ok(())
}

/// Is over at once.
#[workflow(express)]
async fn undo_in_express(charge: Charge) -> Result<(), Failed> {
    refund_payment(&charge.id).await?;
    Ok(())
}

/// Waits for what nobody can wait for.
#[workflow]
async fn undone_in_express(order: Order) -> Result<(), Failed> {
    charge_payment(&order.id, 7).compensate(|charge| undo_in_express(charge)).await?;
    notify(&order.kind).await?;
    Ok(())
}

#[test]
fn what_undoes_is_judged_as_what_is_awaited() {
    let told = |definition: Definition| {
        let faults = definition.lower().expect_err("it is refused");
        faults.iter().map(|fault| (fault.code.as_str().to_owned(), fault.message.clone())).collect::<Vec<_>>()
    };
    let endless = "the workflow `undone-without-end` executes itself by `undo-without-end`, without end";
    assert_eq!(
        told(undone_without_end::definition()),
        [("endless-execution".to_owned(), endless.to_owned())]
    );
    let express = "`undo-in-express` is express, and the service does not wait for Express executions";
    let found = told(undone_in_express::definition());
    assert_eq!(found, [("express-execution-awaited".to_owned(), express.to_owned())]);
}
