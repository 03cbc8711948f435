//! Links that complete a task, end to end: a program of workflows under the Lambda Runtime API, the function behind links on
//! its URL, AWS's own SDK against the engine's API, everything on loopback.
//! Separate, and without a test harness, because this program is also the one that is deployed.

#![expect(clippy::print_stderr, reason = "what a function writes to stderr is its log, and here its mail")]

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::ExitCode;
use std::time::Duration;

use sfn::client::{Client, ClientError, StateMachine};
use sfn::prelude::*;
use sfn::{LinkError, LinkKey, link_names};
use sfn_engine::api::Server;
use sfn_engine::lambda::{FunctionSpec, FunctionUrl, ProcessPool, ServedUrl};
use sfn_engine::services::Services;
use sfn_tests::served::{Served, artifact};
use tokio::sync::mpsc;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
struct Approval {
    granted: bool,
}

#[derive(Debug, PartialEq, thiserror::Error, TaskError)]
enum AskError {
    #[error("{by} said no")]
    Denied { by: String },
    #[error("nobody was asked: {reason}")]
    NotAsked { reason: String },
}

impl From<LinkError> for AskError {
    fn from(error: LinkError) -> Self {
        Self::NotAsked { reason: error.to_string() }
    }
}

/// Asks a person; its log is the mail.
#[task(timeout = "1h")]
async fn ask(order: String, token: TaskToken<Approval>) -> Result<(), AskError> {
    let links = token.links(Duration::from_hours(1));
    let yes = links.succeed(&format!("Approve {order}?"), Approval { granted: true })?;
    let no = links.fail(&format!("Turn down {order}?"), AskError::Denied { by: "ada".to_owned() })?;
    let late = token.links(Duration::ZERO).succeed("Approve yesterday?", Approval { granted: true })?;
    for link in [yes, no, late] {
        eprintln!("{}", link.as_str());
    }
    Ok(())
}

#[workflow]
async fn approval(order: String) -> Result<bool, Failed> {
    let approval = ask(&order).await?;
    Ok(approval.granted)
}

const SECRET: &str = "0123456789abcdefghijklmnopqrstuv";

fn main() -> ExitCode {
    if std::env::var_os("_HANDLER").is_some() {
        return sfn::lambda::serve(approval::tasks(), sfn::Setup::new());
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        a_link_asks_first_and_answers_once().await;
        a_link_gives_its_own_answer_and_no_other().await;
        links_that_are_none_are_refused().await;
    });
    ExitCode::SUCCESS
}

/// Everything that is deployed.
struct Deployed {
    machine: StateMachine<approval>,
    mails: mpsc::UnboundedReceiver<String>,
    url: String,
    _served: (ServedUrl, Server),
}

async fn deploy() -> Deployed {
    let program = std::env::current_exe().expect("this program has a path");
    let (mailed, mails) = mpsc::unbounded_channel();
    let function_url = FunctionUrl::bind(0).await.expect("a free port");
    let url = function_url.url();
    let listener = sfn_engine::api::Endpoint::bind(0).await.expect("a free port");
    let mut pool = ProcessPool::builder().service_url(listener.url()).logs(move |line| {
        if line.text.starts_with("http") {
            drop(mailed.send(line.text));
        } else {
            eprintln!("{}: {}", line.function, line.text);
        }
    });
    for handler in ["ask", link_names::HANDLER] {
        let mut spec = FunctionSpec::new(&program, handler);
        spec.environment.insert(link_names::KEY.to_owned(), SECRET.to_owned());
        spec.environment.insert(link_names::URL.to_owned(), url.clone());
        pool = pool.function(handler, spec);
    }
    let pool = pool.build();
    let served_url = function_url.serve(pool.clone(), link_names::HANDLER);
    let definition = approval::definition();
    let artifact = artifact(&definition);
    let text = artifact.definition.replace("${AskFunctionArn}", "ask");
    let served = Served::at(listener, Services::new().functions(pool));
    let arn = served.create(&definition, text).await;
    let machine = Client::local(&served.server.url()).state_machine(arn);
    Deployed { machine, mails, url, _served: (served_url, served.server) }
}

impl Deployed {
    /// The links of the next mail: yes, no, and one that came too late.
    async fn mail(&mut self) -> [String; 3] {
        let mut links = Vec::new();
        for _ in 0..3 {
            let link = tokio::time::timeout(Duration::from_secs(20), self.mails.recv()).await;
            links.push(link.expect("a mail comes").expect("the function runs"));
        }
        links.try_into().expect("three links")
    }
}

/// A browser: the status and the body of what a link leads to.
async fn browse(method: &'static str, link: &str) -> (u16, String) {
    let rest = link.strip_prefix("http://").expect("a link").to_owned();
    let response = tokio::task::spawn_blocking(move || {
        let (host, path) = rest.split_once('/').expect("a path");
        let mut stream = TcpStream::connect(host).expect("somebody listens");
        write!(
            stream,
            "{method} /{path} HTTP/1.1\r\nhost: {host}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        )
        .expect("a request");
        let mut response = String::new();
        stream.read_to_string(&mut response).expect("a response");
        response
    });
    let response = response.await.expect("no panic");
    let (head, body) = response.split_once("\r\n\r\n").expect("a head and a body");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    (status, body.to_owned())
}

async fn expect(method: &'static str, link: &str, status: u16, shown: &str) {
    let (found, body) = browse(method, link).await;
    assert_eq!(found, status, "{method}: {body}");
    assert!(body.contains(shown), "{method}: {shown} is not in {body}");
}

async fn a_link_asks_first_and_answers_once() {
    let mut deployed = deploy().await;
    let execution = deployed.machine.start("one", &"<b>o-1</b>".to_owned()).await.expect("it starts");
    let [yes, no, _] = deployed.mail().await;
    // Whoever looks at links before people do changes nothing.
    for link in [&yes, &no, &yes] {
        expect("GET", link, 200, "&lt;b&gt;o-1&lt;/b&gt;?</h1><form method=\"post\">").await;
    }
    assert_eq!(execution.state().await.expect("it is there"), sfn::client::State::Running);
    expect("POST", &yes, 200, "Thank you").await;
    assert!(execution.output().await.expect("it succeeds"));
    for link in [&yes, &no] {
        expect("POST", link, 410, "answered already").await;
    }
}

async fn a_link_gives_its_own_answer_and_no_other() {
    let mut deployed = deploy().await;
    let execution = deployed.machine.start("two", &"o-2".to_owned()).await.expect("it starts");
    let [yes, no, late] = deployed.mail().await;
    expect("POST", &late, 410, "time of this link is over").await;
    // Neither half of the one makes the other another answer.
    let (yes_half, no_half) = (&yes[..yes.len() / 2], &no[no.len() / 2..]);
    expect("POST", &format!("{yes_half}{no_half}"), 404, "No such link").await;
    expect("POST", &format!("{no}?answer=yes"), 200, "Thank you").await;
    let Err(ClientError::Failed(failure)) = execution.output().await else { panic!("it was turned down") };
    assert_eq!(failure.declared::<AskError>(), Some(AskError::Denied { by: "ada".to_owned() }));
}

async fn links_that_are_none_are_refused() {
    let deployed = deploy().await;
    let token: TaskToken<Approval> = TaskToken::new("token");
    let unmade = token.links(Duration::from_hours(1)).succeed("?", Approval { granted: true });
    assert!(matches!(unmade, Err(LinkError::NotInstalled)), "{unmade:?}");
    let key = LinkKey::from_secret(&SECRET.replace('0', "1")).expect("a key");
    sfn::install_links(key, deployed.url.clone());
    let foreign =
        token.links(Duration::from_hours(1)).succeed("?", Approval { granted: true }).expect("a link");
    for link in
        [foreign.as_str(), &format!("{}/", deployed.url), &format!("{}/{}", deployed.url, "A".repeat(7_000))]
    {
        expect("GET", link, 404, "No such link").await;
        expect("POST", link, 404, "No such link").await;
    }
    expect("DELETE", foreign.as_str(), 405, "browser").await;
}
