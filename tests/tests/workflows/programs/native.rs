//! What a program means natively: the tasks themselves, awaited, and Rust's own control flow.
//!
//! Separate from the twin, which says the same to the builder: neither knows of the other.

use std::pin::Pin;

use serde_json::Value;
use sfn::prelude::*;
use sfn::{join, map, settling};

use super::language::{Block, Call, Caught, Condition, Expr, Program, Rest, Statement, Then, Undo, Variable};
use super::{retried, step, take, undo};
use crate::script::Trouble;

/// How a block ended.
enum End {
    Reached,
    Broken(usize, Option<i64>),
    Continued(usize),
    Returned(i64),
}

/// What variables hold; a branch has a copy, for it changes nothing outside.
#[derive(Clone, Default)]
struct Frame {
    numbers: Vec<i64>,
    keys: Vec<String>,
}

pub(super) async fn run(program: &Program, (a, b): (i32, i32)) -> Result<Value, Failed> {
    let mut frame = Frame::default();
    frame.set(0, a.into());
    frame.set(1, b.into());
    match block(&program.body, &mut frame).await? {
        End::Returned(number) => Ok(number.into()),
        _ => Ok(program.gives.iter().map(|expr| frame.value(expr)).collect()),
    }
}

impl Frame {
    fn set(&mut self, variable: Variable, number: i64) {
        if self.numbers.len() <= variable {
            self.numbers.resize(variable + 1, 0);
        }
        self.numbers[variable] = number % 1000;
    }

    fn value(&self, expr: &Expr) -> i64 {
        match expr {
            Expr::Number(number) => (*number).into(),
            Expr::Variable(variable) => self.numbers[*variable],
            Expr::Add(one, other) => self.value(one) + self.value(other),
            Expr::Subtract(one, other) => self.value(one) - self.value(other),
            Expr::Times(one, by) => self.value(one) * i64::from(*by),
            Expr::Divide(one, by) => self.value(one) / i64::from(*by),
            Expr::If(condition, then, otherwise) => {
                if self.holds(condition) {
                    self.value(then)
                } else {
                    self.value(otherwise)
                }
            }
            Expr::Largest(items) => items.iter().map(|item| self.value(item) + 1).max().unwrap_or(-1),
        }
    }

    fn holds(&self, condition: &Condition) -> bool {
        match condition {
            Condition::Less(one, other) => self.value(one) < self.value(other),
            Condition::Equal(one, other) => self.value(one) == self.value(other),
            Condition::Not(inner) => !self.holds(inner),
            Condition::And(one, other) => self.holds(one) && self.holds(other),
            Condition::Or(one, other) => self.holds(one) || self.holds(other),
            Condition::Any(items, of) => items.iter().any(|item| self.value(item) > self.value(of)),
        }
    }

    fn argument(&self, expr: &Expr) -> i32 {
        i32::try_from(self.value(expr) % 1000).expect("less than a thousand")
    }
}

type Running<'a, T> = Pin<Box<dyn Future<Output = Result<T, Failed>> + Send + 'a>>;

fn block<'a>(block: &'a Block, frame: &'a mut Frame) -> Running<'a, End> {
    Box::pin(async move {
        for statement in &block.statements {
            let end = self::statement(statement, frame).await?;
            if !matches!(end, End::Reached) {
                return Ok(end);
            }
        }
        Ok(End::Reached)
    })
}

/// A block whose value is bound, if it is asked for one.
async fn valued(inside: &Block, frame: &mut Frame, value: Option<Variable>) -> Result<End, Failed> {
    let end = block(inside, frame).await?;
    if let (End::Reached, Some(variable), Some(given)) = (&end, value, &inside.value) {
        let number = frame.value(given);
        frame.set(variable, number);
    }
    Ok(end)
}

/// A branch: its value, or what it returned.
fn branch(inside: &Block, mut frame: Frame) -> Running<'_, i64> {
    Box::pin(async move {
        match block(inside, &mut frame).await? {
            End::Returned(number) => Ok(number),
            _ => Ok(inside.value.as_ref().map_or(0, |value| frame.value(value))),
        }
    })
}

async fn statement(statement: &Statement, frame: &mut Frame) -> Result<End, Failed> {
    match statement {
        Statement::Let(variable, value)
        | Statement::LetMut(variable, value)
        | Statement::Set(variable, value) => {
            let number = frame.value(value);
            frame.set(*variable, number);
        }
        Statement::Key(key) => {
            frame.keys.resize(key + 1, String::new());
            frame.keys[*key] = uuid();
        }
        Statement::Take(key, number) => {
            take(&frame.keys[*key], frame.argument(number)).await?;
        }
        Statement::Call(call) => return self::call(call, frame).await,
        Statement::If { condition, then, otherwise, value } => {
            let taken = if frame.holds(condition) { then } else { otherwise };
            return valued(taken, frame, *value).await;
        }
        Statement::Match { subject, arms, default, value } => {
            let subject = frame.value(subject);
            let taken =
                arms.iter().find(|(numbers, _)| numbers.iter().any(|number| i64::from(*number) == subject));
            return valued(taken.map_or(default, |(_, arm)| arm), frame, *value).await;
        }
        Statement::Loop { number, left, turns, condition, body, value } => {
            frame.set(*left, (*turns).into());
            loop {
                let goes_on = frame.numbers[*left] > 0;
                if !goes_on || condition.as_ref().is_some_and(|condition| !frame.holds(condition)) {
                    if let Some(value) = value {
                        frame.set(*value, -7);
                    }
                    break;
                }
                let fewer = frame.numbers[*left] - 1;
                frame.set(*left, fewer);
                match block(body, frame).await? {
                    End::Broken(of, given) if of == *number => {
                        if let (Some(variable), Some(given)) = (value, given) {
                            frame.set(*variable, given);
                        }
                        break;
                    }
                    End::Continued(of) if of == *number => {}
                    End::Reached => {}
                    other => return Ok(other),
                }
            }
        }
        Statement::Each { number, items, item, body } => {
            let items: Vec<_> = items.iter().map(|item| frame.value(item)).collect();
            return turns(*number, &items, *item, body, frame).await;
        }
        Statement::Range { number, from, to, item, body } => {
            let items: Vec<_> = (i64::from(*from)..frame.value(to)).collect();
            return turns(*number, &items, *item, body, frame).await;
        }
        Statement::Break(number, value) => {
            return Ok(End::Broken(*number, value.as_ref().map(|value| frame.value(value))));
        }
        Statement::Continue(number) => return Ok(End::Continued(*number)),
        Statement::Return(value) => return Ok(End::Returned(frame.value(value))),
        Statement::Fail(name) => return Err(fail(*name, "by hand")),
        Statement::Join { branches } => {
            let mut running = branches.iter().map(|(inside, _)| branch(inside, frame.clone()));
            let mut next = || running.next().expect("two or three");
            let compensates = branches.iter().any(|(inside, _)| inside.compensates());
            let numbers: Vec<i64> = if branches.len() == 2 {
                let (one, two) = settling(|_| compensates, join((next(), next()))).await?;
                vec![one, two]
            } else {
                let all = join((next(), next(), next()));
                let (one, two, three) = settling(|_| compensates, all).await?;
                vec![one, two, three]
            };
            for ((_, result), number) in branches.iter().zip(numbers) {
                frame.set(*result, number);
            }
        }
        Statement::Map { items, item, body, sum } => {
            let items: Vec<_> = items.iter().map(|item| frame.value(item)).collect();
            let around = frame.clone();
            let mapped = map(items, |number: i64| {
                let mut frame = around.clone();
                frame.set(*item, number);
                branch(body, frame)
            });
            let numbers = settling(|_| body.compensates(), mapped).await?;
            frame.set(*sum, numbers.iter().sum());
        }
        Statement::Sleep(seconds) => sleep(secs(u32::try_from(*seconds).unwrap_or_default())).await,
        Statement::Commit => saga::commit(),
    }
    Ok(End::Reached)
}

async fn turns(
    number: usize,
    items: &[i64],
    item: Variable,
    body: &Block,
    frame: &mut Frame,
) -> Result<End, Failed> {
    for given in items {
        frame.set(item, *given);
        match block(body, frame).await? {
            End::Broken(of, _) if of == number => break,
            End::Continued(of) if of == number => {}
            End::Reached => {}
            other => return Ok(other),
        }
    }
    Ok(End::Reached)
}

async fn call(call: &Call, frame: &mut Frame) -> Result<End, Failed> {
    macro_rules! result {
        ($task:ident) => {{
            let made = $task(frame.argument(&call.argument));
            let by_output = |output: &i32| match &call.undo {
                Some(Undo::Value(value)) => undo(frame.argument(value)),
                _ => undo(*output),
            };
            match (&call.undo, &call.undo_unknown) {
                (None, None) => made.await,
                (Some(_), None) => made.compensate(by_output).await,
                (None, Some(unknown)) => made.compensate_unknown(|| undo(frame.argument(unknown))).await,
                (Some(_), Some(unknown)) => {
                    made.compensate(by_output).compensate_unknown(|| undo(frame.argument(unknown))).await
                }
            }
        }};
    }
    let result = if call.is_retried { result!(retried) } else { result!(step) };
    match &call.then {
        Then::Propagate(variable) => {
            let output = result?;
            if let Some(variable) = variable {
                frame.set(*variable, output.into());
            }
            Ok(End::Reached)
        }
        Then::Ignore => Ok(End::Reached),
        Then::Match { bound, ok, arms, rest, value } => match result {
            Ok(output) => {
                frame.set(*bound, output.into());
                valued(ok, frame, *value).await
            }
            Err(failure) => match arms.iter().find(|(caught, _)| takes(*caught, &failure)) {
                Some((caught, arm)) => {
                    if let (Caught::Refused(variable), Failure::Task(Trouble::Refused { code, .. })) =
                        (caught, &failure)
                    {
                        frame.set(*variable, (*code).into());
                    }
                    valued(arm, frame, *value).await
                }
                None => match rest {
                    Rest::Propagates | Rest::Rethrown => Err(failure.into()),
                    Rest::Handled(block) => valued(block, frame, *value).await,
                },
            },
        },
    }
}

fn takes(caught: Caught, failure: &Failure<Trouble>) -> bool {
    matches!(
        (caught, failure),
        (Caught::Refused(_), Failure::Task(Trouble::Refused { .. }))
            | (Caught::BusyOrMissing, Failure::Task(Trouble::Busy | Trouble::Missing(_)))
            | (Caught::AnyDeclared, Failure::Task(_))
            | (Caught::Timeout, Failure::Timeout)
    )
}
