//! Tasks in the actor: handed over to the runner, answered, queued for workers, forgotten.
//! Separate because everything that is asked of somebody outside goes out and comes back here.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::{AbortHandle, Abortable};
use sfn_asl::Value;

use super::{Actor, ExecutionKey};
use crate::Timestamp;
use crate::core::{Event, Pattern, Resource, ResourceKind, TaskId, TaskStart};
use crate::driver::activities::{ActivityTask, Waiting};
use crate::driver::observer::Observed;
use crate::driver::runner::{Answer, Job, TaskFailure, TaskRequest};

/// What becomes of work in progress.
pub(super) enum Done {
    Answered(Result<Answer, TaskFailure>),
    JobEnded(Result<Value, TaskFailure>),
    /// Nobody wanted it any more.
    GivenUp,
}

/// A task that was handed over.
pub(super) struct Handed {
    pub(super) resource: Arc<Resource>,
    token: Option<Arc<str>>,
    /// Whether somebody outside the engine is still at work, so that time must not jump.
    pub(super) is_awaited: bool,
    /// Gives up the job that it has become.
    job: Option<AbortHandle>,
    /// What a worker is to be given, if it is an Activity's.
    input: Option<Value>,
}

impl Actor {
    pub(super) fn done(&mut self, key: ExecutionKey, task: TaskId, done: Done) {
        let Some(running) = self.executions.get_mut(&key) else { return };
        let Some(handed) = running.tasks.get_mut(&task) else { return };
        if std::mem::replace(&mut handed.is_awaited, false) {
            self.awaited -= 1;
        }
        match done {
            Done::Answered(Ok(Answer::Response(output))) => self.responded(key, task, output),
            Done::Answered(Ok(Answer::Job(job))) => self.submitted(key, task, job),
            Done::Answered(Ok(Answer::Worker)) => self.queue(key, task),
            Done::Answered(Err(failure)) | Done::JobEnded(Err(failure)) => self.failed(key, task, failure),
            Done::JobEnded(Ok(output)) => self.handle(key, Event::TaskSucceeded { task, output }),
            Done::GivenUp => {}
        }
    }

    fn responded(&mut self, key: ExecutionKey, task: TaskId, output: Value) {
        let Some(handed) = self.handed(key, task) else { return };
        match (handed.resource.kind(), handed.resource.pattern()) {
            (ResourceKind::Activity, _) => {
                self.handle(key, Event::TaskStarted { task, worker: None });
                self.handle(key, Event::TaskSucceeded { task, output });
            }
            (_, Pattern::RunAJob) => {
                self.handle(key, Event::TaskAnswered { task, output: output.clone() });
                self.handle(key, Event::TaskSucceeded { task, output });
            }
            (_, Pattern::WaitForCallback | Pattern::RequestResponse) => {
                self.handle(key, Event::TaskAnswered { task, output });
            }
        }
    }

    /// The request was taken; the job goes on as work of its own until it ends or nobody wants it.
    fn submitted(&mut self, key: ExecutionKey, task: TaskId, job: Job) {
        let Some(handed) = self.handed(key, task) else { return };
        let (handle, registration) = AbortHandle::new_pair();
        handed.job = Some(handle);
        let pattern = handed.resource.pattern();
        handed.is_awaited = !job.is_inside;
        self.awaited += usize::from(!job.is_inside);
        let result = Abortable::new(AssertUnwindSafe(job.result).catch_unwind(), registration);
        let ended = async move {
            match result.await {
                Ok(Ok(result)) => Done::JobEnded(result),
                Ok(Err(panic)) => Done::JobEnded(Err(panicked(&panic))),
                Err(_) => Done::GivenUp,
            }
        };
        self.work.push(async move { (key, task, ended.await) }.boxed());
        // In Request Response nothing is submitted; such a job is only an answer that takes its time.
        if pattern != Pattern::RequestResponse {
            self.handle(key, Event::TaskAnswered { task, output: job.submitted });
        }
    }

    fn failed(&mut self, key: ExecutionKey, task: TaskId, failure: TaskFailure) {
        self.handle(key, Event::TaskFailed { task, fault: failure.into() });
    }

    /// Puts the task of an Activity where a worker will find it.
    fn queue(&mut self, key: ExecutionKey, task: TaskId) {
        let Some(handed) = self.handed(key, task) else { return };
        let arn = Arc::clone(handed.resource.arn());
        let Some((token, input)) = handed.token.clone().zip(handed.input.take()) else { return };
        let waiting = Waiting { execution: key, task, handout: ActivityTask { token, input } };
        match self.activities.schedule(&arn, waiting) {
            Ok(()) => self.pair(&arn),
            Err(error) => self.failed(key, task, TaskFailure::new("States.Runtime", error.to_string())),
        }
    }

    /// Gives tasks to workers for as long as an Activity has both.
    pub(super) fn pair(&mut self, arn: &str) {
        loop {
            let executions = &self.executions;
            let is_wanted = |waiting: &Waiting| {
                executions.get(&waiting.execution).is_some_and(|it| it.tasks.contains_key(&waiting.task))
            };
            let Some((waiting, poll)) = self.activities.pair(arn, is_wanted) else { return };
            match poll.reply.send(waiting.handout) {
                Ok(()) => {
                    let started = Event::TaskStarted { task: waiting.task, worker: poll.worker };
                    self.handle(waiting.execution, started);
                }
                Err(handout) => self.activities.put_back(arn, Waiting { handout, ..waiting }),
            }
        }
    }

    pub(super) fn handed(&mut self, key: ExecutionKey, task: TaskId) -> Option<&mut Handed> {
        self.executions.get_mut(&key)?.tasks.get_mut(&task).map(Box::as_mut)
    }

    pub(super) fn hand_over(&mut self, key: ExecutionKey, now: Timestamp, start: TaskStart) {
        let Some(running) = self.executions.get_mut(&key) else { return };
        let is_activity = *start.resource.kind() == ResourceKind::Activity;
        let handed = Handed {
            resource: Arc::clone(&start.resource),
            token: start.token.clone(),
            is_awaited: true,
            job: None,
            input: is_activity.then(|| start.arguments.clone()),
        };
        running.tasks.insert(start.task, Box::new(handed));
        self.awaited += 1;
        let identity = Arc::clone(&running.identity);
        let request = TaskRequest::of(&start, identity, running.test_case.clone(), running.number, now);
        let (state, resource) = (start.state, start.resource);
        if let Some(token) = start.token {
            // A job ends by itself; its token is one more way for it to end.
            let is_expected = resource.pattern() != Pattern::RunAJob;
            self.tokens.issue(Arc::clone(&token), key, start.task, is_expected);
            if resource.pattern() == Pattern::WaitForCallback {
                let state = Arc::clone(&state);
                self.observe(key, now, || Observed::WaitingForToken { state, token });
            }
        }
        self.observe(key, now, || Observed::TaskStarted { state, resource, attempt: start.attempt });
        match &mut self.replay {
            Some(replay) => replay.requests.push((key, start.task, request)),
            None => self.run_task(key, start.task, request),
        }
    }

    pub(super) fn run_task(&mut self, key: ExecutionKey, task: TaskId, request: TaskRequest) {
        let number = self.executions.get(&key).and_then(|running| running.number);
        let persisted = self.keeper.as_ref().filter(|_| number.is_some()).map(super::past::Keeper::persisted);
        let runner = Arc::clone(&self.runner);
        // Asked inside, since a runner may panic before there is anything to wait for.
        let begun = async move {
            if let Some(persisted) = persisted {
                persisted.await;
            }
            runner.run(request).await
        };
        let work = AssertUnwindSafe(begun).catch_unwind();
        self.work.push(
            async move {
                let answer = work.await.unwrap_or_else(|panic| Err(panicked(&panic)));
                (key, task, Done::Answered(answer))
            }
            .boxed(),
        );
    }

    /// Forgets the task that an event is the end of.
    pub(super) fn end_task(&mut self, key: ExecutionKey, event: &Event) {
        match event {
            Event::TaskSucceeded { task, .. } | Event::TaskFailed { task, .. } => self.forget(key, *task),
            // Where a Task Token is out, or a job goes on, the answer to the request is not the end.
            Event::TaskAnswered { task, .. }
                if self
                    .handed(key, *task)
                    .is_some_and(|handed| handed.resource.pattern() == Pattern::RequestResponse) =>
            {
                self.forget(key, *task);
            }
            _ => {}
        }
    }

    /// Nobody waits for a task any more. Its runner is left alone: the service does not stop a function either.
    fn forget(&mut self, key: ExecutionKey, task: TaskId) {
        let handed = self.executions.get_mut(&key).and_then(|running| running.tasks.remove(&task));
        if let Some(handed) = handed {
            self.release(*handed);
        }
    }

    /// Nobody waits for a task any more, also not those who go through its past again.
    pub(super) fn cancel(&mut self, key: ExecutionKey, task: TaskId) {
        if let Some(replay) = &mut self.replay {
            replay.cancelled.insert((key, task));
        }
        self.forget(key, task);
    }

    /// The token of a task is spent, and the job it has become is given up, unless that was how it ended.
    pub(super) fn release(&mut self, handed: Handed) {
        self.awaited -= usize::from(handed.is_awaited);
        if let Some(token) = handed.token {
            self.tokens.spend(&token);
        }
        if let Some(job) = handed.job {
            job.abort();
        }
    }
}

/// A runner that panicked has failed its task, not the engine.
pub(crate) fn panicked(panic: &Box<dyn Any + Send>) -> TaskFailure {
    TaskFailure::new("Task.Panicked", words(panic).unwrap_or("the task runner panicked"))
}

/// What a panic said.
pub(super) fn words(panic: &Box<dyn Any + Send>) -> Option<&str> {
    panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str))
}
