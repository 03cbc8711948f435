//! A workflow that another one executes: Step Functions' own integration, waited for or only started.
//! Separate from its native call because to the workflow that executes it, it is a task whose work a service does.

use std::convert::Infallible;
use std::marker::PhantomData;

use serde_json::Value;
use tokio::sync::oneshot;

use super::NativeWorkflow;
use super::workflow::execute;
use crate::distributed::among_objects;
use crate::integration::{Given, IntegrationSpec, Request, among_services};
use crate::ir::{Expr, ExprKind};
use crate::lower::workflow_placeholder;
use crate::native::{as_execution, carried, saga_in};
use crate::payload::{decode, encode};
use crate::{AnyVal, Failed, Payload, Retry, Shape, Surroundings, Task, TaskSpec, Workflow, execution, fail};

/// The key under which the service finds out which execution started another.
const STARTED_BY: &str = "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID";

/// A workflow executed to its end.
#[derive(Debug)]
pub struct Nested<W>(PhantomData<fn() -> W>);

/// A workflow that is started and left: gives the ARN of its execution.
#[derive(Debug)]
pub struct Started<W>(PhantomData<fn() -> W>);

impl<W: NativeWorkflow + 'static> Task for Nested<W> {
    type Output = W::Output;
    type Error = Infallible;

    const SPEC: TaskSpec = TaskSpec {
        doc: W::SPEC.doc,
        retry: Retry::None,
        integration: Some(IntegrationSpec {
            arguments: &["input"],
            request: |given| executed::<W>("states:startExecution.sync:2", W::SPEC.name.to_owned(), given),
            answer: |result| part(&result, "Output"),
            transient: &["States.TaskFailed"],
            executes: true,
        }),
        ..TaskSpec::new::<Self>(W::SPEC.name, W::SPEC.origin)
    };

    async fn run(input: Value) -> Result<Value, Failed> {
        encode(&execute::<W>(input).await?)
    }
}

impl<W: NativeWorkflow + 'static> Task for Started<W> {
    type Output = String;
    type Error = Infallible;

    const SPEC: TaskSpec = TaskSpec {
        doc: W::SPEC.doc,
        retry: Retry::None,
        integration: Some(IntegrationSpec {
            arguments: &["input"],
            request: |given| executed::<W>("states:startExecution", format!("start-{}", W::SPEC.name), given),
            answer: |result| part(&result, "ExecutionArn"),
            transient: &[],
            executes: false,
        }),
        ..TaskSpec::new::<Self>(W::SPEC.name, W::SPEC.origin)
    };

    async fn run(input: Value) -> Result<Value, Failed> {
        decode::<W::Input>(input.clone())?;
        let (tell, told) = oneshot::channel();
        let run = as_execution(W::SPEC.name, input.clone(), async move {
            // Whoever started it may have ended.
            let _gone = tell.send(execution().id());
            saga_in(W::COMPENSATION, W::run(decode(input)?)).await
        });
        tokio::spawn(among_services(among_objects(Surroundings::current().around(carried(run)))));
        let id = told.await.map_err(|_| fail("States.Runtime", "the execution did not begin"))?;
        Ok(Value::from(id))
    }
}

fn executed<W: Workflow>(action: &str, name: String, given: &Given) -> Request {
    let machine = format!("${{{}}}", workflow_placeholder(W::SPEC.name));
    let input = given.get("input").unwrap_or_else(AnyVal::unit);
    let entries = vec![
        ("StateMachineArn".to_owned(), Expr::new(ExprKind::Placeholder(machine))),
        ("Input".to_owned(), associated::<W>(&input.expr)),
    ];
    let arguments = AnyVal::new(Expr::new(ExprKind::Object(entries)), Shape::Any);
    Request { name: Some(name), ..Request::new(action, arguments.with_faults_of([&input])) }
}

/// An input with the id of the execution that starts another, where it has room for it.
fn associated<W: Workflow>(input: &Expr) -> Expr {
    if !matches!(W::Input::shape(), Shape::Record(_)) {
        return input.clone();
    }
    let id = Expr::new(ExprKind::Raw { text: "$states.context.Execution.Id".into(), names: Vec::new() });
    let association = (STARTED_BY.to_owned(), id);
    match input.kind() {
        ExprKind::Object(entries) => {
            Expr::new(ExprKind::Object(entries.iter().cloned().chain([association]).collect()))
        }
        _ => Expr::new(ExprKind::Merge(vec![input.clone(), Expr::new(ExprKind::Object(vec![association]))])),
    }
}

fn part(result: &AnyVal, name: &str) -> AnyVal {
    AnyVal::new(Expr::field(&result.expr, name, None), Shape::Any)
}
