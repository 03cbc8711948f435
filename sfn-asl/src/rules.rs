//! The registry of rules: every fault this crate can name, with its explanation, its fixtures and its check.
//! Separate so that a list exists; what a rule is about stands in the rule's own file.

pub(crate) mod conflicting_fields;
pub(crate) mod duplicate_field;
pub(crate) mod invalid_json;
pub(crate) mod invalid_value;
pub(crate) mod invalid_yaml;
pub(crate) mod missing_field;
pub(crate) mod unsubstituted_name;
pub(crate) mod unused_substitution;
pub(crate) mod wrong_type;

mod callback_without_timeout;
mod callback_without_token;
mod conflicting_template_fields;
mod credentials_without_role;
mod definition_too_large;
mod distributed_only_field;
mod duplicate_choice_rule;
mod duplicate_state_name;
mod empty_list;
mod error_never_raised;
mod express_integration;
mod express_wait;
mod fail_without_error;
mod hidden_builtin;
mod ignored_field;
mod impossible_path;
mod intrinsic_arguments;
mod invalid_argument;
mod invalid_intrinsic;
mod invalid_label;
mod invalid_path;
mod invalid_resource;
mod invalid_timestamp;
mod invalid_variable_name;
mod job_without_timeout;
mod jsonata_delimiters;
mod jsonata_in_jsonpath;
mod jsonata_syntax;
mod map_configuration;
mod map_range;
mod misplaced_states_field;
mod misplaced_token;
mod missing_argument;
mod missing_default;
mod missing_target;
mod missing_transient_retry;
mod never_equal;
mod no_way_out;
mod outdated_field;
mod payload_too_large;
mod pointless_retry;
mod reassigned_outer_variable;
mod refused_jsonata;
mod retrier_range;
mod secret_literal;
mod state_name_too_long;
mod timeout_range;
mod unassigned_variable;
mod unbounded_concurrency;
mod undeclared_error;
mod unevaluated_text;
mod unknown_argument;
mod unknown_context_field;
mod unknown_error_name;
mod unknown_field;
mod unknown_function;
mod unknown_integration;
mod unknown_intrinsic;
mod unreachable_error_handler;
mod unreachable_state;
mod unreturned_field;
mod unsupported_pattern;
mod unversioned_function;
mod unwrapped_items;
mod wait_outlives_execution;
mod wildcard_placement;
mod wrong_arguments;
mod wrong_operand;
mod wrong_query_language;
mod wrong_result;

mod argument_faults;
mod error_names;
mod item_source;
mod lambda;
mod path_faults;
mod payload_templates;
mod token_use;

pub(crate) use argument_faults::argument_faults;
pub(crate) use lambda::Invoked;
pub(crate) use path_faults::path_faults;

pub use secret_literal::names_a_secret;

use crate::dataflow::DataFlow;
use crate::survey::Survey;
use crate::{Code, Diagnostic, Options, Severity};

/// A rule: what is wrong, why it matters, what to do instead, and texts that show it.
#[derive(Debug)]
pub struct Rule {
    /// The code of its diagnostics.
    pub code: Code,
    /// How bad its diagnostics are, at worst.
    pub severity: Severity,
    /// What it reports.
    pub what: &'static str,
    /// Why that is a fault.
    pub why: &'static str,
    /// What to write instead.
    pub instead: &'static str,
    /// Definitions that have the fault.
    pub invalid: &'static [Example],
    /// Definitions that come close and do not have it.
    pub valid: &'static [&'static str],
    pub(crate) check: Check,
}

/// A definition with a fault.
#[derive(Debug)]
pub struct Example {
    /// The definition's text.
    pub definition: &'static str,
    /// The kind of Execution it is meant for.
    pub options: Options,
    /// The JSON pointer of the fault.
    pub pointer: &'static str,
}

impl Example {
    pub(crate) const fn new(pointer: &'static str, definition: &'static str) -> Self {
        Self { definition, options: Options::STANDARD, pointer }
    }

    pub(crate) const fn express(pointer: &'static str, definition: &'static str) -> Self {
        Self { definition, options: Options::EXPRESS, pointer }
    }
}

/// When and how a rule looks.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Check {
    /// While the definition is read: without it there is no State Machine.
    Reading,
    /// On the State Machine.
    Machine(fn(&Survey<'_>, &mut Vec<Diagnostic>)),
    /// On what is known of the documents that go through the State Machine.
    DataFlow(fn(&DataFlow<'_, '_>, &mut Vec<Diagnostic>)),
}

/// Every rule: first those of reading, then structure, languages, variables, errors, integrations.
///
/// ```
/// let rule = sfn_asl::rule("missing-field").expect("the rule is registered");
/// assert!(rule.what.contains("required"));
/// assert!(sfn_asl::rules().iter().all(|rule| !rule.invalid.is_empty()));
/// ```
pub fn rules() -> &'static [&'static Rule] {
    RULES
}

/// The rule of a code, for its explanation.
///
/// ```
/// assert!(sfn_asl::rule("no-such-code").is_none());
/// ```
pub fn rule(code: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.code.as_str() == code)
}

static RULES: &[&Rule] = &[
    &invalid_json::RULE,
    &invalid_yaml::RULE,
    &duplicate_field::RULE,
    &missing_field::RULE,
    &conflicting_fields::RULE,
    &invalid_value::RULE,
    &wrong_type::RULE,
    &unsubstituted_name::RULE,
    &unused_substitution::RULE,
    &missing_target::RULE,
    &unreachable_state::RULE,
    &no_way_out::RULE,
    &missing_default::RULE,
    &duplicate_choice_rule::RULE,
    &fail_without_error::RULE,
    &duplicate_state_name::RULE,
    &state_name_too_long::RULE,
    &empty_list::RULE,
    &unknown_field::RULE,
    &definition_too_large::RULE,
    &payload_too_large::RULE,
    &invalid_label::RULE,
    &map_configuration::RULE,
    &map_range::RULE,
    &distributed_only_field::RULE,
    &ignored_field::RULE,
    &outdated_field::RULE,
    &invalid_resource::RULE,
    &credentials_without_role::RULE,
    &invalid_timestamp::RULE,
    &wrong_query_language::RULE,
    &jsonata_delimiters::RULE,
    &jsonata_in_jsonpath::RULE,
    &unevaluated_text::RULE,
    &jsonata_syntax::RULE,
    &refused_jsonata::RULE,
    &unknown_function::RULE,
    &wrong_arguments::RULE,
    &wrong_operand::RULE,
    &wrong_result::RULE,
    &never_equal::RULE,
    &unwrapped_items::RULE,
    &misplaced_states_field::RULE,
    &unknown_context_field::RULE,
    &invalid_path::RULE,
    &invalid_intrinsic::RULE,
    &unknown_intrinsic::RULE,
    &intrinsic_arguments::RULE,
    &conflicting_template_fields::RULE,
    &unassigned_variable::RULE,
    &reassigned_outer_variable::RULE,
    &hidden_builtin::RULE,
    &invalid_variable_name::RULE,
    &retrier_range::RULE,
    &wildcard_placement::RULE,
    &unreachable_error_handler::RULE,
    &unknown_error_name::RULE,
    &error_never_raised::RULE,
    &pointless_retry::RULE,
    &missing_transient_retry::RULE,
    &timeout_range::RULE,
    &impossible_path::RULE,
    &unreturned_field::RULE,
    &unknown_integration::RULE,
    &unsupported_pattern::RULE,
    &unknown_argument::RULE,
    &missing_argument::RULE,
    &invalid_argument::RULE,
    &undeclared_error::RULE,
    &callback_without_token::RULE,
    &misplaced_token::RULE,
    &callback_without_timeout::RULE,
    &express_integration::RULE,
    &express_wait::RULE,
    &wait_outlives_execution::RULE,
    &job_without_timeout::RULE,
    &unversioned_function::RULE,
    &unbounded_concurrency::RULE,
    &secret_literal::RULE,
];

#[cfg(test)]
mod tests {
    use super::{Example, rules};
    use crate::{Diagnostic, Document, Format, Options, Severity, lint};

    /// What is wrong with a definition, or with the one in a template.
    fn judged(text: &str, options: &Options) -> Vec<Diagnostic> {
        let document = Document::parse(text, Format::of_text(text));
        let definitions = document.map(|document| document.definitions()).unwrap_or_default();
        match definitions.into_iter().next() {
            Some(embedded) => embedded.document.expect("it can be read").lint(options),
            None => lint(text, options),
        }
    }

    #[test]
    fn every_rule_reports_its_invalid_examples_at_their_places_and_nothing_else_does() {
        for rule in rules() {
            assert!(!rule.invalid.is_empty() && !rule.valid.is_empty(), "{} has no examples", rule.code);
            for Example { definition, options, pointer } in rule.invalid {
                let mut found = judged(definition, options);
                // Examples are small: advice on other matters would only make them longer.
                found.retain(|fault| fault.code == rule.code || fault.severity > Severity::Advice);
                let shown: Vec<_> = found.iter().map(ToString::to_string).collect();
                assert_eq!(found.len(), 1, "{}: {definition}\n{}", rule.code, shown.join("\n"));
                assert_eq!(found[0].code, rule.code, "{definition}\n{}", shown.join("\n"));
                assert_eq!(
                    found[0].pointer().map(ToString::to_string).as_deref(),
                    Some(*pointer),
                    "{definition}"
                );
                assert!(found[0].severity <= rule.severity, "{definition}");
            }
        }
    }

    #[test]
    fn no_rule_reports_a_valid_example() {
        for rule in rules() {
            for definition in rule.valid {
                let found = judged(definition, &Options::STANDARD);
                let errors =
                    found.iter().find(|fault| fault.severity == Severity::Error || fault.code == rule.code);
                assert_eq!(errors, None, "{}: {definition}", rule.code);
            }
        }
    }

    #[test]
    fn a_fix_mends_its_fault_and_makes_no_new_one() {
        let mut fixed = Vec::new();
        for example in rules().iter().flat_map(|rule| rule.invalid) {
            let Ok(document) = Document::parse(example.definition, Format::Json) else { continue };
            let before = document.lint(&example.options);
            for fault in before.iter().filter(|fault| !fault.fix.is_empty()) {
                let after = document.edit(&fault.fix).unwrap_or_else(|error| panic!("{fault}: {error}"));
                let after = after.lint(&example.options);
                let errors = |found: &[Diagnostic]| {
                    found.iter().filter(|fault| fault.severity == Severity::Error).count()
                };
                let is_mended =
                    !after.iter().any(|left| left.code == fault.code && left.place == fault.place);
                assert!(is_mended && errors(&after) <= errors(&before), "{fault}\n{after:?}");
                fixed.push(fault.code);
            }
        }
        fixed.dedup();
        assert!(fixed.len() >= 8, "{fixed:?}");
    }

    #[test]
    fn every_code_is_kebab_case_and_listed_once() {
        let mut codes: Vec<_> = rules().iter().map(|rule| rule.code.as_str()).collect();
        codes.sort_unstable();
        for pair in codes.windows(2) {
            assert_ne!(pair[0], pair[1]);
        }
        for code in codes {
            assert!(code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{code}");
        }
    }
}
