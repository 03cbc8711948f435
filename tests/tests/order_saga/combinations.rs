//! Every combination of an approval, a task in trouble and compensations in trouble.
//!
//! Separate from the troubles because this is where the ways of single tasks are multiplied.

use crate::model::{self, Expected};
use crate::troubles::{self, TRANSIENT, Trouble};
use sfn::TaskSpec;
use std::collections::BTreeMap;
use std::fmt;

/// What becomes of the approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Approval {
    NotNeeded,
    Granted,
    Denied,
}

/// One world for the saga to run in.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Combination {
    pub(crate) approval: Approval,
    /// The tasks in trouble; all others succeed at once.
    pub(crate) troubles: BTreeMap<&'static str, Trouble>,
}

impl Approval {
    pub(crate) const ALL: [Self; 3] = [Self::NotNeeded, Self::Granted, Self::Denied];
}

/// All of them: each approval, with no task or any one in any trouble; with each, every trouble of every compensation
/// that then runs, alone and together; and once more with what is undone having succeeded only at a retry.
pub(crate) fn all(specs: &[TaskSpec]) -> Vec<Combination> {
    let mut all = Vec::new();
    for approval in Approval::ALL {
        let calm = Combination { approval, troubles: BTreeMap::new() };
        let in_trouble = model::forwards()
            .flat_map(|task| troubles::of(spec(specs, task)).into_iter().map(move |trouble| (task, trouble)))
            .map(|(task, trouble)| calm.with(task, trouble));
        for combination in std::iter::once(calm.clone()).chain(in_trouble) {
            let expected = model::expect(specs, &combination);
            if model::unreached(&expected, &combination).is_empty() {
                all.extend(bumpy(specs, &combination));
                all.extend(undoing(specs, combination, &expected));
            }
        }
    }
    all
}

/// The combination with its compensations in order, each of them in any trouble, and all of them in lasting trouble.
fn undoing(specs: &[TaskSpec], combination: Combination, expected: &Expected) -> Vec<Combination> {
    let mut all = Vec::new();
    let mut together = vec![combination.clone()];
    for task in &expected.undone {
        let ways = troubles::of(spec(specs, task));
        let alone = ways.iter().filter(|trouble| trouble.lasts() || !is_like_another(trouble));
        all.extend(alone.map(|trouble| combination.with(task, trouble.clone())));
        let lasting: Vec<_> =
            ways.iter().filter(|trouble| trouble.lasts() && !is_like_another(trouble)).collect();
        let further = |combination: &Combination| {
            lasting.iter().map(|trouble| combination.with(task, (*trouble).clone())).collect::<Vec<_>>()
        };
        together = together.iter().flat_map(further).collect();
    }
    if expected.undone.len() > 1 {
        all.extend(together);
    }
    all.push(combination);
    all
}

/// Lambda's transient errors differ only in name, so one of them does where ways are multiplied.
fn is_like_another(trouble: &Trouble) -> bool {
    TRANSIENT[1..].contains(&trouble.failure().error.as_str())
}

/// The same where what is undone had succeeded only at its second attempt: what is undone must be that one's result.
fn bumpy(specs: &[TaskSpec], combination: &Combination) -> Option<Combination> {
    combination.troubles.values().find(|trouble| trouble.lasts())?;
    let mut bumpy = combination.clone();
    for (task, _) in model::undoable().filter(|(task, _)| !combination.troubles.contains_key(task)) {
        let passing = troubles::of(spec(specs, task)).into_iter().find(|trouble| !trouble.lasts());
        bumpy.troubles.extend(passing.map(|trouble| (task, trouble)));
    }
    for task in model::unreached(&model::expect(specs, &bumpy), &bumpy) {
        bumpy.troubles.remove(task);
    }
    (bumpy != *combination).then_some(bumpy)
}

fn spec<'s>(specs: &'s [TaskSpec], task: &str) -> &'s TaskSpec {
    specs.iter().find(|spec| spec.name == task).expect("a task of the definition")
}

impl Combination {
    fn with(&self, task: &'static str, trouble: Trouble) -> Self {
        let mut more = self.clone();
        more.troubles.insert(task, trouble);
        more
    }
}

impl fmt::Display for Combination {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let approval = match self.approval {
            Approval::NotNeeded => "no approval needed",
            Approval::Granted => "approval granted",
            Approval::Denied => "approval denied",
        };
        formatter.write_str(approval)?;
        self.troubles.iter().try_for_each(|(task, trouble)| write!(formatter, "; {task} {trouble}"))
    }
}
