//! The process dies between any two writes: what was acknowledged is there, what ran goes on, and comes to the same.
//! Separate from the tests that kill real processes because here every single point is tried, on a virtual clock.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use serde_json::{Value as Json, json};
use sfn_asl::Value;
use sfn_engine::control::{
    Control, CreateStateMachine, ExecutionDescription, Page, Place, RouteTo, StartExecution,
    UpdateStateMachine,
};
use sfn_engine::driver::{Engine, EngineBuilder, TokenError, VirtualClock};
use sfn_engine::history::HistoryEvent;
use sfn_engine::journal::{Disk, StoreError, Table, Unit, Write};
use tokio::sync::mpsc;

use crate::store::Tables;
use crate::workload::{Obedient, ROLE, WORK};

crate::tests![
    a_crash_at_any_point_loses_nothing_and_changes_nothing,
    going_through_the_past_gives_the_same_history,
    nothing_is_acknowledged_that_could_not_be_kept,
    the_control_plane_comes_back_as_it_was,
    what_ended_badly_can_be_redriven_later,
    a_map_run_that_failed_can_be_redriven_later,
    what_is_over_takes_less_room,
    a_machine_that_was_being_deleted_is_gone_after_a_restart,
    a_folder_has_one_server_and_says_what_is_wrong_with_it,
    a_file_that_cannot_be_used_is_left_as_it_is,
];

pub(crate) fn block_on<T>(run: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let limited = async { tokio::time::timeout(Duration::from_mins(1), run).await };
    runtime.block_on(limited).expect("it comes to an end")
}

/// A token that a task was given out with, and what it is to be answered with.
type Asked = (String, Value);

fn engine() -> (EngineBuilder, mpsc::UnboundedReceiver<Asked>) {
    let (told, asked) = mpsc::unbounded_channel();
    let runner = Obedient(move |token: &str, payload: &Value| {
        // A test that has seen enough hears nothing more.
        let _ = told.send((token.to_owned(), payload.clone()));
    });
    (Engine::builder(runner).clock(VirtualClock::at_epoch()).seed(1), asked)
}

fn open(tables: &Tables) -> (Control, mpsc::UnboundedReceiver<Asked>) {
    let (engine, asked) = engine();
    (Control::open(engine, tables.clone()).expect("the store opens"), asked)
}

fn machine_arn(name: &str) -> String {
    format!("arn:aws:states:us-east-1:123456789012:stateMachine:{name}")
}

fn execution_arn(name: &str) -> String {
    format!("arn:aws:states:us-east-1:123456789012:execution:{name}:{name}-1")
}

/// What was acknowledged, and how many units were kept by then.
#[derive(Default)]
struct Acknowledged {
    started: Option<usize>,
    tokens: Vec<(Asked, usize)>,
}

/// Does all the work, as far as it is not done yet, and checks what it comes to. `given` are the tokens that tasks were
/// given in an earlier process: whoever has one does not hear of it again.
async fn work(tables: &Tables, given: &[Asked]) -> (BTreeMap<&'static str, Vec<HistoryEvent>>, Acknowledged) {
    let (control, mut asked) = open(tables);
    control.resume();
    for work in WORK {
        let create = CreateStateMachine::new(work.name, (work.definition)().to_string(), ROLE);
        control.create_state_machine(&Place::default(), create).expect("it is created, or was");
    }
    for (n, work) in (1_i64..).zip(WORK) {
        let start = StartExecution {
            machine: machine_arn(work.name),
            name: Some(format!("{}-1", work.name)),
            input: Some(json!({ "n": n }).to_string()),
            ..StartExecution::default()
        };
        if let Err(refusal) = control.start_execution(start) {
            assert_eq!(refusal.code, "ExecutionAlreadyExists");
        }
    }
    let mut acknowledged = Acknowledged::default();
    control.persisted().await.expect("the store keeps it");
    acknowledged.started = Some(tables.units().len());
    let mut ended = BTreeMap::new();
    let finished = async {
        for (n, work) in (1_i64..).zip(WORK) {
            let description = control.finished(&execution_arn(work.name)).await.expect("it is known");
            let output: Option<Json> =
                description.output.as_deref().map(|output| serde_json::from_str(output).expect("JSON"));
            assert_eq!(output, Some((work.result)(n)), "{}: {description:?}", work.name);
            ended.insert(work.name, history(&control, work.name).await);
        }
    };
    let answering = async {
        let mut given: VecDeque<Asked> = given.iter().cloned().collect();
        while let Some((token, payload)) = next(&mut given, &mut asked).await {
            let answered = control.engine().send_task_success(&token, payload.clone()).await;
            control.persisted().await.expect("the store keeps it");
            match answered {
                Ok(()) => acknowledged.tokens.push(((token, payload), tables.units().len())),
                Err(error) => assert!(matches!(error, TokenError::TimedOut | TokenError::Unknown), "{error}"),
            }
        }
    };
    tokio::select! {
        () = finished => {}
        () = answering => {}
    }
    control.persisted().await.expect("the store keeps it");
    for history in ended.values() {
        check(history);
    }
    (ended, acknowledged)
}

async fn next(given: &mut VecDeque<Asked>, asked: &mut mpsc::UnboundedReceiver<Asked>) -> Option<Asked> {
    match given.pop_front() {
        Some(given) => Some(given),
        None => asked.recv().await,
    }
}

async fn history(control: &Control, name: &str) -> Vec<HistoryEvent> {
    let page = Page { max_results: 1000, next_token: None };
    control.history(&execution_arn(name), false, &page).await.expect("its history can be read").0
}

/// Histories have no gaps, follow from what is there already, and no task in them ends twice.
fn check(history: &[HistoryEvent]) {
    for (id, event) in (1..).zip(history) {
        assert_eq!(event.id, id, "{history:?}");
        assert!(event.previous_event_id < id, "{history:?}");
    }
    assert!(history.is_sorted_by_key(|event| event.timestamp), "{history:?}");
    let count = |kind: &str| history.iter().filter(|event| event.event_type() == kind).count();
    assert_eq!(count("TaskScheduled"), count("TaskSucceeded") + count("TaskFailed"), "{history:?}");
}

async fn is_known(control: &Control, name: &str) -> bool {
    control.describe_execution(&execution_arn(name)).await.is_ok()
}

fn a_crash_at_any_point_loses_nothing_and_changes_nothing() {
    let tables = Tables::default();
    let (told, acknowledged) = block_on(work(&tables, &[]));
    let units = tables.units();
    assert!(units.len() > 40, "{} units are too few to try", units.len());
    let given: Vec<Asked> = acknowledged.tokens.iter().map(|(asked, _)| asked.clone()).collect();
    for kept in 0..units.len() {
        let tables = Tables::after(&units, kept);
        block_on(async {
            let (control, _) = open(&tables);
            if acknowledged.started.is_some_and(|then| then <= kept) {
                for work in WORK {
                    assert!(is_known(&control, work.name).await, "{} was lost after {kept}", work.name);
                }
            }
            control.resume();
            for ((token, _), _) in acknowledged.tokens.iter().filter(|(_, then)| *then <= kept) {
                let again = control.engine().send_task_success(token, Value::Null).await;
                assert!(again.is_err(), "applied twice after {kept}");
            }
        });
        let tables = Tables::after(&units, kept);
        let before = block_on(async {
            let (control, _) = open(&tables);
            let mut before = Vec::new();
            for work in WORK {
                before.extend(is_known(&control, work.name).await.then_some(work.name));
            }
            before
        });
        let (now, _) = block_on(work(&tables, &given));
        // In these one thing follows another, so that nothing is left to the order in which answers come.
        for name in ["Waits", "Retries"] {
            if before.contains(&name) {
                assert_eq!(now[name], told[name], "{name} took another way after {kept}");
            }
        }
    }
}

/// The units, as if no execution had ever been over.
fn without_outcomes(units: &[Unit]) -> Vec<Unit> {
    let stays = |write: &&Write| match write {
        Write::Put { table, .. } => *table != Table::Outcomes,
        Write::Clear { table, .. } => *table != Table::Happenings,
    };
    units.iter().map(|unit| unit.iter().filter(stays).cloned().collect()).collect()
}

fn going_through_the_past_gives_the_same_history() {
    let tables = Tables::default();
    let (told, _) = block_on(work(&tables, &[]));
    let units = without_outcomes(&tables.units());
    let tables = Tables::after(&units, units.len());
    block_on(async {
        let (control, _) = open(&tables);
        control.resume();
        for (name, told) in &told {
            assert_eq!(history(&control, name).await, *told, "{name}");
        }
    });
}

fn nothing_is_acknowledged_that_could_not_be_kept() {
    for units in [1, 3, 9, 20, 40] {
        let tables = Tables::default().failing_after(units);
        let acknowledged = block_on(async {
            let (control, _) = open(&tables);
            control.resume();
            let mut acknowledged = Vec::new();
            for work in WORK {
                let create = CreateStateMachine::new(work.name, (work.definition)().to_string(), ROLE);
                control.create_state_machine(&Place::default(), create).expect("in memory there is room");
                let (machine, name) = (machine_arn(work.name), Some(format!("{}-1", work.name)));
                control
                    .start_execution(StartExecution { machine, name, ..StartExecution::default() })
                    .expect("in memory there is room");
                if control.persisted().await.is_ok() {
                    acknowledged.push(work.name);
                }
            }
            if acknowledged.len() < WORK.len() {
                assert!(control.failure().await.to_string().contains("full"));
            }
            acknowledged
        });
        assert!(acknowledged.len() < WORK.len() || units == 40, "the store was to fail after {units}");
        let kept = tables.units();
        block_on(async {
            let (control, _) = open(&Tables::after(&kept, kept.len()));
            for name in acknowledged {
                control.describe_execution(&execution_arn(name)).await.expect("it was acknowledged");
            }
        });
    }
}

fn the_control_plane_comes_back_as_it_was() {
    let tables = Tables::default();
    let place = Place::default();
    let pass = |output: &str| {
        json!({ "StartAt": "A", "QueryLanguage": "JSONata",
            "States": { "A": { "Type": "Pass", "Output": output, "End": true } } })
        .to_string()
    };
    let everything = |control: &Control| {
        let page = Page::default();
        let arn = machine_arn("Kept");
        let machines = control.list_state_machines(&place, &page).expect("a list").0;
        let versions = control.list_versions(&arn, &page).expect("a list").0;
        let described = versions.iter().map(|it| control.describe_state_machine(&it.arn).expect("a version"));
        format!(
            "{machines:?} {:?} {versions:?} {:?} {:?} {:?} {:?}",
            control.describe_state_machine(&arn).expect("it is there"),
            described.collect::<Vec<_>>(),
            control.list_aliases(&arn, &page).expect("a list").0,
            control.list_activities(&place, &page).expect("a list").0,
            control.tags(&arn).expect("tags"),
        )
    };
    let before = block_on(async {
        let (control, _) = open(&tables);
        let create = CreateStateMachine {
            publish: true,
            tags: vec![("team".to_owned(), "a".to_owned()), ("old".to_owned(), "x".to_owned())],
            tracing: Some(json!({ "enabled": true })),
            ..CreateStateMachine::new("Kept", pass("one"), ROLE)
        };
        let arn = control.create_state_machine(&place, create).expect("it is created").arn.to_string();
        for (definition, publish) in [("two", true), ("three", false), ("four", true)] {
            let (machine, definition) = (arn.clone(), Some(pass(definition)));
            let update = UpdateStateMachine { machine, definition, publish, ..UpdateStateMachine::default() };
            control.update_state_machine(update).expect("it is updated");
        }
        control.delete_version(&format!("{arn}:2")).expect("it is deleted");
        let route = |version, weight| RouteTo { version: format!("{arn}:{version}"), weight };
        control.create_alias("live", None, &[route(1, 90), route(3, 10)]).expect("it is created");
        control.create_alias("gone", None, &[route(1, 100)]).expect("it is created");
        control.delete_alias(&format!("{arn}:gone")).expect("it is deleted");
        control.create_activity(&place, "ship", None, Vec::new()).expect("it is created");
        control.create_activity(&place, "lost", None, Vec::new()).expect("it is created");
        control.delete_activity(&place_activity("lost")).expect("it is deleted");
        control.tag(&arn, vec![("env".to_owned(), "b".to_owned())]).expect("it is tagged");
        control.untag(&arn, vec!["old".to_owned()]).expect("it is untagged");
        let doomed = CreateStateMachine::new("Doomed", pass("no"), ROLE);
        let doomed = control.create_state_machine(&place, doomed).expect("it is created").arn;
        control.delete_state_machine(&doomed).expect("it is deleted");
        control.persisted().await.expect("the store keeps it");
        everything(&control)
    });
    block_on(async {
        let (control, _) = open(&tables);
        assert_eq!(everything(&control), before);
        // Publishing the same revision again gives the version there is.
        let published = control.publish_version(&machine_arn("Kept"), None, None).expect("it is published");
        assert_eq!(published.arn, format!("{}:3", machine_arn("Kept")));
        control.persisted().await.expect("the store keeps it");
    });
    // Of the five revisions, nothing leads to the second, the third and the doomed one any more.
    assert_eq!(tables.count(Table::Revisions), 2);
}

fn place_activity(name: &str) -> String {
    format!("arn:aws:states:us-east-1:123456789012:activity:{name}")
}

async fn describe(control: &Control) -> ExecutionDescription {
    control.describe_execution(&execution_arn("Again")).await.expect("it is known")
}

fn what_ended_badly_can_be_redriven_later() {
    let tables = Tables::default();
    let definition = json!({ "StartAt": "Ask", "QueryLanguage": "JSONata", "States": { "Ask": {
        "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Arguments": { "token": "{% $states.context.Task.Token %}" }, "End": true } } });
    block_on(async {
        let (control, mut asked) = open(&tables);
        let create = CreateStateMachine::new("Again", definition.to_string(), ROLE);
        control.create_state_machine(&Place::default(), create).expect("it is created");
        let start = StartExecution {
            machine: machine_arn("Again"),
            name: Some("Again-1".to_owned()),
            ..StartExecution::default()
        };
        control.start_execution(start).expect("it starts");
        let (token, _) = asked.recv().await.expect("a token");
        let failure = sfn_engine::driver::TaskFailure::new("Bad", "once");
        control.engine().send_task_failure(&token, failure).await.expect("the token is good");
        control.finished(&execution_arn("Again")).await.expect("it fails");
        control.persisted().await.expect("the store keeps it");
    });
    let mut seen: Vec<ExecutionDescription> = Vec::new();
    for _ in 0..2 {
        block_on(async {
            let (control, mut asked) = open(&tables);
            control.resume();
            control.persisted().await.expect("the past is gone through");
            assert_eq!(describe(&control).await.status.as_str(), "FAILED");
            control.redrive_execution(&execution_arn("Again")).expect("it may be redriven");
            let (token, _) = asked.recv().await.expect("a new token");
            let failure = sfn_engine::driver::TaskFailure::new("Bad", "again");
            control.engine().send_task_failure(&token, failure).await.expect("the token is good");
            control.finished(&execution_arn("Again")).await.expect("it fails");
            control.persisted().await.expect("the store keeps it");
            seen.push(describe(&control).await);
        });
    }
    assert_eq!(seen.iter().map(|it| it.redrives).collect::<Vec<_>>(), [1, 2]);
    block_on(async {
        let (control, _) = open(&tables);
        control.resume();
        control.persisted().await.expect("the past is gone through");
        assert_eq!(describe(&control).await, seen[1]);
        check_redriven(&history(&control, "Again").await);
    });
}

fn a_map_run_that_failed_can_be_redriven_later() {
    let tables = Tables::default();
    let definition = json!({ "StartAt": "Each", "QueryLanguage": "JSONata", "States": { "Each": {
        "Type": "Map", "Items": ["a", "b"], "MaxConcurrency": 1, "End": true,
        "ItemProcessor": { "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
            "StartAt": "Ask", "States": { "Ask": {
                "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                "Arguments": { "token": "{% $states.context.Task.Token %}", "payload": "{% $states.input %}" },
                "End": true } } } } } });
    block_on(async {
        let (control, mut asked) = open(&tables);
        let create = CreateStateMachine::new("Again", definition.to_string(), ROLE);
        control.create_state_machine(&Place::default(), create).expect("it is created");
        let start = StartExecution {
            machine: machine_arn("Again"),
            name: Some("Again-1".to_owned()),
            ..StartExecution::default()
        };
        control.start_execution(start).expect("it starts");
        let (token, item) = asked.recv().await.expect("the first child's token");
        control.engine().send_task_success(&token, item).await.expect("the token is good");
        let (token, _) = asked.recv().await.expect("the second child's token");
        let failure = sfn_engine::driver::TaskFailure::new("Bad", "once");
        control.engine().send_task_failure(&token, failure).await.expect("the token is good");
        control.finished(&execution_arn("Again")).await.expect("it fails");
        control.persisted().await.expect("the store keeps it");
    });
    let (token, item) = block_on(async {
        let (control, mut asked) = open(&tables);
        control.resume();
        control.persisted().await.expect("the past is gone through");
        control.redrive_execution(&execution_arn("Again")).expect("it may be redriven");
        let asked = asked.recv().await.expect("a new token of the child that failed");
        control.persisted().await.expect("the store keeps it");
        asked
    });
    assert_eq!(item, Value::from("b"));
    block_on(async {
        let (control, _asked) = open(&tables);
        control.resume();
        control.persisted().await.expect("the past is gone through");
        control.engine().send_task_success(&token, item).await.expect("the token is still good");
        let description = control.finished(&execution_arn("Again")).await.expect("it is known");
        assert_eq!((description.output.as_deref(), description.redrives), (Some(r#"["a","b"]"#), 1));
        let run = control.engine().map_runs(&execution_arn("Again")).await.remove(0);
        assert_eq!((run.redrives, run.executions.succeeded, run.executions.total), (1, 2, 2));
        let history = history(&control, "Again").await;
        let kinds: Vec<_> = history.iter().map(HistoryEvent::event_type).collect();
        assert!(
            kinds.ends_with(&[
                "MapRunRedriven",
                "MapRunSucceeded",
                "MapStateSucceeded",
                "MapStateExited",
                "ExecutionSucceeded"
            ]),
            "{kinds:?}"
        );
    });
}

fn check_redriven(history: &[HistoryEvent]) {
    let kinds: Vec<_> = history.iter().map(HistoryEvent::event_type).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "ExecutionRedriven").count(), 2, "{kinds:?}");
    assert!((1..).zip(history).all(|(id, event)| event.id == id), "{history:?}");
}

fn what_is_over_takes_less_room() {
    let tables = Tables::default();
    block_on(work(&tables, &[]));
    assert_eq!(tables.count(Table::Executions), WORK.len());
    assert_eq!(tables.count(Table::Outcomes), WORK.len());
    // Only the execution with a Map Run keeps what happened: the Map Run can still be asked about.
    let happened = tables.count(Table::Happenings);
    assert!((1..=40).contains(&happened), "{happened}");
    block_on(async {
        let (control, _) = open(&tables);
        control.resume();
        let runs = control.engine().map_runs(&execution_arn("Each")).await;
        assert_eq!(runs.iter().map(|run| run.items.succeeded).collect::<Vec<_>>(), [4]);
        control.delete_state_machine(&machine_arn("Each")).expect("it is deleted");
        control.persisted().await.expect("the store keeps it");
    });
    assert_eq!(tables.count(Table::Happenings), 0);
    assert_eq!(tables.count(Table::Executions), WORK.len() - 1);
}

fn a_machine_that_was_being_deleted_is_gone_after_a_restart() {
    let states = json!({ "Ask": { "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Arguments": { "token": "{% $states.context.Task.Token %}" }, "End": true } });
    let definition = json!({ "QueryLanguage": "JSONata", "StartAt": "Ask", "States": states }).to_string();
    let gone = async |control: &Control, machine: &str| {
        while control.describe_state_machine(machine).is_ok() {
            tokio::task::yield_now().await;
        }
        control.persisted().await.expect("the store keeps it");
    };
    block_on(async {
        let tables = Tables::default();
        let (control, mut asked) = open(&tables);
        let create = CreateStateMachine::new("Gone", definition, ROLE);
        let machine = control.create_state_machine(&Place::default(), create).expect("it is created").arn;
        let start = StartExecution { machine: machine.to_string(), ..StartExecution::default() };
        control.start_execution(start).expect("it starts");
        let (token, _) = asked.recv().await.expect("it asks");
        // The execution ends well before it can be stopped, so that nothing of its past is kept.
        let deleted = async { control.delete_state_machine(&machine) };
        let (deleted, sent) = tokio::join!(deleted, control.engine().send_task_success(&token, Value::Null));
        assert_eq!((deleted.is_ok(), sent), (true, Ok(())));
        gone(&control, &machine).await;

        let units = tables.units();
        let tables = Tables::after(&units, units.len() - 1);
        let (control, _asked) = open(&tables);
        assert_eq!(tables.count(Table::Happenings), 0);
        assert!(control.describe_state_machine(&machine).is_ok_and(|machine| machine.is_deleting));
        control.resume();
        gone(&control, &machine).await;
        assert_eq!([Table::Resources, Table::Executions].map(|table| tables.count(table)), [0, 0]);
    });
}

fn a_folder_has_one_server_and_says_what_is_wrong_with_it() {
    let tables = Tables::default();
    tables.set(Table::Format, b"", &[99]);
    let refused = |tables: &Tables| {
        let tables = tables.clone();
        block_on(async move { Control::open(engine().0, tables).map(drop).expect_err("it is refused") })
    };
    assert_eq!(refused(&tables), StoreError::NewerFormat { found: 99, known: 1 });
    let tables = Tables::default();
    tables.set(Table::Resources, b"one", &[42]);
    assert!(refused(&tables).to_string().contains("damaged"), "{}", refused(&tables));

    let folder = crate::server::Folder::new("locked");
    let disk = Disk::open(folder.path()).expect("a fresh folder opens");
    let locked = Disk::open(folder.path()).map(drop).expect_err("it is taken");
    assert!(matches!(locked, StoreError::Locked(_)), "{locked}");
    drop(disk);
    drop(Disk::open(folder.path()).expect("it is free again"));
    let file = folder.path().join("file");
    std::fs::write(&file, "not a folder").expect("a file");
    let unusable = Disk::open(&file).map(drop).expect_err("a file is no folder");
    assert!(unusable.to_string().contains(&file.display().to_string()), "{unusable}");
}

/// What has become of the file, and what is said about it.
type Spoilt = (&'static str, fn(Vec<u8>) -> Vec<u8>, &'static str);

const SPOILT: &[Spoilt] = &[
    ("another program's file", |_| b"SQLite format 3\0 and more".to_vec(), "is no store of this engine"),
    ("a text", |_| b"hello".to_vec(), "is no store of this engine"),
    ("its first half", |file| file[..file.len() / 2].to_vec(), "damaged"),
    ("its beginning", |file| file[..64].to_vec(), "damaged"),
    (
        "zeros where the roots are",
        |mut file| {
            file[64..512].fill(0);
            file
        },
        "damaged",
    ),
    (
        "noise behind the header",
        |mut file| {
            file[4096..].fill(0xA5);
            file
        },
        "damaged",
    ),
    (
        "a later format of the file",
        |mut file| {
            file[64] = 99;
            file[192] = 99;
            file
        },
        "format version <= 3, found 99",
    ),
];

fn a_file_that_cannot_be_used_is_left_as_it_is() {
    for (what, spoil, said) in SPOILT {
        let folder = crate::server::Folder::new("spoilt");
        block_on(async {
            let disk = Disk::open(folder.path()).expect("a fresh folder opens");
            let control = Control::open(engine().0, disk).expect("it is empty");
            let create = CreateStateMachine::new("Kept", (WORK[0].definition)().to_string(), ROLE);
            control.create_state_machine(&Place::default(), create).expect("it is created");
            control.persisted().await.expect("the disk keeps it");
        });
        // The writer lets the file go when it has noticed that nobody writes any more.
        while Disk::open(folder.path()).is_err() {
            std::thread::yield_now();
        }
        let file = folder.path().join("journal.redb");
        let spoilt = spoil(std::fs::read(&file).expect("a file"));
        std::fs::write(&file, &spoilt).expect("it can be written");
        let opened = block_on(async {
            let disk = Disk::open(folder.path())?;
            Control::open(engine().0, disk).map(drop)
        });
        let error = opened.expect_err(what).to_string();
        assert!(error.contains(said) && error.contains("folder"), "{what}: {error}");
        assert!(std::fs::read(&file).expect("it is there") == spoilt, "{what}: the file was changed");
    }
}
