//! What may be awaited and how: task calls with their options, `sleep`, `join!`, `map`, and a match on a result.
//! Separate because each of these has rules of its own.

use std::collections::BTreeMap;

use super::{Blamed, Check, End, Fault};
use crate::workflow::ast::{
    Action, Call, CallOption, Case, Constant, Expr, ExprKind, Extent, Fixed, Map, MatchTask, Pattern,
    TaskArm, TaskPattern,
};

impl Check {
    /// `awaited.await`, the whole being `expr`.
    pub(super) fn step(&mut self, expr: &Expr, awaited: &Expr) {
        match &awaited.kind {
            ExprKind::Action(Action::Call(call)) => self.task_call(expr, call),
            ExprKind::Action(Action::Sleep(duration)) => self.constant("sleep", duration),
            ExprKind::Action(Action::Join(branches)) => self.join(expr, branches),
            ExprKind::Action(Action::Map(map)) => self.map(expr, map),
            ExprKind::Foreign(foreign) => self.foreign(foreign, Some(expr)),
            ExprKind::Try(_) | ExprKind::Step { .. } => self.operand(awaited),
            _ => self.blame(
                expr,
                "this cannot be awaited in a workflow: it awaits task calls, `sleep(..)`, `join!(..)` and `map(..)`",
            ),
        }
    }

    /// An argument that is the same for every execution.
    fn constant(&mut self, option: &str, constant: &Constant) {
        if let Some(variable) = &constant.variable {
            let message = format!(
                "`{option}` is the same for every execution: write a constant instead of `{variable}`"
            );
            return self.fault(Extent::of(variable), message);
        }
        if matches!(constant.value, Fixed::Unknown) {
            let forms = match option {
                "retry" => "`RetryPolicy::new()` with its options, `Retry::None` or a constant",
                "named" => "a name written out or a constant",
                "max_concurrency" => "a number written out",
                _ => "`secs(..)`, `mins(..)`, `hours(..)`, `days(..)` or a constant",
            };
            self.faults.push(Fault {
                error: constant.extent.error(format!("`{option}` takes {forms}")),
                blamed: constant.place.map(Blamed::Utterly),
            });
        }
    }

    /// A call that is awaited by `whole`, or by the `join!` around it.
    fn task_call(&mut self, whole: &Expr, call: &Call) {
        call.arguments.iter().for_each(|argument| self.operand(argument));
        self.options(&call.options);
        for (number, compensation) in call.compensations.iter().enumerate() {
            let extent = Extent::of(&compensation.name);
            if let Some(around) = self.around {
                self.fault(
                    extent,
                    format!("`.compensate` is not supported inside {around}: call the task outside of it"),
                );
            } else if number > 0 {
                self.fault(extent, "a second `.compensate` on one call: undo everything in one task");
            }
            match &compensation.undo {
                Ok((pattern, undo)) => {
                    self.pattern(pattern);
                    self.undo(undo);
                }
                Err(extent) => self.blame_utterly(
                    whole,
                    *extent,
                    "a compensation is a closure that calls a task: `.compensate(|output| undo(&output.id))`",
                ),
            }
        }
    }

    fn undo(&mut self, undo: &Expr) {
        match &undo.kind {
            ExprKind::Action(Action::Call(call)) if call.compensations.is_empty() => {
                self.task_call(undo, call);
                for argument in &call.arguments {
                    if matches!(argument.kind, ExprKind::Chain(_)) {
                        self.fault(
                            argument.extent,
                            "a closure inside a compensation: bind the value with `let` before the step",
                        );
                    }
                }
            }
            ExprKind::Action(Action::Call(_)) => self.blame_utterly(
                undo,
                undo.extent,
                "a compensation has no compensation of its own: remove the inner `.compensate`",
            ),
            ExprKind::Step { .. } => self.blame_utterly(
                undo,
                undo.extent,
                "a compensation is not awaited here: it runs when the workflow fails, so remove `.await`",
            ),
            ExprKind::Foreign(foreign) => self.foreign(foreign, Some(undo)),
            _ => self.blame_utterly(
                undo,
                undo.extent,
                "a compensation is one task call: `|output| undo(&output.id)`",
            ),
        }
    }

    /// A mistake that leaves rustc nothing to make sense of.
    fn blame_utterly(&mut self, whole: &Expr, extent: Extent, message: &str) {
        self.faults.push(Fault { error: extent.error(message), blamed: whole.place.map(Blamed::Utterly) });
    }

    fn options(&mut self, options: &[CallOption]) {
        for option in options {
            self.constant(&option.name.to_string(), &option.constant);
        }
    }

    fn join(&mut self, expr: &Expr, branches: &[Expr]) {
        if !(2..=8).contains(&branches.len()) {
            self.blame(expr, "`join!` takes two to eight task calls");
        }
        let outer = self.around.replace("`join!`");
        for branch in branches {
            match &branch.kind {
                ExprKind::Action(Action::Call(call)) => self.task_call(expr, call),
                ExprKind::Foreign(foreign) => self.foreign(foreign, Some(expr)),
                ExprKind::Step { .. } => {
                    self.refuse_branch(
                        expr,
                        branch,
                        "`join!` awaits its branches itself: remove this `.await`",
                    );
                }
                _ => self.refuse_branch(
                    expr,
                    branch,
                    "a branch of `join!` is a task call: `join!(notify(&a), publish(&b))`",
                ),
            }
        }
        self.around = outer;
    }

    /// The error at the branch; the whole `join!` gives way to it.
    fn refuse_branch(&mut self, join: &Expr, branch: &Expr, message: &str) {
        self.blame(join, message);
        if let Some(fault) = self.faults.last_mut() {
            fault.error = branch.extent.error(message);
        }
    }

    fn map(&mut self, whole: &Expr, map: &Map) {
        self.operand(&map.items);
        self.options(&map.options);
        match &map.body {
            Ok((pattern, body)) => {
                self.pattern(pattern);
                let outer = self.around.replace("`map`");
                self.block(body, End::Outcome);
                self.around = outer;
            }
            Err(extent) => self.blame_utterly(
                whole,
                *extent,
                "the body of `map` is an async closure of one item: `map(items, async |item| { .. })`",
            ),
        }
    }

    pub(super) fn match_task(&mut self, expr: &Expr, choice: &MatchTask, end: End) {
        match &choice.awaited.kind {
            ExprKind::Step { awaited, .. } => match &awaited.kind {
                ExprKind::Action(Action::Join(_) | Action::Map(_) | Action::Sleep(_)) => self.fault(
                    choice.awaited.extent,
                    "only the result of one task can be matched: write `.await?`, or match on the calls one by one",
                ),
                _ => self.step(&choice.awaited, awaited),
            },
            ExprKind::Action(Action::Call(_)) => {
                self.blame(expr, "this call is not awaited: write `match task(..).await { .. }`");
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
            TaskPattern::Foreign(extent, advice) => self.unsupported(*extent, advice),
        }
    }

    fn cases(&mut self, cases: &[Case]) {
        let mut first: Option<BTreeMap<String, String>> = None;
        for case in cases {
            match case {
                Case::Foreign(extent, advice) => self.unsupported(*extent, advice),
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
                        self.fault(Extent::of(name), message);
                    }
                    first.get_or_insert(read);
                }
                Case::AnyTask | Case::Timeout | Case::HeartbeatTimeout => {}
            }
        }
    }
}
