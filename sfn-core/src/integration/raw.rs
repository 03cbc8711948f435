//! A State as its author writes it in the Amazon States Language: the way out where no builder leads.
//! Separate because it is the only place that takes in the language as text; what it takes is judged as everything else.

use std::fmt;
use std::marker::PhantomData;

use serde_json::{Map, Value};
use sfn_asl::StateMachine;
use sfn_jsonata::{Expression, ReferenceKind};

use super::given::text;
use super::task::NoErrors;
use super::{AnyArg, Given, Integration, Request};
use crate::ir::{Call, Element, Expr, ExprKind};
use crate::task::Retry;
use crate::val::Fault;
use crate::{AnyVal, Payload, Shape, TaskCall, TaskError};

/// A State written by hand: gives an `O`, fails with an `E` or another error.
pub struct RawState<O, E = NoErrors>(PhantomData<fn() -> O>, PhantomData<fn() -> E>);

/// The types of States that do work; what leads from State to State is the workflow's.
const TYPES: [&str; 4] = ["Task", "Map", "Parallel", "Pass"];

/// Fields that the workflow writes.
const OURS: [(&str, &str); 5] = [
    ("Next", "what follows is what stands behind the step"),
    ("End", "what follows is what stands behind the step"),
    ("Assign", "bind its result with `let`"),
    ("Catch", "match on its result"),
    ("QueryLanguage", "it is JSONata, as the whole definition"),
];

/// A State of the Amazon States Language, as JSON text: a step like a task's call, which gives what its `Output` says as an
/// `O`.
///
/// Its JSONata may mention `$name` for each [`input`](TaskCall::input), and `$states`. Where it leads, what it assigns and
/// what it catches is the workflow's. The text is a constant; it is read when the workflow is built, and the definition
/// with it is judged as any other. Natively it runs on the engine, as the only State of a State Machine, where
/// `sfn::local::with_services` says which services there are.
///
/// ```
/// use sfn_core::{Definition, raw_state};
///
/// const SUMMARY: &str = r#"{
///   "Type": "Task",
///   "Resource": "arn:aws:states:::bedrock:invokeModel",
///   "Arguments": { "ModelId": "${ModelId}", "Body": { "prompt": "{% 'Sum up: ' & $text %}" } },
///   "Output": "{% $states.result.Body.completion %}"
/// }"#;
///
/// let definition = Definition::from_flow("sum-up", "", |flow| {
///     let text = flow.input::<String>("text");
///     let summary = flow.task(raw_state::<String>(SUMMARY).input("text", text).named("SumUp")).run();
///     flow.succeed(summary);
/// });
/// let text = definition.lower().unwrap().machine.to_json_pretty();
/// assert!(text.contains(r#""prompt": "{% 'Sum up: ' & $states.input %}""#));
/// assert!(text.contains(r#""Output": "{% $states.result.Body.completion %}""#));
/// ```
pub fn raw_state<O: Payload>(state: impl AnyArg) -> TaskCall<RawState<O>> {
    TaskCall::of_service().with("state", [state.into_any_arg()])
}

/// As [`raw_state`], with errors to match on: an enum of [`service_errors!`](crate::service_errors!).
pub fn raw_state_with<O: Payload, E: TaskError>(state: impl AnyArg) -> TaskCall<RawState<O, E>> {
    TaskCall::of_service().with("state", [state.into_any_arg()])
}

impl<O: Payload, E: TaskError> TaskCall<RawState<O, E>> {
    /// The same State, `$name` in its JSONata standing for a value.
    pub fn input(self, name: &'static str, value: impl AnyArg) -> Self {
        self.with("input", [crate::literal(name), value.into_any_arg()])
    }
}

impl<O: Payload, E: TaskError> Integration for RawState<O, E> {
    type Output = O;
    type Error = E;
    const NAME: &'static str = "raw_state";
    const ARGUMENTS: &'static [&'static str] = &["state"];
    const RETRY: Retry = Retry::None;
    const TRANSIENT: &'static [&'static str] = &["States.TaskFailed"];

    fn request(given: &Given) -> Request {
        Request::state(match Reading::new(given) {
            Ok(reading) => reading.read(),
            Err(fault) => AnyVal::poison(Shape::Any, fault),
        })
    }

    fn answer(result: AnyVal) -> AnyVal {
        AnyVal::new(result.expr, O::shape())
    }
}

const OUTPUT: &str = "Output";

/// What a State gives, and the State without saying so: that is said where the workflow goes on.
pub(crate) fn taken_apart(state: &Expr, result: Expr) -> (Expr, Expr) {
    let ExprKind::Object(entries) = state.kind() else { return (result, state.clone()) };
    let (outputs, kept): (Vec<_>, Vec<_>) = entries.iter().cloned().partition(|(name, _)| name == OUTPUT);
    let output = outputs.into_iter().next().map_or(result, |(_, output)| output);
    (output, Expr::new(ExprKind::Object(kept)))
}

/// What is said of a State written by hand that no State of its type can do: a message, and what to do instead.
pub(crate) fn unfit_options(call: &Call) -> Vec<(String, String)> {
    let by_hand = call.service.as_ref().is_some_and(|service| service.resource.is_none());
    let Some(ExprKind::Object(fields)) = call.payload.as_ref().filter(|_| by_hand).map(Expr::kind) else {
        return Vec::new();
    };
    let kind = fields.iter().find(|(name, _)| name == "Type").and_then(|(_, kind)| kind.as_literal());
    let kind = kind.and_then(Value::as_str).unwrap_or_default();
    let fails = kind != "Pass";
    let options = [
        ("timeout", call.timeout.is_some() && kind != "Task"),
        ("heartbeat", call.heartbeat.is_some() && kind != "Task"),
        ("retry", call.retry.is_some() && !fails),
        ("compensate_unknown", call.unknown.is_some() && !fails),
    ];
    let unfit = options.into_iter().filter(|(_, is_unfit)| *is_unfit).map(|(option, _)| {
        let message =
            format!("`.{option}(..)` is said of a {kind} State, for which the service has no such thing");
        (message, format!("remove `.{option}(..)`, or let a Task State inside have it"))
    });
    let caught = (!fails && !call.arms.is_empty()).then(|| {
        let message = "the failure of a Pass State is caught here, and the service has no Catchers for one";
        (message.to_owned(), "write `.await?`".to_owned())
    });
    unfit.chain(caught).collect()
}

/// The text being read, and what its names stand for.
struct Reading {
    state: Map<String, Value>,
    inputs: Vec<(String, AnyVal)>,
    faults: Vec<Fault>,
    used: Vec<String>,
}

impl Reading {
    /// The JSON and the inputs, or what keeps them from being a State.
    fn new(given: &Given) -> Result<Self, Fault> {
        let refuse = |message: String, help: &str| Fault::new("raw-state", message, help);
        let state = given.get("state").unwrap_or_else(AnyVal::unit);
        let json = match state.as_literal() {
            Some(Value::Null) => {
                return Err(refuse("nothing is given".to_owned(), "give the State as JSON text"));
            }
            Some(Value::String(text)) => serde_json::from_str(text)
                .map_err(|error| refuse(format!("the State is no JSON: {error}"), "correct it"))?,
            Some(json) => json.clone(),
            None => {
                let help = "write it as a literal or a constant";
                return Err(refuse("a State must be known when the workflow is built".to_owned(), help));
            }
        };
        let Value::Object(json) = json else {
            return Err(refuse("a State is a JSON object".to_owned(), "write `{ \"Type\": \"Task\", .. }`"));
        };
        let kind = json.get("Type").and_then(Value::as_str).unwrap_or_default();
        if !TYPES.contains(&kind) {
            let message = format!("found `Type` `{kind}`, expected one of `{}`", TYPES.join("`, `"));
            return Err(refuse(message, "write choices, waits and ends in Rust"));
        }
        if let Some((field, instead)) = OURS.iter().find(|(field, _)| json.contains_key(*field)) {
            return Err(refuse(
                format!("the workflow writes `{field}` itself"),
                &format!("remove it: {instead}"),
            ));
        }
        if kind == "Pass" && !json.contains_key(OUTPUT) {
            return Err(refuse("this Pass State gives nothing".to_owned(), "give it an `Output`"));
        }
        if let Err(error) = StateMachine::from_value(&(&alone(&json)).into()) {
            let faults: Vec<_> = error.faults().iter().map(ToString::to_string).collect();
            return Err(refuse(format!("this is no State: {}", faults.join("; ")), "correct it"));
        }
        let mut inputs = Vec::new();
        let mut faults = Vec::new();
        for pair in given.all("input") {
            match text(&pair.index(0), "the name of an input") {
                Ok(name) => inputs.push((name, pair.index(1))),
                Err(fault) => faults.push(fault),
            }
        }
        Ok(Self { state: json, inputs, faults, used: Vec::new() })
    }

    fn read(mut self) -> AnyVal {
        let state = std::mem::take(&mut self.state);
        let entries: Vec<_> =
            state.iter().map(|(name, value)| (name.clone(), self.part(name, value))).collect();
        for (name, _) in &self.inputs {
            if !self.used.contains(name) {
                let message = format!("the input `{name}` is given and never used");
                let help = format!("write `${name}` in the State's JSONata, or do not give it");
                self.faults.push(Fault::new("raw-state", message, help));
            }
        }
        let state = AnyVal::new(Expr::new(ExprKind::Object(entries)), Shape::Any);
        state.with_faults(self.faults).with_faults_of(self.inputs.iter().map(|(_, value)| value))
    }

    /// A field; States inside know nothing of the inputs but what the State hands in.
    fn part(&mut self, name: &str, value: &Value) -> Expr {
        if matches!(name, "Branches" | "ItemProcessor") {
            let inputs = std::mem::take(&mut self.inputs);
            let inside = self.value(value, true);
            self.inputs = inputs;
            return inside;
        }
        self.value(value, false)
    }

    fn value(&mut self, value: &Value, is_inside: bool) -> Expr {
        match value {
            Value::String(text) if sfn_asl::is_jsonata_string(text) => self.jsonata(text, is_inside),
            Value::String(text) if text.contains("${") => Expr::new(ExprKind::Placeholder(text.clone())),
            Value::Array(items) => {
                let elements = items.iter().map(|item| Element::Plain(self.value(item, is_inside)));
                Expr::new(ExprKind::Array(elements.collect()))
            }
            Value::Object(entries) => {
                let entries =
                    entries.iter().map(|(name, entry)| (name.clone(), self.value(entry, is_inside)));
                Expr::new(ExprKind::Object(entries.collect()))
            }
            other => Expr::literal(other.clone()),
        }
    }

    fn jsonata(&mut self, text: &str, is_inside: bool) -> Expr {
        let text = text.trim_start_matches("{%").trim_end_matches("%}").trim();
        let references = match text.parse::<Expression>() {
            Ok(expression) => expression.references(),
            Err(error) => {
                let message = format!("`{text}` cannot be read: {}", error.message);
                self.faults.push(Fault::new("jsonata-syntax", message, "correct it"));
                Vec::new()
            }
        };
        let mut names = Vec::new();
        for reference in &references {
            let name = &*reference.name;
            if let Some((_, value)) = self.inputs.iter().find(|(given, _)| given == name) {
                if !names.iter().any(|(known, _)| known == name) {
                    names.push((name.to_owned(), value.expr.clone()));
                }
            } else if reference.kind == ReferenceKind::Variable && name != "states" && !is_inside {
                let message = format!("nothing is given for `${name}`");
                let help = format!("give it: `.input(\"{name}\", ..)`");
                self.faults.push(Fault::new("unknown-jsonata-name", message, help));
            }
        }
        self.used.extend(names.iter().map(|(name, _)| name.clone()));
        Expr::new(ExprKind::Raw { text: text.into(), names })
    }
}

/// A State Machine of one State.
pub(super) fn alone(state: &Map<String, Value>) -> Value {
    let mut state = state.clone();
    state.insert("End".to_owned(), true.into());
    serde_json::json!({ "QueryLanguage": "JSONata", "StartAt": "State", "States": { "State": state } })
}

impl<O, E> fmt::Debug for RawState<O, E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("RawState")
    }
}
