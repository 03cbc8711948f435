//! Runs a workflow in this process under the very definition that would be deployed. Separate from the native run, which
//! is the function itself: this one shows what the state machine does.

mod native;
mod services;
mod tokens;
mod values;

use sfn_core::emit::{Look, Package, Settings, Sources, prepare, render};
use sfn_core::{
    Definition, Diagnostic, ExecutionManifest, Failed, Surroundings, ValueStore, Workflow, decode, encode,
    fail, load, save,
};
use sfn_engine::control::{Control, CreateStateMachine, Place, Refusal};
use sfn_engine::core::{LoadError, Machine, Status};
use sfn_engine::driver::{
    Engine, Start, StartError, TaskFailure, TaskFuture, TaskRequest, TaskRunner, VirtualClock,
};
use sfn_engine::history::{Fault, HistoryEvent};
use sfn_engine::lambda::Closures;
use sfn_engine::objects::{MemoryStore, ObjectStore};
use sfn_engine::{Timestamp, Value};
use std::sync::Arc;
use tokens::Reachable;
use values::Values;

pub use native::with_objects;
pub use services::with_services;
pub use sfn_engine::services::{Handler, Sent, Services};
pub use sfn_engine::{history, objects};

/// Runs a workflow on the embedded engine, its tasks as functions of this process.
///
/// # Errors
///
/// The workflow cannot become a state machine, or its execution fails: see [`LocalError`].
///
/// ```
/// use sfn::prelude::*;
/// use std::convert::Infallible;
///
/// #[task]
/// async fn double(number: u32) -> Result<u32, Infallible> {
///     Ok(2 * number)
/// }
///
/// #[workflow]
/// async fn quadruple(number: u32) -> Result<u32, Failed> {
///     let twice = double(number).await?;
///     let four_times = double(twice).await?;
///     Ok(four_times)
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sfn::local::LocalError> {
/// assert_eq!(sfn::local::run::<quadruple>(3).await?, 12);
/// # Ok(())
/// # }
/// ```
pub async fn run<W: Workflow>(input: W::Input) -> Result<W::Output, LocalError> {
    let input = encode(&input).map_err(LocalError::Failed)?;
    let finished = Local::new(Definition::of::<W>()).run(input).await?;
    finished.result.and_then(decode).map_err(LocalError::Failed)
}

/// A run to be configured: in real time and seeded at random unless told otherwise.
#[must_use = "nothing runs before `run` is awaited"]
pub struct Local {
    definition: Definition,
    name: Option<String>,
    services: Services,
    clock: Option<VirtualClock>,
    seed: Option<u64>,
    objects: Option<Arc<dyn ObjectStore>>,
}

/// How an execution went.
#[derive(Debug, Clone, PartialEq)]
pub struct Finished {
    /// Its output, or the error and the cause it failed with.
    pub result: Result<serde_json::Value, Failed>,
    /// Every event, as the service would record it.
    pub history: Vec<HistoryEvent>,
}

/// Why a workflow gave no output.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LocalError {
    /// The workflow cannot become a state machine.
    #[error("the workflow cannot become a state machine:\n\n{}", rendered(.0))]
    Definition(Vec<Diagnostic>),
    /// The engine does not run the definition.
    #[error("the engine does not run this definition: {0}")]
    Load(#[from] LoadError),
    /// The engine does not start the execution.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The engine does not take the definition of a workflow that this one executes.
    #[error("the engine does not take a workflow that this one executes: {0}")]
    Executed(#[from] Refusal),
    /// The task tokens of this process go to Step Functions.
    #[error("the task tokens of this process go elsewhere: `sfn::client::install_tokens` was called before")]
    TokensTaken,
    /// The execution failed, or its input or output is not what the workflow declares.
    #[error(transparent)]
    Failed(Failed),
}

impl Local {
    /// A run of a workflow: `order_saga::definition()`, or one built by hand.
    pub fn new(definition: Definition) -> Self {
        Self { definition, name: None, services: Services::new(), clock: None, seed: None, objects: None }
    }

    /// The name of the execution; made up unless told otherwise. [`NativeRun`](crate::NativeRun) gives a native run one.
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    /// Who stands in for the services it calls; [`with_services`] takes the same for a native run.
    pub fn services(self, services: &Services) -> Self {
        Self { services: services.clone(), ..self }
    }

    /// Lets waits and the delays of retries pass at once; time begins at the Unix epoch.
    ///
    /// While a task works, and while somebody may still come with a task token, time stands still.
    pub fn virtual_time(self) -> Self {
        Self { clock: Some(VirtualClock::at_epoch()), ..self }
    }

    /// As [`virtual_time`](Self::virtual_time), but nobody will come with a task token once the tasks have returned: time
    /// goes on to its timeout.
    pub fn unattended(self) -> Self {
        Self { clock: Some(VirtualClock::unattended(Timestamp::default())), ..self }
    }

    /// Where randomness (the jitter of retries, task tokens, `$random`) starts from.
    pub fn seed(self, seed: u64) -> Self {
        Self { seed: Some(seed), ..self }
    }

    /// Where distributed maps read their items and write their results; nothing is there unless told otherwise. What is too
    /// large to travel (`Stored`) is kept there too.
    ///
    /// ```
    /// use sfn::local::objects::FolderStore;
    ///
    /// let definition = sfn::Definition::from_flow("answer", "", |flow| flow.succeed(sfn::literal(42)));
    /// let local = sfn::local::Local::new(definition).objects(FolderStore::new("tests/buckets"));
    /// # let _ = local;
    /// ```
    pub fn objects(self, store: impl ObjectStore) -> Self {
        Self { objects: Some(Arc::new(store)), ..self }
    }

    /// Runs the workflow to its end.
    ///
    /// # Errors
    ///
    /// The workflow cannot be run at all. An execution that fails is a [`Finished`].
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub async fn run(self, input: serde_json::Value) -> Result<Finished, LocalError> {
        let Self { definition, name, services, clock, seed, objects } = self;
        let objects = objects.unwrap_or_else(|| Arc::new(MemoryStore::new()));
        let values = Arc::new(Values(Arc::clone(&objects)));
        let Prepared { machine, functions, workers, executed } = prepared(&definition, &values)?;
        let input = save(&*values, input).await.map_err(LocalError::Failed)?;
        let reachable = Reachable::new().ok_or(LocalError::TokensTaken)?;
        let services = workers
            .into_iter()
            .fold(services.functions(functions), |services, (arn, handler)| services.route(arn, handler));
        let mut engine = Engine::builder(Issuing { runner: services.clone(), issue: reachable.issuer() });
        if let Some(clock) = clock {
            engine = engine.clock(clock);
        }
        if let Some(seed) = seed {
            engine = engine.seed(seed);
        }
        let engine = engine.objects(objects).spawn();
        reachable.at(&engine);
        let control = Arc::new(Control::new(engine.clone()));
        services.connect(&control);
        for machine in executed {
            control.create_state_machine(&Place::default(), machine)?;
        }
        let start = Start { name, ..Start::with_input(input.into()).of(definition.name()) };
        let outcome = engine.start(&machine, start)?.finished().await;
        let result = match &outcome.status {
            Status::Succeeded(output) => load(&*values, output.into()).await,
            Status::Failed(fault) | Status::TimedOut(fault) | Status::Aborted(fault) => Err(failed(fault)),
        };
        Ok(Finished { result, history: outcome.history.clone() })
    }
}

impl std::fmt::Debug for Local {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { definition, name, services: _, clock, seed, objects: _ } = self;
        let mut local = formatter.debug_struct("Local");
        local
            .field("definition", definition)
            .field("name", name)
            .field("clock", clock)
            .field("seed", seed)
            .finish_non_exhaustive()
    }
}

/// A runner whose tokens are made known before anybody can use them.
struct Issuing<R, I> {
    runner: R,
    issue: I,
}

impl<R: TaskRunner, I: Fn(&str) + Send + Sync + 'static> TaskRunner for Issuing<R, I> {
    fn run(&self, request: TaskRequest) -> TaskFuture {
        request.token.iter().for_each(|token| (self.issue)(token));
        self.runner.run(request)
    }
}

/// What a run needs.
struct Prepared {
    /// The machine of the emitted text.
    machine: Arc<Machine>,
    /// The tasks under the names by which the definitions call them.
    functions: Closures,
    /// The tasks that workers do, under the ARNs of their activities.
    workers: Vec<(String, Handler)>,
    /// The workflows that it executes.
    executed: Vec<CreateStateMachine>,
}

fn prepared(definition: &Definition, values: &Arc<Values>) -> Result<Prepared, LocalError> {
    let package = Package { name: String::new(), dir: String::new() };
    let mut all = vec![definition.clone()];
    let mut next = 0;
    while let Some(known) = all.get(next) {
        let callees: Vec<_> = known.callees().iter().map(|callee| (callee.definition)()).collect();
        for callee in callees {
            if !all.iter().any(|known| known.name() == callee.name()) {
                all.push(callee);
            }
        }
        next += 1;
    }
    let artifacts = prepare(&package, &all, &Settings::default()).map_err(LocalError::Definition)?;
    let (mut functions, mut workers) = (Closures::new(), Vec::new());
    let (mut executed, mut machine) = (Vec::new(), None);
    let surroundings = with_values(Surroundings::current().with_any_idempotency_store(), values);
    for artifact in artifacts.workflows {
        let Some(known) = all.iter().find(|known| known.name() == artifact.entry.name) else { continue };
        let mut text = with_arns(artifact.definition, &artifact.entry.executions);
        for (task, &entry) in artifact.entry.tasks.iter().zip(known.tasks()) {
            let (run, surroundings) = (entry.run, surroundings.clone());
            let run = move |payload: Value| {
                let surroundings = surroundings.clone().within(entry.spec.timeout);
                surroundings.around(invoke(run(payload.into())))
            };
            let called = format!("${{{}}}", task.placeholder);
            if task.is_activity() {
                let arn = Place::default().activity(&task.name);
                text = text.replace(&called, &arn);
                workers.push((arn, Handler::new(run)));
            } else {
                functions = functions.with(called, run);
            }
        }
        if known.name() == definition.name() {
            machine = Some(Arc::new(text.parse::<Machine>()?));
        } else {
            let kind = known.kind();
            let create = CreateStateMachine::new(known.name(), text, "arn:aws:iam::123456789012:role/local");
            executed.push(CreateStateMachine { kind, ..create });
        }
    }
    let machine = machine.ok_or_else(|| LocalError::Definition(Vec::new()))?;
    Ok(Prepared { machine, functions, workers, executed })
}

/// What surrounds a handler; it keeps the store of values that it has.
fn with_values(surroundings: Surroundings, values: &Arc<Values>) -> Surroundings {
    match surroundings.value_store {
        Some(_) => surroundings,
        None => surroundings.with_value_store(Arc::clone(values) as Arc<dyn ValueStore>),
    }
}

/// A definition with the ARNs that the workflows it executes have here.
fn with_arns(definition: String, executions: &[ExecutionManifest]) -> String {
    let Place { region, account } = Place::default();
    executions.iter().fold(definition, |text, execution| {
        let arn = format!("arn:aws:states:{region}:{account}:stateMachine:{}", execution.workflow);
        text.replace(&format!("${{{}}}", execution.placeholder), &arn)
    })
}

/// A task as its Lambda function would run it.
async fn invoke(run: sfn_core::TaskFuture) -> Result<Value, TaskFailure> {
    run.await.map(Value::from).map_err(|failed| TaskFailure::new(failed.error(), failed.cause()))
}

fn failed(fault: &Fault) -> Failed {
    let text = |part: &Option<Arc<str>>| part.as_deref().unwrap_or_default().to_owned();
    fail(text(&fault.error), text(&fault.cause))
}

fn rendered(diagnostics: &[Diagnostic]) -> String {
    let sources = Sources::from(std::env::current_dir().unwrap_or_default());
    diagnostics
        .iter()
        .map(|diagnostic| render(diagnostic, &sources, Look::Plain))
        .collect::<Vec<_>>()
        .join("\n\n")
}
