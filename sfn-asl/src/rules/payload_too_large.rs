//! `payload-too-large`: a template whose literal parts alone are more than the service passes on.
//! Separate because every rule has a file of its own.

use std::collections::BTreeMap;

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, ExecutionType, Options, Severity, State, Value};

const CODE: Code = Code::new("payload-too-large");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A `Result`, `Parameters`, `Arguments` or `Output` whose literal parts take more than 256 KiB.",
    why: "The input, the output and the result of a State may have 262,144 bytes: the State fails whenever it gets there \
          (`States.DataLimitExceeded`).",
    instead: "Put the data into S3 and pass on where it is.",
    invalid: &[Example {
        definition: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
            "Result": {"text": "this is more than the forty bytes that are allowed"}}}}"#,
        options: Options {
            kind: ExecutionType::Standard,
            max_definition_bytes: 1 << 20,
            max_payload_bytes: 40,
            levels: BTreeMap::new(),
        },
        pointer: "/States/A/Result",
    }],
    valid: &[
        r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"text": "short"}, "End": true}}}"#,
    ],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    let limit = survey.options.max_payload_bytes;
    for site in &survey.sites {
        let templates = templates(site.state).into_iter();
        let templates = templates.filter_map(|(field, template)| Some((field, template?)));
        // Of most it is known without looking through them that they are not too large.
        for (field, template) in templates.filter(|(_, template)| template.bytes_at_most() > limit as u64) {
            let size = at_least(template);
            if size > limit {
                let message = format!("`{field}` takes at least {size} bytes, at most {limit} are passed on");
                let help = "put the data into S3 and pass on where it is";
                found.push(Diagnostic::error(CODE, site.field(field), message).with_help(help));
            }
        }
    }
}

/// How many bytes a value takes as JSON without blanks, and no more than that: numbers count as one digit.
fn at_least(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) => 4,
        Value::Number(_) => 1,
        Value::String(text) => text.len() + 2,
        Value::Array(items) => items.iter().map(|item| at_least(item) + 1).sum::<usize>().max(1) + 1,
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| name.len() + 4 + at_least(value));
            fields.sum::<usize>().max(1) + 1
        }
    }
}

fn templates(state: &State) -> [(&'static str, Option<&Value>); 4] {
    let (parameters, arguments, result) = match state {
        State::Task(task) => (&task.parameters, &task.arguments, &None),
        State::Parallel(parallel) => (&parallel.parameters, &parallel.arguments, &None),
        State::Pass(pass) => (&pass.parameters, &None, &pass.result),
        _ => (&None, &None, &None),
    };
    [
        ("Parameters", parameters.as_ref()),
        ("Arguments", arguments.as_ref()),
        ("Result", result.as_ref()),
        ("Output", state.shared().output.as_ref()),
    ]
}
