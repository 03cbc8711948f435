//! What a State does, in a few words: the second line of its box.
//! Separate because it is the language's fields put into words, one type of State after the other.

use sfn_asl::{IntegrationPattern, Operand, ProcessorMode, State, WaitUntil};

/// The words for a State.
pub(crate) fn of(state: &State) -> String {
    let mut words = match state {
        State::Task(task) => task_words(&task.resource),
        State::Choice(_) | State::Pass(_) | State::Succeed(_) | State::Parallel(_) => {
            state.type_name().to_owned()
        }
        State::Map(map) => {
            let mode = match map.item_processor.mode() {
                ProcessorMode::Inline => "Map",
                ProcessorMode::Distributed => "Distributed Map",
            };
            match map.max_concurrency {
                Some(Operand::Literal(1)) => format!("{mode}, one after the other"),
                Some(Operand::Literal(most)) if most > 1 => format!("{mode}, {most} at once"),
                _ => mode.to_owned(),
            }
        }
        State::Wait(wait) => match &wait.until {
            WaitUntil::Seconds(Operand::Literal(seconds)) => format!("Wait {}", duration(*seconds)),
            WaitUntil::Timestamp(Operand::Literal(time)) => format!("Wait until {time}"),
            WaitUntil::Seconds(_) => "Wait".to_owned(),
            WaitUntil::Timestamp(_) => "Wait until".to_owned(),
        },
        State::Fail(fail) => match &fail.error {
            Some(Operand::Literal(error)) => format!("Fail {error}"),
            _ => "Fail".to_owned(),
        },
    };
    if state.retry().iter().any(|retrier| retrier.max_attempts != Some(0)) {
        words += " \u{21bb}";
    }
    words
}

/// `lambda:invoke`, `lambda:invoke, callback`, `activity review`.
fn task_words(resource: &str) -> String {
    let pattern = match IntegrationPattern::of(resource) {
        IntegrationPattern::WaitForCallback => ", callback",
        IntegrationPattern::RunAJob => ", job",
        IntegrationPattern::RequestResponse | IntegrationPattern::Activity | IntegrationPattern::Unknown => {
            ""
        }
    };
    let parts: Vec<_> = resource.split(':').collect();
    let what = match parts.as_slice() {
        ["arn", _, "states", _, _, "activity", name] => format!("activity {name}"),
        ["arn", _, "states", "" | "*", "" | "*", action @ ..] => action.join(":"),
        ["arn", _, "lambda", _, _, "function", name, ..] => format!("lambda {name}"),
        _ => resource.to_owned(),
    };
    let suffixes = [".waitForTaskToken", ".sync:2", ".sync"];
    let what = suffixes.iter().find_map(|suffix| what.strip_suffix(suffix)).unwrap_or(&what);
    format!("{what}{pattern}")
}

/// A number of seconds in the largest unit that divides it.
fn duration(seconds: i64) -> String {
    let units = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
    let unit = units.iter().find(|(length, _)| seconds > 0 && seconds % length == 0);
    let (length, name) = unit.unwrap_or(&(1, "s"));
    format!("{} {name}", seconds / length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(state: &str, expected: &str) {
        let text = format!(r#"{{"StartAt": "S", "States": {{"S": {state}}}}}"#);
        let machine: sfn_asl::StateMachine = text.parse().unwrap();
        assert_eq!(of(&machine.states["S"]), expected);
    }

    #[test]
    fn a_task_is_its_integration_and_pattern() {
        let task = |resource: &str, more: &str| {
            format!(r#"{{"Type": "Task", "Resource": "{resource}", {more} "End": true}}"#)
        };
        let retry = r#""Retry": [{"ErrorEquals": ["States.ALL"]}],"#;
        check(&task("arn:aws:states:::lambda:invoke", ""), "lambda:invoke");
        check(&task("arn:aws:states:::lambda:invoke", retry), "lambda:invoke \u{21bb}");
        check(&task("arn:aws:states:::sqs:sendMessage.waitForTaskToken", ""), "sqs:sendMessage, callback");
        check(&task("arn:aws:states:::states:startExecution.sync:2", ""), "states:startExecution, job");
        check(&task("arn:aws:states:::aws-sdk:ses:sendEmail", ""), "aws-sdk:ses:sendEmail");
        check(&task("arn:aws:states:us-east-1:123456789012:activity:review", ""), "activity review");
        check(&task("arn:aws:lambda:us-east-1:123456789012:function:pay:live", ""), "lambda pay");
        check(&task("${PayFunctionArn}", ""), "${PayFunctionArn}");
    }

    #[test]
    fn the_others_are_their_type_and_what_distinguishes_them() {
        check(r#"{"Type": "Wait", "Seconds": 259200, "End": true}"#, "Wait 3 d");
        check(r#"{"Type": "Wait", "Seconds": 90, "End": true}"#, "Wait 90 s");
        check(r#"{"Type": "Wait", "Seconds": 0, "End": true}"#, "Wait 0 s");
        check(r#"{"Type": "Wait", "TimestampPath": "$.at", "End": true}"#, "Wait until");
        check(r#"{"Type": "Fail", "Error": "Denied"}"#, "Fail Denied");
        check(r#"{"Type": "Fail", "ErrorPath": "$.error"}"#, "Fail");
        let inner = r#""ItemProcessor": {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#;
        check(&format!(r#"{{"Type": "Map", "MaxConcurrency": 5, {inner}, "End": true}}"#), "Map, 5 at once");
        check(&format!(r#"{{"Type": "Map", "MaxConcurrency": 0, {inner}, "End": true}}"#), "Map");
    }
}
