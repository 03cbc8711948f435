//! Mocks in the format of Step Functions Local: what Tasks come to, per test case, State and attempt.
//!
//! Separate from the services because a mock never looks at what a Task is sent: the State's name and the attempt decide.

mod read;

pub use read::MockError;

use std::collections::BTreeMap;
use std::sync::Arc;

use sfn_asl::Value;

use crate::driver::{TaskFailure, TaskRequest};

/// What a mock says a Task came to.
pub type Mocked = Result<Value, TaskFailure>;

/// The mocks of a `MockConfigFile.json`.
///
/// An execution chooses its test case when it [starts](crate::driver::Start::test_case). States that the test case
/// does not speak of are answered as if there were no mocks. `"0"` is the first attempt at a State, `"1-2"` are its
/// first two retries. In Run a Job and in Wait for Callback a mock is the result, not the answer to the request.
///
/// ```
/// use std::sync::Arc;
/// use sfn_asl::Value;
/// use sfn_engine::core::{Machine, Status};
/// use sfn_engine::driver::{Engine, Start, VirtualClock};
/// use sfn_engine::mocks::Mocks;
/// use sfn_engine::services::Services;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mocks: Mocks = r#"{
///   "StateMachines": { "Orders": { "TestCases": { "SecondTime": { "Charge": "BusyOnce" } } } },
///   "MockedResponses": {
///     "BusyOnce": {
///       "0": { "Throw": { "Error": "Busy", "Cause": "try again" } },
///       "1-3": { "Return": { "charged": true } }
///     }
///   }
/// }"#
/// .parse()?;
/// let machine: Machine = r#"{
///   "QueryLanguage": "JSONata", "StartAt": "Charge",
///   "States": {
///     "Charge": { "Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun.sync", "End": true,
///       "Retry": [{ "ErrorEquals": ["Busy"] }] }
///   }
/// }"#
/// .parse()?;
///
/// let engine = Engine::builder(Services::new().mocks(mocks)).clock(VirtualClock::at_epoch()).spawn();
/// let start = Start { test_case: Some("SecondTime".to_owned()), ..Start::default().of("Orders") };
/// let outcome = engine.start(&Arc::new(machine), start)?.finished().await;
/// assert_eq!(outcome.status, Status::Succeeded([("charged", Value::from(true))].into_iter().collect()));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Mocks {
    /// By State Machine, then by test case.
    machines: Arc<BTreeMap<String, BTreeMap<String, TestCase>>>,
}

/// Which response each State gets.
type TestCase = BTreeMap<String, Arc<Response>>;

/// A named sequence of results, by attempt.
#[derive(Debug)]
struct Response {
    name: String,
    by_attempt: BTreeMap<u32, Mocked>,
}

impl Mocks {
    /// What a Task came to, if the test case of its execution speaks of it.
    pub(crate) fn answer(&self, request: &TaskRequest) -> Option<Result<Mocked, TaskFailure>> {
        let test_case = request.test_case.as_deref()?;
        let machine = &*request.identity.machine_name;
        let Some(states) = self.machines.get(machine).and_then(|test_cases| test_cases.get(test_case)) else {
            return Some(Err(self.no_such_test_case(machine, test_case)));
        };
        let response = states.get(&*request.state)?;
        Some(response.by_attempt.get(&request.attempt).cloned().ok_or_else(|| response.exhausted(request)))
    }

    fn no_such_test_case(&self, machine: &str, test_case: &str) -> TaskFailure {
        let known = |names: Vec<&String>| match names.as_slice() {
            [] => "none".to_owned(),
            names => names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
        };
        let cause = match self.machines.get(machine) {
            Some(test_cases) => format!(
                "the mocks of state machine `{machine}` have no test case `{test_case}`, expected one of {}",
                known(test_cases.keys().collect())
            ),
            None => format!(
                "test case `{test_case}`: there are no mocks for state machine `{machine}`, but for {}",
                known(self.machines.keys().collect())
            ),
        };
        TaskFailure::new("States.Runtime", cause)
    }
}

impl Response {
    fn exhausted(&self, request: &TaskRequest) -> TaskFailure {
        let (name, attempt, state) = (&self.name, request.attempt, &request.state);
        let last = self.by_attempt.keys().next_back().map_or_else(|| "none".to_owned(), u32::to_string);
        let cause = format!(
            "state `{state}` was tried a time too many for its mock: response `{name}` has no attempt \"{attempt}\" \
             (its last is {last}); add \"{attempt}\" to it, or fewer retries to the state"
        );
        TaskFailure::new("States.Runtime", cause)
    }
}
