//! `payload-too-large`: a template whose literal parts alone are more than the service passes on.
//! Separate because every rule has a file of its own.

use std::collections::BTreeMap;

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, ExecutionType, Options, Severity, State, Value, size};

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
    if survey.size_at_most <= limit {
        return;
    }
    for site in &survey.sites {
        let templates = templates(site.state).into_iter();
        for (field, template) in templates.filter_map(|(field, template)| Some((field, template?))) {
            let size = size::at_least(template);
            if size > limit {
                let message = format!("`{field}` takes at least {size} bytes, at most {limit} are passed on");
                let help = "put the data into S3 and pass on where it is";
                found.push(Diagnostic::error(CODE, site.field(field), message).with_help(help));
            }
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
