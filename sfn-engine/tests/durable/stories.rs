//! Stories with workers, nested executions, Map Runs, stops and redrives, told again after a crash at every point.
//! Separate from the other crash tests because here somebody outside remembers: Task Tokens outlive the process that
//! gave them out.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::{Value as Json, json};
use sfn_asl::{ExecutionType, Value};
use sfn_engine::control::{
    Control, CreateStateMachine, ListExecutions, Page, Place, RouteTo, StartExecution, UpdateStateMachine,
};
use sfn_engine::driver::{
    Engine, TaskFailure, TaskFuture, TaskRequest, TaskRunner, TokenError, VirtualClock,
};
use sfn_engine::history::{Fault, HistoryEvent};
use sfn_engine::journal::Unit;
use sfn_engine::services::Services;
use tokio::sync::Notify;

use crate::crash::block_on;
use crate::store::Tables;
use crate::workload::{Obedient, ROLE};

crate::tests![whatever_is_under_way_goes_on_after_a_crash_at_any_point];

/// What happens, and what is to be seen in the end. Told again, it goes on where it was.
struct Story {
    name: &'static str,
    tell: fn(&Stage) -> BoxFuture<'_, Json>,
}

const STORIES: &[Story] = &[
    Story { name: "a worker finishes what it took", tell: |stage| a_worker_finishes(stage).boxed() },
    Story { name: "a worker falls silent", tell: |stage| a_worker_falls_silent(stage).boxed() },
    Story { name: "heartbeats keep a callback alive", tell: |stage| heartbeats(stage).boxed() },
    Story { name: "a parent waits for its child", tell: |stage| nested(stage, ".sync:2").boxed() },
    Story { name: "a parent waits, the old way", tell: |stage| nested(stage, ".sync").boxed() },
    Story { name: "a parent goes on without its child", tell: |stage| nested(stage, "").boxed() },
    Story { name: "a child calls back", tell: |stage| a_child_calls_back(stage).boxed() },
    Story { name: "a parent is stopped with its child", tell: |stage| a_parent_is_stopped(stage).boxed() },
    Story { name: "an Express execution", tell: |stage| express(stage).boxed() },
    Story { name: "workers do the items of a Map Run", tell: |stage| items(stage).boxed() },
    Story { name: "a Map Run is stopped half way", tell: |stage| a_map_run_is_stopped(stage).boxed() },
    Story { name: "a machine changes under its executions", tell: |stage| a_machine_changes(stage).boxed() },
    Story { name: "a machine is deleted under its executions", tell: |stage| a_machine_goes(stage).boxed() },
    Story { name: "what failed is redriven", tell: |stage| redriven(stage).boxed() },
    Story { name: "items outlive the process", tell: |stage| items_of_a_table(stage).boxed() },
];

fn whatever_is_under_way_goes_on_after_a_crash_at_any_point() {
    for Story { name, tell } in STORIES {
        let (tables, world) = (Tables::default(), World::default());
        let first = told(name, async { tell(&Stage::set(&tables, &world, &[])).await });
        let units = tables.units();
        assert!(units.len() > 8, "{name}: {} units are too few to try", units.len());
        for kept in 0..units.len() {
            let tables = Tables::after(&units, kept);
            let (world, used) = world.at(&units, kept);
            let name = format!("{name}, after {kept} of {} units", units.len());
            let again = told(&name, async { tell(&Stage::set(&tables, &world, &used)).await });
            assert_eq!(again, first, "{name}");
        }
    }
}

/// Tells a story to its end.
fn told(name: &str, story: impl Future<Output = Json>) -> Json {
    let limited = async { tokio::time::timeout(Duration::from_secs(10), story).await };
    block_on(limited).unwrap_or_else(|_| panic!("{name}: there is no end"))
}

/// A Task Token in somebody's hands.
#[derive(Clone)]
struct Handout {
    /// Who has it: the worker of an Activity, or whoever reads the messages of that name.
    holder: String,
    /// What the worker called itself.
    worker: Option<String>,
    token: Arc<str>,
    /// How many units were kept by then.
    then: usize,
}

/// Everybody outside: they know nothing of processes that end.
#[derive(Clone, Default)]
struct World {
    known: Arc<Mutex<Known>>,
    news: Arc<Notify>,
}

#[derive(Clone, Default)]
struct Known {
    handouts: Vec<Handout>,
    /// The tokens whose use was acknowledged, and how many units were kept by then.
    used: Vec<(Arc<str>, usize)>,
}

impl World {
    fn with<T>(&self, look: impl FnOnce(&mut Known) -> T) -> T {
        look(&mut self.known.lock().expect("no poison"))
    }

    fn learn(&self, handout: Handout) {
        self.with(|known| {
            if known.handouts.iter().all(|it| it.token != handout.token) {
                known.handouts.push(handout);
            }
        });
        self.news.notify_waiters();
    }

    fn held_by(&self, holder: &str, place: usize) -> Option<Arc<str>> {
        let of_holder = |it: &&Handout| it.holder == holder;
        self.with(|known| known.handouts.iter().filter(of_holder).nth(place).map(|it| Arc::clone(&it.token)))
    }

    /// The world as it was when so many units were kept, and the tokens that were used up then.
    fn at(&self, units: &[Unit], kept: usize) -> (Self, Vec<Arc<str>>) {
        let known = self.with(|known| known.clone());
        let was_told = |handout: &Handout| match &handout.worker {
            // A worker has its task from the moment that the journal knows of it.
            Some(worker) => units[..kept].iter().any(|unit| mentions(unit, worker)),
            None => handout.then <= kept,
        };
        let handouts = known.handouts.into_iter().filter(was_told).collect();
        let used = known.used.into_iter().filter(|(_, then)| *then <= kept).map(|(token, _)| token);
        let world = Self::default();
        world.with(|known| known.handouts = handouts);
        (world, used.collect())
    }
}

fn mentions(unit: &Unit, text: &str) -> bool {
    let bytes = format!("{unit:?}");
    let text = format!("{:?}", text.as_bytes());
    bytes.contains(text.trim_matches(['[', ']']))
}

/// Hears of a Task Token and of what came with it.
type Told = Box<dyn Fn(&str, &Value) + Send + Sync>;

/// Answers most tasks itself, tells the world of Task Tokens, and has nested executions started.
struct Cast {
    obedient: Obedient<Told>,
    services: Services,
}

impl TaskRunner for Cast {
    fn run(&self, request: TaskRequest) -> TaskFuture {
        let resource = request.resource.as_str();
        if [":states:startExecution", ":aws-sdk:sfn:", ":dynamodb:"].iter().any(|it| resource.contains(it)) {
            self.services.run(request)
        } else {
            self.obedient.run(request)
        }
    }

    fn give_up(&self, request: TaskRequest) {
        self.services.give_up(request);
    }
}

/// One process, and the world around it.
struct Stage {
    control: Arc<Control>,
    clock: VirtualClock,
    tables: Tables,
    world: World,
    used: BTreeSet<Arc<str>>,
}

impl Stage {
    fn set(tables: &Tables, world: &World, used: &[Arc<str>]) -> Self {
        let (services, clock) = (Services::new().table("orders", ["id"]), VirtualClock::at_epoch());
        let told = {
            let (world, tables) = (world.clone(), tables.clone());
            move |token: &str, payload: &Value| {
                let holder = payload.as_str().unwrap_or_default().to_owned();
                let then = tables.units().len();
                world.learn(Handout { holder, worker: None, token: token.into(), then });
            }
        };
        let cast = Cast { obedient: Obedient(Box::new(told)), services: services.clone() };
        let engine = Engine::builder(cast).clock(clock.clone()).seed(1);
        let control = Arc::new(Control::open(engine, tables.clone()).expect("the store opens"));
        services.connect(&control);
        control.resume();
        let used = used.iter().cloned().collect();
        Self { control, clock, tables: tables.clone(), world: world.clone(), used }
    }

    async fn kept(&self) {
        self.control.persisted().await.expect("the store keeps it");
    }

    fn activity(&self, name: &str) -> String {
        let created = self.control.create_activity(&Place::default(), name, None, Vec::new());
        created.expect("it is created, or was").arn.to_string()
    }

    /// Creates a State Machine, unless it is there.
    fn machine(&self, name: &str, states: &Json) -> String {
        self.machine_of(ExecutionType::Standard, name, states)
    }

    fn machine_of(&self, kind: ExecutionType, name: &str, states: &Json) -> String {
        let create = CreateStateMachine { kind, ..CreateStateMachine::new(name, definition(states), ROLE) };
        match self.control.create_state_machine(&Place::default(), create) {
            Ok(created) => created.arn.to_string(),
            Err(refusal) => {
                assert!(
                    matches!(refusal.code, "StateMachineAlreadyExists" | "StateMachineDeleting"),
                    "{refusal}"
                );
                format!("arn:aws:states:us-east-1:123456789012:stateMachine:{name}")
            }
        }
    }

    /// Starts an execution, unless that was done.
    async fn start(&self, machine: &str, name: &str) -> String {
        let start = StartExecution {
            machine: machine.to_owned(),
            name: Some(name.to_owned()),
            ..StartExecution::default()
        };
        if let Err(refusal) = self.control.start_execution(start) {
            assert_eq!(refusal.code, "ExecutionAlreadyExists");
        }
        self.kept().await;
        let of = machine.split(':').nth(6).expect("a name");
        format!("arn:aws:states:us-east-1:123456789012:execution:{of}:{name}")
    }

    /// The token that the holder of that name got at that place in the order; waits until there is one.
    async fn token(&self, holder: &str, place: usize) -> Arc<str> {
        loop {
            let news = self.world.news.notified();
            if let Some(token) = self.world.held_by(holder, place) {
                return token;
            }
            if !holder.starts_with("arn:") {
                news.await;
                continue;
            }
            let worker = format!("worker {place} of {holder}");
            let polled = self.control.engine().get_activity_task(holder, Some(&worker)).await;
            let task = polled.expect("the Activity is there").expect("there is work");
            self.kept().await;
            let then = self.tables.units().len();
            self.world.learn(Handout {
                holder: holder.to_owned(),
                worker: Some(worker),
                token: task.token,
                then,
            });
        }
    }

    async fn succeed(&self, token: &Arc<str>, output: Json) {
        let output = serde_json::from_value(output).expect("JSON");
        let sent = self.control.engine().send_task_success(token, output).await;
        self.sent(token, sent).await;
    }

    async fn fail(&self, token: &Arc<str>, error: &str) {
        let failure = TaskFailure::new(error, "told to");
        let sent = self.control.engine().send_task_failure(token, failure).await;
        self.sent(token, sent).await;
    }

    async fn sent(&self, token: &Arc<str>, sent: Result<(), TokenError>) {
        match sent {
            Ok(()) => assert!(!self.used.contains(token), "{token} was applied twice"),
            // Used before the crash, whether that was acknowledged or not.
            Err(error) => assert!(matches!(error, TokenError::TimedOut | TokenError::Unknown), "{error}"),
        }
        self.kept().await;
        let then = self.tables.units().len();
        self.world.with(|known| known.used.push((Arc::clone(token), then)));
    }

    /// How an execution ended, with the kinds of its events.
    async fn end(&self, arn: &str) -> Json {
        let ended = self.control.finished(arn).await.expect("it is known");
        let page = Page { max_results: 1000, next_token: None };
        let (history, _) = self.control.history(arn, false, &page).await.expect("it is known");
        assert!((1..).zip(&history).all(|(id, event)| event.id == id), "{history:?}");
        let events: Vec<_> = history.iter().map(HistoryEvent::event_type).collect();
        self.kept().await;
        json!({ "status": ended.status.as_str(), "output": ended.output, "error": ended.fault.error.as_deref(),
            "redrives": ended.redrives, "events": events })
    }

    /// How many executions of a State Machine there ever were, by status.
    fn count(&self, machine: &str) -> Json {
        let list = ListExecutions { machine: machine.to_owned(), ..ListExecutions::default() };
        let listed = self.control.list_executions(&list, &Page::default()).expect("it is there").0;
        listed.iter().map(|it| json!(it.status.as_str())).collect()
    }
}

fn definition(states: &Json) -> String {
    let start = states.as_object().and_then(|states| states.keys().next()).expect("a State");
    json!({ "QueryLanguage": "JSONata", "StartAt": start, "States": states }).to_string()
}

fn work(activity: &str, more: &Json) -> Json {
    let mut state = json!({ "Type": "Task", "Resource": activity, "End": true });
    state.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    json!({ "Work": state })
}

/// Asks whoever reads the messages of that name.
fn ask(holder: &str, more: &Json) -> Json {
    let resource = "arn:aws:states:::sqs:sendMessage.waitForTaskToken";
    let mut states = work(resource, more);
    states["Work"]["Arguments"] = json!({ "token": "{% $states.context.Task.Token %}", "payload": holder });
    states
}

async fn a_worker_finishes(stage: &Stage) -> Json {
    let activity = stage.activity("ship");
    let machine = stage.machine("Ship", &work(&activity, &json!({ "HeartbeatSeconds": 60 })));
    let (one, two) = (stage.start(&machine, "one").await, stage.start(&machine, "two").await);
    let (first, second) = (stage.token(&activity, 0).await, stage.token(&activity, 1).await);
    // Whether the task is over by now is what the crash has decided.
    let _ = stage.control.engine().send_task_heartbeat(&first).await;
    stage.succeed(&second, json!(2)).await;
    stage.fail(&first, "Lost").await;
    json!([stage.end(&one).await, stage.end(&two).await])
}

async fn a_worker_falls_silent(stage: &Stage) -> Json {
    let activity = stage.activity("ship");
    let retry =
        json!([{ "ErrorEquals": ["States.HeartbeatTimeout"], "IntervalSeconds": 1, "MaxAttempts": 1 }]);
    let machine = stage.machine("Ship", &work(&activity, &json!({ "HeartbeatSeconds": 60, "Retry": retry })));
    let one = stage.start(&machine, "one").await;
    let silent = stage.token(&activity, 0).await;
    stage.clock.advance(Duration::from_mins(2));
    let second = stage.token(&activity, 1).await;
    let late = stage.control.engine().send_task_success(&silent, Value::Null).await;
    assert_eq!(late, Err(TokenError::TimedOut), "the silent one comes too late");
    stage.succeed(&second, json!("shipped")).await;
    stage.end(&one).await
}

async fn heartbeats(stage: &Stage) -> Json {
    let machine =
        stage.machine("Ask", &ask("clerk", &json!({ "HeartbeatSeconds": 60, "TimeoutSeconds": 100 })));
    let one = stage.start(&machine, "one").await;
    let token = stage.token("clerk", 0).await;
    for _ in 0..2 {
        // As far as the crash leaves it alive.
        let _ = stage.control.engine().send_task_heartbeat(&token).await;
        stage.kept().await;
        stage.clock.advance(Duration::from_secs(55));
        tokio::task::yield_now().await;
    }
    // A heartbeat does not help against the timeout of the whole Task.
    stage.end(&one).await
}

async fn nested(stage: &Stage, pattern: &str) -> Json {
    let activity = stage.activity("ship");
    let child = stage.machine("Child", &work(&activity, &json!({})));
    let resource = format!("arn:aws:states:::states:startExecution{pattern}");
    let arguments = json!({ "StateMachineArn": child, "Input": { "a": 1 } });
    let output = if pattern.is_empty() { json!(0) } else { json!("{% $states.result.Output %}") };
    let call = work(&resource, &json!({ "Arguments": arguments, "Output": output }));
    let parent = stage.machine("Parent", &call);
    let one = stage.start(&parent, "one").await;
    let token = stage.token(&activity, 0).await;
    stage.succeed(&token, json!({ "shipped": true })).await;
    let end = stage.end(&one).await;
    // Without a pattern the parent does not wait.
    while stage.count(&child) != json!(["SUCCEEDED"]) {
        assert!(stage.count(&child).as_array().is_none_or(|all| all.len() <= 1), "one child, once");
        tokio::task::yield_now().await;
    }
    stage.kept().await;
    end
}

async fn a_child_calls_back(stage: &Stage) -> Json {
    let reply = json!({ "Arguments": { "TaskToken": "{% $states.input.token %}", "Output": "\"called\"" } });
    let child = stage.machine("Child", &work("arn:aws:states:::aws-sdk:sfn:sendTaskSuccess", &reply));
    let input = json!({ "token": "{% $states.context.Task.Token %}" });
    let call = json!({ "Arguments": { "StateMachineArn": child, "Input": input } });
    let parent =
        stage.machine("Parent", &work("arn:aws:states:::states:startExecution.waitForTaskToken", &call));
    let one = stage.start(&parent, "one").await;
    let end = stage.end(&one).await;
    while stage.count(&child) == json!(["RUNNING"]) {
        tokio::task::yield_now().await;
    }
    assert_eq!(stage.count(&child).as_array().map(Vec::len), Some(1));
    stage.kept().await;
    end
}

async fn a_parent_is_stopped(stage: &Stage) -> Json {
    let activity = stage.activity("ship");
    let child = stage.machine("Child", &work(&activity, &json!({})));
    let call = json!({ "Arguments": { "StateMachineArn": child } });
    let parent = stage.machine("Parent", &work("arn:aws:states:::states:startExecution.sync:2", &call));
    let one = stage.start(&parent, "one").await;
    let token = stage.token(&activity, 0).await;
    let fault = Fault { error: Some("Enough".into()), cause: None };
    let first = stage.control.stop_execution(&one, fault.clone()).await.expect("it is stopped");
    stage.kept().await;
    let again = stage.control.stop_execution(&one, fault).await.expect("it is over");
    assert_eq!(again, first);
    while stage.count(&child) == json!(["RUNNING"]) {
        tokio::task::yield_now().await;
    }
    let late = stage.control.engine().send_task_success(&token, Value::Null).await;
    assert!(late.is_err(), "nobody waits for it any more");
    json!([stage.end(&one).await, stage.count(&child)])
}

async fn express(stage: &Stage) -> Json {
    let echo = "arn:aws:states:::lambda:invoke";
    let states = json!({
        "A": { "Type": "Wait", "Seconds": 1, "Next": "B" },
        "B": { "Type": "Task", "Resource": echo, "Arguments": { "echo": 1 }, "Next": "C" },
        "C": { "Type": "Task", "Resource": echo, "Arguments": { "token": "t", "payload": "reader" }, "End": true }
    });
    let machine = stage.machine_of(ExecutionType::Express, "Quick", &states);
    let start = StartExecution { machine, ..StartExecution::default() };
    if stage.world.held_by("reader", 0).is_none() {
        stage.control.start_execution(start).expect("it starts");
        stage.kept().await;
    }
    stage.token("reader", 0).await;
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    stage.kept().await;
    json!(null)
}

/// A distributed Map over three items that workers of an Activity do.
fn each(activity: &str) -> Json {
    json!({ "All": {
        "Type": "Map", "Items": "{% [10, 20, 30] %}", "Label": "each", "MaxConcurrency": 2, "End": true,
        "ItemProcessor": {
            "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
            "StartAt": "Work", "States": work(activity, &json!({}))
        }
    } })
}

async fn items(stage: &Stage) -> Json {
    let activity = stage.activity("ship");
    let machine = stage.machine("Each", &each(&activity));
    let one = stage.start(&machine, "one").await;
    for place in 0..3 {
        let token = stage.token(&activity, place).await;
        stage.succeed(&token, json!("done")).await;
    }
    let end = stage.end(&one).await;
    let runs = stage.control.engine().map_runs(&one).await;
    let run = runs.first().expect("a Map Run");
    json!([end, runs.len(), format!("{:?} {:?}", run.items, run.executions)])
}

async fn a_map_run_is_stopped(stage: &Stage) -> Json {
    let activity = stage.activity("ship");
    let machine = stage.machine("Each", &each(&activity));
    let one = stage.start(&machine, "one").await;
    let token = stage.token(&activity, 0).await;
    stage.succeed(&token, json!("done")).await;
    let pending = stage.token(&activity, 1).await;
    stage.control.stop_execution(&one, Fault { error: None, cause: None }).await.expect("it is stopped");
    let end = stage.end(&one).await;
    while stage.control.engine().map_runs(&one).await[0].stopped.is_none() {
        tokio::task::yield_now().await;
    }
    stage.kept().await;
    let late = stage.control.engine().send_task_success(&pending, Value::Null).await;
    assert!(late.is_err(), "nobody waits for it any more");
    let run = stage.control.engine().map_runs(&one).await.remove(0);
    json!([end, format!("{:?} {:?}", run.status, run.items)])
}

async fn a_machine_changes(stage: &Stage) -> Json {
    let pass = |output: &str| json!({ "Output": output });
    let machine = stage.machine("Order", &ask("first", &pass("by the first")));
    let publish = |states: &Json| UpdateStateMachine {
        machine: machine.clone(),
        definition: Some(definition(states)),
        publish: true,
        ..UpdateStateMachine::default()
    };
    let route = |version: u64| [RouteTo { version: format!("{machine}:{version}"), weight: 100 }];
    let has_versions = |count| {
        let versions = stage.control.list_versions(&machine, &Page::default()).expect("a list").0;
        versions.len() >= count
    };
    if !has_versions(1) {
        stage.control.publish_version(&machine, None, None).expect("it is published");
    }
    if stage.control.list_aliases(&machine, &Page::default()).expect("a list").0.is_empty() {
        stage.control.create_alias("live", None, &route(1)).expect("it is created");
    }
    let alias = format!("{machine}:live");
    let one = stage.start(&alias, "one").await;
    stage
        .control
        .update_state_machine(publish(&ask("second", &pass("by the second"))))
        .expect("it is updated");
    stage.control.update_alias(&alias, None, Some(&route(2))).expect("it is updated");
    stage.control.tag(&machine, vec![("stage".to_owned(), "two".to_owned())]).expect("it is tagged");
    let two = stage.start(&alias, "two").await;
    let (first, second) = (stage.token("first", 0).await, stage.token("second", 0).await);
    stage.succeed(&second, json!(null)).await;
    stage.succeed(&first, json!(null)).await;
    let ends = [stage.end(&one).await, stage.end(&two).await];
    let described = stage.control.describe_execution(&one).await.expect("it is known");
    json!([
        ends,
        described.version_arn.as_deref(),
        described.alias_arn.as_deref(),
        stage.control.tags(&machine).expect("tags")
    ])
}

async fn a_machine_goes(stage: &Stage) -> Json {
    let keeper = stage.machine("Kept", &json!({ "A": { "Type": "Succeed" } }));
    let one = stage.start(&keeper, "one").await;
    let machine = stage.machine("Gone", &ask("clerk", &json!({})));
    let start = StartExecution {
        machine: machine.clone(),
        name: Some("one".to_owned()),
        ..StartExecution::default()
    };
    // Told again while it is being deleted, nothing is started any more.
    let _ = stage.control.start_execution(start);
    stage.kept().await;
    stage.control.delete_state_machine(&machine).expect("it is deleted");
    stage.kept().await;
    while stage.control.describe_state_machine(&machine).is_ok() {
        tokio::task::yield_now().await;
    }
    stage.kept().await;
    let gone = stage
        .control
        .describe_execution(&format!("{}:one", machine.replace("stateMachine", "execution")))
        .await;
    json!([stage.end(&one).await, gone.is_err(), stage.tables.count(sfn_engine::journal::Table::Executions)])
}

/// Every change is made once, whatever its condition or its answer says about what was there before.
async fn items_of_a_table(stage: &Stage) -> Json {
    let key = |id: &str| json!({ "id": { "S": id } });
    let call = |action: &str, arguments: Json, fields: Json| {
        let task = json!({ "Type": "Task", "Resource": format!("arn:aws:states:::dynamodb:{action}") });
        let mut arguments = arguments;
        arguments["TableName"] = json!("orders");
        merged(merged(task, json!({ "Arguments": arguments })), fields)
    };
    let count = json!({ "Key": key("a"), "UpdateExpression": "ADD sold :one", "ReturnValues": "UPDATED_NEW",
        "ExpressionAttributeValues": { ":one": { "N": "1" } } });
    let states = json!({
        "A New": call("putItem", json!({ "Item": key("a"), "ConditionExpression": "attribute_not_exists(id)" }),
            json!({ "Next": "B Count" })),
        "B Count": call("updateItem", count,
            json!({ "Assign": { "sold": "{% $states.result.Attributes.sold.N %}" }, "Next": "C Beside" })),
        "C Beside": call("putItem", json!({ "Item": key("b") }), json!({ "Next": "D Gone" })),
        "D Gone": call("deleteItem",
            json!({ "Key": key("b"), "ReturnValues": "ALL_OLD", "ConditionExpression": "attribute_exists(id)" }),
            json!({ "Assign": { "old": "{% $states.result.Attributes.id.S %}" }, "Next": "E Ask" })),
        "E Ask": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken", "Next": "F Read",
            "Arguments": { "token": "{% $states.context.Task.Token %}", "payload": "clerk" } },
        "F Read": call("getItem", json!({ "Key": key("a") }), json!({ "End": true,
            "Output": { "item": "{% $states.result.Item %}", "sold": "{% $sold %}", "old": "{% $old %}" } })),
    });
    let machine = stage.machine("Sell", &states);
    let one = stage.start(&machine, "one").await;
    let token = stage.token("clerk", 0).await;
    stage.succeed(&token, json!(null)).await;
    let end = stage.end(&one).await;
    let left = [sfn_engine::journal::Table::Items, sfn_engine::journal::Table::Answers];
    json!([end, left.map(|table| stage.tables.count(table))])
}

fn merged(mut one: Json, other: Json) -> Json {
    if let (Json::Object(one), Json::Object(other)) = (&mut one, other) {
        one.extend(other);
    }
    one
}

async fn redriven(stage: &Stage) -> Json {
    let activity = stage.activity("ship");
    let machine = stage.machine("Ship", &work(&activity, &json!({})));
    let one = stage.start(&machine, "one").await;
    let first = stage.token(&activity, 0).await;
    stage.fail(&first, "Lost").await;
    if stage.control.describe_execution(&one).await.expect("it is known").redrives == 0 {
        stage.control.finished(&one).await.expect("it is known");
        stage.control.redrive_execution(&one).expect("it may be redriven");
        stage.kept().await;
    }
    let second = stage.token(&activity, 1).await;
    stage.succeed(&second, json!("found")).await;
    stage.end(&one).await
}
