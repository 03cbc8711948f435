//! What is wrong with the Paths and Intrinsic Functions of States that speak JSONPath.
//! Separate because four rules ask, and each text is read once for all of them.

use std::ops::Range;

use super::payload_templates::each_object;
use super::{intrinsic_arguments, invalid_intrinsic, invalid_path, unknown_intrinsic};
use crate::computed::{Computed, Texts};
use crate::dataflow::{ReadAt, Step, each_comparison};
use crate::document::has_placeholder;
use crate::intrinsic::{CallError, CallFault};
use crate::path::{Path, PathError, Root, reference_segments};
use crate::survey::{Site, Survey};
use crate::{
    Code, DataTest, Diagnostic, Nullable, Operand, Place, Pointer, QueryLanguage, RuleTest, State, Value,
    WaitUntil,
};

/// What a field takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
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
            report(&|| ReadAt::Way(way).pointer(site), faults(&survey.texts, text, takes));
        });
        for string in site.strings.all.iter().filter(|string| string.is_computed()) {
            let faults = faults(&survey.texts, string.text, Takes::PathOrCall);
            report(&|| site.pointer_of(string), faults);
        }
        each_object(site, &mut |fields, pointer| {
            let is_computed = |name: &str| name.ends_with(".$");
            for (name, value) in fields.iter().filter(|(name, _)| is_computed(name)) {
                if let Some(kind) = no_text(value) {
                    let message = format!("`{name}` is computed, and here stands {kind}");
                    let help = "write a Path or an Intrinsic Function, or drop the `.$` of the name";
                    let fault = Fault { code: invalid_path::CODE, message, span: None, help };
                    report(&|| pointer().join(name), vec![fault]);
                }
            }
        });
    }
    found
}

/// Pushes those of one code.
pub(super) fn push(code: Code, survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    found.extend(survey.path_faults().iter().filter(|fault| fault.code == code).cloned());
}

/// What a value is that is no string.
fn no_text(value: &Value) -> Option<&'static str> {
    Some(match value {
        Value::String(_) => return None,
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    })
}

struct Fault {
    code: Code,
    message: String,
    span: Option<Range<usize>>,
    help: &'static str,
}

fn faults<'m>(texts: &Texts<'m>, text: &'m str, takes: Takes) -> Vec<Fault> {
    // What is put in later cannot be judged now.
    if has_placeholder(text) {
        return Vec::new();
    }
    if !text.starts_with('$') && (takes != Takes::PathOrCall || !text.starts_with("States.")) {
        let message = format!("found `{text}`, expected a Path that begins with `$`");
        let help = match takes {
            Takes::PathOrCall => "begin it with `$`, or drop the `.$` of the name",
            _ => "begin it with `$`",
        };
        return vec![Fault { code: invalid_path::CODE, message, span: None, help }];
    }
    match &*texts.parse(text) {
        Computed::Path(path) => path_faults_of(path, takes),
        Computed::NoPath(error) => vec![path_fault(error.clone(), "correct the Path at the place shown")],
        Computed::Call(call) => call.misfits().into_iter().map(call_fault).collect(),
        Computed::NoCall(error) => vec![call_fault(error.clone())],
    }
}

fn path_faults_of(path: &Path, takes: Takes) -> Vec<Fault> {
    if matches!(takes, Takes::Path | Takes::PathOrCall) {
        return Vec::new();
    }
    match reference_segments(path) {
        Err(error) => vec![path_fault(error, "name one place, such as `$.order.total`")],
        Ok(_) if takes == Takes::Destination && path.root != Root::Input => {
            let message = format!("found `{}`, expected a place in the State's input", path.source());
            let help = "begin it with `$.`; a Variable is set by `Assign`";
            vec![Fault { code: invalid_path::CODE, message, span: None, help }]
        }
        Ok(_) => Vec::new(),
    }
}

fn path_fault(error: PathError, help: &'static str) -> Fault {
    Fault { code: invalid_path::CODE, message: error.message, span: Some(error.span), help }
}

fn call_fault(error: CallError) -> Fault {
    let (code, help) = match error.fault {
        CallFault::Syntax => (invalid_intrinsic::CODE, "correct the call at the place shown"),
        CallFault::UnknownFunction => (unknown_intrinsic::CODE, "call a function that exists"),
        CallFault::Arity => (intrinsic_arguments::CODE, "add the missing arguments, or drop the others"),
        CallFault::ArgumentKind => (intrinsic_arguments::CODE, "pass a value of the expected kind"),
    };
    Fault { code, message: error.message, span: Some(error.span), help }
}

/// Visits a text, what its field takes, and the way to it below its State.
type Visit<'v, 'm> = &'v mut dyn FnMut(&'m str, Takes, &[Step]);

/// Visits the fields of a State that hold a Path; those of templates are among its strings.
pub(super) fn each_field<'m>(site: &Site<'m>, visit: Visit<'_, 'm>) {
    let shared = site.state.shared();
    nullable(&shared.input_path, Takes::Path, &[Step::Field("InputPath")], visit);
    nullable(&shared.output_path, Takes::Path, &[Step::Field("OutputPath")], visit);
    let destination = Takes::Destination;
    match site.state {
        State::Task(task) => {
            nullable(&task.result_path, destination, &[Step::Field("ResultPath")], visit);
            operand(
                task.timeout_seconds.as_ref(),
                Takes::Reference,
                &[Step::Field("TimeoutSecondsPath")],
                visit,
            );
            operand(
                task.heartbeat_seconds.as_ref(),
                Takes::Reference,
                &[Step::Field("HeartbeatSecondsPath")],
                visit,
            );
        }
        State::Parallel(parallel) => {
            nullable(&parallel.result_path, destination, &[Step::Field("ResultPath")], visit);
        }
        State::Pass(pass) => nullable(&pass.result_path, destination, &[Step::Field("ResultPath")], visit),
        State::Map(map) => {
            nullable(&map.items_path, Takes::Path, &[Step::Field("ItemsPath")], visit);
            nullable(&map.result_path, destination, &[Step::Field("ResultPath")], visit);
            operand(
                map.max_concurrency.as_ref(),
                Takes::Reference,
                &[Step::Field("MaxConcurrencyPath")],
                visit,
            );
            let count = map.tolerated_failure_count.as_ref();
            operand(count, Takes::Reference, &[Step::Field("ToleratedFailureCountPath")], visit);
            let percentage = map.tolerated_failure_percentage.as_ref();
            operand(percentage, Takes::Reference, &[Step::Field("ToleratedFailurePercentagePath")], visit);
            if let Some(config) = map.item_reader.as_ref().and_then(|reader| reader.reader_config.as_ref()) {
                let way = ["ItemReader", "ReaderConfig", "MaxItemsPath"].map(Step::Field);
                operand(config.max_items.as_ref(), Takes::Reference, &way, visit);
            }
            if let Some(batcher) = &map.item_batcher {
                let (items, bytes) = (&batcher.max_items_per_batch, &batcher.max_input_bytes_per_batch);
                let way = |field| ["ItemBatcher", field].map(Step::Field);
                operand(items.as_ref(), Takes::Reference, &way("MaxItemsPerBatchPath"), visit);
                operand(bytes.as_ref(), Takes::Reference, &way("MaxInputBytesPerBatchPath"), visit);
            }
        }
        State::Wait(wait) => match &wait.until {
            WaitUntil::Seconds(seconds) => {
                operand(Some(seconds), Takes::Reference, &[Step::Field("SecondsPath")], visit);
            }
            WaitUntil::Timestamp(timestamp) => {
                operand(Some(timestamp), Takes::Reference, &[Step::Field("TimestampPath")], visit);
            }
        },
        State::Fail(fail) => {
            operand(fail.error.as_ref(), Takes::PathOrCall, &[Step::Field("ErrorPath")], visit);
            operand(fail.cause.as_ref(), Takes::PathOrCall, &[Step::Field("CausePath")], visit);
        }
        State::Choice(choice) => {
            for (index, rule) in choice.choices.iter().enumerate() {
                if let RuleTest::Data(test) = &rule.test {
                    data_test(test, &mut vec![Step::Field("Choices"), Step::Index(index)], visit);
                }
            }
        }
        State::Succeed(_) => {}
    }
    for (index, catcher) in site.state.catch().iter().enumerate() {
        let way = [Step::Field("Catch"), Step::Index(index), Step::Field("ResultPath")];
        nullable(&catcher.result_path, destination, &way, visit);
    }
}

fn nullable<'m>(path: &'m Nullable<String>, takes: Takes, way: &[Step], visit: Visit<'_, 'm>) {
    if let Nullable::Value(path) = path {
        visit(path, takes, way);
    }
}

fn operand<'m, T>(operand: Option<&'m Operand<T>>, takes: Takes, way: &[Step], visit: Visit<'_, 'm>) {
    if let Some(Operand::Path(path)) = operand {
        visit(path, takes, way);
    }
}

fn data_test<'m>(test: &'m DataTest, way: &mut Vec<Step>, visit: Visit<'_, 'm>) {
    each_comparison(test, way, &mut |comparison, way| {
        let mut read = |field, text: &'m str| {
            way.push(Step::Field(field));
            visit(text, Takes::Path, way);
            way.pop();
        };
        read("Variable", &comparison.variable);
        let field = comparison.comparator.as_str();
        if field.ends_with("Path")
            && let Some(path) = comparison.operand.as_str()
        {
            read(field, path);
        }
    });
}
