//! `wrong-query-language`: a field of the Query Language that the State does not speak.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::survey::{Site, Survey};
use crate::{Code, Diagnostic, Operand, Place, Pointer, QueryLanguage, RuleTest, Severity, State, WaitUntil};

const CODE: Code = Code::new("wrong-query-language");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A JSONPath field (`InputPath`, `Parameters`, `ResultPath`, `...Path`) in a JSONata State, a JSONata field \
           (`Arguments`, `Output`, `Items`, `Condition`) in a JSONPath State, or a JSONPath State in a JSONata State \
           Machine.",
    why: "The service refuses the definition.",
    instead: "Use the other language's field, or give the State the other `QueryLanguage`. A State Machine in \
              JSONPath may have single States in JSONata, not the other way round.",
    invalid: &[
        Example::new(
            "/States/A/OutputPath",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                "A": {"Type": "Pass", "OutputPath": "$.x", "End": true}}}"#,
        ),
        Example::new(
            "/States/A/SecondsPath",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                "A": {"Type": "Wait", "SecondsPath": "$.x", "End": true}}}"#,
        ),
        Example::new(
            "/States/A/Arguments",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true, "Arguments": {},
                "Resource": "arn:aws:states:::lambda:invoke"}}}"#,
        ),
        Example::new(
            "/States/A/Seconds",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": "{% 1 %}", "End": true}}}"#,
        ),
        Example::new(
            "/States/A/Choices/0/Variable",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                "A": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsNull": true, "Next": "B"}]},
                "B": {"Type": "Succeed"}}}"#,
        ),
        Example::new(
            "/States/A/QueryLanguage",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                "A": {"Type": "Pass", "QueryLanguage": "JSONPath", "End": true}}}"#,
        ),
    ],
    valid: &[
        r#"{"StartAt": "A", "States": {
            "A": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": 1, "Next": "B"},
            "B": {"Type": "Pass", "Parameters": {"x.$": "$"}, "ResultPath": null, "End": true}}}"#,
        r#"{"StartAt": "A", "States": {"A": {"Type": "Wait", "TimestampPath": "$.x", "End": true}}}"#,
        r#"{"StartAt": "A", "States": {"A": {"Type": "Fail", "Cause": "{% only text %}"}}}"#,
    ],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in &survey.sites {
        let is_downgrade = survey.scope_of(site).query_language == QueryLanguage::Jsonata
            && site.state.shared().query_language == Some(QueryLanguage::JsonPath);
        if is_downgrade {
            let message = "found a JSONPath State in a JSONata State Machine, expected JSONata throughout";
            let help = "make the State Machine JSONPath and the other States JSONata, or rewrite this State";
            found.push(Diagnostic::error(CODE, site.field("QueryLanguage"), message).with_help(help));
            continue;
        }
        let (wrong, right) = match site.language {
            QueryLanguage::Jsonata => (QueryLanguage::JsonPath, QueryLanguage::Jsonata),
            QueryLanguage::JsonPath => (QueryLanguage::Jsonata, QueryLanguage::JsonPath),
        };
        let report = |name: &str, pointer: &dyn Fn() -> Pointer| {
            let message = format!("`{name}` is a {wrong} field, and this State speaks {right}");
            let help = format!("{}, or set the State's `QueryLanguage` to `{wrong}`", instead(name, right));
            found.push(Diagnostic::error(CODE, Place::Name(pointer().join(name)), message).with_help(help));
        };
        Fields { language: wrong, report }.state(site);
    }
}

/// What the right language has for a field of the wrong one.
fn instead(name: &str, right: QueryLanguage) -> String {
    let other = match (name, right) {
        ("Parameters", QueryLanguage::Jsonata) => {
            "`Arguments` (`ItemSelector` in a Map State, `Output` in a Pass State)"
        }
        ("InputPath", QueryLanguage::Jsonata) => "`$states.input` where the input is needed",
        ("Result" | "ResultSelector" | "ResultPath" | "OutputPath", QueryLanguage::Jsonata) => {
            "`Output` or `Assign`"
        }
        ("Variable", QueryLanguage::Jsonata) => "`Condition`",
        ("Arguments", QueryLanguage::JsonPath) => "`Parameters`",
        ("Output", QueryLanguage::JsonPath) => "`Parameters`, `ResultSelector`, `ResultPath` or `OutputPath`",
        ("Items", QueryLanguage::JsonPath) => "`ItemsPath`",
        ("Condition", QueryLanguage::JsonPath) => "`Variable` with a comparison",
        (name, QueryLanguage::Jsonata) => {
            return format!("write `{}` with a `{{% ... %}}` expression", name.trim_end_matches("Path"));
        }
        (name, QueryLanguage::JsonPath) => return format!("write `{name}Path`"),
    };
    format!("use {other}")
}

/// Looks for the fields of one language and reports each.
struct Fields<R> {
    language: QueryLanguage,
    report: R,
}

type At<'a> = &'a dyn Fn() -> Pointer;

impl<R: FnMut(&str, At<'_>)> Fields<R> {
    fn state(&mut self, site: &Site<'_>) {
        let (at, shared): (At<'_>, _) = (&|| site.pointer(), site.state.shared());
        self.path(at, "InputPath", shared.input_path.is_present());
        self.path(at, "OutputPath", shared.output_path.is_present());
        self.jsonata(at, "Output", shared.output.is_some());
        match site.state {
            State::Task(task) => {
                self.path(at, "Parameters", task.parameters.is_some());
                self.jsonata(at, "Arguments", task.arguments.is_some());
                self.operand(at, "TimeoutSeconds", task.timeout_seconds.as_ref());
                self.operand(at, "HeartbeatSeconds", task.heartbeat_seconds.as_ref());
                self.path(at, "ResultSelector", task.result_selector.is_some());
                self.path(at, "ResultPath", task.result_path.is_present());
            }
            State::Parallel(parallel) => {
                self.path(at, "Parameters", parallel.parameters.is_some());
                self.jsonata(at, "Arguments", parallel.arguments.is_some());
                self.path(at, "ResultSelector", parallel.result_selector.is_some());
                self.path(at, "ResultPath", parallel.result_path.is_present());
            }
            State::Map(map) => self.map(at, map),
            State::Pass(pass) => {
                self.path(at, "Parameters", pass.parameters.is_some());
                self.path(at, "Result", pass.result.is_some());
                self.path(at, "ResultPath", pass.result_path.is_present());
            }
            State::Wait(wait) => match &wait.until {
                WaitUntil::Seconds(seconds) => self.operand(at, "Seconds", Some(seconds)),
                WaitUntil::Timestamp(timestamp) => self.operand(at, "Timestamp", Some(timestamp)),
            },
            State::Fail(fail) => {
                self.twin(at, "Error", fail.error.as_ref());
                self.twin(at, "Cause", fail.cause.as_ref());
            }
            State::Choice(choice) => {
                for (index, rule) in choice.choices.iter().enumerate() {
                    let at: At<'_> = &|| site.pointer().join("Choices").join(index);
                    match rule.test {
                        RuleTest::Condition(_) => self.jsonata(at, "Condition", true),
                        RuleTest::Data(_) => self.path(at, "Variable", true),
                    }
                    self.jsonata(at, "Output", rule.output.is_some());
                }
            }
            State::Succeed(_) => {}
        }
        for (index, catcher) in site.state.catch().iter().enumerate() {
            let at: At<'_> = &|| site.pointer().join("Catch").join(index);
            self.path(at, "ResultPath", catcher.result_path.is_present());
            self.jsonata(at, "Output", catcher.output.is_some());
        }
    }

    fn map(&mut self, at: At<'_>, map: &crate::Map) {
        self.jsonata(at, "Items", map.items.is_some());
        self.path(at, "ItemsPath", map.items_path.is_present());
        self.path(at, "Parameters", map.parameters.is_some());
        self.operand(at, "MaxConcurrency", map.max_concurrency.as_ref());
        self.operand(at, "ToleratedFailureCount", map.tolerated_failure_count.as_ref());
        self.operand(at, "ToleratedFailurePercentage", map.tolerated_failure_percentage.as_ref());
        self.path(at, "ResultSelector", map.result_selector.is_some());
        self.path(at, "ResultPath", map.result_path.is_present());
        if let Some(reader) = &map.item_reader {
            let at: At<'_> = &|| at().join("ItemReader");
            self.path(at, "Parameters", reader.parameters.is_some());
            self.jsonata(at, "Arguments", reader.arguments.is_some());
        }
        if let Some(writer) = &map.result_writer {
            let at: At<'_> = &|| at().join("ResultWriter");
            self.path(at, "Parameters", writer.parameters.is_some());
            self.jsonata(at, "Arguments", writer.arguments.is_some());
        }
    }

    fn path(&mut self, at: At<'_>, name: &str, is_present: bool) {
        self.add(QueryLanguage::JsonPath, at, name, is_present);
    }

    fn jsonata(&mut self, at: At<'_>, name: &str, is_present: bool) {
        self.add(QueryLanguage::Jsonata, at, name, is_present);
    }

    fn operand<T>(&mut self, at: At<'_>, name: &str, operand: Option<&Operand<T>>) {
        self.twin(at, name, operand);
        self.jsonata(at, name, matches!(operand, Some(Operand::Expression(_))));
    }

    /// In JSONPath a text that looks like an expression is a text, so only the `...Path` twin can be wrong.
    fn twin<T>(&mut self, at: At<'_>, name: &str, operand: Option<&Operand<T>>) {
        if matches!(operand, Some(Operand::Path(_))) {
            self.path(at, &format!("{name}Path"), true);
        }
    }

    fn add(&mut self, language: QueryLanguage, at: At<'_>, name: &str, is_present: bool) {
        if is_present && language == self.language {
            (self.report)(name, at);
        }
    }
}
