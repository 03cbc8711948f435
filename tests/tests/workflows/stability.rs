//! What stays as it is when a workflow is edited elsewhere: the promises of `docs/stability.md`, each as a pair of workflows.
//!
//! Separate from the golden files: those show what comes out of one workflow, this what an edit does to it.

use serde_json::{Map, Value};
use sfn::Definition;

/// What is edited.
mod before {
    use super::super::corpus::tasks::*;
    use sfn::prelude::*;

    /// Ships what was ordered.
    #[workflow]
    pub async fn shipping(amount: u32) -> Result<String, Failed> {
        let ticket = reserve("ink", amount).compensate(|held| release(held)).await?;
        let mut asked: u32 = 0;
        while asked < amount {
            ping().await?;
            asked += 1;
        }
        if ticket.quantity > 10 {
            return Ok(notify("many").await?);
        }
        sleep(mins(5)).await;
        Ok(notify(format!("{asked} times")).await?)
    }
}

/// The same text, moved, set otherwise and commented.
#[rustfmt::skip]
#[expect(clippy::assign_op_pattern, clippy::uninlined_format_args, reason = "it is said otherwise on purpose")]
mod moved {
    pub mod deeper {
        use crate::corpus::tasks::{notify, ping, release, reserve};
        use sfn::prelude::*;

        const INK: &str = "ink";

        // Other tools read it this way.
        /// Ships what was ordered.
        #[workflow]
        pub async fn shipping(amount: u32) -> Result<String, Failed> {
            // First of all.
            let ticket = reserve(INK, amount)
                .compensate(|given| release(given))
                .await?;

            let mut asked: u32 = 0;
            while asked<amount { ping().await?; asked = asked+1; }
            if ticket . quantity >10 { return Ok(notify("many").await?) }
            sleep(secs(300)).await;
            Ok(notify(format!("{} times", asked)).await?)
        }
    }
}

/// Every local has another name.
mod renamed {
    use super::super::corpus::tasks::*;
    use sfn::prelude::*;

    /// Ships what was ordered.
    #[workflow]
    pub async fn shipping(pieces: u32) -> Result<String, Failed> {
        let held = reserve("ink", pieces).compensate(|given| release(given)).await?;
        let mut turns: u32 = 0;
        while turns < pieces {
            ping().await?;
            turns += 1;
        }
        if held.quantity > 10 {
            return Ok(notify("many").await?);
        }
        sleep(mins(5)).await;
        Ok(notify(format!("{turns} times")).await?)
    }
}

/// Another step behind the way of the many, and a call that has a name of its own before everything.
mod extended {
    use super::super::corpus::tasks::*;
    use sfn::prelude::*;

    /// Ships what was ordered.
    #[workflow]
    pub async fn shipping(amount: u32) -> Result<String, Failed> {
        notify("begins").named("Announce").await?;
        let ticket = reserve("ink", amount).compensate(|held| release(held)).await?;
        let mut asked: u32 = 0;
        while asked < amount {
            ping().await?;
            asked += 1;
        }
        if ticket.quantity > 10 {
            let told = notify("many").await?;
            charge("house", ticket.quantity).await?;
            return Ok(told);
        }
        sleep(mins(5)).await;
        Ok(notify(format!("{asked} times")).await?)
    }
}

fn text(definition: &Definition) -> String {
    definition.lower().expect("it is a workflow").machine.to_string()
}

fn states(definition: &Definition) -> Map<String, Value> {
    let mut machine: Value = serde_json::from_str(&text(definition)).expect("it is JSON");
    match machine["States"].take() {
        Value::Object(states) => states,
        other => panic!("no States: {other}"),
    }
}

/// The States that are no Choices, by name, without what names variables.
fn billed_and_redriven(definition: &Definition) -> Vec<(String, Value)> {
    let states = states(definition).into_iter();
    let fixed = ["Type", "Resource", "Retry", "TimeoutSeconds", "Seconds", "Error"];
    let kept = |state: &Value| fixed.iter().map(|field| state[*field].clone()).collect();
    states.filter(|(_, state)| state["Type"] != "Choice").map(|(name, state)| (name, kept(&state))).collect()
}

#[test]
fn moving_and_setting_otherwise_changes_no_byte() {
    assert_eq!(text(&moved::deeper::shipping::definition()), text(&before::shipping::definition()));
}

#[test]
fn a_local_by_another_name_is_one_word_for_another() {
    let (before, renamed) = (before::shipping::definition(), renamed::shipping::definition());
    assert_ne!(text(&renamed), text(&before));
    assert_eq!(billed_and_redriven(&renamed), billed_and_redriven(&before));
    let words = [
        ("ticket", "held"),
        ("Ticket", "Held"),
        ("asked", "turns"),
        ("Asked", "Turns"),
        ("amount", "pieces"),
        ("Amount", "Pieces"),
    ];
    let replaced = words.iter().fold(text(&before), |text, (from, to)| text.replace(from, to));
    assert_eq!(text(&renamed), replaced);
}

#[test]
fn what_is_added_elsewhere_leaves_the_rest_as_it_is() {
    let (before, after) =
        (states(&before::shipping::definition()), states(&extended::shipping::definition()));
    let changed: Vec<_> =
        before.iter().filter(|(name, state)| after.get(*name) != Some(state)).map(|(name, _)| name).collect();
    let added: Vec<_> = after.keys().filter(|name| !before.contains_key(*name)).collect();
    // Before, the execution's input was at hand where it is kept; the way of the many ended where it goes on.
    assert_eq!(changed, ["Notify", "Reserve"]);
    assert_eq!(added, ["Announce", "Charge"]);
}
