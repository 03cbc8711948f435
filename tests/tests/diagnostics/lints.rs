//! What each lint finds and what it leaves alone, and who has the last word on its level.
//! Separate from the pages, whose snippets show one case of each.

use std::convert::Infallible;
use std::fs;

use sfn::emit::{Package, Settings, prepare};
use sfn::lint::{self, Level, Levels};
use sfn::prelude::*;
use sfn::{Definition, Diagnostic};
use sfn_asl::{Place, Severity};
use sfn_tests::workspace_root;

#[derive(Debug, thiserror::Error, TaskError)]
enum PaymentError {
    #[error("declined")]
    Declined,
    #[error("over the limit")]
    Limit,
}

#[task(timeout = "30s")]
async fn charge(cents: u32) -> Result<u32, PaymentError> {
    Ok(cents)
}

#[task(timeout = "30s")]
async fn refund(charge: u32) -> Result<(), Infallible> {
    assert!(charge < 1_000);
    Ok(())
}

#[task(timeout = "30s")]
async fn ping() -> Result<u32, Infallible> {
    Ok(1)
}

#[task]
async fn untimed() -> Result<(), Infallible> {
    Ok(())
}

#[task(timeout = "3d")]
async fn ask(token: TaskToken<bool>) -> Result<(), Infallible> {
    drop(token);
    Ok(())
}

/// The level of every lint that is one of workflows; of side effects there are too many here.
fn all(level: Level) -> Levels {
    let is_everywhere =
        |lint: &&lint::Lint| [lint::RETRIED_SIDE_EFFECT, lint::EXPRESS_SIDE_EFFECT].contains(lint);
    let ours = lint::ALL.iter().filter(|lint| lint.level().is_some() && !is_everywhere(lint));
    ours.map(|lint| (lint.code().to_owned(), level)).collect()
}

/// Checks what is found where everything counts: a code, and the text that its place begins with.
pub(super) fn check(definition: &Definition, expected: &[(&str, &str)]) {
    let found =
        definition.lower_at(&all(Level::Warn)).expect("warnings do not keep it from being built").warnings;
    let told: Vec<_> = found.iter().map(|found| (found.code.as_str(), text_at(found))).collect();
    assert_eq!(told.len(), expected.len(), "{found:#?}");
    for ((code, text), (expected, begins)) in told.iter().zip(expected) {
        assert!(
            code == expected && text.starts_with(begins),
            "{code} at `{text}` is not {expected} at `{begins}`"
        );
    }
    assert!(found.iter().all(|found| found.help.is_some()), "{found:#?}");
    if let Ok(lowered) = definition.lower_at(&all(Level::Allow)) {
        assert!(lowered.warnings.is_empty(), "{:#?}", lowered.warnings);
    }
}

/// The rest of the line that a diagnostic points at.
fn text_at(found: &Diagnostic) -> String {
    let Place::Rust(origin) = &found.place else { panic!("{found:?} has no place in Rust") };
    let file = [workspace_root().join("tests"), workspace_root()].map(|root| root.join(&*origin.file));
    let text = file.iter().find_map(|file| fs::read_to_string(file).ok()).expect("the file is ours");
    let line = text.lines().nth(origin.line as usize - 1).expect("the line is there");
    line[origin.column as usize - 1..].to_owned()
}

#[test]
fn levels_of_rules_are_the_rules_own() {
    for lint in lint::ALL {
        match (lint.level(), sfn_asl::rule(lint.code())) {
            (Some(_), None) => {}
            (None, Some(rule)) => {
                assert!(rule.severity < Severity::Error, "{} cannot be allowed", lint.code());
            }
            _ => panic!("`{}` is either a lint of workflows or a rule of the language", lint.code()),
        }
    }
}

#[workflow]
async fn times() -> Result<bool, Failed> {
    untimed().await?;
    untimed().timeout(secs(5)).await?;
    ping().compensate(|_| untimed()).await?;
    ask().heartbeat(hours(1)).await?;
    Ok(ask().await?)
}

#[test]
fn waiting_without_an_end_is_found() {
    check(
        &times::definition(),
        &[
            ("task-without-timeout", "untimed().await"),
            ("task-without-timeout", "ping().comp"),
            ("callback-without-heartbeat", "Ok(ask()"),
            ("uncompensated-step", "ask().heartbeat"),
        ],
    );
}

#[task(timeout = "30s", idempotent = key)]
async fn pay_once(key: String) -> Result<(), Infallible> {
    drop(key);
    Ok(())
}

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
struct Key {
    id: String,
}

#[workflow(express, warn(retried_side_effect, express_side_effect), allow(unreachable_compensation))]
async fn repeated(key: Key) -> Result<(), Failed> {
    pay_once(uuid()).await?;
    ping().retry(Retry::None).await?;
    sfn::dynamodb::get::<Key>("keys", &key).await?;
    sfn::dynamodb::put("keys", &key).await?;
    sfn::sns::publish("arn:aws:sns:eu-west-1:123456789012:told", &key.id).compensate(|_| ping()).await?;
    Ok(())
}

#[test]
fn side_effects_that_may_happen_twice_are_found() {
    let found = repeated::definition().lower().expect("warnings do not keep it from being built").warnings;
    let told: Vec<_> = found.iter().map(|found| (found.code.as_str(), text_at(found))).collect();
    let told: Vec<_> = told.iter().map(|(code, text)| (*code, &text[..8])).collect();
    let [retried, express] = ["retried-side-effect", "express-side-effect"];
    assert_eq!(
        told,
        [
            (express, "ping().r"),
            (retried, "sfn::sns"),
            (express, "sfn::sns"),
            (retried, "sfn::sns"),
            (express, "sfn::sns"),
        ]
    );
}

#[workflow]
async fn failures(cents: u32) -> Result<u32, Failed> {
    let _ = charge(cents).await;
    let first = match charge(cents).await {
        Ok(charged) => charged,
        Err(Failure::Task(PaymentError::Declined)) => 0,
        Err(_) => 1,
    };
    let second = match charge(cents).await {
        Ok(charged) => charged,
        Err(Failure::Task(_)) => 0,
        Err(_) => 1,
    };
    let third = match charge(cents).await {
        Ok(charged) => charged,
        Err(Failure::Task(PaymentError::Declined)) => 0,
        Err(other) => return Err(other.into()),
    };
    match ping().await {
        Ok(pings) => Ok(first + second + third + pings),
        Err(_) => Ok(0),
    }
}

#[test]
fn failures_that_nobody_looks_at_are_found() {
    check(
        &failures::definition(),
        &[("ignored-failure", "charge(cents).await;"), ("hidden-error", "Err(_) => 1")],
    );
}

#[task(allow(
    task_without_timeout,
    retried_side_effect,
    ignored_failure,
    sensitive_field,
    uncompensated_step
))]
async fn count(ssn: String) -> Result<u32, Infallible> {
    drop(ssn);
    Ok(1)
}

#[task(timeout = "30s", deny(ignored_failure, uncompensated_step), warn(wide_integer_field))]
async fn book(cents: u64) -> Result<u32, PaymentError> {
    if cents > 5 { Err(PaymentError::Declined) } else { Ok(1) }
}

#[workflow(deny(ignored_failure))]
async fn of_tasks_with_levels(ssn: String) -> Result<u32, Failed> {
    let charged = charge(1).compensate(|charged| refund(charged)).await?;
    let _ = count(&ssn).await;
    let _ = book(7).await;
    untimed().await?;
    Ok(charged)
}

#[test]
fn a_task_has_the_last_word_about_itself() {
    let found = |levels: &Levels| {
        let found = of_tasks_with_levels::definition().lower_at(levels).expect_err("some are denied");
        let told =
            found.into_iter().map(|found| (found.code.as_str().to_owned(), found.severity, found.message));
        told.collect::<Vec<_>>()
    };
    let of = |found: &[(String, Severity, String)]| -> Vec<(String, Severity, bool)> {
        let about = |(code, severity, message): &(String, Severity, String)| {
            (code.clone(), *severity, message.contains("book"))
        };
        found.iter().map(about).collect()
    };
    let told = |code: &str, severity, is_booking| (code.to_owned(), severity, is_booking);
    let calm = found(&Levels::new());
    let of_booking = [
        told("ignored-failure", Severity::Error, true),
        told("uncompensated-step", Severity::Error, true),
        told("wide-integer-field", Severity::Warning, true),
    ];
    assert_eq!(of(&calm), of_booking, "{calm:#?}");
    let strict = found(&all(Level::Deny));
    let expected = [
        told("ignored-failure", Severity::Error, true),
        told("task-without-timeout", Severity::Error, false),
        told("uncompensated-step", Severity::Error, true),
        told("wide-integer-field", Severity::Warning, true),
    ];
    assert_eq!(of(&strict), expected, "{strict:#?}");
}

#[expect(clippy::single_match, reason = "an arm that does nothing is to be found")]
#[workflow]
async fn swallowed_at_once(cents: Vec<u32>) -> Result<u32, Failed> {
    let _ = join!(charge(1), ping()).await;
    let _ = map(&cents, async |cents| Ok(charge(cents).await?)).await;
    match join!(charge(2), ping()).await {
        Ok((charged, _)) => {
            charge(charged).await?;
        }
        Err(_) => {}
    }
    match join!(charge(3), ping()).await {
        Ok(_) => Ok(1),
        Err(_) => Ok(2),
    }
}

#[test]
fn failures_of_several_things_at_once_that_nobody_looks_at_are_found() {
    check(
        &swallowed_at_once::definition(),
        &[
            ("ignored-failure", "join!(charge(1), ping()).await;"),
            ("ignored-failure", "map(&cents"),
            ("ignored-failure", "match join!(charge(2), ping())"),
        ],
    );
}

#[workflow]
async fn undone_in_vain_at_once(cents: u32) -> Result<(), Failed> {
    let _ = join!(charge(cents).compensate(|charged| refund(charged)), ping()).await;
    Ok(())
}

#[workflow]
async fn undone_in_vain(cents: u32) -> Result<u32, Failed> {
    let charged = charge(cents).compensate(|charged| refund(charged)).await?;
    let _ = ping().await;
    sleep(secs(1)).await;
    Ok(charged)
}

#[workflow]
async fn undone_by_the_next_turn(turns: Vec<u32>) -> Result<(), Failed> {
    for cents in turns {
        charge(cents).compensate(|charged| refund(charged)).await?;
    }
    Ok(())
}

#[workflow]
async fn undone_by_hand(cents: u32) -> Result<u32, Failed> {
    let charged = charge(cents).compensate(|charged| refund(charged)).await?;
    if charged > 5 {
        return Err(fail("TooMuch", "nobody pays that"));
    }
    Ok(charged)
}

#[workflow]
async fn undone_beside(cents: u32) -> Result<(), Failed> {
    join!(charge(cents).compensate(|charged| refund(charged)), ping()).await?;
    Ok(())
}

#[workflow]
async fn undone_by_an_arm(cents: u32) -> Result<u32, Failed> {
    let charged = charge(cents).compensate(|charged| refund(charged)).await?;
    match ping().await {
        Ok(pings) => Ok(charged + pings),
        Err(other) => Err(other.into()),
    }
}

#[workflow]
async fn undone_or_returned(cents: u32) -> Result<u32, Failed> {
    if cents > 5 {
        let charged = charge(cents).compensate(|charged| refund(charged)).await?;
        return Ok(charged);
    }
    Ok(ping().await?)
}

#[workflow]
async fn committed(cents: u32) -> Result<u32, Failed> {
    charge(cents).compensate(|charged| refund(charged)).await?;
    saga::commit();
    Ok(ping().await?)
}

#[test]
fn compensations_behind_which_nothing_fails_are_found() {
    let in_vain = ("unreachable-compensation", "charge(cents)");
    check(&undone_in_vain::definition(), &[("ignored-failure", "ping().await;"), in_vain]);
    check(&undone_or_returned::definition(), &[in_vain]);
    check(&committed::definition(), &[in_vain]);
    check(
        &undone_in_vain_at_once::definition(),
        &[("ignored-failure", "join!("), ("unreachable-compensation", "join!(")],
    );
    for sound in [
        undone_by_the_next_turn::definition(),
        undone_by_hand::definition(),
        undone_beside::definition(),
        undone_by_an_arm::definition(),
    ] {
        check(&sound, &[]);
    }
}

#[workflow]
async fn half_undone(cents: u32) -> Result<u32, Failed> {
    ping().await?;
    if cents > 5 {
        charge(cents).compensate(|charged| refund(charged)).await?;
    }
    ping().named("InBetween").await?;
    Ok(ping().await?)
}

#[test]
fn steps_that_stay_done_are_found() {
    check(&half_undone::definition(), &[("uncompensated-step", "ping().named")]);
}

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
struct Customer {
    name: String,
    card_number: String,
    api_keys: Vec<String>,
    password_changed: bool,
    friends: Vec<Customer>,
    visits: Option<u64>,
}

#[task(timeout = "30s")]
async fn greet(customer: Customer, password: String) -> Result<i64, Infallible> {
    drop((customer, password));
    Ok(1)
}

#[workflow]
async fn data(customer: Customer) -> Result<i64, Failed> {
    greet(&customer, "none").await?;
    Ok(9_007_199_254_740_993)
}

#[test]
fn numbers_and_names_in_payloads_are_found() {
    check(
        &data::definition(),
        &[
            ("inexact-integer", "Ok(9_007"),
            ("sensitive-field", "data("),
            ("wide-integer-field", "data("),
            ("sensitive-field", "greet("),
        ],
    );
}

#[test]
fn statements_of_a_flow_that_nothing_leads_to_are_found() {
    let definition = Definition::from_flow("late", "", |flow| {
        flow.succeed(sfn::literal(1));
        flow.sleep(secs(1));
    });
    check(&definition, &[("unreachable-step", "sleep(secs(1))")]);
}

#[workflow(deny(task_without_timeout), allow(unreachable_compensation))]
async fn with_levels(cents: u32) -> Result<(), Failed> {
    untimed().await?;
    charge(cents).compensate(|charged| refund(charged)).await?;
    Ok(())
}

#[workflow(deny(unbounded_concurrency))]
async fn with_a_level_of_a_rule(items: Vec<u32>) -> Result<(), Failed> {
    map(items, async |cents| Ok(charge(cents).await?)).await?;
    Ok(())
}

#[test]
fn a_workflow_has_the_last_word_on_levels() {
    let codes = |found: &[Diagnostic]| found.iter().map(|found| found.code.to_string()).collect::<Vec<_>>();
    let opposite = Levels::from([
        ("task-without-timeout".to_owned(), Level::Allow),
        ("unreachable-compensation".to_owned(), Level::Deny),
    ]);
    let found = with_levels::definition().lower_at(&opposite).expect_err("one is denied");
    assert_eq!(codes(&found), ["task-without-timeout"]);
    let found = with_a_level_of_a_rule::definition().lower().expect_err("it is denied");
    assert_eq!(codes(&found), ["unbounded-concurrency"]);
    assert!(text_at(&found[0]).starts_with("map("), "{found:?}");
}

#[test]
fn a_package_that_denies_warnings_is_not_emitted_with_one() {
    let package = Package { name: "app".to_owned(), dir: String::new() };
    let definitions = [undone_in_vain::definition()];
    let warned = prepare(&package, &definitions, &Settings::default()).expect("a warning is no error");
    assert_eq!(warned.warnings.len(), 1);
    assert!(warned.warnings[0].ends_with(
        "`refund` never runs: nothing behind `charge` can fail; remove the `.compensate`, or take the step earlier \
         [unreachable-compensation]"
    ));
    let strict = Settings { deny_warnings: true, ..Settings::default() };
    let found = prepare(&package, &definitions, &strict).expect_err("the warning is denied");
    assert_eq!((found.len(), found[0].severity), (1, Severity::Error));
}

#[test]
fn settings_stand_in_the_nearest_file_above() {
    let folder = std::env::temp_dir().join(format!("sfn-settings-{}", std::process::id()));
    let inner = folder.join("crates/app");
    fs::create_dir_all(&inner).expect("a folder");
    let write = |text: &str| fs::write(folder.join("sfn.toml"), text).expect("a file");
    write(
        "[check]\ndeny-warnings = true\n[check.levels]\nunbounded-concurrency = \"deny\"\nignored-failure = \"warn\"\n",
    );
    let read = Settings::above(&inner).expect("settings");
    write("[check.levels]\nignored-failures = \"warn\"\n");
    let unknown = Settings::above(&inner).expect_err("no such code").to_string();
    write("[check]\nlevels = 5\n");
    let invalid = Settings::above(&inner).expect_err("no settings").to_string();
    fs::remove_dir_all(&folder).expect("the folder is ours");
    let levels = [("ignored-failure", Level::Warn), ("unbounded-concurrency", Level::Deny)];
    assert_eq!(read.levels, levels.map(|(code, level)| (code.to_owned(), level)).into());
    assert!(read.deny_warnings && read.file.is_some_and(|file| file.ends_with("sfn.toml")));
    assert!(
        unknown.ends_with("there is no code `ignored-failures`, did you mean `ignored-failure`?"),
        "{unknown}"
    );
    assert!(invalid.contains("sfn.toml: "), "{invalid}");
}
