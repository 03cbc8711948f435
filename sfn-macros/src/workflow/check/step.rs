//! What may be awaited and how: task calls with their options, `sleep`, `join!`, `map`, and a match on a result.
//! Separate because each of these has rules of its own.

use std::collections::BTreeMap;

use super::{Blamed, Check, End, Fault};
use crate::workflow::ast::{
    Action, Block, Branch, Call, CallOption, Case, Constant, Expr, ExprKind, Extent, Fixed, Map, MatchTask,
    Pattern, Statement, TaskArm, TaskPattern,
};

impl Check {
    /// `awaited.await`, the whole being `expr`.
    pub(super) fn step(&mut self, expr: &Expr, awaited: &Expr) {
        match &awaited.kind {
            ExprKind::Action(Action::Call(call)) => self.task_call(expr, call),
            ExprKind::Action(Action::Sleep(duration)) => self.constant("sleep", duration),
            ExprKind::Action(Action::Join(branches)) => self.join(expr, branches),
            ExprKind::Action(Action::Map(map)) => self.map(expr, map),
            ExprKind::Action(Action::MapDistributed(map)) => self.map_distributed(expr, map),
            ExprKind::Foreign(foreign) => self.foreign(foreign, Some(expr)),
            ExprKind::Try(_) | ExprKind::Step { .. } => self.operand(awaited),
            _ => self.blame(
                "not-a-step",
                expr,
                "this cannot be awaited in a workflow: it awaits task calls, `sleep(..)`, `join!(..)` and `map(..)`",
            ),
        }
    }

    /// An argument that is the same for every execution.
    pub(super) fn constant(&mut self, option: &str, constant: &Constant) {
        if let Some(variable) = &constant.variable {
            let message = format!(
                "`{option}` is the same for every execution: write a constant instead of `{variable}`"
            );
            return self.fault("not-a-constant", Extent::of(variable), message);
        }
        if matches!(constant.value, Fixed::Unknown) {
            let forms = match option {
                "retry" => "`RetryPolicy::new()` with its options, `Retry::None` or a constant",
                "named" | "label" | "items_at" => "a text written out or a constant",
                "max_concurrency" => "a number written out",
                "batch" | "max_items" | "tolerate" => "a number written out or a constant",
                "tolerate_percentage" => "a number written out, as in `2.5`, or a constant",
                "delimiter" => "one of the `Delimiter`s",
                "headers" => "names written out: `[\"id\", \"name\"]`",
                _ => "`secs(..)`, `mins(..)`, `hours(..)`, `days(..)` or a constant",
            };
            self.faults.push(Fault {
                error: constant.extent.error("not-a-constant", format!("`{option}` takes {forms}")),
                blamed: constant.place.map(Blamed::Utterly),
            });
        }
    }

    /// A call that is awaited by `whole`, or by the `join!` around it.
    fn task_call(&mut self, whole: &Expr, call: &Call) {
        if self.name.as_ref().is_some_and(|name| call.task.is_ident(name)) {
            self.blame_utterly(
                "endless-execution",
                whole,
                Extent::of(&call.task),
                "a workflow that calls itself would never end: repeat with `loop`, `while` or `for`",
            );
        }
        let parts = call.parts.iter().flat_map(|part| &part.values);
        call.arguments.iter().chain(parts).for_each(|argument| self.operand(argument));
        self.options(&call.options);
        for (number, compensation) in call.compensations.iter().enumerate() {
            let is_second = call.compensations[..number].iter().any(|other| other.name == compensation.name);
            let extent = Extent::of(&compensation.name);
            if self.in_child {
                let message = format!(
                    "`.{}` is not supported inside `map_distributed`, whose child executions end by themselves: call a workflow there that undoes its own steps",
                    compensation.name
                );
                self.fault("compensation-in-child", extent, message);
            } else if is_second {
                let message = format!(
                    "a second `.{}` on one call: undo everything in one task or workflow",
                    compensation.name
                );
                self.fault("repeated-option", extent, message);
            }
            match &compensation.undo {
                Ok((pattern, undo)) => {
                    self.pattern(pattern);
                    self.undo(undo);
                }
                Err(extent) if compensation.name == "compensate" => self.blame_utterly(
                    "compensation-form",
                    whole,
                    *extent,
                    "a compensation is a closure that calls a task or a workflow: `.compensate(|output| undo(&output.id))`",
                ),
                Err(extent) => self.blame_utterly(
                    "compensation-form",
                    whole,
                    *extent,
                    "there is no output where nobody knows what happened: write `.compensate_unknown(|| undo(&order.id))`",
                ),
            }
        }
    }

    fn undo(&mut self, undo: &Expr) {
        match &undo.kind {
            ExprKind::Action(Action::Call(call)) if call.compensations.is_empty() => {
                let outer = std::mem::replace(&mut self.may_be_skipped, true);
                let outside = std::mem::replace(&mut self.in_undo, true);
                self.task_call(undo, call);
                self.in_undo = outside;
                self.may_be_skipped = outer;
                for argument in &call.arguments {
                    if matches!(argument.kind, ExprKind::Chain(_)) {
                        self.fault(
                            "compensation-form",
                            argument.extent,
                            "a closure inside a compensation: bind the value with `let` before the step",
                        );
                    }
                }
            }
            ExprKind::Action(Action::Call(_)) => self.blame_utterly(
                "compensation-form",
                undo,
                undo.extent,
                "a compensation has no compensation of its own: remove the inner `.compensate`",
            ),
            ExprKind::Step { .. } => self.blame_utterly(
                "compensation-form",
                undo,
                undo.extent,
                "a compensation is not awaited here: it runs when the workflow fails, so remove `.await`",
            ),
            ExprKind::Foreign(foreign) => self.foreign(foreign, Some(undo)),
            _ => self.blame_utterly(
                "compensation-form",
                undo,
                undo.extent,
                "a compensation is one call, of a task or of a workflow: `|output| undo(&output.id)`",
            ),
        }
    }

    /// A mistake that leaves rustc nothing to make sense of.
    pub(super) fn blame_utterly(&mut self, code: &'static str, whole: &Expr, extent: Extent, message: &str) {
        self.faults
            .push(Fault { error: extent.error(code, message), blamed: whole.place.map(Blamed::Utterly) });
    }

    fn options(&mut self, options: &[CallOption]) {
        for option in options {
            self.constant(&option.name.to_string(), &option.constant);
        }
    }

    fn join(&mut self, expr: &Expr, branches: &[Branch]) {
        if !(2..=8).contains(&branches.len()) {
            self.blame("join-branch", expr, "`join!` takes two to eight branches");
        }
        let first = self.faults.len();
        for branch in branches {
            match branch {
                Branch::Awaited(awaited) => self.branch(expr, awaited),
                Branch::Block(body) => {
                    self.block(body, End::Outcome);
                    if let Some(extent) = no_result(body, expr.extent) {
                        self.fault(
                            "join-branch",
                            extent,
                            "a branch of `join!` gives a `Result`: end it with `Ok(..)`",
                        );
                    }
                }
            }
        }
        // Nothing inside a macro has a place, so the whole gives way to what is wrong in it.
        let place = expr.place.filter(|_| self.faults[first..].iter().all(|fault| fault.blamed.is_none()));
        if let (Some(fault), Some(place)) = (self.faults.get_mut(first), place) {
            fault.blamed = Some(Blamed::Utterly(place));
        }
    }

    fn branch(&mut self, join: &Expr, branch: &Expr) {
        match &branch.kind {
            ExprKind::Action(Action::Call(call)) => self.task_call(join, call),
            ExprKind::Action(Action::Join(branches)) => self.join(join, branches),
            ExprKind::Action(Action::Map(map)) => self.map(join, map),
            ExprKind::Action(Action::MapDistributed(map)) => self.map_distributed(join, map),
            ExprKind::Action(Action::Sleep(_)) => self.refuse_branch(
                join,
                branch,
                "a branch of `join!` gives a `Result`: write `async { sleep(..).await; Ok(()) }`",
            ),
            ExprKind::Foreign(foreign) => self.foreign(foreign, Some(join)),
            ExprKind::Step { .. } => {
                self.refuse_branch(join, branch, "`join!` awaits its branches itself: remove this `.await`");
            }
            _ => self.refuse_branch(
                join,
                branch,
                "a branch of `join!` is a task call or an `async` block: `join!(notify(&a), async { .. })`",
            ),
        }
    }

    /// The error at the branch; the whole `join!` gives way to it.
    fn refuse_branch(&mut self, join: &Expr, branch: &Expr, message: &str) {
        self.blame_at("join-branch", join, branch.extent, message);
    }

    fn map(&mut self, whole: &Expr, map: &Map) {
        self.operand(&map.items);
        self.options(&map.options);
        self.map_body(whole, &map.body, "map");
    }

    pub(super) fn map_body(&mut self, whole: &Expr, body: &Result<(Pattern, Block), Extent>, function: &str) {
        match body {
            Ok((pattern, body)) => {
                self.pattern(pattern);
                self.block(body, End::Outcome);
            }
            Err(extent) => {
                let message = format!(
                    "the body of `{function}` is an async closure of one item: `{function}(items, async |item| {{ .. }})`"
                );
                self.blame_utterly("map-closure", whole, *extent, &message);
            }
        }
    }

    pub(super) fn match_task(&mut self, expr: &Expr, choice: &MatchTask, end: End) {
        match &choice.awaited.kind {
            ExprKind::Step { awaited, .. } => match &awaited.kind {
                ExprKind::Action(Action::Sleep(_)) => self.fault(
                    "unmatchable-result",
                    choice.awaited.extent,
                    "`sleep` gives nothing to match on: write `sleep(..).await;`",
                ),
                ExprKind::Action(Action::Join(_) | Action::Map(_) | Action::MapDistributed(_))
                    if choice.arms.iter().any(|arm| matches!(arm.pattern, TaskPattern::Cases(_))) =>
                {
                    self.blame_utterly(
                        "unmatchable-result",
                        expr,
                        choice.awaited.extent,
                        "the failure of several steps at once is one `Failed`: match it with `Err(name)` or `Err(_)`, or match on the calls one by one inside",
                    );
                }
                _ => self.step(&choice.awaited, awaited),
            },
            ExprKind::Action(Action::Call(_)) => {
                self.blame(
                    "not-awaited",
                    expr,
                    "this call is not awaited: write `match task(..).await { .. }`",
                );
            }
            // A result bound by `let` was refused there.
            ExprKind::Local(_) => {}
            _ => self.operand(&choice.awaited),
        }
        for TaskArm { pattern, body, .. } in &choice.arms {
            self.task_pattern(pattern);
            self.end(body, end);
        }
    }

    fn task_pattern(&mut self, pattern: &TaskPattern) {
        match pattern {
            TaskPattern::Ok(pattern) => self.pattern(pattern),
            TaskPattern::Err(_) => {}
            TaskPattern::Cases(cases) => self.cases(cases),
            TaskPattern::Foreign(extent, advice) => self.unsupported("unsupported-pattern", *extent, advice),
        }
    }

    fn cases(&mut self, cases: &[Case]) {
        let mut first: Option<BTreeMap<String, String>> = None;
        for case in cases {
            match case {
                Case::Foreign(extent, advice) => self.unsupported("unsupported-pattern", *extent, advice),
                Case::Variant { name, fields } => {
                    for (_, field) in fields {
                        self.pattern(field);
                    }
                    let read = fields.iter().filter_map(|(member, field)| match field {
                        Pattern::Name(name) => Some((name.to_string(), quote::quote!(#member).to_string())),
                        _ => None,
                    });
                    let read: BTreeMap<_, _> = read.collect();
                    let same_names = first.as_ref().is_some_and(|first| first.keys().eq(read.keys()));
                    if same_names && first.as_ref() != Some(&read) {
                        let message =
                            "alternatives that read differently named fields: give each variant its own arm";
                        self.fault("name-in-alternative", Extent::of(name), message);
                    }
                    first.get_or_insert(read);
                }
                Case::AnyTask | Case::Timeout | Case::HeartbeatTimeout => {}
            }
        }
    }
}

/// Where a branch ends with something else than a result, which rustc would say five times.
fn no_result(block: &Block, whole: Extent) -> Option<Extent> {
    match (&block.tail, block.statements.last()) {
        (Some(tail), _) => plain_value(tail, whole),
        (None, Some(Statement::Expr(last))) => match &last.kind {
            ExprKind::Return(_)
            | ExprKind::Loop(_)
            | ExprKind::Foreign(_)
            | ExprKind::If(_)
            | ExprKind::IfLet(_)
            | ExprKind::MatchTask(_)
            | ExprKind::MatchLiteral(_)
            | ExprKind::MatchValue(_) => None,
            _ => Some(whole),
        },
        (None, _) => Some(whole),
    }
}

fn plain_value(outcome: &Expr, whole: Extent) -> Option<Extent> {
    match &outcome.kind {
        ExprKind::Ok(_)
        | ExprKind::Err(_)
        | ExprKind::OkOr(_)
        | ExprKind::Return(_)
        | ExprKind::Step { propagates: false, .. }
        | ExprKind::Loop(_)
        | ExprKind::Action(_)
        | ExprKind::Foreign(_) => None,
        ExprKind::Block(block) => no_result(block, whole),
        ExprKind::If(choice) => no_result(&choice.then, whole)
            .or_else(|| choice.otherwise.as_ref().and_then(|otherwise| plain_value(otherwise, whole))),
        ExprKind::IfLet(choice) => no_result(&choice.then, whole)
            .or_else(|| choice.otherwise.as_ref().and_then(|otherwise| plain_value(otherwise, whole))),
        ExprKind::MatchTask(choice) => choice.arms.iter().find_map(|arm| plain_value(&arm.body, whole)),
        ExprKind::MatchLiteral(choice) => choice.arms.iter().find_map(|arm| plain_value(&arm.body, whole)),
        ExprKind::MatchValue(choice) => choice.arms.iter().find_map(|arm| plain_value(&arm.body, whole)),
        _ => Some(outcome.extent),
    }
}
