//! `unassigned-variable`: a Variable is read that nobody has set by then.
//! Separate because every rule has a file of its own.

use std::ops::Range;

use sfn_jsonata::{Expression, Reference, ReferenceKind};

use super::{Check, Example, Rule};
use crate::computed::Form;
use crate::dataflow::ReadAt;
use crate::flow::Certainty;
use crate::graph::ScopeKind;
use crate::path::{Path, Root};
use crate::path_texts::{PathText, Takes};
use crate::survey::{Parsed, Site, Survey};
use crate::{Code, Diagnostic, Place, ProcessorMode, QueryLanguage, Severity, State};

const CODE: Code = Code::new("unassigned-variable");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A Variable that is read where no way has assigned it (an error), or where some way has not or a Fail \
           State only says what failed (warnings).",
    why: "An undefined value fails the State that uses it. A Variable set by a State is readable in later States only, \
          not in the State's own `Output`; one set in a Branch or an Item Processor is gone behind it; child \
          Executions of a distributed Map see none from outside. When a State fails, its Catcher's `Assign` counts \
          and its own does not.",
    instead: "Assign the Variable on every way that leads here, if only to `null`.",
    invalid: &[
        Example::new(
            "/States/A/Output",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                "A": {"Type": "Pass", "Assign": {"total": 1}, "Output": "{% $total %}", "End": true}}}"#,
        ),
        Example::new(
            "/States/Undo/Output",
            r#"{"QueryLanguage": "JSONata", "StartAt": "Pay", "States": {
                "Pay": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
                        "Assign": {"charge": "{% $states.result.Payload %}"},
                        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Undo"}]},
                "Undo": {"Type": "Pass", "Output": "{% $charge.id %}", "End": true}}}"#,
        ),
        Example::new(
            "/States/Use/Output",
            r#"{"QueryLanguage": "JSONata", "StartAt": "Which", "States": {
                "Which": {"Type": "Choice", "Default": "Use", "Choices": [
                    {"Condition": "{% $states.input.x %}", "Assign": {"x": 1}, "Next": "Use"}]},
                "Use": {"Type": "Pass", "Output": "{% $x %}", "End": true}}}"#,
        ),
        Example::new(
            "/States/Each/ItemProcessor/States/Item/Output",
            r#"{"QueryLanguage": "JSONata", "StartAt": "Set", "States": {
                "Set": {"Type": "Pass", "Assign": {"x": 1}, "Next": "Each"},
                "Each": {"Type": "Map", "End": true, "ItemProcessor": {
                    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                    "StartAt": "Item", "States": {
                        "Item": {"Type": "Pass", "Output": "{% $x %}", "End": true}}}}}}"#,
        ),
        Example::new(
            "/States/Use/Parameters/sum.$",
            r#"{"StartAt": "Set", "States": {
                "Set": {"Type": "Pass", "Assign": {"total.$": "$.total"}, "Next": "Use"},
                "Use": {"Type": "Pass", "Parameters": {"sum.$": "States.MathAdd($totl, 1)"}, "End": true}}}"#,
        ),
        Example::new(
            "/States/Rest/SecondsPath",
            r#"{"StartAt": "Rest", "States": {"Rest": {"Type": "Wait", "SecondsPath": "$pause", "End": true}}}"#,
        ),
        Example::new(
            "/States/Stop/CausePath",
            r#"{"StartAt": "Stop", "States": {
                "Stop": {"Type": "Fail", "Error": "No", "CausePath": "States.Format('{}', $why)"}}}"#,
        ),
    ],
    valid: &[
        r#"{"StartAt": "Set", "States": {
            "Set": {"Type": "Pass", "Assign": {"total.$": "$.total"}, "Next": "Use"},
            "Use": {"Type": "Choice", "Default": "Done", "Choices": [
                {"Variable": "$total.net", "NumericLessThanPath": "$.x", "Assign": {"more": 1}, "Next": "Done"}]},
            "Done": {"Type": "Pass", "InputPath": "$total", "End": true}}}"#,
        r#"{"QueryLanguage": "JSONata", "StartAt": "Set", "States": {
            "Set": {"Type": "Pass", "Assign": {"x": 1}, "Next": "Each"},
            "Each": {"Type": "Map", "Next": "Loop", "ItemProcessor": {
                "StartAt": "Item", "States": {"Item": {"Type": "Pass", "Output": "{% $x %}", "End": true}}}},
            "Loop": {"Type": "Choice", "Default": "Done", "Choices": [
                {"Condition": "{% $x < 3 %}", "Assign": {"x": "{% $x + 1 %}"}, "Next": "Loop"}]},
            "Done": {"Type": "Pass", "Output": "{% ($y := $x; $map([1], function($z) { $z + $y })) %}", "End": true}}}"#,
        r#"{"QueryLanguage": "JSONata", "StartAt": "Which", "States": {
            "Which": {"Type": "Choice", "Default": "Use", "Choices": [
                {"Condition": "{% $states.input.x %}", "Assign": {"x": 1}, "Next": "Use"}]},
            "Use": {"Type": "Pass", "Output": "{% $exists($x) ? $x : 0 %}", "End": true}}}"#,
    ],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in survey.sites.iter().filter(|site| site.reachable) {
        for (expression, reference) in site.references().filter(|(_, reference)| is_variable(reference)) {
            let name = &*reference.name;
            let place = || site.place_in(expression, &reference.span);
            match certainty(survey, site, name) {
                Certainty::Always => {}
                Certainty::Sometimes if is_guarded(expression, name) => {}
                _ => check_read(survey, site, name, place, found),
            }
        }
        check_paths(survey, site, found);
    }
}

/// The Variables that the Paths of a State begin with.
fn check_paths(survey: &Survey<'_>, site: &Site<'_>, found: &mut Vec<Diagnostic>) {
    // A Variable is no place for a result, which is a fault of its own.
    let reads = |path: &&PathText<'_>| path.takes != Takes::Destination && path.computed.reads_variables;
    for path in survey.paths.of(site).iter().filter(reads) {
        let first = found.len();
        let at = survey.paths.at(site, path);
        each_variable(&path.computed.form, &mut |name, span| {
            let place = || Place::Definition { pointer: at.pointer(site), span: Some(span.clone()) };
            check_read(survey, site, name, place, found);
        });
        // The Execution fails as it should, only with another error.
        if matches!((site.state, &at), (State::Fail(_), ReadAt::Way(_))) {
            found[first..].iter_mut().for_each(|fault| fault.severity = Severity::Warning);
        }
    }
}

/// Visits the Variables that a Path or the arguments of an Intrinsic Function begin with, each with its bytes in the
/// text.
fn each_variable(form: &Form, visit: &mut impl FnMut(&str, Range<usize>)) {
    let mut visit = |path: &Path, start: usize| {
        if let Root::Variable(name) = &path.root {
            let start = start + path.span().start;
            visit(name, start..start + name.len() + 1);
        }
    };
    form.each_path(&mut |path, start| path.each(&mut |path| visit(path, start)));
}

fn certainty(survey: &Survey<'_>, site: &Site<'_>, name: &str) -> Certainty {
    survey.variables.certainty(site.scope, site.index, name)
}

fn check_read(
    survey: &Survey<'_>,
    site: &Site<'_>,
    name: &str,
    place: impl Fn() -> Place,
    found: &mut Vec<Diagnostic>,
) {
    match certainty(survey, site, name) {
        Certainty::Always => {}
        Certainty::Sometimes => {
            let message = format!("`${name}` is not assigned on every way to the State `{}`", site.name);
            let help = match site.language {
                QueryLanguage::Jsonata => "assign it on every way, or guard it with `$exists`",
                QueryLanguage::JsonPath => "assign it on every way, if only to `null`",
            };
            found.push(Diagnostic::warning(CODE, place(), message).with_help(help));
        }
        Certainty::Never => found.push(never_assigned(survey, site, name, place())),
    }
}

fn is_variable(reference: &Reference) -> bool {
    let is_known = matches!(&*reference.name, "states" | "$") || Expression::is_builtin(&reference.name);
    reference.kind == ReferenceKind::Variable && !is_known
}

/// Whether the expression asks for itself if the Variable exists.
fn is_guarded(expression: &Parsed<'_>, name: &str) -> bool {
    expression.source.contains(&format!("$exists(${name})"))
}

fn never_assigned(survey: &Survey<'_>, site: &Site<'_>, name: &str, place: Place) -> Diagnostic {
    let is_separate = survey.scope_of(site).kind == ScopeKind::ItemProcessor(ProcessorMode::Distributed);
    let help = if is_separate {
        "hand it in through `ItemSelector` or `BatchInput`: child executions see no Variables from outside"
            .to_owned()
    } else if survey.variables.has(name) {
        "assign it in an earlier State; an `Assign` counts behind its State, and not behind its Catchers"
            .to_owned()
    } else if let Some(near) = survey.meant_variable(name) {
        format!("did you mean `${near}`?")
    } else {
        "assign it in an earlier State".to_owned()
    };
    let message = format!("no way to the State `{}` assigns `${name}`", site.name);
    Diagnostic::error(CODE, place, message).with_help(help)
}
