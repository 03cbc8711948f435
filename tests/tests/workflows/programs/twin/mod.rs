//! What a program means as a workflow: the builder's calls that `#[workflow]` would write for it.
//!
//! Separate from the native meaning, which is Rust's own.

mod steps;
mod values;

use std::collections::BTreeMap;

use sfn::{AnyVal, Flow, SwitchArm, Turn, literal, tuple};

use super::language::{Block, INPUTS, LoopNumber, Program, Statement, Until, Variable};
use super::take;

/// What names stand for at a place.
#[derive(Clone, Default)]
struct Known {
    values: BTreeMap<usize, AnyVal>,
    turns: BTreeMap<LoopNumber, Turn>,
}

pub(super) fn define(program: &Program, flow: &mut Flow) {
    let inputs = flow.input::<(i32, i32)>("inputs").into_erased();
    let mut known = Known::default();
    for (at, variable) in INPUTS.into_iter().enumerate() {
        known.bind(variable, inputs.index(at));
    }
    known.statements(&program.body, flow);
    if !program.body.diverges() {
        let gives = program.gives.iter().map(|variable| known.values[&variable.number].clone());
        flow.succeed(tuple(gives.collect()));
    }
}

/// Names come again, as they do in programs.
fn name(variable: Variable) -> &'static str {
    ["a", "count", "total", "left"][variable.number % 4]
}

impl Known {
    fn bind(&mut self, variable: Variable, value: AnyVal) {
        self.values.insert(variable.number, value);
    }

    fn with(
        &self,
        variables: impl IntoIterator<Item = Variable>,
        values: impl IntoIterator<Item = AnyVal>,
    ) -> Self {
        let mut inside = self.clone();
        variables.into_iter().zip(values).for_each(|(variable, value)| inside.bind(variable, value));
        inside
    }

    /// What a statement gives, if its value has a name.
    fn bound(&mut self, variable: Option<Variable>, value: AnyVal, flow: &mut Flow) {
        if let Some(variable) = variable {
            self.bind(variable, flow.let_(name(variable), value));
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

    #[expect(clippy::too_many_lines, reason = "a line or two for each statement of the language")]
    fn statement(&mut self, statement: &Statement, flow: &mut Flow) {
        match statement {
            Statement::Let(variable, value) => {
                let value = self.value(value, flow);
                self.bind(*variable, flow.let_(name(*variable), value));
            }
            Statement::LetMut(variable, value) => {
                let value = variable.ty.annotated(self.value(value, flow));
                self.bind(*variable, flow.let_mut(name(*variable), value));
            }
            Statement::Set(variable, value) => {
                let value = self.value(value, flow);
                flow.set(&self.values[&variable.number], value);
            }
            Statement::SetField(variable, path, value) => {
                let (value, whole) = (self.value(value, flow), &self.values[&variable.number]);
                flow.set(whole, whole.with(path, &value));
            }
            Statement::Push(variable, value) => {
                let (value, list) = (self.value(value, flow), &self.values[&variable.number]);
                flow.set(list, list.push(&value));
            }
            Statement::LetElse { pattern, subject, otherwise } => {
                let subject = self.value(subject, flow);
                let values = flow.let_else(&values::pattern(pattern), subject, "let else", |flow| {
                    self.block(otherwise, flow);
                });
                for (variable, value) in super::drawing::bound(pattern).into_iter().zip(values) {
                    self.bind(variable, flow.let_(name(variable), value));
                }
            }
            Statement::OkOr(variable, option, error) => {
                let option = self.value(option, flow);
                let some = sfn::ValuePattern::some(sfn::ValuePattern::Bind);
                let mut held =
                    flow.let_else(&some, option, "it is none", |flow| flow.fail(*error, "by hand"));
                self.bind(*variable, flow.let_(name(*variable), held.remove(0)));
            }
            Statement::Take(key, number) => {
                let (key, number) = (self.value(key, flow), self.value(number, flow));
                flow.task(take(key, number)).run_any();
            }
            Statement::Call(call) => self.call(call, flow),
            Statement::If { condition, then, otherwise, value } => {
                let condition = self.value(condition, flow);
                let given = flow.choose(
                    condition,
                    "condition",
                    |flow| self.block(then, flow),
                    |flow| self.block(otherwise, flow),
                );
                self.bound(*value, given, flow);
            }
            Statement::IfLet { tests, then, otherwise, value } => {
                let (asked, known) = self.tests(None, tests, flow);
                let given = flow.if_let(
                    asked,
                    "condition",
                    |flow| known.rebound(tests, flow).block(then, flow),
                    |flow| self.block(otherwise, flow),
                );
                self.bound(*value, given, flow);
            }
            Statement::Switch { subject, arms, default, value } => {
                let (subject, known) = (self.value(subject, flow), &*self);
                let mut made: Vec<SwitchArm<'_, AnyVal>> = Vec::new();
                for (literals, arm) in arms {
                    let literals = literals.iter().map(|one| known.value(one, flow)).collect();
                    made.push((literals, Box::new(|flow| known.block(arm, flow))));
                }
                let given = flow.switch(subject, "subject", made, |flow| known.block(default, flow));
                self.bound(*value, given, flow);
            }
            Statement::Match { of, value } => {
                let given = self.matched(of, flow, Self::block);
                self.bound(*value, given, flow);
            }
            Statement::Loop { number, left, turns, until, body, value } => {
                let counter = flow.let_mut("turns_left", literal(*turns));
                self.bind(*left, counter.clone());
                let goes_on = counter.gt(&literal(0));
                let turned = |known: &Self, flow: &mut Flow, turn: Turn| {
                    flow.set(&counter, counter.sub(&literal(1)));
                    known.inside(*number, turn).block(body, flow);
                };
                match until {
                    Until::Not(condition) => {
                        let condition = goes_on.and(&self.value(condition, flow).not());
                        flow.while_(condition, "turns_left > 0", |flow, turn| turned(self, flow, turn));
                    }
                    Until::Unfit(tests) => {
                        flow.repeat::<AnyVal>(|flow, turn| {
                            let (asked, known) = self.tests(Some(&goes_on), tests, flow);
                            flow.while_let(turn, asked, "turns_left > 0", |flow| {
                                turned(&known.rebound(tests, flow), flow, turn);
                            });
                        });
                    }
                    Until::Broken(given) => {
                        let left_with = flow.repeat(|flow, turn| {
                            let leave = |flow: &mut Flow| match given {
                                Some(given) => {
                                    let given = self.value(given, flow);
                                    flow.leave(turn, given);
                                }
                                None => flow.leave(turn, ()),
                            };
                            flow.choose(goes_on.not(), "turns_left == 0", leave, |_| ());
                            turned(self, flow, turn);
                        });
                        self.bound(*value, left_with, flow);
                    }
                }
            }
            Statement::Each { number, items, place, item, body } => {
                let items = self.value(items, flow);
                flow.for_each_any(items, name(*item), |flow, turn, at, value| {
                    let mut inside = self.with([*item], [value]).inside(*number, turn);
                    if let Some(place) = place {
                        inside.bind(*place, at.cast::<i32>());
                    }
                    inside.block(body, flow);
                });
            }
            Statement::Range { number, from, to, item, body } => {
                let to = self.value(to, flow);
                flow.for_range(literal(*from), to, name(*item), |flow, turn, value| {
                    self.with([*item], [value]).inside(*number, turn).block(body, flow);
                });
            }
            Statement::Labelled { number, body, value } => {
                let given = flow.labelled(|flow, turn| self.inside(*number, turn).block(body, flow));
                self.bound(*value, given, flow);
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
            Statement::FanOut(fan_out, several) => self.fan_out(fan_out, several, flow),
            Statement::Sleep(seconds) => flow.sleep(sfn::secs(u32::try_from(*seconds).unwrap_or_default())),
            Statement::Commit => flow.commit(),
        }
    }

    /// The same inside of a loop.
    fn inside(&self, number: LoopNumber, turn: Turn) -> Self {
        let mut inside = self.clone();
        inside.turns.insert(number, turn);
        inside
    }
}
