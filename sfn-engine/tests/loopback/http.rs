//! The least of an HTTP client that these tests can do with.
//! Separate because a client crate would be a dependency for a dozen requests.

use std::io::{Read, Write};
use std::net::TcpStream;

pub(crate) struct Response {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Sends one request and reads its answer to the end.
pub(crate) fn send(
    address: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Response {
    let mut stream = TcpStream::connect(address).expect("the server listens");
    let host = if headers.iter().any(|(name, _)| *name == "Host") {
        String::new()
    } else {
        format!("Host: {address}\r\n")
    };
    let lines: Vec<_> = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let lines = lines.concat();
    let head = format!(
        "{method} {path} HTTP/1.1\r\n{host}{lines}Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)).expect("the server reads");
    read_response(&mut stream).expect("the server answers")
}

/// Reads an answer up to its end; none if there is no whole one.
pub(crate) fn read_response(stream: &mut TcpStream) -> Option<Response> {
    let mut bytes = Vec::new();
    // A server that does not read on breaks the connection when it has answered.
    let _ = stream.read_to_end(&mut bytes);
    let split = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..split]).into_owned();
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Response { status, head, body: bytes[split + 4..].to_vec() })
}

/// Calls an operation of the service.
pub(crate) fn call(address: &str, operation: &str, input: &serde_json::Value) -> Response {
    let target = format!("AWSStepFunctions.{operation}");
    let headers = [("X-Amz-Target", target.as_str()), ("Content-Type", "application/x-amz-json-1.0")];
    send(address, "POST", "/", &headers, input.to_string().as_bytes())
}
