//! `cargo sfn run`: builds the workspace and runs one of its workflows under the emitted definition, its tasks served by
//! the real Lambda binary. Apart from what it uses (project, input, display), because here they come together.

mod part;
mod screen;

use crate::duration::readable;
use crate::fault;
use crate::input;
use crate::links::Links;
use crate::personal::Personal;
use crate::project::Project;
use crate::running::Run;
use crate::style::Style;
use part::{Part, Parts, called, machine, named_here};
use screen::{News, Screen};
use sfn_core::TaskManifest;
use sfn_engine::api::Endpoint;
use sfn_engine::control::{Control, Place};
use sfn_engine::core::{Machine, Status};
use sfn_engine::driver::{Clock as _, Engine, Outcome, RealClock, Start, VirtualClock};
use sfn_engine::history::Fault;
use sfn_engine::lambda::{FunctionSpec, Functions as _, Invocation, LogLine, ProcessPool};
use sfn_engine::services::{Handler, Services};
use std::error::Error;
use std::io;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// Builds the workspace and runs a workflow on this machine.
///
/// The definition is the emitted one, the tasks are served by the Lambda binary that would be deployed. States are shown
/// on stderr as they happen; the output goes to stdout.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Args {
    /// The workflow's name.
    workflow: String,
    /// The input; without it, `inputs/<workflow>.json` of the package that deploys the workflow.
    #[arg(long, value_name = "FILE|JSON")]
    input: Option<String>,
    /// Lets waits and the delays of retries pass at once.
    ///
    /// Tasks have the time of this machine all the same: what an idempotent task that died has claimed stays claimed for as long
    /// as its function could have run.
    #[arg(long)]
    virtual_time: bool,
    /// With `--virtual-time`: lets tasks that wait for a token time out, since nobody will complete them.
    #[arg(long, requires = "virtual_time")]
    unattended: bool,
    /// Shows personal data (`Pii`) as it is, and not as `[pii]`.
    #[arg(long)]
    expose: bool,
    /// Builds with optimizations.
    #[arg(long)]
    release: bool,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) enum Ended {
    /// By itself; how is said.
    Concluded(ExitCode),
    /// Because it was stopped.
    Stopped,
}

/// Runs the workflow; fails when it fails.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Box<dyn Error>> {
    let interrupted = async {
        // Where it cannot be waited for, nothing interrupts.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    match once(args, interrupted)? {
        Ended::Concluded(code) => Ok(code),
        Ended::Stopped => {
            eprintln!("\n{}: {} was interrupted", Style::of_stderr().error("error"), args.workflow);
            Ok(ExitCode::from(INTERRUPTED))
        }
    }
}

/// Builds the workspace and runs the workflow, until it ends or is stopped.
pub(crate) fn once(args: &Args, stop: impl Future<Output = ()>) -> Result<Ended, Box<dyn Error>> {
    let project = Project::locate()?;
    let built = project.build(args.release)?;
    let Parts { all: parts, missing } = Parts::of(&project, &built, &args.workflow)?;
    let style = Style::of_stderr();
    for (by, missing) in missing {
        let workflow = missing.replace('-', "_");
        eprintln!(
            "{}: `{by}` executes `{missing}`, which cannot be executed here: no build script of this workspace emits it; \
             give `sfn::build::emit` its `{workflow}::definition()` too",
            style.waiting("warning")
        );
    }
    let Part { workflow, definition, .. } = &parts[0];
    let sample = project.folder(workflow)?.join("inputs").join(format!("{}.json", workflow.name));
    let input = input::read(args.input.as_deref(), &sample)?;
    let machine: Machine = parts[0]
        .text()
        .parse()
        .map_err(|error| format!("{} cannot be run: {error}", definition.path.display()))?;

    let runtime = tokio::runtime::Runtime::new()?;
    let personal = if args.expose {
        Personal::shown()
    } else {
        Personal::of(parts.iter().map(|part| &part.workflow), named_here, self::machine)
    };
    let mut screen = Screen::new(&parts, personal);
    let start = Start::with_input(input.into()).of(&workflow.name);
    let execution = execute(args, &project, &parts, (machine.into(), start), &mut screen, stop);
    let outcome = runtime.block_on(execution)?;
    // A function that hangs in its own code must not keep this program alive.
    runtime.shutdown_timeout(Duration::from_secs(1));

    let Some(outcome) = outcome else { return Ok(Ended::Stopped) };
    let took = readable(outcome.started.until(outcome.ended));
    let states = match screen.entered() {
        1 => "1 state".to_owned(),
        several => format!("{several} states"),
    };
    let code =
        conclude(&workflow.name, &outcome.status, &format!("{took}, {states}"), &screen.personal, style)?;
    eprintln!("{}", style.dim(&format!("  definition: {}", nearby(&definition.path).display())));
    Ok(Ended::Concluded(code))
}

/// The path as one would type it here.
fn nearby(path: &Path) -> &Path {
    let here = std::env::current_dir().ok();
    here.and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path)
}

/// The exit code of a program that Ctrl-C has ended, as shells know it.
pub(crate) const INTERRUPTED: u8 = 130;

fn conclude(
    workflow: &str,
    status: &Status,
    took: &str,
    personal: &Personal,
    style: Style,
) -> io::Result<ExitCode> {
    let (how, fault) = match status {
        Status::Succeeded(output) => {
            eprintln!("\n{} {workflow} ({took})", style.good("succeeded:"));
            let output = personal.output(serde_json::to_value(output)?);
            println!("{output:#}");
            return Ok(ExitCode::SUCCESS);
        }
        Status::Failed(fault) => ("failed with", fault),
        Status::TimedOut(fault) => ("timed out with", fault),
        Status::Aborted(fault) => ("was stopped with", fault),
    };
    eprintln!("\n{}: {workflow} {how} {} ({took})", style.error("error"), style.strong(fault::error(fault)));
    if let Some(cause) = fault.cause.as_deref().filter(|cause| !cause.is_empty()) {
        eprintln!("  cause: {}", personal.hide(cause));
    }
    Ok(ExitCode::FAILURE)
}

/// Runs the execution to its end; `None` when it was stopped before.
async fn execute(
    args: &Args,
    project: &Project,
    parts: &[Part],
    (machine, start): (Arc<Machine>, Start),
    screen: &mut Screen,
    stop: impl Future<Output = ()>,
) -> Result<Option<Arc<Outcome>>, Box<dyn Error>> {
    let (observed, mut news) = mpsc::unbounded_channel();
    let logged = observed.clone();
    let endpoint = Endpoint::bind(0).await?;
    let workflow = &parts[0].workflow;
    let links = Links::bind(&project.settings(&workflow.package).links).await?;
    // Whoever receives the news is gone only when the run is over.
    let values = project.artifacts().join("stored");
    let logs = move |line| drop(logged.send(News::Logged(line)));
    let pool = pool(parts, &values, &endpoint.url(), links.as_ref(), logs);
    let _links = links.map(|links| links.serve(&pool));
    let services = services(parts, &pool);
    let engine = Engine::builder(services.clone())
        .observer(move |observation| drop(observed.send(News::Observed(observation))));
    let engine = match (args.virtual_time, args.unattended) {
        (false, _) => engine,
        (true, false) => engine.clock(VirtualClock::starting(RealClock::new().now())),
        (true, true) => engine.clock(VirtualClock::unattended(RealClock::new().now())),
    };
    let engine = engine.spawn();
    let control = Arc::new(Control::new(engine.clone()));
    services.connect(&control);
    for part in &parts[1..] {
        control.create_state_machine(&Place::default(), part.to_be_executed())?;
    }
    let server = endpoint.tables(&services).serve(Control::clone(&control));
    let run = Run { workflow: workflow.name.clone(), url: server.url() };
    let _announced = run.announce(&project.artifacts())?;

    let execution = engine.start(&machine, start)?;
    let mut tick = tokio::time::interval(Duration::from_millis(100));
    let mut stop = std::pin::pin!(stop);
    let mut finished = std::pin::pin!(execution.finished());
    let outcome = loop {
        tokio::select! {
            biased;
            Some(news) = news.recv() => screen.take(news)?,
            outcome = &mut finished => break Some(outcome),
            () = &mut stop => break None,
            _ = tick.tick() => screen.tick(engine.now())?,
        }
    };
    if outcome.is_none() {
        execution.stop(Fault::default());
    }
    pool.shut_down();
    // The last lines that functions wrote may still be in their pipes.
    while let Ok(Some(news)) = tokio::time::timeout(Duration::from_millis(20), news.recv()).await {
        screen.take(news)?;
    }
    screen.end()?;
    Ok(outcome)
}

fn pool(
    parts: &[Part],
    values: &Path,
    service_url: &str,
    links: Option<&Links>,
    logs: impl Fn(LogLine) + Send + Sync + 'static,
) -> ProcessPool {
    let builder = ProcessPool::builder().service_url(service_url).logs(logs);
    let functions = tasks(parts).map(|(program, task)| {
        let mut spec = FunctionSpec::new(program, &task.name);
        spec.memory_mb = task.memory_mb.unwrap_or(spec.memory_mb);
        if task.idempotent {
            let endpoint = ("AWS_ENDPOINT_URL_DYNAMODB", service_url);
            let set = [endpoint, ("SFN_IDEMPOTENCY_TABLE", IDEMPOTENCY_TABLE)];
            spec.environment.extend(set.map(|(name, value)| (name.to_owned(), value.to_owned())));
            // As it is deployed: a claim lasts as long as its function may.
            let timeout = task.timeout_seconds.map(|seconds| Duration::from_secs(seconds.saturating_add(1)));
            spec.timeout = timeout.map_or(spec.timeout, |timeout| timeout.min(spec.timeout));
        }
        spec.environment.insert("SFN_STORED_FOLDER".to_owned(), values.to_string_lossy().into_owned());
        spec.environment.extend(links.and_then(|links| links.told(&task.name)).into_iter().flatten());
        (called(task), spec)
    });
    let functions = functions.chain(links.map(|links| links.function(&parts[0].program)));
    functions.fold(builder, |builder, (called, spec)| builder.function(called, spec)).build()
}

/// Where the results of idempotent tasks are kept for as long as a run takes.
const IDEMPOTENCY_TABLE: &str = "sfn-idempotency";

/// The tasks of all workflows, each with the program that serves it.
fn tasks(parts: &[Part]) -> impl Iterator<Item = (&Path, &TaskManifest)> {
    parts.iter().flat_map(|part| part.workflow.tasks.iter().map(|task| (part.program.as_path(), task)))
}

/// The functions, and the same program in the place of the workers.
fn services(parts: &[Part], pool: &ProcessPool) -> Services {
    let workers = tasks(parts).map(|(_, task)| task).filter(|task| task.is_activity());
    let services = Services::new().functions(pool.clone()).table(IDEMPOTENCY_TABLE, ["id"]);
    workers.fold(services, |services, task| {
        let (pool, function) = (pool.clone(), called(task));
        let work = move |payload| pool.invoke(Invocation { function: function.clone(), payload });
        services.route(Place::default().activity(&task.name), Handler::new(work))
    })
}
