//! Values that are too large to travel: between tasks on the engine, and in S3 through AWS's own client.
//! Separate from the units because only the real client and a whole workflow show that nothing large travels.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use aws_credential_types::Credentials;
use serde_json::{Value, json};
use sfn::client::S3Values;
use sfn::client::s3::config::retry::RetryConfig;
use sfn::client::s3::config::timeout::TimeoutConfig;
use sfn::client::s3::config::{BehaviorVersion, Config, Region, RequestChecksumCalculation};
use sfn::local::Local;
use sfn::prelude::*;
use sfn::{Surroundings, load, save};
use sfn_tests::s3::{Fault, S3};
use sfn_tests::served::artifact;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
struct Report {
    lines: Vec<String>,
}

/// What a workflow reads of a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
struct Totals {
    line_count: u32,
}

impl Summary<Report> for Totals {
    fn of(report: &Report) -> Self {
        Self { line_count: u32::try_from(report.lines.len()).unwrap_or(u32::MAX) }
    }
}

/// So many lines of a KiB.
#[task(timeout = "30s")]
async fn render(lines: u32) -> Result<Stored<Report, Totals>, Infallible> {
    let line = |number: u32| format!("{number:01024}");
    Ok(Stored::new(Report { lines: (0..lines).map(line).collect() }))
}

/// How many bytes the lines have.
#[task(timeout = "30s")]
async fn weigh(report: Stored<Report, Totals>, title: String) -> Result<u32, Infallible> {
    drop(title);
    Ok(report.lines.iter().map(|line| u32::try_from(line.len()).unwrap_or(u32::MAX)).sum())
}

/// Renders and weighs what is not empty.
#[workflow]
async fn publish(sizes: Vec<u32>) -> Result<Vec<u32>, Failed> {
    let weights = map(&sizes, async |lines| {
        let report = render(lines).await?;
        if report.summary().line_count == 0 {
            return Ok(0);
        }
        let weight = weigh(&report, format!("{} lines", report.summary().line_count)).await?;
        Ok(weight)
    })
    .await?;
    Ok(weights)
}

/// A megabyte, a few bytes, nothing.
const SIZES: [u32; 3] = [1024, 2, 0];

fn weights() -> Value {
    json!([1024 * 1024, 2048, 0])
}

#[tokio::test]
async fn a_megabyte_travels_between_tasks_in_a_map() {
    let native = publish(SIZES.to_vec()).await.expect("natively all of it is at hand");
    assert_eq!(json!(native), weights());
    let finished = Local::new(publish::definition()).run(json!(SIZES)).await.expect("it runs");
    assert_eq!(finished.result, Ok(weights()), "what is too large is kept in the engine's objects");
    let whole: usize = finished.history.iter().map(|event| format!("{event:?}").len()).sum();
    assert!(whole < 64 * 1024, "{whole} characters of history hold something large");
}

#[tokio::test]
async fn a_megabyte_that_travels_itself_is_what_the_service_refuses() {
    let s3 = S3::default();
    let store = values(&s3).threshold(usize::MAX);
    let finished = on_engine(store).await;
    assert_eq!(finished.expect_err("a result of a megabyte").error(), "States.DataLimitExceeded");
    assert!(s3.requests().is_empty());
}

#[tokio::test]
async fn handlers_keep_values_in_s3() {
    let s3 = S3::default();
    assert_eq!(on_engine(values(&s3)).await, Ok(weights()));
    let mut requests = s3.requests();
    requests.sort();
    let [get, put] = requests.as_slice() else { panic!("one value is large: {requests:?}") };
    assert!(put.starts_with("PUT /reports/stored/") && put.ends_with(".json?x-id=PutObject"), "{put}");
    assert!(get.starts_with("GET /reports/stored/"), "{get}");
}

/// The workflow on the engine, its handlers with that store.
async fn on_engine(store: S3Values) -> Result<Value, Failed> {
    let run = Local::new(publish::definition()).run(json!(SIZES));
    let surroundings = Surroundings::current().with_value_store(Arc::new(store));
    surroundings.around(run).await.expect("it runs").result
}

/// The real client, which is not patient.
fn values(s3: &S3) -> S3Values {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .retry_config(RetryConfig::standard().with_initial_backoff(Duration::from_millis(1)))
        .timeout_config(TimeoutConfig::builder().read_timeout(Duration::from_millis(200)).build())
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .endpoint_url(format!("http://{}", s3.listen()))
        .force_path_style(true);
    S3Values::new(sfn::client::s3::Client::from_conf(config.build()), "reports")
}

fn large() -> Value {
    json!({ "all": [Stored::<String>::new("x".repeat(20_000)), Stored::<String>::new("y".to_owned())] })
}

#[tokio::test]
async fn trouble_that_passes_is_not_noticed() {
    let s3 = S3::default();
    let store = values(&s3);
    s3.fail(&[Fault::Silent, Fault::Throttled]);
    let travelling = save(&store, large()).await.expect("the third attempt succeeds");
    assert_eq!(s3.requests().len(), 3);
    assert!(travelling.to_string().len() < 1_000, "{travelling}");
    s3.fail(&[Fault::Throttled, Fault::Silent]);
    assert_eq!(load(&store, travelling).await, Ok(large()));
}

#[tokio::test]
async fn trouble_that_stays_has_a_name() {
    let s3 = S3::default();
    let store = values(&s3);
    let travelling = save(&store, large()).await.expect("S3 is well");
    let check = async |prepare: &dyn Fn(&S3), error: &str, message: &str| {
        prepare(&s3);
        let failed = load(&store, travelling.clone()).await.expect_err("it is not there");
        assert_eq!(failed.error(), error, "{failed}");
        assert!(failed.cause().contains(message), "{failed}");
    };
    let unreachable = "Payload.Unreachable";
    check(&|s3| s3.fail(&[Fault::Throttled; 9]), unreachable, "SlowDown").await;
    check(&|s3| s3.fail(&[Fault::Silent; 3]), unreachable, "timeout").await;
    check(&|s3| s3.fail(&[Fault::Denied]), "Payload.Missing", "this role may not read it").await;
    let shorten = |s3: &S3| s3.change(|objects| objects.values_mut().for_each(|object| object.truncate(9)));
    check(&shorten, "Payload.Corrupt", "found 9 bytes").await;
    check(&|s3| s3.change(BTreeMap::clear), "Payload.Missing", "objects expire").await;

    s3.fail(&[Fault::Throttled; 9]);
    let failed = save(&store, large()).await.expect_err("S3 is busy");
    assert_eq!(failed.error(), "Payload.NotStored");
}

#[test]
fn the_definition_and_the_manifest_know_of_it() {
    let artifact = artifact(&publish::definition());
    let task = |name: &str| artifact.entry.tasks.iter().find(|task| task.name == name).expect("a task");
    let keeps = |name: &str| (task(name).takes_stored(), task(name).gives_stored());
    assert_eq!((keeps("render"), keeps("weigh")), ((false, true), (true, false)));
    let definition: Value = serde_json::from_str(&artifact.definition).expect("JSON");
    let states = definition.pointer("/States").and_then(Value::as_object).expect("States");
    let inner =
        states.values().find_map(|state| state.pointer("/ItemProcessor/States")).expect("a Map State");
    let retried =
        |name: &str| inner[name]["Retry"][0]["ErrorEquals"].to_string().contains("Payload.Unreachable");
    assert!(retried("Weigh") && !retried("Render"), "what fails before a handler begins can be tried again");
    assert!(artifact.definition.contains("summary.lineCount"), "{}", artifact.definition);
}

#[test]
fn what_is_small_travels_beside_its_summary() {
    let small = json!(Stored::<Report, Totals>::new(Report { lines: Vec::new() }));
    assert_eq!(small, json!({ "summary": { "lineCount": 0 }, "sfn:value": { "lines": [] } }));
}
