//! Large workflows: the lowering is linear in time and in size.
//! Separate because these flows are generated and nobody reads their documents.

use std::time::Instant;

use crate::support::*;
use sfn_core::{Definition, Val, concat, literal};

fn saga(steps: usize) -> String {
    let definition = Definition::from_flow("saga", "", |flow| {
        let order = flow.input::<Order>("order");
        for _ in 0..steps {
            flow.task(charge_payment(&order.order_id, &order.total_cents))
                .compensate(|charge| refund_payment(&charge.charge_id))
                .bind("charge")
                .run();
        }
    });
    definition.lower().expect("the saga is sound").machine.to_json_pretty()
}

#[test]
fn a_hundred_compensations_share_one_chain() {
    let (small, large) = (saga(10), saga(100));
    assert_eq!(large.matches("RefundPaymentFunctionArn").count(), 99, "the last step's own is never pending");
    assert!(large.len() < 11 * small.len(), "{} bytes, then {}", small.len(), large.len());
}

#[test]
fn a_thousand_statements_lower_in_no_time() {
    let definition = Definition::from_flow("long", "", |flow| {
        let order = flow.input::<Order>("order");
        let mut count: Val<u32> = order.total_cents.clone();
        for at in 0..250 {
            let doubled = flow.let_("doubled", count.add(&count));
            count = flow.let_("sum", doubled.add(&doubled).rem(1000_u32));
            flow.choose(
                count.gt(u32::from(at > 0)),
                "count > 0",
                |flow| {
                    flow.task(notify(concat(vec![literal("n = "), count.erased().clone()]))).run();
                },
                |_| (),
            );
            flow.task(ping()).run();
        }
        flow.succeed(count);
    });
    let before = Instant::now();
    let lowered = definition.lower().unwrap();
    let took = before.elapsed();
    assert!(lowered.machine.states.len() > 700);
    // Fifty milliseconds is the goal for an optimized build on an idle machine; this one is neither.
    assert!(took.as_millis() < 2_000, "{took:?}");
}

#[test]
fn values_that_build_on_each_other_do_not_explode() {
    let definition = Definition::from_flow("doubling", "", |flow| {
        let order = flow.input::<Order>("order");
        flow.task(ping()).run();
        let mut value = order.total_cents.clone();
        for _ in 0..200 {
            value = flow.let_("value", value.add(&value));
        }
        flow.task(notify(value.to_text())).run();
    });
    let text = definition.lower().unwrap().machine.to_json_pretty();
    assert!(text.len() < 100_000, "{} bytes", text.len());
}
