//! The Task State: hands work over, and takes what comes back, or notices that nothing does.
//! Separate because each State type has a file of its own.

use std::sync::Arc;
use std::time::Duration;

use sfn_asl::{QueryLanguage, Value};

use crate::core::data::Operand;
use crate::core::event::{Command, TaskId, TaskStart};
use crate::core::execution::{Alarm, Execution, Progress, Seen, Stage, Trouble};
use crate::core::failure::FailureOrigin;
use crate::core::machine::{Kind, Node, Task};
use crate::core::quota::exceeds_payload;
use crate::core::strand::{Attempt, Doing, StrandId};
use crate::core::{Failure, Pattern, Resource, ResourceKind};
use crate::history::{Details, Fault, Scheduled};

impl Execution {
    pub(in crate::core) fn start_task(
        &mut self,
        id: StrandId,
        node: &Node,
        input: Value,
        task: &Task,
    ) -> Result<Progress, Trouble> {
        let is_activity = *task.resource.kind() == ResourceKind::Activity;
        let is_answered_later = task.resource.pattern() != Pattern::RequestResponse;
        let token: Option<Arc<str>> = (is_activity || is_answered_later).then(|| self.random.token().into());
        // An Activity's token is for its worker only.
        self.strand(id).token = token.clone().filter(|_| is_answered_later);

        let scope = self.scope(id, node, Seen::Input(input.clone()));
        let arguments = match &task.arguments {
            Some(template) => template.evaluate(&scope)?,
            None => input,
        };
        let shown = match node.language {
            QueryLanguage::JsonPath => Stage::AfterParameters,
            QueryLanguage::Jsonata => Stage::AfterArguments,
        };
        self.note(shown, || arguments.clone());
        let seconds = |operand: &Option<Operand>, field| {
            operand.as_ref().map(|operand| operand.positive_seconds(field, &scope)).transpose()
        };
        let timeout = seconds(&task.timeout, "TimeoutSecondsPath")?;
        let heartbeat = seconds(&task.heartbeat, "HeartbeatSecondsPath")?;
        let credentials = task.credentials.as_ref().map(|template| template.evaluate(&scope)).transpose()?;
        drop(scope);
        if exceeds_payload(&arguments) {
            return Err(Failure::too_large(FailureOrigin::State, &node.name).into());
        }
        if let Some(mocked) = self.mocked() {
            if let Ok(Progress::Done(result)) = &mocked {
                self.note(Stage::Result, || result.clone());
            }
            return mocked;
        }

        let resource = Arc::clone(&task.resource);
        let scheduled = Details::TaskScheduled(Box::new(Scheduled {
            resource: Arc::clone(&resource),
            region: Arc::clone(&self.identity.region),
            parameters: arguments.clone(),
            timeout,
            heartbeat,
            credentials,
        }));
        self.advance(id, scheduled);
        if !is_activity {
            self.advance(id, Details::TaskStarted { resource: Arc::clone(&resource), worker: None });
        }

        let name = TaskId(self.name());
        let deadline = timeout.map(|seconds| self.now.after(whole_seconds(seconds)));
        let timeout = deadline.map(|at| self.set_timer(at, Alarm::TaskLate(id, FailureOrigin::Timeout)));
        let period = heartbeat.map(whole_seconds);
        let silence = Alarm::TaskLate(id, FailureOrigin::MissedHeartbeat);
        // Nobody can be silent before a worker has taken up the Task.
        let winder =
            period.filter(|_| !is_activity).map(|period| self.set_timer(self.now.after(period), silence));
        self.tasks.insert(name, id);
        let strand = self.strand(id);
        let attempt = strand.retries.iter().sum();
        let submitted = false;
        strand.doing = Doing::Task(Attempt { task: name, timeout, period, heartbeat: winder, submitted });
        let state = Arc::clone(&node.name);
        let heartbeat = period;
        let start = TaskStart { task: name, state, resource, arguments, token, attempt, deadline, heartbeat };
        self.command(Command::StartTask(start));
        Ok(Progress::Pending)
    }

    /// A worker has taken up the Task of an Activity.
    pub(in crate::core) fn task_started(&mut self, task: TaskId, worker: Option<Arc<str>>) {
        let machine = Arc::clone(&self.machine);
        let Some((id, _, resource)) = self.running(&machine, task) else { return };
        self.advance(id, Details::TaskStarted { resource, worker });
        if let Doing::Task(Attempt { heartbeat: None, period: Some(period), .. }) = self.strand(id).doing {
            self.wind_heartbeat(id, period);
        }
    }

    pub(in crate::core) fn task_answered(&mut self, task: TaskId, output: Value) {
        let machine = Arc::clone(&self.machine);
        let Some((id, _, resource)) = self.running(&machine, task) else { return };
        if resource.pattern() == Pattern::RequestResponse {
            return self.task_succeeded(task, output);
        }
        if let Doing::Task(attempt) = &mut self.strand(id).doing
            && !std::mem::replace(&mut attempt.submitted, true)
        {
            self.advance(id, Details::TaskSubmitted { resource, output });
        }
    }

    pub(in crate::core) fn task_succeeded(&mut self, task: TaskId, output: Value) {
        let machine = Arc::clone(&self.machine);
        let Some((id, node, resource)) = self.running(&machine, task) else { return };
        self.end_attempt(id);
        if exceeds_payload(&output) {
            let failure = Failure::too_large(FailureOrigin::Task, resource.service());
            self.advance(id, Details::TaskFailed { resource, fault: failure.fault.clone() });
            return self.fail_state(id, node, failure.into());
        }
        self.advance(id, Details::TaskSucceeded { resource, output: output.clone() });
        self.note(Stage::Result, || output.clone());
        self.succeed_state(id, node, output);
    }

    pub(in crate::core) fn task_failed(&mut self, task: TaskId, fault: Fault) {
        let machine = Arc::clone(&self.machine);
        let Some((id, node, resource)) = self.running(&machine, task) else { return };
        self.end_attempt(id);
        self.advance(id, Details::TaskFailed { resource, fault: fault.clone() });
        self.fail_state(id, node, Failure::of_task(fault).into());
    }

    pub(in crate::core) fn task_late(&mut self, id: StrandId, origin: FailureOrigin) {
        let machine = Arc::clone(&self.machine);
        let node = self.node(&machine, id);
        let Kind::Task(task) = &node.kind else { return };
        if let Some(name) = self.end_attempt(id) {
            self.command(Command::CancelTask(name));
        }
        let failure = Failure::timeout(origin);
        let resource = Arc::clone(&task.resource);
        self.advance(id, Details::TaskTimedOut { resource, fault: failure.fault.clone() });
        self.fail_state(id, node, failure.into());
    }

    pub(in crate::core) fn task_heartbeat(&mut self, task: TaskId) {
        let Some(id) = self.tasks.get(&task).copied() else { return };
        if let Doing::Task(Attempt { heartbeat: Some(old), period: Some(period), .. }) = self.strand(id).doing
        {
            self.cancel_timer(old);
            self.wind_heartbeat(id, period);
        }
    }

    fn wind_heartbeat(&mut self, id: StrandId, period: Duration) {
        let silence = Alarm::TaskLate(id, FailureOrigin::MissedHeartbeat);
        let timer = self.set_timer(self.now.after(period), silence);
        if let Doing::Task(attempt) = &mut self.strand(id).doing {
            attempt.heartbeat = Some(timer);
        }
    }

    fn running<'m>(
        &mut self,
        machine: &'m crate::core::Machine,
        task: TaskId,
    ) -> Option<(StrandId, &'m Node, Arc<Resource>)> {
        let id = self.tasks.get(&task).copied()?;
        let node = self.node(machine, id);
        let Kind::Task(task) = &node.kind else { return None };
        Some((id, node, Arc::clone(&task.resource)))
    }

    /// Ends the running attempt of a strand and gives its name.
    fn end_attempt(&mut self, id: StrandId) -> Option<TaskId> {
        let Doing::Task(attempt) = std::mem::replace(&mut self.strand(id).doing, Doing::Ready) else {
            return None;
        };
        self.forget_attempt(&attempt);
        Some(attempt.task)
    }

    pub(in crate::core) fn forget_attempt(&mut self, attempt: &Attempt) {
        self.tasks.remove(&attempt.task);
        for timer in attempt.timeout.into_iter().chain(attempt.heartbeat) {
            self.cancel_timer(timer);
        }
    }
}

fn whole_seconds(seconds: i64) -> Duration {
    Duration::from_secs(seconds.unsigned_abs())
}
