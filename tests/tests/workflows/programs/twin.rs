//! What a program means as a workflow: the builder's calls that `#[workflow]` would write for it.
//!
//! Separate from the native meaning, which is Rust's own.

use sfn::{AnyVal, Caught as Named, Flow, Turn, array, literal};
use std::collections::BTreeMap;

use super::language::{Block, Call, Caught, Condition, Expr, Program, Rest, Statement, Then, Undo, Variable};
use super::{retried, step, take, undo};

/// What names stand for at a place.
#[derive(Clone, Default)]
struct Known {
    values: BTreeMap<Variable, AnyVal>,
    turns: BTreeMap<usize, Turn>,
}

pub(super) fn define(program: &Program, flow: &mut Flow) {
    let inputs = flow.input::<(i32, i32)>("inputs").into_erased();
    let mut known = Known::default();
    known.values.extend([(0, inputs.index(0)), (1, inputs.index(1))]);
    known.statements(&program.body, flow);
    if !program.body.diverges() {
        let gives: Vec<_> = program.gives.iter().map(|expr| known.value(expr, flow)).collect();
        flow.succeed(array(gives));
    }
}

/// Names come again, as they do in programs.
fn name(variable: Variable) -> &'static str {
    ["a", "count", "total", "left"][variable % 4]
}

impl Known {
    fn value(&self, expr: &Expr, flow: &mut Flow) -> AnyVal {
        match expr {
            Expr::Number(number) => literal(*number),
            Expr::Variable(variable) => self.values[variable].clone(),
            Expr::Add(one, other) => self.value(one, flow).add(&self.value(other, flow)),
            Expr::Subtract(one, other) => self.value(one, flow).sub(&self.value(other, flow)),
            Expr::Times(one, by) => self.value(one, flow).mul(&literal(*by)),
            Expr::Divide(one, by) => self.value(one, flow).div(&literal(*by)),
            Expr::If(condition, then, otherwise) => {
                let condition = self.condition(condition, flow);
                flow.choose(
                    condition,
                    "if",
                    |flow| self.value(then, flow),
                    |flow| self.value(otherwise, flow),
                )
            }
            Expr::Largest(items) => {
                let list = self.list(items, flow);
                let more = list.map(flow, "n", |_, n| n.add(&literal(1)));
                more.greatest().unwrap_or(&literal(-1))
            }
        }
    }

    fn list(&self, items: &[Expr], flow: &mut Flow) -> AnyVal {
        let items = items.iter().map(|item| self.value(item, flow)).collect();
        array(items).of::<Vec<i32>>()
    }

    /// A value as it is bound, small enough to be exact.
    fn small(&self, expr: &Expr, flow: &mut Flow) -> AnyVal {
        self.value(expr, flow).rem(&literal(1000))
    }

    fn condition(&self, condition: &Condition, flow: &mut Flow) -> AnyVal {
        match condition {
            Condition::Less(one, other) => self.value(one, flow).lt(&self.value(other, flow)),
            Condition::Equal(one, other) => self.value(one, flow).eq(&self.value(other, flow)),
            Condition::Not(inner) => self.condition(inner, flow).not(),
            Condition::And(one, other) => self.condition(one, flow).and(&self.condition(other, flow)),
            Condition::Or(one, other) => self.condition(one, flow).or(&self.condition(other, flow)),
            Condition::Any(items, of) => {
                let (list, of) = (self.list(items, flow), self.value(of, flow));
                list.any(flow, "n", |_, n| n.gt(&of))
            }
        }
    }

    fn bind(&mut self, variable: Variable, value: AnyVal) {
        self.values.insert(variable, value);
    }

    fn bound(&mut self, variable: Option<Variable>, value: &AnyVal, flow: &mut Flow) {
        if let Some(variable) = variable {
            let value = flow.let_(name(variable), value.rem(&literal(1000)));
            self.bind(variable, value);
        }
    }

    fn statements(&mut self, block: &Block, flow: &mut Flow) {
        for statement in &block.statements {
            self.statement(statement, flow);
        }
    }

    /// A block inside of another.
    fn block(&self, block: &Block, flow: &mut Flow) -> AnyVal {
        let mut inside = self.clone();
        inside.statements(block, flow);
        match &block.value {
            Some(value) => inside.value(value, flow),
            None if block.diverges() => AnyVal::never(),
            None => AnyVal::unit(),
        }
    }

    fn with(&self, variable: Variable, value: AnyVal) -> Self {
        let mut inside = self.clone();
        inside.bind(variable, value);
        inside
    }

    #[expect(clippy::too_many_lines, reason = "a line or two for each statement of the language")]
    fn statement(&mut self, statement: &Statement, flow: &mut Flow) {
        match statement {
            Statement::Let(variable, value) => {
                let value = self.small(value, flow);
                let value = flow.let_(name(*variable), value);
                self.bind(*variable, value);
            }
            Statement::LetMut(variable, value) => {
                let value = self.small(value, flow).of::<i32>();
                let value = flow.let_mut(name(*variable), value);
                self.bind(*variable, value);
            }
            Statement::Set(variable, value) => {
                let value = self.small(value, flow);
                flow.set(&self.values[variable], value);
            }
            Statement::Key(key) => {
                let value = flow.uuid().into_erased();
                let value = flow.let_("key", value);
                self.bind(*key, value);
            }
            Statement::Take(key, number) => {
                let number = self.small(number, flow);
                flow.task(take(&self.values[key], number)).run_any();
            }
            Statement::Call(call) => self.call(call, flow),
            Statement::If { condition, then, otherwise, value } => {
                let condition = self.condition(condition, flow);
                let given = flow.choose(
                    condition,
                    "if",
                    |flow| self.block(then, flow),
                    |flow| self.block(otherwise, flow),
                );
                self.bound(*value, &given, flow);
            }
            Statement::Match { subject, arms, default, value } => {
                let subject = self.value(subject, flow);
                let known = &*self;
                let arms = arms.iter().map(|(numbers, arm)| {
                    let numbers = numbers.iter().map(|number| literal(*number)).collect();
                    let arm: Box<dyn FnOnce(&mut Flow) -> AnyVal> = Box::new(|flow| known.block(arm, flow));
                    (numbers, arm)
                });
                let given = flow.switch(subject, "n", arms.collect(), |flow| known.block(default, flow));
                self.bound(*value, &given, flow);
            }
            Statement::Loop { number, left, turns, condition, body, value } => {
                let counter = flow.let_mut("turns_left", literal(*turns));
                self.bind(*left, counter.clone());
                let fewer = counter.sub(&literal(1));
                let goes_on = counter.gt(&literal(0));
                let inside = |known: &Self, flow: &mut Flow, turn: Turn| {
                    flow.set(&counter, fewer.clone());
                    let mut inside = known.clone();
                    inside.turns.insert(*number, turn);
                    inside.block(body, flow);
                };
                if let Some(condition) = condition {
                    let condition = goes_on.and(&self.condition(condition, flow));
                    flow.while_(condition, "turns_left > 0", |flow, turn| inside(self, flow, turn));
                } else {
                    let given: AnyVal = flow.repeat(|flow, turn| {
                        flow.choose(
                            goes_on.not(),
                            "turns_left == 0",
                            |flow| match value {
                                Some(_) => flow.leave(turn, literal(-7)),
                                None => flow.leave(turn, ()),
                            },
                            |_| (),
                        );
                        inside(self, flow, turn);
                    });
                    self.bound(*value, &given, flow);
                }
            }
            Statement::Each { number, items, item, body } => {
                let items = self.list(items, flow);
                flow.for_each_any(items, name(*item), |flow, turn, _, value| {
                    let mut inside = self.with(*item, value.rem(&literal(1000)));
                    inside.turns.insert(*number, turn);
                    inside.block(body, flow);
                });
            }
            Statement::Range { number, from, to, item, body } => {
                let to = self.value(to, flow);
                flow.for_range(literal(*from), to, name(*item), |flow, turn, value| {
                    let mut inside = self.with(*item, value);
                    inside.turns.insert(*number, turn);
                    inside.block(body, flow);
                });
            }
            Statement::Break(number, value) => match value {
                Some(value) => {
                    let value = self.value(value, flow);
                    flow.leave(self.turns[number], value);
                }
                None => flow.leave(self.turns[number], ()),
            },
            Statement::Continue(number) => flow.again(self.turns[number]),
            Statement::Return(value) => {
                let value = self.value(value, flow);
                flow.succeed(value);
            }
            Statement::Fail(error) => flow.fail(*error, "by hand"),
            Statement::Join { branches } => {
                let known = &*self;
                let made = branches.iter().map(|(inside, _)| {
                    let branch: Box<dyn FnOnce(&mut Flow) -> AnyVal> =
                        Box::new(|flow| known.block(inside, flow));
                    branch
                });
                let results = flow.parallel(made.collect()).run();
                for ((_, variable), result) in branches.iter().zip(results) {
                    self.bound(Some(*variable), &result.of::<i32>(), flow);
                }
            }
            Statement::Map { items, item, body, sum } => {
                let items = self.list(items, flow);
                let results = flow.map_any(items, name(*item), |flow, value| {
                    self.with(*item, value.rem(&literal(1000))).block(body, flow)
                });
                let results = results.run_any().of::<Vec<i32>>();
                self.bound(Some(*sum), &results.sum(), flow);
            }
            Statement::Sleep(seconds) => flow.sleep(sfn::secs(u32::try_from(*seconds).unwrap_or_default())),
            Statement::Commit => flow.commit(),
        }
    }

    fn call(&mut self, call: &Call, flow: &mut Flow) {
        macro_rules! recorded {
            ($task:ident) => {{
                let argument = self.small(&call.argument, flow);
                let by_value = match &call.undo {
                    Some(Undo::Value(value)) => Some(self.small(value, flow)),
                    _ => None,
                };
                let unknown = call.undo_unknown.as_ref().map(|value| self.small(value, flow));
                let mut made = flow.task($task(argument));
                if call.undo.is_some() {
                    made = made.compensate_any(|output| undo(by_value.unwrap_or(output)));
                }
                if let Some(unknown) = unknown {
                    made = made.compensate_unknown(|| undo(unknown));
                }
                match &call.then {
                    Then::Propagate(None) => {
                        made.run_any();
                    }
                    Then::Propagate(Some(variable)) => {
                        let output = made.bind(name(*variable)).run_any();
                        self.bind(*variable, output);
                    }
                    Then::Ignore => made.ignore(),
                    Then::Match { bound, ok, arms, rest, value } => {
                        let known = &*self;
                        let mut matching = made
                            .matching()
                            .ok_any(name(*bound), |flow, output| known.with(*bound, output).block(ok, flow));
                        for (caught, arm) in arms {
                            matching = match caught {
                                Caught::Refused(code) => matching.error(&["Refused"], |flow, fields| {
                                    let code = flow.let_(name(*code), fields.field("code"));
                                    known
                                        .with(
                                            match caught {
                                                Caught::Refused(code) => *code,
                                                _ => 0,
                                            },
                                            code,
                                        )
                                        .block(arm, flow)
                                }),
                                Caught::BusyOrMissing => {
                                    matching.error(&["Busy", "Missing"], |flow, _| known.block(arm, flow))
                                }
                                Caught::AnyDeclared => {
                                    matching.caught(Named::new().task(), |flow, _| known.block(arm, flow))
                                }
                                Caught::Timeout => matching.timeout(|flow| known.block(arm, flow)),
                            };
                        }
                        let matching = match rest {
                            Rest::Propagates => matching,
                            Rest::Rethrown => matching.any("failure", |flow, failure| {
                                flow.rethrow(failure);
                                AnyVal::never()
                            }),
                            Rest::Handled(block) => matching.any("_", |flow, _| known.block(block, flow)),
                        };
                        let given = matching.end();
                        self.bound(*value, &given, flow);
                    }
                }
            }};
        }
        if call.is_retried {
            recorded!(retried);
        } else {
            recorded!(step);
        }
    }
}
