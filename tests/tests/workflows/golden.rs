//! The tree and the ASL of every workflow of the corpus, as committed.
//!
//! Separate from the differential tests: this one shows a reader what comes out, and a reviewer what a change does to it.

use sfn::Definition;

use crate::corpus::tasks::Line;
use crate::corpus::{
    called, children, compensating, composition, concurrency, conditions, context, control, data,
    distributed, every_workflow, expressions, failures, gathering, idempotent, inside, integrations,
    iterators, loops, matching, methods, options, patterns, recovery, sagas, turns, undoing, values, written,
};

macro_rules! golden {
    ($($module:ident::$name:ident($($inputs:expr)?), $order:ident;)+) => {
        $(
            #[test]
            fn $name() {
                check(concat!(stringify!($module), "_", stringify!($name)), &$module::$name::definition());
            }
        )+
    };
}

every_workflow!(golden);

/// No run on this machine reads Parquet.
#[test]
fn distributed_parquet() {
    check("distributed_distributed_parquet", &distributed::distributed_parquet::definition());
}

/// Whoever undoes may outlive the workflow that starts him, so no two runs are the same.
#[test]
fn undone_by_a_start() {
    check("compensating_undone_by_a_start", &compensating::undone_by_a_start::definition());
}

/// One function is as many workflows as it is defined for.
#[test]
fn defined_for_constants() {
    use composition::{Berlin, Lima, packed_in, told};
    for definition in [
        told::<0, false>::definition(),
        told::<3, true>::definition(),
        packed_in::<Berlin, Line>::definition(),
        packed_in::<Lima, Line>::definition(),
    ] {
        check(&format!("composition_{}", definition.name().replace('-', "_")), &definition);
    }
}

/// Compares a workflow's tree and machine with the committed ones. Nothing in the corpus may draw a warning.
fn check(name: &str, definition: &Definition) {
    let lowered = definition.lower().unwrap_or_else(|faults| panic!("{name} is a workflow: {faults:#?}"));
    assert!(lowered.warnings.is_empty(), "{name} draws no warning: {:#?}", lowered.warnings);
    insta::with_settings!({ snapshot_path => "golden", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, format!("{definition}\n{}", lowered.machine));
    });
}
