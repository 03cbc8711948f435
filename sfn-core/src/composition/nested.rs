//! A workflow that another one executes: Step Functions' own integration, waited for or only started.
//! Separate from its native call because to the workflow that executes it, it is a task whose work a service does.

use std::convert::Infallible;
use std::marker::PhantomData;

use serde_json::Value;
use tokio::sync::oneshot;

use super::NativeWorkflow;
use super::workflow::execute;
use crate::distributed::among_objects;
use crate::integration::{ExecutionCall, Given, IntegrationSpec, Request, among_services};
use crate::ir::{Element, Expr, ExprKind, Operator};
use crate::lower::workflow_placeholder;
use crate::native::{as_execution, carried, saga_in};
use crate::payload::{decode, encode};
use crate::shape::{Content, Tagging};
use crate::{AnyVal, Failed, Payload, Retry, Shape, Surroundings, Task, TaskSpec, Workflow, execution, fail};

/// The key under which the service finds out which execution started another.
const STARTED_BY: &str = "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID";

/// The only argument of a workflow.
pub(super) const INPUT: &str = "input";

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
            arguments: &[INPUT],
            request: |given| executed::<W>("states:startExecution.sync:2", W::SPEC.name.to_owned(), given),
            answer: |result| part(&result, "Output"),
            transient: &["States.TaskFailed"],
            execution: Some(ExecutionCall::Awaited),
        }),
        ..TaskSpec::new::<Self>(W::SPEC.name, W::SPEC.origin)
    };

    async fn run(mut payload: Value) -> Result<Value, Failed> {
        encode(&execute::<W>(payload[INPUT].take()).await?)
    }
}

impl<W: NativeWorkflow + 'static> Task for Started<W> {
    type Output = String;
    type Error = Infallible;

    const SPEC: TaskSpec = TaskSpec {
        doc: W::SPEC.doc,
        retry: Retry::None,
        integration: Some(IntegrationSpec {
            arguments: &[INPUT],
            request: |given| executed::<W>("states:startExecution", format!("start-{}", W::SPEC.name), given),
            answer: |result| part(&result, "ExecutionArn"),
            transient: &[],
            execution: Some(ExecutionCall::Started),
        }),
        ..TaskSpec::new::<Self>(W::SPEC.name, W::SPEC.origin)
    };

    async fn run(mut payload: Value) -> Result<Value, Failed> {
        let input = payload[INPUT].take();
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
    let input = given.get(INPUT).unwrap_or_else(AnyVal::unit);
    let entries = vec![
        ("StateMachineArn".to_owned(), Expr::new(ExprKind::Placeholder(machine))),
        ("Input".to_owned(), started_with(&W::Input::shape(), &input.expr)),
    ];
    let arguments = AnyVal::new(Expr::new(ExprKind::Object(entries)), Shape::Any);
    Request { name: Some(name), ..Request::new(action, arguments.with_faults_of([&input])) }
}

/// An input as the service takes it: as it is or, where it would take it for something else, as JSON text. A text it takes
/// for that, and `null` for an empty object.
fn started_with(shape: &Shape, input: &Expr) -> Expr {
    let is_text_or_null = Expr::binary(
        Operator::In,
        &Expr::function("type", [input.clone()]),
        &Expr::literal(vec!["string", "null"]),
    );
    match (shape, may_be_text_or_null(shape)) {
        (Shape::Record(_), _) => associated(input),
        (Shape::String | Shape::Timestamp, _) => json_text(input),
        (_, false) => input.clone(),
        (_, true) => Expr::new(ExprKind::If {
            condition: is_text_or_null,
            then: json_text(input),
            otherwise: input.clone(),
        }),
    }
}

fn may_be_text_or_null(shape: &Shape) -> bool {
    match shape {
        Shape::Any | Shape::String | Shape::Timestamp | Shape::Option(_) => true,
        Shape::Newtype(newtype) => may_be_text_or_null(&(newtype.inner)()),
        Shape::Enum(of) => match of.tagging {
            Tagging::External => of.variants.iter().any(|variant| matches!(variant.content, Content::Unit)),
            Tagging::Internal { .. } | Tagging::Adjacent { .. } => false,
            Tagging::Untagged => true,
        },
        // Without an input there is nothing to be taken for anything.
        Shape::Null
        | Shape::Bool
        | Shape::Float
        | Shape::Float32
        | Shape::Integer(_)
        | Shape::Array(_)
        | Shape::Map(_)
        | Shape::Tuple(_)
        | Shape::Record(_) => false,
    }
}

/// A text, or `null`, as JSON text: the only element of an array without its brackets.
fn json_text(value: &Expr) -> Expr {
    if let Some(known) = value.as_literal() {
        return Expr::literal(known.to_string());
    }
    let array = Expr::new(ExprKind::Array(vec![Element::Plain(value.clone())]));
    let text = Expr::new(ExprKind::Text(array));
    Expr::function("replace", [text, Expr::pattern(r"^\[|\]$"), Expr::literal("")])
}

/// An input with the id of the execution that starts another.
fn associated(input: &Expr) -> Expr {
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
