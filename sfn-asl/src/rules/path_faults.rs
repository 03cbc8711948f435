//! What is wrong with the Paths and Intrinsic Functions of States that speak JSONPath.
//! Separate because five rules ask, and each text is read once for all of them.

use std::ops::Range;

use super::payload_templates::each_object;
use super::{
    conflicting_template_fields, intrinsic_arguments, invalid_intrinsic, invalid_path, unknown_intrinsic,
};
use crate::computed::Form;
use crate::document::has_placeholder;
use crate::intrinsic::{CallError, CallFault};
use crate::path::{Path, PathError, Root, misfit};
use crate::path_texts::{PathText, Takes};
use crate::survey::Survey;
use crate::{Code, Diagnostic, Place, Pointer, QueryLanguage, Value};

/// Every fault in every Path and call, whatever its code, in the order of the States.
pub(crate) fn path_faults(survey: &Survey<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for site in survey.sites.iter().filter(|site| site.language == QueryLanguage::JsonPath) {
        for path in survey.paths.of(site) {
            let faults = faults(path);
            // What is put in later cannot be judged now.
            if !faults.is_empty() && !has_placeholder(path.text) {
                let pointer = survey.paths.at(site, path).pointer(site);
                found.extend(faults.into_iter().map(|fault| fault.at(pointer.clone())));
            }
        }
        each_object(site, &mut |fields, pointer| {
            fields.each(|name, value| {
                let Some(plain) = name.strip_suffix(".$") else { return };
                if let Some(kind) = no_text(value) {
                    let message = format!("`{name}` is computed, and here stands {kind}");
                    let help = "write a Path or an Intrinsic Function, or drop the `.$` of the name";
                    let fault = Fault { code: invalid_path::CODE, message, span: None, help };
                    found.push(fault.at(pointer().join(name)));
                }
                if fields.has(plain) {
                    found.push(conflicting_template_fields::fault(&pointer(), plain, name));
                }
            });
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

impl Fault {
    fn at(self, pointer: Pointer) -> Diagnostic {
        let place = Place::Definition { pointer, span: self.span };
        Diagnostic::error(self.code, place, self.message).with_help(self.help)
    }
}

fn faults(path: &PathText<'_>) -> Vec<Fault> {
    let PathText { text, takes, computed, .. } = path;
    if !text.starts_with('$') && (*takes != Takes::PathOrCall || !text.starts_with("States.")) {
        let message = format!("found `{text}`, expected a Path that begins with `$`");
        let help = match takes {
            Takes::PathOrCall => "begin it with `$`, or drop the `.$` of the name",
            _ => "begin it with `$`",
        };
        return vec![Fault { code: invalid_path::CODE, message, span: None, help }];
    }
    match &computed.form {
        Form::Path(path) => path_faults_of(path, *takes),
        Form::NoPath(error) => vec![path_fault(error.clone(), "correct the Path at the place shown")],
        Form::Call(call) => call.misfits().into_iter().map(call_fault).collect(),
        Form::NoCall(error) => vec![call_fault(error.clone())],
    }
}

fn path_faults_of(path: &Path, takes: Takes) -> Vec<Fault> {
    if matches!(takes, Takes::Path | Takes::PathOrCall) {
        return Vec::new();
    }
    match misfit(path) {
        Some(error) => vec![path_fault(error, "name one place, such as `$.order.total`")],
        None if takes == Takes::Destination && path.root != Root::Input => {
            let message = format!("found `{}`, expected a place in the State's input", path.source());
            let help = "begin it with `$.`; a Variable is set by `Assign`";
            vec![Fault { code: invalid_path::CODE, message, span: None, help }]
        }
        None => Vec::new(),
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
