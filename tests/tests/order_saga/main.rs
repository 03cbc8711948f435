//! Every way in which the order saga can fail, and the proof that each ends with exactly the right compensations.
//!
//! Separate from the example's own tests because nothing here is picked by hand: the ways are generated from what the
//! tasks declare, the machine that would be deployed meets each of them, and a model that knows neither lowering nor
//! engine says how it must end.

mod combinations;
mod figures;
mod model;
mod troubles;
mod world;

use combinations::{Approval, Combination};
use std::collections::BTreeSet;
use world::Stage;

/// A little below what there is. A smaller number means that the enumeration has lost something.
const AT_LEAST: usize = 2_900;

#[test]
fn every_failure_is_undone_exactly() {
    let stage = Stage::new();
    let combinations = combinations::all(&stage.specs);
    let surprises: Vec<_> =
        combinations.iter().filter_map(|combination| surprise(&stage, combination)).collect();
    let shown = surprises.iter().take(5).map(String::as_str).collect::<Vec<_>>().join("\n\n");
    assert!(surprises.is_empty(), "{} of {} combinations:\n\n{shown}", surprises.len(), combinations.len());
}

/// What came otherwise than the model says.
fn surprise(stage: &Stage, combination: &Combination) -> Option<String> {
    let expected = model::expect(&stage.specs, combination);
    let run = stage.run(combination);
    let in_time = (expected.at_least..=expected.at_most).contains(&run.elapsed);
    if run.calls == expected.calls && run.end == expected.end && in_time {
        return None;
    }
    Some(format!("# {combination}\n\nexpected: {expected:#?}\n\nfound: {run:#?}"))
}

#[test]
fn the_enumeration_does_not_shrink() {
    let stage = Stage::new();
    let combinations = combinations::all(&stage.specs);
    let different: BTreeSet<_> = combinations.iter().map(Combination::to_string).collect();
    assert_eq!(different.len(), combinations.len(), "no combination comes twice");
    assert!(
        combinations.len() >= AT_LEAST,
        "{} combinations, expected at least {AT_LEAST}",
        combinations.len()
    );

    let tasks: BTreeSet<_> = stage.specs.iter().map(|spec| spec.name).collect();
    assert_eq!(tasks, model::tasks().collect(), "the model and the definition speak of the same tasks");
    for approval in Approval::ALL {
        assert!(combinations.iter().any(|combination| combination.approval == approval));
    }
    for spec in &stage.specs {
        for trouble in troubles::of(spec).into_iter().filter(troubles::Trouble::lasts) {
            let met = |combination: &Combination| combination.troubles.get(spec.name) == Some(&trouble);
            assert!(combinations.iter().any(met), "nobody meets {} {trouble}", spec.name);
        }
    }
}
