//! What a State sees that is tested by itself: input, Variables, and a Context Object that is given or made up.
//! Separate because all of it comes as JSON text that has to be read, and refused where it makes no sense.

use std::sync::Arc;

use sfn_asl::{State, Value};
use sfn_jsonata::Object;

use super::definition::{NAME, Single};
use super::{Mock, TestState};
use crate::Timestamp;
use crate::control::{Place, Refusal};
use crate::core::{Identity, Machine, Pattern, Random, Resource, Trial};
use crate::driver::Engine;

/// All that a trial needs.
pub(super) struct Surroundings {
    pub(super) machine: Machine,
    pub(super) identity: Identity,
    pub(super) input: Value,
    pub(super) trial: Trial,
}

pub(super) fn of(
    engine: &Engine,
    place: &Place,
    single: Single,
    test: TestState,
) -> Result<Surroundings, Refusal> {
    let mut random = Random::seeded(engine.seed());
    let given = test.context.as_deref().map(|json| given_context(json, &single.state)).transpose()?;
    let input = match &test.input {
        Some(json) => serde_json::from_str(json).map_err(|error| {
            let message = format!("Invalid State Machine Execution Input: '{error}'");
            Refusal::new("InvalidExecutionInput", message)
        })?,
        None => Value::empty_object(),
    };
    let variables = match &test.variables {
        Some(json) => object(json)
            .map_err(|fault| Refusal::validation(format!("Invalid variables provided: {fault}")))?,
        None => Object::default(),
    };
    let identity = identity(place, &test, &mut random);
    let context = match given {
        Some(context) => context,
        None => made_up_context(&single.state, &test, &identity, &input, engine.now(), &mut random),
    };
    let trial = Trial {
        context,
        variables,
        retried: test.configuration.retrier_retry_count.unwrap_or_default(),
        mock: test.mock.map(Mock::parsed).transpose()?,
        failed_iterations: test.configuration.map_iteration_failure_count.unwrap_or_default(),
        reader_data: test.configuration.map_item_reader_data,
    };
    let machine = Machine::load(single.machine()).map_err(|error| {
        Refusal::new("InvalidDefinition", format!("Invalid State Machine Definition: '{error}'"))
    })?;
    Ok(Surroundings { machine, identity, input, trial })
}

/// The names of an Express execution that exists nowhere.
fn identity(place: &Place, test: &TestState, random: &mut Random) -> Identity {
    let Place { region, account } = place;
    let (machine, name) = (random.uuid(), random.uuid());
    let mut identity = Identity::new(region, account, &machine, &name);
    identity.execution_arn = format!("arn:aws:states:{region}:{account}:express:{machine}:{name}").into();
    if let Some(role_arn) = &test.role_arn {
        identity.role_arn = role_arn.as_str().into();
    }
    identity
}

fn made_up_context(
    state: &State,
    test: &TestState,
    identity: &Identity,
    input: &Value,
    now: Timestamp,
    random: &mut Random,
) -> Value {
    let shared = |text: &Arc<str>| Value::from(Arc::clone(text));
    let now = Value::from(now.to_string());
    let execution = [
        ("Id", shared(&identity.execution_arn)),
        ("Input", input.clone()),
        ("StartTime", now.clone()),
        ("Name", shared(&identity.name)),
        ("RoleArn", test.role_arn.as_deref().map_or(Value::Null, Value::from)),
    ];
    let machine = [("Id", shared(&identity.machine_arn)), ("Name", shared(&identity.machine_name))];
    let can_retry = matches!(state, State::Task(_) | State::Map(_) | State::Parallel(_));
    let count = test.configuration.retrier_retry_count.unwrap_or_default();
    let retry_count = can_retry.then(|| ("RetryCount", Value::from(i64::from(count))));
    let itself = [("Name", Value::from(NAME)), ("EnteredTime", now)].into_iter().chain(retry_count);
    let task = answers_later(state).then(|| {
        let token: Value = [("Token", Value::from(random.token()))].into_iter().collect();
        ("Task", token)
    });
    [
        ("Execution", execution.into_iter().collect::<Value>()),
        ("StateMachine", machine.into_iter().collect()),
        ("State", itself.collect()),
    ]
    .into_iter()
    .chain(task)
    .collect()
}

fn given_context(text: &str, state: &State) -> Result<Value, Refusal> {
    let refusal = |fault: &str| Refusal::validation(format!("Invalid Context object provided: {fault}"));
    let context = object(text).map_err(|fault| refusal(&fault))?;
    if context.contains_key("Task") && !answers_later(state) {
        return Err(refusal(
            "Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' service integration pattern",
        ));
    }
    if context.contains_key("Map") {
        return Err(refusal("'Map' field is not supported when mocking a Context object"));
    }
    Ok(Value::from(context))
}

/// Whether the State has a Task Token.
fn answers_later(state: &State) -> bool {
    let State::Task(task) = state else { return false };
    Resource::new(&task.resource).pattern() != Pattern::RequestResponse
}

fn object(text: &str) -> Result<Object, String> {
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(fields)) => Ok((*fields).clone()),
        Ok(other) => Err(format!("expected a JSON object but found {other}")),
        Err(error) => Err(error.to_string()),
    }
}
