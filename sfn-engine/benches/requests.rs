//! How many requests the API answers: an execution started and described, over one connection that is kept.
//! Separate from the engine's benchmarks because here a request is the unit, with HTTP, the model and JSON around it.
//!
//! `cargo bench -p sfn-engine --bench requests` prints requests per second.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use serde_json::{Value, json};
use sfn_engine::api::Endpoint;
use sfn_engine::driver::{Engine, TaskRequest};

/// A connection that is kept.
struct Client {
    stream: BufReader<TcpStream>,
}

impl Client {
    fn connect(url: &str) -> Self {
        let stream = TcpStream::connect(url.trim_start_matches("http://")).expect("the server listens");
        stream.set_nodelay(true).expect("a socket");
        Self { stream: BufReader::new(stream) }
    }

    fn call(&mut self, operation: &str, input: &Value) -> Value {
        let body = input.to_string();
        let request = format!(
            "POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: AWSStepFunctions.{operation}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes()).expect("the server reads");
        let mut length = 0;
        let mut line = String::new();
        loop {
            line.clear();
            self.stream.read_line(&mut line).expect("the server answers");
            let Some((name, value)) = line.split_once(':') else {
                if line == "\r\n" {
                    break;
                }
                continue;
            };
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse().expect("a length");
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).expect("the server answers");
        serde_json::from_slice(&body).expect("a JSON body")
    }
}

fn start_and_describe(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let server = runtime.block_on(async {
        let engine = Engine::builder(async |request: TaskRequest| Ok(request.arguments)).spawn();
        Endpoint::bind(0).await.expect("a free port").serve(engine)
    });
    let mut client = Client::connect(&server.url());
    let definition = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}"#;
    let role = "arn:aws:iam::123456789012:role/bench";
    let create = json!({ "name": "Bench", "definition": definition, "roleArn": role });
    let machine = client.call("CreateStateMachine", &create)["stateMachineArn"].clone();
    let start = json!({ "stateMachineArn": machine, "input": "{\"order\": {\"id\": 7, \"total\": 12.5}}" });

    let mut group = criterion.benchmark_group("requests");
    group.throughput(Throughput::Elements(2));
    group.bench_function("start_and_describe", |bencher| {
        bencher.iter(|| {
            let started = client.call("StartExecution", &start);
            let described =
                client.call("DescribeExecution", &json!({ "executionArn": started["executionArn"] }));
            assert!(described["status"].is_string(), "{described}");
        });
    });
    group.finish();
}

criterion_group!(benches, start_and_describe);
criterion_main!(benches);
