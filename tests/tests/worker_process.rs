//! A worker as it is deployed, a process that finds everything in its environment: the service, its activities, the table of
//! idempotent tasks and the bucket of stored values, all of them on loopback.
//! Separate from `worker`, and without a test harness, because this program is also the worker.

use std::convert::Infallible;
use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use sfn::client::{Client, StateMachine};
use sfn::prelude::*;
use sfn_engine::api::{Endpoint, Server};
use sfn_engine::services::Services;
use sfn_tests::s3::S3;
use sfn_tests::served::{Served, artifact};

/// Prints the pages of an order, once, and says on each who did it and for which time.
#[task(activity, timeout = "1m", heartbeat = "10s", idempotent = order)]
async fn print_pages(order: String, pages: u32) -> Result<Stored<Vec<String>>, Infallible> {
    static RUNS: AtomicU32 = AtomicU32::new(0);
    let run = RUNS.fetch_add(1, Ordering::Relaxed) + 1;
    let page = format!("{order}, run {run} of {}", std::process::id());
    Ok(Stored::new((0..pages).map(|number| format!("{page}, {number:01024}")).collect()))
}

/// Binds pages to a book, and says how many there are and what the first begins with.
#[task(activity, timeout = "1m", heartbeat = "10s")]
async fn bind_book(pages: Stored<Vec<String>>) -> Result<String, Infallible> {
    let first = pages.first().map_or("", |page| page.rsplit_once(", ").map_or("", |(told, _)| told));
    Ok(format!("{} pages: {first}", pages.len()))
}

/// Prints and binds, and asks twice for the pages.
#[workflow]
async fn publish(order: String) -> Result<String, Failed> {
    print_pages(&order, 100).await?;
    let pages = print_pages(&order, 100).await?;
    let book = bind_book(&pages).await?;
    Ok(book)
}

const BUCKET: &str = "values";
const TABLE: &str = "results";

fn main() -> ExitCode {
    if std::env::var_os("PRINT_PAGES_ACTIVITY_ARN").is_some() {
        return sfn::worker::serve(publish::tasks(), sfn::Setup::new());
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        what_one_worker_has_done_another_gives_again().await;
        a_worker_says_what_its_environment_lacks().await;
    });
    ExitCode::SUCCESS
}

/// The services, and what a worker is told of them.
struct Deployed {
    machine: StateMachine<publish>,
    s3: S3,
    environment: Vec<(&'static str, String)>,
    _server: Server,
}

async fn deploy() -> Deployed {
    let services = Services::new().table(TABLE, ["id"]);
    let endpoint = Endpoint::bind(0).await.expect("a free port").tables(&services);
    let served = Served::at(endpoint, services);
    let definition = publish::definition();
    let mut text = artifact(&definition).definition;
    let mut environment = vec![
        ("AWS_ENDPOINT_URL_SFN", served.server.url()),
        ("AWS_ENDPOINT_URL_DYNAMODB", served.server.url()),
        ("SFN_IDEMPOTENCY_TABLE", TABLE.to_owned()),
        ("SFN_STORED_BUCKET", BUCKET.to_owned()),
    ];
    for (task, placeholder, variable) in [
        ("print_pages", "${PrintPagesActivityArn}", "PRINT_PAGES_ACTIVITY_ARN"),
        ("bind_book", "${BindBookActivityArn}", "BIND_BOOK_ACTIVITY_ARN"),
    ] {
        let activity =
            served.sdk.create_activity().name(task).send().await.expect("it is valid").activity_arn;
        text = text.replace(placeholder, &activity);
        environment.push((variable, activity));
    }
    let arn = served.create(&definition, text).await;
    let s3 = S3::default();
    // Region, credentials and the place of S3 are in files, where only people and machines have them that are not Lambda's.
    let settings = format!(
        "[default]\nregion = us-east-1\nservices = here\n[services here]\ns3 =\n  endpoint_url = http://{}\n",
        s3.listen()
    );
    let credentials = "[default]\naws_access_key_id = key\naws_secret_access_key = secret\n";
    environment.push(("AWS_CONFIG_FILE", written("config", &settings)));
    environment.push(("AWS_SHARED_CREDENTIALS_FILE", written("credentials", credentials)));
    let machine = Client::local(&served.server.url()).state_machine(arn);
    Deployed { machine, s3, environment, _server: served.server }
}

/// The path of a file with that text.
fn written(name: &str, text: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("worker-{name}"));
    fs::write(&path, text).expect("a file of ours");
    path.to_string_lossy().into_owned()
}

impl Deployed {
    /// A worker that is not told of one of the variables.
    fn worker(&self, untold: &str) -> Command {
        let mut worker = Command::new(std::env::current_exe().expect("this program has a path"));
        let told = self.environment.iter().filter(|(name, _)| *name != untold);
        worker.env_clear().envs(told.map(|(name, value)| (name, value)));
        worker
    }

    /// What comes of an order while a worker is there, and which process that is.
    async fn publish(&self, execution: &str, order: &str) -> (String, u32) {
        let worker = AtWork(self.worker("").spawn().expect("this program can be started"));
        let book = self.machine.run(execution, &order.to_owned()).await.expect("it succeeds");
        (book, worker.0.id())
    }
}

/// A worker until it is dropped.
struct AtWork(Child);

impl Drop for AtWork {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn what_one_worker_has_done_another_gives_again() {
    let deployed = deploy().await;
    let (book, first) = deployed.publish("one", "o-1").await;
    assert_eq!(book, format!("100 pages: o-1, run 1 of {first}"));
    let (book, second) = deployed.publish("two", "o-1").await;
    assert_eq!(book, format!("100 pages: o-1, run 1 of {first}"), "{second} was given it");
    let (book, third) = deployed.publish("three", "o-2").await;
    assert_eq!(book, format!("100 pages: o-2, run 1 of {third}"));
    let requests = deployed.s3.requests();
    let puts: Vec<_> = requests.iter().filter(|request| request.starts_with("PUT ")).collect();
    assert_eq!(puts.len(), 2, "what is given again is there already: {requests:?}");
    assert!(puts.iter().all(|request| request.starts_with("PUT /values/stored/")), "{puts:?}");
}

async fn a_worker_says_what_its_environment_lacks() {
    let deployed = deploy().await;
    for (variable, said) in [
        (
            "SFN_IDEMPOTENCY_TABLE",
            "error: task `print_pages` is idempotent, and where its results are kept is not known",
        ),
        (
            "SFN_STORED_BUCKET",
            "error: task `print_pages` takes or gives a `Stored` value, and where those are kept is not known",
        ),
        ("BIND_BOOK_ACTIVITY_ARN", "error: the activity of task `bind_book` is not known"),
    ] {
        let output = deployed.worker(variable).stderr(Stdio::piped()).output().expect("it can be started");
        let told = String::from_utf8(output.stderr).expect("text");
        assert!(!output.status.success() && told.starts_with(said) && told.contains(variable), "{told}");
    }
}
