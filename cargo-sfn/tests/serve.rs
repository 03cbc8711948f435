//! `cargo sfn serve` with all it can be given at once, as a client sees it, before and after the process is killed.
//! Separate from the units because flags, files, processes and sockets only meet in the program.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value as Json, json};

const ROLE: &str = "arn:aws:iam::123456789012:role/test";

/// A folder of its own, gone with the test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("sfn-serve-{}", std::process::id()));
        // One that an earlier test left behind.
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(path.join("buckets/shop")).expect("a folder");
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn start(folder: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_cargo-sfn"))
            .args(["serve", "--port", "0", "--data", "data", "--s3", "buckets", "--mock", "mocks.json"])
            .args(["--table", "orders=customer,id", "--lambda", "double=sed 's/2/4/'"])
            .current_dir(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        let stdout = process.stdout.take().expect("it is piped");
        BufReader::new(stdout).read_line(&mut line).expect("it says its address");
        let address = line.trim().trim_start_matches("http://").to_owned();
        assert!(!address.is_empty(), "the server did not come up");
        Self { process, address }
    }

    fn call(&self, operation: &str, input: &Json) -> Json {
        let mut stream = TcpStream::connect(&self.address).expect("the server listens");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a socket");
        let body = input.to_string();
        let head = format!(
            "POST / HTTP/1.1\r\nHost: {}\r\nX-Amz-Target: AWSStepFunctions.{operation}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            self.address,
            body.len(),
        );
        stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        let (_, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        serde_json::from_str(body).expect("JSON")
    }

    /// What an execution comes to.
    fn outcome(&self, execution: &Json) -> Json {
        for _ in 0..600 {
            let described = self.call("DescribeExecution", &json!({ "executionArn": execution }));
            if described["status"] != "RUNNING" {
                assert_eq!(described["status"], "SUCCEEDED", "{described}");
                return serde_json::from_str(described["output"].as_str().expect("an output")).expect("JSON");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("{execution} does not end");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // As `kill -9` does: nothing is to depend on a farewell.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Puts an item, gets it, calls a function, reads a bucket in a distributed Map, and writes there.
fn definition() -> String {
    let task = |resource: &str, arguments: Json, output: &str, next: &str| {
        json!({ "Type": "Task", "Resource": format!("arn:aws:states:::{resource}"), "Arguments": arguments,
            "Output": output, "Next": next })
    };
    let key = json!({ "customer": { "S": "c" }, "id": { "S": "1" } });
    json!({ "QueryLanguage": "JSONata", "StartAt": "Put", "States": {
        "Put": task("dynamodb:putItem", json!({ "TableName": "orders", "Item": key }), "{% {} %}", "Get"),
        "Get": task("dynamodb:getItem", json!({ "TableName": "orders", "Key": key }),
            "{% { 'id': $states.result.Item.id.S } %}", "Double"),
        "Double": task("lambda:invoke", json!({ "FunctionName": "double", "Payload": { "n": 2 } }),
            "{% $merge([$states.input, $states.result.Payload]) %}", "Each"),
        "Each": { "Type": "Map", "Label": "each", "Next": "Keep",
            "ItemReader": { "Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": { "InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW" },
                "Arguments": { "Bucket": "shop", "Key": "items.csv" } },
            "ItemProcessor": { "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" }, "StartAt": "A",
                "States": { "A": { "Type": "Pass", "Output": "{% $states.input.name %}", "End": true } } },
            "Output": "{% $merge([$states.input, { 'names': $states.result }]) %}" },
        "Keep": task("aws-sdk:s3:putObject", json!({ "Bucket": "shop", "Key": "done.txt", "Body": "done" }),
            "{% $states.input %}", "Mocked"),
        "Mocked": { "Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun.sync", "Arguments": { "JobName": "j" },
            "Output": "{% $merge([$states.input, { 'job': $states.result.State }]) %}", "Next": "Wait" },
        "Wait": { "Type": "Wait", "Seconds": 3, "End": true },
    } })
    .to_string()
}

#[test]
fn every_flag_does_its_part_and_a_killed_server_goes_on() {
    let folder = Folder::new();
    fs::write(folder.0.join("buckets/shop/items.csv"), "name\nink\npen\n").expect("a file");
    let mocks = json!({
        "StateMachines": { "Shop": { "TestCases": { "Happy": { "Mocked": "Ran" } } } },
        "MockedResponses": { "Ran": { "0": { "Return": { "State": "DONE" } } } },
    });
    fs::write(folder.0.join("mocks.json"), mocks.to_string()).expect("a file");
    let expected = json!({ "id": "1", "n": 4, "names": ["ink", "pen"], "job": "DONE" });

    let server = Server::start(&folder.0);
    let machine = server
        .call("CreateStateMachine", &json!({ "name": "Shop", "definition": definition(), "roleArn": ROLE }))
        ["stateMachineArn"]
        .as_str()
        .expect("it is created")
        .to_owned();
    let start = json!({ "stateMachineArn": format!("{machine}#Happy"), "name": "one" });
    let one = server.call("StartExecution", &start)["executionArn"].clone();
    assert_eq!(server.outcome(&one), expected);
    assert_eq!(fs::read_to_string(folder.0.join("buckets/shop/done.txt")).expect("it is written"), "done");
    let start = json!({ "stateMachineArn": format!("{machine}#Happy"), "name": "two" });
    let two = server.call("StartExecution", &start)["executionArn"].clone();
    drop(server);

    let server = Server::start(&folder.0);
    assert_eq!(server.outcome(&one), expected);
    assert_eq!(server.outcome(&two), expected);
}
