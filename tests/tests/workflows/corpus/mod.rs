//! A workflow per construct of the language, and the tasks they call.
//!
//! Separate files per part of the language, so that a construct is found where one would look for it.

pub(crate) mod composition;
pub(crate) mod concurrency;
pub(crate) mod control;
pub(crate) mod failures;
pub(crate) mod iterators;
pub(crate) mod loops;
pub(crate) mod matching;
pub(crate) mod methods;
pub(crate) mod sagas;
pub(crate) mod tasks;
pub(crate) mod values;

/// Hands every workflow of the corpus, with the strategy of its inputs, to `$check`.
///
/// `kept`, `free`, `racing`, `tied` say which calls of the two runs must agree: see `differential`.
macro_rules! every_workflow {
    ($check:ident) => {
        $check! {
            values::nothing(), kept;
            values::echo(orders()), kept;
            values::field(orders()), kept;
            values::absent_fields(orders()), kept;
            values::struct_pattern(orders()), kept;
            values::integers(numbers()), kept;
            values::division(numbers()), kept;
            values::comparisons(numbers()), kept;
            values::text(orders()), kept;
            values::joined_text(orders()), kept;
            values::literals(), kept;
            values::short_arrays(orders()), kept;
            values::shared_value(numbers()), kept;
            values::names(numbers()), kept;
            values::tuples(numbers()), kept;
            values::newtypes(numbers().prop_map(|numbers| Measured { numbers })), kept;
            control::if_statement(orders()), kept;
            control::else_if(numbers()), kept;
            control::if_expression(numbers()), kept;
            control::nested_if(numbers()), kept;
            control::early_return(orders()), kept;
            control::failure(orders()), kept;
            control::match_text(orders()), kept;
            control::match_integers(numbers()), kept;
            control::match_boolean(orders()), kept;
            control::waiting(orders()), kept;
            control::tail_call(orders()), kept;
            control::two_ends(numbers()), kept;
            loops::while_counting(numbers()), kept;
            loops::while_answering(numbers()), kept;
            loops::polling(orders()), kept;
            loops::loop_value(numbers()), kept;
            loops::retry_by_hand(orders()), kept;
            loops::for_items(orders()), kept;
            loops::for_places(orders()), kept;
            loops::for_ranges(numbers()), kept;
            loops::labels(orders()), kept;
            loops::changing_fields(orders()), kept;
            loops::old_and_new(numbers()), kept;
            loops::loop_first(orders()), kept;
            loops::loop_in_map(orders()), racing;
            loops::loop_after_step(orders()), kept;
            matching::option_arms(orders()), kept;
            matching::if_let(orders()), kept;
            matching::let_else(orders()), kept;
            matching::external(events()), kept;
            matching::internal(events()), kept;
            matching::adjacent(events()), kept;
            matching::nested(events()), kept;
            matching::tuples_and_guards(numbers()), kept;
            matching::ranges(numbers()), kept;
            matching::pure_match(events()), kept;
            methods::lists(orders()), kept;
            methods::places(orders()), kept;
            methods::strings(orders()), kept;
            methods::option_methods(orders()), kept;
            methods::number_methods(numbers()), kept;
            methods::maps(orders()), kept;
            iterators::mapped(baskets()), kept;
            iterators::nested_lists(baskets()), kept;
            iterators::questions(baskets()), kept;
            iterators::totals(baskets()), kept;
            iterators::found(baskets()), kept;
            iterators::folded(baskets()), kept;
            iterators::places_and_pairs(baskets()), kept;
            iterators::filter_mapped(baskets()), kept;
            iterators::option_closures(baskets()), kept;
            iterators::captures(baskets()), kept;
            iterators::in_steps(baskets()), racing;
            failures::propagation(orders()), kept;
            failures::ignored(orders()), kept;
            failures::every_arm(orders()), kept;
            failures::rethrown(orders()), kept;
            failures::declared_or_not(numbers()), kept;
            failures::options(orders()), kept;
            failures::callback(orders()), kept;
            failures::only_timeout(orders()), kept;
            sagas::two_steps(orders()), kept;
            sagas::unused_result(orders()), kept;
            sagas::undo_by_input(orders()), kept;
            sagas::failing_by_hand(orders()), kept;
            sagas::conditional_step(orders()), kept;
            sagas::either_step(orders()), kept;
            sagas::caught_step(orders()), kept;
            sagas::fan_out(orders()), free;
            sagas::careful_compensation(orders()), kept;
            sagas::loop_items(orders()), kept;
            sagas::loop_kinds(orders()), kept;
            sagas::loop_in_branch(orders()), kept;
            sagas::captured_value(orders()), kept;
            sagas::undone_by_hand(orders()), kept;
            sagas::at_once(orders()), free;
            sagas::only_kind_at_once(orders()), free;
            composition::fragments(orders()), kept;
            composition::parameters(orders()), kept;
            composition::twice(orders()), kept;
            concurrency::join_results(orders()), free;
            concurrency::join_unused(orders()), free;
            concurrency::join_first(orders()), free;
            concurrency::map_items(orders()), racing;
            concurrency::map_steps(orders()), racing;
            concurrency::map_nothing(orders()), racing;
            concurrency::join_blocks(orders()), tied;
            concurrency::join_early_ends(orders()), racing;
            concurrency::join_settled(orders()), free;
            concurrency::join_in_map_in_join(orders()), tied;
            concurrency::map_places(orders()), racing;
            concurrency::map_in_map(orders()), racing;
            concurrency::map_typed_ends(orders()), racing;
        }
    };
}
pub(crate) use every_workflow;
