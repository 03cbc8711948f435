//! The tree and the ASL of every workflow of the corpus, as committed.
//!
//! Separate from the differential tests: this one shows a reader what comes out, and a reviewer what a change does to it.

use std::collections::BTreeSet;

use sfn::{Definition, TaskEntry};

use crate::corpus::tasks::Line;
use crate::corpus::{
    called, children, compensating, composition, concurrency, conditions, constants, context, control, data,
    distributed, every_workflow, expressions, failures, gathering, idempotent, idioms, inside, integrations,
    iterators, loops, matching, methods, options, patterns, recovery, sagas, turns, undoing, values, written,
};

macro_rules! golden {
    ($($module:ident::$name:ident($($inputs:expr)?), $order:ident;)+) => {
        $(
            #[test]
            fn $name() {
                let name = concat!(stringify!($module), "_", stringify!($name));
                check(name, &$module::$name::definition(), &$module::$name::tasks());
            }
        )+
    };
}

every_workflow!(golden);

/// No run on this machine reads Parquet.
#[test]
fn distributed_parquet() {
    use distributed::distributed_parquet;
    let name = "distributed_distributed_parquet";
    check(name, &distributed_parquet::definition(), &distributed_parquet::tasks());
}

/// Whoever undoes may outlive the workflow that starts him, so no two runs are the same.
#[test]
fn undone_by_a_start() {
    use compensating::undone_by_a_start;
    let name = "compensating_undone_by_a_start";
    check(name, &undone_by_a_start::definition(), &undone_by_a_start::tasks());
}

/// One function is as many workflows as it is defined for.
#[test]
fn defined_for_constants() {
    use composition::{Berlin, Lima, packed_in, told};
    for (definition, tasks) in [
        (told::<0, false>::definition(), told::<0, false>::tasks()),
        (told::<3, true>::definition(), told::<3, true>::tasks()),
        (packed_in::<Berlin, Line>::definition(), packed_in::<Berlin, Line>::tasks()),
        (packed_in::<Lima, Line>::definition(), packed_in::<Lima, Line>::tasks()),
    ] {
        check(&format!("composition_{}", definition.name().replace('-', "_")), &definition, &tasks);
    }
}

/// Compares a workflow's tree and machine with the committed ones, and the tasks that it lists without being recorded with
/// those that its record calls. Nothing in the corpus may draw a warning.
fn check(name: &str, definition: &Definition, tasks: &[TaskEntry]) {
    let places = |tasks: &[TaskEntry]| -> BTreeSet<_> {
        tasks.iter().map(|task| (task.spec.name, task.spec.origin.to_string())).collect()
    };
    assert_eq!(places(tasks), places(definition.tasks()), "{name} lists the tasks that it calls");
    let lowered = definition.lower().unwrap_or_else(|faults| panic!("{name} is a workflow: {faults:#?}"));
    assert!(lowered.warnings.is_empty(), "{name} draws no warning: {:#?}", lowered.warnings);
    insta::with_settings!({ snapshot_path => "golden", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, format!("{definition}\n{}", lowered.machine));
    });
}
