//! How long it takes to read a definition, and to read and judge it, at 10, 1,000 and 10,000 States.
//! Separate from the tests because only a person who watches the figures can say whether they are good.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group};
use sfn_asl::{Diagnostic, Options, StateMachine, lint, validate};

/// The allocator of `cargo sfn`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What a generated definition is like.
#[derive(Debug, Clone, Copy)]
enum Sort {
    /// JSONPath, with a JSONata State among every five; nothing is wrong with it.
    Mixed,
    /// JSONata throughout; nothing is wrong with it.
    Jsonata,
    /// As the first, but that every Task replaces the document and what comes behind it reads what is lost.
    Flawed,
}

/// A chain of States of all sorts.
fn definition(states: usize, sort: Sort) -> String {
    let (language, result_path) = match sort {
        Sort::Mixed => ("JSONPath", r#""ResultPath": "$.answer", "#),
        Sort::Jsonata => ("JSONata", ""),
        Sort::Flawed => ("JSONPath", ""),
    };
    let mut text = format!(
        "{{\n  \"Comment\": \"generated\",\n  \"QueryLanguage\": \"{language}\",\n  \"StartAt\": \"S0\",\n  \"States\": {{\n"
    );
    for index in 0..states {
        let next = index + 1;
        let state = match (index % 5, sort) {
            (0, Sort::Jsonata) => format!(
                r#""Type": "Pass", "Output": {{"x": "{{% $states.input.x %}}", "y": "{{% $states.input.x & '-{index}' %}}"}}, "Next": "S{next}""#
            ),
            (0, _) => format!(
                r#""Type": "Pass", "Parameters": {{"a.$": "$.x", "b.$": "States.Format('{{}}-{{}}', $.x, $.y)"}}, "ResultPath": "$.r", "Next": "S{next}""#
            ),
            (1, Sort::Jsonata) => format!(
                r#""Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
      "Arguments": {{"FunctionName": "arn:aws:lambda:us-east-1:123456789012:function:f:1", "Payload": "{{% $states.input %}}"}},
      "Output": {{"x": "{{% $states.result.Payload %}}"}},
      "Retry": [{{"ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 2, "MaxAttempts": 3, "BackoffRate": 2.0}}],
      "Catch": [{{"ErrorEquals": ["States.ALL"], "Next": "End"}}], "Next": "S{next}""#
            ),
            (1, _) => format!(
                r#""Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", {result_path}
      "Parameters": {{"FunctionName": "arn:aws:lambda:us-east-1:123456789012:function:f:1", "Payload.$": "$"}},
      "Retry": [{{"ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 2, "MaxAttempts": 3, "BackoffRate": 2.0}}],
      "Catch": [{{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "End"}}], "Next": "S{next}""#
            ),
            (2, Sort::Jsonata) => format!(
                r#""Type": "Choice", "Choices": [{{"Condition": "{{% $states.input.x > 5 %}}", "Next": "S{next}"}}], "Default": "S{next}""#
            ),
            (2, _) => format!(
                r#""Type": "Choice", "Choices": [{{"And": [{{"Variable": "$.x", "IsPresent": true}},
      {{"Variable": "$.x", "NumericGreaterThan": 5}}], "Next": "S{next}"}}], "Default": "S{next}""#
            ),
            (3, _) => format!(r#""Type": "Wait", "Seconds": 1, "Next": "S{next}""#),
            (_, Sort::Jsonata) => format!(
                r#""Type": "Pass", "Output": {{"x": "{{% $sum([1..3].($ * {index})) > 100 ? 1 : 2 %}}"}}, "Next": "S{next}""#
            ),
            _ => format!(
                r#""Type": "Pass", "QueryLanguage": "JSONata", "Assign": {{"n{index}": "{{% $states.input.x + {index} %}}"}},
      "Output": {{"x": "{{% $sum($states.input.lines.(price * quantity)) > 100 ? 1 : 2 %}}", "y": 1}}, "Next": "S{next}""#
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
    for (states, sort) in [10, 1_000, 10_000]
        .into_iter()
        .flat_map(|states| [Sort::Mixed, Sort::Jsonata, Sort::Flawed].map(|sort| (states, sort)))
    {
        let text = definition(states, sort);
        let options = Options { max_definition_bytes: usize::MAX, ..Options::STANDARD };
        let machine: StateMachine = text.parse().expect("the definition can be read");
        let found = lint(&text, &options);
        let reads_what_is_lost = |fault: &Diagnostic| fault.code.as_str() == "impossible-path";
        assert_eq!(found.iter().any(reads_what_is_lost), matches!(sort, Sort::Flawed), "{:?}", found.first());
        let id = |what: &str| BenchmarkId::new(format!("{what}, {sort:?}"), states);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_with_input(id("read"), &text, |bencher, text| {
            bencher.iter(|| black_box(text).parse::<StateMachine>().expect("the definition can be read"));
        });
        group.bench_with_input(id("validate"), &machine, |bencher, machine| {
            bencher.iter(|| validate(black_box(machine), &options));
        });
        group.bench_with_input(id("read and validate"), &text, |bencher, text| {
            bencher.iter(|| lint(black_box(text), &options));
        });
    }
    group.finish();
}

criterion_group!(read_and_validate, benches);

/// Runs the benchmarks; or, for a comparison with other tools in one run, prints a definition (`--generate STATES`) or
/// the median milliseconds that reading and judging files take (`--time FILE..`); or, for a profiler, reads and judges
/// each file once (`--once FILE..`).
#[expect(clippy::print_stdout, reason = "a script reads what is printed")]
fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    match words.split_first().map(|(first, rest)| (first.as_str(), rest)) {
        Some(("--generate", rest)) => {
            let states = rest.first().and_then(|states| states.parse().ok()).expect("a number of States");
            println!("{}", definition(states, Sort::Mixed));
        }
        Some(("--time", files)) => files.iter().for_each(|file| println!("{:.4}", median(&text_of(file)))),
        Some(("--once", files)) => files.iter().for_each(|file| {
            black_box(lint(&text_of(file), &Options::STANDARD));
        }),
        _ => {
            read_and_validate();
            Criterion::default().configure_from_args().final_summary();
        }
    }
}

fn text_of(file: &str) -> String {
    std::fs::read_to_string(file).expect("a file with a definition")
}

/// The median milliseconds of reading and judging a text.
fn median(text: &str) -> f64 {
    let mut times: Vec<f64> = (0..51)
        .map(|_| {
            let start = Instant::now();
            black_box(lint(black_box(text), &Options::STANDARD));
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
