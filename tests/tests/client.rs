//! `sfn::client` against the engine's API on loopback, through AWS's own SDK.
//! Separate because it needs workflows, the client and the engine together, as a user has them.

use std::convert::Infallible;
use std::time::Duration;

use sfn::client::{Client, ClientError, End, State, StateMachine};
use sfn::prelude::*;
use sfn::{Definition, TaskFuture, Workflow};
use sfn_engine::api::Server;
use sfn_engine::driver::TaskFailure;
use sfn_engine::lambda::Closures;
use sfn_engine::services::Services;
use sfn_tests::served::{Served, artifact};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
struct Order {
    id: String,
    cents: u32,
}

#[derive(Debug, PartialEq, thiserror::Error, TaskError)]
enum PaymentError {
    #[error("card declined: {reason}")]
    Declined { reason: String },
}

#[task]
async fn charge(order: Order) -> Result<u32, PaymentError> {
    match order.cents {
        0 => Err(PaymentError::Declined { reason: "nothing to pay".to_owned() }),
        cents => Ok(cents),
    }
}

#[task(timeout = "1h", heartbeat = "10m")]
async fn approve(order: Order, token: TaskToken<bool>) -> Result<(), Infallible> {
    assert!(!order.id.is_empty() && !token.as_str().is_empty(), "somebody will come with it");
    Ok(())
}

#[workflow]
async fn checkout(order: Order) -> Result<u32, Failed> {
    let paid = charge(&order).await?;
    Ok(paid)
}

#[workflow]
async fn approval(order: Order) -> Result<bool, Failed> {
    let granted = approve(&order).await?;
    Ok(granted)
}

#[workflow(express)]
async fn quick_checkout(order: Order) -> Result<u32, Failed> {
    let paid = charge(&order).await?;
    Ok(paid)
}

/// A workflow on a served engine, its tasks as functions of this process.
async fn deploy<W: Workflow>() -> (Server, StateMachine<W>) {
    let definition = Definition::of::<W>();
    let artifact = artifact(&definition);
    let mut text = artifact.definition;
    let mut functions = Closures::new();
    for (task, &entry) in artifact.entry.tasks.iter().zip(definition.tasks()) {
        text = text.replace(&format!("${{{}}}", task.placeholder), &task.name);
        functions = functions.with(task.name.clone(), move |payload| invoke((entry.run)(payload.into())));
    }
    let served = Served::new(Services::new().functions(functions)).await;
    let arn = served.create(&definition, text).await;
    let machine = Client::local(&served.server.url()).state_machine(arn);
    (served.server, machine)
}

async fn invoke(run: TaskFuture) -> Result<sfn_asl::Value, TaskFailure> {
    run.await.map(Into::into).map_err(|failed| TaskFailure::new(failed.error(), failed.cause()))
}

fn order(cents: u32) -> Order {
    Order { id: "o-1".to_owned(), cents }
}

#[tokio::test]
async fn an_execution_gives_the_output_of_its_workflow() {
    let (server, machine) = deploy::<checkout>().await;
    let execution = machine.start("o-1", &order(5)).await.expect("it starts");
    assert_eq!(execution.output().await.expect("it succeeds"), 5);
    let again = Client::local(&server.url()).execution::<checkout>(execution.arn());
    assert_eq!(again.state().await.expect("it is there"), State::Succeeded(5));
    assert_eq!(
        machine.start_unnamed(&order(6)).await.expect("it starts").output().await.expect("it succeeds"),
        6
    );
}

#[tokio::test]
async fn a_name_and_an_input_start_one_execution() {
    let (_server, machine) = deploy::<checkout>().await;
    let first = machine.start("o-1", &order(5)).await.expect("it starts");
    first.output().await.expect("it succeeds");
    let second = machine.start("o-1", &order(5)).await.expect("it is the same");
    assert_eq!(second.arn(), first.arn());
    assert_eq!(machine.run("o-1", &order(5)).await.expect("it is the same"), 5);
    let taken = machine.start("o-1", &order(7)).await.expect_err("another input");
    assert_eq!(
        taken.to_string(),
        "an execution named `o-1` was started with another input: choose another name"
    );
}

#[tokio::test]
async fn a_declared_error_comes_back_typed() {
    let (_server, machine) = deploy::<checkout>().await;
    let Err(ClientError::Failed(failure)) = machine.run("o-1", &order(0)).await else {
        panic!("nothing is to be paid");
    };
    assert_eq!(failure.end, End::Failed);
    let declined = PaymentError::Declined { reason: "nothing to pay".to_owned() };
    assert_eq!(failure.declared::<PaymentError>(), Some(declined));
}

#[tokio::test]
async fn an_execution_goes_on_until_somebody_stops_it() {
    let (_server, machine) = deploy::<approval>().await;
    let execution = machine.start("o-1", &order(5)).await.expect("it starts");
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(execution.state().await.expect("it is there"), State::Running);
    execution.stop(&fail("Withdrawn", "the buyer left")).await.expect("it runs");
    let Err(ClientError::Failed(failure)) = execution.output().await else { panic!("it was stopped") };
    assert_eq!(failure.to_string(), "the execution was stopped: Withdrawn: the buyer left");
}

#[tokio::test]
async fn an_express_workflow_is_run_and_not_asked() {
    let (_server, machine) = deploy::<quick_checkout>().await;
    assert_eq!(machine.run("o-1", &order(5)).await.expect("it succeeds"), 5);
    let Err(ClientError::Failed(failure)) = machine.run("o-1", &order(0)).await else {
        panic!("nothing is to be paid");
    };
    assert!(failure.declared::<PaymentError>().is_some());
    let started = machine.start_unnamed(&order(5)).await.expect("it starts");
    assert!(matches!(started.output().await, Err(ClientError::Express)));
}

#[tokio::test]
async fn what_is_not_there_is_named() {
    let (server, _machine) = deploy::<checkout>().await;
    let client = Client::local(&server.url());
    let nobody = "arn:aws:states:us-east-1:123456789012:stateMachine:nobody";
    let error =
        client.state_machine::<checkout>(nobody).start("o-1", &order(5)).await.expect_err("not there");
    let said = format!("there is no state machine `{nobody}`: is it deployed, in this region and account?");
    assert_eq!(error.to_string(), said);
    let gone = "arn:aws:states:us-east-1:123456789012:execution:checkout:gone";
    let error = client.execution::<checkout>(gone).state().await.expect_err("not there");
    assert!(matches!(error, ClientError::NoExecution(arn) if arn == gone));
}

#[tokio::test]
async fn an_output_of_another_version_is_refused() {
    let (server, machine) = deploy::<checkout>().await;
    let execution = machine.start("o-1", &order(5)).await.expect("it starts");
    execution.output().await.expect("it succeeds");
    let other = Client::local(&server.url()).execution::<approval>(execution.arn());
    let error = other.output().await.expect_err("a number is no decision");
    assert_eq!(
        error.to_string(),
        "the output is not what the workflow declares: .: invalid type: integer `5`, expected a boolean"
    );
}
