//! The server that is killed, and the client that outlives it.
//! Separate because one half of this file runs in the other process.

use std::ffi::OsStr;
use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value as Json;
use sfn_asl::Value;
use sfn_engine::api::Endpoint;
use sfn_engine::control::Control;
use sfn_engine::driver::Engine;
use sfn_engine::journal::Disk;

use crate::workload::Obedient;

/// Names the folder that this process is to serve.
pub(crate) const FOLDER: &str = "SFN_DURABLE_FOLDER";

/// The file in which tasks leave their Task Tokens, one a line, with the payload behind it.
const TOKENS: &str = "tokens";

/// Serves a folder until somebody kills it.
#[expect(clippy::print_stdout, reason = "the address is what the other process waits for")]
pub(crate) fn serve(folder: &OsStr) {
    let folder = PathBuf::from(folder);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let tokens = folder.join(TOKENS);
        let runner = Obedient(move |token: &str, payload: &Value| {
            let mut file = OpenOptions::new().create(true).append(true).open(&tokens).expect("a file");
            file.write_all(format!("{token} {payload}\n").as_bytes()).expect("it can be written");
        });
        let disk = Disk::open(folder.join("data")).expect("the folder opens");
        let control = Control::open(Engine::builder(runner), disk).expect("the store is good");
        let endpoint = Endpoint::bind(0).await.expect("a free port");
        let server = endpoint.serve(control);
        println!("{}", server.url());
        std::future::pending::<()>().await;
    });
}

/// A folder of its own, gone with the test.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("sfn-durable-{name}-{}", std::process::id()));
        // One that an earlier test left behind.
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The Task Tokens that tasks were given, with their payloads.
    pub(crate) fn tokens(&self) -> Vec<(String, String)> {
        let text = std::fs::read_to_string(self.0.join(TOKENS)).unwrap_or_default();
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        let pair =
            |line: &str| line.split_once(' ').map(|(token, payload)| (token.to_owned(), payload.to_owned()));
        whole.lines().filter_map(pair).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A server in a process of its own.
pub(crate) struct Server {
    process: Child,
    address: String,
}

impl Server {
    pub(crate) fn start(folder: &Folder) -> Self {
        let mut process = Command::new(std::env::current_exe().expect("this program"))
            .env(FOLDER, folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program starts again");
        let mut line = String::new();
        let stdout = process.stdout.take().expect("it is piped");
        BufReader::new(stdout).read_line(&mut line).expect("it says its address");
        let address = line.trim().trim_start_matches("http://").to_owned();
        assert!(!address.is_empty(), "the server did not come up again");
        Self { process, address }
    }

    pub(crate) fn client(&self) -> Client {
        Client { address: self.address.clone() }
    }

    /// Kills it as `kill -9` does.
    pub(crate) fn kill(mut self) {
        self.process.kill().expect("it can be killed");
        self.process.wait().expect("it is gone");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A test that failed leaves nobody behind.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[derive(Clone)]
pub(crate) struct Client {
    address: String,
}

/// What a call came to; none if the server went away before it answered.
pub(crate) type Answer = Option<Result<Json, String>>;

impl Client {
    /// Calls an operation; a refusal is the service's error code.
    pub(crate) fn call(&self, operation: &str, input: &Json) -> Answer {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
        let body = input.to_string();
        let request = format!(
            "POST / HTTP/1.1\r\nHost: {}\r\nX-Amz-Target: AWSStepFunctions.{operation}\r\n\
             Content-Type: application/x-amz-json-1.0\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.address,
            body.len(),
        );
        stream.write_all(request.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let body: Json = serde_json::from_str(body).ok()?;
        if head.split(' ').nth(1)? == "200" {
            return Some(Ok(body));
        }
        Some(Err(body["__type"].as_str().unwrap_or_default().to_owned()))
    }
}
