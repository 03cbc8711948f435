//! The log of what is to be undone: a variable that lists what was done, where only the run knows how often.
//! Separate from the lists of pending compensations, which know it from the text.
//!
//! An entry says which task undoes it and with what payload; the latest stands first.

use crate::ir::{
    Block, Call, Compensation, Element, Expr, ExprKind, Node, NodeKind, Operator, Sequence, Variable,
    VariableId, VariableRole,
};

/// The parts of an entry.
const UNDO: &str = "undo";
const WITH: &str = "with";

/// The parts of what a scope hands over, beside the log.
const VALUE: &str = "value";
const FAILURE: &str = "failure";

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct KindId(pub(super) usize);

/// A way to undo something: all entries of a kind are undone by one state.
#[derive(Debug)]
pub(super) struct Kind<'w> {
    compensation: &'w Compensation,
    /// What entries call it.
    tag: String,
}

impl<'w> Kind<'w> {
    /// The kind of a compensation among those known; what differs in more than its payload is another kind.
    pub(super) fn of(compensation: &'w Compensation, kinds: &mut Vec<Self>) -> KindId {
        let known = kinds.iter().position(|kind| same(&kind.compensation.call, &compensation.call));
        KindId(known.unwrap_or_else(|| {
            let task = compensation.call.spec.name;
            let namesakes = kinds.iter().filter(|kind| kind.task() == task).count();
            let tag = if namesakes == 0 { task.to_owned() } else { format!("{task}-{}", namesakes + 1) };
            kinds.push(Self { compensation, tag });
            kinds.len() - 1
        }))
    }

    pub(super) fn task(&self) -> &'static str {
        self.compensation.call.spec.name
    }

    pub(super) fn compensation(&self) -> &'w Compensation {
        self.compensation
    }

    /// The call that undoes an entry.
    pub(super) fn call(&self, entry: &Expr) -> Call {
        self.compensation.call.with_kept(&Expr::field(entry, WITH, None))
    }

    /// Whether an entry is of this kind.
    pub(super) fn is_of(&self, entry: &Expr) -> Expr {
        let undo = Expr::field(entry, UNDO, None);
        Expr::binary(Operator::Equal, &undo, &Expr::literal(self.tag.as_str()))
    }

    /// A log with an entry of this kind in front.
    pub(super) fn noted(&self, log: VariableId, compensation: &Compensation) -> Expr {
        let mut entry = vec![(UNDO.to_owned(), Expr::literal(self.tag.as_str()))];
        entry.extend(compensation.call.kept().map(|with| (WITH.to_owned(), with)));
        let entry = Expr::new(ExprKind::Object(entry));
        let entry = Expr::new(ExprKind::Array(vec![Element::Plain(entry)]));
        Expr::function("append", [entry, Expr::variable(log)])
    }
}

/// Whether two compensations differ at most in what only the run knows.
fn same(one: &Call, other: &Call) -> bool {
    let resource = |call: &Call| call.service.as_ref().map(|service| service.resource.clone());
    let payload = |call: &Call| call.with_kept(&Expr::null()).payload;
    one.spec.name == other.spec.name
        && resource(one) == resource(other)
        && payload(one) == payload(other)
        && one.retry == other.retry
        && one.timeout == other.timeout
        && one.heartbeat == other.heartbeat
        && one.name == other.name
}

/// A new variable that holds a log.
pub(super) fn variable(variables: &mut Vec<Variable>) -> VariableId {
    new(variables, "pending")
}

/// A new variable that holds how a branch or an iteration failed, or nothing.
pub(super) fn failure(variables: &mut Vec<Variable>) -> VariableId {
    new(variables, "failed")
}

/// A new variable that says whether something is to be undone.
pub(super) fn flag(variables: &mut Vec<Variable>, hint: &str) -> VariableId {
    new(variables, hint)
}

fn new(variables: &mut Vec<Variable>, hint: &str) -> VariableId {
    variables.push(Variable { name: None, hint: hint.to_owned(), role: VariableRole::Bound });
    VariableId(u32::try_from(variables.len() - 1).unwrap_or(u32::MAX))
}

/// The value of a scope that hands over what it did.
pub(super) fn handed_over(value: Option<Expr>, log: VariableId) -> Expr {
    let value = value.map(|value| (VALUE.to_owned(), value));
    Expr::new(ExprKind::Object(value.into_iter().chain([(UNDO.to_owned(), Expr::variable(log))]).collect()))
}

/// The same of one that failed.
pub(super) fn failed(failure: Expr, log: VariableId) -> Expr {
    let entries = [(FAILURE.to_owned(), failure), (UNDO.to_owned(), Expr::variable(log))];
    Expr::new(ExprKind::Object(entries.into()))
}

/// The value of one of several scopes.
pub(super) fn value(result: &Expr) -> Expr {
    Expr::field(result, VALUE, Some(serde_json::Value::Null))
}

/// The values of iterations; `one` is a name for the length of the expression.
pub(super) fn values(results: &Expr, one: VariableId) -> Expr {
    let lambda = Expr::new(ExprKind::Lambda { parameters: vec![one], body: value(&Expr::variable(one)) });
    let values = Expr::function("map", [results.clone(), lambda]);
    Expr::new(ExprKind::Collected(Sequence { expr: values, nested: true }))
}

/// How the first of several scopes failed that did, or `null`.
pub(super) fn first_failure(results: &Expr) -> Expr {
    let failures = Sequence { expr: Expr::field(results, FAILURE, None), nested: false };
    Expr::new(ExprKind::FirstOr(failures, Element::Plain(Expr::null())))
}

/// What several scopes did, the last one's first, in front of what is in the log.
pub(super) fn gathered(results: &Expr, log: Option<VariableId>) -> Expr {
    let done = Expr::field(&Expr::function("reverse", [results.clone()]), UNDO, None);
    let done = Expr::new(ExprKind::Collected(Sequence { expr: done, nested: false }));
    match log {
        Some(log) => Expr::function("append", [done, Expr::variable(log)]),
        None => done,
    }
}

/// A log in which nothing stands.
pub(super) fn empty() -> Expr {
    Expr::literal(serde_json::Value::Array(Vec::new()))
}

/// The latest entry of a log.
pub(super) fn latest(log: VariableId) -> Expr {
    Expr::index(&Expr::variable(log), 0)
}

/// A log without its latest entry; `entry` and `place` are names for the length of the expression.
pub(super) fn without_latest(log: VariableId, [entry, place]: [VariableId; 2]) -> Expr {
    let is_older = Expr::binary(Operator::Greater, &Expr::variable(place), &Expr::literal(0));
    let lambda = Expr::new(ExprKind::Lambda { parameters: vec![entry, place], body: is_older });
    let older = Expr::function("filter", [Expr::variable(log), lambda]);
    Expr::new(ExprKind::Collected(Sequence { expr: older, nested: false }))
}

/// Those of what several compensations gave that are failures.
pub(super) fn failures(given: &Expr, one: VariableId) -> Expr {
    let is_failure = Expr::binary(Operator::NotEqual, &Expr::variable(one), &Expr::null());
    let lambda = Expr::new(ExprKind::Lambda { parameters: vec![one], body: is_failure });
    let failed = Expr::function("filter", [given.clone(), lambda]);
    Expr::new(ExprKind::Collected(Sequence { expr: failed, nested: false }))
}

/// Whether a node commits.
pub(super) fn commits(node: &Node) -> bool {
    let any = |block: &Block| block.nodes.iter().any(commits);
    match &node.kind {
        NodeKind::Commit => true,
        NodeKind::Task(call) => call.ok.iter().chain(call.arms.iter().map(|arm| &arm.body)).any(any),
        NodeKind::Choice(choice) => {
            choice.rules.iter().map(|rule| &rule.body).chain([&choice.otherwise]).any(any)
        }
        NodeKind::Loop(repeated) => any(&repeated.body),
        _ => false,
    }
}

/// Whether anything in a node is compensated.
pub(super) fn compensates(node: &Node) -> bool {
    let any = |block: &Block| block.nodes.iter().any(compensates);
    match &node.kind {
        NodeKind::Task(call) => {
            let mut blocks = call.ok.iter().chain(call.arms.iter().map(|arm| &arm.body));
            call.compensation.is_some() || call.unknown.is_some() || blocks.any(any)
        }
        NodeKind::Choice(choice) => {
            choice.rules.iter().map(|rule| &rule.body).chain([&choice.otherwise]).any(any)
        }
        NodeKind::Loop(repeated) => any(&repeated.body),
        NodeKind::Parallel { branches, .. } => branches.iter().any(|(body, _)| any(body)),
        NodeKind::Map(iteration) => any(&iteration.body),
        _ => false,
    }
}
