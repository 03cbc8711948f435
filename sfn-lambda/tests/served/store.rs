//! What idempotent tasks have done, in DynamoDB: the real SDK, the engine's table, and faults between them. Apart from the tasks,
//! whose process is another one.

use crate::tables::{TABLE, Way, item, table};
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use sfn_client::DynamoDbStore;
use sfn_core::{Claim, Claimed, IdempotencyStore as _};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// A store that does not wait for long.
fn store(at: SocketAddr) -> DynamoDbStore {
    DynamoDbStore::new(client(at), TABLE)
}

fn client(at: SocketAddr) -> aws_sdk_dynamodb::Client {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-central-1"))
        .credentials_provider(Credentials::new("key", "secret", None, None, "test"))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .retry_config(RetryConfig::standard().with_initial_backoff(Duration::from_millis(1)))
        .timeout_config(
            TimeoutConfig::builder().operation_attempt_timeout(Duration::from_millis(300)).build(),
        )
        .endpoint_url(format!("http://{at}"));
    aws_sdk_dynamodb::Client::from_conf(config.build())
}

fn claim(holder: &str, holds: Duration) -> Claim {
    Claim {
        key: "charge#1".to_owned(),
        payload: "arguments".to_owned(),
        holder: holder.to_owned(),
        holds,
        remembered: Duration::from_hours(1),
    }
}

const LONG: Duration = Duration::from_mins(1);
const SHORT: Duration = Duration::from_millis(50);

fn elsewhere() -> Claimed {
    Claimed::Elsewhere { payload: "arguments".to_owned() }
}

fn done(output: Option<&str>) -> Claimed {
    Claimed::Done { payload: "arguments".to_owned(), output: output.map(str::to_owned) }
}

/// A table to which the first calls go these ways, and all others are clear.
fn table_by(first: &'static [Way]) -> SocketAddr {
    let calls = AtomicU32::new(0);
    table(move |_| {
        let call = calls.fetch_add(1, Ordering::Relaxed);
        first.get(call as usize).copied().unwrap_or(Way::Clear)
    })
}

#[tokio::test]
async fn of_two_claims_one_is_granted_and_its_result_is_for_both() {
    let at = table_by(&[]);
    let (one, other) = (claim("one", LONG), claim("other", LONG));
    let store = store(at);
    let (first, second) = tokio::join!(store.claim(&one), store.claim(&other));
    let granted = match (first.unwrap(), second.unwrap()) {
        (Claimed::Here, refused) => {
            assert_eq!(refused, elsewhere());
            one
        }
        (refused, Claimed::Here) => {
            assert_eq!(refused, elsewhere());
            other
        }
        neither => panic!("{neither:?}"),
    };
    assert!(store.record(&granted, Some("7")).await.unwrap());
    assert_eq!(store.claim(&claim("third", LONG)).await.unwrap(), done(Some("7")));

    let item = item(at, "charge#1");
    assert_eq!(item["done"]["BOOL"], true);
    let number = |name: &str| item[name]["N"].as_str().unwrap().parse::<u64>().unwrap();
    assert_eq!(number("expires"), number("until") / 1000 + 1, "DynamoDB deletes by the second");
}

#[tokio::test]
async fn a_claim_that_is_over_is_taken_over_and_its_holder_can_change_nothing_any_more() {
    let store = store(table_by(&[]));
    let (late, next) = (claim("late", SHORT), claim("next", LONG));
    assert_eq!(store.claim(&late).await.unwrap(), Claimed::Here);
    assert_eq!(store.claim(&next).await.unwrap(), elsewhere());
    tokio::time::sleep(SHORT).await;
    assert_eq!(store.claim(&next).await.unwrap(), Claimed::Here);
    assert!(!store.record(&late, Some("7")).await.unwrap());
    store.release(&late).await.unwrap();
    assert_eq!(store.claim(&late).await.unwrap(), elsewhere());
    assert!(store.record(&next, Some("8")).await.unwrap());
    assert_eq!(store.claim(&late).await.unwrap(), done(Some("8")));
}

#[tokio::test]
async fn a_claim_that_is_released_is_free() {
    let store = store(table_by(&[]));
    let (one, other) = (claim("one", LONG), claim("other", LONG));
    assert_eq!(store.claim(&one).await.unwrap(), Claimed::Here);
    store.release(&one).await.unwrap();
    assert_eq!(store.claim(&other).await.unwrap(), Claimed::Here);
}

#[tokio::test]
async fn a_result_that_is_forgotten_counts_no_more() {
    let store = store(table_by(&[]));
    let brief = Claim { remembered: SHORT, ..claim("one", LONG) };
    assert_eq!(store.claim(&brief).await.unwrap(), Claimed::Here);
    assert!(store.record(&brief, None).await.unwrap());
    assert_eq!(store.claim(&claim("other", LONG)).await.unwrap(), done(None));
    tokio::time::sleep(SHORT).await;
    assert_eq!(store.claim(&claim("other", LONG)).await.unwrap(), Claimed::Here);
}

#[tokio::test]
async fn what_goes_wrong_once_is_tried_again_and_does_no_harm() {
    for fault in [Way::Throttled, Way::AnswerLost, Way::Silent] {
        let first: &'static [Way] = match fault {
            Way::Throttled => &[Way::Throttled, Way::Clear, Way::Throttled, Way::Clear],
            Way::AnswerLost => &[Way::AnswerLost, Way::Clear, Way::AnswerLost, Way::Clear],
            _ => &[Way::Silent, Way::Clear, Way::Silent, Way::Clear],
        };
        let store = store(table_by(first));
        let one = claim("one", LONG);
        assert_eq!(store.claim(&one).await.unwrap(), Claimed::Here, "{fault:?}");
        assert!(store.record(&one, Some("7")).await.unwrap(), "{fault:?}");
        assert_eq!(store.claim(&claim("other", LONG)).await.unwrap(), done(Some("7")), "{fault:?}");
    }
}

#[tokio::test]
async fn what_goes_wrong_for_good_is_said() {
    let throttled =
        store(table(|_| Way::Throttled)).claim(&claim("one", LONG)).await.unwrap_err().to_string();
    assert!(throttled.contains("slow down"), "{throttled}");
    let silent = store(table(|_| Way::Silent)).claim(&claim("one", LONG)).await.unwrap_err().to_string();
    assert!(silent.contains("timeout"), "{silent}");
    let nowhere = DynamoDbStore::new(client(table_by(&[])), "nowhere");
    let unknown = nowhere.claim(&claim("one", LONG)).await.unwrap_err().to_string();
    assert!(unknown.contains("tables on this machine: results"), "{unknown}");
}
