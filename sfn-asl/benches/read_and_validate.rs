//! How long it takes to read a definition, and to read and judge it, at 10, 1,000 and 10,000 States.
//! Separate from the tests because only a person who watches the figures can say whether they are good.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use sfn_asl::{Options, StateMachine, lint};

/// A chain of States of all sorts, in both query languages.
fn definition(states: usize) -> String {
    let mut text =
        String::from("{\n  \"Comment\": \"generated\",\n  \"StartAt\": \"S0\",\n  \"States\": {\n");
    for index in 0..states {
        let next = index + 1;
        let state = match index % 5 {
            0 => format!(
                r#""Type": "Pass", "Parameters": {{"a.$": "$.x", "b.$": "States.Format('{{}}-{{}}', $.x, $.y)"}}, "ResultPath": "$.r", "Next": "S{next}""#
            ),
            1 => format!(
                r#""Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
      "Parameters": {{"FunctionName": "arn:aws:lambda:us-east-1:123456789012:function:f:1", "Payload.$": "$"}},
      "Retry": [{{"ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 2, "MaxAttempts": 3, "BackoffRate": 2.0}}],
      "Catch": [{{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "End"}}], "Next": "S{next}""#
            ),
            2 => format!(
                r#""Type": "Choice", "Choices": [{{"And": [{{"Variable": "$.x", "IsPresent": true}},
      {{"Variable": "$.x", "NumericGreaterThan": 5}}], "Next": "S{next}"}}], "Default": "S{next}""#
            ),
            3 => format!(r#""Type": "Wait", "Seconds": 1, "Next": "S{next}""#),
            _ => format!(
                r#""Type": "Pass", "QueryLanguage": "JSONata", "Assign": {{"n{index}": "{{% $states.input.x + {index} %}}"}},
      "Output": {{"x": "{{% $sum($states.input.lines.(price * quantity)) > 100 ? 1 : 2 %}}"}}, "Next": "S{next}""#
            ),
        };
        let _ = writeln!(text, "    \"S{index}\": {{{state}}},");
    }
    let _ = write!(
        text,
        "    \"S{states}\": {{\"Type\": \"Succeed\"}},\n    \"End\": {{\"Type\": \"Fail\", \"Error\": \"Failed\"}}\n  }}\n}}"
    );
    text
}

fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("definition");
    group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2)).sample_size(20);
    for states in [10, 1_000, 10_000] {
        let text = definition(states);
        let options = Options { max_definition_bytes: usize::MAX, ..Options::STANDARD };
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_with_input(BenchmarkId::new("read", states), &text, |bencher, text| {
            bencher.iter(|| black_box(text).parse::<StateMachine>().expect("the definition can be read"));
        });
        group.bench_with_input(BenchmarkId::new("read and validate", states), &text, |bencher, text| {
            bencher.iter(|| lint(black_box(text), &options));
        });
    }
    group.finish();
}

criterion_group!(read_and_validate, benches);
criterion_main!(read_and_validate);
