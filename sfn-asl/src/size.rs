//! How much text values take as JSON, without writing them.
//! Separate because two rules about limits ask, and a definition is written only if it comes near one.

use crate::document::plain_length;
use crate::{
    Catcher, Choice, DataTest, Fields, Map, NestedTest, Nullable, Operand, Retrier, RuleTest, State,
    StateMachine, Value, WaitUntil,
};

/// No fewer bytes than a State Machine takes as JSON without blanks. What has a fixed size is rounded up generously:
/// a constant stands for the names of all fields that an object of its kind may have, and for its words and numbers.
pub(crate) fn at_most(machine: &StateMachine) -> usize {
    const MACHINE: usize = 200;
    let states = machine.states.iter().map(|(name, state)| text(name) + 2 + of_state(state));
    let own =
        text(&machine.start_at) + optional(machine.comment.as_deref()) + optional(machine.version.as_deref());
    MACHINE + own + fields(&machine.unknown) + states.sum::<usize>()
}

/// How many bytes a value takes as JSON without blanks, and no more than that: numbers count as one digit.
pub(crate) fn at_least(value: &Value) -> usize {
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

fn of_state(state: &State) -> usize {
    const STATE: usize = 300;
    let shared = state.shared();
    let own = match state {
        State::Task(task) => {
            300 + text(&task.resource)
                + value(task.credentials.as_ref())
                + value(task.parameters.as_ref())
                + value(task.arguments.as_ref())
                + operand(task.timeout_seconds.as_ref())
                + operand(task.heartbeat_seconds.as_ref())
                + value(task.result_selector.as_ref())
                + nullable(&task.result_path)
        }
        State::Map(map) => of_map(map),
        State::Parallel(parallel) => {
            let branches = parallel.branches.iter().map(|branch| at_most(branch) + 1);
            branches.sum::<usize>()
                + value(parallel.parameters.as_ref())
                + value(parallel.arguments.as_ref())
                + value(parallel.result_selector.as_ref())
                + nullable(&parallel.result_path)
        }
        State::Pass(pass) => {
            value(pass.parameters.as_ref()) + value(pass.result.as_ref()) + nullable(&pass.result_path)
        }
        State::Wait(wait) => match &wait.until {
            WaitUntil::Seconds(seconds) => operand(Some(seconds)),
            WaitUntil::Timestamp(Operand::Literal(time)) => text(time),
            WaitUntil::Timestamp(other) => operand(Some(other)),
        },
        State::Fail(fail) => [&fail.error, &fail.cause].into_iter().flatten().map(of_text).sum(),
        State::Choice(choice) => of_choice(choice),
        State::Succeed(_) => 0,
    };
    let next = state.transition().and_then(|transition| transition.target());
    STATE
        + own
        + optional(next)
        + optional(shared.comment.as_deref())
        + nullable(&shared.input_path)
        + nullable(&shared.output_path)
        + fields(&shared.assign)
        + value(shared.output.as_ref())
        + fields(&shared.unknown)
        + state.retry().iter().map(of_retrier).sum::<usize>()
        + state.catch().iter().map(of_catcher).sum::<usize>()
}

fn of_map(map: &Map) -> usize {
    const MAP: usize = 600;
    let reader = map.item_reader.as_ref().map_or(0, |reader| {
        let config = reader.reader_config.as_ref().map_or(0, |config| {
            let texts = [
                &config.input_type,
                &config.manifest_type,
                &config.transformation,
                &config.csv_header_location,
                &config.csv_delimiter,
                &config.items_pointer,
            ];
            texts.into_iter().map(|word| optional(word.as_deref())).sum::<usize>()
                + list(&config.csv_headers)
                + operand(config.max_items.as_ref())
                + fields(&config.unknown)
        });
        400 + config
            + text(&reader.resource)
            + value(reader.parameters.as_ref())
            + value(reader.arguments.as_ref())
            + fields(&reader.unknown)
    });
    let batcher = map.item_batcher.as_ref().map_or(0, |batcher| {
        value(batcher.batch_input.as_ref())
            + operand(batcher.max_items_per_batch.as_ref())
            + operand(batcher.max_input_bytes_per_batch.as_ref())
            + fields(&batcher.unknown)
    });
    let writer = map.result_writer.as_ref().map_or(0, |writer| {
        let config = writer.writer_config.as_ref().map_or(0, |config| {
            optional(config.transformation.as_deref())
                + optional(config.output_type.as_deref())
                + fields(&config.unknown)
        });
        200 + config
            + optional(writer.resource.as_deref())
            + value(writer.parameters.as_ref())
            + value(writer.arguments.as_ref())
            + fields(&writer.unknown)
    });
    let config = map.item_processor.config.as_ref().map_or(0, |config| fields(&config.unknown));
    MAP + reader
        + batcher
        + writer
        + config
        + at_most(&map.item_processor.machine)
        + value(map.items.as_ref())
        + nullable(&map.items_path)
        + value(map.item_selector.as_ref())
        + value(map.parameters.as_ref())
        + operand(map.max_concurrency.as_ref())
        + operand(map.tolerated_failure_count.as_ref())
        + operand(map.tolerated_failure_percentage.as_ref())
        + optional(map.label.as_deref())
        + value(map.result_selector.as_ref())
        + nullable(&map.result_path)
}

fn of_choice(choice: &Choice) -> usize {
    const RULE: usize = 100;
    let rules = choice.choices.iter().map(|rule| {
        let test = match &rule.test {
            RuleTest::Condition(condition) => value(Some(condition)),
            RuleTest::Data(test) => of_test(test),
        };
        RULE + test
            + optional(rule.comment.as_deref())
            + fields(&rule.assign)
            + value(rule.output.as_ref())
            + text(&rule.next)
            + fields(&rule.unknown)
    });
    rules.sum::<usize>() + optional(choice.default.as_deref())
}

fn of_test(test: &DataTest) -> usize {
    const TEST: usize = 60;
    let nested = |test: &NestedTest| {
        TEST + optional(test.comment.as_deref()) + of_test(&test.test) + fields(&test.unknown)
    };
    TEST + match test {
        DataTest::And(tests) | DataTest::Or(tests) => tests.iter().map(nested).sum(),
        DataTest::Not(test) => nested(test),
        DataTest::Comparison(comparison) => text(&comparison.variable) + value(Some(&comparison.operand)),
    }
}

fn of_retrier(retrier: &Retrier) -> usize {
    const RETRIER: usize = 250;
    RETRIER + optional(retrier.comment.as_deref()) + list(&retrier.error_equals) + fields(&retrier.unknown)
}

fn of_catcher(catcher: &Catcher) -> usize {
    const CATCHER: usize = 100;
    CATCHER
        + optional(catcher.comment.as_deref())
        + list(&catcher.error_equals)
        + nullable(&catcher.result_path)
        + fields(&catcher.assign)
        + value(catcher.output.as_ref())
        + text(&catcher.next)
        + fields(&catcher.unknown)
}

/// A number takes at most this many bytes.
const NUMBER: usize = 30;

fn text(text: &str) -> usize {
    let behind_plain = &text.as_bytes()[plain_length(text.as_bytes())..];
    let escaped = behind_plain.iter().filter(|byte| **byte < b' ' || matches!(byte, b'"' | b'\\')).count();
    text.len() + 5 * escaped + 2
}

fn optional(word: Option<&str>) -> usize {
    word.map_or(0, text)
}

fn nullable(path: &Nullable<String>) -> usize {
    path.value().map_or(4, |path| text(path))
}

fn list(words: &[String]) -> usize {
    words.iter().map(|word| text(word) + 1).sum()
}

fn operand<T>(operand: Option<&Operand<T>>) -> usize {
    match operand {
        None => 0,
        Some(Operand::Literal(_)) => NUMBER,
        Some(Operand::Expression(word) | Operand::Path(word)) => text(word),
    }
}

fn of_text(operand: &Operand<String>) -> usize {
    match operand {
        Operand::Literal(word) | Operand::Expression(word) | Operand::Path(word) => text(word),
    }
}

fn fields(fields: &Fields) -> usize {
    fields.iter().map(|(name, field)| text(name) + 2 + value(Some(field))).sum()
}

fn value(found: Option<&Value>) -> usize {
    match found {
        None => 0,
        Some(Value::Null | Value::Bool(_)) => 5,
        Some(Value::Number(_)) => NUMBER,
        Some(Value::String(word)) => text(word),
        Some(Value::Array(items)) => 2 + items.iter().map(|item| value(Some(item)) + 1).sum::<usize>(),
        Some(Value::Object(fields)) => {
            2 + fields.iter().map(|(name, field)| text(name) + 2 + value(Some(field))).sum::<usize>()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{at_least, at_most};
    use crate::{StateMachine, rules};

    #[test]
    fn the_bounds_hold_for_every_example() {
        for rule in rules() {
            let invalid = rule.invalid.iter().map(|example| example.definition);
            for definition in rule.valid.iter().copied().chain(invalid) {
                let Ok(machine) = definition.parse::<StateMachine>() else { continue };
                let value = machine.to_value();
                let size = value.to_string().len();
                assert!(at_least(&value) <= size && size <= at_most(&machine), "{definition}");
            }
        }
        for text in [
            include_str!("../tests/canonical/jsonata.json"),
            include_str!("../tests/canonical/jsonpath.json"),
        ] {
            let machine: StateMachine = text.parse().unwrap();
            let value = machine.to_value();
            let size = value.to_string().len();
            assert!(at_least(&value) <= size && size <= at_most(&machine), "{text}");
        }
    }
}
