//! Same seed, same history: whatever is random, concurrent or late.
//! Separate because it is a property over many runs, not a case.

use proptest::prelude::*;
use serde_json::json;

use crate::stage::{Answer, Play, fails, succeeds};

/// Randomness in expressions and retries, concurrency, and waits that cross each other.
fn definition() -> serde_json::Value {
    let retry = json!([{ "ErrorEquals": ["States.ALL"], "IntervalSeconds": 5, "JitterStrategy": "FULL" }]);
    let caught = json!([{ "ErrorEquals": ["States.ALL"], "Next": "Gone" }]);
    let body = json!({ "StartAt": "Draw", "States": {
        "Draw": { "Type": "Wait", "Seconds": "{% $floor($random() * 100) %}", "Next": "Work" },
        "Work": {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken", "TimeoutSeconds": 7,
            "Arguments": { "token": "{% $states.context.Task.Token %}", "id": "{% $uuid() %}" },
            "Retry": retry, "Catch": caught, "End": true
        },
        "Gone": { "Type": "Pass", "Output": "{% $now() %}", "End": true }
    } });
    json!({ "QueryLanguage": "JSONata", "StartAt": "Each", "States": {
        "Each": { "Type": "Map", "Items": "{% [1..6] %}", "MaxConcurrency": 4, "ItemProcessor": body, "End": true }
    } })
}

fn history(seed: u64, answers: &[Answer]) -> String {
    let play = Play::seeded(seed, &definition(), json!({}), answers);
    serde_json::to_string(&play.outcome.history).expect("events are JSON")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_same_seed_gives_the_same_history(seed: u64, outcomes in prop::collection::vec(any::<bool>(), 0..12)) {
        let answers: Vec<_> =
            outcomes.into_iter().map(|good| if good { succeeds(json!(1)) } else { fails("Bad", "") }).collect();
        prop_assert_eq!(history(seed, &answers), history(seed, &answers));
        prop_assert_ne!(history(seed, &answers), history(seed.wrapping_add(1), &answers));
    }
}
