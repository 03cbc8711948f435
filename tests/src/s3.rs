//! Enough of S3 to put objects and get them back, with the faults that S3 has.
//! Separate from the tests because AWS's own client talks to it as it talks to S3, in their process or in another.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What goes wrong with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// `503 SlowDown`.
    Throttled,
    /// No answer at all.
    Silent,
    /// `403 AccessDenied`.
    Denied,
}

/// A stand-in for S3 on loopback.
#[derive(Debug, Clone, Default)]
pub struct S3(Arc<Mutex<Inside>>);

#[derive(Debug, Default)]
struct Inside {
    objects: BTreeMap<String, Vec<u8>>,
    /// What goes wrong with the next requests, the last of them first.
    faults: Vec<Fault>,
    requests: Vec<String>,
}

impl S3 {
    /// Serves until the process ends.
    ///
    /// # Panics
    ///
    /// When loopback has no free port.
    pub fn listen(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let s3 = self.clone();
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let s3 = s3.clone();
                std::thread::spawn(move || s3.converse(connection.expect("somebody")));
            }
        });
        address
    }

    /// Lets the next requests go wrong.
    ///
    /// # Panics
    ///
    /// When a request has panicked.
    pub fn fail(&self, faults: &[Fault]) {
        self.0.lock().expect("no panic").faults = faults.to_vec();
    }

    /// Changes what is kept.
    ///
    /// # Panics
    ///
    /// When a request has panicked.
    pub fn change(&self, change: impl FnOnce(&mut BTreeMap<String, Vec<u8>>)) {
        change(&mut self.0.lock().expect("no panic").objects);
    }

    /// What was asked so far: `PUT /bucket/key`.
    ///
    /// # Panics
    ///
    /// When a request has panicked.
    pub fn requests(&self) -> Vec<String> {
        self.0.lock().expect("no panic").requests.clone()
    }

    fn converse(&self, mut connection: TcpStream) {
        let mut reader = BufReader::new(connection.try_clone().expect("a socket"));
        while let Some((line, body)) = read(&mut reader) {
            let fault = {
                let mut inside = self.0.lock().expect("no panic");
                inside.requests.push(line.clone());
                inside.faults.pop()
            };
            let (status, body) = match fault {
                Some(Fault::Silent) => {
                    std::thread::sleep(Duration::from_secs(2));
                    return;
                }
                Some(Fault::Throttled) => (503, error("SlowDown")),
                Some(Fault::Denied) => (403, error("AccessDenied")),
                None => self.answer(&line, body),
            };
            let head = format!("HTTP/1.1 {status} Answer\r\ncontent-length: {}\r\n\r\n", body.len());
            if connection.write_all(head.as_bytes()).and_then(|()| connection.write_all(&body)).is_err() {
                return;
            }
        }
    }

    fn answer(&self, line: &str, body: Vec<u8>) -> (u16, Vec<u8>) {
        let (method, path) = line.split_once(' ').expect("a request");
        let path = path.split('?').next().unwrap_or_default().to_owned();
        let objects = &mut self.0.lock().expect("no panic").objects;
        match method {
            "PUT" => {
                objects.insert(path, body);
                (200, Vec::new())
            }
            _ => objects.get(&path).map_or_else(|| (404, error("NoSuchKey")), |object| (200, object.clone())),
        }
    }
}

fn error(code: &str) -> Vec<u8> {
    format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>{code}</Message></Error>").into_bytes()
}

/// A request's line without its protocol, and its body.
fn read(reader: &mut BufReader<TcpStream>) -> Option<(String, Vec<u8>)> {
    let mut lines = reader.by_ref().lines().map_while(Result::ok).take_while(|line| !line.is_empty());
    let line = lines.next()?.trim_end_matches(" HTTP/1.1").to_owned();
    let length = lines.filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    let length: u64 = length.last().unwrap_or(0);
    let mut body = Vec::new();
    reader.take(length).read_to_end(&mut body).ok()?;
    Some((line, body))
}
