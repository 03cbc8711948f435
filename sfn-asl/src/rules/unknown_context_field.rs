//! `unknown-context-field`: a field of the Context Object that it does not have.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::computed::Form;
use crate::dataflow::{ReadAt, Step};
use crate::document::has_placeholder;
use crate::nearest::{listed, nearest};
use crate::path::{Root, Selector};
use crate::path_texts::{PathText, Takes};
use crate::survey::{Site, Survey};
use crate::{Code, Diagnostic, Place, Severity};

const CODE: Code = Code::new("unknown-context-field");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A field that the Context Object (`$$`, in JSONata `$states.context`) does not have.",
    why: "The State fails whenever it reads it in JSONPath (an error), unless a test asks whether it is there; in \
          JSONata nothing is found there, which fails the State unless the expression expects it (warnings).",
    instead: "Read what there is: `Execution` (`Id`, `Input`, `Name`, `RoleArn`, `StartTime`, `RedriveCount`, \
              `RedriveTime`), `State` (`EnteredTime`, `Name`, `RetryCount`), `StateMachine` (`Id`, `Name`), \
              `Task.Token`, `Map.Item` (`Index`, `Key`, `Value`, `Source`).",
    invalid: &[
        Example::new(
            "/States/A/Parameters/id.$",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
                "Parameters": {"id.$": "$$.Execution.ID"}}}}"#,
        ),
        Example::new(
            "/States/A/Parameters/text.$",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
                "Parameters": {"text.$": "States.Format('run {}', $$.Executions.Name)"}}}}"#,
        ),
        Example::new(
            "/States/A/InputPath",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true, "InputPath": "$$.Execution.Inptu"}}}"#,
        ),
        Example::new(
            "/States/A/Choices/0/And/0/StringEqualsPath",
            r#"{"StartAt": "A", "States": {
                "A": {"Type": "Choice", "Default": "B", "Choices": [{"And": [
                    {"Variable": "$.run", "StringEqualsPath": "$$.Execution.ExecutionName"},
                    {"Variable": "$$.State.Name", "IsString": true}], "Next": "B"}]},
                "B": {"Type": "Succeed"}}}"#,
        ),
        Example::new(
            "/States/A/ItemSelector/index",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Map", "End": true,
                "ItemSelector": {"index": "{% $states.context.Map.Index %}"},
                "ItemProcessor": {"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}}}}"#,
        ),
    ],
    valid: &[
        r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true, "Parameters": {
            "all.$": "$$", "any.$": "$$..Name", "one.$": "$$['State']['Name']", "input.$": "$$.Execution.Input.order",
            "started.$": "States.Format('{}', $$.Execution.StartTime)", "text": "$$.no.path"}}}}"#,
        r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Map", "End": true,
            "ItemSelector": {"item": "{% $states.context.Map.Item.Value.anything %}"},
            "ItemProcessor": {"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}}}}"#,
    ],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in &survey.sites {
        let reads = |path: &&PathText<'_>| path.takes != Takes::Destination && path.computed.reads_context;
        for path in survey.paths.of(site).iter().filter(reads) {
            check_text(&path.computed.form, path.text, &survey.paths.at(site, path), site, found);
        }
    }
    for (site, expression, reference) in survey.references().filter(|(.., read)| &*read.name == "states") {
        let mut names = reference.fields.iter().map(|name| &**name);
        if names.next() != Some("context") {
            continue;
        }
        if let Some((message, help)) = unknown(names) {
            let place = site.place_in(expression, &reference.span);
            found.push(Diagnostic::warning(CODE, place, message).with_help(help));
        }
    }
}

/// The Paths into the Context Object in a text of JSONPath.
fn check_text<'m>(
    form: &Form,
    text: &str,
    at: &ReadAt<'_, 'm>,
    site: &Site<'m>,
    found: &mut Vec<Diagnostic>,
) {
    form.each_path(&mut |path, start| {
        if path.root != Root::Context || has_placeholder(text) {
            return;
        }
        let names = path.segments.iter().map_while(|segment| match &segment.selector {
            Selector::Child(name) => Some(&**name),
            _ => None,
        });
        if let Some((message, help)) = unknown(names) {
            let span = Some(start..start + path.source().len());
            let place = Place::Definition { pointer: at.pointer(site), span };
            // A test may ask whether something is there.
            let is_test = matches!(at, ReadAt::Way([.., Step::Field("Variable")]));
            let severity = if is_test { Severity::Warning } else { Severity::Error };
            let fault = Diagnostic::error(CODE, place, message).with_help(help);
            found.push(Diagnostic { severity, ..fault });
        }
    });
}

/// What is wrong with a way into the Context Object, and what to do about it.
fn unknown<'n>(names: impl Iterator<Item = &'n str>) -> Option<(String, String)> {
    let mut way = String::new();
    for name in names {
        let known = fields(&way)?;
        if !known.contains(&name) {
            let owner = if way.is_empty() { "the Context Object".to_owned() } else { format!("`{way}`") };
            let help = match nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("read one of {}", listed(known)),
            };
            return Some((format!("{owner} has no field `{name}`"), help));
        }
        if !way.is_empty() {
            way.push('.');
        }
        way.push_str(name);
    }
    None
}

/// The fields that stand at a place in the Context Object, unless anything may.
fn fields(way: &str) -> Option<&'static [&'static str]> {
    Some(match way {
        "" => &["Execution", "State", "StateMachine", "Task", "Map"],
        "Execution" => &["Id", "Input", "Name", "RoleArn", "StartTime", "RedriveCount", "RedriveTime"],
        "State" => &["EnteredTime", "Name", "RetryCount"],
        "StateMachine" => &["Id", "Name"],
        "Task" => &["Token"],
        "Map" => &["Item"],
        "Map.Item" => &["Index", "Key", "Value", "Source"],
        _ => return None,
    })
}
