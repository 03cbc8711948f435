//! What calls and several things at once are to the builder.
//!
//! Separate from other statements because their results are matched on.

use sfn::{AnyVal, Batch, Branch, Caught as Named, Flow, Matching, Settled, Step};

use super::{Known, name};
use crate::programs::language::{Call, Caught, FanOut, Rest, Settling, Several, Task, Then};
use crate::programs::{counted, find, pack, retried, route, sort, step, undo};

impl Known {
    pub(super) fn call(&mut self, call: &Call, flow: &mut Flow) {
        let mut given: Vec<_> = call.arguments.iter().map(|argument| self.value(argument, flow)).collect();
        let last = given.pop().expect("every task takes something");
        let given = match call.task {
            Task::Step => self.called(call, flow.task(step(last))),
            Task::Retried => self.called(call, flow.task(retried(last))),
            Task::Counted => self.called(call, flow.task(counted(last, AnyVal::retry_count()))),
            Task::Pack => self.called(call, flow.task(pack(given.remove(0), last))),
            Task::Route => self.called(call, flow.task(route(last))),
            Task::Find => self.called(call, flow.task(find(last))),
            Task::Sort => self.called(call, flow.task(sort(given.remove(0), last))),
        };
        if let Then::Match { value, .. } = &call.then {
            self.bound(*value, given, flow);
        }
    }

    fn called<T: sfn::Task>(&mut self, call: &Call, mut made: Step<'_, T>) -> AnyVal {
        if let Some((variable, value)) = &call.undo {
            made = made.compensate_any(|output| undo(self.with([*variable], [output]).plain(value)));
        }
        if let Some(value) = &call.undo_unknown {
            made = made.compensate_unknown(|| undo(self.plain(value)));
        }
        match &call.then {
            Then::Propagate(None) => made.run_any(),
            Then::Propagate(Some(variable)) => {
                let output = made.bind(name(*variable)).run_any();
                self.bind(*variable, output.clone());
                output
            }
            Then::Ignore => {
                made.ignore();
                AnyVal::unit()
            }
            Then::Match { bound, ok, arms, rest, .. } => {
                let mut matching = made
                    .matching()
                    .ok_any(name(*bound), |flow, output| self.with([*bound], [output]).block(ok, flow));
                for (caught, arm) in arms {
                    matching = self.arm(matching, *caught, |known, flow| known.block(arm, flow));
                }
                let matching = match rest {
                    Rest::Propagates => matching,
                    Rest::Rethrown => matching.any("failure", rethrow),
                    Rest::Handled(block) => matching.any("_", |flow, _| self.block(block, flow)),
                };
                matching.end()
            }
        }
    }

    fn arm<'f, T: sfn::Task>(
        &self,
        matching: Matching<'f, T, AnyVal>,
        caught: Caught,
        body: impl FnOnce(&Self, &mut Flow) -> AnyVal,
    ) -> Matching<'f, T, AnyVal> {
        match caught {
            Caught::Refused(code, reason) => matching.error(&["Refused"], |flow, fields| {
                let mut known = self.clone();
                for (variable, field) in [(code, "code"), (reason, "reason")] {
                    known.bind(variable, flow.let_(name(variable), fields.field(field)));
                }
                body(&known, flow)
            }),
            Caught::BusyOrMissing => matching.error(&["Busy", "Missing"], |flow, _| body(self, flow)),
            Caught::AnyDeclared => matching.caught(Named::new().task(), |flow, _| body(self, flow)),
            Caught::Timeout => matching.timeout(|flow| body(self, flow)),
        }
    }

    pub(super) fn fan_out(&mut self, fan_out: &FanOut, several: &Several, flow: &mut Flow) {
        let known = self.clone();
        match fan_out {
            FanOut::Join(branches) => {
                let made = branches.iter().map(|inside| {
                    let branch: Branch<'_> = Box::new(|flow| known.block(inside, flow));
                    branch
                });
                let made = flow.parallel(made.collect());
                match several {
                    Several::Propagate(variables) => {
                        let results = made.run();
                        for (variable, result) in variables.iter().zip(results) {
                            self.bound(Some(*variable), result, flow);
                        }
                    }
                    Several::Ignore => made.ignore(),
                    Several::Match(arms) => {
                        let given = known.settled(arms, made.matching(), |all, at, _| all.index(at));
                        self.bound(arms.value, given, flow);
                    }
                }
            }
            FanOut::Map(of) => {
                let items = self.value(&of.items, flow);
                let mut made = flow.map_any(items, name(of.item), |flow, value| {
                    known.with([of.item], [value]).block(&of.body, flow)
                });
                if let Some(limit) = of.max_concurrency {
                    made = made.max_concurrency(limit.into());
                }
                match several {
                    Several::Propagate(variables) => {
                        let made = made.bind(name(variables[0])).run_any();
                        self.bind(variables[0], made);
                    }
                    Several::Ignore => made.ignore(),
                    Several::Match(arms) => {
                        let given = known.settled(arms, made.matching(), |list, _, _| list.clone());
                        self.bound(arms.value, given, flow);
                    }
                }
            }
            FanOut::Distributed { of, is_batched, tolerate } => {
                let items = self.value(&of.items, flow);
                let body = |flow: &mut Flow, value| known.with([of.item], [value]).block(&of.body, flow);
                let made = if *is_batched {
                    flow.map_distributed_any(items.batch(2), name(of.item), body)
                } else {
                    flow.map_distributed_any(items, name(of.item), body)
                };
                let made = match of.max_concurrency {
                    Some(limit) => made.max_concurrency(limit.into()),
                    None => made,
                };
                // With failures tolerated, what it gives is of another type.
                macro_rules! gathered {
                    ($made:expr, $part:expr) => {
                        match several {
                            Several::Propagate(variables) => {
                                let all = $made.run_any();
                                for (at, variable) in variables.iter().enumerate() {
                                    let part = $part(&all, at, flow);
                                    self.bound(Some(*variable), part, flow);
                                }
                            }
                            Several::Ignore => $made.ignore(),
                            Several::Match(arms) => {
                                let given = known.settled(arms, $made.matching(), $part);
                                self.bound(arms.value, given, flow);
                            }
                        }
                    };
                }
                match tolerate {
                    Some(most) => gathered!(made.tolerate(*most), output_or_errors),
                    None => gathered!(made, |list: &AnyVal, _, _: &mut Flow| list.clone()),
                }
            }
        }
    }

    fn settled(
        &self,
        arms: &Settling,
        matching: Settled<'_, AnyVal>,
        part: impl Fn(&AnyVal, usize, &mut Flow) -> AnyVal,
    ) -> AnyVal {
        let matching = matching.ok_any("_", |flow, all| {
            let mut known = self.clone();
            for (at, variable) in arms.bound.iter().enumerate() {
                let part = part(&all, at, flow);
                known.bound(Some(*variable), part, flow);
            }
            known.block(&arms.ok, flow)
        });
        let matching = match &arms.failed {
            Rest::Propagates => matching,
            Rest::Rethrown => matching.any("failure", rethrow),
            Rest::Handled(block) => matching.any("_", |flow, _| self.block(block, flow)),
        };
        matching.end()
    }
}

/// The outputs of children, and the errors of the others.
fn output_or_errors(all: &AnyVal, at: usize, flow: &mut Flow) -> AnyVal {
    match at {
        0 => all.index(0),
        _ => all.index(1).map(flow, "failed", |_, failed| failed.index(1).field("error")),
    }
}

fn rethrow(flow: &mut Flow, failure: AnyVal) -> AnyVal {
    flow.rethrow(failure);
    AnyVal::never()
}
