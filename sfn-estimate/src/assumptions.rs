//! What a definition does not say and an estimate needs: odds, numbers of items, failures, durations. Separate because it is
//! what a user gives, and every fault of it is the user's to mend.

use std::collections::BTreeMap;

use sfn_asl::{EdgeKind, State, nearest};

/// What is assumed of executions. What is not said of a State is taken from the defaults.
#[derive(Debug, Clone, PartialEq)]
pub struct Assumptions {
    /// By State and way: how likely it is that the State is left that way. What the given odds leave is shared by the other
    /// ways of a Choice State; other States take `Next`.
    pub odds: BTreeMap<String, Vec<(EdgeKind, f64)>>,
    /// By Choice State of a loop: how often it is reached each time the loop is gone through.
    pub loops: BTreeMap<String, f64>,
    /// How often the worst execution goes through a loop of which nothing is said.
    pub default_loops: f64,
    /// By Map State: how many items it has.
    pub items: BTreeMap<String, f64>,
    /// How many items the other Map States have.
    pub default_items: f64,
    /// By State: how likely an attempt fails.
    pub failures: BTreeMap<String, f64>,
    /// How likely an attempt of the other Task States fails.
    pub default_failures: f64,
    /// By Task or Wait State: how many seconds it takes.
    pub durations: BTreeMap<String, f64>,
    /// How many seconds the other Task States take.
    pub default_duration: f64,
    /// By Task State: the memory of its function, in MB.
    pub memory: BTreeMap<String, f64>,
    /// The memory of the other functions, in MB.
    pub default_memory: f64,
    /// How many bytes a payload has.
    pub payload_bytes: f64,
}

impl Default for Assumptions {
    /// Each way of a Choice State alike, 10 items, 10 times through a loop at most, no failures, 200 ms a task, 128 MB a function,
    /// 1 KiB a payload.
    fn default() -> Self {
        Self {
            odds: BTreeMap::new(),
            loops: BTreeMap::new(),
            default_loops: 10.0,
            items: BTreeMap::new(),
            default_items: 10.0,
            failures: BTreeMap::new(),
            default_failures: 0.0,
            durations: BTreeMap::new(),
            default_duration: 0.2,
            memory: BTreeMap::new(),
            default_memory: 128.0,
            payload_bytes: 1_024.0,
        }
    }
}

/// Why nothing can be estimated.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum AssumptionError {
    /// An assumption names no State of the definition that it could be about.
    #[error("`{1}` is given {0}, but {2}")]
    Unknown(&'static str, String, String),
    /// The odds of a State are no probabilities.
    #[error("the odds of `{state}` add up to {sum}; {expected}")]
    Odds {
        /// The State.
        state: String,
        /// What they add up to.
        sum: f64,
        /// What they should.
        expected: &'static str,
    },
    /// A text that should name a way names none.
    #[error("`{text}` names no way out of a State; {expected}")]
    NoWay {
        /// What was found.
        text: String,
        /// What was expected.
        expected: String,
    },
    /// A State at which no loop is left.
    #[error(
        "`{state}` does not decide whether a loop goes on; name the State that has both a way back to itself and a way out"
    )]
    NoLoop {
        /// The State.
        state: String,
    },
    /// A figure that makes no sense.
    #[error("`{state}` is given {found} for {what}; write {expected}")]
    OutOfRange {
        /// Which figure.
        what: &'static str,
        /// The State.
        state: String,
        /// What was found.
        found: f64,
        /// What was expected.
        expected: &'static str,
    },
    /// A figure for all States of which nothing else is said, or for payloads, that makes no sense.
    #[error("{found} is given for {what}; write {expected}")]
    DefaultOutOfRange {
        /// Which figure.
        what: &'static str,
        /// What was found.
        found: f64,
        /// What was expected.
        expected: &'static str,
    },
    /// A loop that is never left.
    #[error("with these odds the loop through `{state}` never ends; give a way out of it more than 0")]
    Endless {
        /// One of its States.
        state: String,
    },
    /// A definition that does not hold together.
    #[error("`{state}` leads to `{target}`, which does not exist; `cargo sfn check` shows all that is wrong")]
    MissingState {
        /// The State, or `StartAt`.
        state: String,
        /// What it leads to.
        target: String,
    },
}

impl Assumptions {
    /// Holds the assumptions against the States of a definition.
    pub(crate) fn check(&self, states: &BTreeMap<&str, &State>) -> Result<(), AssumptionError> {
        const ALL: &[&str] = &["Task", "Choice", "Map", "Parallel", "Pass", "Wait", "Succeed", "Fail"];
        const ABLE_TO_FAIL: &[&str] = &["Task", "Map", "Parallel"];
        const LARGE: f64 = 1e12;
        let probability = (0.0..=1.0, "a number between 0 and 1");
        let number = (0.0..=LARGE, "a number from 0 to 10^12");
        let rounds = (1.0..=LARGE, "a number of at least 1");
        let all: [(&str, &BTreeMap<String, f64>, &[&str], _); 5] = [
            ("loops", &self.loops, ALL, rounds.clone()),
            ("items", &self.items, &["Map"], number.clone()),
            ("failures", &self.failures, ABLE_TO_FAIL, probability.clone()),
            ("durations", &self.durations, &["Task", "Wait"], number.clone()),
            ("memory", &self.memory, &["Task"], number.clone()),
        ];
        let defaults = [
            ("the rounds of loops", self.default_loops, rounds.clone()),
            ("the items of Maps", self.default_items, number.clone()),
            ("the failures of Tasks", self.default_failures, probability.clone()),
            ("the durations of Tasks", self.default_duration, number.clone()),
            ("the memory of functions", self.default_memory, number.clone()),
            ("the bytes of payloads", self.payload_bytes, number),
        ];
        for (what, found, (range, expected)) in defaults {
            if !range.contains(&found) {
                return Err(AssumptionError::DefaultOutOfRange { what, found, expected });
            }
        }
        for (what, given, types, (range, expected)) in all {
            for (state, figure) in given {
                known(what, state, types, states)?;
                if !range.contains(figure) {
                    let state = state.clone();
                    return Err(AssumptionError::OutOfRange { what, state, found: *figure, expected });
                }
            }
        }
        for (state, odds) in &self.odds {
            known("odds", state, ALL, states)?;
            let wrong = odds.iter().find(|(_, odds)| !probability.0.contains(odds));
            if let Some((_, found)) = wrong {
                let (state, expected) = (state.clone(), probability.1);
                return Err(AssumptionError::OutOfRange { what: "odds", state, found: *found, expected });
            }
        }
        Ok(())
    }
}

fn known(
    what: &'static str,
    name: &str,
    types: &[&str],
    states: &BTreeMap<&str, &State>,
) -> Result<(), AssumptionError> {
    let why = match states.get(name) {
        Some(state) if types.contains(&state.type_name()) => return Ok(()),
        Some(state) => format!("it is a {} State; name a {} State", state.type_name(), types.join(" or ")),
        None => {
            let of_type = states.iter().filter(|(_, state)| types.contains(&state.type_name()));
            let near = nearest::nearest_first(name, of_type.map(|(name, _)| *name));
            if near.is_empty() {
                format!("there is no {} State at all", types.join(" or "))
            } else {
                format!("there is no such State; there is {}", nearest::listed(&near))
            }
        }
    };
    Err(AssumptionError::Unknown(what, name.to_owned(), why))
}
