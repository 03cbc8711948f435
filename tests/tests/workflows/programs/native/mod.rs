//! What a program means natively: the tasks themselves, awaited, and Rust's own control flow.
//!
//! Separate from the twin, which says the same to the builder: neither knows of the other.

mod steps;
mod values;

use std::pin::Pin;

use serde_json::Value as Json;
use sfn::prelude::*;

use super::language::{Block, Expr, LoopNumber, Program, Statement, Until, Variable};
use super::methods::{items, maybe};
use super::payloads::Value;
use super::take;
use values::{Frame, argument, owned_text};

/// How a block ended.
enum End {
    Reached,
    Broken(LoopNumber, Option<Value>),
    Continued(LoopNumber),
    Returned(Value),
}

pub(super) async fn run(program: &Program, (a, b): (i32, i32)) -> Result<Json, Failed> {
    let mut frame = Frame::default();
    let [first, second] = super::language::INPUTS;
    frame.set(first, Value::Number(a.into()));
    frame.set(second, Value::Number(b.into()));
    match block(&program.body, &mut frame).await? {
        End::Returned(value) => Ok(value.json()),
        _ => Ok(program.gives.iter().map(|variable| frame.get(*variable).json()).collect()),
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
        let given = frame.value(given);
        frame.set(variable, given);
    }
    Ok(end)
}

async fn statement(statement: &Statement, frame: &mut Frame) -> Result<End, Failed> {
    match statement {
        Statement::Let(variable, value)
        | Statement::LetMut(variable, value)
        | Statement::Set(variable, value) => {
            let value = frame.value(value);
            frame.set(*variable, value);
        }
        Statement::SetField(variable, path, value) => {
            let value = frame.value(value);
            frame.set_field(*variable, path, value);
        }
        Statement::Push(variable, value) => {
            let mut list = items(frame.get(*variable));
            list.push(frame.value(value));
            frame.set(*variable, Value::Many(list));
        }
        Statement::LetElse { pattern, subject, otherwise } => {
            let subject = frame.value(subject);
            if !frame.fits(pattern, &subject) {
                return block(otherwise, frame).await;
            }
        }
        Statement::OkOr(variable, option, error) => {
            let held = maybe(frame.value(option)).ok_or_else(|| fail(*error, "by hand"))?;
            frame.set(*variable, held);
        }
        Statement::Take(key, given) => {
            let (key, given) = (owned_text(&frame.value(key)), argument(&frame.value(given)));
            take(&key, given).await?;
        }
        Statement::Call(call) => return steps::call(call, frame).await,
        Statement::If { condition, then, otherwise, value } => {
            let taken = if frame.holds(condition) { then } else { otherwise };
            return valued(taken, frame, *value).await;
        }
        Statement::IfLet { tests, then, otherwise, value } => {
            let taken = if frame.all_fit(tests) { then } else { otherwise };
            return valued(taken, frame, *value).await;
        }
        Statement::Switch { subject, arms, default, value } => {
            let subject = frame.value(subject);
            let taken =
                arms.iter().find(|(literals, _)| literals.iter().any(|one| frame.value(one) == subject));
            return valued(taken.map_or(default, |(_, arm)| arm), frame, *value).await;
        }
        Statement::Match { of, value } => {
            let taken = frame.arm(of);
            return valued(taken, frame, *value).await;
        }
        Statement::Loop { number, left, turns, until, body, value } => {
            frame.set(*left, Value::Number((*turns).into()));
            while goes_on(*left, until, *value, frame) {
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
        Statement::Each { number, items, place, item, body } => {
            let items = frame.items(items);
            return turns(*number, items, (*place, *item), body, frame).await;
        }
        Statement::Range { number, from, to, item, body } => {
            let items = (i64::from(*from)..frame.number(to)).map(Value::Number).collect();
            return turns(*number, items, (None, *item), body, frame).await;
        }
        Statement::Labelled { number, body, value } => match valued(body, frame, *value).await? {
            End::Broken(of, given) if of == *number => {
                if let (Some(variable), Some(given)) = (value, given) {
                    frame.set(*variable, given);
                }
            }
            other => return Ok(other),
        },
        Statement::Break(number, value) => {
            return Ok(End::Broken(*number, value.as_ref().map(|value| frame.value(value))));
        }
        Statement::Continue(number) => return Ok(End::Continued(*number)),
        Statement::Return(value) => return Ok(End::Returned(frame.value(value))),
        Statement::Fail(name) => return Err(fail(*name, "by hand")),
        Statement::FanOut(fan_out, several) => return steps::fan_out(fan_out, several, frame).await,
        Statement::Sleep(seconds) => sleep(secs(u32::try_from(*seconds).unwrap_or_default())).await,
        Statement::Commit => saga::commit(),
    }
    Ok(End::Reached)
}

/// Whether a loop has another turn, of which there is one less then; its value where an endless one has none.
fn goes_on(left: Variable, until: &Until, value: Option<Variable>, frame: &mut Frame) -> bool {
    let turns = frame.number(&Expr::Variable(left));
    let goes_on = turns > 0
        && match until {
            Until::Broken(_) => true,
            Until::Not(condition) => !frame.holds(condition),
            Until::Unfit(tests) => frame.all_fit(tests),
        };
    if goes_on {
        frame.set(left, Value::Number(turns - 1));
    } else if let (Until::Broken(Some(given)), Some(variable)) = (until, value) {
        let given = frame.value(given);
        frame.set(variable, given);
    }
    goes_on
}

async fn turns(
    number: LoopNumber,
    items: Vec<Value>,
    (place, item): (Option<Variable>, Variable),
    body: &Block,
    frame: &mut Frame,
) -> Result<End, Failed> {
    for (at, given) in (0..).zip(items) {
        if let Some(place) = place {
            frame.set(place, Value::Number(at));
        }
        frame.set(item, given);
        match block(body, frame).await? {
            End::Broken(of, _) if of == number => break,
            End::Continued(of) if of == number => {}
            End::Reached => {}
            other => return Ok(other),
        }
    }
    Ok(End::Reached)
}
