//! What a Choice Rule tests, as a person writes it: `$.total > 100`.
//! Separate because it is the language's 39 comparators put into signs.

use sfn_asl::{ChoiceRule, Comparator, Comparison, DataTest, RuleTest, Value};

/// The words for a Choice Rule.
pub(crate) fn of(rule: &ChoiceRule) -> String {
    match &rule.test {
        RuleTest::Condition(condition) => match condition.as_str() {
            Some(text) => {
                let inner = text.trim().strip_prefix("{%").and_then(|text| text.strip_suffix("%}"));
                inner.unwrap_or(text).split_whitespace().collect::<Vec<_>>().join(" ")
            }
            None => condition.to_string(),
        },
        RuleTest::Data(test) => data(test, Binding::Loose),
    }
}

/// Whether what surrounds a test binds tighter than `and` and `or`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Binding {
    Loose,
    Tight,
}

fn data(test: &DataTest, binding: Binding) -> String {
    let joined = |tests: &[sfn_asl::NestedTest], word: &str| {
        let parts: Vec<_> = tests.iter().map(|nested| data(&nested.test, Binding::Tight)).collect();
        let all = parts.join(word);
        if binding == Binding::Tight && parts.len() > 1 { format!("({all})") } else { all }
    };
    match test {
        DataTest::And(tests) => joined(tests, " and "),
        DataTest::Or(tests) => joined(tests, " or "),
        DataTest::Not(test) => match &test.test {
            DataTest::Comparison(one) => format!("not {}", comparison(one)),
            several => format!("not {}", data(several, Binding::Tight)),
        },
        DataTest::Comparison(one) => comparison(one),
    }
}

fn comparison(Comparison { variable, comparator, operand }: &Comparison) -> String {
    if let Some(property) = property(*comparator) {
        let is = if operand.as_bool() == Some(false) { "is not" } else { "is" };
        return format!("{variable} {is} {property}");
    }
    let name = comparator.as_str().trim_end_matches("Path");
    let signs =
        [("GreaterThanEquals", ">="), ("LessThanEquals", "<="), ("GreaterThan", ">"), ("LessThan", "<")];
    let others = [("Matches", "matches"), ("Equals", "=")];
    let sign = signs.iter().chain(&others).find(|(ending, _)| name.ends_with(ending));
    let sign = sign.map_or(name, |(_, sign)| sign);
    let is_path = comparator.as_str().ends_with("Path");
    match operand {
        Value::String(path) if is_path => format!("{variable} {sign} {path}"),
        _ => format!("{variable} {sign} {operand}"),
    }
}

/// What an `Is...` comparator asks for.
fn property(comparator: Comparator) -> Option<&'static str> {
    Some(match comparator {
        Comparator::IsNull => "null",
        Comparator::IsPresent => "present",
        Comparator::IsNumeric => "a number",
        Comparator::IsString => "a string",
        Comparator::IsBoolean => "a boolean",
        Comparator::IsTimestamp => "a timestamp",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rule: &str, expected: &str) {
        let rule = rule.strip_prefix('{').unwrap();
        let text = format!(
            r#"{{"StartAt": "S", "States": {{"S": {{"Type": "Choice", "Choices": [{{"Next": "S", {rule}]}}}}}}"#
        );
        let machine: sfn_asl::StateMachine = text.parse().unwrap();
        let sfn_asl::State::Choice(choice) = &machine.states["S"] else { panic!("a Choice State") };
        assert_eq!(of(&choice.choices[0]), expected);
    }

    #[test]
    fn a_rule_reads_as_a_sentence() {
        check(r#"{"Condition": "{% $order.total > 5\n and $ok %}"}"#, "$order.total > 5 and $ok");
        check(r#"{"Condition": true}"#, "true");
        check(r#"{"Variable": "$.a", "NumericGreaterThanEquals": 5}"#, "$.a >= 5");
        check(r#"{"Variable": "$.a", "StringEquals": "x"}"#, r#"$.a = "x""#);
        check(r#"{"Variable": "$.a", "TimestampLessThanPath": "$.b"}"#, "$.a < $.b");
        check(r#"{"Variable": "$.a", "StringMatches": "x*"}"#, r#"$.a matches "x*""#);
        check(r#"{"Variable": "$.a", "IsPresent": false}"#, "$.a is not present");
        check(
            r#"{"And": [{"Variable": "$.a", "IsNumeric": true}, {"Or": [
                {"Variable": "$.a", "NumericLessThan": 1}, {"Not": {"Variable": "$.b", "IsNull": true}}]}]}"#,
            "$.a is a number and ($.a < 1 or not $.b is null)",
        );
    }
}
