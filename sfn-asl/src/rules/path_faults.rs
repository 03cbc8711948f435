//! What is wrong with the Paths and Intrinsic Functions of States that speak JSONPath.
//! Separate because four rules ask, and each text is read once for all of them.

use std::ops::Range;

use super::{intrinsic_arguments, invalid_intrinsic, invalid_path, unknown_intrinsic};
use crate::intrinsic::{Call, CallError, CallFault};
use crate::path::{Path, PathError, ReferencePath, Root};
use crate::survey::{Site, Survey};
use crate::{
    Code, DataTest, Diagnostic, Nullable, Operand, Place, Pointer, QueryLanguage, RuleTest, State, WaitUntil,
};

/// What a field takes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// Any Path.
    Path,
    /// A Path that names one value.
    Reference,
    /// A Path to a place in the input.
    Destination,
    /// A Path or the call of an Intrinsic Function.
    PathOrCall,
}

/// Every fault in every Path and call, whatever its code, in the order of the States.
pub(crate) fn path_faults(survey: &Survey<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for site in survey.sites.iter().filter(|site| site.language == QueryLanguage::JsonPath) {
        let mut report = |pointer: &dyn Fn() -> Pointer, faults: Vec<Fault>| {
            for Fault { code, message, span, help } in faults {
                let place = Place::Definition { pointer: pointer(), span };
                found.push(Diagnostic::error(code, place, message).with_help(help));
            }
        };
        each_field(site, &mut |text, takes, way| {
            let pointer = || way.iter().fold(site.pointer(), |pointer, token| pointer.join(token));
            report(&pointer, faults(text, takes));
        });
        for string in site.strings.all.iter().filter(|string| string.is_computed()) {
            report(&|| site.pointer_of(string), faults(string.text, Takes::PathOrCall));
        }
    }
    found
}

/// Pushes those of one code.
pub(super) fn push(code: Code, survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    found.extend(survey.path_faults().iter().filter(|fault| fault.code == code).cloned());
}

struct Fault {
    code: Code,
    message: String,
    span: Option<Range<usize>>,
    help: &'static str,
}

fn faults(text: &str, takes: Takes) -> Vec<Fault> {
    // What is put in later cannot be judged now.
    if text.contains("${") {
        return Vec::new();
    }
    if !text.starts_with('$') {
        if takes == Takes::PathOrCall && text.starts_with("States.") {
            return call_faults(text);
        }
        let message = format!("found `{text}`, expected a Path that begins with `$`");
        let help = match takes {
            Takes::PathOrCall => "begin it with `$`, or drop the `.$` of the name",
            _ => "begin it with `$`",
        };
        return vec![Fault { code: invalid_path::CODE, message, span: None, help }];
    }
    let fault = |error: PathError, help| Fault {
        code: invalid_path::CODE,
        message: error.message,
        span: Some(error.span),
        help,
    };
    if let Err(error) = text.parse::<Path>() {
        return vec![fault(error, "correct the Path at the place shown")];
    }
    if matches!(takes, Takes::Path | Takes::PathOrCall) {
        return Vec::new();
    }
    match text.parse::<ReferencePath>() {
        Err(error) => vec![fault(error, "name one place, such as `$.order.total`")],
        Ok(path) if takes == Takes::Destination && *path.root() != Root::Input => {
            let message = format!("found `{text}`, expected a place in the State's input");
            let help = "begin it with `$.`; a Variable is set by `Assign`";
            vec![Fault { code: invalid_path::CODE, message, span: None, help }]
        }
        Ok(_) => Vec::new(),
    }
}

fn call_faults(text: &str) -> Vec<Fault> {
    let found = match text.parse::<Call>() {
        Ok(call) => call.misfits(),
        Err(error) => vec![error],
    };
    let fault = |CallError { fault, message, span }| {
        let (code, help) = match fault {
            CallFault::Syntax => (invalid_intrinsic::CODE, "correct the call at the place shown"),
            CallFault::UnknownFunction => (unknown_intrinsic::CODE, "call a function that exists"),
            CallFault::Arity => (intrinsic_arguments::CODE, "add the missing arguments, or drop the others"),
            CallFault::ArgumentKind => (intrinsic_arguments::CODE, "pass a value of the expected kind"),
        };
        Fault { code, message, span: Some(span), help }
    };
    found.into_iter().map(fault).collect()
}

/// Visits a text, what its field takes, and the way to it below its State.
type Visit<'v> = &'v mut dyn FnMut(&str, Takes, &[&str]);

/// Visits the fields of a State that hold a Path; those of templates are among its strings.
fn each_field(site: &Site<'_>, visit: Visit<'_>) {
    let shared = site.state.shared();
    nullable(&shared.input_path, Takes::Path, &["InputPath"], visit);
    nullable(&shared.output_path, Takes::Path, &["OutputPath"], visit);
    let destination = Takes::Destination;
    match site.state {
        State::Task(task) => {
            nullable(&task.result_path, destination, &["ResultPath"], visit);
            operand(task.timeout_seconds.as_ref(), Takes::Reference, &["TimeoutSecondsPath"], visit);
            operand(task.heartbeat_seconds.as_ref(), Takes::Reference, &["HeartbeatSecondsPath"], visit);
        }
        State::Parallel(parallel) => nullable(&parallel.result_path, destination, &["ResultPath"], visit),
        State::Pass(pass) => nullable(&pass.result_path, destination, &["ResultPath"], visit),
        State::Map(map) => {
            nullable(&map.items_path, Takes::Path, &["ItemsPath"], visit);
            nullable(&map.result_path, destination, &["ResultPath"], visit);
            operand(map.max_concurrency.as_ref(), Takes::Reference, &["MaxConcurrencyPath"], visit);
            let count = map.tolerated_failure_count.as_ref();
            operand(count, Takes::Reference, &["ToleratedFailureCountPath"], visit);
            let percentage = map.tolerated_failure_percentage.as_ref();
            operand(percentage, Takes::Reference, &["ToleratedFailurePercentagePath"], visit);
        }
        State::Wait(wait) => match &wait.until {
            WaitUntil::Seconds(seconds) => operand(Some(seconds), Takes::Reference, &["SecondsPath"], visit),
            WaitUntil::Timestamp(timestamp) => {
                operand(Some(timestamp), Takes::Reference, &["TimestampPath"], visit);
            }
        },
        State::Fail(fail) => {
            operand(fail.error.as_ref(), Takes::PathOrCall, &["ErrorPath"], visit);
            operand(fail.cause.as_ref(), Takes::PathOrCall, &["CausePath"], visit);
        }
        State::Choice(choice) => {
            for (index, rule) in choice.choices.iter().enumerate() {
                if let RuleTest::Data(test) = &rule.test {
                    let index = index.to_string();
                    data_test(test, &mut vec!["Choices", &index], visit);
                }
            }
        }
        State::Succeed(_) => {}
    }
    for (index, catcher) in site.state.catch().iter().enumerate() {
        nullable(&catcher.result_path, destination, &["Catch", &index.to_string(), "ResultPath"], visit);
    }
}

fn nullable(path: &Nullable<String>, takes: Takes, way: &[&str], visit: Visit<'_>) {
    if let Nullable::Value(path) = path {
        visit(path, takes, way);
    }
}

fn operand<T>(operand: Option<&Operand<T>>, takes: Takes, way: &[&str], visit: Visit<'_>) {
    if let Some(Operand::Path(path)) = operand {
        visit(path, takes, way);
    }
}

fn data_test(test: &DataTest, way: &mut Vec<&str>, visit: Visit<'_>) {
    let mut nested = |field: &'static str, index: Option<usize>, test: &DataTest| {
        let index = index.map(|index| index.to_string());
        let mut inner: Vec<&str> = way.clone();
        inner.push(field);
        inner.extend(index.as_deref());
        data_test(test, &mut inner, visit);
    };
    match test {
        DataTest::And(tests) => {
            tests.iter().enumerate().for_each(|(index, inner)| nested("And", Some(index), &inner.test));
        }
        DataTest::Or(tests) => {
            tests.iter().enumerate().for_each(|(index, inner)| nested("Or", Some(index), &inner.test));
        }
        DataTest::Not(inner) => nested("Not", None, &inner.test),
        DataTest::Comparison(comparison) => {
            way.push("Variable");
            visit(&comparison.variable, Takes::Path, way);
            way.pop();
            let field = comparison.comparator.as_str();
            if field.ends_with("Path")
                && let Some(path) = comparison.operand.as_str()
            {
                visit(path, Takes::Path, &[way, &[field][..]].concat());
            }
        }
    }
}
