//! The figures that the README quotes: how many states the saga has, and how many transitions an order costs.
//!
//! Separate from the proof because these are numbers that people compare, not behaviour.

use crate::combinations::{Approval, Combination};
use crate::troubles::{Failure, Trouble, Way};
use crate::world::Stage;
use serde_json::Value;
use sfn_engine::history::{Details, HistoryEvent};
use std::collections::{BTreeMap, BTreeSet};

/// An order pipeline of the same outline written by hand: validate, reserve, charge and notify; release when the card is
/// declined. It has no approval and no refund, and a failed release loses the failure before it.
const BY_HAND: Figures = Figures { states: 8, transitions: 6 };

/// What the saga has more than the pipeline: the approval, and the refund for when nobody can be told.
const MORE_THAN_BY_HAND: [&str; 4] =
    ["IfOrderTotalCentsAbove50000", "RequestApproval", "IfNotApprovalGranted", "RefundPayment"];

#[derive(Debug, PartialEq)]
struct Figures {
    /// States of the definition, those of Branches included.
    states: usize,
    /// What the service bills for an execution: every State entered, and every retry.
    transitions: usize,
}

#[test]
fn the_saga_has_the_states_that_a_hand_would_have_written() {
    let names = states(&serde_json::from_str(&Stage::new().text).expect("the definition is JSON"));
    assert_eq!(names.len(), 12);
    let shared = names.iter().filter(|name| !MORE_THAN_BY_HAND.contains(&name.as_str()));
    assert_eq!(shared.count(), BY_HAND.states);
}

#[test]
fn an_order_costs_one_transition_more_than_by_hand() {
    check(Approval::NotNeeded, None, BY_HAND.transitions + 1);
}

#[test]
fn an_approved_order_costs_three_transitions_more_than_by_hand() {
    check(Approval::Granted, None, BY_HAND.transitions + 3);
}

#[test]
fn every_retry_costs_a_transition() {
    let unavailable = Failure { error: "Gateway.Unavailable".to_owned(), cause: String::new() };
    let twice = Trouble { way: Way::Handler(unavailable), attempts: 2, retries: 3 };
    check(Approval::NotNeeded, Some(("charge_payment", twice)), BY_HAND.transitions + 1 + 2);
}

/// Runs the saga to a good end and counts what is billed.
#[track_caller]
fn check(approval: Approval, trouble: Option<(&'static str, Trouble)>, transitions: usize) {
    let combination = Combination { approval, troubles: trouble.into_iter().collect::<BTreeMap<_, _>>() };
    let (outcome, _) = Stage::new().outcome(&combination);
    let end = outcome.history.last().map(HistoryEvent::event_type);
    assert_eq!((end, billed(&outcome.history)), (Some("ExecutionSucceeded"), transitions));
}

/// The transitions of an execution: a State each time it is entered, and each further attempt of its task.
fn billed(history: &[HistoryEvent]) -> usize {
    let count = |is: fn(&Details) -> bool| history.iter().filter(|event| is(&event.details)).count();
    let entered = count(|details| matches!(details, Details::StateEntered { .. }));
    let attempts = count(|details| matches!(details, Details::TaskScheduled { .. }));
    let tasks = history.iter().filter(|event| event.event_type() == "TaskStateEntered").count();
    entered + attempts - tasks
}

/// The names of all states, those of Branches included.
fn states(scope: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (name, state) in scope["States"].as_object().into_iter().flatten() {
        names.insert(name.clone());
        for branch in state["Branches"].as_array().into_iter().flatten() {
            names.extend(states(branch));
        }
    }
    names
}
