//! Writes the graph as a document: names for numbers, JSONata for expressions, templates for objects.
//! Separate because nothing is decided here any more.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use sfn_asl::{Fields, Operand, QueryLanguage, Transition, Value};

use super::graph::{Catcher, Edge, Graph, MapState, StateId, StateKind, TaskState};
use super::{jsonata, naming, raw};
use crate::ir::{Expr, ExprKind, VariableId};
use crate::task::{Retrier, RetryPolicy};
use crate::{Pattern, TaskSpec};

/// A graph whose states and variables have names.
#[derive(Debug)]
pub(super) struct Document<'g> {
    pub(super) graph: &'g Graph,
    pub(super) states: &'g BTreeMap<StateId, String>,
    pub(super) variables: &'g BTreeMap<VariableId, String>,
    /// The States written by hand that are none with the values put in, and why.
    pub(super) unread: RefCell<Vec<(StateId, String)>>,
}

impl Document<'_> {
    /// The state machine of a scope.
    pub(super) fn machine(&self, start: StateId) -> sfn_asl::StateMachine {
        let states = self.graph.scope(start).into_iter().map(|id| (self.name(id), self.state(id)));
        sfn_asl::StateMachine {
            start_at: self.name(start),
            states: states.collect(),
            ..sfn_asl::StateMachine::default()
        }
    }

    /// The state machine of the whole definition.
    pub(super) fn definition(&self, start: StateId, doc: &str) -> sfn_asl::StateMachine {
        sfn_asl::StateMachine {
            comment: super::sequence::first_paragraph(doc),
            query_language: Some(QueryLanguage::Jsonata),
            ..self.machine(start)
        }
    }

    fn name(&self, id: StateId) -> String {
        self.states.get(&id).cloned().unwrap_or_default()
    }

    fn state(&self, id: StateId) -> sfn_asl::State {
        let state = self.graph.state(id);
        let mut written = match &state.kind {
            StateKind::Task(task) => self.task(id, task),
            StateKind::Choice { rules, default } => {
                let choices = rules.iter().map(|rule| sfn_asl::ChoiceRule {
                    comment: rule.comment.clone(),
                    test: sfn_asl::RuleTest::Condition(self.template(&rule.condition)),
                    assign: self.assigns(&rule.edge),
                    output: self.output(&rule.edge),
                    next: self.next(&rule.edge),
                    ..sfn_asl::ChoiceRule::default()
                });
                sfn_asl::State::from(sfn_asl::Choice {
                    shared: self.shared(default),
                    choices: choices.collect(),
                    default: Some(self.next(default)),
                })
            }
            StateKind::Parallel { branches, edge, catch } => sfn_asl::State::from(sfn_asl::Parallel {
                shared: self.shared(edge),
                branches: branches.iter().map(|start| self.machine(*start)).collect(),
                catch: self.catch(catch),
                transition: self.transition(edge),
                ..sfn_asl::Parallel::default()
            }),
            StateKind::Map(map) => sfn_asl::State::from(self.map(map)),
            StateKind::Wait { seconds, edge } => sfn_asl::State::from(sfn_asl::Wait {
                shared: self.shared(edge),
                until: sfn_asl::WaitUntil::Seconds(
                    match seconds.as_literal().and_then(serde_json::Value::as_i64) {
                        Some(seconds) => Operand::Literal(seconds),
                        None => Operand::Expression(self.expression(seconds)),
                    },
                ),
                transition: self.transition(edge),
            }),
            StateKind::Pass { edge } => sfn_asl::State::from(sfn_asl::Pass {
                shared: self.shared(edge),
                transition: self.transition(edge),
                ..sfn_asl::Pass::default()
            }),
            StateKind::Succeed { output } => {
                let output = output.as_ref().map(|output| self.whole(output));
                sfn_asl::State::from(sfn_asl::Succeed {
                    shared: sfn_asl::Shared { output, ..sfn_asl::Shared::default() },
                })
            }
            StateKind::Fail { error, cause } => sfn_asl::State::from(sfn_asl::Fail {
                error: Some(self.text(error)),
                cause: Some(self.text(cause)),
                ..sfn_asl::Fail::default()
            }),
        };
        if state.comment.is_some() {
            written.shared_mut().comment.clone_from(&state.comment);
        }
        written
    }

    fn map(&self, map: &MapState) -> sfn_asl::Map {
        let inline = sfn_asl::Map {
            shared: self.shared(&map.edge),
            items: Some(self.template(&map.items)),
            max_concurrency: map.max_concurrency.map(|limit| Operand::Literal(i64::from(limit))),
            item_processor: sfn_asl::ItemProcessor {
                machine: self.machine(map.body),
                ..sfn_asl::ItemProcessor::default()
            },
            catch: self.catch(&map.catch),
            transition: self.transition(&map.edge),
            ..sfn_asl::Map::default()
        };
        match &map.distributed {
            None => inline,
            Some(distributed) => self.distributed(distributed, inline),
        }
    }

    fn task(&self, id: StateId, task: &TaskState) -> sfn_asl::State {
        let TaskState { spec, resource, is_raw, payload, timeout, heartbeat, retry, edge, catch } = task;
        if let (true, Some(state)) = (is_raw, payload) {
            return self.raw(id, task, state);
        }
        let (resource, arguments) = match resource {
            Some(resource) => (resource.clone(), payload.as_ref().map(|arguments| self.template(arguments))),
            None => self.handler(spec, payload.as_ref()),
        };
        let seconds =
            |duration: &Option<Duration>| duration.map(|duration| Operand::Literal(whole_seconds(duration)));
        sfn_asl::State::from(sfn_asl::Task {
            shared: self.shared(edge),
            resource,
            arguments,
            timeout_seconds: seconds(timeout),
            heartbeat_seconds: seconds(heartbeat),
            retry: retriers(spec, *retry),
            catch: self.catch(catch),
            transition: self.transition(edge),
            ..sfn_asl::Task::default()
        })
    }

    /// A State written by hand, with what the workflow says around it.
    fn raw(&self, id: StateId, task: &TaskState, state: &Expr) -> sfn_asl::State {
        let retry = retriers(&task.spec, task.retry);
        let limit =
            |duration: Option<Duration>| duration.map(|duration| Operand::Literal(whole_seconds(duration)));
        let mut written = raw::state(&self.template(state)).unwrap_or_else(|fault| {
            self.unread.borrow_mut().push((id, fault));
            sfn_asl::Pass::default().into()
        });
        match &mut written {
            sfn_asl::State::Task(written) => {
                written.timeout_seconds = limit(task.timeout).or(written.timeout_seconds.take());
                written.heartbeat_seconds = limit(task.heartbeat).or(written.heartbeat_seconds.take());
                written.retry.extend(retry);
                written.catch = self.catch(&task.catch);
                written.transition = self.transition(&task.edge);
            }
            sfn_asl::State::Map(written) => {
                written.retry.extend(retry);
                written.catch = self.catch(&task.catch);
                written.transition = self.transition(&task.edge);
            }
            sfn_asl::State::Parallel(written) => {
                written.retry.extend(retry);
                written.catch = self.catch(&task.catch);
                written.transition = self.transition(&task.edge);
            }
            sfn_asl::State::Pass(written) => written.transition = self.transition(&task.edge),
            _ => {}
        }
        let shared = written.shared_mut();
        let comment = shared.comment.take();
        *shared = sfn_asl::Shared { comment, ..self.shared(&task.edge) };
        written
    }

    /// The `Resource` of a handler, and what it is sent.
    fn handler(&self, spec: &TaskSpec, payload: Option<&Expr>) -> (String, Option<Value>) {
        let placeholder = format!("${{{}}}", placeholder(spec));
        let payload = payload.map(|payload| self.payload(payload));
        let resource = match spec.pattern {
            Pattern::RequestResponse => "arn:aws:states:::lambda:invoke",
            Pattern::WaitForCallback => "arn:aws:states:::lambda:invoke.waitForTaskToken",
            // Without arguments a worker would be given the State's own input.
            Pattern::Activity => return (placeholder, Some(payload.unwrap_or_else(Value::empty_object))),
        };
        let function = [("FunctionName", Value::from(placeholder))];
        let payload = payload.map(|payload| ("Payload", payload));
        (resource.to_owned(), Some(function.into_iter().chain(payload).collect()))
    }

    fn catch(&self, catchers: &[Catcher]) -> Vec<sfn_asl::Catcher> {
        let written = catchers.iter().map(|catcher| sfn_asl::Catcher {
            error_equals: catcher.errors.clone(),
            assign: self.assigns(&catcher.edge),
            output: self.output(&catcher.edge),
            next: self.next(&catcher.edge),
            ..sfn_asl::Catcher::default()
        });
        written.collect()
    }

    fn shared(&self, edge: &Edge) -> sfn_asl::Shared {
        sfn_asl::Shared {
            assign: self.assigns(edge),
            output: self.output(edge),
            ..sfn_asl::Shared::default()
        }
    }

    fn assigns(&self, edge: &Edge) -> Fields {
        let named = |id: &VariableId| self.variables.get(id).cloned().unwrap_or_default();
        edge.assigns.iter().map(|(variable, value)| (named(variable), self.template(value))).collect()
    }

    fn output(&self, edge: &Edge) -> Option<Value> {
        edge.output.as_ref().map(|output| self.whole(output))
    }

    fn next(&self, edge: &Edge) -> String {
        edge.to.map(|to| self.name(to)).unwrap_or_default()
    }

    fn transition(&self, edge: &Edge) -> Transition {
        edge.to.map_or(Transition::End, |to| Transition::Next(self.name(to)))
    }

    fn text(&self, expr: &Expr) -> Operand<String> {
        match self.template(expr) {
            Value::String(text) if sfn_asl::is_jsonata_string(&text) => Operand::Expression(text.to_string()),
            Value::String(text) => Operand::Literal(text.to_string()),
            _ => Operand::Expression(self.expression(expr)),
        }
    }

    /// A payload; the service takes no bare number or boolean there.
    fn payload(&self, expr: &Expr) -> Value {
        match expr.as_literal() {
            Some(serde_json::Value::Number(_) | serde_json::Value::Bool(_) | serde_json::Value::Null) => {
                Value::from(self.expression(expr))
            }
            _ => self.template(expr),
        }
    }

    /// A template that is a field of its own; `null` there would read as no template at all.
    fn whole(&self, expr: &Expr) -> Value {
        match expr.as_literal() {
            Some(serde_json::Value::Null) => Value::from(self.expression(expr)),
            _ => self.template(expr),
        }
    }

    /// Literal JSON as it stands, with one expression per leaf that is none.
    pub(super) fn template(&self, expr: &Expr) -> Value {
        match expr.kind() {
            ExprKind::Object(entries) => {
                entries.iter().map(|(name, entry)| (name.as_str(), self.template(entry))).collect()
            }
            ExprKind::Array(elements) => {
                elements.iter().map(|element| self.template(element.expr())).collect()
            }
            ExprKind::Literal(value) if stands_as_it_is(value) => Value::from(value),
            ExprKind::Placeholder(text) if !text.starts_with("{%") => Value::from(text.as_str()),
            _ => Value::from(self.expression(expr)),
        }
    }

    fn expression(&self, expr: &Expr) -> String {
        let names = |id: VariableId| self.variables.get(&id).cloned().unwrap_or_default();
        format!("{{% {} %}}", jsonata::print(expr, &names))
    }
}

/// A template in which no variable stands.
pub(crate) fn constant_template(expr: &Expr) -> serde_json::Value {
    let document = Document {
        graph: &Graph::default(),
        states: &BTreeMap::new(),
        variables: &BTreeMap::new(),
        unread: RefCell::default(),
    };
    document.template(expr).into()
}

/// The placeholder of a workflow's ARN.
pub(crate) fn workflow_placeholder(workflow: &str) -> String {
    format!("{}StateMachineArn", naming::camel(workflow))
}

/// The placeholder of a task's function name, or of its activity's ARN.
pub(crate) fn placeholder(task: &TaskSpec) -> String {
    let kind = if task.pattern == Pattern::Activity { "Activity" } else { "Function" };
    format!("{}{kind}Arn", naming::camel(task.name))
}

/// Whether nothing in a literal would be taken for an expression or a substitution.
fn stands_as_it_is(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::String(text) => !text.starts_with("{%") && !text.contains("${"),
        serde_json::Value::Array(items) => items.iter().all(stands_as_it_is),
        serde_json::Value::Object(entries) => entries.values().all(stands_as_it_is),
        _ => true,
    }
}

/// The Retriers of a call.
fn retriers(spec: &TaskSpec, policy: Option<RetryPolicy>) -> Vec<sfn_asl::Retrier> {
    let retriers = policy.into_iter().flat_map(|policy| spec.retriers(policy));
    retriers.map(|retrier| written(&retrier)).collect()
}

fn written(Retrier { errors, policy }: &Retrier) -> sfn_asl::Retrier {
    sfn_asl::Retrier {
        error_equals: errors.iter().copied().map(str::to_owned).collect(),
        interval_seconds: Some(whole_seconds(policy.interval)),
        max_attempts: Some(i64::from(policy.attempts)),
        backoff_rate: Some(policy.backoff),
        max_delay_seconds: policy.max_delay.map(whole_seconds),
        jitter_strategy: Some(if policy.jitter {
            sfn_asl::JitterStrategy::Full
        } else {
            sfn_asl::JitterStrategy::None
        }),
        ..sfn_asl::Retrier::default()
    }
}

fn whole_seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}
