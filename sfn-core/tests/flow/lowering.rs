//! Golden trees and golden state machines, one small flow per construct.
//! Separate because they are the contract of the lowering: a change of any of them is a change for users.

use crate::support::*;
use sfn_core::{
    Caught, Definition, Delay, Flow, Payload, RetryPolicy, SwitchArm, Val, concat, days, literal, record,
    secs, tuple,
};

/// Shows the tree and the document of a flow, which must be valid, as a snapshot.
fn check(name: &str, doc: &str, define: impl FnOnce(&mut Flow)) {
    let definition = Definition::from_flow(name, doc, define);
    let lowered = definition.lower().unwrap_or_else(|found| panic!("{found:#?}\n{definition}"));
    assert_eq!(lowered.warnings, [], "the definition is beyond reproach");
    let text = lowered.machine.to_json_pretty();
    let again = definition.lower().expect("it was lowered before");
    assert_eq!(text, again.machine.to_json_pretty(), "the same source gives the same bytes");
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, format!("{definition}\n{text}"));
    });
}

fn confirmation(order: &Val<Order>, charge: &Val<Charge>) -> Val<Confirmation> {
    Val::record(vec![
        ("order_id", order.order_id.erased().clone()),
        ("charge_id", charge.charge_id.erased().clone()),
    ])
}

#[test]
fn the_order_saga() {
    check("order-saga", "Order fulfilment with compensation.", |flow| {
        let order = flow.input::<Order>("order");
        flow.task(validate_order(&order)).run();
        flow.task(reserve_inventory(&order.order_id, &order.lines))
            .heartbeat(secs(30))
            .compensate(|reservation| release_inventory(&reservation.reservation_id))
            .bind("reservation")
            .run();
        let charge = flow
            .task(charge_payment(&order.order_id, &order.total_cents))
            .compensate(|charge| refund_payment(&charge.charge_id))
            .bind("charge")
            .run();
        flow.choose(
            order.total_cents.gt(50_000_u32),
            "order.total_cents > 50_000",
            |flow| {
                let approval = flow.task(request_approval(&order)).bind("approval").run();
                flow.choose(
                    approval.granted.not(),
                    "!approval.granted",
                    |flow| {
                        let cause = concat(vec![approval.by.erased().clone(), literal(" said no")]);
                        flow.fail("ApprovalDenied", cause);
                    },
                    |_| (),
                );
            },
            |_| (),
        );
        flow.join((
            |flow: &mut Flow| flow.task(email_customer(&order)).run(),
            |flow: &mut Flow| flow.task(publish_fulfilled(&order)).run(),
        ));
        flow.succeed(confirmation(&order, &charge));
    });
}

#[test]
fn values_that_need_no_state() {
    check("values", "", |flow| {
        let order = flow.input::<Order>("order");
        let id = flow.let_("id", order.order_id.clone());
        let fee = flow.let_("fee", order.total_cents.mul(3_u32).div(100_u32));
        let charge = flow.task(charge_payment(&id, order.total_cents.add(&fee))).bind("charge").run();
        let text = flow.let_(
            "text",
            concat(vec![literal("fee of "), fee.into_erased(), literal(" for "), id.into_erased()]),
        );
        flow.task(notify(text)).run();
        flow.task(notify(&charge.charge_id)).run();
        flow.succeed(tuple(vec![order.coupon.erased().clone(), charge.fee_cents.erased().clone()]));
    });
}

#[test]
fn a_value_used_twice_is_assigned_on_the_edge_before() {
    check("edge-values", "", |flow| {
        let order = flow.input::<Order>("order");
        flow.task(validate_order(&order)).run();
        let charge = flow.task(charge_payment(&order.order_id, &order.total_cents)).bind("charge").run();
        let net = flow.let_("net", order.total_cents.sub(&charge.fee_cents));
        let doubled = flow.let_("doubled", net.mul(&net));
        flow.task(charge_payment(&charge.charge_id, doubled.add(&doubled))).bind("again").run();
        flow.task(ping()).run();
        flow.succeed(net);
    });
}

#[test]
fn conditional_values_are_expressions() {
    check("conditional-value", "", |flow| {
        let order = flow.input::<Order>("order");
        let text: Val<String> = flow.choose(
            order.coupon.eq(Some("VIP".to_owned())),
            "order.coupon == Some(\"VIP\")",
            |_| Val::from_erased(literal("welcome back")),
            |_| order.order_id.clone(),
        );
        flow.task(notify(&text)).run();
    });
}

#[test]
fn else_if_is_one_choice() {
    check("else-if", "", |flow| {
        let order = flow.input::<Order>("order");
        let count: Val<u32> = flow.choose(
            order.total_cents.gt(1000_u32),
            "order.total_cents > 1000",
            |flow| flow.task(ping()).run(),
            |flow| {
                flow.choose(
                    order.total_cents.gt(100_u32).or(&order.order_id.eq("x")),
                    "order.total_cents > 100 || order.order_id == \"x\"",
                    |flow| flow.task(ping()).named("SecondPing").run(),
                    |_| Val::from_erased(literal(7_u32)),
                )
            },
        );
        flow.let_("count", count.clone());
        flow.task(notify(count.to_text())).run();
        flow.succeed(count);
    });
}

#[test]
fn nested_ifs_without_else_are_one_condition() {
    check("nested-if", "", |flow| {
        let order = flow.input::<Order>("order");
        flow.choose(
            order.total_cents.ge(10_u32),
            "order.total_cents >= 10",
            |flow| {
                flow.choose(
                    order.coupon.ne(None::<String>),
                    "order.coupon.is_some() || order.lines.is_empty()",
                    |flow| {
                        flow.task(ping()).run();
                    },
                    |_| (),
                );
            },
            |_| (),
        );
        flow.succeed(order.order_id.clone());
    });
}

#[test]
fn a_match_on_literals() {
    check("switch", "", |flow| {
        let order = flow.input::<Order>("order");
        let coupon = order.order_id.clone();
        let arms: Vec<SwitchArm<'_, ()>> = vec![
            (
                vec![literal("A"), literal("B")],
                Box::new(|flow: &mut Flow| {
                    flow.task(ping()).run();
                }),
            ),
            (
                vec![literal("it's")],
                Box::new(|flow: &mut Flow| flow.fail("Quoted", "said \"it's\" ${aside}")),
            ),
        ];
        flow.switch(coupon, "order.order_id.as_str()", arms, |flow| flow.sleep(days(3)));
        flow.succeed(literal(true));
    });
}

#[test]
fn error_arms_are_catchers() {
    check("error-arms", "", |flow| {
        let order = flow.input::<Order>("order");
        let outcome: Val<String> = flow
            .task(charge_payment(&order.order_id, &order.total_cents))
            .heartbeat(secs(10))
            .matching()
            .ok("charge", |_, charge| charge.charge_id.clone())
            .error(&["PaymentDeclined"], |flow, fields| {
                let reason = flow.let_("reason", fields.field("reason"));
                flow.task(notify(&reason)).run();
                Val::from_erased(reason)
            })
            .caught(Caught::new().timeout().heartbeat_timeout(), |flow, _| {
                flow.fail("TooSlow", "the gateway took too long");
                Val::never()
            })
            .any("other", |flow, other| {
                flow.rethrow(other);
                Val::never()
            })
            .end();
        let outcome = flow.let_("outcome", outcome);
        flow.task(notify(&outcome)).run();
        flow.succeed(outcome);
    });
}

#[test]
fn an_error_arm_may_end_the_workflow() {
    check("error-arm-returns", "", |flow| {
        let order = flow.input::<Order>("order");
        let charge: Val<Charge> = flow
            .task(charge_payment(&order.order_id, &order.total_cents))
            .matching()
            .ok("charge", |_, charge| charge)
            .error(&["PaymentDeclined"], |flow, fields| {
                flow.succeed(fields.field("reason"));
                Val::never()
            })
            .any("other", |flow, other| {
                flow.fail("Charging", other.field("error"));
                Val::never()
            })
            .end();
        flow.succeed(charge.charge_id.clone());
    });
}

#[test]
fn an_ignored_failure_goes_on() {
    check("ignored", "", |flow| {
        let order = flow.input::<Order>("order");
        flow.task(email_customer(&order)).ignore();
        flow.task(notify(&order.order_id)).ignore();
    });
}

#[test]
fn a_map_in_front() {
    check("map-first", "", |flow| {
        let order = flow.input::<Order>("order");
        let parcels = flow
            .map(&order.lines, "line", |flow, line: Val<Line>| {
                flow.task(pack(&line)).run();
                let parcel = flow.task(pack(&line)).bind("parcel").run();
                flow.task(notify(&order.order_id)).run();
                parcel
            })
            .max_concurrency(3)
            .bind("parcels")
            .run();
        flow.succeed(parcels);
    });
}

#[test]
fn a_map_in_a_map() {
    check("map-in-map", "", |flow| {
        let orders = flow.input::<Vec<Order>>("orders");
        flow.map(&orders, "order", |flow, order: Val<Order>| {
            flow.map(&order.lines, "line", |flow, line: Val<Line>| {
                flow.task(charge_payment(&order.order_id, &line.quantity)).run().charge_id.clone()
            })
            .run()
        })
        .run();
        flow.succeed(());
    });
}

#[test]
fn a_map_that_only_calculates() {
    check("map-pure", "", |flow| {
        let orders = flow.input::<Vec<Order>>("orders");
        let ids = flow.map(&orders, "order", |_, order: Val<Order>| order.order_id.clone()).run();
        flow.task(ship(ids, -1)).run();
    });
}

#[test]
fn branches_whose_values_are_read() {
    check("join-values", "", |flow| {
        let order = flow.input::<Order>("order");
        let message = flow.let_("message", concat(vec![literal("order "), order.order_id.erased().clone()]));
        let (mail, count, ()) = flow.join((
            |flow: &mut Flow| flow.task(email_customer(&order)).run(),
            |flow: &mut Flow| flow.task(publish_fulfilled(&order)).run(),
            |flow: &mut Flow| {
                flow.sleep(secs(90));
                flow.task(notify(&message)).run();
            },
        ));
        let mail = flow.let_("mail", mail);
        flow.sleep(Delay::from(count));
        flow.task(notify(&mail)).run();
    });
}

#[test]
fn an_early_return() {
    check("early-return", "", |flow| {
        let order = flow.input::<Order>("order");
        let pings = flow.task(ping()).bind("pings").run();
        flow.choose(pings.eq(0_u32), "pings == 0", |flow| flow.succeed(literal("nothing to do")), |_| ());
        flow.task(notify(&order.order_id)).run();
        flow.choose(pings.eq(1_u32), "pings == 1", |flow| flow.succeed(literal("once")), |_| ());
        flow.succeed(literal("often"));
    });
}

#[test]
fn names_of_variables_are_free() {
    check("variable-names", "", |flow| {
        let count = flow.input::<u32>("count");
        flow.task(ping()).run();
        let order = flow.task(ping()).bind("order").run();
        let shadow = flow.task(ping()).bind("order").run();
        flow.task(ping()).run();
        flow.succeed(record(
            Charge::shape(),
            vec![
                ("charge_id", order.add(&shadow).to_text().into_erased()),
                ("fee_cents", count.into_erased()),
            ],
        ));
    });
}

#[test]
fn a_workflow_without_states() {
    check("no-states", "", |flow| {
        let order = flow.input::<Order>("order");
        flow.succeed(order.coupon.clone());
    });
}

#[test]
fn options_of_a_call() {
    check("call-options", "", |flow| {
        let order = flow.input::<Order>("order");
        let retry =
            RetryPolicy::new().attempts(5).interval(secs(2)).backoff(1.5).max_delay(secs(60)).no_jitter();
        flow.task(charge_payment("order \\ 1", 5_u32))
            .retry(retry)
            .timeout(secs(20))
            .named("Charge now")
            .run();
        flow.task(ship(vec!["a".to_owned()], 0)).run();
        flow.task(pack(Line { sku: "{% not an expression".to_owned(), quantity: 1 })).run();
        flow.task(notify(order.total_cents.to_text())).run();
    });
}

#[test]
fn compensations_of_one_branch_are_undone_by_a_flag() {
    check("saga-branch", "", |flow| {
        let order = flow.input::<Order>("order");
        flow.task(reserve_inventory(&order.order_id, &order.lines))
            .compensate(|reservation| release_inventory(&reservation.reservation_id))
            .bind("reservation")
            .run();
        flow.choose(
            order.total_cents.gt(0_u32),
            "order.total_cents > 0",
            |flow| {
                flow.task(charge_payment(&order.order_id, &order.total_cents))
                    .compensate(|charge| refund_payment(&charge.charge_id))
                    .bind("charge")
                    .run();
            },
            |flow| {
                flow.task(notify("free")).run();
            },
        );
        flow.task(email_customer(&order)).run();
    });
}

#[test]
fn compensations_of_every_branch_are_undone_by_theirs() {
    check("saga-branches", "", |flow| {
        let order = flow.input::<Order>("order");
        flow.choose(
            order.total_cents.gt(0_u32),
            "order.total_cents > 0",
            |flow| {
                flow.task(charge_payment(&order.order_id, &order.total_cents))
                    .compensate(|charge| refund_payment(&charge.charge_id))
                    .bind("charge")
                    .run();
            },
            |flow| {
                flow.task(reserve_inventory(&order.order_id, &order.lines))
                    .compensate(|reservation| release_inventory(&reservation.reservation_id))
                    .bind("reservation")
                    .run();
            },
        );
        flow.task(ping())
            .matching()
            .ok("pings", |_, _| ())
            .any("other", |flow, other| flow.rethrow(other))
            .end();
        flow.fail("Enough", "is enough");
    });
}

#[test]
fn a_compensated_step_whose_failure_is_handled() {
    check("saga-match", "", |flow| {
        let order = flow.input::<Order>("order");
        flow.task(charge_payment(&order.order_id, &order.total_cents))
            .compensate(|charge| refund_payment(&charge.charge_id))
            .matching()
            .ok("charge", |_, _| ())
            .error(&["PaymentDeclined", "GatewayUnavailable"], |flow, _| {
                flow.task(notify("unpaid")).run();
            })
            .end();
        flow.task(email_customer(&order)).run();
    });
}

#[test]
fn a_flag_is_set_where_the_ways_part_and_nowhere_else() {
    check("saga-nested", "", |flow| {
        let order = flow.input::<Order>("order");
        flow.choose(
            order.order_id.eq(""),
            "order.order_id.is_empty()",
            |flow| flow.fail("Empty", "an order needs an id"),
            |flow| {
                flow.choose(
                    order.total_cents.gt(0_u32),
                    "order.total_cents > 0",
                    |flow| {
                        flow.task(charge_payment(&order.order_id, &order.total_cents))
                            .compensate(|charge| refund_payment(&charge.charge_id))
                            .bind("charge")
                            .run();
                    },
                    |_| (),
                );
                flow.task(notify("halfway")).run();
            },
        );
        flow.task(email_customer(&order)).run();
    });
}

#[test]
fn guards_in_a_row_are_one_choice() {
    check("guards", "", |flow| {
        let order = flow.input::<Order>("order");
        flow.choose(
            order.order_id.eq(""),
            "order.order_id.is_empty()",
            |flow| flow.fail("Empty", "an order needs an id"),
            |_| (),
        );
        flow.choose(
            order.total_cents.eq(0_u32),
            "order.total_cents == 0",
            |flow| flow.succeed(literal("free")),
            |_| (),
        );
        flow.choose(
            order.total_cents.gt(1000_u32),
            "order.total_cents > 1_000",
            |flow| {
                flow.task(notify("large")).run();
            },
            |_| (),
        );
        flow.task(email_customer(&order)).run();
    });
}
