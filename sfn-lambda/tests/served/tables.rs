//! The engine's DynamoDB on loopback, and what may go wrong on the way to it. Apart from the tests of stores and of tasks, both of
//! which need it.

use crate::http::{self, Request, Response};
use serde_json::{Value, json};
use sfn_engine::api::Endpoint;
use sfn_engine::driver::Engine;
use sfn_engine::services::Services;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc;

/// What becomes of a call on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// It arrives, and its answer too.
    Clear,
    /// The table refuses it, for there are too many.
    Throttled,
    /// It arrives, and its answer does not.
    AnswerLost,
    /// Nobody ever answers.
    Silent,
}

/// The name of the table.
pub(crate) const TABLE: &str = "results";

/// A table that is empty, behind an address. What becomes of a call is asked with its operation.
pub(crate) fn table(way: impl Fn(&str) -> Way + Send + Sync + 'static) -> SocketAddr {
    let engine = engine();
    http::listen(move |request| {
        let operation = request.header("x-amz-target").rsplit('.').next().unwrap_or_default().to_owned();
        match way(&operation) {
            Way::Clear => forward(engine, &request),
            Way::Throttled => {
                let body = json!({ "__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException", "message": "slow down" });
                (400, JSON.map(|(name, value)| (name, value.to_owned())).into(), body.to_string())
            }
            Way::AnswerLost => {
                forward(engine, &request);
                (500, Vec::new(), String::new())
            }
            Way::Silent => {
                std::thread::sleep(crate::PATIENCE);
                (500, Vec::new(), String::new())
            }
        }
    })
}

const JSON: [(&str, &str); 1] = [("content-type", "application/x-amz-json-1.0")];

fn engine() -> SocketAddr {
    let (started, address) = mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let services = Services::new().table(TABLE, ["id"]);
            let endpoint = Endpoint::bind(0).await.unwrap().tables(&services);
            let server = endpoint.serve(Engine::builder(services).spawn());
            started.send(server.url()).unwrap();
            std::future::pending::<()>().await;
        });
    });
    address.recv().unwrap().trim_start_matches("http://").parse().unwrap()
}

fn forward(to: SocketAddr, request: &Request) -> Response {
    let mut connection = TcpStream::connect(to).unwrap();
    let (target, body) = (request.header("x-amz-target"), &request.body);
    let length = body.len();
    write!(
        connection,
        "POST / HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\nx-amz-target: {target}\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = BufReader::new(connection);
    let head: Vec<_> =
        answer.by_ref().lines().map(Result::unwrap).take_while(|line| !line.is_empty()).collect();
    let status = head[0].split(' ').nth(1).unwrap().parse().unwrap();
    let length =
        head.iter().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut body = String::new();
    answer.take(length.unwrap()).read_to_string(&mut body).unwrap();
    (status, JSON.map(|(name, value)| (name, value.to_owned())).into(), body)
}

/// The item of a key, as the table has it.
pub(crate) fn item(at: SocketAddr, key: &str) -> Value {
    let body = json!({ "TableName": TABLE, "Key": { "id": { "S": key } } }).to_string();
    let headers = vec![("x-amz-target".to_owned(), "DynamoDB_20120810.GetItem".to_owned())];
    let request = Request { line: "POST /".to_owned(), headers, body };
    let (status, _, answer) = forward(at, &request);
    assert_eq!(status, 200, "{answer}");
    serde_json::from_str::<Value>(&answer).unwrap()["Item"].take()
}
