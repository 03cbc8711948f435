//! A State tested by itself: what stands in for its surroundings, what its data is at every stage, and how it is left.
//! Separate because an execution only has to ask whether it is a trial; without one nothing is noted, nothing stands
//! in, and the way of the data is the same.

use std::sync::Arc;
use std::time::Duration;

use sfn_asl::{QueryLanguage, Value};
use sfn_jsonata::{Bindings, Object};

use super::{Execution, Progress, Trouble};
use crate::core::event::Status;
use crate::core::machine::{Kind, Leaving, Machine, Node, Pass};
use crate::core::strand::StrandId;
use crate::core::{Failure, Identity, Limits};
use crate::history::{Assigned, Fault};

/// What surrounds a State that is tested: the first one of its machine, which is left for no other.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trial {
    /// The Context Object it sees, to the letter.
    pub(crate) context: Value,
    /// The Variables it sees.
    pub(crate) variables: Object,
    /// How often it has been retried before.
    pub(crate) retried: u32,
    /// What its work comes to. Without it the work is done.
    pub(crate) mock: Option<Mock>,
    /// How many iterations of a Map State have failed.
    pub(crate) failed_iterations: u64,
    /// What the Item Reader of a Map State reads.
    pub(crate) reader_data: Option<String>,
}

/// What the work of a State comes to.
#[derive(Debug, Clone)]
pub(crate) enum Mock {
    Result(Value),
    Error(Fault),
}

/// Where data is on its way through a State, in the order of that way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    AfterInputPath,
    AfterParameters,
    AfterArguments,
    AfterItemsPath,
    AfterItemsPointer,
    AfterItemSelector,
    AfterItemBatcher,
    MaxConcurrency,
    ToleratedFailureCount,
    ToleratedFailurePercentage,
    Result,
    AfterResultSelector,
    AfterResultPath,
}

/// What became of a State that was tested.
#[derive(Debug)]
pub(crate) struct Report {
    /// What its data was at each stage it reached.
    pub(crate) stages: Vec<(Stage, Value)>,
    /// The Variables afterwards.
    pub(crate) variables: Object,
    pub(crate) verdict: Verdict,
}

/// How a State was left.
#[derive(Debug)]
pub(crate) enum Verdict {
    Succeeded {
        output: Value,
        next: Option<Arc<str>>,
    },
    /// A Retrier would try it again.
    Retriable {
        fault: Fault,
        retrier: usize,
        delay: Duration,
    },
    /// A Catcher took what went wrong.
    Caught {
        fault: Fault,
        catcher: usize,
        output: Value,
        next: Option<Arc<str>>,
    },
    Failed(Fault),
    /// It cannot be tested: what stands in does not fit what it does.
    Refused(String),
}

/// A trial on its way.
#[derive(Debug, Default)]
pub(super) struct Trying {
    trial: Trial,
    stages: Vec<(Stage, Value)>,
    /// The Catcher that has taken a failure.
    caught: Option<(usize, Fault)>,
    verdict: Option<Verdict>,
}

impl Trial {
    pub(super) fn bindings(&self) -> Bindings {
        self.variables.iter().map(|(name, value)| (Arc::clone(name), value.clone())).collect()
    }
}

impl Execution {
    /// A State by itself. It is over when the State is left.
    pub(crate) fn of_trial(
        machine: Arc<Machine>,
        identity: Identity,
        input: Value,
        seed: u64,
        trial: Trial,
    ) -> Self {
        let trying = Trying { trial, ..Trying::default() };
        Self { trial: Some(Box::new(trying)), ..Self::new(machine, identity, input, seed) }
    }

    /// What became of a trial that ended with that status.
    pub(crate) fn into_report(self, status: Status) -> Report {
        let Trying { trial, stages, verdict, .. } = self.trial.map_or_else(Trying::default, |trying| *trying);
        let verdict = verdict.unwrap_or(match status {
            Status::Succeeded(output) => Verdict::Succeeded { output, next: None },
            Status::Failed(fault) | Status::TimedOut(fault) | Status::Aborted(fault) => {
                Verdict::Failed(fault)
            }
        });
        Report { stages, variables: trial.variables, verdict }
    }

    pub(in crate::core) fn trial(&self) -> Option<&Trial> {
        self.trial.as_ref().map(|trying| &trying.trial)
    }

    /// Notes what the data is at a stage, if anybody wants to know.
    pub(in crate::core) fn note(&mut self, stage: Stage, value: impl FnOnce() -> Value) {
        if let Some(trying) = &mut self.trial {
            trying.stages.push((stage, value()));
        }
    }

    /// The stages of input that the service shows for the State's type.
    pub(super) fn note_input(&mut self, node: &Node, input: &Value) {
        let has_path =
            !matches!(node.kind, Kind::Fail { .. } | Kind::Parallel { .. } | Kind::Pass(Pass::Result(_)));
        if node.language == QueryLanguage::JsonPath && has_path {
            self.note(Stage::AfterInputPath, || input.clone());
        }
    }

    /// The stages of a result on JSONPath's way. What a Catcher makes of an error is no result.
    pub(super) fn note_result(&mut self, node: &Node, stage: Stage, value: &Value) {
        let Some(trying) = &mut self.trial else { return };
        let has_result =
            matches!(node.kind, Kind::Task(_) | Kind::Map(_) | Kind::Parallel { .. } | Kind::Pass(_));
        if node.language == QueryLanguage::JsonPath && has_result && trying.caught.is_none() {
            trying.stages.push((stage, value.clone()));
        }
    }

    /// What stands in for the work of a Task or Parallel State, if anything does.
    pub(in crate::core) fn mocked(&mut self) -> Option<Result<Progress, Trouble>> {
        let mock = self.trial()?.mock.clone()?;
        Some(match mock {
            Mock::Result(result) => Ok(Progress::Done(result)),
            Mock::Error(fault) => Err(Failure::of_task(fault).into()),
        })
    }

    /// What stands in for the iterations of a Map State.
    pub(in crate::core) fn mocked_iterations(
        &mut self,
        iterations: usize,
        limits: &Limits,
        is_written: bool,
    ) -> Result<Progress, Trouble> {
        let Some(trial) = self.trial() else { return Ok(Progress::Pending) };
        let (failed, total) = (trial.failed_iterations, iterations as u64);
        let result = match &trial.mock {
            Some(Mock::Result(result)) => Some(result.clone()),
            _ => None,
        };
        if failed > total {
            return Ok(self.refuse(
                "Map iteration failure count must be less than or equal to the number of Map iterations",
            ));
        }
        let Some(result) = result else { return self.mocked().unwrap_or(Ok(Progress::Pending)) };
        if limits.are_exceeded(failed, total) {
            return Err(Failure::too_many_failed().into());
        }
        // Only what has succeeded has a result; a Result Writer writes them elsewhere.
        let results = result.as_array().map(|results| results.len() as u64);
        if !is_written && results != Some(total - failed) {
            return Ok(self.refuse("Input array does not equal the mocked result array's size."));
        }
        Ok(Progress::Done(result))
    }

    /// Ends a trial that makes no sense.
    fn refuse(&mut self, message: &str) -> Progress {
        self.conclude(Verdict::Refused(message.to_owned()), Status::Aborted(Fault::default()));
        Progress::Left
    }

    /// The State has been left, and in a trial that is the end; says whether it is one.
    pub(super) fn left(&mut self, id: StrandId, leaving: &Leaving, output: &Value) -> bool {
        if self.trial.is_none() {
            return false;
        }
        let next = self.name_of_next(id, leaving);
        let (output, caught) = (output.clone(), self.trial.as_mut().and_then(|trying| trying.caught.take()));
        let verdict = match caught {
            Some((catcher, fault)) => Verdict::Caught { fault, catcher, output: output.clone(), next },
            None => Verdict::Succeeded { output: output.clone(), next },
        };
        self.conclude(verdict, Status::Succeeded(output));
        true
    }

    /// A Retrier takes the failure, and in a trial that is the end; says whether it is one.
    pub(super) fn retriable(&mut self, fault: &Fault, retrier: usize, delay: Duration) -> bool {
        if self.trial.is_none() {
            return false;
        }
        let verdict = Verdict::Retriable { fault: fault.clone(), retrier, delay };
        self.conclude(verdict, Status::Failed(fault.clone()));
        true
    }

    /// A Catcher takes the failure; it may still fail itself.
    pub(super) fn note_catcher(&mut self, catcher: usize, fault: &Fault) {
        if let Some(trying) = &mut self.trial {
            trying.caught = Some((catcher, fault.clone()));
        }
    }

    /// The Variables that the State leaves behind.
    pub(super) fn note_assigned(&mut self, assigned: &Assigned) {
        if let Some(trying) = &mut self.trial {
            for (name, value) in assigned {
                trying.trial.variables.insert(Arc::clone(name), value.clone());
            }
        }
    }

    fn conclude(&mut self, verdict: Verdict, status: Status) {
        if let Some(trying) = &mut self.trial {
            trying.verdict = Some(verdict);
        }
        self.end(status);
    }
}
