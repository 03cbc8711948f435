//! What a task costs beside a handler on `lambda_runtime` alone: size, start, each invocation. Separate from criterion's
//! benchmarks, because it measures processes: `cargo bench -p overhead` builds both as they are deployed, starts them by
//! turns and prints a table; `cargo bench -p overhead -- --instructions` counts instructions with valgrind instead, which
//! no other load of the machine disturbs. Sizes are the same everywhere, so too large a program is a failure; `-- --size`
//! looks at nothing else.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement ends where it fails, and prints what it finds"
)]

#[path = "../../tests/served/http.rs"]
mod http;

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// How often each program is started, and how many events it is given.
const ROUNDS: usize = 30;
const EVENTS: u32 = 2_000;

const PROGRAMS: [&str; 2] = ["bare", "served"];

/// How much larger a task's program may be, in percent: one that links what defines workflows is above it.
const MOST: u64 = 15;

fn main() {
    let programs = PROGRAMS.map(build);
    println!("{:<12}{:>14}{:>14}{:>10}", "", PROGRAMS[0], PROGRAMS[1], "more");
    let sizes = programs.each_ref().map(|program| std::fs::metadata(program).unwrap().len());
    row("size", "KiB", sizes.map(|size| size / 1024));
    assert!(sizes[1] * 100 <= sizes[0] * (100 + MOST), "the task's program is too large");
    let is_asked = |option: &str| std::env::args().any(|argument| argument == option);
    if is_asked("--size") {
        return;
    }
    if is_asked("--instructions") {
        let [none, some] =
            [0, EVENTS].map(|events| programs.each_ref().map(|program| instructions(program, events)));
        row("start", "", none);
        row("invocation", "", [0, 1].map(|at| (some[at] - none[at]) / u64::from(EVENTS)));
        return;
    }
    let mut starts = [Duration::MAX; 2];
    let mut invocations = [Duration::MAX; 2];
    for _ in 0..ROUNDS {
        for (at, program) in programs.iter().enumerate() {
            let (start, invocation) = times(program);
            // The least of many is what the machine can do when nothing else disturbs it.
            starts[at] = start.min(starts[at]);
            invocations[at] = invocation.min(invocations[at]);
        }
    }
    for (what, times) in [("start", starts), ("invocation", invocations)] {
        row(what, "µs", times.map(|time| u64::try_from(time.as_micros()).unwrap()));
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "sizes, times and counts are far below what a float holds exactly"
)]
fn row(what: &str, unit: &str, [bare, served]: [u64; 2]) {
    let more = (served as f64 / bare as f64 - 1.0) * 100.0;
    println!("{what:<12}{:>14}{:>14}{more:>+8.1} %", format!("{bare} {unit}"), format!("{served} {unit}"));
}

/// Builds a program as it is deployed.
fn build(name: &str) -> PathBuf {
    let output = Command::new(env!("CARGO"))
        .args(["build", "--profile", "lambda", "--message-format=json", "-p", "overhead", "--bin", name])
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    let messages = String::from_utf8(output.stdout).unwrap();
    let mut executables = messages.lines().filter_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        Some(PathBuf::from(message["executable"].as_str()?))
    });
    executables.next().expect("cargo says where the program is")
}

/// How long a program takes until it asks for an event, and the median of its invocations: from one request for an event
/// to the next.
fn times(program: &Path) -> (Duration, Duration) {
    let begun = Instant::now();
    let moments = serve(Command::new(program), EVENTS);
    let asked: Vec<_> = moments.into_iter().step_by(2).collect();
    let mut times: Vec<_> = asked.windows(2).map(|pair| pair[1] - pair[0]).collect();
    times.sort_unstable();
    (asked[0] - begun, times[times.len() / 2])
}

/// The instructions of a program, in all of its threads, from its start to the end of so many events.
fn instructions(program: &Path, events: u32) -> u64 {
    let folder = std::env::temp_dir().join(format!("overhead-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let counts = folder.join("callgrind.out");
    let mut valgrind = Command::new("valgrind");
    valgrind.arg("--tool=callgrind").arg(format!("--callgrind-out-file={}", counts.display())).arg(program);
    valgrind.stderr(Stdio::null());
    serve(valgrind, events);
    let text = std::fs::read_to_string(&counts).unwrap();
    std::fs::remove_dir_all(folder).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("totals: "));
    line.and_then(|total| total.trim().parse().ok()).expect("callgrind says how many instructions it saw")
}

/// Starts a program, hands it so many events, and says when each of its requests came: one for an event, one with its
/// answer, and so on, then one for an event that never comes.
fn serve(mut program: Command, events: u32) -> Vec<Instant> {
    let handed = AtomicU32::new(0);
    let (told, news) = mpsc::channel();
    let api = http::listen(move |request| {
        told.send(Instant::now()).unwrap();
        if request.line.starts_with("POST") {
            assert!(request.line.ends_with("/response"), "{}: {}", request.line, request.body);
            return (202, vec![], String::new());
        }
        if handed.fetch_add(1, Ordering::Relaxed) == events {
            std::thread::sleep(Duration::from_mins(1));
        }
        let headers = vec![
            ("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd".to_owned()),
            ("lambda-runtime-deadline-ms", "99999999999999".to_owned()),
            (
                "lambda-runtime-invoked-function-arn",
                "arn:aws:lambda:eu-west-1:123456789012:function:f".to_owned(),
            ),
            (
                "lambda-runtime-trace-id",
                "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1".to_owned(),
            ),
        ];
        (200, headers, EVENT.to_owned())
    });
    let mut process = program
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("AWS_LAMBDA_RUNTIME_API", api.to_string())
        .env("AWS_LAMBDA_FUNCTION_NAME", "function")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
        .env("_HANDLER", "charge_payment")
        .spawn()
        .unwrap();
    let moments = (0..=2 * events).map(|_| news.recv().unwrap()).collect();
    // Callgrind writes what it has counted when it is told to end; it passes nothing else on.
    let told_to_end = Command::new("kill").args(["-TERM", &process.id().to_string()]).status().unwrap();
    assert!(told_to_end.success());
    process.wait().unwrap();
    moments
}

const EVENT: &str = r#"{"id":"o-1","email":"ada@example.com","lines":[
    {"sku":"chair-oak","quantity":4,"priceCents":12900},{"sku":"table-oak","quantity":1,"priceCents":59900},
    {"sku":"lamp-brass","quantity":2,"priceCents":7900},{"sku":"rug-wool","quantity":1,"priceCents":24900},
    {"sku":"shelf-pine","quantity":3,"priceCents":4900},{"sku":"mirror-round","quantity":1,"priceCents":8900}]}"#;
